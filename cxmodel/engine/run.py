"""A run: replications of one world side by side in threads, each brought down to what is kept of it.

The same bits for any number of threads, and for replications alone or together.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from cxmodel.engine.accounting import outcome
from cxmodel.engine.initial_state import State, past
from cxmodel.engine.outcome import Outcome, joined
from cxmodel.engine.replication import CHUNK, PERIOD, Inputs, Replication, ShareDone

Pasts = Callable[[int], State]
"""Gives the customers of today of a replication, as they stand at time 0."""


class Stopped(Exception):
    """Raised inside a replication that nobody waits for any more."""


def play(
    inputs: Inputs,
    seed: int,
    replications: range,
    *,
    threads: int | None = None,
    period: float = PERIOD,
    pasts: Pasts | None = None,
    progress: ShareDone | None = None,
) -> Outcome:
    """Play these replications of a world on so many threads (None: one a core).

    `pasts` gives customers of today where they are kept; else their past is played. `progress` is told the share of
    the work that is done, from any of the threads; what it raises ends the run.
    """
    threads = min(threads or os.cpu_count() or 1, 64)
    known = pasts or (lambda number: past(inputs.start, seed, number))
    shares, lock, stop = dict.fromkeys(replications, 0.0), threading.Lock(), threading.Event()

    def one(number: int, own: int) -> Outcome:
        def note(share: float) -> None:
            if stop.is_set():
                raise Stopped
            with lock:
                shares[number] = share
                if progress is not None:
                    progress(sum(shares.values()) / len(shares))

        replication = Replication.of(inputs, seed, number, known(number))
        replication.play(period, own, note)
        return outcome(replication)

    large = sum(segment.customers for segment in inputs.world.scenario.segments.values()) > CHUNK
    if threads == 1 or len(replications) == 1 or large:  # a large one is split among the threads
        return joined([one(number, threads) for number in replications])
    pool = ThreadPoolExecutor(min(threads, len(replications)))
    try:
        runs = [pool.submit(one, number, 1) for number in replications]
        for run in as_completed(runs):
            run.result()  # what one of them raises ends them all
        return joined([run.result() for run in runs])
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def watch(inputs: Inputs, seed: int, customers: State, choose: Callable[[Replication], Sequence[int]]) -> Replication:
    """The first replication, played again with a diary of the visits of those whom `choose` picks from how it ends."""
    first = Replication.of(inputs, seed, 0, customers)
    first.play()
    watched = list(choose(first))
    pages = int(first.sums.visits.sum()) if watched else 0
    again = Replication.of(inputs, seed, 0, customers, min(pages, PAGES * len(watched)))
    again.people.person["watched"][watched] = True
    again.play()
    return again


PAGES = 10_000
"""Visits that are written down of each person who is watched at most."""
