"""Simulations run outside the page: warm worker processes, the newest wish first, results kept.

A page says what it *wants*; whatever nobody wants any more is stopped. Knows no page and no chart.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Any, Final, Literal

from cxmodel.workbench.worker import STOP, Key, Message, Request, serve

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from cxmodel.results import Result

KEPT: Final = 60
"""Results kept in memory, the least recently looked at dropped first."""
FORGET: Final = 10.0
"""Seconds after which the wishes of a page that no longer asks are dropped: its tab was closed."""
PATIENCE: Final = 5
"""Worker processes in a row that may die before they are ready; then something is wrong that no more will mend."""
GRACE: Final = 0.4
"""Seconds a simulation may take to heed a stop before its process is ended."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is."""

    state: Literal["unknown", "waiting", "running", "done", "failed"]
    done: int = 0
    result: Result | None = None
    why: str = ""


@dataclass
class _Worker:
    process: SpawnProcess
    line: Connection
    ready: bool = False
    request: Request | None = None
    done: int = 0
    stop_sent: float | None = None

    def end(self) -> None:
        self.process.kill()
        self.process.join(1)
        self.line.close()


@dataclass
class _Wish:
    requests: tuple[Request, ...]
    heard: float = field(default_factory=time.monotonic)


class Jobs:
    """The worker processes of one server, shared by all its pages."""

    def __init__(self, workers: int | None = None) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._wishes: dict[Hashable, _Wish] = {}
        self._results: OrderedDict[Key, Result] = OrderedDict()
        self._faults: dict[Key, str] = {}
        self._closed = False
        self._stillborn = 0
        # one more than there are cores: a preview never waits for the refinement it replaces
        self._workers = [self._hire() for _ in range((workers or min(os.cpu_count() or 2, 4)) + 1)]
        self._bell, self._ear = Pipe()
        atexit.register(self.close)  # before Python waits for its child processes: the thread would hire new ones
        self._thread = threading.Thread(target=self._run, name="cxmodel-jobs", daemon=True)
        self._thread.start()

    def want(self, owner: Hashable, requests: Sequence[Request]) -> None:
        """Say all that one page wants now, most urgent first; what it no longer names is dropped."""
        with self._lock:
            self._wishes[owner] = _Wish(tuple(requests))
            self._ring()

    def look(self, request: Request) -> Progress:
        """How far a request is, and its result once there is one."""
        key = request.key
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return Progress("done", request.replications, self._results[key])
            if key in self._faults:
                return Progress("failed", why=self._faults[key])
            for worker in self._workers:
                if worker.request is not None and worker.request.key == key and worker.stop_sent is None:
                    return Progress("running", worker.done)
            if not self._workers:
                return Progress("failed", why="no worker process can be started here")
            wanted = any(key == other.key for wish in self._wishes.values() for other in wish.requests)
            return Progress("waiting" if wanted else "unknown")

    def wait(self, request: Request, seconds: float) -> Progress:
        """The same, after it is done or `seconds` have passed."""
        until = time.monotonic() + seconds
        with self._changed:
            while (found := self.look(request)).state in ("waiting", "running") and (
                left := until - time.monotonic()
            ) > 0:
                self._changed.wait(left)
            return found

    def cancel(self, owner: Hashable) -> None:
        """Drop all that a page wants."""
        self.want(owner, ())

    def retry(self, request: Request) -> None:
        """Forget that a request failed, so that wanting it runs it again."""
        with self._lock:
            self._faults.pop(request.key, None)
            self._ring()

    def workers(self) -> list[SpawnProcess]:
        """The worker processes as they are now."""
        with self._lock:
            return [worker.process for worker in self._workers]

    def close(self) -> None:
        """End every worker process."""
        atexit.unregister(self.close)
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for worker in self._workers:
                worker.end()
            self._ring()

    def _hire(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs,), name="cxmodel-worker", daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _ring(self) -> None:
        self._bell.send(None)

    def _run(self) -> None:
        """The thread: hear the workers, then hand out work, until closed."""
        while True:
            with self._lock:
                if self._closed:
                    return
                lines: list[Any] = [worker.line for worker in self._workers]
            for line in wait([*lines, self._ear], timeout=0.2):
                self._hear(line)
            with self._lock:
                if not self._closed:
                    self._stop_unwanted()
                    self._hand_out()
                    self._changed.notify_all()

    def _hear(self, line: Any) -> None:
        """Take one message from a worker, or notice that it is gone."""
        if line is self._ear:
            line.recv()
            return
        with self._lock:
            worker = next((worker for worker in self._workers if worker.line is line), None)
            if worker is None:
                return
            try:
                message = line.recv()
            except (EOFError, OSError):
                self._replace(worker, fault="the run ended before it was done; perhaps there was not enough memory")
                return
            self._note(worker, message)

    def _note(self, worker: _Worker, message: Message) -> None:
        if message.kind == "progress":
            worker.done = message.done
            return
        if message.kind == "done" and message.key is not None and message.result is not None:
            self._results[message.key] = message.result
            while len(self._results) > KEPT:
                self._results.popitem(last=False)
        elif message.kind == "failed" and message.key is not None:
            self._faults[message.key] = message.why
        worker.ready, worker.request, worker.done, worker.stop_sent = True, None, 0, None

    def _replace(self, worker: _Worker, fault: str = "") -> None:
        """End a worker and start a fresh one in its place."""
        if fault and worker.request is not None and worker.stop_sent is None:
            self._faults[worker.request.key] = fault
        worker.end()
        self._stillborn = self._stillborn + 1 if fault and not worker.ready else 0
        if self._stillborn < PATIENCE:
            self._workers[self._workers.index(worker)] = self._hire()
        else:
            self._workers.remove(worker)

    def _wanted(self) -> list[Request]:
        """What somebody wants and nobody has, previews before refinements."""
        now = time.monotonic()
        self._wishes = {owner: wish for owner, wish in self._wishes.items() if now - wish.heard < FORGET}
        newest = sorted(self._wishes.values(), key=lambda wish: -wish.heard)
        requests = {request.key: request for wish in newest for request in wish.requests}
        open_ = [request for key, request in requests.items() if key not in self._results and key not in self._faults]
        return sorted(open_, key=lambda request: request.replications)

    def _stop_unwanted(self) -> None:
        wanted = {request.key for request in self._wanted()}
        for worker in list(self._workers):
            if worker.request is None or worker.request.key in wanted:
                continue
            if worker.stop_sent is None:
                worker.stop_sent = time.monotonic()
                self._tell(worker, STOP)
            elif time.monotonic() - worker.stop_sent > GRACE:
                self._replace(worker)

    def _hand_out(self) -> None:
        """Give idle workers what is wanted; refinements leave the cores to previews until these are in."""
        at = {worker.request.key for worker in self._workers if worker.request is not None}
        wanted = self._wanted()
        least = min((request.replications for request in wanted), default=0)
        for request in wanted:
            idle = [worker for worker in self._workers if worker.ready and worker.request is None]
            if not idle or request.replications > least:
                return
            if request.key not in at:
                idle[0].request, idle[0].done = request, 0
                self._tell(idle[0], request)

    def _tell(self, worker: _Worker, what: Request | str) -> None:
        try:
            worker.line.send(what)
        except OSError:  # it is gone; `_hear` will notice
            worker.ready = False
        except (pickle.PicklingError, TypeError, AttributeError) as fault:
            if worker.request is not None:
                self._faults[worker.request.key] = f"it could not be handed to a worker ({fault})"
            worker.request = None
