"""From a file to a scenario: read, check names, build, judge; every problem at once, each with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Literal

from pydantic import ValidationError

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario import meaning, references, refusals
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.problems import SHOWN, Fault, Path, closest
from cxmodel.scenario.reading import MAX_BYTES, Document, Mark, lines_of, read
from cxmodel.scenario.units import Fact

WIDEST = 140
"""Most characters of a line shown in a problem."""


def load(path: str | os.PathLike[str]) -> Scenario:
    """The scenario of a YAML file. Raises `ScenarioError` with all that is wrong with it."""
    return loads(text_of(path), os.fspath(path))


def loads(text: str, name: str = "<text>") -> Scenario:
    """The scenario of a YAML text. Raises `ScenarioError` with all that is wrong with it."""
    if (size := len(text.encode("utf-8", "surrogatepass"))) > MAX_BYTES:
        raise ScenarioError([_too_big(name, size)])
    if (strange := _unprintable(text, name)) is not None:
        raise ScenarioError([strange])
    document = read(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), name)
    return build(document)


def validate(path: str | os.PathLike[str]) -> tuple[Problem, ...]:
    """Everything wrong or odd in a file, in file order; empty if nothing is."""
    try:
        return load(path).warnings
    except ScenarioError as error:
        return error.problems


def build(document: Document) -> Scenario:
    """The scenario of a document that has been read. Raises `ScenarioError`."""
    faults: list[tuple[Fault, Mark | None]] = list(document.faults)
    plain = _without_empty_sections(document.plain)
    if not plain:
        raise ScenarioError(problems_of(faults or [_nothing()], document))
    found = list(references.references(plain))
    facts: dict[int, Fact] = {}
    values, wrong = references.read_changes(Scenario, plain, facts)
    found += wrong
    scenario = None
    try:
        scenario = Scenario.model_validate(_with(plain, values), context=facts)
    except ValidationError as error:
        found += refusals.faults_of(error, Scenario, plain)
    else:
        found += meaning.nonsense(scenario)
    faults += [(fault, document.mark(fault.path, fault.at_key)) for fault in found]
    if faults or scenario is None:
        raise ScenarioError(problems_of(faults, document))
    scenario._document = document
    scenario._facts = _by_path(plain, facts)
    odd = [(fault, document.mark(fault.path, fault.at_key)) for fault in meaning.oddities(scenario)]
    scenario._warnings = problems_of(odd, document, "warning")
    return scenario


def text_of(path: str | os.PathLike[str]) -> str:
    """The text of a file, or a `ScenarioError` that says why it cannot be had."""
    file = FilePath(path)
    name = os.fspath(path)
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise ScenarioError(
                [Problem("CXM102", name, message="this is a folder", expected="the scenario file in it")]
            )
        if size > MAX_BYTES:
            raise ScenarioError([_too_big(name, size)])
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError([_missing(file, name)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Problem("CXM102", name, message=f"the file cannot be read: {reason}")]) from None
    if len(content) > MAX_BYTES:
        raise ScenarioError([_too_big(name, len(content))])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this is not a text in UTF-8 (line {line})"
        raise ScenarioError(
            [Problem("CXM104", name, message=message, expected="a YAML file saved as UTF-8")]
        ) from None


def problems_of(
    faults: Iterable[tuple[Fault, Mark | None]],
    document: Document,
    severity: Literal["error", "warning"] = "error",
) -> tuple[Problem, ...]:
    """Faults as problems in file order, with their lines; past a hundred, only how many more there are."""
    unique = {(fault.code, fault.path, fault.message, mark): (fault, mark) for fault, mark in faults}
    ordered = sorted(
        unique.values(), key=lambda pair: (pair[1].line, pair[1].column) if pair[1] else (-1, -1)
    )
    lines = list(lines_of(document.text)) if ordered else []
    problems = [_problem(fault, mark, document.name, lines, severity) for fault, mark in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        rest = f"{len(ordered) - SHOWN:,} more problems of this kind and others are not shown"
        problems.append(replace(problems[-1], message=rest, expected="mend these first", excerpt="", path=""))
    return tuple(problems)


def _problem(
    fault: Fault, mark: Mark | None, name: str, lines: list[str], severity: Literal["error", "warning"]
) -> Problem:
    """One fault with its line."""
    path = ".".join(fault.path)
    if mark is None:
        return Problem(fault.code, name, 0, 0, path, fault.message, fault.expected, severity=severity)
    line = lines[mark.line] if mark.line < len(lines) else ""
    start = max(0, mark.column - WIDEST // 2) if len(line) > WIDEST else 0
    excerpt = "".join(letter if letter.isprintable() else " " for letter in line[start : start + WIDEST])
    caret = mark.column - start + 1
    width = max(1, min(mark.width, len(excerpt) - caret + 1))
    return Problem(
        fault.code, name, mark.line + 1, mark.column + 1, path, fault.message, fault.expected,
        excerpt, severity, caret, width,
    )  # fmt: skip


def _without_empty_sections(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario without sections that have a heading and nothing under it, where they may be left out."""
    fields = Scenario.model_fields
    optional = {field.alias or name for name, field in fields.items() if not field.is_required()}
    kept = {key: value for key, value in plain.items() if value is not None or key not in optional}
    if isinstance(kept.get("plans"), dict):
        kept["plans"] = {key: [] if value is None else value for key, value in kept["plans"].items()}
    return kept


def _with(plain: Mapping[str, Any], values: Mapping[Path, Any]) -> dict[str, Any]:
    """The scenario as written, its changes replaced by what they were read as."""
    result = dict(plain)
    for (section, name, _, dotted), value in values.items():
        if result[section] is plain[section]:
            result[section] = dict(plain[section])
        entry = result[section][name]
        if entry is plain[section][name]:
            entry = result[section][name] = {**entry, "changes": dict(entry["changes"])}
        entry["changes"][dotted] = value
    return result


def _by_path(plain: Any, facts: Mapping[int, Fact], path: Path = ()) -> dict[str, Fact]:
    """Facts by the dotted path they are written at."""
    if id(plain) in facts:
        return {".".join(path): facts[id(plain)]}
    below = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    found: dict[str, Fact] = {}
    for key, value in below:
        found.update(_by_path(value, facts, (*path, str(key))))
    return found


def _nothing() -> tuple[Fault, None]:
    return Fault(
        "CXM112", (), "there is no scenario in this file", "start with `schema: 1` and `name: …`"
    ), None


def _too_big(name: str, size: int) -> Problem:
    message = f"the file is too big: {size:,} bytes"
    return Problem("CXM103", name, message=message, expected=f"a scenario has at most {MAX_BYTES:,} bytes")


def _missing(file: FilePath, name: str) -> Problem:
    """A file that is not there, with the one that may be meant."""
    try:
        with os.scandir(file.parent) as listing:
            names = [entry.name for _, entry in zip(range(2000), listing, strict=False)]
    except OSError:
        return Problem("CXM101", name, message=f"there is no folder {file.parent}")
    near = closest(file.name, names)
    hint = f"did you mean {file.parent / near}?" if near else "the path of a scenario file"
    return Problem("CXM101", name, message="there is no such file", expected=hint)


_STRANGE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _unprintable(text: str, name: str) -> Problem | None:
    """A character that no text file holds."""
    match = _STRANGE.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    message = f"this is not a text: it holds the control character {ord(match[0]):#04x}"
    return Problem("CXM104", name, line, column, message=message, expected="a YAML file saved as UTF-8")
