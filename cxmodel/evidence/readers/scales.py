"""Scales on which people answer, from five stars to a hundred points, and which of them numbers look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

REVERSED: Final = " reversed"
"""What stands behind a scale on which the lowest number is the best."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest answer, and how answers become points."""

    name: str
    low: float
    high: float
    ten: bool = False
    """Whether an answer times ten is points, as with ten points, where 1 is 10 rather than nothing."""

    def points(self, answers: Floats) -> Floats:
        """Answers as points from 0 to 100.

        >>> SCALES["five stars"].points(np.array([1.0, 3.0, 5.0])), SCALES["ten points"].points(np.array([1.0]))
        (array([  0.,  50., 100.]), array([10.]))
        """
        made: Floats = answers * 10.0 if self.ten else (answers - self.low) / (self.high - self.low) * 100.0
        return made

    def holds(self, answers: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which answers lie on it; nan does not."""
        return (answers >= self.low) & (answers <= self.high)


SCALES: Final[Mapping[str, Scale]] = {
    scale.name: scale
    for scale in (
        Scale("five stars", 1, 5),
        Scale("six points", 1, 6),
        Scale("seven points", 1, 7),
        Scale("ten points", 1, 10, ten=True),
        Scale("0 to 10", 0, 10),
        Scale("0 to 100", 0, 100),
        Scale("0 to 1", 0, 1),
    )
}
"""Scales by name, as a mapping says them."""
OTHERWISE: Final = {
    "1 to 5": "five stars",
    "1-5": "five stars",
    "stars": "five stars",
    "1 to 6": "six points",
    "1 to 7": "seven points",
    "1-7": "seven points",
    "1 to 10": "ten points",
    "1-10": "ten points",
    "0-10": "0 to 10",
    "percent": "0 to 100",
    "points": "0 to 100",
    "0-100": "0 to 100",
    "school grades": "six points reversed",
}
"""What else people call them."""
MISSING: Final = (0.0, 6.0, 7.0, 8.0, 9.0, 66.0, 77.0, 88.0, 95.0, 96.0, 97.0, 98.0, 99.0, 888.0, 997.0, 998.0, 999.0)
"""Numbers that stand for a missing answer where they lie outside the scale; negative ones may as well."""
_MOST_CODES: Final = 0.4
"""Largest share of codes for a missing answer among the numbers of a column."""

_MOST_STRAYS: Final = 0.05
"""Largest share of numbers that lie outside a scale for no reason."""


def scale_named(name: str) -> tuple[Scale, bool] | None:
    """The scale of a name, and whether it is reversed; nothing for a name of none."""
    plain = " ".join(name.casefold().split())
    plain = OTHERWISE.get(plain, plain)
    turned = plain.endswith(REVERSED)
    plain = plain.removesuffix(REVERSED)
    scale = SCALES.get(OTHERWISE.get(plain, plain))
    return None if scale is None else (scale, turned)


def likely_scale(answers: Floats, counts: Floats, recommend: bool = False) -> tuple[str, tuple[float, ...]] | None:
    """The name of the scale that different answers look like, and which of them stand for a missing one.

    >>> likely_scale(np.array([0.0, 1, 2, 3, 4, 5, 6]), np.array([90.0, 10, 20, 40, 90, 80, 9]))
    ('five stars', (0.0, 6.0))
    >>> likely_scale(np.array([0.0, 5, 8, 10, 99]), np.array([4.0, 9, 30, 40, 7]), recommend=True)
    ('0 to 10', (99.0,))
    """
    said = np.isfinite(answers)
    answers, counts = answers[said], counts[said]
    if not answers.size:
        return None
    total = float(counts.sum())

    def fits(name: str) -> tuple[str, tuple[float, ...]] | None:
        inside = SCALES[name].holds(answers)
        coded = ~inside & (np.isin(answers, MISSING) | ((answers < 0) & (answers == np.round(answers))))
        strays = float(counts[~inside & ~coded].sum())
        if strays > total * _MOST_STRAYS or float(counts[inside].sum()) < total * (1 - _MOST_CODES):
            return None
        return name, tuple(sorted(answers[coded].tolist()))

    def share(low: float, high: float) -> float:
        return float(counts[(answers >= low) & (answers <= high)].sum()) / total

    whole = bool(np.all(answers == np.round(answers)))
    if recommend:
        order = ["0 to 10"] if share(5.5, 10) > 0 else ["five stars"]
    elif not whole and answers.max() <= 1 and answers.min() >= 0:
        order = ["0 to 1"]
    elif share(7.5, 10) > 0.02 and share(10.5, 100) < 0.5:
        zeros = 0 < share(0, 0) < 0.4
        order = ["0 to 10"] if zeros else ["ten points"]
    elif share(6.5, 7) > 0.03 and share(5.5, 6) > 0.01:
        order = ["seven points"]
    elif share(5.5, 6) > 0.15:
        order = ["six points"]
    else:
        order = ["five stars", "seven points", "ten points", "0 to 10"]
    for name in (*order, "0 to 10", "0 to 100"):
        if (found := fits(name)) is not None:
            return found
    return None
