"""How a quantity is written, word by word: `3 months`, `120 per month`, `20 %`, `month 3`. Knows no fields.

Each reader takes what stands in the file (a number or a text) and returns the quantity in the model's own
unit, or raises `Misread` with what would have been right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from numbers import Real
from typing import Final, NamedTuple

from cxmodel.scenario.faults import Fault, KeyPath, closest, one_of, quote, shorten
from cxmodel.scenario.fields.weekdays import WEEKDAYS, days_of, meant_by
from cxmodel.vocabulary import MONTH, YEAR

DAY: Final = 1.0
UNITS: Final = {
    "second": DAY / 86400,
    "minute": DAY / 1440,
    "hour": DAY / 24,
    "day": DAY,
    "week": 7 * DAY,
    "month": MONTH,
    "quarter": YEAR / 4,
    "year": YEAR,
}
"""Days in each unit of time."""

GROUPED: Final = r"[+-]?[0-9]{1,3}(?:_[0-9]{3})+"
"""A whole number with `_` between its thousands."""
NUMBER: Final = r"[+-]?(?:(?:[0-9]{1,3}(?:_[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_UNIT_WORDS: Final = {**UNITS, **{unit + "s": days for unit, days in UNITS.items()}}
_AMOUNT = re.compile(rf"\s*({NUMBER})\s*(%?)\s*(.*?)\s*", re.DOTALL)
_MOMENT = re.compile(rf"\s*([^\W\d]+)\s+({NUMBER})\s*")
_HOURS = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})\s*[-\u2013]\s*([0-9]{1,2}):([0-9]{2})\s*")
_HOURS_EXAMPLE: Final = 'opening hours such as `"09:00-18:00"`'
_EVERY = re.compile(r"(?:per |/|a |an |each |every )?\s*(\w+)")
_TIMES = re.compile(r"\s*[x\u00d7]\s*((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*")
_SIGNED = re.compile(r"\s*([+\u2212-])\s*(.*?)\s*", re.DOTALL)
_EXAMPLE = re.compile(r"`[^`0-9]*[0-9.]+\s*([^`]+)`")


class Price(NamedTuple):
    """What is paid, and for how long: `140` at buying and each renewal, `12 per month` while a customer."""

    amount: float
    per: float | None
    """Days it pays for; None where it is paid at buying and at each renewal."""


class ShareRate(float):
    """A share within a period, held per day: `50 % per year` is half within a year, whatever happens in a day of it."""

    days: float
    """The period."""

    def __new__(cls, per_day: float, days: float) -> ShareRate:
        """So much per day, told of a period of so many days."""
        rate = super().__new__(cls, per_day)
        rate.days = days
        return rate

    def __getnewargs__(self) -> tuple[float, float]:  # type: ignore[override]
        return float(self), self.days

    @property
    def share(self) -> float:
        """Share within the period."""
        return float(self) * self.days


class Relative(NamedTuple):
    """A change told by what there is: `x 1.2`, `-30 %` (times), `+10`, `+5 minutes` (plus, in the model's unit)."""

    times: float
    plus: float


class Misread(Exception):
    """A quantity that cannot be read: code, what is wrong, what would be right."""

    def __init__(self, code: str, message: str, expected: str, at: KeyPath = (), *, at_key: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.expected = expected
        self.at = at
        """Where in it, for what is written in several parts."""
        self.at_key = at_key

    def fault(self) -> Fault:
        """The same as a fault of the value."""
        return Fault(self.code, self.at, self.message, self.expected, self.at_key)


def number(value: object, expected: str) -> float:
    """A plain, finite number."""
    plain = None if isinstance(value, bool) else value
    if isinstance(plain, Real):
        return finite(float(plain), expected)
    if value is None:
        raise Misread("CXM212", "this key has no value", expected)
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(GROUPED, text):
        return float(text)
    if re.fullmatch(NUMBER, text):
        raise Misread("CXM203", f"{quote(value)} in quotes is a text, not a number", f"`{text}`, without quotes")
    if re.fullmatch(rf"{NUMBER}\s*%", text):
        spelling = text.rstrip(" %")
        raise Misread(
            "CXM203", f"{quote(value)} is a share, where a plain number is needed", f"{expected}, such as `{spelling}`"
        )
    raise Misread("CXM203", f"{quote(value)} is not a number", expected)


def finite(value: float, expected: str = "a number that can be written out") -> float:
    """The value, if it is neither infinite nor not-a-number."""
    if math.isnan(value):
        raise Misread("CXM211", "this stands for something that is not a number", expected)
    if math.isinf(value):
        raise Misread("CXM211", "this number is infinite, or too big", expected)
    return float(value)


def period(days: float) -> str:
    """A length of time that a rate is told of, in words: `month`, `2 weeks`.

    >>> period(365.25), period(91.3125), period(1.0)
    ('year', 'quarter', 'day')
    """
    for unit, size in reversed(UNITS.items()):
        if abs(times := round(days / size)) and abs(times * size - days) < 1e-6 * size:
            return unit if times == 1 else f"{times} {unit}s"
    return f"{days:g} days"


def share(value: object, expected: str) -> float:
    """A share of one, also written in percent."""
    if isinstance(value, str) and (match := _AMOUNT.fullmatch(value)) and match[2] and not match[3]:
        return finite(float(match[1]) / 100)
    return number(value, expected)


def duration(value: object, expected: str) -> float:
    """A length of time [days]."""
    if isinstance(value, str) and (turned := _MOMENT.fullmatch(value)) and turned[1] in UNITS:
        spelling = _plural(turned[2], turned[1])
        raise Misread("CXM206", f"{quote(value)} is a point in time, not a length of time", f"`{spelling}`")
    amount, percent, rest = _amount(value, expected)
    if rest.startswith("per ") or percent:
        raise Misread("CXM206", f"{quote(value)} is not a length of time", expected)
    return finite(amount * _days(rest, value, expected))


def cadence(value: object, expected: str) -> float:
    """How often: `every month`, `every 3 months` [days]."""
    if isinstance(value, str) and value.split()[:1] == ["every"]:
        rest = " ".join(value.split()[1:])
        return UNITS[rest] if rest in UNITS else duration(rest, expected)
    raise Misread("CXM206", f"{quote(value)} does not say how often", expected)


def moment(value: object, expected: str) -> float:
    """A point in time [days since the start]."""
    if isinstance(value, str):
        match = _MOMENT.fullmatch(value)
        if match and match[1] in UNITS:
            return finite(float(match[2]) * UNITS[match[1]])
        turned = _AMOUNT.fullmatch(value)
        if turned and turned[3] in _UNIT_WORDS:
            unit = turned[3].removesuffix("s")
            raise Misread("CXM206", f"{quote(value)} is a length of time, not a point in time", f"`{unit} {turned[1]}`")
        near = closest(match[1], UNITS) if match else None
        hint = f"did you mean `{near} {match[2]}`?" if match and near else expected
        raise Misread("CXM206", f"{quote(value)} is not a point in time", hint)
    plain = number(value, expected)
    raise Misread(
        "CXM205", f"{quote(plain)} is a bare number: the unit of time is missing", f"`month {shorten(plain)}`"
    )


def rate(value: object, expected: str) -> float:
    """So much per unit of time [per day]."""
    amount, percent, rest = _amount(value, expected)
    if percent:
        raise Misread("CXM206", f"{quote(value)} is a share, where an amount is needed", expected)
    return finite(amount / _per(rest, value, expected))


def share_rate(value: object, expected: str) -> ShareRate:
    """A share within a unit of time, in percent or not; less than everybody."""
    amount, percent, rest = _amount(value, expected)
    share, days = finite(amount / 100 if percent else amount), _per(rest, value, expected)
    if share >= 1:
        raise Misread("CXM204", f"{quote(value)} is everybody, or more", f"{expected}, less than 100 % in the period")
    return ShareRate(share / days, days)


def yearly(value: object, expected: str) -> float:
    """A rate of a share whose habitual unit is the year [per day]; a bare number, or a percentage alone, is per year.

    >>> yearly(0.03, "") == yearly("3 %", "") == yearly("0.03 per year", "") == yearly("3 % per year", "")
    True
    """
    if not isinstance(value, str) or re.fullmatch(GROUPED, value.strip()):
        return number(value, expected) / YEAR
    amount, percent, rest = _amount(value, expected)
    return finite((amount / 100 if percent else amount) / (_per(rest, value, expected) if rest else YEAR))


def price(value: object, expected: str) -> Price:
    """An amount, and the days it pays for."""
    if isinstance(value, str):
        amount, percent, rest = _amount(value, expected)
        if percent:
            raise Misread("CXM206", f"{quote(value)} is a share, where a price is needed", expected)
        return Price(finite(amount), _per(rest, value, expected))
    return Price(number(value, expected), None)


Opening = tuple[float, float]
"""When a day opens and closes [shares of a day]; beyond one where it closes after midnight."""
Hours = Opening | tuple[Opening | tuple[()], ...]
"""Opening hours of every day, or of each from Monday on; nothing for a day that is closed."""


def hours(value: object, expected: str) -> Hours:
    """Opening and closing time of every day, or of each weekday [shares of a day].

    >>> hours("09:00-18:00", ""), hours("18:00-06:00", ""), hours({"sat-sun": "06:00-12:00"}, "")[4:]
    ((0.375, 0.75), (0.75, 1.25), ((), (0.25, 0.5), (0.25, 0.5)))
    """
    return _week(value) if isinstance(value, dict) else _opening(value, expected)


def _opening(value: object, expected: str) -> Opening:
    """Opening and closing time; what closes no later than it opens does so on the next day."""
    match = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Misread("CXM217", f"{quote(value)} are not opening hours", expected)
    opens, closes = (int(match[place]) / 24 + int(match[place + 1]) / 1440 for place in (1, 3))
    if max(opens, closes) > 1 or int(match[2]) > 59 or int(match[4]) > 59:
        raise Misread("CXM217", f"{quote(value)} is not within one day", expected)
    if opens == closes or (opens == 1 and closes == 0):
        raise Misread("CXM217", f"{quote(value)} closes when it opens", 'all day is `"00:00-24:00"`')
    if opens == 1:
        raise Misread("CXM217", f"{quote(value)} opens when the day is over", f'`"00:00-{match[3]}:{match[4]}"`')
    return opens, closes + 1 if closes < opens else closes


def _week(value: dict[str, object]) -> Hours:
    """Opening hours by weekday; as those of every day where all days are alike."""
    week: list[Opening | tuple[()]] = [()] * 7
    told: dict[int, str] = {}
    for key, written in value.items():
        days = days_of(str(key))
        if days is None:
            near = meant_by(str(key))
            hint = f"did you mean `{near}`?" if near else f"{one_of(WEEKDAYS)}, or `mon-fri`, `mon,wed`"
            raise Misread("CXM217", f"{quote(key)} is no day of the week", hint, (key,), at_key=True)
        if written is None:
            hint = '`"08:00-20:00"`, or `closed`; several days in braces need quotes: `"mon,wed": "08:00-20:00"`'
            raise Misread("CXM217", f"{quote(key)} has no hours", hint, (key,))
        try:
            opening = () if written == "closed" else _opening(written, f"{_HOURS_EXAMPLE}, or `closed`")
        except Misread as misread:
            raise Misread(misread.code, misread.message, misread.expected, (key,)) from None
        for day in days:
            if day in told:
                message = f"`{WEEKDAYS[day]}` is told twice, by {quote(told[day])} and by {quote(key)}"
                raise Misread("CXM217", message, "each day once", (key,), at_key=True)
            week[day], told[day] = opening, key
    if not any(week):
        raise Misread("CXM217", "these hours never open", 'a day and its hours, such as `mon-fri: "08:00-20:00"`')
    first = week[0]
    return first if first and all(day == first for day in week) else tuple(week)


def week_of(hours: Hours) -> tuple[Opening | tuple[()], ...]:
    """Opening hours of each day from Monday on; nothing for a day that is closed."""
    return hours if len(hours) == 7 else (hours,) * 7  # type: ignore[return-value]


def is_relative(value: object) -> bool:
    """Whether a new value is told by what there is: a text that starts with a sign, or `x` and a number."""
    return isinstance(value, str) and bool(_TIMES.fullmatch(value) or _SIGNED.fullmatch(value))


def relative(value: str, read: Callable[[object, str], float], expected: str) -> Relative:
    """A change told by what there is; `read` reads the amount that is added. A percentage is always of what is there.

    >>> relative("-30 %", share, ""), relative("+2 hours", duration, "")
    (Relative(times=0.7, plus=0.0), Relative(times=1.0, plus=0.08333333333333333))
    """
    if factor := _TIMES.fullmatch(value):
        return Relative(finite(float(factor[1])), 0.0)
    signed = _SIGNED.fullmatch(value)
    sign, amount = signed.groups() if signed else ("+", value)
    way = 1.0 if sign == "+" else -1.0
    part = _AMOUNT.fullmatch(amount)
    if part is None or amount[0] in "+-":
        raise Misread("CXM206", f"{quote(value)} is not a change", f"`{sign}10`, `-30 %` or `x 1.2`")
    if part[2] and not part[3]:
        return Relative(finite(1 + way * float(part[1]) / 100), 0.0)
    try:
        return Relative(1.0, way * read(float(amount) if not part[3] else amount, expected))
    except Misread as misread:
        hint = re.sub(r"`(?=[0-9.])", f"`{sign}", misread.expected, count=1)
        raise Misread(misread.code, f"{quote(value)}: {misread.message}", f"{hint}; or `-30 %`, `x 1.2`") from None


def _amount(value: object, expected: str) -> tuple[float, bool, str]:
    """The number, whether it is in percent, and the words after it."""
    if not isinstance(value, str):
        plain = shorten(number(value, expected))
        example = _EXAMPLE.search(expected)
        spelling = _plural(plain, example[1]) if example else ""
        what = "the unit of time is missing" if spelling else "this needs a unit of time"
        raise Misread("CXM205", f"`{plain}` is a bare number: {what}", f"for example `{spelling}`")
    match = _AMOUNT.fullmatch(value)
    if match is None:
        raise Misread("CXM206", f"{quote(value)} does not start with a number", expected)
    if not match[3] and not match[2]:
        return _amount(float(match[1]), expected)
    return float(match[1]), bool(match[2]), " ".join(match[3].split())


def _plural(amount: str, unit: str) -> str:
    """An amount and its unit, as one says them: `1 day`, `3 months`, `20 per hour`."""
    if unit.removesuffix("s") in UNITS:
        unit = unit.removesuffix("s") + ("" if amount == "1" else "s")
    return f"{amount} {unit}"


def _per(rest: str, value: object, expected: str) -> float:
    """Days in the unit that follows `per`."""
    unit = rest.removeprefix("per ")
    if unit in UNITS and unit != rest:
        return UNITS[unit]
    words = _EVERY.fullmatch(rest)
    near = closest(words[1], UNITS) if words else None
    if near is None:
        raise Misread("CXM206", f"{quote(value)} does not say per what", expected)
    spelling = f"{str(value).strip().removesuffix(rest).strip()} per {near}"
    raise Misread("CXM206", f"{quote(value)} cannot be read", f"did you mean `{spelling}`?")


def _days(unit: str, value: object, expected: str) -> float:
    """Days in a unit of time."""
    if unit in _UNIT_WORDS:
        return _UNIT_WORDS[unit]
    near = closest(unit, _UNIT_WORDS)
    hint = f"did you mean `{str(value).strip().removesuffix(unit).strip()} {near}`?" if near else expected
    raise Misread("CXM206", f"`{shorten(unit)}` in {quote(value)} is not a unit of time", hint)
