"""When a plan fails: rules, runs, the box, what cannot be said, and how it reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.cli.render import discovery as failing
from cxmodel.errors import RunError
from cxmodel.report.text.discovery import sentence
from cxmodel.scenario.describe.wording import said, spelled
from cxmodel.studies import uncertainty
from cxmodel.studies.discovery import study
from cxmodel.studies.discovery.study import Discovery, discover, drawn, rule_from, rule_of, wanted
from cxmodel.studies.uncertainty import Unknown, otherwise, unknowns
from cxmodel.vocabulary import Floats

pytestmark = pytest.mark.slow

SHOP = """
schema: 1
name: Corner shop
question: Does a smile pay?
horizon: 30 days
currency: GBP
attributes: {kindness: {kind: must_be}}
today: {leave: {value: 2 % per month, low: 1 % per month, high: 4 % per month}}
segments: {neighbours: {customers: 40, needs: {kindness: {level: 70}}}}
journey: {bread: {stage: use, every: 30 days, delivers: {kindness: {value: 45, low: 35, high: 60}}}}
MONEY
initiatives:
  smile:
    changes: {journey.bread.delivers.kindness: "+20"}
    starts: {value: month 0, low: month 0, high: month 1}
    cost: {once: {value: 1000, low: 0, high: 3000}}
plans: {friendlier: [smile]}
"""
MONEY = "economics: {margin: {value: 9 per month, low: 6 per month, high: 12 per month}}"
ONCE = "initiatives.smile.cost.once"


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop of which little is known for sure."""
    return cx.loads(
        SHOP.replace("MONEY", MONEY).replace("    starts: {value: month 0, low: month 0, high: month 1}\n", "")
    )


def judged(shop: cx.Scenario, outcome: Callable[[Mapping[str, Floats]], Floats], count: int = 120) -> Discovery:
    """A study of so many worlds with a given outcome of each, by the values that were drawn for it."""
    found = unknowns(shop, "friendlier")
    values = drawn(found, count)
    came = outcome({each.path: values[:, place] for place, each in enumerate(found)})
    return Discovery(shop, "friendlier", None, rule_of(shop, None, "friendlier"), found, values, came, 2, 1)


@pytest.fixture(scope="module")
def known(shop: cx.Scenario) -> Discovery:
    """The plan pays unless it costs more than 1,500 and people learn slowly; nothing else matters."""

    def outcome(drawn: Mapping[str, Floats]) -> Floats:
        return np.where((drawn[ONCE] > 1500) & (drawn["assumptions.will_learning"] < 0.5), -10.0, 10.0)

    return judged(shop, outcome)


class Kept(dict[str, Any]):
    """A store in memory."""

    def figures(self, name: str) -> Mapping[str, Sequence[float | None]] | None:
        """Those that are kept under a name."""
        return self.get(name)

    def keep_figures(self, name: str, figures: Mapping[str, Sequence[float | None]]) -> None:
        """Keep them."""
        self[name] = figures


class Here(Executor):
    """Plays at once, in this process; the runs of these numbers fail."""

    def __init__(self, *failing: int) -> None:
        self.failing, self.played = failing, 0

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Play a run, or fail."""
        future: Future[Any] = Future()
        if self.played in self.failing:
            future.set_exception(RunError("the till is broken"))
        else:
            future.set_result(work(*arguments, **named))
        self.played += 1
        return future


def test_a_rule_is_a_metric_a_sign_and_a_number() -> None:
    """Also in per cent, for shares."""
    rules = [rule_from(text) for text in ("nps<30", "customer_equity >= -1e3", " retention <= 80 % ")]
    assert [(each.metric, each.sign, each.number) for each in rules] == [
        ("nps", "<", 30.0),
        ("customer_equity", ">=", -1000.0),
        ("retention", "<=", 0.8),
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("nps is low", "such as 'nps < 30'"),
        ("npss < 30", "did you mean `nps`"),
        ("nps < 30 %", "NPS is not told in percent: `30`"),
        ("return_on_quality < 0", "told against as_is"),
        ("customer_equity < 0", "no economics"),
    ],
)
def test_what_is_no_rule_is_told_with_the_right_spelling(text: str, hint: str) -> None:
    """Before anything is played."""
    with pytest.raises(cx.UsageError) as refused:
        wanted(cx.loads(SHOP.replace("MONEY", "")), "friendlier", fails=text)
    assert hint in str(refused.value)


def test_a_plan_that_changes_nothing_needs_a_rule(shop: cx.Scenario) -> None:
    """With one, as it is can fail too."""
    with pytest.raises(cx.UsageError, match="changes nothing"):
        wanted(shop, "as_is")
    assert list(wanted(shop, "as_is", fails="nps < 30", worlds=2)) == [(0, "as_is"), (1, "as_is")]


@pytest.mark.parametrize("asked", [{"plan": "nicer"}, {"future": "flood"}, {"worlds": 0}, {"replications": 0}])
def test_what_is_not_there_is_refused(shop: cx.Scenario, asked: dict[str, Any]) -> None:
    """A plan, a future, a number of worlds or replications."""
    with pytest.raises(cx.UsageError):
        wanted(shop, **{"plan": "friendlier", **asked})


def test_a_hundred_worlds_are_the_hundred_worlds(shop: cx.Scenario) -> None:
    """So that what is kept of one study serves the other."""
    ours, theirs = wanted(shop, "friendlier", worlds=100), uncertainty.wanted(shop, "friendlier")
    assert [each.key for each in ours.values()] == [each.key for each in theirs.values()]


def test_each_world_is_judged_by_worth_less_cost(shop: cx.Scenario) -> None:
    """The plan less as is, with the same luck: as a result of its own tells."""
    found = discover(shop, "friendlier", worlds=2, executor=Here())
    plan, today = cx.simulate_all(list(wanted(shop, "friendlier", worlds=2).values())[:2], jobs=1)
    gain = (plan.samples("customer_equity") - today.samples("customer_equity")).mean()
    assert found.outcome[0] == pytest.approx(gain - plan.samples("cost").mean() + today.samples("cost").mean())
    assert found.failing.tolist() == (found.outcome <= 0).tolist()


def test_runs_that_fail_are_told_and_their_worlds_left_out(shop: cx.Scenario) -> None:
    """The study goes on."""
    found = discover(shop, "friendlier", fails="cost > 1500", worlds=5, executor=Here(1, 3))
    assert found.worlds == 3 and np.isnan(found.outcome[[1, 3]]).all()
    assert [each.why for each in found.failures] == ["the till is broken"] * 2
    assert "2 assumption scenarios left out: the till is broken" in failing.discovery(found)


def test_what_is_kept_is_not_played_again(shop: cx.Scenario) -> None:
    """A study that was ended is taken up; its cost is told for what is left, and the run that tells it is kept."""
    store, first, second = Kept(), Here(2), Here()
    asked: dict[str, Any] = {"fails": "cost > 1500", "worlds": 4, "store": store}
    discover(shop, "friendlier", executor=first, **asked)
    cost = study.cost(shop, "friendlier", jobs=1, **asked)
    found = discover(shop, "friendlier", executor=second, **asked)
    assert (cost.runs, first.played, second.played, found.worlds) == (1, 4, 0, 4) and cost.seconds > 0


def test_the_box_is_where_it_fails_by_construction(shop: cx.Scenario) -> None:
    """A cost above 1,500 where only what the initiative costs once is spent: that is the box, and nothing else."""
    found = discover(shop, "friendlier", fails="cost > 1500", worlds=60, replications=1, jobs=1)
    (row,) = found.box
    assert (row.path, row.high) == (ONCE, None) and row.low == pytest.approx(1500, abs=75)
    assert found.density is not None and found.density.value > 0.95
    assert found.coverage is not None and found.coverage.value > 0.85


def test_a_box_of_two_numbers_is_found_among_all(known: Discovery) -> None:
    """In the model's own units, each with its quasi-p and how often halves of the worlds restrict it again."""
    rows = {row.path: row for row in known.box}
    assert set(rows) == {ONCE, "assumptions.will_learning"}
    once, learning = rows[ONCE], rows["assumptions.will_learning"]
    assert once.low == pytest.approx(1500, abs=200) and once.high is None
    assert learning.high == pytest.approx(0.5, abs=0.1) and learning.low is None
    assert max(once.p, learning.p) < 0.05 and min(once.reproducible, learning.reproducible) >= 0.5


def test_density_and_coverage_have_intervals(known: Discovery) -> None:
    """Both lie in theirs, and the density lies clear of what all worlds have."""
    density, coverage = known.density, known.coverage
    assert density is not None and coverage is not None
    assert all(each.low < each.value <= each.high for each in (density, coverage))
    assert density.low > known.base.value and density.worlds == coverage.worlds


def test_the_trajectory_goes_from_all_worlds_to_dense_ones(known: Discovery) -> None:
    """The box that was chosen is on it, once."""
    steps = known.trajectory
    assert (steps[0].coverage, steps[0].mass, steps[0].restricted) == (1.0, 1.0, 0)
    assert sum(step.chosen for step in steps) == 1
    assert [step.coverage for step in steps] == sorted((step.coverage for step in steps), reverse=True)


def test_the_counterexample_is_a_world_in_the_box_that_can_be_loaded(known: Discovery, shop: cx.Scenario) -> None:
    """Its changes, written as in a file, give the world that was played, to ten digits."""
    found = known.counterexample
    assert found is not None and known.failing[found.world] and found.outcome == known.outcome[found.world]
    other = shop.with_changes(found.changes)
    drawn = known.values[found.world]
    played = otherwise(shop, dict(zip((each.path for each in known.unknowns), drawn.tolist(), strict=True)))
    assert other.today.leave == pytest.approx(played.today.leave, rel=1e-10)
    assert other.parameters.will_learning == pytest.approx(played.parameters.will_learning, rel=1e-10)
    assert other.initiatives["smile"].cost is not None
    assert other.initiatives["smile"].cost.once == pytest.approx(drawn[known.unknowns.index(_at(known, ONCE))])
    assert other.initiatives["smile"].cost.once > 1400


def _at(found: Discovery, path: str) -> Unknown:
    return next(each for each in found.unknowns if each.path == path)


@pytest.mark.parametrize(
    ("outcome", "why", "words"),
    [
        (lambda drawn: np.ones(120), "few", "fails in none of 120 assumption scenarios"),
        (lambda drawn: np.where(np.arange(120) < 6, -1.0, 1.0), "few", "too few to say where"),
        (lambda drawn: np.where(np.arange(120) < 6, 1.0, -1.0), "few_others", "nearly everywhere"),
        (lambda drawn: np.random.default_rng(5).normal(1, 1, 120), "luck", "no box stands out"),
    ],
)
def test_where_none_stands_out_that_is_said(shop: cx.Scenario, outcome: Any, why: str, words: str) -> None:
    """Too few failures, hardly anything else, or no more than luck would do; the document is whole all the same."""
    found = judged(shop, outcome)
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert (found.why_none, document["why_none"], found.box, document["density"]) == (why, why, [], None)
    assert words in sentence(document) and found.counterexample is None


def test_the_document_holds_numbers_that_json_knows(known: Discovery) -> None:
    """No infinity, no nan; the sentence is made from it alone."""
    document = json.loads(json.dumps(known.document(), allow_nan=False))
    assert document["failing"]["worlds"] == known.failing.sum() and len(document["box"]) == 2
    assert document["fails"] == "net_value <= 0" and document["against"] == "as_is"
    assert sentence(document) in failing.discovery(known)


def test_the_table_has_a_row_for_each_restriction(known: Discovery) -> None:
    """Limits beside how the scenario would write them."""
    table = known.table.set_index("path")
    assert table.loc[ONCE, "low_said"].startswith("£1,") and table.loc[ONCE, "value_said"] == "£1,000"
    assert table.loc["assumptions.will_learning", "low"] is None or np.isnan(
        table.loc["assumptions.will_learning", "low"]
    )


def test_in_a_terminal_the_sentence_comes_first_then_the_box_then_the_trade_off(known: Discovery) -> None:
    """Then what not to read into it."""
    blocks = failing.discovery(known).split("\n\n")
    assert blocks[0].startswith(
        "Corner shop\nDoes a smile pay?\nStress test of plan friendlier: 120 assumption scenarios"
    )
    assert blocks[1].startswith(
        f"It fails in {known.base.worlds} of 120 assumption scenarios (its net value is not above zero). In"
    )
    assert "smile, cost, once is above £1," in blocks[1] and "coverage" in blocks[1] and "density" in blocks[1]
    assert blocks[2].startswith("Conditions under which it fails\n") and "£0 to £3,000" in blocks[2]
    assert 3 <= len(blocks[3].splitlines()) <= 7 and blocks[3].count("← the box") == 1
    assert blocks[-1] == failing.CAVEAT


def test_a_number_is_said_and_spelled_as_the_scenario_writes_it() -> None:
    """In its unit, whatever the model counts in; what is spelled can be written in its place."""
    shop = cx.loads(SHOP.replace("MONEY", MONEY))
    leave, margin, starts = "today.leave", "economics.margin", "initiatives.smile.starts"
    day = 365.25 / 12
    assert (said(shop, leave, 0.015 / day), spelled(shop, leave, 0.015 / day)) == ("1.5 % per month", "1.5 % per month")
    assert said(shop, margin, 7.456 / day) == "£7.46 per month"
    assert spelled(shop, starts, day / 2) == "month 0.5"
    assert said(shop, "assumptions.free_wait", 5 / 1440) == "5 minutes"
    assert said(shop, "journey.bread.delivers.kindness", 51.26) == "51.3"
