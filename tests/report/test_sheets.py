"""The workbook holds every figure as a number, says what it is, and runs nothing that a scenario wrote."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

import cxmodel as cx
from cxmodel.report.export.account import Account
from cxmodel.report.export.workbook import sheets
from cxmodel.report.export.zip import WRITERS
from cxmodel.results.paired import change


@pytest.fixture(scope="module")
def account(mended: cx.Result, standing: cx.Result) -> Account:
    """Real tracking against as is, in little."""
    return Account(mended, standing)


@pytest.fixture(scope="module")
def book(account: Account) -> Any:
    """Its workbook as Excel reads it."""
    return openpyxl.load_workbook(BytesIO(sheets(account)))


def rows(book: Any, name: str) -> list[dict[str, Any]]:
    """A sheet as rows by the names of its head."""
    head, *body = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_first_sheet_says_what_it_is(account: Account, book: Any) -> None:
    """Question, answer, units, and how to make the figures again."""
    said = " ".join(str(cell) for row in book["About"].iter_rows(values_only=True) for cell in row if cell)
    assert book.sheetnames[0] == "About" and account.question in said and account.answer[0] in said
    assert "cxmodel run pretty_app.yaml --plan as_is --plan fix_the_wait" in said


def test_figures_are_numbers_to_the_last_digit(account: Account, book: Any) -> None:
    """What the result says is what the cells hold; shares are shown as per cent, not turned into text."""
    told = next(row for row in rows(book, "Metrics") if row["metric"] == "retention" and row["segment"] == "all")
    stay = account.result.metric("retention")
    assert (told["value"], told["low"], told["high"]) == pytest.approx(stay, rel=1e-15)
    place = next(cell for row in book["Metrics"].iter_rows() for cell in row if cell.value == told["value"])
    assert place.number_format == "0.0%"


def test_differences_have_intervals_and_verdicts(book: Any) -> None:
    """Against as is, paired by replication."""
    told = next(row for row in rows(book, "Metrics") if row["metric"] == "nps" and row["segment"] == "all")
    assert told["difference_low"] < told["difference"] < told["difference_high"] and told["verdict"] == "better"


def test_there_is_a_sheet_for_every_table(book: Any) -> None:
    """With a frozen head and a filter; columns are wide enough for their names."""
    wanted = {"Metrics", "Touchpoints", "Over time", "Contacts", "Today", "Simulation runs", "Confidence", "Glossary"}
    assert wanted <= set(book.sheetnames)
    for name in wanted:
        sheet = book[name]
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref
        assert sheet.column_dimensions["A"].width >= len(str(sheet["A1"].value))


@pytest.mark.slow
def test_every_plan_the_roadmap_and_the_owners_have_a_sheet(whole: Account) -> None:
    """What each plan changes, as numbers; no sheet tells of the runs with a net gain, which nobody has asked for."""
    book = openpyxl.load_workbook(BytesIO(sheets(whole)))
    worth = {row["plan"]: row["difference"] for row in rows(book, "Plans") if row["metric"] == "net_value"}
    assert worth["both"] == pytest.approx(change(whole.result, whole.plans["as_is"], "net_value").value)
    assert [row["Initiative"] for row in rows(book, "Roadmap")] == ["Promise less", "Real tracking"]
    assert rows(book, "Owners")[0].keys() >= {"Touchpoint", "Owner"}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "pays_off"]


def test_the_samples_give_the_mean(account: Account, book: Any) -> None:
    """Who counts for himself comes to the same figure."""
    samples = [row["nps"] for row in rows(book, "Simulation runs")]
    assert sum(samples) / len(samples) == pytest.approx(account.result.metric("nps").value)


@pytest.mark.slow
def test_a_text_is_never_taken_for_a_formula(stories: Path) -> None:
    """Whatever begins like one stays a text: =, +, - and @ run nothing on the reader's machine."""
    scenario = cx.load(stories / "pretty_app.yaml").with_changes(
        {
            "horizon": "2 months",
            "question": '=HYPERLINK("http://evil.example";"click")',
            "initiatives.real_tracking.what": "=cmd|' /C calc'!A0",
        },
        name="@SUM(1+1)*cmd|' /C calc'!A0",
    )
    packed = sheets(Account(cx.simulate(scenario, "fix_the_wait", replications=2, jobs=1)))
    book = openpyxl.load_workbook(BytesIO(packed))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    linked = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert "f" not in kinds and not linked


@pytest.mark.parametrize("ending", [".xlsx", ".zip"])
def test_the_same_run_gives_the_same_file(account: Account, ending: str) -> None:
    """To the last byte."""
    made = WRITERS[ending](account, ("answer",))
    assert made == WRITERS[ending](account, ("answer",))


def test_the_zip_holds_all_that_is_needed_to_check(account: Account, tmp_path: Path) -> None:
    """Scenario, results, manifest, the report; the scenario in it is the one that was run."""
    with ZipFile(BytesIO(WRITERS[".zip"](account, ("answer",)))) as held:
        names = set(held.namelist())
        held.extract("pretty_app.yaml", tmp_path)
        document = json.loads(held.read("results.json"))
    assert {"README.txt", "manifest.json", "report.html", "tables/metrics.csv", "tables/as_is/metrics.csv"} <= names
    assert cx.load(tmp_path / "pretty_app.yaml").hash == account.result.scenario.hash == document["scenario"]["hash"]
