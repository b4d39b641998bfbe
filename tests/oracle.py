"""The same scenario played the slow, obvious way: the readable definition of what the engine must give.

One SimPy process per customer, one more for each open issue and outside caller, one for the world's months;
`simpy.Resource` for the people at a desk. It shares the equations (`cxmodel.model`), the vocabulary and the
scenario with the product, and nothing of its engine. Comments that begin with `docs:` quote what
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
from oracle_company import Company
from oracle_today import Today, on_the_scale, onboarding

from cxmodel.arrays import MONTH, YEAR
from cxmodel.assumptions import DEFAULTS
from cxmodel.model import adoption, advocacy, contacts, expectation, loyalty, memory, perception
from cxmodel.scenario import Scenario

MEASURES = (
    "expectation_gap", "satisfaction", "retention", "churn_monthly", "nps", "nps_everyone", "nps_lost",
    "acquired", "lost", "referrals", "visits", "contacts", "contacts_per_customer", "wait_minutes",
    "abandonment", "failure_demand",
)  # fmt: skip


class Person:
    """A customer, or somebody who may become one."""

    def __init__(self, segment: str) -> None:
        self.segment = segment
        self.state = "unaware"  # unaware, entering, choosing, customer, former (has left), gone (has declined)
        self.leniency = 0.0
        self.frailty = 1.0
        self.will: Any = None  # W, by need of the segment
        self.should: Any = None  # H
        self.lived: Any = None  # has this need been met with at a visit?
        self.satisfaction = {"all": 0.0, "customer": 0.0, "user": 0.0}
        self.experiences = {"all": 0.0, "customer": 0.0, "user": 0.0}
        self.reached: dict[str, float] = {}  # one draw per promise, once and for all
        self.heard: list[str] = []  # recommendations and warnings, in the order heard
        self.issue = False
        self.strongest = 0.0  # |v| since the last month's end
        self.bought: float | None = None
        self.decided = 0.0  # when he last decided to stay
        self.left: float | None = None
        self.due: list[list[Any]] = []  # recurring touchpoints: [when, which, last visit, visits left]

    @property
    def present(self) -> bool:
        """In the model and not gone."""
        return self.state in ("choosing", "customer", "former")


class World:
    """One replication."""

    def __init__(self, company: Company, today: Today, seed: int, replication: int) -> None:
        self.company, self.today = company, today
        self.scenario: Scenario = company.scenario
        self.chance = np.random.default_rng([seed, replication])
        self.env = simpy.Environment()
        self.horizon = self.scenario.horizon
        self.since = max(0.0, self.horizon - YEAR)  # the last 12 months, or all there is
        self.bar = {name: company.needs(name, 0) for name in self.scenario.segments}
        self.onboarding, self.buying = onboarding(self.scenario)
        self.renewals = any(touchpoint.stage == "renew" for touchpoint in self.scenario.journey.values())
        self.lines = {
            name: simpy.Resource(self.env, touchpoint.staffed.agents)
            for name, touchpoint in self.scenario.journey.items()
            if touchpoint.staffed
        }
        self.people: list[Person] = []
        self.prospects: dict[str, list[Person]] = {}
        self.talk = {"recommendation": 0, "warning": 0, "neither": 0}
        # what is measured
        self.visits = self.own_calls = self.calls = self.abandoned = self.outside = 0
        self.waited = 0.0
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
        self.env.process(self.months())
        for name in self.lines:
            self.env.process(self.outside_callers(name))
            self.env.process(self.staffing(name))
        self.env.run(until=self.horizon + 1e-6)  # a month that ends at the horizon still ends

    def chances(self, probability: float) -> bool:
        return bool(self.chance.random() < probability)

    # --- lives --------------------------------------------------------------------------------------------

    def customer_of_today(self, segment: str) -> Iterator[Any]:
        """Starts where the quiet row of his tenure has got to."""
        person = Person(segment)
        self.people.append(person)
        tenure = self.today.settle(person, self.chance)
        person.state, person.bought = "customer", -tenure * MONTH
        person.decided = 0.0 if not self.renewals else person.bought
        for name, touchpoint in self.scenario.journey.items():
            if self.recurs(name):
                # docs: starts at an even phase of its interval, its last visit a full interval earlier
                interval = self.interval(name)
                first = self.chance.random() * interval
                # read: of capped visits, those are left that the quiet row of his tenure has not lived
                left = math.inf if touchpoint.visits is None else touchpoint.visits
                left -= self.today.lived_before(segment, name, tenure)
                person.due.append([first, name, first - interval, left])
                if touchpoint.stage == "renew":
                    person.decided = max(person.decided, first - interval)
        yield from self.stay(person)

    def newcomer(self, person: Person, after: float = 0.0) -> Iterator[Any]:
        """Enters, lives the onboarding, chooses on the way."""
        yield self.env.timeout(after)
        segment, company = person.segment, self.company
        person.state = "choosing"
        person.leniency = self.chance.normal(self.today.leniency, DEFAULTS.leniency_sd)
        person.frailty = self.chance.gamma(1 / DEFAULTS.frailty) * DEFAULTS.frailty
        person.will = company.offered(segment, self.day)
        person.should = self.bar[segment].copy()
        person.lived = np.zeros(len(person.will), dtype=bool)
        first = on_the_scale(DEFAULTS.first_impression + person.leniency)
        person.satisfaction = dict.fromkeys(person.satisfaction, first)
        for promise in company.told_by_brand:
            self.hear(person, promise)
        entered = self.env.now
        for offset, name, since in self.onboarding:
            yield self.env.timeout(entered + offset - self.env.now)
            told = False
            if person.bought is None and offset >= self.buying:
                for promise in company.told_at(name):
                    self.hear(person, promise)
                told = True
                if not self.chooses(person):
                    return
            self.visit(person, name, since, told=told)
        if person.bought is None:
            yield self.env.timeout(entered + self.buying - self.env.now)
            if not self.chooses(person):
                return
        self.begin_to_use(person)
        yield from self.stay(person)

    def chooses(self, person: Person) -> bool:
        """The choice: what is expected of the offer against the best alternative."""
        weights = self.company.weights(person.segment)
        expected = float(loyalty.offer(weights, person.will))
        best = self.company.best_rival(person.segment, self.day)
        standard = DEFAULTS.choice_standard if best is None else best
        probability = float(adoption.choosing(expected, standard))
        for said in person.heard:
            probability = float({"recommendation": advocacy.recommended, "warning": advocacy.warned}[said](probability))
        if not self.chances(probability):
            person.state = "gone"
            return False
        person.state, person.bought, person.decided = "customer", self.env.now, self.env.now
        if "recommendation" in person.heard:
            person.frailty *= DEFAULTS.referred_hazard
        return True

    def begin_to_use(self, person: Person) -> None:
        """docs: `use` one interval after the last visit of onboarding, `renew` one interval after buying."""
        # read: without buy and receive stages, buying is the later and `use` starts from there
        now = self.env.now
        for name, touchpoint in self.scenario.journey.items():
            if touchpoint.stage not in ("use", "renew"):
                continue
            start = person.bought if touchpoint.stage == "renew" else now
            capped = 1 if touchpoint.stage == "use" and touchpoint.every is None else math.inf
            left = capped if touchpoint.visits is None else touchpoint.visits
            person.due.append([start + self.interval(name), name, None, left])

    def stay(self, person: Person) -> Iterator[Any]:
        """What recurs, for as long as he stays."""
        while person.due:
            due = min(person.due, key=lambda item: item[0])
            when, name, last, left = due
            if left <= 0:
                person.due.remove(due)
                continue
            # onboarding may outlast the first interval of a renewal: then it is lived when onboarding is over
            yield self.env.timeout(max(0.0, when - self.env.now))
            if person.state != "customer":
                return
            self.visit(person, name, DEFAULTS.quiet_days if last is None else when - last)
            if self.scenario.journey[name].stage == "renew" and self.leaves(person):
                self.part(person)
                return
            due[0], due[2], due[3] = when + self.interval(name), when, left - 1

    def recurs(self, name: str) -> bool:
        touchpoint = self.scenario.journey[name]
        return touchpoint.stage == "renew" or (touchpoint.stage == "use" and touchpoint.every is not None)

    def interval(self, name: str) -> float:
        """docs: `every` x U(.8, 1.2); `use` without `every` is lived a day apart."""
        return self.scenario.journey[name].every * self.chance.uniform(0.8, 1.2) if self.recurs(name) else 1.0

    # --- a visit ------------------------------------------------------------------------------------------

    @property
    def day(self) -> int:
        return int(self.env.now)

    def hear(self, person: Person, promise: str) -> None:
        """A promise, if it reaches this customer; of attributes he has no need for nothing is kept."""
        told = self.company.promise(promise, person.segment, self.day)
        draw = person.reached.setdefault(promise, self.chance.random())
        if told is None or draw >= told.reach:
            return
        k = told.need
        belief = told.believed * (DEFAULTS.believed_later if person.lived[k] else 1.0)
        person.will[k] = expectation.told_will(person.will[k], told.level, belief)
        person.should[k] = expectation.told_should(person.should[k], told.level, told.believed)

    def visit(self, person: Person, name: str, since: float, wait: float = 0.0, told: bool = False) -> None:
        """One visit: told, lived, judged, remembered, learned; perhaps a call."""
        touchpoint, company = self.scenario.journey[name], self.company
        self.visits += 1
        if not told:
            for promise in company.told_at(name):
                self.hear(person, promise)
        failed = self.chances(company.fails(name, self.day))
        here = company.encounter(name, person.segment)
        if here is None:  # lived, not judged
            gap, lost = 0.0, 0.0
        else:
            levels = company.levels(name, person.segment, self.day)
            levels = levels + DEFAULTS.quality_noise * self.chance.standard_normal(len(levels))
            levels = np.clip(levels - failed * company.severity(name, self.day), 0.0, 100.0)
            will, should = person.will[here.needs], person.should[here.needs]
            lived = perception.perceived(levels, will)
            held = perception.standard(will, should)
            value = perception.surprise(lived - held, here.gain, here.loss, here.zone)
            waiting = perception.wait_loss(wait, company.patience(name, self.day)) if touchpoint.staffed else 0.0
            effort = company.number(("journey", name, "effort"), self.day)
            episode = float(perception.episode(here.share @ (lived + value), person.leniency, effort, waiting))
            news = float(here.share @ memory.news(lived, will))
            importance = company.number(("journey", name, "importance"), self.day) * here.omega
            before = person.satisfaction["all"]
            rate = self.remember(person, touchpoint.role, episode, float(memory.weight(importance, since, news)))
            lost = max(0.0, before - person.satisfaction["all"])
            person.will[here.needs] = expectation.learned_will(will, lived)
            person.should[here.needs] = expectation.ratcheted_should(should, lived)
            person.lived[here.needs] = True
            person.strongest = max(person.strongest, float(np.abs(value).max()))
            gap = float(here.share @ (held - lived))
            self.note(person, name, here, rate, held - lived)
        if touchpoint.stage in ("support", "leave") or person.issue:
            return
        if self.chances(float(contacts.calling(failed, gap))):
            self.call(person, name, lost)

    def remember(self, person: Person, role: str, episode: float, weight: float) -> float:
        """S, and S in the role of the touchpoint by its own count; gives alpha."""
        rate = 0.0
        for which in (role, "all"):
            rate = float(memory.learning_rate(person.experiences[which], weight))
            person.satisfaction[which] = float(memory.remembered(person.satisfaction[which], episode, rate))
            person.experiences[which] += 1
        return rate

    def note(self, person: Person, name: str, here: Any, rate: float, gaps: Any) -> None:
        """Keep what the visit leaves behind, if in the last 12 months."""
        if self.env.now < self.since or self.env.now > self.horizon:
            return
        rows = [("gap", here.share @ gaps)]
        for need, gap in zip(here.names, gaps, strict=True):
            rows.append(((person.segment, name, need), gap))
        for key, gap in rows:
            self.carried[key][0] += rate * float(gap)
            self.carried[key][1] += rate

    # --- contacts -----------------------------------------------------------------------------------------

    def call(self, person: Person, name: str, lost: float) -> None:
        """An issue opens: at `fails.contact`, else the first touchpoint of stage support, else nowhere."""
        fails = self.scenario.journey[name].fails
        support = [key for key, touchpoint in self.scenario.journey.items() if touchpoint.stage == "support"]
        where = fails.contact if fails and fails.contact else support[0] if support else None
        if where is not None:
            person.issue = True
            self.env.process(self.issue(person, where, lost, self.scenario.journey[name].role))

    def issue(self, person: Person, name: str, lost: float, role: str) -> Iterator[Any]:
        """Calls until it is solved, or nobody calls again."""
        desk = self.scenario.journey[name].staffed
        for attempt in range(1 + DEFAULTS.repeat_calls):
            if attempt:
                yield self.env.timeout(self.chance.exponential(DEFAULTS.calls_again_after))
            if desk:
                yield self.env.timeout(self.arrival(name) - self.env.now)
            if person.state in ("former", "gone"):
                return
            self.own_calls += 1
            if desk is None:
                self.visit(person, name, DEFAULTS.quiet_days)
                again, solved = 1.0, self.chances(0.7)
            else:
                outcome: dict[str, bool] = {}
                yield from self.line(name, person, outcome)
                if person.state in ("former", "gone"):
                    return
                solved = outcome["solved"]
                again = 1.0 if outcome["answered"] else DEFAULTS.calls_again_abandoned
            if solved:
                back = float(contacts.returned(self.company.number(("levers", "policies", "level"), self.day))) * lost
                person.satisfaction["all"] += back
                person.satisfaction[role] += back
            if solved or not self.chances(again):
                break
        person.issue = False

    def arrival(self, name: str) -> float:
        """When a call made now arrives: at once while open, else at an even time of the next opening."""
        day, moment = divmod(self.env.now, 1.0)
        opens, closes = self.company.hours(name, int(day))
        if opens <= moment < closes:
            return self.env.now
        return day + (moment >= closes) + self.chance.uniform(opens, closes)

    def line(self, name: str, person: Person | None = None, outcome: dict[str, bool] | None = None) -> Iterator[Any]:
        """In the line of a desk, first come first served, until answered or out of patience, open or not."""
        asked = self.env.now
        company = self.company
        patience = company.patience(name, self.day)
        with self.lines[name].request() as turn:
            yield turn | self.env.timeout(self.chance.exponential(patience))
            answered, wait = turn.triggered, self.env.now - asked
            self.calls += 1
            self.abandoned += not answered
            self.waited += wait
            if person is not None and outcome is not None:
                outcome["answered"] = answered
                outcome["solved"] = answered and self.chances(company.resolves(name, self.day))
                if person.state in ("choosing", "customer"):
                    self.after_the_wait(person, name, wait, answered)
            if answered:
                yield self.env.timeout(self.handling(name))

    def after_the_wait(self, person: Person, name: str, wait: float, answered: bool) -> None:
        if answered:
            self.visit(person, name, DEFAULTS.quiet_days, wait)
            return
        here = self.company.encounter(name, person.segment)
        if here is not None:
            # docs: S moves towards S - effort - wait_loss, weight importance x omega
            loss = float(perception.wait_loss(wait, self.company.patience(name, self.day)))
            loss += self.company.number(("journey", name, "effort"), self.day)
            importance = self.company.number(("journey", name, "importance"), self.day) * here.omega
            role = self.scenario.journey[name].role
            for which in (role, "all"):  # read: each from its own S; an experience that n counts
                rate = memory.learning_rate(person.experiences[which], importance)
                person.satisfaction[which] -= float(rate) * loss
                person.experiences[which] += 1

    def handling(self, name: str) -> float:
        """Lognormal with the mean of the desk and the coefficient of variation of call centres."""
        spread = math.log(1 + DEFAULTS.handling_cv**2)
        mean = self.company.number(("journey", name, "staffed", "handling"), self.day)
        return float(self.chance.lognormal(math.log(mean) - spread / 2, math.sqrt(spread)))

    def outside_callers(self, name: str) -> Iterator[Any]:
        """Callers from outside the model, evenly over the opening hours; they do not call again."""
        for day in range(math.ceil(self.horizon)):
            opens, closes = self.company.hours(name, day)
            rate = self.company.number(("journey", name, "staffed", "other_calls"), day)
            for moment in np.sort(self.chance.uniform(opens, closes, self.chance.poisson(rate * (closes - opens)))):
                yield self.env.timeout(day + moment - self.env.now)
                self.outside += 1
                self.env.process(self.line(name))

    def staffing(self, name: str) -> Iterator[Any]:
        """People come and go at the start of an initiative; who is being served is served."""
        for when, agents in self.company.switches(("journey", name, "staffed", "agents")):
            yield self.env.timeout(when - self.env.now)
            self.lines[name]._capacity = agents
            self.lines[name]._trigger_put(None)

    # --- loyalty ------------------------------------------------------------------------------------------

    def leaves(self, person: Person) -> bool:
        """The decision to leave, for the months since the last one (or since buying)."""
        months = (self.env.now - person.decided) / MONTH
        person.decided = self.env.now
        if months <= 0:
            return False
        mood = blended(person)
        best = self.company.best_rival(person.segment, self.day)
        standard = DEFAULTS.market_standard if best is None else best
        switching = self.scenario.segments[person.segment].switching_cost
        hazard = loyalty.hazard(mood, standard, person.frailty, self.today.leave, switching)
        if not self.chances(float(loyalty.leaving(hazard, months))):
            return False
        person.state, person.left, person.issue = "former", self.env.now, False
        return True

    def part(self, person: Person) -> None:
        """Leaving has touchpoints of its own."""
        for name, touchpoint in self.scenario.journey.items():
            if touchpoint.stage == "leave":
                self.visit(person, name, DEFAULTS.quiet_days)

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

    def months(self) -> Iterator[Any]:
        """The adoption of the month that begins; at its end bars, decisions, talk. The horizon ends the last one."""
        for month in range(math.ceil(self.horizon / MONTH - 1e-9)):
            for name, segment in self.scenario.segments.items():
                if hasattr(segment.adoption, "q"):
                    self.adopt(name)
            begun, end = self.env.now, min((month + 1) * MONTH, self.horizon)
            yield self.env.timeout(end - begun)
            if self.scenario.rivals:
                self.raise_bars((end - begun) / MONTH)
            customers = [person for person in self.people if person.state == "customer"]
            leavers = [] if self.renewals else [person for person in customers if self.leaves(person)]
            self.all_talk()
            for person in leavers if end < self.horizon else []:  # at the horizon all is noted before
                self.part(person)

    def raise_bars(self, months: float) -> None:
        """Liquid expectations: everybody's and the market's bar follow the best, wherever it is met."""
        # read: the best and the needs are those of the day that begins
        bars = {name: self.company.bar(name, self.day) for name in self.scenario.segments}
        for name, bar in bars.items():
            self.bar[name] = expectation.liquid_should(self.bar[name], bar, months)
        for person in self.people:
            if person.present:
                person.should = expectation.liquid_should(person.should, bars[person.segment], months)

    def all_talk(self) -> None:
        """Who talks, what they say, and who hears it."""
        # read: `not chosen by then` leaves out the talker himself, who hardly matters
        hearers = [person for person in self.people if person.state in ("unaware", "entering", "choosing")]
        self.talk = dict.fromkeys(self.talk, 0)
        for person in self.people:
            if not person.present:
                continue
            satisfaction = person.satisfaction["all"]
            if self.chances(float(advocacy.talking(satisfaction, person.strongest))):
                score = satisfaction + self.chance.normal(0.0, DEFAULTS.score_noise)
                said = "neither"
                if score >= DEFAULTS.promoter_from:
                    said = "recommendation"
                elif score <= DEFAULTS.detractor_to:
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

    # --- what comes out -----------------------------------------------------------------------------------

    def outcome(self) -> dict[Any, float]:
        """The measures of model.md §6, of this replication."""
        then = self.since
        customers = [person for person in self.people if person.state == "customer"]
        lost = [person for person in self.people if person.state == "former"]
        cohort = [p for p in [*customers, *lost] if p.bought <= then and (p.left is None or p.left > then)]
        recent = [person for person in lost if person.left > then]
        acquired = [person for person in [*customers, *lost] if person.bought > 0]
        found = {
            "expectation_gap": _ratio(*self.carried.pop("gap", (0.0, 0.0))),
            "satisfaction": _ratio(sum(p.satisfaction["all"] for p in customers), len(customers)),
            "retention": _ratio(sum(p.left is None for p in cohort), len(cohort)),
            "churn_monthly": _ratio(len(recent), self.customer_days(then) / MONTH),
            "nps": _nps(customers),
            "nps_everyone": _nps([*customers, *lost]),
            "nps_lost": _nps(lost),
            "acquired": len(acquired),
            "lost": len(lost),
            "referrals": sum("recommendation" in person.heard for person in acquired),
            "visits": self.visits,
            "contacts": self.own_calls,
            "contacts_per_customer": _ratio(self.own_calls, self.customer_days(0.0) / YEAR),
            "wait_minutes": _ratio(self.waited * 1440, self.calls),
            "abandonment": _ratio(self.abandoned, self.calls),
            "failure_demand": _ratio(self.own_calls, self.own_calls + self.outside),
        }
        return found | {key: _ratio(*sums) for key, sums in self.carried.items()}

    def customer_days(self, then: float) -> float:
        """Days that people have been customers since `then`."""
        return sum(
            max(0.0, (self.horizon if person.left is None else person.left) - max(person.bought, then))
            for person in self.people
            if person.bought is not None
        )


def blended(person: Person) -> float:
    """Satisfaction that loyalty answers to; a role never lived is left out."""
    mood = person.satisfaction
    lived = [role for role in ("customer", "user") if person.experiences[role] > 0]
    if len(lived) == 2:
        return float(loyalty.blended(mood["customer"], mood["user"]))
    return mood[lived[0]] if lived else mood["all"]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _nps(people: list[Person]) -> float:
    """The score expected of these people's satisfaction; none of nobody."""
    if not people:
        return math.nan
    satisfaction = np.array([person.satisfaction["all"] for person in people])
    shares = advocacy.promoters(satisfaction).mean(), advocacy.detractors(satisfaction).mean()
    return float(advocacy.nps(*shares))


def play(
    scenario: Scenario, plan: str, replications: int, seed: int = 1, future: str | None = None
) -> list[dict[Any, float]]:
    """The measures of each replication; gaps also by (segment, touchpoint, attribute)."""
    company = Company(scenario, plan, future)
    today = Today(Company(scenario))
    outcomes = []
    for replication in range(replications):
        world = World(company, today, seed, replication)
        world.run()
        outcomes.append(world.outcome())
    return outcomes
