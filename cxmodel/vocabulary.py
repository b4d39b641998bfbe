"""Vocabulary shared by every room: levers, stages, metrics and their units, units of time, array types.

Loads no NumPy, so that reading a scenario does not either.
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    """An array of numbers."""
    Reals = float | Floats
    """A number or an array of numbers: the equations take either."""
    Values = Any
    """A number where numbers are given, an array where an array is: what an equation returns."""
else:
    Floats = Reals = Values = Any

MONTH: Final = 365.25 / 12
"""Days in a month."""
YEAR: Final = 365.25
"""Days in a year."""


class LeverFacts(NamedTuple):
    """What a lever is, and how slowly it moves."""

    what: str
    half_life: float
    """Months until half of a change is felt (A, inside Schneiderman 1988's 1-22)."""


LEVERS: Final = {
    "priorities": LeverFacts("What comes first when not everything can.", 3.0),
    "policies": LeverFacts("What people are allowed and asked to do.", 3.0),
    "practices": LeverFacts("How work is done every day.", 9.0),
    "people": LeverFacts("Who does it, and how able and willing they are.", 12.0),
    "platforms": LeverFacts("The systems it runs on.", 14.0),
}
"""The five Ps, in the order the chain from decision to delivery uses them: the one place where a lever is defined."""

STAGES: Final = ("aware", "choose", "buy", "receive", "use", "support", "renew", "leave", "return")
"""The stages of a journey, in the order customers live them."""
ONBOARDING: Final = ("aware", "choose", "buy", "receive")
"""The stages a newcomer lives one after the other."""

DELIVERY_LEVERS: Final = ("practices", "people", "platforms")
"""The levers a touchpoint relies on, in equal parts, when it does not say."""

AS_IS: Final = "as_is"
"""The plan that changes nothing; it always exists."""

EVERYONE: Final = "all"
"""The segment that stands for everyone in results and expectations."""

METRIC_UNITS: Final = {
    "expectation_gap": "points",
    "satisfaction": "points",
    "retention": "share",
    "churn_monthly": "share",
    "nps": "points",
    "nps_everyone": "points",
    "nps_lost": "points",
    "nps_measured": "points",
    "promoters": "share",
    "detractors": "share",
    "acquired": "people",
    "lost": "people",
    "referrals": "people",
    "contacts_per_customer": "contacts",
    "failure_demand": "share",
    "wait_minutes": "minutes",
    "abandonment": "share",
    "value_for_money": "points",
    "revenue": "money",
    "clv": "money",
    "customer_equity": "money",
    "cost": "money",
    "targets_met": "share",
    "agent_strain": "points",
    "return_on_quality": "ratio",
    "won_back": "people",
    "payback_month": "months",
    "pays_off": "share",
}
"""Every metric a target or an expectation may name, and what it is counted in."""

METRIC_NAMES: Final = tuple(METRIC_UNITS)
"""Every metric a target or an expectation may name."""

SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}
"""How an amount of a currency begins; with its code where it is not here."""
