"""Files that a scenario is made of: a workbook, a journey map or a Mermaid diagram, told apart by what is in them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxmodel.errors import ScenarioError
from cxmodel.scenario.characters import FORBIDDEN, name_of
from cxmodel.scenario.faults import quote
from cxmodel.scenario.journeys import journey_map, mermaid
from cxmodel.scenario.journeys.company import Company, company_of
from cxmodel.scenario.journeys.steps import Drawn, refuse
from cxmodel.scenario.scenario import loads
from cxmodel.scenario.workbook.comments import commented
from cxmodel.scenario.workbook.xlsx import bytes_of, cells_of, is_ours, yaml_of

if TYPE_CHECKING:
    from cxmodel.scenario.workbook.tables import Cell

WORKBOOK: Final = "workbook"
KINDS: Final = (
    "a workbook of `cxmodel new --workbook company.xlsx`, a journey map (.csv, .tsv, .xlsx) with "
    f"{journey_map.COLUMNS_HINT}, or a Mermaid diagram (.mmd, .md) that begins with `journey`"
)
"""What can be imported."""
_YAML: Final = re.compile(r"^schema\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Imported:
    """The text of a scenario that was brought in as something else."""

    kind: str
    """What it was, in words."""
    text: str
    company: Company | None = None
    """What was assumed on the way; None of a workbook, which says everything itself."""


def read_file(file: str | os.PathLike[str]) -> Imported:
    """The scenario of a file. Raises ScenarioError."""
    return read(bytes_of(file), str(file))


def read(data: bytes, file: str) -> Imported:
    """The scenario of what a file holds, told by what is in it. Raises ScenarioError."""
    ending = Path(file).suffix.lower()
    if data.startswith(b"PK") or ending in (".xlsx", ".xlsm"):
        return _of_workbook(data, file)
    text, remarks = journey_map.text_of(data, file)
    if mermaid.is_diagram(text) or ending in (".mmd", ".mermaid"):
        return _imported(mermaid.read(text, file, remarks))
    if not text.strip():
        raise refuse(file, "there is nothing in this file", KINDS)
    if ending in (".yaml", ".yml") or _YAML.search(text):
        raise refuse(file, "this is a scenario already", "`cxmodel validate` and `cxmodel run` read it as it is")
    table = journey_map.table_of(text, file)
    if ending in (".csv", ".tsv") or journey_map.is_map(table):
        return _imported(journey_map.read(table, remarks))
    if ending in (".md", ".markdown"):
        return _imported(mermaid.read(text, file, remarks))
    raise refuse(file, "nobody can tell what this is", KINDS)


def is_journey(data: bytes, file: str) -> bool:
    """Whether a text is a diagram or a journey map, and no plain grid of touchpoints and attributes."""
    try:
        text, _ = journey_map.text_of(data, file)
        return mermaid.is_diagram(text) or journey_map.is_map(journey_map.table_of(text, file))
    except ScenarioError:
        return False


def _of_workbook(data: bytes, file: str) -> Imported:
    """The scenario of a workbook as cxmodel writes one, or of the first sheet that is a journey map."""
    sheets = cells_of(data, file)
    if is_ours(sheets):
        return Imported(WORKBOOK, yaml_of(data, file))
    tables = [_table(file, title, rows) for title, rows in sheets.items()]
    maps = [table for table in tables if journey_map.is_map(table)]
    if not maps:
        return Imported(WORKBOOK, yaml_of(data, file))
    drawn = journey_map.read(maps[0])
    others = [table.sheet for table in tables if table is not maps[0] and table.rows]
    if others:
        drawn.remarks.append(
            f"Only the sheet {quote(maps[0].sheet)} was read, not: {', '.join(map(quote, others[:8]))}."
        )
    return _imported(drawn)


def _table(file: str, title: str, rows: list[list[Cell]]) -> journey_map.Table:
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell is not None for cell in row)]
    table = journey_map.Table(file, [row for _, row in filled], [number for number, _ in filled], title)
    for place, (_, row) in enumerate(filled):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and (odd := FORBIDDEN.search(cell.replace("\r", ""))):
                message = f"there is {name_of(odd[0])} in it"
                raise ScenarioError([table.problem(place, column, message, "a text without it", "CXM121")])
    return table


def _imported(drawn: Drawn) -> Imported:
    company = company_of(drawn)
    text = commented(company.plain)
    loads(text, drawn.file)
    return Imported(drawn.kind, text, company)
