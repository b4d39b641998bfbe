"""The short words beside figures and charts: what changed, at what cost, how fresh, starting from what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cxmodel.report.text.numbers import NONE, count, figure, length, listed, measure_of_today, money, with_interval
from cxmodel.results.paired import Change, change
from cxmodel.results.payback import Payback, payback
from cxmodel.results.segment_view import OF_ALL
from cxmodel.scenario.fields.plans import ToldPlan
from cxmodel.vocabulary import AS_IS, EVERYONE, METRICS, MONEY, MONTH, humanise, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario

NO_COST: Final = "no cost within the horizon"
"""Of a plan whose initiatives have a cost, and start too late for it."""
NO_COST_GIVEN: Final = "no cost given"
"""Of a plan of whose cost nothing is said."""
FAR: Final = 1000
"""More runs than this are not worth promising."""
TODAY: Final = "Today (no action)"
"""What the plan that changes nothing is called."""
ALL_CUSTOMERS: Final = "All customers"
"""What the segment that stands for everyone is called."""
NOBODY: Final = "not modelled: there are no customers today"
"""Why a figure of today has nothing beside it."""
USUAL: Final = 30
"""Replications that are there in about a second: nobody has to be told how many are done."""


def change_words(found: Change, currency: str | None = None) -> str:
    """A change in an arrow, a figure, a word and its interval.

    >>> change_words(Change("nps", 0.3, -1.1, 1.7, 30, "unclear", 40, 17))
    'no clear difference (−1.1 to +1.7); about 40 more runs would settle it'
    """
    unit = unit_of(found.metric)
    if found.runs == 0:
        return "cannot be compared"
    if found.verdict == "none":
        return "= unchanged"
    if found.verdict == "slight":
        return "= no material difference"
    size, span = with_interval(found.value, found.low, found.high, unit, currency, sign=True, brief=True)
    if not found.clear:
        return f"no clear difference ({span}); {more_runs(found)}"
    arrow = "▲" if found.value > 0 else "▼"
    return f"{arrow} {size} {found.verdict} ({span})"


def more_runs(found: Change) -> str:
    """How many more runs would show a difference of this size."""
    if found.runs == 1:
        return "one simulation run has no interval"
    if found.wanted is None:
        return "more runs would settle it"
    if found.wanted > FAR:
        return "too small for more runs to settle"
    return f"about {count(_round(found.wanted), 'more run')} would settle it"


def price(result: Result, baseline: Result) -> str:
    """What a plan costs, or the words *no cost given*."""
    missing = uncosted(result.scenario, result.plan)
    cost = change(result, baseline, "cost").value
    if not math.isfinite(cost) or cost <= 0:
        return NO_COST_GIVEN if missing or not result.scenario.initiatives_of(result.plan) else NO_COST
    known = f"for {money(cost, result.scenario.currency, brief=True)}{whose('cost', result)}"
    return f"{known}; {NO_COST_GIVEN} for {listed(missing)}" if missing else known


def paid_back(result: Result) -> str:
    """When a plan is paid back with the scenario's own numbers, against today, and in how many runs unless in all."""
    scenario, found = result.scenario, payback(result)
    if found is not None:
        return _when(found, horizon(scenario))
    if not scenario.initiatives_of(result.plan) or scenario.economics is None:
        return NONE
    return "no cost" if result.metric("net_value").value is not None else NO_COST_GIVEN


def _when(found: Payback, within: str) -> str:
    """In which month a plan is paid back.

    >>> _when(Payback(17.2, 15.6, 18.8, 30, 30), "24 months"), _when(Payback(21.0, 18.9, 23.1, 20, 30), "24 months")
    ('month 17 (16 to 19)', 'month 21 (19 to 23) in 20 of 30 runs')
    >>> _when(Payback(None, None, None, 0, 30), "24 months"), _when(Payback(23.0, 21.9, 24.0, 9, 30), "24 months")
    ('not within 24 months', 'not within 24 months in 21 of 30 runs')
    """
    few = 0 < found.within < found.runs
    if found.month is None or not found.usual:
        return f"not within {within}" + (f" in {found.runs - found.within} of {found.runs} runs" if few else "")
    low, high = (round(found.month if end is None else end) for end in (found.low, found.high))
    span = f" ({low} to {high})" if low < high else ""
    return f"month {found.month:.0f}{span}" + (f" in {found.within} of {found.runs} runs" if few else "")


def whether_paid_back(result: Result) -> str:
    """The same as the end of a sentence: "paid back in month 17", "not paid back within 24 months"; else nothing."""
    if payback(result) is None:
        return ""
    said = paid_back(result)
    return f"not paid back {said.removeprefix('not ')}" if said.startswith("not ") else f"paid back in {said}"


def uncosted(scenario: Scenario, plan: str) -> tuple[str, ...]:
    """The initiatives of a plan whose cost nobody has given, as people call them."""
    names = [name for name in scenario.initiatives_of(plan) if scenario.initiatives[name].cost is None]
    return tuple(scenario.label("initiatives", name, capital=False) for name in names)


def target_words(metric: str, result: Result) -> str:
    """The target of a metric and whether it is met; empty where there is none."""
    aim, now = result.scenario.targets.get(metric), result.metric(metric).value
    if aim is None or now is None:
        return ""
    facts = METRICS[metric]
    missed = aim - now if facts.better == "up" else now - aim
    said = figure(float(aim), facts.unit, result.scenario.currency, brief=True)
    if missed <= 0:
        return f"Target {said}: met"
    size = figure(
        100 * missed if facts.unit == "share" else missed,
        "money" if facts.unit == MONEY else "points",
        result.scenario.currency,
        brief=True,
    )
    return f"Target {said}: missed by {size}{' points' if facts.unit == 'share' else ''}"


def footnote(metric: str, result: Result, baseline: Result | None) -> str:
    """The line under one of the four numbers."""
    if metric == "expectation_gap":
        gap = result.metric("expectation_gap").value
        return "points: falls short of expectation" if gap is None or gap > 0 else "points: exceeds expectation"
    if metric == "retention":
        return f"of customers retained over {window(result.scenario)}"
    if metric == "nps":
        won, lost = result.metric("nps_everyone").value, result.metric("nps_lost").value
        return f"NPS; all ever acquired {figure(won, 'points')}, former customers {figure(lost, 'points')}"
    if result.scenario.economics is None:
        return "not available: the scenario gives no economics"
    if baseline is None:
        return f"customer equity over {horizon(result.scenario)}"
    back = whether_paid_back(result)
    return f"{price(result, baseline)}{back and f', {back}'}; over {horizon(result.scenario)}"


def run_state(state: str, done: int, total: int, *, stale: bool = False, preparing: bool = False) -> str:
    """How fresh the numbers on the page are: `fresh`, `running`, `stopped` or `failed`, with older ones shown or not.

    >>> run_state("fresh", 30, 30), run_state("running", 9, 30, stale=True), run_state("running", 420, 1000)
    ('Up to date (30 runs)', 'Out of date, running', 'Running: 420 of 1,000 runs')
    """
    if state == "fresh":
        return f"Up to date ({count(total, 'run')})"
    if state == "running" and preparing:
        return "Preparing the simulation engine for this computer, once: about half a minute"
    if state == "running":
        words = "running" + (f": {done:,} of {total:,} runs" if total > USUAL else "")
    else:
        words = "the run failed" if state == "failed" else f"stopped at {done:,} of {total:,} runs"
    return f"Out of date, {words}" if stale else f"{words[:1].upper()}{words[1:]}"


def starts_from(result: Result) -> str:
    """How close the model comes to the numbers that were measured today."""
    parts = []
    for row in result.rows("today"):
        if row["measured"] is None or row["segment"] != EVERYONE:
            continue
        name, unit = measure_of_today(row)
        name = name if name == "NPS" else name.lower()
        modelled = NOBODY if row["modelled"] is None else f"{figure(row['modelled'], unit)} modelled"
        parts.append(f"{name} {figure(row['measured'], unit)} measured, {modelled}")
    return (
        f"Starts from today's figures: {'; '.join(parts)}."
        if parts
        else "The scenario gives no figures of today to start from."
    )


def horizon(scenario: Scenario) -> str:
    """How far the run looks ahead."""
    return length(scenario.horizon)


def window(scenario: Scenario) -> str:
    """What retention is told of: the last twelve months, or the horizon where that is shorter."""
    return length(min(scenario.horizon, 12 * MONTH))


def _round(count: int) -> int:
    """To two figures: a count of runs that is itself an estimate.

    >>> _round(43), _round(437)
    (43, 440)
    """
    step = 10 ** max(0, len(str(count)) - 2)
    return int(round(count / step) * step)


def journey_alt(result: Result, stops: pd.DataFrame) -> str:
    """The journey chart for those who hear it read."""
    parts = [f"{row.touchpoint} {row.words}" for row in stops.itertuples()]
    whom = "" if result.segment == EVERYONE else f", {segment_name(result.scenario, result.segment)}"
    return f"Journey of {result.scenario.name}{whom}, {plan_name(result.scenario, result.plan)}: {'; '.join(parts)}."


def segment_name(scenario: Scenario, segment: str) -> str:
    """A segment as people call it."""
    return ALL_CUSTOMERS if segment == EVERYONE else scenario.label("segments", segment)


def segment_within(scenario: Scenario, segment: str) -> str:
    """The same within a sentence."""
    return ALL_CUSTOMERS.lower() if segment == EVERYONE else scenario.label("segments", segment, capital=False)


def whose(metric: str, result: Result) -> str:
    """What stands beside a figure of all customers where the others are a segment's."""
    return f" ({ALL_CUSTOMERS.lower()})" if result.segment != EVERYONE and metric in OF_ALL else ""


def segment_note(scenario: Scenario, segment: str) -> str:
    """Which figures are a segment's and which are not; empty for all customers."""
    if segment == EVERYONE:
        return ""
    return (
        f"Figures are of {segment_within(scenario, segment)} only; cost, net value, payback, targets, waiting over"
        f" time and causes of contacts are of all customers. Value at stake and assumption scenarios are left out."
    )


def future_name(scenario: Scenario, future: str | None) -> str:
    """An external scenario as people call it; empty for none."""
    return scenario.label("futures", future) if future else ""


def future_within(scenario: Scenario, future: str) -> str:
    """The same within a sentence."""
    return scenario.label("futures", future, capital=False)


def plan_name(scenario: Scenario, plan: str, moved: Mapping[str, float] | None = None) -> str:
    """A plan as people call it, with the levers that were moved on top of it."""
    told = plan != AS_IS or isinstance(scenario.plans.get(AS_IS), ToldPlan)
    name = scenario.label("plans", plan) if told else TODAY
    levers = ", ".join(f"{humanise(lever)} at {level:.2f}" for lever, level in (moved or {}).items())
    return f"{name}, with {levers}" if levers else name
