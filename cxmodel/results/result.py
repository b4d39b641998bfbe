"""Runs and their results: the one way from a scenario to numbers, behind every door.

A result is tidy tables of estimates: each figure with its interval over replications, none without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cxmodel.errors import UsageError
from cxmodel.results import fingerprint
from cxmodel.results.csv_text import csv_of
from cxmodel.results.customer_journeys import lives
from cxmodel.results.display import Chart, Charted, picture_of
from cxmodel.results.estimates import Estimate
from cxmodel.results.request import Engine, RunRequest
from cxmodel.results.segment_view import OfSegment, Tables
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import EVERYONE, METRICS, Floats

if TYPE_CHECKING:
    import pandas as pd
import json
from pathlib import Path

TABLES: Final = ("metrics", "touchpoints", "timeline", "today", "contacts")
"""The tables of a result."""


@dataclass(frozen=True)
class Result(Charted):
    """What a run says: tables of estimates, and how they came about."""

    scenario: Scenario
    plan: str
    seed: int
    replications: int
    future: str | None
    tables: Tables = field(repr=False)
    made: Mapping[str, Any] | None = field(default=None, repr=False)
    """The manifest it was saved with; None for a result that was made here and now."""
    engine: Engine = "fast"

    @property
    def wanted(self) -> RunRequest:
        """The run that gives it."""
        return RunRequest(self.scenario, self.plan, self.future, self.replications, self.seed, self.engine)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Everything needed to make these numbers again."""
        chosen = {} if self.segment == EVERYONE else {"segment": self.segment}
        if self.made is not None:
            return {**self.made, **chosen}
        from importlib.metadata import version

        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "plan": self.plan,
            "future": self.future,
            "seed": self.seed,
            "replications": self.replications,
            "engine": self.engine,
            "version": version("cxmodel"),
            "model": fingerprint.of(self.engine),
            "libraries": {name: version(name) for name in ("numpy", "scipy", "simpy", "pydantic", "numba")},
            "python": sys.version.split()[0],
            **chosen,
        }

    @property
    def segment(self) -> str:
        """Whose figures stand where those of all customers would: a segment of `of_segment`, else `all`."""
        return self.tables.segment if isinstance(self.tables, OfSegment) else EVERYONE

    @property
    def whole(self) -> Result:
        """The result of all customers."""
        return replace(self, tables=self.tables.whole) if isinstance(self.tables, OfSegment) else self

    def of_segment(self, segment: str) -> Result:
        """The result as it is for one segment: its figures stand where those of all customers (`all`) stood.

        So every figure, chart, sentence and comparison made from it is the segment's. What is known of all customers
        together only stays theirs: cost, net value, return on quality, payback, failure demand, agent strain, targets
        met, waiting over time and root causes of contacts. Raises UsageError for a segment that there is not.
        """
        if segment == EVERYONE:
            return self.whole
        if segment == self.segment:
            return self
        self._know(segment)
        return self.whole._segments[segment]

    @cached_property
    def _segments(self) -> dict[str, Result]:
        """This result of each segment, made once."""
        return {
            name: replace(self, tables=OfSegment(self.tables, name, column))
            for column, name in enumerate(self.scenario.segments)
        }

    def _know(self, segment: str) -> int:
        """The column of a segment. Raises UsageError where there is none."""
        columns = [*self.scenario.segments, EVERYONE]
        if segment not in columns:
            raise UsageError(f"there is no segment named {segment!r}; there is: {', '.join(columns)}")
        return columns.index(segment)

    def told_of(self, scenario: Scenario) -> Result:
        """The same numbers told of a scenario that differs in nothing but words. Raises UsageError for any other."""
        if scenario.numbers_hash != self.scenario.numbers_hash:
            raise UsageError("this scenario differs in more than words: its numbers have to be simulated")
        named = {"scenario": {"name": scenario.name, "hash": scenario.hash}}
        return replace(self, scenario=scenario, made=None if self.made is None else {**self.made, **named})

    def samples(self, metric: str, segment: str = EVERYONE) -> Floats:
        """One number per replication; nan where it cannot be had."""
        if metric not in METRICS:
            raise UsageError(f"there is no metric named {metric!r}; there is: {', '.join(METRICS)}")
        return self.tables.samples(metric)[:, self._know(segment)]

    def metric(self, name: str, segment: str = EVERYONE) -> Estimate:
        """A headline figure with its interval, all None where it cannot be had."""
        self.samples(name, segment)  # raises UsageError for a metric or segment that there is not
        rows = (row for row in self.tables.rows("metrics") if row["metric"] == name and row["segment"] == segment)
        row = next(rows, {"value": None, "low": None, "high": None})
        return Estimate(row["value"], row["low"], row["high"])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table as rows: `metrics`, `touchpoints`, `timeline`, `today` or `contacts`."""
        if table not in TABLES:
            raise UsageError(f"there is no table named {table!r}; there is: {', '.join(TABLES)}")
        return [dict(row) for row in self.tables.rows(table)]

    @property
    def metrics(self) -> pd.DataFrame:
        """metric, segment, value, low, high, unit, label: one row per metric and segment (and `all`)."""
        return _frame(self.tables.rows("metrics"))

    @property
    def touchpoints(self) -> pd.DataFrame:
        """The gap and its four parts by touchpoint, attribute and segment over the last 12 months [points]."""
        return _frame(self.tables.rows("touchpoints"))

    @property
    def timeline(self) -> pd.DataFrame:
        """month, metric, segment, value, low, high, unit: states at the end of each month, flows during it."""
        return _frame(self.tables.rows("timeline"))

    @property
    def today(self) -> pd.DataFrame:
        """measure, segment, measured, modelled: how close month 0 comes to what was measured."""
        return _frame(self.tables.rows("today"))

    @property
    def contacts(self) -> pd.DataFrame:
        """touchpoint, cause, share, low, high: where the contacts of customers begin."""
        return _frame(self.tables.rows("contacts"))

    def customers(self, number: int = 3) -> pd.DataFrame:
        """So many customers' lives, a row per visit: a typical one, a delighted one, one that was lost, and so on.

        customer, kind, segment, day, touchpoint, expected, perceived, gap, failed, satisfaction [points]. They are
        of the first replication, which is played again for them; of a segment's result, they are of that segment.
        """
        if number < 1:
            raise UsageError(f"customers: {number} is too few; give 1 or more")
        return _frame(lives(self.wanted, number, self.segment))

    def chart(self, name: str, against: Result | None = None) -> Chart:
        """A chart by name: `journey`, `waterfall`, `why`, `causes`, `dashboard`, `nps_over_time` and others over time;
        or a map: `journey_map`, `strategy_canvas`, `value_map`, `organisation`.

        `against` is the result that is drawn behind it, as a rule of `as_is`. Raises UsageError, which lists the names,
        for one that there is not.
        """
        return picture_of(self, name, against=against)

    def document(self) -> dict[str, Any]:
        """The result as one JSON document."""
        return {
            **self.manifest,
            "question": self.scenario.question,
            "currency": self.scenario.currency,
            "metrics": self.rows("metrics"),
            "touchpoints": self.rows("touchpoints"),
            "timeline": self.rows("timeline"),
            "today": self.rows("today"),
            "contacts": self.rows("contacts"),
            "warnings": [str(problem) for problem in self.scenario.warnings],
        }

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the tables (Parquet and CSV) and the manifest into a folder, which is made if need be."""
        from cxmodel.atomic_files import put_files

        put_files(Path(os.path.realpath(folder)), files_of(self))


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))


def files_of(result: Result) -> dict[str, bytes]:
    """The files that a result is saved as, by name; the manifest comes last."""
    files = {}
    for name in TABLES:
        frame = getattr(result, name)
        files[f"{name}.parquet"] = frame.to_parquet(None, index=False)
        files[f"{name}.csv"] = csv_of(frame)
    for name, document in (("result", result.document()), ("manifest", result.manifest)):
        files[f"{name}.json"] = (json.dumps(document, indent=2) + "\n").encode()
    return files
