"""Many runs, each brought down to its figures where it is played: on any executor, taken up again, failures told.

What comes back of a run is one number per metric and replication, so that thousands fit in memory and travel well. A
run that is kept is not played again; one that fails does not end the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Final, NamedTuple, Protocol

import numpy as np

from cxmodel.errors import CxModelError
from cxmodel.recent import Recent
from cxmodel.results import fingerprint
from cxmodel.results.metrics import METRICS
from cxmodel.results.request import RunRequest
from cxmodel.simulation.replications import Replications, part_of, run_of
from cxmodel.vocabulary import AS_IS, Floats, Progress

AHEAD: Final = 500
"""Runs that are handed to an executor before it has answered the first of them."""
BROKE: Final = (
    "the process that played it was ended from outside (killed, or out of memory); start it again, with more memory or"
    " fewer at once, and give the command again: what is saved is not played anew"
)
LOST: Final = frozenset({"KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError"})
"""What executors raise for work whose process, or whose cluster, went away."""


Heed = Callable[[float], None]
"""Told the share of a run that is done; may raise to end it."""


class Stopped(Exception):
    """Raised inside a run that nobody waits for any more."""


class Failed(NamedTuple):
    """A run that could not be played, and why."""

    wanted: RunRequest
    why: str


Came = dict[str, list[float | None]] | Failed
Figures = Mapping[str, Floats]
"""One number per replication (R,) by metric, all segments together; nan where it cannot be had.

A net value is here a run's customer equity less its cost, so that the difference of any two runs is what one nets more
than the other.
"""
TODAYS_KEPT: Final = 8
_TODAYS: Final[Recent[Replications]] = Recent(TODAYS_KEPT)
"""Today's replications, played once for itself and for the plans that are held against it about the same time."""


class Store(Protocol):
    """Where figures are kept, by what made them."""

    def figures(self, name: str) -> Mapping[str, Sequence[float | None]] | None:
        """Those that are kept under a name; None where there are none."""

    def keep_figures(self, name: str, figures: Mapping[str, Sequence[float | None]]) -> None:
        """Keep figures under a name."""


def play_many(
    wanted: Sequence[RunRequest],
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[Figures | Failed]:
    """The figures of every run that is wanted, in order, or why there are none.

    Without an executor so many threads as `jobs` play them (None: one a core); what ends the study, such as `progress`
    by raising, ends these at their next month. Runs that are wanted twice are played once; those that `store` keeps are
    not played again. Raises UsageError for a plan or future that is not there before anything is played.
    """
    for each in wanted:
        each.validate()
    names = [name_of(each) for each in wanted]
    found: dict[str, Figures | Failed] = {}
    left: dict[str, RunRequest] = {}
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


def cost_of(wanted: Iterable[RunRequest], jobs: int | None = None, store: Store | None = None) -> Cost:
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


def name_of(wanted: RunRequest) -> str:
    """What tells a run from all others, the model that plays it included: the same name, the same figures."""
    key = wanted.key
    made_from = [key.world, [repr(change) for change in key.changes], key.seed, wanted.replications, wanted.plan,
                 wanted.scenario.numbers_hash, wanted.future, fingerprint.model()]  # fmt: skip
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def figures_of(wanted: RunRequest, heed: Heed | None = None) -> dict[str, list[float | None]]:
    """Play a run in this thread, against today where there is a plan; `heed` is called from month to month."""
    told, both = heed or (lambda share: None), range(wanted.replications)

    def today(run: RunRequest, heed: Heed) -> Replications:
        return _TODAYS.get((run.key, run.replications), lambda: part_of(run, both, heed))

    if wanted.plan == AS_IS:
        run = run_of(wanted, today(wanted, told))
    elif wanted.baseline is None:
        run = run_of(wanted, part_of(wanted, both, told))
    else:
        against = today(wanted.baseline, lambda share: told(share / 2))
        run = run_of(wanted, part_of(wanted, both, lambda share: told((1 + share) / 2)), against)
    found = {name: np.asarray(metric.of(run), dtype=float)[:, -1] for name, metric in METRICS.items()}
    found["net_value"] = found["customer_equity"] - found["cost"]
    return {name: [None if each != each else each for each in values.tolist()] for name, values in found.items()}


def _as_arrays(figures: Mapping[str, Sequence[float | None]]) -> Figures:
    return {name: np.array([np.nan if each is None else each for each in values]) for name, values in figures.items()}


def _played(left: Mapping[str, RunRequest], executor: Executor | None, jobs: int | None) -> Generator[tuple[str, Came]]:
    """Each of these runs as it comes in."""
    if executor is not None:
        yield from _on(executor, left, AHEAD, _played_here)
        return
    stop = threading.Event()

    def heed(share: float) -> None:
        if stop.is_set():
            raise Stopped

    threads = min(jobs or os.cpu_count() or 1, max(len(left), 1))
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from _on(pool, left, 2 * threads, lambda each: _played_here(each, heed))
        finally:
            stop.set()


def _on(
    executor: Executor, left: Mapping[str, RunRequest], ahead: int, play: Callable[[RunRequest], Played]
) -> Generator[tuple[str, Came]]:
    """Runs played on an executor, so many handed out ahead; those that it broke under have failed."""
    todo = iter(left.items())
    under_way: dict[Future[Played], str] = {}
    broken = False

    def hand_out() -> None:
        nonlocal broken
        while not broken and len(under_way) < ahead and (item := next(todo, None)) is not None:
            name, each = item
            try:
                under_way[executor.submit(play, each)] = name
            except BrokenExecutor:
                broken = True
                left_over.append(item)

    left_over: list[tuple[str, RunRequest]] = []
    try:
        hand_out()
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                name = under_way.pop(future)
                came = _came(future)
                broken |= came == BROKE
                yield name, Failed(left[name], came) if isinstance(came, str) else came
            hand_out()
        yield from ((name, Failed(each, BROKE)) for name, each in [*left_over, *todo])
    finally:
        for future in under_way:
            future.cancel()


Played = dict[str, list[float | None]] | str
"""The figures of a run, or why there are none."""


def _played_here(wanted: RunRequest, heed: Heed | None = None) -> Played:
    """Play a run in this thread; one that fails ends no other."""
    try:
        return figures_of(wanted, heed)
    except Exception as fault:
        return _why(fault)


def _came(future: Future[Played]) -> Played:
    """What became of a run; `BROKE` where its process ended before it did."""
    try:
        return future.result()
    except BrokenExecutor:
        return BROKE
    except Exception as fault:
        return _why(fault)


def _why(fault: Exception) -> str:
    if isinstance(fault, MemoryError):
        return "there was not enough memory for it"
    if type(fault).__name__ in LOST:
        return BROKE
    return str(fault) if isinstance(fault, CxModelError) else f"{type(fault).__name__}: {fault}"
