"""From levers to delivered levels, and from need to picture: equations 1 and 2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from cxmodel.model import delivery, insight
from cxmodel.vocabulary import LEVERS
from tests.support.steady import given

lever = st.floats(0, 1)
level = st.floats(1, 100)


def test_a_half_life_of_nine_months() -> None:
    """Leaves 39.7 % of the way after twelve (Schneiderman 1988)."""
    assert 1 - delivery.course(12.0, 0.0, 1.0, 0.0, 9.0) == pytest.approx(0.397, abs=0.0005)


def test_a_half_life_with_delay() -> None:
    """9 months, delayed by 3: 21, 50, 80, 92 % of the way at 6, 12, 24, 36."""
    way = delivery.course(np.array([6.0, 12.0, 24.0, 36.0]), 0.0, 1.0, 0.0, 9.0, 3.0)
    assert (100 * way).tolist() == pytest.approx([21, 50, 80, 92], abs=0.5)


def test_nothing_moves_before_its_start() -> None:
    """Up to start + delay the value is what it was, exactly."""
    assert delivery.course(np.array([0.0, 4.9, 5.0]), 40.0, 80.0, 2.0, 1.0, 3.0).tolist() == [40.0] * 3


@pytest.mark.slow
@given(
    lever,
    lever,
    level,
    level,
    st.lists(lever, min_size=5, max_size=5),
    st.lists(lever, min_size=5, max_size=5),
)
def test_today_the_chain_gives_what_is_delivered(
    share: float, other: float, picture: float, short: float, today: list[float], later: list[float]
) -> None:
    """With today's levers Q is today's level, and with any others no more than the picture."""
    now, then = (dict(zip(LEVERS, map(np.asarray, values), strict=True)) for values in (today, later))
    weights = {"people": share, "platforms": 1 - share}
    commit, able = (
        delivery.commitment(now["priorities"], now["policies"]),
        delivery.capability(now, weights),
    )
    lived = max(1.0, min(short, picture))
    standard = delivery.designed_today(picture, lived, commit, able)
    lost = 1 - standard / picture, 1 - lived / standard
    assert delivery.delivered(delivery.designed(picture, lost[0], commit, commit), lost[1], able, able) == (
        pytest.approx(lived)
    )
    commits, ables = (
        delivery.commitment(then["priorities"], then["policies"]),
        delivery.capability(then, weights),
    )
    planned = delivery.designed(picture, lost[0], commits, commit)
    assert planned <= picture + 1e-9
    if planned >= 0:
        assert delivery.delivered(planned, lost[1], ables, able) <= planned + 1e-9


def test_capability_is_a_weighted_geometric_mean() -> None:
    """.4^.7 x .7^.3 where platforms are .4 and people .7."""
    able = delivery.capability({"platforms": np.array(0.4), "people": np.array(0.7)}, {"platforms": 0.7, "people": 0.3})
    assert able == pytest.approx(0.4**0.7 * 0.7**0.3)


def test_above_the_need_levers_only_take() -> None:
    """Rising levers keep all of it, falling ones the share that is left of the weaker side."""
    kept = delivery.kept(np.array([0.8, 0.3, 0.3]), 0.6, np.array([0.9, 0.5, 0.1]), 0.5)
    assert kept.tolist() == pytest.approx([1.0, 0.5, 0.2])


@given(level, level, st.lists(lever, max_size=4))
def test_the_picture_lies_between_what_is_delivered_and_what_is_needed(
    lived: float, needed: float, sources: list[float]
) -> None:
    """From three tenths of the way to the need itself; asking never makes it worse."""
    known = insight.understanding(*sources)
    more = insight.understanding(*sources, 0.5)
    picture = insight.picture_aimed(lived, needed, known)
    assert lived - 1e-9 <= picture <= max(lived, needed) + 1e-9
    assert 0.3 - 1e-9 <= known <= more + 1e-9


def test_insight_limits_fit() -> None:
    """Reliability 0 to 1: from three tenths of the way to the need itself, while gap 1 shrinks."""
    pictures = insight.picture_aimed(50.0, 80.0, insight.understanding(np.linspace(0, 1, 11)))
    assert [pictures[0], pictures[-1]] == pytest.approx([59.0, 80.0])
    assert (np.diff(80 - pictures) < 0).all()


def test_a_picture_follows_its_aim() -> None:
    """1 - 1/e of the way after one lag, at once without."""
    followed = insight.followed(50.0, 80.0, 60.0, np.array([60.0, 0.0]))
    assert followed.tolist() == pytest.approx([80 - 30 / np.e, 80.0])
