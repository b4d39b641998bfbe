"""Playing a scenario: replications pooled, spread over processes, and kept for a while.

The same scenario, plan and seed give the same bits for any number of processes and any pooling.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import NamedTuple

from cxmodel.engine.courses import Change, changes_of
from cxmodel.engine.outcome import Outcome, joined, outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import Today, start
from cxmodel.engine.world import World
from cxmodel.metrics import Run
from cxmodel.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told how many replications are done, and of how many."""
POOL_ROWS = 150_000
"""People played together in one process."""
WORTH_A_POOL = 40_000
"""People from which on more than one process pays, unless told otherwise."""


class _Key(NamedTuple):
    """What tells runs apart: the world as it stands, and what happens to it."""

    world: str
    changes: tuple[Change, ...]
    replications: int
    seed: int


_RECENT: dict[_Key, Outcome] = {}
_STARTS: dict[str, Today] = {}
_KEPT = 8


def run(
    scenario: Scenario,
    plan: str,
    future: str | None,
    replications: int,
    seed: int,
    jobs: int | None,
    progress: Progress,
) -> Run:
    """A run, or the same one if it was made lately in this process."""
    world = World.of(scenario, plan, future)
    key = _Key(scenario.standing_hash, tuple(changes_of(scenario, plan, future)), replications, seed)
    if key in _RECENT:
        _RECENT[key] = _RECENT.pop(key)  # the run used longest ago goes first
        progress(replications, replications)
    else:
        while len(_RECENT) >= _KEPT:
            _RECENT.pop(next(iter(_RECENT)))
        _RECENT[key] = _play(scenario, world, replications, seed, jobs, progress)
    return Run(world, _RECENT[key])


def _play(
    scenario: Scenario, world: World, replications: int, seed: int, jobs: int | None, progress: Progress
) -> Outcome:
    """Play all replications, in this process or in several."""
    today = start_of(scenario)
    chunks = _chunks(scenario, replications, jobs)
    parts: list[Outcome | None] = [None] * len(chunks)
    if len(chunks) == 1 or _processes(scenario, replications, jobs) == 1:
        done = 0
        for number, chunk in enumerate(chunks):
            parts[number] = _part(world, today, seed, chunk, _shares_of(progress, done, chunk, replications))
            done += len(chunk)
            progress(done, replications)
    else:
        pool = _pool(min(_processes(scenario, replications, jobs), len(chunks)), (world, today, seed))
        try:
            with warnings.catch_warnings():
                # forking beside NumPy's own threads is safe here: the workers never wait for one of them
                warnings.simplefilter("ignore", DeprecationWarning)
                waiting: dict[Future[Outcome], int] = {
                    pool.submit(_part_of_work, chunk): number for number, chunk in enumerate(chunks)
                }
            done = 0
            for future_part in as_completed(waiting):
                parts[waiting[future_part]] = future_part.result()
                done += len(chunks[waiting[future_part]])
                progress(done, replications)
        except BaseException:
            _abandon(pool)
            raise
        pool.shutdown()
    return joined([part for part in parts if part is not None])


def _shares_of(progress: Progress, done: int, chunk: range, total: int) -> Callable[[float], None]:
    return lambda share: progress(done + int(share * len(chunk)), total)


def start_of(scenario: Scenario) -> Today:
    """Where a scenario starts from: solved once in this process for a world as it stands."""
    key = scenario.standing_hash
    if key not in _STARTS:
        while len(_STARTS) >= _KEPT:
            _STARTS.pop(next(iter(_STARTS)))
        _STARTS[key] = start(World.of(scenario))
    return _STARTS[key]


def _part(
    world: World, today: Today, seed: int, replications: range, progress: Callable[[float], None] | None
) -> Outcome:
    return outcome(play(world, today, seed, replications, progress=progress))


def _people(scenario: Scenario) -> float:
    """People that one replication may hold."""
    held = 0.0
    for segment in scenario.segments.values():
        entering = getattr(segment.adoption, "arrivals", None)
        held += segment.customers
        if segment.adoption is not None:
            held += min(segment.prospects, segment.prospects if entering is None else entering * scenario.horizon)
    return max(held, 1.0)


def _processes(scenario: Scenario, replications: int, jobs: int | None) -> int:
    if jobs is not None:
        return min(jobs, replications)
    return 1 if _people(scenario) * replications < WORTH_A_POOL else min(os.cpu_count() or 1, replications)


def _chunks(scenario: Scenario, replications: int, jobs: int | None) -> list[range]:
    """Replications played together: few enough for memory, enough for every process."""
    size = max(1, int(POOL_ROWS / _people(scenario)))
    size = min(size, -(-replications // _processes(scenario, replications, jobs)))
    return [range(first, min(first + size, replications)) for first in range(0, replications, size)]


def _pool(processes: int, work: tuple[World, Today, int]) -> ProcessPoolExecutor:
    # a forked worker starts at once and needs no guard in the caller's script; threads forbid it
    fork = sys.platform == "linux" and threading.active_count() == 1
    context = get_context("fork" if fork else "spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin_work, initargs=work)


_WORK: list[tuple[World, Today, int]] = []
"""In a worker: what it plays, so that a task is no more than its replications."""


def _begin_work(world: World, today: Today, seed: int) -> None:
    _mind_the_caller()
    _WORK[:] = [(world, today, seed)]


def _part_of_work(replications: range) -> Outcome:
    world, today, seed = _WORK[0]
    return _part(world, today, seed, replications, None)


def _mind_the_caller() -> None:
    """In a worker: Ctrl-C is the caller's to answer, and when the caller is gone there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    caller = parent_process()
    assert caller is not None

    def end_with_the_caller() -> None:
        wait([caller.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_the_caller, daemon=True).start()


def _abandon(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: the run was cancelled or has failed, and nobody waits for the rest."""
    for process in list(pool._processes.values()):
        process.terminate()
    pool.shutdown(wait=False, cancel_futures=True)  # a worker ended in the middle of its answer is not waited for
