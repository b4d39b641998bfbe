"""A scenario text with the place of every value in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cxmodel.scenario.problems import Fault, Path


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something is written: line and column from 0, and how many characters to underline."""

    line: int
    column: int
    width: int


@dataclass(slots=True)
class Document:
    """A scenario text: its name, its lines, its plain value, and where each path is written."""

    name: str
    text: str = ""
    plain: dict[str, Any] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)
    faults: list[tuple[Fault, Mark | None]] = field(default_factory=list)

    def mark(self, path: Path, at_key: bool = False) -> Mark | None:
        """The place of the value at `path`, or of the nearest thing around it that is written."""
        for length in range(len(path), 0, -1):
            whole = length == len(path)
            first, second = (self.values, self.keys) if whole and not at_key else (self.keys, self.values)
            mark = first.get(path[:length]) or second.get(path[:length])
            if mark is not None:
                return mark
        return None


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text as YAML counts them."""
    return iter(re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text))
