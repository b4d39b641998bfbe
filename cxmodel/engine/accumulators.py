"""What a run writes down: sums by month, segment and touchpoint, exact in any order of adding.

Every addend is rounded to a multiple of a small power of two, so that sums are the same bits for any period, any
number of threads and any split of a replication. Shapes: M months, S segments, T touchpoints, A slots, L desks, D days.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.bundle import Bundle
from cxmodel.engine.compilation import compiled
from cxmodel.engine.tables import Tables, record

GRAIN: Final = 2.0**24
"""Sums are whole multiples of one part in so many, which floating point adds exactly up to 2^29."""
MONEY_GRAIN: Final = 2.0**10
"""The same of money, exact up to 2^43."""
MONEY: Final = ("service", "paid")
"""Flows that are money."""
FELT: Final = ("weight", "level", "perceived", "standard")
FLOWS: Final = ("queued", "waited", "abandoned", "service", "days", "margin", "paid")
STATES: Final = (
    "customers", "satisfaction", "promoters", "detractors", "former", "former_promoters", "former_detractors",
    "answers", "answers_promoters", "answers_detractors",
)  # fmt: skip
DESK: Final = ("calls", "abandoned", "waiting", "busy")
SPELLS: Final = 24
"""Times that one person may come back; more are not told apart."""
DIARY: Final = record(
    who=np.int64, touchpoint=np.int64, time=np.float64, expected=np.float64, perceived=np.float64, gap=np.float64,
    satisfaction=np.float64, failed=np.bool_, judged=np.bool_,
)  # fmt: skip
"""A visit of somebody who is watched."""


def _sums(names: tuple[str, ...]) -> np.dtype[Any]:
    return record(**dict.fromkeys(names, np.float64))


@dataclass
class Sums(Bundle):
    """Sums of one replication."""

    visits: NDArray[Any]  # (M, S, T)
    felt: NDArray[Any]  # (M, S, T, A) sums of alpha x weight, and of it times q, P and R
    flow: NDArray[Any]  # (M, S)
    state: NDArray[Any]  # (M + 1, S)
    contacts: NDArray[Any]  # (M, S, T) by the touchpoint that is contacted
    causes: NDArray[Any]  # (2, S, T) by what began them: a shortfall, a failure
    desk: NDArray[Any]  # (L, D)
    heard: NDArray[Any]  # (T, 2) by the closed loop: sum of gaps, answers
    ended: NDArray[Any]  # (N, 24, 2) earlier times as a customer: from, until
    now: NDArray[Any]  # (A) of the visit at hand
    diary: NDArray[Any]  # (n) visits of those who are watched
    pages: NDArray[Any]  # (1) how many there are


def nothing(w: Tables, months: int, people: int = 0, pages: int = 0) -> Sums:
    """Empty sums of a run of so many months; `pages` of a diary."""
    segments, touchpoints, slots = w.slot.shape
    return Sums(
        visits=np.zeros((months, segments, touchpoints)),
        felt=np.zeros((months, segments, touchpoints, slots), _sums(FELT)),
        flow=np.zeros((months, segments), _sums(FLOWS)),
        state=np.zeros((months + 1, segments), _sums(STATES)),
        contacts=np.zeros((months, segments, touchpoints)),
        causes=np.zeros((2, segments, touchpoints)),
        desk=np.zeros((len(w.roster), len(w.day)), _sums(DESK)),
        heard=np.zeros((touchpoints, 2)),
        ended=np.zeros((people if len(w.returning) else 0, SPELLS, 2)),
        now=np.zeros(slots, _sums(FELT)),
        diary=np.zeros(pages, DIARY),
        pages=np.zeros(1, np.int64),
    )


def add(total: Sums, part: Sums) -> None:
    """Add what some of the people wrote down to the sums of all; the part is empty afterwards."""
    for field in fields(Sums):
        mine, theirs = getattr(total, field.name), getattr(part, field.name)
        if field.name in ("ended", "now", "diary", "pages"):
            continue
        for name in mine.dtype.names or (...,):
            mine[name] += theirs[name]
        theirs[...] = np.zeros((), theirs.dtype)


@compiled
def exact(value: float) -> float:
    """A value as whole multiples of 1/GRAIN."""
    return np.rint(value * GRAIN)


@compiled
def exact_money(value: float) -> float:
    """An amount of money as whole multiples of 1/MONEY_GRAIN."""
    return np.rint(value * MONEY_GRAIN)
