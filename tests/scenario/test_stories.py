"""What each story tells, and its twin: where the mechanism it rests on is off, the effect is gone.

A case names the plans compared, the metric, how much the effect is at least, and what turns the mechanism off.
Differences are between runs with the same luck, in the direction that is better; in the twin they are nothing or a
fraction of what they were, by the far end of their 95 % interval.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest

import cxmodel
from cxmodel.engine.inputs.world import World
from cxmodel.results.estimates import Estimate, estimate
from cxmodel.results.metrics import METRICS
from cxmodel.scenario import Scenario
from cxmodel.scenario.files import text_of
from cxmodel.scenario.scenario import build
from cxmodel.scenario.yaml_text.parser import read
from tests.support.small import STORIES

Off = Callable[[dict[str, Any]], None]


class Told(NamedTuple):
    """An effect that a story tells, and what turns off what it rests on."""

    story: str
    plan: str
    metric: str
    least: float
    """The effect is at least so much, in the units of the metric."""
    off: Off
    remains: float = 0.0
    """The most that is left of it in the twin; 0 where nothing is."""
    against: str = "as_is"
    replications: int = 8


def nobody_calls(plain: dict[str, Any]) -> None:
    """What goes wrong is borne in silence."""
    plain["today"].pop("contacts")
    plain["assumptions"] = {"calls_after_failure": 0, "calls_after_shortfall": 0}


def leaving_is_not_lived(plain: dict[str, Any]) -> None:
    """What happens on leaving moves nobody: it weighs nothing, and nobody calls about it."""
    for name in ("cancel", "wrong_renewal"):
        plain["journey"][name]["importance"] = 0
    plain["assumptions"] = {"unfixed_exit": 0}


def nobody_talks(plain: dict[str, Any]) -> None:
    """Nothing is told to anybody."""
    plain["assumptions"] = {"talk_base": 0, "talk_extreme": 0, "talk_surprise": 0}


def one_role(plain: dict[str, Any]) -> None:
    """At the wheel they are customers as at the desk."""
    plain["journey"]["drive"]["as"] = "customer"


def channels_agree(plain: dict[str, Any]) -> None:
    """Every channel delivers what all deliver in the mean."""
    for touchpoint in plain["journey"].values():
        for by_attribute in touchpoint.get("offsets", {}).values():
            by_attribute.update(dict.fromkeys(by_attribute, 0))


def tracked_once(plain: dict[str, Any]) -> None:
    """Nobody looks a second time where the parcel is."""
    plain["journey"]["track_order"]["visits"] = 1


def culture_is_no_threshold(plain: dict[str, Any]) -> None:
    """Whatever levers do reaches people, whether or not they believe in it."""
    plain["levers"]["culture"]["threshold"] = 0


def nobody_answers(plain: dict[str, Any]) -> None:
    """The loop hears nothing, so that nothing is worse than anything else."""
    plain["closed_loop"]["response"] = 0
    for initiative in plain["initiatives"].values():
        initiative["changes"].pop("closed_loop.response", None)


def the_team_knows_anyway(plain: dict[str, Any]) -> None:
    """The team hears what came of its actions in whichever plan."""
    plain["closed_loop"]["tell_team"] = True


def launched_at_once(plain: dict[str, Any]) -> None:
    """The perfect app is there in the month in which the small releases begin."""
    plain["initiatives"]["perfect_launch"]["starts"] = "month 1"
    plain["initiatives"]["settling_down"]["starts"] = "month 2"


TOLD = [
    Told("pretty_app", "fix_the_wait", "nps", 8, tracked_once, remains=3, replications=3),
    Told("five_levers", "culture_and_all_five", "nps", 20, culture_is_no_threshold, remains=1, against="all_five"),
    Told("closing_the_loop", "close_the_loop", "nps", 12, nobody_answers),
    Told("closing_the_loop", "close_the_loop", "satisfaction", 3, the_team_knows_anyway, against="without_telling"),
    Told("fail_fast", "many_small_steps", "nps", 20, nobody_answers),
    Told("fail_fast", "many_small_steps", "lost", 4, launched_at_once, against="one_perfect_launch"),
    Told("blamed_service", "mend_upstream", "wait_minutes", 0.2, nobody_calls, remains=0.01),
    Told("blamed_service", "mend_upstream", "contacts_per_customer", 0.8, nobody_calls, remains=0.02),  # of last bills
    Told("kit_car_insurance", "a_good_goodbye", "nps_lost", 8, leaving_is_not_lived, remains=0.05),
    Told("kit_car_insurance", "a_good_goodbye", "won_back", 5, leaving_is_not_lived, remains=0.5),
    Told("kit_car_insurance", "serve_the_customer", "lost", 10, one_role, remains=5, against="serve_the_driver"),
    Told("doing_right", "trust_people", "nps", 3, nobody_calls, remains=0.6),  # what policies do for the delivery
    Told("doing_right", "trust_people", "referrals", 0.5, nobody_talks),
    Told("one_view", "one_view", "nps", 3, channels_agree),
]


@cache
def plain_of(story: str) -> Any:
    path = STORIES / f"{story}.yaml"
    return read(text_of(path), path.name)


def twin(told: Told) -> Scenario:
    """The story with the mechanism off."""
    return without(told.story, told.off)


def without(story: str, *offs: Off) -> Scenario:
    """A story with so much turned off, or otherwise."""
    document = plain_of(story)
    plain = copy.deepcopy(document.plain)
    for off in offs:
        off(plain)
    return build(replace(document, plain=plain))


def effect(scenario: Scenario, told: Told) -> Estimate:
    """How much better the plan is than what it is held against, same luck."""
    results = [
        cxmodel.simulate(scenario, plan, replications=told.replications).samples(told.metric)
        for plan in (told.plan, told.against)
    ]
    way = 1.0 if METRICS[told.metric].better == "up" else -1.0
    return estimate(way * (results[0] - results[1]))


@pytest.mark.slow
@pytest.mark.parametrize("told", TOLD, ids=[f"{told.story}: {told.metric}" for told in TOLD])
def test_a_story_shows_what_it_tells(told: Told) -> None:
    """The plan is better by so much and more, by the far end of its interval."""
    assert effect(build(plain_of(told.story)), told).low > told.least


@pytest.mark.slow
@pytest.mark.parametrize("told", TOLD, ids=[f"{told.story}: {told.metric}" for told in TOLD])
def test_without_its_mechanism_the_effect_is_gone(told: Told) -> None:
    """In the twin, the plan is no better, or by what is named at most."""
    assert effect(twin(told), told).high <= told.remains


def plainer_is_a_plan(plain: dict[str, Any]) -> None:
    """What the app could do less of can be compared."""
    plain["plans"]["plainer"] = ["plainer_app"]


def nothing_raises_the_bar(plain: dict[str, Any]) -> None:
    """Nobody learns from what they see what they may expect next."""
    plain["assumptions"] = {"ratchet": 0, "will_learning": 0}


def dazzled(scenario: Scenario) -> float:
    """How much wider the gap in polish is at the tracking page after the dazzling app than after a plain one."""
    wide = {}
    for plan in ("as_is", "plainer"):
        rows = cxmodel.simulate(scenario, plan, replications=2).rows("touchpoints")
        (wide[plan],) = (
            row["gap"]
            for row in rows
            if (row["touchpoint"], row["attribute"], row["segment"]) == ("track_order", "polish", "style_seekers")
        )
    return float(wide["as_is"] - wide["plainer"])


@pytest.mark.slow
def test_a_dazzling_start_raises_the_bar_for_an_ordinary_middle() -> None:
    """The same tracking page falls short by 3 points more after the dazzling app."""
    assert dazzled(without("pretty_app", plainer_is_a_plan)) > 3


@pytest.mark.slow
def test_where_nothing_raises_the_bar_the_start_does_not_matter_to_the_middle() -> None:
    """In the twin the same tracking page falls as short after a plain app."""
    assert abs(dazzled(without("pretty_app", plainer_is_a_plan, nothing_raises_the_bar))) < 0.3


def pico_stands_still(plain: dict[str, Any]) -> None:
    """The rival remains what it is today."""
    del plain["rivals"]["pico"]["moves"]


def leap(metric: str) -> Estimate:
    """What the rival's leap does to the leader who carries on as is, same luck."""
    leaps, stays = (
        cxmodel.simulate(scenario, replications=8).samples(metric)
        for scenario in (without("rival_leaps"), without("rival_leaps", pico_stands_still))
    )
    return estimate(leaps - stays)


@pytest.mark.slow
def test_a_rival_that_leaps_takes_customers() -> None:
    """Of the year's customers 3 in a hundred more are gone than where it stands still."""
    assert leap("retention").high < -0.03


@pytest.mark.slow
def test_the_score_hardly_sees_the_rival_leap() -> None:
    """Those who stayed score 2 points lower at most, which is within the tracker's own interval."""
    assert leap("nps").low > -2


def all_want_the_same(plain: dict[str, Any]) -> None:
    """Bargain hunters need what seekers of quality need."""
    plain["segments"]["bargain_hunters"]["needs"] = plain["segments"]["quality_seekers"]["needs"]


def worth_to(scenario: Scenario, segment: str) -> float:
    """Value for money of the department store in the eyes of a segment."""
    return float(cxmodel.simulate(scenario, replications=2).samples("value_for_money", segment).mean())


@pytest.mark.slow
def test_two_retailers_give_equal_value_each_to_its_own() -> None:
    """The store to seekers of quality what the discounter gives to bargain hunters, within 4 points."""
    scenario = without("two_retailers")
    discounter = World.of(scenario).standard[0, list(scenario.segments).index("bargain_hunters")]
    assert worth_to(scenario, "quality_seekers") == pytest.approx(discounter, abs=4)


@pytest.mark.slow
def test_each_retailer_is_for_its_own_segment() -> None:
    """The store is worth 15 points less to bargain hunters than to seekers of quality."""
    scenario = without("two_retailers")
    assert worth_to(scenario, "quality_seekers") - worth_to(scenario, "bargain_hunters") > 15


@pytest.mark.slow
def test_where_all_want_the_same_a_retailer_is_worth_the_same_to_all() -> None:
    """In the twin no segment finds less in the store than another, within a point."""
    scenario = without("two_retailers", all_want_the_same)
    assert worth_to(scenario, "quality_seekers") == pytest.approx(worth_to(scenario, "bargain_hunters"), abs=1)
