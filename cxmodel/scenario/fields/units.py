"""The kinds of number a scenario may hold; a field says `level: Level`, all else follows from there."""

from __future__ import annotations

from typing import Annotated, Final

from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.notation import NUMBER, UNITS, Price, ShareRate
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.fields.weekdays import DAYS

_ANY_UNIT: Final = "(?:" + "|".join(UNITS) + ")"
_DURATION: Final = rf"{NUMBER}\s*{_ANY_UNIT}s?"
_RATE: Final = rf"{NUMBER}\s*per\s+{_ANY_UNIT}"
_SHARE: Final = rf"{NUMBER}\s*%"
_SHARE_RATE: Final = rf"{NUMBER}\s*%?\s*per\s+{_ANY_UNIT}"
_HOURS: Final = r"[0-9]{1,2}:[0-9]{2}\s*[-\u2013]\s*[0-9]{1,2}:[0-9]{2}"
_CADENCE: Final = rf"every\s+(?:{_ANY_UNIT}|{_DURATION})"
_MOMENT: Final = rf"{_ANY_UNIT}\s+{NUMBER}"


def duration(low: str, high: str, example: str) -> Quantity:
    """A length of time, such as `3 months` [days]."""
    expected = f"a length of time such as `{example}`"
    return Quantity(expected, "days", notation.duration, low, high, texts=(_DURATION,), numbers=False)


def rate(low: str, high: str, example: str, what: str) -> Quantity:
    """So much per unit of time, such as `20 per hour` [per day]."""
    expected = f"an amount per time such as `{example}`"
    return Quantity(expected, f"{what} per day", notation.rate, low, high, texts=(_RATE,), numbers=False)


def amount(low: float, high: float, expected: str, unit: str, *, more: bool = False, whole: bool = False) -> Quantity:
    """A plain number."""
    return Quantity(expected, unit, notation.number, low, high, more=more, whole=whole)


def _yearly(high: float) -> Quantity:
    """A share per year, such as the two of Bass."""
    expected = "a share per year such as `0.03`" + (", less than 1" if high < 1 else "")
    texts = (_SHARE_RATE, _SHARE)
    return Quantity(expected, "yearly share, held per day", notation.yearly, 0, high, texts=texts)


BILLION: Final = 1_000_000_000

Level = Annotated[float, amount(0, 100, "a level from 0 to 100", "points, 0 to 100")]
Share = Annotated[
    float,
    Quantity(
        "a share from 0 to 1, or in percent such as `70 %`",
        "share, 0 to 1",
        notation.share,
        0,
        1,
        texts=(_SHARE,),
    ),
]
Weight = Annotated[float, amount(0, 1000, "a weight from 0 to 1000", "relative weight")]
PartWeight = Annotated[float, amount(0, 1000, "a weight above 0", "relative weight", more=True)]
Points = Annotated[float, amount(-100, 100, "a score from -100 to 100", "score, -100 to 100")]
Effort = Annotated[float, amount(0, 100, "points from 0 to 100", "points, 0 to 100")]
Money = Annotated[float, amount(0, BILLION, "an amount of money such as `25`", "money")]
MoneyRate = Annotated[float, rate("0 per day", f"{BILLION} per day", "200 per month", "money")]
PriceTag = Annotated[
    Price,
    Quantity("a price such as `140` or `12 per month`", "money", notation.price, 0, BILLION, texts=(_RATE,)),
]
Margin = Annotated[float, rate(f"-{BILLION} per day", f"{BILLION} per day", "9 per month", "money")]
LeavingRate = Annotated[
    ShareRate,
    Quantity(
        "a share per time such as `1.2 % per month`", "share within the period, held per day", notation.share_rate,
        "0 per day", "99.9999 % per day", texts=(_SHARE_RATE,), numbers=False,
    ),
]  # fmt: skip
LevelRate = Annotated[float, rate("-100 per day", "100 per day", "+2 per year", "points")]
ArrivalRate = Annotated[float, rate("0 per day", "1000000 per day", "100 per month", "people")]
CallRate = Annotated[float, rate("0 per day", "10000000 per day", "20 per hour", "calls")]
ImitationRate = Annotated[float, _yearly(100)]
InnovationRate = Annotated[float, _yearly(0.999999)]
Horizon = Annotated[float, duration("1 day", "50 years", "24 months")]
Interval = Annotated[float, duration("1 hour", "50 years", "30 days")]
Delay = Annotated[float, duration("0 days", "50 years", "2 months")]
HalfLife = Annotated[float, duration("1 hour", "50 years", "2 months")]
Cadence = Annotated[
    float,
    Quantity(
        "how often, such as `every month` or `every 3 months`", "days", notation.cadence,
        "every month", "every 50 years", texts=(_CADENCE,), numbers=False,
    ),
]  # fmt: skip
Handling = Annotated[float, duration("1 second", "7 days", "5 minutes")]
Moment = Annotated[
    float,
    Quantity(
        "a point in time such as `month 3`", "days since the start", notation.moment, "month 0", "year 50",
        texts=(_MOMENT,), numbers=False,
    ),
]  # fmt: skip
People = Annotated[int, amount(0, 10_000_000, "a whole number of people, at most 10 million", "people", whole=True)]
Agents = Annotated[int, amount(1, 100_000, "a whole number of agents, at least 1", "people", whole=True)]
Visits = Annotated[int, amount(1, 10_000, "a whole number of visits from 1 to 10,000", "visits", whole=True)]
Questions = Annotated[int, amount(1, 200, "a whole number of questions from 1 to 200", "questions", whole=True)]
Actions = Annotated[int, amount(0, 100, "a whole number of actions from 0 to 100", "actions", whole=True)]
Offset = Annotated[float, amount(-100, 100, "points from -100 to 100", "points")]
Figure = Annotated[
    float,
    Quantity("a number such as `35` or `80 %`", "as the metric", notation.share, -1e15, 1e15, texts=(_SHARE,)),
]
Hours = Annotated[
    notation.Hours,
    Quantity(
        'opening hours such as `"09:00-18:00"`',
        "shares of a day", notation.hours, "00:00-24:00", "23:59-24:00", texts=(_HOURS,), numbers=False,
        entries=(DAYS, f"(?:{_HOURS}|closed)"),
    ),
]  # fmt: skip
