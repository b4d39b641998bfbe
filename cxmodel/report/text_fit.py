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


def broken(line: str, across: float, mono: bool = False) -> list[str]:
    """A paragraph as the rows that it wraps to at so many times its size across; a longer word has rows of its own.

    >>> broken("describes in ten minutes a car", 8.0)
    ['describes in ten', 'minutes a car']
    """
    rows: list[str] = []
    used, space = 0.0, long_of(" ", mono)
    for word in line.split():
        long = long_of(word, mono)
        if rows and used + space + long <= across:
            rows[-1] += f" {word}"
            used += space + long
            continue
        *whole, rest = _cut(word, across, mono)
        rows += [*whole, rest]
        used = long_of(rest, mono)
    return rows


def _cut(word: str, across: float, mono: bool) -> list[str]:
    """A word in pieces that are no longer than a row."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and long_of(pieces[-1] + letter, mono) > across:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _rows(line: str, across: float, mono: bool) -> int:
    """How many rows that are, one for an empty line."""
    return max(1, len(broken(line, across, mono)))


@cache
def long_of(word: str, mono: bool) -> float:
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
