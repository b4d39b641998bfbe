"""The tables of a result: gaps that add up, intervals that are honest, figures that cannot be had left empty."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import cxmodel
from cxmodel import UsageError
from cxmodel.results.metrics import METRICS, OF_A_PLAN
from cxmodel.results.paired import change
from tests.support import small

RUNS = {
    "pretty_app": (small.app, "as_is"),
    "pretty_app, both": (small.app, "both"),
    "two_retailers": (small.retailers, "cheaper"),
    "rivals": (lambda: small.mechanism("rivals"), "push_back"),
    "promises": (lambda: small.mechanism("promises"), "shout"),
}
MONEY = {"revenue", "clv", "customer_equity", "cost"}


@cache
def result(name: str) -> cxmodel.Result:
    make, plan = RUNS[name]
    return cxmodel.simulate(make(), plan, replications=5, seed=6, jobs=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_the_four_gaps_add_up_in_every_row(name: str) -> None:
    """gap1 + gap2 + gap3 + gap4 is the gap, to 1e-9, by touchpoint, attribute and segment."""
    rows = result(name).rows("touchpoints")
    off = [abs(sum(row[f"gap{link}"] for link in (1, 2, 3, 4)) - row["gap"]) for row in rows]
    assert len(rows) > 0 and max(off) < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_the_gap_is_what_was_expected_less_what_was_perceived(name: str) -> None:
    """And each link of the chain is the difference of two columns of the same row."""
    for row in result(name).rows("touchpoints"):
        steps = [row[c] for c in ("needed", "pictured", "designed", "delivered")]
        chain = [steps[0] - steps[1], steps[1] - steps[2], steps[2] - steps[3]]
        assert [row["gap1"], row["gap2"], row["gap3"]] == pytest.approx(chain, abs=1e-9)
        assert row["gap"] == pytest.approx(row["expected"] - row["perceived"], abs=1e-9)


@pytest.mark.parametrize("name", RUNS)
def test_the_headline_is_the_sum_of_the_touchpoints(name: str) -> None:
    """Gap by share of memory, summed, is the expectation gap: of every segment, and of all, over all replications."""
    run = result(name)
    for segment in [*run.scenario.segments, "all"]:
        own = [row for row in run.rows("touchpoints") if row["segment"] == segment]
        assert sum(row["memory_share"] for row in own) == pytest.approx(1.0, abs=1e-9)
        felt = run.tables.run.outcome.felt[:, -12:].sum((1, 4, 5))
        column = felt.sum(2) if segment == "all" else felt[:, :, list(run.scenario.segments).index(segment)]
        headline = (column[:, 3] - column[:, 2]).sum() / column[:, 0].sum()
        assert sum(row["memory_share"] * row["gap"] for row in own) == pytest.approx(headline, abs=1e-9)


def test_of_one_replication_the_headline_is_that_sum_exactly() -> None:
    """With a single replication there is only one way of taking a mean."""
    run = cxmodel.simulate(small.app(), replications=1, seed=2)
    rows = [row for row in run.rows("touchpoints") if row["segment"] == "all"]
    assert run.metric("expectation_gap").value == pytest.approx(
        sum(row["memory_share"] * row["gap"] for row in rows), abs=1e-9
    )


@pytest.mark.parametrize("name", RUNS)
def test_every_metric_is_there_for_all(name: str) -> None:
    """One row for `all` of every metric; a return needs a plan to return something."""
    names = [row["metric"] for row in result(name).rows("metrics") if row["segment"] == "all"]
    expected = set(METRICS) - (set() if RUNS[name][1] != "as_is" else set(OF_A_PLAN))
    assert sorted(names) == sorted(expected)


def test_an_interval_is_students_over_replications() -> None:
    """Mean and 95 % interval of five replications, 2.776 standard errors a side; of scores on the logit scale."""
    run = result("pretty_app")
    money, score = run.samples("customer_equity"), run.samples("satisfaction") / 100
    half = student.ppf(0.975, 4) * money.std(ddof=1) / np.sqrt(5)
    assert run.metric("customer_equity") == pytest.approx((money.mean(), money.mean() - half, money.mean() + half))
    mean, half = score.mean(), student.ppf(0.975, 4) * score.std(ddof=1) / np.sqrt(5)
    odds = [mean / (1 - mean) * np.exp(side * half / (mean * (1 - mean))) for side in (-1, 1)]
    ends = [100 * odd / (1 + odd) for odd in odds]
    assert run.metric("satisfaction") == pytest.approx((100 * mean, *ends))


def test_one_replication_has_no_interval() -> None:
    """A single run cannot say how far off it is."""
    run = cxmodel.simulate(small.retailers(), replications=1)
    figures = [row for row in run.rows("metrics") if row["metric"] != "nps_measured"]
    assert {(row["low"], row["high"]) for row in figures} == {(None, None)}


def test_without_economics_there_is_no_money() -> None:
    """A margin is never invented."""
    run = result("promises")
    assert run.scenario.economics is None
    assert {run.metric(name).value for name in MONEY - {"revenue"}} == {None}


@pytest.mark.parametrize("name", RUNS)
def test_numbers_are_numbers_or_nothing(name: str) -> None:
    """No figure is infinite or not a number; what cannot be had is null."""
    for table in ("metrics", "touchpoints", "timeline", "today"):
        for row in result(name).rows(table):
            assert all(math.isfinite(value) for value in row.values() if isinstance(value, float)), row


@pytest.mark.parametrize("name", RUNS)
def test_shares_are_shares_and_scores_are_scores(name: str) -> None:
    """Shares lie in 0 to 1, NPS and its kin in -100 to 100, counts of people are not negative."""
    limits = {"share": (0, 1), "people": (0, math.inf), "minutes": (0, math.inf), "contacts": (0, math.inf)}
    for row in result(name).rows("metrics"):
        low, high = limits.get(row["unit"], (-math.inf, math.inf))
        if row["metric"].startswith("nps"):
            low, high = -100, 100
        assert row["value"] is None or low <= row["value"] <= high, row


def test_promoters_less_detractors_is_the_score() -> None:
    """The three figures are of the same people."""
    run = result("pretty_app")
    shares = run.samples("promoters") - run.samples("detractors")
    assert run.samples("nps") == pytest.approx(100 * shares, abs=1e-9)


def test_the_timeline_ends_where_the_headline_is() -> None:
    """The state at the last month's end is the metric."""
    run = result("pretty_app")
    for name in ("satisfaction", "nps", "nps_everyone", "nps_lost"):
        last = [row for row in run.rows("timeline") if row["metric"] == name and row["segment"] == "all"][-1]
        assert (last["month"], last["value"]) == (24, run.metric(name).value)


def test_the_dashboard_shows_its_own_interval() -> None:
    """From the number of answers: wider than that of the true score over five replications together."""
    run = result("pretty_app")
    shown = run.metric("nps_measured")
    assert shown.low < shown.value < shown.high
    assert shown.low > -100 and shown.high < 100


def test_today_says_how_close_the_start_comes() -> None:
    """Measured beside modelled, what was measured alone."""
    rows = {row["measure"]: row for row in result("pretty_app").rows("today")}
    assert rows["nps"]["modelled"] == pytest.approx(39.0, abs=0.05)
    assert rows["leave"]["measured"] == pytest.approx(0.012)
    assert rows["leave"]["modelled"] == pytest.approx(0.012, abs=1e-4)
    assert result("two_retailers").rows("today") == []


def test_a_result_is_saved_as_tables_that_read_back(tmp_path: Path) -> None:
    """Parquet and CSV hold what the frames hold, JSON the document."""
    run = result("two_retailers")
    run.save(tmp_path)
    assert pd.read_parquet(tmp_path / "metrics.parquet")["value"].tolist() == pytest.approx(
        run.metrics["value"].tolist(), nan_ok=True
    )
    assert list(pd.read_csv(tmp_path / "touchpoints.csv")) == list(run.touchpoints)
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["metrics"] == run.rows("metrics")


def test_a_document_holds_strict_json() -> None:
    """No NaN, no infinity, nothing that only Python reads."""
    text = json.dumps(result("pretty_app").document(), allow_nan=False)
    assert json.loads(text)["seed"] == 6


@pytest.mark.parametrize(
    "wrong",
    [{"plan": "nope"}, {"future": "nope"}, {"replications": 0}, {"jobs": 0}, {"seed": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_argument_says_what_would_be_right(wrong: dict[str, object]) -> None:
    """UsageError, before anything is played."""
    with pytest.raises(UsageError):
        cxmodel.simulate(small.app(), **wrong)


ASKED = {
    "metric": lambda r: r.metric("npss"),
    "table": lambda r: r.rows("nope"),
    "segment": lambda r: r.samples("nps", "nobody"),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_wrong_name_says_what_there_is(ask) -> None:  # type: ignore[no-untyped-def]
    """Metric, table and segment."""
    with pytest.raises(UsageError):
        ask(result("pretty_app"))


def test_a_return_needs_a_cost() -> None:
    """Gain less cost, over cost, of the same replications; nothing where nothing was spent."""
    plan, as_is = result("pretty_app, both"), result("pretty_app")
    spent = 10_000 + 200 * 21
    gain = plan.samples("customer_equity") - as_is.samples("customer_equity")
    assert plan.samples("return_on_quality") == pytest.approx((gain - spent) / spent)
    free = cxmodel.simulate(small.app(), "say_less", replications=2)
    assert free.metric("return_on_quality").value is None


def test_a_figure_that_cannot_be_had_is_empty() -> None:
    """A metric of a segment that only all have, a return where nothing was done: no value, no interval."""
    run = result("pretty_app")
    asked = run.metric("agent_strain", "style_seekers"), run.metric("return_on_quality")
    assert asked == ((None, None, None), (None, None, None))


def test_progress_reaches_the_end() -> None:
    """Counted in replications, never backwards, up to all of them."""
    told: list[tuple[int, int]] = []
    scenario = small.app().with_changes({}, name="Told how far it is")
    cxmodel.simulate(scenario, "both", replications=3, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3) and told == sorted(told)


def test_net_value_is_equity_gained_less_cost_against_today() -> None:
    """Replication by replication; of today there is none, and of a plan whose cost nobody gave neither."""
    scenario = cxmodel.load(small.STORIES / "pretty_app.yaml").with_changes({"horizon": "3 months"})
    today, plan, free = (cxmodel.simulate(scenario, name, replications=3) for name in ("as_is", "both", "say_less"))
    gained = plan.samples("customer_equity") - today.samples("customer_equity")
    spent = plan.samples("cost") - today.samples("cost")
    assert plan.samples("net_value") == pytest.approx(gained - spent, rel=1e-12)
    assert change(plan, today, "net_value").value == pytest.approx(plan.metric("net_value").value)
    assert change(plan, free, "net_value").runs == 0, "no cost is given for the other"
    assert free.metric("net_value").value is None and free.metric("customer_equity").value is not None
    assert today.metric("net_value").value is None
    assert plan.metric("pays_off").value == (plan.samples("net_value") > 0).mean()
