"""The difference between two results, replication by replication: its interval, a verdict, the runs still needed.

Two results with one seed share their luck (common random numbers), so the difference is taken within each
replication and then averaged. Knows no words for people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cxmodel.results.estimates import NORMAL, bounds, estimate, half_width
from cxmodel.results.expenditure import standing
from cxmodel.vocabulary import AS_IS, EVERYONE, METRICS, MONEY, Floats

if TYPE_CHECKING:
    from cxmodel.results.result import Result

Verdict = Literal["better", "worse", "more", "less", "unclear", "slight", "none"]
"""*slight* shows beyond doubt and is too small to matter; *none* is the same to the last bit."""
SLIGHT: Final = 0.05
"""Points, or hundredths of a share, below which a change is too small to matter (and rounds to nothing)."""
SLIGHT_MONEY: Final = 0.0005
"""The same for money, as a share of what there was."""
MOST_NEEDED: Final = 10**9
"""Runs beyond which the answer is: no number of them."""


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of a metric between two results [its unit], with the 95 % interval of Student's t."""

    metric: str
    value: float
    low: float
    high: float
    runs: int
    verdict: Verdict
    wanted: int | None
    """Runs still needed before a difference of this size would show; None where it shows or is none."""
    above: int
    """Runs in which the metric rose."""

    @property
    def clear(self) -> bool:
        """The interval leaves zero out."""
        return self.verdict not in ("unclear", "slight", "none")


def change(result: Result, baseline: Result, metric: str, segment: str = EVERYONE) -> Change:
    """The paired difference of one metric, over the replications in which both have it."""
    return judge(metric, paired(result, baseline, metric, segment), least=slight(baseline, metric))


def judge(metric: str, differences: Floats, least: float = 0.0) -> Change:
    """Mean, interval and verdict of differences that are already paired; below `least` they do not matter.

    >>> judge("nps", np.array([1.0, 2.0, 3.0, 2.0])).verdict, judge("nps", np.zeros(4)).verdict
    ('better', 'none')
    """
    runs = len(differences)
    if runs == 0:
        return Change(metric, math.nan, math.nan, math.nan, 0, "unclear", None, 0)
    above = int((differences > 0).sum())
    if not differences.any():
        return Change(metric, 0.0, 0.0, 0.0, runs, "none", None, 0)
    low, high = bounds(metric)
    found = estimate(differences, low - high, high - low)
    mean = found.value or 0.0
    if found.low is None or found.high is None:
        return Change(metric, mean, math.nan, math.nan, runs, "unclear", None, above)
    verdict, wanted = _verdict(metric, mean), None
    if found.low <= 0 <= found.high:
        verdict, wanted = "unclear", still_needed(differences, mean)
    if max(-found.low, found.high) < least:
        verdict, wanted = "slight", None
    return Change(metric, mean, found.low, found.high, runs, verdict, wanted, above)


def still_needed(samples: Floats, distance: float) -> int | None:
    """How many more replications would make half the interval smaller than `distance`, by the variance seen so far.

    None where no number of them would. With a spread of 10, a distance of 2 takes about 100 replications:

    >>> still_needed(np.tile([-10.0, 10.0], 15), 2.0)
    72
    """
    runs = len(samples)
    needed = needed_for(float(samples.std(ddof=1)), distance, least=runs) if runs > 1 else None
    return needed - runs or None if needed else None


def needed_for(spread: float, half: float, least: int = 2) -> int | None:
    """How many replications make half the interval smaller than `half`, at this standard deviation; `least` at least.

    >>> needed_for(spread=10.0, half=1.0)
    387
    """
    if not half or (NORMAL * spread / abs(half)) ** 2 > MOST_NEEDED:
        return None
    needed = max(2, least, math.ceil((NORMAL * spread / abs(half)) ** 2))
    while half_width(spread, needed) >= abs(half):  # Student's t asks for two or three more than the normal
        needed += 1
    return needed


def slight(baseline: Result, metric: str) -> float:
    """The size below which a change of this metric does not matter [its unit]."""
    unit = METRICS[metric].unit if metric in METRICS else ""
    if unit == MONEY:
        whole = "customer_equity" if metric == "net_value" else metric
        judged = baseline.whole if metric == "net_value" else baseline
        return SLIGHT_MONEY * abs(judged.metric(whole).value or 0.0)
    return SLIGHT / 100 if unit == "share" else SLIGHT


def paired(result: Result, baseline: Result, metric: str, segment: str = EVERYONE) -> Floats:
    """The metric's differences, one per replication that both results have; cost is all that is spent, today's too."""
    if metric == "net_value":
        return _net(result, baseline, segment)
    mine, theirs = result.samples(metric, segment), baseline.samples(metric, segment)
    runs = min(len(mine), len(theirs))
    differences = np.asarray(mine[:runs] - theirs[:runs], dtype=float)
    if metric == "cost":
        differences += standing(result.scenario) - standing(baseline.scenario)
    known: Floats = differences[np.isfinite(differences)]
    return known


def _net(result: Result, baseline: Result, segment: str) -> Floats:
    """Customer equity gained less cost, against any other run; nothing where the cost of a plan is not given."""
    plans = [each for each in (result, baseline) if each.plan != AS_IS]
    spent = paired(result, baseline, "cost", segment)
    given = bool(plans) or bool(spent.any())
    if not given or not all(np.isfinite(each.samples("net_value", segment)).any() for each in plans):
        return np.empty(0)
    return paired(result.whole, baseline.whole, "customer_equity", segment) - float(spent.mean())


def _verdict(metric: str, mean: float) -> Verdict:
    better = METRICS[metric].better if metric in METRICS else None
    if better is None:
        return "more" if mean > 0 else "less"
    return "better" if (mean > 0) == (better == "up") else "worse"
