"""A few customers' lives, as a story could be told of them."""

import pytest

import cxmodel as cx
from cxmodel.scenario import stories


@pytest.fixture(scope="module")
def lives():
    scenario = cx.load(stories()["pretty_app"]).with_changes({"segments.style_seekers.customers": 50})
    return cx.simulate(scenario, replications=1, seed=3).customers(3)


@pytest.mark.slow
def test_three_customers_end_in_three_ways(lives) -> None:
    """A typical one, a delighted one and a lost one."""
    assert lives.groupby("customer").kind.first().tolist() == ["typical", "delighted", "lost"]


@pytest.mark.slow
def test_a_life_is_told_in_order_of_time(lives) -> None:
    """Each visit follows the one before."""
    assert lives.groupby("customer").day.apply(lambda day: day.is_monotonic_increasing).all()


def test_a_newcomer_lives_the_journey_from_its_start(lives) -> None:
    """Who was won within the horizon tried the glasses on first; the lost one said goodbye last, and called at most."""
    assert (lives.groupby("customer").touchpoint.first() == "virtual_try_on").all()
    lost = lives[(lives.kind == "lost") & (lives.touchpoint != "call_us")]
    assert lost.touchpoint.iloc[-1] == "goodbye"


def test_the_delighted_end_more_satisfied_than_the_lost(lives) -> None:
    """That is how they were chosen."""
    last = lives.groupby("kind").satisfaction.last()
    assert last["delighted"] > last["typical"] > last["lost"]


def test_the_gap_is_what_was_expected_less_what_was_perceived(lives) -> None:
    """To the precision that people are kept in."""
    judged = lives.dropna(subset=["gap"])
    assert ((judged.expected - judged.perceived - judged.gap).abs() < 1e-3).all()
