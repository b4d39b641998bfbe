"""A YAML text with other values: the characters of a value change, and nothing else.

`patch(text, {path: value})` sets, `patch(text, {path: REMOVE})` removes; edits are made one after the other.
Paths are dotted; a key that itself has dots in it (under `changes:`) is found as the longest key that exists.

- A new key becomes the last of its mapping, on one line; an entry `N` of a list of N is appended.
- A key is removed with its lines, the comment behind it and the comment lines right above it. What is left
  without entries stays as `{}` or `[]`: only what was named goes.
- A plan that is a list of initiatives becomes `{label: …, initiatives: […]}` with its first word; one that has
  words keeps them when its list is set.
- A number with a source keeps its source; one that would leave its `low` or `high` is refused.
- What is set through an alias (`*name`) is written there; what carries an anchor keeps it, and who repeats it
  follows, which is told in `notes`.

The new text is read again and has to mean what was asked for, or it is not given away. Knows nothing of files,
and of scenarios only how paths and numbers with a source are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.faults import KeyPath, quote, suggestion
from cxmodel.scenario.yaml_text.document import BOM, Document
from cxmodel.scenario.yaml_text.parser import Node, parse
from cxmodel.scenario.yaml_text.paths import (
    REMOVE,
    Removed,
    is_fact,
    is_of_plan,
    is_word_of_plan,
    keys_of,
    nested,
    refuse_out_of_range,
    same,
    told_plan,
    value_at,
    with_value,
)
from cxmodel.scenario.yaml_text.problems import problems_of
from cxmodel.scenario.yaml_text.spans import Entry, Piece, has_brackets, pieces
from cxmodel.scenario.yaml_text.splice import Splices, additions, fillings, removals, settings
from cxmodel.scenario.yaml_text.writer import Spelled, tidy

Parsed = tuple[Document, Node | None]
"""A document with its nodes, which one without faults has."""


@dataclass(frozen=True, slots=True)
class TextPatch:
    """One value before and after; `REMOVE` where there was or is none."""

    path: KeyPath
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Patched:
    """A text after its edits."""

    text: str
    changes: tuple[TextPatch, ...] = ()
    """What means something else now."""
    notes: tuple[str, ...] = ()
    """What the reader should know: other places that follow."""


def patch(text: str, edits: Mapping[str | KeyPath, Any], name: str = "<text>") -> str:
    """The text with its edits made; raises `ScenarioError` for a text and `UsageError` for an edit that cannot be.

    >>> patch("levers:\\n  people: {level: 0.7}  # trained\\n", {"levers.people.level": 0.8})
    'levers:\\n  people: {level: 0.8}  # trained\\n'
    """
    return patched(text, edits.items(), name).text


def patched(text: str, edits: Iterable[tuple[str | KeyPath, Any]], name: str = "<text>") -> Patched:
    """The text with its edits made, and what they changed."""
    mark = text[: text.startswith(BOM)]
    document, root = parse(text.removeprefix(BOM), name)
    if document.faults:
        raise ScenarioError(problems_of(document.faults, document))
    changes: list[TextPatch] = []
    notes: list[str] = []
    for path, value in edits:
        (document, root), change, follow = _edited(document, root, path, value)
        changes += [change] if change else []
        notes += [note for note in follow if note not in notes]
    for change in changes:
        refuse_out_of_range(document.plain, change.path)
    return Patched(mark + document.text, tuple(changes), tuple(notes))


def _edited(
    document: Document, root: Node | None, path: str | KeyPath, value: Any
) -> tuple[Parsed, TextPatch | None, list[str]]:
    """The document after one more edit, what it changed, and who follows."""
    steps = keys_of(document.plain, path)
    if not steps or not all(steps):
        raise UsageError(f"{quote(path)} is not a path: write it as keys with dots, `levers.people.level`")
    spelled = value if isinstance(value, Spelled) else None
    new = value if value is REMOVE else tidy(spelled.value if spelled else value)
    before = value_at(document.plain, steps)
    if is_fact(before) and not isinstance(new, dict | Removed):
        steps, before = (*steps, "value"), before["value"]
    elif is_of_plan(steps) and isinstance(before, dict) and isinstance(new, list):
        steps = (*steps, "initiatives")
        before = value_at(document.plain, steps)
    elif is_word_of_plan(document.plain, steps) and new is not REMOVE:
        steps, new = steps[:2], {steps[2]: new, **told_plan(value_at(document.plain, steps[:2]))}
        before = value_at(document.plain, steps)
    if same(before, new):
        if new is REMOVE:
            raise UsageError(_nothing_there(document.plain, steps))
        return (document, root), None, []
    text = document.text
    assert root is not None
    whole = pieces(text, root)
    if new is REMOVE:
        splices, follow = _removed(text, whole, steps)
    else:
        splices, follow = _set(text, whole, steps, new, spelled.text if spelled else "")
    return spliced(document, splices, whole.plain()), TextPatch(steps, before, new), follow


def spliced(document: Document, splices: Splices, wanted: Any) -> Parsed:
    """The first way to write it that means what is wanted; that there is none is a fault of ours."""
    for splice in splices:
        text = document.text
        for start, end, put in sorted(splice, reverse=True):
            text = text[:start] + put + text[end:]
        after, root = parse(text, document.name)
        if not after.faults and same(after.plain, wanted):
            return after, root
    raise RuntimeError(f"{document.name}: no way was found to write this change; the text is as it was")


def _set(text: str, root: Piece, steps: KeyPath, value: Any, typed: str) -> tuple[Splices, list[str]]:
    """The ways to put a value where the steps lead, and who follows; the pieces mean it from now on."""
    trail = [root]
    for place, key in enumerate(steps):
        piece = trail[-1]
        said, rest = ".".join(steps[:place]), steps[place:]
        if piece.kind == "alias":
            made = with_value(piece.plain(), steps, place, value)
            splices = list(settings(text, piece, made, ""))
            piece.become(made)
            return splices, _followers(root, trail[:-1])
        if piece.kind == "scalar" and piece.value is not None:
            raise UsageError(f"{quote('.'.join(steps))}: {quote(said)} is one value; nothing lies in it")
        refuse_asked(piece, key)
        entry = piece.entry(key)
        if entry is not None:
            trail.append(entry.value)
            continue
        if piece.kind == "list" and key != str(len(piece.entries)):
            raise UsageError(
                f"{quote(said)} is a list of {len(piece.entries)}, counted from 0: "
                f"{quote(f'{said}.{len(piece.entries)}')} appends to it"
            )
        within = nested(rest[1:], value)
        if piece.kind == "scalar":
            above = _entry_of(trail[-2], piece)
            splices = list(fillings(text, trail[-2], above, {key: within}))
            piece.become({key: within})
        else:
            if piece.flow and not has_brackets(text, piece):
                raise UsageError(f"{quote(said)} is written without brackets: put {{ }} around it first")
            splices = list(additions(text, piece, key, within, typed if len(rest) == 1 else ""))
            piece.entries.append(Entry(key, 0, Piece("made", 0, 0, value=within)))
        return splices, _followers(root, trail)
    piece = trail[-1]
    refuse_lost(root, [below for _, below in piece.everything() if below is not piece], ".".join(steps))
    if piece.flow and not has_brackets(text, piece):
        raise UsageError(f"{quote('.'.join(steps))} is written without brackets: put {{ }} around it first")
    splices = list(settings(text, piece, value, typed, _entry_of(trail[-2], piece)))
    piece.become(value)
    return splices, _followers(root, trail)


def _removed(text: str, root: Piece, steps: KeyPath) -> tuple[Splices, list[str]]:
    """The ways to remove an entry that is there, and who follows."""
    trail = [root]
    for place, key in enumerate(steps):
        piece = trail[-1]
        if piece.kind == "alias":
            made = with_value(piece.plain(), steps, place, REMOVE)
            splices = list(settings(text, piece, made, ""))
            piece.become(made)
            return splices, _followers(root, trail[:-1])
        refuse_asked(piece, key)
        entry = piece.entry(key)
        assert entry is not None
        trail.append(entry.value)
    parent, entry = trail[-2], _entry_of(trail[-2], trail[-1])
    if parent.flow and not has_brackets(text, parent):
        raise UsageError(f"{quote('.'.join(steps))} is written without brackets: put {{ }} around it first")
    lost = [below for _, below in entry.value.everything()] + ([entry.word] if entry.word else [])
    refuse_lost(root, lost, ".".join(steps))
    splices = list(removals(text, parent, entry, is_root=parent is root))
    parent.entries.remove(entry)
    for place, other in enumerate(parent.entries if parent.kind == "list" else ()):
        other.key = str(place)
    return splices, _followers(root, trail[:-1])


def _entry_of(parent: Piece, piece: Piece) -> Entry:
    return next(entry for entry in parent.entries if entry.value is piece)


def refuse_asked(piece: Piece, key: str) -> None:
    """`? key` on a line, its value on the next: nobody writes so by hand."""
    for entry in piece.entries:
        if entry.asked:
            message = f"{quote(entry.key)} is written as `? {entry.key}`"
            raise UsageError(f"{quote(key)}: {message}; write it as `{entry.key}: …` first")


def refuse_lost(root: Piece, lost: list[Piece], said: str) -> None:
    """What goes may not be what other places stand for."""
    gone = set(map(id, lost))
    for path, piece in root.everything():
        if piece.kind == "alias" and id(piece.target) in gone and id(piece) not in gone and piece.target is not None:
            anchor = piece.target.anchor
            raise UsageError(
                f"{quote(said)} holds `&{anchor}`, which {quote('.'.join(path))} repeats as `*{anchor}`: "
                "write the value there first"
            )


def _followers(root: Piece, trail: list[Piece]) -> list[str]:
    """A note on the places that repeat what is being changed."""
    changed = {id(piece): piece.anchor for piece in trail if piece.anchor is not None}
    if not changed:
        return []
    places = [".".join(path) for path, piece in root.everything() if id(piece.target) in changed]
    if not places:
        return []
    names = " and ".join(f"`&{anchor}`" for anchor in dict.fromkeys(changed.values()))
    many = "1 other place follows" if len(places) == 1 else f"{len(places)} other places follow"
    shown = ", ".join(f"`{place}`" for place in places[:5]) + (" …" if len(places) > 5 else "")
    return [f"{names} is repeated elsewhere: {many} ({shown})"]


def _nothing_there(plain: Any, steps: KeyPath) -> str:
    """That there is nothing to remove, and what may have been meant."""
    for place, step in enumerate(steps):
        below = value_at(plain, steps[: place + 1])
        if below is REMOVE:
            at = value_at(plain, steps[:place])
            hint = suggestion(step, at) if isinstance(at, dict) else ""
            return f"there is no {quote('.'.join(steps))} to remove" + (f"; {hint}" if hint else "")
    raise AssertionError(steps)
