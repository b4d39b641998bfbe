"""Files to tables: CSV, Parquet and Excel, one or a folder, within limits that are kept before anything is read.

Knows nothing of what the columns mean.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import stat
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from cxmodel.errors import EvidenceError, Problem
from cxmodel.evidence.readers.parquet import parquet_table
from cxmodel.evidence.readers.problems import problem, refusal
from cxmodel.evidence.readers.spreadsheet import spreadsheet_tables
from cxmodel.evidence.readers.table import EXAMPLES, Table, column_of, names_of
from cxmodel.evidence.tables import Dropped
from cxmodel.scenario.files import near_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST: Final = 500_000_000
"""Bytes of the largest file that is opened."""
MOST_ROWS: Final = 5_000_000
MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 100_000_000
MOST_FILES: Final = 200
"""Files of one folder."""
ENDINGS: Final = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")
"""Files of a folder that are read."""
_SNIFFED: Final = 65_536
"""Bytes from which the delimiter is found."""
_SOMETHING: Final = re.compile(rb"\S")
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def files_of(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files to read, those of folders by name, and what of a folder is left out with the reason."""
    found: list[Path] = []
    left: list[tuple[Path, str]] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        try:
            inside = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            raise refusal("CXM102", str(path), f"the folder cannot be read: {error.strerror}", "a folder") from None
        files = [Path(entry.path) for entry in inside if not entry.name.startswith(".") and not entry.is_dir()]
        tables = [file for file in files if file.suffix.casefold() in ENDINGS]
        if len(tables) > MOST_FILES:
            raise refusal("CXM602", str(path), f"there are {len(tables):,} files", f"at most {MOST_FILES} in a folder")
        if not tables:
            raise refusal("CXM601", str(path), "there is no table in this folder", f"files ending in {_endings()}")
        found += tables
        left += [(file, f"it does not end in {_endings()}") for file in files if file not in tables]
        left += [(Path(entry.path), "folders in a folder are not looked into") for entry in inside if entry.is_dir()]
    return found, left


def _endings() -> str:
    return f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def tables_of(path: Path) -> list[Table]:
    """The tables of a file: one, or of a workbook one for each sheet that holds anything."""
    file = str(path)
    begins = _checked(path)
    if begins.startswith(_OLD_EXCEL):
        message = "this is a workbook of an old Excel, or one with a password"
        raise refusal("CXM601", file, message, "the file saved as .xlsx without a password, or as CSV")
    try:
        if begins.startswith(b"PAR1"):
            return [_limited(parquet_table(path.name, file))]
        if begins.startswith(b"PK\x03\x04"):
            return [_limited(table) for table in spreadsheet_tables(path.name, file)]
        if path.suffix.casefold() in (".xlsx", ".xlsm", ".xls", ".parquet"):
            message = f"this is no {'Parquet file' if path.suffix.casefold() == '.parquet' else 'Excel workbook'}"
            raise refusal("CXM601", file, message, "a file that its program has saved whole")
        return [_limited(csv_table(path.name, file, path.read_bytes()))]
    except OSError as error:
        raise refusal("CXM102", file, f"the file cannot be read: {error.strerror}", "a file you may read") from None


def _checked(path: Path) -> bytes:
    """The first bytes of a file that is there, is a file, and is not too big."""
    file = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refusal("CXM102", file, "this is no file", "a CSV, Parquet or Excel file")
        if status.st_size > LARGEST:
            message = f"the file is too big: {status.st_size / 1e6:,.0f} MB"
            hint = f"at most {LARGEST // 1_000_000} MB; split it by month, or save only the columns that are needed"
            raise refusal("CXM602", file, message, hint)
        if not status.st_size:
            raise refusal("CXM601", file, "the file is empty", "a line with the names of columns, then a row a line")
        with path.open("rb") as opened:
            return opened.read(8)
    except FileNotFoundError:
        near = near_name(path)
        hint = f"did you mean {path.parent / near}?" if near else "the path of a file"
        raise refusal("CXM101", file, "there is no such file", hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name holds what no name may hold"
        raise refusal("CXM102", file, f"the file cannot be read: {reason}", "a file you may read") from None


def _limited(table: Table) -> Table:
    """The table, if it is not too big."""
    rows, columns = table.rows, len(table.columns)
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        message = f"{table.name} has {rows:,} rows and {columns:,} columns"
        hint = f"at most {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells"
        raise refusal("CXM602", table.file, message, hint)
    return table


def csv_table(name: str, file: str, data: bytes) -> Table:
    """The table of a CSV file's bytes, whatever parts its cells and whichever way its letters are encoded."""
    if len(data) > LARGEST:
        raise refusal("CXM602", file, "the file is too big", f"at most {LARGEST // 1_000_000} MB")
    repaired: list[str] = []
    data = _utf8(data, file, repaired)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = _past_blank_lines(data, 0)
    if data[start : start + 4].lower() == b"sep=":
        start = _next_line(data, start)
    quoted = data.count(b'"', start)
    plain_quotes = quoted % 2 == 1
    if plain_quotes:
        repaired.append("A quotation mark is never closed: quotation marks were read as plain signs.")
    delimiter, names, start = _header(data, start, file, repaired, plain_quotes)
    if len(names) > MOST_COLUMNS:
        raise refusal("CXM602", file, f"there are {len(names):,} columns", f"at most {MOST_COLUMNS:,}")
    skipped: list[tuple[int, int]] = []

    def wrong(row: Any) -> str:
        skipped.append((row.number or 0, row.actual_columns))
        return "skip"

    quotes = quoted > 0 and not plain_quotes
    if _SOMETHING.search(data, start) is None:
        raise refusal("CXM608", file, "there are names of columns and no rows", "a row a line below the names")
    try:
        read = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(start)),
            pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=1 << 24),
            pa_csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quotes else False, newlines_in_values=quotes,
                invalid_row_handler=wrong,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )  # fmt: skip
    except (pa.ArrowException, ValueError) as error:
        reason = type(error).__name__
        hint = "a CSV file whose cells are parted by commas, semicolons or tabs"
        raise refusal("CXM601", file, f"this cannot be read as CSV ({reason})", hint) from None
    records = read.num_rows + len(skipped)
    lines = _lines(data, start, records, quotes)
    kept = np.ones(records, bool)
    dropped: list[Dropped] = []
    if skipped:
        at = np.array([number - 1 for number, _ in skipped])
        kept[at] = False
        examples = [
            (int(lines[where]), f"{cells} cells")
            for where, (_, cells) in zip(at[:EXAMPLES], skipped[:EXAMPLES], strict=True)
        ]
        dropped.append(Dropped(f"not as many cells as there are columns ({len(names)})", len(skipped), examples))
    columns = {}
    rows = read.num_rows
    for column in names:
        columns[column] = column_of(column, read.column(0))
        read = read.remove_column(0)
    return Table(name, file, columns, rows, lines[kept], delimiter == ";", dropped, repaired, len(skipped))


def _utf8(data: bytes, file: str, repaired: list[str]) -> bytes:
    """The same text in UTF-8 without a byte order mark; what was done is told."""
    data = data.removeprefix(codecs.BOM_UTF8)
    sample = data[:4096]
    wide = sample.count(0) > len(sample) // 4
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or wide:
        order = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else _order(sample)
        try:
            made = data.decode(order).encode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            raise refusal("CXM601", file, "this is not text", "a CSV file saved as UTF-8") from None
        repaired.append("The file is in UTF-16 and was read as such.")
        data = made
    if b"\0" in data:
        raise refusal("CXM601", file, "this is not text", "a CSV, Parquet or Excel file")
    if not _is_utf8(data):
        repaired.append("The file is not in UTF-8: it was read as Windows text (cp1252).")
        data = data.decode("cp1252", "replace").encode("utf-8")
    return data


def _order(sample: bytes) -> str:
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), 1 << 22):
            decoder.decode(data[start : start + (1 << 22)])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _next_line(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end + 1


def _past_blank_lines(data: bytes, start: int) -> int:
    while start < len(data) and data[start : start + 1] == b"\n":
        start += 1
    return start


def _header(data: bytes, start: int, file: str, repaired: list[str], plain: bool) -> tuple[str, list[str], int]:
    """What parts the cells, the names of the columns, and where the rows begin."""
    sample = data[start : start + _SNIFFED]
    if len(data) > start + _SNIFFED:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    text = sample.decode("utf-8", "replace")
    best: tuple[float, int, str, list[tuple[int, list[str]]]] | None = None
    for delimiter in _DELIMITERS:
        rows = list(_records(text, delimiter, plain))
        widths = [len(row) for _, row in rows]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        same = widths.count(usual) / len(widths)
        score = same if usual > 1 else 0.0
        if score and widths[0] == usual:
            score += 0.5
        if best is None or (score, usual) > best[:2]:
            best = (score, usual, delimiter, rows)
    if best is None or best[0] == 0.0:
        hint = "names of columns and cells parted by commas, semicolons or tabs"
        raise refusal("CXM601", file, "this is no table: there is one column only", hint, _line_at(data, start))
    _, usual, delimiter, rows = best
    title = 0
    while sum(map(bool, rows[title][1])) < 2 <= usual and title + 1 < len(rows):
        title += 1
    if title:
        above = "line is" if title == 1 else f"{title} lines are"
        repaired.append(f"The first {above} no part of the table and passed over.")
    line, head = rows[title]
    if not _names(head):
        message = "the first line holds numbers or addresses, not names of columns"
        raise refusal("CXM601", file, message, "a first line with the name of each column", _line_at(data, start))
    at = start
    for _ in range(line):
        at = _next_line(data, at)
    return delimiter, names_of(head, repaired), at


def _records(text: str, delimiter: str, plain: bool) -> Iterator[tuple[int, list[str]]]:
    """The first records of a text, each with the number of lines up to its end."""
    quoting: Literal[0, 3] = csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL
    reader = csv.reader([f"{line}\n" for line in text.split("\n")], delimiter=delimiter, quoting=quoting)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
            if reader.line_num > 200:
                return
    except csv.Error:
        return


def _names(head: list[str]) -> bool:
    """Whether cells may be names of columns: none is an address, and numbers among them count upwards."""
    said = [number for cell in head if (number := _number(cell)) is not None]
    counted = all(before < after for before, after in pairwise(said))
    every = len(said) == sum(bool(cell.strip()) for cell in head)
    return counted and not every and not any("@" in cell for cell in head)


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def _line_at(data: bytes, start: int) -> int:
    return data.count(b"\n", 0, start) + 1


def _lines(data: bytes, start: int, records: int, quotes: bool) -> NDArray[np.int64]:
    """The line in which each record begins."""
    first = _line_at(data, start)
    ends = data.count(b"\n", start) + (not data.endswith(b"\n"))
    if ends == records:
        return np.arange(first, first + records, dtype=np.int64)
    found: list[NDArray[np.int64]] = []
    line, inside, blank = first, 0, True
    begun = first
    carry = np.zeros(0, np.int64)
    for at in range(start, len(data), 1 << 24):
        part = np.frombuffer(data, np.uint8, count=min(1 << 24, len(data) - at), offset=at)
        breaks = np.flatnonzero(part == 10)
        if quotes:
            marks = np.flatnonzero(part == 34)
            within = (np.searchsorted(marks, breaks) + inside) % 2 == 1
            inside = (inside + marks.size) % 2
        else:
            within = np.zeros(breaks.size, bool)
        closing = breaks[~within]
        numbers = line + np.flatnonzero(~within)
        starts = np.concatenate([[begun], numbers + 1])[: closing.size]
        before = np.concatenate([[-1], closing])[: closing.size]
        full = closing - before > 1
        if closing.size:
            full[0] = full[0] or not blank
            blank = bool(closing[-1] == part.size - 1)
            begun = int(numbers[-1]) + 1
        else:
            blank = False
        found.append(starts[full])
        line += breaks.size
    if not blank:
        carry = np.array([begun], np.int64)
    lines = np.concatenate([*found, carry]).astype(np.int64)
    if lines.size != records:  # whatever parted the records is not what was thought: the count is right all the same
        return np.arange(first, first + records, dtype=np.int64)
    return lines


def all_tables(paths: Sequence[Path]) -> tuple[list[Table], list[tuple[Path, str]]]:
    """Every table of files and folders, and what of a folder is left out; all that cannot be read is told at once."""
    files, left = files_of(paths)
    found: list[Table] = []
    wrong: list[Problem] = []
    for file in files:
        try:
            found += tables_of(file)
        except EvidenceError as error:
            wrong += error.problems
    if wrong:
        raise EvidenceError(wrong)
    taken: dict[str, str] = {}
    for table in found:
        if table.name in taken and taken[table.name] != table.file:
            message = f"two files are called {table.name}, the other is {taken[table.name]}"
            wrong.append(problem("CXM604", table.file, message, "files with names of their own"))
        taken[table.name] = table.file
    if wrong:
        raise EvidenceError(wrong)
    return found, left
