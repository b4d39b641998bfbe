"""YAML texts as people and programs write them, with what they mean and where each value stands.

Written by hand and not by a YAML library, so that it owes nothing to the reading that it tests.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Way = tuple[str, ...]

PLAIN = [
    ("5", 5), ("0.70", 0.7), ("010", 10), ("-3", -3), ("1e3", 1000.0), ("true", True), ("~", None), ("no", "no"),
    ("12:30", "12:30"), ("5 minutes", "5 minutes"), ("+2 per year", "+2 per year"), ("größer – 🙂", "größer – 🙂"),
    ("a#b", "a#b"), ("back\\slash", "back\\slash"), ("https://x.y/z?a=1", "https://x.y/z?a=1"),
    ('"5 minutes"', "5 minutes"), ("'it''s'", "it's"), ('"a\\n\\"b\\""', 'a\n"b"'), ("'# no comment'", "# no comment"),
    ("''", ""), ('"{x}, [y]"', "{x}, [y]"), ("'0.5'", "0.5"), ('"\\u00e4\\t"', "ä\t"),
]  # fmt: skip
KEYS = [
    ("a", "a"), ("b", "b"), ("key_1", "key_1"), ("two words", "two words"), ("ü", "ü"), ("1", "1"), ("true", "true"),
    ("a.b.c", "a.b.c"), ("x#y", "x#y"), ('"q: r"', "q: r"), ("'single'", "single"), ('"#"', "#"),
]  # fmt: skip


@dataclass(eq=False)
class Slot:
    """One value of a text: what it means, and between which characters it stands, comments of its own included."""

    kind: str
    value: Any = None
    entries: list[tuple[str, Slot]] = field(default_factory=list)
    target: Slot | None = None
    start: int = 0
    end: int = 0
    block: bool = False
    own: list[str] = field(default_factory=list)
    """Comments that go with it."""

    def plain(self) -> Any:
        if self.target is not None:
            return self.target.plain()
        if self.kind == "mapping":
            return {key: slot.plain() for key, slot in self.entries}
        if self.kind == "list":
            return [slot.plain() for _, slot in self.entries]
        return self.value

    def become(self, value: Any) -> None:
        self.kind, self.value, self.entries, self.target = "made", value, [], None

    def below(self, path: Way = ()) -> Iterator[tuple[Way, Slot]]:
        """Itself and everything written in it."""
        yield path, self
        for key, slot in self.entries:
            yield from slot.below((*path, key))


class Wild:
    """One text, told by its seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.text = ""
        self.newline = self.chance.choice(["\n", "\n", "\r\n"])
        self.anchored: list[tuple[str, Slot]] = []
        self.comments: list[str] = []
        self.under = 0
        """Where the last text under `|` or `>` ended: the line end behind it means something."""
        self.kept = False
        """Whether an empty line would belong to the text above it."""
        if self.maybe(0.1):
            self.put(f"%YAML 1.2{self.newline}---{self.newline}")
        elif self.maybe(0.3):
            self.comment(self.newline)
            self.put(self.newline)
        self.root = Slot("mapping")
        if self.maybe(0.1):
            self.flow(self.root, 0, 3)
        else:
            self.block_mapping(self.root, 0, 3)
        if self.maybe(0.3) and len(self.text.rstrip()) > self.under:
            self.text = self.text.rstrip("\r\n")
        self.mark = "\ufeff" * self.maybe(0.1)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def put(self, text: str) -> None:
        self.text += text

    def comment(self, after: str, owner: Slot | None = None) -> None:
        more = self.chance.choice([";", "\t;", " ä: {x} ;", " & *a \"';"])
        word = f"#c{len(self.comments)}{more}"
        self.comments.append(word)
        if owner is not None:
            owner.own.append(word)
        self.put(word + after)

    def keys(self, many: int) -> list[tuple[str, str]]:
        return self.chance.sample(KEYS, many)

    def anchor(self, slot: Slot, share: float = 0.15) -> None:
        if self.maybe(share):
            name = f"n{len(self.anchored)}"
            self.anchored.append((name, slot))
            self.put(f"&{name} ")

    def block_mapping(self, slot: Slot, indent: int, deep: int, compact: bool = False) -> None:
        slot.kind, slot.block = "mapping", True
        for number, (written, key) in enumerate(self.keys(self.chance.randint(1, 4))):
            entry = Slot("scalar")
            if number or not compact:
                self.lead(entry, indent)
            self.put(written + " " * self.maybe(0.1) + ":")
            self.value(entry, indent, deep)
            slot.entries.append((key, entry))
        self.tail(indent)

    def block_list(self, slot: Slot, indent: int, deep: int, compact: bool = False) -> None:
        slot.kind, slot.block = "list", True
        for number in range(self.chance.randint(1, 4)):
            entry = Slot("scalar")
            if number or not compact:
                self.lead(entry, indent)
            self.put("-")
            entry.start = len(self.text)
            if deep and self.maybe(0.3):
                gap = self.chance.randint(1, 3)
                self.put(" " * gap)
                nested = self.block_mapping if self.maybe(0.7) else self.block_list
                nested(entry, indent + 1 + gap, deep - 1, True)
                entry.end = len(self.text)
            else:
                self.value(entry, indent, deep)
            slot.entries.append((str(number), entry))
        self.tail(indent)

    def lead(self, entry: Slot, indent: int) -> None:
        """Blank lines and comments above an entry, and its indentation."""
        if self.maybe(0.2):
            self.put(" " * indent)
            self.comment(self.newline * 2)
        elif self.maybe(0.2) and not self.kept:
            self.put(self.newline)
        self.kept = False
        while self.maybe(0.2):
            self.put(" " * indent)
            self.comment(self.newline, entry)
        self.put(" " * indent)

    def tail(self, indent: int) -> None:
        if self.maybe(0.1):
            self.put(" " * indent)
            self.comment(self.newline * 2)

    def value(self, slot: Slot, indent: int, deep: int) -> None:
        """A value behind a colon or a dash, up to the end of its last line."""
        slot.start = len(self.text)
        kind = self.chance.choice(
            ["scalar"] * 5 + ["flow", "flow", "alias", "empty", "text"] + ["block"] * 3 * (deep > 0)
        )
        if kind == "block":
            if self.maybe(0.15):
                self.put(" ")
                self.anchor(slot, 1)
                slot.start = len(self.text) - 1
            if self.maybe(0.3):
                self.put(" ")
                self.comment("", slot)
            self.put(self.newline)
            further = indent + self.chance.randint(1, 4)
            if self.maybe(0.6):
                self.block_mapping(slot, further, deep - 1)
            else:
                self.block_list(slot, further, deep - 1)
            slot.end = len(self.text)
            return
        if kind == "alias" and self.done_anchors(slot):
            name, slot.target = self.chance.choice(self.done_anchors(slot))
            slot.kind = "alias"
            self.put(f" *{name}")
        elif kind == "text":
            self.block_text(slot, indent)
            return
        elif kind != "empty":
            self.put(" " * self.chance.randint(1, 3))
            self.anchor(slot)
            slot.start = len(self.text)
            if kind == "flow":
                self.flow(slot, indent + 1, 2)
            else:
                self.scalar(slot, indent + 1)
        slot.end = len(self.text)
        if self.maybe(0.3):
            self.put(self.chance.choice([" ", "   ", "\t"]) if slot.end > slot.start else "  ")
            self.comment("", slot)
        self.put(self.newline)

    def done_anchors(self, slot: Slot) -> list[tuple[str, Slot]]:
        """Anchors that are written to their end."""
        return [(name, other) for name, other in self.anchored if other is not slot and other.end]

    def scalar(self, slot: Slot, indent: int) -> None:
        if indent and self.maybe(0.1):
            quote = self.chance.choice(["'", '"', ""])
            slot.value = "over two"
            self.put(f"{quote}over{self.newline}{' ' * indent}two{quote}")
        else:
            text, slot.value = self.chance.choice(PLAIN)
            self.put(text)

    def block_text(self, slot: Slot, indent: int) -> None:
        """A text under `|` or `>`."""
        style, chomp = self.chance.choice("|>"), self.chance.choice(["", "-", "+"])
        rows = self.chance.choice([["one"], ["one", "two: 2"], ["# one", "", "- two"]])
        self.put(" ")
        slot.start = len(self.text)
        self.put(style + chomp)
        if self.maybe(0.2):
            self.put(" ")
            self.comment("", slot)
        inner = " " * (indent + self.chance.randint(1, 3))
        for row in rows:
            self.put(self.newline + (inner + row if row else ""))
        if chomp == "+" and self.maybe(0.5):
            self.put(self.newline)
            rows = [*rows, ""]
        slot.end = len(self.text)
        self.put(self.newline)
        joined = {"|": "\n".join(rows)}.get(style) or self.folded(rows)
        slot.value = joined + ("" if chomp == "-" else "\n")
        self.kept, self.under = chomp == "+", slot.end
        self.put(self.newline * (self.maybe(0.3) and not self.kept))

    @staticmethod
    def folded(rows: list[str]) -> str:
        kept = [row for row in rows if row]
        return ("\n" if "" in rows[:-1] else " ").join(kept) + "\n" * (rows[-1] == "")

    def flow(self, slot: Slot, indent: int, deep: int) -> None:
        """Brackets, on one line or on several."""
        mapping = slot.kind == "mapping" or self.maybe(0.6)
        slot.kind = "mapping" if mapping else "list"
        many = self.chance.randint(0 if indent else 1, 3)
        keys = self.keys(many)
        wide = self.maybe(0.3) and many > 0
        pad = " " * self.maybe(0.2)
        self.put("{" if mapping else "[")
        self.put(pad * (many > 0 and not wide))
        inner = self.newline + " " * (indent + 2)
        if wide:
            if self.maybe(0.2):
                self.put(" ")
                self.comment("")
            self.put(inner)
        for number, (written, key) in enumerate(keys):
            entry = Slot("scalar")
            if mapping:
                self.put(written + ":")
            entry.start = len(self.text)
            if not (mapping and self.maybe(0.1)):
                self.put(" " * mapping)
                if self.maybe(0.15) and self.done_anchors(slot):
                    entry.start = len(self.text)
                    name, entry.target = self.chance.choice(self.done_anchors(slot))
                    entry.kind = "alias"
                    self.put(f"*{name} ")
                else:
                    self.anchor(entry)
                    entry.start = len(self.text)
                    if deep and self.maybe(0.3):
                        self.flow(entry, indent + 2, deep - 1)
                    else:
                        self.scalar(entry, indent + 2)
            else:
                self.put(" ")
            entry.end = len(self.text)
            slot.entries.append((key if mapping else str(number), entry))
            last = number == many - 1
            if not last or self.maybe(0.2):
                self.put(",")
            if wide:
                if self.maybe(0.3):
                    self.put(" ")
                    self.comment("", entry)
                    self.put(inner)
                else:
                    self.put(self.newline + " " * (indent + (0 if last else 2)))
            elif not last:
                self.put(" ")
        self.put(pad * (many > 0 and not wide))
        self.put("}" if mapping else "]")
        slot.end = len(self.text)
