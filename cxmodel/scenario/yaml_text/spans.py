"""Where every value of a YAML text lies, character by character, so that one can be exchanged and nothing else.

Made of the nodes of `parser`, which has found the text without faults, only where a text is edited. Knows nothing of
what the values mean, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.document import BREAK
from cxmodel.scenario.yaml_text.parser import Node

_NOTHING: Final = re.compile(f"(?:[ \\t]|{BREAK.pattern}|#[^\\r\\n\\x85\\u2028\\u2029]*)*")
_REST: Final = re.compile("[^\\r\\n\\x85\\u2028\\u2029]*")
_BLANK_END: Final = re.compile(f"(?:(?:{BREAK.pattern}) *)+\\Z")
_LAST_END: Final = re.compile(f"(?:{BREAK.pattern})\\Z")
_ASKED: Final = re.compile(r"(?:^|[\s{,\[?-])\?[ \t]*\Z")


@dataclass(slots=True, eq=False)
class Piece:
    """One value where it is written."""

    kind: str
    """`scalar`, `mapping`, `list`, `alias`, or `made` for one that stands in no text yet."""
    start: int
    """Its first character, behind its anchor."""
    end: int
    """Behind its last character; of a block, behind the last one that means something."""
    slot: int = 0
    """Behind the colon or dash, and behind the anchor, if there is one: where a value may begin."""
    inside: bool = False
    """Within brackets, where commas and brackets mean something."""
    flow: bool = False
    """With brackets of its own."""
    style: str = ""
    """How a scalar is quoted: not, `'`, `"`, `|` or `>`."""
    anchor: str | None = None
    entries: list[Entry] = field(default_factory=list)
    target: Piece | None = None
    """What an alias stands for."""
    value: Any = None

    @property
    def empty(self) -> bool:
        """Whether nothing is written."""
        return self.kind == "scalar" and self.start == self.end

    @property
    def block(self) -> bool:
        """Whether it is a mapping or a list that is written in lines of its own."""
        return self.kind in ("mapping", "list") and not self.flow

    def entry(self, key: str) -> Entry | None:
        """The entry of a key or of a place in the list."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def plain(self) -> Any:
        """What it means, aliases replaced by what they stand for."""
        if self.kind == "alias":
            assert self.target is not None
            return self.target.plain()
        if self.kind == "mapping":
            return {entry.key: entry.value.plain() for entry in self.entries}
        if self.kind == "list":
            return [entry.value.plain() for entry in self.entries]
        return self.value

    def become(self, value: Any) -> None:
        """Mean something else from now on."""
        self.kind, self.value, self.entries, self.target = "made", value, [], None

    def everything(self, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Piece]]:
        """Itself and all below it, each with its path; keys too, at the path of their value."""
        yield path, self
        for entry in self.entries:
            if entry.word is not None:
                yield (*path, entry.key), entry.word
            yield from entry.value.everything((*path, entry.key))


@dataclass(slots=True, eq=False)
class Entry:
    """One entry of a mapping or of a list."""

    key: str
    start: int
    """Where its key or its dash begins."""
    value: Piece
    word: Piece | None = None
    """The key as written; none in a list."""
    marked: bool = True
    """Whether a colon or a dash is there; in brackets it may be left out."""
    asked: bool = False
    """Whether it is written as `? key`."""


def pieces(text: str, root: Node) -> Piece:
    """The root of a text that has been read without faults, from the root of its nodes."""
    return _Layout(text).piece(root, root.start, False)


class _Layout:
    """Finds where the pieces of a text lie from its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.anchored: dict[int, Piece] = {}

    def piece(self, node: Node, slot: int, inside: bool) -> Piece:
        """The piece of a node, somewhere behind `slot`."""
        start, end = node.start, node.end
        if node.target is not None:
            return Piece("alias", start, end, slot, inside, target=self.anchored[id(node.target)])
        kind = "mapping" if isinstance(node.value, dict) else "list" if isinstance(node.value, list) else "scalar"
        if node.anchor is not None:
            slot = start + 1 + len(node.anchor)
            start = end if end == slot else after_nothing(self.text, slot)
        if kind == "scalar" and start == end and not node.style:
            start = end = slot
        elif node.style in ("|", ">"):
            end = _block_end(self.text, start, end)
        piece = Piece(kind, start, end, slot, inside, node.style == "{", node.style.strip("{"), node.anchor)
        self.anchored[id(node)] = piece
        if kind == "list":
            self.items(piece, node)
        elif kind == "mapping":
            self.pairs(piece, node)
        else:
            piece.value = node.value
        return piece

    def items(self, piece: Piece, node: Node) -> None:
        """The entries of a list, each from its dash on."""
        at = piece.start
        for item in node.value:
            start = item.start if piece.flow else after_nothing(self.text, at)
            slot = start if piece.flow else start + 1
            value = self.piece(item, slot, piece.flow)
            piece.entries.append(Entry(str(len(piece.entries)), start, value, marked=not piece.flow))
            at = value.end
        if not piece.flow:
            piece.end = at

    def pairs(self, piece: Piece, node: Node) -> None:
        """The entries of a mapping, each from its key on."""
        at = piece.start
        for key, (word_node, value_node) in node.value.items():
            start = word_node.start
            word = self.piece(word_node, start, piece.flow)
            line = self.text[line_start(self.text, start) : start]
            asked = _ASKED.search(line) is not None
            colon = after_nothing(self.text, word.end) if piece.flow else after_spaces(self.text, word.end)
            marked = self.text[colon : colon + 1] == ":"
            slot = colon + 1 if marked else word.end
            value = self.piece(value_node, slot, piece.flow)
            piece.entries.append(Entry(key, start, value, word, marked, asked or not (marked or piece.flow)))
            at = value.end
        if not has_brackets(self.text, piece):
            piece.end = at


def has_brackets(text: str, piece: Piece) -> bool:
    """Whether brackets are written: `[a: 1]` is a list of one mapping that has none."""
    return piece.flow and text[piece.start : piece.start + 1] in ("{", "[")


def _block_end(text: str, start: int, end: int) -> int:
    """Where `|` and `>` end: behind their last line, without the empty lines after it unless these are kept."""
    header = rest_of_line(text, start).partition("#")[0]
    body = text[start:end]
    last = (_LAST_END if "+" in header else _BLANK_END).search(body)
    return start + (last.start() if last else len(body))


def after_nothing(text: str, at: int) -> int:
    """The next place where there is more than blanks, line ends and comments."""
    match = _NOTHING.match(text, at)
    return match.end() if match else at


def after_spaces(text: str, at: int) -> int:
    """The next place in the line where there is more than blanks."""
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def rest_of_line(text: str, at: int) -> str:
    """What is left of the line."""
    return text[at : line_end(text, at)]


def line_end(text: str, at: int) -> int:
    """Where the line ends, before its break."""
    match = _REST.match(text, at)
    return match.end() if match else at


def line_start(text: str, at: int) -> int:
    """Where the line begins."""
    while at > 0 and text[at - 1] not in "\r\n\x85\u2028\u2029":
        at -= 1
    return at
