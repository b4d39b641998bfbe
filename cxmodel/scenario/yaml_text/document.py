"""A scenario text, or several that build on one another, with the place of every value in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cxmodel.scenario.faults import Fault, KeyPath

OWN: Final = "own"
"""The layer of what a file says itself."""
SET: Final = "set"
"""The layer of what a file says under `set:`."""
BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte order mark, with which some editors begin a file."""
BREAK: Final = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
"""The end of a line as YAML counts lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where values come from: a text, the layer it is of a scenario, and the files it was inherited through."""

    name: str
    """The file as it is named; empty for a value that stands in no file."""
    text: str = field(default="", repr=False)
    layer: str = OWN
    """`own`, `set`, `extends base.yaml` or `command line`."""
    through: tuple[str, ...] = ()
    """The files between the scenario's own and this one, the nearest first."""


COMMAND_LINE: Final = Source("", layer="command line")
"""Where values come from that are set for one run, or in Python: no file holds them."""


class Mark(NamedTuple):
    """Where something is written: line and column from 0, and how many characters to underline."""

    line: int
    column: int
    width: int
    source: Source | None = None
    """Where it is not the scenario's own file that says so, or not plainly."""


SAID: Final = Mark(0, 0, 1, COMMAND_LINE)
"""The place of a value that stands in no file."""


@dataclass(slots=True)
class Document:
    """A scenario text: its name, its lines, its plain value, and where each path is written."""

    name: str
    text: str = ""
    plain: dict[str, Any] = field(default_factory=dict)
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    values: dict[KeyPath, Mark] = field(default_factory=dict)
    faults: list[tuple[Fault, Mark | None]] = field(default_factory=list)
    files: tuple[str, ...] = ()
    """Every file it is made of, its own first, then what wins over the others."""

    def mark(self, path: KeyPath, at_key: bool = False) -> Mark | None:
        """The place of the value at `path`, or of the nearest thing around it that is written."""
        for length in range(len(path), 0, -1):
            whole = length == len(path)
            first, second = (self.values, self.keys) if whole and not at_key else (self.keys, self.values)
            mark = first.get(path[:length]) or second.get(path[:length])
            if mark is not None:
                return mark
        return None

    def text_at(self, mark: Mark) -> str:
        """The characters that a mark underlines."""
        line = line_of(mark.source.text if mark.source else self.text, mark.line)
        return line[mark.column : mark.column + mark.width]


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text as YAML counts them."""
    return iter(_lines(text))


def line_of(text: str, number: int) -> str:
    """One line of a text, counted from 0; empty beyond its end."""
    lines = _lines(text)
    return lines[number] if number < len(lines) else ""


@lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(BREAK.split(text))
