"""PRIM, the Patient Rule Induction Method: a box of the inputs in which the cases of interest crowd.

Peels off, a small slice at a time, the slice whose loss raises the share of interest most for each case it costs
(Friedman & Fisher 1999, with their patient criterion of section 14), then pastes back what raises it further. Each
step is a box, and the analyst chooses along the way (Bryant & Lempert 2010). Arrays in, boxes out; knows no
scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from cxmodel.vocabulary import Floats

Bools = NDArray[np.bool_]
LOW, HIGH = 0, 1
"""The two ends of a range, as columns of limits."""
ALPHA: Final = 0.05
"""Share of the cases in a box that a peel takes away, or that a paste looks at."""
LEAST: Final = 0.05
"""Share of all cases that a box has to hold."""


@dataclass(frozen=True, slots=True)
class Box:
    """A range of some inputs, and how many cases and cases of interest it holds."""

    limits: Floats
    """From and to, both within, of every input (d, 2); infinite where it is not restricted."""
    held: int
    caught: int
    """Cases of interest that it holds."""
    cases: int
    interest: int
    """Cases of interest in all."""

    @property
    def mass(self) -> float:
        """Share of all cases that it holds."""
        return self.held / self.cases

    @property
    def density(self) -> float:
        """Share of the cases in it that are of interest."""
        return self.caught / self.held if self.held else 0.0

    @property
    def coverage(self) -> float:
        """Share of all cases of interest that it holds."""
        return self.caught / self.interest if self.interest else 0.0

    @property
    def ends(self) -> Bools:
        """Which ends of which inputs it restricts (d, 2)."""
        return np.asarray(np.isfinite(self.limits))

    @property
    def restricted(self) -> tuple[int, ...]:
        """The inputs that it restricts, by place."""
        return tuple(np.flatnonzero(self.ends.any(axis=1)).tolist())

    def holds(self, x: Floats) -> Bools:
        """Which of these cases (n, d) it holds (n,)."""
        return np.asarray(((x >= self.limits[:, LOW]) & (x <= self.limits[:, HIGH])).all(axis=1))


class Move(NamedTuple):
    """Another limit of one end, the cases within then, and what it gains."""

    place: int
    end: int
    limit: float
    score: float
    within: Bools


def box(limits: Floats, x: Floats, y: Bools) -> Box:
    """The box with these limits (d, 2) among cases (n, d) of which some are of interest (n,)."""
    bare = Box(limits, 0, 0, len(y), int(y.sum()))
    within = bare.holds(x)
    return Box(limits, int(within.sum()), int(y[within].sum()), bare.cases, bare.interest)


def peel(
    x: Floats, y: Bools, *, alpha: float = ALPHA, mass_min: float = LEAST, paste_alpha: float = ALPHA
) -> tuple[Box, ...]:
    """The boxes on the way from all cases (n, d) to those where interest (n,) is densest.

    First the box of everything, then one per peel, each within the one before, then one per paste, each around the
    one before. It ends where no slice raises density, or where a box would hold less than `mass_min` of all cases.

    >>> x = np.linspace(0, 1, 101)[:, None]
    >>> last = peel(x, x[:, 0] > 0.7)[-1]
    >>> last.limits.round(1).tolist(), last.density, last.coverage
    ([[0.7, inf]], 1.0, 1.0)
    """
    limits = np.stack([np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)], axis=1)
    found = [Box(limits, len(y), int(y.sum()), len(y), int(y.sum()))]
    within = np.ones(len(y), dtype=bool)
    for take in (_peels, _pastes):
        part = alpha if take is _peels else paste_alpha
        while (best := _best(list(take(x, y, within, limits, part)), limits)) is not None:
            held = int(best.within.sum())
            if held < mass_min * len(y):
                break
            limits = limits.copy()
            limits[best.place, best.end] = best.limit
            within = best.within
            found.append(Box(limits, held, int(y[within].sum()), len(y), found[0].interest))
    return tuple(found)


def quasi_p(found: Box, x: Floats, y: Bools) -> Floats:
    """How probably each restricted end of a box is luck (d, 2); nan where an end is not restricted.

    The probability that as many of the cases in the box, or more, are of interest by chance alone, at the share they
    have in the box without this restriction (one-sided binomial; Bryant & Lempert 2010, appendix). *Quasi*, since
    the restriction was chosen on the same cases.
    """
    places, ends = np.nonzero(found.ends)
    values = np.full(found.limits.shape, np.nan)
    values[places, ends] = _quasi_p(_outside(found, x), y)
    return values


def simplified(found: Box, x: Floats, y: Bools, sure: float = 0.05) -> Box:
    """The box without the restrictions that could be luck: the least sure goes first, until all are below `sure`."""
    outside = _outside(found, x)
    left = np.arange(outside.shape[1])
    while len(left):
        p = _quasi_p(outside[:, left], y)
        if p.max() < sure:
            break
        left = np.delete(left, p.argmax())
    if len(left) == outside.shape[1]:
        return found
    places, ends = (each[left] for each in np.nonzero(found.ends))
    limits = np.stack([np.full(len(found.limits), -np.inf), np.full(len(found.limits), np.inf)], axis=1)
    limits[places, ends] = found.limits[places, ends]
    within = ~outside[:, left].any(axis=1)
    return Box(limits, int(within.sum()), int(y[within].sum()), found.cases, found.interest)


def _outside(found: Box, x: Floats) -> Bools:
    """Which cases each restricted end leaves out (n, ends)."""
    places, ends = np.nonzero(found.ends)
    limits, values = found.limits[places, ends], x[:, places]
    return np.asarray(np.where(ends == LOW, values < limits, values > limits))


def _quasi_p(outside: Bools, y: Bools) -> Floats:
    """The quasi-p-value of every restriction (ends,)."""
    broken = outside.sum(axis=1)
    within = broken == 0
    without = within[:, None] | ((broken == 1)[:, None] & outside)  # broken by this end alone
    held, caught = int(within.sum()), int(y[within].sum())
    share = y.astype(float) @ without / np.maximum(without.sum(axis=0), 1)
    return np.asarray(betainc(caught, held - caught + 1, share)) if caught else np.ones(outside.shape[1])


def _best(moves: list[Move], limits: Floats) -> Move | None:
    """The move that gains most, of equals the one that restricts fewest inputs, then the first; None without gain."""
    top = max((each.score for each in moves), default=0.0)
    if top <= 0:
        return None
    return min((each for each in moves if each.score == top), key=lambda each: _restricts(each, limits))


def _restricts(move: Move, limits: Floats) -> int:
    """How many more inputs are restricted after a move."""
    before = np.isfinite(limits[move.place]).any()
    after = np.isfinite([limits[move.place, 1 - move.end], move.limit]).any()
    return int(after) - int(before)


def _peels(x: Floats, y: Bools, within: Bools, limits: Floats, alpha: float) -> Iterator[Move]:
    """The best slices off the upper and the lower end of every input, of the cases within."""
    some, interest = x[within], y[within]
    high, low = upper(some, 1 - alpha), lower(some, alpha)
    kept = np.stack([some <= high, some >= low], axis=2)  # (m, d, 2), the upper end first
    held = kept.sum(axis=0)
    caught = np.einsum("m,mde->de", interest.astype(float), kept.astype(float))
    scores = _gain(held, caught, len(some), int(interest.sum()))
    for place, side in np.argwhere(scores == scores.max()):
        end, limit = (HIGH, high[place]) if side == 0 else (LOW, low[place])
        inside = within.copy()
        inside[within] = kept[:, place, side]
        yield Move(int(place), end, float(limit), float(scores[place, side]), inside)


def _pastes(x: Floats, y: Bools, within: Bools, limits: Floats, alpha: float) -> Iterator[Move]:
    """For every restricted end the limit moved out, over a slice of the cases that it alone leaves out."""
    for place, end in np.argwhere(np.isfinite(limits)):
        others = limits.copy()
        others[place] = -np.inf, np.inf
        column, limit = x[:, place], limits[place, end]
        beside = ((x >= others[:, LOW]) & (x <= others[:, HIGH])).all(axis=1)
        slab = column[beside & (column <= limit if end == LOW else column >= limit)]
        extreme = column.min() if end == LOW else column.max()
        moved = extreme
        if len(slab):
            moved = float((upper(slab[:, None], 1 - alpha) if end == LOW else lower(slab[:, None], alpha))[0])
        low, high = (moved, limits[place, HIGH]) if end == LOW else (limits[place, LOW], moved)
        inside = beside & (column >= low) & (column <= high)
        held, caught = np.array(inside.sum()), np.array(y[inside].sum())
        score = float(_gain(held, caught, int(within.sum()), int(y[within].sum())))
        free = -np.inf if end == LOW else np.inf
        yield Move(int(place), int(end), free if moved == extreme else moved, score, inside)


def _gain(held: Floats, caught: Floats, before: int, interest: int) -> Floats:
    """How much density changes for each case that a box loses or gains; 0 where it stays as it is."""
    density = np.divide(caught, held, out=np.zeros(np.shape(held)), where=held > 0)
    moved = np.abs(before - held)
    return np.divide(density - interest / before, moved, out=np.zeros(np.shape(held)), where=moved > 0)


def lower(values: Floats, share: float) -> Floats:
    """A limit of each column (n, d) with about this share of its values below: half-way between two of them (d,).

    Of equal values none is cut off from the others: the limit then lies beyond them.

    >>> lower(np.array([[1.0], [2.0], [2.0], [4.0]]), 0.4)
    array([3.])
    """
    ranked = np.sort(values, axis=0)
    below = ranked[int(np.floor((len(values) - 1) * share))]
    after = np.minimum((values <= below).sum(axis=0), len(values) - 1)
    return np.asarray((below + np.take_along_axis(ranked, after[None], axis=0)[0]) / 2)


def upper(values: Floats, share: float) -> Floats:
    """A limit of each column (n, d) with about this share of its values below, none of equals cut off (d,).

    >>> upper(np.array([[1.0], [2.0], [2.0], [4.0]]), 0.6)
    array([1.5])
    """
    ranked = np.sort(values, axis=0)
    above = ranked[int(np.ceil((len(values) - 1) * share))]
    before = np.maximum((values < above).sum(axis=0) - 1, 0)
    return np.asarray((above + np.take_along_axis(ranked, before[None], axis=0)[0]) / 2)
