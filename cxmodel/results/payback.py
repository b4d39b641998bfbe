"""When a plan is paid back: over all the simulation runs of a result, those in which it never is among them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cxmodel.results.result import Result


def payback(result: Result) -> float | None:
    """The month by whose end a plan is paid back in at least half of the simulation runs; infinite where in fewer.

    None where there is nothing to pay back: today, a plan that costs nothing, or one whose cost is not given.
    """
    if not np.isfinite(result.samples("return_on_quality")).any():
        return None
    months = np.sort(np.nan_to_num(result.samples("payback_month"), nan=math.inf))
    return float(months[(len(months) + 1) // 2 - 1])
