"""How precise is asked for, and the batches of replications that get there: `2 %` is two points, or 2 % of money.

Knows which half-width each headline figure may have, and when to stop; whoever calls plays the replications.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from cxmodel.errors import UsageError
from cxmodel.results.estimates import half_width
from cxmodel.results.paired import needed_for
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.simulation.simulate import simulate
from cxmodel.vocabulary import HEADLINES, METRICS, MONEY, Floats, Progress

FIRST: Final = 30
"""Replications from which the variance is first judged."""
MOST: Final = 1_000
"""Replications after which one stops, however wide the intervals still are."""
FASTEST: Final = 8
"""Times as many replications that one batch may take it to: the variance of a few is itself a guess."""

Played = TypeVar("Played")


class Figure(NamedTuple):
    """A figure that has to become precise: its replications, and the half-width it may have."""

    metric: str
    samples: Floats
    allowed: float


@dataclass(frozen=True, slots=True)
class Precision:
    """What was asked for and what came of it."""

    asked: float
    """Share of a hundred points, or of the value for money."""
    reached: bool
    replications: int
    widest: str
    """The metric that is furthest from what it may be; empty where no figure can be had."""


def half_allowed(metric: str, precision: float, level: float) -> float:
    """The half-width a metric may have [its unit]: so many points of 100, or a share of `level` where it is money.

    >>> half_allowed("nps", 0.02, 39.0), half_allowed("retention", 0.02, 0.8)
    (2.0, 0.02)
    """
    unit = METRICS[metric].unit
    if unit == MONEY:
        return precision * abs(level)
    return precision if unit == "share" else 100 * precision


def until_precise(
    play: Callable[[int], Played],
    figures: Callable[[Played], Iterable[Figure]],
    precision: float,
    first: int = FIRST,
    most: int = MOST,
) -> tuple[Played, Precision]:
    """Play `first` replications, then so many more as the variance seen asks for, until all is precise or at `most`."""
    if not 0 < precision < 1:
        raise UsageError(f"precision: {precision:g} cannot be; give a share such as 0.02, or 2%")
    count = max(2, min(first, most))
    while True:
        played = play(count)
        widths = {figure.metric: 0.0 for figure in figures(played)}
        needed = count
        for figure in figures(played):
            known = figure.samples[[math.isfinite(value) for value in figure.samples]]
            if len(known) < 2:
                continue
            spread = float(known.std(ddof=1))
            half = half_width(spread, len(known))
            ratio = half / figure.allowed if figure.allowed else (math.inf if half else 0.0)
            widths[figure.metric] = max(widths[figure.metric], ratio)
            if ratio > 1:
                needed = max(needed, needed_for(spread, figure.allowed, least=count + 1) or most)
        widest = max(widths, key=lambda metric: widths[metric], default="")
        if needed == count or count >= most:
            return played, Precision(precision, needed == count, count, widest)
        count = min(most, FASTEST * count, needed)


def simulate_precisely(
    scenario: Scenario,
    plan: str,
    precision: float,
    *,
    seed: int = 1,
    future: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Result, Precision]:
    """A run with as many replications as its four headline figures ask for, 1,000 at most."""

    def play(count: int) -> Result:
        return simulate(scenario, plan, replications=count, seed=seed, future=future, jobs=jobs, progress=progress)

    def figures(result: Result) -> Iterator[Figure]:
        for metric in HEADLINES:
            level = result.metric(metric).value
            if level is not None:
                yield Figure(metric, result.samples(metric), half_allowed(metric, precision, level))

    return until_precise(play, figures, precision)


def share_of(text: str) -> float:
    """`2%`, `2 %` or `0.02` as a share.

    >>> share_of("2%"), share_of("0.5 %"), share_of("0.02")
    (0.02, 0.005, 0.02)
    """
    plain = text.strip()
    try:
        share = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        raise UsageError(f"--precision {text}: write it as a percentage above 0, for example --precision 2%")
    return share
