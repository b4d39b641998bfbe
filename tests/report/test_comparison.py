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
from cxmodel.report.text.comparison import doing, effect, effects_table, lines, sentence
from cxmodel.results.paired import Change
from cxmodel.studies.comparison import Pair
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


def test_each_plan_is_a_line_with_what_it_costs_and_when_that_is_paid_back(compared: cx.Comparison) -> None:
    """Or that nobody has said; those without a cost come last."""
    assert [(line.name, line.payback, line.cost) for line in lines(compared)] == [
        ("Friendlier", "not within 3 months", "£100"),
        ("Grim", "no cost given", "no cost given"),
        ("Same", "no cost given", "no cost given"),
    ]


def test_the_verdict_is_told_of_plans_against_today_in_one_world(compared: cx.Comparison) -> None:
    """Net value with its interval, and what cannot be judged; elsewhere there is none."""
    lacking = r"No cost is given for Grim and Same, so no net value\."
    assert re.fullmatch(rf"Friendlier: net value \+£\S+ \(.*\)\. {lacking}", sentence(compared))
    (pair, *_) = compared.pairs
    assert sentence(cx.Comparison((Pair(pair.against, pair.run),), compared.results)) == ""


def test_customer_equity_that_rises_is_green_only_where_net_value_does(compared: cx.Comparison) -> None:
    """The words stay."""
    assert [each.tone for each in lines(compared)[0].effects[3:]] == ["better", "better"]
    dear = cx.compare(cx.loads(SHOP.replace("once: 100", "once: 9000")), ["friendlier"], replications=2)
    net, equity = lines(dear)[0].effects[3:]
    assert (net.tone, equity.tone) == ("worse", "neutral") and equity.head.endswith("better")
    assert sentence(dear).startswith("Friendlier has no net value above zero: net value −£")


def test_the_plan_that_is_worth_most_comes_first() -> None:
    """In every world; one that is cheap before one that is dear, one without a cost after both."""
    plans = "plans: {none_given: [frown], dear: [smile], cheap: [wink]}"
    shop = cx.loads(
        SHOP.replace('"+0"}}', '"+20"}, cost: {once: 1}}').split("plans:")[0] + plans + SHOP[SHOP.index("\nfutures") :]
    )
    found = cx.compare(shop, futures=[None, "grumpy"], replications=2)
    assert [line.name for line in lines(found)] == ["Cheap", "Dear", "None given"] * 2
    html = effects(found.pairs, found, "3 months", shop)
    assert [name for name in re.findall(r'scope="row"><i[^>]*></i>([^<]*)<', html)] == [
        "Today (no action)",
        "Cheap",
        "Dear",
        "None given",
    ] * 2


def test_what_is_spent_today_counts_between_files() -> None:
    """A file whose touchpoints take more is not free, whatever its plan costs."""
    shop = cx.loads(SHOP)
    found = cx.compare([shop, shop.with_changes({"journey.bread.spend": "100 per month"})], replications=2)
    assert {line.name: line.cost for line in lines(found)}["Today (no action), now"] == "£300"
    assert {line.name: line.cost for line in lines(cx.compare(shop, ["as_is"], "friendlier", replications=2))} == {
        "Today (no action)": "£100 less"
    }


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
    """Five figures, payback, what it costs, and a row for as is."""
    html = effects(compared.pairs, compared, "3 months", cx.loads(SHOP))
    assert html.count('scope="col"') == 8 and html.count('scope="row"') == 1 + 3
    assert "Today (no action)" in html and "worse" in html


def test_what_is_still_being_played_is_said_to_be(compared: cx.Comparison) -> None:
    """Its row is there from the start."""
    assert effects(compared.pairs, None, "3 months", cx.loads(SHOP)).count("running …") == 3


def test_nothing_that_a_scenario_says_gets_into_the_page_as_markup() -> None:
    """Names and texts are escaped."""
    scenario = cx.loads(WORST)
    html = effects(cx.compare(scenario, ["fr"], replications=2).pairs, None, "<b>", scenario)
    assert "<script" not in html and "<b>" not in html and doing(scenario, "fr")[0][0].startswith("<script>")


def test_an_initiative_without_words_is_told_by_what_it_changes() -> None:
    """As the levers are that somebody moves on the page."""
    moved = cx.loads(SHOP).with_initiative("moved_levers", {"levers.people.level": 0.75}, plan="mine")
    assert doing(moved, "mine") == [("Moved levers: people lever to 0.75", "no cost given")]
