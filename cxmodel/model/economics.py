"""Money: spending, prices, discounting, lifetime value and value for money (equation 12)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import MONTH, YEAR, Floats, Reals, Values


def discounted(days: Reals, rate: Reals) -> Floats:
    """Worth today of one unit of money paid after `days` [money] (equation 12), at a yearly `rate`: (1 + d)^-years."""
    return (1 + np.asarray(rate)) ** (-np.asarray(days) / YEAR)


def spending(
    satisfaction: Reals, slope: float = DEFAULTS.spending_slope, ordinary: float = DEFAULTS.market_standard
) -> Values:
    """Factor by which a customer's margin follows satisfaction [1] (equation 12): 1 + .03 (S - 72) / 10 (A)."""
    return 1 + slope * (satisfaction - ordinary) / 10


def afterlife(hazard: Reals, rate: Reals, months: float = DEFAULTS.afterlife_months) -> Floats:
    """Months of margin still to come, discounted [months] (equation 12).

    The sum over m = 1..60 of ((1 - h) / (1 + d)^(1/12))^m; the bound is an assumption (A).
    """
    keep = (1 - np.asarray(hazard)) * discounted(YEAR / 12, rate)
    return keep * (1 - keep**months) / (1 - keep)


def price_level(price: Reals, reference: Reals) -> Floats:
    """Level [points] that a price delivers against a reference price (equation 12) (A).

    75 + 75 (1 - price/reference), within 0 to 100: 75 where they are equal, 100 from two thirds of it down.
    """
    return np.clip(75 + 75 * (1 - np.asarray(price) / reference), 0.0, 100.0)


def per_month(price: Reals, paid_for: float | None, months_between: float) -> Floats:
    """A price as one per month [money] (equation 12): paid for so many days, or once in so many months (None)."""
    return np.asarray(price) / (months_between if paid_for is None else paid_for / MONTH)


def return_on_quality(gain: Reals, cost: Reals) -> Floats:
    """(Gain in customer equity - cost) / cost [ratio] (equation 12); not a number where nothing was spent."""
    cost = np.asarray(cost, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(cost > 0, (gain - cost) / cost, np.nan)
