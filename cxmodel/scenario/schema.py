"""The JSON Schema (2020-12) of the language, for editors; made from the same fields that read it."""

from __future__ import annotations

from typing import Any, Final, get_args

from cxmodel.scenario import units
from cxmodel.scenario.fields import ID_PATTERN
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.names import METRIC_NAMES
from cxmodel.scenario.paths import quantity_of

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NOTHING: Final = {"type": "null"}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file: every key with its description, unit, default and bounds."""
    made = Scenario.model_json_schema(by_alias=True, mode="validation")
    quantities = _quantities()
    parts = {name: _strict(part, quantities) for name, part in made.pop("$defs").items()}
    schema: dict[str, Any] = _strict(made, quantities)
    optional = [key for key in schema["properties"] if key not in schema["required"]]
    schema["properties"]["targets"]["propertyNames"] = {"enum": list(METRIC_NAMES)}
    plans = schema["properties"]["plans"]["patternProperties"]
    plans[ID_PATTERN] = _or_nothing(plans[ID_PATTERN])
    for key in optional:
        schema["properties"][key] = _or_nothing(schema["properties"][key])
    used = _used(parts, schema)
    schema["$defs"] = {**parts, **{name: ways for name, ways in quantities.items() if name in used}}
    return {"$schema": DIALECT, "title": "cxmodel scenario", **schema}


def _quantities() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every kind of number, by what it is counted in."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in vars(units).items():
        quantity = quantity_of(kind) if get_args(kind) else None
        if quantity is not None:
            schema, short = quantity.json_schema(), quantity.unit.partition(",")[0].replace(" ", "_")
            found[short if found.get(short, schema) == schema else name] = schema
    return found


def _strict(schema: Any, quantities: dict[str, dict[str, Any]]) -> Any:
    """The schema with kinds of number by name, no titles, and no ids but those of their pattern."""
    if isinstance(schema, list):
        return [_strict(item, quantities) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, ways in quantities.items():
        if "anyOf" in schema and schema["anyOf"] == ways["anyOf"] and schema.get("unit") == ways["unit"]:
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "unit", "title")}
            return {"$ref": f"#/$defs/{name}", **rest}
    result = {key: _strict(item, quantities) for key, item in schema.items() if key != "title"}
    if "patternProperties" in result:
        result.setdefault("additionalProperties", False)
    return result


def _used(*schemas: Any) -> set[str]:
    """The names that schemas refer to."""
    names: set[str] = set()
    for schema in schemas:
        if isinstance(schema, dict):
            if isinstance(schema.get("$ref"), str):
                names.add(schema["$ref"].rpartition("/")[2])
            names |= _used(*schema.values())
        elif isinstance(schema, list):
            names |= _used(*schema)
    return names


def _or_nothing(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, or a heading with nothing under it; what tells about it stays outside."""
    told = {key: value for key, value in schema.items() if key in ("description", "default")}
    rest = {key: value for key, value in schema.items() if key not in told}
    ways = rest["anyOf"] if set(rest) == {"anyOf"} else [rest]
    return {**told, "anyOf": [*(way for way in ways if way != NOTHING), NOTHING]}
