"""How plans look, the same in every view: a plan has its colour and its dash by its place in the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

STYLES: Final = ("lived", "second", "third", "fourth", "expected")
"""Colours by place, neither that of better nor that of worse; after the last they begin again, with other dashes."""
DASHES: Final = ((1, 0), (6, 3), (2, 2), (8, 2, 2, 2), (12, 4))


class Look(NamedTuple):
    """How a plan is drawn."""

    style: str
    """The style of its marks, which is also the name of its colour."""
    dash: tuple[int, ...]


def look_of(plan: str, scenario: Scenario) -> Look:
    """The look of a plan; today is grey."""
    if plan == AS_IS:
        return Look("ghost", DASHES[0])
    named = [name for name in scenario.plans if name != AS_IS]
    place = named.index(plan)
    return Look(STYLES[place % len(STYLES)], DASHES[(place + place // len(STYLES)) % len(DASHES)])
