"""Who recommends: the published thresholds, the survey's error, and the identity of survivors and lost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from cxmodel.model import advocacy, loyalty


def test_shares_of_promoters_and_detractors() -> None:
    """S = 50, 75, 100: promoters .14, .51, .86, detractors .38, .08, .01 (model.md, section 5)."""
    satisfaction = np.array([50.0, 75.0, 100.0])
    shares = [*advocacy.promoters(satisfaction), *advocacy.detractors(satisfaction)]
    assert shares == pytest.approx([0.14, 0.51, 0.86, 0.38, 0.08, 0.01], abs=0.005)


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers", "nps", "half"),
    [(0.5, 1 / 6, 100, 33.33, 14.61), (0.4, 0.2, 1000, 20.0, 4.64)],
)
def test_interval_of_a_survey(promoters: float, detractors: float, answers: int, nps: float, half: float) -> None:
    """p = .5, d = 1/6, n = 100: 33.3 +- 14.6; p = .4, d = .2, n = 1000: 20 +- 4.64."""
    error = ndtri(0.975) * np.sqrt(advocacy.nps_variance(promoters, detractors, answers))
    assert [float(advocacy.nps(promoters, detractors)), float(error)] == pytest.approx([nps, half], abs=0.005)


def test_the_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    """Of 4,000 simulated surveys of 1,000 answers; the error is binomial, at a level of one in a thousand."""
    surveys, answers, promoters, detractors = 4000, 1000, 0.5, 1 / 6
    chance = np.random.default_rng(2).multinomial(answers, [promoters, detractors, 1 - promoters - detractors], surveys)
    p, d = chance[:, 0] / answers, chance[:, 1] / answers
    half = ndtri(0.975) * np.sqrt(advocacy.nps_variance(p, d, answers))
    covered = np.abs(advocacy.nps(p, d) - advocacy.nps(promoters, detractors)) <= half
    assert abs(covered.mean() - 0.95) < ndtri(1 - 0.0005) * np.sqrt(0.95 * 0.05 / surveys)


def test_everyone_is_survivors_and_lost() -> None:
    """NPS of all is that of the alive and that of the lost, weighted by their shares."""
    score = np.random.default_rng(3).normal(70, 15, 2000)
    alive = np.random.default_rng(4).random(2000) < 0.6
    net = advocacy.nps(advocacy.promoters(score), advocacy.detractors(score))
    w = alive.mean()
    assert net.mean() == pytest.approx(w * net[alive].mean() + (1 - w) * net[~alive].mean(), abs=1e-9)


def test_where_satisfaction_does_not_matter_the_lost_are_like_the_others() -> None:
    """b = 0 and steady S: survivors and lost score the same."""
    score = np.linspace(30, 100, 71)
    stays = (1 - loyalty.hazard(score, 70.0, 1.0, slope=0.0)) ** 24
    net = advocacy.nps(advocacy.promoters(score), advocacy.detractors(score))
    assert (net * stays).sum() / stays.sum() == pytest.approx((net * (1 - stays)).sum() / (1 - stays).sum(), abs=1e-9)


def test_talk_moves_what_room_there_is() -> None:
    """A recommendation adds k (1 - p), a warning takes k p, k = .25."""
    heard = [*advocacy.recommended(np.array([0.2, 0.8])), *advocacy.warned(np.array([0.2, 0.8]))]
    assert heard == pytest.approx([0.4, 0.85, 0.15, 0.6])


def test_stories_come_from_extraordinary_episodes() -> None:
    """In a month .02 talk at rest, .07 at 25 points from ordinary and .07 after a surprise of 20."""
    told = advocacy.talking(np.array([72.0, 97.0, 47.0, 72.0]), np.array([0.0, 0.0, 0.0, 20.0]))
    assert told.tolist() == pytest.approx([0.02, 0.07, 0.07, 0.07])
