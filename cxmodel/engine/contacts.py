"""Contacts: who calls, when he is served, what becomes of it and who calls again (equation 8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxmodel.engine import desks, rng
from cxmodel.engine.accumulators import Sums, exact, exact_money
from cxmodel.engine.compilation import compiled
from cxmodel.engine.population import NEVER, OVERALL, People
from cxmodel.engine.tables import Tables
from cxmodel.engine.visits import day_of, give_up, hear, visit
from cxmodel.model import contacts, perception


@compiled
def complain(
    w: Tables, p: People, who: int, touchpoint: int, time: float, occurrence: int, failed: bool, gap: float
) -> None:
    """A failure or a shortfall of somebody without an open issue becomes a contact."""
    person, place, met = p.person[who], w.place[touchpoint], w.met[day_of(w, time), touchpoint]
    if (not failed and gap <= met.beyond) or person.issue >= 0:
        return
    if (place.after_failure if failed else place.after_shortfall) < 0 or (person.left < NEVER and not place.exit):
        return
    key = rng.occurring(rng.at(person.key, touchpoint), occurrence)
    if place.exit:
        time += rng.exponential(key, rng.EXIT) * w.facts.rest
    elif rng.uniform(key, rng.CALLING) >= contacts.calling(
        failed, gap, met.after_failure, met.after_shortfall, met.beyond
    ):
        return
    person.issue, person.failed, person.tries = touchpoint, failed, 0
    person.lost = max(np.float32(0.0), person.before[OVERALL] - person.satisfaction[OVERALL])
    for role in range(3):
        person.satisfaction[role] = min(person.satisfaction[role], person.before[role])
    if time < NEVER:
        contact(w, p, who, time)


@compiled
def turned_to(w: Tables, person: Any) -> int:
    """The support touchpoint that his open issue leads to."""
    place = w.place[person.issue]
    return place.after_failure if person.failed else place.after_shortfall


@compiled
def drawn(w: Tables, p: People, who: int, which: int) -> float:
    """Luck of the contact at hand."""
    return rng.half(rng.occurring(p.person[who].key, p.coming[who, w.facts.contact].count), rng.CALL, which)


@compiled
def contact(w: Tables, p: People, who: int, time: float) -> None:
    """A contact is made: at once, or at a desk when it opens."""
    person = p.person[who]
    touchpoint = turned_to(w, person)
    line = w.place[touchpoint].desk
    person.calling, person.abandoned, person.waited = line >= 0, False, 0.0
    if line >= 0:
        p.due[who, w.facts.contact] = desks.opening(w, line, time, drawn(w, p, who, rng.OPENING))
    else:
        p.due[who, w.facts.contact] = time
        person.solved = drawn(w, p, who, rng.SOLVING) < w.met[day_of(w, time), touchpoint].solves
        person.again, person.pause = not person.solved, pause(w, p, who)


@compiled
def pause(w: Tables, p: People, who: int) -> float:
    """Days from the end of a contact that did not help until the next one."""
    days = w.facts.rest if unfixed(w, p.person[who]) else w.facts.calls_again_after
    return -np.log(drawn(w, p, who, rng.PAUSE)) * days


@compiled
def unfixed(w: Tables, person: Any) -> bool:
    """Whether his issue is an exit left unfixed."""
    return person.issue >= 0 and w.place[person.issue].exit


@compiled
def note_contact(w: Tables, o: Sums, month: int, person: Any, touchpoint: int, time: float) -> None:
    """Write down a contact that is made, with what it costs."""
    o.contacts[month, person.segment, touchpoint] += 1.0
    o.flow[month, person.segment].service += exact_money(w.met[day_of(w, time), touchpoint].contact_cost)
    o.causes[1 if person.failed else 0, person.segment, person.issue] += 1.0


@compiled
def answered(w: Tables, p: People, o: Sums, month: int, who: int, time: float) -> None:
    """A call reaches its desk; what becomes of it."""
    person, flow = p.person[who], o.flow[month, p.person[who].segment]
    touchpoint = turned_to(w, person)
    line, today = w.place[touchpoint].desk, w.met[day_of(w, time), touchpoint]
    note_contact(w, o, month, person, touchpoint, time)
    variance = np.log1p(w.facts.handling_cv**2)
    z = rng.normal_quantile(drawn(w, p, who, rng.HANDLING))
    handling = np.exp(np.sqrt(variance) * z - variance / 2) * today.handling
    patience = -np.log(drawn(w, p, who, rng.PATIENCE)) * today.patience
    waited, gave_up = desks.call(w, p, o, line, time, handling, patience)
    flow.queued += 1.0
    flow.waited += exact(waited)
    end = time + waited
    person.calling, person.waited, person.abandoned, person.pause = False, waited, gave_up, pause(w, p, who)
    if gave_up:
        flow.abandoned += 1.0
        person.solved = False
        person.again = unfixed(w, person) or drawn(w, p, who, rng.RETURNING) < w.facts.calls_again_abandoned
    else:
        person.solved = drawn(w, p, who, rng.SOLVING) < w.met[day_of(w, end), touchpoint].solves
        person.again = not person.solved
        person.pause += handling
    p.due[who, w.facts.contact] = end


@compiled
def lived(w: Tables, p: People, o: Sums, month: int, who: int, time: float) -> None:
    """A contact is lived; then the issue is over, or he calls again."""
    person, a, stream = p.person[who], w.facts, w.facts.contact
    touchpoint = turned_to(w, person)
    place, met, coming = w.place[touchpoint], w.met[day_of(w, time), touchpoint], p.coming[who, stream]
    trouble = 0.0 if person.solved else a.unsolved
    if place.desk >= 0:
        trouble += perception.wait_loss(np.float64(person.waited), met.patience, a.wait_scale, a.free_wait)
    else:
        note_contact(w, o, month, person, touchpoint, time)
    if person.abandoned:
        give_up(w, p, who, touchpoint, time, trouble)
    else:
        if place.told:
            hear(w, p, who, touchpoint, time)
        visit(w, p, o, month, who, touchpoint, time, coming.count, np.float64(coming.since), trouble)
    if person.solved:
        mend(w, p, o, month, who, touchpoint, time)
    goes_on = unfixed(w, person) if person.left < NEVER else person.tries < a.repeat_calls
    p.due[who, stream] = NEVER
    coming.count += 1
    if person.again and goes_on:
        person.tries = min(person.tries + 1, 100)
        contact(w, p, who, time + person.pause)
    else:
        person.issue = -1


@compiled
def mend(w: Tables, p: People, o: Sums, month: int, who: int, touchpoint: int, time: float) -> None:
    """A solved issue gives back part of what it cost, overall and in the role in which it cost it."""
    person, met, share = p.person[who], w.met[day_of(w, time), touchpoint], w.day[day_of(w, time)].returned
    if met.exceptions > 0 and drawn(w, p, who, rng.SOLVING) < met.exceptions:
        share = 1.0
        o.flow[month, person.segment].service += exact_money(met.exception_cost)
    for role in (OVERALL, 1 + w.place[person.issue].role):
        person.satisfaction[role] = contacts.mended(
            np.float64(person.satisfaction[role]), np.float64(person.lost), share, np.float64(person.before[role])
        )
