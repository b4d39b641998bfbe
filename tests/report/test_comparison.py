"""A comparison as people read it: words beside every sign, bands that can be heard, who is ahead and by how much."""

from __future__ import annotations

import json
import re

import altair as alt
import pytest

import cxmodel as cx
from cxmodel.report.charts.base import dress
from cxmodel.report.charts.comparison import FOLLOWED, bands, bands_table
from cxmodel.report.html_fragments import effects
from cxmodel.report.text.comparison import doing, effect, effects_table, leader, lines
from cxmodel.results.paired import Change
from tests.studies.test_comparison import SHOP

WORST = SHOP.replace("smile: {", 'smile: {what: "<script>alert(1)</script>", ').replace("friendlier: [", "fr: [")


MORE = "−1.1 to +1.7; about 43 more runs needed"


@pytest.fixture(scope="module")
def compared() -> cx.Comparison:
    """Three plans against as is."""
    return cx.compare(cx.loads(SHOP), replications=6, seed=3)


@pytest.mark.parametrize(
    ("change", "head", "span"),
    [
        (Change("nps", 9.5, 9.4, 9.7, 30, "better", None, 30), "▲ +9.5 better", "9.4 to 9.7"),
        (Change("expectation_gap", -3.0, -3.1, -2.9, 30, "better", None, 0), "▼ −3.0 better", "−3.1 to −2.9"),
        (Change("nps", 0.3, -1.1, 1.7, 9, "unclear", 43, 5), "≈ +0.3 unclear", MORE),
        (Change("nps", 0.0, 0.0, 0.0, 30, "none", None, 0), "= unchanged", ""),
        (Change("nps", 0.01, 0.009, 0.011, 30, "slight", None, 30), "= no material difference", ""),
    ],
)  # fmt: skip
def test_every_effect_has_a_sign_and_a_word(change: Change, head: str, span: str) -> None:
    """Arrow and word; where it is unclear, how many more runs it takes."""
    told = effect(change)
    assert (told.head, told.span) == (head, span)


@pytest.mark.slow
def test_each_plan_is_a_line_with_what_it_costs(compared: cx.Comparison) -> None:
    """Or that nobody has said."""
    assert [(line.name, line.cost) for line in lines(compared)] == [
        ("Friendlier", "£100"),
        ("Grim", "no cost given"),
        ("Same", "no cost given"),
    ]


@pytest.mark.slow
def test_who_is_ahead_is_told_with_an_interval_and_by_how_much(compared: cx.Comparison) -> None:
    """After the costs given, against the next best."""
    said = leader(compared)
    assert re.match(
        r"Friendlier adds the most customer equity after the costs given: \+£[\d,]+ \(£[\d,]+ to £[\d,]+\)\. ", said
    )
    assert re.search(r"Same is £\d+ behind \(£\d+ to £\d+\)\.$", said)


def test_where_every_plan_loses_none_is_called_ahead() -> None:
    """Grim and the same: no plan clearly adds worth."""
    found = cx.compare(cx.loads(SHOP), ["grim", "same"], replications=4)
    assert leader(found) == "No plan clearly adds customer equity after the costs given."


def test_one_plan_alone_is_ahead_of_nobody() -> None:
    """There is nothing to rank."""
    assert leader(cx.compare(cx.loads(SHOP), ["grim"], replications=2)) == ""


def test_the_table_has_every_figure_with_its_verdict(compared: cx.Comparison) -> None:
    """In words."""
    table = effects_table(compared)
    assert {"better", "worse", "unchanged"} <= set(table["Verdict"]) and len(table) > 40


@pytest.mark.slow
@pytest.mark.parametrize("metric", FOLLOWED)
def test_bands_are_valid_and_can_be_heard(metric: str, compared: cx.Comparison) -> None:
    """Vega-Lite's own schema, strict JSON, and an alt text with figures."""
    drawing = bands(compared, metric)
    alt.LayerChart.from_dict(drawing.to_dict(), validate=True)
    assert json.dumps(dress(drawing), allow_nan=False)
    assert re.search(r"Difference in .*Friendlier ends at .* in month 3", str(dress(drawing)["description"]))


def test_bands_have_a_table_twin(compared: cx.Comparison) -> None:
    """A column for each plan, a row for each month and figure."""
    table = bands_table(compared)
    assert {"Friendlier", "Grim", "Same"} <= set(table.columns) and len(table) >= 4 * 3


def test_lines_are_told_apart_without_colour(compared: cx.Comparison) -> None:
    """Each has a dash of its own and its name at its end."""
    layers = dress(bands(compared, "satisfaction"))["layer"]
    marks = [layer["mark"] for layer in layers if layer["mark"]["type"] == "line" and "strokeDash" in layer["mark"]]
    assert len({str(mark["strokeDash"]) for mark in marks}) == len(marks) == 3


def test_the_page_s_table_has_heads_for_rows_and_columns(compared: cx.Comparison) -> None:
    """Four figures, what it costs, and a row for as is."""
    html = effects(compared.pairs, compared, "3 months")
    assert html.count('scope="col"') == 6 and html.count('scope="row"') == 1 + 3
    assert "Today (no action)" in html and "worse" in html


def test_what_is_still_being_played_is_said_to_be(compared: cx.Comparison) -> None:
    """Its row is there from the start."""
    assert effects(compared.pairs, None, "3 months").count("running …") == 3


def test_nothing_that_a_scenario_says_gets_into_the_page_as_markup() -> None:
    """Names and texts are escaped."""
    scenario = cx.loads(WORST)
    html = effects(cx.compare(scenario, ["fr"], replications=2).pairs, None, "<b>")
    assert "<script" not in html and "<b>" not in html and doing(scenario, "fr")[0][0].startswith("<script>")


def test_an_initiative_without_words_is_told_by_what_it_changes() -> None:
    """As the levers are that somebody moves on the page."""
    moved = cx.loads(SHOP).with_initiative("moved_levers", {"levers.people.level": 0.75}, plan="mine")
    assert doing(moved, "mine") == [("Moved levers: people lever to 0.75", "no cost given")]
