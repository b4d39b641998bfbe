"""What each of several acts contributes to what they achieve together: Shapley values.

An act's contribution is what it adds, in the mean over all orders in which the acts could be taken up; so the
contributions add up to the whole. Exact up to six acts, over sampled orders beyond. Knows no runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from math import factorial
from typing import Final

import numpy as np

from cxmodel.results.estimates import Estimate, estimate, half_width
from cxmodel.vocabulary import Floats

EXACT: Final = 6
"""Acts up to which every order is counted."""
ORDERS: Final = 16
"""Orders sampled beyond, in pairs of one and its reverse."""

Coalition = tuple[str, ...]
Value = Callable[[Coalition], Floats]
"""What some of the acts achieve together, one number per replication."""


def orders_of(acts: Sequence[str], seed: int = 1) -> list[Coalition]:
    """The orders that are counted."""
    if len(acts) <= EXACT:
        return list(permutations(acts))
    luck, found = np.random.default_rng(seed), []
    for _ in range(ORDERS // 2):
        order = tuple(acts[place] for place in luck.permutation(len(acts)))
        found += [order, order[::-1]]
    return found


def coalitions_of(acts: Sequence[str]) -> list[Coalition]:
    """Every set of acts that the orders pass through, its members as they were given; from none to all of them."""
    passed = {frozenset(order[:size]) for order in orders_of(acts) for size in range(len(acts) + 1)}
    found = [tuple(act for act in acts if act in members) for members in passed]
    return sorted(found, key=lambda members: (len(members), [acts.index(act) for act in members]))


def contributions(acts: Sequence[str], value: Value) -> dict[str, Estimate]:
    """Each act's contribution with its 95 % interval over replications, and over orders where they are a sample.

    >>> together = {(): 0.0, ("a",): 4.0, ("b",): 2.0, ("a", "b"): 8.0}
    >>> found = contributions(["a", "b"], lambda members: np.full(3, together[members]))
    >>> found["a"].value, found["b"].value
    (5.0, 3.0)
    """
    known = {members: value(members) for members in coalitions_of(acts)}
    orders = orders_of(acts)
    found = {}
    for act in acts:
        added = np.stack([_added(acts, order, act, known) for order in orders])  # (orders, R)
        figure = estimate(added.mean(0))
        if len(orders) < factorial(len(acts)) and figure.value is not None and figure.high is not None:
            pairs = added.mean(1).reshape(-1, 2).mean(1)  # an order and its reverse are one draw
            chance = half_width(float(pairs.std(ddof=1)), len(pairs))
            half = float(np.hypot(figure.high - figure.value, chance))
            figure = Estimate(figure.value, figure.value - half, figure.value + half)
        found[act] = figure
    return found


def _added(acts: Sequence[str], order: Coalition, act: str, known: dict[Coalition, Floats]) -> Floats:
    """What an act adds to those before it in an order."""
    before = set(order[: order.index(act)])
    without = tuple(each for each in acts if each in before)
    within = tuple(each for each in acts if each in before or each == act)
    return np.asarray(known[within] - known[without])
