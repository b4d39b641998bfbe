"""A scenario as a spreadsheet: nothing is lost on the way there and back, and what is wrong is told by its cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import cxmodel as cx
from cxmodel.cli import main
from cxmodel.errors import ScenarioError
from cxmodel.scenario.stories import stories, templates
from cxmodel.scenario.workbook import xlsx
from cxmodel.scenario.workbook.xlsx import workbook, yaml_of
from tests.support.small import STORIES

FILES = {
    **stories(),
    **templates(),
    **{file.stem: file for file in sorted((STORIES.parent / "tests" / "fixtures" / "mechanisms").glob("*.yaml"))},
}
SHOP = """
schema: 1
name: Corner shop
attributes: {kindness: {}, speed: {kind: must_be}, price: {}}
segments:
  neighbours: {customers: 80, needs: {speed: {level: 60}, kindness: {level: 70, weight: 2, drift: +2 per year}}}
journey:
  till: {stage: buy, delivers: {kindness: {value: 50, low: 40, high: 60, source: diary}}}
  bread: {label: Müller Café, stage: use, every: 7 days, delivers: {speed: 60, kindness: 55}, relies_on: {people: 1}}
rivals: {mall: {price: 12, levels: {price: 70, speed: 80}}}
initiatives: {smile: {what: "=SUM(A1)", changes: {journey.bread.delivers.kindness: "+10"}, cost: {once: 10}}}
plans: {friendlier: [smile], nothing: []}
expect: [{metric: nps, plan: friendlier, better_than: as_is}]
"""


def edited(text: str, edit: Callable[[Any], None]) -> bytes:
    """The workbook of a scenario, changed as somebody would in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(cx.loads(text))))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: Any, head: str) -> int:
    """Where a column stands, from 1."""
    return next(cell.column for cell in sheet[1] if cell.value == head)


def told(data: bytes, name: str = "shop.xlsx") -> str:
    """What is wrong with a workbook, in words."""
    with pytest.raises(ScenarioError) as wrong:
        yaml_of(data, name)
    return "\n".join(map(str, wrong.value.problems))


@pytest.mark.parametrize("name", FILES)
def test_there_and_back_it_is_the_same_scenario(name: str) -> None:
    """Of every story, every template and every mechanism: the same fingerprint, ranges and sources with it."""
    scenario = cx.load(FILES[name])
    again = cx.loads(yaml_of(workbook(scenario), "company.xlsx"))
    assert again.hash == scenario.hash
    assert dict(again.facts) == dict(scenario.facts)


def test_the_same_scenario_is_the_same_file() -> None:
    """No clock is in it."""
    assert workbook(cx.loads(SHOP)) == workbook(cx.loads(SHOP))


@pytest.mark.parametrize(
    "label", ["Müller Café", "Λογαριασμός", "日本語 店", "Trust & honesty", "123", "☕", "שלום", "=1+1"]
)
def test_what_people_call_a_thing_comes_back_as_it_was(label: str) -> None:
    """In any script; a text that looks like a formula or a number is a text."""
    scenario = cx.loads(SHOP.replace("Müller Café", f'"{label}"'))
    again = cx.loads(yaml_of(workbook(scenario), "company.xlsx"))
    assert again.journey["bread"].label == label
    assert again.initiatives["smile"].what == "=SUM(A1)"


def test_a_new_row_needs_no_id_and_names_may_be_used_for_ids() -> None:
    """Excel users type names; ids are made of them, and a plan may list initiatives by name."""

    def edit(book: Any) -> None:
        ideas, changes, plans = book["Initiatives"], book["Changes"], book["Plans"]
        ideas.cell(3, column(ideas, "Name"), "Größeres Brot")
        for at, value in enumerate(("initiative", "Größeres Brot", "journey.bread.delivers.speed", 75), 1):
            changes.cell(3, at, value)
        plans.cell(4, column(plans, "Name"), "Bigger")
        plans.cell(4, column(plans, "Initiatives"), "smile, größeres brot")

    found = cx.loads(yaml_of(edited(SHOP, edit), "shop.xlsx"))
    assert found.label("initiatives", "grosseres_brot") == "Größeres Brot"
    assert found.initiatives_of("bigger") == ("smile", "grosseres_brot")


def test_a_new_column_is_a_new_attribute() -> None:
    """Under its own name; where nothing stands nothing is judged."""

    def edit(book: Any) -> None:
        journey, needs = book["Journey"], book["Needs"]
        at = journey.max_column + 1
        journey.cell(1, at, "Smell of bread")
        journey.cell(3, at, 90)
        needs.cell(1, needs.max_column + 1, "Smell of bread")
        needs.cell(2, needs.max_column, 60)

    found = cx.loads(yaml_of(edited(SHOP, edit), "shop.xlsx"))
    assert found.label("attributes", "smell_of_bread") == "Smell of bread"
    assert "smell_of_bread" not in found.journey["till"].delivers
    assert (
        found.journey["bread"].delivers["smell_of_bread"],
        found.segments["neighbours"].needs["smell_of_bread"].level,
    ) == (90, 60)


@pytest.mark.parametrize(
    ("sheet", "row", "head", "value", "words"),
    [
        ("Journey", 3, "Stage", "usee", ("Journey!C3 (journey.bread.stage)", "did you mean `use`")),
        ("Journey", 2, "kindness", 500, ("journey.till.delivers.kindness", "500")),
        ("Needs", 2, "speed", "a lot", ("Needs!", "segments.neighbours.needs.speed.level", "a lot")),
        ("Plans", 2, "Initiatives", "smiel", ("Plans!D2", "did you mean `smile`")),
        ("Changes", 2, "Of", "smiel", ("Changes!B2", "did you mean `smile`")),
        ("Ranges", 2, "Path", "journey.till.delivers.kindnes", ("Ranges!A2", "there is no number at")),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(sheet: str, row: int, head: str, value: Any, words: tuple[str, ...]) -> None:
    """Sheet, cell and path, what is wrong, and what would be right."""

    def edit(book: Any) -> None:
        book[sheet].cell(row, column(book[sheet], head), value)

    said = told(edited(SHOP, edit))
    assert all(each in said for each in ("shop.xlsx", *words)), said


def test_a_column_that_nobody_knows_is_told() -> None:
    """Nothing is silently lost."""

    def edit(book: Any) -> None:
        book["Promises"].cell(1, 9, "Colour")

    assert "Promises!I1" in told(edited(SHOP, edit)) and "no column" in told(edited(SHOP, edit))


def test_a_file_of_a_stranger_is_hostile_until_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ZIP, one of something else, one that is huge when unpacked, one without a known sheet: told in words."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 70_000_000)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as letter:
        letter.writestr("word/document.xml", "<a/>")
    foreign = openpyxl.Workbook()
    foreign_file = io.BytesIO()
    foreign.save(foreign_file)
    assert "no Excel workbook" in told(b"schema: 1")
    assert "too big when unpacked" in told(packed.getvalue())
    assert "cannot be read" in told(other.getvalue())
    assert "no sheet in it that cxmodel knows" in told(foreign_file.getvalue())
    monkeypatch.setattr(xlsx, "LARGEST", 10)
    assert "too big" in told(foreign_file.getvalue())


def test_a_formula_is_not_computed_here() -> None:
    """What Excel last saved of it counts; of a formula that no Excel computed, nothing does."""

    def edit(book: Any) -> None:
        book["Journey"].cell(3, column(book["Journey"], "speed"), "=30+30")

    assert "speed" not in cx.loads(yaml_of(edited(SHOP, edit), "shop.xlsx")).journey["bread"].delivers


def test_from_an_empty_folder_to_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`new --workbook`, then `import`; the text explains itself, and nothing that is there is overwritten."""
    book, text = tmp_path / "acme.xlsx", tmp_path / "acme.yaml"
    assert main(["new", "--workbook", str(book), "--from", "utility"]) == 0
    assert main(["import", str(book), "-o", str(text)]) == 0
    assert main(["validate", str(text)]) == 0
    written = text.read_text("utf-8")
    assert "# What customers judge\n" in written and cx.load(text).hash == cx.load(templates()["utility"]).hash
    capsys.readouterr()
    assert main(["import", str(book), "-o", str(text)]) == 2
    assert "there is a file of that name already" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "firm"), "--workbook"]) == 0
    assert (tmp_path / "firm" / "scenario.xlsx").is_file() and (tmp_path / "firm" / "scenario.yaml").is_file()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["import", "nothing.xlsx"], "there is no such file"),
        (["import", "shop.csv"], "there is no such file"),
        (["new", "shop.xlsx"], "cxmodel new --workbook shop.xlsx"),
    ],
)
def test_a_wrong_call_is_told(
    line: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and what would be right."""
    monkeypatch.chdir(tmp_path)
    assert main(line) == 2
    assert words in capsys.readouterr().err
