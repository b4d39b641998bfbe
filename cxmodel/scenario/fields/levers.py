"""The levers of a company: how far each of the five Ps, its culture and its single view are developed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, create_model

from cxmodel.scenario.fields.base import FieldGroup, changeable, written
from cxmodel.scenario.fields.units import MoneyRate, Share
from cxmodel.vocabulary import LEVERS


class Lever(FieldGroup):
    """How far one of the five Ps is developed."""

    level: Share = changeable(0.5, title="lever")
    """0.2 nobody's job, 0.4 some do it, 0.6 mostly done, 0.8 measured, improved, 0.95 nobody better."""
    cost: MoneyRate = written("0 per year")
    """What a whole point more costs, such as `400000 per year`, from the moment it is asked for."""


class Culture(FieldGroup):
    """How far a change of the levers reaches people: below the threshold it hardly does."""

    level: Share = changeable()
    """How conscious of customers the company is, 0 to 1."""
    threshold: Share = 0.5
    """The level at which half of a change gets through."""


class _ByName(FieldGroup):
    """The five Ps by name."""

    def level(self, lever: str) -> float:
        """How far one of the five Ps is developed today [0-1]."""
        return float(getattr(self, lever).level)

    def cost(self, lever: str) -> float:
        """What a whole point more of it costs [money per day]."""
        return float(getattr(self, lever).cost)


if TYPE_CHECKING:

    class Levers(_ByName):
        """The five Ps: what a company can pull."""

        culture: Culture | None = None
        single_view: Lever | None = None

else:
    Levers = create_model(
        "Levers",
        __base__=_ByName,
        __doc__="The five Ps: what a company can pull.",
        **{lever: (Lever, Field(Lever(), description=facts.what)) for lever, facts in LEVERS.items()},
        culture=(
            Culture | None,
            Field(None, description="How far changes of levers reach; all the way where it is left out."),
        ),
        single_view=(
            Lever | None,
            Field(None, description="How far all channels see the same customer; not at all where it is left out."),
        ),
    )
    """Made from the table of levers, so that a lever is one entry there."""
