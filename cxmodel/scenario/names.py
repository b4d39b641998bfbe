"""Words that a scenario may use: stages, levers, metrics. Needs no NumPy, so it loads at once."""

from typing import Final

from cxmodel.arrays import LEVERS, STAGES

__all__ = ["AS_IS", "DELIVERY_LEVERS", "EVERYONE", "LEVERS", "METRIC_NAMES", "STAGES"]

DELIVERY_LEVERS: Final = ("practices", "people", "platforms")
"""The levers a touchpoint relies on, in equal parts, when it does not say."""

AS_IS: Final = "as_is"
"""The plan that changes nothing; it always exists."""

EVERYONE: Final = "all"
"""The segment that stands for everyone in results and expectations."""

METRIC_NAMES: Final = (
    "expectation_gap",
    "satisfaction",
    "retention",
    "churn_monthly",
    "nps",
    "nps_everyone",
    "nps_lost",
    "nps_measured",
    "promoters",
    "detractors",
    "acquired",
    "lost",
    "referrals",
    "contacts_per_customer",
    "failure_demand",
    "wait_minutes",
    "abandonment",
    "value_for_money",
    "revenue",
    "clv",
    "customer_equity",
    "cost",
    "targets_met",
    "agent_strain",
    "return_on_quality",
    "won_back",
    "payback_month",
    "pays_off",
)
"""Every metric a target or an expectation may name."""
