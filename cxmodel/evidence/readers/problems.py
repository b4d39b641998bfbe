"""How a wrong data file is told: as a wrong scenario is, with file, line, what it is and what would be right."""

from __future__ import annotations

from cxmodel.errors import EvidenceError, Problem
from cxmodel.scenario.characters import visible


def refusal(code: str, file: str, message: str, expected: str, line: int = 0, path: str = "") -> EvidenceError:
    """The error that a file raises for one reason."""
    return EvidenceError([problem(code, file, message, expected, line, path)])


def problem(code: str, file: str, message: str, expected: str, line: int = 0, path: str = "") -> Problem:
    """One thing that is wrong with a file, fit for a terminal."""
    return Problem(code, visible(file), line, 1 if line else 0, visible(path), visible(message), visible(expected))
