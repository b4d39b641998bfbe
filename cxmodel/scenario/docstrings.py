"""What a field is: the docstring below it, read from the source when somebody asks.

pydantic can do that itself, but reads the source of every part whenever the language is loaded, which takes a sixth
of the time of `validate`. Knows no fields.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from functools import cache

from pydantic import BaseModel


@cache
def docstrings_of(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings of a part's fields, by name; a description that a field brings along comes first."""
    found: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            found.update(_in_module(owner.__module__).get(owner.__name__, {}))
    brought = {name: field.description for name, field in model.model_fields.items() if field.description}
    return {name: text for name, text in {**found, **brought}.items() if name in model.model_fields}


@cache
def _in_module(name: str) -> dict[str, dict[str, str]]:
    """The docstrings below the fields of every class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[name]))
    return {node.name: _below(node.body) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def _below(body: list[ast.stmt]) -> dict[str, str]:
    """Each text that stands alone below a field."""
    found: dict[str, str] = {}
    for field, below in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value.value if isinstance(below.value, ast.Constant) else None
            if isinstance(text, str):
                found[field.target.id] = inspect.cleandoc(text)
    return found
