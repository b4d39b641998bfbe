"""The organisation behind the journey: five Ps, insight, spend and what is at stake, by touchpoint. Draws nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from cxmodel.model.delivery import reaching
from cxmodel.report.maps.cells import NONE, Cell, Line
from cxmodel.report.maps.insight import how, seen_at, unseen_at
from cxmodel.report.maps.journey_map import NOBODY, Stop, at_stake
from cxmodel.report.maps.plan_numbers import Standing
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.constraints import binding, hold
from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.numbers import count, listed, money, percent
from cxmodel.vocabulary import DECISION_LEVERS, EVERYONE, LEVERS, humanise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxmodel.report.text.mending import Mending
    from cxmodel.results.result import Result

SCALE: Final = ((0.3, "nobody’s job"), (0.5, "some do it"), (0.7, "mostly done"), (0.875, "measured, improved"))
"""What a lever means below each of these levels."""
BEST: Final = "nobody does it better"
BINDS: Final = 0.5
"""Points at a touchpoint below which nothing binds there."""
BINDING_MARK: Final = (
    "◆ binds: the P that could close most of what is missing at a touchpoint. Per cent under a P: how much of the "
    "touchpoint rests on it."
)
"""What the signs of the map mean, for who reads it."""
UNEVEN: Final = 2.0
"""Times the share of memory from which on a share of the spend is out of proportion."""
LITTLE: Final = 0.05
"""Share of the spend, or of memory, below which proportion is not worth a word."""


@dataclass(frozen=True, slots=True)
class Column:
    """A P, a source, or a figure: the head of a column."""

    key: str
    group: str
    title: str
    note: str
    """How strong it stands, how late it sees."""
    strength: float | None = None
    """Of a P, how far it is developed [0-1]."""


@dataclass(frozen=True)
class Organisation:
    """All that the map of the organisation says."""

    title: str
    plan: str
    binding: str
    """What binds most, in a sentence."""
    notes: tuple[str, ...]
    """Culture, single view, what nobody owns, what nobody sees, what is out of proportion."""
    columns: tuple[Column, ...]
    stops: tuple[Stop, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """A row for each touchpoint, a cell for each column."""


def organisation(result: Result, mending: Mending | None = None, behind: Result | None = None) -> Organisation:
    """The map of the organisation that a result is of; `mending` is what is at stake at each touchpoint.

    With today's result `behind` it, each P says where it stands today too.
    """
    return _Writer(result, mending, behind).map()


def organisation_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """The map as a table."""
    found = organisation(result)
    rows = []
    for stop, cells in zip(found.stops, found.rows, strict=True):
        told = {column.title: cell.words or NONE for column, cell in zip(found.columns, cells, strict=True)}
        rows.append({"Touchpoint": stop.name, **told})
    return pd.DataFrame(rows)


class _Writer:
    """Writes the map, column by column."""

    def __init__(self, result: Result, mending: Mending | None, behind: Result | None) -> None:
        self.result, self.scenario, self.mending = result, result.scenario, mending
        self.levers = Standing.of(result).levers
        self.today = self.levers if behind is None else Standing.of(behind).levers
        self.stops = [{str(key): each for key, each in row.items()} for row in touchpoints(result).to_dict("records")]
        self.spends = {
            row["touchpoint"]: float(row["spend"]) for row in result.rows("touchpoints") if row["segment"] == EVERYONE
        }
        self.holds = {lever: hold(result, lever).stops.set_index("id")["mends"] for lever in LEVERS}

    def map(self) -> Organisation:
        """The whole of it."""
        columns = tuple(self._columns())
        stops = tuple(
            Stop(stop["id"], self.scenario.label("journey", stop["id"]), stop["stage"], "", "") for stop in self.stops
        )
        rows = tuple(tuple(self._cell(column, at) for column in columns) for at in range(len(stops)))
        return Organisation(
            self.scenario.name,
            plan_name(self.result.scenario, self.result.plan),
            binding(self.result),
            tuple(self._notes()),
            columns,
            stops,
            rows,
        )

    def _columns(self) -> Iterator[Column]:
        yield Column("owner", "", "Owner", "")
        for lever in LEVERS:
            level = self.levers[lever]
            today = self.today[lever]
            was = f" (today {today:.2f})" if abs(today - level) >= 0.005 else ""
            note = f"{level:.2f}, {strength(level)}{was}" + (
                "; sets every standard" if lever in DECISION_LEVERS else ""
            )
            yield Column(lever, "Five Ps", humanise(lever), note, level)
        for source in self.scenario.insight_sources:
            title = self.scenario.label("insight_sources", source)
            yield Column(f"source {source}", "Insight", title, how(self.scenario, source))
        if self.scenario.insight_sources:
            yield Column("unseen", "Insight", "Nobody sees", "")
        yield Column("binds", "", "What binds most", "")
        money = "Attention and money"
        yield Column("memory", money, "Share of memory", "")
        if any(self.spends.values()):
            yield Column("spend", money, "Share of spend", f"{self._money(sum(self.spends.values()))} a year")
        if self.mending is not None and (self.mending.prices or not self.mending.done):
            yield Column("stake", money, self.mending.title, "")

    def _cell(self, column: Column, at: int) -> Cell:
        id: str = self.stops[at]["id"]
        place = self.scenario.journey[id]
        if column.key == "owner":
            said = " ".join((place.owner or "").split())
            nobody = said.casefold() == NOBODY.casefold()
            line = Line(f"! {NOBODY}", "short", strong=True) if nobody else Line(said or "none named", _muted(said))
            return Cell((line,), path=f"journey.{id}.owner")
        if column.strength is not None:
            return self._rests(column.key, id)
        if column.key.startswith("source "):
            seen = [each for each in seen_at(self.scenario, id) if f"source {each.source}" == column.key]
            return Cell(tuple(Line(", ".join(each.attributes)) for each in seen), path="insight_sources")
        if column.key == "unseen":
            unseen = unseen_at(self.scenario, id)
            return Cell((Line(", ".join(unseen), "short", strong=True),) if unseen else ())
        if column.key == "binds":
            held = self._binding_at(id)
            return Cell((Line(f"{humanise(held[0])}, {count(round(held[1]), 'point')}"),) if held else ())
        if column.key == "memory":
            share = float(self.stops[at]["share"])
            return Cell((Line(percent(share)) if share > 0 else Line("not rated", "muted"),))
        if column.key == "spend":
            return self._spend(id, float(self.stops[at]["share"]))
        return at_stake(self.mending, id, self.scenario.currency)

    def _rests(self, lever: str, id: str) -> Cell:
        """How much a touchpoint rests on a P, and whether that is what binds there."""
        lean = self.scenario.journey[id].relies_on.get(lever, 0.0)
        lines = [Line(percent(lean))] if lean else []
        held = self._binding_at(id)
        if held is not None and held[0] == lever:
            lines.append(Line("◆ binds", "short", strong=True))
        return Cell(tuple(lines), path=f"journey.{id}.relies_on")

    def _binding_at(self, id: str) -> tuple[str, float] | None:
        """What could close most of what is missing at a touchpoint, insight or a P [points]; None for little."""
        points = {lever: float(found.get(id, 0.0)) for lever, found in self.holds.items()}
        stop = next(each for each in self.stops if each["id"] == id)
        unknown = float(stop["needed"]) - float(stop["pictured"])
        points["insight"] = max(0.0, unknown) if math.isfinite(unknown) else 0.0
        most = max(points, key=points.__getitem__)
        return (most, points[most]) if points[most] >= BINDS else None

    def _spend(self, id: str, remembered: float) -> Cell:
        total = sum(self.spends.values())
        share = self.spends.get(id, 0.0) / total if total else 0.0
        lines = [Line(percent(share)), Line(f"{self._money(self.spends.get(id, 0.0))} a year", "muted")]
        if share >= LITTLE and share >= UNEVEN * remembered:
            lines.append(Line("more than its share of memory", "short"))
        elif remembered >= LITTLE and remembered >= UNEVEN * share:
            lines.append(Line("less than its share of memory", "short"))
        return Cell(tuple(lines), path=f"journey.{id}.spend")

    def _notes(self) -> Iterator[str]:
        levers = self.scenario.levers
        standing = Standing.of(self.result)
        if levers.culture is not None:
            level = standing.number("levers.culture.level", levers.culture.level)
            through = float(
                reaching(1.0, 0.0, level, levers.culture.threshold, self.scenario.parameters.culture_steepness)
            )
            where = "below" if level < levers.culture.threshold else "above"
            yield (
                f"Culture {level:.2f} lies {where} its threshold of {levers.culture.threshold:.2f}: about "
                f"{percent(through)} of a change of the five Ps reaches people."
            )
        if levers.single_view is not None:
            level = standing.number("levers.single_view.level", levers.single_view.level)
            yield f"Single view of the customer {level:.2f}, {strength(level)}: how far channels see the same person."
        alone = [
            self.scenario.label("journey", id)
            for id, place in self.scenario.journey.items()
            if (place.owner or "").strip().casefold() == NOBODY.casefold()
        ]
        if alone:
            yield f"Nobody answers for {listed(alone)}."
        blind: dict[str, int] = {}
        for id in self.scenario.journey:
            for name in unseen_at(self.scenario, id):
                blind[name] = blind.get(name, 0) + 1
        if blind:
            told = [f"{name} (at {count(many, 'touchpoint')})" for name, many in blind.items()]
            yield f"No source sees {listed(told)}."

    def _money(self, amount: float) -> str:
        return money(amount, self.scenario.currency, brief=True)


def group_runs(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Neighbouring columns of one group, each with how many they are."""
    return [(name, len(list(mine))) for name, mine in groupby(column.group for column in columns)]


def strength(level: float) -> str:
    """What the level of a lever means.

    >>> strength(0.3), strength(0.85), strength(0.95)
    ('some do it', 'measured, improved', 'nobody does it better')
    """
    return next((words for below, words in SCALE if level < below), BEST)


def _muted(said: str) -> Literal["ink", "muted"]:
    return "ink" if said else "muted"
