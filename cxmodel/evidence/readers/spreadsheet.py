"""Excel workbooks to tables: what Excel has computed is taken, nothing is computed or fetched, no macro is touched."""

from __future__ import annotations

import io
import re
import warnings
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import numpy as np
import pyarrow as pa

from cxmodel.errors import EvidenceError
from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.table import EXAMPLES, Table, column_of, counted, names_of
from cxmodel.evidence.tables import Dropped
from cxmodel.scenario.faults import shorten

LARGEST: Final = 50_000_000
"""Bytes of the largest workbook that is read."""
UNPACKED: Final = 150_000_000
"""Bytes that it may be unpacked."""
MOST_SHEETS: Final = 50
MOST_CELLS: Final = 3_000_000
"""Cells of one sheet."""
MOST_COLUMNS: Final = 1_000
_FORMULA: Final = re.compile(rb"<f[ >/]")
_HINT: Final = "a workbook as Excel saves it, or CSV"


def spreadsheet_tables(name: str, file: str) -> list[Table]:
    """The tables of a workbook, a sheet each; a row's line is its number in the sheet."""
    has_formulas = _checked(file)
    opened = io.BytesIO(Path(file).read_bytes())  # by its name a workbook called .csv would be refused
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which nobody asked for
        found = _sheets(name, file, opened, has_formulas)
    if not found:
        raise refusal("CXM608", file, "there is no table in this workbook", "names of columns and rows below them")
    if len(found) == 1:
        found[0].name = name
    return found


def _sheets(name: str, file: str, opened: io.BytesIO, has_formulas: bool) -> list[Table]:
    """The table of each sheet that holds one."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(opened, read_only=True, data_only=True, keep_links=False)
        asked = load_workbook(opened, read_only=True, data_only=False, keep_links=False) if has_formulas else None
        titles = [sheet.title for sheet in book.worksheets]
        if len(titles) > MOST_SHEETS:
            raise refusal("CXM602", file, f"there are {len(titles)} sheets", f"at most {MOST_SHEETS}")
        found = [
            table
            for title in titles
            if (table := _table(name, file, title, book[title], asked[title] if asked else None)) is not None
        ]
        book.close()
        if asked:
            asked.close()
    except EvidenceError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the library raise is the file's fault
        raise refusal("CXM601", file, f"this workbook cannot be read ({type(error).__name__})", _HINT) from None
    return found


def _checked(file: str) -> bool:
    """Whether there are formulas in a workbook that is small when unpacked and brings no macro."""
    try:
        with ZipFile(file) as packed:
            entries = packed.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if sum(entry.compress_size for entry in entries) > LARGEST or unpacked > UNPACKED:
                message = f"this workbook is too big: {unpacked / 1e6:,.0f} MB when unpacked"
                raise refusal("CXM602", file, message, f"at most {UNPACKED // 1_000_000} MB; save the sheet as CSV")
            names = [entry.filename for entry in entries]
            if any("vbaproject" in entry.casefold() for entry in names):
                raise refusal("CXM601", file, "there are macros in this workbook", "the workbook saved as .xlsx")
            if "[Content_Types].xml" not in names:
                raise refusal("CXM601", file, "this is a packed file, but no workbook", _HINT)
            formulas = False
            for entry in entries:
                if not entry.filename.endswith((".xml", ".rels")):
                    continue
                with packed.open(entry) as part:
                    text = part.read()
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise refusal("CXM601", file, "there are entities in this workbook, which can do harm", _HINT)
                sheet = entry.filename.startswith("xl/worksheets/")
                formulas = formulas or (sheet and _FORMULA.search(text) is not None)
            return formulas
    except EvidenceError:
        raise
    except (BadZipFile, OSError, EOFError, RuntimeError, ValueError, NotImplementedError) as error:
        message = f"this workbook cannot be read ({type(error).__name__})"
        raise refusal("CXM601", file, message, _HINT) from None
    except Exception as error:  # zlib and lzma have errors of their own
        raise refusal("CXM601", file, f"this workbook is damaged ({type(error).__name__})", _HINT) from None


def _table(name: str, file: str, title: str, sheet: Any, asked: Any) -> Table | None:
    """The table of a sheet; nothing for a sheet without rows."""
    cells: list[list[str]] = []
    lines: list[int] = []
    count = formulas = 0
    without: list[tuple[int, str]] = []
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    questions = asked.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True) if asked is not None else None
    for number, row in enumerate(rows, 1):
        texts = [_text(value) for value in row]
        if questions is not None:
            for at, question in enumerate(next(questions, ())):
                if (isinstance(question, str) and question.startswith("=")) or hasattr(question, "ref"):
                    formulas += 1
                    if at < len(texts) and not texts[at]:
                        without.append((number, "a formula without a value"))
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        count += len(texts)
        if count > MOST_CELLS:
            message = f"the sheet {shorten(title)} has more than {MOST_CELLS:,} cells"
            raise refusal("CXM602", file, message, "the sheet saved as CSV, which may be larger")
        cells.append(texts)
        lines.append(number)
    width = max(map(len, cells), default=0)
    if len(cells) < 2 or width < 2:
        return None
    if width > MOST_COLUMNS:
        message = f"the sheet {shorten(title)} has more than {MOST_COLUMNS:,} columns"
        raise refusal("CXM602", file, message, f"at most {MOST_COLUMNS:,}")
    repaired: list[str] = []
    head = next(place for place, row in enumerate(islice(cells, 30)) if sum(map(bool, row)) > 1 or place == 29)
    if head:
        repaired.append(f"What stands above row {lines[head]} is no part of the table and was passed over.")
    names = names_of([*cells[head], *[""] * (width - len(cells[head]))], repaired)
    if any("@" in name for name in names):
        message = f"the first row of the sheet {shorten(title)} holds addresses, not names of columns"
        raise refusal("CXM601", file, message, "a first row with the name of each column", lines[head])
    body, lines = cells[head + 1 :], lines[head + 1 :]
    if not body:
        return None
    if formulas:
        repaired.append(f"Of formulas the value was taken that Excel had saved with them: {counted(formulas, 'cell')}.")
    dropped = []
    if without:
        dropped.append(Dropped("a formula without a saved value", len(without), tuple(without[:EXAMPLES])))
    columns = {
        column: column_of(column, pa.array([row[at] if at < len(row) else "" for row in body], pa.string()))
        for at, column in enumerate(names)
    }
    called = f"{name}#{shorten(title, 40)}"
    return Table(called, file, columns, len(body), np.array(lines, np.int64), False, dropped, repaired)


def _text(value: Any) -> str:
    """A cell as a text: dates as ISO writes them, times of day and durations as hours, minutes and seconds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return (
        value.strftime("%H:%M:%S")
        if isinstance(value, time)
        else str(value).strip().encode("utf-8", "replace").decode()
    )
