"""Faults as problems: file by file and in file order, with their lines and where they were inherited from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from cxmodel.errors import Problem
from cxmodel.scenario.characters import visible
from cxmodel.scenario.faults import SHOWN, Fault
from cxmodel.scenario.yaml_text.document import Document, Mark, line_of

WIDEST = 140
"""Most characters of a line shown in a problem."""


def problems_of(
    faults: Iterable[tuple[Fault, Mark | None]],
    document: Document,
    severity: Literal["error", "warning"] = "error",
) -> tuple[Problem, ...]:
    """Faults as problems in file order, with their lines; past a hundred, only how many more there are."""
    unique = {(fault.code, fault.path, fault.message, mark): (fault, mark) for fault, mark in faults}
    ranks = {name: rank for rank, name in enumerate(document.files)}

    def place(pair: tuple[Fault, Mark | None]) -> tuple[int, int, int]:
        mark = pair[1]
        if mark is None or (mark.source and not mark.source.name):
            return -1, -1, -1
        return ranks.get(mark.source.name, 0) if mark.source else 0, mark.line, mark.column

    ordered = sorted(unique.values(), key=place)
    problems = [_problem(fault, mark, document, severity) for fault, mark in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        rest = f"{len(ordered) - SHOWN:,} or more problems are not shown"
        problems.append(replace(problems[-1], message=rest, expected="mend these first", excerpt="", path=""))
    return tuple(problems)


def _problem(fault: Fault, mark: Mark | None, document: Document, severity: Literal["error", "warning"]) -> Problem:
    """One fault with its line."""
    path = visible(".".join(fault.path))
    message, expected = visible(fault.message), visible(fault.expected)
    source = mark.source if mark else None
    if mark is None or (source and not source.name):
        return Problem(fault.code, document.name, 0, 0, path, message, expected, severity=severity)
    name, text = (source.name, source.text) if source else (document.name, document.text)
    line = line_of(text, mark.line)
    start = max(0, mark.column - WIDEST // 2) if len(line) > WIDEST else 0
    excerpt = "".join(letter if letter.isprintable() else " " for letter in line[start : start + WIDEST])
    caret = mark.column - start + 1
    width = max(1, min(mark.width, len(excerpt) - caret + 1))
    return Problem(
        fault.code, name, mark.line + 1, mark.column + 1, path, message, expected,
        excerpt, severity, caret, width, inherited(mark, document.name),
    )  # fmt: skip


def inherited(mark: Mark, by: str) -> str:
    """From where, and through which files, a scenario got a value; nothing for one that it wrote itself."""
    source = mark.source
    if source is None or source.name in ("", by):
        return ""
    through = f" through {', '.join(source.through)}" if source.through else ""
    return f"inherited from {source.name}:{mark.line + 1}{through}, by {by}"
