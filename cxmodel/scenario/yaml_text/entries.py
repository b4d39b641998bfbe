"""Whole entries of a mapping or list in a YAML text: given another name, moved, put beside one another, taken out.

The lines of an entry move, comments that are its own with them; what lies between entries, such as empty lines and
commas, stays where it is. As with `patch`, the new text is read again and has to mean what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.faults import KeyPath, quote
from cxmodel.scenario.yaml_text.document import BOM, BREAK, Document
from cxmodel.scenario.yaml_text.parser import parse
from cxmodel.scenario.yaml_text.patch import refuse_asked, refuse_lost, spliced
from cxmodel.scenario.yaml_text.paths import REMOVE, with_value
from cxmodel.scenario.yaml_text.problems import problems_of
from cxmodel.scenario.yaml_text.spans import Entry, Piece, line_end, line_start, pieces, rest_of_line
from cxmodel.scenario.yaml_text.splice import (
    LINE_ENDS,
    Splice,
    Splices,
    behind_of,
    column_of,
    indented,
    newline,
    removals,
    with_comments,
)
from cxmodel.scenario.yaml_text.writer import WIDE, inline, key_text, lines

_TRAIL: Final = re.compile(r"[ \t]*,([ \t]*#.*|)[ \t]*\Z|([ \t]*#.*|)[ \t]*\Z")
"""What may follow an entry in brackets that is the last of its line: a comma, and a comment."""
Span = tuple[int, int]


def respelled(text: str, keys: Mapping[KeyPath, str], values: Mapping[KeyPath, str], wanted: Any) -> str:
    """The text with other words for some keys and values, in the quotes that they have; it has to mean `wanted`."""
    document, root = _read(text)
    splice: Splice = []
    for path, piece in root.everything():
        is_key = piece.kind == "scalar" and _is_word(root, path, piece)
        new = (keys if is_key else values).get(path)
        if new is not None and piece.kind == "scalar":
            splice.append((piece.start, piece.end, _spelling(document.text, piece, new, is_key)))
    return _done(text, document, [splice], wanted, "an alias (`*name`) stands where it is written")


def moved(text: str, path: KeyPath, place: int) -> str:
    """The text with an entry moved to another place of its mapping."""
    document, root = _read(text)
    parent, entry = _at(root, path)
    _refuse_odd(parent, path)
    order = [each for each in parent.entries if each is not entry]
    order.insert(place, entry)
    wanted = with_value(root.plain(), path[:-1], 0, {each.key: each.value.plain() for each in order})
    splices = [_permuted(document.text, parent, order)] if _in_lines(document.text, parent) else []
    return _done(text, document, splices, wanted, "its lines hold more than its own entries")


def copied(text: str, path: KeyPath, new: str) -> str:
    """The text with a copy of an entry right after it: under another key, or in a list as another word."""
    document, root = _read(text)
    parent, entry = _at(root, path)
    _refuse_odd(parent, path)
    plain = entry.value.plain() if parent.kind == "mapping" else new
    body = _body(document.text, entry, new)
    made = _after(document.text, parent, entry, [body])
    return _done(text, document, made, _wanted(root, path, parent, entry, new, plain, 1), _ODD)


def inserted(text: str, path: KeyPath, key: str, value: Any, *, before: bool = False) -> str:
    """The text with a new entry of a mapping right after, or before, the one at a path."""
    document, root = _read(text)
    parent, entry = _at(root, path)
    _refuse_odd(parent, path)
    place = parent.entries.index(entry)
    bodies = list(_new(document.text, parent, key, value))
    if before and place:
        made = _after(document.text, parent, parent.entries[place - 1], bodies)
    elif before:
        made = _ahead(document.text, parent, bodies)
    else:
        made = _after(document.text, parent, entry, bodies)
    return _done(text, document, made, _wanted(root, path, parent, entry, key, value, 0 if before else 1), _ODD)


def taken_out(text: str, path: KeyPath) -> str:
    """The text without an entry; where empty lines stand above and below it, those of one side go too."""
    document, root = _read(text)
    parent, entry = _at(root, path)
    lost = [piece for _, piece in entry.value.everything()] + ([entry.word] if entry.word else [])
    refuse_lost(root, lost, ".".join(path))
    wanted = with_value(root.plain(), path, 0, REMOVE)
    made = [*_out(document.text, parent, entry), *removals(document.text, parent, entry, is_root=parent is root)]
    return _done(text, document, made, wanted, _ODD)


_ODD: Final = "its brackets or lines are written in an unusual way"


def _read(text: str) -> tuple[Document, Piece]:
    document, root = parse(text.removeprefix(BOM), "<text>")
    if document.faults:
        raise ScenarioError(problems_of(document.faults, document))
    assert root is not None
    return document, pieces(document.text, root)


def _done(text: str, document: Document, splices: Splices, wanted: Any, why: str) -> str:
    """The text by the first way that means what is wanted. Raises `UsageError` where there is none."""
    try:
        after, _ = spliced(document, splices, wanted)
    except RuntimeError:
        raise UsageError(f"this cannot be written in this text without changing more than it should: {why}") from None
    return text[: text.startswith(BOM)] + after.text


def _at(root: Piece, path: KeyPath) -> tuple[Piece, Entry]:
    """The entry at a path, and what it is in."""
    piece, parent, entry = root, root, None
    for key in path:
        parent = piece
        refuse_asked(parent, key)
        entry = parent.entry(key)
        if parent.kind == "alias" or entry is None:
            raise UsageError(f"{quote('.'.join(path))} stands where `*` repeats it: write it there first")
        piece = entry.value
    assert entry is not None
    return parent, entry


def _refuse_odd(parent: Piece, path: KeyPath) -> None:
    """An entry whose neighbours are written as `? key` cannot be told from them line by line."""
    refuse_asked(parent, path[-1])


def _wanted(root: Piece, path: KeyPath, parent: Piece, entry: Entry, key: str, plain: Any, further: int) -> Any:
    """What a text means with one entry more."""
    place = parent.entries.index(entry) + further
    if parent.kind == "list":
        items = [each.value.plain() for each in parent.entries]
        return with_value(root.plain(), path[:-1], 0, [*items[:place], plain, *items[place:]])
    pairs = [(each.key, each.value.plain()) for each in parent.entries]
    return with_value(root.plain(), path[:-1], 0, dict([*pairs[:place], (key, plain), *pairs[place:]]))


def _is_word(root: Piece, path: KeyPath, piece: Piece) -> bool:
    """Whether a piece is the key of the entry at a path."""
    at = root
    for key in path[:-1]:
        entry = at.entry(key)
        assert entry is not None
        at = entry.value
    entry = at.entry(path[-1]) if path else None
    return entry is not None and entry.word is piece


def _spelling(text: str, piece: Piece, new: str, is_key: bool) -> str:
    """A word in place of another, in its quotes."""
    if piece.style in ('"', "'"):
        return f"{piece.style}{new}{piece.style}"
    return key_text(new, piece.inside) if is_key else inline(new, piece.inside, piece.style)


def _in_lines(text: str, parent: Piece) -> bool:
    """Whether every entry of a block begins a line; entries in brackets may stand beside one another."""
    return parent.flow or all(not text[line_start(text, each.start) : each.start].strip() for each in parent.entries)


def _end(text: str, entry: Entry) -> int:
    """Where the last line of an entry of a block ends, with the comment lines below that are further in than it."""
    end, far = line_end(text, entry.value.end), column_of(text, entry.start)
    while (broken := BREAK.match(text, end)) is not None:
        line = rest_of_line(text, broken.end())
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= far:
            break
        end = broken.end() + len(line)
    return end


def _spans(text: str, parent: Piece, entry: Entry) -> tuple[Span, Span]:
    """The characters of an entry with the comment lines above it, and those of a comment behind its comma."""
    if not parent.flow:
        end = _end(text, entry)
        return (with_comments(text, entry.start), end), (end, end)
    end = behind_of(text, entry)
    alone = not text[line_start(text, entry.start) : entry.start].strip()
    start = entry.start
    if alone and line_start(text, start) > parent.start:
        start = with_comments(text, start)
        start += len(rest_of_line(text, start)) - len(rest_of_line(text, start).lstrip(" \t"))
    trail = _TRAIL.match(rest_of_line(text, end))
    if trail is None:
        return (start, end), (end, end)
    group = 1 if trail[2] is None else 2
    return (start, end), (end + trail.start(group), end + trail.end(group))


def _permuted(text: str, parent: Piece, order: list[Entry]) -> Splice:
    """Each place of a mapping with the characters of the entry that comes there."""
    splice: Splice = []
    for there, entry in zip(parent.entries, order, strict=True):
        for (start, end), (first, last) in zip(_spans(text, parent, there), _spans(text, parent, entry), strict=True):
            splice.append((start, end, text[first:last]))
    return splice


def _body(text: str, entry: Entry, new: str) -> str:
    """The characters of an entry under another name, without the anchors in it, which are those of the original."""
    changes: Splice = []
    word = entry.word or entry.value
    changes.append((word.start, word.end, _spelling(text, word, new, entry.word is not None)))
    inside = [piece for _, piece in entry.value.everything()] + ([entry.word] if entry.word else [])
    for piece in inside:
        if piece.anchor is not None and piece.kind != "alias":
            at = text.rindex(f"&{piece.anchor}", 0, piece.start)
            changes.append((at, piece.start if not piece.block else at + len(piece.anchor) + 1, ""))
    start = entry.start
    end = entry.value.end if entry.value.inside or entry.value.flow else _end(text, entry)
    end = max(end, behind_of(text, entry))
    made = text[start:end]
    for first, last, put in sorted(changes, reverse=True):
        made = made[: first - start] + put + made[last - start :]
    return made


def _new(text: str, parent: Piece, key: str, value: Any) -> Iterator[str]:
    """The characters of a new entry, as `patch` would write it."""
    short = f"{key_text(key, parent.flow)}: {inline(value, parent.inside or parent.flow)}"
    if not parent.flow and len(short) > WIDE:
        yield indented(text, lines({key: value}, WIDE), column_of(text, parent.entries[0].start))
    yield short


def _after(text: str, parent: Piece, entry: Entry, bodies: list[str]) -> Iterator[Splice]:
    """Ways to put one of several spellings of an entry right after another."""
    place = parent.entries.index(entry)
    for body in bodies:
        if not parent.flow:
            at, indent = _end(text, entry), " " * column_of(text, entry.start)
            dash = "" if parent.kind == "mapping" or body.startswith("-") else "- "
            yield [(at, at, _between(text, parent, place) + indent + dash + body)]
            continue
        at = behind_of(text, entry)
        begin, end = line_start(text, entry.start), line_end(text, at)
        own_line = not text[begin : entry.start].strip() and parent.start < begin
        if own_line and LINE_ENDS.match(text[at:end]):
            lead = newline(text) + text[begin : entry.start]
            if text[at:end].lstrip().startswith(","):
                yield [(end, end, f"{lead}{body},")]
            elif place + 1 == len(parent.entries):
                yield [(at, at, ","), (end, end, f"{lead}{body}")]
        if place + 1 < len(parent.entries):
            following = parent.entries[place + 1].start
            if "#" not in text[at:following]:
                yield [(following, following, body + text[at:following])]
        yield [(at, at, f", {body}")]


def _ahead(text: str, parent: Piece, bodies: list[str]) -> Iterator[Splice]:
    """Ways to put one of several spellings of an entry before the first one."""
    first = parent.entries[0]
    for body in bodies:
        if not parent.flow:
            start = with_comments(text, first.start)
            yield [(start, start, " " * column_of(text, first.start) + body + _between(text, parent, 0))]
        else:
            yield [(first.start, first.start, f"{body}, ")]


def _between(text: str, parent: Piece, place: int) -> str:
    """What lies between an entry of a block and the next, or the one before; line ends and blanks, no comments."""
    for first in (place, place - 1):
        if 0 <= first < len(parent.entries) - 1:
            gap = _gap(text, parent, first)
            if not gap.strip():
                return gap
    return newline(text)


def _gap(text: str, parent: Piece, place: int) -> str:
    """The characters between an entry of a block and the one after it."""
    return text[_end(text, parent.entries[place]) : with_comments(text, parent.entries[place + 1].start)]


def _out(text: str, parent: Piece, entry: Entry) -> Iterator[Splice]:
    """Ways to take an entry of a block out with the empty lines on one side of it."""
    if parent.flow or len(parent.entries) < 2 or not _in_lines(text, parent):
        return
    place = parent.entries.index(entry)
    start, end = with_comments(text, entry.start), _end(text, entry)
    above = _gap(text, parent, place - 1) if place else None
    below = _gap(text, parent, place) if place + 1 < len(parent.entries) else None
    if above is not None and above.strip():
        above = None
    if below is not None and below.strip():
        below = None
    if below is not None and (above is None or len(below) < len(above)):
        yield [(start, end + len(below), "")]
    elif above is not None:
        yield [(start - len(above), end, "")]
