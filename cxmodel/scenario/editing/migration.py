"""Scenario files written for older versions of the language, brought up to the newest one.

A migration is a function from text to text, kept under the version that it starts from; comments, order and
layout stay. There is no older version yet, so the table is empty. Knows no fields but `schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.faults import Fault, KeyPath, quote
from cxmodel.scenario.fields.base import VERSION
from cxmodel.scenario.yaml_text.document import BOM, BREAK, Document, Mark
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import patch
from cxmodel.scenario.yaml_text.problems import problems_of

Migration = Callable[[str], str]
"""One version up; its docstring says what changes, in a line."""
MIGRATIONS: Final[dict[int, Migration]] = {}
"""Migrations by the version they start from."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A text of the newest version, and what was done to get there."""

    text: str
    version: int | None
    """The version it was written for; None where it leaves that to the files it builds on."""
    steps: tuple[str, ...] = ()


def migrated(text: str, name: str = "<text>", migrations: Mapping[int, Migration] = MIGRATIONS) -> Migrated:
    """The text brought up to the newest version. Raises `ScenarioError` for a version that is not known."""
    first = version_of(text, name, migrations)
    steps = []
    for version in range(VERSION if first is None else first, VERSION):
        migration = migrations[version]
        text = patch(migration(text), {"schema": version + 1}, name)
        steps.append((migration.__doc__ or f"schema {version + 1}").partition("\n")[0])
    return Migrated(text, first, tuple(steps))


def version_of(text: str, name: str, migrations: Mapping[int, Migration] = MIGRATIONS) -> int | None:
    """The version that a text was written for; None for one that builds on files that say it."""
    document = _document(text, name)
    if document.faults or not document.plain:
        raise ScenarioError(problems_of(document.faults, document))
    version = document.plain.get("schema")
    if version is None and "extends" in document.plain:
        return None
    if version is None:
        fault = Fault("CXM202", (), "`schema` is missing, so nobody knows its version", f"`schema: {VERSION}`")
    elif not isinstance(version, int) or isinstance(version, bool):
        fault = Fault("CXM214", ("schema",), f"{quote(version)} is not a version", f"`schema: {VERSION}`")
    elif version > VERSION:
        message = f"this is written for a newer cxmodel: schema version {quote(version)}"
        expected = f"install the newest cxmodel; this one reads `schema: {VERSION}`"
        fault = Fault("CXM214", ("schema",), message, expected)
    elif any(step not in migrations for step in range(version, VERSION)):
        message = f"there never was a schema {version}"
        fault = Fault("CXM214", ("schema",), message, f"`schema: {VERSION}`")
    else:
        return version
    raise ScenarioError(problems_of([(fault, document.mark(fault.path) if fault.path else None)], document))


def renamed(text: str, path: KeyPath, name: str) -> str:
    """The text with another name for the key at `path`; nothing else in it changes, comments neither.

    >>> renamed("touchpoints:  # as lived\\n  pay: {stage: buy}\\n", ("touchpoints",), "journey")
    'journey:  # as lived\\n  pay: {stage: buy}\\n'
    """
    document = _document(text, "<text>")
    mark: Mark = document.keys[path]
    start = text.startswith(BOM) + _starts(document.text)[mark.line] + mark.column
    return text[:start] + name + text[start + mark.width :]


def _document(text: str, name: str) -> Document:
    return read(text.removeprefix(BOM), name)


def _starts(text: str) -> list[int]:
    """Where each line of a text starts."""
    return [0, *(match.end() for match in BREAK.finditer(text))]


def problems(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Everything that keeps any of these files, by name, from being brought up."""
    for name, text in texts.items():
        try:
            version_of(text, name)
        except ScenarioError as error:
            yield from error.problems


def said(name: str, done: Migrated, only_checked: bool) -> str:
    """What was done to a file, or would be."""
    if not done.steps:
        inherited = " (the files it builds on say the version)" if done.version is None else f" (schema {VERSION})"
        return f"{name}: up to date{inherited}"
    head = f"{name}: {'would be ' if only_checked else ''}brought from schema {done.version} to schema {VERSION}"
    return "\n".join([head, *(f"  {step}" for step in done.steps)])
