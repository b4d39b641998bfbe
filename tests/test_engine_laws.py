"""The engine gives what can be known without it: cohorts, adoption, today's numbers, counts that must add up.

Of a right engine, one choice of seeds in a thousand fails a comparison of this file (Bonferroni over all of them,
Student over replications).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import small
from scipy.stats import gamma
from scipy.stats import t as student

import cxmodel
from cxmodel.arrays import MONTH, YEAR
from cxmodel.assumptions import DEFAULTS, Assumptions
from cxmodel.engine.outcome import Outcome, outcome
from cxmodel.engine.run import History, play
from cxmodel.engine.today import start
from cxmodel.engine.world import World
from cxmodel.model import adoption, loyalty
from cxmodel.scenario import Scenario, loads

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


def history(scenario: Scenario, assumptions: Assumptions = DEFAULTS, plan: str = "as_is") -> History:
    today = start(World.of(scenario, assumptions=assumptions))
    return play(World.of(scenario, plan, None, assumptions), today, 21, range(REPLICATIONS))


def worst(samples: np.ndarray, truth: np.ndarray | float) -> float:
    """How far means over replications (first axis) are from the truth at most, in units of what chance allows."""
    error = samples.std(0, ddof=1) / np.sqrt(len(samples))
    allowed = error * student.ppf(1 - FAMILYWISE / COMPARISONS / 2, len(samples) - 1)
    return float(np.max(np.abs(samples.mean(0) - truth) / allowed))


def by_replication(run: History, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of values of these people, per replication (R, ...)."""
    replication = run.people.replication[rows]
    return np.stack([values[replication == r].mean(0) for r in range(REPLICATIONS)])


def staying(exposure: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Chance that people who stayed through `exposure` stay so many months more: eq. 9 with b = 0, monthly."""
    even = (np.arange(4000) + 0.5) / 4000
    frailty = np.maximum(gamma.ppf(even, 1 / DEFAULTS.frailty), 1e-300)
    rate = loyalty.frailty_rate(exposure)
    hazard = loyalty.hazard(70.0, 70.0, frailty / rate[:, None], DEFAULTS.leave)
    return ((1 - hazard)[:, :, None] ** np.asarray(months)[:, None, :]).mean(1)


def test_a_cohort_of_newcomers_leaves_as_its_frailty_says() -> None:
    """b = 0: the share still there after 1 to 36 months, from the gamma law and the time of joining."""
    run = history(plain("customers: 0, prospects: 1500, adoption: {arrivals: 3000 per month}"), INDIFFERENT)
    joined, left = run.people.joined, run.people.left
    rows = np.flatnonzero(joined < MONTH)
    lived = np.linspace(0, 1, 41)  # share of the first month that is left when they join
    expected = staying(np.zeros(len(lived)), np.maximum(0, LATER - 1 + lived[:, None]))
    at_first = 1 - joined[rows] / MONTH
    chance = np.stack([np.interp(at_first, lived, column) for column in expected.T], axis=1)
    there = left[rows, None] > LATER * MONTH
    assert worst(by_replication(run, rows, there - chance), 0.0) < 1


def test_customers_of_today_leave_as_the_frailty_of_the_faithful_says() -> None:
    """b = 0: those who stayed long are less frail; the share still there after 1 to 36 months, by tenure."""
    run = history(plain("customers: 1500"), INDIFFERENT)
    tenure = -run.people.joined / MONTH
    known = np.linspace(0, 120, 121)
    expected = staying(DEFAULTS.leave * known, np.tile(LATER, (len(known), 1)))
    chance = np.stack([np.interp(tenure, known, column) for column in expected.T], axis=1)
    there = run.people.left[:, None] > LATER * MONTH
    assert worst(by_replication(run, np.arange(len(tenure)), there - chance), 0.0) < 1


def test_tenure_follows_the_curve_of_retention() -> None:
    """b = 0: customers of today of each age are as many as stayed, (1 + phi h0 t)^(-1/phi), up to ten years."""
    run = history(plain("customers: 1500"), INDIFFERENT)
    tenure = -run.people.joined / MONTH
    moments = np.linspace(0, 120, 12_001)
    curve = loyalty.survival(DEFAULTS.leave * moments)
    law = np.concatenate([[0.0], np.cumsum((curve[1:] + curve[:-1]) / 2)])
    ages = np.array([3, 12, 36, 60, 90])
    expected = np.interp(ages, moments, law / law[-1])
    younger = by_replication(run, np.arange(len(tenure)), tenure[:, None] < ages)
    assert worst(younger, expected) < 1


def test_awareness_spreads_as_bass_says() -> None:
    """Without talk: the share who have bought by 6 to 36 months is that of the closed form, half of it (b = 0)."""
    run = history(plain("customers: 0, prospects: 3000, adoption: {p: 0.1, q: 2}"), INDIFFERENT)
    months = np.array([6, 12, 18, 24, 30, 36])
    replication = run.people.replication
    bought = np.array(
        [
            [(run.people.joined[replication == r] < month * MONTH).sum() / 3000 for month in months]
            for r in range(REPLICATIONS)
        ]
    )
    assert worst(bought, adoption.bass(months * MONTH / YEAR, 0.1, 2.0) / 2) < 1


@pytest.mark.parametrize("nps", [-20, 39])
def test_month_zero_shows_what_was_measured(nps: int) -> None:
    """NPS of customers of today, and leavers per customer-month in the first month."""
    scenario = plain("customers: 1500", f"nps: {nps}, leave: 3 % per month")
    found = outcome(history(scenario))
    score = (found.promoters - found.detractors)[:, 0, 0] / found.customers[:, 0, 0]
    assert worst(100 * score, float(nps)) < 1
    assert worst(found.left[:, 0, 0] / found.customers[:, 0, 0], 0.03) < 1


def test_the_story_starts_where_its_tracker_is() -> None:
    """The pretty app was at 39 points; the customers of month 0 are, too."""
    scenario = small.app({"segments.style_seekers.customers": 400})
    found = outcome(history(scenario.with_changes({"horizon": "1 month"})))
    score = (found.promoters - found.detractors)[:, 0, 0] / found.customers[:, 0, 0]
    assert worst(100 * score, 39.0) < 1


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
