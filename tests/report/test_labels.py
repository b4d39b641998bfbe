"""Labels in reports: shown as they are given, in any script, and no id beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

import cxmodel as cx
from cxmodel.report.charts.base import dress
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.charts.opportunity import opportunity
from cxmodel.report.charts.roadmap import roadmap
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import page
from cxmodel.report.export.slides import slides
from cxmodel.report.export.workbook import sheets
from cxmodel.report.text.captions import plan_name, segment_name
from cxmodel.report.text.comparison import effects_table
from cxmodel.report.text.headline import deed
from cxmodel.report.text.verdict import sentence
from cxmodel.studies.explanation import explain
from cxmodel.studies.verdict import verdict
from tests.support.labels import LABELLED, LABELS, UNSAID


@pytest.fixture(scope="module")
def scenario() -> cx.Scenario:
    """The scenario of many scripts."""
    return cx.loads(LABELLED)


@pytest.fixture(scope="module")
def account(scenario: cx.Scenario) -> Account:
    """Its larger plan, with all plans and what explains it."""
    plans = {plan: cx.simulate(scenario, plan, replications=3, jobs=1) for plan in ("as_is", *scenario.plans)}
    explained = explain(scenario, "zq_both", replications=3, jobs=1).document()
    return Account(plans["zq_both"], plans["as_is"], explained, plans=plans)


def shown(*sections: str) -> list[str]:
    """The labels of sections."""
    return [label for section in sections for label in LABELS[section].values()]


def test_ids_stay_what_they_are(scenario: cx.Scenario) -> None:
    """In the scenario, its hash apart, and in tables."""
    for section, labels in LABELS.items():
        assert list(getattr(scenario, section)) == list(labels)
        assert all(scenario.label(section, id) == label for id, label in labels.items())
    assert {row["touchpoint"] for row in cx.simulate(scenario, replications=1, jobs=1).rows("touchpoints")} <= set(
        LABELS["journey"]
    )


def test_the_page_calls_things_by_their_labels(account: Account) -> None:
    """Escaped, so that they are what a reader sees; no id but in the lines that make the figures again."""
    html = page(account)
    told = re.sub(r"<(style|script|pre|code)\b.*?</\1>", " ", html, flags=re.S)
    seen = unescape(re.sub(r"<[^>]*>", " ", told)).replace("\xa0", " ")
    assert all(label in seen for label in shown("journey", "attributes", "segments", "initiatives", "plans"))
    assert "Trust &amp; honesty" in html and "&lt;b&gt;owners" in html and "<b>owners" not in html
    assert not re.findall(r".{30}zq.{30}", seen, flags=re.I)
    assert not re.findall(r'(?:aria-label|title|alt)="[^"]*zq[^"]*"', told, flags=re.I)


def words(deck: Any) -> Iterator[str]:
    """All that is written on slides, charts too."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            if shape.has_chart:
                yield from (str(category) for category in shape.chart.plots[0].categories)


def test_the_slides_call_things_by_their_labels(account: Account) -> None:
    """In titles, in tables and beside bars."""
    said = "\n".join(words(Presentation(BytesIO(slides(account)))))
    assert all(label in said for label in shown("initiatives", "plans"))
    assert "Müller Café" in said and "日本語 店" in said and "Trust & honesty at" in said
    assert not [line for line in said.split("\n") if any(id in line for id in UNSAID) and "cx" not in line]


def test_the_workbook_calls_things_by_their_labels(account: Account) -> None:
    """In every sheet but where commands are told and the run says what it is."""
    book = openpyxl.load_workbook(BytesIO(sheets(account)))
    cells = [
        str(cell)
        for sheet in book.worksheets
        if sheet.title != "About"
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert all(any(label in cell for cell in cells) for label in shown("journey", "attributes", "segments", "plans"))
    assert not [cell for cell in cells if any(id in cell for id in UNSAID)]


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_shows_an_id(name: str, account: Account) -> None:
    """Neither drawn nor told to those who hear it, nor in its table."""
    document = dress(CHARTS[name](account.result, account.baseline))
    assert "Zq" not in str(document)
    assert not [word for word in said_in(document) if "zq" in word]
    assert "zq" not in CHARTS[name].table(account.result, account.baseline).to_csv().lower()


def said_in(document: Any, key: str = "") -> Iterator[str]:
    """What a chart writes: texts in its data under the names that are drawn, and what is heard."""
    if isinstance(document, dict):
        for name, below in document.items():
            yield from said_in(below, name)
    elif isinstance(document, list):
        for below in document:
            yield from said_in(below, key)
    elif isinstance(document, str) and key in ("description", "title", "name", "words", "line", "initiative", "plans"):
        yield document


def test_what_is_said_keeps_a_label_as_it_is_written(account: Account, scenario: cx.Scenario) -> None:
    """No letter of it is made a capital, or small, wherever in a sentence it stands."""
    assert plan_name(scenario, "zq_one") == "e-Plan" and plan_name(scenario, "as_is") == "Today (no action)"
    assert segment_name(scenario, "zq_old") == "iPhone <b>owners</b>"
    assert deed(scenario, "zq_both") == "Alles zugleich: Lächeln [hier](x); مرحبا."
    assert deed(scenario, "zq_one") == "Lächeln [hier](x)."
    assert "e-Plan" in sentence(verdict(account.plans), scenario)
    assert "iPhone <b>owners</b> only" in account.of_segment("zq_old").note


def test_comparisons_call_things_by_their_labels(scenario: cx.Scenario) -> None:
    """Plans and external scenarios."""
    found = cx.compare(scenario, futures=[None, "zq_war"], replications=2)
    table = effects_table(found)
    assert {"Привет мир", "e-Plan"} <= set(table["What"]) and "eBay kommt" in set(table["External scenario"])
    assert "if eBay kommt" in found._repr_html_() and "zq" not in table.to_csv()


def test_initiatives_are_drawn_by_their_labels(scenario: cx.Scenario) -> None:
    """On the roadmap and in the matrix."""
    rows = [{"initiative": "zq_smile", "cost": 10.0, "value": 90.0, "low": 80.0, "high": 100.0}]
    assert "Lächeln [hier](x) costs £10" in opportunity(rows, scenario).description
    assert "مرحبا (in Привет мир)" in roadmap(scenario, ["zq_both", "zq_one"]).description
