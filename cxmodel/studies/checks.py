"""What a scenario expects of its own results: whether it holds, by the far end of the interval.

Plans are compared replication by replication, with the same luck. Knows no words for people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import numpy as np

from cxmodel.results.estimates import Estimate, bounds, estimate
from cxmodel.results.paired import paired, still_needed
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.plans import BOUNDS, Expectation
from cxmodel.simulation.simulate import simulate
from cxmodel.vocabulary import EVERYONE, METRICS, MONEY, Floats

Verdict = Literal["pass", "fail", "inconclusive"]
OF_MONEY: Final = ("return_on_quality", "payback_month", "pays_off")
"""Metrics that rest on money although their unit is another."""
MOST_MORE: Final = 100_000
"""Replications beyond which nobody would wait for a verdict."""


def check(
    scenario: Scenario,
    replications: int = 60,
    seed: int = 1,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Whether what the scenario expects holds: a row per expectation.

    verdict (pass, fail, inconclusive), plan, metric, label, segment, test (better_than, worse_than, above, below),
    against (the other plan), aim (the number given), by, bound (where the line runs, in the units of `value`),
    value, low, high (the figure; for plans the difference plan - against), unit, better (up, down), why (an
    inconclusive one is so; None where the interval just holds the bound), more_needed (replications that would tell).
    """
    plans = list(dict.fromkeys(plan for item in scenario.expect for plan in _plans(item)))
    results = {}
    for number, plan in enumerate(plans):

        def report(done: int, total: int, before: int = number) -> None:
            if progress is not None:
                progress(before * total + done, len(plans) * total)

        results[plan] = simulate(scenario, plan, replications=replications, seed=seed, jobs=jobs, progress=report)
    return [_row(item, results) for item in scenario.expect]


def _plans(item: Expectation) -> list[str]:
    """The plans an expectation is about."""
    return [plan for plan in (item.better_than, item.worse_than, item.plan) if plan is not None]


def _row(item: Expectation, results: Mapping[str, Result]) -> dict[str, Any]:
    """One expectation and its verdict."""
    metric, result = METRICS[item.metric], results[item.plan]
    (test,) = [bound for bound in BOUNDS if getattr(item, bound) is not None]
    against = item.better_than or item.worse_than
    way = -1.0 if test in ("below", "worse_than") else 1.0
    samples = result.samples(item.metric, item.segment)
    if against is None:
        figure = result.metric(item.metric, item.segment)
        start = float(getattr(item, test))
    else:
        way *= -1.0 if metric.better == "down" else 1.0
        samples = paired(result, results[against], item.metric, item.segment)
        low, high = bounds(item.metric)
        figure, start = estimate(samples, low - high, high - low), 0.0
    bound = start + way * (item.by or 0.0)
    verdict = judge(figure, bound, way)
    missing = [each for each in (result, results.get(against or "")) if each and _is_missing(each, item)]
    why = None
    if figure.value is None:
        why = _why(missing[0], item) if missing else "the two plans never have this figure in the same simulation run"
    elif figure.low is None:
        why = "a single simulation run has no interval"
    elif against is not None and metric.better is None:
        verdict, why = "inconclusive", "neither more nor less of it is better"
    scenario = result.scenario
    return {
        "verdict": verdict,
        "plan": item.plan,
        "metric": item.metric,
        "label": metric.label,
        "segment": item.segment,
        "test": test,
        "against": against,
        "aim": None if against else start,
        "by": item.by,
        "bound": bound,
        **figure._asdict(),
        "unit": (scenario.currency or MONEY) if metric.unit == MONEY else metric.unit,
        "better": metric.better,
        "why": why,
        "more_needed": _more_needed(figure, bound, samples)
        if verdict == "inconclusive" and not why and item.metric != "nps_measured"  # its interval is the survey's own
        else None,
    }


def judge(figure: Estimate, bound: float, way: float) -> Verdict:
    """Pass where the interval lies beyond the bound (`way` 1: above it, -1: below it), fail where it lies short of it.

    >>> judge(Estimate(1.2, 0.9, 1.5), 0.0, 1.0), judge(Estimate(1.2, -0.1, 2.5), 0.0, 1.0)
    ('pass', 'inconclusive')

    What is certainly at the bound is not beyond it:

    >>> judge(Estimate(0.0, 0.0, 0.0), 0.0, 1.0)
    'fail'
    """
    if figure.low is None or figure.high is None:
        return "inconclusive"
    near, far = sorted((way * (figure.low - bound), way * (figure.high - bound)))
    if near > 0:
        return "pass"
    return "fail" if far < 0 or near == far else "inconclusive"


def _more_needed(figure: Estimate, bound: float, samples: Floats) -> int | None:
    """About how many more replications would take the interval off the bound, if the figure stays what it is."""
    if figure.value is None or figure.low is None:
        return None
    more = still_needed(samples[~np.isnan(samples)], figure.value - bound)
    return more if more is not None and more < MOST_MORE else None


def _is_missing(result: Result, item: Expectation) -> bool:
    return bool(np.isnan(result.samples(item.metric, item.segment)).all())


def _why(result: Result, item: Expectation) -> str:
    """Why a figure cannot be had."""
    metric = METRICS[item.metric]
    of_money = metric.unit == MONEY or item.metric in OF_MONEY
    if of_money and result.scenario.economics is None:
        return "without `economics` there are no figures of money"
    if item.metric in OF_MONEY and not result.scenario.initiatives_of(result.plan):
        return f"{result.scenario.label_or_id('plans', result.plan)} changes nothing that could pay"
    if item.segment != EVERYONE and not np.isnan(result.samples(item.metric)).all():
        return "it is known of all customers together only, not of a segment"
    plan = result.scenario.label_or_id("plans", result.plan)
    return f"there is nothing to tell it from under {plan} (no cost, no contacts, nobody lost …)"
