"""What each column of each file is: written down, read back, and checked; nothing is guessed here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from cxmodel.errors import EvidenceError, Problem, ScenarioError
from cxmodel.evidence.readers.problems import problem
from cxmodel.evidence.readers.scales import SCALES, scale_named
from cxmodel.evidence.readers.times import DAY_FIRST, MONTH_FIRST
from cxmodel.evidence.tables import Measure
from cxmodel.scenario.characters import visible
from cxmodel.scenario.faults import quote, suggestion
from cxmodel.scenario.files import text_of as file_text
from cxmodel.scenario.yaml_text.document import Document
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.writer import text_of

LEFT_OUT: Final = "left out"
RETENTION: Final = "retention_monthly"
"""A tracker's share of customers who stay, which is told as the share who leave."""
MEASURES: Final = (*get_args(Measure), RETENTION)
ROLES: Final[Dictionary[str, tuple[str, ...]]] = {
    "survey": ("rating", "satisfaction", "recommend", "problem", "segment", "wave", "weight", "respondent"),
    "tracker": ("month", "measure", "value", "size", "segment"),
    "cohorts": ("cohort", "period", "there"),
    "calls": (
        "desk", "arrival", "wait", "answered", "abandoned", "handling", "talk", "hold", "wrap", "solved", "call",
    ),
}  # fmt: skip
"""What a column may be, by the kind of its file."""
KINDS: Final = (*ROLES, LEFT_OUT)
UNITS: Final = ("seconds", "minutes", "hours", "percent", "share", "points")
PERS: Final = {"month": 1.0, "quarter": 3.0, "year": 12.0}
"""Months of what a number may be per."""
_FILE_KEYS: Final = ("kind", "missing", "dates", "period", "columns")
_COLUMN_KEYS: Final = ("is", "scale", "touchpoint", "attribute", "measure", "per", "unit", "period", "missing")
_WHAT: Final = {
    "survey": "an answer a row",
    "tracker": "measurements month by month",
    "cohorts": "how many are still there",
    "calls": "a call a row",
    LEFT_OUT: "nothing of it is read",
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a column is."""

    role: str
    """One of the roles of its kind, or `left out`."""
    scale: str = ""
    touchpoint: str = ""
    attribute: str = ""
    measure: str = ""
    """What the values of a tracker's column are, where each measure has a column."""
    per: str = ""
    """month, quarter or year, for shares who leave, contacts and customers won."""
    unit: str = ""
    period: int | None = None
    """The period whose survivors a column of cohorts holds."""
    missing: tuple[str, ...] = ()
    """What stands for a missing answer here, also where it lies on the scale."""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What the columns of a file are."""

    kind: str
    columns: Dictionary[str, ColumnMapping]
    missing: tuple[str, ...] = ()
    """What stands for a missing answer: words anywhere, numbers where they lie outside a column's scale."""
    dates: str = ""
    """`day first` or `month first`, where dates do not tell."""
    period: str = ""
    """How long a period of cohorts is, such as `1 month`."""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of each file are, by the file's name."""

    files: Dictionary[str, FileMapping]
    file: str = field(default="<mapping>", compare=False)
    """Where it is written."""


def mapping_text(mapping: Mapping) -> str:
    """The mapping as YAML, with a word on each file; reading it gives the same mapping."""
    lines = [
        "# What each column is. Correct what is wrong; `{is: left out}` leaves a column out.",
        f"# Scales: {', '.join(SCALES)}; with `reversed` behind it where the lowest number is the best.",
        "# Missing: words anywhere, numbers where they lie outside a column's scale; or a column's own `missing`.",
    ]
    for name, file in mapping.files.items():
        lines += ["", f"{text_of(name)}:", f"  kind: {file.kind}   # {_WHAT[file.kind]}"]
        if file.missing:
            lines.append(f"  missing: [{', '.join(_code(code) for code in file.missing)}]")
        if file.dates:
            lines.append(f"  dates: {file.dates}")
        if file.period:
            lines.append(f"  period: {file.period}")
        if file.columns:
            lines.append("  columns:")
        lines += [f"    {text_of(column)}: {text_of(_plain(said))}" for column, said in file.columns.items()]
    return "\n".join(lines) + "\n"


def _code(code: str) -> str:
    """A code for a missing answer: a number without quotes, a text with them where it needs them."""
    return code if code.isascii() and code.lstrip("-").isdigit() and len(code) < 10 else text_of(code)


def _plain(said: ColumnMapping) -> dict[str, Any]:
    every = {
        "is": said.role,
        "touchpoint": said.touchpoint,
        "attribute": said.attribute,
        "measure": said.measure,
        "scale": said.scale,
        "per": said.per,
        "unit": said.unit,
        "period": said.period,
        "missing": list(said.missing),
    }
    return {key: value for key, value in every.items() if value not in ("", None, [])}


def read_mapping(path: str | os.PathLike[str]) -> Mapping:
    """The mapping of a YAML file. Raises EvidenceError with every problem and its line."""
    try:
        text = file_text(path)
    except ScenarioError as error:
        raise EvidenceError(error.problems) from None
    return mapping_of(text, str(Path(path)))


def mapping_of(text: str, name: str = "<mapping>") -> Mapping:
    """The mapping of a YAML text. Raises EvidenceError with every problem and its line."""
    document = read(text, name)
    if document.faults:
        raise EvidenceError([_yaml_problem(document, place) for place in range(len(document.faults))])
    reader = _Reader(document)
    files = {said: reader.file(said, value) for said, value in document.plain.items()}
    if reader.problems:
        raise EvidenceError(sorted(reader.problems, key=lambda each: (each.line, each.column)))
    return Mapping(files, name)


def _yaml_problem(document: Document, place: int) -> Problem:
    """What is wrong with the text as YAML."""
    fault, mark = document.faults[place]
    message, hint = fault.message, fault.expected
    if fault.code == "CXM112":
        message = message.replace("this is not a scenario", "this is not a mapping")
        hint = "the name of a file, and under it `kind:` and `columns:`"
    return problem(fault.code, document.name, message, hint, mark.line + 1 if mark else 0)


class _Reader:
    """Turns plain values into mappings, noting every problem."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def line(self, path: Sequence[str]) -> int:
        mark = self.document.mark(tuple(path), at_key=True)
        return mark.line + 1 if mark else 0

    def wrong(self, path: Sequence[str], message: str, expected: str) -> None:
        where = ".".join(visible(part) for part in path)
        self.problems.append(problem("CXM604", self.document.name, message, expected, self.line(path), where))

    def keys(self, path: Sequence[str], said: Any, known: Sequence[str]) -> dict[str, Any]:
        """The entries of a mapping whose keys are known."""
        if not isinstance(said, dict):
            self.wrong(path, f"{quote(said)} is no mapping", f"keys and values: {', '.join(known)}")
            return {}
        for key in said:
            if key not in known:
                self.wrong((*path, key), f"unknown key {quote(key)}", suggestion(key, known))
        return {key: value for key, value in said.items() if key in known}

    def word(self, path: Sequence[str], said: Any, known: Sequence[str]) -> str:
        """A word out of some."""
        if said in known:
            return str(said)
        self.wrong(path, f"{quote(said)} is none of the words allowed here", suggestion(str(said), known))
        return ""

    def codes(self, path: Sequence[str], said: Any) -> tuple[str, ...]:
        """What stands for a missing answer."""
        each = said if isinstance(said, list) else [said]
        if any(isinstance(code, dict | list) for code in each):
            self.wrong(path, "codes for a missing answer are numbers and words", 'a list such as [0, 6, "n/a"]')
            return ()
        return tuple("" if code is None else code if isinstance(code, str) else text_of(code) for code in each)

    def file(self, name: str, said: Any) -> FileMapping:
        """The mapping of a file."""
        path = (name,)
        entries = self.keys(path, said, _FILE_KEYS)
        if "kind" not in entries and isinstance(said, dict):
            self.wrong(path, "there is no `kind`", f"`kind:` and {suggestion('', KINDS)}")
        kind = self.word((name, "kind"), entries["kind"], KINDS) if "kind" in entries else ""
        columns: dict[str, ColumnMapping] = {}
        held = entries.get("columns") or {}
        if not isinstance(held, dict):
            self.wrong((name, "columns"), f"{quote(held)} is no mapping", "a column a line: `Q7: {is: rating}`")
            held = {}
        for column, value in held.items():
            columns[column] = self.column((name, "columns", column), value, kind)
        period = str(entries.get("period", ""))
        if period and period_months(period) is None:
            self.wrong((name, "period"), f"{quote(period)} is no length of a period", "`1 month`, `3 months`, `1 year`")
        return FileMapping(
            kind,
            columns,
            self.codes((name, "missing"), entries["missing"]) if "missing" in entries else (),
            self.word((name, "dates"), entries["dates"], (DAY_FIRST, MONTH_FIRST)) if "dates" in entries else "",
            period,
            self.line(path),
        )

    def column(self, path: Sequence[str], said: Any, kind: str) -> ColumnMapping:
        """The mapping of a column."""
        if isinstance(said, str):
            said = {"is": said}
        entries = self.keys(path, said, _COLUMN_KEYS)
        if "is" not in entries:
            if isinstance(said, dict):
                self.wrong(path, "nothing says what this column is", "`{is: …}`")
            return ColumnMapping(LEFT_OUT)
        roles = (*ROLES.get(kind, ()), LEFT_OUT) if kind in ROLES else (*sum(ROLES.values(), ()), LEFT_OUT)
        role = self.word((*path, "is"), entries["is"], roles)
        scale = str(entries.get("scale", ""))
        if scale and scale_named(scale) is None:
            self.wrong((*path, "scale"), f"{quote(scale)} is no scale", suggestion(scale, SCALES))
        period = entries.get("period")
        if period is not None and (isinstance(period, bool) or not isinstance(period, int) or not 0 <= period < 1000):
            self.wrong((*path, "period"), f"{quote(period)} is no period", "a whole number, 0 for the beginning")
            period = None
        return ColumnMapping(
            role,
            scale,
            str(entries.get("touchpoint", "")),
            str(entries.get("attribute", "")),
            self.word((*path, "measure"), entries["measure"], MEASURES) if "measure" in entries else "",
            self.word((*path, "per"), entries["per"], tuple(PERS)) if "per" in entries else "",
            self.word((*path, "unit"), entries["unit"], UNITS) if "unit" in entries else "",
            period,
            self.codes((*path, "missing"), entries["missing"]) if "missing" in entries else (),
            self.line(path),
        )


def period_months(said: str) -> float | None:
    """Months of a period such as `3 months`; nothing where it is none.

    >>> period_months("1 month"), period_months("2 quarters"), period_months("soon")
    (1.0, 6.0, None)
    """
    number, _, unit = said.strip().partition(" ")
    months = PERS.get(unit.strip().removesuffix("s"))
    return float(number) * months if months and number.isdecimal() and 0 < int(number) < 100 else None


def roles(file: FileMapping, role: str) -> Iterator[tuple[str, ColumnMapping]]:
    """The columns of a role."""
    return ((name, said) for name, said in file.columns.items() if said.role == role)


def column_with(file: FileMapping, role: str) -> str | None:
    """The first column of a role, if there is one."""
    return next((name for name, _ in roles(file, role)), None)
