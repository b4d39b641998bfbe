"""From what pydantic refuses to faults in our words, each at the path where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from cxmodel.scenario.faults import ENOUGH, Fault, KeyPath, closest, quote, suggestion
from cxmodel.scenario.fields.base import ID_PATTERN
from cxmodel.scenario.fields.ids import in_latin_letters
from cxmodel.scenario.fields.introspection import has_keys, is_list, keys_at, kind_at, needed_keys, wanted, ways_at
from cxmodel.scenario.yaml_text.merge import LAYERING

_SHAPES = {
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "tuple_type": "a list",
    "string_type": "a word",
}
"""Pydantic's complaint about a shape, and the shape that is needed."""
_TAG = re.compile(r"\([a-z]+\)")
"""The name of one of several ways to write something, such as `(bass)`."""


def faults_of(error: ValidationError, root: type[BaseModel], plain: Mapping[str, Any]) -> list[Fault]:
    """Every fault of a refused scenario."""
    faults: list[Fault] = []
    for refusal in error.errors(include_url=False, include_input=True):
        faults.extend(_faults(dict(refusal), root, plain))
        if len(faults) > ENOUGH:
            break
    return _without_consequences(faults)


def _without_consequences(faults: list[Fault]) -> list[Fault]:
    """The faults without a missing key beside a misspelt one that was meant for it."""
    meant = {(*fault.path[:-1], fault.expected) for fault in faults if fault.code == "CXM201"}
    return [
        fault
        for fault in faults
        if fault.code != "CXM202" or (*fault.path[:-1], f"did you mean `{fault.path[-1]}`?") not in meant
    ]


def _faults(refusal: dict[str, Any], root: type[BaseModel], plain: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of one refusal."""
    path, kind, value = _written(refusal["loc"], plain), refusal["type"], refusal.get("input")
    context = refusal.get("ctx", {})
    if kind == "fault":
        for fault in context["faults"]:
            yield fault.under(path)
    elif kind == "missing":
        key = str(refusal["loc"][-1])
        parent = path[:-1] if path and path[-1] == key else path
        hint = _instead(parent, plain) + wanted(root, parent, key)
        yield Fault("CXM202", (*parent, key), f"`{key}` is missing", hint, at_key=True)
    elif kind == "extra_forbidden":
        key = str(refusal["loc"][-1])
        options = keys_at(root, path[:-1])
        if len(path) == 1 and closest(key, [*options, *LAYERING]) in LAYERING:
            options = list(LAYERING)
        if key in options:
            message, hint = f"{quote(key)} does not go with the keys beside it", " or ".join(ways_at(root, path[:-1]))
        else:
            message, hint = f"unknown key {quote(key)}", suggestion(key, options, "the keys that can stand here")
        yield Fault("CXM201", path, message, hint, at_key=True)
    elif kind == "string_pattern_mismatch":
        at_key = refusal["loc"][-1] == "[key]"
        yield Fault("CXM209", path, f"{quote(value)} cannot be used as a name", _good_id(value), at_key=at_key)
    elif kind == "string_too_long":
        yield Fault("CXM204", path, f"a text of {len(str(value)):,} characters", f"at most {context['max_length']}")
    elif kind in ("too_short", "too_long", "string_too_short"):
        yield Fault("CXM215", path, *_count(kind, path, context))
    elif kind in _SHAPES and value is None:
        yield Fault("CXM212", path, "this key has no value", _shape(root, path, value))
    elif kind in _SHAPES:
        message = f"{quote(value)} where {_SHAPES[kind]} should be"
        yield Fault("CXM208", path, message, _shape(root, path, value))
    else:
        yield Fault("CXM208", path, refusal["msg"])


def _instead(path: KeyPath, plain: Any) -> str:
    """The entry that was probably meant by one of almost the same name that holds a single value."""
    for step in path[:-1]:
        plain = plain.get(step) if isinstance(plain, dict) else None
    entry = plain.get(path[-1]) if path and isinstance(plain, dict) else None
    if not isinstance(entry, dict) or len(entry) != 1:
        return ""
    near = closest(path[-1], (name for name in plain if name != path[-1]))
    return f"did you mean `{'.'.join((*path[:-1], near, *entry))}`? Else " if near else ""


def _shape(root: type[BaseModel], path: KeyPath, value: object) -> str:
    """How the value at a path is written."""
    kind = kind_at(root, path)
    if is_list(kind):
        return f"`[{value}]`" if isinstance(value, str) and len(value) < 40 else "`[one, two]`"
    if needed := needed_keys(kind):
        plain = str(value) if len(needed) == 1 and isinstance(value, int | float | str) else "…"
        return f"for example `{{{', '.join(f'{key}: {plain}' for key in needed)}}}`"
    return "`{key: value, …}`, or one `key: value` a line" if has_keys(kind) else "a word"


def _good_id(value: object) -> str:
    """The id that was probably meant, and how ids are written."""
    rule = "small letters, digits and `_`, beginning with a letter"
    near = in_latin_letters(str(value))
    return f"did you mean `{near}`? ({rule})" if re.fullmatch(ID_PATTERN, near) else f"{rule}, such as `track_order`"


def _count(kind: str, path: KeyPath, context: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with how many there are, and what would be right."""
    name = path[-1] if path else "this"
    if kind == "too_long":
        return (
            f"`{name}` has {context.get('actual_length', 'too many')} entries",
            f"at most {context['max_length']}",
        )
    return f"`{name}` is empty", "at least one entry"


def _written(location: Iterable[str | int], plain: Any) -> KeyPath:
    """The part of pydantic's location that is written in the file; names of alternatives are left out."""
    path: list[str] = []
    at: Any = plain
    steps = [step for step in location if step != "[key]"]
    for place, step in enumerate(steps):
        if isinstance(at, dict) and str(step) in at:
            at = at[str(step)]
        elif isinstance(at, list) and isinstance(step, int) and step < len(at):
            at = at[step]
        elif place < len(steps) - 1 or _TAG.fullmatch(str(step)):
            continue
        path.append(str(step))
    return tuple(path)
