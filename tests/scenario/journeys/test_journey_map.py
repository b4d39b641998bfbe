"""Journey maps in tables: by rows or by columns, from Excel in any country, from strangers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cxmodel as cx
from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.scenario.journeys.formats import WORKBOOK, Imported, read
from cxmodel.scenario.workbook.xlsx import workbook
from tests.scenario.journeys.drawings import GERMAN_MAP, PATIENT, SHOP, TURNED_MAP
from tests.scenario.journeys.test_mermaid import stages

MAP = """Stage,Touchpoint,Rating
Buy,Till,3
Use,Bread,4
"""


def told(data: bytes, file: str) -> str:
    """What is wrong with a file, in words."""
    with pytest.raises(ScenarioError) as wrong:
        read(data, file)
    return "\n".join(map(str, wrong.value.problems))


def book_of(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook as somebody makes it in Excel."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def remarks(found: Imported) -> str:
    """How it was read, in words."""
    assert found.company is not None
    return "\n".join(found.company.remarks)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_a_german_excel(encoding: str) -> None:
    """Semicolons, decimal commas, a title above the heads, stages that stand once; told where it had to be guessed."""
    found = read(GERMAN_MAP.encode(encoding), "reise.csv")
    made = cx.loads(found.text)
    assert made.warnings == () and found.company is not None
    assert stages(made) == {
        "anzeige": "aware", "antrag": "buy", "unterschrift": "buy", "muller_cafe": "use", "hotline": "support",
    }  # fmt: skip
    assert [each.delivers["experience"] for each in made.journey.values()] == [75, 40, 65, 80, 25]
    assert made.label("journey", "muller_cafe") == "Müller Café"
    anzeige = made.journey["anzeige"]
    assert (anzeige.channel, anzeige.doing, anzeige.feeling, anzeige.owner) == (
        "Web", "sieht eine Anzeige", "neugierig", "Marketing",
    )  # fmt: skip
    assert found.company.drawn.unread == ["Backstage"]
    assert ("cp1252" in remarks(found)) == (encoding == "cp1252") and "3,5 is 3.5" in remarks(found)


def test_a_map_with_a_column_for_each_touchpoint() -> None:
    """The usual layout on a wall: stages from left to right, below them what customers do; any rating, any script."""
    found = read(TURNED_MAP.encode(), "wall.csv")
    made = cx.loads(found.text)
    assert [*stages(made).values()] == ["aware", "buy", "receive", "use", "support"]
    assert [each.delivers["experience"] for each in made.journey.values()] == [50, 75, 80, 75, 0]
    assert made.label("journey", [*made.journey][-1]) == "打电话"
    assert made.meta == {"pain_points": {"checkout": "hidden fees", [*made.journey][-1]: "long queue"}}
    assert "read by columns" in remarks(found)


def test_a_table_in_markdown() -> None:
    """The line below its heads is none of a touchpoint."""
    text = "# Our map\n\n| Stage | Touchpoint | Feeling |\n|---|:---:|---|\n| Buy | Till | calm |\n| Use | Bread | |\n"
    found = read(text.encode(), "map.md")
    assert stages(cx.loads(found.text)) == {"till": "buy", "bread": "use"}


def test_several_ratings_are_attributes_and_personas_segments() -> None:
    """Each with its own scale."""
    text = (
        "Persona,Step,Phase,Ease rating (1-5),Clarity score\n"
        "Lena,Order,Purchase,4,70\nCarlos,Unpack,Delivery,2,\nLena,Wear,Usage,,40\n"
    )
    made = cx.loads(read(text.encode(), "map.csv").text)
    assert [*made.attributes] == ["ease_rating", "clarity_score"] and [*made.segments] == ["lena", "carlos"]
    assert dict(made.journey["order"].delivers) == {"ease_rating": 75, "clarity_score": 70}
    assert dict(made.journey["unpack"].delivers) == {"ease_rating": 25}


def test_a_sheet_of_a_workbook_is_read_and_a_workbook_of_ours_still_is() -> None:
    """Formulas count as what Excel last saved of them: nothing; sheets that are no map are told."""
    rows: list[list[Any]] = [
        ["Our map"],
        [],
        ["Stage", "Touchpoint", "Feeling", "Score", "Systems"],
        ["Purchase", "Till", "fine", 4, "POS"],
        ["Usage", "Bread", "warm", 2.5, None],
        [None, "=HYPERLINK(1)", None, "=1+1", None],
    ]
    data = book_of({"Notes": [["hello"]], "Map": rows})
    found = read(data, "map.xlsx")
    made = cx.loads(found.text)
    assert [each.delivers["experience"] for each in made.journey.values()] == [75, 37.5]
    assert found.company is not None and found.company.drawn.unread == ["Systems"]
    assert "Only the sheet `Map` was read, not: `Notes`." in remarks(found)
    rows[3][3] = "good"
    assert "error CXM123: Map!D4: Experience: `good` is no rating" in told(book_of({"Map": rows}), "map.xlsx")
    rows[3][1] = "Till\u202e"
    assert "error CXM121: Map!B4: there is" in told(book_of({"Map": rows}), "map.xlsx")
    ours = read(workbook(made), "company.xlsx")
    assert ours.kind == WORKBOOK and ours.company is None and cx.loads(ours.text).hash == made.hash


@pytest.mark.parametrize(
    ("data", "file", "words"),
    [
        (b"Stage,Touchpoint,Rating\nBuy,Till,good\nUse,Bread,4\n", "map.csv", "map.csv:2:1: error CXM123"),
        (b"a,b\n1,2\n", "map.csv", "no row has heads that are known"),
        (b"Stage,Touchpoint,Rating\n", "map.csv", "no touchpoint below them"),
        (b"Dear all,\nplease find attached\n", "mail.txt", "nobody can tell what this is"),
        (b"schema: 1\nname: x\n", "company.yaml", "this is a scenario already"),
        (b"\x81\x8d\x8f", "map.csv", "this is not a text"),
        (b"PK\x03\x04 nonsense", "map.xlsx", "this is no Excel workbook"),
        (b"x" * 1_100_000, "map.csv", "the file is too big"),
        (MAP.encode() + b"Use,\x1b[31mred,4\n", "map.csv", "CXM121"),
        (MAP.encode() + b"Use,Bread,4\n" * 6000, "map.csv", "more than 5,000 rows"),
        (MAP.encode() + b'Use,"' + b"x" * 200_000 + b'",4\n', "map.csv", "cannot be read"),
        (b"", "map.csv", "there is nothing in this file"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, file: str, words: str) -> None:
    """By its line, with what would be right."""
    assert words in told(data, file) and "hint: " in told(data, file)


def test_a_zip_bomb_is_refused() -> None:
    """Before it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 70_000_000)
    assert "too big when unpacked" in told(packed.getvalue(), "map.xlsx")


PIECES = st.sampled_from(
    ["journey", "title ", "section ", ": 3: Me", ": 5", "%%", "```mermaid", "---", "Stage", "Touchpoint", "Rating",
     "Feeling", ",", ";", "\t", "\n", "\n", '"', "4", "7,5", "-2", "80 %", "★★", "Buy", "Support", "Leave", "Pay",
     "\ufeff", "Müller", "店", "é", "=1+1", "x" * 130, "all", "_", "a"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["a.mmd", "a.csv", "a.md", "a.txt", "a.tsv", "a"]), st.booleans())
def test_any_text_gives_a_scenario_or_is_refused(text: str, file: str, begun: bool) -> None:
    """And never another error; what is made is valid."""
    begins = ("journey\n" if file == "a.mmd" else "Stage,Touchpoint,Rating\n") if begun else ""
    try:
        cx.loads(read((begins + text).encode("utf-8", "surrogatepass"), file).text)
    except CxModelError as error:
        assert str(error)


CELLS = st.sampled_from(
    ["", "Pay", "pay", "Pay 2", "pay_2", "Everyday use", "All", "Buy", "Support", "Help", "Leave", "Churn", "Return",
     "Use", "Renew", "Aware", "Nowhere", "店", "☕", "x" * 130, "- a", "yes", "{a: 1}", "1", "#", "'", "&a", "*a", "!x"]
) | st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co")), max_size=8)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, st.integers(0, 5)), min_size=1, max_size=12))
def test_any_words_in_a_map_give_a_scenario(rows: list[tuple[str, str, str, str, int]]) -> None:
    """Whatever stages, steps, people and feelings are called; at the most there is no touchpoint."""
    out = io.StringIO()
    csv.writer(out).writerows([("Stage", "Touchpoint", "Persona", "Feeling", "Rating"), *rows])
    try:
        found = read(out.getvalue().encode(), "map.csv")
    except ScenarioError as error:
        assert "no touchpoint below them" in str(error) and not any(step for _, step, *_ in rows)
    else:
        assert cx.loads(found.text).warnings == ()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([SHOP, PATIENT, GERMAN_MAP, TURNED_MAP]), st.integers(0, 400))
def test_any_bytes_within_a_drawing_give_a_scenario_or_are_refused(odd: bytes, drawing: str, at: int) -> None:
    """Wherever they stand."""
    data = drawing.encode()
    try:
        read(data[:at] + odd + data[at:], "a.csv")
    except CxModelError as error:
        assert str(error)
