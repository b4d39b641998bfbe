"""Tables of the terminal: aligned columns, and the caveat beneath. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def caveat(replications: int) -> str:
    """What the intervals tell, and what they do not."""
    if replications == 1:
        return "One replication has no interval: use --replications 30 to see what is chance."
    return (
        "The intervals tell what is chance in the run, not how sure the scenario's own numbers are: a model\n"
        "shows what follows from them, not what will happen."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Aligned columns under a head, those of `numbers` to the right; empty without rows."""
    lines = [head, *rows]
    if len(lines) == 1:
        return ""
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
