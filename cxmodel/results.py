"""Runs and their results: the one way from a scenario to numbers, behind every door.

A result is tidy tables of estimates: each figure with its interval over replications, none without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from cxmodel.arrays import YEAR, Floats
from cxmodel.errors import UsageError
from cxmodel.estimates import ALL, Estimate, estimate
from cxmodel.gaps import touchpoint_rows
from cxmodel.lives import lives
from cxmodel.metrics import METRICS, MONEY, Run, last_survey
from cxmodel.model import advocacy
from cxmodel.runs import Progress, run, start_of
from cxmodel.scenario import Scenario
from cxmodel.timeline import timeline_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALL", "Estimate", "Result", "simulate"]


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
        baseline = run(scenario, "as_is", future, replications, seed, jobs, report)
    made = run(scenario, plan, future, replications, seed, jobs, lambda done, total: report(done, total, shares - 1))
    return Result(scenario, plan, seed, replications, future, Run(made.world, made.outcome, baseline))


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
        """A headline figure with its interval, all None where it cannot be had."""
        self.samples(name, segment)  # raises UsageError for a metric or segment that there is not
        rows = (row for row in self._metrics if row["metric"] == name and row["segment"] == segment)
        row = next(rows, {"value": None, "low": None, "high": None})
        return Estimate(row["value"], row["low"], row["high"])

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

    def customers(self, number: int = 3) -> pd.DataFrame:
        """So many customers' lives, a row per visit: a typical one, a delighted one, one that was lost, and so on.

        customer, kind, segment, day, touchpoint, expected, perceived, gap, failed, satisfaction [points]. They are
        of the first replication, which is played again for them.
        """
        if number < 1:
            raise UsageError(f"customers: {number} is too few; give 1 or more")
        return _frame(lives(self.run.world, start_of(self.scenario), self.seed, number))

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
                        {
                            "metric": item.name,
                            "segment": segment,
                            **figure._asdict(),
                            "unit": unit,
                            "label": item.label,
                        }
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
        return touchpoint_rows(self.run)

    @cached_property
    def _timeline(self) -> list[dict[str, Any]]:
        return timeline_rows(self.run)

    @cached_property
    def _today(self) -> list[dict[str, Any]]:
        measured, modelled = self.scenario.today, start_of(self.scenario).modelled
        given = [("nps", ALL, measured.nps, "nps")]
        given += [("leave", ALL, None if measured.leave is None else measured.leave * YEAR / 12, "leave")]
        given += [("contacts", ALL, None if measured.contacts is None else measured.contacts * YEAR, "contacts")]
        given += [
            ("leave", name, None if segment.leave is None else segment.leave * YEAR / 12, f"leave {name}")
            for name, segment in self.scenario.segments.items()
        ]
        return [
            {"measure": measure, "segment": segment, "measured": value, "modelled": modelled[name]}
            for measure, segment, value, name in given
            if value is not None
        ]


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))
