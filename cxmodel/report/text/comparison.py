"""Comparisons as people read them: effects with direction and doubt in words.

Reads a comparison (`cxmodel.studies.comparison`); computes no difference of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from cxmodel.report.text import verdict as verdict_text
from cxmodel.report.text.captions import (
    ALL_CUSTOMERS,
    NO_COST_GIVEN,
    change_words,
    future_name,
    paid_back,
    plan_name,
    uncosted,
    whose,
)
from cxmodel.report.text.numbers import NONE, figure, listed, money, with_interval
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, change
from cxmodel.scenario.describe.wording import label
from cxmodel.studies.verdict import among, ranked
from cxmodel.vocabulary import EVERYONE, MONTH, unit_of

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.studies.comparison import Cell, Comparison, Pair

COLUMNS: Final = ("expectation_gap", "retention", "nps", "net_value", "customer_equity")
"""The metrics that a table of effects has a column for."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one run changes against another in one metric, ready to be shown."""

    metric: str
    change: Change
    head: str
    """Arrow, size and word."""
    span: str
    """The interval, or what more runs would tell."""

    tone: Literal["better", "worse", "neutral", "unclear"]
    """How it is coloured, which the words say too; money gained is *better* only where it is a net gain."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a pair, and its effects."""

    name: str
    future: str
    effects: tuple[Effect, ...]
    payback: str
    """When its cost is paid back, against today."""
    cost: str
    """What it costs more, or that nobody has said."""


def lines(found: Comparison) -> list[Line]:
    """Every pair with its effects, the plan that is worth most first."""
    return [_line(found, pair) for pair in ranked(found)]


def sentence(found: Comparison) -> str:
    """The verdict over the plans, where all are held against today in one world; nothing elsewhere."""
    told = among(found) if len({pair.run.future for pair in found.pairs}) == 1 else None
    result = found.results[found.pairs[0].run]
    said = "" if told is None else verdict_text.sentence(told, result.scenario)
    return f"{ALL_CUSTOMERS}: {said}" if said and result.segment != EVERYONE else said


def name_of(cell: Cell, found: Comparison) -> str:
    """What a run of a comparison is called; of two scenarios of one name, the first is what was before."""
    plan = plan_name(found.results[cell].scenario, cell.plan)
    names = {each.scenario: result.scenario.name for each, result in found.results.items()}
    if len(names) == 1:
        return plan
    if len(set(names.values())) == 1:
        return f"{plan}, {'now' if cell.scenario else 'before'}"
    return f"{names[cell.scenario]}: {plan}"


def effect(found: Change, currency: str | None = None, *, net_gain: bool = True) -> Effect:
    """A change as a head and what follows it; `net_gain` where what is gained is more than what is spent.

    >>> effect(Change("nps", 9.5, 9.4, 9.7, 30, "better", None, 30)).head
    '▲ +9.5 better'
    >>> effect(Change("nps", 0.3, -1.1, 1.7, 30, "unclear", 40, 17)).span
    '−1.1 to +1.7; about 40 more runs needed'
    """
    unit = unit_of(found.metric)
    words = change_words(found, currency)
    head, _, rest = words.partition(" (")
    span = rest.partition(")")[0]
    if found.verdict == "unclear" and found.runs:
        size, _ = with_interval(found.value, found.low, found.high, unit, currency, sign=True, brief=True)
        more = rest.partition("; ")[2].replace("would settle it", "needed")
        return Effect(found.metric, found, f"≈ {size} unclear", f"{span}; {more}" if more else span, "unclear")
    if found.verdict == "better":
        return Effect(found.metric, found, head, span, "better" if net_gain or unit != "money" else "neutral")
    return Effect(found.metric, found, head, span, "worse" if found.verdict == "worse" else "unclear")


def effects_table(found: Comparison) -> pd.DataFrame:
    """Every metric of every pair, all segments together: the difference, its interval, the verdict in words."""
    rows = []
    for pair in ranked(found):
        result, baseline = (found.results[cell] for cell in pair)
        for item in METRICS.values():
            told = change(result, baseline, item.name)
            if told.runs == 0:
                continue
            currency = result.scenario.currency
            shown = effect(told, currency)
            size, span = with_interval(told.value, told.low, told.high, item.unit, currency, sign=True)
            rows.append(
                {
                    "What": name_of(pair.run, found),
                    "Against": name_of(pair.against, found),
                    "External scenario": future_name(result.scenario, pair.run.future) or "No external scenario",
                    "Metric": f"{item.label}{whose(item.name, result)}",
                    "Change": size,
                    "Change, 95 %": span,
                    "Verdict": shown.head.rpartition(" ")[2] if told.clear else shown.head.partition(" ")[2],
                }
            )
    return pd.DataFrame(rows)


def doing(scenario: Scenario, plan: str) -> list[tuple[str, str]]:
    """What a plan does: each initiative in its own words, and what is said of its cost."""
    found = []
    for name in scenario.initiatives_of(plan):
        act = scenario.initiatives[name]
        found.append((act.what.rstrip(". ") or _changed(scenario, name), cost_words(scenario, name)))
    return found


def cost_words(scenario: Scenario, initiative: str) -> str:
    """What is said of the cost of an initiative: `£10,000 once and £200 a month`."""
    cost = scenario.initiatives[initiative].cost
    if cost is None:
        return NO_COST_GIVEN
    once, running = cost.once, cost.running * MONTH
    parts = [figure(once, "money", scenario.currency) + " once"] if once or not running else []
    parts += [figure(running, "money", scenario.currency) + " a month"] if running else []
    return listed(parts)


def terms(scenario: Scenario, initiative: str) -> str:
    """The cost of an initiative, and from when it is: `£10,000 once, from month 2`."""
    month = scenario.initiatives[initiative].starts / MONTH
    return f"{cost_words(scenario, initiative)}, {'at once' if month < 0.5 else f'from month {month:.0f}'}"


def _changed(scenario: Scenario, name: str) -> str:
    """What an initiative without words of its own does: `Moved levers: platforms lever to 0.45`."""
    changes, plain = scenario.initiatives[name].changes, scenario._document.plain
    to = [f"{label(tuple(path.split('.')), plain)} to {each:g}" for path, each in changes.items() if _is_number(each)]
    said = scenario.label("initiatives", name)
    return f"{said}: {listed(to)}" if to else said


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(found: Comparison, pair: Pair) -> Line:
    result, baseline = (found.results[cell] for cell in pair)
    currency = result.scenario.currency
    changes = {metric: change(result, baseline, metric) for metric in COLUMNS}
    net = changes["net_value"]
    net_gain = net.clear and net.value > 0
    effects = {name: effect(each, currency, net_gain=net_gain) for name, each in changes.items()}
    if net.runs == 0 and result.scenario.economics is not None:
        effects["net_value"] = Effect("net_value", net, NO_COST_GIVEN, "so no net value", "unclear")
    future = future_name(result.scenario, pair.run.future)
    return Line(
        name_of(pair.run, found), future, tuple(effects.values()), paid_back(result), costs_more(result, baseline)
    )


def costs_more(result: Result, baseline: Result) -> str:
    """What one run spends more than another over the horizon, or for what nobody has said it."""
    more = change(result, baseline, "cost").value
    lacking = tuple(
        dict.fromkeys((*uncosted(result.scenario, result.plan), *uncosted(baseline.scenario, baseline.plan)))
    )
    if not math.isfinite(more):
        return NONE
    if not more:
        return NO_COST_GIVEN if lacking else "nothing more"
    size = money(abs(more), result.scenario.currency, brief=True) + (" less" if more < 0 else "")
    return f"{size}; {NO_COST_GIVEN} for {listed(lacking)}" if lacking else size
