"""Two versions of a scenario file, as a person names them or as git does: what differs between them.

An older version that git hands over lies alone in a folder for passing things. Where it builds on other files,
those are not beside it, and what it says itself is all that can be compared. Knows no words of the fields.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.describe.diff import Difference, diff, differences
from cxmodel.scenario.describe.wording import MINUS, json_value
from cxmodel.scenario.faults import shorten
from cxmodel.scenario.files import text_of
from cxmodel.scenario.scenario import Scenario, load
from cxmodel.scenario.yaml_text.document import BOM, Document
from cxmodel.scenario.yaml_text.merge import LAYERING, lay
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.vocabulary import humanise

NOTHING: Final = "No difference in what they mean."
ALONE: Final = (
    "Compared by what this file says itself: it builds on other files, which are not at hand beside an older version."
)
INVALID: Final = "Compared as written: one of the two versions has mistakes (cxmodel validate tells which)."


def compare(before: Path, after: Path) -> list[Difference]:
    """What differs between two files. Raises `ScenarioError` with all that is wrong with either."""
    scenarios: list[Scenario] = []
    wrong: list[Problem] = []
    for file in (before, after):
        try:
            scenarios.append(load(file))
        except ScenarioError as error:
            wrong += error.problems
    if wrong:
        raise ScenarioError(dict.fromkeys(wrong))
    return diff(*scenarios)


def listing(rows: Sequence[Difference]) -> Iterator[str]:
    """The rows as lines, under the sections they are in."""
    if not rows:
        yield NOTHING
    for place, (section, entries) in enumerate(groupby(rows, key=lambda row: row.section)):
        yield from ([""] if place else [])
        yield humanise(section, capital=False)
        yield from (f"  {row}" for row in entries)


def rows_as_plain(rows: Sequence[Difference]) -> list[dict[str, Any]]:
    """The rows for a script."""
    keys = ("section", "path", "label", "kind", "before", "after", "unit", "said")
    return [{key: json_value(getattr(row, key)) for key in keys} for row in rows]


@dataclass(frozen=True, slots=True)
class Call:
    """How git calls an external diff: the path, and a file each for the version before and the one after."""

    path: str
    before: Path | None
    after: Path | None
    renamed: str = ""

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Call:
        """The call with seven arguments; of a renamed file, nine."""
        path, before, _, _, after, _, _, *rest = arguments
        return cls(path, _file(before), _file(after), rest[0] if rest else "")

    def lines(self) -> Iterator[str]:
        """What differs, for the reader of `git diff`. A version that cannot be read is told, and stops nothing."""
        yield f"{self.path} → {self.renamed}" if self.renamed and self.renamed != self.path else self.path
        sides = [_Version.of(file) for file in (self.before, self.after)]
        rows, note = _between(*sides) if None not in sides else ([], "")
        told = [side.unreadable for side in sides if side and side.unreadable]
        if told:
            lines = told
        elif None in sides:
            sign, side = ("+", sides[1]) if sides[0] is None else (MINUS, sides[0])
            lines = [f"{sign} scenario {side.name}"] if side else []
        else:
            lines = [*([note] if note else []), *listing(rows)]
        yield from (f"  {line}".rstrip() for line in lines)
        yield ""


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of a file: the scenario, or where it is none, what is written."""

    scenario: Scenario | None
    document: Document
    unreadable: str = ""

    @classmethod
    def of(cls, file: Path | None) -> _Version | None:
        if file is None:
            return None
        try:
            document = read(text_of(file).removeprefix(BOM), str(file))
        except ScenarioError as error:
            return cls(None, Document(str(file)), f"cannot be compared: {error.problems[0].message}")
        if not document.plain:
            reason = document.faults[0][0].message if document.faults else "there is nothing in it"
            return cls(None, document, f"cannot be compared: {reason}")
        try:
            return cls(load(file), document)
        except ScenarioError:
            return cls(None, document)

    @property
    def name(self) -> str:
        return shorten(self.document.plain.get("name", "without a name"))

    @property
    def own(self) -> dict[str, Any]:
        """What the file says itself: its own keys and what it sets, then what it builds on and removes."""
        over = Document(self.document.name)
        lay(self.document, over, set(), True)
        says = self.document.plain
        return {**over.plain, **{str(key): says[key] for key in ("extends", "remove") if key in says}}


def _between(before: _Version | None, after: _Version | None) -> tuple[list[Difference], str]:
    """What differs between two versions, and what to know about how they were compared."""
    assert before is not None and after is not None
    if before.scenario is not None and after.scenario is not None:
        return diff(before.scenario, after.scenario), ""
    layered = any(key in side.document.plain for side in (before, after) for key in LAYERING)
    return differences(before.own, after.own, whole=False), ALONE if layered else INVALID


def _file(name: str) -> Path | None:
    """A file of git's call; none for a version that does not exist."""
    return None if name in (os.devnull, "/dev/null") else Path(name)
