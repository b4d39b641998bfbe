"""Contacts: who contacts the company, what becomes of it, and who does so again (equation 8)."""

from __future__ import annotations

import numpy as np

from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS
from cxmodel.reference import desks
from cxmodel.reference.company import Company
from cxmodel.reference.equations import contacts, perception
from cxmodel.reference.person import CONTACT, OVERALL, Call, Due, Issue, Person
from cxmodel.reference.visits import Lived, give_up, hear, role_of, visit
from cxmodel.vocabulary import MONTH


def complain(c: Company, person: Person, touchpoint: int, lived: Lived) -> None:
    """A failure or a shortfall of somebody without an open issue becomes a contact, if there is somewhere to turn to.

    A parting that fails or falls short leaves the exit unfixed: who left contacts for certain, after a while.
    """
    day, exit = c.day(), touchpoint in c.setting.exits
    beyond = float(c.world.beyond[day, touchpoint])
    leads_to = int(c.world.route.contact[int(lived.failed), touchpoint])
    if person.issue is not None or leads_to < 0 or not (lived.failed or lived.gap > beyond):
        return
    if person.status == "former" and not exit:
        return
    shortfall, failure = c.setting.calls[:, day, touchpoint].tolist()
    if not exit and not c.happens(contacts.calling(lived.failed, lived.gap, failure, shortfall, beyond)):
        return
    lost = max(0.0, lived.before[OVERALL] - person.satisfaction[OVERALL])
    person.issue = Issue(touchpoint, lived.failed, leads_to, exit, lived.before, lost)
    # as long as it is open nobody is more satisfied than before what caused it
    person.satisfaction = [min(after, before) for after, before in zip(person.satisfaction, lived.before, strict=True)]
    seek(c, person, person.issue, c.now + (pause(c, person.issue) if exit else 0.0))


def pause(c: Company, issue: Issue) -> float:
    """Days until the next contact of an open issue: exponential. Infinite where unfixed exits make none."""
    a = c.assumptions
    if not issue.exit:
        return float(c.chance.exponential(a.calls_again_after))
    return float(c.chance.exponential(MONTH / a.unfixed_exit)) if a.unfixed_exit else np.inf


def seek(c: Company, person: Person, issue: Issue, time: float) -> None:
    """He will contact at `time`: at once, or at a desk when it opens."""
    if np.isinf(time):
        return
    if issue.contact in c.setting.staffing:
        time = desks.opening(c.setting.staffing[issue.contact], time, c.chance)
    person.agenda[CONTACT] = Due(time)


def contact(c: Company, person: Person, issue: Issue) -> None:
    """A contact is due: he calls the desk, and lives it when the wait is over; without a desk he lives it at once."""
    if issue.call is None:
        note(c, person, issue)
        if issue.contact in c.setting.staffing:
            ring(c, person, issue)
            return
    live_contact(c, person, issue)


def note(c: Company, person: Person, issue: Issue) -> None:
    """A contact is made, and costs money."""
    c.ledger.contacts[c.month, person.segment] += 1
    c.ledger.causes[person.segment, issue.touchpoint, int(issue.failed)] += 1
    c.ledger.service[c.month, person.segment] += c.world.contact_cost[c.day(), issue.contact]


def ring(c: Company, person: Person, issue: Issue) -> None:
    """He calls a desk. In the past he is offered a wait of the desk as it is today, and adds nothing to its load."""
    staffing, cv, now = c.setting.staffing[issue.contact], c.assumptions.handling_cv, c.now
    patience = desks.patience(staffing, now, c.chance)
    handling = desks.handling(staffing, now, cv, c.chance)
    if c.offered is not None:
        wait = float(c.chance.choice(c.offered[issue.contact]))
        issue.call = Call(min(wait, patience), wait > patience, handling)
        person.agenda[CONTACT] = Due(now + issue.call.waited)
        return
    month, desk = c.month, c.desks[issue.contact]

    def hang_up(call: Call) -> None:
        note_call(c, desk, now, call)
        c.ledger.queued[month, person.segment] += 1
        c.ledger.waited[month, person.segment] += call.waited
        c.ledger.abandoned[month, person.segment] += call.gave_up
        if person.issue is issue:  # he is who he was when he called
            issue.call = call
            person.agenda[CONTACT] = Due(c.now)
            person.wake()

    c.clock.process(desk.call(patience, handling, hang_up))


def note_call(c: Company, desk: desks.Desk, came: float, call: Call) -> None:
    """A call at a desk; all of it belongs to the day on which it came."""
    c.ledger.desk[desk.number, c.day(came)] += (1, call.gave_up, call.waited, 0.0 if call.gave_up else call.handling)


def live_contact(c: Company, person: Person, issue: Issue) -> None:
    """A contact is lived; then the issue is over, or he will contact again.

    Whether it solves the issue is drawn before it is lived: what leaves the matter open is itself a failure.
    """
    a, day, touchpoint, call, draw = c.assumptions, c.day(), issue.contact, issue.call, c.chance.random()
    gave_up = call is not None and call.gave_up
    solved = not gave_up and bool(draw < c.world.solves[day, touchpoint])
    trouble = 0.0 if solved else a.unsolved
    if call is not None:
        usual = c.setting.staffing[touchpoint].patience[day]
        trouble += float(perception.wait_loss(call.waited, usual, a.wait_scale, a.free_wait))
    if gave_up:
        give_up(c, person, touchpoint, trouble)
    else:
        hear(c, person, touchpoint)
        visit(c, person, touchpoint, FIRST_VISIT_DAYS, trouble)
    if solved:
        mend(c, person, issue, exception=bool(draw < c.world.exceptions[day, touchpoint]))
    again = not solved and (not gave_up or issue.exit or c.happens(a.calls_again_abandoned))
    if again and (issue.exit or issue.repeats < a.repeat_calls):
        talked = 0.0 if call is None or gave_up else call.handling
        issue.repeats, issue.call = issue.repeats + 1, None
        seek(c, person, issue, c.now + talked + pause(c, issue))
    else:
        person.issue = None


def mend(c: Company, person: Person, issue: Issue, exception: bool) -> None:
    """A solved issue gives back part of what it cost, an exception all of it, overall and in the role that lost it."""
    day = c.day()
    share = 1.0 if exception else float(c.setting.returned[day])
    if exception:
        c.ledger.service[c.month, person.segment] += c.world.exception_cost[day, issue.contact]
    for role in (OVERALL, role_of(c, issue.touchpoint)):
        score, before = person.satisfaction[role], issue.before[role]
        person.satisfaction[role] = float(contacts.mended(score, issue.lost, share, before))
