"""Faults as problems: in file order, with their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from cxmodel.errors import Problem
from cxmodel.scenario.document import Document, Mark, lines_of
from cxmodel.scenario.problems import SHOWN, Fault

WIDEST = 140
"""Most characters of a line shown in a problem."""


def problems_of(
    faults: Iterable[tuple[Fault, Mark | None]],
    document: Document,
    severity: Literal["error", "warning"] = "error",
) -> tuple[Problem, ...]:
    """Faults as problems in file order, with their lines; past a hundred, only how many more there are."""
    unique = {(fault.code, fault.path, fault.message, mark): (fault, mark) for fault, mark in faults}
    ordered = sorted(unique.values(), key=lambda pair: (pair[1].line, pair[1].column) if pair[1] else (-1, -1))
    lines = list(lines_of(document.text)) if ordered else []
    problems = [_problem(fault, mark, document.name, lines, severity) for fault, mark in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        rest = f"{len(ordered) - SHOWN:,} or more problems are not shown"
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
