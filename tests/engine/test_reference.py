"""The reference by itself gives the closed forms, and month 0 shows what was measured: so it may judge the loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import grimp
import numpy as np
import pytest
import simpy
from scipy.stats import t as student

import cxmodel.model.contacts
import cxmodel.model.expectation
import cxmodel.model.loyalty
import cxmodel.model.memory
import cxmodel.model.perception
from cxmodel import reference
from cxmodel.engine.initial_state import start_of
from cxmodel.engine.inputs.company import Staffing
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome
from cxmodel.model import adoption, queueing
from cxmodel.reference import desks, equations, months, strain
from cxmodel.reference.company import Company
from cxmodel.reference.past import Past
from cxmodel.reference.person import Call
from cxmodel.reference.replication import play_one
from cxmodel.reference.setting import Setting
from cxmodel.results.metrics import METRICS, Run
from cxmodel.scenario import Scenario, loads
from cxmodel.vocabulary import MONTH, YEAR
from tests.support import laws, small

PLAIN = """
schema: 1
name: Plain
horizon: {horizon}
attributes: {{ease: {{kind: performance}}}}
today: {today}
segments:
  people: {{customers: {customers}, prospects: {prospects}, {more} needs: {{ease: {{level: 90}}}}}}
journey:
  look: {{stage: use, every: {every}, delivers: {{ease: 75}}, fails: {{rate: 0.1}}}}
  {desk}
assumptions: {assumptions}
"""
DEFAULTS = {"horizon": "12 months", "customers": 60, "prospects": 0, "more": "", "today": "{}", "every": "60 days"}
DEFAULTS |= {"desk": "ask: {stage: support, delivers: {ease: 75}, staffed: {agents: 1, handling: 5 minutes}}"}
DEFAULTS |= {"assumptions": "{}"}


def plain(**more: Any) -> Scenario:
    return loads(PLAIN.format(**{**DEFAULTS, **more}))


def past_of(scenario: Scenario) -> Past:
    start = start_of(scenario)
    return reference.past_of(start.world, start.today)


def company(scenario: Scenario, replication: int = 0, plan: str = "as_is") -> Company:
    """A company as it ends."""
    past = past_of(scenario)
    setting = Setting(World.of(scenario, plan, today=past.world), past.today)
    return play_one(setting, past.customers(5, replication), [5, replication], lambda share: None)


def outcome(scenario: Scenario, plan: str = "as_is", seed: int = 5, replications: int = 1) -> tuple[World, Outcome]:
    start = start_of(scenario)
    world = World.of(scenario, plan, today=start.world)
    return world, reference.play(world, start.today, seed, range(replications))


def agrees(values: Any, expected: float, error: float = 0.001) -> bool:
    """Do the mean of independent values and the closed form agree, within Student's interval?"""
    spread = np.std(values, ddof=1) / np.sqrt(len(values))
    return bool(abs(np.mean(values) - expected) <= student.ppf(1 - error / 2, len(values) - 1) * spread)


# desks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def exponential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erlang's handling times; their coefficient of variation is 1."""
    monkeypatch.setattr(desks, "handling", lambda staffing, time, cv, chance: chance.exponential(staffing.handling[0]))


def roster(
    agents: int, calls: float, patience: float, hours: str = "00:00-24:00", later: int | None = None
) -> Staffing:
    """A desk that handles a call in 180 s; calls an hour, patience [s], `later` agents from day 2 on."""
    desk = (
        f"ask: {{stage: support, delivers: {{ease: 75}}, staffed: {{agents: {agents}, handling: 180 seconds, patience: "
        f'{patience} seconds, hours: "{hours}", other_calls: {calls} per hour}}}}'
    )
    roster = f"initiatives: {{r: {{changes: {{journey.ask.staffed.agents: {later or agents}}}, starts: day 2}}}}"
    scenario = loads(PLAIN.format(**{**DEFAULTS, "horizon": "4 days", "desk": desk}) + f"{roster}\nplans: {{r: [r]}}\n")
    return World.of(scenario, "r").staffing[0]


def called(staffing: Staffing, days: int, seed: int) -> list[Call]:
    """Every call of some days."""
    clock, calls = simpy.Environment(), list[Call]()
    desk = desks.Desk(clock, staffing, 1.2, np.random.default_rng(seed))
    clock.process(desk.outside_callers(0.0, days, lambda came, call: calls.append(call)))
    clock.run()
    return calls


@pytest.mark.slow
@pytest.mark.usefixtures("exponential")
def test_a_patient_line_waits_as_erlang_c_says() -> None:
    """100 calls an hour, 6 agents, 180 s, nobody gives up (a week is nearly forever)."""
    waits = [np.mean([call.waited for call in called(roster(6, 100, 604800), 3, seed)]) for seed in range(6)]
    assert agrees(waits, laws.erlang_c_wait(5.0, 6, 180 / 86400))


@pytest.mark.slow
@pytest.mark.usefixtures("exponential")
def test_an_impatient_line_loses_what_erlang_a_says() -> None:
    """100 calls an hour, 6 agents, 180 s, patience 232 s."""
    _, abandoned, wait = queueing.erlang_a(5.0, 6, 180 / 86400, 232 / 86400)
    weeks = [called(roster(6, 100, 232), 3, seed) for seed in range(5)]
    assert agrees([np.mean([call.gave_up for call in calls]) for calls in weeks], abandoned)
    assert agrees([np.mean([call.waited for call in calls]) for calls in weeks], wait)


@pytest.mark.slow
@pytest.mark.usefixtures("exponential")
def test_the_past_is_offered_the_waits_of_that_line() -> None:
    """Whoever adds nothing to it waits at all as often, and would give up as often, as Erlang A says."""
    waiting, abandoned, _ = queueing.erlang_a(5.0, 6, 180 / 86400, 232 / 86400)
    chance, staffing = (
        np.random.default_rng(1),
        roster(6, 60, 232),
    )  # and 960 calls a day of customers: 100 an hour
    samples = [desks.offered_waits(staffing, 960.0, 1.2, np.random.default_rng(seed)) for seed in range(5)]
    assert agrees([np.mean(waits > 0) for waits in samples], waiting)
    patience = 232 / 86400
    assert agrees([np.mean(waits > chance.exponential(patience, len(waits))) for waits in samples], abandoned)


@pytest.mark.slow
def test_a_roster_changes_overnight() -> None:
    """From day 2 on one of four agents is left: no call begins that would make it two."""
    staffing = roster(4, 200, 300, later=1)
    clock = simpy.Environment()
    desk = desks.Desk(clock, staffing, 1.2, np.random.default_rng(1))
    clock.process(desk.outside_callers(0.0, 4, lambda came, call: None))
    busy: list[list[int]] = [[], [], [], []]
    while clock.peek() < 4:
        clock.step()
        off = sum(request.priority == desks.OFF_DUTY for request in desk.agents.users)
        busy[int(clock.now)].append(desk.agents.count - off)
    assert (max(busy[0]), max(busy[1]), max(busy[3])) == (4, 4, 1)


def test_a_call_waits_for_the_next_opening() -> None:
    """At once while open; else at an even time of the next opening, today's or tomorrow's."""
    staffing, chance = roster(1, 1, 1, hours="09:00-12:00"), np.random.default_rng(1)
    assert desks.opening(staffing, 3.4, chance) == 3.4
    early, late = ([desks.opening(staffing, time, chance) for _ in range(200)] for time in (3.1, 3.6))
    assert 3.375 <= min(early) < 3.38 and 3.495 < max(early) < 3.5
    assert 4.375 <= min(late) < 4.38 and 4.495 < max(late) < 4.5


# people --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_satisfaction_settles_where_the_model_says() -> None:
    """q = 75, H = 90, no drift, no noise: S* = 69.17 (performance attribute)."""
    still = "{quality_noise: 0, leniency_sd: 0.001, leave: 0.0001, calls_after_failure: 0}"
    scenario = plain(assumptions=still, every="30 days").with_changes({"journey.look.fails.rate": 0})
    old = [person for person in past_of(scenario).customers(1, 0) if person.experiences[0] > 100]
    assert np.mean([person.satisfaction[0] for person in old]) == pytest.approx(69.17, abs=0.05)
    assert np.mean([person.will for person in old]) == pytest.approx(75, abs=0.01)


@pytest.mark.slow
def test_awareness_spreads_as_bass_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without talk, the share aware follows Bass's curve; months held at their own path."""
    monkeypatch.setattr(months, "talk", lambda c, known: 0.0)
    scenario = plain(customers=0, prospects=400, more="adoption: {p: 0.3, q: 3.8},")
    shares = []
    for replication in range(8):
        shares.append(np.mean([person.status != "unaware" for person in company(scenario, replication).people]))
    assert agrees(shares, float(adoption.bass(12 * MONTH / YEAR, 0.3, 3.8)))


@pytest.mark.slow
def test_nobody_is_lost_from_the_books() -> None:
    """Customers of today + acquired + won back = alive + lost, also where people leave twice."""
    world, found = outcome(small.mechanism("exits"), replications=2)
    run = Run(world, found, {})
    acquired, won_back, lost = (METRICS[name].of(run)[:, -1] for name in ("acquired", "won_back", "lost"))
    assert won_back.sum() > 0
    assert (50 + acquired + won_back == found.customers[:, -1].sum(1) + lost).all()


@pytest.mark.slow
def test_overwork_wears_people_until_help_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is overrun wears the people lever month by month, until help comes."""
    left: list[float] = []
    end_month = strain.end_month

    def watched(c: Company, *rest: Any) -> None:
        end_month(c, *rest)
        left.append(c.lever_left)

    monkeypatch.setattr(strain, "end_month", watched)
    company(small.mechanism("strain"), plan="overrun")
    worst = left.index(min(left))
    assert left[worst] < 0.8
    assert all(later <= earlier for earlier, later in pairwise(left[: worst + 1]))
    assert 0 < worst < len(left) - 1


# month 0 shows what was measured -------------------------------------------------------------------------------


@pytest.mark.slow
def test_month_0_shows_the_score_that_was_measured() -> None:
    """NPS 20, over independent companies."""
    scenario = plain(horizon="1 month", today="{nps: 20, leave: 20 % per year, contacts: 2 per year}")
    _, found = outcome(scenario, replications=16)
    scores = 100 * (found.promoters - found.detractors)[:, 0, 0] / found.customers[:, 0, 0]
    assert agrees(scores, 20.0)


@pytest.mark.slow
def test_as_many_customers_leave_as_were_measured() -> None:
    """A fifth within a year, as is, at whatever rhythm they decide."""
    for rhythm in ("", "decides: every 4 months,"):
        world, found = outcome(plain(more=rhythm, today="{nps: 20, leave: 20 % per year}"), replications=12)
        assert agrees(METRICS["retention"].of(Run(world, found, {}))[:, -1], 0.8)


@pytest.mark.slow
def test_customers_contact_as_often_as_was_measured() -> None:
    """Twice a year, repeats included, in the first months."""
    _, found = outcome(plain(horizon="3 months", every="20 days", today="{contacts: 2 per year}"), replications=16)
    assert agrees(YEAR * found.contacts.sum((1, 2)) / found.days.sum((1, 2)), 2.0)


# luck ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_seed_gives_the_same_numbers() -> None:
    """And another seed, or another replication, others."""
    scenario = plain(horizon="2 months", customers=20)
    (_, one), (_, again), (_, other) = (outcome(scenario, seed=seed, replications=2) for seed in (5, 5, 6))
    assert all(np.array_equal(getattr(one, f.name), getattr(again, f.name), equal_nan=True) for f in fields(Outcome))
    scores = [*one.satisfaction[:, 0, 0], *other.satisfaction[:, 0, 0]]
    assert len(set(scores)) == 4


@pytest.mark.slow
def test_plans_share_the_customers_of_today() -> None:
    """The past does not know what is planned: month 0 is the same, to the last bit."""
    starts = [outcome(small.mechanism("desk"), plan)[1].satisfaction[:, 0] for plan in ("as_is", "save")]
    assert starts[0] == starts[1]


@pytest.mark.slow
def test_more_replications_begin_with_the_fewer_ones() -> None:
    """A replication does not depend on those before it."""
    scenario = plain(horizon="2 months", customers=20)
    start = start_of(scenario)
    world = World.of(scenario, today=start.world)
    both, second = (reference.play(world, start.today, 3, some) for some in (range(2), range(1, 2)))
    assert both.satisfaction[1].tolist() == second.satisfaction[0].tolist()


@pytest.mark.slow
def test_whoever_is_told_the_progress_may_end_the_run() -> None:
    """The share that is done rises to all of it; what is raised in between ends it."""
    scenario, told = plain(horizon="2 months", customers=5), list[float]()
    start = start_of(scenario)
    world = World.of(scenario, today=start.world)
    reference.play(world, start.today, 1, range(3), told.append)
    assert told == sorted(told) and told[-1] == 1.0

    def enough(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reference.play(world, start.today, 1, range(3), enough)


# what it shares ------------------------------------------------------------------------------------------------

NUMBERS = np.random.default_rng(7).uniform(1, 99, (40, 5))
"""Arguments that any of the equations takes."""


@pytest.mark.parametrize(
    ("numbers", "arrays"),
    [
        (lambda x: equations.perception.surprise(x[0] - x[1], 10, 20, 3), cxmodel.model.perception.surprise),
        (lambda x: equations.perception.episode(x[0], x[1], 0.0, x[2]), cxmodel.model.perception.episode),
        (lambda x: equations.perception.wait_loss(x[0] / 1e4, x[1] / 1e4), cxmodel.model.perception.wait_loss),
        (lambda x: equations.memory.news(x[0], x[1], 6.0), cxmodel.model.memory.news),
        (lambda x: equations.memory.learning_rate(x[0], x[1] / 50), cxmodel.model.memory.learning_rate),
        (lambda x: equations.expectation.told_should(x[0], x[1], 0.7), cxmodel.model.expectation.told_should),
        (lambda x: equations.loyalty.hazard(x[0], x[1], x[2] / 50), cxmodel.model.loyalty.hazard),
        (lambda x: equations.contacts.mended(x[0], x[1], 0.7, x[2]), cxmodel.model.contacts.mended),
    ],
)
def test_equations_for_numbers_are_those_for_arrays(
    numbers: Callable[[Any], Any], arrays: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One code for both: a number at a time gives what NumPy gives for the column."""
    found = [numbers(row) for row in NUMBERS.tolist()]
    assert all(isinstance(value, float) for value in found)
    room = arrays.__module__.rpartition(".")[2]
    monkeypatch.setattr(equations, room, __import__(arrays.__module__, fromlist=["_"]))
    assert found == pytest.approx(numbers(NUMBERS.T), rel=1e-14)


def test_the_reference_knows_nothing_of_the_loop_nor_the_loop_of_it() -> None:
    """They share equations, the tables of the world and the shape of an outcome, so that each may judge the other."""
    graph = grimp.build_graph("cxmodel", include_external_packages=True)
    mine = {module for module in graph.modules if module.startswith("cxmodel.reference")}
    known = {each for module in mine for each in graph.find_modules_directly_imported_by(module)} - mine
    of_engine = {module for module in known if module.startswith("cxmodel.engine")}
    assert "numba" not in known
    assert all(
        module.startswith("cxmodel.engine.inputs.") or module == "cxmodel.engine.outcome" for module in of_engine
    )
    loop = {module for module in graph.modules if module.startswith(("cxmodel.engine", "cxmodel.model"))}
    assert not {each for module in loop for each in graph.find_modules_directly_imported_by(module)} & mine
