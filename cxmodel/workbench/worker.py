"""A worker process: takes one request at a time, simulates, sends the result back. Knows no page.

What travels: to the worker a `Request`, or `STOP` for the one it is at; back a `Message`.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cxmodel.errors import CxModelError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from cxmodel.results import Result
    from cxmodel.scenario import Scenario

STOP: Final = "stop"

Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Request:
    """One simulation that a page wants to see."""

    scenario: Scenario
    plan: str
    replications: int
    seed: int = 1

    @property
    def key(self) -> Key:
        """What makes two requests the same: the scenario's meaning, not its object."""
        return (self.scenario.hash, self.plan, self.seed, self.replications)


@dataclass(frozen=True, slots=True)
class Message:
    """What a worker says: that it is ready, how far it is, that it is done or why it is not."""

    kind: Literal["ready", "progress", "done", "failed", "stopped"]
    key: Key | None = None
    done: int = 0
    result: Result | None = None
    why: str = ""


class Stopped(Exception):
    """Raised inside a simulation that nobody waits for any more."""


def serve(line: Connection) -> None:
    """Answer requests until the other end hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the page's process, which then hangs up
    from cxmodel.results import simulate  # noqa: F401  (the slow import, before the first request)

    try:
        line.send(Message("ready"))
        while True:
            request = line.recv()
            if request != STOP:  # a stop that came too late is for nobody
                line.send(_answer(line, request))
    except (EOFError, OSError):
        os._exit(0)


def _answer(line: Connection, request: Request) -> Message:
    """Simulate, reporting progress and heeding a stop between replications."""
    from cxmodel.results import simulate

    def progress(done: int, total: int) -> None:
        if line.poll():
            line.recv()
            raise Stopped
        line.send(Message("progress", request.key, done))

    try:
        result = simulate(
            request.scenario,
            request.plan,
            replications=request.replications,
            seed=request.seed,
            jobs=1,
            progress=progress,
        )
    except Stopped:
        return Message("stopped", request.key)
    except CxModelError as problem:
        return Message("failed", request.key, why=str(problem))
    except (EOFError, OSError):
        raise
    except Exception as fault:
        traceback.print_exc(file=sys.stderr)
        return Message("failed", request.key, why=f"an error inside the model ({type(fault).__name__})")
    return Message("done", request.key, done=request.replications, result=result)
