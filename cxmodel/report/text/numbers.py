"""How numbers are written for people: by unit, signed where they are changes, no finer than known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxmodel.vocabulary import METRICS, MONTH, SYMBOLS

MINUS: Final = "−"
NONE: Final = "–"

SCALE_WORDS: Final = {20: "broken", 40: "poor", 60: "adequate", 75: "good", 95: "best in class"}
"""What a level means, on the scale that scenarios are written in."""
EVERY: Final = {"day": "Daily", "week": "Weekly", "month": "Monthly", "quarter": "Quarterly", "year": "Annual"}
DIGITS: Final = {"people": 0, "contacts": 2, "ratio": 2}
"""Digits after the point by unit, where not one."""
FINEST: Final = 6
"""Digits more than usual, at most, where the ends of an interval are alike."""


def measure_of_today(row: Mapping[str, Any]) -> tuple[str, str]:
    """What a measure of today is called, with the period that it is told of, and its unit.

    >>> measure_of_today({"measure": "leave", "period": "quarter"}), measure_of_today({"measure": "nps", "period": ""})
    (('Quarterly churn', 'share'), ('NPS', 'points'))
    """
    period = row.get("period") or "month"
    names = {
        "nps": ("NPS", "points"),
        "leave": (f"{EVERY[period]} churn" if period in EVERY else f"Churn within {period}", "share"),
        "contacts": (METRICS["contacts_per_customer"].label, "contacts"),
    }
    return names[row["measure"]]


def figure(
    value: float | None,
    unit: str = "",
    currency: str | None = None,
    *,
    sign: bool = False,
    brief: bool = False,
    finer: int = 0,
) -> str:
    """A number with its unit, a dash where it cannot be had; a signed share is a change, so it is in points.

    >>> figure(-0.012, "share", sign=True), figure(14200, "money", "GBP"), figure(None)
    ('−1.2', '£14,200', '–')
    """
    if value is None or not math.isfinite(value):
        return NONE
    if unit == "share":
        return _plain(100 * value, 1 + finer, sign) + ("" if sign else " %")
    if unit == "money":
        return money(value, currency, sign=sign, brief=brief, finer=finer)
    return _plain(value, DIGITS.get(unit, 1) + finer, sign)


def with_interval(
    value: float | None,
    low: float | None,
    high: float | None,
    unit: str = "",
    currency: str | None = None,
    *,
    sign: bool = False,
    brief: bool = False,
) -> tuple[str, str]:
    """A number and its interval, both to the same digits.

    >>> with_interval(0.37, 0.368, 0.3719, "points", sign=True)
    ('+0.370', '0.368 to 0.372')
    """
    shown = figure(value, unit, currency, sign=sign, brief=brief, finer=_finer(low, high, unit))
    return shown, interval(low, high, unit, currency, sign=sign, brief=brief)


def interval(
    low: float | None,
    high: float | None,
    unit: str = "",
    currency: str | None = None,
    *,
    sign: bool = False,
    brief: bool = False,
) -> str:
    """The two ends of an interval, signed where they lie on either side of zero.

    >>> interval(-1.1, 1.7, "points", sign=True), interval(0.372, 0.411, "points", sign=True)
    ('−1.1 to +1.7', '0.37 to 0.41')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    finer = _finer(low, high, unit)
    ends = [figure(end, unit, currency, sign=sign, brief=brief, finer=finer) for end in (low, high)]
    if low > 0 or high < 0:
        ends = [end.removeprefix("+") for end in ends]
    return " to ".join(end.removesuffix(" %") if end != ends[-1] else end for end in ends)


def _finer(low: float | None, high: float | None, unit: str) -> int:
    """How many more digits than usual tell the ends of an interval apart; none where there is nothing to tell."""
    if low is None or high is None or low == high:
        return 0
    told = (more for more in range(FINEST + 1) if figure(low, unit, finer=more) != figure(high, unit, finer=more))
    return next(told, 0)


def percent(share: float) -> str:
    """A share in whole per cent.

    >>> percent(0.334), percent(0.002)
    ('33 %', 'under 1 %')
    """
    if not math.isfinite(share):
        return NONE
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def money(value: float, currency: str | None = None, *, sign: bool = False, brief: bool = False, finer: int = 0) -> str:
    """An amount to three figures, or some finer: more would be false precision.

    >>> money(31849.2, "GBP", sign=True), money(-1_234_567, "SEK"), money(31849.2, "GBP", brief=True)
    ('+£31,800', '−SEK 1,230,000', '£31.8k')
    """
    symbol = "" if currency is None else SYMBOLS.get(currency, f"{currency} ")
    size = abs(value)
    if size >= 1000:
        digits = 2 + finer - math.floor(math.log10(size))
        size = round(size, digits)
    else:
        digits = finer
        size = round(size, digits)
    body = f"{symbol}{size:,.{max(0, digits)}f}"
    for least, word in ((1e9, "bn"), (1e6, "m"), (1e3, "k")) if brief else ():
        if size >= least:
            body = f"{symbol}{size / least:.{max(0, 2 - int(math.log10(size / least))) + finer}f}{word}"
            break
    return _sign(value if size else 0.0, sign) + body


def tone(gap: float) -> str:
    """The style a gap is drawn in: *short*, *ahead*, or *muted* where there is none to speak of."""
    if not math.isfinite(gap) or round(abs(gap)) == 0:
        return "muted"
    return "short" if gap > 0 else "ahead"


def short_or_ahead(gap: float) -> str:
    """The gap at a touchpoint in words.

    >>> short_or_ahead(35.7), short_or_ahead(-10.2), short_or_ahead(0.3)
    ('falls short by 36', 'exceeds by 10', 'as expected')
    """
    if not math.isfinite(gap):
        return "not rated"
    size = round(abs(gap))
    return "as expected" if size == 0 else f"{'falls short' if gap > 0 else 'exceeds'} by {size}"


def wrap(name: str, width: int = 12) -> str:
    """Words over as few lines as `width` allows, the lines of about equal length.

    >>> wrap("Virtual try on", 12)
    'Virtual\\ntry on'
    """
    lines = _fill(name, width)
    while width > 1 and len(_fill(name, width - 1)) == len(lines):
        width -= 1
    return "\n".join(_fill(name, width))


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names as people list them.

    >>> listed(["Unboxing", "Call us"])
    'Unboxing and Call us'
    """
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def count(number: int, noun: str) -> str:
    """How many there are of something.

    >>> count(1, "warning"), count(1200, "warning")
    ('1 warning', '1,200 warnings')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(number: int) -> str:
    """A small number as it is written in a sentence.

    >>> number_word(4), number_word(12)
    ('four', '12')
    """
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def length(days: float) -> str:
    """A stretch of time: in whole months where it is some, else in days.

    >>> length(10.0), length(91.3), length(18 * 30.4375), length(200.0)
    ('10 days', '3 months', '18 months', '200 days')
    """
    months = days / MONTH
    if months >= 0.9 and abs(months - round(months)) < 0.05:
        return count(round(months), "month")
    return count(max(1, round(days)), "day")


def at_month(month: float) -> str:
    """A moment of a run.

    >>> at_month(0), at_month(24)
    ('at the start', 'in month 24')
    """
    return "at the start" if month < 0.5 else f"in month {month:.0f}"


def duration(seconds: float) -> str:
    """A time to wait, no finer than known.

    >>> duration(0.4), duration(47.0), duration(312.0), duration(9000.0)
    ('1 second', '50 seconds', '5 minutes', '2.5 hours')
    """
    if seconds < 55:
        return count(max(1, round(seconds) if seconds < 10 else 10 * round(seconds / 10)), "second")
    if seconds < 5400:
        return count(max(1, round(seconds / 60)), "minute")
    return f"{seconds / 3600:.1f} hours"


def _fill(name: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _plain(value: float, digits: int, sign: bool) -> str:
    rounded = round(value, digits)
    return _sign(rounded, sign) + f"{abs(rounded):,.{digits}f}"


def _sign(value: float, sign: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if sign and value > 0 else ""
