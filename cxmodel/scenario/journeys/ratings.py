"""Ratings of a journey's steps on any of the usual scales, and the levels from 0 to 100 that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple


class Rating(NamedTuple):
    """A rating as it was written."""

    value: float
    out_of: float | None = None
    """The top of its scale, where the rating says it itself, as in `4/5` or `80 %`."""


class Scale(NamedTuple):
    """A rating scale by its ends."""

    low: float
    high: float

    def level(self, value: float) -> float:
        """The level that a rating stands for.

        >>> Scale(1, 5).level(4), Scale(0, 10).level(7.5)
        (75.0, 75.0)
        """
        return round(100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low), 1)

    @property
    def words(self) -> str:
        """What was done with the ratings.

        >>> Scale(1, 5).words, Scale(0, 10).words, Scale(0, 100).words, Scale(-2, 2).words
        ('1 to 5, level = (x − 1) × 25', '0 to 10, level = x × 10', '0 to 100, taken as they are', \
'-2 to 2, level = (x + 2) × 25')
        """
        factor = f"{100 / (self.high - self.low):g}"
        ends = f"{self.low:g} to {self.high:g}"
        if (self.low, self.high) == (0, 100):
            return f"{ends}, taken as they are"
        if not self.low:
            return f"{ends}, level = x × {factor}"
        return f"{ends}, level = (x {'−' if self.low > 0 else '+'} {abs(self.low):g}) × {factor}"


OWN: Final = {5.0: Scale(1, 5), 10.0: Scale(0, 10), 100.0: Scale(0, 100)}
"""The scale of a rating that says what it is out of."""
TOPS: Final = (5.0, 10.0, 100.0)
EVEN: Final = (1.0, 2.0, 3.0, 5.0, 10.0, 100.0)
"""The tops of scales that go as far below zero as above it."""
NOTHING: Final = frozenset(
    {"", "-", "–", "—", "?", "n/a", "na", "n.a.", "none", "tbd", "k.a.", "k. a.", "x", "null", "#n/a"}
)
"""What stands in a cell that says nothing."""
_NUMBER: Final = re.compile(
    r"(?P<value>[-+−]?[0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*"
    r"(?:(?P<percent>%)|(?:/|out of|of|von|sur|de)\s*(?P<top>[0-9]{1,3})|stars?|points?|pts?|sterne?|punkte?)?",
    re.IGNORECASE,
)
_STARS: Final = re.compile(r"([★⭐]+)\ufe0f?([☆]*)")


def rating_of(cell: object) -> Rating | None:
    """The rating in a cell; None where there is none.

    >>> rating_of("3,5"), rating_of("4/5"), rating_of(80), rating_of("good")
    (Rating(value=3.5, out_of=None), Rating(value=4.0, out_of=5.0), Rating(value=80.0, out_of=None), None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return Rating(float(cell))
    text = " ".join(str(cell).split())
    if stars := _STARS.fullmatch(text.replace("\ufe0f", "")):
        return Rating(float(len(stars[1])), 5.0)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(match["value"].replace("−", "-").replace(",", "."))
    top = 100.0 if match["percent"] else float(match["top"]) if match["top"] else None
    return Rating(value, top)


def scale_of(ratings: Sequence[Rating]) -> Scale | None:
    """The scale that ratings are on, by the largest and the least of them; None where they are on none.

    >>> scale_of([Rating(1), Rating(4)]), scale_of([Rating(3), Rating(8.5)]), scale_of([Rating(-1), Rating(2)])
    (Scale(low=1, high=5), Scale(low=0, high=10.0), Scale(low=-2.0, high=2.0))
    """
    values = [each.value for each in ratings if each.out_of is None]
    if not values:
        return OWN[100.0]
    low, high = min(values), max(values)
    if low < 0:
        top = next((top for top in EVEN if max(-low, high) <= top), None)
        return Scale(-top, top) if top is not None else None
    if high <= 1 and any(value % 1 for value in values):
        return Scale(0, 1)
    if high <= 5:
        return Scale(1, 5) if low >= 1 else Scale(0, 5)
    top = next((top for top in TOPS if high <= top), None)
    return Scale(0, top) if top is not None else None


def level_of(rating: Rating, scale: Scale) -> float:
    """The level of a rating: on the scale that it names itself, else on the one of all."""
    own = Scale(0, rating.out_of) if rating.out_of and rating.out_of not in OWN else OWN.get(rating.out_of or 0, scale)
    return own.level(rating.value)
