"""What a plan changes against as is: one paired difference per metric, its interval and an honest verdict.

Plans share their luck replication by replication, so the difference is taken within each and then averaged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy.special import stdtrit

from cxmodel.arrays import Floats
from cxmodel.metrics import METRICS, MONEY

if TYPE_CHECKING:
    from cxmodel.results import Result

Verdict = Literal["better", "worse", "more", "less", "unclear", "slight", "none"]
"""*slight* shows beyond doubt and is too small to matter; *none* is the same to the last bit."""
SLIGHT: Final = 0.05
"""Points, or hundredths of a share, below which a change is too small to matter (and rounds to nothing)."""
SLIGHT_MONEY: Final = 0.0005
"""The same for money, as a share of what there was."""


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


def change(result: Result, baseline: Result, metric: str) -> Change:
    """The paired difference of one metric, over the replications in which both have it."""
    return judge(metric, paired(result, baseline, metric), least=slight(baseline, metric))


def judge(metric: str, differences: Floats, least: float = 0.0) -> Change:
    """Mean, interval and verdict of differences that are already paired; below `least` they do not matter."""
    runs = len(differences)
    if runs == 0:
        return Change(metric, math.nan, math.nan, math.nan, 0, "unclear", None, 0)
    mean, above = float(differences.mean()), int((differences > 0).sum())
    if not differences.any():
        return Change(metric, 0.0, 0.0, 0.0, runs, "none", None, 0)
    if runs == 1:
        return Change(metric, mean, math.nan, math.nan, 1, "unclear", None, above)
    spread = float(differences.std(ddof=1))
    half = float(stdtrit(runs - 1, 0.975)) * spread / math.sqrt(runs)
    if abs(mean) + half < least:
        return Change(metric, mean, mean - half, mean + half, runs, "slight", None, above)
    if abs(mean) > half:
        return Change(metric, mean, mean - half, mean + half, runs, _verdict(metric, mean), None, above)
    wanted = math.ceil(runs * (half / abs(mean)) ** 2) - runs + 1 if mean else None
    return Change(metric, mean, mean - half, mean + half, runs, "unclear", wanted, above)


def slight(baseline: Result, metric: str) -> float:
    """The size below which a change of this metric does not matter [its unit]."""
    unit = METRICS[metric].unit if metric in METRICS else ""
    if unit == MONEY:
        return SLIGHT_MONEY * abs(baseline.metric(metric).value or 0.0)
    return SLIGHT / 100 if unit == "share" else SLIGHT


def paired(result: Result, baseline: Result, metric: str) -> Floats:
    """The metric's differences, one per replication that both results have."""
    mine, theirs = result.samples(metric), baseline.samples(metric)
    runs = min(len(mine), len(theirs))
    differences = np.asarray(mine[:runs] - theirs[:runs], dtype=float)
    known: Floats = differences[np.isfinite(differences)]
    return known


def _verdict(metric: str, mean: float) -> Verdict:
    better = METRICS[metric].better if metric in METRICS else None
    if better is None:
        return "more" if mean > 0 else "less"
    return "better" if (mean > 0) == (better == "up") else "worse"
