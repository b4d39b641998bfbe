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

from cxmodel.scenario.characters import FORBIDDEN, ODD_BLANK, STARTS_ODD, name_of, plainly, visible, written_as
from cxmodel.scenario.decimals import WithDecimals
from cxmodel.scenario.faults import Fault, KeyPath, shorten
from cxmodel.scenario.yaml_text.document import BREAK, Document, Mark, Source, lines_of

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
    """One value as written: a scalar, a list of nodes, or the nodes of a mapping's keys and values by key."""

    mark: Mark
    value: Any
    start: int
    """Its first character, which is that of its anchor where it has one."""
    end: int
    """Behind its last character."""
    style: str = ""
    """How a scalar is quoted: not, `'`, `"`, `|` or `>`; `{` for a mapping or a list in brackets."""
    anchor: str | None = None
    target: Node | None = None
    """What an alias stands for, whose value it has."""
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
    return parse(text, name, source, spent)[0]


def parse(
    text: str, name: str, source: Source | None = None, spent: Spent | None = None
) -> tuple[Document, Node | None]:
    """The same with the root of its nodes, which tell where everything is written; for a text without faults."""
    document, root = Document(name, text, files=(name,)), None
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
    return document, root


class _Composer:
    """Turns the parser's events into nodes, counting as it goes."""

    def __init__(self, document: Document, text: str, source: Source | None, spent: Spent) -> None:
        self.document = document
        self.text = text
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

    def event(self) -> Any:
        """The next thing that the parser has seen."""
        return self.parser.get_event()

    def next(self, kind: type) -> Any:
        """The next event, which can only be of that kind."""
        event = self.event()
        assert isinstance(event, kind)
        return event

    def node(self, event: Any, depth: int) -> Node:
        """The node that starts with this event."""
        mark = self.mark(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, mark, depth)
        self.count(mark, 1)
        self.deep(mark, depth)
        if event.tag is not None:
            tag = shorten(event.tag.replace("tag:yaml.org,2002:", "!!"))
            fault = Fault("CXM107", (), f"the tag `{tag}` is not allowed", "the plain value, without `!`")
            self.document.faults.append((fault, mark))
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node = Node(mark, None, event.start_mark.index, event.end_mark.index, "", event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            node.style = event.style or ""
            node.value = self.text_of(event, mark) if event.style else self.plain(event, mark)
        else:
            node.style = "{" if event.flow_style else ""
            below = self.items(node, depth) if isinstance(event, yaml.SequenceStartEvent) else self.pairs(node, depth)
            node.size += sum(one.size for one in below)
            node.height += max((one.height for one in below), default=0)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def plain(self, event: Any, mark: Mark) -> Any:
        """The value of a scalar without quotes, in whose indents and at whose ends no odd blank stands."""
        written = "" if event.value.isascii() else self.text[event.start_mark.index : event.end_mark.index]
        if (odd := _EDGES.search(written)) is not None:
            self.odd_at(mark, written, odd.end() - 1)
        return scalar(self.text_of(event, mark))

    def text_of(self, event: Any, mark: Mark) -> str:
        """The text of a scalar, in which nothing stands that could move a terminal or deceive a reader."""
        text = str(event.value)
        if (odd := FORBIDDEN.search(text)) is None:
            return text
        written = self.text[event.start_mark.index : event.end_mark.index]
        place, width = written_as(written, odd[0])
        here = self.place_in(mark, written, place)._replace(width=width)
        fault = Fault("CXM121", (), f"there is {name_of(odd[0])} in this text", "leave it out")
        self.document.faults.append((fault, here))
        return visible(text)

    def odd_at(self, mark: Mark, written: str, place: int) -> None:
        """Note an odd blank at a place of what is written from a mark on."""
        self.document.faults.append((odd_blank(written[place]), self.place_in(mark, written, place)))

    def place_in(self, mark: Mark, written: str, place: int) -> Mark:
        """A place of what is written from a mark on."""
        breaks = list(BREAK.finditer(written, 0, place))
        column = place - breaks[-1].end() if breaks else mark.column + place
        return Mark(mark.line + len(breaks), column, 1, self.source)

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

    def alias(self, event: Any, mark: Mark, depth: int) -> Node:
        """A node that has the value of another."""
        anchor: str | None = event.anchor
        self.spent.aliases += 1
        if self.spent.aliases > MAX_ALIASES:
            raise Unreadable(Fault("CXM109", (), f"more than {MAX_ALIASES:,} aliases (`*`)", "fewer repeats"), mark)
        if anchor not in self.anchors:
            message = f"`*{shorten(anchor)}` stands for nothing: no `&{shorten(anchor)}` comes before it"
            hint = "write the value itself; a text that begins with `*` needs quotes"
            raise Unreadable(Fault("CXM105", (), message, hint), mark)
        target = self.anchors[anchor]
        if target is None:
            message = f"`*{shorten(anchor)}` lies inside what it stands for"
            raise Unreadable(Fault("CXM110", (), message, "write the value itself"), mark)
        self.count(mark, target.size)
        self.deep(mark, depth + target.height - 1)
        start, end = event.start_mark.index, event.end_mark.index
        return Node(mark, target.value, start, end, target=target, size=target.size, height=target.height)

    def mark(self, event: Any) -> Mark:
        """The place of an event; only what stands on its first line is underlined."""
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Mark(start.line, start.column, max(1, width), self.source)

    def items(self, node: Node, depth: int) -> list[Node]:
        """Give a list its nodes, which are returned."""
        node.value = items = []
        while not isinstance(event := self.event(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        node.end = _end(event)
        return items

    def pairs(self, node: Node, depth: int) -> list[Node]:
        """Give a mapping its pairs, whose values are returned; of a key given twice, a fault, the first value stays."""
        pairs: dict[str, tuple[Node, Node]] = {}
        commas = _Commas(node, node)
        while not isinstance(event := self.event(), yaml.MappingEndEvent):
            key, word = self.key(event, depth)
            value = self.node(self.event(), depth + 1)
            if word is None or commas.splits(self, key, value):
                continue
            if word != key.value and value.start == value.end and ":" in word:
                word, value.value = _split_by_odd_blank(word)  # `stage:` and a blank that is none
            commas = _Commas(node, value)
            if word in pairs:
                first = pairs[word][0].mark.line + 1
                fault = Fault(
                    "CXM106",
                    (),
                    f"`{shorten(word)}` is given twice",
                    f"keep one; the first is on line {first}",
                )
                self.document.faults.append((fault, key.mark))
            else:
                pairs[word] = (key, value)
        node.value, node.end = pairs, _end(event)
        node.size += len(pairs)
        return [value for _, value in pairs.values()]

    def key(self, event: Any, depth: int) -> tuple[Node, str | None]:
        """A key, and its text, whatever YAML would make of it; None for one that cannot be used."""
        if isinstance(event, yaml.AliasEvent):
            node = self.node(event, depth)
            text = node.value if isinstance(node.value, str) else None
        else:
            node = self.node(event, depth + 1)
            text = visible(event.value) if isinstance(event, yaml.ScalarEvent) else None
        written = self.text[node.start : node.end]
        if text is not None and not node.style and (odd := ODD_BLANK.search(written)):
            self.odd_at(node.mark, written, odd.start())
            return node, plainly(str(text)).strip()
        if text is None:
            fault = Fault("CXM113", (), "a key must be a word", "for example `track_order:`")
        elif text == "<<":
            fault = Fault("CXM108", (), "merge keys (`<<`) are not allowed", "write the keys out")
        else:
            return node, str(text)
        self.document.faults.append((fault, node.mark))
        return node, None


def _split_by_odd_blank(word: str) -> tuple[str, Any]:
    """The key and the value that an odd blank behind the colon kept together."""
    key, _, value = word.partition(":")
    return key.strip(), scalar(value.strip())


_EDGES: Final = re.compile(rf"\A{ODD_BLANK.pattern}|[\n\r][ \t]*{ODD_BLANK.pattern}|{ODD_BLANK.pattern}\Z")
"""An odd blank where a text without quotes begins, ends or goes on in a new line."""


def odd_blank(character: str) -> Fault:
    """A blank that YAML takes for a letter."""
    return Fault("CXM219", (), f"there is {name_of(character)} here", "an ordinary space, or nothing, in its place")


class _Commas:
    """`{level: 0,4}`: in brackets a decimal comma ends the value, and what follows it looks like another key."""

    def __init__(self, mapping: Node, value: Node) -> None:
        self.number = value if mapping.style == "{" and _is_plain_number(value) else None
        self.end = value.end
        self.fault = -1

    def splits(self, reading: _Composer, key: Node, value: Node) -> bool:
        """Whether this key is what a comma cut off from the number before it; then that is a fault."""
        if self.number is None or value.start != value.end or key.style or key.start != self.end + 1:
            return False
        text, faults = reading.text, reading.document.faults
        if text[self.end] != "," or not text[key.start : key.end][:1].isdecimal():
            return False
        self.end = key.end
        written = text[self.number.start : self.end]
        self.number.value, self.number.mark = written, self.number.mark._replace(width=len(written))
        place = Fault("CXM218", (), *_told(written)), self.number.mark
        if self.fault < 0:
            self.fault = len(faults)
            faults.append(place)
        else:
            faults[self.fault] = place
        return True


def _is_plain_number(node: Node) -> bool:
    return not node.style and isinstance(node.value, int | float) and not isinstance(node.value, bool)


_ONLY_THOUSANDS: Final = re.compile(r"[-+]?[0-9]+,[0-9,]*[,.].*|[-+]?[1-9][0-9]{0,2},000")


def _told(written: str) -> tuple[str, str]:
    """What is wrong with a number that has a comma in it, and what would be right."""
    number = re.match(r"[-+0-9.,]+", written)
    digits = number[0] if number else written
    rest = written[len(digits) :]
    whole, decimal = f"`{digits.replace(',', '')}{rest}`", f"`{digits.replace(',', '.')}{rest}`"
    ends = f"`{shorten(written)}` has a comma in its number, which ends a value here"
    if _ONLY_THOUSANDS.fullmatch(digits):
        return ends, f"{whole}, without marks between the digits"
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}", digits):
        return ends, f"{whole} for thousands, without a mark; decimals come after a point: {decimal}"
    return f"`{shorten(written)}` has a decimal comma, which is a point in YAML", decimal


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def scalar(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema: `no` and `12:30` are words, `010` is ten."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.fullmatch(text):
        return int(text) if len(text) < 18 else float(text)
    if _FLOAT.fullmatch(text):
        return WithDecimals(text) if "." in text else float(text)
    if _BASED.fullmatch(text):
        return int(text, 0) if len(text) < 18 else math.inf
    if text in _INFINITE:
        return -math.inf if text[0] == "-" else math.inf
    return math.nan if text in (".nan", ".NaN", ".NAN") else text


def _plain(node: Node, path: KeyPath, document: Document) -> Any:
    """The node as plain values; its places go into the document."""
    document.values[path] = (node.target or node).mark
    if isinstance(node.value, dict):
        built = {}
        for key, (word, value) in node.value.items():
            below = (*path, key)
            document.keys[below] = word.mark
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
    lines = list(lines_of(text))
    if (odd := _odd_near(lines, mark.line, getattr(error, "context_mark", None))) is not None:
        return odd_blank(lines[odd.line][odd.column]), odd
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[: mark.column + 1].isspace() and "\t" in line[: mark.column + 1]:
        message, hint = "this line is indented with a tab", "indent with spaces"
    elif "cannot start any token" in problem and mark.column < len(line):
        message = f"a text cannot start with `{line[mark.column]}`"
    return Fault("CXM105", (), message, hint), Mark(mark.line, mark.column, 1)


def _odd_near(lines: list[str], line: int, context: Any) -> Mark | None:
    """An odd blank that may have led the parser astray: in the lines where it lost its way, beside what it needs."""
    first = min(line - 1, context.line) if context is not None else line - 1
    for place in range(max(0, first, line - 20), min(line + 1, len(lines))):
        if (odd := STARTS_ODD.search(lines[place])) is not None:
            name = next(name for name, found in odd.groupdict().items() if found)
            return Mark(place, odd.start(name), 1)
    return None


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
