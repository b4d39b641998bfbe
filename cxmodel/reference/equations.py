"""The equations of `cxmodel.model` for single numbers: the same code, with Python's functions in NumPy's place.

NumPy takes a microsecond for each operation on a single number, Python a twentieth of it. Nothing is written twice: the
modules are loaded once more, and what they call `np` is exchanged.
"""

from __future__ import annotations

import math
from importlib.util import find_spec, module_from_spec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Final

NUMBERS: Final = SimpleNamespace(
    maximum=max, minimum=min, abs=abs, exp=math.exp, log=math.log, log1p=math.log1p,
    sign=lambda x: math.copysign(1.0, x), asarray=lambda x: x,
)  # fmt: skip


def for_numbers(name: str) -> ModuleType:
    """A module of the model that works on single numbers only."""
    spec = find_spec(f"cxmodel.model.{name}")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.np = NUMBERS  # type: ignore[attr-defined]
    return module


if TYPE_CHECKING:
    from cxmodel.model import adoption, advocacy, contacts, economics, expectation, loyalty, memory, perception
else:
    loyalty = for_numbers("loyalty")
    adoption, advocacy, contacts, economics, expectation, memory, perception = map(
        for_numbers, ("adoption", "advocacy", "contacts", "economics", "expectation", "memory", "perception")
    )
    adoption.logistic = loyalty.logistic

__all__ = ["adoption", "advocacy", "contacts", "economics", "expectation", "loyalty", "memory", "perception"]
