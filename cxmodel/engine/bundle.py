"""Arrays that belong together, handed to compiled code as one pointer: the one place that touches Numba's inside.

Numba passes arrays by value, seven words and more each: with fifty tables that is most of the time of compiling and of
running. A bundle is a dataclass in Python and the address of its arrays in compiled code; `bundle.name` reads the same
in both. Nothing is counted references to: whoever calls compiled code holds the bundle.
"""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha1
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core import cgutils, config
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox

_PACKAGE: Final = Path(__file__).parents[1]
_FILES: Final = (
    *sorted(_PACKAGE.glob("engine/*.py")),
    *sorted(_PACKAGE.glob("model/*.py")),
    _PACKAGE / "vocabulary.py",
)
SOURCES: Final = sha1(b"".join(path.read_bytes() for path in _FILES)).hexdigest()
"""Of everything that is compiled together. Numba looks at a function's own file alone before it takes machine code from
its cache; as part of the types of what functions are given, this keeps code of other sources from being taken.
"""


class Bundle:
    """What the dataclasses of arrays, and of single records, derive from."""

    kind: ClassVar[BundleType]
    looks: ClassVar[list[Any]]

    def __init_subclass__(cls) -> None:
        typeof_impl.register(cls)(lambda value, context: value.kind)

    def __post_init__(self) -> None:
        # plain Python: records whose fields are attributes, as in compiled code
        if config.DISABLE_JIT:  # type: ignore[attr-defined]
            for part in fields(self):  # type: ignore[arg-type]
                setattr(self, part.name, _readable(getattr(self, part.name)))
            return
        cls = type(self)
        held = {part.name: getattr(self, part.name) for part in fields(self)}  # type: ignore[arg-type]
        looks = [(part.dtype, part.ndim, part.flags.c_contiguous) for part in held.values()]
        if "kind" not in cls.__dict__:
            cls.kind = BundleType(cls.__name__, tuple((name, typeof(part)) for name, part in held.items()))
            cls.looks = looks
        if looks != cls.looks:
            wrong = [name for name, look, right in zip(held, looks, cls.looks, strict=True) if look != right]
            raise TypeError(f"{cls.__name__}: {', '.join(wrong)} is not of the type that the engine is compiled for")
        self.words = np.array([word for part in held.values() for word in _words(part)], dtype=np.int64)
        self.address = self.words.ctypes.data


def _readable(part: Any) -> Any:
    if isinstance(part, np.ndarray):
        return part.view(np.recarray) if part.dtype.names else part
    return np.rec.array(np.array([part]))[0]


def _words(part: Any) -> list[int]:
    """An array as Numba holds it: owners (none), items, their size, where they are, shape, strides; or a record."""
    if isinstance(part, np.ndarray):
        return [0, 0, part.size, part.itemsize, part.ctypes.data, *part.shape, *part.strides]
    return [part.__array_interface__["data"][0]]


class BundleType(types.Type):
    """The names and types of what a bundle holds."""

    def __init__(self, label: str, held: tuple[tuple[str, Any], ...]) -> None:
        self.held, self.whole = held, f"{label}({', '.join(f'{name}: {kind}' for name, kind in held)}) {SOURCES}"
        super().__init__(name=f"{label}_{sha1(self.whole.encode()).hexdigest()[:8]}")  # it is part of every symbol

    @property
    def key(self) -> str:
        """What tells types apart."""
        return self.whole


@register_model(BundleType)
class BundleModel(models.PrimitiveModel):
    """A pointer to the arrays, one after the other."""

    def __init__(self, manager: Any, kind: BundleType) -> None:
        parts = [manager.lookup(part).get_value_type() for _, part in kind.held]
        super().__init__(manager, kind, ir.PointerType(ir.LiteralStructType(parts)))


@infer_getattr
class BundleAttribute(AttributeTemplate):
    """What `bundle.name` is, to the compiler."""

    key = BundleType

    def generic_resolve(self, kind: BundleType, name: str) -> Any:  # type: ignore[override]
        """The type of one of the arrays."""
        return dict(kind.held).get(name)


@lower_getattr_generic(BundleType)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, kind: BundleType, value: Any, name: str) -> Any:
    place = [own for own, _ in kind.held].index(name)
    found = builder.load(cgutils.gep_inbounds(builder, value, 0, place))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))  # what a bundle holds stays in its place
    return found


@unbox(BundleType)  # type: ignore[untyped-decorator]
def _unbox(kind: BundleType, obj: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(obj, "address")
    value = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.bitcast(value, c.context.get_value_type(kind)))
