"""Optimise: the best use of a budget. Which initiatives to take up, and what each smaller budget would buy.

Every set of up to twelve initiatives that the budget allows is tried: all with a few replications of the same luck,
those that are clearly behind are left behind, the others are played more often. More initiatives are searched. Of
sets that cannot be told apart the cheapest is chosen. What is reported comes from replications that had no part in
the choice: the best of many is the luckiest too (the winner's curse). Knows no words for people.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from cxmodel.engine.initial_state import start_of
from cxmodel.errors import RunError, UsageError
from cxmodel.results.estimates import estimate
from cxmodel.results.paired import judge
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.scenario.faults import suggestion
from cxmodel.simulation.batch import Failed, Figures, Store, figures_of, play_many
from cxmodel.studies.comparison import verdict_of
from cxmodel.studies.optimisation import evaluation
from cxmodel.studies.optimisation.budget import Costs, Set, bare, sets_of
from cxmodel.studies.optimisation.evaluation import FIRST, NOTHING, Tried
from cxmodel.studies.optimisation.optimum import Lost, Optimum
from cxmodel.vocabulary import AS_IS, METRICS, MONEY, Progress

ALL_TRIED: Final = 12
"""Initiatives up to which every set is tried."""
LONGER: Final = 4
"""Times as many replications as asked for that a race may take: who is left then is not distinguishable."""
FINALISTS: Final = 16
"""Sets that a search sends into a race."""
BESIDE: Final = ("net_value", "customer_equity", "retention", "nps")
"""What the front is told in besides what is maximised."""
NO_OBJECTIVE: Final = ("cost", "return_on_quality", "pays_off", "payback_month")
"""Metrics of money that say nothing about how much is gained."""
NEEDS_MONEY: Final = ("net_value", "customer_equity", "clv")


class Effort(NamedTuple):
    """What a study asks for."""

    sets: int
    """Sets of initiatives to try."""
    runs: int
    """Runs at most."""
    replications: int
    """Replications at most, over all runs."""
    seconds: float
    """Expected, where half of the sets are left behind at each look."""


def optimise(
    scenario: Scenario,
    budget: float,
    maximise: str = "net_value",
    *,
    future: str | None = None,
    replications: int = 30,
    seed: int = 1,
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    trials: int = 200,
) -> Optimum:
    """The set of initiatives that makes most of a metric among those that the budget allows, doing nothing among them.

    Unless told otherwise that is net value: customer equity gained less cost. A metric that is better down is
    minimised. A set costs what the metric `cost` says its plan takes over the horizon more than as is. Every set of up
    to 12 initiatives is tried; beyond, `trials` sets are (a search, not a proof). `replications` stand behind every
    reported figure, from luck of their own; a race takes four times as many at most. Raises UsageError for a budget,
    metric or scenario that makes no question, RunError where as is fails.
    """
    _refuse(scenario, budget, maximise, replications, trials)

    def play(wanted: Sequence[RunRequest], counted: Progress) -> list[Figures | Failed]:
        return play_many(wanted, executor=executor, jobs=jobs, store=store, progress=counted)

    played = bare(scenario)
    cost = Costs(played, future)
    exact = len(scenario.initiatives) <= ALL_TRIED
    race = evaluation.looks(LONGER * replications)
    marks = race if exact else [FIRST, *(FIRST + look for look in race)]
    tried = Tried(played, maximise, future, seed, marks, play, progress or (lambda done, total: None))
    if executor is None:
        start_of(played)  # solved once here, and not in each process that starts as a copy of this one
    tried.extend([NOTHING], 1)
    if not tried.known(maximise):
        raise UsageError(f"maximise: {maximise} cannot be had in {scenario.name}; name a metric that its runs have")
    considered = _affordable(scenario, cost, budget) if exact else _searched(tried, cost, budget, trials)
    if exact:
        left = tried.race(considered)
    else:
        best = sorted(considered, key=tried.gain, reverse=True)[:FINALISTS]
        left = tried.race(sorted(best, key=cost.rank), first=1)
    sets, left = _confirmed(tried, cost, considered, left, replications)
    told = [name for name in dict.fromkeys((maximise, *BESIDE)) if tried.known(name)]
    return Optimum(
        scenario=scenario,
        budget=float(budget),
        maximise=maximise,
        chosen=sets[-1],
        cost=cost.of(sets[-1]),
        rows=tuple(_row(tried, cost, some, metric) for some in sets for metric in told),
        considered=len(considered) if exact else 2 ** len(scenario.initiatives),
        evaluated=len([some for some in considered if some not in tried.failures]),
        exact=exact,
        indistinguishable=tuple(sorted((some for some in left if some != sets[-1]), key=cost.rank)),
        notes=tuple(_notes(scenario, cost, budget, exact, len(considered))),
        seed=seed,
        fresh_seed=tried.fresh_seed,
        replications=replications,
        future=future,
        failures=tuple(Lost(some, why) for some, why in tried.failures.items()),
    )


def cost_of_study(
    scenario: Scenario,
    budget: float,
    maximise: str = "net_value",
    *,
    future: str | None = None,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    trials: int = 200,
) -> Effort:
    """What the study takes: runs at most, and the seconds to expect here, by timing one run. Raises as `optimise`."""
    _refuse(scenario, budget, maximise, replications, trials)
    exact = len(scenario.initiatives) <= ALL_TRIED
    sets = len(_affordable(scenario, Costs(scenario, future), budget)) if exact else trials
    race = evaluation.looks(LONGER * replications)
    entrants = sets if exact else min(FINALISTS, sets)
    one = RunRequest(scenario, AS_IS, future, FIRST, seed)
    one.validate()
    figures_of(one)  # what is solved once, today, is not timed
    began = time.perf_counter()
    figures_of(one)
    each = (time.perf_counter() - began) / FIRST
    # any set could come to stand on the front, to be played on there and again with fresh luck
    searched = 0 if exact else sets * (2 * replications + FIRST) + race[-1]
    most = entrants * race[-1] + searched + (sets + 1) * replications
    runs = (entrants + (not exact)) * len(race) + (0 if exact else sets * len(race)) + sets + 1
    steps = np.diff([0, *race]).tolist()
    raced = sum(max(2.0, entrants / 2**look) * more for look, more in enumerate(steps))
    front = min(sets, len(scenario.initiatives) + 1) * replications * 1.5
    expected = raced + front + (0 if exact else sets * FIRST)
    return Effort(sets, runs, most, expected * each / (jobs or os.cpu_count() or 1))


def _affordable(scenario: Scenario, cost: Costs, budget: float) -> list[Set]:
    return [some for some in sets_of(tuple(scenario.initiatives)) if cost.of(some) <= budget]


def _searched(tried: Tried, cost: Costs, budget: float, trials: int) -> list[Set]:
    """The sets that a search tries, each by the first block of replications."""
    from cxmodel.studies.optimisation.search import search  # brings Optuna along

    def attempt(some: Sequence[Set]) -> dict[Set, float]:
        tried.extend(some, 1)
        return {each: tried.gain(each) for each in some if each not in tried.failures}

    names = tuple(tried.scenario.initiatives)
    return list(search(names, cost.of, lambda some: cost.of(some) <= budget, attempt, trials=trials, seed=tried.seed))


def _confirmed(
    tried: Tried, cost: Costs, considered: Sequence[Set], left: Sequence[Set], replications: int
) -> tuple[list[Set], list[Set]]:
    """The front, the chosen set its last, played again with fresh luck; and those of `left` that could be played."""
    while left:
        chosen = min(left, key=cost.rank)
        sets = [*_cheaper(tried, cost, considered, chosen, replications), chosen]
        tried.again(sets, replications)
        left = [some for some in left if some not in tried.failures]
        if chosen in left:
            return [some for some in sets if some not in tried.failures], left
    raise RunError("every set of initiatives that was left has failed")


def _cheaper(tried: Tried, cost: Costs, considered: Sequence[Set], chosen: Set, replications: int) -> list[Set]:
    """The front below the chosen set. Who gets there by few replications has to stay there by more."""
    blocks = next(number for number, mark in enumerate(tried.marks, 1) if mark >= replications)
    while True:
        known = [some for some in sorted(considered, key=cost.rank) if some in tried.figures]
        found = evaluation.front(
            [some for some in known if cost.of(some) < cost.of(chosen)], cost.of, tried.gain, tried.ahead
        )
        few = [some for some in found if tried.runs(some) < tried.marks[blocks - 1]]
        if not few:
            return found
        tried.extend([chosen, *few], blocks)


def _row(tried: Tried, cost: Costs, some: Set, metric: str) -> dict[str, Any]:
    """One metric of one set of the front, from fresh replications."""
    differences = tried.fresh[some][metric] - tried.fresh[NOTHING][metric]
    found = judge(metric, np.asarray(differences[np.isfinite(differences)]))
    unit = METRICS[metric].unit
    width = found.runs > 0 and math.isfinite(found.low)
    return {
        "initiatives": list(some),
        "cost": cost.of(some),
        "metric": metric,
        "value": found.value if found.runs else None,
        "low": found.low if width else None,
        "high": found.high if width else None,
        "level": estimate(tried.fresh[some][metric]).value,
        "against": AS_IS,
        "verdict": verdict_of(found),
        "unit": (tried.scenario.currency or MONEY) if unit == MONEY else unit,
    }


def _notes(scenario: Scenario, cost: Costs, budget: float, exact: bool, evaluated: int) -> Iterator[str]:
    """What to know before the answer is believed."""
    called = partial(scenario.label_or_id, "initiatives")
    if not exact:
        there = 2 ** len(scenario.initiatives)
        yield f"this is a search, not a proof: {evaluated:,} of {there:,} sets were tried"
    free = [name for name, act in scenario.initiatives.items() if act.cost is None and not cost.of((name,))]
    if free:
        yield f"no cost is given for {', '.join(map(called, free))}: counted as 0"
    beyond = [name for name in scenario.initiatives if cost.of((name,)) > budget]
    if beyond:
        yield f"beyond the budget alone: {', '.join(map(called, beyond))}"


def _refuse(scenario: Scenario, budget: float, maximise: str, replications: int, trials: int) -> None:
    """Raise UsageError for a question that has no answer."""
    if not (math.isfinite(budget) and budget >= 0):
        raise UsageError(f"budget: {budget:g} cannot be; give an amount of 0 or more, such as 20000")
    if maximise not in METRICS:
        raise UsageError(f"there is no metric named {maximise!r}: {suggestion(maximise, METRICS)}")
    if maximise in NO_OBJECTIVE or METRICS[maximise].better is None:
        raise UsageError(
            f"maximise: {maximise} does not say how much is gained; name what the money is to buy, such as net_value,"
            " customer_equity or retention"
        )
    if not scenario.initiatives:
        raise UsageError(f"{scenario.name} has no initiatives to choose from; give it some")
    if maximise in NEEDS_MONEY and scenario.economics is None:
        raise UsageError(
            f"{scenario.name} has no `economics`, so there is no {maximise}: say what a customer is worth, or name"
            " another metric to maximise, such as retention"
        )
    for name, count in (("replications", replications), ("trials", trials)):
        if count < 1:
            raise UsageError(f"{name}: {count} is too few; give 1 or more")
