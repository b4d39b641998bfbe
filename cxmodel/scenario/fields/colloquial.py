"""Quantities as people write them, `£9 a month`, `5 min`, `10k`, in the one spelling that a scenario file has.

A file is strict, and its messages show that spelling; whoever types into the page or after `--set` is understood where
only one thing can be meant, and the file gets the spelling that it has. What could be two things is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from cxmodel.scenario.faults import quote
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.misspelt import refuse_misspelt, respelt
from cxmodel.scenario.fields.notation import UNITS, Misread
from cxmodel.vocabulary import SYMBOLS

_SHORT: Final = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week", "wk": "week",
    "mo": "month", "mth": "month", "mnth": "month", "qtr": "quarter", "yr": "year", "y": "year", "annum": "year",
    **{unit: unit for unit in UNITS},
}  # fmt: skip
"""Units of time as people shorten them; `m` is a month to some, a minute to others."""
_ALIKE: Final = {**_SHORT, **{f"{word}s": unit for word, unit in _SHORT.items() if len(word) > 1}}
_OFTEN: Final = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annually": "year", "annual": "year", "p.a": "year", "pa": "year", "p.m": "month", "pcm": "month",
}  # fmt: skip
"""A unit of time after `per`, in a word of its own; without a point at the end."""
_PER: Final = re.compile(r"(?:per |/ ?|an? |each |every |p\. ?)(?P<unit>[a-z]+)\.?")
_SIGNS: Final = {symbol.strip(): code for code, symbol in SYMBOLS.items() if symbol.strip() != code}
_CODE: Final = r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])"
_MONEY: Final = re.compile("|".join(map(re.escape, _SIGNS)) + f"|{_CODE}")
_WRITTEN: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<number>[0-9][0-9_,.' ]*[0-9]|[0-9]|\.[0-9]+)\s*(?P<thousand>[kK](?![A-Za-z]))?"
    r"\s*(?P<percent>%|percent\b|per cent\b|pct\b)?\s*(?P<rest>.*)"
)
_CALENDAR: Final = re.compile(
    r"q[1-4][ /-]*(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[ /-]*q[1-4]|(?:19|20)[0-9]{2}(?:-[0-9]{1,2}){1,2}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}",
    re.IGNORECASE,
)
"""A quarter, a month or a day of the calendar."""
Reader = Callable[[object, str], Any]


def understood(text: str, read: Reader, unit: str, whole: bool) -> str:
    """A text in the spelling that is read as the quantity; as it is where it is read already, or cannot be.

    >>> understood("£9 a month", notation.rate, "money per day", False)
    '9 per month'
    >>> understood("5 min", notation.duration, "days", False), understood("10k", notation.number, "people", True)
    ('5 minutes', '10000')
    """
    if _is_read(text, read, whole):
        return text
    plain = _plainly(text, unit)
    tried = _how_often(plain) if read is notation.cadence else _amount(plain, read, whole)
    return tried if tried and _is_read(tried, read, whole) else text


def choices(text: str, read: Reader, unit: str, whole: bool) -> tuple[str, ...]:
    """The spellings of what leaves open whether it is of a month or of a year, or whether `m` is a month or a minute.

    >>> choices("1.2%", notation.share_rate, "share within the period, held per day", False)
    ('1.2 % per month', '1.2 % per year')
    """
    plain = _plainly(text, unit)
    if read is notation.duration and re.search(r"[0-9] ?m\.?$", plain):
        bare = plain.rstrip("m. ")
        texts = [f"{bare} minutes", f"{bare} months"]
    elif read is notation.share_rate or (read is notation.rate and unit.startswith("money")):
        percent = read is not notation.share_rate or re.search(r"%|percent|per cent|pct", plain)
        texts = [f"{plain} per month", f"{plain} per year"] if percent else []
    else:
        return ()
    ways = [_amount(each, read, whole) for each in texts]
    return tuple(way for way in ways if way is not None and _is_read(way, read, whole)) if all(ways) else ()


def refuse_currency(text: str, unit: str, currency: str | None) -> None:
    """Raise `Misread` for an amount in another currency than the scenario's."""
    told = _MONEY.search(text) if unit.startswith("money") else None
    if told is None or not re.search("[0-9]", text):
        return
    mark = told[0]
    if currency is None:
        message = f"{quote(text)} names a currency, and this scenario has none"
        raise Misread("CXM206", message, f"`currency: {_SIGNS.get(mark, mark)}` first, or the number alone")
    if mark not in (currency, SYMBOLS.get(currency, "").strip()):
        message = f"{quote(text)} is in another currency: every amount of this scenario is in {currency}"
        raise Misread("CXM206", message, f"the amount in {currency}, converted")


def refuse_calendar(text: str) -> None:
    """Raise `Misread` for a moment of the calendar, which a scenario does not know."""
    if _CALENDAR.fullmatch(text.strip()):
        message = f"{quote(text)} is a date, and a scenario counts months from its start, whenever that is"
        raise Misread("CXM206", message, "`month N`: `month 0` is the start, `month 3` three months after it")


def _plainly(text: str, unit: str) -> str:
    """A text without the sign of a currency, where it is about money."""
    return " ".join((_MONEY.sub(" ", text) if unit.startswith("money") else text).split())


def _is_read(text: str, read: Reader, whole: bool) -> bool:
    """Whether a text is read as the quantity just as it stands in a file."""
    plain: object = float(text) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) else text
    try:
        refuse_misspelt(text, "", whole)
        return bool(read(plain, "") is not None)
    except Misread:
        return False


def _amount(text: str, read: Reader, whole: bool) -> str | None:
    """A number, and what it is a number of."""
    match = _WRITTEN.fullmatch(text)
    number = match and _number(match["number"], whole, bool(match["thousand"]))
    if match is None or number is None:
        return None
    rest = match["rest"].strip().casefold()
    if read is notation.duration:
        unit = _ALIKE.get(rest.removesuffix("."))
        words = None if unit is None else f"{unit}{'' if number == '1' else 's'}"
    else:
        unit = _period(rest)
        words = f"per {unit}" if unit else None
    if rest and words is None:
        return None
    return " ".join(filter(None, (f"{match['sign']}{number}", "%" if match["percent"] else "", words)))


def _number(written: str, whole: bool, thousand: bool) -> str | None:
    """The digits of a number without marks between its thousands; None where a mark may begin decimals."""
    plain = written
    if not re.fullmatch(notation.NUMBER, written):
        try:
            refuse_misspelt(written, "", whole)
        except Misread as misread:
            if misread.code != "CXM203" or "decimals come after a point" in misread.expected:
                return None
        plain = respelt(written)
    if not re.fullmatch(notation.NUMBER, plain) or (whole and not thousand and "." in plain):
        return None
    if thousand and plain != written:
        return None
    return f"{float(plain.replace('_', '')) * 1000:.12g}" if thousand else plain


def _period(rest: str) -> str | None:
    """The unit of time that so much is per."""
    short = rest.removesuffix(".")
    match = _PER.fullmatch(rest)
    return _OFTEN.get(short) or _OFTEN.get(short.removeprefix("per ")) or (_ALIKE.get(match["unit"]) if match else None)


def _how_often(text: str) -> str | None:
    """`monthly`, `once a month`, `every 3 mths`, `each year`."""
    words = text.casefold().removeprefix("once ").removesuffix(".")
    unit = _period(words)
    if unit:
        return f"every {unit}"
    if words.startswith("every "):
        length = _amount(words.removeprefix("every "), notation.duration, False)
        return f"every {length}" if length else None
    return None
