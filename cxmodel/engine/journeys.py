"""What people do next: who enters, chooses, comes back, leaves. One event of one person at a time.

People meet only at desks. So each lives on by himself until he calls, or the period is over; then calls are answered in
order of time, and each caller lives on until his next one. In the past everybody buys and nobody leaves.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cxmodel.engine import contacts, desks, heap, rng
from cxmodel.engine.accumulators import Sums, exact_money
from cxmodel.engine.compilation import compiled, entry
from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS
from cxmodel.engine.population import CHOOSING, CUSTOMER, FORMER, GONE, NEVER, UNAWARE, People
from cxmodel.engine.tables import Tables
from cxmodel.engine.visits import day_of, hear, tell, visit
from cxmodel.model import adoption, loyalty
from cxmodel.vocabulary import MONTH

# of NumPy, so that Numba compiles no function once more for each constant
ONBOARDING: Any = np.int64(0)
NONE: Any = np.int64(0)
RENEWALS: Any = np.bool_(True)
USE: Any = np.bool_(False)
UNTOLD: Any = np.bool_(False)
NOBODY: Final = np.zeros(0, dtype=np.int64)
ONWARD_DAYS: Final = 1.0
"""Days from the last visit to a touchpoint of onboarding, or of coming back, to the first at the next."""


@entry
def live_until(
    w: Tables, p: People, o: Sums, month: int, until: float, first: int, end: int, callers: Any, size: int
) -> int:
    """What happens before `until` to the people of rows `first` to `end`, up to their next calls; how many call.

    Or, where so many `callers` of each chunk of `size` people are given: their calls, and what they live afterwards.
    One function for both, so that the loop is compiled once.
    """
    if len(callers) == 0:
        return live_alone(w, p, o, month, until, first, end)
    n = NONE
    for c in range(len(callers)):
        for place in range(c * size, c * size + callers[c]):
            heap.push(p.calls, n, p.calls[place].time, p.calls[place].who)
            n += 1
    answer_calls(w, p, o, month, until, n)
    return NONE


@compiled
def live_alone(w: Tables, p: People, o: Sums, month: int, until: float, first: int, end: int) -> int:
    """These people up to their next calls, which stand in a heap from row `first` on; how many there are."""
    calls, n = p.calls[first:], NONE
    for who in range(first, end):
        time = live_on(w, p, o, month, who, until)
        if time < until:
            heap.push(calls, n, time, who)
            n += 1
    return n


@compiled
def answer_calls(w: Tables, p: People, o: Sums, month: int, until: float, n: int) -> None:
    """The n calls of the heap in order of time, and what their callers live afterwards."""
    calls = p.calls
    while n:
        who = calls[0].who
        contacts.answered(w, p, o, month, who, calls[0].time)
        time = live_on(w, p, o, month, who, until)
        if time >= until:
            n -= 1
            time, who = calls[n].time, calls[n].who
        heap.replace_first(calls, n, time, who)
    if not w.facts.past:
        for line in range(w.facts.desks):
            desks.catch_up(w, p, o, line, until)


@compiled
def next_stream(p: People, who: int) -> Any:
    """The stream of his next event, and when it is."""
    due, stream = p.due[who], ONBOARDING
    time = due[ONBOARDING]
    for c in range(1, len(due)):
        if due[c] < time:
            stream, time = c, due[c]
    return stream, time


@compiled
def live_on(w: Tables, p: People, o: Sums, month: int, who: int, until: float) -> float:
    """The events of one person before `until`, one after the other, up to his next call to a desk.

    When that is; NEVER where there is none.
    """
    while True:
        stream, time = next_stream(p, who)
        if time >= until:
            return NEVER
        if stream == w.facts.contact and p.person[who].calling:
            return time
        happen(w, p, o, month, who, stream, time)


@compiled
def happen(w: Tables, p: People, o: Sums, month: int, who: int, stream: int, time: float) -> None:
    """One event of one person."""
    if stream == ONBOARDING:
        newcomer(w, p, o, month, who, time)
    elif stream < w.facts.first_parting:
        recurring(w, p, o, month, who, stream, time)
    elif stream == w.facts.contact:
        contacts.lived(w, p, o, month, who, time)
    elif stream == w.facts.coming_back:
        returner(w, p, o, month, who, stream, time)
    else:
        p.due[who, stream] = NEVER
        meet(w, p, o, month, who, w.stream[stream].touchpoint, stream, time, UNTOLD)
        p.coming[who, stream].count += 1


@compiled
def meet(
    w: Tables, p: People, o: Sums, month: int, who: int, touchpoint: int, stream: int, time: float, told: bool
) -> None:
    """One visit, with the promises made there and the call it may lead to."""
    if w.place[touchpoint].told and not told:
        hear(w, p, who, touchpoint, time)
    coming = p.coming[who, stream]
    failed, gap = visit(w, p, o, month, who, touchpoint, time, coming.count, np.float64(coming.since), 0.0)
    contacts.complain(w, p, who, touchpoint, time, coming.count, failed, gap)


# newcomers ---------------------------------------------------------------------------------------------------


@compiled
def newcomer(w: Tables, p: People, o: Sums, month: int, who: int, time: float) -> None:
    """A visit of onboarding: entering before the first, choosing before the first purchase."""
    person, coming = p.person[who], p.coming[who, ONBOARDING]
    if person.status == UNAWARE:
        enter(w, p, month, who, time)
    chooses = coming.count == w.facts.choice and person.status <= CHOOSING
    if chooses:
        if coming.count < w.facts.visits:
            hear(w, p, who, w.onboarding[coming.count].touchpoint, time)
        if not choose(w, p, o, month, who, time):
            return
    if coming.count == w.facts.visits:
        settle_in(w, p, who, time)
        return
    here = w.onboarding[coming.count]
    meet(w, p, o, month, who, here.touchpoint, ONBOARDING, time, chooses)
    met = w.met[day_of(w, time), here.touchpoint]
    more = here.ordinal + 1 < met.visits
    days = met.every if more else ONWARD_DAYS
    coming.count = coming.count + 1 if more else here.onward
    coming.since = days if more else FIRST_VISIT_DAYS
    p.due[who, ONBOARDING] = time + days
    if coming.count == w.facts.visits and w.facts.choice < w.facts.visits:
        settle_in(w, p, who, time)


@compiled
def enter(w: Tables, p: People, month: int, who: int, time: float) -> None:
    """What a newcomer expects."""
    person = p.person[who]
    person.status = CHOOSING
    bars = w.bars[min(month, len(w.bars) - 1), person.segment]
    for k in range(w.facts.attributes):
        p.will[who, k] = w.foreseen[person.segment, k]
        p.should[who, k] = bars[k]
    for number in range(w.facts.promises):
        if w.brand[number]:
            tell(w, p, who, number, time)


@compiled
def choose(w: Tables, p: People, o: Sums, month: int, who: int, time: float) -> bool:
    """Whether he buys (equation 11)."""
    person, market = p.person[who], w.market[day_of(w, time), p.person[who].segment]
    foreseen = 0.0
    for k in range(w.facts.attributes):
        foreseen += w.need_weight[person.segment, k] * np.float64(p.will[who, k])
    chance = adoption.choosing(foreseen, market.choice_standard, w.facts.satisfaction_slope)
    chance = np.float64(person.chance_scale) * chance + np.float64(person.chance_shift)
    if w.facts.past:
        person.chance_scale, person.chance_shift = 0.0, chance  # he did; how probable it was counts
    elif rng.uniform(person.key, rng.CHOICE) >= chance:
        person.status = GONE
        p.due[who, :] = NEVER
        return False
    person.status, person.joined, person.decided = CUSTOMER, time, time
    person.referred = person.recommended
    o.flow[month, person.segment].paid += exact_money(market.price)
    start(w, p, who, time, RENEWALS)
    return True


@compiled
def settle_in(w: Tables, p: People, who: int, time: float) -> None:
    """Onboarding is over: use begins."""
    p.due[who, ONBOARDING] = NEVER
    if p.person[who].status == CUSTOMER:
        start(w, p, who, time, USE)


@compiled
def start(w: Tables, p: People, who: int, time: float, renewals: bool) -> None:
    """Renewals, or use, begin an interval from now, unless their visits are used up."""
    for c in range(1, w.facts.first_parting):
        if w.stream[c].renews == renewals:
            coming = p.coming[who, c]
            days = interval(w, p.person[who], c, time, coming.count)
            p.due[who, c] = time + days if coming.left_over > 0 else NEVER
            coming.since = FIRST_VISIT_DAYS


# staying, leaving, coming back -------------------------------------------------------------------------------


@compiled
def interval(w: Tables, person: Any, stream: int, time: float, occurrence: int) -> float:
    """Days to the next visit of a recurring touchpoint."""
    own = w.stream[stream]
    chance = rng.uniform(rng.occurring(rng.at(person.trait, stream), occurrence), rng.INTERVAL)
    every = w.met[day_of(w, time), own.touchpoint].every
    return every * (1 + own.jitter * (2 * chance - 1))


@compiled
def recurring(w: Tables, p: People, o: Sums, month: int, who: int, stream: int, time: float) -> None:
    """A visit of use or of renewal, the next one, and at a renewal the decision."""
    person, coming, own = p.person[who], p.coming[who, stream], w.stream[stream]
    meet(w, p, o, month, who, own.touchpoint, stream, time, UNTOLD)
    coming.count += 1
    coming.left_over -= 1
    days = interval(w, person, stream, time, coming.count)
    more = coming.left_over + (w.met[day_of(w, time), own.touchpoint].visits - own.visits) > 0
    p.due[who, stream] = time + days if more else NEVER
    coming.since = days
    if own.renews:
        if w.segment[person.segment].decides == 0:
            decide(w, p, who, time, rng.occurring(rng.at(person.key, stream), coming.count))
        if person.left == NEVER:
            price = w.market[day_of(w, time), person.segment].price
            o.flow[month, person.segment].paid += exact_money(price)


@compiled
def decide(w: Tables, p: People, who: int, time: float, key: np.uint64) -> None:
    """The decision to stay, for the months since the last one (equation 9)."""
    person = p.person[who]
    months = max(0.0, (time - person.decided) / MONTH)
    person.decided = time
    if not w.facts.past and rng.uniform(key, rng.STAY) < loyalty.leaving(hazard(w, person, day_of(w, time)), months):
        leave(w, p, who, time)


@compiled
def hazard(w: Tables, person: Any, day: int) -> float:
    """Monthly probability that this customer leaves."""
    market, a = w.market[day, person.segment], w.facts
    frailty = np.float64(person.frailty) * (a.referred_hazard if person.referred else 1.0)
    return loyalty.hazard(
        loyal(w, person), market.standard, frailty, w.segment[person.segment].leave, market.switching_cost,
        a.satisfaction_slope, a.switching_weight,
    )  # fmt: skip


@compiled
def loyal(w: Tables, person: Any) -> float:
    """Satisfaction that loyalty answers to, blended from the roles lived."""
    score, lived = person.satisfaction, person.experiences
    return loyalty.lived_roles(
        np.float64(score[0]), np.float64(score[1]), np.float64(score[2]), 1.0 if lived[1] > 0 else 0.0,
        1.0 if lived[2] > 0 else 0.0, w.facts.customer_share,
    )  # fmt: skip


@compiled
def leave(w: Tables, p: People, who: int, time: float) -> None:
    """He leaves at once, an open issue with him; partings are lived when they are due."""
    person = p.person[who]
    person.status, person.left, person.issue = FORMER, time, -1
    p.due[who, :] = NEVER
    for c in range(w.facts.first_parting, w.facts.contact):
        if c != w.facts.coming_back:
            p.due[who, c] = time + w.stream[c].after


@compiled
def returner(w: Tables, p: People, o: Sums, month: int, who: int, stream: int, time: float) -> None:
    """A visit on coming back; the next one a day later; after the last, use begins again."""
    coming, visits = p.coming[who, stream], w.facts.returning
    p.due[who, stream] = NEVER
    meet(w, p, o, month, who, w.returning[coming.count % visits], stream, time, UNTOLD)
    coming.count += 1
    if p.person[who].left == NEVER:
        if coming.count % visits == 0:
            settle_in(w, p, who, time)
        else:
            p.due[who, stream] = time + ONWARD_DAYS


def move(w: Tables, p: People, o: Sums, month: int, until: float) -> None:
    """Everything that happens before `until`, on one thread."""
    people = len(p.person)
    callers = live_until(w, p, o, month, until, 0, people, NOBODY, 0)
    live_until(w, p, o, month, until, 0, 0, np.array([callers]), people)
