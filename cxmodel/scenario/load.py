"""From a file to a scenario: read, check names, build, judge; every problem at once, each with its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any, Final

from pydantic import ValidationError

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario import changes, meaning, references, refusals
from cxmodel.scenario.document import Document, Mark
from cxmodel.scenario.dotted import written_at
from cxmodel.scenario.files import MAX_BYTES, text_of, too_big, unprintable
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.layers import gather
from cxmodel.scenario.problems import ENOUGH, Fault, Path
from cxmodel.scenario.quantity import Fact
from cxmodel.scenario.report import problems_of


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
    faults: list[tuple[Fault, Mark | None]] = list(document.faults)
    plain = _without_empty_sections(document.plain)
    if not plain:
        raise ScenarioError(problems_of(faults or [_nothing()], document))
    found = list(islice(references.references(plain), ENOUGH))
    facts: dict[int, Fact] = {}
    values, wrong = changes.read_changes(Scenario, plain, facts)
    found += wrong
    scenario = None
    try:
        scenario = Scenario.model_validate(_with(plain, values), context=facts)
    except ValidationError as error:
        found += refusals.faults_of(error, Scenario, plain)
    else:
        found += meaning.nonsense(scenario)
    faults += [(_with_removal(fault, plain, document), document.mark(fault.path, fault.at_key)) for fault in found]
    if faults or scenario is None:
        raise ScenarioError(problems_of(faults, document))
    scenario._document = document
    scenario._facts = _by_path(plain, facts)
    odd = [
        (fault, document.mark(fault.path, fault.at_key))
        for fault in chain(changes.bare_signs(document), meaning.oddities(scenario))
    ]
    scenario._warnings = problems_of(odd, document, "warning")
    return scenario


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


def _with(plain: Mapping[str, Any], values: Mapping[Path, Any]) -> dict[str, Any]:
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


def _by_path(plain: Any, facts: Mapping[int, Fact], path: Path = ()) -> dict[str, Fact]:
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
