"""Dotted paths as they are written, and the keys they lead along. Knows nothing of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cxmodel.scenario.problems import Path

_OF_CHANGES: Final = ("initiatives", "futures")
"""Sections whose entries have `changes`, whose keys are dotted paths themselves."""


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
