"""YAML text to plain values with places. Strict, and every limit is kept before anything is built.

Events come from PyYAML's parser (libyaml where it is there); nodes, scalars and mappings are our own, because
scalars follow YAML 1.2's core schema, keys stay words, duplicates and tags are refused, and every value keeps
its line and column. Knows nothing of what the values mean.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from cxmodel.scenario.faults import Fault, KeyPath, shorten
from cxmodel.scenario.yaml_text.document import Document, Mark, Source, lines_of

MAX_DEPTH: Final = 40
"""Most levels of nesting."""
MAX_VALUES: Final = 100_000
"""Most values, counted after every alias has been replaced by what it stands for."""
MAX_ALIASES: Final = 1_000
"""Most aliases."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_INFINITE = {sign + dot for sign in ("", "+", "-") for dot in (".inf", ".Inf", ".INF")}
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Node:
    """One value as written: a scalar's text, a list's nodes or a mapping's pairs."""

    mark: Mark
    value: Any
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class Spent:
    """What has been read so far, of one file or of several that make one scenario."""

    values: int = 0
    aliases: int = 0


class Unreadable(Exception):
    """The text stops making sense here; nothing after it can be judged."""

    def __init__(self, fault: Fault, mark: Mark | None = None) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.mark = mark


def read(text: str, name: str, source: Source | None = None, spent: Spent | None = None) -> Document:
    """The document of a YAML text. Faults are kept in it; one that stops the reading is the last of them."""
    document = Document(name, text, files=(name,))
    try:
        root = _Composer(document, text, source, spent or Spent()).compose()
        if root is None or not isinstance(root.value, dict):
            what = (
                "there is nothing in it"
                if root is None or root.value is None
                else "it is not made of `key: value` lines"
            )
            raise Unreadable(
                Fault("CXM112", (), f"this is not a scenario: {what}", "start with `schema: 1` and `name: …`")
            )
        document.plain = _plain(root, (), document)
    except Unreadable as stop:
        document.faults.append((stop.fault, stop.mark))
    except yaml.YAMLError as error:
        fault, mark = explain(error, text)
        document.faults.append((fault, mark and mark._replace(source=source)))
    except RecursionError:  # pragma: no cover - the depth limit comes first
        document.faults.append((Fault("CXM109", (), "values are nested too deep"), None))
    return document


class _Composer:
    """Turns the parser's events into nodes, counting as it goes."""

    def __init__(self, document: Document, text: str, source: Source | None, spent: Spent) -> None:
        self.document = document
        self.source = source
        self.spent = spent
        self.parser = _Loader(text)
        self.anchors: dict[str, Node | None] = {}

    def compose(self) -> Node | None:
        """The one document of the stream; None for an empty stream."""
        try:
            self.next(yaml.StreamStartEvent)
            start = self.parser.get_event()
            if isinstance(start, yaml.StreamEndEvent):
                return None
            root = self.node(self.parser.get_event(), 1)
            self.next(yaml.DocumentEndEvent)
            after = self.parser.get_event()
            if not isinstance(after, yaml.StreamEndEvent):
                message = "a second document starts here (`---`)"
                hint = "one scenario per file: leave out this line and all below it"
                raise Unreadable(Fault("CXM111", (), message, hint), self.mark(after))
            return root
        finally:
            self.parser.dispose()

    def next(self, kind: type) -> Any:
        """The next event, which can only be of that kind."""
        event = self.parser.get_event()
        assert isinstance(event, kind)
        return event

    def node(self, event: Any, depth: int) -> Node:
        """The node that starts with this event."""
        mark = self.mark(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, mark, depth)
        self.count(mark, 1)
        self.deep(mark, depth)
        if event.tag is not None:
            tag = shorten(event.tag.replace("tag:yaml.org,2002:", "!!"))
            fault = Fault("CXM107", (), f"the tag `{tag}` is not allowed", "the plain value, without `!`")
            self.document.faults.append((fault, mark))
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = Node(mark, event.value if event.style else scalar(event.value))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(mark, depth)
        else:
            node = self.mapping(mark, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def deep(self, mark: Mark, depth: int) -> None:
        """Nesting has a limit."""
        if depth > MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} deep"
            raise Unreadable(Fault("CXM109", (), message, "a flatter file"), mark)

    def count(self, mark: Mark, size: int) -> None:
        """Add to the number of values, which has a limit."""
        self.spent.values += size
        if self.spent.values > MAX_VALUES:
            message = f"more than {MAX_VALUES:,} values, repeats through aliases (`*`) included"
            raise Unreadable(Fault("CXM109", (), message, "a smaller scenario"), mark)

    def alias(self, anchor: str | None, mark: Mark, depth: int) -> Node:
        """The node an alias stands for."""
        self.spent.aliases += 1
        if self.spent.aliases > MAX_ALIASES:
            raise Unreadable(Fault("CXM109", (), f"more than {MAX_ALIASES:,} aliases (`*`)", "fewer repeats"), mark)
        if anchor not in self.anchors:
            message = f"`*{shorten(anchor)}` stands for nothing: no `&{shorten(anchor)}` comes before it"
            hint = "write the value itself; a text that begins with `*` needs quotes"
            raise Unreadable(Fault("CXM105", (), message, hint), mark)
        node = self.anchors[anchor]
        if node is None:
            message = f"`*{shorten(anchor)}` lies inside what it stands for"
            raise Unreadable(Fault("CXM110", (), message, "write the value itself"), mark)
        self.count(mark, node.size)
        self.deep(mark, depth + node.height - 1)
        return node

    def mark(self, event: Any) -> Mark:
        """The place of an event; only what stands on its first line is underlined."""
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Mark(start.line, start.column, max(1, width), self.source)

    def sequence(self, mark: Mark, depth: int) -> Node:
        """The nodes of a list."""
        items: list[Node] = []
        while not isinstance(event := self.parser.get_event(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return _collection(mark, items, items)

    def mapping(self, mark: Mark, depth: int) -> Node:
        """The pairs of a mapping, by key; a key given twice is a fault and its first value stays."""
        pairs: dict[str, tuple[Mark, Node]] = {}
        while not isinstance(event := self.parser.get_event(), yaml.MappingEndEvent):
            place = self.mark(event)
            word = self.key(event, place, depth)
            value = self.node(self.parser.get_event(), depth + 1)
            if word is None:
                continue
            if word in pairs:
                first = pairs[word][0].line + 1
                fault = Fault(
                    "CXM106",
                    (),
                    f"`{shorten(word)}` is given twice",
                    f"keep one; the first is on line {first}",
                )
                self.document.faults.append((fault, place))
            else:
                pairs[word] = (place, value)
        return _collection(mark, pairs, [value for _, value in pairs.values()])

    def key(self, event: Any, mark: Mark, depth: int) -> str | None:
        """A key's text, whatever YAML would make of it; None for one that cannot be used."""
        if isinstance(event, yaml.AliasEvent):
            node = self.alias(event.anchor, mark, depth)
            text = node.value if isinstance(node.value, str) else None
        else:
            node = self.node(event, depth + 1)
            text = event.value if isinstance(event, yaml.ScalarEvent) else None
        if text is None:
            fault = Fault("CXM113", (), "a key must be a word", "for example `track_order:`")
        elif text == "<<":
            fault = Fault("CXM108", (), "merge keys (`<<`) are not allowed", "write the keys out")
        else:
            return str(text)
        self.document.faults.append((fault, mark))
        return None


def _collection(mark: Mark, value: Any, below: list[Node]) -> Node:
    """A list or a mapping, with how many values it holds and how high they stack."""
    size = 1 + sum(node.size for node in below) + (len(below) if isinstance(value, dict) else 0)
    return Node(mark, value, size, 1 + max((node.height for node in below), default=0))


def scalar(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema: `no` and `12:30` are words, `010` is ten."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.fullmatch(text):
        return int(text) if len(text) < 18 else float(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _BASED.fullmatch(text):
        return int(text, 0) if len(text) < 18 else math.inf
    if text in _INFINITE:
        return -math.inf if text[0] == "-" else math.inf
    return math.nan if text in (".nan", ".NaN", ".NAN") else text


def _plain(node: Node, path: KeyPath, document: Document) -> Any:
    """The node as plain values; its places go into the document."""
    document.values[path] = node.mark
    if isinstance(node.value, dict):
        built = {}
        for key, (mark, value) in node.value.items():
            below = (*path, key)
            document.keys[below] = mark
            built[key] = _plain(value, below, document)
        return built
    if isinstance(node.value, list):
        return [_plain(item, (*path, str(place)), document) for place, item in enumerate(node.value)]
    return node.value


def explain(error: yaml.YAMLError, text: str) -> tuple[Fault, Mark | None]:
    """What the parser could not read, in plain words and where the reader would look."""
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    message, hint, opening = (
        f"this is not YAML: {shorten(problem, 120)}",
        "check indentation and colons near here",
        False,
    )
    for part, told in _SYNTAX.items():
        if part in problem or part in str(getattr(error, "context", "")):
            message, hint, opening = told
            break
    if opening:
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        return Fault("CXM105", (), message, hint), None
    line = next((line for place, line in enumerate(lines_of(text)) if place == mark.line), "")
    if line[: mark.column + 1].isspace() and "\t" in line[: mark.column + 1]:
        message, hint = "this line is indented with a tab", "indent with spaces"
    elif "cannot start any token" in problem and mark.column < len(line):
        message = f"a text cannot start with `{line[mark.column]}`"
    return Fault("CXM105", (), message, hint), Mark(mark.line, mark.column, 1)


_SYNTAX: Final = {
    "quoted scalar": ("these quotes are not closed", "close the quotes", True),
    "flow mapping": ("this bracket is not closed", "close it with `}`; commas between the entries", True),
    "flow sequence": ("this bracket is not closed", "close it with `]`; commas between the entries", True),
    "mapping values are not allowed": (
        "there is one colon too many in this line, or its key is not in line with the others",
        "a text with a colon in it needs quotes; keys that belong together start in the same column",
        False,
    ),
    "cannot start any token": ("a text cannot start with this character", "put the text in quotes", False),
    "could not find expected ':'": (
        "this is neither a key nor its value",
        "a key, a colon, a space: `key: value`",
        True,
    ),
    "document start": (
        "there is more text after the scenario has ended",
        "check the quotes and brackets above this line",
        False,
    ),
    "block mapping": (
        "this does not belong to the lines above",
        "keys that belong together start in one column",
        False,
    ),
    "block collection": (
        "this does not belong to the list above",
        "entries of a list start in one column",
        False,
    ),
}
"""Part of the parser's words -> what is wrong, what would be right, point at where it opened?."""
