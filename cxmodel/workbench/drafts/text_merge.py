"""Texts line by line: their line ends kept, and two people's changes of one text brought together.

A browser's text field knows only one line end, and two tabs may write at once. Knows no scenario.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from cxmodel.scenario.yaml_text.document import BOM

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class Hunk(NamedTuple):
    """Lines `first` to before `last` of a text, and what stands there instead."""

    first: int
    last: int
    instead: tuple[str, ...]


def shown(text: str) -> str:
    """A text as a browser's text field has it."""
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def as_written(text: str, like: str) -> str:
    """A text from a text field with the line ends of the one it was made from.

    >>> as_written("a: 1\\nb: 3\\n", like="a: 1\\r\\nb: 2\\r\\n")
    'a: 1\\r\\nb: 3\\r\\n'
    """
    text = shown(text)
    mark = like[: like.startswith(BOM)]
    ends = Counter(end for _, end in _lines(like) if end)
    if set(ends) <= {"\n"}:
        return mark + text
    usual = ends.most_common(1)[0][0]
    if len(ends) == 1:
        return mark + text.replace("\n", usual)
    old, new = _lines(like.removeprefix(BOM)), [line for line, _ in _lines(text)]
    made = [usual] * len(new)
    for was, now, size in _matcher([line for line, _ in old], new).get_matching_blocks():
        made[now : now + size] = [end or usual for _, end in old[was : was + size]]
    made[-1] = ""
    return mark + "".join(line + end for line, end in zip(new, made, strict=True))


def together(base: str, mine: str, theirs: str) -> str:
    """A text with my changes and theirs; where both changed the same lines, with mine.

    >>> together("a\\nb\\nc\\n", "A\\nb\\nc\\n", "a\\nb\\nC\\n")
    'A\\nb\\nC\\n'
    """
    if mine == theirs or base == theirs:
        return mine
    own = list(hunks(base, mine))
    beside = [hunk for hunk in hunks(base, theirs) if not any(_meet(hunk, other) for other in own)]
    lines = base.splitlines(keepends=True)
    for first, last, instead in sorted([*own, *beside], key=lambda hunk: hunk[:2], reverse=True):
        lines[first:last] = instead
    return "".join(lines)


def hunks(base: str, other: str) -> Iterator[Hunk]:
    """What differs between two texts; lines that changed one for one come one by one."""
    old, new = base.splitlines(keepends=True), other.splitlines(keepends=True)
    for kind, first, last, start, end in _matcher(old, new).get_opcodes():
        if kind == "replace" and last - first == end - start:
            yield from (Hunk(first + at, first + at + 1, (new[start + at],)) for at in range(last - first))
        elif kind != "equal":
            yield Hunk(first, last, tuple(new[start:end]))


def _matcher(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    """What two lists of lines have in common; of very long ones without lines that are everywhere, to be quick."""
    return SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > 2000)


def _meet(one: Hunk, other: Hunk) -> bool:
    """Whether two hunks change the same lines, or put something in the same place."""
    if one.first == other.first:
        return True
    return one.first < other.last and other.first < one.last


def _lines(text: str) -> list[tuple[str, str]]:
    """Every line and its end; what follows the last end is a line too."""
    found = [(match[1], match[2]) for match in _LINE.finditer(text)]
    return found[:-1] if len(found) > 1 and found[-2][1] == "" else found
