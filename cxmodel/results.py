"""Runs and their results: the one way from a scenario to numbers, behind every door.

A result is tidy tables of estimates: each figure with its interval over replications, none without.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from cxmodel.engine.outcome import Outcome, joined, outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import Today, start
from cxmodel.engine.world import World
from cxmodel.errors import UsageError
from cxmodel.metrics import METRICS, MONEY, Run, last_survey
from cxmodel.model import advocacy
from cxmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
ALL = "all"
"""The segment that stands for everyone."""
POOL_ROWS = 150_000
"""People played together in one process."""
WORTH_A_POOL = 400_000
"""People from which on more than one process pays, unless told otherwise."""


class Estimate(NamedTuple):
    """A figure and its 95 % interval; None where it cannot be had."""

    value: float | None
    low: float | None
    high: float | None


def estimate(samples: Floats) -> Estimate:
    """Mean and 95 % Student interval over replications; no interval from one alone."""
    known = samples[~np.isnan(samples)]
    if not len(known):
        return Estimate(None, None, None)
    mean = float(known.mean())
    if len(known) == 1:
        return Estimate(mean, None, None)
    half = float(stdtrit(len(known) - 1, 0.975) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(mean, mean - half, mean + half)


def simulate(
    scenario: Scenario,
    plan: str = "as_is",
    *,
    replications: int = 30,
    seed: int = 1,
    future: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run a scenario under a plan, in as many replications.

    The same scenario and seed give the same bits for any number of `jobs` (processes; None: as many as pay).
    A plan is compared against `as_is` for its return on quality, with the same luck. Raises UsageError for an
    unknown plan or future and for counts below 1.
    """
    if replications < 1:
        raise UsageError(f"replications: {replications} is too few; give 1 or more")
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is too few; give 1 or more")
    if not 0 <= seed < 2**64:
        raise UsageError(f"seed: {seed} is outside 0 to 2^64 - 1")
    scenario.initiatives_of(plan)
    if future is not None and future not in scenario.futures:
        known = ", ".join(scenario.futures) or "none in this scenario"
        raise UsageError(f"there is no future named {future!r}; there is: {known}")
    compares = scenario.economics is not None and bool(scenario.initiatives_of(plan))
    shares = 2 if compares else 1

    def report(done: int, total: int, offset: int = 0) -> None:
        if progress is not None:
            progress((done + offset * total) // shares, total)

    baseline = None
    if compares:
        baseline = _run(scenario, "as_is", future, replications, seed, jobs, report)
    run = _run(
        scenario, plan, future, replications, seed, jobs, lambda done, total: report(done, total, shares - 1)
    )
    return Result(scenario, plan, seed, replications, future, Run(run.world, run.outcome, baseline))


class _Key(NamedTuple):
    """What tells runs apart."""

    scenario: str
    plan: str
    future: str | None
    replications: int
    seed: int


_RECENT: dict[_Key, Run] = {}
_KEPT = 8


def _run(
    scenario: Scenario,
    plan: str,
    future: str | None,
    replications: int,
    seed: int,
    jobs: int | None,
    progress: Progress,
) -> Run:
    """A run, or the same one if it was made lately in this process."""
    key = _Key(scenario.hash, plan, future, replications, seed)
    if key in _RECENT:
        progress(replications, replications)
        return _RECENT[key]
    world, today = World.of(scenario, plan, future), _start(scenario)
    chunks = _chunks(scenario, replications, jobs)
    parts: list[Outcome | None] = [None] * len(chunks)
    if len(chunks) == 1 or _processes(scenario, replications, jobs) == 1:
        done = 0
        for number, chunk in enumerate(chunks):
            parts[number] = _part(world, today, seed, chunk, _shares_of(progress, done, chunk, replications))
            done += len(chunk)
            progress(done, replications)
    else:
        with _pool(min(_processes(scenario, replications, jobs), len(chunks))) as pool:
            try:
                waiting: dict[Future[Outcome], int] = {
                    pool.submit(_part, world, today, seed, chunk, None): number
                    for number, chunk in enumerate(chunks)
                }
                done = 0
                for future_part in as_completed(waiting):
                    parts[waiting[future_part]] = future_part.result()
                    done += len(chunks[waiting[future_part]])
                    progress(done, replications)
            except BaseException:
                _abandon(pool)
                raise
    run = Run(world, joined([part for part in parts if part is not None]))
    while len(_RECENT) >= _KEPT:
        _RECENT.pop(next(iter(_RECENT)))
    _RECENT[key] = run
    return run


def _shares_of(progress: Progress, done: int, chunk: range, total: int) -> Callable[[float], None]:
    return lambda share: progress(done + int(share * len(chunk)), total)


@lru_cache(maxsize=16)
def _started(key: str, holder: _Holder) -> Today:
    return start(World.of(holder.scenario))


class _Holder:
    """Carries a scenario past a cache that knows it by its hash."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.scenario.hash == self.scenario.hash

    def __hash__(self) -> int:
        return hash(self.scenario.hash)


def _start(scenario: Scenario) -> Today:
    return _started(scenario.hash, _Holder(scenario))


def _part(
    world: World, today: Today, seed: int, replications: range, progress: Callable[[float], None] | None
) -> Outcome:
    return outcome(play(world, today, seed, replications, progress=progress))


def _people(scenario: Scenario) -> float:
    """People that one replication may hold."""
    held = 0.0
    for segment in scenario.segments.values():
        entering = getattr(segment.adoption, "arrivals", None)
        held += segment.customers
        if segment.adoption is not None:
            held += min(segment.prospects, segment.prospects if entering is None else entering * scenario.horizon)
    return max(held, 1.0)


def _processes(scenario: Scenario, replications: int, jobs: int | None) -> int:
    if jobs is not None:
        return min(jobs, replications)
    return 1 if _people(scenario) * replications < WORTH_A_POOL else min(os.cpu_count() or 1, replications)


def _chunks(scenario: Scenario, replications: int, jobs: int | None) -> list[range]:
    """Replications played together: few enough for memory, enough for every process."""
    size = max(1, int(POOL_ROWS / _people(scenario)))
    size = min(size, -(-replications // _processes(scenario, replications, jobs)))
    return [range(first, min(first + size, replications)) for first in range(0, replications, size)]


def _pool(processes: int) -> ProcessPoolExecutor:
    # a forked worker starts at once and needs no guard in the caller's script; threads forbid it
    fork = sys.platform == "linux" and threading.active_count() == 1
    context = get_context("fork" if fork else "spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_mind_the_caller)


def _mind_the_caller() -> None:
    """In a worker: Ctrl-C is the caller's to answer, and when the caller is gone there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    caller = parent_process()
    assert caller is not None

    def end_with_the_caller() -> None:
        wait([caller.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_the_caller, daemon=True).start()


def _abandon(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: the run was cancelled or has failed, and nobody waits for the rest."""
    for process in list(pool._processes.values()):
        process.terminate()
    pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Result:
    """What a run says: tables of estimates, and how they came about."""

    scenario: Scenario
    plan: str
    seed: int
    replications: int
    future: str | None
    run: Run = field(repr=False)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Everything needed to make these numbers again."""
        from importlib.metadata import version

        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "plan": self.plan,
            "future": self.future,
            "seed": self.seed,
            "replications": self.replications,
            "version": version("cxmodel"),
            "libraries": {name: version(name) for name in ("numpy", "scipy", "simpy", "pydantic")},
            "python": sys.version.split()[0],
        }

    def samples(self, metric: str, segment: str = ALL) -> Floats:
        """One number per replication; nan where it cannot be had."""
        if metric not in METRICS:
            raise UsageError(f"there is no metric named {metric!r}; there is: {', '.join(METRICS)}")
        columns = [*self.run.world.route.segments, ALL]
        if segment not in columns:
            raise UsageError(f"there is no segment named {segment!r}; there is: {', '.join(columns)}")
        return METRICS[metric].of(self.run)[:, columns.index(segment)]

    def metric(self, name: str, segment: str = ALL) -> Estimate:
        """A headline figure with its interval."""
        return next(
            Estimate(row["value"], row["low"], row["high"])
            for row in self.rows("metrics")
            if row["metric"] == name and row["segment"] == segment
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table as rows: `metrics`, `touchpoints`, `timeline` or `today`."""
        tables: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
            "metrics": lambda: self._metrics,
            "touchpoints": lambda: self._touchpoints,
            "timeline": lambda: self._timeline,
            "today": lambda: self._today,
        }
        if table not in tables:
            raise UsageError(f"there is no table named {table!r}; there is: {', '.join(tables)}")
        return [dict(row) for row in tables[table]()]

    @property
    def metrics(self) -> pd.DataFrame:
        """metric, segment, value, low, high, unit, label: one row per metric and segment (and `all`)."""
        return _frame(self._metrics)

    @property
    def touchpoints(self) -> pd.DataFrame:
        """The gap and its four parts by touchpoint, attribute and segment over the last 12 months [points]."""
        return _frame(self._touchpoints)

    @property
    def timeline(self) -> pd.DataFrame:
        """month, metric, segment, value, low, high, unit: states at the end of each month, flows during it."""
        return _frame(self._timeline)

    @property
    def today(self) -> pd.DataFrame:
        """measure, segment, measured, modelled: how close month 0 comes to what was measured."""
        return _frame(self._today)

    def document(self) -> dict[str, Any]:
        """The result as one JSON document."""
        return {
            **self.manifest,
            "question": self.scenario.question,
            "currency": self.scenario.currency,
            "metrics": self._metrics,
            "touchpoints": self._touchpoints,
            "timeline": self._timeline,
            "today": self._today,
            "warnings": [str(problem) for problem in self.scenario.warnings],
        }

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the tables (Parquet and CSV) and the manifest into a folder, which is made if need be."""
        from cxmodel.tables import write

        write(self, folder)

    @cached_property
    def _metrics(self) -> list[dict[str, Any]]:
        rows = []
        segments = [*self.run.world.route.segments, ALL]
        for item in METRICS.values():
            if item.name == "return_on_quality" and self.plan == "as_is":
                continue
            values = item.of(self.run)
            for column, segment in enumerate(segments):
                figure = estimate(values[:, column])
                if item.name == "nps_measured":
                    figure = self._survey_interval(figure, column)
                if segment == ALL or figure.value is not None:
                    unit = (self.scenario.currency or MONEY) if item.unit == MONEY else item.unit
                    rows.append(
                        {"metric": item.name, "segment": segment, **figure._asdict(), "unit": unit, "label": item.label}
                    )
        return rows

    def _survey_interval(self, figure: Estimate, column: int) -> Estimate:
        """The interval that the company would print beside its own score, from the number of answers."""
        answers, promoters, detractors = np.moveaxis(last_survey(self.run)[:, column], -1, 0)
        asked = answers > 0
        if figure.value is None or not asked.any():
            return figure
        shares = promoters[asked] / answers[asked], detractors[asked] / answers[asked]
        half = float(ndtri(0.975) * np.sqrt(advocacy.nps_variance(*shares, answers[asked]).mean()))
        return Estimate(figure.value, figure.value - half, figure.value + half)

    @cached_property
    def _touchpoints(self) -> list[dict[str, Any]]:
        from cxmodel.gaps import touchpoint_rows

        return touchpoint_rows(self.run)

    @cached_property
    def _timeline(self) -> list[dict[str, Any]]:
        from cxmodel.timeline import timeline_rows

        return timeline_rows(self.run)

    @cached_property
    def _today(self) -> list[dict[str, Any]]:
        measured, modelled = self.scenario.today, _start(self.scenario).modelled
        given = {"nps": measured.nps, "leave": None if measured.leave is None else measured.leave * 365.25 / 12}
        return [
            {"measure": name, "segment": ALL, "measured": value, "modelled": modelled[name]}
            for name, value in given.items()
            if value is not None
        ]


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))
