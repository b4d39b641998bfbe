"""Vocabulary shared by every room: levers, stages, metrics and their units, units of time, array types.

Loads no NumPy, so that reading a scenario does not either.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

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

JsonDict = Mapping[str, Any]
"""A document, or a row of one, as JSON has it."""
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

MONTH: Final = 365.25 / 12
"""Days in a month."""
YEAR: Final = 365.25
"""Days in a year."""


class LeverFacts(NamedTuple):
    """What a lever is, how slowly it moves, and which link of the chain from need to delivery it owns."""

    what: str
    half_life: float
    """Months until half of a change is felt (A, inside Schneiderman 1988's 1-22)."""
    link: Literal["decide", "do"]
    """Deciding on a standard, for every touchpoint; or doing it, at those that rely on the lever."""


LEVERS: Final = {
    "priorities": LeverFacts("What comes first when not everything can.", 3.0, "decide"),
    "policies": LeverFacts("What people are allowed and asked to do.", 3.0, "decide"),
    "practices": LeverFacts("How work is done every day.", 9.0, "do"),
    "people": LeverFacts("Who does it, and how able and willing they are.", 12.0, "do"),
    "platforms": LeverFacts("The systems it runs on.", 14.0, "do"),
}
"""The five Ps, in the order the chain from decision to delivery uses them: the one place where a lever is defined."""
DECISION_LEVERS: Final = tuple(lever for lever, facts in LEVERS.items() if facts.link == "decide")
"""The levers that turn what is known into a standard; they bear on every touchpoint."""
DELIVERY_LEVERS: Final = tuple(lever for lever, facts in LEVERS.items() if facts.link == "do")
"""The levers a touchpoint relies on, in equal parts, when it does not say."""

Stage = Literal["aware", "choose", "buy", "receive", "use", "support", "renew", "leave", "return"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""The stages of a journey, in the order customers live them."""
ONBOARDING: Final = ("aware", "choose", "buy", "receive")
"""The stages a newcomer lives one after the other."""
PRICE: Final = "price"
"""The attribute that a price delivers."""


class InsightFacts(NamedTuple):
    """What a kind of insight source looks at."""

    what: str
    sees_rivals: bool = False
    """Whether it aims at the best of the rivals, where that is above what customers need."""
    sees_ahead: bool = False
    """Whether it may see how needs will be."""


INSIGHT_KINDS: Final = {
    "customer": InsightFacts("customers"),
    "competitive": InsightFacts("competitors", sees_rivals=True),
    "technology": InsightFacts("technology", sees_ahead=True),
    "other": InsightFacts("anything other"),
}
"""The kinds of insight source: the one place where one is defined."""

AS_IS: Final = "as_is"
"""The plan that changes nothing; it always exists."""

EVERYONE: Final = "all"
"""The segment that stands for everyone in results and expectations."""

_TABLES: Final = ("summary", "comparison")
_EVERYWHERE: Final = ("card", *_TABLES)

MONEY: Final = "money"
"""Unit of a metric in the scenario's currency."""


class MetricFacts(NamedTuple):
    """What a metric is called, what it is counted in, what it can be, which way is better, and where it is shown."""

    label: str
    """Over a column, a chart or a card."""
    short: str
    """In a sentence."""
    unit: str
    low: float | None
    """The least that is possible; None where there is no end."""
    high: float | None
    """The most that is possible; None where there is no end."""
    better: Literal["up", "down"] | None = "up"
    shown: tuple[Literal["card", "summary", "comparison"], ...] = ()


METRICS: Final = {
    "expectation_gap": MetricFacts("Expectation gap", "expectation gap", "points", -100, 100, "down", _EVERYWHERE),
    "satisfaction": MetricFacts("Satisfaction", "satisfaction", "points", 0, 100, "up", _TABLES),
    "retention": MetricFacts("Loyalty (retention)", "loyalty", "share", 0, 1, "up", _EVERYWHERE),
    "churn_monthly": MetricFacts("Monthly churn", "monthly churn", "share", 0, 1, "down"),
    "nps": MetricFacts("Advocacy (NPS)", "NPS", "points", -100, 100, "up", _EVERYWHERE),
    "nps_everyone": MetricFacts(
        "NPS, all ever acquired", "NPS of all ever acquired", "points", -100, 100, "up", _TABLES
    ),
    "nps_lost": MetricFacts("NPS, former customers", "NPS of former customers", "points", -100, 100),
    "nps_measured": MetricFacts("Surveyed NPS", "surveyed NPS", "points", -100, 100),
    "promoters": MetricFacts("Promoters", "the share of promoters", "share", 0, 1),
    "detractors": MetricFacts("Detractors", "the share of detractors", "share", 0, 1, "down"),
    "acquired": MetricFacts("Customers acquired", "customers acquired", "people", 0, None, "up", ("comparison",)),
    "lost": MetricFacts("Customers lost", "customers lost", "people", 0, None, "down"),
    "referrals": MetricFacts("Acquired by referral", "customers acquired by referral", "people", 0, None),
    "contacts_per_customer": MetricFacts(
        "Contacts per customer per year", "contacts per customer per year", "contacts", 0, None, "down", _TABLES
    ),
    "failure_demand": MetricFacts("Failure demand", "failure demand", "share", 0, 1, "down"),
    "wait_minutes": MetricFacts("Waiting time", "waiting time", "minutes", 0, None, "down", _TABLES),
    "abandonment": MetricFacts("Abandonment", "abandonment", "share", 0, 1, "down", ("summary",)),
    "value_for_money": MetricFacts("Value for money", "value for money", "points", 0, 100),
    "revenue": MetricFacts("Revenue", "revenue", MONEY, 0, None),
    "customer_equity": MetricFacts("Customer equity", "customer equity", MONEY, None, None, "up", _EVERYWHERE),
    "clv": MetricFacts("Customer lifetime value", "customer lifetime value", MONEY, None, None, "up", ("summary",)),
    "cost": MetricFacts("Cost", "cost", MONEY, 0, None, "down", _TABLES),
    "net_value": MetricFacts("Net value", "net value", MONEY, None, None, "up", _TABLES),
    "targets_met": MetricFacts("Targets met", "the share of targets met", "share", 0, 1),
    "agent_strain": MetricFacts("Agent strain", "agent strain", "points", 0, 100, "down"),
    "return_on_quality": MetricFacts("Return on quality", "return on quality", "ratio", None, None, "up", ("summary",)),
    "pays_off": MetricFacts("Runs with a net gain", "the share of runs with a net gain", "share", 0, 1),
    "payback_month": MetricFacts("Payback month", "the payback month", "months", 0, None, "down", ("summary",)),
    "won_back": MetricFacts("Customers won back", "customers won back", "people", 0, None),
}
"""Every metric that a target or an expectation may name: the one place where a metric is called something."""

METRIC_NAMES: Final = tuple(METRICS)


def unit_of(metric: str) -> str:
    """The unit of a metric; empty for what is none."""
    return METRICS[metric].unit if metric in METRICS else ""


def shown(where: str) -> tuple[str, ...]:
    """The metrics that readers see unasked on the `card`s, in a `summary` or in a `comparison`."""
    return tuple(name for name, metric in METRICS.items() if where in metric.shown)


HEADLINES: Final = shown("card")
"""The four figures of a result."""

_ACRONYMS: Final = {"nps": "NPS", "clv": "CLV"}


def humanise(name: str, *, capital: bool = True) -> str:
    """An id or a key as people read it.

    >>> humanise("track_order"), humanise("nps_everyone"), humanise("improve_nps", capital=False)
    ('Track order', 'NPS everyone', 'improve NPS')
    """
    words = " ".join(_ACRONYMS.get(word, word) for word in name.split("_")).strip()
    return words[:1].upper() + words[1:] if capital else words


SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}
"""How an amount of a currency begins; with its code where it is not here."""
