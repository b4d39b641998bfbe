"""What a map is written in: lines, chips and parts in cells, cells in lanes. Knows no company and no layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cxmodel.report.text.numbers import tone

Tone = Literal["ink", "muted", "short", "ahead", "lived"]
"""How words are meant, by the name of a style: *short* falls short, *ahead* exceeds, *lived* is worth a look."""

TONES: Final[dict[str, Tone]] = {"short": "short", "ahead": "ahead", "muted": "muted"}


def tone_of(gap: float) -> Tone:
    """How a gap is meant."""
    return TONES[tone(gap)]


NONE: Final = "–"
"""Where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of a cell, on a line of their own."""

    text: str
    tone: Tone = "ink"
    strong: bool = False
    spoken: bool = False
    """Whether customers say it: in italics."""


@dataclass(frozen=True, slots=True)
class Chip:
    """An initiative and its month."""

    text: str
    strong: bool
    """Whether it is of the plan that is shown; the others are pale."""
    what: str = ""
    """What it is, in a sentence."""

    @property
    def heard(self) -> str:
        """The chip for those who cannot see how strong it is."""
        return self.text if self.strong else f"{self.text}, not in this plan"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar."""

    key: str
    size: float
    style: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a lane says of a touchpoint."""

    lines: tuple[Line, ...] = ()
    chips: tuple[Chip, ...] = ()
    bar: tuple[Part, ...] = ()
    path: str = ""
    """Where the scenario says it, as a dotted path, which editing the cell would change; else empty."""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.lines or self.chips or self.bar)

    @property
    def words(self) -> str:
        """All that it says, on one line."""
        return "; ".join([*(line.text for line in self.lines), *(chip.heard for chip in self.chips)])


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of a map: what it tells, and a cell for each touchpoint."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    back: bool = False
    """Whether it lies behind the line of visibility, where customers do not look."""

    @property
    def empty(self) -> bool:
        """Whether none of its cells says anything."""
        return all(cell.empty for cell in self.cells)
