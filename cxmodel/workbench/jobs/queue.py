"""Long work behind the pages: jobs in threads of this process, shared by all readers, what is urgent first.

What a page wants stays wanted when it is closed, until it wants something else; then it ends where nobody else wants
it. What nobody waits for is held while somebody waits. Knows no page, and not what a job does.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import thread  # noqa: F401  (at the end, what it does comes after `JobQueue.close`)
from contextlib import contextmanager
from typing import Any, Final, Generic, Literal, TypeVar

from cxmodel.errors import CxModelError
from cxmodel.simulation.batch import Stopped

LOOKED_AT, ASKED, STUDY, CARD = range(4)
"""How urgent a job is: somebody waits for it, has started it and may go, it explains what is seen, it decorates."""
AT_ONCE: Final = (2, 8, 2, 1)
"""Jobs of each urgency at work at a time: more than one, so that nobody waits for a very large one to end."""
REMEMBERED: Final = 300
"""Jobs that are remembered with what they found, those asked for longest ago forgotten first."""
QUIET: Final = 3.0
"""Seconds after what somebody waits for, or a page begun, in which nothing else is worked at: it is being drawn."""
NICE: Final = 4
"""How far the threads of what nobody waits for stand back for others, the page's among them."""

Found = TypeVar("Found")
State = Literal["ready", "running", "stopped", "done", "failed"]
Heed = Callable[[float, int], None]
"""Told how much is done and of how much; may raise to end it."""


class Job(Generic[Found]):
    """Work on its way: `play` is called, each time when it is its turn, until it has found something."""

    def __init__(
        self, queue: JobQueue, urgency: int, play: Callable[[Heed], Found | None], found: Found | None
    ) -> None:
        self.queue, self.urgency, self.play, self.found = queue, urgency, play, found
        self.state: State = "ready" if found is None else "done"
        self.why = ""
        self.done, self.total = 0.0, 0
        self.began, self.before = 0.0, 0.0  # when its work began, and with how much done
        self.life: object = None  # one that was stopped, and started again, may still be ending

    def start(self) -> None:
        """Have it done; one that was stopped goes on where it was."""
        with self.queue.changed:
            if self.state in ("running", "done"):
                return
            self.state, self.why, self.total, self.life = "running", "", 0, object()
            self.began = time.monotonic()
        threading.Thread(target=self._work, args=(self.life,), name="cxmodel-job", daemon=True).start()

    def end(self, state: State, found: Found | None = None, why: str = "") -> None:
        """Note how it has ended, or end it for everybody; what it has done by now stays."""
        with self.queue.changed:
            if self.state == "running":
                self.state, self.found, self.why, self.life = state, found, why, None
                self.queue.changed.notify_all()

    def _work(self, life: object) -> None:
        if self.urgency > LOOKED_AT:
            stand_back()

        def heed(done: float, total: int) -> None:
            with self.queue.changed:
                while self.life is life and self.queue.hold(self):
                    self.queue.changed.wait(0.1)
                if self.life is not life:
                    raise Stopped
                if not self.total:
                    self.began, self.before = time.monotonic(), done
                self.done, self.total = done, total

        found, why = None, ""
        try:
            while found is None:
                with self.queue.turn(self, life):
                    found = self.play(heed)
        except Exception as fault:
            why = words_of(fault) if self.life is life else ""
        with self.queue.changed:
            if self.life is life:
                self.end("failed" if found is None else "done", found, why)


class JobQueue:
    """The jobs of one server."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._wanted: dict[str, list[Job[Any]]] = {}  # by owner
        self._line: list[Job[Any]] = []
        self._quiet_until = 0.0
        threading._register_atexit(self.close)  # type: ignore[attr-defined]  # Python waits for threads before `atexit`

    def job(
        self, name: Hashable, urgency: int, play: Callable[[Heed], Found | None], known: Callable[[], Found | None]
    ) -> Job[Found]:
        """The one job of a name, shared by everybody; what is known already need not be found."""
        with self.changed:
            if name not in self._jobs:
                self._jobs[name] = Job(self, urgency, play, known())
            job = self._jobs[name]
            self._jobs.move_to_end(name)
            if urgency < job.urgency:  # it begins again, in a thread that does not stand back
                job.end("ready")
                job.urgency = urgency
            idle = [other for other, each in self._jobs.items() if each.state != "running"]
            for other in idle[: max(0, len(self._jobs) - REMEMBERED)]:
                del self._jobs[other]
            return job

    def want(self, owner: str, jobs: Sequence[Job[Any]]) -> None:
        """Say all that an owner, one part of one page, wants now; what nobody wants any more ends."""
        with self.changed:
            before = self._wanted.pop(owner, [])
            if left := [each for each in jobs if each.state in ("ready", "running")]:
                self._wanted[owner] = left
            for each in before:
                if not any(each in some for some in self._wanted.values()):
                    each.end("ready")
        for each in left:
            each.start()

    def wait(self, jobs: Sequence[Job[Any]], seconds: float) -> None:
        """Wait until none of them is under way, or so many seconds."""
        with self.changed:
            self.changed.wait_for(lambda: all(each.state != "running" for each in jobs), seconds)

    @contextmanager
    def turn(self, job: Job[Any], life: object) -> Iterator[None]:
        """Have a turn: in the order of asking, so many of each urgency at a time."""

        def ahead() -> int:
            return sum(each.urgency == job.urgency for each in self._line[: self._line.index(job)])

        with self.changed:
            self._line.append(job)
        try:
            with self.changed:
                self.changed.wait_for(lambda: job.life is not life or ahead() < AT_ONCE[job.urgency])
                if job.life is not life:
                    raise Stopped
            yield
        finally:
            with self.changed:
                self._line.remove(job)
                if job.urgency == LOOKED_AT:
                    self.drawing()
                self.changed.notify_all()

    def drawing(self) -> None:
        """A page is being drawn: what nobody waits for is held meanwhile."""
        self._quiet_until = time.monotonic() + QUIET

    def hold(self, job: Job[Any]) -> bool:
        """Whether somebody waits for something else, or for a page to be drawn, and nobody for this."""
        if job.urgency == LOOKED_AT:
            return False
        return time.monotonic() < self._quiet_until or any(each.urgency == LOOKED_AT for each in self._line)

    def close(self) -> None:
        """End every job."""
        for each in list(self._jobs.values()):
            each.end("stopped")


def state_of(jobs: Sequence[Job[Any]]) -> State:
    """Of several jobs together."""
    states = {each.state for each in jobs}
    return next((state for state in ("failed", "stopped", "running", "ready") if state in states), "done")


def stand_back() -> None:
    """Have this thread, and those it starts, take the time that others leave: on Linux, where each has its own rank."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def words_of(fault: Exception) -> str:
    """Why something failed, for who reads the page; a fault of the program is told in full to who runs the server."""
    if isinstance(fault, CxModelError):
        return str(fault)
    if isinstance(fault, MemoryError):
        return "there was not enough memory for it"
    traceback.print_exception(fault, file=sys.stderr)
    return f"an error inside the model ({type(fault).__name__})"
