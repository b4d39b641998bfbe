"""Wrong, partial and hostile data: what is said of each file, and that nothing of it is lost silently."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import cxmodel as cx
from cxmodel.errors import CxModelError, EvidenceError
from cxmodel.evidence.readers import mapping_of, preview, read
from cxmodel.evidence.readers.files import csv_table
from cxmodel.evidence.readers.personal import personal
from cxmodel.evidence.readers.table import column_of
from cxmodel.evidence.tables import Evidence

HEAD = "id,wave,overall,recommend,clarity\n"
ROWS = [f"{at},{2024 + at % 2},{1 + at % 5},{at % 11},{1 + at * 7 % 5}" for at in range(1, 61)]
BODY = "\n".join(ROWS) + "\n"
GOOD = HEAD + BODY
CALLS = "arrival,wait,answered,handling\n"
CALL_ROWS = "".join(f"2026-05-{1 + at % 28:02}T10:00:00,{at},yes,{100 + at}\n" for at in range(30))


def book(*sheets: list[list[object]]) -> bytes:
    """A workbook of sheets of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(entries: dict[str, bytes]) -> bytes:
    """A packed file with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def with_entry(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with an entry more."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return packed({**{each: old.read(each) for each in old.namelist()}, name: content})


SURVEY_SHEET: list[list[object]] = [["id", "overall", "recommend"], *([at, 1 + at % 5, at % 11] for at in range(1, 40))]
FORMULAS: list[list[object]] = [*SURVEY_SHEET, [40, "=1+2", 7]]

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("a.csv", b"", "the file is empty"),
    "names only": ("a.csv", HEAD.encode(), "there are names of columns and no rows"),
    "one column": ("a.csv", b"overall\n1\n2\n3\n", "there is one column only"),
    "no names": ("a.csv", b"1,5,9\n2,4,8\n", "the first line holds numbers or addresses, not names of columns"),
    "addresses for names": ("a.csv", b"Anna,a@b.example,5\nBen,b@b.example,4\n", "numbers or addresses, not names"),
    "answers for names": ("a.csv", b"Anna Smith,5,3\nBen Smith,4,2\n", "numbers or addresses, not names"),
    "zeros inside": ("a.csv", b"a,b\n1,\0\n" * 3, "this is not text"),
    "binary": ("a.csv", bytes(range(256)) * 20, "this is not text|no table"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "this is not text"),
    "nothing known": ("a.csv", b"shoe,colour\n41,red\n42,blue\n", "nothing known is in the columns of a.csv"),
    "an old workbook": (
        "a.xls",
        b"\xd0\xcf\x11\xe0" + bytes(600),
        "a workbook of an old Excel, or one with a password",
    ),
    "text called xlsx": ("a.xlsx", GOOD.encode(), "this is no Excel workbook"),
    "text called parquet": ("a.parquet", GOOD.encode(), "this is no Parquet file"),
    "a cut Parquet file": ("a.parquet", b"PAR1" + bytes(100), "this Parquet file cannot be read"),
    "a cut workbook": ("a.xlsx", book(SURVEY_SHEET)[:800], "this workbook cannot be read"),
    "a zip of something": ("a.xlsx", packed({"readme.txt": b"hello"}), "a packed file, but no workbook"),
    "a zip bomb": (
        "a.xlsx",
        with_entry(book(SURVEY_SHEET), "xl/worksheets/sheet9.xml", bytes(160_000_000)),
        "this workbook is too big: 160 MB when unpacked",
    ),
    "macros": (
        "a.xlsm",
        with_entry(book(SURVEY_SHEET), "xl/vbaProject.bin", b"x"),
        "there are macros in this workbook",
    ),
    "entities": (
        "a.xlsx",
        with_entry(book(SURVEY_SHEET), "xl/worksheets/sheet9.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        "there are entities in this workbook",
    ),
    "an empty workbook": ("a.xlsx", book([]), "there is no table in this workbook"),
    "everything missing": (
        "a.csv",
        ("id,overall,recommend\n" + "1,,\n" * 20).encode(),
        "nothing known is in the columns",
    ),
    "text for ratings": (
        "a.csv",
        ("id,overall,recommend\n" + "1,good,sure\n" * 20).encode(),
        "nothing known is in the columns",
    ),
    "dates that may be either": (
        "a.csv",
        (CALLS + "03/04/2026 10:00,5,yes,100\n" * 3).encode(),
        "a.csv:2:.*nobody can tell day from month",
    ),
    "calls without a date": (
        "a.csv",
        (CALLS + "tomorrow,5,yes,100\n" * 3).encode(),
        "nothing known is in the columns",
    ),
    "calls without a wait": (
        "a.csv",
        b"arrival,handling,answered\n2026-05-01 10:00:00,100,yes\n",
        "no column tells how long each caller waited",
    ),
    "a cohort that grows": (
        "a.csv",
        b"cohort,month 0,month 1,month 2\n2025-01,410,400,380\n2025-02,300,310,290\n",
        "a.csv:3:.*cohort 2025-02 grows from 300 to 310 in period 1",
    ),
    "one period": (
        "a.csv",
        b"cohort,period,there\n2025-01,0,400\n2025-02,0,300\n",
        "there is one period only",
    ),
    "a thousand columns": (
        "a.csv",
        (",".join(f"q{at}" for at in range(1200)) + "\n" + ",".join(["1"] * 1200) + "\n").encode(),
        "there are 1,200 columns",
    ),
}
"""What a file holds, and what is said of it."""

TOLD: dict[str, tuple[str, bytes, str]] = {
    "byte order mark": ("a.csv", b"\xef\xbb\xbf" + GOOD.encode(), "60 rows, 60 used"),
    "a byte order mark before Windows text": (
        "a.csv",
        b"\xef\xbb\xbf" + GOOD.replace("clarity", "Qualität").encode("cp1252") + b"61,\xfc\n",
        r"Windows text \(cp1252\)",
    ),
    "separators that only Unicode takes for ends of lines": (
        "a.csv",
        GOOD.replace("clarity", "cla\u2028rity").encode() + b"61,2024,12\x0c,1,1\n",
        "61 rows, 61 used",
    ),
    "digits that stand high": ("a.csv", (GOOD + "61,202³,1,1,1\n").encode(), "61 rows, 61 used"),
    "UTF-16": ("a.csv", GOOD.encode("utf-16"), "The file is in UTF-16"),
    "UTF-16 without a mark": ("a.csv", GOOD.encode("utf-16-le"), "The file is in UTF-16"),
    "Windows text": ("a.csv", GOOD.replace("clarity", "Qualität").encode("cp1252"), r"Windows text \(cp1252\)"),
    "semicolons and decimal commas": (
        "a.csv",
        (
            "id;overall;recommend;weight\n" + "".join(f"{at};{1 + at % 5};{at % 11};0,{at}\n" for at in range(10, 60))
        ).encode(),
        "Decimal commas in column weight were read as points",
    ),
    "tabs": ("a.csv", GOOD.replace(",", "\t").encode(), "60 rows, 60 used"),
    "line ends of Windows": ("a.csv", GOOD.replace("\n", "\r\n").encode(), "60 rows, 60 used"),
    "line ends of an old Mac": ("a.csv", GOOD.replace("\n", "\r").encode(), "60 rows, 60 used"),
    "Excel's own first line": ("a.csv", b"sep=;\n" + GOOD.replace(",", ";").encode(), "60 rows, 60 used"),
    "a title above": ("a.csv", b"Survey of May\n\n" + GOOD.encode(), "The first line is no part of the table"),
    "too few and too many cells": (
        "a.csv",
        (GOOD + "61,2024\n62,2024,1,1,1,1,1\n").encode(),
        r"not as many cells as there are columns \(5\): 2 rows, such as line 62 \(2 cells\), line 63 \(7 cells\)",
    ),
    "blank lines": (
        "a.csv",
        (HEAD + "\n" + BODY + "\n\n61,2024,12,1,1\n").encode(),
        r"outside five stars in column overall: 1 row, such as line 65 \(12\)",
    ),
    "a cell of two lines": (
        "a.csv",
        (HEAD + '"1\n",2024,1,1,1\n' + BODY + "62,2024,12,1,1\n").encode(),
        r"overall: 1 row, such as line 64 \(12\)",
    ),
    "an open quotation mark": ("a.csv", (GOOD + '61,"2024,1,1\n').encode(), "A quotation mark is never closed"),
    "the same name twice": (
        "a.csv",
        GOOD.replace("recommend,clarity", "clarity,clarity").encode(),
        r"read as clarity \(2\)",
    ),
    "ids twice": (
        "a.csv",
        (GOOD + BODY[: BODY.find("\n", 80)] + "\n").encode(),
        "an id that an earlier row has, in column id",
    ),
    "rows twice without ids": (
        "a.csv",
        (GOOD.replace("id,", "number,") + ROWS[0] + "\n").encode(),
        "1 row said the same as an earlier one",
    ),
    "text in numbers": (
        "a.csv",
        (GOOD + "61,2024,good,1,1\n").encode(),
        r"no number in column overall: 1 row, such as line 62 \(a text\)",
    ),
    "stars in words": ("a.csv", (GOOD + "61,2024,5 - very good,1,1\n").encode(), "Of cells such as `5 - very good`"),
    "missing words": ("a.csv", (GOOD + "61,2024,n/a,n/a,3\n").encode(), "61 rows, 61 used"),
    "nobody answered in a row": ("a.csv", (GOOD + "61,2024,,,\n").encode(), "no answer that could be used: 1 row"),
    "two waves on two scales": (
        "a.csv",
        (
            "wave,recommend,clarity\n"
            + "".join(f"2024,{at % 11},{1 + at % 5}\n" for at in range(90))
            + "".join(f"2025,{1 + at % 5},{1 + at % 5}\n" for at in range(60))
        ).encode(),
        "two scales in column recommend: wave 2025 answers 1 to 5, others up to 10: 60 rows",
    ),
    "negative weights": (
        "a.csv",
        (
            HEAD.strip() + ",weight\n" + "".join(f"{row},{-1 if at == 3 else 1}\n" for at, row in enumerate(ROWS))
        ).encode(),
        r"a weight below 0 in column weight: 1 row, such as line 5 \(-1\)",
    ),
    "formulas without values": ("a.xlsx", book(FORMULAS), "a formula without a saved value: 1 row, such as line 41"),
    "commas that nobody quoted": (
        "a.csv",
        (HEAD + BODY + "Smith, Anna,2024,1,1,1\n" * 90).encode(),
        r"columns \(5\): 90 rows, such as line 62 \(6 cells\)",
    ),
    "a code for a missing answer": ("a.csv", (GOOD + "61,2024,9,1,1\n").encode(), "60 answers, 1 coded as missing"),
    "a formula in a CSV": ("a.csv", (GOOD + "61,2024,=1+1,1,3\n").encode(), r"no number in column overall: 1 row"),
    "a workbook of one sheet": ("a.xlsx", book([], SURVEY_SHEET), "a.xlsx: survey, 39 rows, 39 used"),
    "a workbook of two": ("a.xlsx", book(SURVEY_SHEET, [["shoe", "colour"], [41, "red"]]), "a.xlsx#Sheet1: left out"),
    "a workbook called CSV": ("a.csv", book(SURVEY_SHEET), "39 rows, 39 used"),
    "mail addresses": (
        "a.csv",
        GOOD.replace("\n", "@b.example\n").replace("clarity@b.example", "who").encode(),
        "left out: who",
    ),
    "bad calls": (
        "a.csv",
        (CALLS + CALL_ROWS + "2026-05-01T10:00:00,-4,yes,100\nsoon,4,yes,100\n2026-13-01T10:00:00,4,yes,1\n").encode(),
        r"no date in column arrival: 2 rows",
    ),
    "a month twice": (
        "a.csv",
        b"month,nps\n2026-01,20\n2026-02,21\n2026-02,30\n",
        r"a month that an earlier row tells already: 1 row, such as line 4 \(2026-02\)",
    ),
    "a score that cannot be": (
        "a.csv",
        b"month,nps\n2026-01,20\n2026-02,210\n2026-03,30\n",
        r"nps outside -100 to 100: 1 row, such as line 3 \(210\)",
    ),
    "no month": (
        "a.csv",
        b"month,nps\n2026-01,20\nlater,21\n2026-03,30\n",
        r"no month in column month: 1 row, such as line 3",
    ),
    "percent in cohorts": (
        "a.csv",
        b"cohort;month 0;month 1\nold;100 %;80,5 %\nnew;100 %;70 %\n",
        "Decimal commas in column month 1",
    ),
}
"""What a file holds, and what the preview says of it."""


@pytest.fixture(scope="module")
def shop(stories: Path) -> cx.Scenario:
    """A scenario to read for."""
    return cx.load(stories / "pretty_app.yaml")


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path


def test_there_are_at_least_forty_kinds() -> None:
    """The issue asks for forty."""
    assert len(REFUSED) + len(TOLD) >= 40


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_file_is_refused_with_a_message(case: str, tmp_path: Path, shop: cx.Scenario) -> None:
    """Which file, what is wrong, and what would be right."""
    name, data, said = REFUSED[case]
    with pytest.raises(EvidenceError) as caught:
        read([put(tmp_path, name, data)], shop)
    assert re.search(said, str(caught.value)), str(caught.value)
    assert all(problem.expected and name in problem.file for problem in caught.value.problems)


@pytest.mark.parametrize("case", TOLD)
def test_a_repair_and_what_was_dropped_are_told(case: str, tmp_path: Path, shop: cx.Scenario) -> None:
    """By line, with what stands there, and every row is used or told."""
    name, data, said = TOLD[case]
    evidence = read([put(tmp_path, name, data)], shop)
    assert re.search(said, preview(evidence)), preview(evidence)
    assert "Smith" not in preview(evidence)
    for account in evidence.account:
        lost = account.rows - account.used
        assert lost == 0 or account.kind == "left out" or sum(each.rows for each in account.dropped) >= lost


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("scale: five stars", "most answers of column recommend .* lie outside five stars\n.*`scale: 0 to 10`"),
        ("scale: seven stars", r"m.yaml:5:1: error CXM604: .*`seven stars` is no scale"),
    ],
)
def test_a_wrong_scale_is_told_with_the_right_one(change: str, said: str, tmp_path: Path, shop: cx.Scenario) -> None:
    """Where most answers lie outside it."""
    text = "a.csv:\n  kind: survey\n  columns:\n    overall: {is: satisfaction}\n    recommend: {is: recommend, "
    file = put(
        tmp_path,
        "a.csv",
        ("recommend,overall\n" + "".join(f"{at % 11},{1 + at % 5}\n" for at in range(6, 11)) * 9).encode(),
    )
    with pytest.raises(EvidenceError) as caught:
        read([file], shop, mapping_of(f"{text}{change}}}\n", "m.yaml"))
    assert re.search(said, str(caught.value)), str(caught.value)


def test_five_gigabytes_are_refused_by_their_size(tmp_path: Path, shop: cx.Scenario) -> None:
    """Before anything is read."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as made:
        made.truncate(5_000_000_000)
    with pytest.raises(EvidenceError, match="the file is too big: 5,000 MB"):
        read([path], shop)


def test_no_file_a_pipe_and_a_folder_without_tables(tmp_path: Path, shop: cx.Scenario) -> None:
    """Each with what would be right."""
    put(tmp_path, "survey.csv", GOOD.encode())
    with pytest.raises(EvidenceError, match=r"did you mean .*survey\.csv"):
        read([tmp_path / "surve.csv"], shop)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(EvidenceError, match="this is no file"):
        read([tmp_path / "pipe.csv"], shop)
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvidenceError, match="there is no table in this folder"):
        read([tmp_path / "empty"], shop)


def test_a_folder_is_read_by_name_and_what_is_left_out_is_told(tmp_path: Path, shop: cx.Scenario) -> None:
    """Files of other kinds, and folders inside."""
    put(tmp_path, "b.csv", GOOD.encode())
    put(tmp_path, "a.csv", b"month,nps\n2026-01,20\n2026-02,21\n")
    put(tmp_path, "notes.docx", b"PK")
    put(tmp_path, ".hidden.csv", b"x")
    pq.write_table(
        pa.table({"overall": [1, 2, 3, 4, 5] * 9, "recommend": [0, 5, 8, 9, 10] * 9}), tmp_path / "c.parquet"
    )
    (tmp_path / "more").mkdir()
    evidence = read([tmp_path], shop)
    assert [account.file for account in evidence.account] == ["a.csv", "b.csv", "c.parquet", "notes.docx", "more"]
    assert [name for name, _ in evidence.surveys] == ["b.csv", "c.parquet"]


def test_every_wrong_file_is_told_at_once(tmp_path: Path, shop: cx.Scenario) -> None:
    """As every problem of a scenario is."""
    put(tmp_path, "a.csv", b"")
    put(tmp_path, "b.csv", b"overall\n1\n")
    with pytest.raises(EvidenceError) as caught:
        read([tmp_path], shop)
    assert len(caught.value.problems) == 2


def test_a_workbook_keeps_what_excel_has_computed(tmp_path: Path, shop: cx.Scenario) -> None:
    """Values of formulas, dates, and times of day as durations."""
    with xlsxwriter.Workbook(tmp_path / "calls.xlsx") as made:
        sheet = made.add_worksheet("Calls")
        clock, day = made.add_format({"num_format": "hh:mm:ss"}), made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, ["arrival", "wait", "answered", "handling"])
        for row in range(1, 6):
            sheet.write_datetime(row, 0, datetime(2026, 5, row, 10, 0), day)
            sheet.write_datetime(row, 1, time(0, 1, 30), clock)
            sheet.write_boolean(row, 2, True)
            sheet.write_formula(row, 3, "=100*2", None, 200)
    evidence = read([tmp_path / "calls.xlsx"], shop)
    ((_, log),) = evidence.calls
    assert log.wait.tolist() == [90.0] * 5 and log.handling.tolist() == [200.0] * 5
    assert str(log.arrival[0]) == "2026-05-01T10:00:00"
    assert "that Excel had saved with them: 5 cells" in preview(evidence)


def test_parquet_keeps_its_types(tmp_path: Path, shop: cx.Scenario) -> None:
    """Points in time, categories, truths; what holds no plain values is left out and told."""
    at = [datetime(2026, 5, 1, 10, minute) for minute in range(3)]
    columns = {
        "arrival": at,
        "queue": pa.array(["call_us"] * 3).dictionary_encode(),
        "wait": [10, 20, None],
        "answered": [True, False, True],
        "handling": [100.5, None, 90.0],
        "words": [["a"], ["b"], []],
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    evidence = read([tmp_path / "a.parquet"], shop)
    ((_, log),) = evidence.calls
    assert log.desk == ("call_us",) and log.wait.tolist() == [10, 20] and log.answered.tolist() == [True, False]
    assert re.search(
        r"no waiting time: 1 row, such as line 3\b.*\n.*Column words holds no plain", preview(evidence), re.S
    )


WROTE = "Mr Smith was rude, call me at 0171 1234567"
PEOPLE = "".join(
    f'"{WROTE} {at}",Anna Smith{chr(97 + at % 26)},a{at}@b.example,{1 + at % 5},{at % 11}\n' for at in range(60)
)


@pytest.mark.parametrize("column", ["said", "who", "reach"])
def test_what_tells_who_people_are_is_never_read(column: str, tmp_path: Path, shop: cx.Scenario) -> None:
    """Not by a proposal, not where a mapping asks for it, and nothing that is printed holds it."""
    file = put(tmp_path, "a.csv", ("said,who,reach,overall,recommend\n" + PEOPLE).encode())
    evidence = read([file], shop)
    assert not re.search("Smith|@b|0171", preview(evidence) + repr(evidence))
    asked = f"a.csv:\n  kind: survey\n  columns:\n    overall: {{is: satisfaction}}\n    {column}: {{is: segment}}\n"
    with pytest.raises(EvidenceError, match="never read") as caught:
        read([file], shop, mapping_of(asked, "m.yaml"))
    assert caught.value.problems[0].line == 5
    assert not re.search("Smith|@b|0171", str(caught.value))


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("Telefon", "0171 2345{0:03}", "phone numbers"),
        ("x", "+49 171 2345{0:03}", "phone numbers"),
        ("x", "Hauptstraße {0}", "addresses"),
        ("PLZ", "10{0:03}", "addresses"),
        ("Vorname", "Anna", "names"),
        ("x", "it took too long {0}", "what people wrote"),
        ("Kommentar", "ok", "what people wrote"),
        ("order_email", "{1}", ""),
        ("queue_name", "Sales", ""),
        ("segment", "young {2}", ""),
        ("arrival", "2026-05-01 10:00:{0:02}", ""),
        ("date", "01.05.2026 10:{0:02}", ""),
    ],
)
def test_what_a_column_tells_of_people(name: str, text: str, what: str) -> None:
    """By its name or by what stands in it; ratings of an e-mail are none of it."""
    texts = [text.format(at, 1 + at % 5, "abc"[at % 3]) for at in range(60)]
    assert personal(column_of(name, pa.array(texts))) == what


def anything(make: Callable[[], object]) -> None:
    """Something, or an error that is meant for a user."""
    try:
        assert make() is not None
    except CxModelError as error:
        assert str(error)


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_an_error(data: bytes) -> None:
    """Nothing else comes out of a CSV file."""
    anything(lambda: csv_table("a.csv", "a.csv", data))


CELLS = st.sampled_from(
    [
        "",
        "1",
        "5",
        "0",
        "9",
        "99",
        "1,5",
        "x",
        "ja",
        "2026-05",
        "05.06.2026 10:00",
        "1:30",
        "-3",
        "1e400",
        "4 %",
        '"',
        "é",
    ]
)
HEADS = st.sampled_from(
    [
        "overall",
        "nps",
        "month",
        "wave",
        "weight",
        "arrival",
        "wait",
        "answered",
        "cohort",
        "period",
        "month 0",
        "churn",
        "n",
    ]
)


@settings(max_examples=150)
@given(
    heads=st.lists(HEADS, min_size=2, max_size=5), rows=st.lists(st.lists(CELLS, min_size=2, max_size=5), max_size=8)
)
def test_any_table_is_evidence_or_an_error(
    heads: list[str], rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory, shop: cx.Scenario
) -> None:
    """Whatever stands under the names that are known."""
    text = "\n".join(";".join(row) for row in [heads, *rows])
    file = put(tmp_path_factory.getbasetemp(), "any.csv", text.encode())

    def made() -> Evidence:
        evidence = read([file], shop)
        assert preview(evidence)
        return evidence

    anything(made)
