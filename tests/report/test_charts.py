"""Every chart of `CHARTS` can be seen, heard, read as a table, and told apart without colour sight."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest

import cxmodel as cx
from cxmodel.report.charts.base import COLOURS
from cxmodel.report.charts.catalogue import CHARTS, dress, png, svg
from cxmodel.report.charts.customer_journey import life, life_table, people
from cxmodel.report.charts.pareto import front
from cxmodel.report.charts.sparkline import image, sparkline
from cxmodel.report.text.mending import Mending, Price
from cxmodel.report.text.shortfalls import Shortfall, sentence, shortfalls

Pair = tuple[cx.Result, cx.Result | None]


@pytest.fixture(scope="module")
def plan(stories: Path) -> Pair:
    """A plan and as is, in little."""
    scenario = cx.load(stories / "pretty_app.yaml").with_changes({"horizon": "12 months"})
    runs = [cx.simulate(scenario, plan, replications=2, jobs=1) for plan in ("both", "as_is")]
    return runs[0], runs[1]


@pytest.fixture(params=["alone", "against as is"])
def pair(request: pytest.FixtureRequest, plan: Pair) -> Pair:
    """A result alone, and one with as is behind it."""
    return plan if request.param == "against as is" else (plan[0], None)


def texts(document: Any) -> set[str]:
    """Every string anywhere in a document."""
    if isinstance(document, dict):
        return set().union(*(texts(each) for each in document.values()))
    if isinstance(document, list):
        return set().union(*(texts(each) for each in document))
    return {document} if isinstance(document, str) else set()


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_vega_lite(name: str, pair: Pair) -> None:
    """The chart passes Vega-Lite's own schema."""
    alt.LayerChart.from_dict(CHARTS[name](*pair).to_dict(), validate=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_reaches_the_browser_as_strict_json(name: str, pair: Pair) -> None:
    """No figure that cannot be had travels as NaN, which browsers refuse."""
    assert json.dumps(dress(CHARTS[name](*pair)), allow_nan=False)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_can_be_heard(name: str, pair: Pair) -> None:
    """The alt text says what is seen, with figures."""
    described = dress(CHARTS[name](*pair))["description"]
    assert any(letter.isdigit() for letter in described)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_a_table_twin(name: str, pair: Pair) -> None:
    """The same can be read as rows."""
    assert len(CHARTS[name].table(*pair)) >= 3


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_names_styles_and_no_colours(name: str, plan: Pair) -> None:
    """Every style of a mark has a colour in both looks, and no mark brings its own."""
    layers = CHARTS[name](*plan).to_dict()["layer"]
    marks = [layer["mark"] for layer in layers]
    known = {"halo", *dress(CHARTS[name](*plan))["config"]["style"]}
    assert set(COLOURS["light"]) == set(COLOURS["dark"])
    assert all(mark["style"] in known and not {"color", "fill", "stroke"} & set(mark) for mark in marks)


def test_the_journey_says_each_gap_in_words(plan: Pair) -> None:
    """Short or ahead is written at each touchpoint, not told by colour alone."""
    result, baseline = plan
    written = texts(dress(CHARTS["journey"](result, baseline)))
    gaps = CHARTS["journey"].table(result, baseline)["Gap"]
    assert set(gaps) <= written


def test_the_journey_prices_what_is_worth_mending(plan: Pair) -> None:
    """Each touchpoint has the price of mending it with its interval, or a dash where there is nothing to mend."""
    prices = {"track_order": Price(41_200.0, 38_000.0, 44_400.0), "unboxing": Price(0.0, 0.0, 0.0)}
    written = texts(dress(CHARTS["journey"](*plan, mending=Mending("customer_equity", prices))))
    assert {"+£41.2k", "£38.0k to 44.4k", "–"} <= written


def test_a_price_still_being_worked_out_is_a_quiet_placeholder(plan: Pair) -> None:
    """The row is there from the start, so that nothing jumps when the prices come."""
    drawings = [CHARTS["journey"](*plan, mending=Mending(done=done)) for done in (False, True)]
    assert "…" in texts(dress(drawings[0])) and drawings[0].properties["height"] == drawings[1].properties["height"]


def test_the_prices_are_in_the_journeys_table_too(plan: Pair) -> None:
    """The table twin says what the picture says."""
    table = CHARTS["journey"].table(*plan, mending=Mending("nps", {"track_order": Price(4.25, 3.1, 5.4)}))
    assert {"+4.2", "3.1 to 5.4"} <= set(table[["NPS at stake", "NPS at stake, 95 %"]].to_numpy().ravel())


def test_the_journey_runs_in_the_order_customers_live_it(plan: Pair) -> None:
    """Touchpoints stand in journey order under the names people give them."""
    names = list(CHARTS["journey"].table(*plan)["Touchpoint"])
    assert names[:3] + names[-1:] == ["Virtual try-on", "Checkout", "Order e-mail", "Goodbye"]


def test_the_parts_of_a_shortfall_add_up_in_the_words_too(plan: Pair) -> None:
    """Know, decide, do and say are told in whole points that come to the gap in whole points."""
    found = shortfalls(plan[1] or plan[0])
    assert found and all(sum(missed.whole) == round(missed.gap) for missed in found)


def test_the_parts_of_a_shortfall_add_up_to_the_gap(plan: Pair) -> None:
    """The waterfall telescopes to a billionth of a point."""
    found = shortfalls(plan[1] or plan[0])
    assert all(abs(sum(missed.parts) - missed.gap) < 1e-9 for missed in found)


def test_the_heaviest_shortfall_is_told_first_and_in_words(plan: Pair) -> None:
    """As things stand that is what customers see on the tracking page, and the chart's alt text says why."""
    description = str(dress(CHARTS["why"](plan[1] or plan[0]))["description"])
    assert re.match(r"\w+ at Track order falls \d+ points short \([\d.]+ to [\d.]+\): insight gap \d+", description)


def test_a_part_that_makes_up_for_others_is_told_as_such() -> None:
    """Where people expect less than they need, the points it spares are taken off."""
    missed = Shortfall("bill", "clarity", 10.0, 9.0, 11.0, 0.2, (8.0, 5.0, 2.0, -5.0), {})
    assert "insight gap 8, standards gap 5, delivery gap 2; offset by 5 (people expect less" in sentence(missed)


def test_what_the_dashboard_shows_has_its_own_interval(plan: Pair) -> None:
    """A fifth of the customers answer a survey, so what it shows is less sure than what is true in the model."""
    spans = CHARTS["dashboard"].table(*plan)["NPS, 95 %"].str.split(" to ")
    widths = [float(high.replace("−", "-")) - float(low.replace("−", "-")) for low, high in spans]
    assert widths[0] > widths[1]


def test_the_calls_are_traced_to_where_they_begin(plan: Pair) -> None:
    """The tracking page makes the telephone ring; the shares of all causes come to one."""
    shares = plan[0].contacts["share"]
    assert "Track order" in texts(dress(CHARTS["causes"](*plan))) and abs(shares.sum() - 1) < 1e-9


@pytest.fixture(scope="module")
def told(plan: Pair) -> list[pd.DataFrame]:
    """Three customers' visits."""
    return people(plan[0].customers(3))


@pytest.mark.slow
def test_three_customers_are_told_as_timelines(told: list[pd.DataFrame], plan: Pair) -> None:
    """Each life is a chart that can be heard, and names whose it is."""
    heard = [str(dress(life(visits, plan[0].scenario))["description"]) for visits in told]
    assert [words.split(":")[0] for words in heard][:2] == ["A typical customer", "A delighted customer"]


@pytest.mark.slow
def test_a_life_is_valid_vega_lite_without_nan(told: list[pd.DataFrame], plan: Pair) -> None:
    """The chart passes Vega-Lite's schema and travels as strict JSON."""
    for visits in told:
        alt.LayerChart.from_dict(life(visits, plan[0].scenario).to_dict(), validate=True)
        json.dumps(dress(life(visits, plan[0].scenario)), allow_nan=False)


def test_a_life_has_a_table_twin(told: list[pd.DataFrame], plan: Pair) -> None:
    """One row per visit."""
    assert [len(life_table(visits, plan[0].scenario)) for visits in told] == [len(visits) for visits in told]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_sparkline_can_be_heard(plan: Pair, look: Literal["light", "dark"]) -> None:
    """The small picture on a story's card says where customers get least of what they expect."""
    heard = ElementTree.fromstring(sparkline(plan[1] or plan[0], look)).attrib["aria-label"]
    assert heard.startswith("Gap by touchpoint: Track order falls short by") and 'alt="Gap by' in image(plan[0], look)


def test_a_journey_nobody_judges_says_so() -> None:
    """Where customers need nothing of what is delivered there is no line to draw, and the chart says so."""
    nobody = cx.loads(
        "schema: 1\nname: Nobody\nhorizon: 2 months\nattributes: {ease: {}, polish: {}}\n"
        "segments: {people: {customers: 400, needs: {ease: {level: 70}}}}\n"
        "journey: {look: {stage: use, every: 30 days, delivers: {polish: 60}}}\n"
    )
    drawing = CHARTS["journey"](cx.simulate(nobody, replications=2, jobs=1))
    assert "No touchpoint was rated." in texts(dress(drawing))


@pytest.mark.parametrize("look", ["light", "dark"])
def test_words_in_charts_can_be_read(look: str) -> None:
    """Every colour that words are written in has the contrast WCAG asks of text."""
    colours = COLOURS["light" if look == "light" else "dark"]
    paper = luminance(colours["paper"])
    ratios = {
        name: (max(luminance(colour), paper) + 0.05) / (min(luminance(colour), paper) + 0.05)
        for name, colour in colours.items()
        if name not in ("paper", "grid")
    }
    assert all(ratio >= (3.0 if name == "ghost" else 4.5) for name, ratio in ratios.items()), ratios


def luminance(colour: str) -> float:
    """Relative luminance of a hexadecimal colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("currency", ["GBP", "D'or", "' + alert(1) + '", '"\\', None])
def test_a_currency_is_text_on_an_axis(currency: str | None, plan: Pair) -> None:
    """Whatever signs a scenario gives its money, an axis shows them and obeys none."""
    row = {"metric": "customer_equity", "unit": "money", "value": 900.0, "low": 800.0, "high": 1000.0}
    rows = [row | {"initiatives": some, "cost": cost} for some, cost in (([], 0.0), (["smile"], 500.0))]
    drawn = svg(front({"currency": currency, "front": rows}, "customer_equity", plan[0].scenario))
    ticks = [each.text or "" for each in ElementTree.fromstring(drawn).iter() if each.tag.endswith("text")]
    assert {"GBP": "£400", None: "400"}.get(currency, f"{currency} 400") in ticks


@pytest.mark.slow
def test_a_chart_can_be_had_without_a_browser(plan: Pair) -> None:
    """As SVG for documents and as PNG for slides."""
    drawing = CHARTS["journey"](*plan)
    assert svg(drawing).startswith("<svg") and png(drawing, "dark").startswith(b"\x89PNG")
