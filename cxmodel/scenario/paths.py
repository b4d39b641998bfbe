"""Dotted paths: which field `journey.track_order.delivers.clarity` leads to. Fields are found by type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from cxmodel.scenario.fields import CHANGEABLE
from cxmodel.scenario.problems import Fault, Path, one_of, quote, suggestion
from cxmodel.scenario.units import Quantity


def key_of(name: str, field: FieldInfo) -> str:
    """How a field is written in a file."""
    return field.alias or name


@cache
def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a part, by key."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads: the type, its quantity where it holds a number, whether it may change in time."""

    kind: Any
    quantity: Quantity | None
    changeable: bool


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


def _models(kind: Any) -> list[type[BaseModel]]:
    """The parts a type may be."""
    return [item for item in _unwrapped(kind) if isinstance(item, type) and issubclass(item, BaseModel)]


def _values(kind: Any) -> Any:
    """The type of a mapping's values; None for anything but a mapping."""
    for item in _unwrapped(kind):
        origin = get_origin(item)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return get_args(item)[1]
    return None


def _full(field: FieldInfo) -> Any:
    """A field's type with its annotations."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _options(kind: Any, written: Any) -> list[str]:
    """The keys that may follow."""
    models = _models(kind)
    if len(models) > 1 and isinstance(written, dict):
        fitting = [model for model in models if set(written) & set(fields_of(model))]
        models = fitting or models
    return [key for model in models for key in fields_of(model)]


def parts_at(root: type[BaseModel], path: Path) -> list[str]:
    """The keys a part at this path may have."""
    kind: Any = root
    for step in path:
        kind = _step(kind, step)
    return _options(kind, None)


def _step(kind: Any, key: str) -> Any:
    """The type one key further down; None where there is none."""
    for model in _models(kind):
        if key in fields_of(model):
            return _full(fields_of(model)[key])
    values = _values(kind)
    if values is not None:
        return values
    for item in _unwrapped(kind):
        if get_origin(item) is tuple:
            return get_args(item)[0]
    return None


def wanted(root: type[BaseModel], parent: Path, key: str) -> str:
    """What a missing key should hold."""
    kind: Any = root
    for step in (*parent, key):
        kind = _step(kind, step)
    quantity = quantity_of(kind)
    return f"`{key}:` and {quantity.expected}" if quantity else f"`{key}: …`"


def find(root: type[BaseModel], plain: Mapping[str, Any], dotted: str) -> Target | Fault:
    """The field that a dotted path leads to in a scenario as written, or why it leads nowhere."""
    kind: Any = root
    written: Any = plain
    marked = False
    steps = tuple(dotted.split("."))
    for place, step in enumerate(steps):
        field = next((fields_of(model)[step] for model in _models(kind) if step in fields_of(model)), None)
        below = written.get(step) if isinstance(written, dict) else None
        present = isinstance(written, dict) and step in written
        if field is not None:
            if not _possible(kind, step, written):
                return _nowhere(dotted, steps, place, _options(kind, written))
            kind, marked = _full(field), _is_changeable(field)
            last = place == len(steps) - 1
            if (
                not present
                and not last
                and not field.is_required()
                and field.get_default(call_default_factory=True) is None
            ):
                before = ".".join(steps[: place + 1])
                message = f"`{before}` is not written in this scenario, so nothing in it can be set"
                return Fault("CXM306", (), message, f"write `{step}: {{…}}` there first", at_key=True)
        elif _values(kind) is not None and present:
            kind = _values(kind)
        else:
            options = (
                list(written)
                if _values(kind) is not None and isinstance(written, dict)
                else _options(kind, written)
            )
            return _nowhere(dotted, steps, place, options)
        written = below
    return Target(kind, quantity_of(kind), marked)


def _possible(kind: Any, step: str, written: Any) -> bool:
    """Of several ways to write a part (adoption), only the one that is written can be changed."""
    models = _models(kind)
    if len(models) < 2 or not isinstance(written, dict):
        return True
    return any(step in fields_of(model) and set(written) <= set(fields_of(model)) for model in models)


def _is_changeable(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get(CHANGEABLE))


def _nowhere(dotted: str, steps: Path, place: int, options: list[str]) -> Fault:
    """A path that leads nowhere, from the step that cannot be taken."""
    before = ".".join(steps[:place])
    where = f"`{before}`" if before else "a scenario"
    hint = suggestion(steps[place], options)
    if hint.startswith("did you mean"):
        near = hint.split("`")[1]
        hint = f"did you mean `{'.'.join([*steps[:place], near, *steps[place + 1 :]])}`?"
    elif options:
        hint = f"in {where}: {one_of(options)}"
    else:
        hint = f"{where} is a value of its own; nothing lies in it"
    return Fault(
        "CXM306",
        (),
        f"{quote(dotted)} leads nowhere: {where} has no {quote(steps[place])}",
        hint,
        at_key=True,
    )


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The reader of one type."""
    return TypeAdapter(kind)
