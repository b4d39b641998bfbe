"""When a plan is paid back, and in how many of a result's simulation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cxmodel.results.result import Result


class Payback(NamedTuple):
    """By the end of which month a plan has earned what it cost: the mean of the runs in which it has, and its interval.

    `within` of the `runs` pay it back within the horizon; month and interval are None where none does.
    """

    month: float | None
    low: float | None
    high: float | None
    within: int
    runs: int

    @property
    def usual(self) -> bool:
        """Whether it is paid back within the horizon in at least half of the runs."""
        return 2 * self.within >= self.runs


def payback(result: Result) -> Payback | None:
    """When a plan is paid back; None where there is nothing to pay back: today, a plan without cost or none given."""
    if not np.isfinite(result.samples("return_on_quality")).any():
        return None
    found = result.metric("payback_month")
    within = int(np.isfinite(result.samples("payback_month")).sum())
    return Payback(found.value, found.low, found.high, within, result.replications)
