"""What matters most: how a metric moves if what nobody knows for sure is otherwise, number by number.

Three ways, from cheap to thorough. A *tornado* turns each number to its low and its high, all others as said: two runs
a number. *Morris* screening changes one number after another from many starting points, so that what depends on
others shows too. *Sobol* indices share out the variance of the outcome among numbers, alone and with interactions.
Every run has the same luck. Knows no words for people (`cxmodel.cli.render.sensitivity`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from cxmodel.errors import RunError
from cxmodel.results.display import Charted
from cxmodel.results.estimates import Estimate, estimate
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, judge
from cxmodel.scenario import Scenario
from cxmodel.scenario.describe.wording import said
from cxmodel.simulation.batch import Failed, Store, name_of, play_many
from cxmodel.studies.sensitivity.cases import MOST, Lost, Method, Play, Trials, known_metric
from cxmodel.studies.sensitivity.indices import (
    Class,
    Effect,
    VarianceShare,
    morris_cases,
    morris_of,
    problem_of,
    sobol_cases,
    sobol_of,
    whole,
)
from cxmodel.studies.uncertainty import Unknown, unknowns
from cxmodel.vocabulary import AS_IS, MONEY, Floats, Progress

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS: Final = 10
"""Replications of each run: with common luck few tell an effect from noise."""
TRAJECTORIES: Final = 10
"""Starting points of Morris screening; each costs one run a number, and one more."""
SAMPLES: Final = 128
"""Samples behind Sobol indices, a power of two; each costs one run a number, and two more."""

SLOW: Final = 4.0
"""Seconds from which on a first run tells well enough what one takes."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a study takes, told before it starts."""

    numbers: int
    """Numbers that are tried."""
    runs: int
    replications: int
    """Of each run."""
    at_most: bool
    """Whether a screening decides how many of these runs are needed."""
    each: float
    """Measured: what one run takes here [seconds]."""
    seconds: float
    """Expected for all of them, on as many processes as will work."""


@dataclass(frozen=True)
class Sensitivity(Charted):
    """What matters to a metric, and how much."""

    scenario: Scenario
    plan: str
    metric: str
    method: Method
    future: str | None
    replications: int
    seed: int
    base: Estimate
    """The outcome if all is as said: under as is the metric itself, under a plan its difference from as is."""
    rows: list[Row] = field(repr=False)
    """One per number, what matters most first: path, name, low, value, high, assumed, figures by method, class,
    and low_said, value_said, high_said in the scenario's own units.

    tornado: at_low with its interval at_low_from to at_low_to, the same at_high (differences from `base`), swing.
    morris: mu_star with mu_star_low and mu_star_high, mu, sigma, floor. sobol: S1 with S1_low, S1_high and S1_class,
    ST with ST_low and ST_high, floor; of those that screening left out (screened), mu_star only. `class`: matters,
    noise (not distinguishable from it), nothing (the same to the last bit), None where its runs failed.
    """
    runs: int
    """Different runs that were asked for."""
    trajectories: int | None = None
    """Of Morris screening, those that are whole; None where there was none."""
    samples: int | None = None
    """Of Sobol indices, those that are whole; None where there were none."""
    failures: tuple[Lost, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the outcome."""
        unit = METRICS[self.metric].unit
        return self.scenario.currency or MONEY if unit == MONEY else unit

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def of_class(self, verdict: Class | None) -> list[Row]:
        """The rows of a class, the strongest first."""
        return [row for row in self.rows if row["class"] == verdict]

    def document(self) -> dict[str, Any]:
        """The study as one JSON document."""
        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "plan": self.plan,
            "future": self.future,
            "metric": self.metric,
            "unit": self.unit,
            "currency": self.scenario.currency,
            "method": self.method,
            "runs": self.runs,
            "replications": self.replications,
            "seed": self.seed,
            "trajectories": self.trajectories,
            "samples": self.samples,
            "base": self.base._asdict(),
            "rows": self.rows,
            "failures": [{"plan": each.plan, "values": dict(each.values), "why": each.why} for each in self.failures],
        }


def sensitivity(
    scenario: Scenario,
    plan: str = AS_IS,
    *,
    metric: str | None = None,
    method: Method = "tornado",
    over: Sequence[str] | None = None,
    future: str | None = None,
    replications: int = REPLICATIONS,
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    seed: int = 1,
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """What a metric hangs on, of all that nobody knows for sure or of the paths in `over`.

    Unless told, the metric is net value; customer equity as is and where no cost is given; NPS without economics.
    The outcome is the metric as is, or the difference that a plan makes to it. `trajectories` is for morris and for
    the screening that precedes sobol over more than eight numbers; `samples` for sobol. `progress` is told of runs;
    it starts again after a screening. Runs that fail do not end the study. Raises UsageError for what is not there,
    RunError where too many runs failed to say anything.
    """
    trials = Trials(scenario, plan, method, over, future, replications, trajectories, samples, seed)
    play = Play(trials, known_metric(scenario, metric, plan), executor, jobs, store, progress)
    return {"tornado": _tornado, "morris": _morris, "sobol": _sobol}[method](play)


def cost(
    scenario: Scenario,
    plan: str = AS_IS,
    method: Method = "tornado",
    *,
    over: Sequence[str] | None = None,
    future: str | None = None,
    replications: int = REPLICATIONS,
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    seed: int = 1,
    jobs: int | None = None,
    store: Store | None = None,
) -> Cost:
    """What `sensitivity` would take, by playing one of its kind here and now.

    It is played in a world that nobody has played yet, one assumption otherwise, because finding where a new world
    starts from is often most of the work. Runs that the store keeps are not counted. On an executor of its own it takes
    as long as on so many `jobs` here. Raises RunError where that run fails.
    """
    trials = Trials(scenario, plan, method, over, future, replications, trajectories, samples, seed)
    runs = trials.runs() - (_there(trials, store) if store is not None else 0)
    if not runs:
        return Cost(len(trials.found), 0, replications, trials.screens, 0.0, 0.0)
    each = _seconds(trials)
    workers = min(jobs or os.cpu_count() or 1, runs)
    return Cost(len(trials.found), runs, replications, trials.screens, each, each * -(-runs // workers))


def _there(trials: Trials, store: Store) -> int:
    """How many of the runs that are known beforehand a store keeps."""
    names = {name_of(run) for case in ({}, *trials.known_cases()) for run in trials.wanted(case)}
    return sum(store.figures(name) is not None for name in names)


def _seconds(trials: Trials) -> float:
    """What one run takes here [s]."""
    other = unknowns(trials.scenario, AS_IS)[-1]
    seconds = 0.0
    for share in np.random.default_rng().random(2):
        run, *_ = trials.wanted({other.path: float(other.at(np.array([share]))[0])})
        began = time.perf_counter()
        with ThreadPoolExecutor(1) as here:  # no process has to start first
            (came,) = play_many([run], executor=here)
        if isinstance(came, Failed):
            raise RunError(f"a run that was to tell what it takes failed: {came.why}")
        seconds = time.perf_counter() - began
        if seconds > SLOW:
            break  # the first run of a process is slower than those to come, but not by much more than a second
    return seconds


def _tornado(play: Play) -> Sensitivity:
    """Each number at its low and at its high, all others as said."""
    trials = play.trials
    cases = trials.ends()
    base, outcomes, failures = play.outcomes(cases)
    sides = outcomes.reshape(len(trials.found), 2, -1) - base
    changes = [[judge(play.metric, side[np.isfinite(side)]) for side in both] for both in sides]
    rows: list[Row] = [
        {
            **_about(each),
            **_end("at_low", low),
            **_end("at_high", high),
            "swing": _swing(low, high),
            "class": _class(low, high),
        }
        for each, (low, high) in zip(trials.found, changes, strict=True)
    ]
    if failures and all(row["swing"] is None for row in rows):
        raise RunError(f"no number could be turned up or down; the first run that failed: {failures[0].why}")
    return _found(play, base, _ordered(rows, "swing"), trials.different(cases), failures)


def _morris(play: Play) -> Sensitivity:
    """Screening over all numbers."""
    seen = _screen(play)
    return _found(play, seen.base, _ordered(seen.rows, "mu_star"), seen.runs, seen.failures, trajectories=seen.whole)


class _Screened(NamedTuple):
    """What a screening finds."""

    base: Floats
    rows: list[Row]
    runs: int
    whole: int
    failures: tuple[Lost, ...]


def _screen(play: Play) -> _Screened:
    """Morris' effects of all numbers."""
    trials = play.trials
    problem = problem_of([each.path for each in trials.found])
    shares = morris_cases(problem, trials.trajectories, trials.seed)
    cases = trials.cases(shares)
    base, outcomes, failures = play.outcomes(cases)
    effects = morris_of(problem, shares, outcomes, trials.seed)
    if effects is None:
        raise _too_few("trajectories", trials.trajectories, play.metric, failures)
    rows = [{**_about(each), **_figures(effect)} for each, effect in zip(trials.found, effects, strict=True)]
    return _Screened(base, rows, trials.different(cases), len(whole(outcomes, len(rows) + 1)[1]), failures)


def _sobol(play: Play) -> Sensitivity:
    """Sobol indices; over more than eight numbers, of the strongest that screening finds."""
    trials = play.trials
    seen = _screen(play) if trials.screens else None
    if seen is None:
        chosen, before = trials.found, {}
    else:
        matter = [row["path"] for row in _ordered(seen.rows, "mu_star") if row["class"] == "matters"]
        chosen = tuple(each for each in trials.found if each.path in matter[:MOST])
        before = {row["path"]: row for row in seen.rows}
    runs, lost = (seen.runs, seen.failures) if seen else (0, ())
    if seen is not None and not chosen:
        rows = [_part(each, None, before.get(each.path)) for each in trials.found]
        return _found(play, seen.base, _ordered(rows, "mu_star"), runs, lost, trajectories=seen.whole)
    problem = problem_of([each.path for each in chosen])
    cases = trials.cases(sobol_cases(problem, trials.samples, trials.seed), chosen)
    base, outcomes, failures = play.outcomes(cases)
    parts = sobol_of(problem, outcomes, trials.seed)
    if parts is None:
        raise _too_few("samples", trials.samples, play.metric, failures)
    by_path = {each.path: part for each, part in zip(chosen, parts, strict=True)}
    rows = [_part(each, by_path.get(each.path), before.get(each.path)) for each in trials.found]
    return _found(
        play,
        base,
        _ordered(rows, "ST", "mu_star"),
        runs + trials.different(cases),
        (*lost, *failures),
        trajectories=seen.whole if seen else None,
        samples=len(whole(outcomes, len(chosen) + 2)[1]),
    )


def _found(
    play: Play,
    base: Floats,
    rows: list[Row],
    runs: int,
    failures: tuple[Lost, ...],
    *,
    trajectories: int | None = None,
    samples: int | None = None,
) -> Sensitivity:
    asked = play.trials
    return Sensitivity(
        scenario=asked.scenario,
        plan=asked.plan,
        metric=play.metric,
        method=asked.method,
        future=asked.future,
        replications=asked.replications,
        seed=asked.seed,
        base=estimate(base),
        rows=[{**row, **_said(asked.scenario, row)} for row in rows],
        runs=runs,
        trajectories=trajectories,
        samples=samples,
        failures=failures,
    )


def _part(each: Unknown, part: VarianceShare | None, before: Row | None) -> Row:
    """A number's part in the variance; of one that screening left out, what screening says."""
    none = dict.fromkeys(field for field in VarianceShare._fields if field != "verdict")
    screened = {"screened": part is None, "mu_star": before and before["mu_star"]}
    figures = _figures(part) if part is not None else {**none, "class": before and before["class"]}
    return {**_about(each), **screened, **figures}


def _figures(found: Effect | VarianceShare) -> Row:
    """What was found as figures of a row, None where there are none; the class last."""
    figures = found._asdict()
    verdict = figures.pop("verdict")
    return {**{name: None if value != value else value for name, value in figures.items()}, "class": verdict}


def _about(each: Unknown) -> Row:
    """What is tried, and from where to where."""
    return asdict(each)


def _said(scenario: Scenario, row: Row) -> Row:
    """The range, and what is said, as the scenario writes such numbers."""
    return {f"{name}_said": said(scenario, row["path"], row[name]) for name in ("low", "value", "high")}


def _end(name: str, found: Change) -> Row:
    """The difference at one end of a range, with its interval."""
    ends = (found.low, found.high) if np.isfinite(found.low) else (None, None)
    return {name: found.value if found.runs else None, f"{name}_from": ends[0], f"{name}_to": ends[1]}


def _swing(*ends: Change) -> float | None:
    sizes = [abs(end.value) for end in ends if end.runs]
    return max(sizes) if sizes else None


def _class(*ends: Change) -> Class | None:
    """Of a number, by its two ends; what is missing might have mattered."""
    if any(np.isfinite(end.low) and end.verdict not in ("none", "unclear") for end in ends):
        return "matters"
    if any(not np.isfinite(end.low) for end in ends):
        return None
    return "nothing" if all(end.verdict == "none" for end in ends) else "noise"


def _ordered(rows: Sequence[Row], *by: str) -> list[Row]:
    """What is largest first, by one figure and then by another; what has none last."""
    return sorted(rows, key=lambda row: [(row[name] is None, -(row[name] or 0.0)) for name in by])


def _too_few(what: str, asked: int, metric: str, failures: tuple[Lost, ...]) -> RunError:
    """Why nothing can be said."""
    why = f": {failures[0].why}" if failures else f": {metric} cannot be had in most of them"
    return RunError(f"too few of {asked} {what} are whole to say what matters; {len(failures)} runs failed{why}")
