"""The runs behind what matters most: which numbers are tried at what values, and what the metric comes to in each case.

A case is what is otherwise than said; it is played with the luck of all others. Knows no words for people, and not
what is made of the outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from cxmodel.errors import RunError, UsageError
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.scenario.faults import closest, one_of, suggestion
from cxmodel.simulation.batch import Failed, Store, play_many
from cxmodel.studies.objective import costed, objective
from cxmodel.studies.sensitivity.indices import morris_cases, problem_of, sobol_cases
from cxmodel.studies.uncertainty import Unknown, otherwise, unknowns
from cxmodel.vocabulary import AS_IS, METRICS, Floats, Progress

Method = Literal["tornado", "morris", "sobol"]
METHODS: Final = ("tornado", "morris", "sobol")
MOST: Final = 8
"""Numbers that Sobol indices are worked out for; of more, the strongest that Morris screening finds."""

Case = Mapping[str, float]
"""Numbers that are otherwise than said, by path."""


class Lost(NamedTuple):
    """A run that failed: what was otherwise in it, and why it could not be played."""

    plan: str
    values: Case
    why: str


@dataclass(frozen=True)
class Trials:
    """What is asked, checked, and the runs that it takes."""

    scenario: Scenario
    plan: str
    method: Method
    over: Sequence[str] | None
    future: str | None
    replications: int
    trajectories: int
    samples: int
    seed: int

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UsageError(f"there is no method `{self.method}`: {suggestion(self.method, METHODS)}")
        for each in self.wanted({}):
            each.validate()
        if self.plan != AS_IS and not self.scenario.initiatives_of(self.plan):
            raise UsageError(f"{self.plan} changes nothing: there is no difference that anything could matter to")
        if self.replications < 2:
            raise UsageError(
                f"replications: {self.replications} is too few to tell an effect from noise; give 2 or more"
            )
        if self.trajectories < 2:
            raise UsageError(f"trajectories: {self.trajectories} is too few; give 2 or more")
        if self.samples < 8 or self.samples & (self.samples - 1):
            near = max(8, 1 << (self.samples - 1).bit_length()) if self.samples > 0 else 8
            raise UsageError(f"samples: {self.samples} cannot be, it has to be a power of two; give {near}")
        _ = self.found

    @cached_property
    def found(self) -> tuple[Unknown, ...]:
        """The numbers to try: all that are unknown, or those at the paths that were named and below them."""
        known = unknowns(self.scenario, self.plan)
        for path in self.over or ():
            if not any(_under(each.path, path) for each in known):
                raise UsageError(
                    f"`{path}` is no number with a `low` and a `high` that acts under {self.plan}, nor an assumption: "
                    f"{_meant(path, known)}"
                )
        if self.over is not None:
            known = tuple(each for each in known if any(_under(each.path, path) for path in self.over))
        if not known:
            raise UsageError("there is no number to try: name some, or none for all that nobody knows for sure")
        return known

    @cached_property
    def as_is(self) -> frozenset[str]:
        """Paths of what acts as is too: what else is otherwise makes no other run of it."""
        return frozenset(each.path for each in unknowns(self.scenario, AS_IS))

    @property
    def screens(self) -> bool:
        """Whether Morris screening chooses the numbers that Sobol indices are worked out for."""
        return self.method == "sobol" and len(self.found) > MOST

    def case(self, shares: Floats, found: Sequence[Unknown] | None = None) -> Case:
        """The numbers at these shares of their ranges, those left out that are as said."""
        numbers = self.found if found is None else found
        values = {each.path: float(each.at(share)) for each, share in zip(numbers, shares, strict=True)}
        return {each.path: values[each.path] for each in numbers if values[each.path] != each.value}

    def cases(self, shares: Floats, found: Sequence[Unknown] | None = None) -> list[Case]:
        """One case a row of shares (cases, numbers)."""
        return [self.case(row, found) for row in shares]

    def ends(self) -> list[Case]:
        """The cases of a tornado: each number at its low, then at its high."""
        return [{} if end == each.value else {each.path: end} for each in self.found for end in (each.low, each.high)]

    def wanted(self, case: Case) -> list[RunRequest]:
        """The run of a case; of a plan, that of as is with it."""
        return [
            RunRequest(otherwise(self.scenario, values) if values else self.scenario, plan, *self._rest)
            for plan, values in self.played(case)
        ]

    def played(self, case: Case) -> list[tuple[str, Case]]:
        """What is played for a case: under which plan, and with what otherwise."""
        if self.plan == AS_IS:
            return [(AS_IS, case)]
        return [(self.plan, case), (AS_IS, {path: value for path, value in case.items() if path in self.as_is})]

    def known_cases(self) -> list[Case]:
        """The cases that are known before anything is played: of a screening that comes first, its own."""
        if self.method == "tornado":
            return self.ends()
        problem = problem_of([each.path for each in self.found])
        if self.method == "morris" or self.screens:
            return self.cases(morris_cases(problem, self.trajectories, self.seed))
        return self.cases(sobol_cases(problem, self.samples, self.seed))

    def runs(self) -> int:
        """How many different runs it takes, at most."""
        screened = self.samples * (MOST + 2) * (1 if self.plan == AS_IS else 2) if self.screens else 0
        return self.different(self.known_cases()) + screened

    def different(self, cases: Sequence[Case]) -> int:
        """How many different runs these cases take, and what is as said."""
        keys = ((plan, *sorted(values.items())) for case in ({}, *cases) for plan, values in self.played(case))
        return len(set(keys))

    @property
    def _rest(self) -> tuple[str | None, int, int]:
        return self.future, self.replications, self.seed


@dataclass(frozen=True)
class Play:
    """How the runs of a study are played, and what is read off them."""

    trials: Trials
    metric: str
    executor: Executor | None
    jobs: int | None
    store: Store | None
    progress: Progress | None

    def outcomes(self, cases: Sequence[Case]) -> tuple[Floats, Floats, tuple[Lost, ...]]:
        """Outcomes of what is as said (R,), of cases (cases, R), nan where there are none, and the runs that failed.

        Raises RunError where what is as said cannot be played, UsageError where it has no such figure.
        """
        trials = self.trials
        all_cases: list[Case] = [{}, *cases]
        runs = [trials.wanted(case) for case in all_cases]
        flat = [one for each in runs for one in each]
        came = iter(play_many(flat, executor=self.executor, jobs=self.jobs, store=self.store, progress=self.progress))
        found = np.full((len(all_cases), trials.replications), np.nan)
        lost: dict[tuple[Any, ...], Lost] = {}
        for place, case in enumerate(all_cases):
            sides = [next(came) for _ in runs[place]]
            for (plan, values), side in zip(trials.played(case), sides, strict=True):
                if isinstance(side, Failed):
                    lost[plan, *sorted(values.items())] = Lost(plan, values, side.why)
            figures = [side[self.metric] for side in sides if not isinstance(side, Failed)]
            if len(figures) == len(sides):
                found[place] = figures[0] - figures[1] if len(figures) == 2 else figures[0]
        failures = tuple(lost.values())
        for each in failures:
            if not each.values:
                raise RunError(f"the scenario as it is said cannot be played: {each.why}")
        if np.isfinite(found[0]).sum() < 2:
            plan = trials.scenario.label_or_id("plans", trials.plan)
            raise UsageError(f"{self.metric} cannot be had under {plan}: there is nothing that could matter to it")
        return found[0], found[1:], failures


def known_metric(scenario: Scenario, metric: str | None, plan: str) -> str:
    """The metric that is asked about; unless told, what the plan is judged by."""
    if metric is None:
        return objective(scenario, plan)
    if metric not in METRICS:
        raise UsageError(f"there is no metric `{metric}`: {suggestion(metric, METRICS)}")
    if metric == "net_value" and not costed(scenario, plan):
        which = "today has none" if plan == AS_IS else f"no cost is given for {scenario.label_or_id('plans', plan)}"
        raise UsageError(f"net_value is what a plan gains less its cost, and {which}; name `customer_equity`")
    return metric


def _meant(path: str, known: Sequence[Unknown]) -> str:
    """The number, or the part of the scenario, that was probably meant; else what there is."""
    parts = dict.fromkeys(each.path.partition(".")[0] for each in known)
    near = closest(path, [*parts, *(each.path for each in known)])
    if near is not None:
        return f"did you mean `{near}`?"
    return f"there is: {one_of([*(each.path for each in known if not each.assumed), 'assumptions'])}"


def _under(path: str, part: str) -> bool:
    """Whether a path is this one, or below it."""
    return path == part or path.startswith(f"{part}.")
