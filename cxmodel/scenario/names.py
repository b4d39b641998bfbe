"""Words that a scenario may use: stages, levers, metrics. Needs no NumPy, so it loads at once."""

from typing import Final

from cxmodel.arrays import LEVERS, STAGES

__all__ = ["AS_IS", "DELIVERY_LEVERS", "EVERYONE", "LEVERS", "METRIC_NAMES", "METRIC_UNITS", "STAGES", "SYMBOLS"]

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
