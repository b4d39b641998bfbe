"""Sweep: a run for every combination of values, plans and futures, or for so many worlds drawn at random.

A sweep that is interrupted goes on where it was, for its runs are kept one by one; a run that fails ends no other.
Knows no words for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxmodel.errors import UsageError
from cxmodel.results.display import Shown
from cxmodel.results.estimates import estimate
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.simulation.batch import Cost, Failed, Figures, Store, cost_of, play_many
from cxmodel.studies.uncertainty import drawn, otherwise, unknowns
from cxmodel.vocabulary import AS_IS, METRICS, MONEY, Progress

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS: Final = 10
MOST: Final = 100_000
"""Runs of one sweep."""


class Case(NamedTuple):
    """One run of a sweep: what is otherwise in it, under which plan, in which future."""

    changes: Mapping[str, Any]
    plan: str
    future: str | None


def cases_of(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any]] | None = None,
    plans: Sequence[str] = (AS_IS,),
    futures: Sequence[str | None] = (None,),
    sample: int | None = None,
    seed: int = 1,
) -> list[Case]:
    """Every combination of the values by path; with `sample`, each in so many worlds in which what nobody knows for
    sure is drawn anew (Latin hypercube, as often below what is said as above it)."""
    vary = vary or {}
    empty = next((path for path, values in vary.items() if not values), None)
    if empty is not None:
        raise UsageError(f"{empty}: give at least one value")
    grid = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
    worlds = [{}] if sample is None else _worlds(scenario, sample, seed, set(vary))
    count = len(grid) * len(worlds) * len(plans) * len(futures)
    if count > MOST:
        raise UsageError(f"that would be {count:,} runs; a sweep has {MOST:,} at most")
    return [
        Case({**world, **values}, plan, future)
        for world, values, plan, future in product(worlds, grid, dict.fromkeys(plans), dict.fromkeys(futures))
    ]


def _worlds(scenario: Scenario, sample: int, seed: int, fixed: set[str]) -> list[dict[str, Any]]:
    """Values of all that nobody knows for sure, but for what is varied anyway."""
    if sample < 1:
        raise UsageError(f"sample: {sample} is too few; give 1 or more")
    acting = {name: each for plan in (AS_IS, *scenario.plans) for each in unknowns(scenario, plan)
              for name in [each.path] if name not in fixed}  # fmt: skip
    values = drawn(tuple(acting.values()), sample, seed)
    return [dict(zip(acting, map(float, row), strict=True)) for row in values]


def wanted(
    scenario: Scenario, cases: Sequence[Case], varied: set[str], replications: int = REPLICATIONS, seed: int = 1
) -> list[RunRequest]:
    """The runs to play, one for each case. Raises ScenarioError for a value that cannot be."""
    worlds: dict[str, Scenario] = {}

    def world(changes: Mapping[str, Any]) -> Scenario:
        name = repr(sorted(changes.items(), key=lambda item: item[0]))
        if name not in worlds:
            given = {path: value for path, value in changes.items() if path in varied}
            others = {path: value for path, value in changes.items() if path not in varied}
            other = scenario.with_changes(given) if given else scenario
            worlds[name] = otherwise(other, others) if others else other
        return worlds[name]

    return [RunRequest(world(case.changes), case.plan, case.future, replications, seed) for case in cases]


def cost(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    plans: Sequence[str] = (AS_IS,),
    futures: Sequence[str | None] = (None,),
    sample: int | None = None,
    replications: int = REPLICATIONS,
    seed: int = 1,
    jobs: int | None = None,
    store: Store | None = None,
) -> Cost:
    """How many runs are still to be played, and how long that takes: see `cxmodel.simulation.batch.cost_of`."""
    cases = cases_of(scenario, vary, plans, futures, sample, seed)
    return cost_of(wanted(scenario, cases, set(vary or {}), replications, seed), jobs, store)


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    plans: Sequence[str] = (AS_IS,),
    futures: Sequence[str | None] = (None,),
    sample: int | None = None,
    replications: int = REPLICATIONS,
    seed: int = 1,
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Play every combination of the values by path (`{"levers.people.level": [0.5, 0.8]}`), plans and futures.

    All cases have the same luck, so that their differences are sharper than their intervals. `executor` is any of
    `concurrent.futures`, a Dask client's too; what `store` keeps is not played again.
    """
    cases = cases_of(scenario, vary, plans, futures, sample, seed)
    runs = wanted(scenario, cases, set(vary or {}), replications, seed)
    came = play_many(runs, executor=executor, jobs=jobs, store=store, progress=progress)
    return Sweep(scenario, tuple(cases), tuple(came), replications, seed)


@dataclass(frozen=True)
class Sweep(Shown):
    """The figures of every case, or why it has none."""

    scenario: Scenario
    cases: tuple[Case, ...] = field(repr=False)
    came: tuple[Figures | Failed, ...] = field(repr=False)
    replications: int
    seed: int

    @property
    def failures(self) -> list[dict[str, Any]]:
        """case, changes, plan, future, why: the runs that could not be played."""
        return [
            {"case": number, **_told(case), "why": came.why}
            for number, (case, came) in enumerate(zip(self.cases, self.came, strict=True))
            if isinstance(came, Failed)
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """case, one column for each path, plan, future, metric, value, low, high, unit: a row per case and metric."""
        return [
            {"case": number, **case.changes, "plan": case.plan, "future": case.future, **row}
            for number, (case, came) in enumerate(zip(self.cases, self.came, strict=True))
            if not isinstance(came, Failed)
            for row in self._figures(came)
        ]

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def document(self) -> dict[str, Any]:
        """The sweep as one JSON document."""
        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "seed": self.seed,
            "replications": self.replications,
            "currency": self.scenario.currency,
            "cases": [
                {"case": number, **_told(case), "metrics": list(self._figures(came))}
                for number, (case, came) in enumerate(zip(self.cases, self.came, strict=True))
                if not isinstance(came, Failed)
            ],
            "failures": self.failures,
        }

    def _figures(self, figures: Figures) -> Iterator[dict[str, Any]]:
        for name, metric in METRICS.items():
            found = estimate(figures[name])
            if found.value is not None:
                unit = (self.scenario.currency or MONEY) if metric.unit == MONEY else metric.unit
                yield {"metric": name, "value": found.value, "low": found.low, "high": found.high, "unit": unit}


def _told(case: Case) -> dict[str, Any]:
    return {"changes": dict(case.changes), "plan": case.plan, "future": case.future}
