"""Playing scenarios: replications pooled, spread over processes, and kept for a while.

The same scenario, plan and seed give the same bits for any number of processes and any pooling, and more
replications of a run begin with the fewer ones.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import NamedTuple

from cxmodel.engine.courses import Change, changes_of
from cxmodel.engine.outcome import Outcome, joined, outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import Today, start
from cxmodel.engine.world import World
from cxmodel.errors import UsageError
from cxmodel.metrics import Run
from cxmodel.scenario import Scenario
from cxmodel.scenario.names import AS_IS

Progress = Callable[[int, int], None]
"""Told how many replications are done, and of how many."""
POOL_ROWS = 150_000
"""People played together in one process."""
WORTH_A_POOL = 40_000
"""People from which on more than one process pays, unless told otherwise."""


class Key(NamedTuple):
    """What tells runs apart, however many replications: the world as it stands, what happens to it, and the luck."""

    world: str
    changes: tuple[Change, ...]
    seed: int


@dataclass(frozen=True)
class Wanted:
    """A run that somebody wants: a scenario under a plan, in a future, in so many replications."""

    scenario: Scenario
    plan: str = AS_IS
    future: str | None = None
    replications: int = 30
    seed: int = 1

    @cached_property
    def key(self) -> Key:
        """What tells this run apart from others."""
        changes = tuple(changes_of(self.scenario, self.plan, self.future))
        return Key(self.scenario.standing_hash, changes, self.seed)

    @property
    def baseline(self) -> Wanted | None:
        """The run that a plan's return is told against: as is, with the same luck; None without money or change."""
        compares = self.scenario.economics is not None and bool(self.scenario.initiatives_of(self.plan))
        return replace(self, plan=AS_IS) if compares else None

    def refuse_what_cannot_be(self) -> None:
        """Raise UsageError for an unknown plan or future, and for counts that make no run."""
        if self.replications < 1:
            raise UsageError(f"replications: {self.replications} is too few; give 1 or more")
        if not 0 <= self.seed < 2**64:
            raise UsageError(f"seed: {self.seed} is outside 0 to 2^64 - 1")
        self.scenario.initiatives_of(self.plan)
        if self.future is not None and self.future not in self.scenario.futures:
            known = ", ".join(self.scenario.futures) or "none in this scenario"
            raise UsageError(f"there is no future named {self.future!r}; there is: {known}")


class Part(NamedTuple):
    """Some replications of a run, and what today's figures came to at its start."""

    outcome: Outcome
    modelled: Mapping[str, float]


_RECENT: dict[Key, Part] = {}
_STARTS: dict[str, Today] = {}
_KEPT = 16


def run_all(wanted: Sequence[Wanted], jobs: int | None, progress: Progress) -> list[Run]:
    """Every run that is wanted, each with its baseline; what was played lately in this process is not played again.

    `progress` counts the replications that are still to be played.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is too few; give 1 or more")
    for each in wanted:
        each.refuse_what_cannot_be()
    most: dict[Key, Wanted] = {}
    for each in (one for item in wanted for one in (item.baseline, item) if one is not None):
        key = each.key
        if key not in most or most[key].replications < each.replications:
            most[key] = each
    found = {key: _RECENT.pop(key) for key in most if key in _RECENT}
    tasks = []
    for key, each in most.items():
        known = found[key].outcome.replications if key in found else 0
        if known < each.replications:
            tasks.append((each, range(known, each.replications)))
    for (each, _), part in zip(tasks, _play(tasks, jobs, progress), strict=True):
        found[each.key] = together([found[each.key], part]) if each.key in found else part
    _RECENT.update(found)
    while len(_RECENT) > _KEPT:
        _RECENT.pop(next(iter(_RECENT)))  # the run used longest ago goes first
    return [run_of(each, found[each.key], found[each.baseline.key] if each.baseline else None) for each in wanted]


def run_of(wanted: Wanted, part: Part, baseline: Part | None = None) -> Run:
    """A run from its first replications; nothing is played."""
    outcome = part.outcome[: wanted.replications]
    against = None
    if baseline is not None and wanted.baseline is not None:
        against = run_of(wanted.baseline, baseline)
    return Run(World.of(wanted.scenario, wanted.plan, wanted.future), outcome, part.modelled, wanted.plan, against)


def together(parts: Sequence[Part]) -> Part:
    """Parts of one run, of consecutive replications, as one."""
    return Part(joined([part.outcome for part in parts]), parts[0].modelled)


def part_of(wanted: Wanted, replications: range, progress: Callable[[float], None] | None = None) -> Part:
    """Play some replications of a run in this process; `progress` is told the share of it that is done."""
    today = start_of(wanted.scenario)
    world = World.of(wanted.scenario, wanted.plan, wanted.future)
    return Part(outcome(play(world, today, wanted.seed, replications, progress=progress)), today.modelled)


def start_of(scenario: Scenario) -> Today:
    """Where a scenario starts from: solved once in this process for a world as it stands."""
    key = scenario.standing_hash
    if key not in _STARTS:
        while len(_STARTS) >= _KEPT:
            _STARTS.pop(next(iter(_STARTS)))
        _STARTS[key] = start(World.of(scenario))
    return _STARTS[key]


Task = tuple[Wanted, range]
"""Replications to play of a run."""


def _play(tasks: Sequence[Task], jobs: int | None, progress: Progress) -> Iterator[Part]:
    """Play tasks, in this process or in several; their parts in the same order."""
    total = sum(len(replications) for _, replications in tasks)
    if not total:
        return
    processes = _processes(tasks, jobs)
    chunks = [(number, chunk) for number, task in enumerate(tasks) for chunk in _chunks(task, total, processes)]
    parts: list[Part | None] = [None] * len(chunks)
    done = 0
    if processes == 1 or len(chunks) == 1:
        for place, (number, chunk) in enumerate(chunks):
            parts[place] = part_of(tasks[number][0], chunk, _shares_of(progress, done, chunk, total))
            done += len(chunk)
            progress(done, total)
    else:
        with ended_at_once(local_executor(min(processes, len(chunks)))) as pool:
            with warnings.catch_warnings():
                # forking beside NumPy's own threads is safe here: the workers never wait for one of them
                warnings.simplefilter("ignore", DeprecationWarning)
                waiting: dict[Future[Part], int] = {
                    pool.submit(part_of, tasks[number][0], chunk): place for place, (number, chunk) in enumerate(chunks)
                }
            for finished in as_completed(waiting):
                parts[waiting[finished]] = finished.result()
                done += len(chunks[waiting[finished]][1])
                progress(done, total)
    for number in range(len(tasks)):
        yield together([part for part, (of, _) in zip(parts, chunks, strict=True) if of == number and part is not None])


def _shares_of(progress: Progress, done: int, chunk: range, total: int) -> Callable[[float], None]:
    return lambda share: progress(done + int(share * len(chunk)), total)


def _people(scenario: Scenario) -> float:
    """People that one replication may hold."""
    held = 0.0
    for segment in scenario.segments.values():
        entering = getattr(segment.adoption, "arrivals", None)
        held += segment.customers
        if segment.adoption is not None:
            held += min(segment.prospects, segment.prospects if entering is None else entering * scenario.horizon)
    return max(held, 1.0)


def _processes(tasks: Sequence[Task], jobs: int | None) -> int:
    replications = sum(len(replications) for _, replications in tasks)
    if jobs is not None:
        return min(jobs, replications)
    people = sum(_people(wanted.scenario) * len(replications) for wanted, replications in tasks)
    return 1 if people < WORTH_A_POOL else min(os.cpu_count() or 1, replications)


def _chunks(task: Task, total: int, processes: int) -> list[range]:
    """Replications played together: few enough for memory, enough chunks for every process."""
    wanted, replications = task
    size = max(1, int(POOL_ROWS / _people(wanted.scenario)))
    size = min(size, -(-total // processes))
    parts = -(-len(replications) // size)
    size = -(-len(replications) // parts)  # chunks of about one size end together
    first, end = replications.start, replications.stop
    return [range(begin, min(begin + size, end)) for begin in range(first, end, size)]


def local_executor(processes: int) -> ProcessPoolExecutor:
    """So many worker processes of this machine."""
    # a forked worker starts at once and needs no guard in the caller's script; threads forbid it
    fork = sys.platform == "linux" and threading.active_count() == 1
    context = get_context("fork" if fork else "spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=mind_the_caller)


def mind_the_caller() -> None:
    """In a worker: Ctrl-C is the caller's to answer, and when the caller is gone there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    caller = parent_process()
    assert caller is not None

    def end_with_the_caller() -> None:
        wait([caller.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_the_caller, daemon=True).start()


@contextmanager
def ended_at_once(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """A pool that is shut down in the end; whose workers end at once where what they are at was cancelled or failed."""
    try:
        yield pool
    except BaseException:
        _end(pool)
        raise
    if pool._broken:  # a worker that started while another died is not ended by the pool, which waits for it
        _end(pool)
    pool.shutdown()


def _end(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.terminate()
    pool.shutdown(wait=False, cancel_futures=True)  # a worker ended in the middle of its answer is not waited for
