"""The oracle by itself gives the closed forms, so that it may judge the engine."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import small
from oracle import World, play
from oracle_company import Company
from oracle_outcome import measured
from oracle_today import Today
from scipy.stats import t as student

from cxmodel.arrays import MONTH
from cxmodel.model import adoption, queueing
from cxmodel.scenario import loads

PLAIN = """
schema: 1
name: Plain
horizon: 7 days
attributes: {{ease: {{kind: performance}}}}
segments:
  people: {{customers: {customers}, prospects: {prospects}, {more} needs: {{ease: {{level: 90}}}}}}
journey:
  look: {{stage: use, every: 30 days, delivers: {{ease: 75}}}}
  {desk}
"""
DESK = (
    "call_us: {{stage: support, delivers: {{ease: 75}}, staffed: {{agents: {agents}, "
    "handling: 180 seconds, patience: {patience}, other_calls: {calls} per hour}}}}"
)


def desk(agents: int, calls: int, patience: str, replications: int) -> list[dict]:
    text = PLAIN.format(
        customers=1, prospects=0, more="", desk=DESK.format(agents=agents, calls=calls, patience=patience)
    )
    return play(loads(text), "as_is", replications)


def agrees(values: list[float], expected: float, error: float = 0.001) -> bool:
    """Do these replications' mean and the closed form agree, within Student's interval?"""
    spread = np.std(values, ddof=1) / np.sqrt(len(values))
    return abs(np.mean(values) - expected) <= student.ppf(1 - error / 2, len(values) - 1) * spread


@pytest.fixture
def exponential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erlang's handling times; their coefficient of variation is 1."""
    monkeypatch.setattr(World, "handling", lambda self, name: self.chance.exponential(180 / 86400))


@pytest.mark.usefixtures("exponential")
def test_a_patient_line_waits_as_erlang_c_says() -> None:
    """100 calls an hour, 6 agents, 180 s, nobody gives up (7 days are nearly forever)."""
    waits = [each["wait_minutes"] for each in desk(6, 100, "7 days", 4)]
    assert agrees(waits, queueing.erlang_c_wait(5.0, 6, 180) / 60)


@pytest.mark.usefixtures("exponential")
def test_an_impatient_line_loses_what_erlang_a_says() -> None:
    """100 calls an hour, 6 agents, 180 s, patience 232 s."""
    _, abandoned, wait = queueing.erlang_a(5.0, 6, 180, 232)
    found = desk(6, 100, "232 seconds", 3)
    assert agrees([each["abandonment"] for each in found], abandoned)
    assert agrees([each["wait_minutes"] for each in found], wait / 60)


def test_a_quiet_row_settles_where_the_model_says() -> None:
    """q = 75, H = 90, no drift: S* = 69.17 (performance attribute); noise moves it by less than a point."""
    scenario = loads(PLAIN.format(customers=1, prospects=0, more="", desk=""))
    row = Today(Company(scenario)).rows["people"]
    assert row[-1].satisfaction[0] == pytest.approx(69.17, abs=1)
    assert row[-1].will == pytest.approx([75], abs=0.1)


def test_awareness_spreads_as_bass_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without talk, the share aware follows Bass's curve; months held at their own path."""
    monkeypatch.setattr(World, "all_talk", lambda self: None)
    text = PLAIN.format(customers=0, prospects=400, more="adoption: {p: 0.3, q: 3.8},", desk="")
    text = text.replace("7 days", "12 months").replace("look:", "tell: {stage: choose}\n  look:")
    scenario = loads(text)
    company = Company(scenario)
    today = Today(company)
    shares = []
    for replication in range(8):
        world = World(company, today, 5, replication)
        world.run()
        shares.append(np.mean([person.state not in ("unaware", "entering") for person in world.people]))
    assert agrees(shares, float(adoption.bass(12 * MONTH / 365.25, 0.3, 3.8)))


def test_nobody_is_lost_from_the_books() -> None:
    """Customers of today + acquired + won back = alive + lost, also where people leave twice."""
    scenario = small.mechanism("exits")
    company = Company(scenario)
    world = World(company, Today(company), 5, 0)
    world.run()
    found = measured(world)
    alive = sum(person.state == "customer" for person in world.people)
    assert found["won_back"] > 0
    assert 50 + found["acquired"] + found["won_back"] == alive + found["lost"]


def test_overwork_wears_people_until_help_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is overrun wears the people lever month by month, until help comes."""
    kept: list[float] = []
    wear = World.wear

    def watched(self: World, begun: float, end: float) -> None:
        wear(self, begun, end)
        kept.append(self.kept)

    monkeypatch.setattr(World, "wear", watched)
    play(small.mechanism("strain"), "overrun", 1)
    worst = kept.index(min(kept))
    assert kept[worst] < 0.8
    assert all(later <= earlier for earlier, later in pairwise(kept[: worst + 1]))
    assert 0 < worst < len(kept) - 1


def test_the_same_seed_gives_the_same_numbers() -> None:
    scenario = loads(PLAIN.format(customers=5, prospects=0, more="", desk=""))
    assert play(scenario, "as_is", 1)[0]["satisfaction"] == play(scenario, "as_is", 1)[0]["satisfaction"]
