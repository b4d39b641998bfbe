"""Problems of scenarios as text, as JSON and as marks in a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cxmodel.errors import Problem
from cxmodel.report.text.numbers import count

Found = Mapping[str, tuple[Problem, ...]]
"""The problems of each file that was looked at."""


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a scenario from being used."""
    return tuple(problem for problem in problems if problem.severity == "error")


def listing(found: Found, quiet: bool) -> Iterator[str]:
    """Every file's problems in full, and a line for a file without errors; quiet leaves the errors."""
    for file, problems in found.items():
        errors = errors_of(problems)
        yield from (f"{problem}\n" for problem in (errors if quiet else problems))
        if not errors and not quiet:
            yield f"{file}: valid" + (f", {count(len(problems), 'warning')}" if problems else "")


def verdicts(found: Found) -> dict[str, Any]:
    """Every file's problems as one JSON document."""
    keys = ("code", "severity", "file", "line", "column", "path", "message", "expected", "excerpt", "inherited")
    return {
        "files": [
            {
                "file": file,
                "valid": not errors_of(problems),
                "problems": [{key: getattr(problem, key) for key in keys} for problem in problems],
            }
            for file, problems in found.items()
        ]
    }


def workflow_commands(found: Found) -> Iterator[str]:
    """Problems as workflow commands of GitHub Actions, which mark their lines in a pull request."""
    for problem in (problem for problems in found.values() for problem in problems):
        place = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.code}
        where = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in place.items() if value)
        text = ". ".join(part for part in (problem.message, problem.expected, problem.inherited) if part)
        said = f"{problem.path}: {text}" if problem.path else text
        yield f"::{problem.severity} {where}::{_escape(said)}"


def _escape(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
