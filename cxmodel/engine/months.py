"""A month's end: bars drift, people decide and talk, some come back, money and scores are noted.

Word of mouth crosses between customers here and only here, so that it reaches a choice at most a month late.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cxmodel.engine import rng
from cxmodel.engine.accumulators import Sums, exact, exact_money
from cxmodel.engine.compilation import compiled, entry
from cxmodel.engine.journeys import NONE, RENEWALS, decide, loyal, start
from cxmodel.engine.population import CHOOSING, CUSTOMER, FORMER, GONE, NEVER, UNAWARE, People
from cxmodel.engine.tables import Tables
from cxmodel.engine.visits import day_of
from cxmodel.model import advocacy, economics, expectation, loyalty
from cxmodel.vocabulary import MONTH


@entry
def note_start(w: Tables, p: People, o: Sums) -> None:
    """Month 0 is noted."""
    for who in range(len(p.person)):
        note(w, o, p.person[who], NONE)


@entry
def end_month(
    w: Tables, p: People, o: Sums, month: int, since: float, until: float, outside: int, surveyed: bool
) -> float:
    """The end of a month; the survey is held if it falls due. Gives the net share of recommendations in all talk.

    `outside` are prospects who will not enter within the horizon, who are told stories like anybody.
    """
    drift_share = expectation.drift_share((until - since) / MONTH, w.facts.liquid) if w.facts.rivals else 0.0
    open_to_us = talkers = NONE
    for who in range(len(p.person)):
        person = p.person[who]
        if person.status <= CHOOSING:
            p.open[open_to_us] = who
            open_to_us += 1
        if person.status == UNAWARE or person.status == GONE:
            continue
        drift(w, p, who, month, drift_share)
        decide_monthly(w, p, who, month, since, until, 0.0)
        if talks(w, person, month):
            p.talks[talkers] = who
            talkers += 1
        if person.joined < until and person.left > since:
            earn(w, o, person, month, since, until)
        if person.status == FORMER and person.left < until and w.facts.returning > 0:
            win_back(w, p, o, who, month, since, until)
        person.strongest = 0.0
        note(w, o, person, month + 1)
        if surveyed and person.status == CUSTOMER:
            survey(w, o, person, month + 1, until)
    return tell_stories(w, p, month, talkers, open_to_us, outside)


@entry
def end_past_month(w: Tables, p: People, since: float, until: float, now: float) -> None:
    """The end of a month of the past, `now` being today: bars drift and people decide, to stay."""
    drift_share = expectation.drift_share((until - since) / MONTH, w.facts.liquid) if w.facts.rivals else 0.0
    for who in range(len(p.person)):
        if p.person[who].status != UNAWARE and p.person[who].threshold < until:
            drift(w, p, who, NONE, drift_share)
            decide_monthly(w, p, who, NONE, since, until, now)
            p.person[who].strongest = 0.0


@compiled
def drift(w: Tables, p: People, who: int, month: int, share: float) -> None:
    """Liquid expectations: the bar of everyone moves to the best in class (equation 7)."""
    if share > 0:
        shoulds, aims = p.should[who], w.aims[month, p.person[who].segment]
        for k in range(len(aims)):
            shoulds[k] = expectation.drifted(np.float64(shoulds[k]), aims[k], share)


@compiled
def decide_monthly(w: Tables, p: People, who: int, month: int, since: float, until: float, now: float) -> None:
    """Those who decide at months' ends do so when it is their time, counted from today, which stands at `now`."""
    person = p.person[who]
    every = w.segment[person.segment].decides
    if person.status == CUSTOMER and every > 0 and (every <= MONTH or falls_due(every, since - now, until - now)):
        decide(w, p, who, until, rng.occurring(person.key, month))


@compiled
def falls_due(every: float, since: float, until: float) -> bool:
    """Whether a multiple of `every` days lies in a month, its end included."""
    return np.floor(until / every + 1e-9) > np.floor(since / every + 1e-9)


@compiled
def talks(w: Tables, person: Any, month: int) -> bool:
    """Whether he talks about the company this month (equation 10)."""
    a = w.facts
    chance = advocacy.talking(
        np.float64(person.satisfaction[0]), np.float64(person.strongest), a.talk_base, a.talk_extreme, a.talk_surprise,
        a.market_standard,
    )  # fmt: skip
    return rng.uniform(rng.occurring(person.key, month), rng.TALK) < chance


@compiled
def tell_stories(w: Tables, p: People, month: int, talkers: int, inside: int, outside: int) -> float:
    """Stories told to people who have not chosen yet (equation 10), warnings first; net share of recommendations."""
    a, good, bad = w.facts, 0, 0
    for turn in range(2):
        for n in range(talkers):
            person = p.person[p.talks[n]]
            key = rng.occurring(person.key, month)
            score = np.float64(person.satisfaction[0]) + a.score_noise * rng.normal(key, rng.SCORE)
            place = int(rng.uniform(key, rng.HEARER) * (inside + outside))
            warns, recommends = turn == 0 and score <= a.detractor_to, turn == 1 and score >= a.promoter_from
            bad += warns
            good += recommends
            if place < inside and (warns or recommends):
                hearer = p.person[p.open[place]]
                shift = np.float64(hearer.chance_shift)
                hearer.chance_scale = advocacy.warned(np.float64(hearer.chance_scale), a.headroom)
                if warns:
                    hearer.chance_shift = advocacy.warned(shift, a.headroom)
                else:
                    hearer.chance_shift = advocacy.recommended(shift, a.headroom)
                    hearer.recommended = True
    return (good - bad) / talkers if talkers else 0.0


@compiled
def earn(w: Tables, o: Sums, person: Any, month: int, since: float, until: float) -> None:
    """Days as a customer, and how far the margin of the month follows satisfaction (equation 12)."""
    days, flow, a = min(person.left, until) - max(person.joined, since), o.flow[month, person.segment], w.facts
    flow.days += exact(days)
    flow.margin += exact(
        days * economics.spending(np.float64(person.satisfaction[0]), a.spending_slope, a.market_standard)
    )


@compiled
def win_back(w: Tables, p: People, o: Sums, who: int, month: int, since: float, until: float) -> None:
    """Some of those lost come back: they pay as at buying, renew from now on, and live what returning is."""
    a, person = w.facts, p.person[who]
    market = w.market[day_of(w, until), person.segment]
    yearly = loyalty.won_back(loyal(w, person), market.standard, a.satisfaction_slope, a.won_back)
    chance = loyalty.returning(yearly, until - max(since, person.left))
    if rng.uniform(rng.occurring(person.key, month), rng.RETURN) >= chance:
        return
    spell = min(person.spells, o.ended.shape[1] - 1)
    o.ended[who, spell, 0], o.ended[who, spell, 1] = person.joined, person.left
    person.spells = spell + 1
    person.status, person.joined, person.decided, person.left, person.issue = CUSTOMER, until, until, NEVER, -1
    for c in range(a.streams):
        p.due[who, c] = NEVER
    o.flow[month, person.segment].paid += exact_money(market.price)
    start(w, p, who, until, RENEWALS)
    p.due[who, a.coming_back] = until
    coming = p.coming[who, a.coming_back]
    coming.count += -coming.count % a.returning


@compiled
def note(w: Tables, o: Sums, person: Any, month: int) -> None:
    """A customer or former customer as he stands."""
    if person.status != CUSTOMER and person.status != FORMER:
        return
    a, score, state = w.facts, np.float64(person.satisfaction[0]), o.state[month, person.segment]
    promotes = exact(advocacy.promoters(score, a.promoter_from, a.score_noise))
    detracts = exact(advocacy.detractors(score, a.detractor_to, a.score_noise))
    if person.status == CUSTOMER:
        state.customers += 1.0
        state.satisfaction += exact(score)
        state.promoters += promotes
        state.detractors += detracts
    else:
        state.former += 1.0
        state.former_promoters += promotes
        state.former_detractors += detracts


@compiled
def survey(w: Tables, o: Sums, person: Any, month: int, until: float) -> None:
    """The company's own survey, if he answers (equation 10)."""
    a, key = w.facts, rng.occurring(person.key, month)
    if rng.uniform(key, rng.SURVEY) < w.market[day_of(w, until), person.segment].response:
        score, state = np.float64(person.satisfaction[0]), o.state[month, person.segment]
        score += a.score_noise * rng.normal(key, rng.ANSWER)
        state.answers += 1.0
        state.answers_promoters += 1.0 if score >= a.promoter_from else 0.0
        state.answers_detractors += 1.0 if score <= a.detractor_to else 0.0
