"""The stylised facts of what people live of model.md, section 5, from the model's functions alone.

Set-up unless said: one performance attribute, no noise, no failures, no leniency, no rival, W = H = S = 70,
n = 0, visits a month apart. The tolerance is half a unit of the last digit printed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from cxmodel.model import expectation, loyalty
from tests.support.sequences import FIRST, Mind

FACT = 0.05
"""Half a unit of a figure printed with one decimal."""


def shopping(app: float) -> Mind:
    """Three visits to the app two days apart, then the e-mail that confirms the order."""
    return Mind().visits([app] * 3, apart=2).visits([70.0])


def tracked(app: float, times: int) -> float:
    """Satisfaction at the end, after looking so many times where the parcel is."""
    mind = shopping(app).visits([50.0] * times, apart=1)
    return float(mind.visits([75.0]).visits([78.0, 78.0]).satisfaction)


def test_a_dazzling_app_makes_crude_tracking_a_disappointment() -> None:
    """The gap at the first tracking visit is 17 points after an ordinary app, 23 after a dazzling one."""
    gaps = [float(shopping(app).visit(50.0, FIRST).gap) for app in (70.0, 95.0)]
    assert gaps == pytest.approx([17, 23], abs=0.5)


def test_a_dazzling_app_pays_for_those_who_hardly_track() -> None:
    """S is 2.2 higher with one look and 1.0 with two: differences of figures printed with one decimal."""
    printed = [round(tracked(95.0, times), 1) - round(tracked(70.0, times), 1) for times in (1, 2)]
    assert printed == pytest.approx([2.2, 1.0])


def test_a_dazzling_app_turns_against_us_from_four_looks_on() -> None:
    """It pays up to three, and costs from four on, ever more."""
    pays = [tracked(95.0, times) - tracked(70.0, times) for times in range(1, 10)]
    assert [pay > 0 for pay in pays] == [True] * 3 + [False] * 6
    assert (np.diff(pays) < 0).all()


@pytest.mark.parametrize(("weak", "printed"), [(0, 74.7), (2, 66.8), (5, 58.9), (10, 50.4)])
def test_one_weak_touchpoint_seen_often(weak: int, printed: float) -> None:
    """20 visits, 0 to 10 of them at 45, the rest at 75: S 74.7, 66.8, 58.9, 50.4, means of 200 orders.

    The printed means carry their own Monte-Carlo error: four figures, one in a thousand together.
    """
    orders = 20_000
    levels = np.full((orders, 20), 75.0)
    levels[:, :weak] = 45.0
    np.random.default_rng(5).permuted(levels, axis=1, out=levels)
    satisfaction = np.broadcast_to(np.asarray(Mind().visits(levels.T).satisfaction), orders)
    error = satisfaction.std() * np.sqrt(1 / 200 + 1 / orders)
    assert satisfaction.mean() == pytest.approx(printed, abs=FACT + ndtri(1 - 0.0005 / 4) * error)


def test_how_it_ends_matters_as_much_as_how_it_starts() -> None:
    """12 visits at 75, one of them at 30: S 71.4 where it is the first, 62.9 the sixth, 61.7 the last."""
    ends = []
    for bad in (0, 5, 11):
        levels = np.full(12, 75.0)
        levels[bad] = 30.0
        ends.append(float(Mind().visits(levels).satisfaction))
    assert ends == pytest.approx([71.4, 62.9, 61.7], abs=FACT)


def test_surprise_is_asymmetric() -> None:
    """After ten experiences one visit at 90 adds 2.9, one at 50 takes 4.9."""
    moved = [float(Mind(experiences=10).visit(level).satisfaction) - 70 for level in (90.0, 50.0)]
    assert moved == pytest.approx([2.9, -4.9], abs=FACT)


def beside_a_rival(best: float) -> tuple[Mind, float]:
    """Monthly visits at 75 for five years while the best in class goes from 75 to `best` in three."""
    mind, bar = Mind(72.0, 72.0, 72.0, 5), 75.0
    for month in range(1, 61):
        bar = 75 + (best - 75) * min(1.0, month / 36)
        mind = mind.visit(75.0)
        churn = float(loyalty.hazard(mind.satisfaction, bar - 5, 1.0))
        mind = replace(mind, should=expectation.liquid_should(mind.should, bar))
    return mind, churn


def test_a_rival_improves_and_we_stand_still() -> None:
    """S hardly moves (74.8 against 73.8 after five years), while a gap of 5.2 opens where there was none."""
    still, better = beside_a_rival(75.0)[0], beside_a_rival(90.0)[0]
    assert [float(still.satisfaction), float(better.satisfaction)] == pytest.approx([74.8, 73.8], abs=FACT)
    assert [float(still.gap), float(better.gap)] == pytest.approx([0.0, 5.2], abs=FACT)


def test_a_rival_improves_and_customers_leave() -> None:
    """1.7 against 3.0 leavers per hundred customer-months lived: those who leave stay part of theirs."""
    churn = [-100 * np.log1p(-beside_a_rival(best)[1]) for best in (75.0, 90.0)]
    assert churn == pytest.approx([1.7, 3.0], abs=FACT)


def test_over_promising_disappoints() -> None:
    """W = M, H = 70 + .5 max(0, M - 70): after 12 visits at 75, S is 5 points lower for M = 100 than for M = 75."""
    honest, bold = (Mind(will=told, should=70 + (told - 70) / 2).visits([75.0] * 12) for told in (75.0, 100.0))
    assert float(bold.satisfaction - honest.satisfaction) == pytest.approx(-5, abs=0.5)
