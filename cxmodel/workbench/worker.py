"""A worker process: takes one task at a time, plays its replications, sends them back. Knows no page.

What travels: to the worker a `Task`, or `STOP`, `HOLD` and `GO_ON` for the one it is at; back a `Message`.
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

    from cxmodel.runs import Part, Wanted

STOP: Final = "stop"
HOLD: Final = "hold"
GO_ON: Final = "go on"


@dataclass(frozen=True, slots=True)
class Task:
    """Some replications of a run."""

    wanted: Wanted
    first: int
    end: int

    @property
    def replications(self) -> range:
        """Which ones."""
        return range(self.first, self.end)


@dataclass(frozen=True, slots=True)
class Message:
    """What a worker says: that it is ready, how far it is, that it is done or why it is not."""

    kind: Literal["ready", "progress", "done", "failed", "stopped"]
    share: float = 0.0
    part: Part | None = None
    why: str = ""


class Stopped(Exception):
    """Raised inside a simulation that nobody waits for any more."""


def serve(line: Connection, patience: int = 0) -> None:
    """Answer tasks until the other end hangs up; with patience (0 to 19) in the time that others leave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the page's process, which then hangs up
    if hasattr(os, "nice"):
        os.nice(patience)
    from cxmodel.runs import part_of  # noqa: F401  (the slow import, before the first task)

    try:
        line.send(Message("ready"))
        while True:
            task = line.recv()
            if isinstance(task, Task):  # a word that came too late is for nobody
                line.send(_answer(line, task))
    except (EOFError, OSError):
        os._exit(0)


def _answer(line: Connection, task: Task) -> Message:
    """Play, reporting progress and heeding what is said from month to month."""
    from cxmodel.runs import part_of

    def progress(share: float) -> None:
        while line.poll() and (said := line.recv()) != GO_ON:
            if said == HOLD:
                said = line.recv()
            if said == STOP:
                raise Stopped
        line.send(Message("progress", share))

    try:
        part = part_of(task.wanted, task.replications, progress)
    except Stopped:
        return Message("stopped")
    except CxModelError as problem:
        return Message("failed", why=str(problem))
    except (EOFError, OSError):
        raise
    except Exception as fault:
        traceback.print_exc(file=sys.stderr)
        return Message("failed", why=f"an error inside the model ({type(fault).__name__})")
    return Message("done", part=part)
