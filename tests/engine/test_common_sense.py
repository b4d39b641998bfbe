"""What anybody would expect of a company and its customers: the rows of common sense of model.md, section 5.

Every story in `scenarios/` is held to them, also those that are yet to be written. A bound on a difference counts as
kept where the far end of its 95 % interval keeps it; differences are between runs with the same luck.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cxmodel
from cxmodel.engine.inputs.world import World
from cxmodel.engine.run import play
from cxmodel.results.estimates import estimate
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.files import text_of
from cxmodel.scenario.scenario import build
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.vocabulary import LEVERS, MONTH
from tests.support import laws
from tests.support.people import companies, inputs_of
from tests.support.small import STORIES

TOLD = sorted(path.stem for path in STORIES.glob("*.yaml"))
"""The stories, by the names of their files."""
LIGHT = {"clarity": 2 / 100, "polish": 2 / 100, "speed": 1 / 100}
"""What the tracking is about in the pretty app, at a hundredth of its weight."""


@cache
def story(name: str) -> Scenario:
    return load(STORIES / f"{name}.yaml")


def undisturbed(path: Path) -> Scenario:
    """A story over 24 months without rivals, without drifting needs and without anything that could be done."""
    document = read(text_of(path), path.name)
    plain: dict[str, Any] = copy.deepcopy(document.plain)
    for section in ("rivals", "futures", "initiatives", "plans", "expect"):
        plain.pop(section, None)
    for segment in plain["segments"].values():
        for need in segment["needs"].values():
            need.pop("drift", None)
    return build(replace(document, plain=plain | {"horizon": "24 months"}))


def samples(scenario: Scenario, plan: str = "as_is", metric: str = "nps", replications: int = 8) -> np.ndarray:
    """A metric over everyone, one number a replication."""
    return cxmodel.simulate(scenario, plan, replications=replications).samples(metric)


def farthest(differences: np.ndarray) -> float:
    """The size of a mean difference, at the far end of its interval."""
    found = estimate(differences)
    return max(abs(found.low), abs(found.high))


@pytest.mark.slow
def test_what_matters_matters() -> None:
    """Where clarity, polish and speed weigh a hundredth, mending the tracking is worth under 1 NPS point."""
    needs = {f"segments.style_seekers.needs.{name}.weight": weight for name, weight in LIGHT.items()}
    indifferent = story("pretty_app").with_changes(needs)
    assert farthest(samples(indifferent, "fix_the_wait") - samples(indifferent)) < 1


@pytest.mark.slow
def test_cutting_finer_changes_nothing() -> None:
    """Lived every 3 days for every 30, the pretty app's NPS moves under 2."""
    plain = story("pretty_app")
    finer = plain.with_changes({"journey.wear_them.every": "3 days"})
    assert farthest(samples(finer) - samples(plain)) < 2


CLUB = """
schema: 1
name: A club that is called
horizon: 24 months
attributes: {{ease: {{}}, care: {{kind: must_be}}}}
today: {{nps: 12, leave: 1.5 % per month, contacts: {contacts} per year}}
segments:
  members:
    customers: {customers}
    prospects: 9000
    adoption: {{arrivals: {arrivals} per month}}
    needs: {{ease: {{level: 75, weight: 2}}, care: {{level: 70}}}}
brand_promises: {{easy: {{attribute: ease, level: 85, reach: 0.6, made_at: [site]}}}}
journey:
  site: {{stage: choose, delivers: {{ease: 75}}}}
  join: {{stage: buy, delivers: {{ease: 70, care: 70}}}}
  book: {{stage: use, every: 7 days, delivers: {{ease: 55}}, fails: {{rate: 0.2, severity: 30, contact: desk}}}}
  play: {{stage: use, every: 10 days, delivers: {{care: 70}}}}
  desk:
    stage: support
    delivers: {{care: 65}}
    staffed: {{agents: 4, handling: 6 minutes, patience: 5 minutes, hours: "08:00-20:00", other_calls: 6 per hour}}
"""
QUIET = {
    "called_often": CLUB.format(contacts=8, customers=1500, arrivals=45),
    "called_now_and_then": CLUB.format(contacts=1, customers=1500, arrivals=45),
    "doubling": CLUB.format(contacts=4, customers=600, arrivals=80),
}
"""Companies beside the stories: called eight times a customer and year, once, and one that doubles in two years."""


def quiet(name: str) -> Scenario:
    """A story without anything that moves it, or another company."""
    return loads(QUIET[name]) if name in QUIET else undisturbed(STORIES / f"{name}.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*TOLD, *QUIET])
def test_nothing_done_nothing_moves(name: str) -> None:
    """As is, without rivals and drift: NPS within 3 of what was measured at every month of 24, and of month 0.

    What was measured of contacts and leaving stays within a tenth, the mean of 24 months as the last year.
    """
    scenario = quiet(name)
    found = play(inputs_of(scenario), 1, range(16))
    nps = (100 * (found.promoters - found.detractors).sum(2) / found.customers.sum(2)).mean(0)
    measured = scenario.today.nps if scenario.today.nps is not None else nps[0]
    assert np.abs(nps - measured).max() < 3
    days, years = found.days.sum((0, 2)), slice(12, None)
    if (contacts := scenario.today.contacts) is not None:
        made = found.contacts.sum((0, 2))
        assert [made.sum() / days.sum(), made[years].sum() / days[years].sum()] == pytest.approx(
            [contacts] * 2, rel=0.1
        )
    if (leave := scenario.today.leave) is not None:
        left = found.left.sum((0, 2))
        monthly = MONTH * np.array([left.sum() / days.sum(), left[years].sum() / days[years].sum()])
        told = -np.log1p(-leave.share) / leave.days * MONTH
        assert monthly == pytest.approx([told, told], rel=0.1 + 3 / np.sqrt(left[years].sum()))


@pytest.mark.slow
def test_a_company_doubles_that_is_said_to() -> None:
    """Its people in two years are twice those of today, or nearly, so that the test above is about that."""
    found = play(inputs_of(quiet("doubling")), 1, range(4))
    assert found.customers[:, -1].mean() / 600 == pytest.approx(2, rel=0.1)


def furthest(scenario: Scenario, world: World) -> float:
    """How far a delivered level passes what it is today, the need and, where rivals are watched, the best of them."""
    beyond = []
    people = np.array([segment.customers for segment in scenario.segments.values()], dtype=float)
    for t, name in enumerate(world.route.touchpoints):
        for slot, attribute in enumerate(scenario.journey[name].delivers):
            k = world.route.attributes.index(attribute)
            needing = ~np.isnan(world.need[0, :, k])
            aims = [np.full(world.days, scenario.journey[name].delivers[attribute])]
            if needing.any():
                aims.append(np.average(world.need[:, needing, k], axis=1, weights=people[needing]))
            if any(
                source.kind == "competitive" and attribute in source.sees
                for source in scenario.insight_sources.values()
            ):
                aims.append(world.best[:, k])
            beyond.append((world.delivered[:, t, slot] - np.fmax.reduce(aims)).max())
    return float(max(beyond))


@pytest.mark.slow
@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("levers", [*([lever] for lever in LEVERS), list(LEVERS)], ids=[*LEVERS, "all"])
@pytest.mark.parametrize("apart", [0, 2])
def test_no_lever_overshoots(name: str, levers: list[str], apart: int) -> None:
    """Any lever to .98, and all of them together or in turn: no level passes what the company aims at."""
    scenario = story(name)
    for number, lever in enumerate(levers):
        push = {f"levers.{lever}.level": 0.98}
        scenario = scenario.with_initiative(f"push_{lever}", push, plan="push", starts=apart * number)
    assert furthest(scenario, World.of(scenario, "push")) < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("name", TOLD)
def test_people_stay_people(name: str) -> None:
    """Satisfaction of customers still has a standard deviation of 10 or more at the end."""
    scenario = story(name)
    people = np.concatenate([company.people.person for company in companies(inputs_of(scenario), 1, range(2))])
    there = (people["joined"] < scenario.horizon) & (people["left"] > scenario.horizon)
    assert people["satisfaction"][there, 0].std() >= 10


BLAMED = """
schema: 1
name: Six agents, half of whose calls come from failures
horizon: 60 days
attributes: {clarity: {kind: performance}}
segments: {people: {customers: 1000, needs: {clarity: {level: 75}}}}
journey:
  read_it:
    stage: use
    every: 5 days
    delivers: {clarity: 75}
    fails: {rate: 0.342, severity: 30, contact: ask, calls: 1}
  ask:
    stage: support
    delivers: {clarity: 75}
    staffed: {agents: 6, handling: 60 minutes, patience: 45 minutes, hours: "00:00-24:00",
              other_calls: 2.85 per hour, resolves: 1}
assumptions: {leave: 0.0001, calls_after_shortfall: 0, calls_again_abandoned: 0}
initiatives: {mend: {changes: {journey.read_it.fails.rate: 0.171}, half_life: 1 hour}}
plans: {mend: [mend]}
"""


@pytest.mark.parametrize(("calls", "printed"), [(68.4, 866), (51.3, 62)], ids=["as_is", "failures_halved"])
def test_service_takes_the_blame(calls: float, printed: float) -> None:
    """Six agents 95 % busy, five minutes a call: half the failures, which are half the calls, and 866 s become 62.

    The desks of `test_engine_desks` give what Erlang C says, these numbers too.
    """
    assert laws.erlang_c_wait(calls / 12, 6, 300.0) == pytest.approx(printed, abs=0.5)


@pytest.mark.slow
def test_with_patience_the_relief_shows_twice() -> None:
    """Half the failures, at 95 % utilisation: people wait less, and fewer give up."""
    scenario = loads(BLAMED)
    for metric in ("wait_minutes", "abandonment"):
        assert estimate(samples(scenario, "mend", metric) / samples(scenario, metric=metric)).high < 0.75


PROMISED = """
schema: 1
name: A promise of {level}
horizon: 24 months
attributes: {{care: {{kind: performance}}}}
segments:
  people: {{customers: 400, prospects: 6000, adoption: {{arrivals: 60 per month}}, needs: {{care: {{level: 70}}}}}}
brand_promises: {{word: {{attribute: care, level: {level}, believed: 1}}}}
journey:
  look: {{stage: aware, delivers: {{care: 75}}}}
  buy_it: {{stage: buy, delivers: {{care: 75}}}}
  use_it: {{stage: use, every: 30 days, delivers: {{care: 75}}}}
"""


@pytest.mark.slow
def test_over_promising_wins_customers_and_disappoints_them() -> None:
    """A promise of 100 for 75 where 75 is delivered: satisfaction falls by 4 points or more, and volume still rises."""
    honest, bold = (loads(PROMISED.format(level=level)) for level in (75, 100))
    fallen = estimate(samples(bold, metric="satisfaction") - samples(honest, metric="satisfaction"))
    assert fallen.high < -4
    assert estimate(samples(bold, metric="acquired") - samples(honest, metric="acquired")).low > 0
