"""Studies that a reader starts on the Explore page: what they will take, played in the background, stopped, kept.

A study is the same function that the command line calls, played by processes that stand back for everything else. The
figures of its runs are kept one by one, so that one that was stopped goes on where it was, whichever door it came
through; what it found is kept under its question. Draws nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from cxmodel.archive import Archive
from cxmodel.errors import CxModelError
from cxmodel.many import Cost
from cxmodel.runs import ended_at_once, mind_the_caller
from cxmodel.studies.budgets import bare
from cxmodel.workbench import kept
from cxmodel.workbench.jobs import CORES, FORGET, context

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

KEPT: Final = "explored"
"""The kind of study under which the archive keeps what was found."""
PATIENCE: Final = 10
"""How far the processes of a study stand back (`nice`): behind what pages play, before what nobody has asked for."""
MOST: Final = 60
"""Studies that are remembered, the least recently looked at forgotten first."""

Document = Mapping[str, Any]
Name = Literal["matters", "fails", "best"]


@dataclass(frozen=True)
class Question:
    """A study, and how it is asked."""

    study: Name
    scenario: Scenario
    plan: str
    options: Mapping[str, Any]

    @cached_property
    def key(self) -> dict[str, Any]:
        """What its answer is kept under; which plans there are is no part of what the best one is."""
        if self.study == "best":
            return {"study": self.study, "scenario": bare(self.scenario).hash, **self.options}
        return {"study": self.study, "scenario": self.scenario.hash, "plan": self.plan, **self.options}

    def expected(self) -> Cost:
        """What it will take, by timing a run here. Raises UsageError for what cannot be asked."""
        return _expect[self.study](self)

    def answer(self, progress: Callable[[int, int], None]) -> Document:
        """What was found, played by processes that stand back; as it would be from the command line."""
        how: dict[str, Any] = {"executor": _patient, "jobs": CORES, "store": Archive(), "progress": progress}
        return _answer[self.study](self, how)


def _expect_matters(asked: Question) -> Cost:
    from cxmodel.studies.sensitivity import cost

    options = {name: value for name, value in asked.options.items() if name != "metric"}
    found = cost(asked.scenario, asked.plan, **options, jobs=CORES, store=Archive())
    return Cost(found.runs, found.seconds)


def _expect_fails(asked: Question) -> Cost:
    from cxmodel.studies.discovery import cost

    return cost(asked.scenario, asked.plan, **asked.options, jobs=CORES, store=Archive())


def _expect_best(asked: Question) -> Cost:
    from cxmodel.studies.optimising import cost_of_study

    found = cost_of_study(asked.scenario, **asked.options, jobs=CORES)
    return Cost(found.runs, found.seconds)


def _matters(asked: Question, how: Mapping[str, Any]) -> Document:
    from cxmodel.studies.sensitivity import sensitivity

    return sensitivity(asked.scenario, asked.plan, **asked.options, **how).document()


def _fails(asked: Question, how: Mapping[str, Any]) -> Document:
    from cxmodel.studies.discovery import discover

    return discover(asked.scenario, asked.plan, **asked.options, **how).document()


def _best(asked: Question, how: Mapping[str, Any]) -> Document:
    from cxmodel.studies.optimising import optimise

    return optimise(asked.scenario, **asked.options, **how).document()


_expect: Final[Mapping[str, Callable[[Question], Cost]]] = {
    "matters": _expect_matters,
    "fails": _expect_fails,
    "best": _expect_best,
}
_answer: Final[Mapping[str, Callable[[Question, Mapping[str, Any]], Document]]] = {
    "matters": _matters,
    "fails": _fails,
    "best": _best,
}


class _Stopped(Exception):
    """The reader has stopped the study."""


class Errand:
    """A question on its way to its answer: *timing* what it takes, *ready*, *running*, *stopped*, *done*, *failed*."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.state: Literal["new", "timing", "ready", "running", "stopped", "done", "failed"] = "new"
        self.expected: Cost | None = None
        self.document: Document | None = None
        self.done, self.total = 0, 0
        self.why = ""
        self.looked = time.monotonic()
        self._began = 0.0
        self._before = 0
        self._lock = threading.Lock()

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it is done, at the pace of its runs so far; what was expected until there is a pace."""
        if self.state != "running":
            return None
        gone, played = time.monotonic() - self._began, self.done - self._before
        if played < min(4, self.total):
            return None if self.expected is None else max(1.0, self.expected.seconds - gone)
        return gone / played * (self.total - self.done)

    def look(self) -> None:
        """Say that somebody looks at it: what it takes is worked out, unless the answer is there."""
        self.looked = time.monotonic()
        with self._lock:
            if self.state != "new":
                return
            self.document = kept.study(KEPT, self.question.key)
            self.state = "timing" if self.document is None else "done"
        if self.document is None:
            threading.Thread(target=self._time, name="cxmodel-timing", daemon=True).start()

    def start(self) -> None:
        """Have it played; one that was stopped goes on where it was."""
        with self._lock:
            if self.state in ("running", "done"):
                return
            self.state, self.why, self.done, self.total = "running", "", 0, 0
            self._began, self._before = time.monotonic(), -1
        threading.Thread(target=self._play, name="cxmodel-study", daemon=True).start()

    def stop(self) -> None:
        """Have it played no longer; what is finished stays."""
        with self._lock:
            if self.state == "running":
                self.state = "stopped"

    def _time(self) -> None:
        with _TIMING:  # one after the other; what nobody looks at any more is not timed
            if time.monotonic() - self.looked > FORGET:
                self.state = "new"
                return
            try:
                with ended_at_once(_patient(1)) as pool:
                    expected = pool.submit(self.question.expected).result()
            except Exception as fault:
                self._fail(fault, "timing")
                return
        with self._lock:
            self.expected = expected
            if self.state == "timing":
                self.state = "ready"

    def _play(self) -> None:
        mine = self._began

        def progress(done: int, total: int) -> None:
            if self.state != "running" or self._began != mine:
                raise _Stopped
            self._before = done if self._before < 0 or done < self.done else self._before
            self.done, self.total = done, total

        try:
            found = self.question.answer(progress)
        except _Stopped:
            return
        except Exception as fault:
            self._fail(fault, "running")
            return
        kept.keep_study(KEPT, self.question.key, found)
        with self._lock:
            if self._began == mine:
                self.document, self.state = found, "done"

    def _fail(self, fault: Exception, at: str) -> None:
        if isinstance(fault, CxModelError):
            why = str(fault)
        else:
            traceback.print_exception(fault, file=sys.stderr)
            why = f"an error inside the model ({type(fault).__name__})"
        with self._lock:
            if self.state == at:
                self.state, self.why = "failed", why


def errand(question: Question) -> Errand:
    """The one errand of a question, shared by everybody who asks it."""
    name = tuple(question.key.items())
    with _LOCK:
        found = _ERRANDS.setdefault(name, Errand(question))
        _ERRANDS.move_to_end(name)
        idle = [other for other, each in _ERRANDS.items() if each.state not in ("timing", "running")]
        for other in idle[: max(0, len(_ERRANDS) - MOST)]:
            _ERRANDS.pop(other)
    found.look()
    return found


def _patient(processes: int) -> ProcessPoolExecutor:
    """Worker processes that stand back for the pages."""
    return ProcessPoolExecutor(processes, mp_context=context(), initializer=_stand_back)


def _stand_back() -> None:
    mind_the_caller()
    if hasattr(os, "nice"):
        os.nice(PATIENCE)


_ERRANDS: OrderedDict[tuple[Any, ...], Errand] = OrderedDict()
_LOCK = threading.Lock()
_TIMING = threading.Lock()
