"""A workbook as an Excel file: written with a sheet for each part, and read from a stranger's file."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.scenario import loads
from cxmodel.scenario.workbook.comments import commented
from cxmodel.scenario.workbook.sheets import CHANGES, CHECKED, CHECKS, COMPANY, MORE, RANGES, SHEETS, Column
from cxmodel.scenario.workbook.tables import CODE, HEADS, ID, KIND, PATH, VALUE, Grid, nearest, scenario_of, tables_of

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    from cxmodel.scenario.scenario import Scenario
    from cxmodel.scenario.workbook.tables import Cell, Row

LARGEST: Final = 5_000_000
"""Bytes of the largest workbook that is read."""
UNPACKED: Final = 60_000_000
"""Bytes that it may be unpacked."""
ROWS: Final = 5_000
COLUMNS: Final = 300
SHEETS_READ: Final = 60
SEVERAL: Final = 3
"""Sheets of ours from which on a workbook is one of ours, whatever stands in them."""
KNOWN: Final = (COMPANY, CHANGES, RANGES, CHECKS, MORE, *(sheet.name for sheet in SHEETS))
"""The sheets that are read."""
MADE: Final = datetime(2000, 1, 1)
"""Stands for the moment of writing, so that the same scenario is the same file."""
ABOUT: Final = (
    "A company for cxmodel, as a spreadsheet.",
    "Each sheet is one part; a row is one thing, a column one thing about it. Names may be in any words and script.",
    "Leave the column Id empty for something new: an id is made of its name. References may be by name or by id.",
    "A new column of Needs, Journey, Propositions or Rivals is a new attribute.",
    "How sure a number is, and where it comes from, stands in the sheet Ranges, by path.",
    "Read it back with: cxmodel import company.xlsx -o company.yaml, or drop it on the page Home.",
)
_FACTS: Final = tuple(HEADS.values())


def workbook(scenario: Scenario) -> bytes:
    """The scenario as an Excel file; reading it gives a scenario with the same hash."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    written = scenario.written
    found = tables_of(written)
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": scenario.name, "created": MADE})
        looks = _looks(book)
        _about(book.add_worksheet("Read me"), looks)
        _rows(book, looks, COMPANY, (PATH, VALUE, *_FACTS), found[COMPANY])
        for sheet in SHEETS:
            heads = sheet.heads(written["attributes"])
            drawn = _rows(book, looks, sheet.name, (ID, *heads), found[sheet.name])
            drawn.write_comment(0, 0, sheet.what)
            for at, column in enumerate(sheet.columns, 1):
                _help(drawn, at, column)
        _rows(book, looks, CHANGES, (KIND, "Of", PATH, VALUE, *_FACTS), found[CHANGES])
        _rows(book, looks, RANGES, (PATH, *_FACTS), found[RANGES])
        _rows(book, looks, CHECKS, CHECKED, found[CHECKS])
        _rows(book, looks, MORE, (PATH, VALUE, *_FACTS), found[MORE])
    return out.getvalue()


def _looks(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E1EDF7", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "id": book.add_format({"font_color": "#5B6472"}),
        "cell": book.add_format({"valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _about(sheet: Worksheet, looks: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 110)
    for at, words in enumerate(ABOUT):
        sheet.write_string(at, 0, words, looks["title"] if at == 0 else looks["cell"])


def _rows(
    book: xlsxwriter.Workbook, looks: Mapping[str, Any], name: str, heads: tuple[str, ...], rows: list[Row]
) -> Worksheet:
    """A sheet with its heads and rows."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 2 if heads[0] == ID else 1)
    for at, head in enumerate(heads):
        widest = max([len(head), *(len(str(row.get(head) or "")) for row in rows)])
        sheet.set_column(at, at, min(max(9, widest + 2), 48))
        sheet.write_string(0, at, head, looks["head"])
        for below, row in enumerate(rows, 1):
            _write(sheet, below, at, row.get(head), looks["id" if head in (ID, PATH) else "cell"])
    return sheet


def _write(sheet: Worksheet, row: int, column: int, value: Cell, look: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    elif value is not None:
        sheet.write_string(row, column, value, look)


def _help(sheet: Worksheet, at: int, column: Column) -> None:
    if column.what:
        sheet.write_comment(0, at, column.what)
    if column.choices:
        sheet.data_validation(1, at, 500, at, {"validate": "list", "source": list(column.choices)})


def yaml_of(data: bytes, name: str) -> str:
    """The YAML text of a workbook, commented. Raises ScenarioError that names cells."""
    found = scenario_of(_grids(data, name), name)
    if found.problems:
        raise ScenarioError(found.problems)
    text = commented(found.plain)
    try:
        loads(text, name)
    except ScenarioError as error:
        raise ScenarioError(_in_cells(problem, found.places, name) for problem in error.problems) from None
    return text


def _in_cells(problem: Problem, places: Mapping[str, str], name: str) -> Problem:
    """A problem of the text, told of the cell that it comes from."""
    cell = nearest(places, problem.path)
    where = f"{cell} ({problem.path})" if cell else problem.path
    return Problem(problem.code, name, 0, 0, where, problem.message, problem.expected, "", problem.severity)


def bytes_of(file: str | os.PathLike[str]) -> bytes:
    """What a file holds, one byte more than the largest workbook at most. Raises ScenarioError."""
    path = Path(file)
    try:
        with path.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except FileNotFoundError:
        raise ScenarioError([Problem("CXM101", str(file), message="there is no such file")]) from None
    except OSError as error:
        raise ScenarioError([Problem("CXM102", str(file), message=f"cannot be read: {error.strerror}")]) from None


def _refuse(name: str, message: str, expected: str, code: str = CODE) -> ScenarioError:
    return ScenarioError([Problem(code, name, message=message, expected=expected)])


def book_of(data: bytes, name: str) -> Any:
    """A stranger's workbook, opened to be read only: nothing in it is computed or fetched, and it is small unpacked."""
    if len(data) > LARGEST:
        raise _refuse(name, "this workbook is too big", f"at most {LARGEST // 1_000_000} MB", "CXM103")
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                raise _refuse(name, "this workbook is too big when unpacked", "at most 60 MB", "CXM103")
    except BadZipFile:
        raise _refuse(
            name, "this is no Excel workbook", "a file ending in .xlsx, as Excel saves it", "CXM104"
        ) from None
    from openpyxl import load_workbook

    with _readable(name):
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Whatever a broken or hostile file makes the library raise is the file's fault."""
    try:
        yield
    except ScenarioError:
        raise
    except Exception as error:
        raise _refuse(
            name, f"this workbook cannot be read ({type(error).__name__})", "a workbook as Excel saves it"
        ) from None


def cells_of(data: bytes, name: str) -> dict[str, list[list[Cell]]]:
    """The cells of every sheet of a stranger's workbook, row by row."""
    with _readable(name):
        return {title: _rows_of(sheet) for title, sheet in _sheets(book_of(data, name))}


def _sheets(book: Any) -> list[tuple[str, Any]]:
    """The sheets that hold cells; one of a chart alone holds none."""
    return [(sheet.title, sheet) for sheet in book.worksheets[:SHEETS_READ]]


def is_ours(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bool:
    """Whether cells are those of a workbook as cxmodel writes one: several of its sheets, or one with ids or paths."""
    known = {name.casefold() for name in KNOWN}
    own = [rows for title, rows in sheets.items() if title.strip().casefold() in known]
    marked = any(rows and {ID, PATH} & {str(cell).strip() for cell in rows[0]} for rows in own)
    return marked or len(own) >= SEVERAL


def _grids(data: bytes, name: str) -> dict[str, Grid]:
    """The sheets of a workbook that cxmodel knows."""
    by_name = {title.strip().casefold(): rows for title, rows in cells_of(data, name).items()}
    found = {one: _grid(one, by_name[one.casefold()]) for one in KNOWN if one.casefold() in by_name}
    if not found:
        hint = "the sheets of `cxmodel new --workbook company.xlsx`"
        raise _refuse(name, "there is no sheet in it that cxmodel knows", hint)
    return found


def _grid(name: str, cells: Sequence[Sequence[Cell]]) -> Grid:
    rows = [(number, list(row)) for number, row in enumerate(cells, 1)]
    heads = [str(head).strip() if head is not None else "" for head in (rows[0][1] if rows else [])]
    return Grid(name, heads, [(number, row) for number, row in rows[1:] if any(cell is not None for cell in row)])


def _rows_of(sheet: Any) -> list[list[Cell]]:
    return [[_cell(value) for value in row] for row in sheet.iter_rows(max_row=ROWS, max_col=COLUMNS, values_only=True)]


def _cell(value: Any) -> Cell:
    """A cell: a number, a truth, a text; a date is its text."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    said = str(value).strip() if value is not None else ""
    return said or None
