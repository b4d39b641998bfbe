"""The slides: a message in every title, native charts that can be edited, nothing beyond the edge, the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

import cxmodel as cx
from cxmodel.report.export import pptx
from cxmodel.report.export.account import Account
from cxmodel.report.export.slides import slides
from cxmodel.report.text.numbers import with_interval
from cxmodel.results.paired import change

EXPLAINED = {
    "mend_first": [
        {"touchpoint": "track_order", "metric": "customer_equity", "difference": 41_200.0, "low": 3.8e4, "high": 4.4e4},
        {"touchpoint": "unboxing", "metric": "customer_equity", "difference": 0.0, "low": 0.0, "high": 0.0},
    ]
}
LONG = "An extraordinarily long sentence, of which there are several in this scenario, that no slide could ever hold. "


@pytest.fixture(scope="module")
def account(mended: cx.Result, standing: cx.Result) -> Account:
    """Real tracking against as is, in little."""
    return Account(mended, standing, EXPLAINED)


@pytest.fixture(scope="module")
def shown(account: Account) -> list[Any]:
    """Its slides."""
    return list(Presentation(BytesIO(slides(account))).slides)


@pytest.fixture(scope="module")
def board(whole: Account) -> list[Any]:
    """The slides of a plan of which all is known."""
    return list(Presentation(BytesIO(slides(whole))).slides)


@pytest.fixture(scope="module")
def wordy(year: cx.Scenario) -> list[Any]:
    """The slides of a scenario that talks too much."""
    changed = year.with_changes({"question": LONG * 20, "initiatives.real_tracking.what": "W" * 3000 + LONG})
    result = cx.simulate(changed.with_changes({"horizon": "2 months"}, name="N" * 400), "fix_the_wait", replications=2)
    return list(Presentation(BytesIO(slides(Account(result)))).slides)


@pytest.mark.slow
def test_each_slide_says_its_message_in_its_title(shown: list[Any]) -> None:
    """Titles are sentences with figures, not headings; they differ."""
    titles = [slide.shapes.title.text for slide in shown]
    assert len(set(titles)) == len(titles) >= 9 and min(len(title) for title in titles) > 30


@pytest.mark.slow
def test_what_the_slides_say_is_what_the_answer_says(account: Account, shown: list[Any]) -> None:
    """The first sentence of the answer is the title of the second slide, and the others stand below it."""
    texts = [shape.text_frame.text for shape in shown[1].shapes if shape.has_text_frame]
    assert shown[1].shapes.title.text == account.answer[0]
    assert all(any(sentence in text for text in texts) for sentence in account.answer)


def test_the_journey_is_a_native_chart_with_the_models_own_figures(account: Account, shown: list[Any]) -> None:
    """Who clicks on it finds expected and lived per touchpoint, and can change them."""
    charts = charts_of(shown[2])
    series = {own.name: list(own.values) for own in charts[0].plots[0].series}
    assert set(series) == {"Expected", "Experienced, today", "Experienced"}
    assert len(series["Experienced"]) == len(account.result.scenario.journey)
    assert any("Track order\nfalls short by" in str(name) for name in charts[0].plots[0].categories)


def charts_of(slide: Any) -> list[Any]:
    """The native charts of a slide."""
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def texts_of(slide: Any) -> str:
    """All words of a slide, those of its tables too."""
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return "\n".join([*texts, *cells]).replace("\N{NO-BREAK SPACE}", " ")


def titled(deck: list[Any], words: str) -> Any:
    """The slide whose title holds these words."""
    return next(slide for slide in deck if words in slide.shapes.title.text)


@pytest.mark.slow
def test_the_deck_goes_from_the_verdict_to_how_to_make_it_again(whole: Account, board: list[Any]) -> None:
    """Answer, journey, figures, what makes the difference, alternatives, payback, owners, confidence, appendix."""
    assert whole.question in texts_of(board[0]) and whole.verdict in texts_of(board[0])
    wanted = (
        whole.answer[0],
        "Of the shortfalls that remain, ",
        "NPS goes from ",
        "Track order falls short by ",
        "Real tracking contributes most: ",
        "Improve ",
        "Both is ahead of Fix the wait, the next best, by ",
        "with the scenario's own numbers",
        "Nobody is named as the owner of ",
        "Confidence: ",
        "Appendix: how to reproduce this",
    )
    places = [board.index(titled(board, words)) for words in wanted]
    assert places == sorted(places) and places[-1] == len(board) - 1


@pytest.mark.slow
def test_a_shell_command_stands_in_the_appendix_only(board: list[Any]) -> None:
    """A board reads no terminal."""
    assert ["cxmodel run" in texts_of(slide) for slide in board] == [False] * (len(board) - 1) + [True]
    assert not any("import cxmodel" in texts_of(slide) for slide in board[:-1])


@pytest.mark.slow
def test_net_value_comes_first_in_the_card_of_money(whole: Account, board: list[Any]) -> None:
    """With its interval; customer equity, cost and horizon follow."""
    worth = change(whole.result, whole.plans["as_is"], "net_value")
    size, span = with_interval(worth.value, worth.low, worth.high, "money", "GBP", sign=True, brief=True)
    said = texts_of(titled(board, "NPS goes from "))
    assert said.index("Net value") < said.index(size) < said.index(span) < said.index("Customer equity £")


@pytest.mark.slow
def test_the_months_of_a_chart_over_time_can_be_read(board: list[Any]) -> None:
    """An axis of numbers named Month, at most eight labels, in letters that can be read from the back of a room."""
    charts = charts_of(titled(board, "Expectation gap goes from"))
    assert len(charts) == 4
    for chart in charts:
        months = chart.category_axis
        assert months.axis_title.text_frame.text == "Month" and months.tick_labels.font.size.pt >= 10
        assert months.maximum_scale == 12 and months.maximum_scale / months.major_unit <= 8


@pytest.mark.slow
def test_names_under_a_chart_stay_level_and_the_legend_covers_nothing(board: list[Any]) -> None:
    """No program turns or cuts them; the legend has room of its own."""
    for slide in board:
        for chart in charts_of(slide):
            if chart.has_legend:
                assert not chart.legend.include_in_layout
            if chart._chartSpace.findall(".//" + qn("c:catAx")):
                labels = chart.category_axis._element.find(qn("c:txPr")).find(qn("a:bodyPr"))
                assert labels.get("rot") == "0" and chart.category_axis.tick_labels.font.size.pt >= 9


@pytest.mark.slow
def test_the_roadmap_is_a_native_chart_of_start_and_half_life(whole: Account, board: list[Any]) -> None:
    """Bars over the months up to the horizon, the first on top; beside it what each year costs."""
    roadmap, years = charts_of(titled(board, "with the scenario's own numbers"))
    series = {own.name: list(own.values) for own in roadmap.plots[0].series}
    assert series["Before"] == [3.0, 1.0] and series["Until half of the effect is there"] == [2.0, 1.0]
    assert roadmap.value_axis.axis_title.text_frame.text == "Month" and roadmap.value_axis.maximum_scale == 12
    spent = change(whole.result, whole.plans["as_is"], "cost").value
    assert sum(years.plots[0].series[0].values) == pytest.approx(spent)


@pytest.mark.slow
def test_every_plan_is_an_alternative(whole: Account, board: list[Any]) -> None:
    """Bars for those with a net value, a row with cost and payback for each."""
    slide = titled(board, "Both is ahead of Fix the wait")
    (chart,) = charts_of(slide)
    assert [str(name).split("\n")[0] for name in chart.plots[0].categories] == ["Both", "Fix the wait"]
    assert all(each in texts_of(slide) for each in ("Say less", "no cost given", "Payback"))


def test_every_chart_can_be_heard(shown: list[Any]) -> None:
    """Each native chart has an alt text."""
    frames = [shape for slide in shown for shape in slide.shapes if shape.has_chart]
    described = [frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames]
    assert len(frames) >= 8 and all(words and len(words) > 20 for words in described)


def test_every_slide_says_where_it_comes_from(account: Account, shown: list[Any]) -> None:
    """The notes name the table, the scenario's fingerprint, the plan and the seed."""
    notes = [slide.notes_slide.notes_text_frame.text for slide in shown]
    parts = ("Source: ", account.result.scenario.hash[:12], "plan fix_the_wait", "seed 1")
    assert all(part in note for note in notes for part in parts)


@pytest.mark.slow
@pytest.mark.parametrize("deck_of", ["shown", "board", "wordy"])
def test_nothing_lies_beyond_the_edge_of_a_slide(deck_of: str, request: pytest.FixtureRequest) -> None:
    """Every shape is on its slide, whatever the scenario says."""
    for slide in request.getfixturevalue(deck_of):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= Inches(pptx.WIDTH), shape.name
            assert shape.top >= 0 and shape.top + shape.height <= Inches(pptx.HEIGHT), shape.name


@pytest.mark.slow
@pytest.mark.parametrize("deck_of", ["shown", "board", "wordy"])
def test_words_fit_their_place(deck_of: str, request: pytest.FixtureRequest) -> None:
    """Set in the font they are set in, no text is taller than its box."""
    for slide in request.getfixturevalue(deck_of):
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                assert deep(shape) <= shape.height / 914400 + 0.02, shape.text_frame.text


def deep(shape: Any) -> float:
    """How tall a shape's text is, word by word, by the widths of Helvetica's letters (Adobe's metrics) [inches]."""
    tall = 0.0
    for number, paragraph in enumerate(shape.text_frame.paragraphs):
        font = paragraph.runs[0].font if paragraph.runs else None
        if font is None or font.size is None:
            continue
        size, width = font.size.pt, shape.width / 914400 * 72
        mono = 0.6 if font.name == "Courier New" else None
        rows, used = 1, 0.0
        for word in paragraph.text.split():
            long = sum(mono or letter(each, bool(font.bold)) for each in word) * size
            gap = (mono or 0.278) * size
            if used and used + gap + long > width:
                rows, used = rows + 1, 0.0
            rows += int(long // width)
            used = (used + gap * bool(used) + long) % width
        tall += rows * size * 1.17 / 72 + (paragraph.space_after.pt / 72 if number else 0)
    return tall


def letter(sign: str, bold: bool) -> float:
    """The width of a letter of Helvetica over its size."""
    widths = {0.222: "ijl'", 0.278: "ftI.,:;! /", 0.333: "r()-", 0.5: "cksvxyzJ", 0.611: "FTZ", 0.722: "CDHNRUw"}
    wide = {0.667: "ABEKPSVXY", 0.778: "GOQ", 0.833: "mM", 0.944: "W", 1.0: "…@%—"}
    found = next((width for width, signs in (widths | wide).items() if sign in signs), 0.556)
    return found * (1.07 if bold else 1.0)


@pytest.mark.slow
def test_the_same_run_gives_the_same_slides(account: Account) -> None:
    """To the last byte, the workbooks inside the charts too: no clock is left in them."""
    assert slides(account) == slides(account)


def test_only_the_sections_that_are_wanted_make_slides(account: Account) -> None:
    """The opening is always there; a section ticked off is not."""
    few = Presentation(BytesIO(slides(account, ["trust"]))).slides
    assert len(few) == 2 and few[1].shapes.title.text.startswith("Confidence: ")


@pytest.mark.slow
def test_mending_is_told_where_it_was_worked_out(account: Account, shown: list[Any]) -> None:
    """With its price and interval in the title; without an explanation there is no such slide."""
    titles = [slide.shapes.title.text for slide in shown]
    without = Presentation(BytesIO(slides(Account(account.result, account.baseline)))).slides
    assert not any(slide.shapes.title.text.startswith("Improve") for slide in without)
    assert "Improve Track order first: +£41.2k (£38.0k to 44.0k) in customer equity" in titles
