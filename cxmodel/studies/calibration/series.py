"""The company's series as a run has them: months from the beginning, each value with its error of measurement.

The first month of the series is the first month of a run that begins as the scenario says today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.errors import UsageError
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.evidence.tables import Evidence, Measure
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Floats

ASKED: Final = 200
"""Answers behind a score whose sample size is not given (A)."""
DECIDED: Final = 0.7
"""Share of customers who promote or detract, for the error of an NPS (A)."""
SPREAD: Final = 20.0
"""Sd of satisfaction between customers, for the error of its mean [points] (A; airport survey: 17.8)."""
LEAST: Final = 6
"""Months of a series below which nothing is fitted to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One measure of one segment, month by month."""

    measure: Measure
    segment: str
    month: NDArray[np.int32]
    """1 is the first month of the run."""
    value: Floats
    error: Floats
    """Standard error of measurement; 0 where everybody is counted."""
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """All series, laid end to end where they are compared with a run."""

    series: Sequence[Series]
    begins: int
    """The month before the first one, counted from January of the year 0."""

    @property
    def months(self) -> int:
        """From the beginning to the last month observed."""
        return max(int(each.month.max()) for each in self.series)

    @property
    def month(self) -> NDArray[np.int32]:
        """The month of each value, series after series."""
        return np.concatenate([each.month for each in self.series])

    @property
    def value(self) -> Floats:
        """Every value."""
        return np.concatenate([each.value for each in self.series])

    @property
    def error(self) -> Floats:
        """The standard error of each."""
        return np.concatenate([each.error for each in self.series])

    @property
    def which(self) -> NDArray[np.intp]:
        """The number of the series of each."""
        return np.repeat(np.arange(len(self.series)), [len(each.value) for each in self.series])


def observed(evidence: Evidence, scenario: Scenario) -> Observed | None:
    """The series of a company's trackers that are long enough; None where there are none.

    Raises UsageError for a segment that the scenario does not have.
    """
    found: dict[tuple[Measure, str], dict[int, tuple[float, float, str]]] = {}
    for file, tracker in evidence.trackers:
        rows = zip(tracker.measure, tracker.segment, tracker.month, tracker.value, tracker.size, strict=True)
        for measure, segment, month, value, size in rows:
            if segment != EVERYONE and segment not in scenario.segments:
                known = ", ".join(scenario.segments)
                raise UsageError(f"{file}: there is no segment {segment!r} in the scenario; there is: {known}")
            if np.isfinite(value):
                found.setdefault((measure, segment), {})[int(month)] = float(value), float(size), file
    kept = {key: rows for key, rows in found.items() if len(rows) >= LEAST}
    if not kept:
        return None
    begins = min(month for rows in kept.values() for month in rows) - 1
    return Observed([_series(*key, rows, begins) for key, rows in kept.items()], begins)


def _series(measure: Measure, segment: str, rows: Mapping[int, tuple[float, float, str]], begins: int) -> Series:
    months = sorted(rows)
    value = np.array([rows[month][0] for month in months])
    size = np.array([rows[month][1] for month in months])
    return Series(
        measure,
        segment,
        np.array(months, dtype=np.int32) - begins,
        value,
        _error(measure, value, size),
        rows[months[-1]][2],
    )


def _error(measure: Measure, value: Floats, size: Floats) -> Floats:
    """The standard error of measurement; what is counted has none of its own beyond the chance of those who live it."""
    asked = np.where(np.isfinite(size) & (size > 0), size, ASKED)
    if measure == "nps":
        return np.asarray(100 * np.sqrt(np.maximum(DECIDED - (value / 100) ** 2, 0.1) / asked))
    if measure == "satisfaction":
        return np.asarray(SPREAD / np.sqrt(asked))
    return np.zeros_like(value)
