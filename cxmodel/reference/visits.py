"""A visit: what is promised, lived, felt, remembered and expected next (equations 3 to 7). Knows no why."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS
from cxmodel.reference.company import Company
from cxmodel.reference.equations import expectation, memory, perception
from cxmodel.reference.person import OVERALL, Person
from cxmodel.reference.setting import Touched


class Lived(NamedTuple):
    """What came of a visit."""

    failed: bool
    gap: float  # weighted R - P [points]
    before: list[float]  # satisfaction before it, by role


class Felt(NamedTuple):
    """What an attribute was at a visit, all in points."""

    what: Touched
    level: float  # q
    perceived: float  # P
    standard: float  # R
    value: float  # v
    news: float  # nu


def hear(c: Company, person: Person, touchpoint: int) -> None:
    """The promises that are made at a touchpoint, just before a visit there is judged."""
    for number in c.setting.told[touchpoint]:
        tell(c, person, number)


def tell(c: Company, person: Person, number: int) -> None:
    """One promise, if it ever reaches this person: one draw, once and for all (equation 3).

    Who has lived the attribute believes less of it. H only ever rises.
    """
    promise, day, a = c.world.promises[number], c.day(), c.assumptions
    if person.reached.setdefault(number, c.chance.random()) < promise.reach[day]:
        k, level, believed = promise.attribute, float(promise.level[day]), float(promise.believed[day])
        belief = believed * (a.believed_later if k in person.lived else 1.0)
        person.will[k] = expectation.told_will(person.will[k], level, belief)
        person.should[k] = expectation.told_should(person.should[k], level, believed, a.should_from_promise)


def visit(c: Company, person: Person, touchpoint: int, since: float, trouble: float = 0.0) -> Lived:
    """A visit takes place, `since` days after the last one here: it may fail, and is judged.

    `trouble` are points that waiting, or a matter left open, takes from its episode. Where the segment needs nothing of
    what is touched it is lived, not judged: nothing is felt, remembered or learned.
    """
    day, before = c.day(), person.satisfaction.copy()
    failed = c.happens(c.world.failing[day, touchpoint] + c.worn_failing[touchpoint])
    c.ledger.visits[c.month, person.segment, touchpoint] += 1
    gap = 0.0
    if touched := c.setting.touched[person.segment][touchpoint]:
        way, detour = channel(c, person, touchpoint)
        harm = float(c.world.severity[day, touchpoint]) if failed else 0.0
        felt = [feel(c, person, touchpoint, what, day, way[what.slot] - harm) for what in touched]
        gap = judge(c, person, touchpoint, felt, day, since, trouble + detour)
    return Lived(failed, gap, before)


def feel(c: Company, person: Person, touchpoint: int, what: Touched, day: int, more: float) -> Felt:
    """An attribute is lived, perceived and compared with what was expected of it (equations 2, 4 and 5).

    `more` are points by the channel used, less what a failure costs; noise comes on top, and the scale holds it all.
    """
    a, will = c.assumptions, person.will[what.column]
    level = company_level(c, touchpoint, what, day) + more + a.quality_noise * c.chance.standard_normal()
    level = perception.on_the_scale(level)
    perceived = perception.perceived(level, will, a.assimilation)
    standard = perception.standard(will, person.should[what.column], a.will_share)
    value = perception.surprise(perceived - standard, what.gain, what.loss, what.zone, a.surprise_scale)
    return Felt(what, level, perceived, standard, value, memory.news(perceived, will, a.quality_noise))


def company_level(c: Company, touchpoint: int, what: Touched, day: int) -> float:
    """What is delivered, with what the company does back: strain wears it, actions lift it up to the need."""
    level, lift = what.levels[day], c.lifts[touchpoint]
    if c.lever_left < 1 or lift > 0:
        more = min(lift, what.room[day]) if lift > 0 else 0.0
        level = perception.on_the_scale(level + float(c.worn[touchpoint, what.slot]) + more)
    return level


def judge(
    c: Company, person: Person, touchpoint: int, felt: list[Felt], day: int, since: float, trouble: float
) -> float:
    """A visit is remembered, overall and in the role of the touchpoint, and learned from: its gap (equations 5-7)."""
    a, worth, gap, news = c.assumptions, 0.0, 0.0, 0.0
    for what, _, perceived, standard, value, new in felt:
        worth += what.weight * (perceived + value)
        gap += what.weight * (standard - perceived)
        news += what.weight * new
    effort = float(c.world.effort[day, touchpoint])
    episode = perception.episode(worth, person.leniency, effort, trouble)
    mattered = memory.weight(importance(c, person, touchpoint, day), since, news, a.quiet_days, a.news_scale)
    remember(c, person, role_of(c, touchpoint), mattered, episode)
    rate = remember(c, person, OVERALL, mattered, episode)
    for it in felt:
        learn(c, person, it)
        note(c, person, touchpoint, it, rate)
    asked = c.setting.asked[touchpoint]
    if asked is not None and c.happens(asked[day]):
        c.ledger.heard[touchpoint].append(gap + c.chance.normal(0.0, a.score_noise))
    return gap


def importance(c: Company, person: Person, touchpoint: int, day: int) -> float:
    """How much a visit matters: the touchpoint's importance, and how much his segment needs what it touches."""
    return float(c.world.importance[day, touchpoint]) * c.setting.emphasis[person.segment][touchpoint]


def learn(c: Company, person: Person, it: Felt) -> None:
    """What will and what should be expected next (equation 7)."""
    a, k = c.assumptions, it.what.column
    person.will[k] = expectation.learned_will(person.will[k], it.perceived, a.will_learning)
    person.should[k] = expectation.ratcheted_should(person.should[k], it.perceived, a.ratchet)
    person.lived.add(k)
    person.strongest = max(person.strongest, abs(it.value))


def note(c: Company, person: Person, touchpoint: int, it: Felt, rate: float) -> None:
    """Write down what a visit leaves behind, by how much of it enters memory."""
    carried, sums = rate * it.what.weight, c.ledger.felt[c.month][person.segment][touchpoint][it.what.slot]
    sums[0] += carried
    sums[1] += carried * it.level
    sums[2] += carried * it.perceived
    sums[3] += carried * it.standard


def role_of(c: Company, touchpoint: int) -> int:
    """The role in which a touchpoint is lived: as customer or as user."""
    return 1 + int(c.world.route.role[touchpoint])


def remember(c: Company, person: Person, role: int, mattered: float, episode: float) -> float:
    """Satisfaction, overall or in a role by its own count, moves towards an episode (equation 6): its share in it.

    As long as an issue is open nothing lifts it above where it stood before the visit that caused it (equation 8).
    """
    a = c.assumptions
    rate = memory.learning_rate(person.experiences[role], mattered, a.memory_start, a.memory_floor, a.memory_ceiling)
    after = memory.remembered(person.satisfaction[role], episode, rate)
    person.satisfaction[role] = after if person.issue is None else min(after, person.issue.before[role])
    person.experiences[role] += 1
    return float(rate)


def give_up(c: Company, person: Person, touchpoint: int, trouble: float) -> None:
    """A call given up is no visit: S moves towards S less effort, detour and `trouble`, what waiting for nothing takes.

    It weighs like a first visit without news, and counts as an experience.
    """
    if not c.setting.touched[person.segment][touchpoint]:
        return
    a, day = c.assumptions, c.day()
    less = float(c.world.effort[day, touchpoint]) + channel(c, person, touchpoint)[1] + trouble
    mattered = memory.weight(importance(c, person, touchpoint, day), FIRST_VISIT_DAYS, 0.0, a.quiet_days, a.news_scale)
    for role in (OVERALL, role_of(c, touchpoint)):
        remember(c, person, role, mattered, perception.on_the_scale(person.satisfaction[role] - less))


def channel(c: Company, person: Person, touchpoint: int) -> tuple[list[float], float]:
    """Points by slot that his channel delivers more or less here, and the effort of falling back on another one.

    He prefers one for good: one draw against the shares of the day.
    """
    choice = c.world.channels.get(touchpoint)
    if choice is None:
        return [0.0] * c.world.route.slots, 0.0
    draw = person.prefers.setdefault(touchpoint, c.chance.random())
    points, fallen = choice.used(np.array([draw]), np.array([c.day()]))
    return points[:, 0].tolist(), c.assumptions.fallback_effort * float(fallen[0])
