"""Compare: what plans, futures or other files change, replication by replication, with an honest verdict on each.

A comparison is a list of pairs, each a run and the run it is held against; both share their luck. Knows no words for
people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from cxmodel.errors import UsageError
from cxmodel.results.display import Chart, Charted, picture_of
from cxmodel.results.estimates import estimate
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, judge, paired
from cxmodel.results.payback import payback
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.simulation.precision import FIRST, MOST, Figure, Precision, half_allowed, until_precise
from cxmodel.simulation.simulate import simulate_all
from cxmodel.vocabulary import AS_IS, EVERYONE, HEADLINES, MONEY, MONTH, Progress

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["better", "worse", "unclear"]


class Cell(NamedTuple):
    """One run of a comparison: which of its scenarios, under which plan, in which future."""

    scenario: int
    plan: str
    future: str | None = None


class Pair(NamedTuple):
    """A run and the run it is held against."""

    run: Cell
    against: Cell


def pairs_of(
    scenarios: Sequence[Scenario],
    plans: Sequence[str] | None = None,
    against: str | None = None,
    futures: Sequence[str | None] | None = None,
) -> list[Pair]:
    """What is held against what.

    One scenario: each plan (all of them, unless told) against another (as is, unless told), within each future.
    Several: the same plan in each further scenario against the first one, or against the plan of the first that is
    named; unless told, the plans that the two have in common, as is among them.
    """
    first, *others = scenarios
    worlds = list(dict.fromkeys(futures)) if futures else [None]
    found: list[Pair] = []
    if not others:
        base = against or AS_IS
        chosen = [plan for plan in (plans or (AS_IS, *first.plans)) if plan != base]
        found += [
            Pair(Cell(0, plan, world), Cell(0, base, world)) for world in worlds for plan in dict.fromkeys(chosen)
        ]
    for number, other in enumerate(others, start=1):
        chosen = list(dict.fromkeys(plans or (AS_IS, *(plan for plan in other.plans if plan in first.plans))))
        found += [
            Pair(Cell(number, plan, world), Cell(0, against or plan, world)) for world in worlds for plan in chosen
        ]
    return found


def cells_of(pairs: Iterable[Pair]) -> list[Cell]:
    """Every run that the pairs need, once."""
    return list(dict.fromkeys(cell for pair in pairs for cell in (pair.against, pair.run)))


def wanted(
    scenarios: Sequence[Scenario], pairs: Iterable[Pair], replications: int = FIRST, seed: int = 1
) -> dict[Cell, RunRequest]:
    """The runs to play. Raises UsageError where scenarios cannot be compared, and says how that is mended."""
    for other in scenarios[1:]:
        if unlike := list(_unlike(scenarios[0], other)):
            raise UsageError("; ".join(unlike))
    return {
        cell: RunRequest(scenarios[cell.scenario], cell.plan, cell.future, replications, seed)
        for cell in cells_of(pairs)
    }


def _unlike(first: Scenario, other: Scenario) -> Iterator[str]:
    """What keeps two scenarios from being compared: figures of other horizons, or money of other currencies."""
    names = (first.name, other.name) if first.name != other.name else ("the first", "the second")
    ahead = [f"{scenario.horizon / MONTH:.4g} months" for scenario in (first, other)]
    if first.horizon != other.horizon:
        told = " and ".join(f"{name} looks {time} ahead" for name, time in zip(names, ahead, strict=True))
        yield f"{told}: give both the same horizon, such as `horizon: {ahead[0]}`"
    if first.economics and other.economics and first.currency != other.currency:
        money = [scenario.currency or "no currency" for scenario in (first, other)]
        told = " and ".join(f"{name} in {currency}" for name, currency in zip(names, money, strict=True))
        yield f"amounts are {told}: convert those of one, and give both the same `currency`"


def compare(
    scenario: Scenario | Sequence[Scenario],
    plans: Sequence[str] | None = None,
    against: str | None = None,
    futures: Sequence[str | None] | None = None,
    *,
    replications: int = FIRST,
    seed: int = 1,
    precision: float | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """What plans change against as is (or another plan), in futures, or what another file changes.

    Several scenarios: each further one against the first, plan by plan. With a `precision` (0.02: two points for
    scores, 2 % of the value for money) replications are added until the differences of the four headline figures are
    known that well, 1,000 at most. Raises UsageError where there is nothing to compare, or where horizons or currencies
    of several scenarios differ.
    """
    scenarios = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    if not scenarios:
        raise UsageError("name a scenario to compare")
    pairs = pairs_of(scenarios, plans, against, futures)
    if not pairs:
        raise UsageError(f"{scenarios[0].name} has no plan to compare with {against or AS_IS}; give it some plans")
    told = progress or (lambda done, total: None)

    def play(count: int) -> Comparison:
        runs = wanted(scenarios, pairs, count, seed)
        results = simulate_all(list(runs.values()), jobs=jobs, progress=told)
        return Comparison(tuple(pairs), dict(zip(runs, results, strict=True)))

    if precision is None:
        return play(replications)
    found, came = until_precise(play, lambda made: made.figures(precision), precision, first=replications, most=MOST)
    return Comparison(found.pairs, found.results, came)


@dataclass(frozen=True)
class Comparison(Charted):
    """Differences between runs that share their luck."""

    pairs: tuple[Pair, ...]
    results: Mapping[Cell, Result] = field(repr=False)
    precision: Precision | None = None

    @property
    def differences(self) -> pd.DataFrame:
        """metric, segment, plan, against, future, scenario, difference, low, high, verdict, replications_needed, unit.

        `verdict`: better, worse, or unclear where the interval holds zero. Where all replications are the same to the
        last bit the difference is 0 from 0 to 0, unclear, and no number of replications is needed.
        """
        return _frame(self.rows).astype({"replications_needed": "Int64"})

    @property
    def timeline(self) -> pd.DataFrame:
        """month, metric, segment, plan, against, future, scenario, difference, low, high: the course of differences."""
        return _frame(self.courses)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The differences as rows."""
        return [row for pair in self.pairs for row in self._differences(pair)]

    @cached_property
    def courses(self) -> list[dict[str, Any]]:
        """The differences over time as rows."""
        return [row for pair in self.pairs for row in self._courses(pair)]

    def change(self, pair: Pair, metric: str, segment: str = EVERYONE) -> Change:
        """The difference of one metric between the two runs of a pair."""
        return judge(metric, self._paired(pair, metric, segment))

    def figures(self, precision: float) -> Iterator[Figure]:
        """The headline differences, each with the half-width it may have."""
        for pair in self.pairs:
            for metric in HEADLINES:
                level = self.results[pair.against].metric(metric).value
                if level is not None:
                    allowed = half_allowed(metric, precision, level)
                    yield Figure(metric, self._paired(pair, metric, EVERYONE), allowed)

    def chart(self, name: str) -> Chart:
        """How the differences in a metric unfold over time: `expectation_gap`, `satisfaction`, `nps`, `churn_monthly`.

        A line and its 95 % interval for each pair. Raises UsageError, which lists the names, for another.
        """
        return picture_of(self, name)

    def document(self) -> dict[str, Any]:
        """The comparison as one JSON document."""
        first = next(iter(self.results.values()))
        scenarios = {cell.scenario: result.scenario for cell, result in self.results.items()}
        named = [{"name": one.name, "hash": one.hash, "file": one.files[0]} for _, one in sorted(scenarios.items())]
        came = self.precision
        return {
            "scenario": {"name": first.scenario.name, "hash": first.scenario.hash},
            "scenarios": named,
            "seed": first.seed,
            "replications": first.replications,
            "precision": {"asked": came.asked, "reached": came.reached} if came else None,
            "version": first.manifest["version"],
            "question": first.scenario.question,
            "currency": first.scenario.currency,
            "differences": self.rows,
            "payback": [self._payback(cell) for cell in cells_of(self.pairs) if cell.plan != AS_IS],
            "timeline": self.courses,
        }

    def _payback(self, cell: Cell) -> dict[str, Any]:
        """When a plan's cost is paid back against today, and its chance: null where there is none to pay back.

        The month is null, too, where it is not paid back within the horizon in at least half of the runs.
        """
        found = payback(self.results[cell])
        head = {"plan": cell.plan, "future": cell.future, "scenario": self.results[cell].scenario.files[0]}
        if found is None:
            return head | dict.fromkeys(("month", "low", "high", "chance"))
        month = found.month, found.low, found.high
        return (
            head
            | dict(zip(("month", "low", "high"), month if found.usual else (None,) * 3, strict=True))
            | {"chance": found.within / found.runs}
        )

    def _paired(self, pair: Pair, metric: str, segment: str) -> Any:
        return paired(self.results[pair.run], self.results[pair.against], metric, segment)

    def _segments(self, pair: Pair) -> list[str]:
        mine, theirs = (self.results[cell].scenario.segments for cell in pair)
        return [*(name for name in mine if name in theirs), EVERYONE]

    def _head(self, pair: Pair) -> dict[str, Any]:
        """Which two runs a row is about."""
        run, against = pair
        names = [self.results[cell].scenario.files[0] for cell in pair]
        return {
            "plan": run.plan,
            "against": against.plan,
            "future": run.future,
            "scenario": names[0],
            "against_scenario": names[1],
        }

    def _differences(self, pair: Pair) -> Iterator[dict[str, Any]]:
        currency = self.results[pair.run].scenario.currency
        for item in METRICS.values():
            for segment in self._segments(pair):
                found = self.change(pair, item.name, segment)
                known = found.runs > 0
                if not known and segment != EVERYONE:
                    continue
                width = known and np.isfinite(found.low)
                yield {
                    "metric": item.name,
                    "segment": segment,
                    **self._head(pair),
                    "difference": found.value if known else None,
                    "low": found.low if width else None,
                    "high": found.high if width else None,
                    "verdict": verdict_of(found),
                    "replications_needed": found.wanted,
                    "unit": (currency or MONEY) if item.unit == MONEY else item.unit,
                    "label": item.label,
                }

    def _courses(self, pair: Pair) -> Iterator[dict[str, Any]]:
        mine, theirs = (self.results[cell] for cell in pair)
        columns = [[*result.scenario.segments, EVERYONE] for result in (mine, theirs)]
        followed = [{row["metric"]: row["unit"] for row in result.tables.rows("timeline")} for result in (mine, theirs)]
        for metric, unit in followed[0].items():
            if metric not in followed[1]:
                continue
            (start, ours), (began, other) = mine.tables.course(metric), theirs.tables.course(metric)
            runs = min(len(ours), len(other))  # while one side is still being played, it has fewer
            first, last = max(start, began), min(start + ours.shape[1], began + other.shape[1])
            for segment in self._segments(pair):
                one, two = (names.index(segment) for names in columns)
                for month in range(first, last):
                    figure = estimate(ours[:runs, month - start, one] - other[:runs, month - began, two])
                    if figure.value is not None:
                        yield {
                            "month": month,
                            "metric": metric,
                            "segment": segment,
                            **self._head(pair),
                            "difference": figure.value,
                            "low": figure.low,
                            "high": figure.high,
                            "unit": unit,
                        }


def verdict_of(found: Change) -> Verdict:
    """A change in the three words of a comparison; what is neither good nor bad in itself is unclear."""
    return found.verdict if found.verdict in ("better", "worse") else "unclear"


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
