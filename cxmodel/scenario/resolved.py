"""Values as YAML text that reads back as the same values. One way to write each; knows nothing of scenarios."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from cxmodel.scenario.reading import scalar

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
