"""Fits give back published numbers and closed forms, and say what they cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxmodel.evidence.fits import retention
from cxmodel.evidence.fits.adoption import fit_adoption, fit_bass
from cxmodel.evidence.fits.advocacy import fit_scores
from cxmodel.evidence.fits.all import fit_all
from cxmodel.evidence.fits.contact_centre import fit_calls, opening
from cxmodel.evidence.fits.fit import Fit, Fitted
from cxmodel.evidence.fits.intervals import poisson_rate, wilson
from cxmodel.evidence.fits.kano import fit_kano, kind_of
from cxmodel.evidence.fits.levels import fit_levels, fit_weights, importance
from cxmodel.evidence.fits.retention import fit_leaving, fit_retention
from cxmodel.evidence.tables import Cohorts, Evidence, Item, Survey, Tracker
from cxmodel.model.adoption import bass
from cxmodel.scenario import load
from tests.evidence import generator as truth

REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
"""Share of two cohorts still there by year, in percent (Fader & Hardie 2007)."""


def by_name(fitted: Fitted) -> dict[str, Fit]:
    return {fit.name: fit for fit in fitted.fits}


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng([20260602, seed])


@pytest.mark.parametrize(
    ("curve", "alpha_beta", "points"), [(REGULAR, (0.704, 1.182), 0.5), (HIGH_END, (0.668, 3.806), 1.7)]
)
def test_published_cohorts(curve: list[float], alpha_beta: tuple[float, float], points: float) -> None:
    """Fitted on seven years, both curves hold out years 8 to 12 as the design says; the beta's numbers are theirs."""
    there = np.array([curve[:8]]) * 10
    years = np.arange(13.0)
    _, beta = retention.estimate(there, retention.beta_model, years[:8], np.zeros(2))
    assert np.exp(beta) == pytest.approx(alpha_beta, abs=0.02)
    assert np.abs(100 * retention.beta_model(beta, years) - curve)[8:].max() < points
    fitted = by_name(fit_retention(Cohorts(("a",), 12.0, there / 1000, False), "c"))
    model = 100 * retention.survival(fitted["Base leaving"].value, fitted["Frailty"].value, 12 * years)
    assert np.abs(model - curve)[8:].max() < points


@pytest.mark.parametrize("variance", [0.01, 0.3, 1.4, 4.0])
def test_survival_is_the_mean_over_the_frailty(variance: float) -> None:
    """The trapezoid rule agrees with adaptive quadrature of the same integral."""
    from scipy.integrate import quad
    from scipy.special import gdtrix

    for months in (1, 12, 144):
        stays = lambda share, t=months: (1 + float(gdtrix(1 / variance, 1 / variance, share)) * 0.03 / 0.97) ** -t  # noqa: E731
        mean, _ = quad(stays, 0, 1, limit=400)
        assert retention.survival(0.03, variance, np.array([float(months)]))[0] == pytest.approx(mean, abs=2e-6)


def test_one_decision_at_no_frailty_is_the_base() -> None:
    """Where all are alike, a month takes h0 and two take 1 - (1 - h0)^2."""
    assert retention.survival(0.1, 1e-6, np.array([1.0, 2.0])) == pytest.approx([0.9, 0.81], abs=1e-5)


def test_scores_of_the_airport() -> None:
    """The probit of shares drawn exactly at the published numbers (airport 2017) gives 74.7, 43.1 and 23.0 back."""
    from scipy.special import ndtr

    levels, kinds, weight = [], [], []
    for satisfaction in (0.0, 25.0, 50.0, 75.0, 100.0):
        promote, detract = ndtr((satisfaction - 74.7) / 23), ndtr((43.1 - satisfaction) / 23)
        for kind, share in ((9.0, promote), (5.0, detract), (7.0, 1 - promote - detract)):
            levels += [satisfaction] * 20
            kinds += [kind] * 20
            weight += [share] * 20
    asked = truth.survey_of(np.array(levels), np.zeros((300, 1)), np.array(kinds), weight=np.array(weight) * 3)
    found = by_name(fit_scores(asked, "airport"))
    values = [found[name].value for name in ("Where promoters begin", "Where detractors end", "Noise of the score")]
    assert values == pytest.approx([74.7, 43.1, 23.0], abs=0.01)


def test_intervals_have_closed_forms() -> None:
    """Wilson (1927) at 8 of 10 and z = 1.645; Jeffreys' gamma of 10 events holds about 5.8 to 16."""
    assert wilson(8, 10) == pytest.approx((0.541, 0.931), abs=0.001)
    assert poisson_rate(10, 1.0) == pytest.approx((5.80, 16.34), abs=0.02)


@pytest.mark.parametrize(("per_hour", "agents"), [(100.0, 6), (180.0, 10), (250.0, 10)])
def test_a_log_of_the_erlang_tables(per_hour: float, agents: int) -> None:
    """A queue at the numbers of the Erlang A table gives agents, handling, patience, calls and hours back."""
    log = truth.calls(rng(), 30, cv=1, agents=agents, per_hour=per_hour)
    fitted = fit_calls(log, "log")
    found = by_name(fitted)
    assert found["Desk: agents"].value == agents
    assert found["Desk: handling time"].value == pytest.approx(180, rel=0.03)
    assert found["Desk: patience"].value == pytest.approx(232, rel=0.06)
    assert found["Desk: calls"].value == pytest.approx(per_hour, rel=0.02)
    assert fitted.suggestions[0].value == "08:00-20:00"


def test_closed_days_and_odd_calls() -> None:
    """A weekday without calls is closed, and a call in the night opens nothing."""
    log = truth.calls(rng(), 28)
    weekday = (log.arrival.astype("datetime64[D]").astype(int) + 3) % 7
    moved = log.arrival.copy()
    moved[0] -= np.timedelta64(5, "h")
    keep = weekday < 5
    some = replace(
        log, which=log.which[keep], arrival=moved[keep], wait=log.wait[keep], answered=log.answered[keep],
        handling=log.handling[keep], solved=log.solved[keep],
    )  # fmt: skip
    assert opening(some).sum(1).tolist() == [24] * 5 + [0] * 2
    assert fit_calls(some, "log").suggestions[0].value == {"mon-fri": "08:00-20:00", "sat-sun": "closed"}


def test_bass_without_luck() -> None:
    """Exact counts of a Bass curve give p, q and m back."""
    won = 5000 * np.diff(bass(np.arange(61) / 12, 0.03, 0.9))
    found = fit_bass(np.arange(60.0), won)
    assert not isinstance(found, str)
    assert found[0] == pytest.approx((0.03, 0.9, 5000), rel=1e-3)


def test_a_steady_rate_is_not_taken_for_a_spread() -> None:
    """Poisson counts at one rate: the rate, and in words that nothing tells a spread."""
    fitted = fit_adoption(truth.tracker(rng(), 24, spreading=False), "t")
    assert [fit.name for fit in fitted.fits] == ["Customers won, people"]
    assert "steady rate" in fitted.unfitted[0].why


def test_weights_are_those_of_the_equation() -> None:
    """Weights .4 .3 .2 .1 of equation 5 come back where leniency makes ratings go together; shares of R² do not."""
    found = importance(truth.survey(rng(), 100_000), ["a", "b", "c", "d"])
    assert not isinstance(found, str)
    assert found.share == pytest.approx(truth.WEIGHTS, abs=0.01)
    assert found.of_explained.sum() == pytest.approx(1)
    assert found.of_explained[0] < 0.35


def test_items_of_one_attribute_add_up() -> None:
    """Two items that count towards one attribute carry the sum of their weights."""
    found = importance(truth.survey(rng(), 20_000), ["a", "b", "a", ""])
    assert not isinstance(found, str)
    assert list(found.names) == ["a", "b"]
    assert found.share[0] > found.share[1]


def test_penalties_rewards_and_kinds() -> None:
    """Known penalties and rewards come back, and suggest must-have, performance and delight."""
    fitted = fit_kano(truth.contrasts(rng(), 20_000), "s")
    found = by_name(fitted)
    for number in range(3):
        assert found[f"Penalty of Desk: a{number}"].value == pytest.approx(truth.PENALTY[number], abs=0.8)
        assert found[f"Reward of Desk: a{number}"].value == pytest.approx(truth.REWARD[number], abs=0.8)
    assert [kind.value for kind in fitted.suggestions] == ["must_be", "performance", "attractive"]


def test_kinds_that_cannot_be_told_apart() -> None:
    """Wide intervals suggest nothing."""
    assert kind_of(3.0, 2.0, np.diag([4.0, 4.0]))[0] == ""
    assert kind_of(0.5, 0.5, np.diag([4.0, 4.0]))[0] == ""


def permuted(asked: Survey, order: np.ndarray) -> Survey:
    return replace(
        asked, ratings=asked.ratings[order], satisfaction=asked.satisfaction[order], recommend=asked.recommend[order],
        problem=asked.problem[order], segment=asked.segment[order], wave=asked.wave[order], weight=asked.weight[order],
    )  # fmt: skip


def survey_fits(asked: Survey) -> list[float]:
    parts = [fit(asked, "s").fits for fit in (fit_scores, fit_levels, fit_weights, fit_kano)]
    return [number for part in parts for fit in part for number in (fit.value, fit.low, fit.high)]


def test_order_and_scale_of_weights_do_not_matter() -> None:
    """Rows in another order, and weights that are all three instead of one, give the same."""
    asked = truth.survey(rng(), 800)
    usual = survey_fits(asked)
    assert survey_fits(permuted(asked, rng(2).permutation(800))) == pytest.approx(usual, rel=1e-4, abs=1e-4)
    assert survey_fits(replace(asked, weight=np.full(800, 3.0))) == pytest.approx(usual, rel=1e-4, abs=1e-4)


def test_points_are_points() -> None:
    """Satisfaction and thresholds move together: a scale that starts ten points higher moves thresholds by ten."""
    asked = truth.survey(rng(), 2000)
    usual, moved = (
        by_name(fit_scores(one, "s")) for one in (asked, replace(asked, satisfaction=asked.satisfaction + 10))
    )
    assert moved["Where promoters begin"].value == pytest.approx(usual["Where promoters begin"].value + 10, abs=0.01)
    assert moved["Noise of the score"].value == pytest.approx(usual["Noise of the score"].value, rel=1e-3)


@pytest.mark.parametrize("rows", [0, 1, 200])
@pytest.mark.parametrize("value", [np.nan, 75.0])
def test_a_degenerate_survey_is_told_in_words(rows: int, value: float) -> None:
    """No answers, one, all missing or all the same: nothing is fitted, and why is said; no warning, no error."""
    flat = np.full(rows, value)
    asked = truth.survey_of(flat, np.full((rows, 3), value), np.full(rows, 9.0))
    for fit in (fit_scores, fit_levels, fit_weights, fit_kano):
        found = fit(asked, "s")
        assert not found.fits
        assert found.unfitted
        assert all(gap.why for gap in found.unfitted)


@pytest.mark.parametrize(
    "there",
    [[[100.0, 100, 100]], [[100.0, 0, 0]], [[np.nan, np.nan, np.nan]], [[5.0, 4, 3]], [[100.0, 50]], [[0.0, 0, 0]]],
)
def test_degenerate_cohorts_are_told_in_words(there: list[list[float]]) -> None:
    """Nobody leaves, everybody does, nothing is known, few are left: why is said."""
    found = fit_retention(Cohorts(("a",), 1.0, np.array(there), True), "c")
    assert not found.fits
    assert found.unfitted


@pytest.mark.parametrize("calls", [0, 1, 100])
def test_a_degenerate_log_is_told_in_words(calls: int) -> None:
    """No calls, one, or calls that all are answered at once and take the same: no patience, no agents, no error."""
    log = truth.calls(rng(), 2)
    n = slice(calls)
    log = replace(
        log, which=log.which[n], arrival=log.arrival[n], wait=np.zeros(calls), answered=np.ones(calls, bool),
        handling=np.full(calls, 60.0), solved=np.full(calls, np.nan),
    )  # fmt: skip
    found = fit_calls(log, "l")
    assert {gap.name for gap in found.unfitted} >= (
        {"Desk"} if calls < 30 else {"Desk: patience", "Desk: handling time"}
    )


@pytest.mark.parametrize("won", [[], [0.0] * 12, [5.0], [7.0] * 24])
def test_a_degenerate_tracker(won: list[float]) -> None:
    """No months, none won, one month: nothing; the same every month is a steady rate."""
    n = len(won)
    table = Tracker(np.arange(n, dtype=np.int32), ["acquired"] * n, ["all"] * n, np.array(won), np.full(n, np.nan))
    found = fit_adoption(table, "t")
    assert [fit.value for fit in found.fits] == ([7.0] if n == 24 else [])
    assert not fit_leaving(table, "t").fits


def test_all_fits_find_their_places(stories: object) -> None:
    """Each fit is at a path of the scenario or at none, once; weights keep the sum that they have."""
    scenario = load(f"{stories}/pretty_app.yaml")
    asked = truth.survey(rng(), 900)
    items = [
        Item("track_order", "clarity"),
        Item(attribute="speed"),
        Item("unboxing", "product"),
        Item(attribute="polish"),
    ]
    log = replace(truth.calls(rng(), 10), desk=("call_us",))
    tracker = replace(truth.tracker(rng(), 24, spreading=False), segment=["style_seekers"] * 24)
    evidence = Evidence(
        (("a.csv", replace(asked, items=items)), ("b.csv", replace(asked, items=items))),
        (("t.csv", tracker),), (("c.csv", truth.cohort(rng(), 2000, 24)),), (("l.csv", log),),
    )  # fmt: skip
    found = fit_all(evidence, scenario)
    paths = [fit.path for fit in found.fits if fit.path]
    assert len(set(paths)) == len(paths)
    assert {
        ("assumptions", "score_noise"), ("assumptions", "frailty"), ("journey", "track_order", "delivers", "clarity"),
        ("journey", "track_order", "delivers", "speed"), ("journey", "call_us", "staffed", "handling"),
        ("segments", "style_seekers", "needs", "polish", "weight"),
    } <= set(paths)  # fmt: skip
    weights = [fit.value for fit in found.fits if fit.path[-1:] == ("weight",)]
    assert sum(weights) == pytest.approx(2 + 1 + 4 + 2)
    assert ("journey", "call_us", "staffed", "hours") in [suggestion.path for suggestion in found.suggestions]
    assert any("b.csv" in gap.why or "a.csv" in gap.why for gap in found.unfitted)
    assert all(fit.sentence.endswith(".") and fit.low <= fit.value <= fit.high for fit in found.fits)
