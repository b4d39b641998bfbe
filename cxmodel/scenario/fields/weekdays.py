"""Days of the week as they are written: `mon`, `mon-fri`, `mon,wed`, `fri-mon`. A week begins on Monday."""

from __future__ import annotations

import re
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days; month 0 begins on the first of them."""
_DAY: Final = f"(?:{'|'.join(WEEKDAYS)})"
_SPAN: Final = rf"{_DAY}(?:\s*[-\u2013]\s*{_DAY})?"
DAYS: Final = rf"{_SPAN}(?:\s*,\s*{_SPAN})*"
"""How days are written."""


def days_of(written: str) -> list[int] | None:
    """The days that are meant, counted from Monday; None where they cannot be read.

    >>> days_of("mon-wed"), days_of("sat,mon"), days_of("fri-mon"), days_of("Sunday")
    ([0, 1, 2], [5, 0], [4, 5, 6, 0], None)
    """
    if not re.fullmatch(rf"\s*{DAYS}\s*", written):
        return None
    found: list[int] = []
    for span in written.split(","):
        ends = [WEEKDAYS.index(day) for day in re.findall(_DAY, span)]
        found += [(ends[0] + more) % 7 for more in range((ends[-1] - ends[0]) % 7 + 1)]
    return found


def meant_by(written: str) -> str:
    """The spelling that was probably meant; empty where nobody can tell.

    >>> meant_by("Monday - Friday"), meant_by("SAT"), meant_by("weekend")
    ('mon - fri', 'sat', '')
    """
    short = re.sub(r"[a-z]+", lambda match: match[0][:3], written.strip().casefold())
    return short if days_of(short) is not None else ""
