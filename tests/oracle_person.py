"""The oracle's people: what one customer, or somebody who may become one, carries about."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any


class Person:
    """A customer, or somebody who may become one."""

    def __init__(self, segment: str) -> None:
        self.segment = segment
        self.state = "unaware"  # unaware, entering, choosing, customer, former (has left), gone (has declined)
        self.leniency = 0.0
        self.frailty = 1.0
        self.will: Any = None  # W, by need of the segment
        self.should: Any = None  # H
        self.lived: Any = None  # has this need been met with at a visit?
        self.satisfaction = {"all": 0.0, "customer": 0.0, "user": 0.0}
        self.experiences = {"all": 0.0, "customer": 0.0, "user": 0.0}
        self.reached: dict[str, float] = {}  # one draw per promise, once and for all
        self.prefers: dict[str, float] = {}  # one draw per touchpoint with channels, once and for all
        self.heard: list[str] = []  # recommendations and warnings, in the order heard
        self.issue: object = None  # the open one
        self.unfixed: object = None  # an exit that was left unfixed
        self.strongest = 0.0  # |v| since the last month's end
        self.spells: list[list[float]] = []  # [from, until] as a customer
        self.decided = 0.0  # when he last decided to stay
        self.due: list[list[Any]] = []  # recurring touchpoints: [when, which, last visit]
        self.times: Counter[str] = Counter()  # visits of each so far
        self.through: set[str] = set()  # touchpoints of which no visit is left

    @property
    def present(self) -> bool:
        """In the model and not gone."""
        return self.state in ("choosing", "customer", "former")

    @property
    def bought(self) -> float | None:
        """When he first became a customer."""
        return self.spells[0][0] if self.spells else None

    @property
    def left(self) -> float:
        """When he last left."""
        return self.spells[-1][1]

    def begins(self, time: float) -> None:
        """Becomes a customer, for the first time or again."""
        self.state, self.decided, self.unfixed = "customer", time, None
        self.spells.append([time, math.inf])

    def ends(self, time: float) -> None:
        """Leaves, an open issue with it."""
        self.state, self.issue = "former", None
        self.spells[-1][1] = time
        self.due = []

    def stays(self, spell: int) -> bool:
        """Is he the customer still that he was when this spell began?"""
        return self.state == "customer" and len(self.spells) == spell

    def was_customer(self, time: float) -> bool:
        """Was he one at a time?"""
        return any(begun <= time < ended for begun, ended in self.spells)
