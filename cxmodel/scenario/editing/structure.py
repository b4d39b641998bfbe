"""The things of a scenario file renamed, moved, duplicated, added and removed, with everything that mentions them.

A thing is an entry of a section (`attributes`, `segments`, `journey`, `plans` …), known by its id. Every function
takes a text and gives back another together with what else changes by it, so that a preview is the same call:

>>> from cxmodel.scenario.stories import stories
>>> text = stories()["pretty_app"].read_text()
>>> done = rename(text, "attributes", "polish", "finish")
>>> done.effects[0]
Effect(path='segments.style_seekers.needs.polish', words='style seekers, polish need: follows', line=29)

Nothing but what has to change does: comments, quotes, order and line ends stay, and what cannot be raises `UsageError`
or `ScenarioError`. Files that build on others (`extends`) are changed where they say so themselves.

- `rename` changes the id, and every place that names it: keys, lists, contacts, expectations, paths of changes.
- `relabel` changes what people call it, and nothing else.
- `move` changes its place among the others of its section.
- `duplicate` puts a copy right after it. A copied attribute is needed, offered, delivered and seen wherever the first
  one is; a copied segment is offered what the first one is. Promises, changes, plans and expectations stay about the
  first one, and nobody turns to a copied touchpoint. A copied value proposition is for the segments that have none.
- `insert` adds a new one at a place.
- `remove` takes it out, with what is keyed by it, the changes of it, and what cannot be without it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.describe.wording import label as called
from cxmodel.scenario.describe.wording import singular
from cxmodel.scenario.editing.layer_target import placed
from cxmodel.scenario.editing.mentions import SECTIONS, Mention, mentions, renamed, spelled_anew
from cxmodel.scenario.editing.removal import Removal
from cxmodel.scenario.faults import KeyPath, quote, suggestion
from cxmodel.scenario.fields.base import ID_PATTERN
from cxmodel.scenario.fields.introspection import fields_of, kind_at, parts_of
from cxmodel.scenario.scenario import Scenario, loads
from cxmodel.scenario.yaml_text.document import BOM, Document
from cxmodel.scenario.yaml_text.entries import copied, inserted, moved, respelled, taken_out
from cxmodel.scenario.yaml_text.layers import gather
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import patched
from cxmodel.scenario.yaml_text.paths import REMOVE, value_at
from cxmodel.scenario.yaml_text.problems import problems_of
from cxmodel.scenario.yaml_text.writer import inline
from cxmodel.vocabulary import AS_IS, EVERYONE, humanise

Path = str | os.PathLike[str]
_RESERVED: Final = {"plans": AS_IS, "segments": EVERYONE}
"""Ids that have a meaning of their own."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One more place that a change reaches."""

    path: str
    """Its dotted path."""
    words: str
    """What happens to it."""
    line: int | None = None
    """Its line in the file before the change, from 1; None for what another file says."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text after a change, and what else the change reaches than what it was asked for."""

    text: str
    effects: tuple[Effect, ...] = ()


def rename(text: str, section: str, id: str, new: str, *, name: str = "<text>", at: Path | None = None) -> Outcome:
    """Another id for a thing, where it stands and everywhere it is named. Its label stays as it is."""
    file = _File(text, name, at).having(section, id)
    if new == id:
        return Outcome(text)
    file.refuse_id(section, new)
    for document in file.parents:
        if found := mentions(document.plain, section, id):
            where = file.source(document, found[0].path)
            raise UsageError(f"{quote(id)} is named in {where}, which this file builds on: rename it there")
    found = mentions(file.own.plain, section, id)
    keys = {each.path: spelled_anew(each.path[-1], each, new) for each in found if each.at_key}
    values = {each.path: spelled_anew(value_at(file.own.plain, each.path), each, new)
              for each in found if not each.at_key}  # fmt: skip
    after = respelled(text, keys, values, renamed(file.own.plain, found, new))
    effects = [file.effect(each.path, "follows", each.kind) for each in found if each.kind != "thing"]
    return file.judged(after, effects)


def relabel(text: str, section: str, id: str, label: str, *, name: str = "<text>", at: Path | None = None) -> Outcome:
    """Another label for a thing, in any words; without any it is called by its id."""
    file = _File(text, name, at).having(section, id)
    return file.judged(file.labelled(text, section, id, label.strip()), [])


def move(text: str, section: str, id: str, *, before: str = "", after: str = "", name: str = "<text>",
         at: Path | None = None) -> Outcome:  # fmt: skip
    """A thing put before or after another one of its section."""
    file = _File(text, name, at).having(section, id)
    other = before or after
    file.having(section, other)
    home, beside = file.alone(section, id), file.alone(section, other)
    if home is None or beside is None or home[:-1] != beside[:-1]:
        which = id if home is None else other
        raise UsageError(f"{quote(which)} comes from a file that this one builds on, whose order counts: move it there")
    rest = [key for key in value_at(file.own.plain, home[:-1]) if key != home[-1]]
    if home == beside:
        return Outcome(text)
    made = moved(text, home, rest.index(beside[-1]) + (0 if before else 1))
    return file.judged(made, _of_order(file, file.read(made)) if section == "journey" else [])


def duplicate(text: str, section: str, id: str, new: str, label: str = "", *, name: str = "<text>",
              at: Path | None = None) -> Outcome:  # fmt: skip
    """A copy of a thing right after it, under another id, and under a label if one is given."""
    file = _File(text, name, at).having(section, id)
    file.refuse_id(section, new)
    effects = []
    home = file.alone(section, id)
    served = {"for": _unserved(file)} if section == "value_propositions" else {}
    if home is None:
        made = file.with_edits(text, [((section, new), value_at(file.whole.plain, (section, id)))])
    else:
        made = copied(text, home, spelled_anew(home[-1], _word_of(home, id), new))
    for each in mentions(file.own.plain, section, id):
        if _goes_along(each):
            made = copied(made, each.path, spelled_anew(each.path[-1], _word_of(each.path, id), new))
            effects.append(file.effect(each.path, "is copied" if each.at_key else "has both", each.kind))
    whole = file.read(made).plain
    for each in mentions(whole, section, id):
        held = value_at(whole, each.path[:-1])
        if _goes_along(each) and new not in held:
            made = file.with_edits(made, [_also(each, held, id, new)])
            effects.append(file.effect(each.path, "is copied" if each.at_key else "has both", each.kind, of_whole=True))
    if section == "segments":
        effects.append(file.effect((section, id), "the copy has as many customers again", "thing"))
    for key, value in served.items():
        made = file.with_edits(made, [((section, new, key), value)])
    given = value_at(file.whole.plain, (section, id, "label"))
    if label or given is not REMOVE:
        made = file.labelled(made, section, new, label)
    return file.judged(made, effects)


def insert(text: str, section: str, id: str, value: Any, *, before: str = "", after: str = "", name: str = "<text>",
           at: Path | None = None) -> Outcome:  # fmt: skip
    """A new thing before or after another one; the last of its section where neither is said."""
    file = _File(text, name, at)
    file.refuse_id(section, id)
    other = before or after
    home = file.alone(section, other) if other and file.having(section, other) else None
    if home is None:
        made = file.with_edits(text, [((section, id), value)])
    else:
        made = inserted(text, home, spelled_anew(home[-1], _word_of(home, other), id), value, before=bool(before))
    return file.judged(made, _of_order(file, file.read(made)) if section == "journey" else [])


def remove(text: str, section: str, id: str, *, name: str = "<text>", at: Path | None = None) -> Outcome:
    """The text without a thing and without what has to go with it."""
    file = _File(text, name, at).having(section, id)
    goes = Removal(file.whole.plain, section, id)
    made, paths = text, goes.paths()
    for _ in range(2):  # what is no longer said here may be inherited then
        made = file.with_edits(made, _removals(file, made, paths))
        plain = file.read(made).plain
        paths = [path for path in paths if isinstance(value_at(file.whole.plain, path[:-1]), dict)
                 and value_at(plain, path) is not REMOVE]  # fmt: skip
        if not paths:
            break
    return file.judged(made, list(_of_removal(file, goes, section, id)) + _of_order(file, file.read(made)))


class _File:
    """A text, what it says itself, what it builds on, and what both mean together."""

    def __init__(self, text: str, name: str, at: Path | None) -> None:
        self.text, self.name, self.at = text, name, at
        self.own = read(text.removeprefix(BOM), name)
        self.whole = self.read(text)
        self.parents: list[Document] = []
        if self.own.plain.get("extends") is not None:
            above = f"extends: {inline(self.own.plain['extends'], False)}\n"
            self.parents.append(gather(above, name, at))

    def read(self, text: str) -> Document:
        """What a text says together with all it builds on. Raises `ScenarioError` for what cannot be read."""
        document = gather(text, self.name, self.at)
        if document.faults:
            raise ScenarioError(problems_of(document.faults, document))
        return document

    def having(self, section: str, id: str) -> _File:
        """The same, if there is such a thing. Raises `UsageError` where there is none."""
        if section not in SECTIONS:
            raise UsageError(
                f"{quote(section)} has no things with an id: {suggestion(section, SECTIONS, 'these have')}"
            )
        known = self.whole.plain.get(section)
        if not isinstance(known, dict) or id not in known:
            hint = suggestion(id, known if isinstance(known, dict) else ())
            raise UsageError(f"there is no {_one(section)} {quote(id)}" + (f"; {hint}" if hint else ""))
        return self

    def refuse_id(self, section: str, id: str) -> None:
        """Raise `UsageError` for an id that is none, or is taken."""
        if section not in SECTIONS:
            raise UsageError(
                f"{quote(section)} has no things with an id: {suggestion(section, SECTIONS, 'these have')}"
            )
        if not re.fullmatch(ID_PATTERN, id):
            raise UsageError(
                f"{quote(id)} is no id: begin with a small letter, go on with small letters, digits and `_`, "
                "at most 64 in all; a label may have any words"
            )
        if _RESERVED.get(section) == id:
            raise UsageError(f"{quote(id)} has a meaning of its own; choose another id")
        if id in (self.whole.plain.get(section) or {}):
            raise UsageError(f"there is a {_one(section)} {quote(id)} already; choose another id")

    def alone(self, section: str, id: str) -> KeyPath | None:
        """Where this file says all that is said of a thing; None where another file does too, or it does so twice."""
        dotted = f"{section}.{id}"
        homes = [each.path for each in mentions(self.own.plain, section, id)
                 if each.kind == "thing" or (each.kind == "path" and each.path[-1] == dotted)]  # fmt: skip
        inherited = any(value_at(document.plain, (section, id)) is not REMOVE for document in self.parents)
        return homes[0] if len(homes) == 1 and not inherited else None

    def with_edits(self, text: str, edits: Iterable[tuple[KeyPath, Any]]) -> str:
        """The text with values of the scenario set or removed, each where the file says so."""
        own, whole = read(text.removeprefix(BOM), self.name).plain, self.read(text).plain
        for path, value in placed(edits, own, whole):
            text = taken_out(text, path) if value is REMOVE else patched(text, [(path, value)], self.name).text
        return text

    def labelled(self, text: str, section: str, id: str, label: str) -> str:
        """The text with a label for a thing, or without; a label comes first in it."""
        kinds = parts_of(kind_at(Scenario, (section, id)))
        if not any("label" in fields_of(kind) for kind in kinds):
            raise UsageError(f"a {_one(section)} has no label: rename it instead")
        whole = self.read(text).plain
        value = value_at(whole, (section, id))
        there = isinstance(value, dict) and "label" in value
        if not label:
            return self.with_edits(text, [((section, id, "label"), REMOVE)]) if there else text
        if isinstance(value, list):
            return self.with_edits(text, [((section, id), {"label": label, "initiatives": value})])
        own = read(text.removeprefix(BOM), self.name).plain
        home = next((each.path for each in mentions(own, section, id) if each.kind == "thing"), None)
        held = value_at(own, home) if home else None
        if home is None or there or not isinstance(held, dict) or not held:
            return self.with_edits(text, [((section, id, "label"), label)])
        return inserted(text, (*home, next(iter(held))), "label", label, before=True)

    def judged(self, text: str, effects: list[Effect]) -> Outcome:
        """The outcome, if it is a valid scenario. Raises `ScenarioError` where it is not."""
        if text != self.text:
            try:
                loads(text, self.name, self.at)
            except ScenarioError as error:
                error.add_note(f"Nothing was written: with this change, {self.name} would not be valid.")
                raise
        return Outcome(text, tuple(effects))

    def effect(self, path: KeyPath, words: str, kind: str, *, of_whole: bool = False) -> Effect:
        """What happens to a place, in words."""
        document = self.whole if of_whole else self.own
        mark = document.mark(path, at_key=True)
        line = mark.line + 1 if mark and (mark.source is None or mark.source.name in ("", self.name)) else None
        return Effect(".".join(path), f"{_said(path, kind, self.whole.plain)}: {words}", line)

    def source(self, document: Document, path: KeyPath) -> str:
        """The file that says what stands at a path."""
        mark = document.mark(path, at_key=True)
        return mark.source.name if mark and mark.source else document.name


def _removals(file: _File, text: str, paths: list[KeyPath]) -> Iterator[tuple[KeyPath, Any]]:
    """The edits that take paths out; a list that another file says is written anew, as its entries cannot go alone."""
    own = read(text.removeprefix(BOM), file.name).plain
    below = own.get("set") if isinstance(own.get("set"), dict) else {}
    lists: dict[KeyPath, list[str]] = {}
    for path in paths:
        inherited = value_at(own, path) is REMOVE and value_at(below, path) is REMOVE
        if inherited and isinstance(value_at(file.whole.plain, path[:-1]), list):
            lists.setdefault(path[:-1], []).append(path[-1])
        else:
            yield path, REMOVE
    for path, places in lists.items():
        held = value_at(file.whole.plain, path)
        yield path, [item for place, item in enumerate(held) if str(place) not in places]


def _of_removal(file: _File, goes: Removal, section: str, id: str) -> Iterator[Effect]:
    """What else goes, or stays without a meaning that it had."""
    emptied = [path for path in goes.emptied() if path[-1] == "made_at" or path[0] == "plans"]
    for path in sorted(goes.paths(), key=lambda path: _line(file, path)):
        if path != (section, id) and path[:-1] not in emptied:
            listed = isinstance(value_at(file.whole.plain, path[:-1]), list) and path[0] != "expect"
            why = f", as {goes.gone[path]}" if goes.gone[path] else ""
            kind = "listed" if listed else "keyed"
            yield file.effect(path, "goes on without it" if listed else f"goes{why}", kind, of_whole=True)
    for path in emptied:
        if path[-1] == "made_at":
            yield file.effect(path, "is empty then: the brand itself tells the promise", "keyed", of_whole=True)
        elif path[0] == "plans":
            yield file.effect(path, "has nothing left: it is the same as today", "keyed", of_whole=True)
    for mention in goes.stay:
        yield file.effect(mention.path, "stays as a word, and leads nowhere", "keyed", of_whole=True)


def _line(file: _File, path: KeyPath) -> int:
    mark = file.whole.mark(path, at_key=True)
    return mark.line if mark else 0


def _of_order(file: _File, after: Document) -> list[Effect]:
    """What another order of the journey changes: what is lived first within a stage, and where people turn."""
    before, now = _journey(file.whole), _journey(after)
    effects = []
    both = [key for key in before if key in now]
    for stage in dict.fromkeys(_stage(before[key]) for key in both):
        then = [key for key in both if _stage(before[key]) == stage]
        later = [key for key in now if key in before and _stage(now[key]) == stage]
        if then != later and stage != "support":
            order = ", ".join(humanise(key, capital=False) for key in later)
            effects.append(Effect("journey", f"within stage {stage} it is lived in this order: {order}"))
    first, second = _desk(before), _desk(now)
    if first != second:
        for key, touchpoint in before.items():
            for part in ("fails", "shortfall"):
                told = touchpoint.get(part)
                turns = isinstance(told, dict) and told.get("contact", first) == first and key in now
                if turns and (part == "fails" or not isinstance(touchpoint.get("fails"), dict)):
                    where = f"turns to {humanise(second, capital=False)}" if second else "turns nowhere"
                    effects.append(file.effect(("journey", key, part), f"{where} where no contact is said", "keyed",
                                               of_whole=True))  # fmt: skip
    return effects


def _one(section: str) -> str:
    """What one thing of a section is called."""
    return "touchpoint" if section == "journey" else singular(section)


def _journey(document: Document) -> Mapping[str, Any]:
    journey = document.plain.get("journey")
    return {key: item for key, item in journey.items() if isinstance(item, dict)} if isinstance(journey, dict) else {}


def _stage(touchpoint: Mapping[str, Any]) -> str:
    return str(touchpoint.get("stage"))


def _desk(journey: Mapping[str, Any]) -> str:
    """The support touchpoint that people turn to where no other is said."""
    return next((key for key, item in journey.items() if _stage(item) == "support"), "")


def _unserved(file: _File) -> list[str]:
    """The segments without a value proposition. Raises `UsageError` where each has one, as it can have no other."""
    bargains = file.whole.plain.get("value_propositions") or {}
    served = {name for each in bargains.values() if isinstance(each, dict) for name in each.get("for") or ()}
    free = [name for name in file.whole.plain.get("segments") or {} if name not in served]
    if not free:
        raise UsageError("every segment has its value proposition, and cannot have two: add another segment first")
    return free


def _goes_along(mention: Mention) -> bool:
    """Whether a copy of a thing is to be mentioned beside it: what is keyed by it, and insight and offers."""
    if mention.kind == "listed":
        return mention.path[-2] in ("sees", "for")
    return mention.kind == "keyed"


def _also(mention: Mention, held: Any, id: str, new: str) -> tuple[KeyPath, Any]:
    """The edit that mentions a copy beside a thing that another file names."""
    if isinstance(held, list):
        place = held.index(id) + 1
        return mention.path[:-1], [*held[:place], new, *held[place:]]
    return (*mention.path[:-1], new), held[id]


def _word_of(path: KeyPath, id: str) -> Mention:
    """The mention of a thing in the last key of a path, which may be dotted."""
    words = path[-1].split(".")
    return Mention(path, "path", len(words) - 1) if len(words) > 1 and words[-1] == id else Mention(path, "thing")


def _said(path: KeyPath, kind: str, plain: Mapping[str, Any]) -> str:
    """What a place of a scenario as written is called."""
    steps = path[1:] if path[0] == "set" else path
    steps = steps[:-1] if kind == "listed" else steps
    if path[0] == "remove":
        return "what is removed"
    if path[0] == "set" and steps:
        steps = (*steps[0].split("."), *steps[1:])
    if steps[0] == "expect":
        key = f", {humanise(steps[2], capital=False)}" if len(steps) > 2 else ""
        return f"expectation {int(steps[1]) + 1}{key}"
    return called(steps, plain)
