"""Dotted paths: which field `journey.track_order.delivers.clarity` leads to. Fields are found by type."""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from cxmodel.scenario.characters import ODD_BLANK, name_of, plainly
from cxmodel.scenario.faults import Fault, KeyPath, closest, one_of, quote
from cxmodel.scenario.fields.base import CHANGEABLE
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.yaml_text.paths import is_of_changes, is_of_plan, told_plan


def key_of(name: str, field: FieldInfo) -> str:
    """How a field is written in a file."""
    return field.alias or name


@cache
def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a part, by key."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


def told_of(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a part is, by key."""
    docstrings = docstrings_of(model)
    return {key_of(name, field): docstrings[name] for name, field in model.model_fields.items() if name in docstrings}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads: the type, its quantity where it holds a number, whether it may change in time."""

    kind: Any
    quantity: Quantity | None
    changeable: bool
    today: Any = None
    """What stands there today, as written or as the default is; None for nothing."""


def quantity_of(kind: Any) -> Quantity | None:
    """The quantity in a type, through `Annotated` and `| None`."""
    return next((item for item in _unwrapped(kind) if isinstance(item, Quantity)), None)


def _unwrapped(kind: Any) -> Iterator[Any]:
    """A type, what annotates it, and what it may be instead."""
    yield kind
    origin = get_origin(kind)
    if origin in (Annotated, Union, UnionType):
        for part in get_args(kind):
            yield from _unwrapped(part)


def parts_of(kind: Any) -> list[type[BaseModel]]:
    """The parts a type may be."""
    return [item for item in _unwrapped(kind) if isinstance(item, type) and issubclass(item, BaseModel)]


def values_of(kind: Any) -> Any:
    """The type of a mapping's values; None for anything but a mapping."""
    for item in _unwrapped(kind):
        origin = get_origin(item)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return get_args(item)[1]
    return None


def full_kind(field: FieldInfo) -> Any:
    """A field's type with its annotations."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _options(kind: Any, written: Any) -> list[str]:
    """The keys that may follow."""
    models = parts_of(kind)
    if len(models) > 1 and isinstance(written, dict):
        fitting = [model for model in models if set(written) & set(fields_of(model))]
        models = fitting or models
    return [key for model in models for key in fields_of(model)]


def model_of(kind: Any, written: Any) -> type[BaseModel] | None:
    """The part that a type is; of several ways to write one (adoption), the way that is written."""
    models = parts_of(kind)
    if len(models) > 1:
        models = [one for one in models if isinstance(written, dict) and set(written) <= set(fields_of(one))]
    return models[0] if models else None


def kind_of(kind: Any, step: str) -> Any:
    """The type one key further down; None where there is none."""
    return _step(kind, step)


def kind_at(root: type[BaseModel], path: KeyPath) -> Any:
    """The type at a path; None where there is none."""
    kind: Any = root
    for step in path:
        kind = _step(kind, step)
    return kind


def quantity_at(root: type[BaseModel], dotted: str) -> Quantity | None:
    """The quantity that a number at a dotted path is, be it the new value of a change, or an end of a range."""
    steps = tuple(dotted.split("."))
    while is_of_changes(steps[:3]):
        steps = steps[3:]
    quantity = quantity_of(kind_at(root, steps)) if steps else None
    if quantity is None and steps and steps[-1] in ("value", "low", "high"):
        quantity = quantity_of(kind_at(root, steps[:-1]))
    return quantity


def keys_at(root: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys a part at this path may have."""
    return _options(kind_at(root, path), None)


def ways_at(root: type[BaseModel], path: KeyPath) -> list[str]:
    """The ways to write a part that can be written in several, each by its keys."""
    return [f"`{{{', '.join(f'{key}: …' for key in fields_of(one))}}}`" for one in parts_of(kind_at(root, path))]


def needed_keys(kind: Any) -> list[str]:
    """The keys a part cannot do without, or its first one; none for what is no part."""
    fields = fields_of(parts_of(kind)[0]) if parts_of(kind) else {}
    return [key for key, field in fields.items() if field.is_required()] or list(fields)[:1]


def is_list(kind: Any) -> bool:
    """Whether a type is a list."""
    return any(get_origin(item) is tuple for item in _unwrapped(kind))


def is_switch(kind: Any) -> bool:
    """Whether a type is true or false."""
    return any(item is bool for item in _unwrapped(kind))


def has_keys(kind: Any) -> bool:
    """Whether a type is a mapping."""
    return values_of(kind) is not None


def _step(kind: Any, key: str) -> Any:
    """The type one key further down; None where there is none."""
    for model in parts_of(kind):
        if key in fields_of(model):
            return full_kind(fields_of(model)[key])
    values = values_of(kind)
    if values is not None:
        return values
    for item in _unwrapped(kind):
        if get_origin(item) is tuple:
            return get_args(item)[0]
    return None


def wanted(root: type[BaseModel], parent: KeyPath, key: str) -> str:
    """What a missing key should hold."""
    quantity = quantity_of(kind_at(root, (*parent, key)))
    if quantity:
        return f"add `{key}: …`, {quantity.expected}"
    description = next((told_of(model).get(key, "") for model in parts_of(kind_at(root, parent))), "")
    return f"add `{key}: …`, {description[:1].lower()}{description[1:].rstrip('.')}"


def find(root: type[BaseModel], plain: Mapping[str, Any], dotted: str) -> Target | Fault | None:
    """The field that a dotted path leads to in a scenario as written, or why it leads nowhere.

    None where the path runs into something of the wrong shape, which is a fault of its own.
    """
    kind: Any = root
    written: Any = plain
    marked, default = False, None
    steps = tuple(dotted.split("."))
    for place, step in enumerate(steps):
        if is_of_plan(steps[:place]) and isinstance(written, list):
            written = told_plan(written)
        if (parts_of(kind) or has_keys(kind)) and not isinstance(written, dict | None):
            return None
        field = next((fields_of(model)[step] for model in parts_of(kind) if step in fields_of(model)), None)
        present = isinstance(written, dict) and step in written
        if field is not None and _possible(kind, step, written):
            kind, marked = full_kind(field), _is_changeable(field)
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            if place < len(steps) - 1 and not present and _is_nothing(field):
                before = ".".join(steps[: place + 1])
                message = f"there is no `{before}` in this scenario, so nothing in it can be set"
                where = f"under `{'.'.join(steps[:place])}`" if place else "in the scenario"
                return Fault("CXM306", (), message, f"write `{step}: …` {where} first", at_key=True)
        elif field is None and has_keys(kind) and present:
            kind, default = values_of(kind), None
        else:
            return _nowhere(steps, place, kind, plain, written)
        written = written.get(step) if isinstance(written, dict) else None
    return Target(kind, quantity_of(kind), marked, default if written is None else written)


def _is_nothing(field: FieldInfo) -> bool:
    """Whether a field that is not written is nothing at all."""
    return field.is_required() or field.get_default(call_default_factory=True) is None


def _possible(kind: Any, step: str, written: Any) -> bool:
    """Of several ways to write a part (adoption), only the one that is written can be changed."""
    models = parts_of(kind)
    if len(models) < 2 or not isinstance(written, dict):
        return True
    return any(step in fields_of(model) and set(written) <= set(fields_of(model)) for model in models)


def _is_changeable(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get(CHANGEABLE))


def _nowhere(steps: KeyPath, place: int, kind: Any, plain: Mapping[str, Any], written: Any) -> Fault:
    """A path that leads nowhere, from the step that cannot be taken."""
    mapping = has_keys(kind)
    options = list(written or ()) if mapping else _options(kind, written)
    before, step, after = steps[:place], steps[place], steps[place + 1 :]
    where = f"`{'.'.join(before)}`" if before else "a scenario"
    if (odd := ODD_BLANK.search(step)) is not None:
        message = f"there is {name_of(odd[0])} in {quote(plainly(step))}"
        return Fault("CXM219", (), message, f"`{plainly('.'.join(steps))}`, without it", at_key=True)
    message = f"this path leads nowhere: {where} has no {quote(step)}"
    sections = [section for section, entries in plain.items() if isinstance(entries, dict) and step in entries]
    near = closest(step, options)
    if not before and sections:
        hint = f"did you mean `{'.'.join([sections[0], *steps])}`?"
    elif near:
        hint = f"did you mean `{'.'.join([*before, near, *after])}`?"
    elif options:
        hint = f"in {where}: {one_of(options, 24)}"
    else:
        hint = f"there is nothing in {where}" if mapping else f"{where} is one value; nothing lies in it"
    return Fault("CXM306", (), message, hint, at_key=True)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The reader of one type."""
    return TypeAdapter(kind)


@cache
def docstrings_of(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings of a part's fields, by name; a description that a field brings along comes first."""
    docstrings: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            docstrings.update(_in_module(owner.__module__).get(owner.__name__, {}))
    brought = {name: field.description for name, field in model.model_fields.items() if field.description}
    return {name: text for name, text in {**docstrings, **brought}.items() if name in model.model_fields}


@cache
def _in_module(name: str) -> dict[str, dict[str, str]]:
    """The docstrings below the fields of every class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[name]))
    return {node.name: _below(node.body) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def _below(body: list[ast.stmt]) -> dict[str, str]:
    """Each text that stands alone below a field."""
    docstrings: dict[str, str] = {}
    for field, below in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value.value if isinstance(below.value, ast.Constant) else None
            if isinstance(text, str):
                docstrings[field.target.id] = inspect.cleandoc(text)
    return docstrings
