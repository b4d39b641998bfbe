"""The maps of a company: what they say is right, can be read by everyone, and can be taken away in every form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pptx import Presentation
from pptx.util import Inches

import cxmodel as cx
from cxmodel.report.charts.base import COLOURS
from cxmodel.report.export import pptx
from cxmodel.report.export.map_files import WRITERS, slides_of
from cxmodel.report.maps.canvas import canvas, value_map
from cxmodel.report.maps.catalogue import MAPS, Told, shown
from cxmodel.report.maps.cells import Lane
from cxmodel.report.maps.curve import Level, curve
from cxmodel.report.maps.html import journey_html, organisation_html
from cxmodel.report.maps.journey_map import JourneyMap, Stop, journey_map
from cxmodel.report.maps.organisation import organisation
from cxmodel.report.maps.plan_numbers import Standing
from cxmodel.report.maps.promises import promises
from cxmodel.report.maps.proposition import bargains, canvas_table, equal_value, value_table
from cxmodel.report.maps.sheet import Run, Sheet, flow
from cxmodel.report.text.constraints import binding
from cxmodel.report.text.mending import Mending, Price

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
PLAN = "a_good_goodbye"


@pytest.fixture(scope="module")
def kit(stories: Path) -> dict[str, cx.Result]:
    """Kit car insurance today and with a good goodbye, in little."""
    return played(stories / "kit_car_insurance.yaml", PLAN)


@pytest.fixture(scope="module")
def retailers(stories: Path) -> dict[str, cx.Result]:
    """The two retailers today and closer to their customers."""
    return played(stories / "two_retailers.yaml", "closer")


@pytest.fixture(scope="module")
def levers(stories: Path) -> dict[str, cx.Result]:
    """Five levers today and all of them pulled."""
    return played(stories / "five_levers.yaml", "culture_and_all_five")


def played(file: Path, plan: str) -> dict[str, cx.Result]:
    """Today and a plan, in two replications."""
    scenario = cx.load(file)
    return {name: cx.simulate(scenario, name, replications=2, jobs=1) for name in ("as_is", plan)}


@pytest.fixture(scope="module")
def today(kit: dict[str, cx.Result]) -> JourneyMap:
    """The journey map of today, with the initiatives of the plan strong on it."""
    return journey_map(kit["as_is"], plan=PLAN)


def stop(found: JourneyMap, id: str) -> Stop:
    """A touchpoint of a map."""
    return next(each for each in found.stops if each.id == id)


def said(found: JourneyMap, key: str, id: str) -> str:
    """What a lane says of a touchpoint."""
    lane = next(each for each in found.lanes if each.key == key)
    return lane.cells[[each.id for each in found.stops].index(id)].words


class Table(HTMLParser):
    """The tables of a piece of HTML as rows of (tag, attributes, words)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, dict[str, str | None], str]]] = []
        self.tags: list[str] = []
        self.captions = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.captions += tag == "caption"
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td") and self.rows:
            self.rows[-1].append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            tag, attributes, words = self.rows[-1][-1]
            self.rows[-1][-1] = (tag, attributes, words + data)


# What the journey map says


@pytest.mark.slow
def test_the_front_stage_tells_what_the_scenario_and_the_run_say(today: JourneyMap) -> None:
    """Words of the YAML, the gap of the run, the channel that is wanted and not offered."""
    assert said(today, "feeling", "cancel") == "“trapped”"
    assert said(today, "doing", "quote") == "describes in ten minutes a car that exists once"
    assert re.match(r"falls short by 3\d; 7\d expected, 4\d experienced", said(today, "gap", "cancel"))
    assert said(today, "channel", "cancel") == "Phone; Portal wanted by 80 %, not offered"
    assert said(today, "memory", "drive") in ("56 %", "57 %", "58 %")


@pytest.mark.slow
def test_the_back_stage_tells_who_answers_and_what_nobody_sees(today: JourneyMap) -> None:
    """Nobody where the YAML says so; who sees what; strong and pale chips."""
    assert said(today, "owner", "cancel") == "! Nobody"
    assert said(today, "owner", "renewal") == "Underwriting"
    assert "nobody sees clarity" in said(today, "insight", "wrong_renewal")
    assert said(today, "insight", "drive") == "cover, passion: Club meetings"
    assert said(today, "levers", "portal") == "Platforms 80 %; Practices 20 %"
    assert said(today, "initiatives", "cancel") == "When it is over · m2; A button to leave · m3"
    assert said(today, "initiatives", "drive") == "Club weekends · m3, not in this plan"
    assert re.match(r"know 3\d; ", said(today, "why", "wrong_renewal"))


@pytest.mark.slow
def test_the_head_tells_persona_promises_and_the_weakest_link(today: JourneyMap) -> None:
    """Terry and what he needs; the promise that is kept; where most is missing."""
    (terry,) = today.who
    assert terry.name == "Terry" and "In autumn they sent me the renewal" in terry.quote
    assert terry.about.startswith("Builders: 1,600 customers, need cover 38 %, clarity 25 %")
    assert [line.text for line in today.promises] == ["Cover that fits (88): kept at Drive"]
    assert re.match(r"Wrong renewal, 3\d short", today.weakest.text)


@pytest.mark.slow
def test_moments_of_truth_and_broken_promises_are_marked(today: JourneyMap) -> None:
    """Much remembered, or before a decision; a promise is broken where experience is a word of the scale below it."""
    assert stop(today, "drive").truth.endswith("of memory")
    assert stop(today, "quote").truth == "they decide to buy" and stop(today, "renewal").truth == "they decide to stay"
    assert [each.id for each in today.stops if each.broken] == ["cancel", "wrong_renewal"]


@pytest.mark.slow
def test_the_plan_mends_what_was_broken_and_says_from_when(kit: dict[str, cx.Result]) -> None:
    """With today behind it, each touchpoint says what it was."""
    told = journey_map(kit[PLAN], kit["as_is"])
    assert not any(each.broken for each in told.stops)
    assert said(told, "channel", "cancel") == "Phone; Portal wanted by 80 %, offered from month 3"
    assert re.search(r"today short by 3\d, 4\d experienced", said(told, "gap", "cancel"))
    assert said(told, "gap", "sign_up").endswith("as today") and told.behind is not None


@pytest.mark.slow
def test_a_broken_brand_promise_says_where(standing: cx.Result) -> None:
    """The pretty app promises tracking that it does not have."""
    found = {each.id: each for each in promises(standing)}
    assert "track_order" in dict(found["pizza_style_bar"].broken)
    assert found["on_your_face"].kept == ("virtual_try_on",) and not found["on_your_face"].broken
    assert "Pizza style bar promises 90, experienced " in stop(journey_map(standing), "track_order").broken


@pytest.mark.slow
def test_what_is_at_stake_is_on_the_map_only_where_it_was_worked_out(kit: dict[str, cx.Result]) -> None:
    """Next to nothing is told as nothing."""
    prices = {"portal": Price(10_100.0, 9_560.0, 10_700.0), "cancel": Price(0.02, 0.01, 0.03)}
    told = journey_map(kit["as_is"], mending=Mending("customer_equity", prices))
    assert said(told, "stake", "portal") == "+£10.1k; £9.56k to 10.7k" and said(told, "stake", "cancel") == "–"
    assert "stake" not in [lane.key for lane in journey_map(kit["as_is"]).shown()]


@pytest.mark.slow
def test_cells_know_where_the_scenario_says_what_they_say(today: JourneyMap) -> None:
    """What is written in the scenario can be edited in place; what is worked out cannot."""
    paths = {lane.key: lane.cells[0].path for lane in today.lanes}
    assert paths["doing"] == "journey.quote.doing" and paths["owner"] == "journey.quote.owner"
    assert not paths["gap"] and not paths["why"] and not paths["memory"]


@pytest.mark.slow
def test_things_are_called_by_their_labels(year: cx.Scenario) -> None:
    """Never by their ids, wherever they stand on a map."""
    labelled = year.with_changes(
        {
            "journey.track_order.label": "Wo ist es?",
            "attributes.clarity.label": "Klarheit",
            "insight_sources.rival_watch.label": "Späher",
            "initiatives.real_tracking.label": "Echt verfolgen",
            "rivals.pizza_chain.label": "Pizza Müller",
        }
    )
    result = cx.simulate(labelled, "fix_the_wait", replications=2, jobs=1)
    page = journey_html(journey_map(result)) + organisation_html(organisation(result))
    assert all(word in page for word in ("Wo ist es?", "Klarheit", "Späher", "Echt verfolgen"))
    assert "Track order" not in page and "Rival watch" not in page
    assert "Pizza Müller" in canvas(bargains(result)[0]).description


@pytest.mark.slow
def test_a_segment_has_a_map_of_its_own(retailers: dict[str, cx.Result]) -> None:
    """Its people and its needs alone, and its own gaps."""
    whole, one = (journey_map(retailers["as_is"].of_segment(name)) for name in ("all", "bargain_hunters"))
    assert [each.segment for each in one.who] == ["Bargain hunters"] and len(whole.who) == 2
    assert one.curve != whole.curve


# What the proposition says


@pytest.mark.slow
def test_two_retailers_give_equal_value_by_different_bargains(retailers: dict[str, cx.Result]) -> None:
    """80 and 77 in the eyes of their own customers, 61.5 and 60 in the others'."""
    told = equal_value(retailers["as_is"])
    assert told == (
        "Equal value for money by different bargains: we give quality seekers 80, and Kiepe gives bargain hunters 77."
    )
    seekers, hunters = bargains(retailers["as_is"])
    assert [round(each.value or 0) for each in seekers.providers] == [80, 60]
    assert [round(each.value or 0) for each in hunters.providers] == [61, 77]
    assert seekers.providers[0].value == retailers["as_is"].metric("value_for_money", "quality_seekers").value


@pytest.mark.slow
def test_the_fit_of_a_proposition_is_a_weighted_shortfall(retailers: dict[str, cx.Result]) -> None:
    """.15 x 25 = 3.75 for one segment, .6 x 35 = 21 for the other; with what that means."""
    seekers, hunters = bargains(retailers["as_is"])
    assert seekers.misfit == pytest.approx(3.75) and hunters.misfit == pytest.approx(21.0)
    assert "nearly fits what they need" in seekers.fit and "is made for somebody else" in hunters.fit
    assert seekers.overpromised == "Promised above what is delivered: quality 90 against 88."
    verdicts = {each.id: each.verdict for each in seekers.attributes}
    assert verdicts["price"] == "gap 30" and verdicts["quality"] == ""


@pytest.mark.slow
def test_a_price_is_shared_out_by_needs(kit: dict[str, cx.Result]) -> None:
    """£320, of which three eighths go to cover."""
    (builders,) = bargains(kit["as_is"])
    assert {each.id: each.paid for each in builders.attributes}["cover"] == pytest.approx(120.0)
    assert sum(each.paid or 0 for each in builders.attributes) == pytest.approx(320.0)


@pytest.mark.slow
def test_levels_are_those_of_the_last_year_of_the_plan(retailers: dict[str, cx.Result]) -> None:
    """What an initiative changes has moved by then; what it does not stays as it is."""
    standing = Standing.of(retailers["closer"])
    assert standing.level("journey.shop_floor.delivers.service", 85.0) == pytest.approx(93.0, abs=1.0)
    assert standing.level("rivals.kiepe.levels.quality", 50.0) == 50.0


@pytest.mark.slow
@pytest.mark.parametrize("draw", [canvas, value_map])
def test_a_proposition_is_heard_as_it_is_seen(draw: Any, retailers: dict[str, cx.Result]) -> None:
    """Every provider and level in the alt text; marks differ in shape, not by colour alone; no mark brings a colour."""
    drawing = draw(bargains(retailers["as_is"])[0])
    assert "Kiepe" in drawing.description and "quality seekers" in drawing.description
    marks = [layer["mark"] for layer in drawing.to_dict()["layer"]]
    shapes = {mark["style"]: mark["shape"] for mark in marks if mark["type"] == "point"}
    assert len(set(shapes.values())) == len(shapes) >= 2
    assert all(mark["style"] in {"halo", *COLOURS["light"]} and not {"color", "fill"} & set(mark) for mark in marks)


@pytest.mark.slow
def test_a_proposition_can_be_read_as_a_table(kit: dict[str, cx.Result]) -> None:
    """With the price of a rival that is not known as a dash."""
    assert list(canvas_table(kit["as_is"])["Attribute"]) == ["Cover", "Clarity", "Ease", "Passion"]
    assert list(value_table(kit["as_is"])["Price per month"]) == ["£27", "–"]


# What the organisation says


@pytest.mark.slow
def test_the_organisation_shows_what_binds(levers: dict[str, cx.Result]) -> None:
    """The sentence, culture below its threshold, and at each touchpoint what could close most there."""
    found = organisation(levers["as_is"])
    assert found.binding == binding(levers["as_is"])
    assert found.notes[0].startswith("Culture 0.35 lies below its threshold of 0.50: about ")
    columns = [column.key for column in found.columns]
    rows = {stop.id: cells for stop, cells in zip(found.stops, found.rows, strict=True)}
    bill = rows["bill"]
    assert bill[columns.index("binds")].words.startswith("Policies, ")
    assert bill[columns.index("policies")].words == "50 %; ◆ binds"
    assert rows["portal"][columns.index("platforms")].words == "80 %"
    assert rows["portal"][columns.index("source yearly_survey")].words == "ease, clarity"


@pytest.mark.slow
def test_a_p_says_where_it_stands_under_the_plan_and_today(levers: dict[str, cx.Result]) -> None:
    """As far as culture lets it."""
    plan = organisation(levers["culture_and_all_five"], behind=levers["as_is"])
    platforms = next(column for column in plan.columns if column.key == "platforms")
    assert "(today 0.30)" in platforms.note and 0.6 < (platforms.strength or 0) < 0.85


@pytest.mark.slow
def test_spend_is_held_against_memory(year: cx.Scenario) -> None:
    """Money where little is remembered is marked, and the other way round."""
    spent = year.with_changes(
        {"journey.order_email.spend": "90000 per year", "journey.wear_them.spend": "10000 per year"}
    )
    found = organisation(cx.simulate(spent, replications=2, jobs=1))
    column = [each.key for each in found.columns].index("spend")
    told = {stop.id: cells[column].words for stop, cells in zip(found.stops, found.rows, strict=True)}
    assert told["order_email"] == "90 %; £90.0k a year; more than its share of memory"
    assert told["wear_them"].endswith("less than its share of memory")


# How they are laid out


@pytest.mark.slow
def test_the_journey_map_is_a_table_that_can_be_read_aloud(today: JourneyMap) -> None:
    """A caption; every row and column has a head with its scope; every row is as wide as the head."""
    table = Table(journey_html(today))
    stages, names, *rows = table.rows
    assert table.captions == 1 and {attributes.get("scope") for _, attributes, _ in stages[1:]} == {"colgroup"}
    assert [words.partition("★")[0].partition("⚠")[0] for _, _, words in names[1:4]] == ["Quote", "Sign up", "Drive"]
    assert all(tag == "th" and attributes["scope"] == "col" for tag, attributes, _ in names[1:])
    for row in [stages, names, *rows]:
        assert row[0][0] == "th" and row[0][1]["scope"] in ("row", "rowgroup")
        assert sum(int(attributes.get("colspan") or 1) for _, attributes, _ in row) == len(today.stops) + 1
    assert any(row[0][1]["scope"] == "rowgroup" and "Line of visibility" in row[0][2] for row in rows)


@pytest.mark.slow
def test_the_curve_is_heard_and_lanes_can_be_hidden(today: JourneyMap) -> None:
    """One picture over all columns with the gaps in its alt text; what is hidden is gone."""
    page = journey_html(today)
    assert page.count('role="img"') == 1 and "Cancel falls short by 3" in page.partition('aria-label="Expected')[2]
    assert 'data-path="journey.cancel.doing"' in page
    less = journey_html(today, hidden=("doing", "stake", "owner"))
    assert 'data-lane="doing"' not in less and 'data-lane="owner"' not in less and 'data-lane="feeling"' in less
    inside = journey_html(today, look="dark")
    assert "<svg" not in inside and "data:image/svg+xml;base64," in inside


@pytest.mark.slow
def test_the_organisation_is_a_table_that_can_be_read_aloud(levers: dict[str, cx.Result]) -> None:
    """Heads with their scope, and rows as wide as the head."""
    found = organisation(levers["as_is"])
    groups, heads, *rows = Table(organisation_html(found)).rows
    assert sum(int(attributes.get("colspan") or 1) for _, attributes, _ in groups) == len(found.columns) + 1
    assert all(attributes["scope"] == "col" for _, attributes, _ in heads)
    assert all(row[0][1]["scope"] == "row" and len(row) == len(heads) for row in rows)


@pytest.mark.slow
def test_a_hostile_scenario_is_shown_and_not_obeyed(year: cx.Scenario) -> None:
    """Whatever it says is text, on a page and in a picture."""
    evil = year.with_changes(
        {
            "journey.track_order.doing": HOSTILE,
            "journey.track_order.owner": HOSTILE,
            "journey.track_order.label": HOSTILE,
            "segments.style_seekers.persona": {"name": HOSTILE, "quote": HOSTILE},
        },
        name=HOSTILE,
    )
    told = shown(cx.simulate(evil, "fix_the_wait", replications=2, jobs=1), None, "both")
    for which in MAPS:
        page = WRITERS[".html"](which, told).decode()
        tags = Table(page).tags
        assert "script" not in tags and "img" not in tags
        ElementTree.fromstring(WRITERS[".svg"](which, told).decode())


@pytest.mark.slow
@pytest.mark.parametrize("which", MAPS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_map_is_drawn_in_either_look(which: str, look: Any, levers: dict[str, cx.Result]) -> None:
    """Every colour is one of the look's; the alt text is the title of the picture."""
    told = shown(levers["culture_and_all_five"], levers["as_is"], "both")
    sheet = MAPS[which].lay(told)
    drawn = sheet.svg(look)
    assert ElementTree.fromstring(drawn)[0].text == sheet.description and len(sheet.description) > 80
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawn)) <= {*COLOURS[look].values()}
    assert sheet.png(look, scale=0.5).startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_map_of_a_result_can_be_had_by_name(kit: dict[str, cx.Result], tmp_path: Path) -> None:
    """Saved as SVG and PNG, shown in a notebook; another ending is answered with those that there are."""
    drawn = kit[PLAN].chart("journey_map", against=kit["as_is"])
    for name in ("map.svg", "map.PNG"):
        drawn.save(tmp_path / name)
    assert "experienced today" in (tmp_path / "map.svg").read_text("utf-8")
    assert (tmp_path / "map.PNG").read_bytes().startswith(b"\x89PNG")
    assert drawn._repr_html_().count("<svg") == 1 and "Terry" in drawn.description
    with pytest.raises(cx.UsageError, match=r"a map is saved to a file that ends in \.svg, \.png$"):
        drawn.save(tmp_path / "map.json")


@pytest.mark.slow
def test_the_journey_map_is_a_native_table_with_a_native_chart(kit: dict[str, cx.Result]) -> None:
    """Who opens the slide can edit both; front and back stage, and the run's own figures in the chart."""
    told = shown(kit[PLAN], kit["as_is"], "both")
    deck = Presentation(BytesIO(WRITERS[".pptx"]("journey_map", told)))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    words = "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    assert all(each in words for each in ("Wrong renewal", "“trapped”", "! Nobody", "nobody sees clarity", "Owner"))
    (chart,) = (shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    series = {own.name: list(own.values) for own in chart.plots[0].series}
    assert series["Experienced"] == [round(level.lived, 2) for level in told.journey.curve]
    assert set(series) == {"Expected", "Experienced", "Experienced, today", "Gap"}


@pytest.mark.slow
def test_nothing_of_a_map_lies_beyond_the_edge_of_its_slide(
    kit: dict[str, cx.Result], retailers: dict[str, cx.Result], levers: dict[str, cx.Result]
) -> None:
    """Of every map of every story."""
    for results in (kit, retailers, levers):
        plan = next(name for name in results if name != "as_is")
        deck = slides_of(tuple(MAPS), shown(results[plan], results["as_is"], "both"))
        for slide in Presentation(BytesIO(deck)).slides:
            for shape in slide.shapes:
                assert shape.left >= 0 and shape.left + shape.width <= Inches(pptx.WIDTH), shape.name
                assert shape.top >= 0 and shape.top + shape.height <= Inches(pptx.HEIGHT), shape.name


def test_words_wrap_where_they_would_leave_their_place() -> None:
    """By the width of their letters; a style does not begin a row of its own."""
    rows = flow([Run("describes in ten minutes"), Run("a car", bold=True)], 80.0, 12.0)
    assert [" ".join(run.text for run in row) for row in rows] == ["describes in", "ten minutes a", "car"]
    assert [run.bold for run in rows[1]] == [False, True]
    sheet = Sheet(200, "words")
    assert sheet.words(0, 0, [Run("★ one two")], 400, 10) == pytest.approx(12.2)


def test_a_curve_passes_through_its_touchpoints_and_leaves_out_what_was_not_rated() -> None:
    """In a box of one by one; where nothing was rated there is none."""
    nothing = Level(float("nan"), float("nan"), float("nan"), 0.0)
    found = curve([Level(80.0, 60.0, 20.0, 0.5), nothing, Level(70.0, 75.0, -5.0, 0.5)])
    assert found is not None and [mark.words for mark in found.marks] == ["−20", "+5"]
    assert [mark.at for mark in found.marks] == pytest.approx([1 / 6, 5 / 6])
    assert found.lived[0].tolist() == pytest.approx([1 / 6, found.marks[0].lived], abs=1e-4)
    assert curve([nothing]) is None


def test_views_say_what_a_map_tells(mended: cx.Result, standing: cx.Result) -> None:
    """Today under the eyes of a plan, the plan alone, or both; of today alone there is one view."""
    assert shown(mended, standing, "today") == Told(standing, plan="fix_the_wait")
    assert shown(mended, standing, "plan") == Told(mended)
    assert shown(mended, standing, "both") == Told(mended, standing)
    assert shown(standing, None, "both") == Told(standing)


def test_an_empty_lane_is_not_shown() -> None:
    """A lane of which the scenario says nothing takes no room."""
    lane = Lane("thinking", "Thinking", ())
    assert lane.empty


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("which", MAPS)
def test_a_touchpoint_that_nobody_lives_under_a_plan_is_told(
    which: str, form: str, wasted: dict[str, cx.Result]
) -> None:
    """With better bread nobody calls any more: today's figure stands there, and no map fails."""
    told = Told(wasted["fresh"], wasted["as_is"])
    assert told.journey.behind is not None and told.journey.behind[-1].rated
    assert not told.journey.curve[-1].rated
    assert WRITERS[form](which, told)


@pytest.fixture(scope="module")
def wasted() -> dict[str, cx.Result]:
    """A shop whose plan leaves no reason to call."""
    scenario = cx.loads(
        """
schema: 1
name: A shop
horizon: 6 months
attributes: {kindness: {kind: must_be}, speed: {kind: performance}}
segments: {neighbours: {customers: 120, needs: {kindness: {level: 70}, speed: {level: 60}}}}
journey:
  till: {stage: buy, every: 30 days, delivers: {kindness: 50, speed: 70}, fails: {rate: 0.05}}
  bread: {stage: use, every: 7 days, delivers: {kindness: 45}}
  counter: {stage: support, delivers: {kindness: 65}}
initiatives: {friendly: {changes: {journey.bread.delivers.kindness: 90}, half_life: 1 hour, cost: {once: 10}}}
plans: {fresh: [friendly]}
"""
    )
    return {plan: cx.simulate(scenario, plan=plan, replications=2) for plan in ("as_is", "fresh")}
