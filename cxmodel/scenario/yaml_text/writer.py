"""Values as YAML text that reads back as the same values. One way to write each; knows nothing of scenarios."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario.characters import FORBIDDEN, name_of
from cxmodel.scenario.faults import quote
from cxmodel.scenario.files import unprintable
from cxmodel.scenario.yaml_text.parser import read, scalar

_PLAIN = re.compile(r"[\w+.][\w .%/()+'’–-]*")
"""Texts that need no quotes, unless they would read as a number or a truth."""
_WORD = re.compile(r"[\w-][\w.-]*")
_ODD = [*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF]
_BREAKS = {code: f"\\u{code:04x}" for code in _ODD}
_LONG = 100
"""Longest key on one line with its value; YAML itself allows a thousand characters."""


def to_yaml(plain: dict[str, Any]) -> str:
    """The YAML text of a mapping: block style, lists of plain values in one line, one line for a sourced number."""
    return "".join(f"{line}\n" for line in _mapping(plain)) if plain else "{}\n"


def text_of(value: Any) -> str:
    """A value in one line, as one would write it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {text_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return _number(value)
    return str(value) if isinstance(value, int) else _scalar(str(value))


def _number(value: float) -> str:
    """A number with as many digits as it needs; whole ones without a point."""
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and scalar(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False).translate(_BREAKS)


def _key(key: str) -> str:
    """A key; whatever stands there is a word."""
    return key if _WORD.fullmatch(key) and key[0] != "-" else json.dumps(key, ensure_ascii=False).translate(_BREAKS)


def _mapping(mapping: dict[str, Any]) -> Iterator[str]:
    for key, value in mapping.items():
        name = _key(key)
        if len(name) > _LONG:
            yield f"? {name}"
            yield from _entry(":", value, " ")
        else:
            yield from _entry(f"{name}:", value)


def _entry(head: str, value: Any, pad: str = "") -> Iterator[str]:
    """What follows a key or a dash: on its line, or on lines of its own below."""
    if isinstance(value, dict) and value and not _fits(value):
        yield head
        yield from (f"  {line}" for line in _mapping(value))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        yield head
        for item in value:
            lines = list(_mapping(item)) if isinstance(item, dict) and item else list(_entry("", item))
            first, *rest = [line.removeprefix(" ") if not place else line for place, line in enumerate(lines)]
            yield from (f"  - {first}" if first else "  -", *(f"    {line}" for line in rest))
    else:
        yield f"{head} {text_of(value)}"


def _fits(value: dict[str, Any]) -> bool:
    """Whether a mapping goes on one line: a number with its source."""
    return "value" in value and not any(isinstance(item, dict | list) for item in value.values())


WIDE: Final = 100
"""Characters of a line after which a new mapping is written in lines of its own."""
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value together with the way in which someone wrote it, such as `0.80`."""

    value: Any
    text: str


def tidy(value: Any) -> Any:
    """The value in the types that a text is read to. Raises `UsageError` for what no scenario can hold."""
    if isinstance(value, Mapping):
        return {str(key): tidy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(item) for item in value]
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise UsageError(f"{quote(value)} holds half a character, which no text file can hold")
        if (odd := FORBIDDEN.search(value)) is not None:
            raise UsageError(f"{quote(value)} holds {name_of(odd[0])}, which no scenario can hold; leave it out")
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if len(str(value)) < 18 else float(value)
    if isinstance(value, float):
        return float(value)
    raise UsageError(f"a {type(value).__name__} cannot stand in a scenario: a number, a text, a list or a mapping can")


def inline(value: Any, inside: bool, style: str = "") -> str:
    """The value on one line; a text in the quotes it had, where it can have them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key, True)}: {inline(item, True)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item, True) for item in value) + "]"
    if isinstance(value, str):
        return _text(value, inside, style)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return repr(value)


def key_text(key: str, inside: bool) -> str:
    """A key, in quotes if it needs them."""
    return key if _is_plain(key, inside, True) else _double(key)


def lines(value: Any, inside_width: int) -> Iterator[str]:
    """A mapping or a list that is not empty, in lines of its own, before they are indented."""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        head = "-" if key is None else f"{key_text(key, False)}:"
        short = inline(item, False)
        if item and isinstance(item, dict | list) and len(head) + 1 + len(short) > inside_width:
            deeper = [f"  {line}" for line in lines(item, inside_width - 2)]
            if key is None:
                yield f"- {deeper.pop(0)[2:]}"
            else:
                yield head
            yield from deeper
        else:
            yield f"{head} {short}"


def block_text(value: str, style: str, header: str, indent: str, width: int) -> str | None:
    """A text under `|` or `>`, as it was before; None where it cannot be written so."""
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    if not body.strip() or ends > 1 or body[0] in " \t\n" or re.search(r"[0-9]", header.partition("#")[0]):
        return None
    indicator, hash_, comment = header.partition("#")
    blanks = indicator[len(indicator.rstrip()) :]
    head = style + ("" if ends else "-") + (blanks or " ") * bool(hash_) + hash_ + comment
    rows: list[str] = []
    for row in body.split("\n"):
        if style == "|":
            rows.append(row)
        else:
            wrapped = textwrap.wrap(row, max(20, width), break_long_words=False, break_on_hyphens=False)
            rows += [*([""] if rows else []), *(wrapped or [""])]
    return "\n".join([head, *(indent + row if row else "" for row in rows)])


def _text(value: str, inside: bool, style: str) -> str:
    if style == '"':
        return _double(value)
    if style == "'" and not _unquotable(value):
        return "'" + value.replace("'", "''") + "'"
    return value if _is_plain(value, inside, False) else _double(value)


def _double(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _unquotable(value: str) -> bool:
    """Whether a text needs escapes."""
    return any(letter in value for letter in "\n\r\x85\u2028\u2029\ufeff") or unprintable(value, "") is not None


@lru_cache(maxsize=4096)
def _is_plain(value: str, inside: bool, key: bool) -> bool:
    """Whether a text without quotes is read as just that text."""
    if value == "-" or _unquotable(value) or (len(value) > 1000 and key):
        return False
    pair = f"{value}: 0" if key else f"v: {value}"
    document = read("{" + pair + "}" if inside else pair, "")
    return not document.faults and document.plain == ({value: 0} if key else {"v": value})
