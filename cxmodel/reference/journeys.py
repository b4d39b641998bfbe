"""Journeys: who enters, chooses, uses, stays, leaves and comes back. One SimPy process lives the life of one person."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from cxmodel.reference import contacts
from cxmodel.reference.company import Company
from cxmodel.reference.equations import adoption, advocacy, loyalty, perception
from cxmodel.reference.person import AS_CUSTOMER, AS_USER, ONBOARDING, RETURN, Appointment, Due, Person
from cxmodel.reference.visits import hear, tell, visit
from cxmodel.vocabulary import MONTH

Events = Generator[simpy.Event, Any, None]
ONWARD_DAYS = 1.0
"""Days from the last visit to a touchpoint of onboarding, or of coming back, to the first at the next."""
STORIES = {"warning": advocacy.warned, "recommendation": advocacy.recommended}


def begin(c: Company, person: Person) -> None:
    """His life goes on from what stands in his agenda."""
    person.process = c.clock.process(live(c, person))


def live(c: Company, person: Person) -> Events:
    """He lives what is due first, and looks again at his agenda whenever somebody else has changed it."""
    while person.status != "gone":
        first = person.next
        try:
            if first is None or person.agenda[first].time >= c.end:
                yield c.clock.event()  # nothing comes of itself
            else:
                yield c.clock.timeout(person.agenda[first].time - c.now)
                happen(c, person, first, person.agenda.pop(first).since)
        except simpy.Interrupt:
            pass


def happen(c: Company, person: Person, what: Appointment, since: float) -> None:
    """One event of his life, `since` days after his last visit there."""
    if what.kind == "onboarding":
        onboard(c, person, since)
    elif what.kind == "recurring":
        recur(c, person, what, since)
    elif what.kind == "parting":
        meet(c, person, c.world.route.partings[what.number].touchpoint, since)
    elif what.kind == "return":
        live_again(c, person, what.number, since)
    elif person.issue is not None:
        contacts.contact(c, person, person.issue)


def meet(c: Company, person: Person, touchpoint: int, since: float, told: bool = False) -> None:
    """A visit, with the promises made there (unless he was `told`) and the contact that it may lead to."""
    if not told:
        hear(c, person, touchpoint)
    contacts.complain(c, person, touchpoint, visit(c, person, touchpoint, since))


# newcomers -----------------------------------------------------------------------------------------------------


def onboard(c: Company, person: Person, since: float) -> None:
    """A visit of onboarding: he enters before the first, and chooses before the first to a buy touchpoint or later.

    Without such touchpoints he chooses a day after the last one. The promises made where he buys are heard before.
    """
    if person.status == "unaware":
        enter(c, person)
    journey, place = c.setting.onboarding, person.place
    chooses = person.status == "choosing" and place == c.setting.choice
    if chooses:
        if place < len(journey):
            hear(c, person, journey[place])
        if not choose(c, person):
            return
    if place < len(journey):
        meet(c, person, journey[place], since, told=chooses)
        go_on(c, person, journey[place])
    if person.place == len(journey) and person.status == "customer":
        start(c, person, renewals=False)


def go_on(c: Company, person: Person, touchpoint: int) -> None:
    """After a visit of onboarding: one more here, as the day of the visit says, or the next touchpoint a day later."""
    day, person.visits_here = c.day(), person.visits_here + 1
    if person.visits_here < c.world.visits[day, touchpoint]:
        days = float(c.world.every[day, touchpoint])
        person.agenda[ONBOARDING] = Due(c.now + days, days)
        return
    person.place, person.visits_here = person.place + 1, 0
    if person.place < len(c.setting.onboarding) or person.status == "choosing":
        person.agenda[ONBOARDING] = Due(c.now + ONWARD_DAYS)


def enter(c: Company, person: Person) -> None:
    """Who he is and what he expects: W of what the company offers, H of the market, S of a first impression."""
    a, s = c.assumptions, person.segment
    person.status = "choosing"
    person.leniency = float(c.chance.normal(c.setting.today.leniency, a.leniency_sd))
    person.frailty = float(c.chance.gamma(1 / a.frailty, a.frailty))
    person.will, person.should = c.world.foreseen[s].tolist(), c.bars[s].copy()
    person.satisfaction = [float(perception.on_the_scale(a.first_impression + person.leniency))] * 3
    for number in c.setting.brand:
        tell(c, person, number)


def choose(c: Company, person: Person) -> bool:
    """Whether he buys (equation 11): what he foresees against the best alternative, moved by the stories he heard."""
    a, day, s = c.assumptions, c.day(), person.segment
    foreseen = sum(weight * will for weight, will in zip(c.setting.need_weight[s], person.will, strict=True))
    chance = adoption.choosing(foreseen, c.world.choice_standard[day, s], a.satisfaction_slope)
    for story in person.heard:
        chance = STORIES[story](chance, a.headroom)
    if not c.happens(chance):
        person.status, person.issue = "gone", None
        person.agenda.clear()
        return False
    person.referred = "recommendation" in person.heard
    become_customer(c, person)
    return True


def become_customer(c: Company, person: Person) -> None:
    """He buys, or comes back: he pays, and renews one interval from now."""
    person.status, person.decided = "customer", c.now
    person.spells.append([c.now, np.inf])
    pay(c, person)
    start(c, person, renewals=True)


def pay(c: Company, person: Person) -> None:
    """A price that is paid at buying, at each renewal and on coming back."""
    c.ledger.paid[person.segment] += c.world.prices.once[c.day(), person.segment]


# customers -----------------------------------------------------------------------------------------------------


def start(c: Company, person: Person, renewals: bool) -> None:
    """Renewals, or use, begin an interval from now, as far as visits are left."""
    for number, own in enumerate(c.world.route.recurring):
        if own.renews == renewals and person.visits.get(number, 0) < own.visits:
            person.agenda[Appointment("recurring", number)] = Due(c.now + interval(c, number))


def interval(c: Company, number: int) -> float:
    """Days to the next visit of a recurring touchpoint: every x U(.8, 1.2), or a day where no rhythm is given."""
    own = c.world.route.recurring[number]
    every = float(c.world.every[c.day(), own.touchpoint])
    return every * (1 + own.jitter * (2 * c.chance.random() - 1))


def recur(c: Company, person: Person, what: Appointment, since: float) -> None:
    """A visit of use or of renewal, and the next one if any are left; at a renewal he decides, and pays if he stays."""
    own = c.world.route.recurring[what.number]
    meet(c, person, own.touchpoint, since)
    person.visits[what.number] = person.visits.get(what.number, 0) + 1
    if person.visits[what.number] < c.world.visits[c.day(), own.touchpoint]:
        days = interval(c, what.number)
        person.agenda[what] = Due(c.now + days, days)
    if own.renews:
        if not c.world.route.decides[person.segment]:
            decide(c, person)
        if person.status == "customer":
            pay(c, person)


def decide(c: Company, person: Person) -> bool:
    """Whether he leaves, decided for the months since he last decided or bought (equation 9)."""
    months = max(0.0, (c.now - person.decided) / MONTH)
    person.decided = c.now
    if leaves := c.happens(loyalty.leaving(hazard(c, person), months)):
        leave(c, person)
    return leaves


def hazard(c: Company, person: Person) -> float:
    """Monthly probability that he leaves; who was referred leaves less."""
    a, day, s = c.assumptions, c.day(), person.segment
    frailty = person.frailty * (a.referred_hazard if person.referred else 1.0)
    return float(
        loyalty.hazard(
            loyal(c, person), c.world.standard[day, s], frailty, c.setting.today.leave[s],
            c.world.switching_cost[day, s], a.satisfaction_slope, a.switching_weight,
        )
    )  # fmt: skip


def loyal(c: Company, person: Person) -> float:
    """Satisfaction that loyalty answers to: blended from the roles that he has lived."""
    overall, customer, user = person.satisfaction
    lived = [float(person.experiences[role] > 0) for role in (AS_CUSTOMER, AS_USER)]
    return float(loyalty.lived_roles(overall, customer, user, lived[0], lived[1], c.assumptions.customer_share))


def leave(c: Company, person: Person) -> None:
    """He leaves at once, an open issue with him; partings are lived when they are due."""
    person.status, person.issue, person.spells[-1][1] = "former", None, c.now
    person.agenda.clear()
    for number, parting in enumerate(c.world.route.partings):
        person.agenda[Appointment("parting", number)] = Due(c.now + parting.after)


def come_back(c: Company, person: Person) -> None:
    """Won back: an unfixed exit is closed, partings not yet lived are not; what returning is begins at once."""
    person.issue = None
    person.agenda.clear()
    become_customer(c, person)
    person.agenda[RETURN] = Due(c.now)


def live_again(c: Company, person: Person, number: int, since: float) -> None:
    """A visit on coming back, the next one a day later; after the last, use begins again."""
    returning = c.world.route.returning
    meet(c, person, int(returning[number]), since)
    if number + 1 < len(returning):
        person.agenda[Appointment("return", number + 1)] = Due(c.now + ONWARD_DAYS)
    else:
        start(c, person, renewals=False)
