"""Many runs, each brought down to its figures where it is played: on any executor, taken up again, failures told.

What comes back of a run is one number per metric and replication, so that thousands fit in memory and travel well. A
run that is kept is not played again; one that fails does not end the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import closing
from typing import Final, NamedTuple, Protocol

import numpy as np

from cxmodel import fingerprint
from cxmodel.arrays import Floats
from cxmodel.errors import CxModelError
from cxmodel.metrics import METRICS
from cxmodel.runs import Wanted, ended_at_once, local_executor, part_of, run_of

Where = Executor | Callable[[int], ProcessPoolExecutor]
"""Any executor of `concurrent.futures`, a Dask client's too, or what makes one of so many processes of this machine."""
Progress = Callable[[int, int], None]
"""Told how many runs are done, failed ones among them, and of how many."""
AHEAD: Final = 500
"""Runs that are handed to an executor before it has answered the first of them."""
PATIENCE: Final = 5
"""Pools in a row that may break before a run is handed out; then something is wrong that no more will mend."""
BROKE: Final = "the executor broke before it was played"


class Failed(NamedTuple):
    """A run that could not be played, and why."""

    wanted: Wanted
    why: str


Came = dict[str, list[float | None]] | Failed
Figures = Mapping[str, Floats]
"""One number per replication (R,) by metric, all segments together; nan where it cannot be had."""


class Store(Protocol):
    """Where figures are kept, by what made them."""

    def figures(self, name: str) -> Mapping[str, Sequence[float | None]] | None:
        """Those that are kept under a name; None where there are none."""

    def keep_figures(self, name: str, figures: Mapping[str, Sequence[float | None]]) -> None:
        """Keep figures under a name."""


def play_many(
    wanted: Sequence[Wanted],
    *,
    executor: Where | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[Figures | Failed]:
    """The figures of every run that is wanted, in order, or why there are none.

    Without an executor, or with what makes one, as many processes as `jobs` play them (None: one a core); what ends the
    study, such as `progress` by raising, ends these at once. Runs that are wanted twice are played once; those that
    `store` keeps are not played again. Raises UsageError for a plan or future that is not there before anything is
    played.
    """
    for each in wanted:
        each.refuse_what_cannot_be()
    names = [name_of(each) for each in wanted]
    found: dict[str, Figures | Failed] = {}
    left: dict[str, Wanted] = {}
    for name, each in zip(names, wanted, strict=True):
        if name in found or name in left:
            continue
        known = store.figures(name) if store is not None else None
        if known is None:
            left[name] = each
        else:
            found[name] = _as_arrays(known)
    total = len(found) + len(left)
    told = progress or (lambda done, total: None)
    told(len(found), total)
    with closing(_played(left, executor, jobs)) as played:
        for name, came in played:
            if isinstance(came, Failed):
                found[name] = came
            else:
                if store is not None:
                    store.keep_figures(name, came)
                found[name] = _as_arrays(came)
            told(len(found), total)
    return [found[name] for name in names]


class Cost(NamedTuple):
    """What many runs take."""

    runs: int
    """Still to be played."""
    seconds: float
    """Expected, with so many processes as were told; 0 where that cannot be told."""


def cost_of(wanted: Iterable[Wanted], jobs: int | None = None, store: Store | None = None) -> Cost:
    """How many runs are still to be played, and how long that takes, by playing one or two of them here.

    `jobs`: how many play at once, wherever they do. What is played here is given to the store.
    """
    left = list({name: each for each in wanted for name in [name_of(each)] if not _has(store, name)}.items())
    if not left:
        return Cost(0, 0.0)
    seconds = 0.0
    for name, each in dict([left[0], left[-1]]).items():  # the first run of a process is slower than those to come
        began = time.perf_counter()
        came = _played_here(each)
        if isinstance(came, str):  # it will be told with its cause
            continue
        seconds = time.perf_counter() - began
        if store is not None:
            store.keep_figures(name, came)
    return Cost(len(left), seconds * len(left) / min(jobs or os.cpu_count() or 1, len(left)))


def _has(store: Store | None, name: str) -> bool:
    return store is not None and store.figures(name) is not None


def name_of(wanted: Wanted) -> str:
    """What tells a run from all others, the model that plays it included: the same name, the same figures."""
    key = wanted.key
    made_from = [key.world, [repr(change) for change in key.changes], key.seed, wanted.replications, wanted.plan,
                 wanted.scenario.hash, wanted.future, fingerprint.model()]  # fmt: skip
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def figures_of(wanted: Wanted) -> dict[str, list[float | None]]:
    """Play a run in this process, and bring it down to its figures."""
    run = run_of(wanted, part_of(wanted, range(wanted.replications)))
    found = {name: np.asarray(metric.of(run), dtype=float)[:, -1] for name, metric in METRICS.items()}
    return {name: [None if each != each else each for each in values.tolist()] for name, values in found.items()}


def _as_arrays(figures: Mapping[str, Sequence[float | None]]) -> Figures:
    return {name: np.array([np.nan if each is None else each for each in values]) for name, values in figures.items()}


Batch = tuple[str, ...]
"""Runs that are played by one process, one after the other."""


def _batches(left: Mapping[str, Wanted]) -> list[Batch]:
    """Runs by name; the two of a world that has no more than two, such as a plan and as is, together.

    What a world starts from is worked out once in a process, which often takes longer than to play it.
    """
    worlds: dict[str, list[str]] = {}
    for name, each in left.items():
        worlds.setdefault(each.scenario.standing_hash, []).append(name)
    alone = ((name,) for names in worlds.values() if len(names) > 2 for name in names)
    return [*alone, *(tuple(names) for names in worlds.values() if len(names) <= 2)]


def _played(left: Mapping[str, Wanted], executor: Where | None, jobs: int | None) -> Generator[tuple[str, Came]]:
    """Each of these runs as it comes in."""
    waiting = dict(left)
    if isinstance(executor, Executor):
        for name, came in _on(executor, left, _batches(left), AHEAD):
            waiting.pop(name)
            yield name, came or Failed(left[name], BROKE)
        yield from ((name, Failed(each, BROKE)) for name, each in waiting.items())
        return
    make = executor or local_executor
    suspects: dict[str, Wanted] = {}
    stillborn = 0
    while (waiting or suspects) and stillborn < PATIENCE:
        # a process that ends takes its whole pool along: who was in there with it is tried once more, alone
        batches = [(next(iter(suspects)),)] if suspects else _batches(waiting)
        processes = min(jobs or os.cpu_count() or 1, len(batches))
        stillborn += 1
        with ended_at_once(make(processes)) as pool:
            for name, came in _on(pool, left, batches, 2 * processes):
                stillborn = 0
                alone = suspects.pop(name, None) is not None
                if came is not None or alone:
                    yield name, came or Failed(left[name], "its process ended; perhaps there was too little memory")
                else:
                    suspects[name] = left[name]
                waiting.pop(name, None)
    yield from ((name, Failed(each, "no process can be started here")) for name, each in (suspects | waiting).items())


def _on(
    executor: Executor, left: Mapping[str, Wanted], batches: Sequence[Batch], ahead: int
) -> Iterator[tuple[str, Came | None]]:
    """Runs played on an executor, so many batches handed out ahead; None for those whose process ended, which ends it
    all: what was not handed out by then is left."""
    todo = iter(batches)
    under_way: dict[Future[list[Played]], Batch] = {}
    broken = False

    def hand_out() -> None:
        nonlocal broken
        while not broken and len(under_way) < ahead and (names := next(todo, None)) is not None:
            try:
                under_way[executor.submit(_one_by_one, *(left[name] for name in names))] = names
            except BrokenExecutor:
                broken = True

    try:
        hand_out()
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                names = under_way.pop(future)
                for name, came in zip(names, _came(future, len(names)), strict=True):
                    broken |= came is None
                    yield name, Failed(left[name], came) if isinstance(came, str) else came
            hand_out()
    finally:
        for future in under_way:
            future.cancel()


Played = dict[str, list[float | None]] | str
"""The figures of a run, or why there are none."""


def _one_by_one(*wanted: Wanted) -> list[Played]:
    """Play runs in this process; one that fails ends no other."""
    return [_played_here(each) for each in wanted]


def _played_here(wanted: Wanted) -> Played:
    try:
        return figures_of(wanted)
    except Exception as fault:
        return _why(fault)


def _came(future: Future[list[Played]], runs: int) -> Sequence[Played | None]:
    """What became of a batch of so many runs; None for each where its process ended before they did."""
    try:
        return future.result()
    except BrokenExecutor:
        return [None] * runs
    except Exception as fault:
        return [_why(fault)] * runs


def _why(fault: Exception) -> str:
    if isinstance(fault, MemoryError):
        return "there was not enough memory for it"
    return str(fault) if isinstance(fault, CxModelError) else f"{type(fault).__name__}: {fault}"
