"""The company's series as a scenario would have made them: the same months and measures, played."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.errors import CxModelError
from cxmodel.results.metrics import total
from cxmodel.results.request import RunRequest
from cxmodel.results.timeline import courses
from cxmodel.simulation.batch import Stopped
from cxmodel.simulation.replications import run_all
from cxmodel.studies.uncertainty import otherwise
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from cxmodel.results.metrics import Run
    from cxmodel.scenario import Scenario
    from cxmodel.studies.calibration.free import Free
    from cxmodel.studies.calibration.series import Observed
    from cxmodel.vocabulary import Floats, Progress

MARGIN: Final = 1
"""Months that are played beyond the last one observed."""


def stretched(scenario: Scenario, data: Observed) -> Scenario:
    """The scenario over the months observed."""
    return scenario.with_changes({"horizon": f"{max(data.months + MARGIN, 2)} months"})


def simulated(
    scenario: Scenario,
    free: Sequence[Free],
    shares: Floats,
    data: Observed,
    *,
    replications: int,
    seeds: Sequence[int],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Floats:
    """What each draw of the free numbers makes of the series, shape (draws, replications, values).

    `shares` (draws, parameters) lie on the way from each number's lower bound to its upper one; each draw is played
    under its seed. A draw that cannot be played is nan. What `progress` raises ends it.
    """
    long, stop, done = stretched(scenario, data), threading.Event(), 0
    lock = threading.Lock()

    def played(place: int) -> Floats:
        nonlocal done
        if stop.is_set():
            raise Stopped
        values = {each.path: float(each.at(share)) for each, share in zip(free, shares[place], strict=True)}
        try:
            (run,) = run_all(
                [RunRequest(otherwise(long, values), replications=replications, seed=seeds[place])], 1, _silent
            )
            found = series_of(run, data)
        except CxModelError:  # such as what cannot be so at the end of a range
            found = np.full((replications, len(data.value)), np.nan)
        with lock:
            done += 1
            if progress is not None:
                progress(done, len(shares))
        return found

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            return np.stack(list(pool.map(played, range(len(shares)))))
        except BaseException:
            stop.set()
            raise


def _silent(done: int, of: int) -> None:
    """Nobody is told."""


def series_of(run: Run, data: Observed) -> Floats:
    """The values of a run where the company has its own, by replication (R, values)."""
    drawn, segments = courses(run), [*run.world.route.segments, EVERYONE]
    parts = []
    for each in data.series:
        first, values = (1, total(run.outcome.joined)) if each.measure == "acquired" else drawn[each.measure]
        parts.append(values[:, each.month - first, segments.index(each.segment)])
    return np.concatenate(parts, axis=1)
