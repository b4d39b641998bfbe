"""The JSON Schema (2020-12) of the language, for editors; made from the same fields that read it.

One document serves both a whole scenario and a layer, a file that `extends` another and needs nothing else.
It is written for the YAML language server: one schema with several types rather than alternatives, of which it
would show every one, and an `errorMessage` in the reader's words. Knows nothing of references, nor of where a
path in `changes` leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from cxmodel.scenario.fields import units
from cxmodel.scenario.fields.base import FieldGroup
from cxmodel.scenario.fields.introspection import quantity_of, told_of
from cxmodel.scenario.fields.root import Root
from cxmodel.vocabulary import METRIC_NAMES

Schema = dict[str, Any]

SCHEMA: Final = "scenario.schema.json"
"""The file beside a scenario in which an editor finds the schema."""
EDITOR_LINE: Final = f"# yaml-language-server: $schema=./{SCHEMA}\n"
"""The first line of a scenario, which tells an editor so."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REF: Final = "#/$defs/"
OR_NOTHING: Final = "_or_nothing"
"""Ends the name of what may also be a heading with nothing under it."""
PART_OF: Final = "part_of_"
"""Begins the name of what a layer may write: all of it, or only what differs."""

_TOLD: Final = ("description", "default")
_HIDDEN: Final = ("title", "changeable")
_FACT: Final[dict[str, Schema]] = {
    "source": {"description": "Who says so; the id of an insight source, or free text.", "type": ["string", "number"]},
    "as_of": {"description": "When it was so, such as 2026-06.", "type": ["string", "number"]},
    "note": {"description": "Anything else worth knowing about it.", "type": ["string", "number"]},
}
"""What stands beside a number that has a source."""
_NEEDS: Final = ("required", "minProperties")
_PATH: Final = r"^[a-z][a-z0-9_]*(\.[^\s.]+)*$"
_DOTTED: Final = r"^[a-z][a-z0-9_]*(\.[^\s.]+)+$"
_FILE: Final[Schema] = {"type": "string", "minLength": 1, "errorMessage": "Expected a file such as `base.yaml`."}
_PATHS: Final[Schema] = {
    "type": "string",
    "pattern": _PATH,
    "errorMessage": "Expected a path such as `journey.goodbye`.",
}
_EXTENDS: Final[Schema] = {
    "description": "The file this one builds on, such as `base.yaml`, or a list of files, of which later ones win.",
    "type": ["string", "array"],
    "minLength": 1,
    "items": _FILE,
    "minItems": 1,
    "uniqueItems": True,
    "errorMessage": "Expected a file such as `base.yaml`, or a list of files.",
}
_REMOVE: Final[Schema] = {
    "description": "What is inherited and shall not be there, by path, such as `[journey.goodbye]`.",
    "type": ["array", "string", "null"],
    "items": _PATHS,
    "pattern": _PATH,
    "errorMessage": "Expected a list of paths such as `[journey.goodbye]`.",
}
_SET: Final = "Values that replace inherited ones: in the shape of a scenario, or by path (`levers.people.level: 0.8`)."


def json_schema() -> Schema:
    """The JSON Schema of a scenario file: every key with its description, unit, default and bounds."""
    made = Root.model_json_schema(by_alias=True, mode="validation")
    kinds, told = _kinds(), {**made.pop("$defs"), Root.__name__: made}
    for model in _parts(FieldGroup):
        for key, text in told_of(model).items() if model.__name__ in told else ():
            told[model.__name__]["properties"][key]["description"] = text
    parts = {name: _tidy(part, kinds) for name, part in told.items()}
    parts["scenario"] = parts.pop(Root.__name__)
    description = parts["scenario"].pop("description")
    parts["scenario"]["properties"] = _sections(parts["scenario"], parts)
    known = {**parts, **kinds, **_FACT}
    known |= {name + OR_NOTHING: _or_nothing(part) for name, part in known.items()}
    known |= {PART_OF + name: _layered(part) for name, part in known.items()}
    known["layer"] = _layer(known[PART_OF + "scenario"])
    layering = {key: known["layer"]["properties"][key] for key in ("set", "remove")}
    keys = {"extends": _or_nothing(_EXTENDS), **known["scenario"]["properties"], **layering}
    known["scenario"] = {**known["scenario"], "properties": keys}
    builds = {"required": ["extends"], "properties": {"extends": {"type": _EXTENDS["type"]}}}
    ways = {"if": builds, "then": {"$ref": REF + "layer"}, "else": {"$ref": REF + "scenario"}}
    used = _used(ways, known)
    shown = {name: part for name, part in known.items() if name in used}
    return {"$schema": DIALECT, "title": "cxmodel scenario", "description": description, **ways, "$defs": shown}


def _parts(part: type[FieldGroup]) -> Iterator[type[FieldGroup]]:
    """A part and all that are made from it."""
    yield part
    for below in part.__subclasses__():
        yield from _parts(below)


def _kinds() -> dict[str, Schema]:
    """The JSON Schema of every kind of number, by its name in small letters."""
    found: dict[str, Schema] = {}
    for name, kind in vars(units).items():
        quantity = quantity_of(kind) if get_args(kind) else None
        if quantity is not None:
            found[re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()] = _kind(quantity.json_schema())
    return found


def _kind(schema: Schema) -> Schema:
    """One kind of number, what stands beside it by name."""
    return {**schema, "properties": {**schema["properties"], **{key: {"$ref": REF + key} for key in _FACT}}}


def _tidy(schema: Any, kinds: Mapping[str, Schema]) -> Any:
    """The schema with kinds of number by name, and without what an editor would show for nothing."""
    if isinstance(schema, list):
        return [_tidy(item, kinds) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: schema[key] for key in _TOLD if isinstance(schema.get(key), str | int | float)}
    if "unit" in schema:
        kind = _kind({key: value for key, value in schema.items() if key not in (*_HIDDEN, *_TOLD)})
        name = next((name for name, known in kinds.items() if known == kind), None)
        return {**told, **kind} if name is None else {"$ref": REF + name, **told}
    result: Schema = {}
    for key, item in schema.items():
        if key in ("properties", "patternProperties"):
            result[key] = {name: _tidy(part, kinds) for name, part in item.items()}
        elif key not in (*_HIDDEN, *_TOLD):
            result[key] = _tidy(item, kinds)
    return {**told, **_plainly(result)}


def _plainly(schema: Schema) -> Schema:
    """The schema without alternatives where it needs none, and with names that an editor can complete."""
    if {"type": "null"} in schema.get("anyOf", ()):
        (other,) = (way for way in schema["anyOf"] if way != {"type": "null"})
        return _or_nothing(other)
    if "patternProperties" in schema:
        return {**schema, "additionalProperties": False}
    if "enum" in schema.get("propertyNames", ()):
        entry, names = schema.pop("additionalProperties"), schema.pop("propertyNames")["enum"]
        return {**schema, "properties": dict.fromkeys(names, entry), "additionalProperties": False}
    if schema.get("type") == "array" and "pattern" in schema["items"]:
        return {**schema, "uniqueItems": True}
    if schema.get("type") == "string" and not schema.keys() & {"pattern", "enum"}:
        return {**schema, "type": ["string", "number"]}
    return schema


def _sections(scenario: Schema, parts: Mapping[str, Schema]) -> dict[str, Schema]:
    """The keys of a scenario, those that may be left out also as a heading with nothing under it."""
    sections: dict[str, Schema] = scenario["properties"]
    plans = sections["plans"]["patternProperties"]
    plans |= {pattern: _or_nothing(_plan(plan, parts)) for pattern, plan in plans.items()}
    (aim,) = sections["targets"].pop("patternProperties").values()
    sections["targets"]["properties"] = dict.fromkeys(METRIC_NAMES, aim)
    return {key: part if key in scenario["required"] else _or_nothing(part) for key, part in sections.items()}


def _plan(plan: Schema, parts: Mapping[str, Schema]) -> Schema:
    """A plan's schema: one with several types, rather than a list or a mapping as alternatives."""
    told, members = (parts[way["$ref"].removeprefix(REF)] if "$ref" in way else way for way in plan["oneOf"])
    return {**members, **told, "type": [told["type"], members["type"]]}


def _or_nothing(schema: Schema) -> Schema:
    """The schema, or a heading with nothing under it."""
    if "$ref" in schema:
        return {**schema, "$ref": schema["$ref"].removesuffix(OR_NOTHING) + OR_NOTHING}
    if "type" not in schema:
        return {
            **{key: value for key, value in schema.items() if key != "oneOf"},
            "anyOf": [*schema["oneOf"], {"type": "null"}],
        }
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*(name for name in types if name != "null"), "null"]}


def _layered(schema: Any) -> Any:
    """The schema of what a layer writes: nothing is needed, since it may be inherited."""
    if isinstance(schema, list):
        return [_layered(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _layered(item) for key, item in schema.items() if key not in _NEEDS or isinstance(item, dict)}
    return {**result, "$ref": REF + PART_OF + schema["$ref"].removeprefix(REF)} if "$ref" in schema else result


def _layer(part: Schema) -> Schema:
    """The schema of a file that extends another: its own keys, what it sets, what it removes."""
    own = {key: value if key == "schema" else _or_nothing(value) for key, value in part["properties"].items()}
    changes = {**part, "description": _SET, "properties": own, "patternProperties": {_DOTTED: True}}
    keys = {"extends": _EXTENDS, **own, "set": _or_nothing(changes), "remove": _REMOVE}
    return {**part, "properties": keys, "required": ["extends"]}


def _used(schema: Any, known: Mapping[str, Schema], found: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names that a schema refers to, and those that they refer to."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return found
    name = schema["$ref"].removeprefix(REF) if isinstance(schema.get("$ref"), str) else None
    if name is not None and name not in found:
        found = _used(known[name], known, found | {name})
    for item in schema.values():
        found = _used(item, known, found)
    return found
