"""An account of a run: all that a report tells of, whether as a page, as slides or as sheets. Lays nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cxmodel.report.maps.catalogue import Told, shown
from cxmodel.report.text.captions import (
    ALL_CUSTOMERS,
    NOBODY,
    future_name,
    horizon,
    plan_name,
    segment_name,
    segment_note,
    whose,
)
from cxmodel.report.text.headline import answer, deed
from cxmodel.report.text.mending import Mending
from cxmodel.report.text.numbers import count, figure, interval, measure_of_today, with_interval
from cxmodel.report.text.trust import Unknown
from cxmodel.report.text.uncertainty import unknown
from cxmodel.report.text.verdict import sentence as verdict_sentence
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import SLIGHT
from cxmodel.studies.verdict import acting_plans, verdict
from cxmodel.vocabulary import AS_IS, EVERYONE, MONEY, JsonDict, humanise

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.studies.verdict import Verdict


SHORT: Final = 8
"""Signs of a run's id that a report shows."""
LITTLE: Final = {"points": SLIGHT, "share": SLIGHT / 100, MONEY: 0.5}
"""What is nearer to nothing than this is told as nothing, by unit."""
UNASKED: Final = ("pays_off",)
"""Metrics that no table of a report tells: of money one thing is said, over assumption scenarios."""


@dataclass(frozen=True)
class Account:
    """A result with as is behind it, and what studies have to say about it where they were made."""

    result: Result
    baseline: Result | None = None
    explained: Mapping[str, Any] | None = None
    """The document of `explain` for this plan."""
    uncertainty: JsonDict | None = None
    """What the assumption scenarios say of this plan, as a document; None as long as they were not played."""
    plans: Mapping[str, Result] = field(default_factory=dict)
    """The results of all plans of the scenario, today's among them, where they are there: what the verdict is over."""

    def of_segment(self, segment: str) -> Account:
        """The same of one segment, without the studies, which are about all customers; of `all`, all there is.

        Raises UsageError for a segment that there is not.
        """
        if segment == EVERYONE:
            return self
        baseline = None if self.baseline is None else self.baseline.of_segment(segment)
        plans = {plan: result.of_segment(segment) for plan, result in self.plans.items()}
        return Account(self.result.of_segment(segment), baseline, plans=plans)

    @property
    def note(self) -> str:
        """Which figures are of one segment and which are not; empty for an account of all customers."""
        return segment_note(self.result.scenario, self.result.segment)

    @property
    def whole(self) -> Account:
        """The same of all customers and of each segment, as tables hold it."""
        return replace(self, result=self.result.whole, baseline=None if self.baseline is None else self.baseline.whole)

    @property
    def unknown(self) -> Unknown | None:
        """What the confidence card says of uncertainty."""
        return None if self.uncertainty is None else unknown(self.uncertainty, self.result.scenario.currency)

    @property
    def verdict(self) -> str:
        """The verdict over all plans, in a sentence; empty where a result of theirs is not there."""
        if self.standings is None or self.missing:
            return ""
        said = verdict_sentence(self.standings, self.result.scenario)
        return said if self.result.segment == EVERYONE else f"{ALL_CUSTOMERS}: {said}"

    @cached_property
    def standings(self) -> Verdict | None:
        """The plans of which there is a result, the one worth most first; None where there is none, or not today's."""
        if AS_IS not in self.plans or len(self.plans) < 2:
            return None
        return verdict({plan: result.whole for plan, result in self.plans.items()})

    @property
    def missing(self) -> tuple[str, ...]:
        """The plans that change something and of which there is no result, as people call them."""
        scenario = self.result.scenario
        return tuple(plan_name(scenario, plan) for plan in acting_plans(scenario) if plan not in self.plans)

    @property
    def question(self) -> str:
        """What the report answers."""
        return " ".join((self.result.scenario.question or self.result.scenario.name).split())

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return " ".join(self.result.scenario.name.split())

    @property
    def plan(self) -> str:
        """The plan as people call it."""
        return plan_name(self.result.scenario, self.result.plan)

    @property
    def doing(self) -> str:
        """What is done under the plan."""
        return " ".join(deed(self.result.scenario, self.result.plan).split()) or "What happens when nothing is changed."

    @property
    def answer(self) -> list[str]:
        """What was found, in sentences."""
        return answer(self.result, self.baseline, self.uncertainty if self.unknown is not None else None)

    @property
    def made(self) -> str:
        """How the figures came about, in a line."""
        manifest, scenario = self.result.manifest, self.result.scenario
        many = self.result.replications
        parts = [
            f"{count(many, 'simulation run')} over {horizon(scenario)}",
            f"seed {self.result.seed}",
        ]
        if self.result.future:
            parts.append(f"external scenario: {future_name(scenario, self.result.future)}")
        if self.result.segment != EVERYONE:
            parts.append(f"segment: {segment_name(scenario, self.result.segment)}")
        if when := played(manifest):
            parts.append(f"run {manifest['run'][:SHORT]} of {when}" if "run" in manifest else f"run on {when}")
        return ", ".join([*parts, f"cxmodel {manifest['version']}"])

    @property
    def file(self) -> str:
        """The name of the scenario's file, or one to save it under."""
        name = str(self.result.manifest.get("file") or PurePath(self.result.scenario.files[0]).name)
        if not name.endswith((".yaml", ".yml")) or not name.isprintable() or name.startswith("-"):
            return "scenario.yaml"
        return name

    @property
    def mending(self) -> Mending | None:
        """The value at stake at each touchpoint, where it was worked out."""
        return Mending.of(self.explained.get("mend_first", ())) if self.explained is not None else None

    @property
    def told(self) -> Told:
        """What the maps tell: the plan with today behind it, and what is at stake."""
        return replace(shown(self.result, self.baseline, "both"), mending=self.mending)


def played(manifest: Mapping[str, Any]) -> str:
    """When the run was kept, as it says itself, in UTC; empty for one that was not."""
    try:
        kept = datetime.fromisoformat(manifest["kept"]).astimezone(UTC)
        return f"{kept:%d %b %Y, %H:%M} UTC".removeprefix("0")
    except (KeyError, TypeError, ValueError):
        return ""


def mend_table(account: Account) -> pd.DataFrame:
    """The value at stake at each touchpoint, the largest first."""
    return _pivot(account, "mend_first", "touchpoint", "journey", "difference")


def initiatives_table(account: Account) -> pd.DataFrame:
    """What each initiative of the plan contributes (Shapley values); nothing of an only one, which is the plan."""
    table = _pivot(account, "initiatives", "initiative", "initiatives", "contribution")
    return table if len(table) > 1 else pd.DataFrame()


def _pivot(account: Account, rows: str, name: str, section: str, value: str) -> pd.DataFrame:
    """Rows of an explanation as a table: a row per name, a column per metric, each figure with its interval."""
    scenario, table = account.result.scenario, dict[str, dict[str, str]]()
    for row in (account.explained or {}).get(rows) or ():
        if row[value] is None or row["metric"] not in METRICS:
            continue
        item = METRICS[row["metric"]]
        size, span = with_interval(row[value], row["low"], row["high"], item.unit, scenario.currency, sign=True)
        certain = row["low"] == row["high"] == row[value]
        words = ("–" if row[value] == 0 else size) if certain else f"{size} ({span})"
        if not certain and max(abs(row[end] or 0.0) for end in (value, "low", "high")) < LITTLE.get(item.unit, 0.0):
            words = "≈ 0"
        table.setdefault(scenario.label(section, row[name]), {})[item.label] = words
    return pd.DataFrame([{humanise(name): each} | cells for each, cells in table.items()]).fillna("–")


def metrics_table(account: Account) -> pd.DataFrame:
    """Every metric with its interval, today beside it."""
    currency = account.result.scenario.currency
    rows = []
    for item in METRICS.values():
        now = account.result.metric(item.name)
        if now.value is None or item.name in UNASKED:
            continue
        certain = now.low is not None and now.low == now.high
        unit = (currency or MONEY) if item.unit == MONEY else item.unit
        row = {
            "Metric": f"{item.label}{whose(item.name, account.result)}",
            "Value": figure(now.value, item.unit, currency),
            "95 %": "the same in every run" if certain else interval(now.low, now.high, item.unit, currency),
            "Unit": unit,
        }
        if account.baseline is not None:
            row["Today"] = figure(account.baseline.metric(item.name).value, item.unit, currency)
        rows.append(row | {"What it is": item.describe})
    return pd.DataFrame(rows)


def touchpoints_table(account: Account) -> pd.DataFrame:
    """Every touchpoint and attribute of everyone, from the need to what was perceived."""
    rows = [row for row in account.result.rows("touchpoints") if row["segment"] == EVERYONE]
    levels = ("needed", "pictured", "designed", "delivered", "promised", "expected", "perceived")
    return pd.DataFrame(
        [
            {
                "Touchpoint": account.result.scenario.label("journey", row["touchpoint"]),
                "Attribute": account.result.scenario.label("attributes", row["attribute"]),
                **{humanise(name): figure(row[name]) for name in levels},
                "Gap": figure(row["gap"]),
                "Gap, 95 %": interval(row["gap_low"], row["gap_high"], "points"),
            }
            for row in rows
        ]
    )


def _whose(account: Account, segment: str) -> str:
    """Whose a figure is: a segment's, or that of all."""
    return humanise(segment) if segment == EVERYONE else segment_name(account.result.scenario, segment)


def today_table(account: Account) -> pd.DataFrame:
    """What was measured today beside what the model starts from."""
    rows = []
    for row in account.result.rows("today"):
        name, unit = measure_of_today(row)
        told = {"Measure": name, "Segment": _whose(account, row["segment"])}
        rows.append(
            told
            | {
                "Measured": figure(row["measured"], unit),
                "Modelled": NOBODY if row["modelled"] is None else figure(row["modelled"], unit),
            }
        )
    return pd.DataFrame(rows)
