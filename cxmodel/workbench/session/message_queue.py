"""What a page says reaches its browser whole, however many threads are at work.

Streamlit's thread that draws a page puts messages into a queue which another empties, without a lock: a message may be
put into a list that has just been sent, and is lost. What belongs inside it then has no place, and the page is broken
until it is loaded again. While runs are played in the same process threads change often enough for that to happen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

P = ParamSpec("P")
R = TypeVar("R")
METHODS: Final = ("enqueue", "flush", "clear")
"""What is done to a queue of messages, by the thread that draws and by the one that sends."""
_LOCK: Final = threading.RLock()  # `flush` clears


def one_at_a_time() -> None:
    """Have Streamlit's queues do one thing at a time."""
    for name in METHODS:
        method = getattr(ForwardMsgQueue, name)
        if not hasattr(method, "__wrapped__"):
            setattr(ForwardMsgQueue, name, _locked(method))


def _locked(method: Callable[P, R]) -> Callable[P, R]:
    @wraps(method)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _LOCK:
            return method(*args, **kwargs)

    return alone
