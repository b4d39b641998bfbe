"""A visit: what is lived, how it feels, what is remembered and expected next (equations 3 to 7). Knows no why."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxmodel.engine import rng
from cxmodel.engine.accumulators import Sums, exact
from cxmodel.engine.compilation import compiled
from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS
from cxmodel.engine.population import OVERALL, People
from cxmodel.engine.tables import Tables
from cxmodel.model import expectation, memory, perception


@compiled
def day_of(w: Tables, time: float) -> int:
    """The day whose tables hold at a time; in the past every day is today."""
    return min(int(time), w.facts.days - 1)


@compiled
def hear(w: Tables, p: People, who: int, touchpoint: int, time: float) -> None:
    """The promises made at this touchpoint, those that ever reach this person (equation 3)."""
    for number in range(w.facts.promises):
        if w.told[number, touchpoint]:
            tell(w, p, who, number, time)


@compiled
def tell(w: Tables, p: People, who: int, number: int, time: float) -> None:
    """One promise, if it ever reaches this person."""
    person, promise, k = p.person[who], w.promise[number, day_of(w, time)], w.promised[number]
    if rng.uniform(rng.part(person.trait, number), rng.REACH) < promise.reach:
        belief = promise.believed * (w.facts.believed_later if (person.lived >> k) & 1 else 1.0)
        p.will[who, k] = expectation.told_will(np.float64(p.will[who, k]), promise.level, belief)
        p.should[who, k] = expectation.told_should(
            np.float64(p.should[who, k]), promise.level, promise.believed, w.facts.should_from_promise
        )


@compiled
def visit(
    w: Tables, p: People, o: Sums, month: int, who: int, touchpoint: int, time: float, occurrence: int, since: float,
    trouble: float,
) -> Any:  # fmt: skip
    """The visit takes place: whether it failed, and the weighted gap; `trouble` are points that the way to it takes."""
    a, person, place, day = w.facts, p.person[who], w.place[touchpoint], day_of(w, time)
    met, brought = w.met[day, touchpoint], w.brought[person.segment, touchpoint]
    key = rng.occurring(rng.at(person.key, touchpoint), occurrence)
    failing = met.failing + p.worn_failing[touchpoint]
    failed = failing > 0 and rng.uniform(key, rng.EVENT) < failing
    way, detour = channel(w, person, touchpoint, day)
    if person.issue < 0:
        for role in range(3):
            person.before[role] = person.satisfaction[role]
    felt, gap, news = perceive(w, p, o, who, touchpoint, day, way, key, failed)
    person.lived |= brought.touches
    o.visits[month, person.segment, touchpoint] += 1.0
    rate = 0.0
    if brought.judged:
        if place.asked and w.day[day].asked > 0 and rng.uniform(key, rng.ASKED) < w.day[day].asked:
            o.heard[touchpoint, 0] += exact(gap + a.score_noise * rng.normal(key, rng.HEARD))
            o.heard[touchpoint, 1] += 1.0
        episode = perception.episode(felt, np.float64(person.leniency), np.float64(met.effort) + detour, trouble)
        importance = np.float64(met.importance) * np.float64(brought.emphasis)
        mattered = memory.weight(importance, since, news, a.quiet_days, a.news_scale)
        remember(w, person, 1 + place.role, mattered, episode)
        rate = remember(w, person, OVERALL, mattered, episode)
        note_felt(o, month, person.segment, touchpoint, place.slots, rate)
    if person.watched:
        note_visit(o, who, person, touchpoint, place.slots, time, failed, brought.judged)
    return failed, gap


@compiled
def perceive(
    w: Tables, p: People, o: Sums, who: int, touchpoint: int, day: int, way: int, key: np.uint64, failed: bool
) -> Any:
    """What is perceived of each attribute, and learned from it: what it was worth, the weighted gap, the news.

    What was lived stands in `o.now` afterwards.
    """
    a, person, place = w.facts, p.person[who], w.place[touchpoint]
    wills, shoulds, slots, levels = (
        p.will[who],
        p.should[who],
        w.slot[person.segment, touchpoint],
        w.level[day, touchpoint],
    )
    harm, lift = np.float64(w.met[day, touchpoint].severity) if failed else 0.0, p.lift[touchpoint]
    felt = news = gap = 0.0
    strongest, word = np.float64(person.strongest), np.uint64(0)
    for s in range(place.slots):
        slot, now = slots[s], o.now[s]
        will, should, weight = np.float64(wills[slot.column]), np.float64(shoulds[slot.column]), np.float64(slot.weight)
        if s % 4 == 0:
            word = rng.mixed(rng.part(key, s) + rng.NOISE)
        level = np.float64(levels[s])
        if s == place.priced:
            level = w.market[day, person.segment].price_level
        elif p.reacts[touchpoint]:
            more = min(lift, np.float64(w.room[day, touchpoint, s])) if lift > 0 else 0.0
            level = perception.on_the_scale(level + p.worn[touchpoint, s] + more)
        if place.channel >= 0:
            level += w.offset[place.channel, day, way, s]
        level = perception.on_the_scale(level + a.quality_noise * np.float64(w.normal[word & rng.LOW16]) - harm)
        word >>= rng.B16
        perceived = perception.perceived(level, will, a.assimilation)
        standard = perception.standard(will, should, a.will_share)
        value = perception.surprise(
            perceived - standard, np.float64(slot.gain), np.float64(slot.loss), np.float64(slot.zone), a.surprise_scale
        )
        felt += weight * (perceived + value)
        gap += weight * (standard - perceived)
        news += weight * memory.news(perceived, will, a.quality_noise)
        if weight > 0:
            strongest = max(strongest, abs(value))
        wills[slot.column] = expectation.learned_will(will, perceived, a.will_learning)
        shoulds[slot.column] = expectation.ratcheted_should(should, perceived, a.ratchet)
        now.weight, now.level, now.perceived, now.standard = weight, level, perceived, standard
    person.strongest = strongest
    return felt, gap, news


@compiled
def remember(w: Tables, person: Any, role: int, mattered: float, episode: float) -> float:
    """Satisfaction, overall or in a role, moves towards an episode (equation 6): its share in it.

    As long as an issue is open, nothing lifts it above where it stood before the visit that caused it (equation 8).
    """
    a, before = w.facts, np.float64(person.satisfaction[role])
    rate = memory.learning_rate(
        np.float64(person.experiences[role]), mattered, a.memory_start, a.memory_floor, a.memory_ceiling
    )
    after = memory.remembered(before, episode, rate)
    person.satisfaction[role] = min(after, np.float64(person.before[role])) if person.issue >= 0 else after
    person.experiences[role] += np.float32(1.0)
    return rate


@compiled
def give_up(w: Tables, p: People, who: int, touchpoint: int, time: float, trouble: float) -> None:
    """A call given up: nothing is judged but effort, and what waiting for nothing takes."""
    a, person, day = w.facts, p.person[who], day_of(w, time)
    met, brought = w.met[day, touchpoint], w.brought[person.segment, touchpoint]
    _, detour = channel(w, person, touchpoint, day)
    if brought.judged:
        importance = np.float64(met.importance) * np.float64(brought.emphasis)
        mattered = memory.weight(importance, FIRST_VISIT_DAYS, 0.0, a.quiet_days, a.news_scale)
        for role in (OVERALL, 1 + w.place[touchpoint].role):
            felt = perception.on_the_scale(np.float64(person.satisfaction[role]) - met.effort - detour - trouble)
            remember(w, person, role, mattered, felt)


@compiled
def channel(w: Tables, person: Any, touchpoint: int, day: int) -> Any:
    """The channel in which somebody lives a touchpoint, and the effort of having to fall back on it."""
    number = w.place[touchpoint].channel
    if number < 0:
        return number, 0.0
    chance = rng.uniform(rng.at(person.trait, touchpoint), rng.CHANNEL)
    share, offered = w.share[number, day], w.offered[number, day]
    reached, way = 0.0, len(share) - 1
    for c in range(len(share)):
        if chance < reached + share[c]:
            way = c
            break
        reached += share[c]
    if offered[way]:
        return way, 0.0
    left = 0.0
    for c in range(len(share)):
        left += share[c] if offered[c] else 0.0
    target, way = (chance - reached) / share[way] * left, -1
    for c in range(len(share)):
        if offered[c] and (way < 0 or target >= 0):
            way = c
            target -= share[c]
    return way, w.facts.fallback_effort


@compiled
def note_felt(o: Sums, month: int, segment: int, touchpoint: int, slots: int, rate: float) -> None:
    """Write down what the visit at hand leaves behind, by how much of it enters memory."""
    sums = o.felt[month, segment, touchpoint]
    for s in range(slots):
        total, now = sums[s], o.now[s]
        carried = rate * now.weight
        total.weight += exact(carried)
        total.level += exact(carried * now.level)
        total.perceived += exact(carried * now.perceived)
        total.standard += exact(carried * now.standard)


@compiled
def note_visit(
    o: Sums, who: int, person: Any, touchpoint: int, slots: int, time: float, failed: bool, judged: bool
) -> None:
    """Write the visit at hand into the diary of somebody who is watched, as long as there are pages."""
    if o.pages[0] >= len(o.diary):
        return
    page = o.diary[o.pages[0]]
    o.pages[0] += 1
    page.who, page.touchpoint, page.time, page.failed, page.judged = who, touchpoint, time, failed, judged
    page.expected = page.perceived = 0.0
    for s in range(slots):
        page.expected += o.now[s].weight * o.now[s].standard
        page.perceived += o.now[s].weight * o.now[s].perceived
    page.gap, page.satisfaction = page.expected - page.perceived, person.satisfaction[0]
