"""What a company's data say, in numbers only: survey, tracker, cohorts and call log, as they are read and fitted.

Levels and satisfaction are points on the 0-100 scale, whatever scale they were asked on; what was not said is nan.
Nothing that names a person is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

Measure = Literal["nps", "satisfaction", "churn_monthly", "contacts_per_customer", "acquired"]
"""What a tracker may hold, by the metric's name: scores in points, churn as a share per month, contacts per customer
and year, customers won per month."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a rating is of: a touchpoint as a whole, an attribute there, or an attribute everywhere."""

    touchpoint: str = ""
    attribute: str = ""

    @property
    def path(self) -> str:
        """Where the scenario says its level, as a dotted path; empty where it is of no one place."""
        if self.touchpoint and self.attribute:
            return f"journey.{self.touchpoint}.delivers.{self.attribute}"
        return f"journey.{self.touchpoint}" if self.touchpoint else ""


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Answers, a respondent each; arrays have a row for each of them."""

    items: Sequence[Item]
    ratings: Floats
    """Shape (respondents, items) [points]."""
    satisfaction: Floats
    """Overall [points]."""
    recommend: Floats
    """Likelihood to recommend [0-10]."""
    problem: Floats
    """Whether there was a problem [0 or 1]."""
    segments: Sequence[str]
    """Ids of segments, or what the file calls them."""
    segment: NDArray[np.int16]
    """The segment of each respondent, -1 where none is said."""
    waves: Sequence[str]
    """Names of the waves in the order of time, such as `2016` or `2026-05`."""
    wave: NDArray[np.int16]
    """The wave of each respondent, -1 where none is said."""
    weight: Floats
    """How much each counts, 1 on average."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracker:
    """Measurements month by month."""

    month: NDArray[np.int32]
    """Months since January of the year 0: 12 x year + month - 1."""
    measure: Sequence[Measure]
    segment: Sequence[str]
    """The segment's id, or `all`."""
    value: Floats
    size: Floats
    """How many were asked, or are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """How many of each cohort are still there after each period."""

    names: Sequence[str]
    months: float
    """Length of a period [months]."""
    there: Floats
    """Shape (cohorts, periods + 1), the first column the beginning: customers, or shares where `counted` is not."""
    counted: bool


@dataclass(frozen=True, slots=True, eq=False)
class CallLog:
    """Calls, one each."""

    desk: Sequence[str]
    """Ids of staffed touchpoints, or what the file calls them."""
    which: NDArray[np.int16]
    """The desk of each call."""
    arrival: NDArray[np.datetime64]
    """When it came in [seconds]."""
    wait: Floats
    """Until it was answered, or given up [seconds]."""
    answered: NDArray[np.bool_]
    handling: Floats
    """[seconds], nan where it was not answered."""
    solved: Floats
    """[0 or 1]."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows, or cells of a column, that could not be used."""

    why: str
    """In words, such as `no date in column date`."""
    rows: int
    examples: Sequence[tuple[int, str]] = ()
    """Line of the file and what stands there, the first few."""


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What was understood of a file."""

    file: str
    kind: str
    """survey, tracker, cohorts or calls."""
    rows: int
    used: int
    columns: Sequence[tuple[str, str]]
    """A column of the file, and in words how it was understood; what is left out too."""
    dropped: Sequence[Dropped] = ()
    repaired: Sequence[str] = ()
    """What was put right, in sentences, such as `Decimal commas were read as points.`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was read, and the account of it."""

    surveys: Sequence[tuple[str, Survey]] = ()
    """With the name of the file, for the source of each number."""
    trackers: Sequence[tuple[str, Tracker]] = ()
    cohorts: Sequence[tuple[str, Cohorts]] = ()
    calls: Sequence[tuple[str, CallLog]] = ()
    account: Sequence[FileAccount] = ()


def month_name(month: int) -> str:
    """A month as it is told.

    >>> month_name(24316), month_name(3)
    ('2026-05', 'month 3')
    """
    return f"{month // 12}-{month % 12 + 1:02}" if month >= 12_000 else f"month {month}"
