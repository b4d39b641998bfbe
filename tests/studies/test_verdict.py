"""The verdict over plans: the highest net value opens, today where none gains; plans without a cost are set apart."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.report.text.verdict import sentence
from cxmodel.studies.objective import objective
from cxmodel.studies.verdict import Verdict, verdict

SHOP = """
schema: 1
name: Corner shop
horizon: 6 months
currency: GBP
attributes: {kindness: {kind: must_be}}
today: {leave: 2 % per month}
segments: {neighbours: {customers: 60, needs: {kindness: {level: 70}}}}
journey: {bread: {stage: use, every: 7 days, delivers: {kindness: 45}}}
MONEY
initiatives:
  smile: {changes: {journey.bread.delivers.kindness: 65}, cost: {once: 20}}
  gold: {changes: {journey.bread.delivers.kindness: 66}, cost: {once: 90000}}
  hope: {changes: {journey.bread.delivers.kindness: 60}}
PLANS
"""
MONEY = "economics: {margin: 9 per month}"


def shop(plans: str, money: str = MONEY) -> cx.Scenario:
    """The shop with these plans."""
    return cx.loads(SHOP.replace("MONEY", money).replace("PLANS", f"plans: {plans}"))


def over(plans: str, money: str = MONEY) -> Verdict:
    """The verdict over these plans of the shop."""
    scenario = shop(plans, money)
    return verdict({plan: cx.simulate(scenario, plan, replications=4, jobs=1) for plan in ("as_is", *scenario.plans)})


def test_the_plan_that_nets_most_is_best_and_the_dear_one_last() -> None:
    """Whatever the order in the file, and however much customer equity the dear one adds."""
    found = over("{dear: [gold], kinder: [smile]}")
    assert (found.metric, found.best, found.order) == ("net_value", "kinder", ("kinder", "dear"))
    said = sentence(found, shop("{}"))
    assert said.startswith("Of two plans, Kinder is worth most: net value +£") and "next is Dear with −£" in said


def test_where_none_gains_today_is_best() -> None:
    """And that is said, with the least bad."""
    found = over("{dear: [gold], dearer: [gold, smile]}")
    assert found.best == "as_is"
    assert "Of two plans none has a net value above zero; the best, Dear" in sentence(found, shop("{}"))


def test_a_plan_without_a_cost_has_no_net_value() -> None:
    """It is told apart, not ranked first for being free."""
    found = over("{hopeful: [hope], kinder: [smile]}")
    assert found.best == "kinder" and found.uncosted == ("hopeful",) and found.order == ("kinder", "hopeful")
    assert "No cost is given for Hopeful, so no net value." in sentence(found, shop("{}"))


@pytest.mark.parametrize(("money", "metric"), [(MONEY, "customer_equity"), ("", "nps")])
def test_without_any_cost_or_money_plans_are_judged_by_the_next_best_figure(money: str, metric: str) -> None:
    """Customer equity, and NPS where there is no economics; the words say so."""
    found = over("{hopeful: [hope]}", money)
    assert (found.metric, found.best, found.uncosted) == (metric, "hopeful", ())
    assert objective(cx.loads(SHOP.replace("MONEY", money).replace("PLANS", "")), "as_is") == metric


def test_a_scenario_without_plans_has_no_verdict() -> None:
    """Today it is, without a word."""
    found = over("{}")
    assert found.best == "as_is" and sentence(found, shop("{}")) == ""
