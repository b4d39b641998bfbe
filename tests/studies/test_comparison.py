"""Comparing: differences under common luck, what is held against what, verdicts, precision."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.results.paired import judge, needed_for, still_needed
from cxmodel.simulation.precision import Figure, half_allowed, share_of, until_precise
from cxmodel.studies.comparison import Cell, Pair, pairs_of
from tests.support.small import app

SHOP = """
schema: 1
name: Corner shop
horizon: 3 months
currency: GBP
attributes: {kindness: {kind: must_be}}
segments:
  neighbours: {customers: 80, needs: {kindness: {level: 70}}}
  strangers: {customers: 40, needs: {kindness: {level: 60}}}
journey:
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}}
economics: {margin: 9 per month}
initiatives:
  smile: {changes: {journey.bread.delivers.kindness: "+20"}, cost: {once: 100}}
  frown: {changes: {journey.bread.delivers.kindness: "-30 %"}}
  wink: {changes: {journey.bread.delivers.kindness: "+0"}}
plans: {friendlier: [smile], grim: [frown], same: [wink]}
futures: {grumpy: {changes: {journey.bread.delivers.kindness: "-5"}}}
"""


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop that can be friendlier, grim, or the same."""
    return cx.loads(SHOP)


@pytest.fixture(scope="module")
def compared(shop: cx.Scenario) -> cx.Comparison:
    """Every plan against as is, in six replications."""
    return cx.compare(shop, replications=6, seed=3)


def row(found: cx.Comparison, metric: str, plan: str = "friendlier", segment: str = "all") -> dict[str, Any]:
    """One difference."""
    (one,) = (each for each in found.rows if (each["metric"], each["plan"], each["segment"]) == (metric, plan, segment))
    return one


@pytest.mark.slow
def test_every_plan_is_held_against_as_is(compared: cx.Comparison) -> None:
    """Unless told otherwise."""
    assert [(pair.run.plan, pair.against.plan) for pair in compared.pairs] == [
        ("friendlier", "as_is"),
        ("grim", "as_is"),
        ("same", "as_is"),
    ]


@pytest.mark.slow
def test_a_difference_is_the_mean_of_what_the_replications_differ_by(
    shop: cx.Scenario, compared: cx.Comparison
) -> None:
    """Taken within each replication, with Student's interval over them."""
    after, before = (cx.simulate(shop, plan, replications=6, seed=3) for plan in ("friendlier", "as_is"))
    paired = after.samples("nps") - before.samples("nps")
    half = 2.570582 * paired.std(ddof=1) / np.sqrt(6)  # Student's t, 5 degrees of freedom
    found = row(compared, "nps")
    assert [found["difference"], found["low"], found["high"]] == pytest.approx(
        [paired.mean(), paired.mean() - half, paired.mean() + half], rel=1e-6
    )


@pytest.mark.parametrize(
    ("metric", "plan", "verdict"),
    [
        ("satisfaction", "friendlier", "better"),
        ("satisfaction", "grim", "worse"),
        ("expectation_gap", "friendlier", "better"),
        ("cost", "friendlier", "worse"),
        ("satisfaction", "same", "unclear"),
        ("payback_month", "grim", "unclear"),
    ],
)
def test_the_verdict_knows_which_way_is_better(metric: str, plan: str, verdict: str, compared: cx.Comparison) -> None:
    """Less gap is better, more cost is worse, and what does not show is unclear."""
    assert row(compared, metric, plan)["verdict"] == verdict


def test_a_plan_that_changes_nothing_differs_by_nothing(compared: cx.Comparison) -> None:
    """To the last bit: 0 from 0 to 0, and no number of replications is asked for."""
    found = [each for each in compared.rows if each["plan"] == "same" and each["difference"] is not None]
    told = {(each["difference"], each["low"], each["high"], each["replications_needed"]) for each in found}
    assert len(found) > 30 and told == {(0.0, 0.0, 0.0, None)}


def test_replications_are_asked_for_where_it_is_unclear_and_only_there(compared: cx.Comparison) -> None:
    """A difference that shows needs no more of them."""
    asked = [each["verdict"] for each in compared.rows if each["replications_needed"] is not None]
    assert set(asked) <= {"unclear"}


def test_segments_are_compared_one_by_one(compared: cx.Comparison) -> None:
    """Each segment and all of them together."""
    assert {each["segment"] for each in compared.rows} == {"neighbours", "strangers", "all"}


def test_the_difference_over_time_ends_where_the_runs_do(compared: cx.Comparison, shop: cx.Scenario) -> None:
    """The course of a difference has its interval every month, and its last satisfaction is the headline's."""
    course = compared.timeline
    last = course[(course.metric == "satisfaction") & (course.plan == "friendlier") & (course.segment == "all")].iloc[
        -1
    ]
    assert (last["month"], last["difference"]) == (3, pytest.approx(row(compared, "satisfaction")["difference"]))


def test_what_is_still_being_played_is_compared_as_far_as_it_is(shop: cx.Scenario, compared: cx.Comparison) -> None:
    """With fewer replications on one side, those that both have are compared."""
    (pair,) = (each for each in compared.pairs if each.run.plan == "grim")
    fewer = cx.simulate(shop, "grim", replications=2, seed=3)
    found = cx.Comparison((pair,), {**compared.results, pair.run: fewer})
    whole = cx.compare(shop, ["grim"], replications=2, seed=3)
    assert (found.rows, found.courses) == (whole.rows, whole.courses)


def test_plans_are_compared_within_each_future(shop: cx.Scenario) -> None:
    """What a plan does in a future is told against as is in the same future."""
    found = cx.compare(shop, ["friendlier"], futures=[None, "grumpy"], replications=2)
    assert found.pairs == (
        Pair(Cell(0, "friendlier", None), Cell(0, "as_is", None)),
        Pair(Cell(0, "friendlier", "grumpy"), Cell(0, "as_is", "grumpy")),
    )


def test_another_file_is_held_against_the_first_plan_by_plan(shop: cx.Scenario) -> None:
    """The plans that both have, as is among them."""
    other = shop.with_changes({"initiatives.smile.cost.once": 200})
    assert pairs_of([shop, other])[:2] == [
        Pair(Cell(1, "as_is"), Cell(0, "as_is")),
        Pair(Cell(1, "friendlier"), Cell(0, "friendlier")),
    ]


def test_the_same_file_twice_differs_by_nothing(shop: cx.Scenario) -> None:
    """Files share their luck."""
    found = cx.compare([shop, cx.loads(SHOP)], ["friendlier"], replications=2)
    assert {each["difference"] for each in found.rows} <= {0.0, None}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"currency": "SEK"}, "amounts are the first in GBP and the second in SEK: convert those of one"),
        (
            {"horizon": "6 months", "name": "Twin"},
            "Corner shop looks 3 months ahead and Twin looks 6 months ahead: give",
        ),
    ],
)
def test_files_that_cannot_be_compared_are_refused_with_what_to_mend(
    shop: cx.Scenario, changes: dict[str, str], told: str
) -> None:
    """Pounds less kronor is no number, and a year's loyalty is not that of a month."""
    with pytest.raises(cx.UsageError, match=re.escape(told)):
        cx.compare([shop, shop.with_changes(changes)], ["as_is"], replications=2)


def test_a_file_that_spends_more_today_costs_more(shop: cx.Scenario) -> None:
    """All that is spent over the horizon counts, and net value is what customers are worth more, less that."""
    spending = shop.with_changes({"journey.bread.spend": "100 per month"})
    found = cx.compare([shop, spending], ["as_is", "friendlier"], replications=2)
    for plan in ("as_is", "friendlier"):
        assert row(found, "cost", plan)["difference"] == pytest.approx(300)
        assert row(found, "customer_equity", plan)["difference"] == 0
        assert row(found, "net_value", plan)["difference"] == pytest.approx(-300)


def test_a_plan_against_another_nets_what_their_own_net_values_differ_by() -> None:
    """And today against a plan nets the opposite of that plan against today; without a cost there is none."""
    cheaper = cx.loads(SHOP.replace('"+0"}}', '"+0"}, cost: {once: 10}}'))
    ahead = cx.compare(cheaper, ["friendlier", "same", "grim"], replications=3)
    own = {plan: row(ahead, "net_value", plan)["difference"] for plan in ("friendlier", "same", "grim")}
    behind = cx.compare(cheaper, ["friendlier", "as_is"], against="same", replications=3)
    assert row(behind, "net_value")["difference"] == pytest.approx(own["friendlier"] - own["same"])
    assert row(behind, "net_value", "as_is")["difference"] == pytest.approx(-own["same"]) == pytest.approx(10)
    assert own["grim"] is None


def test_an_unknown_plan_is_told(shop: cx.Scenario) -> None:
    """As everywhere."""
    with pytest.raises(cx.UsageError, match="nonsense"):
        cx.compare(shop, ["nonsense"], replications=2)


def test_a_scenario_without_plans_has_nothing_to_compare(shop: cx.Scenario) -> None:
    """And says what is missing."""
    with pytest.raises(cx.UsageError, match="no plan to compare"):
        cx.compare(shop, ["as_is"], replications=2)


@pytest.mark.parametrize(("spread", "half"), [(10.0, 1.0), (3.0, 2.9), (1.0, 0.013), (5.0, 100.0)])
def test_so_many_replications_are_just_enough(spread: float, half: float) -> None:
    """Student's half-width is below the aim with them, and not with one fewer."""
    from scipy.stats import t

    needed = needed_for(spread, half)
    assert needed is not None
    widths = [t.ppf(0.975, n - 1) * spread / np.sqrt(n) for n in (needed, max(2, needed - 1))]
    assert widths[0] < half and (widths[1] >= half or needed == 2)


def test_what_more_replications_are_said_to_tell_they_tell() -> None:
    """Were the differences to go on with the variance they have, the interval would just leave zero out."""
    pilot = np.resize([3.0, -2.0, 1.5, -1.0, 0.3], 30)
    more = judge("nps", pilot).wanted
    assert more is not None
    spread = pilot.std(ddof=1)
    enough = 1.9599 * spread / np.sqrt(30 + more)
    assert enough < abs(pilot.mean()) and still_needed(pilot, pilot.mean()) == more


def test_precision_is_reached_by_as_many_batches_as_it_takes() -> None:
    """A standard deviation of 20 and half a point asked for: some six thousand draws, and the interval is as asked."""
    luck = np.random.default_rng(1).normal(0, 20, 20_000)
    asked: list[int] = []

    def play(count: int) -> np.ndarray[Any, Any]:
        asked.append(count)
        return luck[:count]

    samples, came = until_precise(play, lambda made: [Figure("nps", made, 0.5)], 0.005, most=20_000)
    assert came.reached and came.replications == len(samples) == asked[-1]
    assert 5_000 < len(samples) < 8_000 and asked == sorted(set(asked))


def test_precision_that_cannot_be_had_stops_at_the_most_and_says_so() -> None:
    """And names the figure that is still too wide."""
    luck = np.random.default_rng(1).normal(0, 20, 20_000)
    _, came = until_precise(lambda count: luck[:count], lambda made: [Figure("nps", made, 0.01)], 0.005, most=100)
    assert (came.reached, came.replications, came.widest) == (False, 100, "nps")


def test_precision_is_points_for_scores_and_a_share_of_the_value_for_money() -> None:
    """2 %: two points of NPS or of people who stay, £20 of £1,000."""
    found = [half_allowed(metric, 0.02, 1000.0) for metric in ("nps", "retention", "customer_equity")]
    assert found == pytest.approx([2.0, 0.02, 20.0])


@pytest.mark.slow
def test_a_comparison_becomes_as_precise_as_asked(shop: cx.Scenario) -> None:
    """A twentieth of a point on the differences of the headline scores, and as many replications as that takes."""
    found = cx.compare(shop, ["friendlier"], precision=0.0005, replications=3)
    assert found.precision is not None and found.precision.reached
    allowed = {"expectation_gap": 0.05, "retention": 0.0005, "nps": 0.05}
    widths = {metric: row(found, metric)["high"] - row(found, metric)["low"] for metric in allowed}
    assert all(widths[metric] / 2 <= half for metric, half in allowed.items())
    assert found.precision.replications == next(iter(found.results.values())).replications > 3


@pytest.mark.parametrize("text", ["2", "0", "-1%", "much", "100%", "nan%"])
def test_a_precision_that_is_none_is_refused(text: str) -> None:
    """With an example of one that is."""
    with pytest.raises(cx.UsageError, match="--precision 2%"):
        share_of(text)


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["satisfaction", "nps", "customer_equity"])
def test_common_luck_saves_five_times_the_replications_and_more(metric: str) -> None:
    """The variance of a paired difference is a fifth, or less, of that between runs with luck of their own."""
    wanted = [cx.RunRequest(app({"horizon": "6 months"}), plan, replications=100) for plan in ("fix_the_wait", "as_is")]
    after, before = (result.samples(metric) for result in cx.simulate_all(wanted))
    assert after.var(ddof=1) + before.var(ddof=1) > 5 * (after - before).var(ddof=1)
