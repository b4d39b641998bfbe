"""Initiatives drawn: the opportunity matrix and the roadmap, with words for who cannot see them, and plans' colours."""

from __future__ import annotations

import json

import altair as alt
import pytest

import cxmodel as cx
from cxmodel.report.charts.base import Drawing, dress, svg
from cxmodel.report.charts.comparison import bands
from cxmodel.report.charts.opportunity import QUARTERS, opportunity, opportunity_table
from cxmodel.report.charts.plans import look_of
from cxmodel.report.charts.roadmap import roadmap, roadmap_table
from tests.studies.test_comparison import SHOP

LONG = "a_very_long_name_of_an_initiative_that_nobody_would_want_to_see_cut"
ROWS = [
    {"initiative": "smile", "cost": 100.0, "value": 900.0, "low": 850.0, "high": 950.0},
    {"initiative": LONG, "cost": 5000.0, "value": -20.0, "low": None, "high": None},
    {"initiative": "frown", "cost": None, "value": -300.0, "low": -310.0, "high": -290.0},
]
ROAD = """
  smile: {changes: {journey.bread.delivers.kindness: "+20"}, cost: {once: 100, running: 10 per month},
    starts: month 1, half_life: 0.25 months}
"""


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A shop whose smile starts after a month and is soon felt."""
    before, _, rest = SHOP.partition("  smile:")
    return cx.loads(before + ROAD.lstrip("\n") + rest[rest.index("\n") + 1 :])


def words_of(drawing: Drawing) -> str:
    """All that is written in a drawing, from its SVG, lines of a name in one."""
    return " ".join(svg(drawing).split())


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ROWS[2:], []])
def test_the_matrix_is_valid_and_can_be_heard(rows: list[dict[str, object]], shop: cx.Scenario) -> None:
    """Vega-Lite's own schema, strict JSON, an alt text with figures; those without a cost are told, not drawn."""
    drawing = opportunity(rows, shop)
    alt.LayerChart.from_dict(drawing.to_dict(), validate=True)
    assert json.dumps(dress(drawing), allow_nan=False)
    if rows == ROWS:
        assert "Smile costs £100 and gains +£900 (£850 to £950)" in drawing.description
        assert drawing.description.endswith("No cost is given for Frown.")


def test_the_matrix_has_its_corners_in_words_and_a_table_twin(shop: cx.Scenario) -> None:
    """Cheap and valuable is top left; a long name is written whole."""
    written = words_of(opportunity(ROWS, shop))
    assert all(words in written for words in QUARTERS.values()) and QUARTERS["left", "top"] == "cheap and valuable"
    assert all(word in written for word in LONG.split("_")[1:]) and "…" not in written
    table = opportunity_table(ROWS, shop)
    assert list(table["Cost over the horizon"]) == ["£100", "£5.00k", "no cost given"]


def test_the_roadmap_has_each_initiative_once_with_its_plans_time_and_cost(shop: cx.Scenario) -> None:
    """A bar ends when 90 % is felt: log2(10) half-lives after its start; later than the horizon is said."""
    table = roadmap_table(shop, ["friendlier", "grim"])
    assert table.to_dict("records") == [
        {
            "Initiative": "Frown",
            "What": "Frown",
            "When": "starts at once, 90 % felt after month 3",
            "Cost": "no cost given",
            "Plans": "in Grim",
        },
        {
            "Initiative": "Smile",
            "What": "Smile",
            "When": "starts in month 1, 90 % felt by month 2",
            "Cost": "£100 once and £120 per year",
            "Plans": "in Friendlier",
        },
    ]


@pytest.mark.parametrize("plans", [["friendlier", "grim", "same"], ["grim"], []])
def test_the_roadmap_is_valid_and_can_be_heard(plans: list[str], shop: cx.Scenario) -> None:
    """Strict JSON, Vega-Lite's own schema, and every initiative in the alt text."""
    drawing = roadmap(shop, plans)
    alt.LayerChart.from_dict(drawing.to_dict(), validate=True)
    assert json.dumps(dress(drawing), allow_nan=False) and drawing.description.startswith("Roadmap:")
    assert ("Smile (in Friendlier) starts in month 1" in drawing.description) == ("friendlier" in plans)


def test_a_plan_has_its_colour_by_its_place_whichever_plans_are_compared(shop: cx.Scenario) -> None:
    """Today is grey, and of more plans than colours no two look the same."""
    assert look_of("as_is", shop).style == "ghost"
    both = cx.compare(shop, ["friendlier", "same"], replications=2)
    alone = cx.compare(shop, ["same"], replications=2)
    for found in (both, alone):
        layers = dress(bands(found, "satisfaction"))["layer"]
        styles = [layer["mark"]["style"] for layer in layers if layer["mark"].get("strokeDash")]
        assert styles[-1] == look_of("same", shop).style
    many = shop.model_copy(update={"plans": {f"p{number}": ("smile",) for number in range(20)}})
    assert len({look_of(plan, many) for plan in many.plans}) == 20
