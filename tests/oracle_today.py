"""The oracle's customers of today: a segment's quiet row, and the leniency and leaving that fit `today`.

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
from scipy.special import gammaln, ndtri, roots_genlaguerre

from cxmodel.arrays import MONTH, ONBOARDING
from cxmodel.assumptions import DEFAULTS
from cxmodel.model import advocacy, expectation, loyalty, memory, perception
from cxmodel.scenario import Scenario

MONTHS = 120
NOW = -1  # the day before anything changes
ROLES = ("all", "customer", "user")


def onboarding(scenario: Scenario) -> tuple[list[tuple[float, str, float]], float]:
    """([days after entering, touchpoint, days since the last visit there]), and when the choice falls."""
    steps: list[tuple[float, str, float]] = []
    clock, buying = 0.0, None
    for stage in ONBOARDING:
        for name, touchpoint in scenario.journey.items():
            if touchpoint.stage != stage:
                continue
            apart = 1.0 if touchpoint.every is None else touchpoint.every
            for visit in range(touchpoint.visits or 1):
                clock += apart if visit else 1.0 if steps else 0.0
                if buying is None and stage in ("buy", "receive"):
                    buying = clock
                steps.append((clock, name, apart if visit else DEFAULTS.quiet_days))
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
    """Rows, leniency and leaving of a scenario as it stands."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.steps: dict[str, list[tuple[float, str]]] = {}
        self.rows = {name: self.row(name) for name in company.scenario.segments}
        self.moods = {name: self.mood(name) for name in self.rows}
        self.leniency, self.leave = 0.0, DEFAULTS.leave
        self.solve()
        self.tenures = {name: self.tenure(name) for name in self.rows}
        self.exposures = {name: self.exposure(name) for name in self.rows}

    # --- the quiet row ------------------------------------------------------------------------------------

    def row(self, segment: str) -> list[Moment]:
        """One state per month of tenure."""
        company = self.company
        state = Moment(
            company.offered(segment, NOW), company.needs(segment, NOW), np.full(3, DEFAULTS.first_impression),
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
                state = replace(state, should=expectation.liquid_should(state.should, company.bar(segment, NOW)))
            moments.append(state)
        return moments

    def visits(self) -> list[tuple[float, str, float]]:
        """(days since buying, touchpoint, days since the last visit there) of ten years."""
        steps, buying = onboarding(self.company.scenario)
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
                    since = DEFAULTS.quiet_days if number == 1 else apart
                    visits.append((start + number * apart, name, since))
                    number += 1
        return visits

    def heard(self, segment: str, state: Moment, promise: str) -> Moment:
        """A promise at its mean reach."""
        told = self.company.promise(promise, segment, NOW)
        if told is None:
            return state
        will, should, k = state.will.copy(), state.should.copy(), told.need
        belief = told.reach * told.believed * (DEFAULTS.believed_later if state.lived[k] else 1.0)
        will[k] = expectation.told_will(will[k], told.level, belief)
        should[k] = expectation.told_should(should[k], told.level, told.reach * told.believed)
        return replace(state, will=will, should=should)

    def visited(self, segment: str, state: Moment, name: str, since: float) -> Moment:
        """A visit in expectation: over the noise of every attribute, and over failing."""
        company = self.company
        for promise in company.told_at(name):
            state = self.heard(segment, state, promise)
        here = company.encounter(name, segment)
        if here is None:
            return state
        noise, chance = nodes(len(here.names))
        levels = company.levels(name, segment, NOW) + DEFAULTS.quality_noise * noise
        fails = company.fails(name, NOW)
        levels = np.clip(np.concatenate([levels, levels - company.severity(name, NOW)]), 0.0, 100.0)
        chance = np.concatenate([chance * (1 - fails), chance * fails])

        will, should = state.will[here.needs], state.should[here.needs]
        lived = perception.perceived(levels, will)
        value = perception.surprise(lived - perception.standard(will, should), here.gain, here.loss, here.zone)
        effort = company.number(("journey", name, "effort"), NOW)
        episode = perception.episode((lived + value) @ here.share, 0.0, effort)
        importance = company.number(("journey", name, "importance"), NOW) * here.omega
        weight = memory.weight(importance, since, memory.news(lived, will) @ here.share)

        satisfaction, experiences, known = (
            state.satisfaction.copy(),
            state.experiences.copy(),
            state.lived.copy(),
        )
        for place in (0, ROLES.index(company.scenario.journey[name].role)):
            rate = memory.learning_rate(experiences[place], weight)
            satisfaction[place] = chance @ memory.remembered(satisfaction[place], episode, rate)
            experiences[place] += 1
        new_will, new_should = state.will.copy(), state.should.copy()
        new_will[here.needs] = chance @ expectation.learned_will(will, lived)
        new_should[here.needs] = chance @ expectation.ratcheted_should(should, lived)
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
            both = float(loyalty.blended(s[1], s[2]))
            blended.append(both if n[1] > 0 and n[2] > 0 else s[1] if n[1] > 0 else s[2] if n[2] > 0 else s[0])
        return overall, np.array(blended)

    def hazard(self, segment: str, satisfaction: Any, frailty: Any) -> Any:
        best = self.company.best_rival(segment, NOW)
        standard = DEFAULTS.market_standard if best is None else best
        switching = self.company.scenario.segments[segment].switching_cost
        return loyalty.hazard(satisfaction, standard, frailty, self.leave, switching)

    def exposure(self, segment: str) -> Any:
        """Hazard added up along the row, at frailty 1 and the mean leniency, by month."""
        monthly = self.hazard(segment, self.moods[segment][1] + self.leniency, 1.0)
        return np.concatenate([[0.0], np.cumsum((monthly[1:] + monthly[:-1]) / 2)])

    def tenure(self, segment: str) -> Any:
        """Share of today's customers up to each month: the stationary law of the survival curve."""
        alive = loyalty.survival(self.exposure(segment))
        share = np.concatenate([[0.0], np.cumsum((alive[1:] + alive[:-1]) / 2)])
        return share / share[-1]

    def measured(self) -> tuple[float, float]:
        """(NPS, share of customers who leave per month) at month 0."""
        scores, leaving, heads = [], [], []
        spread, by_spread = np.polynomial.hermite_e.hermegauss(21)
        by_spread = by_spread / by_spread.sum()
        shape = 1 / DEFAULTS.frailty
        gamma, by_gamma = roots_genlaguerre(16, shape - 1)
        by_gamma = by_gamma / math.exp(gammaln(shape))
        months = renewal_months(self.company.scenario)
        for name, segment in self.company.scenario.segments.items():
            if not segment.customers:
                continue
            chance = np.diff(self.tenure(name))
            overall, blended = (middle(each) for each in self.moods[name])
            leniency = self.leniency + DEFAULTS.leniency_sd * spread
            mood = np.clip(overall[:, None] + leniency, 0.0, 100.0)
            net = advocacy.nps(advocacy.promoters(mood), advocacy.detractors(mood))
            scores.append(float(chance @ net @ by_spread))
            frailty = gamma / loyalty.frailty_rate(middle(self.exposure(name)))[:, None]
            mixed = np.clip(blended[:, None] + leniency, 0.0, 100.0)
            hazard = self.hazard(name, mixed[:, :, None], frailty[:, None, :])
            left = loyalty.leaving(hazard, months) / months
            leaving.append(float(chance @ (left @ by_gamma) @ by_spread))
            heads.append(segment.customers)
        return float(np.average(scores, weights=heads)), float(np.average(leaving, weights=heads))

    def solve(self) -> None:
        """Mean leniency and h0 for which month 0 shows what was measured: bisection, turn by turn."""
        scenario = self.company.scenario
        if not any(segment.customers for segment in scenario.segments.values()):
            return
        for _ in range(6):
            if scenario.today.nps is not None:
                low, high = -100.0, 100.0
                for _ in range(30):
                    self.leniency = (low + high) / 2
                    above = self.measured()[0] > scenario.today.nps
                    low, high = (low, self.leniency) if above else (self.leniency, high)
            if scenario.today.leave is not None:
                low, high = -25.0, 10.0  # log-odds
                for _ in range(30):
                    odds = (low + high) / 2
                    self.leave = float(loyalty.logistic(odds))
                    low, high = (low, odds) if self.measured()[1] > scenario.today.leave * MONTH else (odds, high)

    def settle(self, person: Any, chance: Any) -> float:
        """Draws a customer of today; gives his tenure [months]."""
        segment = person.segment
        tenure = float(np.interp(chance.random(), self.tenures[segment], np.arange(MONTHS + 1)))
        person.leniency = chance.normal(self.leniency, DEFAULTS.leniency_sd)
        exposure = float(np.interp(tenure, np.arange(MONTHS + 1), self.exposures[segment]))
        person.frailty = chance.gamma(1 / DEFAULTS.frailty) / float(loyalty.frailty_rate(exposure))
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


def renewal_months(scenario: Scenario) -> float:
    """Months between decisions: 1 without renewals."""
    every = [touchpoint.every for touchpoint in scenario.journey.values() if touchpoint.stage == "renew"]
    return 1 / sum(MONTH / days for days in every) if every else 1.0


def nodes(attributes: int, count: int = 2048) -> tuple[Any, Any]:
    """Independent standard normals (nodes, attributes), each an even sample of its law, and their weights."""
    even = ndtri((np.arange(count) + 0.5) / count)
    shuffle = np.random.default_rng(0)
    return np.column_stack([shuffle.permutation(even) for _ in range(attributes)]), np.full(count, 1 / count)
