"""A month's end: bars drift, people decide, talk, earn and come back, and it is noted who stands where.

Word of mouth crosses between customers here and only here, so that it reaches a choice at most a month late.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxmodel.model import adoption
from cxmodel.reference.company import Company
from cxmodel.reference.equations import advocacy, economics, expectation, loyalty
from cxmodel.reference.journeys import begin, come_back, decide, loyal
from cxmodel.reference.person import ONBOARDING, OVERALL, Due, Person
from cxmodel.vocabulary import MONTH

STEPS = 33
"""Moments of a month at which the spread of awareness is evaluated."""


def falls_due(every: float, since: float, until: float) -> bool:
    """Whether a multiple of `every` days lies in a month, its end included."""
    return bool(np.floor(until / every + 1e-9) > np.floor(since / every + 1e-9))


def end_month(c: Company, since: float, until: float) -> float:
    """All that falls on a month's end, in this order; gives the net share of recommendations in all talk."""
    known = [person for person in c.people if person.knows_us]
    drift(c, known, since, until)
    decide_monthly(c, known, since, until)
    net = talk(c, known)
    earn(c, known, since, until)
    win_back(c, known, since, until)
    note_states(c, c.month + 1)
    if falls_due(float(c.setting.survey_every[c.day()]), since, until):
        survey(c, known)
    c.month += 1
    return net


def drift(c: Company, known: Sequence[Person], since: float, until: float) -> None:
    """Liquid expectations: the bar of everyone, and of the market, moves to the best there is (equation 7).

    Only rivals make it move.
    """
    if c.world.rivals:
        aims = np.nan_to_num(c.world.bar[c.day()]).tolist()
        share = expectation.drift_share((until - since) / MONTH, c.assumptions.liquid)
        everyone = [*enumerate(c.bars), *((person.segment, person.should) for person in known)]
        for segment, bar in everyone:
            bar[:] = (expectation.drifted(now, aim, share) for now, aim in zip(bar, aims[segment], strict=True))


def decide_monthly(c: Company, known: Sequence[Person], since: float, until: float) -> None:
    """Customers who decide at months' ends do so every month, or at the first one after each multiple of so many."""
    for person in known:
        every = float(c.world.route.decides[person.segment])
        due = every and (every <= MONTH or falls_due(every, since, until))
        if person.status == "customer" and due and decide(c, person):
            person.wake()


def talk(c: Company, known: Sequence[Person]) -> float:
    """Who talks this month, and what he says to one who has not chosen yet, warnings first (equation 10).

    The hearer is any of the prospects who have not chosen, evenly. Gives recommendations less warnings, over all talk.
    """
    a, talkers, stories = c.assumptions, 0, []
    for person in known:
        score, constants = person.satisfaction[OVERALL], (a.talk_base, a.talk_extreme, a.talk_surprise)
        if c.happens(advocacy.talking(score, person.strongest, *constants, a.market_standard)):
            talkers += 1
            score += c.chance.normal(0.0, a.score_noise)
            stories += (
                ["warning"] if score <= a.detractor_to else ["recommendation"] if score >= a.promoter_from else []
            )
        person.strongest = 0.0
    hearers = [person for person in c.people if person.status in ("unaware", "choosing")]
    for story in sorted(stories, reverse=True):
        if hearers:
            hearers[c.chance.integers(len(hearers))].heard.append(story)  # type: ignore[arg-type]
    return (2 * stories.count("recommendation") - len(stories)) / talkers if talkers else 0.0


def earn(c: Company, known: Sequence[Person], since: float, until: float) -> None:
    """Days as a customer, and how far the margin of the month follows satisfaction (equation 12)."""
    a = c.assumptions
    for person in known:
        if person.spells and (days := min(person.left, until) - max(person.spells[-1][0], since)) > 0:
            c.ledger.days[c.month, person.segment] += days
            spending = economics.spending(person.satisfaction[OVERALL], a.spending_slope, a.market_standard)
            c.ledger.spending[c.month, person.segment] += days * spending


def win_back(c: Company, known: Sequence[Person], since: float, until: float) -> None:
    """Former customers who left before may come back, where the journey says what they live then (equation 9)."""
    if not len(c.world.route.returning):
        return
    a, day = c.assumptions, c.day()
    for person in known:
        if person.status == "former" and person.left < until:
            standard = c.world.standard[day, person.segment]
            yearly = loyalty.won_back(loyal(c, person), standard, a.satisfaction_slope, a.won_back)
            if c.happens(loyalty.returning(yearly, until - max(since, person.left))):
                come_back(c, person)
                person.wake()


def note_states(c: Company, moment: int) -> None:
    """How many customers and former customers there are, and how they stand."""
    a = c.assumptions
    for s in range(len(c.world.route.segments)):
        for place, status in enumerate(("customer", "former")):
            people = (person for person in c.people if person.status == status and person.segment == s)
            scores = [person.satisfaction[OVERALL] for person in people]
            promoters = sum(advocacy.promoters(score, a.promoter_from, a.score_noise) for score in scores)
            detractors = sum(advocacy.detractors(score, a.detractor_to, a.score_noise) for score in scores)
            c.ledger.states[moment, s, place] = len(scores), sum(scores), promoters, detractors


def survey(c: Company, known: Sequence[Person]) -> None:
    """The company's own survey of its customers: some answer, with noise (equation 10)."""
    a, response = c.assumptions, c.setting.survey_response[c.day()]
    for person in known:
        if person.status == "customer" and c.happens(response[person.segment]):
            score = person.satisfaction[OVERALL] + c.chance.normal(0.0, a.score_noise)
            answer = (1, score >= a.promoter_from, score <= a.detractor_to)
            c.ledger.surveyed[c.month + 1, person.segment] += answer


def spread(c: Company, net_talk: float) -> None:
    """Who becomes aware in the month that begins, by himself and from others (equation 11, Bass).

    The exposure of the month follows Bass's own path from the share aware now, imitation times 1 + net talk.
    """
    begins, days = c.now, np.linspace(0.0, MONTH, STEPS)
    for s, segment in enumerate(c.world.scenario.segments.values()):
        if (bass := c.world.bass[s]) is None:
            continue
        unaware = [person for person in c.people if person.segment == s and awaits(person)]
        innovation, imitation = bass[:, c.day()]
        aware = 1 - len(unaware) / max(segment.prospects, 1)
        growth = adoption.bass_exposure(days, aware, innovation, imitation * (1 + net_talk)) + c.exposure[s]
        for person in unaware:
            if person.threshold < growth[-1]:
                person.agenda[ONBOARDING] = Due(begins + float(np.interp(person.threshold, growth, days)))
                begin(c, person)
        c.exposure[s] = growth[-1]


def awaits(person: Person) -> bool:
    """Whether he has not become aware, and nothing has made him about to be."""
    return person.status == "unaware" and not person.agenda
