"""Dotted paths as they are written, and the keys they lead along. Knows nothing of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario.faults import Path, quote

_OF_CHANGES: Final = ("initiatives", "futures")
"""Sections whose entries have `changes`, whose keys are dotted paths themselves."""

FACT_KEYS: Final = ("value", "low", "high", "source", "as_of", "note")


def steps_of(dotted: str, plain: Any) -> Path:
    """The keys that a dotted path leads along in a scenario as written.

    Ids have no dots, but keys of `changes` have, and those of `meta` may: of these, the longest that exists is
    taken.
    """
    words = dotted.split(".")
    path: list[str] = []
    at = plain
    while words:
        in_changes = is_of_changes(path)
        lengths = range(len(words), 0, -1) if isinstance(at, dict) and (in_changes or path[:1] == ["meta"]) else ()
        length = next((number for number in lengths if ".".join(words[:number]) in at), len(words) if in_changes else 1)
        key = ".".join(words[:length])
        at = at.get(key) if isinstance(at, dict) else _entry(at, key)
        path.append(key)
        words = words[length:]
    return tuple(path)


def is_of_changes(path: Sequence[str]) -> bool:
    """Whether a path leads to the `changes` of an initiative or a future."""
    return len(path) == 3 and path[0] in _OF_CHANGES and path[2] == "changes"


def written_at(plain: Any, path: Path) -> tuple[Any, int]:
    """What is written at a path, and how many of its steps can be taken."""
    at = plain
    for taken, step in enumerate(path):
        if isinstance(at, dict) and step in at:
            at = at[step]
        elif isinstance(at, list) and step.isdecimal() and int(step) < len(at):
            at = at[int(step)]
        else:
            return at, taken
    return at, len(path)


def _entry(at: Any, step: str) -> Any:
    """An entry of a list by its place."""
    return at[int(step)] if isinstance(at, list) and step.isdecimal() and int(step) < len(at) else None


class Removed:
    """No value at all."""

    def __repr__(self) -> str:
        return "REMOVE"


REMOVE: Final = Removed()
"""In place of a value: the key goes."""

Way = tuple[str, ...]
"""The keys that lead to a value."""


def keys_of(plain: Any, path: str | Way) -> Way:
    """The keys of a dotted path, of which some may have dots themselves."""
    if not isinstance(path, str):
        return tuple(path)
    left, at = path.split("."), plain
    found: list[str] = []
    while left:
        size = len(left) if _holds_paths(found) else 1
        if isinstance(at, dict):
            size = next((many for many in range(len(left), 0, -1) if ".".join(left[:many]) in at), size)
        key = ".".join(left[:size])
        at = at.get(key) if isinstance(at, dict) else _at_place(at, key)
        found.append(key)
        left = left[size:]
    return tuple(found)


def _holds_paths(way: list[str]) -> bool:
    """Whether the keys below are dotted paths: those of the changes of an initiative or a future."""
    return len(way) > 2 and way[-1] == "changes" and way[-3] in ("initiatives", "futures")


def value_at(plain: Any, steps: Way) -> Any:
    """The value at the steps; `REMOVE` where there is none."""
    for step in steps:
        plain = plain.get(step, REMOVE) if isinstance(plain, dict) else _at_place(plain, step)
    return plain


def _at_place(plain: Any, step: str) -> Any:
    if isinstance(plain, list) and step in map(str, range(len(plain))):
        return plain[int(step)]
    return REMOVE


def nested(keys: Way, value: Any) -> Any:
    """The value under keys that are not there yet."""
    for key in reversed(keys):
        value = {key: value}
    return value


def with_value(plain: Any, steps: Way, place: int, value: Any) -> Any:
    """A plain value with another value where the steps from `place` on lead."""
    if place == len(steps):
        return value
    key = steps[place]
    if isinstance(plain, list) and key.isdecimal() and int(key) <= len(plain):
        new = with_value(plain[int(key)] if int(key) < len(plain) else None, steps, place + 1, value)
        return [*plain[: int(key)], *([] if new is REMOVE else [new]), *plain[int(key) + 1 :]]
    if plain is not None and not isinstance(plain, dict):
        raise UsageError(f"{quote('.'.join(steps))}: nothing lies in {quote('.'.join(steps[:place]))}")
    new = with_value((plain or {}).get(key), steps, place + 1, value)
    made = {**(plain or {}), key: new}
    if new is REMOVE:
        del made[key]
    return made


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are the same: `1`, `1.0` and `true` are not; the order of keys counts."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or one == other or (one != one and other != other)


def is_fact(plain: Any) -> bool:
    """Whether a value is a number with its source."""
    return isinstance(plain, dict) and "value" in plain and set(plain) <= set(FACT_KEYS)


def refuse_out_of_range(plain: Any, path: Way) -> None:
    """The new value of a number with its source lies within its range, as far as that can be told here."""
    fact = value_at(plain, path[:-1])
    if path[-1] != "value" or not is_fact(fact):
        return
    size, unit = _measure(fact["value"])
    low, of_low = _measure(fact.get("low"))
    high, of_high = _measure(fact.get("high"))
    told = ".".join(path[:-1])
    if size is not None and low is not None and unit == of_low and size < low:
        end, bound = "low", "below"
    elif size is not None and high is not None and unit == of_high and size > high:
        end, bound = "high", "above"
    else:
        return
    message = f"{quote(told)}: {quote(fact['value'])} is {bound} its {end}, {quote(fact[end])}"
    raise UsageError(f"{message}; set `{told}.low` and `{told}.high` too")


def _measure(value: Any) -> tuple[float | None, str]:
    """The number of a value, and the words behind it."""
    if isinstance(value, str):
        number, _, unit = value.partition(" ")
        try:
            return float(number), unit.strip()
        except ValueError:
            return None, ""
    return (None if value is None or isinstance(value, bool | dict | list) else float(value)), ""
