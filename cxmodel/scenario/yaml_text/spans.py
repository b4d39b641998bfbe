"""Where every value of a YAML text lies, character by character, so that one can be exchanged and nothing else.

The places come from the events of PyYAML's parser, the values from `parser`, which has found the text without
faults. Knows nothing of what the values mean, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.document import BREAK

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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


def pieces(text: str, plain: Any) -> Piece:
    """The root of a text that means `plain`."""
    composer = _Composer(text)
    root = composer.compose()
    _fill(root, plain)
    return root


class _Composer:
    """Turns the parser's events into pieces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parser = _Loader(text)
        self.anchors: dict[str, Piece] = {}

    def event(self) -> Any:
        """The next thing the parser has seen."""
        return self.parser.get_event()

    def compose(self) -> Piece:
        try:
            event = self.event()
            while not isinstance(event, yaml.NodeEvent):
                event = self.event()
            return self.node(event, _begins(event), False)
        finally:
            self.parser.dispose()

    def node(self, event: Any, slot: int, inside: bool) -> Piece:
        """The piece that starts with this event, somewhere behind `slot`."""
        start, end = _begins(event), _ends(event)
        if isinstance(event, yaml.AliasEvent):
            return Piece("alias", start, end, slot, inside, target=self.anchors[str(event.anchor)])
        if event.anchor is not None:
            slot = start + 1 + len(event.anchor)
            start = end if end == slot else after_nothing(self.text, slot)
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            if not style and not event.value:
                start = end = slot
            elif style in "|>" and style:
                end = _block_end(self.text, start, end)
            piece = Piece("scalar", start, end, slot, inside, style=style)
        else:
            kind = "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
            piece = Piece(kind, start, end, slot, inside, bool(event.flow_style))
        piece.anchor = event.anchor
        if event.anchor is not None:
            self.anchors[event.anchor] = piece
        if piece.kind == "list":
            self.items(piece)
        elif piece.kind == "mapping":
            self.pairs(piece)
        return piece

    def items(self, piece: Piece) -> None:
        """The entries of a list, each from its dash on."""
        at = piece.start
        while not isinstance(event := self.event(), yaml.SequenceEndEvent):
            start = _begins(event) if piece.flow else after_nothing(self.text, at)
            slot = start if piece.flow else start + 1
            value = self.node(event, slot, piece.flow)
            piece.entries.append(Entry(str(len(piece.entries)), start, value, marked=not piece.flow))
            at = value.end
        piece.end = _ends(event) if piece.flow else at

    def pairs(self, piece: Piece) -> None:
        """The entries of a mapping, each from its key on."""
        at = piece.start
        while not isinstance(event := self.event(), yaml.MappingEndEvent):
            start = _begins(event)
            word = self.node(event, start, piece.flow)
            line = self.text[line_start(self.text, start) : start]
            asked = _ASKED.search(line) is not None
            colon = after_nothing(self.text, word.end) if piece.flow else after_spaces(self.text, word.end)
            marked = self.text[colon : colon + 1] == ":"
            slot = colon + 1 if marked else word.end
            value = self.node(self.event(), slot, piece.flow)
            piece.entries.append(Entry("", start, value, word, marked, asked or not (marked or piece.flow)))
            at = value.end
        piece.end = _ends(event) if has_brackets(self.text, piece) else at


def _begins(event: Any) -> int:
    return int(event.start_mark.index)


def _ends(event: Any) -> int:
    return int(event.end_mark.index)


def _fill(piece: Piece, plain: Any) -> None:
    """Give every piece its key and its value; they stand in the same order."""
    if piece.kind == "mapping":
        for entry, (key, value) in zip(piece.entries, plain.items(), strict=True):
            entry.key = key
            _fill(entry.value, value)
    elif piece.kind == "list":
        for entry, value in zip(piece.entries, plain, strict=True):
            _fill(entry.value, value)
    elif piece.kind == "scalar":
        piece.value = plain
    elif piece.target is not None and piece.target.kind == "scalar":
        piece.target.value = plain  # it may be the anchor of a key, which has no value of its own


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
    found = _NOTHING.match(text, at)
    return found.end() if found else at


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
    found = _REST.match(text, at)
    return found.end() if found else at


def line_start(text: str, at: int) -> int:
    """Where the line begins."""
    while at > 0 and text[at - 1] not in "\r\n\x85\u2028\u2029":
        at -= 1
    return at
