"""How the event loop is compiled: Numba's options, the equations it knows, its cache, and the word to who waits.

`entry` marks a function that Python calls, `compiled` one that only compiled code calls; both are plain Python where
`NUMBA_DISABLE_JIT=1` is set, and give the same bits. Nothing is allocated in compiled code, so that no array is counted
references to: `_nrt=False` leaves that out, which makes calls with many tables cheap and threads independent.
"""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
from numba import njit
from numba.core import config, event
from numba.extending import register_jitable

from cxmodel.model import adoption, advocacy, contacts, economics, expectation, loyalty, memory, perception

EQUATIONS: Final = (adoption, advocacy, contacts, economics, expectation, loyalty, memory, perception)
"""Modules of the model whose functions compiled code may call."""
OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "no_rewrites": True,
    "error_model": "numpy",
    "_nrt": False,
    "fastmath": {"nnan", "nsz"},
}
WORD: Final = "Compiling the simulation engine for this computer, once: about half a minute …"
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """A function that compiled code calls; from Python it stays what it is."""
    inner: Function = register_jitable(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)
    return inner


def entry(function: Function) -> Function:
    """A function that Python calls; what it compiles to is kept beside the package, else in the user's own folder."""
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return np.errstate(over="ignore")(function)  # random numbers live on it
    try:
        made: Any = njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # neither place can be written: it is compiled in each process anew
        made = njit(**OPTIONS)(function)
    kept: Function = made
    return kept


for _module in EQUATIONS:
    for _function in vars(_module).values():
        if inspect.isfunction(_function) and _function.__module__ == _module.__name__:
            compiled(_function)


class _Compiling(event.Listener):
    """Knows whether the engine is being compiled, and says once, on stderr, that it is."""

    def __init__(self) -> None:
        self.said, self.under_way, self.lock = False, 0, threading.Lock()

    def on_start(self, event: Any) -> None:
        """Something begins to be compiled."""
        with self.lock:
            self.under_way += 1
            if not self.said and _ours(event):
                self.said = True
                print(WORD, file=sys.stderr, flush=True)

    def on_end(self, event: Any) -> None:
        """It is compiled."""
        with self.lock:
            self.under_way -= 1


def _ours(event: Any) -> bool:
    return str(event.data["dispatcher"].py_func.__module__).startswith("cxmodel.")


_COMPILING: Final = _Compiling()
event.register("numba:compile", _COMPILING)


def compiling() -> bool:
    """Whether the engine is being compiled right now, which takes a while, once on each computer."""
    return _COMPILING.under_way > 0
