"""The three scores: what the customer, the customer-facing agent and management each expected, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxmodel.report.text.captions import change_words, whose
from cxmodel.report.text.headline import against_expectation
from cxmodel.report.text.numbers import figure, interval
from cxmodel.results.paired import change
from cxmodel.vocabulary import METRICS

if TYPE_CHECKING:
    from cxmodel.results.result import Result


@dataclass(frozen=True, slots=True)
class Score:
    """How one of the three fares."""

    who: str
    metric: str
    figure: str
    span: str
    words: str
    change: str
    """Against as is; empty without a plan."""


def scores(result: Result, baseline: Result | None) -> list[Score]:
    """The customer, the agent, management."""
    gap = result.metric("expectation_gap").value
    strain = result.metric("agent_strain").value
    said = {
        "expectation_gap": ("Customer", "no touchpoint was judged" if gap is None else against_expectation(gap)),
        "agent_strain": ("Agent", _strained(strain)),
        "targets_met": ("Management", _targets(result.whole)),
    }
    found = []
    for metric, (who, words) in said.items():
        now, unit = result.metric(metric), METRICS[metric].unit
        change_of = ""
        if baseline is not None and now.value is not None:
            change_of = change_words(change(result, baseline, metric))
        certain = now.low is not None and now.low == now.high
        span = (
            "the same in every run" if certain else interval(now.low, now.high, unit) if now.value is not None else ""
        )
        who += whose(metric, result)
        found.append(Score(who, metric, figure(now.value, unit), span, words, change_of))
    return found


def scores_table(result: Result, baseline: Result | None) -> pd.DataFrame:
    """The same as rows."""
    return pd.DataFrame(
        [
            {"Score of": each.who, "Score": each.figure, "95 %": each.span, "In words": each.words}
            | ({"Against today": each.change} if baseline is not None else {})
            for each in scores(result, baseline)
        ]
    )


def _strained(strain: float | None) -> str:
    if strain is None:
        return "no desk is staffed in this scenario"
    if strain < 0.05:
        return "no desk is busier than is good for those who sit there"
    return f"desks are {figure(strain, 'points')} points of utilisation above 85 %, averaged over days"


def _targets(result: Result) -> str:
    """Each target, and whether it is met on average."""
    targets = result.scenario.targets
    if not targets:
        return "the scenario sets no targets"
    said = []
    for name, aim in targets.items():
        goal, now = METRICS[name], result.metric(name)
        currency = result.scenario.currency
        wanted = f"{METRICS[name].label} {figure(aim, goal.unit, currency, brief=True)}"
        if now.value is None:
            said.append(f"{wanted}: not available")
            continue
        met = now.value <= aim if goal.better == "down" else now.value >= aim
        said.append(f"{wanted}: {'met' if met else 'missed'} at {figure(now.value, goal.unit, currency, brief=True)}")
    return "; ".join(said)
