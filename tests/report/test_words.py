"""The sentences over a result are honest: intervals always, doubt in words, money never without its cost."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import cxmodel as cx
from cxmodel.report.charts.layout import apart
from cxmodel.report.text.captions import change_words, footnote, price, run_state, starts_from, uncosted
from cxmodel.report.text.constraints import held, what_holds
from cxmodel.report.text.headline import answer, culprit, no_difference
from cxmodel.report.text.shortfalls import Shortfall, sentence, shortfalls, worst_touchpoint
from cxmodel.results.paired import Change, change, judge
from cxmodel.vocabulary import humanise
from tests.support import small


def test_the_answer_gives_the_change_its_interval_and_its_cost(mended: cx.Result, standing: cx.Result) -> None:
    """Real tracking helps, by how much from where to where, and what it costs."""
    said = " ".join(answer(mended, standing))
    assert all(
        words in said for words in ("points better (", "NPS +", " to ", "net value +£", "less an additional cost of £")
    )


def test_as_is_says_where_most_is_missing(standing: cx.Result) -> None:
    """The answer before any plan names the touchpoint to look at."""
    assert "The shortfall at Track order weighs most in what customers remember: it falls short by 3" in " ".join(
        answer(standing, None)
    )


def test_what_is_said_of_a_plan_is_not_said_of_today(mended: cx.Result, standing: cx.Result) -> None:
    """A plan that is told without today beside it is told under its own name."""
    assert answer(standing, None)[0].startswith("Today, what customers remember")
    assert answer(mended, None)[0].startswith("Under Fix the wait, what customers remember")


def test_a_plan_that_changes_nothing_says_so(year: cx.Scenario, standing: cx.Result) -> None:
    """A lever moved to where it stands changes no customer's life, and the answer is that."""
    null = year.with_initiative("null", {"levers.people.level": 0.7}, plan="null")
    assert answer(cx.simulate(null, "null", replications=3, jobs=1), standing) == [
        "This changes nothing: every customer has the same journey as today."
    ]


def test_a_moved_lever_has_no_cost_and_says_so(year: cx.Scenario, standing: cx.Result) -> None:
    """Worth is never shown without its cost or the words *no cost given*."""
    moved = year.with_initiative("moved_levers", {"levers.platforms.level": 0.95}, plan="moved")
    result = cx.simulate(moved, "moved", replications=3, jobs=1)
    assert price(result, standing) == "no cost given" and "No cost given" in " ".join(answer(result, standing))


def test_an_initiative_without_a_price_tag_is_named(year: cx.Scenario) -> None:
    """Half a price is no price: what has none is named beside what has one."""
    assert uncosted(year, "both") == ("promise less",)


def test_a_lever_with_nothing_to_mend_says_what_holds_it(year: cx.Scenario, standing: cx.Result) -> None:
    """People rest where customers already get nearly what they need."""
    moved = year.with_initiative("moved_levers", {"levers.people.level": 0.8}, plan="moved")
    result = cx.simulate(moved, "moved", replications=3, jobs=1)
    assert [sentence[:34] for sentence in held(result, standing, {"people": 0.8})] == [
        "People is not your constraint: onl"
    ]


def test_a_lever_nothing_rests_on_says_so(standing: cx.Result) -> None:
    """Of the levers that do, one may carry no touchpoint at all."""
    assert "no touchpoint that customers reach rests on it" in what_holds(standing, "culture")


@pytest.mark.slow
def test_without_economics_there_is_no_money(stories: Path, mended: cx.Result) -> None:
    """A margin is never invented."""
    text = (stories / "pretty_app.yaml").read_text(encoding="utf-8")
    poor = cx.loads("\n".join(line for line in text.splitlines() if not line.startswith("economics:")))
    poor = poor.with_changes({"horizon": "12 months"})
    runs = [cx.simulate(poor, plan, replications=2, jobs=1) for plan in ("fix_the_wait", "as_is")]
    assert "£" not in " ".join(answer(runs[0], runs[1]))


def test_the_model_says_how_close_it_starts_to_what_was_measured(standing: cx.Result) -> None:
    """Measured and modelled stand side by side."""
    assert starts_from(standing).startswith("Starts from today's figures: NPS 39.0 measured, 39.0 modelled")


@pytest.mark.parametrize(
    ("state", "total", "stale", "words"),
    [
        ("fresh", 30, False, "Up to date (30 runs)"),
        ("running", 30, False, "Running"),
        ("running", 30, True, "Out of date, running"),
        ("running", 1000, True, "Out of date, running: 60 of 1,000 runs"),
        ("stopped", 1000, True, "Out of date, stopped at 60 of 1,000 runs"),
        ("failed", 30, False, "The run failed"),
    ],
)
def test_the_run_state_is_in_words(state: str, total: int, stale: bool, words: str) -> None:
    """Whoever reads the page knows how fresh its numbers are."""
    assert run_state(state, 60, total, stale=stale) == words


def test_a_first_run_says_that_the_engine_is_being_prepared() -> None:
    """Half a minute, once on a computer, is not to look like a fault."""
    assert "once: about half a minute" in run_state("running", 0, 30, preparing=True)


def test_an_unclear_difference_says_how_many_more_runs_would_tell() -> None:
    """+0.3 within ±1.4 at 30 runs needs about 22 times as many."""
    noise = np.resize([3.0, -2.0, 1.5, -1.0, 0.0], 30) + 0.0
    found = judge("nps", noise)
    assert found.verdict == "unclear" and "more runs would settle it" in no_difference(found)


def test_a_clear_but_tiny_difference_is_not_sold_as_one() -> None:
    """Common luck can make a hundredth of a point certain; it still does not matter."""
    assert "no material difference" in change_words(judge("nps", np.full(30, 0.01) + 1e-4, least=0.05))


def test_less_gap_is_better_and_less_recommendation_is_worse(mended: cx.Result, standing: cx.Result) -> None:
    """The verdict knows which way is better."""
    assert [change(standing, mended, metric).verdict for metric in ("expectation_gap", "nps")] == [
        "worse",
        "worse",
    ]


@given(some.lists(some.floats(-50, 50), min_size=2, max_size=40))
def test_the_verdict_is_clear_only_outside_zero(samples: list[float]) -> None:
    """A difference is called better or worse only where its interval leaves zero out."""
    found = judge("nps", np.array(samples))
    assert not found.clear or found.low > 0 or found.high < 0


@given(some.lists(some.floats(0, 100), min_size=1, max_size=8))
def test_labels_are_kept_apart_in_their_order(heights: list[float]) -> None:
    """No two labels lie on one another, and none changes places."""
    placed = apart(heights, least=5.0)
    order = sorted(range(len(heights)), key=lambda i: (heights[i], placed[i]))
    gaps = [placed[b] - placed[a] for a, b in pairwise(order)]
    assert all(gap >= 5.0 - 1e-6 for gap in gaps)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("horizon", "words"), [("10 days", "10 days"), ("3 months", "3 months"), ("18 months", "12 months")]
)
def test_retention_is_told_of_the_time_it_is_of(year: cx.Scenario, horizon: str, words: str) -> None:
    """Twelve months, or the horizon where that is shorter; no month of a run that has none."""
    short = year.with_changes({"horizon": horizon})
    run = cx.simulate(short, replications=2, jobs=1)
    said = " ".join([*answer(run, None), footnote("retention", run, None), footnote("customer_equity", run, run)])
    assert f"retained over {words}" in said and " 0 months" not in said and "a year" not in said


def test_what_was_never_promised_is_no_promise_gap() -> None:
    """People may expect more than they need of what nobody told them."""
    row = ("bill", "clarity", 10.0, 9.0, 11.0, 0.2, (0.0, 0.0, 0.0, 10.0), {})
    assert "promise gap 10" in sentence(Shortfall(*row)) and "expectation above need 10" in sentence(
        Shortfall(*row, False)
    )


@given(some.sampled_from(["nps", "retention", "customer_equity"]), some.floats(1, 5e6), some.floats(1e-4, 0.9))
def test_a_difference_and_its_interval_have_the_same_digits(metric: str, value: float, width: float) -> None:
    """However narrow it is, an interval with some width is never shown with none."""
    found = Change(metric, value, value * (1 - width), value * (1 + width), 30, "better", None, 30)
    words = change_words(found, "GBP")
    size, low, high = (
        re.search(r"\+(\S+) better \((\S+) to (\S+)\)", words) or pytest.fail(f"no interval: {words}")
    ).groups()
    assert low != high, words
    alike = {len(each.strip("£kmbn").partition(".")[2]) for each in (size, low, high)}
    assert len(alike) == 1 or metric == "customer_equity", words


def test_a_difference_of_less_than_its_digits_is_told_with_more() -> None:
    """Never *0.4 better (0.37 to 0.37)*."""
    told = change_words(Change("nps", 0.3702, 0.3699, 0.3704, 30, "better", None, 30))
    assert told == "▲ +0.3702 better (0.3699 to 0.3704)"


@pytest.mark.slow
@pytest.mark.parametrize("story", ["kit_car_insurance", "pretty_app"])
def test_the_same_worst_is_named_in_answer_and_why(story: str) -> None:
    """The touchpoint that the answer names is the first that the causes of the gap explain."""
    scenario = cx.load(small.STORIES / f"{story}.yaml")
    for plan in ("as_is", *scenario.plans):
        result = cx.simulate(scenario, plan, replications=3, jobs=1)
        named, first = worst_touchpoint(result), shortfalls(result, most=1)
        if named is not None:
            assert first[0].touchpoint == named and humanise(named) in culprit(result)
