"""What a run writes down: sums per month, replication and segment, exact in any order of adding.

Every addend is rounded to a multiple of a small power of two, so that the sums are exact and the same bits for any
period, any pooling and any number of workers. G groups: replication x segment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from cxmodel.arrays import Column, Floats, Reals
from cxmodel.engine.visits import Lived

GRAIN = 2.0**24
TOGETHER = 65536
"""Visits from which on no further batch is added up with them, few enough for the processor's cache."""
WEIGHT, LEVEL, PERCEIVED, STANDARD = range(4)


def exact(values: Reals, grain: float = GRAIN) -> Floats:
    """Values as whole multiples of 1/grain, in floating point: their sums are exact up to 2^53."""
    return np.asarray(np.rint(np.multiply(values, grain, dtype=np.float64)))


def summed(place: Column, values: Reals, size: int, grain: float = GRAIN) -> Floats:
    """Exact sums (size,) of values by place."""
    return np.bincount(place, weights=exact(values, grain), minlength=size) / grain


def _packed(batches: list[Lived]) -> Iterator[list[Lived]]:
    """The batches in turn, as many at a time as make enough visits."""
    some: list[Lived] = []
    visits = 0
    for batch in batches:
        some.append(batch)
        visits += len(batch.rate)
        if visits >= TOGETHER:
            yield some
            some, visits = [], 0
    if some:
        yield some


@dataclass
class Ledger:
    """Sums of one pool of replications; M months, T touchpoints, A slots, lines L."""

    months: int
    groups: int
    touchpoints: int
    slots: int
    pending: list[Lived] = field(default_factory=list)
    calls: list[tuple[Column, Column, Column]] = field(default_factory=list)
    lines: list[tuple[Column, Column, Column]] = field(default_factory=list)
    services: list[tuple[Column, Column]] = field(default_factory=list)
    listeners: list[Callable[[Lived], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visits = np.zeros((self.months, self.groups, self.touchpoints))
        # sums of alpha times need weight, and of it times q, P and R
        self.felt = np.zeros((self.months, 4, self.groups, self.touchpoints, self.slots))
        self.contacts = np.zeros((self.months, self.groups))
        self.waited = np.zeros((self.months, self.groups))  # days in line
        self.queued = np.zeros((self.months, self.groups))  # contacts that went through a line
        self.abandoned = np.zeros((self.months, self.groups))
        self.service = np.zeros((self.months, self.groups))  # money that contacts and exceptions took
        self.paid = np.zeros(self.groups)  # prices paid at buying and renewing
        self.causes = np.zeros((2, self.groups, self.touchpoints))  # contacts by what began them: shortfall, failure

    def record(self, lived: Lived) -> None:
        """Keep a batch until the month is written."""
        self.pending.append(lived)
        for listen in self.listeners:
            listen(lived)

    def write(self, month: int, group: Column) -> None:
        """Add what is pending to a month; `group` of every person."""
        self._write_contacts(month)
        if not self.pending:
            return
        batches, self.pending = self.pending, []
        by_slots: dict[int, list[Lived]] = {}
        for batch in batches:
            by_slots.setdefault(len(batch.weight), []).append(batch)
        for slots, own in by_slots.items():
            for some in _packed(own):
                self._write_visits(month, group, slots, some)

    def _write_visits(self, month: int, group: Column, slots: int, batches: list[Lived]) -> None:
        who = np.concatenate([batch.visits.who for batch in batches])
        touchpoint = np.concatenate([batch.visits.touchpoint for batch in batches])
        place = group[who] * self.touchpoints + touchpoint
        size = self.groups * self.touchpoints
        made = np.ones(len(who), dtype=bool)
        for first, batch in zip(np.cumsum([0] + [len(b.rate) for b in batches]), batches, strict=False):
            if len(batch.visits.vain):
                made[first + batch.visits.vain] = False  # a call given up is no visit
        self.visits[month] += np.bincount(place[made], minlength=size).reshape(self.groups, -1)
        rate = np.concatenate([batch.rate for batch in batches])
        for slot in range(slots):
            weight = rate * np.concatenate([batch.weight[slot] for batch in batches])
            self._add(month, WEIGHT, slot, place, weight)
            for kind, name in ((LEVEL, "level"), (PERCEIVED, "perceived"), (STANDARD, "standard")):
                values = np.concatenate([getattr(batch, name)[slot] for batch in batches])
                self._add(month, kind, slot, place, weight * values)

    def _add(self, month: int, kind: int, slot: int, place: Column, values: Column) -> None:
        sums = summed(place, values, self.groups * self.touchpoints)
        self.felt[month, kind, :, :, slot] += sums.reshape(self.groups, -1)

    def called(self, group: Column, touchpoint: Column, failed: Column) -> None:
        """Contacts made this month, by the touchpoint that began them."""
        self.calls.append((group, touchpoint, failed))

    def queueing(self, group: Column, waited: Column, abandoned: Column) -> None:
        """Contacts of this month that went through a line."""
        self.lines.append((group, waited, abandoned))

    def served(self, group: Column, cost: Column) -> None:
        """What contacts of this month cost."""
        self.services.append((group, cost))

    def _write_contacts(self, month: int) -> None:
        if self.services:
            group, cost = (np.concatenate(column) for column in zip(*self.services, strict=True))
            self.services = []
            self.service[month] += summed(group, cost, self.groups, grain=2.0**10)
        if self.calls:
            group, touchpoint, failed = (np.concatenate(column) for column in zip(*self.calls, strict=True))
            self.calls = []
            self.contacts[month] += np.bincount(group, minlength=self.groups)
            place = (failed * self.groups + group) * self.touchpoints + touchpoint
            self.causes += np.bincount(place, minlength=self.causes.size).reshape(self.causes.shape)
        if self.lines:
            group, waited, abandoned = (np.concatenate(column) for column in zip(*self.lines, strict=True))
            self.lines = []
            self.queued[month] += np.bincount(group, minlength=self.groups)
            self.waited[month] += summed(group, waited, self.groups)
            self.abandoned[month] += np.bincount(group, weights=abandoned, minlength=self.groups)

    def sold(self, group: Column, price: Column) -> None:
        """Prices paid."""
        self.paid += summed(group, price, self.groups, grain=2.0**10)
