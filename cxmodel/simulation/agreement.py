"""Whether two results of one run agree within Monte-Carlo error: one of the fast engine, one of the reference.

Figure by figure, over replications that share no luck; all of them together are wrongly told to differ once in a
hundred times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from scipy.special import stdtrit

from cxmodel.engine.initial_state import start_of
from cxmodel.errors import UsageError
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.simulation.replications import part_of, run_of, world_of
from cxmodel.simulation.simulate import result_of
from cxmodel.vocabulary import EVERYONE, METRICS, Floats, Progress

ERROR: Final = 0.01
"""Chance that any figure of two engines that agree is told to differ."""

LONG: Final = 90.0
"""Seconds that the reference may take where nobody says how many replications it is to play."""


class Agreed(NamedTuple):
    """A figure of both results [its unit], and whether they agree."""

    metric: str
    segment: str
    kept: float | None
    reference: float | None
    apart: float | None
    """Standard errors between them; None where there is no chance in either, or too few numbers."""
    allowed: float | None
    """Standard errors up to which chance may take them apart."""
    agrees: bool | None
    """None where one of them has too few numbers to tell."""


def agreement(one: Result, other: Result, error: float = ERROR) -> list[Agreed]:
    """Every headline figure that can be had of both results, of each segment and of all."""
    figures = list(_figures(one, other))
    found = []
    for metric, segment, mine, theirs in figures:
        apart, allowed, agrees = compared(mine, theirs, error / len(figures))
        found.append(Agreed(metric, segment, _mean(mine), _mean(theirs), apart, allowed, agrees))
    return found


def compared(one: Floats, other: Floats, error: float) -> tuple[float | None, float | None, bool | None]:
    """Standard errors between two means, as many as are allowed, and whether they agree (Welch 1947).

    Samples that never vary agree where they are the same. Where one never has a number the other hardly may.

    >>> apart, allowed, agrees = compared(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0]), 0.01)
    >>> round(apart, 2), round(allowed, 2), agrees
    (1.22, 4.6, True)
    """
    mine, theirs = one[~np.isnan(one)], other[~np.isnan(other)]
    if len(mine) < 2 or len(theirs) < 2:
        often = max(len(mine) / len(one), len(theirs) / len(other)) > 0.5
        return None, None, False if often and not (len(mine) and len(theirs)) else None
    distance = float(abs(mine.mean() - theirs.mean()))
    parts = np.array([mine.var(ddof=1) / len(mine), theirs.var(ddof=1) / len(theirs)])
    if not parts.sum() > (1e-9 * max(1.0, abs(float(mine.mean())))) ** 2:
        return None, None, distance <= 1e-6 * max(1.0, abs(float(mine.mean())))
    freedom = parts.sum() ** 2 / (parts**2 / (len(mine) - 1, len(theirs) - 1)).sum()
    apart, allowed = distance / float(np.sqrt(parts.sum())), float(stdtrit(freedom, 1 - error / 2))
    return apart, allowed, apart <= allowed


def seconds(scenario: Scenario, plans: Sequence[str], future: str | None = None) -> float:
    """About how long the reference takes here for a replication of each of these plans [seconds]."""
    from cxmodel import reference

    runs = [RunRequest(scenario, plan, future) for plan in plans]
    for run in runs:
        run.validate()
    start = start_of(scenario)
    return reference.seconds([world_of(run, start.world) for run in runs], start.today)


def planned(kept: Result, replications: int | None = None) -> tuple[int, float]:
    """How many replications the reference is to play beside a run, and about how many seconds that takes here.

    Where no number is given, as many as take about a minute and a half, from two to as many as were kept. Raises
    UsageError where there is nothing to compare.
    """
    if kept.engine == "reference":
        raise UsageError("this run was played by the reference itself; give one of the fast engine")
    if kept.replications < 2:
        raise UsageError("one replication has no Monte-Carlo error; give a run of 2 or more")
    each = seconds(kept.scenario, [kept.plan], kept.future)
    number = replications or int(np.clip(LONG / each, 2, kept.replications))
    return number, number * each


def beside(kept: Result, replications: int, progress: Progress) -> Result:
    """The reference's result of a run that was played by the fast engine, without what it is told against."""
    wanted = replace(kept.wanted, engine="reference", replications=replications)
    part = part_of(wanted, range(replications), lambda share: progress(int(share * replications), replications))
    return result_of(wanted, run_of(wanted, part))


def _figures(one: Result, other: Result) -> Iterator[tuple[str, str, Floats, Floats]]:
    """Metric, segment and samples of both; of a single segment only that of all."""
    segments = [*one.scenario.segments] if len(one.scenario.segments) > 1 else []
    for metric in METRICS:
        for segment in (*segments, EVERYONE):
            mine, theirs = one.samples(metric, segment), other.samples(metric, segment)
            if not np.isnan(mine).all() and not np.isnan(theirs).all():
                yield metric, segment, mine, theirs


def _mean(samples: Floats) -> float | None:
    known = samples[~np.isnan(samples)]
    return float(known.mean()) if len(known) else None
