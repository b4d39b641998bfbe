"""Calibration of a scenario to a company's data: what tables say is taken, what is left free is fitted to its series.

The numbers left free are drawn from their ranges, and the series that each draw would have made are simulated, each
with a luck of its own; approximate Bayesian computation says which draws the data agree with. First the whole ranges
are looked at, then what they leave. So the interval holds what the chance of a company's own customers and the error of
its surveys leave open, and a number of which the series say nothing keeps its range. The last third of the months is
held out: the fit to the first two thirds is judged by it, beside "as it was last". What is written rests on all months.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy.stats import qmc

from cxmodel.errors import UsageError
from cxmodel.evidence.fits.all import fit_all
from cxmodel.evidence.tables import month_name
from cxmodel.results.display import Shown
from cxmodel.scenario.describe.wording import said
from cxmodel.studies.calibration.facts import with_fits
from cxmodel.studies.calibration.free import Free, free
from cxmodel.studies.calibration.posterior import FLAT, TRADED, Posterior, posterior, weighted_quantile
from cxmodel.studies.calibration.projection import simulated
from cxmodel.studies.calibration.series import Observed, observed

if TYPE_CHECKING:
    from cxmodel.evidence.fits.fit import Fitted
    from cxmodel.evidence.tables import Evidence
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Floats, Progress

DRAWS: Final = 192
"""Draws where the first ones, half as many over the whole ranges, leave room."""
EACH: Final = 3
"""Replications of each draw: as many companies that could have been."""
HELD_OUT: Final = 1 / 3
"""Share of the months that the fit does not see."""
LEAST: Final = 4
"""Months that have to be left to fit to."""
EDGE: Final = 0.005
"""Share of the first draws' posterior that may lie beyond either end of where is looked."""
WIDER: Final = 0.1
"""Share of a range by which it is widened beyond."""
INTERVAL: Final = (0.05, 0.95)


class Found(NamedTuple):
    """A number that was left free, as the series have it."""

    free: Free
    value: float
    low: float
    high: float
    """Its middle 90 %, in the model's own unit."""
    identified: bool
    """Whether the series say more of it than its range does."""


class HeldOut(NamedTuple):
    """How wrong the fit was on the months that it did not see, of one series."""

    measure: str
    segment: str
    months: int
    error: float
    """Mean absolute error [the measure's unit]."""
    naive: float
    """That of saying that all stays as it was last."""
    inside: int
    """Months that lie in the 90 % interval."""


class Month(NamedTuple):
    """A month of a series: what was observed, and what the fit to the first months says of it."""

    measure: str
    segment: str
    month: int
    observed: float
    fitted: float
    low: float
    high: float
    held_out: bool


@dataclass(frozen=True)
class Calibration(Shown):
    """A scenario calibrated to data."""

    scenario: Scenario
    fitted: Fitted
    found: Sequence[Found] = ()
    held_out: Sequence[HeldOut] = ()
    months: Sequence[Month] = field(default=(), repr=False)
    trades: Sequence[tuple[str, str, float]] = ()
    """Two numbers that the series cannot tell apart, by path, and their correlation."""
    begins: int = 0
    """The month before the first one observed, from January of the year 0."""
    sources: Sequence[str] = ()
    as_of: str = ""

    def document(self) -> dict[str, Any]:
        """What was found as one JSON document."""
        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "fits": [
                {
                    "path": ".".join(each.path) or None,
                    "name": each.name,
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                    "unit": each.unit,
                    "size": each.size,
                    "source": each.source,
                    "as_of": each.as_of,
                    "sentence": each.sentence,
                }
                for each in self.fitted.fits
            ],
            "unfitted": [{"name": each.name, "why": each.why} for each in self.fitted.unfitted],
            "parameters": [self._parameter(each) for each in self.found],
            "trade_offs": [{"paths": [one, other], "correlation": size} for one, other, size in self.trades],
            "held_out": [each._asdict() for each in self.held_out],
            "months": [each._asdict() for each in self.months],
        }

    def _parameter(self, found: Found) -> dict[str, Any]:
        ends = (found.value, found.low, found.high)
        return {
            "path": found.free.path,
            "name": found.free.name,
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "said": [said(self.scenario, found.free.path, each) for each in ends],
            "was": {"value": found.free.value, "low": found.free.low, "high": found.free.high},
            "identified": found.identified,
        }


def calibrate(
    scenario: Scenario,
    evidence: Evidence,
    *,
    over: Collection[str] = (),
    hold_out: int | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit a scenario to data: each number that a table gives, then the free ones (`over`) to the tracker's months.

    `hold_out` is in months, by default the last third of them; 0 holds out none. Raises UsageError for a path without
    a range, a segment that is not there, and for fewer months than a fit takes.
    """

    fitted = fit_all(evidence, scenario)
    told = with_fits(scenario, fitted.fits)
    data = observed(evidence, told)
    files = [each.source for each in fitted.fits] + [each.source for each in (data.series if data else ())]
    sources = tuple(dict.fromkeys(files))
    if data is None:
        if over:
            raise UsageError("there is no series of months to fit to; give a tracker with at least 6 months")
        return Calibration(scenario, fitted, sources=sources)
    known = {".".join(each.path) for each in fitted.fits}
    chosen = free(told, {each.measure for each in data.series}, over, known)
    seen = _seen(data, hold_out)
    if not chosen:
        return Calibration(scenario, fitted, begins=data.begins, sources=sources)
    first = draws // 2
    total, done = first + draws, 0

    def counted(now: int, of: int) -> None:
        if progress is not None:
            progress(done + now, total)

    def made(many: int, box: Floats) -> tuple[Floats, Floats]:
        """Draws evenly over a box, and the data that each could have made, each of its companies in a row."""
        points = qmc.LatinHypercube(len(chosen), rng=np.random.default_rng([seed, done])).random(many)
        played = simulated(
            told,
            chosen,
            box[0] + (box[1] - box[0]) * points,
            data,
            replications=EACH,
            seeds=[seed + 1 + done + number for number in range(many)],
            jobs=jobs,
            progress=counted,
        )
        luck = np.random.default_rng([seed, done, 1])
        noisy = played + luck.normal(size=played.shape) * data.error
        return np.repeat(points, EACH, axis=0), noisy.reshape(-1, played.shape[2])

    full = np.stack([np.zeros(len(chosen)), np.ones(len(chosen))])
    box = _narrowed(posterior(*made(first, full), data.value))
    done = first
    inside, drawn = made(draws, box)
    whole = posterior(inside, drawn, data.value)
    part = whole if seen.all() else posterior(inside, drawn[:, seen], data.value[seen])
    months = _months(data, seen, part, drawn)
    return Calibration(
        scenario,
        fitted,
        _found(chosen, whole, box),
        _held_out(data, months),
        months,
        _trades(chosen, whole),
        data.begins,
        sources,
        month_name(data.begins + data.months),
    )


def _seen(data: Observed, hold_out: int | None) -> Any:
    """Which values the fit may see."""
    held = round(HELD_OUT * data.months) if hold_out is None else hold_out
    if held < 0 or data.months - held < LEAST:
        raise UsageError(
            f"{held} of {data.months} months held out leave too few to fit to; hold out at most {data.months - LEAST}"
        )
    return data.month <= data.months - held


def _narrowed(told: Posterior) -> Floats:
    """Where the first draws leave room for each number, as shares of its range: (2, parameters)."""
    low, high = told.quantile(EDGE), told.quantile(1 - EDGE)
    return np.stack([np.clip(low - WIDER, 0, 1), np.clip(high + WIDER, 0, 1)])


def _found(chosen: Sequence[Free], told: Posterior, box: Floats) -> tuple[Found, ...]:
    wide = box[1] - box[0]
    value, low, high = (box[0] + wide * each for each in (told.mean, *(told.quantile(share) for share in INTERVAL)))
    spread = told.spread * wide
    return tuple(
        Found(
            each,
            float(each.at(value[place])),
            float(each.at(low[place])),
            float(each.at(high[place])),
            bool(spread[place] < FLAT),
        )
        for place, each in enumerate(chosen)
    )


def _trades(chosen: Sequence[Free], told: Posterior) -> tuple[tuple[str, str, float], ...]:
    size = told.correlation
    return tuple(
        (chosen[one].path, chosen[other].path, float(size[one, other]))
        for one, other in combinations(range(len(chosen)), 2)
        if abs(size[one, other]) >= TRADED
    )


def _months(data: Observed, seen: Any, part: Posterior, made: Floats) -> tuple[Month, ...]:
    values = part.of(made)
    low, middle, high = (weighted_quantile(values, part.weight, share) for share in (INTERVAL[0], 0.5, INTERVAL[1]))
    return tuple(
        Month(
            data.series[which].measure,
            data.series[which].segment,
            int(month),
            float(value),
            float(middle[at]),
            float(low[at]),
            float(high[at]),
            not seen[at],
        )
        for at, (which, month, value) in enumerate(zip(data.which, data.month, data.value, strict=True))
    )


def _held_out(data: Observed, rows: Sequence[Month]) -> tuple[HeldOut, ...]:
    """Of each series with months held out and seen."""
    found = []
    for each in data.series:
        mine = [row for row in rows if (row.measure, row.segment) == (each.measure, each.segment)]
        held, before = [row for row in mine if row.held_out], [row for row in mine if not row.held_out]
        if not held or not before:
            continue
        error = float(np.mean([abs(row.observed - row.fitted) for row in held]))
        naive = float(np.mean([abs(row.observed - before[-1].observed) for row in held]))
        inside = sum(row.low <= row.observed <= row.high for row in held)
        found.append(HeldOut(each.measure, each.segment, len(held), error, naive, inside))
    return tuple(found)
