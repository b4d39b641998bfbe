"""Everything cxmodel raises on purpose, and the problems a scenario may have.

    CxModelError
    ├── ScenarioError   the scenario is wrong; `.problems` says where, what, what would be right (exit code 2)
    │   └── EvidenceError  the same of a company's own data, or of what its columns are said to be  (exit code 2)
    ├── UsageError      the call is wrong: an unknown plan, an option that does not exist       (exit code 2)
    ├── ArchiveError    a kept run that is not there, or not whole                              (exit code 2)
    │   └── StorageError   what cannot be written, or reached, just now: a disk, an archive, a database  (exit code 3)
    └── RunError        the run failed                                                          (exit code 3)

Each text is fit to show to a user. Anything else that escapes is a bug and looks like one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ArchiveError",
    "CxModelError",
    "EvidenceError",
    "Problem",
    "RunError",
    "ScenarioError",
    "StorageError",
    "UsageError",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (or looks odd) in a scenario: where, what, and what would be right."""

    code: str
    """Stable code such as `CXM101`; the table is in `cxmodel.scenario.faults`."""
    file: str
    """The file as it was named, or `<text>`."""
    line: int = 0
    """Line, counted from 1; 0 where there is no place to point at."""
    column: int = 0
    """Column, counted from 1; 0 where there is no place to point at."""
    path: str = ""
    """Dotted path of the value, such as `journey.track_order.visits`."""
    message: str = ""
    """What is wrong."""
    expected: str = ""
    """What would be right."""
    excerpt: str = ""
    """The offending line as written."""
    severity: Literal["error", "warning"] = "error"
    """An error stops the scenario from being used; a warning does not."""
    caret: int = 0
    """Where in the excerpt the caret goes, counted from 1; 0 for none."""
    width: int = 1
    """How many characters the caret marks."""
    inherited: str = ""
    """Which scenario inherits the value, and through which files; empty for one that is its own."""

    @property
    def place(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        lines = [f"{self.place}: {self.severity} {self.code}: {where}{self.message}"]
        if self.excerpt.strip():
            gutter = f"{self.line:>6} | "
            lines.append(gutter + self.excerpt)
            if self.caret:
                lines.append(" " * (len(gutter) - 2) + "| " + " " * (self.caret - 1) + "^" * max(1, self.width))
        if self.expected:
            lines.append(f"       hint: {self.expected}")
        if self.inherited:
            lines.append(f"       note: {self.inherited}")
        return "\n".join(lines)


class CxModelError(Exception):
    """Whatever cxmodel refuses to do, in words for the person who asked."""


class ScenarioError(CxModelError):
    """A scenario that cannot be used; `problems` has every reason, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        total = "1 problem" if count == 1 else f"{count} problems"
        return "\n\n".join([*(str(problem) for problem in self.problems), total])


class EvidenceError(ScenarioError):
    """Data that cannot be used; `problems` has every reason, told as those of a scenario are."""


class UsageError(CxModelError):
    """A call that cannot be answered: an unknown plan, a wrong option."""


class ArchiveError(CxModelError):
    """A kept run that is not there, is not whole, or cannot be kept."""


class StorageError(ArchiveError):
    """What cannot be written or reached just now, though nothing was asked wrongly: a full disk, a database away."""


class RunError(CxModelError):
    """A run that failed."""
