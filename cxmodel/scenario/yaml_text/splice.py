"""Which characters to exchange for an edit: ways to do it, the one a person would choose first.

A splice is a few spans of the text with what goes in their place. Whoever asks tries them in order and keeps the
first that means what is wanted, so a splice may be wrong for rare texts. Knows nothing of paths or scenarios.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cxmodel.scenario.yaml_text.document import BREAK
from cxmodel.scenario.yaml_text.spans import (
    Entry,
    Piece,
    after_nothing,
    after_spaces,
    line_end,
    line_start,
    rest_of_line,
)
from cxmodel.scenario.yaml_text.writer import WIDE, block_text, inline, key_text, lines

Splice = list[tuple[int, int, str]]
"""Spans, each with what replaces it: one way to make an edit."""
Splices = Iterable[Splice]

LINE_ENDS: Final = re.compile(r"[ \t]*,?[ \t]*(#.*)?\Z")
_BLANK: Final = re.compile(f"[ \\t]*(?:{BREAK.pattern})")
_EDITOR: Final = "# yaml-language-server"
"""A line that is for the whole file, whatever stands below it."""


def settings(text: str, piece: Piece, value: Any, typed: str, entry: Entry | None = None) -> Iterator[Splice]:
    """Ways to put a value in place of another."""
    if piece.block:
        first, last = piece.entries[0].start, line_end(text, piece.end)
        if value and isinstance(value, dict | list):
            yield [(first, piece.end, indented(text, lines(value, WIDE), column_of(text, first)))]
        for put in _spellings(value, typed, piece):
            if line_start(text, first) == line_start(text, piece.slot):
                yield [(first, piece.end, put)]
            else:
                yield [(piece.slot, piece.slot, f" {put}"), (line_end(text, piece.slot), last, "")]
    elif piece.style in ("|", ">"):
        header = rest_of_line(text, piece.start)[1:]
        if isinstance(value, str):
            made = _as_block(text, piece, value, header)
            if made is not None:
                yield [(piece.start, piece.end, made)]
        comment = re.search(r"[ \t]+#.*", header)
        for put in _spellings(value, typed, piece):
            yield [(piece.start, piece.end, put + (comment[0] if comment else ""))]
    else:
        lead = ("" if entry is None or entry.marked or piece.anchor else ":") + " " if piece.empty else ""
        tail = (
            " " if piece.empty and piece.inside and text[piece.end : piece.end + 1] not in (" ", ",", "}", "]") else ""
        )
        for put in _spellings(value, typed, piece):
            yield [(piece.start, piece.end, f"{lead}{put}{tail}")]


def fillings(text: str, parent: Piece, entry: Entry, value: Any) -> Iterator[Splice]:
    """Ways to put a first key under a heading that has nothing."""
    piece = entry.value
    if parent.kind == "mapping" and parent.block:
        at = line_end(text, piece.slot)
        column = column_of(text, entry.start) + _step(text)
        below = indented(text, lines(value, WIDE), column)
        yield [(piece.start, piece.end, ""), (at, at, newline(text) + " " * column + below)]
    yield from settings(text, piece, value, "", entry)


def additions(text: str, parent: Piece, key: str, value: Any, typed: str) -> Iterator[Splice]:
    """Ways to add an entry as the last of a mapping or list."""
    for put in _spellings(value, typed, parent):
        item = f"{key_text(key, parent.inside or parent.flow)}: {put}" if parent.kind == "mapping" else put
        if parent.block:
            column = column_of(text, parent.entries[0].start)
            dash = "- " if parent.kind == "list" else ""
            if len(item) > WIDE and isinstance(value, dict) and parent.kind == "mapping":
                item = indented(text, lines({key: value}, WIDE), column)
            at = line_end(text, parent.end)
            yield [(at, at, f"{newline(text)}{' ' * column}{dash}{item}")]
        elif not parent.entries:
            within = text[parent.start + 1 : parent.end - 1]
            yield [(parent.start + 1, parent.end - 1 if not within.strip() else parent.start + 1, item)]
        else:
            yield from _joined(text, parent, item)
            yield [(behind_of(text, parent.entries[-1]),) * 2 + (f", {item}",)]


def _joined(text: str, parent: Piece, item: str) -> Iterator[Splice]:
    """An entry on a line of its own, where the last one has one."""
    last = parent.entries[-1]
    begin, at = line_start(text, last.start), behind_of(text, last)
    indent = text[begin : last.start]
    if indent.strip() or parent.start >= begin:
        return
    end = line_end(text, at)
    rest = text[at:end]
    if not LINE_ENDS.match(rest):
        if after_nothing(text, at) == parent.end - 1:
            yield [(at, at, f",{newline(text)}{indent}{item}")]
    elif rest.lstrip().startswith(","):
        yield [(end, end, f"{newline(text)}{indent}{item},")]
    elif rest:
        yield [(at, at, ","), (end, end, f"{newline(text)}{indent}{item}")]
    else:
        yield [(at, at, f",{newline(text)}{indent}{item}")]


def removals(text: str, parent: Piece, entry: Entry, *, is_root: bool) -> Iterator[Splice]:
    """Ways to remove an entry with the comments that are its own."""
    if parent.flow:
        yield from _out_of_brackets(text, parent, entry)
        return
    start, end = line_start(text, entry.start), line_end(text, entry.value.end)
    alone = not text[start : entry.start].strip()
    empty = "{}" if parent.kind == "mapping" else "[]"
    if len(parent.entries) == 1:
        if is_root:
            yield [(with_comments(text, entry.start), end, empty)]
        elif line_start(text, parent.slot) == start:
            yield [(entry.start, entry.value.end, empty)]
        else:
            yield [(parent.slot, parent.slot, f" {empty}"), _whole_lines(text, entry)]
    elif alone:
        yield [_whole_lines(text, entry)]
        yield [(with_comments(text, entry.start), end, "")]  # the line end above belongs to a text under `|`
        start, behind, _ = _whole_lines(text, entry)
        while (blank := _BLANK.match(text, behind)) is not None:
            behind = blank.end()
        yield [(start, behind, "")]  # empty lines below would belong to a text under `|+` above
    else:
        after = parent.entries[parent.entries.index(entry) + 1]
        between = text[line_end(text, entry.value.end) : after.start]
        if not between.strip():
            yield [(entry.start, after.start, "")]
        yield [(_before_spaces(text, entry.start), end, "")]


def _out_of_brackets(text: str, parent: Piece, entry: Entry) -> Iterator[Splice]:
    """Ways to remove an entry of `{…}` or `[…]`."""
    begin, behind = line_start(text, entry.start), behind_of(text, entry)
    place = parent.entries.index(entry)
    if not text[begin : entry.start].strip() and parent.start < begin and LINE_ENDS.match(rest_of_line(text, behind)):
        lines_of_entry = _whole_lines(text, entry)
        if 0 < place == len(parent.entries) - 1 and text[after_nothing(text, behind)] != ",":
            comma = after_nothing(text, behind_of(text, parent.entries[place - 1]))
            yield [(comma, comma + 1, ""), lines_of_entry]
        yield [lines_of_entry]
    if len(parent.entries) == 1:
        within = text[parent.start + 1 : parent.end - 1]
        if "#" not in within.replace(text[entry.start : behind], ""):
            yield [(parent.start + 1, parent.end - 1, "")]
    elif place + 1 < len(parent.entries):
        after = parent.entries[place + 1]
        if "#" not in text[behind : after.start]:
            yield [(entry.start, after.start, "")]
        else:
            yield [(entry.start, line_end(text, text.index(",", behind)), "")]
    else:
        before = behind_of(text, parent.entries[place - 1])
        if "#" not in text[before : entry.start]:
            yield [(before, behind, "")]
    comma = after_nothing(text, behind)
    yield [(entry.start, comma + 1 if text[comma] == "," else behind, "")]


def _spellings(value: Any, typed: str, piece: Piece) -> Iterator[str]:
    """A value as it was typed, if that goes on a line, and as we would write it."""
    if typed and not isinstance(value, str) and not re.search(r"[#\r\n\x85\u2028\u2029]", typed):
        yield typed
    inside = piece.inside or (piece.flow and piece.kind != "scalar")
    yield inline(value, inside, piece.style)


def _as_block(text: str, piece: Piece, value: str, header: str) -> str | None:
    """A text under `|` or `>`, as wide and as far in as it was."""
    body = re.split(BREAK, text[piece.start : piece.end])[1:]
    written = [line for line in body if line.strip(" ")]
    if not written:
        return None
    indent = " " * min(len(line) - len(line.lstrip(" ")) for line in written)
    width = max(WIDE, *map(len, written)) - len(indent)
    made = block_text(value, piece.style, header, indent, width)
    return made.replace("\n", newline(text)) if made else None


def with_comments(text: str, at: int) -> int:
    """Where the comment lines begin that stand right above a place, as far in as it; else its own line."""
    start = line_start(text, at)
    column = at - start
    while start > 0:
        before = line_start(text, start - 1 - (text[start - 2 : start] == "\r\n"))
        line = rest_of_line(text, before)
        if len(line) - len(line.lstrip(" \t")) != column or line[column : column + 1] != "#":
            break
        if line.strip().startswith(_EDITOR):
            break
        start = before
    return start


def _whole_lines(text: str, entry: Entry) -> tuple[int, int, str]:
    """The lines of an entry and its comments, with their ends; at the end of a text, the line end before them."""
    start, end = with_comments(text, entry.start), line_end(text, entry.value.end)
    broken = BREAK.match(text, end)
    if broken:
        return start, broken.end(), ""
    if start > 0:
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
    return start, end, ""


def behind_of(text: str, entry: Entry) -> int:
    """Behind the value of an entry in brackets; where it has none, before what follows in the line."""
    return after_spaces(text, entry.value.end) if entry.value.empty and entry.marked else entry.value.end


def _before_spaces(text: str, at: int) -> int:
    while text[at - 1 : at] in (" ", "\t"):
        at -= 1
    return at


def column_of(text: str, at: int) -> int:
    return at - line_start(text, at)


def indented(text: str, rows: Iterator[str], column: int) -> str:
    """Lines for a place that is already in that column."""
    return (newline(text) + " " * column).join(rows)


def newline(text: str) -> str:
    """How lines end in this text."""
    match = BREAK.search(text)
    return match[0] if match else "\n"


def _step(text: str) -> int:
    """How far in the least indented lines of the text are; 2 where none is."""
    indents = [len(indent) for indent in re.findall(r"(?m)^( +)[^\s#]", text)]
    return min(indents, default=2)
