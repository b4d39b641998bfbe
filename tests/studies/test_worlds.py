"""The hundred worlds: what is drawn, what stands out and what luck alone would make stand out."""

from __future__ import annotations

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.model.assumptions import parameters
from cxmodel.simulation.batch import Failed, play_many
from cxmodel.studies import uncertainty
from cxmodel.studies.uncertainty import Uncertainty, Unknown, hinge, otherwise, unknowns, wanted
from cxmodel.vocabulary import Floats

pytestmark = pytest.mark.slow

SHOP = """
schema: 1
name: Corner shop
horizon: 3 months
currency: GBP
attributes: {kindness: {kind: must_be}}
today: {leave: {value: 2 % per month, low: 1 % per month, high: 4 % per month}}
segments: {neighbours: {customers: 60, needs: {kindness: {level: 70}}}}
journey: {bread: {stage: use, every: 7 days, delivers: {kindness: {value: 45, low: 35, high: 60}}}}
MONEY
initiatives:
  smile:
    changes: {journey.bread.delivers.kindness: "+20"}
    cost: {once: {value: 100, low: 50, high: 300}}
  frown: {changes: {journey.bread.delivers.kindness: "-9"}, cost: {once: {value: 5, low: 2, high: 9}}}
plans: {friendlier: [smile], grim: [frown]}
expect: [{metric: nps, above: 1}]
"""
MONEY = "economics: {margin: {value: 9 per month, low: 6 per month, high: 12 per month}}"


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop of which little is known for sure."""
    return cx.loads(SHOP.replace("MONEY", MONEY))


def try_out(scenario: cx.Scenario, plan: str, worlds: int) -> Uncertainty:
    """Play a plan and as is in worlds in which what nobody knows is otherwise."""
    return cx.uncertainty(scenario, plan, worlds=worlds, jobs=1)


@pytest.fixture(scope="module")
def tried(shop: cx.Scenario) -> Uncertainty:
    """Twelve worlds."""
    return try_out(shop, "friendlier", worlds=12)


def ten(worlds_: int = 100, seed: int = 3) -> tuple[tuple[Unknown, ...], Floats, np.random.Generator]:
    """Ten unknowns from 0 to 10, drawn for so many worlds, and luck for what comes of them."""
    found = tuple(Unknown(f"x{number}", f"x{number}", 0.0, 5.0, 10.0, False) for number in range(10))
    return found, uncertainty.drawn(found, seed=seed)[:worlds_], np.random.default_rng(seed)


def test_numbers_with_a_range_and_all_assumptions_are_drawn(shop: cx.Scenario) -> None:
    """Those of the scenario that act in the plan, and each parameter that is marked (A)."""
    found = unknowns(shop, "friendlier")
    said = [each.path for each in found if not each.assumed]
    assert said == [
        "today.leave",
        "journey.bread.delivers.kindness",
        "economics.margin",
        "initiatives.smile.cost.once",
    ]
    assert sum(each.assumed for each in found) == sum(known.assumed for known in parameters().values())


def test_half_of_the_worlds_lie_below_what_is_said(shop: cx.Scenario) -> None:
    """Of every unknown, however lopsided its range, and none beyond the range."""
    found = unknowns(shop, "friendlier")
    values = uncertainty.drawn(found)
    low, said, high = (np.array([getattr(each, end) for each in found]) for end in ("low", "value", "high"))
    assert ((values >= low) & (values <= high)).all()
    assert np.all(np.abs((values < said).mean(axis=0) - 0.5) <= 0.01 + (said == low) + (said == high))


def test_a_world_has_the_numbers_that_were_drawn_for_it(shop: cx.Scenario) -> None:
    """In the model's own units, wherever they stand, and it is another scenario."""
    other = otherwise(
        shop,
        {
            "journey.bread.delivers.kindness": 51.5,
            "initiatives.smile.cost.once": 123.0,
            "assumptions.liquid": 0.07,
            "today.leave": 0.001,
        },
    )
    assert other.journey["bread"].delivers["kindness"] == 51.5
    assert other.initiatives["smile"].cost is not None and other.initiatives["smile"].cost.once == 123
    assert (other.parameters.liquid, other.today.leave) == (0.07, 0.001)
    assert other.hash != shop.hash and other.standing_hash != shop.standing_hash


def test_each_world_plays_the_plan_and_as_is(shop: cx.Scenario) -> None:
    """The first twenty of a hundred are the same twenty whatever follows."""
    some, more = (wanted(shop, "friendlier", worlds=count) for count in (20, 30))
    assert list(some)[:2] == [(0, "friendlier"), (0, "as_is")] and len(some) == 40
    assert all(some[key].key == more[key].key for key in some)


def test_the_spread_over_worlds_is_wider_than_run_noise(tried: Uncertainty) -> None:
    """Assumption uncertainty is told beside chance."""
    nps = next(each for each in tried.spreads if each.metric == "nps")
    assert (nps.high - nps.low) / 2 > nps.noise > 0 and nps.low <= nps.value <= nps.high


def test_worlds_in_which_it_pays_are_counted_with_an_interval(tried: Uncertainty) -> None:
    """Net value above zero; the interval is that of a share."""
    assert tried.metric == "net_value" and tried.worlds == 12
    assert tried.above.worlds == (tried.differences["net_value"].mean(1) > 0).sum()
    assert tried.above.low <= tried.above.worlds / 12 <= tried.above.high


def test_net_value_in_a_world_is_that_of_a_run_there(shop: cx.Scenario, tried: Uncertainty) -> None:
    """Figure by figure what `simulate` says of the same scenario."""
    run = wanted(shop, "friendlier", worlds=2)[1, "friendlier"]
    found = cx.simulate(run.scenario, "friendlier", replications=run.replications, seed=run.seed)
    assert tried.differences["net_value"][1] == pytest.approx(found.samples("net_value"), rel=1e-12)
    assert tried.paid_back[1] == pytest.approx(found.samples("payback_month"), nan_ok=True)


def test_payback_is_counted_over_worlds(tried: Uncertainty) -> None:
    """A smile for £100 is soon paid back where it is cheap; how often is a share with an interval."""
    assert tried.payback is not None
    assert tried.payback.worlds == np.isfinite(tried.paid_back).all(1).sum() <= tried.worlds
    assert tried.payback.share_low <= tried.payback.worlds / tried.worlds <= tried.payback.share_high
    if tried.payback.worlds:
        assert tried.payback.low <= tried.payback.month <= tried.payback.high <= 3


def test_a_number_of_ones_own_and_a_constant_are_told_apart(tried: Uncertainty) -> None:
    """First what the company can find out, then what the model takes for granted."""
    assert [each.unknown.assumed for each in tried.hinges] in ([], [False], [True], [False, True])


def test_what_it_hangs_on_is_what_the_tornado_turns_most() -> None:
    """On the same objective both name the same number of the company's own, and the same way: a dear smile's cost."""
    dear = SHOP.replace("MONEY", MONEY).replace("value: 100, low: 50, high: 300", "value: 1000, low: 500, high: 3000")
    shop = cx.loads(dear)
    found = try_out(shop, "friendlier", worlds=100)
    own = next(each for each in found.hinges if not each.unknown.assumed)
    over = [each.path for each in found.unknowns if not each.assumed]
    turned = cx.sensitivity(shop, "friendlier", metric=found.metric, over=over, replications=10)
    most = turned.rows[0]
    assert most["path"] == own.unknown.path
    assert (most["at_high"] > most["at_low"]) == own.rises


def test_without_economics_worlds_are_counted_in_which_recommendation_rises() -> None:
    """No figure of money is made up."""
    found = try_out(cx.loads(SHOP.replace("MONEY", "")), "friendlier", worlds=3)
    assert (found.metric, found.payback) == ("nps", None)
    assert found.above.worlds == (found.differences["nps"].mean(1) > 0).sum()


def test_worlds_still_to_come_are_left_out(shop: cx.Scenario, tried: Uncertainty) -> None:
    """What is there by now is told as it is."""
    runs = wanted(shop, "friendlier", worlds=3)
    figures = dict(zip(runs, play_many(list(runs.values()), jobs=1), strict=True))
    del figures[1, "as_is"]
    known = {key: each for key, each in figures.items() if not isinstance(each, Failed)}
    found = uncertainty.of(shop, "friendlier", known)
    assert found.worlds == 2
    assert found.differences["nps"].tolist() == tried.differences["nps"][[0, 2]].tolist()


def test_no_world_yet_says_nothing(shop: cx.Scenario) -> None:
    """And does not fail."""
    found = uncertainty.of(shop, "friendlier", {})
    assert (found.worlds, found.spreads, found.hinges, found.above.worlds) == (0, (), (), 0)


@pytest.mark.parametrize("plan", ["as_is"])
def test_a_plan_that_changes_nothing_is_refused(shop: cx.Scenario, plan: str) -> None:
    """There is no difference that could be otherwise."""
    with pytest.raises(cx.UsageError, match="changes nothing"):
        wanted(shop, plan)


def test_the_assumption_that_the_outcome_hangs_on_is_found_with_its_break_even() -> None:
    """An outcome that crosses zero where the third unknown is 4, under noise of the others."""
    found, values, luck = ten()
    outcome = (values[:, 3] - 4) + 0.2 * values[:, 5] - 1 + luck.normal(0, 0.5, len(values))
    known = hinge(found, values, outcome)
    assert known is not None and known.unknown.path == "x3" and known.rises
    assert known.break_even is not None and known.earliest is not None and known.latest is not None
    assert known.earliest < 4 < known.latest and known.latest - known.earliest < 1.5
    assert 0 < known.low < known.strength < known.high < 1


def test_one_that_pays_across_its_whole_range_has_no_break_even() -> None:
    """It matters most, and does not change the sign."""
    found, values, luck = ten()
    known = hinge(found, values, 20 + values[:, 3] + luck.normal(0, 0.5, len(values)))
    assert known is not None and (known.break_even, known.above) == (None, 1.0)


def test_two_that_matter_alike_leave_none_that_stands_out() -> None:
    """It would be luck which one is called first."""
    found, values, _ = ten()
    assert hinge(found, values, values[:, 3] + values[:, 5] - 10) is None


def test_noise_is_hardly_ever_called_a_finding() -> None:
    """Outcomes that hang on nothing: at most five in a hundred times does something seem to stand out."""
    found, values, luck = ten(40)
    called = sum(hinge(found, values, luck.normal(0, 1, len(values))) is not None for _ in range(60))
    assert called <= 6


def test_the_document_holds_numbers_that_json_knows(tried: Uncertainty) -> None:
    """No infinity, no nan."""
    import json

    document = json.loads(json.dumps(tried.document(), allow_nan=False))
    assert document["worlds"] == 12 and {each["metric"] for each in document["spreads"]} >= {"nps", "customer_equity"}
