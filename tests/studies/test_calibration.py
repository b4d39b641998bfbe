"""Calibration: what series say of numbers is recovered, what they do not say is told, and a layer holds it all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.evidence.tables import Evidence, Tracker
from cxmodel.simulation.replications import run_all
from cxmodel.studies.calibration.layer import calibrated, layer_text
from cxmodel.studies.calibration.posterior import TRADED, posterior
from cxmodel.studies.calibration.projection import series_of
from cxmodel.studies.calibration.series import Observed, Series, observed
from cxmodel.vocabulary import MONTH

SHOP = """
schema: 1
name: A shop
horizon: 12 months
attributes: {kindness: {kind: performance}}
segments:
  neighbours:
    customers: 200
    prospects: 2000
    adoption: {arrivals: {value: 15 per month, low: 4 per month, high: 40 per month}}
    needs: {kindness: {level: 75}}
journey:
  till: {stage: buy, delivers: {kindness: 70}}
  bread: {stage: use, every: 15 days, delivers: {kindness: {value: 60, low: 40, high: 90}}}
"""
BEGINS = 12 * 2025 - 1
MONTHS = 18


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop of which two numbers are not known."""
    return cx.loads(SHOP)


@pytest.fixture(scope="module")
def evidence(shop: cx.Scenario) -> Evidence:
    """A tracker as a shop with 25 newcomers a month and bread at 80 would have had it."""
    true = {"segments.neighbours.adoption.arrivals": "25 per month", "journey.bread.delivers.kindness": 80}
    world = shop.with_changes(true | {"horizon": f"{MONTHS + 1} months"})
    measures = ("satisfaction", "acquired")
    months = np.arange(1, MONTHS + 1, dtype=np.int32)
    nothing = np.zeros(MONTHS)
    wanted = Observed([Series(each, "all", months, nothing, nothing, "") for each in measures], BEGINS)
    (run,) = run_all([cx.RunRequest(world, replications=1, seed=77)], 1, lambda done, of: None)
    values = series_of(run, wanted)[0]
    values[:MONTHS] += np.random.default_rng(3).normal(size=MONTHS) * 20 / np.sqrt(400)
    return Evidence(
        trackers=[
            (
                "tracker.csv",
                Tracker(
                    np.tile(months + BEGINS, 2).astype(np.int32),
                    [each for each in measures for _ in months],
                    ["all"] * (2 * MONTHS),
                    values,
                    np.concatenate([np.full(MONTHS, 400.0), np.full(MONTHS, np.nan)]),
                ),
            )
        ]
    )


@pytest.fixture(scope="module")
def found(shop: cx.Scenario, evidence: Evidence) -> cx.Calibration:
    """The shop calibrated to its tracker."""
    return cx.calibrate(shop, evidence, draws=96)


@pytest.mark.slow
def test_what_the_series_tell_is_recovered(found: cx.Calibration) -> None:
    """Each range holds the truth and is far narrower than what was left open."""
    by_path = {each.free.path: each for each in found.found}
    bread = by_path["journey.bread.delivers.kindness"]
    assert bread.identified and bread.low < 80 < bread.high and bread.high - bread.low < 25
    arrivals = by_path["segments.neighbours.adoption.arrivals"]
    assert arrivals.identified and arrivals.low < 25 / MONTH < arrivals.high


@pytest.mark.slow
def test_the_last_third_is_held_out_and_judged_beside_no_change(found: cx.Calibration) -> None:
    """Six of eighteen months; most of them lie in the interval."""
    assert {each.months for each in found.held_out} == {6}
    assert all(each.naive > 0 and each.inside >= 3 for each in found.held_out)
    assert sum(each.held_out for each in found.months) == 12
    assert "months held out" in found._repr_html_()


@pytest.mark.slow
def test_a_layer_holds_sourced_numbers_and_nothing_else(found: cx.Calibration, tmp_path: Path) -> None:
    """It extends the scenario, loads, and says what the calibrated scenario says."""
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    (tmp_path / "layer.yaml").write_text(layer_text(found, "shop.yaml"), "utf-8")
    loaded = cx.load(tmp_path / "layer.yaml")
    fact = loaded.facts["journey.bread.delivers.kindness"]
    assert fact.source == "tracker.csv" and fact.as_of == "2026-06" and fact.low < fact.value < fact.high
    assert loaded.facts.keys() == calibrated(found).facts.keys()
    assert not cx.diff(loaded, calibrated(found))


@pytest.mark.slow
def test_the_same_data_give_the_same_bits(shop: cx.Scenario, evidence: Evidence) -> None:
    """For one thread and for two."""
    one, two = (cx.calibrate(shop, evidence, draws=24, jobs=jobs).document() for jobs in (1, 2))
    assert one == two


@pytest.mark.parametrize(("held", "message"), [(17, "too few to fit to"), (-1, "too few to fit to")])
def test_too_few_months_are_told(shop: cx.Scenario, evidence: Evidence, held: int, message: str) -> None:
    """A fit takes some."""
    with pytest.raises(cx.UsageError, match=message):
        cx.calibrate(shop, evidence, hold_out=held)


def test_a_number_without_a_range_and_an_unknown_segment_are_told(shop: cx.Scenario, evidence: Evidence) -> None:
    """With what would be right."""
    with pytest.raises(cx.UsageError, match="has no range to look in"):
        cx.calibrate(shop, evidence, over=["journey.till.delivers.kindness"])
    ((file, tracker),) = evidence.trackers
    other = Tracker(tracker.month, tracker.measure, ["guests"] * len(tracker.month), tracker.value, tracker.size)
    with pytest.raises(cx.UsageError, match="no segment 'guests'"):
        cx.calibrate(shop, Evidence(trackers=[(file, other)]))


def test_without_a_series_nothing_is_fitted_to_one(shop: cx.Scenario) -> None:
    """Five months are none."""
    assert observed(Evidence(), shop) is None
    found = cx.calibrate(shop, Evidence())
    assert not found.found and cx.loads(layer_text(found, "x.yaml").replace("extends: x.yaml", SHOP)).name == "A shop"


def toy(truth: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws, their data and the data: a year of a line with noise, of two parameters, and a third that is idle."""
    luck = np.random.default_rng(seed)
    shares = luck.random((600, 3))
    month = np.linspace(0, 1, 12)

    def played(share: np.ndarray) -> np.ndarray:
        return share[:, :1] * 10 + share[:, 1:2] * 8 * month + luck.normal(size=(len(share), 12))

    return shares, played(shares), played(truth[None])[0]


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Nine times in ten over 150 repetitions: within 83 and 96 in 100; what is idle keeps its range."""
    inside = np.zeros(3)
    for seed in range(150):
        truth = np.random.default_rng(1000 + seed).random(3)
        found = posterior(*toy(truth, seed))
        inside += (found.quantile(0.05) <= truth) & (truth <= found.quantile(0.95))
        assert found.spread[2] > 0.8 and found.spread[0] < 0.5
    assert ((inside / 150 >= 0.83) & (inside / 150 <= 0.96)).all(), inside


def test_two_numbers_that_do_the_same_are_told_to_trade_off() -> None:
    """Only their sum shows."""
    luck = np.random.default_rng(1)
    shares = luck.random((900, 2))
    data = shares.sum(axis=1, keepdims=True) * 10 + luck.normal(size=(900, 8)) * 0.3
    found = posterior(shares, data, np.full(8, 10.0))
    assert found.correlation[0, 1] < -TRADED
