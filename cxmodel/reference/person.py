"""A person: somebody who is, was or may become a customer, and all that he carries about. Knows no luck."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import simpy

from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS

Status = Literal["unaware", "choosing", "customer", "former", "gone"]
"""Where a person stands; *gone* is who declined, *former* who left."""
Story = Literal["warning", "recommendation"]
OVERALL, AS_CUSTOMER, AS_USER = range(3)
"""Whose satisfaction: overall, in the role of customer, in that of user."""


class Appointment(NamedTuple):
    """What a person is going to live: a kind of visit, and which of several (a number in the tables of the route)."""

    kind: Literal["onboarding", "recurring", "parting", "return", "contact"]
    number: int = 0


ONBOARDING: Final = Appointment("onboarding")
RETURN: Final = Appointment("return")
CONTACT: Final = Appointment("contact")


class Due(NamedTuple):
    """When it is lived [days since time 0], and how long his last visit there will be past by then [days]."""

    time: float
    since: float = FIRST_VISIT_DAYS


class Call(NamedTuple):
    """How a call to a desk went: days waited, whether he gave up, days that he was then talked to."""

    waited: float
    gave_up: bool
    handling: float


@dataclass(slots=True)
class Issue:
    """An open issue: what went wrong, where it leads and how far it has got (equation 8)."""

    touchpoint: int  # where it began
    failed: bool  # by a failure, not by a shortfall
    contact: int  # the support touchpoint that it leads to
    exit: bool  # an exit left unfixed
    before: list[float]  # satisfaction before the visit that caused it, by role
    lost: float  # points of overall satisfaction that this visit cost
    repeats: int = 0  # contacts after the first
    call: Call | None = None  # the last one to a desk, until it is lived


@dataclass(eq=False, slots=True)
class Person:
    """W and H are by attribute, S and n by role: overall, as customer, as user."""

    segment: int
    threshold: float = math.inf  # exposure to Bass adoption at which he becomes aware
    status: Status = "unaware"
    leniency: float = 0.0  # u, added to every episode [points]
    frailty: float = 1.0  # z, multiplies the odds of leaving
    will: list[float] = field(default_factory=list)  # W
    should: list[float] = field(default_factory=list)  # H
    lived: set[int] = field(default_factory=set)  # attributes that he has lived at any visit
    satisfaction: list[float] = field(default_factory=lambda: [0.0] * 3)  # S
    experiences: list[float] = field(default_factory=lambda: [0.0] * 3)  # n
    strongest: float = 0.0  # largest |v| since the last month's end
    reached: dict[int, float] = field(default_factory=dict)  # one draw a promise: whether it ever reaches him
    prefers: dict[int, float] = field(default_factory=dict)  # one draw a touchpoint: his channel there
    heard: list[Story] = field(default_factory=list)
    referred: bool = False
    spells: list[list[float]] = field(default_factory=list)  # times as a customer: from, until
    decided: float = 0.0  # when he last decided to stay
    agenda: dict[Appointment, Due] = field(default_factory=dict)
    place: int = 0  # of the touchpoints of onboarding, where he is
    visits_here: int = 0  # that he has made there
    visits: dict[int, int] = field(default_factory=dict)  # so far, by the number of the recurring touchpoint
    issue: Issue | None = None
    process: simpy.Process | None = None  # that lives his life

    @property
    def next(self) -> Appointment | None:
        """The appointment that is due first."""
        return min(self.agenda, key=self.agenda.__getitem__) if self.agenda else None

    @property
    def left(self) -> float:
        """When he left last [days]; infinite where he did not."""
        return self.spells[-1][1]

    @property
    def knows_us(self) -> bool:
        """Whether he has entered and is not gone."""
        return self.status in ("choosing", "customer", "former")

    def wake(self) -> None:
        """Somebody else has changed his agenda."""
        if self.process is not None:
            self.process.interrupt()
