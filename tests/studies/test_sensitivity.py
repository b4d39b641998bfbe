"""What matters most: tornado, screening and indices, on functions with known answers and a shop made to a ranking."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.cli.render import sensitivity as mattering
from cxmodel.report.text.sensitivity import sentence
from cxmodel.results.estimates import half_width
from cxmodel.studies.sensitivity.cases import Method
from cxmodel.studies.sensitivity.indices import morris_cases, morris_of, noise, problem_of, sobol_cases, sobol_of, whole
from cxmodel.studies.sensitivity.study import Sensitivity, cost, sensitivity
from cxmodel.studies.uncertainty import unknowns
from cxmodel.vocabulary import Floats

pytestmark = pytest.mark.slow

SHOP = """
schema: 1
name: Corner shop
question: What should we find out first?
horizon: 6 months
currency: GBP
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 150, needs: {kindness: {level: 70}}}}
journey:
  bread: {stage: use, every: 60 days, delivers: {kindness: {value: 50, low: 10, high: 90}}}
  sweets: {stage: use, every: 120 days, delivers: {kindness: {value: 50, low: 47, high: 53}}}
economics: {margin: {value: 9 per month, low: 6 per month, high: 12 per month}}
initiatives:
  smile:
    changes: {journey.sweets.delivers.kindness: "+20"}
    cost: {once: {value: 100, low: 50, high: 300}}
  idle: {changes: {journey.sweets.delivers.kindness: "+1"}}
plans: {friendlier: [smile]}
"""
BREAD, SWEETS, MARGIN = "journey.bread.delivers.kindness", "journey.sweets.delivers.kindness", "economics.margin"
PRICE = "initiatives.smile.cost.once"
ISHIGAMI = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
FOUR = problem_of(["strong", "weak", "luck", "none"])
METHODS = ["tornado", "morris", pytest.param("sobol", marks=pytest.mark.slow)]


class Here(Executor):
    """Plays in this process, at once; refuses runs of which it is told so."""

    def __init__(self, refuses: Callable[[cx.RunRequest], bool] = lambda wanted: False) -> None:
        self.refuses, self.played = refuses, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Play a run."""
        done: Future[Any] = Future()
        self.played += 1
        try:
            if self.refuses(args[0]):
                raise cx.RunError("the till is empty")
            done.set_result(fn(*args, **kwargs))
        except Exception as problem:
            done.set_exception(problem)
        return done


class Shelf(dict[str, Any]):
    """A store in memory."""

    figures = dict[str, Any].get

    def keep_figures(self, name: str, figures: Any) -> None:
        """Keep figures under a name."""
        self[name] = figures


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop in which bread's kindness may be anything, that of sweets hardly, and the margin makes nobody kinder."""
    return cx.loads(SHOP)


def ask(shop: cx.Scenario, plan: str = "as_is", **options: Any) -> Sensitivity:
    """What matters to NPS of three numbers, played here."""
    given: dict[str, Any] = {"metric": "nps", "over": [BREAD, SWEETS, MARGIN], "executor": Here(), "replications": 6}
    return sensitivity(shop, plan, **{**given, **options})


@pytest.fixture(scope="module")
def tornado(shop: cx.Scenario) -> Sensitivity:
    """Three numbers turned."""
    return ask(shop)


@pytest.fixture(scope="module")
def morris(shop: cx.Scenario) -> Sensitivity:
    """Three numbers screened."""
    return ask(shop, method="morris", trajectories=4)


@pytest.fixture(scope="module")
def sobol(shop: cx.Scenario) -> Sensitivity:
    """The variance of three numbers."""
    return ask(shop, method="sobol", samples=16, replications=3)


def lucky(X: Floats, replications: int = 10, seed: int = 1) -> Floats:
    """Outcomes (cases, replications) that rest on the first number, a little on the second; the third stirs luck."""
    shared = np.random.default_rng(seed).normal(0, 1, replications)
    return np.asarray(10 * X[:, [0]] + 0.5 * X[:, [1]] + X[:, [2]] * shared + shared[::-1])


def ishigami(X: Floats) -> Floats:
    """SALib's own test function."""
    from SALib.test_functions import Ishigami

    return np.asarray(Ishigami.evaluate(X))


def test_sobol_finds_the_indices_of_ishigami() -> None:
    """Within their intervals, as Ishigami & Homma (1990) have them in closed form."""
    X = sobol_cases(ISHIGAMI, 1024, seed=1)
    found = sobol_of(ISHIGAMI, ishigami(X))
    assert found is not None
    for part, alone, in_all in zip(found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert part.S1_low <= alone <= part.S1_high and part.ST_low <= in_all <= part.ST_high


def test_what_acts_only_together_is_noise_alone_and_matters_in_all() -> None:
    """Ishigami's third number."""
    found = sobol_of(ISHIGAMI, ishigami(sobol_cases(ISHIGAMI, 1024, seed=1)))
    assert found is not None and [part.S1_class for part in found] == ["matters", "matters", "noise"]
    assert {part.verdict for part in found} == {"matters"}


def test_a_dummy_parameter_comes_out_as_nothing() -> None:
    """Every outcome is the same to the last bit, so that its indices are 0 and tell nothing of noise."""
    problem = {"num_vars": 4, "names": ["x1", "x2", "x3", "dummy"], "bounds": [[-np.pi, np.pi]] * 4}
    X, M = sobol_cases(problem, 64), morris_cases(problem, 6)
    parts, effects = sobol_of(problem, ishigami(X)), morris_of(problem, M, ishigami(M))
    assert parts is not None and effects is not None
    assert (parts[3].verdict, parts[3].ST, parts[3].S1_class) == ("nothing", 0.0, "nothing")
    assert (effects[3].verdict, effects[3].mu_star) == ("nothing", 0.0)


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    """Over the whole range, without spread; and no more of luck than there is."""
    X = morris_cases(FOUR, 5)
    found = morris_of(FOUR, X, 3 * X[:, 0] - 0.2 * X[:, 1])
    assert found is not None
    assert np.allclose([effect.mu for effect in found], [3, -0.2, 0, 0]) and found[0].sigma < 1e-9
    assert [effect.verdict for effect in found] == ["matters", "matters", "nothing", "nothing"]


def test_sobol_indices_of_a_linear_function_are_shares_of_its_variance() -> None:
    """4 to 1 for slopes 2 and 1, and no interactions."""
    X = sobol_cases(FOUR, 512)
    found = sobol_of(FOUR, 2 * X[:, 0] + X[:, 1])
    assert found is not None
    assert np.allclose([part.ST for part in found], [0.8, 0.2, 0, 0], atol=0.01)
    assert np.allclose([part.S1 for part in found], [0.8, 0.2, 0, 0], atol=0.02)


def test_what_only_stirs_luck_is_noise() -> None:
    """Its effect differs from replication to replication as much as from nothing; a small sure one matters."""
    M, X = morris_cases(FOUR, 8), sobol_cases(FOUR, 64)
    effects, parts = morris_of(FOUR, M, lucky(M)), sobol_of(FOUR, lucky(X))
    assert effects is not None and parts is not None
    assert [effect.verdict for effect in effects] == ["matters", "matters", "noise", "nothing"]
    assert [part.verdict for part in parts] == ["matters", "matters", "noise", "nothing"]


def test_luck_is_seldom_taken_for_an_effect() -> None:
    """Of numbers that only stir up luck about one in twenty matters, although all cases share it."""
    M = morris_cases(FOUR, 6)
    effects = [morris_of(FOUR, M, lucky(M, 6, seed), seed) for seed in range(100)]
    called = sum(found is not None and found[2].verdict == "matters" for found in effects)
    assert 1 <= called <= 11


def test_the_noise_floor_of_one_effect_is_students_interval() -> None:
    """The rule of every other interval, carried over to many cases."""
    effects = np.random.default_rng(3).normal(0, 5, (1, 5))
    floor = noise(effects, lambda by_luck: np.abs(by_luck).mean(1))
    assert floor == pytest.approx(half_width(float(effects.std(ddof=1)), 5), rel=0.05)


def test_a_case_that_is_missing_takes_its_trajectory_along() -> None:
    """And a replication that is missing counts in none of its trajectory."""
    Y = np.arange(24.0).reshape(8, 3)
    Y[1], Y[5, 0] = np.nan, np.nan
    blocks, kept = whole(Y, 4)
    assert kept.tolist() == [1] and np.isnan(blocks[0]).sum(axis=0).tolist() == [4, 0, 0]


def test_indices_from_too_few_whole_samples_are_none() -> None:
    """Nothing is made up."""
    M, X = morris_cases(FOUR, 3), sobol_cases(FOUR, 8)
    assert morris_of(FOUR, M, np.where(np.arange(len(M)) < 6, np.nan, 1.0)) is None
    assert sobol_of(FOUR, np.where(np.arange(len(X)) < 1, np.nan, X[:, 0])) is None


def test_outcomes_that_do_not_vary_have_no_shares() -> None:
    """Nothing matters to what is always the same."""
    found = sobol_of(FOUR, np.ones(6 * 8))
    assert found is not None and {part.verdict for part in found} == {"nothing"} and np.isnan(found[0].ST)


@pytest.mark.parametrize("method", METHODS)
def test_the_ranking_that_a_shop_was_made_to_is_found(method: str, request: pytest.FixtureRequest) -> None:
    """By every method: the wide range first, the narrow one after it, and what does not act changes nothing."""
    found: Sensitivity = request.getfixturevalue(method)
    assert [row["path"] for row in found.rows] == [BREAD, SWEETS, MARGIN]
    assert found.rows[0]["class"] == "matters" and found.rows[1]["class"] in ("matters", "noise")
    assert found.rows[2]["class"] == "nothing"


def test_a_tornado_tells_the_difference_at_both_ends(tornado: Sensitivity) -> None:
    """Down at the low, up at the high, each with an interval; 0 from 0 to 0 for what does not act."""
    bread, margin = tornado.rows[0], tornado.rows[2]
    assert bread["at_low_from"] < bread["at_low"] < bread["at_low_to"] < 0 < bread["at_high"]
    assert bread["swing"] == max(abs(bread["at_low"]), abs(bread["at_high"]))
    assert (margin["at_low"], margin["at_high_from"], margin["at_high_to"]) == (0, 0, 0)


def test_a_tornado_is_the_difference_between_two_runs(shop: cx.Scenario, tornado: Sensitivity) -> None:
    """The same figures as playing the scenario with the number changed."""
    low = cx.simulate(shop.with_changes({BREAD: 10}), replications=6, jobs=1)
    said = cx.simulate(shop, replications=6, jobs=1)
    difference = (low.samples("nps") - said.samples("nps")).mean()
    assert tornado.rows[0]["at_low"] == pytest.approx(difference)


def test_without_a_choice_every_unknown_is_tried(shop: cx.Scenario) -> None:
    """Ranges and all assumptions; the metric is worth where there is money. A part names all below it."""
    assert cost(shop, replications=2).numbers == len(unknowns(shop, "as_is")) > 20
    found = sensitivity(shop, over=["journey", MARGIN], replications=2, executor=Here())
    assert found.metric == "customer_equity" and {row["path"] for row in found.rows} == {BREAD, SWEETS, MARGIN}
    assert (found.unit, found.rows[0]["class"] is not None) == ("GBP", True)


def test_of_a_plan_the_difference_from_as_is_is_asked(shop: cx.Scenario) -> None:
    """Sweets matter to what kinder sweets change; the price does not to NPS, but to what it costs."""
    over = [SWEETS, PRICE]
    nps, spent = (ask(shop, "friendlier", over=over, metric=metric) for metric in ("nps", "cost"))
    both = [cx.simulate(shop, plan, replications=6, jobs=1).samples("nps") for plan in ("friendlier", "as_is")]
    assert nps.base.value == pytest.approx((both[0] - both[1]).mean())
    assert {row["path"]: row["class"] for row in nps.rows}[PRICE] == "nothing"
    assert (spent.rows[0]["path"], spent.rows[0]["at_high"], spent.rows[0]["class"]) == (PRICE, 200, "matters")


def test_what_does_not_act_as_is_makes_no_other_run_of_it(shop: cx.Scenario) -> None:
    """Six runs for one number of the plan alone would be two too many."""
    here = Here()
    found = ask(shop, "friendlier", over=[PRICE], executor=here)
    assert here.played == found.runs == 4


@pytest.mark.parametrize(
    ("method", "options"), [("tornado", {}), ("morris", {"trajectories": 3}), ("sobol", {"samples": 8})]
)
def test_the_cost_is_told_before_the_start(shop: cx.Scenario, method: Method, options: dict[str, int]) -> None:
    """As many runs as are played then, and what one takes here, however often it was asked before."""
    here, given = Here(), dict[str, Any](over=[BREAD], replications=2, **options)
    expected = cost(shop, method=method, jobs=1, **given)
    ask(shop, method=method, executor=here, **given)
    assert here.played == expected.runs and not expected.at_most
    assert expected.seconds == pytest.approx(expected.each * expected.runs) and expected.each > 0


def test_a_study_is_taken_up_again(shop: cx.Scenario) -> None:
    """What is kept is not played again, and gives the same."""
    shelf, again = Shelf(), Here()
    first, second = (ask(shop, store=shelf, executor=here, replications=2) for here in (Here(), again))
    assert again.played == 0 and first.document() == second.document()


def test_any_executor_gives_the_same(shop: cx.Scenario, tornado: Sensitivity) -> None:
    """Bit for bit."""
    with ThreadPoolExecutor(2) as threads:
        assert ask(shop, executor=threads).rows == tornado.rows


def test_a_run_that_fails_is_told_and_leaves_its_number_open(shop: cx.Scenario) -> None:
    """The others are answered; of one whose other end matters it is known all the same."""
    empty = Here(lambda wanted: wanted.scenario.journey["bread"].delivers["kindness"] == 10)
    bare = Here(lambda wanted: wanted.scenario.economics.margin != shop.economics.margin)  # type: ignore[union-attr]
    rows, open_ = ask(shop, executor=empty), ask(shop, executor=bare)
    assert [(lost.values, lost.why) for lost in rows.failures] == [({BREAD: 10.0}, "the till is empty")]
    assert (rows.rows[0]["at_low"], rows.rows[0]["class"]) == (None, "matters")
    assert (open_.rows[-1]["path"], open_.rows[-1]["class"], open_.rows[-1]["swing"]) == (MARGIN, None, None)
    assert len(open_.document()["failures"]) == 2 and "failed" in mattering.sensitivity(open_)


def test_trajectories_with_a_failed_run_are_left_out(shop: cx.Scenario) -> None:
    """Those that are whole tell what they can."""
    count = iter(range(1000))
    found = ask(shop, method="morris", trajectories=4, executor=Here(lambda wanted: next(count) == 5), replications=2)
    assert len(found.failures) == 1 and found.trajectories is not None and 2 <= found.trajectories < 4


def test_where_nothing_can_be_played_nothing_is_said(shop: cx.Scenario) -> None:
    """In words, with the reason."""
    for refuses in (lambda wanted: True, lambda wanted: wanted.scenario.hash != shop.hash):
        for method in ("tornado", "morris", "sobol"):
            with pytest.raises(cx.RunError, match="the till is empty"):
                ask(shop, method=method, samples=8, executor=Here(refuses), replications=2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"metric": "npss"}, "there is no metric `npss`: did you mean `nps`"),
        ({"plan": "friendlyer"}, "there is no plan `friendlyer`: did you mean `friendlier`"),
        ({"over": ["economics.margni"]}, "did you mean `economics.margin`"),
        ({"over": ["econmics"]}, "did you mean `economics`"),
        ({"over": ["weather"]}, "there is: .*, `economics.margin` or `assumptions`"),
        ({"over": [PRICE]}, "that acts under as_is"),
        ({"over": []}, "no number to try"),
        ({"method": "tornada"}, "did you mean `tornado`"),
        ({"future": "war"}, "there is no future named 'war'"),
        ({"replications": 1}, "too few to tell an effect from noise"),
        ({"method": "morris", "trajectories": 1}, "give 2 or more"),
        ({"method": "sobol", "samples": 100}, "power of two; give 128"),
        ({"metric": "wait_minutes"}, "cannot be had"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(shop: cx.Scenario, options: dict[str, Any], said: str) -> None:
    """What was probably meant, or what would be right."""
    with pytest.raises(cx.UsageError, match=said):
        ask(shop, **{"replications": 2, **options})


def test_a_plan_that_changes_nothing_is_refused(shop: cx.Scenario) -> None:
    """There is no difference that anything could matter to."""
    idle = cx.loads(SHOP.replace("plans: {", "plans: {rest: [], "))
    with pytest.raises(cx.UsageError, match="changes nothing"):
        ask(idle, "rest")


@pytest.mark.parametrize("method", METHODS)
def test_the_document_is_json_and_the_table_has_a_row_a_number(method: str, request: pytest.FixtureRequest) -> None:
    """No infinity, no nan; every number says what it is and which class it is of."""
    found: Sensitivity = request.getfixturevalue(method)
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert {"scenario", "plan", "metric", "unit", "method", "runs", "replications", "seed", "rows", "failures"} <= set(
        document
    )
    assert len(found.table) == 3 and {"path", "name", "low", "value", "high", "assumed", "class"} <= set(found.table)


def test_the_terminal_opens_with_what_matters_most(tornado: Sensitivity) -> None:
    """Then the table, what its figures mean, and what the intervals leave out."""
    told = mattering.sensitivity(tornado)
    assert "What matters most to NPS is bread, kindness delivered: −" in told
    assert told.index("at its low") < told.index("At its low") < told.index("are simulation error")
    assert "The same to the last bit whatever it is: margin." in told


@pytest.mark.parametrize(
    ("method", "head"), [("morris", "varies"), pytest.param("sobol", "in all", marks=pytest.mark.slow)]
)
def test_other_methods_are_told_in_their_own_words(method: str, head: str, request: pytest.FixtureRequest) -> None:
    """Each figure is explained."""
    told = mattering.sensitivity(request.getfixturevalue(method))
    assert head in told and "What matters most to NPS is bread" in told and "1 of 3 changes nothing" in told


def test_what_may_matter_as_much_is_named_too(tornado: Sensitivity) -> None:
    """First is not called first alone where the intervals do not tell the two apart."""
    near = {**tornado.rows[1], "at_high": 52.0, "at_high_from": 50.0, "at_high_to": 54.0}
    close = replace(tornado, rows=[tornado.rows[0], near, tornado.rows[2]])
    assert "sweets, kindness delivered may matter as much" in sentence(close.document(), close.scenario)
    assert "as much" not in sentence(tornado.document(), tornado.scenario)


def test_sobol_over_many_numbers_screens_first(shop: cx.Scenario) -> None:
    """It costs no more than was said; those left out keep what screening says, and the words say so."""
    given: dict[str, Any] = {"over": ["journey", MARGIN, "assumptions"], "replications": 3, "trajectories": 2}
    here = Here()
    found = ask(shop, method="sobol", samples=8, executor=here, **given)
    expected = cost(shop, method="sobol", samples=8, **given)
    assert expected.at_most and here.played <= expected.runs + 1  # what is as said, once more after the screening
    assert sum(not row["screened"] for row in found.rows) <= 8 and found.rows[0]["ST"] is not None
    assert found.rows[0]["path"] == BREAD and "Morris screening of all" in mattering.sensitivity(found)
