"""Points in time, months and durations, in the ways that countries and programs write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxmodel.evidence.readers.table import Column, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

DAY_FIRST: Final = "day first"
MONTH_FIRST: Final = "month first"
_CLOCK: Final = (
    r"(?:(?:T|,? +|, ?)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?(?: Uhr)?)? ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST: Final = r"^(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})" + _CLOCK
_YEAR_LAST: Final = r"^(?P<one>\d{1,2})(?P<sign>[-./])(?P<two>\d{1,2})[-./](?P<year>\d{4}|\d{2})" + _CLOCK
_EPOCH_OF_EXCEL: Final = np.datetime64("1899-12-30", "s")
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "mär": 3, "mrz": 3, "mae": 3, "mai": 5, "okt": 10, "dez": 12,
}  # fmt: skip
_NAMED: Final = re.compile(r"([A-Za-zÄä]{3,9})\.?[ -]*['’]?(\d{4}|\d{2})|(\d{4})[ -]+([A-Za-zÄä]{3,9})")
_NUMBERED: Final = re.compile(r"(\d{4})[-./ ]?(\d{2})|(\d{1,2})[-./](\d{4})|(\d{4})[-./](\d)")
_QUARTER: Final = re.compile(r"(\d{4})[ -]*[Qq](\d)|[Qq](\d)[ /-]*(\d{4})")
_COUNTED: Final = re.compile(r"(?:month|monat|m)\s*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """When each row was."""

    at: NDArray[np.datetime64] = field(repr=False)
    """[seconds], not a time where none could be read."""
    ambiguous: int = -1
    """The first row of which nobody can tell day from month, where no row tells it; -1 where all is clear."""
    zones: bool = False
    """Whether zones of time stand behind them."""
    said: str = ""
    """How they are written, in words."""


def _parts(texts: Any, pattern: str, *names: str) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int64]], Any]:
    """Where a pattern fits, the whole numbers of its groups (0 where there is none), and all its groups."""
    found = pc.extract_regex(texts, pattern)
    fits = pc.is_valid(found).to_numpy(zero_copy_only=False)
    made = {}
    for name in names:
        group = pc.struct_field(found, name).fill_null("")
        group = pc.if_else(pc.equal(group, ""), "0", group)
        made[name] = pc.cast(group, pa.int64()).to_numpy(zero_copy_only=False)
    return fits, made, found


def _made(parts: dict[str, NDArray[np.int64]], month: NDArray[np.int64], day: NDArray[np.int64], halves: Any) -> Any:
    """Moments of years, months, days and the clock; no time for a day that no month has."""
    year = np.where(parts["year"] < 100, parts["year"] + 2000, parts["year"])
    good = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1900) & (year <= 2200)
    half = pc.utf8_slice_codeunits(pc.utf8_lower(halves), 0, 1).fill_null("").to_numpy(zero_copy_only=False)
    hour = np.where(half == "p", parts["hour"] % 12 + 12, np.where(half == "a", parts["hour"] % 12, parts["hour"]))
    good &= (hour < 24) & (parts["minute"] < 60) & (parts["second"] < 60)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(good, day - 1, 0)
    good &= days.astype("datetime64[M]") == months
    made = days.astype("datetime64[s]") + np.where(good, hour * 3600 + parts["minute"] * 60 + parts["second"], 0)
    made[~good] = np.datetime64("NaT")
    return made


def moments(column: Column, dates: str = "") -> Moments:
    """The moments of a column; `dates` says whether the day or the month comes first where that is known."""
    values = column.values
    made = np.full(len(values), np.datetime64("NaT"), "datetime64[s]")
    clock = ("hour", "minute", "second", "year")
    fits, parts, found = _parts(values, _YEAR_FIRST, *clock, "month", "day")
    zoned = pc.not_equal(pc.struct_field(found, "zone").fill_null(""), "").to_numpy(zero_copy_only=False)
    said = ["year-month-day"] if fits.any() else []
    if fits.any():
        made[fits] = _made(parts, parts["month"], parts["day"], pc.struct_field(found, "half"))[fits]
    fits, parts, found = _parts(values, _YEAR_LAST, *clock, "one", "two")
    ambiguous = -1
    if fits.any():
        zoned |= pc.not_equal(pc.struct_field(found, "zone").fill_null(""), "").to_numpy(zero_copy_only=False)
        points = pc.equal(pc.struct_field(found, "sign").fill_null(""), ".").to_numpy(zero_copy_only=False)
        halves = pc.struct_field(found, "half")
        american = pc.not_equal(halves.fill_null(""), "").to_numpy(zero_copy_only=False)
        day_first = bool((fits & (parts["one"] > 12)).sum() > (fits & (parts["two"] > 12)).sum())
        month_first = bool((fits & (parts["two"] > 12)).any()) and not day_first
        if dates:
            day_first, month_first = dates == DAY_FIRST, dates == MONTH_FIRST
        elif not day_first and not month_first:
            day_first, month_first = bool(points[fits].all()), bool(american[fits].any())
            if not day_first and not month_first:
                clear = fits & (parts["one"] != parts["two"])
                if clear.any():
                    ambiguous = int(np.flatnonzero(clear[column.codes])[0])
                day_first = True
        month, day = (parts["one"], parts["two"]) if month_first else (parts["two"], parts["one"])
        made[fits] = _made(parts, month, day, halves)[fits]
        said.append("month/day/year" if month_first else "day/month/year")
    rest = np.isnat(made)
    if rest.any():
        plain = numbers(column).value
        first = np.full(len(values), np.nan)
        first[column.codes] = plain
        serial = rest & (first > 30_000) & (first < 80_000)
        epoch = rest & (first > 9e8) & (first < 2.5e9)
        made[serial] = _EPOCH_OF_EXCEL + np.round(first[serial] * 86_400).astype("timedelta64[s]")
        made[epoch] = first[epoch].astype(np.int64).astype("datetime64[s]")
        said += ["days as Excel counts them"] * bool(serial.any()) + ["seconds since 1970"] * bool(epoch.any())
    return Moments(made[column.codes], ambiguous, bool(zoned.any()), " and ".join(said))


def seconds(column: Column, unit: str = "seconds", comma: bool = False) -> Floats:
    """Durations in seconds: numbers of the unit, `mm:ss`, `hh:mm:ss`, `90 s`, `1.5 min`; nan where none can be read."""
    values = column.values
    factor = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}[unit]
    plain = numbers(column, comma).value
    made = np.full(len(values), np.nan)
    made[column.codes] = plain * factor
    fits, parts, _ = _parts(values, r"^(?:(?P<hour>\d{1,3}):)?(?P<minute>\d{1,4}):(?P<second>\d{2})(?:[.,]\d+)?$",
                            "hour", "minute", "second")  # fmt: skip
    fits &= parts["second"] < 60
    made[fits] = (parts["hour"] * 3600 + parts["minute"] * 60 + parts["second"])[fits]
    found = pc.extract_regex(
        values,
        r"^(?P<number>\d+(?:[.,]\d+)?) ?(?P<unit>s|sec|secs|seconds?|sek|Sekunden?|m|min|mins|minutes?|Minuten?)\.?$",
    )
    worded = pc.is_valid(found).to_numpy(zero_copy_only=False)
    if worded.any():
        number = pc.replace_substring(pc.struct_field(found, "number"), ",", ".")
        of = pc.utf8_lower(pc.struct_field(found, "unit"))
        times = pc.if_else(pc.starts_with(of, "m"), 60.0, 1.0)
        made[worded] = pc.multiply(pc.cast(number, pa.float64()), times).to_numpy(zero_copy_only=False)[worded]
    each: Floats = made[column.codes]
    return each


def month_of(text: str) -> int | None:
    """The month of a text, since January of the year 0; nothing where it is none.

    >>> [month_of(text) for text in ("2026-05", "05/2026", "May 2026", "Mai 26", "2026 Q2", "month 3", "13/2026")]
    [24316, 24316, 24316, 24316, 24315, 3, None]
    """
    year, month = 0, 0
    if (found := _NUMBERED.fullmatch(text)) is not None:
        a, b, c, d, e, f = found.groups()
        year, month = int(a or d or e), int(b or c or f)
    elif (found := _NAMED.fullmatch(text)) is not None:
        name, last, first, other = found.groups()
        year = int(last or first)
        month = _MONTHS.get((name or other).casefold()[:3], 0)
    elif (found := _QUARTER.fullmatch(text)) is not None:
        a, b, c, d = found.groups()
        year, quarter = int(a or d), int(b or c)
        month = quarter * 3 - 2 if quarter <= 4 else 0
    elif (found := _COUNTED.fullmatch(text)) is not None:
        return int(found[1])
    year += 2000 if 0 < year < 100 else 0
    return year * 12 + month - 1 if 1 <= month <= 12 and 1900 <= year <= 2200 else None


def months(column: Column, dates: str = "") -> tuple[NDArray[np.int32], Moments]:
    """The month of each row, -1 where none can be read; dates are taken for their month."""
    whole = moments(column, dates)
    made = column.each(lambda text: -1 if (month := month_of(text)) is None else month, np.int32)
    dated = (made < 0) & ~np.isnat(whole.at)
    made[dated] = whole.at[dated].astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return made, whole
