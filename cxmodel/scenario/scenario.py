"""From a file to a scenario: read, check names, build, judge; every problem at once, each with its place."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any, Final

from pydantic import ValidationError

from cxmodel.errors import Problem, ScenarioError, UsageError
from cxmodel.scenario import provenance
from cxmodel.scenario.characters import ODD_BLANK, forbidden_in, name_of
from cxmodel.scenario.faults import ENOUGH, Fault, KeyPath
from cxmodel.scenario.fields.introspection import Target, find
from cxmodel.scenario.fields.misspelt import CONTROL, MISSPELT, ODD
from cxmodel.scenario.fields.quantity import Fact
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.files import MAX_BYTES, text_of, too_big, unprintable
from cxmodel.scenario.provenance import Origin, Sources
from cxmodel.scenario.validation import (
    changes,
    effects,
    figures,
    plausibility,
    pydantic_errors,
    references,
    rules,
)
from cxmodel.scenario.yaml_text import writer
from cxmodel.scenario.yaml_text.document import SAID, Document, Mark
from cxmodel.scenario.yaml_text.layers import gather
from cxmodel.scenario.yaml_text.paths import (
    is_fact,
    is_of_changes,
    is_of_plan,
    keys_of,
    told_plan,
    with_number,
    written_at,
)
from cxmodel.scenario.yaml_text.problems import problems_of
from cxmodel.vocabulary import AS_IS

Placed = list[tuple[Fault, Mark | None]]
"""Faults with their places."""


class Scenario(Root):
    """One world, and the things the company could do about it.

    A value: made by `load` or `loads` only, which also check what one field cannot know.
    """

    @property
    def sources(self) -> Sources:
        """How many of its numbers are written with a source, and how many of those are insight sources."""
        return provenance.sources(self)

    def origin(self, path: str) -> Origin:
        """Where the value at a dotted path comes from: file, line and layer, or that it is a default."""
        return provenance.origin(self, path)

    def origins(self, path: str = "") -> tuple[Origin, ...]:
        """Where every value in the part at a dotted path comes from, defaults included."""
        return provenance.origins(self, path)

    def to_yaml(self) -> str:
        """The whole scenario as one file that extends nothing and has the same hash; comments are lost."""
        return writer.to_yaml(self._document.plain)

    def with_changes(self, changes: Mapping[str, Any], name: str | None = None) -> Scenario:
        """The scenario with other values by dotted path, written as in a file: `"5 minutes"`, 0.8."""
        return _with_changes(self, changes, name)

    def with_initiative(
        self, id: str, changes: Mapping[str, Any], *, plan: str, starts: Any = 0, base: str | None = None
    ) -> Scenario:
        """The scenario with one more initiative in a plan; a new plan starts from `base` (as_is)."""
        return _with_initiative(self, id, changes, plan=plan, starts=starts, base=base)


def load(path: str | os.PathLike[str]) -> Scenario:
    """The scenario of a YAML file and of all it extends. Raises `ScenarioError` with all that is wrong."""
    return _scenario(text_of(path), os.fspath(path), path)


def load_as(path: str | os.PathLike[str], at: str | os.PathLike[str]) -> Scenario:
    """The scenario of a file as if it lay at another place: what it extends is looked for there."""
    return _scenario(text_of(path), os.fspath(path), at)


def loads(text: str, name: str = "<text>", at: str | os.PathLike[str] | None = None) -> Scenario:
    """The scenario of a YAML text; what it extends is looked for as if it lay `at` a place, and nowhere without one.

    Raises `ScenarioError` with all that is wrong with it.
    """
    return _scenario(text, name, at)


def _scenario(text: str, name: str, path: str | os.PathLike[str] | None) -> Scenario:
    """The scenario of a text; what it extends is looked for beside its path."""
    if (size := len(text.encode("utf-8", "surrogatepass"))) > MAX_BYTES:
        raise ScenarioError([too_big(name, size)])
    if (strange := unprintable(text, name)) is not None:
        raise ScenarioError([strange])
    return build(gather(text, name, path))


def validate(path: str | os.PathLike[str]) -> tuple[Problem, ...]:
    """Everything wrong or odd in a file, in file order; empty if nothing is."""
    try:
        return load(path).warnings
    except ScenarioError as error:
        return error.problems


def build(document: Document) -> Scenario:
    """The scenario of a document that has been read. Raises `ScenarioError`."""
    faults: Placed = list(document.faults)
    plain = _without_empty_sections(document.plain)
    if not plain:
        raise ScenarioError(problems_of(faults or [_nothing()], document))
    found = [*islice(references.references(plain), ENOUGH), *islice(figures.figures(plain), ENOUGH)]
    facts: dict[int, Fact] = {}
    values, wrong = changes.read_changes(Scenario, plain, facts)
    found += wrong
    scenario = None
    try:
        scenario = Scenario.model_validate(_with(plain, values), context=facts)
    except ValidationError as error:
        found += pydantic_errors.faults_of(error, Scenario, plain)
    else:
        found += [*rules.rule_errors(scenario), *effects.never(scenario)]
    placed = [(_with_removal(fault, plain, document), _place_of(fault, document)) for fault in found]
    faults = _once(faults, placed)
    if faults or scenario is None:
        raise ScenarioError(problems_of(faults, document))
    scenario._document = document
    scenario._facts = _by_path(plain, facts)
    odd = [
        (fault, document.mark(fault.path, fault.at_key))
        for fault in chain(
            changes.bare_signs(document),
            figures.thousands(plain),
            rules.warnings(scenario),
            effects.without_effect(scenario),
            plausibility.implausible(scenario),
        )
    ]
    scenario._warnings = problems_of(odd, document, "warning")
    return scenario


def _place_of(fault: Fault, document: Document) -> Mark | None:
    """Where a fault is: the value or its key; of a blank that nobody can tell from another, the blank itself."""
    mark = document.mark(fault.path, fault.at_key)
    odd = ODD_BLANK.search(document.text_at(mark)) if mark and fault.code == ODD else None
    return mark._replace(column=mark.column + odd.start(), width=1) if mark and odd else mark


def _once(read: Placed, found: Placed) -> Placed:
    """All faults; where the reading of the text and the field both stumble over one sign, that is told once.

    The field knows more of a number. All else at that place comes of the sign.
    """
    known = {mark[:2] for fault, mark in found if mark and fault.code in MISSPELT}
    kept = [(fault, mark) for fault, mark in read if not (mark and fault.code in MISSPELT and mark[:2] in known)]
    taken = {mark[:2] for fault, mark in kept if mark and fault.code in MISSPELT}
    return [*kept, *((fault, mark) for fault, mark in found if not mark or mark[:2] not in taken)]


_NAMED: Final = {
    "CXM301": "attributes",
    "CXM302": "segments",
    "CXM303": "journey",
    "CXM304": "initiatives",
    "CXM305": "plans",
}
"""What a name stands for that stands for nothing, by code: the section it would be in."""


def _with_removal(fault: Fault, plain: Mapping[str, Any], document: Document) -> Fault:
    """A fault of a name that stands for nothing; where a layer removed what it stood for, that is told."""
    section = _NAMED.get(fault.code)
    name = fault.path[-1] if fault.at_key else written_at(plain, fault.path)[0]
    mark = document.keys.get((section, name)) if section and isinstance(name, str) else None
    if mark is None:
        return fault
    file = mark.source.name if mark.source else document.name
    return replace(fault, expected=f"{fault.expected}; `{section}.{name}` is removed at {file}:{mark.line + 1}")


def _without_empty_sections(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario without sections that have a heading and nothing under it, where they may be left out."""
    fields = Scenario.model_fields
    optional = {field.alias or name for name, field in fields.items() if not field.is_required()}
    kept = {key: value for key, value in plain.items() if value is not None or key not in optional}
    if isinstance(kept.get("plans"), dict):
        kept["plans"] = {key: [] if value is None else value for key, value in kept["plans"].items()}
    return kept


def _with(plain: Mapping[str, Any], values: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """The scenario as written, its changes replaced by what they were read as."""
    result = dict(plain)
    for (section, name, _, dotted), value in values.items():
        if result[section] is plain[section]:
            result[section] = dict(plain[section])
        entry = result[section][name]
        if entry is plain[section][name]:
            entry = result[section][name] = {**entry, "changes": dict(entry["changes"])}
        entry["changes"][dotted] = value
    return result


def _by_path(plain: Any, facts: Mapping[int, Fact], path: KeyPath = ()) -> dict[str, Fact]:
    """Facts by the dotted path they are written at."""
    if id(plain) in facts:
        return {".".join(path): facts[id(plain)]}
    below = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    found: dict[str, Fact] = {}
    for key, value in below:
        found.update(_by_path(value, facts, (*path, str(key))))
    return found


def _nothing() -> tuple[Fault, None]:
    return Fault("CXM112", (), "there is no scenario in this file", "start with `schema: 1` and `name: …`"), None


def _with_changes(scenario: Scenario, changes: Mapping[str, Any], name: str | None = None) -> Scenario:
    """The scenario with other values by dotted path. A value that came with a source keeps it."""
    document = scenario._document
    plain = copy.deepcopy(document.plain)
    said: list[KeyPath] = []
    faults = []
    _refuse_forbidden({**changes, "name": changes.get("name") if name is None else name}, document)
    for dotted, value in changes.items():
        path = keys_of(plain, dotted)
        target = find(Scenario, plain, ".".join(path[:3]) if is_of_changes(path[:-1]) else dotted)
        if not isinstance(target, Target):
            fault = target or Fault("CXM306", (), "this path leads nowhere", "a path of the scenario")
            faults.append((fault.under((dotted,)), None))
        else:
            said.append(_set(plain, path, value))
    if faults:
        raise ScenarioError(problems_of(faults, document))
    if name is not None:
        plain["name"] = name
        said.append(("name",))
    return build(_said(document, plain, said))


def _refuse_forbidden(said: Mapping[str, Any], document: Document) -> None:
    """Values by path that are said outside a file hold no more signs than those in one."""
    odd = {dotted: forbidden_in([dotted, value]) for dotted, value in said.items()}
    faults = [
        (Fault(CONTROL, (dotted,), f"there is {name_of(character)} in this text", "leave it out"), None)
        for dotted, character in odd.items()
        if character
    ]
    if faults:
        raise ScenarioError(problems_of(faults, document))


def _with_initiative(
    scenario: Scenario,
    id: str,
    changes: Mapping[str, Any],
    *,
    plan: str,
    starts: Any = 0,
    base: str | None = None,
) -> Scenario:
    """The scenario with an initiative added (or replaced) as a plan's last; a new plan starts from `base`."""
    if plan == AS_IS:
        raise UsageError(f"`{AS_IS}` is the plan that changes nothing: name another plan for the initiative")
    start = f"month {starts}" if isinstance(starts, int | float) and not isinstance(starts, bool) else starts
    begun = scenario.initiatives_of(base or (plan if plan in scenario.plans else AS_IS))
    _refuse_forbidden({f"initiatives.{id}": [id, dict(changes), start], f"plans.{plan}": plan}, scenario._document)
    plain = copy.deepcopy(scenario._document.plain)
    for section in ("initiatives", "plans"):
        plain[section] = dict(plain.get(section) or {})
    plain["initiatives"][id] = {"changes": dict(changes), "starts": start}
    members, there = [*(name for name in begun if name != id), id], plain["plans"].get(plan)
    plain["plans"][plan] = {**there, "initiatives": members} if isinstance(there, dict) else members
    return build(_said(scenario._document, plain, [("initiatives", id), ("plans", plan)]))


def _said(document: Document, plain: dict[str, Any], paths: list[KeyPath]) -> Document:
    """The document with other values; those at `paths`, and all in them, no longer stand where they were written."""
    keys, values = dict(document.keys), dict(document.values)
    for path in paths:
        written, taken = written_at(document.plain, path)
        if taken == len(path) and isinstance(written, dict | list):
            for marks in (keys, values):
                for below in [one for one in marks if one[: len(path)] == path]:
                    del marks[below]
        keys[path] = values[path] = SAID
    return replace(document, plain=plain, keys=keys, values=values)


def _set(plain: dict[str, Any], path: KeyPath, value: Any) -> KeyPath:
    """Put a value where the path leads; of a fact, only the number changes. The path of what changed."""
    at = plain
    for place, step in enumerate(path[:-1]):
        if is_of_plan(path[: place + 1]):
            at[step] = told_plan(at.get(step))
        elif not isinstance(at.get(step), dict):
            at[step] = {}
        at = at[step]
    fact = at.get(path[-1])
    if is_of_plan(path) and isinstance(fact, dict) and isinstance(value, list):
        fact["initiatives"] = value
        return (*path, "initiatives")
    if is_fact(fact) and not isinstance(value, dict):
        at[path[-1]] = with_number(fact, value)
        return (*path, "value")
    at[path[-1]] = value
    return path
