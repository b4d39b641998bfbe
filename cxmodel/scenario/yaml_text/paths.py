"""Dotted paths as they are written, and the keys they lead along. Knows nothing of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from cxmodel.errors import UsageError
from cxmodel.scenario.faults import KeyPath, quote

_OF_CHANGES: Final = ("initiatives", "futures")
"""Sections whose entries have `changes`, whose keys are dotted paths themselves."""

FACT_KEYS: Final = ("value", "low", "high", "source", "as_of", "note")
"""The keys of a number with its source."""


class OutOfRange(UsageError):
    """A number with its source was to be set to one outside its range."""


class Removed:
    """No value at all."""

    def __repr__(self) -> str:
        return "REMOVE"


REMOVE: Final = Removed()
"""In place of a value: the key goes."""


def keys_of(plain: Any, path: str | KeyPath) -> KeyPath:
    """The keys that a dotted path leads along in a plain value; those given as keys stay as they are.

    Ids have no dots, but keys of `changes` have, and those of `meta` may: the longest key that exists is taken.
    """
    if not isinstance(path, str):
        return tuple(path)
    words, at = path.split("."), plain
    keys: list[str] = []
    while words:
        length = len(words) if is_of_changes(keys[-3:]) else 1
        if isinstance(at, dict):
            length = next((most for most in range(len(words), 0, -1) if ".".join(words[:most]) in at), length)
        keys.append(".".join(words[:length]))
        at = _below(at, keys[-1])
        words = words[length:]
    return tuple(keys)


def is_of_changes(path: Sequence[str]) -> bool:
    """Whether a path leads to the `changes` of an initiative or a future."""
    return len(path) == 3 and path[0] in _OF_CHANGES and path[2] == "changes"


def is_of_plan(path: Sequence[str]) -> bool:
    """Whether a path leads to a plan."""
    return len(path) == 2 and path[0] == "plans"


def is_word_of_plan(plain: Any, path: Sequence[str]) -> bool:
    """Whether a path leads to a word about a plan that is a list of initiatives so far."""
    return (
        is_of_plan(path[:2])
        and len(path) == 3
        and not path[2].isdecimal()
        and isinstance(value_at(plain, tuple(path[:2])), list)
    )


def initiatives_in(plan: Any) -> Any:
    """The initiatives of a plan as it is written: a list alone, or one beside words about it.

    >>> initiatives_in(["hire"]), initiatives_in({"label": "Hire!", "initiatives": ["hire"]})
    (['hire'], ['hire'])
    """
    return plan.get("initiatives", []) if isinstance(plan, dict) else plan


def told_plan(plan: Any) -> dict[str, Any]:
    """A plan as it is written where there are words about it.

    >>> told_plan(["hire"])
    {'initiatives': ['hire']}
    """
    return plan if isinstance(plan, dict) else {"initiatives": plan or []}


def written_at(plain: Any, path: KeyPath) -> tuple[Any, int]:
    """What is written at a path, or on the way to it as far as it leads, and how many of its keys can be taken."""
    for taken, key in enumerate(path):
        below = _below(plain, key)
        if below is REMOVE:
            return plain, taken
        plain = below
    return plain, len(path)


def value_at(plain: Any, path: KeyPath) -> Any:
    """The value at a path; `REMOVE` where there is none."""
    value, taken = written_at(plain, path)
    return value if taken == len(path) else REMOVE


def _below(plain: Any, key: str) -> Any:
    """What lies under a key of a mapping, or at a place of a list."""
    if isinstance(plain, dict):
        return plain.get(key, REMOVE)
    if isinstance(plain, list) and key in map(str, range(len(plain))):
        return plain[int(key)]
    return REMOVE


def nested(keys: KeyPath, value: Any) -> Any:
    """The value under keys that are not there yet."""
    for key in reversed(keys):
        value = {key: value}
    return value


def with_value(plain: Any, steps: KeyPath, place: int, value: Any) -> Any:
    """A plain value with another value where the steps from `place` on lead."""
    if place == len(steps):
        words = is_of_plan(steps) and isinstance(plain, dict) and isinstance(value, list)
        return {**plain, "initiatives": value} if words else value
    key = steps[place]
    if is_of_plan(steps[:place]) and isinstance(plain, list) and not key.isdecimal():
        plain = told_plan(plain)
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
    if _type_of(one) is not _type_of(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or one == other or (one != one and other != other)


def _type_of(value: Any) -> type:
    """The type of a value; a number that remembers how it was written is of the type that it is."""
    return float if isinstance(value, float) else type(value)


def is_fact(plain: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a number with its source."""
    return isinstance(plain, dict) and "value" in plain and set(plain) <= set(FACT_KEYS)


def with_number(fact: dict[str, Any], number: Any) -> dict[str, Any]:
    """A number with its source, set to another one; the range was about the old number, so it is dropped."""
    return {**{key: item for key, item in fact.items() if key not in ("low", "high")}, "value": number}


def refuse_out_of_range(plain: Any, path: KeyPath) -> None:
    """The new value of a number with its source lies within its range, as far as that can be told here."""
    fact = value_at(plain, path[:-1])
    if path[-1] != "value" or not is_fact(fact):
        return
    size, unit = _measure(fact["value"])
    low, of_low = _measure(fact.get("low"))
    high, of_high = _measure(fact.get("high"))
    dotted = ".".join(path[:-1])
    if size is not None and low is not None and unit == of_low and size < low:
        end, bound = "low", "below"
    elif size is not None and high is not None and unit == of_high and size > high:
        end, bound = "high", "above"
    else:
        return
    message = f"{quote(dotted)}: {quote(fact['value'])} is {bound} its {end}, {quote(fact[end])}"
    raise OutOfRange(f"{message}; set `{dotted}.low` and `{dotted}.high` too")


def _measure(value: Any) -> tuple[float | None, str]:
    """The number of a value, and the words behind it."""
    if isinstance(value, str):
        number, _, unit = value.partition(" ")
        try:
            return float(number), unit.strip()
        except ValueError:
            return None, ""
    return (None if value is None or isinstance(value, bool | dict | list) else float(value)), ""
