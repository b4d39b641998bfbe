"""Explaining: four parts add up, mending is tried out with the same luck, initiatives share the whole difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import cxmodel as cx
from cxmodel.studies import explanation, shapley
from cxmodel.studies.explanation import explain, wanted
from tests.support.small import app
from tests.support.steady import given

SHOP = """
schema: 1
name: Corner shop
horizon: 3 months
currency: GBP
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 60, needs: {kindness: {level: 70}}}}
journey:
  bread: {stage: use, every: 7 days, delivers: {kindness: 45}, fails: {rate: 0.1, severity: 30, contact: help}}
  milk:  {stage: use, every: 9 days, delivers: {kindness: 70}}
  help:  {stage: support, delivers: {kindness: 85}}
insight_sources: {ears: {kind: customer, sees: [kindness], reliability: 0.5}}
levers: {practices: {level: 0.5}, policies: {level: 0.4}}
MONEY
initiatives:
  smile: {changes: {journey.bread.delivers.kindness: "+8"}, cost: {once: 100}}
  beam:  {changes: {journey.bread.delivers.kindness: "+8"}}
  wink:  {changes: {journey.bread.delivers.kindness: "+0"}}
  drill: {changes: {levers.practices.level: 0.9}, half_life: 5 days}
plans: {friendlier: [smile, wink], twice: [smile, beam], drilled: [drill], all: [smile, beam, drill]}
"""
MONEY = "economics: {margin: 9 per month, contact_cost: 2}"


def shop(money: str = MONEY) -> cx.Scenario:
    """A shop whose bread is sold unkindly and fails, whose milk is as kind as need be."""
    return cx.loads(SHOP.replace("MONEY", money))


@pytest.fixture(scope="module")
def standing() -> cx.Explanation:
    """As is."""
    return explain(shop(), replications=4, jobs=1)


@pytest.fixture(scope="module")
def twice() -> cx.Explanation:
    """Two initiatives that do the same."""
    return explain(shop(), "twice", replications=4, jobs=1)


def price(found: cx.Explanation, touchpoint: str, metric: str) -> dict[str, Any]:
    """One price of mending."""
    (one,) = (row for row in found.mending_rows if (row["touchpoint"], row["metric"]) == (touchpoint, metric))
    return one


def share(found: cx.Explanation, initiative: str, metric: str) -> dict[str, Any]:
    """One contribution."""
    (one,) = (row for row in found.initiative_rows if (row["initiative"], row["metric"]) == (initiative, metric))
    return one


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["as_is", "both"])
def test_know_decide_do_and_say_add_up_to_the_gap(plan: str) -> None:
    """At every touchpoint, attribute and segment, to a billionth of a point."""
    rows = explain(app({"horizon": "4 months"}), plan, replications=2, jobs=1).gap_rows
    off = [row["know"] + row["decide"] + row["do"] + row["say"] - row["gap"] for row in rows]
    assert len(rows) > 20 and np.abs(off).max() < 1e-9


@pytest.mark.slow
def test_the_waterfall_starts_at_the_need_and_ends_at_what_is_felt(standing: cx.Explanation) -> None:
    """Each part is the step between two levels that the row tells too."""
    for row in standing.gap_rows:
        steps = [row["needed"] - row["pictured"], row["pictured"] - row["designed"], row["designed"] - row["delivered"]]
        assert [row["know"], row["decide"], row["do"]] == pytest.approx(steps)
        assert row["gap"] == pytest.approx(row["expected"] - row["perceived"])


def test_contacts_are_traced_to_where_they_began(standing: cx.Explanation) -> None:
    """Bread fails, milk does not; the shares are of all contacts."""
    begun = {(row["touchpoint"], row["cause"]) for row in standing.contact_rows}
    assert ("bread", "failure") in begun and ("milk", "failure") not in begun
    assert sum(row["share"] for row in standing.contact_rows) == pytest.approx(1)


def test_mending_what_falls_short_is_worth_something(standing: cx.Explanation) -> None:
    """Lifting the bread to the need wins recommendation and money."""
    assert [price(standing, "bread", metric)["verdict"] for metric in ("customer_equity", "nps")] == ["better"] * 2


@pytest.mark.parametrize("touchpoint", ["milk", "help"])
@pytest.mark.parametrize("metric", ["customer_equity", "retention", "nps"])
def test_what_is_already_at_the_need_or_above_has_a_price_of_exactly_nothing(
    touchpoint: str, metric: str, standing: cx.Explanation
) -> None:
    """Nothing is lifted, and nothing that delivers more is lowered."""
    row = price(standing, touchpoint, metric)
    assert (row["difference"], row["low"], row["high"], row["verdict"]) == (0.0, 0.0, 0.0, "unclear")


def test_mending_is_the_same_as_delivering_the_need_from_the_first_day(standing: cx.Explanation) -> None:
    """An initiative that brings the bread to the need at once does what the counterfactual does."""
    at_once = {"changes": {"journey.bread.delivers.kindness": 70}, "starts": "day 0", "half_life": "1 hour"}
    text = SHOP.replace("MONEY", MONEY).replace("initiatives:\n", f"initiatives:\n  heal: {at_once}\n")
    healed = cx.loads(text.replace("plans: {", "plans: {healed: [heal], "))
    found = cx.compare(healed, ["healed"], replications=4)
    (nps,) = (row for row in found.rows if (row["metric"], row["segment"]) == ("nps", "all"))
    assert price(standing, "bread", "nps")["difference"] == pytest.approx(nps["difference"], abs=0.05)


def test_a_plan_that_does_the_mending_leaves_less_to_mend() -> None:
    """What levers bring counts: a mended touchpoint is lifted to the need and no further."""
    found = explain(shop(), "drilled", replications=4, jobs=1)
    standing = explain(shop(), replications=4, jobs=1)
    assert 0 < price(found, "bread", "nps")["difference"] < price(standing, "bread", "nps")["difference"]


@pytest.mark.slow
def test_a_drifting_need_is_followed() -> None:
    """Where customers come to need more, mending keeps up: it is worth more than where they do not."""
    drifting = shop().with_changes({"segments.neighbours.needs.kindness.drift": "+40 per year"})
    found = [price(explain(each, replications=4, jobs=1), "milk", "nps")["difference"] for each in (drifting, shop())]
    assert found[0] > found[1] == 0


def test_touchpoints_come_in_the_order_in_which_to_mend_them(standing: cx.Explanation) -> None:
    """The largest change in customer equity first, three rows each."""
    worth = [row["difference"] for row in standing.mending_rows if row["metric"] == "customer_equity"]
    assert worth == sorted(worth, reverse=True) and standing.mending_rows[0]["touchpoint"] == "bread"
    assert [row["metric"] for row in standing.mending_rows[:3]] == ["customer_equity", "retention", "nps"]


@pytest.mark.slow
def test_without_economics_recommendation_decides_what_to_mend_first() -> None:
    """There is no figure of money at all."""
    found = explain(shop(money=""), replications=3, jobs=1)
    assert found.mending_rows[0] == {
        "touchpoint": "bread", "metric": "customer_equity", "difference": None, "low": None, "high": None,
        "verdict": "unclear", "replications_needed": None, "unit": "GBP",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["expectation_gap", "retention", "nps", "customer_equity", "cost"])
def test_contributions_add_up_to_the_whole_difference(metric: str) -> None:
    """For three initiatives of which two touch the same number."""
    found = explain(shop(), "all", replications=3, jobs=1)
    whole = found.result.samples(metric).mean() - found.results["acts",].samples(metric).mean()
    told = [row["contribution"] for row in found.initiative_rows if row["metric"] == metric]
    assert len(told) == 3 and sum(told) == pytest.approx(whole, abs=1e-9)


def test_an_initiative_that_changes_nothing_contributes_exactly_nothing() -> None:
    """A dummy gets nothing, and the other gets it all."""
    found = explain(shop(), "friendlier", replications=3, jobs=1)
    row = share(found, "wink", "nps")
    assert (row["contribution"], row["low"], row["high"]) == (0.0, 0.0, 0.0)


def test_two_that_do_the_same_contribute_the_same(twice: cx.Explanation) -> None:
    """Eight points and eight points: neither is favoured for coming first."""
    first, second = (share(twice, name, "nps")["contribution"] for name in ("smile", "beam"))
    assert first == pytest.approx(second, rel=1e-6) and first > 0


def test_what_costs_is_told_of_whoever_costs_it(twice: cx.Explanation) -> None:
    """The cost of an initiative is its own."""
    assert [share(twice, name, "cost")["contribution"] for name in ("smile", "beam")] == [100, 0]


def test_as_is_has_no_initiatives_to_tell_of(standing: cx.Explanation) -> None:
    """Nor a key for them in the document."""
    assert standing.initiative_rows == [] and "initiatives" not in standing.document()


def test_no_run_is_wanted_twice() -> None:
    """What has nothing to mend wants the run of the plan itself; two that do the same want one between them."""
    runs = wanted(shop(), "twice")
    assert len({run.key for run in runs.values()}) == 4 and len(runs) == 4 + 3


def test_an_explanation_grows_while_its_runs_come_in() -> None:
    """From the plan's run alone there is a waterfall already; prices come one by one."""
    runs = wanted(shop(), "twice", replications=2)
    results = dict(zip(runs, cx.simulate_all(list(runs.values())), strict=True))
    first = {key: results[key] for key in [("acts", "smile", "beam"), ("mended", "bread")]}
    found = explanation.of(shop(), "twice", first)
    assert found.gap_rows and found.initiative_rows == []
    assert {row["touchpoint"] for row in found.mending_rows} == {"bread"}


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_whatever_acts_achieve_together_their_contributions_add_up(values: list[float]) -> None:
    """For any worth of any set of three acts."""
    worth = {members: values[place] for place, members in enumerate(shapley.coalitions_of(["a", "b", "c"]))}
    found = shapley.contributions(["a", "b", "c"], lambda members: np.full(2, worth[members]))
    assert sum(each.value or 0.0 for each in found.values()) == pytest.approx(worth["a", "b", "c"] - worth[()])


def test_many_acts_are_told_from_a_sample_of_orders_and_still_add_up() -> None:
    """Eight acts, one of which doubles the others: sampled orders, far fewer runs than 256, an interval for chance."""
    acts = [f"act{number}" for number in range(8)]

    def value(members: shapley.Coalition) -> np.ndarray[Any, Any]:
        alone = float(len([name for name in members if name != "act0"]))
        return np.full(4, alone * (2 if "act0" in members else 1))

    found = shapley.contributions(acts, value)
    assert len(shapley.coalitions_of(acts)) < 128
    assert sum(each.value or 0.0 for each in found.values()) == pytest.approx(14)
    assert all((each.low or 0) <= 1.5 <= (each.high or 0) for name, each in found.items() if name != "act0")
