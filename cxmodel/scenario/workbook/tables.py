"""A scenario as tables, a row for each thing, and back: the values of the cells, whatever file they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cxmodel.errors import Problem
from cxmodel.scenario.faults import KeyPath, quote, suggestion
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.workbook.sheets import (
    ACTS,
    ATTRIBUTE,
    CHANGES,
    CHECKED,
    CHECKS,
    COMPANY,
    FACT,
    MORE,
    ONE_EACH,
    ORDER,
    RANGES,
    SHEETS,
    Column,
    Sheet,
)
from cxmodel.scenario.yaml_text.parser import read, scalar
from cxmodel.scenario.yaml_text.paths import is_fact
from cxmodel.scenario.yaml_text.writer import text_of

ID: Final = "Id"
PATH: Final = "Path"
VALUE: Final = "Value"
KIND: Final = "Kind"
CODE: Final = "CXM122"
HEADS: Final = {"low": "Low", "high": "High", "source": "Source", "as_of": "As of", "note": "Note"}
"""What stands over what a number may have beside its value."""
KINDS_OF_CHANGE: Final = {"initiatives": "initiative", "futures": "external scenario"}
Cell = str | int | float | bool | None
Row = dict[str, Cell]
"""The cells of a row, by what stands over them."""
Tables = dict[str, list[Row]]
"""The rows of each sheet, by its name."""
_NOTHING: Final = object()


def tables_of(plain: Mapping[str, Any]) -> Tables:
    """The tables of a scenario as it is written; everything in it has a cell."""
    attributes = list(plain.get("attributes") or {})
    told: set[KeyPath] = set()
    ranges: list[Row] = []
    orders: list[Row] = []
    found: Tables = {COMPANY: []}
    for sheet in SHEETS:
        found[sheet.name] = [
            _row(sheet, id, thing, attributes, told, ranges, orders) for id, thing in _things(plain, sheet.section)
        ]
    found[CHANGES] = [row for section in ACTS for row in _changes(plain, section, told)]
    found[CHECKS] = [{key: each.get(key) for key in CHECKED} for each in plain.get("expect") or ()]
    found[RANGES] = ranges
    in_sheets = {sheet.section for sheet in SHEETS}
    ones = [*ONE_EACH, *(key for key in plain if key not in (*ONE_EACH, *in_sheets, "schema", "expect", "meta"))]
    found[COMPANY] = [row for key in ones if key in plain for row in _by_path((key,), plain[key], told)]
    if plain.get("meta"):
        found[COMPANY].append({PATH: "meta", VALUE: text_of(plain["meta"])})
    rest = [row for key in plain if key in in_sheets for row in _by_path((key,), _mapping(plain, key), told)]
    found[MORE] = [*rest, *orders]
    return found


def _things(plain: Mapping[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The things of a section; a plan that is only a list is one with initiatives."""
    for id, thing in (plain.get(section) or {}).items():
        yield id, {"initiatives": list(thing or ())} if section == "plans" and not isinstance(thing, dict) else thing


def _mapping(plain: Mapping[str, Any], section: str) -> dict[str, Any]:
    return dict(_things(plain, section))


def _row(
    sheet: Sheet,
    id: str,
    thing: dict[str, Any],
    attributes: list[str],
    told: set[KeyPath],
    ranges: list[Row],
    orders: list[Row],
) -> Row:
    """The row of a thing, what it holds noted as told; how sure a number is goes to the ranges."""
    row: Row = {ID: id}
    told.add((sheet.section, id))

    def put(head: str, path: KeyPath, listed: bool = False) -> None:
        value = _at(thing, path)
        if value is _NOTHING or (isinstance(value, dict | list) and not listed and not is_fact(value)):
            return
        whole = (sheet.section, id, *path)
        told.update(whole[:count] for count in range(3, len(whole) + 1))
        if is_fact(value):
            beside = {HEADS[key]: value[key] for key in FACT if key in value}
            ranges.append({PATH: ".".join(whole), **beside})
            value = value["value"]
        row[head] = ", ".join(map(str, value)) if listed else value

    for column in sheet.columns:
        put(column.head, column.path, column.listed)
    if sheet.grid is not None:
        held = thing.get(sheet.grid.under) or {}
        for attribute in attributes:
            for ending, leaf in sheet.grid.leaf:
                put(sheet.over(attribute, ending), (sheet.grid.under, attribute, *filter(None, [leaf])))
        in_grid = [attribute for attribute in attributes if attribute in held]
        if list(held) != in_grid and set(held) == set(in_grid):
            path = f"{sheet.section}.{id}.{sheet.grid.under}"
            orders.append({PATH: path, VALUE: ORDER + ", ".join(held)})
    return row


def _at(plain: Any, path: KeyPath) -> Any:
    """What stands at a path; nothing where there is none."""
    for step in path:
        if not isinstance(plain, dict) or step not in plain or is_fact(plain):
            return _NOTHING
        plain = plain[step]
    return plain


def _changes(plain: Mapping[str, Any], section: str, told: set[KeyPath]) -> Iterator[Row]:
    for id, thing in _things(plain, section):
        told.add((section, id, "changes"))
        for path, value in (thing.get("changes") or {}).items():
            yield {KIND: KINDS_OF_CHANGE[section], "Of": id, PATH: path, **_cells(value)}


def _cells(value: Any) -> Row:
    """The cells of a value with what stands beside it; lists and empty mappings as YAML in one line."""
    if is_fact(value):
        return {VALUE: value["value"], **{HEADS[key]: value[key] for key in FACT if key in value}}
    return {VALUE: text_of(value) if isinstance(value, dict | list) else value}


def _by_path(path: KeyPath, value: Any, told: set[KeyPath]) -> Iterator[Row]:
    """What is not told yet, by path."""
    if path[-1] == "changes" and path in told:
        return
    if isinstance(value, dict) and value and not is_fact(value):
        for key, item in value.items():
            yield from _by_path((*path, key), item, told)
    elif path not in told and (value != {} or len(path) > 1):
        yield {PATH: ".".join(path), **_cells(value)}


@dataclass(slots=True)
class Read:
    """What tables say: a scenario as it would be written, where each value stands, what cannot be read."""

    plain: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """The cell of each value, such as `Journey!F7`, by dotted path."""
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """The id of each thing by what it is called, by section."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet as they stand in a file, the heads first."""

    name: str
    heads: list[str]
    rows: list[tuple[int, list[Cell]]]
    """Number of the row in the file, and its cells."""

    def place(self, row: int, column: int) -> str:
        """A cell as a spreadsheet calls it."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{self.name}!{letters}{row}"


def scenario_of(grids: Mapping[str, Grid], file: str) -> Read:
    """The scenario that tables say, read cell by cell; what cannot be read is told by its cell."""
    found = Read({"schema": 1})
    by_path = [grids[name] for name in (COMPANY, MORE) if name in grids]
    for sheet in SHEETS:
        if sheet.name in grids and sheet.name != "Needs":
            _name_things(sheet, grids[sheet.name], found)
    for sheet in SHEETS:
        if sheet.name in grids:
            _read_things(sheet, grids[sheet.name], found, file)
    for grid in by_path:
        _read_paths(grid, found, file, order=False)
    if CHANGES in grids:
        _read_changes(grids[CHANGES], found, file)
    if CHECKS in grids:
        _read_checks(grids[CHECKS], found)
    if RANGES in grids:
        _read_ranges(grids[RANGES], found, file)
    for grid in by_path:
        _read_paths(grid, found, file, order=True)
    order = [each.alias or name for name, each in Root.model_fields.items()]
    found.plain = {key: found.plain[key] for key in order if key in found.plain} | found.plain
    return found


def _wrong(found: Read, file: str, place: str, message: str, expected: str) -> None:
    found.problems.append(Problem(CODE, file, path=place, message=message, expected=expected))


def _named(grid: Grid, row: list[Cell]) -> dict[str, tuple[int, Cell]]:
    """The cells of a row that hold something, by head, each with its column."""
    return {head: (at, cell) for at, (head, cell) in enumerate(zip(grid.heads, row, strict=False)) if cell is not None}


def _said(cells: Mapping[str, tuple[int, Cell]], head: str) -> str:
    return str(cells[head][1]).strip() if head in cells else ""


def _name_things(sheet: Sheet, grid: Grid, found: Read) -> None:
    """Give each row of a sheet its id: the one it has, or one made of its name."""
    known = found.names.setdefault(sheet.section, {})
    taken = {_said(_named(grid, row), ID) for _, row in grid.rows}
    for _, row in grid.rows:
        cells = _named(grid, row)
        id, label = _said(cells, ID), _said(cells, "Name")
        if not id and label:
            id = id_of(label, taken, sheet.section.removesuffix("s"))
            taken.add(id)
        if id:
            known[id] = id
            if label:
                known.setdefault(label.casefold(), id)


def _id(found: Read, section: str, said: str) -> str:
    """The id of what is named by id or by label; as it is said where there is none."""
    known = found.names.get(section, {})
    return known.get(said) or known.get(said.casefold(), said)


_REFERS: Final = {"for": "segments", "sees": "attributes", "made_at": "journey", "attribute": "attributes"}
"""What section a column of ids is about, by key; a plan's are initiatives."""


def _read_things(sheet: Sheet, grid: Grid, found: Read, file: str) -> None:
    """Read a sheet with a row for each thing."""
    columns = {column.head.casefold(): column for column in sheet.columns}
    keyed, kinds = _grid_columns(sheet, grid, columns, found, file)
    entries = found.plain.setdefault(sheet.section, {})
    for number, row in grid.rows:
        cells = _named(grid, row)
        id = _said(cells, ID) or _id(found, sheet.section, _said(cells, "Name"))
        if not id:
            place = grid.place(number, 0)
            _wrong(found, file, place, "this row has no name", "an id or a name, or nothing in the whole row")
            continue
        thing = entries.setdefault(id, {})
        found.places.setdefault(f"{sheet.section}.{id}", grid.place(number, 0))
        for head, (at, cell) in cells.items():
            column = columns.get(head.casefold())
            path = column.path if column else keyed.get(head)
            if not path:
                continue
            value = _value(cell, column, found, sheet.section) if column else _number(cell)
            if path == ("label",) and not _said(cells, ID):
                value = label_beside(id, str(value))
            if value == "" and path == ("label",):
                continue
            _put(thing, path, value)
            found.places[".".join((sheet.section, id, *path))] = grid.place(number, at)
        if sheet.section == "plans" and set(thing) <= {"initiatives"}:
            entries[id] = thing.get("initiatives", [])
            found.places["plans." + id] = found.places.get(f"plans.{id}.initiatives", grid.place(number, 0))
    if not entries:
        del found.plain[sheet.section]
    for attribute, place in kinds.items():
        found.plain.setdefault("attributes", {}).setdefault(attribute, {})
        found.places.setdefault(f"attributes.{attribute}", place)


def _grid_columns(
    sheet: Sheet, grid: Grid, columns: Mapping[str, Column], found: Read, file: str
) -> tuple[dict[str, KeyPath], dict[str, str]]:
    """Where the columns lead that are no fixed ones: each is an attribute, a new one where none is so called."""
    keyed: dict[str, KeyPath] = {}
    fresh: dict[str, str] = {}
    known = found.names.setdefault("attributes", {})
    for at, head in enumerate(grid.heads):
        if not head or head == ID or head.casefold() in columns:
            continue
        if sheet.grid is None:
            names = [ID, *(column.head for column in sheet.columns)]
            hint = suggestion(head, names, "the columns")
            _wrong(found, file, grid.place(1, at), f"there is no column {quote(head)} in this sheet", hint)
            continue
        ending, leaf = next((one for one in reversed(sheet.grid.leaf) if one[0] and head.endswith(one[0])), ("", ""))
        leaf = leaf or sheet.grid.leaf[0][1]
        said = head.removesuffix(ending).removesuffix(ATTRIBUTE).strip()
        attribute = _id(found, "attributes", said)
        if attribute not in known.values():
            attribute = id_of(said, known.values(), "attribute")
            known[attribute] = attribute
            known[said.casefold()] = attribute
            fresh[attribute] = grid.place(1, at)
            if label := label_beside(attribute, said):
                found.plain.setdefault("attributes", {}).setdefault(attribute, {})["label"] = label
        keyed[head] = (sheet.grid.under, attribute, *filter(None, [leaf]))
    return keyed, fresh


def _value(cell: Cell, column: Column, found: Read, section: str) -> Any:
    """What a cell of a fixed column holds."""
    if column.text:
        return _words(cell)
    refers = "initiatives" if section == "plans" else _REFERS.get(column.path[-1], "")
    if column.listed:
        return [_id(found, refers, each.strip()) for each in str(cell).split(",") if each.strip()]
    return _id(found, refers, str(cell).strip()) if refers else _number(cell)


def _words(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _number(cell: Cell) -> Cell:
    """A number, or what else a cell holds; a text that is nothing but a number is one."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, str) and cell.strip():
        value: Cell = scalar(cell.strip())
        return value
    return cell


def _whole(cell: Cell) -> Any:
    """What a cell of a value by path holds: lists and mappings stand in it as YAML."""
    if isinstance(cell, str) and cell[:1] in ("[", "{"):
        document = read(f"value: {cell}", "cell")
        return document.plain.get("value", cell) if not document.faults else cell
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _put(plain: dict[str, Any], path: KeyPath, value: Any) -> None:
    for step in path[:-1]:
        below = plain.get(step)
        if not isinstance(below, dict):
            below = plain[step] = {}
        plain = below
    plain[path[-1]] = value


def _fact(value: Any, cells: Mapping[str, tuple[int, Cell]]) -> Any:
    """A value with what stands beside it."""
    beside = {key: _fine(key, cells[head][1]) for key, head in HEADS.items() if head in cells}
    return {"value": value, **beside} if beside else value


def _fine(key: str, cell: Cell) -> Any:
    return _number(cell) if key in ("low", "high") else _words(cell)


def _read_paths(grid: Grid, found: Read, file: str, *, order: bool) -> None:
    """Read values by path; those that only give the order of entries after everything else."""
    for number, row in grid.rows:
        cells = _named(grid, row)
        dotted, value = _said(cells, PATH), cells.get(VALUE, (0, None))[1]
        if (isinstance(value, str) and value.startswith(ORDER)) is not order or (value is None and not dotted):
            continue
        if not dotted:
            _wrong(found, file, grid.place(number, 0), "there is a value, and no path that it is of", "a path")
        elif order:
            _reorder(found.plain, tuple(dotted.split(".")), str(value).removeprefix(ORDER))
        elif value is not None:
            path = tuple(dotted.split("."))
            _put(found.plain, path, _fact(_whole(value), cells))
            found.places[dotted] = grid.place(number, cells[VALUE][0])


def _reorder(plain: dict[str, Any], path: KeyPath, names: str) -> None:
    held = _at(plain, path)
    if isinstance(held, dict):
        order = [name.strip() for name in names.split(",")]
        kept = {name: held[name] for name in order if name in held} | held
        held.clear()
        held.update(kept)


def _read_changes(grid: Grid, found: Read, file: str) -> None:
    """Read what initiatives and external scenarios change."""
    sections = {words: section for section, words in KINDS_OF_CHANGE.items()}
    for number, row in grid.rows:
        cells = _named(grid, row)
        if not cells:
            continue
        section = sections.get(_said(cells, KIND).casefold() or "initiative", "")
        id, path = _id(found, section, _said(cells, "Of")), _said(cells, PATH)
        if not section or id not in (found.plain.get(section) or {}):
            place = grid.place(number, cells.get("Of", (0, None))[0])
            hint = suggestion(id, found.plain.get(section) or {}, "those that there are") if section else "initiative"
            _wrong(found, file, place, f"there is no initiative or external scenario {quote(id)}", hint)
            continue
        if not path or VALUE not in cells:
            _wrong(found, file, grid.place(number, 0), "a change needs a path and a new value", "both")
            continue
        value = _fact(_whole(cells[VALUE][1]), cells)
        found.plain[section][id].setdefault("changes", {})[path] = value
        found.places[f"{section}.{id}.changes.{path}"] = grid.place(number, cells[VALUE][0])


def _read_checks(grid: Grid, found: Read) -> None:
    """Read what has to hold of the results."""
    checks: list[Row] = []
    for number, row in grid.rows:
        cells = _named(grid, row)
        if cells:
            for key, (at, _) in cells.items():
                found.places[f"expect.{len(checks)}.{key}"] = grid.place(number, at)
            checks.append({key: _number(cell) for key, (_, cell) in cells.items()})
    if checks:
        found.plain["expect"] = checks


def _read_ranges(grid: Grid, found: Read, file: str) -> None:
    """Read how sure numbers are, and where they come from."""
    for number, row in grid.rows:
        cells = _named(grid, row)
        dotted = _said(cells, PATH)
        path = tuple(dotted.split("."))
        value = _at(found.plain, path) if dotted else _NOTHING
        if value is _NOTHING or isinstance(value, dict | list):
            if cells:
                hint = "the path of a number in another sheet; or leave the row out"
                _wrong(found, file, grid.place(number, 0), f"there is no number at {quote(dotted)}", hint)
            continue
        _put(found.plain, path, _fact(value, cells))
        for key, head in HEADS.items():
            if head in cells:
                found.places[f"{dotted}.{key}"] = grid.place(number, cells[head][0])


def nearest(places: Mapping[str, str], dotted: str) -> str:
    """The cell of a value, or of the thing that it belongs to."""
    path = dotted.split(".")
    return next((places[known] for count in range(len(path), 0, -1) if (known := ".".join(path[:count])) in places), "")
