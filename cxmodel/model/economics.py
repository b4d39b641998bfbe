"""Money: spending, prices, discounting, lifetime value and value for money (equation 12)."""

import numpy as np

from cxmodel.arrays import MONTH, YEAR, Floats, Reals
from cxmodel.assumptions import DEFAULTS


def discounted(days: Reals, rate: Reals) -> Floats:
    """Worth today of one unit of money paid after `days`, at a yearly `rate`."""
    return (1 + np.asarray(rate)) ** (-np.asarray(days) / YEAR)


def spending(
    satisfaction: Reals, slope: float = DEFAULTS.spending_slope, ordinary: float = DEFAULTS.market_standard
) -> Floats:
    """Factor by which a customer's margin follows satisfaction (A)."""
    return 1 + slope * (np.asarray(satisfaction) - ordinary) / 10


def afterlife(hazard: Reals, rate: Reals, months: float = DEFAULTS.afterlife_months) -> Floats:
    """Months of margin still to come, discounted: sum over m = 1..months of ((1 - h) / (1 + d)^(1/12))^m."""
    keep = (1 - np.asarray(hazard)) * discounted(YEAR / 12, rate)
    return keep * (1 - keep**months) / (1 - keep)


def lifetime_value(margin: Reals, retention: Reals, rate: Reals) -> Floats:
    """Value of a customer for ever, first margin after one period: m r / (1 + d - r)."""
    return margin * np.asarray(retention) / (1 + np.asarray(rate) - retention)


def price_level(price: Reals, reference: Reals) -> Floats:
    """Level [points] that a price delivers against a reference price: 75 where they are equal, 150 where free."""
    return np.clip(75 + 75 * (1 - np.asarray(price) / reference), 0.0, 100.0)


def per_month(price: Reals, paid_for: float | None, months_between: float) -> Floats:
    """A price as one per month (equation 12): paid for so many days, or once in so many months (None)."""
    return np.asarray(price) / (months_between if paid_for is None else paid_for / MONTH)


def return_on_quality(gain: Reals, cost: Reals) -> Floats:
    """(gain in customer equity - cost) / cost; not a number where nothing was spent."""
    cost = np.asarray(cost, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(cost > 0, (gain - cost) / cost, np.nan)
