"""A table that a company is entered in: columns, rows and cells as the grid draws them, and what is done in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from cxmodel.scenario import Scenario
from cxmodel.workbench.new_company.company_text import CompanyText

Kind = Literal["text", "number", "level", "select", "static", "none"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column."""

    key: str
    head: str
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    help: str = ""
    under: str = ""
    """What is chosen below the head of an attribute: its kind."""
    unders: tuple[str, ...] = ()
    named: bool = False
    """Whether the head is a name that can be changed, and the column moved and removed."""
    width: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a row under a column, where it differs from what is usual there."""

    value: str = ""
    kind: Kind | None = None
    options: tuple[str, ...] = ()
    weight: str | None = None
    """A second number beside a need: how much it weighs."""
    low: bool = False
    """Whether it is so low that people complain."""
    hint: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row."""

    id: str
    called: str
    """What it is called, for who hears the page."""
    cells: Mapping[str, Cell]
    tools: tuple[str, ...] = ()
    """What can be done with it: insert, duplicate, up, down, remove."""
    lead: str = ""
    """Words before its first cell."""
    tone: str = ""
    drag: bool = False
    """Whether it can be dragged to another place among the rows of its kind."""


@dataclass(frozen=True, slots=True)
class Adding:
    """A last row in which something new is named."""

    section: str
    words: str
    after: int
    """The row below which it stands."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    label: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    adding: Sequence[Adding] = ()
    add_column: str = ""
    """What names a new column; it stands over the tools."""
    tools: bool = True

    def fields(self, row: Row) -> dict[str, Cell]:
        """The cells of a row that something can be entered in, by column; what another cell spans is none."""
        found: dict[str, Cell] = {}
        spanned = 0
        for column in self.columns:
            if spanned:
                spanned -= 1
                continue
            cell = row.cells.get(column.key, Cell())
            spanned = cell.span - 1
            if (cell.kind or column.kind) not in ("static", "none"):
                found[column.key] = cell
        return found

    def document(self) -> dict[str, Any]:
        """The table as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that was done in a table."""

    verb: str
    row: str = ""
    column: str = ""
    value: str = ""
    number: int = field(default=0, compare=False)

    @property
    def thing(self) -> tuple[str, str]:
        """The section and id of the row."""
        section, _, id = self.row.partition(".")
        return section, id


class Sheet(Protocol):
    """A part of a company that is entered in a table."""

    def table(self, scenario: Scenario) -> Table:
        """The table as it is drawn."""

    def heed(self, company: CompanyText, touch: Touch) -> dict[str, str] | None:
        """Do in the text what was done in the table; ids that changed by it, old to new, row by row."""
