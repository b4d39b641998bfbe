"""Edits in scenario files: tried on the text, judged as a scenario, and only then saved, all or nothing.

A file is never half-written: its new text stands beside it, complete, before it takes the name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxmodel.atomic_files import SCARCE, put_file
from cxmodel.errors import Problem, ScenarioError, StorageError, UsageError
from cxmodel.scenario.editing.layer_target import placed
from cxmodel.scenario.faults import KeyPath, shorten
from cxmodel.scenario.files import text_of
from cxmodel.scenario.scenario import loads
from cxmodel.scenario.yaml_text.document import BOM
from cxmodel.scenario.yaml_text.layers import gather
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import TextPatch, patched
from cxmodel.scenario.yaml_text.paths import REMOVE, keys_of, value_at
from cxmodel.scenario.yaml_text.writer import inline


@dataclass(frozen=True, slots=True)
class Saved:
    """What the edits of a file came to."""

    text: str
    """The file's new text."""
    changes: tuple[TextPatch, ...] = ()
    """What means something else now; nothing where the file already said so."""
    notes: tuple[str, ...] = ()
    """What else the reader should know."""
    warnings: tuple[Problem, ...] = ()
    """What looks odd since then, and did not before."""


def save(file: Path, edits: Iterable[tuple[str | KeyPath, Any]], *, write: bool = True) -> Saved:
    """Make edits in a file. Raises `ScenarioError` or `UsageError`, the file untouched, if the result cannot be."""
    name, text = os.fspath(file), text_of(file)
    done = edited(text, edits, name, file)
    if write and done.text != text:
        exchange(file, text, done.text)
    return done


def edited(text: str, edits: Iterable[tuple[str | KeyPath, Any]], name: str, at: Path) -> Saved:
    """The text after edits, read as if it lay `at` a place; raises as `save` does."""
    own, whole = read(text.removeprefix(BOM), name).plain, gather(text, name, at).plain
    done = patched(text, placed(edits, own, whole), name)
    if done.text == text:
        return Saved(text)
    try:
        scenario = loads(done.text, name, at)
    except ScenarioError as error:
        error.add_note(f"Nothing was written: with this change, {name} would not be valid.")
        raise
    try:
        known = {(odd.code, odd.path, odd.message) for odd in loads(text, name, at).warnings}
    except ScenarioError:
        known = set()  # a wrong file that the edits put right
    fresh = tuple(odd for odd in scenario.warnings if (odd.code, odd.path, odd.message) not in known)
    return Saved(done.text, done.changes, (*done.notes, *_inherited(done.changes, scenario._document.plain)), fresh)


def _inherited(changes: Iterable[TextPatch], whole: dict[str, Any]) -> Iterator[str]:
    """Notes on what is inherited now that a file no longer says otherwise."""
    for change in changes:
        steps = change.path[1:] if change.path[0] == "set" else change.path
        path = ".".join(steps)
        value = value_at(whole, keys_of(whole, path)) if path else REMOVE
        if change.after is REMOVE and change.path[0] != "remove" and value is not REMOVE:
            yield f"{path} is inherited now: {_short(value)}. Remove it once more for it to go altogether."


def exchange(file: Path, before: str, after: str) -> None:
    """Give a file a new text in one step; a link stays a link, and who may read and write the file stays."""
    target = Path(os.path.realpath(file))
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
        written = put_file(target, after.encode("utf-8"), mode=mode, before=before.encode("utf-8"))
    except OSError as error:
        kind = StorageError if error.errno in SCARCE else UsageError
        raise kind(f"{file}: the file cannot be written: {error.strerror or error}") from None
    if not written:
        raise UsageError(f"{file}: this file has just been changed by someone else; nothing was written")


def said(change: TextPatch) -> str:
    """A change on one line: `levers.people.level: 0.7 → 0.8`."""
    path = ".".join(change.path)
    if change.after is REMOVE:
        return f"{path}: removed, was {_short(change.before)}"
    if change.before is REMOVE:
        return f"{path}: new, {_short(change.after)}"
    return f"{path}: {_short(change.before)} → {_short(change.after)}"


def _short(value: Any) -> str:
    return "nothing" if value is None else shorten(inline(value, False), 80)
