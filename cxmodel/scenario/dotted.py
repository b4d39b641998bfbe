"""Dotted paths as they are written, and the keys they lead along. Knows nothing of fields."""

from __future__ import annotations

from typing import Any, Final

from cxmodel.scenario.problems import Path

_OF_CHANGES: Final = ("initiatives", "futures")
"""Sections whose entries have `changes`, whose keys are dotted paths themselves."""


def steps_of(dotted: str, plain: Any) -> Path:
    """The keys that a dotted path leads along in a scenario as written.

    The longest key that exists is taken; keys of `changes` have dots in them. What follows where nothing is
    written yet is cut at every dot.
    """
    words = dotted.split(".")
    path: list[str] = []
    at = plain
    while words:
        lengths = range(len(words), 0, -1) if isinstance(at, dict) else ()
        length = next((number for number in lengths if ".".join(words[:number]) in at), 0)
        if not length:
            length = len(words) if len(path) == 3 and path[0] in _OF_CHANGES and path[2] == "changes" else 1
        key = ".".join(words[:length])
        at = at.get(key) if isinstance(at, dict) else _entry(at, key)
        path.append(key)
        words = words[length:]
    return tuple(path)


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
