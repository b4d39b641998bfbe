"""How much room words take, measured letter by letter in a font as wide as the one they are set in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from PIL import ImageFont

LEADING: Final = 1.22
"""Height of a line over the size of its letters."""
CAUTION: Final = 1.06
"""Bold letters, and fonts that stand in for others, are a little wider."""
MONO: Final = 0.62
"""Width of a letter over its size in a font whose letters are all as wide."""
AT: Final = 100
"""Size at which words are measured."""


def size_for(
    lines: Sequence[str], width: float, height: float, most: float, least: float, gap: float = 6, mono: bool = False
) -> float:
    """The largest size at which all lines fit a place of so many inches [points]; `least` where none does."""
    size = most
    while size > least and deep(lines, width, size, gap, mono) > height:
        size -= 1
    return size


def deep(lines: Sequence[str], width: float, size: float, gap: float = 6, mono: bool = False) -> float:
    """The height that lines take at a size and width [inches]."""
    across = width * 72 / size
    rows = sum(_rows(line, across, mono) for line in lines)
    return (rows * size * LEADING + gap * max(0, len(lines) - 1)) / 72


def fitted(
    lines: Sequence[str], width: float, height: float, size: float, gap: float = 6, mono: bool = False
) -> list[str]:
    """The lines, cut with … where even the least size does not fit them in."""
    kept = list(lines)
    while len(kept) > 1 and deep([*kept[:-1], "…"], width, size, gap, mono) > height:
        kept.pop()
    last = kept[-1] if kept else ""
    while deep(kept, width, size, gap, mono) > height and len(last) > 1:
        last = last[: len(last) * 9 // 10]
        kept[-1] = f"{last.rstrip()} …"
    return kept


def _rows(line: str, across: float, mono: bool) -> int:
    """Rows that a paragraph wraps to at so many times its size across; a word longer than a row is broken."""
    rows, used, space = 1, 0.0, _long(" ", mono)
    for word in line.split():
        long = _long(word, mono)
        if used and used + space + long <= across:
            used += space + long
            continue
        rows += 1 if used else 0
        rows += int(long / across)
        used = long % across
    return rows


@cache
def _long(word: str, mono: bool) -> float:
    """The length of a word over the size it is set in."""
    if mono:
        return MONO * len(word)
    return CAUTION * sum(_letter(letter) for letter in word)


@cache
def _letter(letter: str) -> float:
    return float(_ruler().getlength(letter)) / AT


@cache
def _ruler() -> Any:
    """A font that comes with the library; none of its letters is narrower than Arial's by much."""
    return ImageFont.load_default(size=AT)
