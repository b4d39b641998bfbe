"""Tables of the terminal: the heading of a study, aligned columns, and the caveat beneath. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final
from unicodedata import combining, east_asian_width

from cxmodel.cli.terminal import shown
from cxmodel.report.text.numbers import count

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

WIDTH: Final = 100
"""Letters of a line that explains."""


def heading(scenario: Scenario, how: str, replications: int, seed: int, future: str | None = None) -> str:
    """What a study is of, and how it was played: the scenario's name and question, then a line.

    `how` stands before the number of simulation runs.
    """
    asked = " ".join((scenario.question or "").split())
    runs = f"{how}{count(replications, 'simulation run')}, seed {seed}"
    at = f", external scenario {scenario.label_or_id('futures', future)}" if future else ""
    return "\n".join(filter(None, [scenario.name, asked, runs + at]))


def caveat(replications: int) -> str:
    """What the intervals tell, and what they do not."""
    if replications == 1:
        return "One simulation run has no interval: use --replications 30 to see what is chance."
    return (
        "The intervals are simulation error; how sure the scenario's own numbers are comes on top: a model\n"
        "shows what follows from them, not what will happen."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Aligned columns under a head, those of `numbers` to the right; empty without rows."""
    lines = [[shown(cell) for cell in line] for line in (head, *rows)]
    if len(lines) == 1:
        return ""
    widths = [max(_room(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            _blank(cell, width) + cell if column in numbers else cell + _blank(cell, width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _room(cell: str) -> int:
    """Columns that a cell takes in a terminal: a sign of Chinese or Japanese takes two, an accent none.

    >>> _room("店"), _room("Cafe\u0301")
    (2, 4)
    """
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in cell)


def _blank(cell: str, width: int) -> str:
    return " " * (width - _room(cell))
