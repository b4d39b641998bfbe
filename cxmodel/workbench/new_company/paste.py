"""A block of cells pasted into a cell of a table: right and down from there, as in a spreadsheet; all or none of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cxmodel.errors import CxModelError, UsageError
from cxmodel.report.text.numbers import count
from cxmodel.scenario.faults import KeyPath
from cxmodel.workbench.new_company import block
from cxmodel.workbench.new_company.block import MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, MOST_TOLD, NEEDED_BY, PHASES
from cxmodel.workbench.new_company.company_text import CompanyText, why
from cxmodel.workbench.new_company.experience import RHYTHMS
from cxmodel.workbench.new_company.table import Cell, Column, Row, Sheet, Table, Touch

LABEL: Final = "label"
"""The column of names."""
DECIDING: Final = ("phase", "improves")
"""Columns that decide what can stand in the others of their row: they come first."""
NOTHING: Final = ("–", "-", "—")
"""What people write into a cell of a number that holds none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a block."""

    cells: int
    begun: int
    """Rows that are new."""
    renamed: Mapping[str, str]

    @property
    def words(self) -> str:
        """The same in a sentence."""
        new = f" {count(self.begun, 'row')} {'are' if self.begun > 1 else 'is'} new." if self.begun else ""
        return f"{count(self.cells, 'cell')} pasted.{new} Undo brings back what was there."


@dataclass(frozen=True, slots=True)
class _Entry:
    """One cell of the block, and where it goes."""

    touch: Touch
    called: str
    """Its row and column, in words."""


def read(text: str) -> list[list[str]]:
    """The cells of a block by rows. A quoted cell may hold line breaks, which are blanks then.

    >>> read('Bill\\t"clear\\nenough"\\n\\t70\\n')
    [['Bill', 'clear enough'], ['', '70']]
    """
    if len(text) > MOST_LETTERS:
        raise UsageError(f"This block is too big: at most {MOST_LETTERS:,} letters.")
    try:
        rows = list(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter="\t"))
    except csv.Error as error:
        raise UsageError(f"This block cannot be read as cells: {error}.") from None
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise UsageError(f"This block is too big: at most {MOST_ROWS} rows and {MOST_COLUMNS} columns.")
    return [[" ".join(cell.split()) for cell in row or [""]] for row in rows]


def take(company: CompanyText, sheet: Sheet, touch: Touch) -> Taken:
    """Put a block into a table from the cell that was touched on. Raises `UsageError` with every wrong cell."""
    shown = sheet.table(company.scenario)
    keys = [each.key for each in shown.columns]
    if touch.column not in keys or (touch.thing[1] and all(row.id != touch.row for row in shown.rows)):
        raise UsageError("Nothing was taken: the cell that the block was pasted into is not there any more.")
    columns = list(shown.columns)[keys.index(touch.column) :]
    rows = _without_heads(read(touch.value), columns)
    _refuse_wide(rows, columns)
    places = _places(shown, touch, rows, named=columns[0].key == LABEL)
    wrong: list[str] = []
    ids, renamed, begun = _named(company, sheet, shown, places, rows, columns[0], wrong)
    _refuse(wrong)
    cells = len(places) if columns[0].key == LABEL else 0
    rest = [each for each in columns if each.key not in (*DECIDING, LABEL)]
    for some in ([each for each in columns if each.key in DECIDING], rest):
        entries, many = _entries(sheet.table(company.scenario), ids, rows, columns, some, wrong)
        _refuse(wrong)
        _enter(company, sheet, entries, wrong)
        _refuse(wrong)
        cells += many
    _refuse_lost(sheet.table(company.scenario), ids, rows, columns)
    return Taken(cells, begun, renamed)


def _refuse(wrong: Sequence[str]) -> None:
    if wrong:
        more = f" And {len(wrong) - MOST_TOLD} more." if len(wrong) > MOST_TOLD else ""
        raise UsageError("Nothing was taken: " + "; ".join(wrong[:MOST_TOLD]) + "." + more)


def _without_heads(rows: list[list[str]], columns: Sequence[Column]) -> list[list[str]]:
    """The rows without the first one, where that holds the heads of the columns."""
    heads = [each.head.casefold() for each in columns]
    first = [cell.casefold() for cell in rows[0]] if rows else []
    return rows[1:] if len(rows) > 1 and any(first) and first == heads[: len(first)] else rows


def _refuse_wide(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> None:
    """Refuse what stands to the right of the last column."""
    wide = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    if not any(cell for row in rows for cell in row):
        raise UsageError("Nothing was taken: the block holds no words and no numbers.")
    if wide > len(columns):
        raise UsageError(
            f"Nothing was taken: the block has {count(wide, 'column')}, and from {columns[0].head or 'the first one'} "
            f"on there {'are' if len(columns) > 1 else 'is'} only {len(columns)}."
        )


def _places(shown: Table, touch: Touch, rows: Sequence[Sequence[str]], *, named: bool) -> list[tuple[str, Row | None]]:
    """Where each row of a block goes: its section, and the row that stands there, or none for a new one.

    A block goes down the rows of the kind where it starts. Beyond them, with names, it begins new ones; a row that is
    called as the row standing there goes into that, so that a copy of the whole table covers the table.
    """
    standing = list(shown.rows)
    section, id = touch.thing
    at = next((number for number, row in enumerate(standing) if row.id == touch.row), len(standing))
    if not id:
        of_kind = [number for number, row in enumerate(standing) if _section(row) == section]
        at = of_kind[-1] + 1 if of_kind else len(standing)
    places: list[tuple[str, Row | None]] = []
    homeless: list[int] = []
    for number, cells in enumerate(rows, 1):
        row = standing[at] if at < len(standing) else None
        if row is not None and named and _section(row) != section and _name(cells[0], _section(row)) == _called(row):
            section = _section(row)
        if row is not None and _section(row) == section:
            places.append((section, row))
            at += 1
        elif named and any(each.section == section for each in shown.adding):
            places.append((section, None))
        elif any(cells):
            homeless.append(number)
    if homeless:
        last = next(row for kind, row in reversed(places) if row is not None)
        which = f"row {homeless[0]}" if len(homeless) == 1 else f"rows {homeless[0]} to {homeless[-1]}"
        names = f"; paste into the column {shown.columns[0].head} to begin new rows" if shown.adding else ""
        raise UsageError(
            f"Nothing was taken: {which} of the block {'has' if len(homeless) == 1 else 'have'} no place, as "
            f"{last.called} is the last row there{names}."
        )
    return places


def _section(row: Row) -> str:
    return row.id.partition(".")[0]


def _called(row: Row) -> str:
    """What stands in the name column of a row."""
    return row.cells[LABEL].value if LABEL in row.cells else row.called


def _name(cell: str, section: str) -> str:
    """The name that a cell gives; of a segment without the words before it."""
    match = NEEDED_BY.fullmatch(cell) if section == "segments" else None
    return match["who"].strip() if match else cell


def _named(
    company: CompanyText, sheet: Sheet, shown: Table, places: Sequence[tuple[str, Row | None]],
    rows: Sequence[Sequence[str]], first: Column, wrong: list[str],
) -> tuple[list[str], dict[str, str], int]:  # fmt: skip
    """The id of the row that each row of a block goes into, named as the block says; which changed, how many are new.

    Of two that take each other's names the first is called otherwise for a moment.
    """
    ids = [row.id if row is not None else f"{section}." for section, row in places]
    if first.key != LABEL:
        return ids, {}, 0
    names = [_name(cells[0], section) for cells, (section, _) in zip(rows, places, strict=True)]
    changing = [number for number, (_, row) in enumerate(places) if row is not None and _called(row) != names[number]]
    wanted = {name.casefold() for name in names}
    before = dict(enumerate(ids))
    for number in changing:
        row = places[number][1]
        if row is not None and _called(row).casefold() in wanted and names[number]:
            _call(company, sheet, ids, number, f"row {number + 1} of the block, for a moment")
    begun = 0
    for number, (section, row) in enumerate(places):
        try:
            if row is None:
                held = set(company.plain.get(section, {}))
                sheet.heed(company, Touch("add", f"{section}.", "", names[number]))
                ids[number] = f"{section}.{next(id for id in company.plain[section] if id not in held)}"
                begun += 1
            elif number in changing:
                _call(company, sheet, ids, number, names[number])
        except CxModelError as error:
            called = row.called if row is not None else f"row {number + 1}"
            wrong.append(f"{called}, {first.head}: “{names[number][:30]}”: {why(error)}")
    return ids, {before[number]: ids[number] for number in changing}, begun


def _call(company: CompanyText, sheet: Sheet, ids: list[str], number: int, name: str) -> None:
    ids[number] = (sheet.heed(company, Touch("set", ids[number], LABEL, name)) or {}).get(ids[number], ids[number])


def _entries(
    shown: Table, ids: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[Column],
    some: Sequence[Column], wrong: list[str],
) -> tuple[list[_Entry], int]:  # fmt: skip
    """What is to be entered in some columns: what stands there already is not; and how many cells the block covers."""
    standing = {row.id: row for row in shown.rows}
    entries: list[_Entry] = []
    covered = 0
    for id, cells in zip(ids, rows, strict=True):
        fields = shown.fields(standing[id])
        for column, value in zip(columns, cells, strict=False):
            cell = fields.get(column.key)
            if cell is None or column not in some:
                continue
            covered += 1
            called = f"{standing[id].called}, {column.head}"
            try:
                meant = _meant(value, cell, column)
            except UsageError as error:
                wrong.append(f"{called}: {error}")
                continue
            if meant not in (None, block.said_of(cell)):
                entries.append(_Entry(Touch("set", id, column.key, str(meant)), f"{called}: “{value[:30]}”"))
    return entries, covered


def _meant(value: str, cell: Cell, column: Column) -> str | None:
    """What a cell says; of a choice one of its words, or None for none."""
    kind = cell.kind or column.kind
    if kind != "select":
        return "" if value in NOTHING and kind in ("number", "level") else value
    options = cell.options or column.options
    words = value.casefold()
    if not words or words in NOTHING:
        return None
    if column.key == "phase":
        words = PHASES.get(words, words)
    if column.key == "often" and (length := block.length_between(value)) is not None:
        words = next((rhythm for rhythm, each in RHYTHMS.items() if each == length), words)
    found = next((option for option in options if option.casefold() in (words, value.casefold())), None)
    if found is None:
        raise UsageError(f"“{value[:30]}” is none of {', '.join(options[:8])}{' …' if len(options) > 8 else ''}")
    return found


class _NotAlone(CxModelError):
    """More has to be done than to write an entry."""


class _Noted(CompanyText):
    """A company in which an entry is only noted down, so that many can be made at once."""

    def __init__(self, company: CompanyText) -> None:
        super().__init__(company.text, company.name, company.at)
        self._read = company._read
        self.entries: dict[KeyPath, str] = {}

    def enter(self, path: KeyPath, raw: str) -> None:
        """Note an entry down."""
        self.entries[path] = raw

    def value(self, *path: str) -> Any:
        """What is written at a path where nothing was entered."""
        if path in self.entries:
            raise _NotAlone
        return super().value(*path)

    def edit(self, edits: Mapping[KeyPath, Any]) -> None:
        """Nothing else can be done."""
        if edits:
            raise _NotAlone


def _noted(company: CompanyText, sheet: Sheet, entry: _Entry) -> dict[KeyPath, str]:
    """The entries that a cell comes to; none where more has to be done."""
    noted = _Noted(company)
    try:
        sheet.heed(noted, entry.touch)
    except CxModelError:
        return {}
    return noted.entries


def _enter(company: CompanyText, sheet: Sheet, entries: Sequence[_Entry], wrong: list[str]) -> None:
    """Make entries; what cannot be is tried again after the others, which it may have waited for."""
    waiting = list(entries)
    while waiting:
        noted = [(entry, _noted(company, sheet, entry)) for entry in waiting]
        failed = _together(company, sheet, [each for each in noted if each[1]])
        for entry in (entry for entry, many in noted if not many):
            failed += _alone(company, sheet, entry)
        if len(failed) == len(waiting):
            wrong.extend(f"{entry.called}: {why(error)}" for entry, error in failed)
            return
        waiting = [entry for entry, _ in failed]


_Failed = list[tuple[_Entry, CxModelError]]
"""Entries that cannot be, and why."""


def _together(company: CompanyText, sheet: Sheet, noted: Sequence[tuple[_Entry, dict[KeyPath, str]]]) -> _Failed:
    """Make entries all at once where they can be, else by halves."""
    if len(noted) < 2:
        return [failed for entry, _ in noted for failed in _alone(company, sheet, entry)]
    try:
        company.enter_all({path: raw for _, entries in noted for path, raw in entries.items()})
    except CxModelError:
        middle = len(noted) // 2
        return _together(company, sheet, noted[:middle]) + _together(company, sheet, noted[middle:])
    return []


def _alone(company: CompanyText, sheet: Sheet, entry: _Entry) -> _Failed:
    before = company.text
    try:
        sheet.heed(company, entry.touch)
    except CxModelError as error:
        company.text = before
        return [(entry, error)]
    return []


def _refuse_lost(
    shown: Table, ids: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[Column]
) -> None:  # fmt: skip
    """Refuse a block of which a cell is empty afterwards, as two numbers in the row of one promise are."""
    standing = {row.id: row for row in shown.rows}
    lost = [
        f"{standing[id].called}, {column.head}: “{value[:30]}” cannot stand beside the other cells of its row"
        for id, cells in zip(ids, rows, strict=True)
        for column, value in zip(columns, cells, strict=False)
        if value not in ("", *NOTHING)
        and column.key in (fields := shown.fields(standing[id]))
        and not fields[column.key].value
    ]
    _refuse(lost)
