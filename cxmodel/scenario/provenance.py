"""Where values come from: file, line and layer of each, defaults too; and how many numbers have a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from cxmodel.errors import UsageError
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.introspection import Target, fields_of, find, kind_at, kind_of, model_of, quantity_of
from cxmodel.scenario.fields.notation import is_relative
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.yaml_text.document import OWN, Document
from cxmodel.scenario.yaml_text.paths import is_fact, is_of_changes, keys_of, written_at
from cxmodel.scenario.yaml_text.writer import text_of

DEFAULT: Final = "default"
"""The layer of what nobody wrote."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value comes from."""

    path: str
    """Its dotted path."""
    value: Any
    """The value as written."""
    layer: str = DEFAULT
    """`own`, `set`, `extends base.yaml`, `command line` or `default`."""
    file: str = ""
    """The file it is written in; empty for a default and for the command line."""
    line: int = 0
    """The line, counted from 1."""
    through: tuple[str, ...] = ()
    """The files between the scenario's own and that one."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else ""
        return f"{place}{self.layer}: {'nothing' if self.value is None else text_of(self.value)}"


class Sources(NamedTuple):
    """How well a scenario's numbers are founded."""

    numbers: int
    """Numbers that are written; defaults are not counted."""
    sourced: int
    """Those with a source."""
    linked: int
    """Those whose source is the id of an insight source of the scenario."""

    def __str__(self) -> str:
        linked = f", {self.linked:,} of them an insight source of the scenario" if self.linked else ""
        return f"{self.sourced:,} of {self.numbers:,} numbers have a source{linked}"


def origin(scenario: Root, dotted: str) -> Origin:
    """Where the value at a path comes from; for a part, where its key stands."""
    document = scenario._document
    path = keys_of(document.plain, dotted)
    value, taken = written_at(document.plain, path)
    if taken == len(path) and not (value is None and len(path) == 1):
        return _written(document, path, value)
    target = _target(scenario, dotted)
    default = target.today
    return Origin(dotted, None if isinstance(default, BaseModel | Mapping | tuple) else default)


def origins(scenario: Root, dotted: str = "") -> tuple[Origin, ...]:
    """Where each value of a part comes from, in the order of the file and then of the language."""
    document = scenario._document
    path = keys_of(document.plain, dotted) if dotted else ()
    value, taken = written_at(document.plain, path)
    if taken == len(path) and not (value is None and len(path) == 1):
        return tuple(_leaves(document, path, kind_at(Root, path), value))
    target = _target(scenario, dotted)
    defaults = tuple(_defaults(path, target.kind, target.today))
    return defaults or (Origin(dotted, None),)


def sources(scenario: Root) -> Sources:
    """How many numbers are written, and how many of them with a source."""
    facts = [fact.source for fact in scenario.facts.values() if fact.source]
    numbers = sum(_numbers(Root, scenario._document.plain, ()))
    return Sources(numbers, len(facts), sum(source in scenario.insight_sources for source in facts))


def _target(scenario: Root, dotted: str) -> Target:
    """Where a path leads that is not written. Raises `UsageError` with what may be meant."""
    target = find(Root, scenario._document.plain, dotted)
    if isinstance(target, Target):
        return target
    words = (target.message, target.expected) if target else ("this path leads nowhere", "a path of the scenario")
    raise UsageError(f"{dotted}: {': '.join(words)}")


def _written(document: Document, path: KeyPath, value: Any) -> Origin:
    """The origin of a value that is written; of a number with a source, that of the number."""
    if is_fact(value):
        return _named(document, path, value["value"], (*path, "value"))
    return _named(document, path, value, path)


def _named(document: Document, path: KeyPath, value: Any, at: KeyPath) -> Origin:
    mark = document.mark(at)
    source = mark.source if mark else None
    dotted = ".".join(path)
    if mark is None:
        return Origin(dotted, value, OWN, document.name)
    if source is None:
        return Origin(dotted, value, OWN, document.name, mark.line + 1)
    return Origin(dotted, value, source.layer, source.name, mark.line + 1 if source.name else 0, source.through)


def _leaves(document: Document, path: KeyPath, kind: Any, value: Any) -> Iterator[Origin]:
    """The origins of all single values in what is written, and of the defaults beside them."""
    if not isinstance(value, dict) or not value or is_fact(value):
        yield _written(document, path, value)
        return
    for key, item in value.items():
        yield from _leaves(document, (*path, key), kind_of(kind, key), item)
    model = model_of(kind, value)
    for key, field in fields_of(model).items() if model else ():
        if key not in value and not field.is_required():
            default = field.get_default(call_default_factory=True)
            yield from _defaults((*path, key), field.annotation, default)


def _defaults(path: KeyPath, kind: Any, default: Any) -> Iterator[Origin]:
    """The defaults in a part that nobody wrote; what is nothing is left out."""
    if isinstance(default, BaseModel):
        for key, field in fields_of(type(default)).items():
            yield from _defaults((*path, key), field.annotation, field.get_default(call_default_factory=True))
    elif isinstance(default, Mapping):
        for key, item in default.items():
            yield from _defaults((*path, key), None, item)
    elif default is not None and default != () and default != "":
        yield Origin(".".join(path), default)


def _numbers(kind: Any, value: Any, path: KeyPath) -> Iterator[int]:
    """One for every number that is written: where the language has a number, and in what initiatives change.

    A change told by what is there, such as "+10", carries no source.
    """
    if value is None or path[:1] == ("meta",):
        return
    if is_of_changes(path[:-1]):
        yield int(not isinstance(value, bool) and not is_relative(value))
    elif path and quantity_of(kind) is not None and not (isinstance(value, dict) and not is_fact(value)):
        yield 1
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(kind_of(kind, key), item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _numbers(kind_of(kind, str(place)), item, (*path, str(place)))
