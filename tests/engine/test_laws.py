"""The engine gives what can be known without it: cohorts, adoption, today's numbers, counts that must add up.

Of a right engine, one choice of seeds in a thousand fails a comparison of this file (Bonferroni over all of them,
Student over replications).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import gamma
from scipy.stats import t as student

import cxmodel
from cxmodel.engine.inputs.today import LONGEST
from cxmodel.engine.outcome import Outcome
from cxmodel.engine.replication import Replication
from cxmodel.engine.run import play
from cxmodel.model import adoption, loyalty
from cxmodel.model.assumptions import DEFAULTS, Assumptions
from cxmodel.scenario import Scenario, loads
from cxmodel.vocabulary import MONTH, YEAR
from tests.support import small
from tests.support.people import at_start, companies, inputs_of

pytestmark = pytest.mark.slow

FAMILYWISE, COMPARISONS = 0.001, 40
REPLICATIONS = 24
PLAIN = """
schema: 1
name: Plain
horizon: 36 months
attributes: {{ease: {{}}}}
{today}
segments: {{people: {{{people}, needs: {{ease: {{level: 70}}}}}}}}
journey:
  try_it: {{stage: buy, delivers: {{ease: 70}}}}
  use_it: {{stage: use, every: 30 days, delivers: {{ease: 70}}}}
"""
QUIET = {"talk_base": 0.0, "talk_extreme": 0.0, "talk_surprise": 0.0}
INDIFFERENT = Assumptions(satisfaction_slope=0.0, **QUIET)
"""Nobody talks, and satisfaction moves neither choice nor loyalty."""
LATER = np.array([1, 2, 6, 12, 24, 36])
"""Months at which cohorts are counted."""


def plain(people: str, today: str = "") -> Scenario:
    return loads(PLAIN.format(people=people, today=today and f"today: {{{today}}}"))


def history(scenario: Scenario, assumptions: Assumptions = DEFAULTS) -> list[Replication]:
    """Replications of a scenario as it stands."""
    return companies(inputs_of(scenario, assumptions=assumptions), 21, range(REPLICATIONS))


def outcome(scenario: Scenario, assumptions: Assumptions = DEFAULTS) -> Outcome:
    """The same, brought down to what is kept."""
    return play(inputs_of(scenario, assumptions=assumptions), 21, range(REPLICATIONS), threads=1)


def worst(samples: np.ndarray, truth: np.ndarray | float) -> float:
    """How far means over replications (first axis) are from the truth at most, in units of what chance allows."""
    error = samples.std(0, ddof=1) / np.sqrt(len(samples))
    allowed = error * student.ppf(1 - FAMILYWISE / COMPARISONS / 2, len(samples) - 1)
    return float(np.max(np.abs(samples.mean(0) - truth) / allowed))


def staying(exposure: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Chance that people who stayed through `exposure` stay so many months more: eq. 9 with b = 0, monthly."""
    even = (np.arange(4000) + 0.5) / 4000
    frailty = np.maximum(gamma.ppf(even, 1 / DEFAULTS.frailty), 1e-300)
    rate = loyalty.frailty_rate(exposure)
    hazard = loyalty.hazard(70.0, 70.0, frailty / rate[:, None], DEFAULTS.leave)
    return ((1 - hazard)[:, :, None] ** np.asarray(months)[:, None, :]).mean(1)


def test_a_cohort_of_newcomers_leaves_as_its_frailty_says() -> None:
    """b = 0: the share still there after 1 to 36 months, from the gamma law and the time of joining."""
    scenario = plain("customers: 0, prospects: 1500, adoption: {arrivals: 3000 per month}")
    lived = np.linspace(0, 1, 41)  # share of the first month that is left when they join
    expected = staying(np.zeros(len(lived)), np.maximum(0, LATER - 1 + lived[:, None]))
    apart = []
    for company in history(scenario, INDIFFERENT):
        person = company.people.person[company.people.person["joined"] < MONTH]
        at_first = 1 - person["joined"] / MONTH
        chance = np.stack([np.interp(at_first, lived, column) for column in expected.T], axis=1)
        apart.append(((person["left"][:, None] > LATER * MONTH) - chance).mean(0))
    assert worst(np.array(apart), 0.0) < 1


def test_customers_of_today_leave_as_the_frailty_of_the_faithful_says() -> None:
    """b = 0: those who stayed long are less frail; the share still there after 1 to 36 months, by tenure."""
    known = np.arange(LONGEST + 1.0)
    expected = staying(DEFAULTS.leave * known, np.tile(LATER, (len(known), 1)))
    apart = []
    for company in history(plain("customers: 1500"), INDIFFERENT):
        person = company.people.person
        # decisions fall at months' ends, so that whole months of exposure count
        decided = np.floor(-person["joined"] / MONTH + 1 - 1e-6)
        chance = np.stack([np.interp(decided, known, column) for column in expected.T], axis=1)
        apart.append(((person["left"][:, None] > LATER * MONTH) - chance).mean(0))
    assert worst(np.array(apart), 0.0) < 1


def test_tenure_follows_the_curve_of_retention() -> None:
    """b = 0, nobody new: customers of today of each age are as many as stayed, (1 + phi h0 t)^(-1/phi)."""
    inputs = inputs_of(plain("customers: 1500"), assumptions=INDIFFERENT)
    curve = loyalty.survival(DEFAULTS.leave * np.arange(1, LONGEST + 1))
    law = np.concatenate([[0.0], np.cumsum(curve)]) / curve.sum()
    ages = np.array([3, 12, 36, 60, 90])
    younger = [
        (-at_start(inputs, 21, [number])["joined"][:, None] / MONTH < ages).mean(0) for number in range(REPLICATIONS)
    ]
    assert worst(np.array(younger), law[ages]) < 1


def test_a_company_that_grows_is_as_young_as_its_growth_makes_it() -> None:
    """b = 0: the pace at which it grew is that at which it will grow in the two years to come."""
    scenario = plain("customers: 500, prospects: 9000, adoption: {arrivals: 60 per month}")
    inputs = inputs_of(scenario, assumptions=INDIFFERENT)
    inflow = inputs.start.today.inflow[0]
    pace = -np.log(inflow[1] / inflow[0])
    grown = play(inputs, 21, range(8), threads=1).customers[:, 24, 0].mean() / 500
    assert np.exp(24 * pace) == pytest.approx(grown, rel=0.03)


def test_awareness_spreads_as_bass_says() -> None:
    """Without talk: the share who have bought by 6 to 36 months is that of the closed form, half of it (b = 0)."""
    months = np.array([6, 12, 18, 24, 30, 36])
    bought = [
        (company.people.person["joined"][:, None] < months * MONTH).sum(0) / 3000
        for company in history(plain("customers: 0, prospects: 3000, adoption: {p: 0.1, q: 2}"), INDIFFERENT)
    ]
    assert worst(np.array(bought), adoption.bass(months * MONTH / YEAR, 0.1, 2.0) / 2) < 1


@pytest.mark.parametrize("nps", [-20, 39])
def test_month_zero_shows_what_was_measured(nps: int) -> None:
    """NPS of customers of today, and leavers per customer-month in the first month, to a fifth of a point."""
    found = outcome(plain("customers: 1500", f"nps: {nps}, leave: 3 % per month"))
    score = 100 * (found.promoters - found.detractors)[:, 0, 0] / found.customers[:, 0, 0]
    assert abs(score.mean() - nps) < 0.2 + 3 * score.std(ddof=1) / np.sqrt(REPLICATIONS)
    left = found.left[:, 0, 0] / found.customers[:, 0, 0]
    assert abs(left.mean() - 0.03) < 0.0005 + 3 * left.std(ddof=1) / np.sqrt(REPLICATIONS)


@pytest.mark.parametrize(
    "leave", ["2 % per month", "6 % per quarter", "20 % per year", "50 % per year", "80 % per year"]
)
@pytest.mark.parametrize("rhythm", ["monthly", "every 3 months", "renewal"])
def test_leaving_means_what_it_says(leave: str, rhythm: str) -> None:
    """Of today's customers that share has left after the period, at whatever rhythm they decide; within a twentieth."""
    share, unit = leave.split(" % per ")
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    decides = f", decides: {rhythm}" if rhythm.startswith("every") else ""
    text = PLAIN.format(people=f"customers: 2000{decides}", today=f"today: {{leave: {leave}}}")
    if rhythm == "renewal":
        text += "  sign_again: {stage: renew, every: 12 months, delivers: {ease: 70}}\n"
    found = play(inputs_of(loads(text)), 21, range(8), threads=1)
    if rhythm == "every 3 months" and months < 3:  # nobody leaves before he decides: then as many as have by then
        months, share = 3, 100 * (1 - (1 - int(share) / 100) ** 3)
    left = found.left[:, :months].sum((1, 2)) / 2000
    assert left.mean() == pytest.approx(float(share) / 100, rel=0.05, abs=0.002)


def test_the_story_starts_where_its_tracker_is() -> None:
    """The pretty app was at 39 points; the customers of month 0 are, too."""
    found = outcome(small.app({"segments.style_seekers.customers": 400, "horizon": "1 month"}))
    score = 100 * (found.promoters - found.detractors)[:, 0, 0] / found.customers[:, 0, 0]
    assert abs(score.mean() - 39.0) < 0.3 + 3 * score.std(ddof=1) / np.sqrt(REPLICATIONS)


STORIES = {
    "pretty_app": small.app,
    "two_retailers": small.retailers,
    "word_of_mouth": lambda: small.mechanism("word_of_mouth"),
    "renewals": lambda: small.mechanism("renewals"),
}


@cache
def result(story: str) -> cxmodel.Result:
    return cxmodel.simulate(STORIES[story](), replications=4, jobs=1)


@pytest.mark.parametrize("story", STORIES)
def test_nobody_gets_lost_in_counting(story: str) -> None:
    """Each month: customers of today and those acquired by then are the customers and the lost."""
    found: Outcome = result(story).tables.run.outcome
    came = found.customers[:, :1] + found.joined.cumsum(1)
    assert (came == found.customers[:, 1:] + found.left.cumsum(1)).all()
    assert (found.former[:, 1:] == found.left.cumsum(1)).all()


@pytest.mark.parametrize("story", STORIES)
def test_everyone_is_survivors_and_lost(story: str) -> None:
    """NPS of everyone is that of customers and of former customers, weighted by their numbers."""
    run = result(story)
    found = run.tables.run.outcome
    alive, former = found.customers[:, -1].sum(1), found.former[:, -1].sum(1)
    lost = np.nan_to_num(run.samples("nps_lost")[:])
    mixed = (alive * run.samples("nps") + former * lost) / (alive + former)
    assert run.samples("nps_everyone") == pytest.approx(mixed, abs=1e-9)


def test_plans_share_their_luck() -> None:
    """The difference that a plan makes varies less than half as much as between unlike customers."""
    scenario = small.app({"horizon": "12 months"})
    plans = "as_is", "fix_the_wait"
    same, other = (
        [cxmodel.simulate(scenario, plan, replications=10, seed=seed, jobs=1).samples("satisfaction") for plan in plans]
        for seed in (1, 2)
    )
    paired, unpaired = same[1] - same[0], same[1] - other[0]
    assert paired.var(ddof=1) < unpaired.var(ddof=1) / 2
