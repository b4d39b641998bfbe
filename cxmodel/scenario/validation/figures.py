"""Figures that read well and are hardly meant: amounts in thousands, told by the unit they are counted in.

Walks the scenario as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cxmodel.scenario.faults import Fault, KeyPath, quote
from cxmodel.scenario.fields.introspection import Target, find, kind_of, quantity_of
from cxmodel.scenario.fields.misspelt import looks_like_thousands
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.validation.references import Plain
from cxmodel.scenario.yaml_text.paths import is_of_changes

_IN_THOUSANDS: Final = ("money", "people", "calls")
"""Units that are counted in thousands: an amount of them with three decimals is none that anybody knows so well."""


def thousands(plain: Plain) -> Iterator[Fault]:
    """Amounts written with three decimals, such as `4.000`: to YAML that is four."""
    for path, quantity, written in _figures(plain, Root, plain, ()):
        meant = looks_like_thousands(written)
        if meant is not None and quantity.unit.partition(",")[0].partition(" ")[0] in _IN_THOUSANDS:
            number, unit = meant.partition(" ")[::2]
            spelled = f"{number[:-3]}_{number[-3:]} {unit}".strip()
            message = f"{quote(written)} is read with a decimal point, as three decimals"
            yield Fault("CXM520", path, message, f"`{meant}` or `{spelled}`, where thousands are meant")


def _figures(plain: Plain, kind: Any, value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Quantity, Any]]:
    """Every number that is written, with its path and what kind of number it is."""
    if is_of_changes(path[:-1]):
        target = find(Root, plain, path[-1])
        kind = target.kind if isinstance(target, Target) else None
    quantity = quantity_of(kind)
    if quantity is not None and not isinstance(value, dict):
        yield path, quantity, value
    elif isinstance(value, dict) and path[:1] != ("meta",):
        for key, item in value.items():
            below = kind if quantity is not None and key in ("value", "low", "high") else kind_of(kind, key)
            yield from _figures(plain, below, item, (*path, key))
