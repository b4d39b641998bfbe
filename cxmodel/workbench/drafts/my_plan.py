"""A plan of one's own: initiatives switched on and off, and levers moved today, as edits of the scenario.

Whatever plan is shown, the first touch makes `my_plan` from it; moved levers are one more initiative in it. Where
`my_plan` comes to be the same as another plan, it goes, and that one is shown. Knows no text and no page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.scenario.faults import KeyPath, suggestion
from cxmodel.scenario.yaml_text.paths import REMOVE, initiatives_in, value_at
from cxmodel.vocabulary import AS_IS, LEVERS

MINE: Final = "my_plan"
"""Id of the plan that switches and levers make."""
MOVED: Final = "moved_levers"
"""Id of the initiative that moved levers make."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What `my_plan` is to hold, where the moved levers are to stand, and the plan to show then."""

    scenario: Scenario
    members: tuple[str, ...]
    levels: Mapping[str, float]
    plan: str
    may_keep: bool = False
    """Whether `my_plan` goes, and might have to stay because something else in the scenario speaks of it."""

    def kept(self) -> Composed:
        """The same with `my_plan` kept."""
        return replace(self, plan=MINE, may_keep=False)

    def edits(self, original: Scenario) -> dict[str | KeyPath, Any]:
        """The edits that make it so; sections that were not in the file go when they are empty."""
        plain = self.scenario._document.plain
        made: dict[str | KeyPath, Any] = {}
        removed: list[KeyPath] = []
        if self.levels:
            made.update(_initiative(plain, self.levels))
        elif self._is_alone(plain):
            removed.append(("initiatives", MOVED))
        if self.plan == MINE:
            if initiatives_in(value_at(plain, ("plans", MINE))) != list(self.members):
                made["plans", MINE] = list(self.members)
        elif value_at(plain, ("plans", MINE)) is not REMOVE:
            removed.append(("plans", MINE))
        return made | {emptied(plain, original._document.plain, way): REMOVE for way in removed}

    def _is_alone(self, plain: Mapping[str, Any]) -> bool:
        """Whether there are moved levers that no other plan holds."""
        plans = (plain.get("plans") or {}).items()
        others = (initiatives_in(members) for plan, members in plans if plan != MINE)
        return value_at(plain, ("initiatives", MOVED)) is not REMOVE and not any(MOVED in (one or ()) for one in others)


def switched(scenario: Scenario, plan: str, initiative: str, on: bool) -> Composed:
    """An initiative put into the plan, or taken out of it."""
    if initiative not in scenario.initiatives:
        raise UsageError(f"there is no initiative `{initiative}`: {suggestion(initiative, scenario.initiatives)}")
    before = scenario.initiatives_of(plan)
    members = [name for name in before if name != initiative]
    if on:
        place = before.index(initiative) if initiative in before else len(members) - (members[-1:] == [MOVED])
        members.insert(place, initiative)
    return _composed(scenario, tuple(members), levels(scenario, plan) if MOVED in members else {})


def taken(scenario: Scenario, members: Sequence[str]) -> Composed:
    """A plan of these initiatives and nothing else, such as one that a study has found."""
    unknown = next((name for name in members if name not in scenario.initiatives), None)
    if unknown is not None:
        raise UsageError(f"there is no initiative `{unknown}`: {suggestion(unknown, scenario.initiatives)}")
    return _composed(scenario, tuple(members), levels(scenario, MINE) if MOVED in members else {})


def moved(scenario: Scenario, plan: str, to: Mapping[str, float]) -> Composed:
    """Levers moved on top of the plan; one that stands at today's level is not moved."""
    unknown = next((lever for lever in to if lever not in LEVERS), None)
    if unknown is not None:
        raise UsageError(f"there is no lever `{unknown}`: {suggestion(unknown, LEVERS)}")
    wanted = {**levels(scenario, plan), **{lever: round(float(level), 4) for lever, level in to.items()}}
    there = {lever: level for lever, level in wanted.items() if abs(level - today(scenario, lever)) > 1e-9}
    others = [name for name in scenario.initiatives_of(plan) if name != MOVED]
    return _composed(scenario, (*others, MOVED) if there else tuple(others), there)


def back(scenario: Scenario, plan: str) -> Composed:
    """Every lever where it stands today."""
    return moved(scenario, plan, {lever: today(scenario, lever) for lever in LEVERS})


def levels(scenario: Scenario, plan: str) -> dict[str, float]:
    """Where the moved levers of a plan stand, by lever; none for a plan in which none is."""
    if MOVED not in scenario.initiatives_of(plan):
        return {}
    changes = scenario.initiatives[MOVED].changes
    return {lever: float(changes[key]) for lever in LEVERS if _is_number(changes.get(key := f"levers.{lever}.level"))}


def today(scenario: Scenario, lever: str) -> float:
    """Where a lever stands today."""
    return float(getattr(scenario.levers, lever).level)


def emptied(plain: Mapping[str, Any], original: Mapping[str, Any], way: KeyPath) -> KeyPath:
    """What goes when a value goes: it, and what is around it, where nothing else is in there nor was in the file."""
    while len(way) > 1:
        above, before = value_at(plain, way[:-1]), value_at(original, way[:-1])
        if before is not REMOVE or not isinstance(above, dict | list) or len(above) > 1:
            break
        way = way[:-1]
    return way


def _composed(scenario: Scenario, members: tuple[str, ...], there: Mapping[str, float]) -> Composed:
    twin = next((plan for plan, others in _plans(scenario) if others == members and not there), None)
    return Composed(scenario, members, there, twin or MINE, twin is not None and MINE in scenario.plans)


def _plans(scenario: Scenario) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield AS_IS, ()
    yield from ((plan, scenario.initiatives_of(plan)) for plan in scenario.plans if plan not in (MINE, AS_IS))


def _initiative(plain: Mapping[str, Any], levels: Mapping[str, float]) -> Iterator[tuple[KeyPath, Any]]:
    """The edits that make the initiative of the moved levers say so."""
    changes = {f"levers.{lever}.level": level for lever, level in levels.items()}
    there = value_at(plain, ("initiatives", MOVED))
    what = f"Move {_listed([f'{lever} to {level:g}' for lever, level in levels.items()])}"
    if not isinstance(there, dict) or not isinstance(there.get("changes"), dict):
        yield ("initiatives", MOVED), {"what": what, "changes": changes, "starts": "month 0"}
        return
    yield ("initiatives", MOVED, "what"), what
    for path, level in changes.items():
        if there["changes"].get(path) != level:
            yield ("initiatives", MOVED, "changes", path), level
    for path in there["changes"]:
        if path not in changes:
            yield ("initiatives", MOVED, "changes", path), REMOVE


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
