"""Many runs, each brought down to its figures where it is played: on any executor, taken up again, failures told.

What comes back of a run is one number per metric and replication, so that thousands fit in memory and travel well. A
run that is kept is not played again; one that fails does not end the others.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from cxmodel import fingerprint
from cxmodel.arrays import Floats
from cxmodel.errors import CxModelError
from cxmodel.metrics import METRICS
from cxmodel.runs import Wanted, local_executor, part_of, run_of

Progress = Callable[[int, int], None]
"""Told how many runs are done, failed ones among them, and of how many."""
AHEAD: Final = 500
"""Runs that are handed to an executor before it has answered the first of them."""


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
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[Figures | Failed]:
    """The figures of every run that is wanted, in order, or why there are none.

    `executor` is any of `concurrent.futures`, a Dask client's too; without one, as many processes as `jobs` (None: one
    a core). Runs that are wanted twice are played once; those that `store` keeps are not played again. Raises
    UsageError for a plan or future that is not there before anything is played.
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
    for name, came in _played(left, executor, jobs):
        if isinstance(came, Failed):
            found[name] = came
        else:
            if store is not None:
                store.keep_figures(name, came)
            found[name] = _as_arrays(came)
        told(len(found), total)
    return [found[name] for name in names]


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


def _played(left: Mapping[str, Wanted], executor: Executor | None, jobs: int | None) -> Iterator[tuple[str, Came]]:
    """Each of these runs as it comes in."""
    if executor is not None:
        for name, came in _on(executor, left, AHEAD):
            yield name, came or Failed(left[name], "the executor broke before it was played")
        return
    waiting = dict(left)
    suspects: dict[str, Wanted] = {}
    while waiting or suspects:
        # a process that ends takes its whole pool along: who was in there with it is tried once more, alone
        some = dict([next(iter(suspects.items()))]) if suspects else dict(waiting)
        processes = min(jobs or os.cpu_count() or 1, len(some))
        with local_executor(processes) as pool:
            for name, came in _on(pool, some, 2 * processes):
                alone = suspects.pop(name, None) is not None
                if came is not None or alone:
                    yield name, came or Failed(some[name], "its process ended; perhaps there was too little memory")
                else:
                    suspects[name] = some[name]
                waiting.pop(name, None)


def _on(executor: Executor, left: Mapping[str, Wanted], ahead: int) -> Iterator[tuple[str, Came | None]]:
    """Runs played on an executor, so many handed out ahead; None for those whose process ended, which ends it all."""
    todo = iter(list(left.items()))
    under_way: dict[Future[dict[str, list[float | None]]], str] = {}
    broken = False

    def hand_out() -> None:
        while len(under_way) < ahead and (one := next(todo, None)) is not None:
            under_way[executor.submit(figures_of, one[1])] = one[0]

    try:
        hand_out()
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                name = under_way.pop(future)
                came = _came(future, left[name])
                broken |= came is None
                yield name, came
            if not broken:
                hand_out()
    finally:
        for future in under_way:
            future.cancel()


def _came(future: Future[Any], wanted: Wanted) -> Came | None:
    """What became of a run; None where its process ended before it did."""
    try:
        figures: dict[str, list[float | None]] = future.result()
        return figures
    except BrokenExecutor:
        return None
    except CxModelError as problem:
        return Failed(wanted, str(problem))
    except Exception as fault:
        return Failed(wanted, f"{type(fault).__name__}: {fault}")
