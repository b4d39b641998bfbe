"""The same scenario played the slow, obvious way: the readable definition of what the engine must give.

One SimPy process per customer, one more for each open issue and outside caller (`oracle_contacts`), one for what the
company does at its own times (`oracle_back`). It shares the equations (`cxmodel.model`), the vocabulary, the parameters
and the scenario with the product, and nothing of its engine. Comments that begin with `docs:` quote what
`docs/mechanics.md` says; `read:` marks how a place was read that it leaves open.

    outcomes = play(load("scenarios/pretty_app.yaml"), "fix_the_wait", replications=30)
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import simpy
from oracle_back import Back, falls_due
from oracle_company import Company
from oracle_contacts import Contacts
from oracle_numbers import NOW
from oracle_outcome import MEASURES, measured
from oracle_person import Person
from oracle_today import Today, on_the_scale, recurs

from cxmodel.arrays import MONTH, ONBOARDING, STAGES, YEAR
from cxmodel.model import adoption, advocacy, contacts, expectation, loyalty, memory, perception
from cxmodel.scenario import Scenario

__all__ = ["MEASURES", "World", "play"]


class World(Contacts, Back):
    """One replication."""

    def __init__(self, company: Company, today: Today, seed: int, replication: int) -> None:
        self.company, self.today, self.a = company, today, company.a
        self.scenario: Scenario = company.scenario
        self.chance = np.random.default_rng([seed, replication])
        self.env = simpy.Environment()
        self.horizon = self.scenario.horizon
        self.since = max(0.0, self.horizon - YEAR)  # the last 12 months, or all there is
        self.bar = {name: company.needs(name, 0) for name in self.scenario.segments}
        journey = self.scenario.journey
        self.in_order = sorted(journey, key=lambda name: STAGES.index(journey[name].stage))
        self.onboarding = [name for name in self.in_order if journey[name].stage in ONBOARDING]
        self.renewals = any(touchpoint.stage == "renew" for touchpoint in journey.values())
        self.lines = {
            name: simpy.Resource(self.env, touchpoint.staffed.agents)
            for name, touchpoint in journey.items()
            if touchpoint.staffed
        }
        self.people: list[Person] = []
        self.prospects: dict[str, list[Person]] = {}
        self.talk = {"recommendation": 0, "warning": 0, "neither": 0}
        self.set_out()
        # what is measured
        self.visits = self.own_calls = self.calls = self.abandoned = self.outside = 0
        self.waited = self.paid = 0.0
        self.measured = math.nan  # the company's own score
        self.busy: dict[str, Any] = {name: np.zeros(math.ceil(self.horizon) + 1) for name in self.lines}
        self.carried: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])  # [sum alpha x gap, sum alpha]

    # --- the run ------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Everybody lives up to the horizon."""
        for name, segment in self.scenario.segments.items():
            for _ in range(segment.customers):
                self.env.process(self.customer_of_today(name))
            self.prospects[name] = [Person(name) for _ in range(segment.prospects)]
            self.people += self.prospects[name]
            if hasattr(segment.adoption, "arrivals"):
                self.env.process(self.arrivals(name))
        self.env.process(self.calendar())
        for name in self.lines:
            self.env.process(self.outside_callers(name))
            self.env.process(self.staffing(name))
        self.env.run(until=self.horizon + 1e-6)  # a month that ends at the horizon still ends

    def chances(self, probability: float) -> bool:
        return bool(self.chance.random() < probability)

    @property
    def day(self) -> int:
        return int(self.env.now)

    # --- lives --------------------------------------------------------------------------------------------

    def customer_of_today(self, segment: str) -> Iterator[Any]:
        """Starts where the quiet row of his tenure has got to."""
        person, company = Person(segment), self.company
        self.people.append(person)
        tenure = self.today.settle(person, self.chance)
        person.begins(-tenure * MONTH)
        if self.monthly(segment):
            person.decided = 0.0
        for name, touchpoint in self.scenario.journey.items():
            if touchpoint.stage == "use" and not recurs(touchpoint):
                person.through.add(name)  # read: a customer of today has been through them
            elif recurs(touchpoint):
                # docs: starts at an even phase of its interval, its last visit a full interval earlier
                interval = self.interval(name, NOW)
                first = self.chance.random() * interval
                # read: of capped visits, those are left that the quiet row of his tenure has not lived
                person.times[name] = self.today.lived_before(segment, name, tenure)
                if person.times[name] >= company.visits(name, NOW):
                    person.through.add(name)
                else:
                    person.due.append([first, name, first - interval])
                if touchpoint.stage == "renew" and not self.monthly(segment):
                    person.decided = max(person.decided, first - interval)
        yield from self.stay(person)

    def newcomer(self, person: Person, after: float = 0.0) -> Iterator[Any]:
        """Enters, lives the onboarding, chooses on the way."""
        yield self.env.timeout(after)
        segment, company, a = person.segment, self.company, self.a
        person.state = "choosing"
        person.leniency = self.chance.normal(self.today.leniency, a.leniency_sd)
        person.frailty = self.chance.gamma(1 / a.frailty) * a.frailty
        person.will = company.offered(segment, self.day)
        person.should = self.bar[segment].copy()
        person.lived = np.zeros(len(person.will), dtype=bool)
        first = on_the_scale(a.first_impression + person.leniency)
        person.satisfaction = dict.fromkeys(person.satisfaction, first)
        for promise in company.told_by_brand:
            self.hear(person, promise)
        for place, name in enumerate(self.onboarding):
            if place:
                yield self.env.timeout(1.0)
            apart, more = a.quiet_days, True
            while more:
                told = False
                if person.bought is None and self.scenario.journey[name].stage in ("buy", "receive"):
                    for promise in company.told_at(name):
                        self.hear(person, promise)
                    told = True
                    if not self.chooses(person):
                        return
                if person.bought is not None and not person.stays(1):
                    return
                self.visit(person, name, apart, told=told)
                person.times[name] += 1
                # docs: `visits` and `every` of the day of a visit say whether and when another one follows
                more = person.times[name] < company.visits(name, self.day)
                if more:
                    apart = company.every(name, self.day)
                    yield self.env.timeout(apart)
        if person.bought is None:
            yield self.env.timeout(1.0 if self.onboarding else 0.0)
            if not self.chooses(person):
                return
        if person.stays(1):
            self.begin_to_use(person)
            yield from self.stay(person)

    def chooses(self, person: Person) -> bool:
        """The choice: what is expected of the offer against the best alternative."""
        weights = self.company.weights(person.segment)
        expected = float(loyalty.offer(weights, person.will))
        best = self.company.best_rival(person.segment, self.day)
        standard = self.a.choice_standard if best is None else best
        probability = float(adoption.choosing(expected, standard, self.a.satisfaction_slope))
        moves = {"recommendation": advocacy.recommended, "warning": advocacy.warned}
        for said in person.heard:
            probability = float(moves[said](probability, self.a.headroom))
        if not self.chances(probability):
            person.state, person.issue = "gone", None
            return False
        person.begins(self.env.now)
        self.pays(person)
        if "recommendation" in person.heard:
            person.frailty *= self.a.referred_hazard
        return True

    def pays(self, person: Person) -> None:
        """A price that is paid at buying, at each renewal and on coming back."""
        amount, per = self.company.price(person.segment, self.day) or (0.0, None)
        self.paid += amount if per is None else 0.0

    def begin_to_use(self, person: Person) -> None:
        """docs: `use` one interval after the last visit of onboarding, `renew` one interval after buying."""
        # read: without buy and receive stages, buying is the later and `use` starts from there
        now = self.env.now
        for name, touchpoint in self.scenario.journey.items():
            if touchpoint.stage not in ("use", "renew"):
                continue
            start = person.spells[-1][0] if touchpoint.stage == "renew" else now
            if name not in person.through:
                person.due.append([start + self.interval(name, int(start)), name, None])

    def stay(self, person: Person) -> Iterator[Any]:
        """What recurs, for as long as he stays."""
        spell = len(person.spells)
        while person.due:
            due = min(person.due, key=lambda item: item[0])
            when, name, last = due
            # onboarding may outlast the first interval of a renewal: then it is lived when onboarding is over
            yield self.env.timeout(max(0.0, when - self.env.now))
            if not person.stays(spell):
                return
            person.times[name] += 1
            self.visit(person, name, self.a.quiet_days if last is None else when - last)
            if self.scenario.journey[name].stage == "renew":
                if not self.monthly(person.segment) and self.leaves(person):
                    self.part(person)
                    return
                self.pays(person)
            if person.times[name] < self.company.visits(name, self.day):
                due[0], due[2] = when + self.interval(name, self.day), when
            else:
                person.through.add(name)
                person.due.remove(due)

    def comes_back(self, person: Person) -> Iterator[Any]:
        """Won back: what is lived on returning, at once and a day apart, then use again."""
        spell = len(person.spells)
        names = [name for name, touchpoint in self.scenario.journey.items() if touchpoint.stage == "return"]
        for place, name in enumerate(names):
            yield self.env.timeout(1.0 if place else 0.0)
            if not person.stays(spell):
                return
            self.visit(person, name, self.a.quiet_days)
        self.begin_to_use(person)
        yield from self.stay(person)

    def interval(self, name: str, day: int) -> float:
        """docs: `every` x U(.8, 1.2); `use` without `every` is lived a day apart."""
        every = self.company.every(name, day)
        return every * self.chance.uniform(0.8, 1.2) if recurs(self.scenario.journey[name]) else every

    # --- a visit ------------------------------------------------------------------------------------------

    def hear(self, person: Person, promise: str) -> None:
        """A promise, if it reaches this customer; of attributes he has no need for nothing is kept."""
        told, a = self.company.promise(promise, person.segment, self.day), self.a
        draw = person.reached.setdefault(promise, self.chance.random())
        if told is None or draw >= told.reach:
            return
        k = told.need
        belief = told.believed * (a.believed_later if person.lived[k] else 1.0)
        person.will[k] = expectation.told_will(person.will[k], told.level, belief)
        person.should[k] = expectation.told_should(person.should[k], told.level, told.believed, a.should_from_promise)

    def visit(self, person: Person, name: str, since: float, wait: float = 0.0, told: bool = False) -> None:
        """One visit: told, lived, judged, remembered, learned; perhaps a call."""
        touchpoint, company, a = self.scenario.journey[name], self.company, self.a
        self.visits += 1
        if not told:
            for promise in company.told_at(name):
                self.hear(person, promise)
        failed = self.chances(self.failing(name))
        here = company.encounter(name, person.segment)
        if here is None:  # lived, not judged
            gap, lost = 0.0, 0.0
        else:
            channel, effort = self.reached_by(person, name)
            levels = company.levels(name, person.segment, self.day) + self.shifts(name, here.names)
            levels = np.clip(levels, 0.0, 100.0) + company.offsets(name, person.segment, channel, self.day)
            levels = levels + a.quality_noise * self.chance.standard_normal(len(levels))
            levels = np.clip(levels - failed * company.severity(name, self.day), 0.0, 100.0)
            will, should = person.will[here.needs], person.should[here.needs]
            lived = perception.perceived(levels, will, a.assimilation)
            held = perception.standard(will, should, a.will_share)
            value = perception.surprise(lived - held, here.gain, here.loss, here.zone, a.surprise_scale)
            waiting = self.wait_loss(wait, name) if touchpoint.staffed else 0.0
            episode = float(perception.episode(here.share @ (lived + value), person.leniency, effort, waiting))
            news = float(here.share @ memory.news(lived, will, self.a.quality_noise))
            importance = company.number(("journey", name, "importance"), self.day) * here.omega
            before = person.satisfaction["all"]
            weight = float(memory.weight(importance, since, news, a.quiet_days, a.news_scale))
            rate = self.remember(person, touchpoint.role, episode, weight)
            lost = max(0.0, before - person.satisfaction["all"])
            person.will[here.needs] = expectation.learned_will(will, lived, a.will_learning)
            person.should[here.needs] = expectation.ratcheted_should(should, lived, a.ratchet)
            person.lived[here.needs] = True
            person.strongest = max(person.strongest, float(np.abs(value).max()))
            gap = float(here.share @ (held - lived))
            self.note(person, name, here, rate, held - lived, levels)
            self.hear_of(name, gap)
        self.answer(person, name, failed, gap, lost)

    def answer(self, person: Person, name: str, failed: bool, gap: float, lost: float) -> None:
        """What a bad visit makes people do: call, or contact as one whose exit is unfixed."""
        stage = self.scenario.journey[name].stage
        after_failure, after_shortfall, beyond = self.company.calling(name, self.day)
        if stage == "leave":
            if failed or gap > beyond:
                self.leave_unfixed(person, name, failed, lost)
        elif stage != "support" and person.issue is None:
            calls = min(1.0, self.today.calls * after_failure), min(1.0, self.today.calls * after_shortfall)
            if self.chances(float(contacts.calling(failed, gap, *calls, beyond))):
                self.call(person, name, failed, lost)

    def reached_by(self, person: Person, name: str) -> tuple[str | None, float]:
        """The channel in which he lives a touchpoint, and the effort it takes him."""
        draw = person.prefers.setdefault(name, self.chance.random())
        channel, fallen = self.company.channel(name, draw, self.day)
        effort = self.company.number(("journey", name, "effort"), self.day)
        return channel, effort + self.a.fallback_effort * fallen

    def remember(self, person: Person, role: str, episode: float, weight: float) -> float:
        """S, and S in the role of the touchpoint by its own count; gives alpha."""
        rate = 0.0
        for which in (role, "all"):
            rate = self.learning_rate(person.experiences[which], weight)
            person.satisfaction[which] = float(memory.remembered(person.satisfaction[which], episode, rate))
            person.experiences[which] += 1
        return rate

    def note(self, person: Person, name: str, here: Any, rate: float, gaps: Any, levels: Any) -> None:
        """Keep what the visit leaves behind, if in the last 12 months."""
        if self.env.now < self.since or self.env.now > self.horizon:
            return
        rows = [("gap", here.share @ gaps)]
        for need, gap, level in zip(here.names, gaps, levels, strict=True):
            rows += [(("gap", person.segment, name, need), gap), (("level", person.segment, name, need), level)]
        for key, value in rows:
            self.carried[key][0] += rate * float(value)
            self.carried[key][1] += rate

    # --- loyalty ------------------------------------------------------------------------------------------

    def monthly(self, segment: str) -> bool:
        """Does this segment decide at month's ends, and not at renewals?"""
        return not self.renewals or self.scenario.segments[segment].decides is not None

    def decides_now(self, segment: str, begun: float, end: float) -> bool:
        """docs: at month's ends, at the first one on or after each multiple of `decides`."""
        every = self.scenario.segments[segment].decides
        return self.monthly(segment) and (every is None or falls_due(every, begun, end))

    def mood(self, person: Person) -> float:
        """Satisfaction that loyalty answers to; a role never lived is left out."""
        mood = person.satisfaction
        lived = [role for role in ("customer", "user") if person.experiences[role] > 0]
        if len(lived) == 2:
            return float(loyalty.blended(mood["customer"], mood["user"], self.a.customer_share))
        return mood[lived[0]] if lived else mood["all"]

    def leaves(self, person: Person) -> bool:
        """The decision to leave, for the months since the last one (or since buying)."""
        months = (self.env.now - person.decided) / MONTH
        person.decided = self.env.now
        if months <= 0:
            return False
        standard, leave = self.company.standard(person.segment, self.day), self.today.leave[person.segment]
        switching = self.company.number(("segments", person.segment, "switching_cost"), self.day)
        slope, weight = self.a.satisfaction_slope, self.a.switching_weight
        hazard = loyalty.hazard(self.mood(person), standard, person.frailty, leave, switching, slope, weight)
        if not self.chances(float(loyalty.leaving(hazard, months))):
            return False
        person.ends(self.env.now)
        return True

    def part(self, person: Person) -> None:
        """Leaving has touchpoints of its own, some of them later."""
        for name, touchpoint in self.scenario.journey.items():
            if touchpoint.stage == "leave":
                if touchpoint.after:
                    self.env.process(self.later(person, name, touchpoint.after))
                else:
                    self.visit(person, name, self.a.quiet_days)

    def later(self, person: Person, name: str, after: float) -> Iterator[Any]:
        """docs: partings not yet lived when he returns are not lived."""
        spell = len(person.spells)
        yield self.env.timeout(after)
        if person.state == "former" and len(person.spells) == spell:
            self.visit(person, name, self.a.quiet_days)

    def win_back(self, begun: float, end: float) -> None:
        """docs: each former customer who left before this month's end may return at it."""
        if not any(touchpoint.stage == "return" for touchpoint in self.scenario.journey.values()):
            return
        for person in self.people:
            if person.state == "former" and person.left < end:
                standard = self.company.standard(person.segment, self.day)
                yearly = loyalty.won_back(self.mood(person), standard, self.a.satisfaction_slope, self.a.won_back)
                if self.chances(float(loyalty.returning(yearly, end - max(begun, person.left)))):
                    person.begins(end)
                    self.pays(person)
                    if end < self.horizon:  # read: lived after the month is noted, as partings are
                        self.env.process(self.comes_back(person))

    # --- the world ----------------------------------------------------------------------------------------

    def arrivals(self, segment: str) -> Iterator[Any]:
        """Prospects who become aware at a rate, until they are used up."""
        waiting = iter(self.prospects[segment])
        for day in range(math.ceil(self.horizon)):
            rate = self.company.number(("segments", segment, "adoption", "arrivals"), day)
            for moment in np.sort(self.chance.random(self.chance.poisson(rate))):
                yield self.env.timeout(day + moment - self.env.now)
                person = next(waiting, None)
                if person is None:
                    return
                self.env.process(self.newcomer(person))

    def begin_month(self) -> None:
        """Who becomes aware in the month that begins."""
        for name, segment in self.scenario.segments.items():
            if hasattr(segment.adoption, "q"):
                self.adopt(name)

    def end_month(self, begun: float, end: float) -> None:
        """docs: bars, decisions, talk, who returns, then the month is noted. The horizon ends the last one."""
        if self.scenario.rivals:
            self.raise_bars((end - begun) / MONTH)
        leavers = [
            person
            for person in self.people
            if person.state == "customer" and self.decides_now(person.segment, begun, end) and self.leaves(person)
        ]
        self.all_talk()
        self.win_back(begun, end)
        self.survey(begun, end)
        self.wear(begun, end)
        if end < self.horizon:  # at the horizon all is noted before
            for person in leavers:
                self.part(person)
            self.begin_month()

    def raise_bars(self, months: float) -> None:
        """Liquid expectations: everybody's and the market's bar follow the best, wherever it is met."""
        # read: the best and the needs are those of the day that begins
        bars = {name: self.company.bar(name, self.day) for name in self.scenario.segments}
        for name, bar in bars.items():
            self.bar[name] = expectation.liquid_should(self.bar[name], bar, months, self.a.liquid)
        for person in self.people:
            if person.present:
                person.should = expectation.liquid_should(person.should, bars[person.segment], months, self.a.liquid)

    def all_talk(self) -> None:
        """Who talks, what they say, and who hears it."""
        # read: `not chosen by then` leaves out the talker himself, who hardly matters
        hearers = [person for person in self.people if person.state in ("unaware", "entering", "choosing")]
        a, self.talk = self.a, dict.fromkeys(self.talk, 0)
        for person in self.people:
            if not person.present:
                continue
            satisfaction = person.satisfaction["all"]
            talking = advocacy.talking(satisfaction, person.strongest, a.talk_base, a.talk_extreme, a.talk_surprise)
            if self.chances(float(talking)):
                score = satisfaction + self.chance.normal(0.0, a.score_noise)
                said = "neither"
                if score >= a.promoter_from:
                    said = "recommendation"
                elif score <= a.detractor_to:
                    said = "warning"
                self.talk[said] += 1
                if said != "neither" and hearers:
                    hearers[self.chance.integers(len(hearers))].heard.append(said)
            person.strongest = 0.0

    def adopt(self, segment: str) -> None:
        """Bass: who becomes aware in the month that begins, on Bass's path from the share aware now."""
        unaware = [person for person in self.prospects[segment] if person.state == "unaware"]
        said = sum(self.talk.values())
        net = (self.talk["recommendation"] - self.talk["warning"]) / said if said else 0.0
        p = self.company.number(("segments", segment, "adoption", "p"), self.day)
        q = self.company.number(("segments", segment, "adoption", "q"), self.day) * (1 + net)
        if not unaware or p <= 0:
            return
        days = np.linspace(0.0, MONTH, 61)
        exposure = adoption.bass_exposure(days, 1 - len(unaware) / len(self.prospects[segment]), p, q)
        for person in unaware:
            needed = self.chance.exponential()
            if needed < exposure[-1]:
                person.state = "entering"
                self.env.process(self.newcomer(person, float(np.interp(needed, exposure, days))))


def play(
    scenario: Scenario, plan: str, replications: int, seed: int = 1, future: str | None = None
) -> list[dict[Any, float]]:
    """The measures of each replication; gaps and levels also by segment, touchpoint and attribute."""
    company = Company(scenario, plan, future)
    today = Today(Company(scenario))
    outcomes = []
    for replication in range(replications):
        world = World(company, today, seed, replication)
        world.run()
        outcomes.append(measured(world))
    return outcomes
