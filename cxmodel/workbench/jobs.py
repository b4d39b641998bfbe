"""Simulations run outside the page: warm worker processes, the most urgent first, finished replications kept.

Whoever looks at a page says what it *wants*; that stays wanted when the page is closed, until something else is
wanted in its place. Studies, which nobody asked for, are played only while somebody looks, by worker processes
that take the time nobody else wants. Knows no page and no chart.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Any, Final, Literal

from cxmodel.runs import Key, Part, Wanted, together
from cxmodel.workbench.worker import GO_ON, HOLD, STOP, Message, Task, serve

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

KEPT: Final = 1000
"""Runs kept in memory, the least recently looked at dropped first."""
PATIENCE: Final = 5
"""Worker processes in a row that may die before they are ready; then something is wrong that no more will mend."""
GRACE: Final = 1.5
"""Seconds a simulation may take to heed a stop before its process is ended."""
CORES: Final = min(os.cpu_count() or 2, 4)
"""Processor cores that simulations may use at a time."""
BATCH: Final = -(-26 // max(1, CORES - 1))
"""Replications played at a time beside and after a preview. Each batch has a price of its own, however small it is:
what refines the usual thirty is one on each core that the preview leaves."""

FORGET: Final = 6.0
"""Seconds after which a study is dropped that no page has asked for again: nobody looks at it."""

LOOKED_AT, BEHIND, STUDY, CARD = range(4)
"""How urgent a run is: the preview of what is looked at, what refines it, what explains it, what decorates."""
PATIENT: Final = (0, 5, 19, 19)
"""How far workers at a run of each urgency stand back for others, the page and the browser among them (`nice`)."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A run that somebody wants, and how urgent it is."""

    wanted: Wanted
    urgency: int = BEHIND
    preview: tuple[int, ...] = ()
    """Replications after which there is something to show: these come first, as urgent as can be."""

    def tasks(self, have: int) -> Iterator[tuple[int, Task]]:
        """What is still to be played where so many replications are there: its urgency, and the task."""
        begin = have
        for end in self.preview:
            if end > begin:
                yield LOOKED_AT, Task(self.wanted, begin, end)
                begin = end
        shown = self.preview[-1] if self.preview else 0
        while begin < self.wanted.replications:
            end = min(begin + BATCH - (begin - shown) % BATCH, self.wanted.replications)
            yield self.urgency, Task(self.wanted, begin, end)
            begin = end


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    state: Literal["unknown", "waiting", "running", "done", "failed"]
    done: float = 0.0
    """Replications, those under way by their share."""
    why: str = ""


@dataclass
class _Kept:
    """The replications there are of a run: from the first on without a gap, and later ones that wait for these."""

    part: Part | None = None
    later: dict[int, Part] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.part.outcome.replications if self.part is not None else 0

    def has(self, task: Task) -> bool:
        late = self.later.get(task.first)
        return task.end <= self.count or (late is not None and task.first + late.outcome.replications >= task.end)

    def add(self, first: int, part: Part) -> None:
        self.later[first] = part
        for begin in sorted(self.later):
            if begin > self.count:
                return
            fresh = self.later.pop(begin)
            new = Part(fresh.outcome[self.count - begin :], fresh.modelled)
            if new.outcome.replications:
                self.part = new if self.part is None else together([self.part, new])


@dataclass
class _Worker:
    process: BaseProcess
    line: Connection
    patience: int
    """One of `PATIENT`: it plays the runs that have it."""
    ready: bool = False
    task: Task | None = None
    share: float = 0.0
    stop_sent: float | None = None
    held: bool = False
    """Whether it was told to wait where it is."""

    def end(self) -> None:
        self.process.kill()
        self.process.join(1)
        self.line.close()


@dataclass
class _Wish:
    aims: tuple[Aim, ...]
    heard: float = 0.0
    """When it became what it is."""
    asked: float = 0.0
    """When somebody said it last."""

    @property
    def forgotten(self) -> bool:
        """Whether it is a study's, and nobody looks any more."""
        return time.monotonic() - self.asked > FORGET and all(aim.urgency >= STUDY for aim in self.aims)


def context() -> ForkServerContext | SpawnContext:
    """How worker processes start: as copies of one that has imported the model, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cxmodel.runs", "cxmodel.workbench.worker"])
    return context


class Jobs:
    """The worker processes of one server, shared by all its pages."""

    def __init__(self, workers: int | None = None) -> None:
        self._context = context()
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._wishes: dict[Hashable, _Wish] = {}
        self._runs: OrderedDict[Key, _Kept] = OrderedDict()
        self._faults: dict[Key, str] = {}
        self._closed = False
        self._stillborn = 0
        self._cores = workers or CORES
        self._workers = [self._hire(PATIENT[LOOKED_AT]) for _ in range(self._cores)]
        self._bell, self._ear = Pipe()
        atexit.register(self.close)  # before Python waits for its child processes: the thread would hire new ones
        self._thread = threading.Thread(target=self._run, name="cxmodel-jobs", daemon=True)
        self._thread.start()

    def want(self, owner: Hashable, aims: Sequence[Aim]) -> None:
        """Say all that one owner wants now; what it no longer names is dropped. Raises UsageError for what is not."""
        for aim in aims:
            aim.wanted.refuse_what_cannot_be()
        with self._lock:
            if not aims:
                self._wishes.pop(owner, None)
            else:
                wish = self._wishes.setdefault(owner, _Wish(()))
                wish.asked = time.monotonic()
                if wish.aims != tuple(aims):
                    wish.aims, wish.heard = tuple(aims), wish.asked
            self._ring()

    def part(self, wanted: Wanted) -> Part | None:
        """The first replications of a run, as many as there are by now."""
        with self._lock:
            kept = self._runs.get(wanted.key)
            if kept is None:
                return None
            self._runs.move_to_end(wanted.key)
            return kept.part

    def look(self, wanted: Wanted) -> Progress:
        """How far a run is."""
        key = wanted.key
        with self._lock:
            done = float(self._runs[key].count if key in self._runs else 0)
            if done >= wanted.replications:
                return Progress("done", float(wanted.replications))
            if key in self._faults:
                return Progress("failed", done, self._faults[key])
            if not self._workers:
                return Progress("failed", done, "no worker process can be started here")
            done += (
                sum(part.outcome.replications for part in self._runs[key].later.values()) if key in self._runs else 0
            )
            at = [w for w in self._workers if w.task is not None and w.stop_sent is None and w.task.wanted.key == key]
            done += sum(w.share * len(w.task.replications) for w in at if w.task is not None)
            done = min(done, float(wanted.replications))
            if at:
                return Progress("running", done)
            asked = any(aim.wanted.key == key for wish in self._wishes.values() for aim in wish.aims)
            return Progress("waiting" if asked else "unknown", done)

    def wait(self, wanted: Wanted, seconds: float) -> Progress:
        """The same, after it is done or `seconds` have passed."""
        until = time.monotonic() + seconds
        with self._changed:
            while (found := self.look(wanted)).state in ("waiting", "running") and (
                left := until - time.monotonic()
            ) > 0:
                self._changed.wait(left)
            return found

    def pause(self, seconds: float) -> None:
        """Wait until something has come in, or so many seconds."""
        with self._changed:
            self._changed.wait(seconds)

    def cancel(self, owner: Hashable) -> None:
        """Drop all that an owner wants; finished replications stay."""
        self.want(owner, ())

    def retry(self, wanted: Wanted) -> None:
        """Forget that a run failed, so that wanting it plays it again."""
        with self._lock:
            self._faults.pop(wanted.key, None)
            self._ring()

    def workers(self) -> list[BaseProcess]:
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

    def _hire(self, patience: int) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, patience), name="cxmodel-worker", daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, patience)

    def _ring(self) -> None:
        self._bell.send(None)

    def _run(self) -> None:
        """The thread: hear the workers, then hand out work, until closed."""
        while True:
            with self._lock:
                if self._closed:
                    return
                lines: list[Any] = [worker.line for worker in self._workers]
            heard = [self._hear(line) for line in wait([*lines, self._ear], timeout=0.2)]
            with self._lock:
                if not self._closed and (any(heard) or not heard):
                    open_ = self._open()
                    self._stop_unwanted(open_)
                    self._hold_studies(any(urgency < STUDY for urgency, _ in open_))
                    self._hand_out(open_)
                    self._changed.notify_all()

    def _hear(self, line: Any) -> bool:
        """Take one message from a worker, or notice that it is gone; whether there may be something to hand out."""
        if line is self._ear:
            line.recv()
            return True
        with self._lock:
            worker = next((worker for worker in self._workers if worker.line is line), None)
            if worker is None:
                return False
            try:
                message = line.recv()
            except (EOFError, OSError):
                self._replace(worker, fault="the run ended before it was done; perhaps there was not enough memory")
                return True
            self._note(worker, message)
            return bool(message.kind != "progress")

    def _note(self, worker: _Worker, message: Message) -> None:
        if message.kind == "progress":
            worker.share = message.share
            return
        if worker.task is not None and message.part is not None:
            key = worker.task.wanted.key
            self._runs.setdefault(key, _Kept()).add(worker.task.first, message.part)
            self._runs.move_to_end(key)
            while len(self._runs) > KEPT:
                self._runs.popitem(last=False)
        elif worker.task is not None and message.kind == "failed":
            self._faults[worker.task.wanted.key] = message.why
        worker.ready, worker.task, worker.share, worker.stop_sent, worker.held = True, None, 0.0, None, False

    def _replace(self, worker: _Worker, fault: str = "") -> None:
        """End a worker and start a fresh one in its place."""
        if fault and worker.task is not None and worker.stop_sent is None:
            self._faults[worker.task.wanted.key] = fault
        worker.end()
        self._stillborn = self._stillborn + 1 if fault and not worker.ready else 0
        if self._stillborn < PATIENCE:
            self._workers[self._workers.index(worker)] = self._hire(worker.patience)
        else:
            self._workers.remove(worker)

    def _open(self) -> list[tuple[int, Task]]:
        """Every task that somebody wants and nobody has, the most urgent first; of equals, the newest wish's."""
        self._wishes = {owner: wish for owner, wish in self._wishes.items() if not wish.forgotten}
        found: dict[tuple[Key, int, int], tuple[int, Task]] = {}
        for wish in sorted(self._wishes.values(), key=lambda wish: -wish.heard):
            for aim in wish.aims:
                key = aim.wanted.key
                if key in self._faults:
                    continue
                kept = self._runs.get(key, _Kept())
                for urgency, task in self._under_way(key, aim.tasks(kept.count)):
                    if not kept.has(task):
                        place = (key, task.first, task.end)
                        if place not in found or found[place][0] > urgency:
                            found[place] = urgency, task
        return sorted(found.values(), key=lambda item: item[0])

    def _under_way(self, key: Key, tasks: Iterable[tuple[int, Task]]) -> Iterator[tuple[int, Task]]:
        """Tasks, but those that worker processes of their kind are at already as these have them."""
        at = [w for w in self._workers if w.task is not None and w.stop_sent is None and w.task.wanted.key == key]
        for urgency, task in tasks:
            theirs = (w.task for w in at if w.task is not None and w.patience == PATIENT[urgency])
            same = next((one for one in theirs if one.first <= task.first and one.end >= task.end), None)
            yield urgency, same or task

    def _stop_unwanted(self, open_: Sequence[tuple[int, Task]]) -> None:
        """Stop what nobody wants any more, and what is played more patiently, or less, than it is wanted by now."""
        wanted = {(self._place(task), PATIENT[urgency]) for urgency, task in open_}
        for worker in list(self._workers):
            if worker.task is None or (self._place(worker.task), worker.patience) in wanted:
                continue
            if worker.stop_sent is None:
                worker.stop_sent = time.monotonic()
                self._tell(worker, STOP)
            elif time.monotonic() - worker.stop_sent > GRACE:
                self._replace(worker)

    def _hold_studies(self, pressing: bool) -> None:
        """Have studies wait where they are while somebody waits for a picture, and then go on."""
        for worker in self._workers:
            if worker.patience == PATIENT[STUDY] and worker.task is not None and worker.held != pressing:
                worker.held = pressing
                self._tell(worker, HOLD if pressing else GO_ON)

    def _hand_out(self, open_: Sequence[tuple[int, Task]]) -> None:
        """Give idle workers what is wanted: refinement takes the cores that previews leave, studies what is left."""
        at = {self._place(worker.task) for worker in self._workers if worker.task is not None and not worker.stop_sent}
        for urgency, task in open_:
            patience = PATIENT[urgency]
            busy = sum(worker.task is not None and worker.patience <= patience for worker in self._workers)
            if self._place(task) in at or busy >= self._cores:
                continue
            worker = self._idle(patience)
            if worker is not None:
                worker.task, worker.share = task, 0.0
                self._tell(worker, task)

    def _idle(self, patience: int) -> _Worker | None:
        """A worker with such patience that has nothing to do; there are as many of each as there are cores."""
        own = [worker for worker in self._workers if worker.patience == patience]
        if not own and self._stillborn < PATIENCE:
            self._workers += [self._hire(patience) for _ in range(self._cores)]
        return next((worker for worker in own if worker.ready and worker.task is None), None)

    @staticmethod
    def _place(task: Task) -> tuple[Key, int, int]:
        return task.wanted.key, task.first, task.end

    def _tell(self, worker: _Worker, what: Task | str) -> None:
        try:
            worker.line.send(what)
        except OSError:  # it is gone; `_hear` will notice
            worker.ready = False
        except (pickle.PicklingError, TypeError, AttributeError) as fault:
            if worker.task is not None:
                self._faults[worker.task.wanted.key] = f"it could not be handed to a worker ({fault})"
            worker.task = None
