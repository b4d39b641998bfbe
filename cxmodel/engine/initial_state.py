"""The initial state: customers of today, whose past is played, so that month 0 shows what was measured.

A pilot cohort of newcomers is followed from their first touchpoint through ten years, by the same loop, in the world of
today: everybody buys, nobody leaves, desks are as busy as they are today. How many of them would still be here, and
since when, gives the law of tenure; how the cohort stands then, the score, the leaving and the contacts of month 0.
Each customer of a replication takes up the life of one of the cohort some time ago, and lives on from there with luck
of his own. Plans and futures of one world share all of it.
Shapes: S segments, n people of the cohort, A months of tenure, T touchpoints, N customers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, roots_genlaguerre

from cxmodel.engine import rng
from cxmodel.engine.accumulators import nothing
from cxmodel.engine.compilation import entry
from cxmodel.engine.desks import open_desks
from cxmodel.engine.inputs.today import LONGEST, Today
from cxmodel.engine.inputs.world import World
from cxmodel.engine.journeys import move
from cxmodel.engine.months import end_past_month
from cxmodel.engine.population import People, blank, greet, impress
from cxmodel.engine.tables import Tables, tables
from cxmodel.model import advocacy, loyalty
from cxmodel.recent import Recent
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.notation import ShareRate
from cxmodel.vocabulary import MONTH, YEAR, Floats

COHORT: Final = 512
"""People of each segment's pilot cohort."""
APART: Final = 3
"""Months of tenure from one state of the cohort that is kept to the next."""
PLAYED: Final = 6
"""Months of his own that each customer of today has lived at the least, if he has been here so long. A cost knob."""
GROWTH: Final = 24
"""Months over which the pace of a company's growth is taken."""
ROUNDS: Final = 6
"""Times that the cohort is played at most until month 0 shows what was measured."""
CLOSE: Final = 0.02
"""Points of satisfaction, and share of contacts, that are near enough."""
STEP: Final = 8
"""Every so manieth of a cohort, in order of leniency, is looked at where the leaving rate is solved."""
FIRST_STEP: Final = 0.25
"""Points, or log-odds, by which the ends of what is solved for are looked for first."""
SURE: Final = 1 - 1e-12
"""A probability of leaving is no higher."""
SEED: Final = 0
STARTS_KEPT: Final = 16
"""Starts that are kept."""
PAST_BYTES: Final = 400_000_000
"""Bytes of pasts that are kept."""


class State(NamedTuple):
    """People as they stand: the arrays of `People` that are their own."""

    person: NDArray[Any]
    will: NDArray[Any]
    should: NDArray[Any]
    due: NDArray[Any]
    coming: NDArray[Any]

    @classmethod
    def of(cls, people: People, rows: slice | NDArray[np.intp] = slice(None)) -> State:
        """A copy of some people as they stand."""
        return cls(*(np.array(getattr(people, name)[rows]) for name in cls._fields))

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return sum(part.nbytes for part in self)

    def put(self, people: People, first: int = 0) -> None:
        """Set people down from a row on."""
        for name, values in zip(self._fields, self, strict=True):
            getattr(people, name)[first : first + len(values)] = values

    def later(self, days: Floats | float) -> State:
        """The same people on a clock that is ahead by so many days (N)."""
        person = self.person.copy()
        for name in ("joined", "left", "decided", "threshold"):
            person[name] += days
        return self._replace(person=person, due=self.due + np.asarray(days)[..., None])


@dataclass(frozen=True)
class Cohort:
    """What became of the pilot cohort: as each of them stands at the end of each month since he bought."""

    satisfaction: Floats  # (S, n, A) overall
    loyal: Floats  # (S, n, A) that loyalty answers to
    decided: Floats  # (S, n, A) months for which he decided in that month
    chance: Floats  # (S, n) of buying
    contacts: Floats  # (S, A + 1, T) made by one of them in that month, by the touchpoint contacted
    states: list[State]  # before the first touchpoint, then at the end of each third month
    lead: int  # months on the cohort's clock before the one in which they buy


def _follow(world: World, today: Today) -> Cohort:
    """Follow a cohort of each segment through ten years.

    They are as lenient as newcomers, evenly spread, and buy evenly over a month in an order of its own.
    """
    w, segments = tables(world, today, past=True), len(world.route.segments)
    people = blank(w, segments * COHORT)
    even = (np.arange(COHORT) + 0.5) / COHORT
    ahead = _days_to_choice(world)
    lead = int(np.ceil(ahead / MONTH)) + 1
    for s in range(segments):
        keys = rng.keys(SEED, 0, rng.PILOT + s, np.arange(COHORT))
        bought = np.random.default_rng(s).permutation(even)
        greet(w, people, s, s * COHORT, keys, (lead - bought) * MONTH - ahead, np.zeros(COHORT))
        take_up(w, people, s * COHORT, ndtri(even) * world.assumptions.leniency_sd + today.leniency)
    open_desks(w, people, np.uint64(SEED), 0)
    sums, states, shape = nothing(w, lead + LONGEST), [State.of(people)], (segments, COHORT, LONGEST)
    satisfaction, loyal, decided = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for month in range(lead + LONGEST):
        move(w, people, sums, month, (month + 1) * MONTH)
        end_past_month(w, people, month * MONTH, (month + 1) * MONTH, lead * MONTH)
        if 0 <= (tenure := month + 1 - lead) < LONGEST:
            person = people.person
            satisfaction[..., tenure] = person["satisfaction"][:, 0].reshape(segments, -1)
            loyal[..., tenure] = _loyal(person, world.assumptions.customer_share).reshape(segments, -1)
            decided[..., tenure] = person["decided"].reshape(segments, -1)
            if (tenure + 1) % APART == 0:
                states.append(State.of(people))
    joined = people.person["joined"].reshape(segments, -1, 1)
    months = np.diff(decided, prepend=joined) / MONTH
    # who decides at months' ends, counted from today, has by today decided for all the months since he bought
    months[world.route.decides > 0, :, 1:] = 1.0
    return Cohort(
        satisfaction=satisfaction,
        loyal=loyal,
        decided=months,
        chance=people.person["chance_shift"].astype(float).reshape(segments, -1),
        contacts=np.moveaxis(sums.contacts[lead - 1 :], 0, 1) / COHORT,
        states=states,
        lead=lead,
    )


@entry
def take_up(w: Tables, p: People, first: int, leniency: Any) -> None:
    """These people are as lenient (n), from their first impression on."""
    for n in range(len(leniency)):
        impress(w, p.person[first + n], leniency[n])


@entry
def draw_frailty(keys: Any, shape: float, drawn: Any) -> None:
    """Gamma draws of this shape and rate 1 (N)."""
    for n in range(len(keys)):
        drawn[n] = rng.gamma(keys[n], shape)


def _days_to_choice(world: World) -> float:
    """Days from entering to the choice, as the journey stands today."""
    route, days = world.route, 0.0
    for visit, t in enumerate(route.onboarding[: route.choice + 1].tolist()):
        if visit:
            days += float(world.every[0, t]) if route.ordinal[visit] else 1.0
    return days + (1.0 if route.choice == len(route.onboarding) and len(route.onboarding) else 0.0)


def _loyal(person: NDArray[Any], share: float) -> Floats:
    """Satisfaction that the loyalty of these people answers to."""
    score, lived = person["satisfaction"].astype(float).T, (person["experiences"] > 0).astype(float).T
    return np.asarray(loyalty.lived_roles(score[0], score[1], score[2], lived[1], lived[2], share))


class Present(NamedTuple):
    """Who of a cohort is here today."""

    odds: Floats  # (S, n, A) monthly odds of leaving at frailty 1
    exposure: Floats  # (S, n, A) cumulative hazard of leaving at frailty 1
    inflow: Floats  # (S, A) how many came so many months ago, relatively
    here: Floats  # (S, n, A) shares of the segment's customers of today


class Law:
    """Who is here today of those who came, what month 0 shows of them, and the leaving rate that was measured."""

    def __init__(self, world: World, cohort: Cohort) -> None:
        self.world, self.cohort, self.a = world, cohort, world.assumptions
        segments = list(world.scenario.segments.values())
        self.people = np.array([segment.customers for segment in segments], dtype=float)
        everyone = self.people.sum()
        self.share = self.people / everyone if everyone else np.full(len(segments), 1 / len(segments))
        self.arrivals = np.array([_arrivals(world, s) for s in range(len(segments))])  # per month
        self.z, weights = roots_genlaguerre(12, 1 / self.a.frailty - 1)
        self.z_share = weights / weights.sum()
        some = slice(STEP // 2, None, STEP)
        whole = (cohort.loyal, cohort.decided, cohort.chance)
        self.some = tuple(np.ascontiguousarray(part[:, some]) for part in whole)

    def odds(self, loyal: Floats, leave: Floats) -> Floats:
        """Monthly odds of leaving, at frailty 1, at this satisfaction (S, n, A)."""
        a, world, over = self.a, self.world, (slice(None), None, None)
        hazard = loyalty.hazard(
            loyal,
            world.standard[0][over],
            1.0,
            leave[over],
            world.switching_cost[0][over],
            a.satisfaction_slope,
            a.switching_weight,
        )
        hazard = np.minimum(hazard, SURE)
        return np.asarray(hazard / (1 - hazard))

    def present(self, loyal: Floats, decided: Floats, chance: Floats, leave: Floats) -> Present:
        """Who is here of people with such satisfaction and decisions (S, n, A) and such a chance of buying (S, n)."""
        odds, exposure = self.odds(loyal, leave), np.empty_like(loyal)
        _expose(odds, decided, self.a.frailty, exposure)
        kept = chance[..., None] * loyalty.survival(exposure, self.a.frailty)
        inflow = np.stack([self._inflow(s, kept[s].mean(0)) for s in range(len(kept))])
        here = kept * inflow[:, None]
        return Present(odds, exposure, inflow, here / here.sum((1, 2), keepdims=True))

    def _inflow(self, s: int, kept: Floats) -> Floats:
        """How many came in each month before today (A), relatively, where `kept` (A) of them are left.

        The company has grown at the pace at which it will grow in the next two years with nothing done, so that its mix
        of tenures hardly moves (a stable population: Lotka 1907). Where it will not grow as many came in every month.
        """
        ago, ahead = np.arange(LONGEST) + 0.5, np.minimum(np.arange(LONGEST) + GROWTH, LONGEST - 1)
        stay = kept[ahead] / np.maximum(kept[np.maximum(ahead - GROWTH, 0)], 1e-300)
        come = self.arrivals[s] * kept[:GROWTH].sum()

        def missing(pace: float) -> float:
            here = np.exp(-pace * ago) * kept
            return float(self.people[s] * (np.exp(pace * GROWTH) - (here * stay).sum() / here.sum()) - come)

        return np.exp(-_solved(missing, 0.0, 0.0, 1.0, 1e-3) * ago)

    def nps(self, present: Present, more: float = 0.0) -> float:
        """The score of month 0, if everybody were so many points more satisfied."""
        cohort, a = self.cohort, self.a
        limits = (a.promoter_from, a.detractor_to, a.score_noise)
        return float(_score(cohort.satisfaction, present.here, self.share, float(more), *limits))

    def leavers(self, leave: Floats, days: float) -> Floats:
        """Share of the customers of today who leave within so many days, per segment (S).

        Where a segment decides less often, the share that leaves so often as that comes to it.
        """
        loyal, decided, chance = self.some
        present = self.present(loyal, decided, chance, leave)
        rate = loyalty.frailty_rate(present.exposure, self.a.frailty)
        spans = np.maximum(days, self.world.route.decides)
        left = [
            _left(present.odds[s], decided[s], rate[s], present.here[s], self.z, self.z_share, float(span))
            for s, span in enumerate(spans)
        ]
        return np.asarray(-np.expm1(np.log1p(-np.minimum(left, SURE)) * days / spans))

    def contacts(self, present: Present) -> Floats:
        """Contacts a day at each touchpoint in month 0 (T,), of customers of today and of those who come."""
        here, come = self.people[:, None] * present.here.sum(1), self.arrivals * self.cohort.chance.mean(1)
        made = (here[..., None] * self.cohort.contacts[:, 1:]).sum((0, 1)) + come @ self.cohort.contacts[:, 0]
        return np.asarray(made / MONTH)


@entry
def _expose(odds: Floats, decided: Floats, frailty: float, exposure: Floats) -> None:
    """Cumulative hazard of leaving (S, n, A) as those feel it who are still here, whose frailty is gamma.

    Who stays a month at frailty z does so with probability 1 / (1 + z odds) (equation 9): near e^(-z x), with
    x = ln(1 + m odds) / m and m the mean frailty of those who have stayed until then.
    """
    segments, people, months = odds.shape
    for s in range(segments):
        for i in range(people):
            sofar = 0.0
            for month in range(months):
                mean = 1 / (1 + frailty * sofar)
                sofar += decided[s, i, month] * np.log1p(mean * odds[s, i, month]) / mean
                exposure[s, i, month] = sofar


@entry
def _left(odds: Floats, decided: Floats, rate: Floats, here: Floats, z: Floats, z_share: Floats, days: float) -> float:
    """Share of a segment's customers of today (n, A) who leave within so many days, over points of frailty."""
    people, tenures = odds.shape
    months, left = int(np.ceil(days / MONTH - 1e-9)), 0.0
    for i in range(people):
        for tenure in range(tenures):
            for k in range(len(z)):
                stay = 0.0
                for ahead in range(1, months + 1):
                    # later months of those who have been here longest look like the last one
                    at = min(tenure + ahead, tenures - 1)
                    stay -= decided[i, at] * np.log1p(z[k] / rate[i, tenure] * odds[i, at])
                left -= z_share[k] * here[i, tenure] * np.expm1(stay * (days / MONTH / months))
    return left


@entry
def _score(
    satisfaction: Floats, here: Floats, share: Floats, more: float, promoter: float, detractor: float, noise: float
) -> float:
    """Net promoter score of the customers of today (S, n, A), were they so many points more satisfied."""
    segments, people, tenures = here.shape
    found = 0.0
    for s in range(segments):
        for i in range(people):
            for tenure in range(tenures):
                score = min(max(satisfaction[s, i, tenure] + more, 0.0), 100.0)
                net = advocacy.promoters(score, promoter, noise) - advocacy.detractors(score, detractor, noise)
                found += 100 * share[s] * here[s, i, tenure] * net
    return found


def _arrivals(world: World, s: int) -> float:
    """Prospects of a segment who become aware in a month, as things stand today."""
    prospects = list(world.scenario.segments.values())[s].prospects
    arrivals, bass = world.arrivals[s], world.bass[s]
    if arrivals is not None:
        return float(arrivals[0]) * MONTH if prospects else 0.0
    return float(bass[0, 0]) * MONTH * prospects if bass is not None else 0.0


@dataclass(frozen=True)
class Start:
    """Where a world starts from: the numbers solved, and the cohort whose lives customers of today take up."""

    world: World
    today: Today
    tables: Tables  # of the past
    cohort: Cohort
    exposure: Floats  # (S, n, A)
    tenure: Floats  # (S, A) share of customers of today up to each month of tenure
    donors: Floats  # (S, A, n) share of those of a month up to each of the cohort, the stricter first


def start(world: World) -> Start:
    """The start of a scenario; `world` is that of today."""
    segments = len(world.route.segments)
    today = Today(
        leniency=0.0,
        leave=np.full(segments, world.assumptions.leave),
        calling=1.0,
        contacts=np.zeros(len(world.route.touchpoints)),
        inflow=np.ones((segments, LONGEST)),
    )
    for _ in range(ROUNDS):
        law = Law(world, _follow(world, today))
        leave = _leave(law, today.leave)
        present = law.present(law.cohort.loyal, law.cohort.decided, law.cohort.chance, leave)
        contacts = law.contacts(present)
        more, times = _missing(law, present, contacts)
        settled = np.abs(contacts - today.contacts).sum() <= CLOSE * max(contacts.sum(), 1.0)
        today = replace(today, leave=leave, contacts=contacts, inflow=present.inflow)
        if abs(more) < CLOSE and abs(times - 1) < CLOSE and settled:
            break
        today = replace(today, leniency=today.leniency + more, calling=today.calling * times)
    today = replace(today, modelled=_modelled(law, present, contacts, leave))
    by_tenure = np.cumsum(present.here.sum(1), axis=1)
    donors = np.cumsum(np.moveaxis(present.here, 1, 2), axis=2)
    return Start(
        world=world,
        today=today,
        tables=tables(world, today, past=True),
        cohort=law.cohort,
        exposure=present.exposure,
        tenure=by_tenure / by_tenure[:, -1:],
        donors=donors / np.maximum(donors[..., -1:], 1e-300),
    )


def _missing(law: Law, present: Present, contacts: Floats) -> tuple[float, float]:
    """Points of satisfaction by which month 0 is short of the score that was measured, and times of the contacts."""
    measured, more, times = law.world.scenario.today, 0.0, 1.0
    if measured.nps is not None and law.people.sum():
        more = _solved(lambda points: law.nps(present, points), measured.nps, -60.0, 60.0, 1e-3, near=0.0)
    if measured.contacts is not None and contacts.sum() > 0:
        times = measured.contacts * law.people.sum() / float(contacts.sum())
    return more, times


def _leave(law: Law, leave: Floats) -> Floats:
    """h0 per segment for which as many leave as was measured, of those whom the measure is about."""
    measured, segments = law.world.scenario.today.leave, list(law.world.scenario.segments.values())
    others = np.array([segment.leave is None for segment in segments])
    if measured is not None and others.any():
        leave = _solved_leave(law, leave, others, measured)
    for s, segment in enumerate(segments):
        if segment.leave is not None:
            leave = _solved_leave(law, leave, np.arange(len(segments)) == s, segment.leave)
    return leave


def _solved_leave(law: Law, leave: Floats, whose: NDArray[np.bool_], measured: ShareRate) -> Floats:
    """h0 per segment, with one of these segments for which such a share of their customers leave in the period."""
    share = np.where(whose, law.share, 0.0)
    share = share / share.sum() if share.sum() else whose / whose.sum()

    def at(odds: float) -> Floats:
        return np.where(whose, loyalty.logistic(odds), leave)

    odds = _solved(
        lambda odds: float(share @ law.leavers(at(odds), measured.days)),
        measured.share,
        -14.0,
        14.0,
        near=float(loyalty.logit(leave[whose][0])),
    )
    return at(odds)


def _modelled(law: Law, present: Present, contacts: Floats, leave: Floats) -> dict[str, float | None]:
    """What month 0 shows: the score, contacts per customer-year, leaving within the period measured (a month without).

    Of a company without customers nothing.
    """
    scenario, people = law.world.scenario, law.people.sum()
    if not people:
        return dict.fromkeys(("nps", "contacts", "leave", *(f"leave {name}" for name in scenario.segments)))
    segments = list(scenario.segments.values())
    others = np.array([segment.leave is None for segment in segments])
    share = np.where(others | (not others.any()), law.share, 0.0)
    share = share / share.sum() if share.sum() else law.share
    days = MONTH if scenario.today.leave is None else scenario.today.leave.days
    found: dict[str, float | None] = {
        "nps": law.nps(present),
        "contacts": float(contacts.sum() * YEAR / people),
        "leave": float(share @ law.leavers(leave, days)),
    }
    for s, (name, segment) in enumerate(scenario.segments.items()):
        days = MONTH if segment.leave is None else segment.leave.days
        found[f"leave {name}"] = float(law.leavers(leave, days)[s]) if segment.customers else None
    return found


def _solved(
    rising: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    close: float = 1e-5,
    near: float | None = None,
) -> float:
    """Where a rising function meets the target so closely, or the nearer end (Illinois variant of false position).

    Where a place near it is known, the ends are looked for from there, each step four times the last.
    """
    if near is None:
        below, above = rising(low) - target, rising(high) - target
    else:
        low, below, high, above = _about(lambda place: rising(place) - target, near, low, high)
    if below >= 0:
        return low
    if above <= 0:
        return high
    side = 0
    for _ in range(60):
        place = (low * above - high * below) / (above - below)
        found = rising(place) - target
        if abs(found) < close or high - low < 1e-9:
            return place
        if found < 0:
            low, below = place, found
            above = above / 2 if side < 0 else above
            side = -1
        else:
            high, above = place, found
            below = below / 2 if side > 0 else below
            side = 1
    return place


def _about(
    rising: Callable[[float], float], near: float, least: float, most: float
) -> tuple[float, float, float, float]:
    """Two places about the zero of a rising function, each with its value; the end where it lies beyond."""
    low = high = min(max(near, least), most)
    below = above = rising(low)
    step = FIRST_STEP
    while below > 0 and low > least:
        high, above = low, below
        low = max(least, low - step)
        below, step = rising(low), 4 * step
    while above < 0 and high < most:
        low, below = high, above
        high = min(most, high + step)
        above, step = rising(high), 4 * step
    return low, below, high, above


def past(start: Start, seed: int, replication: int) -> State:
    """The customers of today of a replication, as they stand at time 0 after the past that they were played."""
    world, w = start.world, start.tables
    grain = _grain(world)
    window = float(_whole((PLAYED + APART) * MONTH + _days_to_choice(world) + 2 + grain, grain))
    parts = [
        _settled(start, s, rng.keys(seed, replication, 2 * s, np.arange(segment.customers)))
        for s, segment in enumerate(world.scenario.segments.values())
    ]
    people = blank(w, sum(len(part.person) for part in parts))
    first = 0
    for part in parts:
        part.later(window).put(people, first)
        first += len(part.person)
    open_desks(w, people, np.uint64(seed), replication)
    sums, since = nothing(w, 1), 0.0
    months = int(np.ceil(window / MONTH))
    for month in range(months):
        until = window - (months - 1 - month) * MONTH
        move(w, people, sums, 0, until)
        end_past_month(w, people, since, until, window)
        since = until
    return State.of(people).later(-window)


def _settled(start: Start, s: int, key: NDArray[np.uint64]) -> State:
    """The customers of a segment (N) some time ago, as people of the cohort stood; on a clock that shows 0 today."""
    a, cohort = start.world.assumptions, start.cohort
    month = np.minimum(np.searchsorted(start.tenure[s], rng.uniform(key, rng.TENURE)), LONGEST - 1)
    who, donor = rng.uniform(key, rng.LENIENCY), np.empty(len(key), dtype=np.intp)
    for each in np.unique(month).tolist():
        own = month == each
        donor[own] = np.minimum(np.searchsorted(start.donors[s, each], who[own]), COHORT - 1)
    kept = np.clip((month + 1 - PLAYED) // APART, 0, len(cohort.states) - 1)
    state = State(*(np.empty((len(key), *part.shape[1:]), part.dtype) for part in cohort.states[0]))
    for number in np.unique(kept).tolist():
        own = np.flatnonzero(kept == number)
        for to, of in zip(state, cohort.states[number], strict=True):
            to[own] = of[s * COHORT + donor[own]]
    frailty = np.empty(len(key))
    draw_frailty(key, 1 / a.frailty, frailty)
    state.person["key"] = key
    state.person["frailty"] = frailty / loyalty.frailty_rate(start.exposure[s, donor, month], a.frailty)
    # months' ends up to that of the state that he takes up, he has lived; it falls on the same day as one of his own
    state.person["threshold"] = np.where(kept > 0, (cohort.lead + kept * APART - 1) * MONTH + 1, 0.0)
    # whole days, so that the time of day stays what it was; whole weeks where the day of the week tells
    return state.later(-_whole((cohort.lead + month) * MONTH, _grain(start.world)))


def _grain(world: World) -> int:
    """Days after which the hours of desks repeat."""
    return 7 if any(staffing.weekly for staffing in world.staffing) else 1


def _whole(days: Any, grain: int) -> Any:
    """So many days at the least, in whole spans of `grain` days."""
    return np.ceil(days / grain) * grain


def start_of(scenario: Scenario) -> Start:
    """Where a scenario starts from: solved once in this process for a world as it stands."""
    return _STARTS.get(scenario.standing_hash, lambda: start(World.of_today(scenario)))


def past_of(scenario: Scenario, seed: int, replication: int) -> State:
    """The customers of today of a replication: their past is played once for a world as it stands, and a seed."""
    return _PASTS.get((scenario.standing_hash, seed, replication), lambda: past(start_of(scenario), seed, replication))


_STARTS: Recent[Start] = Recent(STARTS_KEPT)
_PASTS: Recent[State] = Recent(PAST_BYTES, lambda state: state.nbytes)
