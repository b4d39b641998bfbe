"""The oracle's customers of today: a segment's quiet row, and the start that fits `today`.

docs: the journey of today lived in expectation, noise and failures averaged out, promises at their mean
reach, no contacts; onboarding is over at month 0; with rivals H moves towards today's bar each month. read: what
is averaged is the state after the visit, not what leads to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from oracle_company import Company
from oracle_numbers import NOW
from scipy.special import gammaln, ndtri, roots_genlaguerre

from cxmodel.arrays import MONTH, ONBOARDING, YEAR
from cxmodel.model import advocacy, contacts, expectation, loyalty, memory, perception, queueing, strain
from cxmodel.scenario import Scenario

MONTHS = 120
ROLES = ("all", "customer", "user")


def onboarding(company: Company) -> tuple[list[tuple[float, str, float]], float]:
    """([days after entering, touchpoint, days since the last visit there]), and when the choice falls."""
    steps: list[tuple[float, str, float]] = []
    clock, buying = 0.0, None
    for stage in ONBOARDING:
        for name, touchpoint in company.scenario.journey.items():
            if touchpoint.stage != stage:
                continue
            apart = 1.0 if touchpoint.every is None else touchpoint.every
            for visit in range(touchpoint.visits or 1):
                clock += apart if visit else 1.0 if steps else 0.0
                if buying is None and stage in ("buy", "receive"):
                    buying = clock
                steps.append((clock, name, apart if visit else company.a.quiet_days))
    if buying is None:
        buying = clock + 1.0 if steps else 0.0
    return steps, buying


@dataclass(frozen=True)
class Moment:
    """The state of a quiet row."""

    will: Any
    should: Any
    satisfaction: Any  # overall, as customer, as user
    experiences: Any
    lived: Any


class Today:
    """Rows, leniency, leaving, calling and strain of a scenario as it stands."""

    def __init__(self, company: Company) -> None:
        self.company, self.a = company, company.a
        self.steps: dict[str, list[tuple[float, str]]] = {}
        self.rows = {name: self.row(name) for name in company.scenario.segments}
        self.moods = {name: self.mood(name) for name in self.rows}
        self.leniency = 0.0
        self.leave = dict.fromkeys(self.rows, self.a.leave)
        self.solve()
        self.tenures = {name: self.tenure(name) for name in self.rows}
        self.short = {name: self.shortfalls(name) for name in self.rows}
        self.living = {(name, key): self.still(name, key) for name in self.rows for key in recurring(company.scenario)}
        self.calls = self.calling()
        self.strain = self.strained()

    # --- the quiet row ------------------------------------------------------------------------------------

    def row(self, segment: str) -> list[Moment]:
        """One state per month of tenure."""
        company, a = self.company, self.a
        state = Moment(
            company.offered(segment, NOW), company.needs(segment, NOW), np.full(3, a.first_impression),
            np.zeros(3), np.zeros(len(company.weights(segment)), dtype=bool),
        )  # fmt: skip
        for promise in company.told_by_brand:
            state = self.heard(segment, state, promise)
        moments = []
        visits = sorted(self.visits(), key=lambda visit: visit[0])
        self.steps[segment] = [(when, name) for when, name, _ in visits]
        for month in range(MONTHS + 1):
            while visits and visits[0][0] <= month * MONTH:
                _, name, since = visits.pop(0)
                state = self.visited(segment, state, name, since)
            if month and company.scenario.rivals:
                bar = expectation.liquid_should(state.should, company.bar(segment, NOW), liquid=a.liquid)
                state = replace(state, should=bar)
            moments.append(state)
        return moments

    def visits(self) -> list[tuple[float, str, float]]:
        """(days since buying, touchpoint, days since the last visit there) of ten years."""
        steps, buying = onboarding(self.company)
        visits = [(min(0.0, when - buying), name, since) for when, name, since in steps]
        last = max([when - buying for when, _, _ in steps], default=0.0)
        for name, touchpoint in self.company.scenario.journey.items():
            if touchpoint.stage in ("use", "renew"):
                start = 0.0 if touchpoint.stage == "renew" else max(0.0, last)
                apart = 1.0 if touchpoint.every is None else touchpoint.every
                once = touchpoint.stage == "use" and touchpoint.every is None
                most = touchpoint.visits or (1 if once else math.inf)
                number = 1
                while number <= most and start + number * apart <= MONTHS * MONTH:
                    since = self.a.quiet_days if number == 1 else apart
                    visits.append((start + number * apart, name, since))
                    number += 1
        return visits

    def heard(self, segment: str, state: Moment, promise: str) -> Moment:
        """A promise at its mean reach."""
        told, a = self.company.promise(promise, segment, NOW), self.a
        if told is None:
            return state
        will, should, k = state.will.copy(), state.should.copy(), told.need
        belief = told.reach * told.believed * (a.believed_later if state.lived[k] else 1.0)
        will[k] = expectation.told_will(will[k], told.level, belief)
        should[k] = expectation.told_should(should[k], told.level, told.reach * told.believed, a.should_from_promise)
        return replace(state, will=will, should=should)

    def visited(self, segment: str, state: Moment, name: str, since: float) -> Moment:
        """A visit in expectation: over the noise of every attribute, and over failing."""
        company, a = self.company, self.a
        for promise in company.told_at(name):
            state = self.heard(segment, state, promise)
        here = company.encounter(name, segment)
        if here is None:
            return state
        noise, chance = nodes(len(here.names))
        # docs: quiet rows take the mean offset and the mean fallback effort over channels
        offset, fallback = company.usual_channel(name, segment, NOW)
        levels = company.levels(name, segment, NOW) + offset + a.quality_noise * noise
        fails = company.fails(name, NOW)
        levels = np.clip(np.concatenate([levels, levels - company.severity(name, NOW)]), 0.0, 100.0)
        chance = np.concatenate([chance * (1 - fails), chance * fails])

        will, should = state.will[here.needs], state.should[here.needs]
        lived = perception.perceived(levels, will, a.assimilation)
        held = perception.standard(will, should, a.will_share)
        value = perception.surprise(lived - held, here.gain, here.loss, here.zone, a.surprise_scale)
        effort = company.number(("journey", name, "effort"), NOW) + fallback
        episode = perception.episode((lived + value) @ here.share, 0.0, effort)
        importance = company.number(("journey", name, "importance"), NOW) * here.omega
        weight = memory.weight(
            importance, since, memory.news(lived, will, a.quality_noise) @ here.share, a.quiet_days, a.news_scale
        )

        satisfaction, experiences, known = (
            state.satisfaction.copy(),
            state.experiences.copy(),
            state.lived.copy(),
        )
        for place in (0, ROLES.index(company.scenario.journey[name].role)):
            rate = memory.learning_rate(experiences[place], weight, a.memory_start, a.memory_floor, a.memory_ceiling)
            satisfaction[place] = chance @ memory.remembered(satisfaction[place], episode, rate)
            experiences[place] += 1
        new_will, new_should = state.will.copy(), state.should.copy()
        new_will[here.needs] = chance @ expectation.learned_will(will, lived, a.will_learning)
        new_should[here.needs] = chance @ expectation.ratcheted_should(should, lived, a.ratchet)
        known[here.needs] = True
        return Moment(new_will, new_should, satisfaction, experiences, known)

    def lived_before(self, segment: str, name: str, tenure: float) -> int:
        """Visits to a touchpoint that the row has lived by then [tenure in months]."""
        return sum(which == name and when <= tenure * MONTH for when, which in self.steps[segment])

    # --- whom the company has -----------------------------------------------------------------------------

    def mood(self, segment: str) -> tuple[Any, Any]:
        """(S, S blended from the roles lived) by month, at leniency 0."""
        overall = np.array([moment.satisfaction[0] for moment in self.rows[segment]])
        blended = []
        for moment in self.rows[segment]:
            s, n = moment.satisfaction, moment.experiences
            both = float(loyalty.blended(s[1], s[2], self.a.customer_share))
            blended.append(both if n[1] > 0 and n[2] > 0 else s[1] if n[1] > 0 else s[2] if n[2] > 0 else s[0])
        return overall, np.array(blended)

    def hazard(self, segment: str, satisfaction: Any, frailty: Any) -> Any:
        standard = self.company.standard(segment, NOW)
        switching = self.company.scenario.segments[segment].switching_cost
        slope, weight = self.a.satisfaction_slope, self.a.switching_weight
        return loyalty.hazard(satisfaction, standard, frailty, self.leave[segment], switching, slope, weight)

    def exposure(self, segment: str, leniency: Any) -> Any:
        """Hazard added up along the row at frailty 1, by month (first axis), of people so lenient."""
        mood = self.moods[segment][1].reshape(-1, *[1] * np.ndim(leniency)) + leniency
        monthly = self.hazard(segment, np.clip(mood, 0.0, 100.0), 1.0)
        return np.concatenate([np.zeros_like(monthly[:1]), np.cumsum(middle(monthly), axis=0)])

    def staying(self, segment: str, leniency: Any) -> Any:
        """Share of newcomers so lenient who are still there in each month."""
        return middle(loyalty.survival(self.exposure(segment, leniency), self.a.frailty))

    def present(self, segment: str) -> Any:
        """docs: shares of today's customers by month of tenure and leniency, the nodes of `leniencies`."""
        leniency, chance = self.leniencies()
        share = self.staying(segment, leniency) * chance
        return share / share.sum()

    def tenure(self, segment: str) -> Any:
        """Share of today's customers up to each month."""
        return np.concatenate([[0.0], np.cumsum(self.present(segment).sum(1))])

    def score(self, segment: str) -> float:
        """NPS of a segment's customers at month 0."""
        leniency, _ = self.leniencies()
        mood = np.clip(middle(self.moods[segment][0])[:, None] + leniency, 0.0, 100.0)
        promoters = advocacy.promoters(mood, self.a.promoter_from, self.a.score_noise)
        detractors = advocacy.detractors(mood, self.a.detractor_to, self.a.score_noise)
        return float((self.present(segment) * advocacy.nps(promoters, detractors)).sum())

    def leavers(self, segment: str) -> float:
        """Share of a segment's customers who leave per month at month 0."""
        leniency, _ = self.leniencies()
        shape = 1 / self.a.frailty
        gamma, by_gamma = roots_genlaguerre(16, shape - 1)
        by_gamma = by_gamma / math.exp(gammaln(shape))
        months = self.between_decisions(segment)
        frailty = gamma / loyalty.frailty_rate(middle(self.exposure(segment, leniency)), self.a.frailty)[..., None]
        mixed = np.clip(middle(self.moods[segment][1])[:, None] + leniency, 0.0, 100.0)
        hazard = self.hazard(segment, mixed[:, :, None], frailty)
        left = loyalty.leaving(hazard, months) / months
        return float((self.present(segment) * (left @ by_gamma)).sum())

    def leniencies(self) -> tuple[Any, Any]:
        """Nodes and weights of the leniency of customers."""
        spread, chance = np.polynomial.hermite_e.hermegauss(21)
        return self.leniency + self.a.leniency_sd * spread, chance / chance.sum()

    def between_decisions(self, segment: str) -> float:
        """Months between decisions to stay."""
        decides = self.company.scenario.segments[segment].decides
        return renewal_months(self.company.scenario) if decides is None else decides / MONTH

    def solve(self) -> None:
        """Mean leniency and h0 for which month 0 shows what was measured: bisection, turn by turn."""
        scenario = self.company.scenario
        heads = {name: item.customers for name, item in scenario.segments.items()}
        # docs: `leave` of a segment, else the rate of `today`
        own = {name: item.leave for name, item in scenario.segments.items() if item.leave is not None}
        common = {name: number for name, number in heads.items() if name not in own}
        for _ in range(6):
            if scenario.today.nps is not None and sum(heads.values()):
                low, high = -100.0, 100.0
                for _ in range(30):
                    self.leniency = (low + high) / 2
                    above = mean(self.score, heads) > scenario.today.nps
                    low, high = (low, self.leniency) if above else (self.leniency, high)
            if scenario.today.leave is not None and sum(common.values()):
                self.fit_leaving(common, scenario.today.leave * MONTH)
            for name, rate in own.items():
                self.fit_leaving({name: 1}, rate * MONTH)

    def fit_leaving(self, heads: dict[str, int], target: float) -> None:
        """h0 of these segments for which so many of their customers leave per month."""
        low, high = -25.0, 10.0  # log-odds
        for _ in range(30):
            odds = (low + high) / 2
            self.leave |= dict.fromkeys(heads, float(loyalty.logistic(odds)))
            low, high = (low, odds) if mean(self.leavers, heads) > target else (odds, high)

    # --- how often they call ------------------------------------------------------------------------------

    def shortfalls(self, segment: str) -> dict[str, float]:
        """By recurring touchpoint: P(gap > beyond) of a visit that does not fail, over noise, on the quiet row."""
        company, a, found = self.company, self.a, {}
        chance = np.diff(self.tenures[segment])
        for name, touchpoint in company.scenario.journey.items():
            here = company.encounter(name, segment)
            if not recurs(touchpoint) or here is None:
                continue
            noise, even = nodes(len(here.names), 16384)
            bare, beyond = company.levels(name, segment, NOW) + a.quality_noise * noise, company.calling(name, NOW)[2]
            ways = [(part, np.clip(bare + points, 0.0, 100.0)) for part, points in company.ways(name, segment, NOW)]
            short = []
            for moment in self.rows[segment]:
                will, should = moment.will[here.needs], moment.should[here.needs]
                expected, chance_here = perception.standard(will, should, a.will_share), 0.0
                for part, levels in ways:
                    gap = (expected - perception.perceived(levels, will, a.assimilation)) @ here.share
                    chance_here += part * float(even @ (gap > beyond))
                short.append(chance_here)
            found[name] = float(chance @ middle(np.array(short)))
        return found

    def still(self, segment: str, name: str) -> float:
        """Share of a segment's customers of today who have visits to come of a recurring touchpoint."""
        most = self.company.visits(name, NOW)
        left = [self.lived_before(segment, name, month + 0.5) < most for month in range(MONTHS)]
        return float(np.diff(self.tenures[segment]) @ left)

    def expected(self, factor: float) -> dict[str, float]:
        """Contacts a year of all customers of today, by where they go; repeats included."""
        company, found = self.company, {}
        for segment, people in company.scenario.segments.items():
            for name, touchpoint in company.scenario.journey.items():
                if name not in recurring(company.scenario):
                    continue
                heads = people.customers * self.living[segment, name]  # read: who is through lives no more visits
                fails, short = company.fails(name, NOW), self.short[segment].get(name, 0.0)
                after_failure, after_shortfall, _ = company.calling(name, NOW)
                cases = (fails, after_failure, True), ((1 - fails) * short, after_shortfall, False)
                for share, calls, failed in cases:
                    where = company.turn_to(name, failed)
                    if where is not None:
                        exceptions, resolves = company.solves(where, NOW)
                        again = (1 - exceptions) * (1 - resolves)
                        first = heads * YEAR / touchpoint.every * share * min(1.0, factor * calls)
                        number = first * float(contacts.within(again, self.a.repeat_calls))
                        found[where] = found.get(where, 0.0) + number
        return found

    def calling(self) -> float:
        """The factor on calling for which customers contact as often as measured; bisection of its logarithm."""
        scenario = self.company.scenario
        people = sum(segment.customers for segment in scenario.segments.values())
        if scenario.today.contacts is None or not people:
            return 1.0
        target, low, high = scenario.today.contacts * YEAR * people, -20.0, 20.0
        for _ in range(60):
            odds = (low + high) / 2
            low, high = (low, odds) if sum(self.expected(math.exp(odds)).values()) > target else (odds, high)
        return math.exp((low + high) / 2)

    def strained(self) -> float:
        """docs: today's strain, per desk Erlang A with the calls of day 0 and the contacts expected at month 0."""
        company, own, found = self.company, self.expected(self.calls), []
        for name, touchpoint in company.scenario.journey.items():
            if touchpoint.staffed is None:
                continue
            opens, closes = touchpoint.staffed.hours
            desk = touchpoint.staffed
            calls = desk.other_calls + own.get(name, 0.0) / YEAR / (closes - opens)
            load = calls * desk.handling
            _, abandoned, _ = queueing.erlang_a(load, desk.agents, desk.handling, desk.patience)
            utilisation = 100 * load * (1 - abandoned) / desk.agents
            found.append(float(strain.strain(utilisation, self.a.strain_from)))
        return float(np.mean(found)) if found else 0.0

    # --- whom it draws ------------------------------------------------------------------------------------

    def settle(self, person: Any, chance: Any) -> float:
        """Draws a customer of today; gives his tenure [months]."""
        segment = person.segment
        while True:  # of all newcomers there ever were, one who is still here
            person.leniency = chance.normal(self.leniency, self.a.leniency_sd)
            staying = self.staying(segment, person.leniency)
            if chance.random() < staying.mean():
                break
        there = np.concatenate([[0.0], np.cumsum(staying)]) / staying.sum()
        tenure = float(np.interp(chance.random(), there, np.arange(MONTHS + 1)))
        exposure = float(np.interp(tenure, np.arange(MONTHS + 1), self.exposure(segment, person.leniency)))
        person.frailty = chance.gamma(1 / self.a.frailty) / float(loyalty.frailty_rate(exposure, self.a.frailty))
        month = min(int(tenure), MONTHS - 1)
        before, after, part = self.rows[segment][month], self.rows[segment][month + 1], tenure - month
        person.will = before.will + part * (after.will - before.will)
        person.should = before.should + part * (after.should - before.should)
        person.lived = before.lived.copy()
        for place, role in enumerate(ROLES):
            mood = before.satisfaction[place], after.satisfaction[place]
            person.satisfaction[role] = on_the_scale(mood[0] + part * (mood[1] - mood[0]) + person.leniency)
            count = before.experiences[place], after.experiences[place]
            person.experiences[role] = float(count[0] + part * (count[1] - count[0]))
        return tenure


def on_the_scale(satisfaction: float) -> float:
    """Satisfaction is a number of 0-100."""
    return float(np.clip(satisfaction, 0.0, 100.0))


def middle(values: Any) -> Any:
    return (values[1:] + values[:-1]) / 2


def mean(value: Any, heads: dict[str, int]) -> float:
    """Mean of a value per segment over so many customers in each."""
    known = {name: number for name, number in heads.items() if number}
    return float(np.average([value(name) for name in known], weights=list(known.values())))


def recurring(scenario: Scenario) -> list[str]:
    """Touchpoints that are lived again and again."""
    return [name for name, touchpoint in scenario.journey.items() if recurs(touchpoint)]


def recurs(touchpoint: Any) -> bool:
    """Is it lived again and again?"""
    return touchpoint.stage == "renew" or (touchpoint.stage == "use" and touchpoint.every is not None)


def renewal_months(scenario: Scenario) -> float:
    """Months between decisions: 1 without renewals."""
    every = [touchpoint.every for touchpoint in scenario.journey.values() if touchpoint.stage == "renew"]
    return 1 / sum(MONTH / days for days in every) if every else 1.0


def nodes(attributes: int, count: int = 2048) -> tuple[Any, Any]:
    """Independent standard normals (nodes, attributes), each an even sample of its law, and their weights."""
    even = ndtri((np.arange(count) + 0.5) / count)
    shuffle = np.random.default_rng(0)
    return np.column_stack([shuffle.permutation(even) for _ in range(attributes)]), np.full(count, 1 / count)
