"""What a visit feels like, what is remembered of it and what is expected next: equations 3 to 7."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from cxmodel.model import expectation, memory, perception
from cxmodel.model.assumptions import KINDS
from tests.support.sequences import Mind
from tests.support.steady import given

points = st.floats(0, 100)


@given(st.floats(-100, 100), st.floats(0.1, 30))
def test_without_zone_and_loss_aversion_surprise_is_symmetric(difference: float, most: float) -> None:
    """lambda = 1 and zone = 0: a loss weighs what the same gain does."""
    up = perception.surprise(difference, most, most, 0.0)
    assert perception.surprise(-difference, most, most, 0.0) == pytest.approx(-up, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_inside_the_zone_of_tolerance_nothing_is_felt(kind: str) -> None:
    """Differences up to the zone are worth nothing, either way."""
    own = KINDS[kind]
    assert perception.surprise(np.array([-own.zone, 0.0, own.zone]), *own).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("kind", "gain", "loss"), [("performance", 10, 20), ("must_be", 1, 25), ("attractive", 15, 4)])
def test_surprise_saturates_at_what_the_kind_can_gain_and_lose(kind: str, gain: float, loss: float) -> None:
    """The table of kinds in model.md, section 3."""
    worth = perception.surprise(np.array([1000.0, -1000.0]), *KINDS[kind])
    assert worth.tolist() == pytest.approx([gain, -loss])


@given(points, points, points)
def test_expectation_lifts_perception_and_is_held_against_us(level: float, will: float, should: float) -> None:
    """A higher will-expectation raises P by .15 and R by .5 of it; should raises R alone."""
    raised = [
        perception.perceived(level, will + 10) - perception.perceived(level, will),
        perception.standard(will + 10, should) - perception.standard(will, should),
        perception.standard(will, should + 10) - perception.standard(will, should),
    ]
    assert [float(r) for r in raised] == pytest.approx([1.5, 5.0, 5.0])


def test_memory_with_a_fixed_rate() -> None:
    """alpha = .1: S after 8 visits from 60 towards 80 is 71.3907."""
    satisfaction = 60.0
    for _ in range(8):
        satisfaction = float(memory.remembered(satisfaction, 80.0, 0.1))
    assert satisfaction == pytest.approx(71.3907, abs=0.00005)


def test_steady_state_below_the_bar() -> None:
    """q = 75, H = 90, no drift: S settles at 69.17, for a performance attribute and u = 0."""
    mind = Mind(should=90.0).visits([75.0] * 400)
    assert mind.satisfaction == pytest.approx(69.17, abs=0.005)


def test_the_first_impression_counts_most() -> None:
    """The learning rate falls with experience to its floor, and never passes its ceiling."""
    rates = memory.learning_rate(np.array([0.0, 8.0, 1000.0]), 1.0)
    assert [*rates, float(memory.learning_rate(0.0, 100.0))] == pytest.approx([0.5, 0.1, 0.04, 0.5])


@given(points, points)
def test_bad_news_counts_double(perceived: float, will: float) -> None:
    """News is how far a visit was off what was foreseen, doubled where it was worse."""
    off = perceived - will
    assert float(memory.news(perceived, will)) == pytest.approx(max(off, 0) + 2 * max(-off, 0))


def test_a_quiet_month_counts_as_one_however_it_is_cut() -> None:
    """Thirty daily visits without news weigh what one monthly visit does."""
    assert 30 * memory.weight(1.0, 1.0, 0.0) == pytest.approx(float(memory.weight(1.0, 30.0, 0.0)))


@given(points, points, st.floats(0, 1))
def test_a_promise_moves_what_will_and_only_lifts_what_should(held: float, promised: float, belief: float) -> None:
    """Belief takes W the share of the way; H never falls, and goes half as far."""
    will = float(expectation.told_will(held, promised, belief))
    should = float(expectation.told_should(held, promised, belief))
    assert will == pytest.approx(held + belief * (promised - held))
    assert should == pytest.approx(held + 0.5 * belief * max(0.0, promised - held))


@given(points, points)
def test_delight_raises_the_bar_and_disappointment_does_not_lower_it(held: float, lived: float) -> None:
    """The ratchet of equation 7."""
    assert float(expectation.ratcheted_should(held, lived)) == pytest.approx(held + 0.1 * max(0.0, lived - held))


def test_the_bar_drifts_the_same_in_one_step_or_two() -> None:
    """Half a month twice is a month; a month closes 3 % of the distance."""
    twice = expectation.liquid_should(expectation.liquid_should(60.0, 90.0, 0.5), 90.0, 0.5)
    assert [float(twice), float(expectation.liquid_should(60.0, 90.0))] == pytest.approx([60.9, 60.9])


def test_a_minute_of_waiting_is_free() -> None:
    """Nothing up to a minute; 10 tanh(1) points where the rest is as long as the patience."""
    minute = 1 / 1440
    losses = perception.wait_loss(np.array([0.0, minute, 5 * minute]), 4 * minute)
    assert losses.tolist() == pytest.approx([0.0, 0.0, 10 * np.tanh(1.0)])


@given(points, st.floats(-60, 60), st.floats(0, 30), st.floats(0, 10))
def test_an_episode_stays_on_the_scale(judged: float, leniency: float, effort: float, waiting: float) -> None:
    """0 to 100, whoever judges."""
    assert 0 <= float(perception.episode(judged, leniency, effort, waiting)) <= 100
