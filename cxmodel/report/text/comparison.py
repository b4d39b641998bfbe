"""Comparisons as people read them: effects with direction and doubt in words.

Reads a comparison (`cxmodel.studies.comparison`); computes no difference of its own but who is ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from cxmodel.report.text.captions import ALL_CUSTOMERS, change_words, plan_name, price, whose
from cxmodel.report.text.numbers import figure, listed, with_interval
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, change, judge, paired
from cxmodel.scenario.describe.wording import label
from cxmodel.vocabulary import EVERYONE, HEADLINES, MONTH, humanise, unit_of

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.studies.comparison import Cell, Comparison, Pair

COSTED: Final = "cost"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one run changes against another in one metric, ready to be shown."""

    metric: str
    change: Change
    head: str
    """Arrow, size and word."""
    span: str
    """The interval, or what more runs would tell."""

    @property
    def tone(self) -> str:
        """better, worse, unclear: how the cell is coloured, which the words say too."""
        return self.change.verdict if self.change.verdict in ("better", "worse") else "unclear"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a pair, and its effects."""

    name: str
    future: str
    effects: tuple[Effect, ...]
    cost: str
    """What it costs more, or that nobody has said."""


def lines(found: Comparison) -> list[Line]:
    """Every pair with its effects on the four headline figures."""
    return [_line(found, pair) for pair in found.pairs]


def name_of(cell: Cell, found: Comparison) -> str:
    """What a run of a comparison is called; of two scenarios of one name, the first is what was before."""
    plan = plan_name(cell.plan)
    names = {each.scenario: result.scenario.name for each, result in found.results.items()}
    if len(names) == 1:
        return plan
    if len(set(names.values())) == 1:
        return f"{plan}, {'now' if cell.scenario else 'before'}"
    return f"{names[cell.scenario]}: {plan}"


def effect(found: Change, currency: str | None = None) -> Effect:
    """A change as a head and what follows it.

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
        return Effect(found.metric, found, f"≈ {size} unclear", f"{span}; {more}" if more else span)
    return Effect(found.metric, found, head, span)


def leader(found: Comparison) -> str:
    """Which plan is ahead after the costs given (in NPS without economics), and how far the next is behind.

    Nothing where there is only one, or where they are not held against the same run.
    """
    against = {pair.against for pair in found.pairs}
    if len(found.pairs) < 2 or len(against) != 1:
        return ""
    standing = found.results[against.pop()]
    money = standing.scenario.economics is not None
    if money and standing.segment != EVERYONE:  # what is spent is spent on all customers
        whole = {cell: result.whole for cell, result in found.results.items()}
        return f"{ALL_CUSTOMERS}: {leader(replace(found, results=whole))}"
    metric, unit = ("customer_equity", "money") if money else ("nps", "points")
    currency, what = standing.scenario.currency, "customer equity after the costs given" if money else "NPS"
    gains = {pair.run: _gain(found.results[pair.run], standing, money) for pair in found.pairs}
    best, second, *_ = sorted(gains, key=lambda cell: -float(gains[cell].mean()))
    own = judge(metric, gains[best])
    if not own.clear or own.value <= 0:
        return f"No plan clearly adds {what}."
    size, span = with_interval(own.value, own.low, own.high, unit, currency, sign=True)
    said = f"{name_of(best, found)} adds the most {what}: {size} ({span})"
    runs = min(len(gains[best]), len(gains[second]))
    behind = judge(metric, gains[best][:runs] - gains[second][:runs])
    size, span = with_interval(behind.value, behind.low, behind.high, unit, currency, sign=True)
    if behind.verdict == "none":
        return f"{said}, and {name_of(second, found)} exactly as much."
    if not behind.clear:
        return f"{said}. Whether it is ahead of {name_of(second, found)} is open ({span})."
    return f"{said}. {name_of(second, found)} is {size.removeprefix('+')} behind ({span})."


def effects_table(found: Comparison) -> pd.DataFrame:
    """Every metric of every pair, all segments together: the difference, its interval, the verdict in words."""
    rows = []
    for pair in found.pairs:
        result, baseline = (found.results[cell] for cell in pair)
        for item in METRICS.values():
            if not found.comparable(pair, item.name):
                continue
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
                    "External scenario": humanise(pair.run.future) if pair.run.future else "No external scenario",
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
        found.append((act.what.rstrip(". ") or _changed(name, act.changes), cost_words(scenario, name)))
    return found


def cost_words(scenario: Scenario, initiative: str) -> str:
    """What is said of the cost of an initiative: `£10,000 once and £200 a month`."""
    cost = scenario.initiatives[initiative].cost
    if cost is None:
        return "no cost given"
    once, running = cost.once, cost.running * MONTH
    parts = [figure(once, "money", scenario.currency) + " once"] if once or not running else []
    parts += [figure(running, "money", scenario.currency) + " a month"] if running else []
    return listed(parts)


def terms(scenario: Scenario, initiative: str) -> str:
    """The cost of an initiative, and from when it is: `£10,000 once, from month 2`."""
    month = scenario.initiatives[initiative].starts / MONTH
    return f"{cost_words(scenario, initiative)}, {'at once' if month < 0.5 else f'from month {month:.0f}'}"


def _changed(name: str, changes: Mapping[str, Any]) -> str:
    """What an initiative without words of its own does: `Moved levers: platforms lever to 0.45`."""
    to = [f"{label(tuple(path.split('.')))} to {value:g}" for path, value in changes.items() if _is_number(value)]
    return f"{humanise(name)}: {listed(to)}" if to else humanise(name)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(found: Comparison, pair: Pair) -> Line:
    result, baseline = (found.results[cell] for cell in pair)
    currency = result.scenario.currency
    effects = tuple(
        effect(change(result, baseline, metric), currency) for metric in HEADLINES if found.comparable(pair, metric)
    )
    future = humanise(pair.run.future) if pair.run.future else ""
    cost = _cost(result, baseline) if found.comparable(pair, COSTED) else "–"
    return Line(name_of(pair.run, found), future, effects, cost)


def _cost(result: Result, baseline: Result) -> str:
    """What it costs beyond the other, or that nobody has said."""
    if not result.scenario.initiatives_of(result.plan):
        return "nothing more"
    return price(result, baseline).removeprefix("for ")


def _gain(result: Result, baseline: Result, money: bool) -> Any:
    """What a plan gains in each replication: worth less cost, or NPS."""
    if not money:
        return paired(result, baseline, "nps")
    return paired(result, baseline, "customer_equity") - float(np.mean(paired(result, baseline, COSTED)))
