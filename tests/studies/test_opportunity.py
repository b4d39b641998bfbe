"""Opportunities: what each initiative brings alone is what a plan of it alone brings, and nobody's plans matter."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.studies.opportunity import made_from, opportunities
from tests.studies.test_comparison import SHOP


def test_each_initiative_brings_what_a_plan_of_it_alone_brings() -> None:
    """The same paired difference as a comparison; its cost where it is given."""
    shop = cx.loads(SHOP)
    smile, frown, wink = opportunities(shop, replications=3, seed=3)
    found = cx.compare(shop, ["friendlier"], replications=3, seed=3)
    (row,) = (each for each in found.rows if each["metric"] == "customer_equity" and each["segment"] == "all")
    assert [smile[end] for end in ("value", "low", "high")] == pytest.approx(
        [row[end] for end in ("difference", "low", "high")]
    )
    assert [each["cost"] for each in (smile, frown, wink)] == [100, None, None]
    assert frown["value"] < 0 and wink["value"] == 0


def test_what_plans_there_are_is_no_part_of_the_answer() -> None:
    """Another plan plays nothing again."""
    more = cx.loads(SHOP.replace("same: [wink]}", "same: [wink], all: [smile, wink]}"))
    assert made_from(more) == made_from(cx.loads(SHOP))
