"""Where a run spends its time: in the model's arithmetic, in drawing luck, or around them."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import cxmodel.model
from cxmodel.engine import luck

MODEL = [importlib.import_module(m.name) for m in pkgutil.iter_modules(cxmodel.model.__path__, "cxmodel.model.")]


class Stopwatch:
    """Processor seconds inside the functions of some modules, the outermost call of a nest counting."""

    def __init__(self) -> None:
        self.seconds = {"model": 0.0, "luck": 0.0}
        self.running = False

    def timed(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def measured(*args: Any, **named: Any) -> Any:
            if self.running:
                return function(*args, **named)
            self.running, began = True, time.process_time()
            try:
                return function(*args, **named)
            finally:
                self.seconds[kind] += time.process_time() - began
                self.running = False

        return measured

    @contextmanager
    def watching(self) -> Iterator[Stopwatch]:
        """Every function of the model's modules and of luck is timed, also where it was imported by name."""
        replaced: list[tuple[ModuleType, str, Any]] = []
        watched: dict[int, Callable[..., Any]] = {}
        for kind, modules in (("model", MODEL), ("luck", [luck])):
            for module in modules:
                for _, function in inspect.getmembers(module, inspect.isfunction):
                    if function.__module__ == module.__name__:
                        watched[id(function)] = self.timed(kind, function)
        engine = importlib.import_module("cxmodel.engine")
        rooms = [importlib.import_module(m.name) for m in pkgutil.iter_modules(engine.__path__, "cxmodel.engine.")]
        for module in [*MODEL, *rooms]:
            for name, held in list(vars(module).items()):
                if id(held) in watched:
                    replaced.append((module, name, held))
                    setattr(module, name, watched[id(held)])
        try:
            yield self
        finally:
            for module, name, held in replaced:
                setattr(module, name, held)
