"""Discover: when does the plan fail? Worlds in which what nobody knows is otherwise, and the box where it fails.

The plan (and as is) is played in worlds that are drawn over everything that has a range and every assumption of the
model (Latin hypercube); PRIM then looks for the box of those numbers in which failures crowd (scenario discovery:
Bryant & Lempert 2010). Knows no words for people.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from cxmodel.errors import UsageError
from cxmodel.results.display import Charted
from cxmodel.results.estimates import wilson
from cxmodel.results.metrics import METRICS
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.scenario.describe.wording import said, spelled
from cxmodel.scenario.faults import suggestion
from cxmodel.scenario.fields.notation import NUMBER
from cxmodel.scenario.validation.figures import misfit
from cxmodel.simulation.batch import Cost, Failed, Figures, Store, cost_of, play_many
from cxmodel.studies.discovery.box_choice import Standing, stand_out
from cxmodel.studies.discovery.prim import HIGH, LOW, Bools, Box, quasi_p
from cxmodel.studies.objective import objective
from cxmodel.studies.uncertainty import Key, Unknown, drawn, otherwise, unknowns
from cxmodel.vocabulary import AS_IS, MONEY, Floats, Progress

if TYPE_CHECKING:
    import pandas as pd

KEPT: Final = "discovery"
"""The kind of study under which an archive keeps what was found."""
WORLDS: Final = 200
REPLICATIONS: Final = 2
"""Replications in each world: the spread over worlds is wanted, and common luck leaves little noise."""
FEW: Final = 10
"""Failures, or worlds without failure, below which nothing can be said of where they lie."""
AGAINST_AS_IS: Final = ("return_on_quality", "pays_off", "payback_month")
"""Metrics that one run alone does not have."""
SIGNS: Final[Mapping[str, Callable[[Floats, float], Bools]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_RULE = re.compile(rf"\s*(\w+)\s*(<=|>=|<|>)\s*({NUMBER})\s*(%?)\s*")


class Rule(NamedTuple):
    """When a plan fails in a world."""

    metric: str
    sign: str
    number: float
    difference: bool
    """Whether it is about the difference against as is, instead of the plan's own run."""

    def fails(self, outcome: Floats) -> Bools:
        """Which worlds fail (worlds,), by their outcome; none whose outcome cannot be had."""
        return np.asarray(SIGNS[self.sign](outcome, self.number) & np.isfinite(outcome))


class Share(NamedTuple):
    """So many of so many worlds, and the 95 % interval of their share (Wilson)."""

    worlds: int
    of: int
    value: float
    low: float
    high: float


class Row(NamedTuple):
    """One restriction of the box, in the model's own unit."""

    path: str
    name: str
    low: float | None
    """From; None where the box reaches to the end of the range."""
    high: float | None
    range: tuple[float, float]
    value: float
    """What the scenario says, or the default."""
    p: float
    """How probably it is luck, of its two ends the less sure one (quasi-p)."""
    reproducible: float
    """Share of random halves of the worlds in which the same number is restricted again."""


class Step(NamedTuple):
    """A box that could have been chosen."""

    coverage: float
    density: float
    mass: float
    restricted: int
    chosen: bool


class Counterexample(NamedTuple):
    """A world in the box that was played and fails, of those the one nearest to what is said otherwise."""

    world: int
    outcome: float
    changes: Mapping[str, float | str]
    """By dotted path, as `Scenario.with_changes` and `--set` take them."""


def rule_of(scenario: Scenario, fails: str | None, plan: str) -> Rule:
    """When the plan fails: where its net value is not above zero (or what it is judged by without cost), or as told.

    Raises UsageError for what is no rule, and for a metric that one run of this scenario does not have.
    """
    if fails is None:
        return Rule(objective(scenario, plan), "<=", 0.0, True)
    rule = rule_from(fails)
    if rule.metric in AGAINST_AS_IS:
        raise UsageError(
            f"{fails!r}: {rule.metric} is told against as_is; without a rule, a plan fails that does not pay"
        )
    if METRICS[rule.metric].unit == MONEY and scenario.economics is None:
        raise UsageError(f"{fails!r}: {scenario.name} has no economics, so there is no {rule.metric}")
    return rule


def rule_from(text: str) -> Rule:
    """A rule that is told as a metric, a sign and a number.

    >>> rule_from("retention < 80 %")
    Rule(metric='retention', sign='<', number=0.8, difference=False)
    """
    read = _RULE.fullmatch(text)
    if read is None:
        raise UsageError(f"{text!r} cannot be read: write a metric, < > <= or >=, and a number, such as 'nps < 30'")
    metric, sign, number, percent = read.groups()
    if metric not in METRICS:
        raise UsageError(f"{text!r}: there is no metric {metric!r}; {suggestion(metric, METRICS, 'the metrics')}")
    wrong = misfit(metric, f"{number} %" if percent else float(number))
    if wrong is not None:
        raise UsageError(f"{text!r}: {': '.join(wrong)}")
    return Rule(metric, sign, float(number) / (100 if percent else 1), metric == "net_value")


def wanted(
    scenario: Scenario,
    plan: str,
    *,
    fails: str | None = None,
    worlds: int = WORLDS,
    replications: int = REPLICATIONS,
    future: str | None = None,
    seed: int = 1,
) -> dict[Key, RunRequest]:
    """The runs to play, world by world: the plan, and as is where the plan is held against it.

    Raises UsageError for an unknown plan, and for one that changes nothing unless told when it fails.
    """
    rule = rule_of(scenario, fails, plan)
    if not scenario.initiatives_of(plan) and rule.difference:
        raise UsageError(f"{plan} changes nothing, so it cannot fail to pay; say when it fails, such as 'nps < 30'")
    if worlds < 1:
        raise UsageError(f"worlds: {worlds} is too few; give 1 or more")
    RunRequest(scenario, plan, future, replications, seed).validate()
    found = unknowns(scenario, plan)
    runs: dict[Key, RunRequest] = {}
    for number, values in enumerate(drawn(found, worlds, seed)):
        other = otherwise(scenario, {each.path: float(value) for each, value in zip(found, values, strict=True)})
        for name in (plan, AS_IS) if rule.difference else (plan,):
            runs[number, name] = RunRequest(other, name, future, replications, seed)
    return runs


def cost(
    scenario: Scenario,
    plan: str,
    *,
    fails: str | None = None,
    worlds: int = WORLDS,
    replications: int = REPLICATIONS,
    future: str | None = None,
    seed: int = 1,
    jobs: int | None = None,
    store: Store | None = None,
) -> Cost:
    """How many runs are still to be played, and how long that takes: see `cxmodel.simulation.batch.cost_of`."""
    runs = wanted(scenario, plan, fails=fails, worlds=worlds, replications=replications, future=future, seed=seed)
    return cost_of(runs.values(), jobs, store)


def discover(
    scenario: Scenario,
    plan: str,
    *,
    fails: str | None = None,
    worlds: int = WORLDS,
    replications: int = REPLICATIONS,
    future: str | None = None,
    seed: int = 1,
    executor: Executor | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Discovery:
    """When a plan fails: in how many worlds, and in which box of the numbers that nobody knows for sure.

    It fails where its net value is not above zero (without cost or economics: where it adds no customer equity, or does
    not lift NPS), or by `fails`, a metric of its own run with a sign and a number, such as `nps < 30`. Runs that cannot
    be played are told, and their worlds left out. Raises UsageError for an unknown plan or rule.
    """
    runs = wanted(scenario, plan, fails=fails, worlds=worlds, replications=replications, future=future, seed=seed)
    came = play_many(list(runs.values()), executor=executor, jobs=jobs, store=store, progress=progress)
    figures = {key: each for key, each in zip(runs, came, strict=True) if not isinstance(each, Failed)}
    rule, found = rule_of(scenario, fails, plan), unknowns(scenario, plan)
    return Discovery(
        scenario=scenario,
        plan=plan,
        future=future,
        rule=rule,
        unknowns=found,
        values=drawn(found, worlds, seed),
        outcome=np.array([_outcome(figures, number, plan, rule) for number in range(worlds)]),
        replications=replications,
        seed=seed,
        failures=tuple(each for each in came if isinstance(each, Failed)),
    )


@dataclass(frozen=True)
class Discovery(Charted):
    """When a plan fails."""

    scenario: Scenario
    plan: str
    future: str | None
    rule: Rule
    unknowns: tuple[Unknown, ...] = field(repr=False)
    values: Floats = field(repr=False)
    """What was drawn (worlds, unknowns)."""
    outcome: Floats = field(repr=False)
    """What the plan is judged by in each world (worlds,); nan where it cannot be had."""
    replications: int
    seed: int
    failures: tuple[Failed, ...] = field(default=(), repr=False)
    """Runs that could not be played."""

    @property
    def worlds(self) -> int:
        """How many worlds could be judged."""
        return int(self._known.sum())

    @property
    def failing(self) -> Bools:
        """In which of all worlds it fails (worlds,)."""
        return self.rule.fails(self.outcome)

    @property
    def base(self) -> Share:
        """In how many worlds it fails."""
        return _share(int(self.failing.sum()), self.worlds)

    @property
    def why_none(self) -> str | None:
        """Why there is no box: *few* failures, *few_others* (it fails nearly everywhere), or *luck*; None for a box."""
        if self.base.worlds < FEW:
            return "few"
        if self.worlds - self.base.worlds < FEW:
            return "few_others"
        return "luck" if self.chosen is None else None

    @property
    def chosen(self) -> Box | None:
        """The box that stands out; None where none does: its density could be that of all worlds, or luck."""
        found = self._standing.box
        return None if found is None or _share(found.caught, found.held).low <= self.base.value else found

    @property
    def density(self) -> Share | None:
        """How many of the worlds in the box fail."""
        return None if self.chosen is None else _share(self.chosen.caught, self.chosen.held)

    @property
    def coverage(self) -> Share | None:
        """How many of the failures the box holds."""
        return None if self.chosen is None else _share(self.chosen.caught, self.chosen.interest)

    @cached_property
    def box(self) -> list[Row]:
        """The restrictions of the box, the surest first; empty where none stands out."""
        found, tried = self.chosen, self._standing.tried
        if found is None or tried is None:
            return []
        p = np.nanmax(quasi_p(found, self.values[self._known], self.failing[self._known])[list(found.restricted)], 1)
        rows = [
            self._row(place, found.limits[place], float(luck), float(tried.again[place]))
            for place, luck in zip(found.restricted, p, strict=True)
        ]
        return sorted(rows, key=lambda row: row.p)

    @property
    def trajectory(self) -> list[Step]:
        """The boxes there were to choose from, from all worlds to the densest: what density costs in coverage."""
        steps = [
            Step(each.coverage, each.density, each.mass, len(each.restricted), each is self.chosen)
            for each in self._standing.among
        ]
        return sorted(steps, key=lambda step: (-step.coverage, step.density))

    @cached_property
    def counterexample(self) -> Counterexample | None:
        """A world in the box that was played and fails; None where there is no box."""
        if self.chosen is None:
            return None
        inside = np.flatnonzero(self.chosen.holds(self.values) & self.failing)
        shares = np.stack([_share_of(each, self.values[inside, n]) for n, each in enumerate(self.unknowns)], axis=1)
        free = ~self.chosen.ends.any(axis=1)
        world = int(inside[np.abs(shares - 0.5)[:, free].sum(axis=1).argmin()])
        changes = {
            each.path: spelled(self.scenario, each.path, float(value))
            for each, value in zip(self.unknowns, self.values[world], strict=True)
        }
        return Counterexample(world, float(self.outcome[world]), changes)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The restrictions of the box as plain rows, their limits in the scenario's own units too."""
        return [
            {
                **row._asdict(),
                "range": list(row.range),
                "low_said": None if row.low is None else said(self.scenario, row.path, row.low),
                "high_said": None if row.high is None else said(self.scenario, row.path, row.high),
                "value_said": said(self.scenario, row.path, row.value),
                "range_said": [said(self.scenario, row.path, end) for end in row.range],
            }
            for row in self.box
        ]

    @property
    def table(self) -> pd.DataFrame:
        """The restrictions of the box: path, name, low, high, range, value, p, reproducible, and as they are said."""
        import pandas as pd

        columns = [*Row._fields, "low_said", "high_said", "value_said", "range_said"]
        return pd.DataFrame(self.rows, columns=columns)

    def document(self) -> dict[str, Any]:
        """What was found as one JSON document."""
        density, coverage, tried, example = self.density, self.coverage, self._standing.tried, self.counterexample
        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "plan": self.plan,
            "future": self.future,
            "currency": self.scenario.currency,
            "metric": self.rule.metric,
            "fails": f"{self.rule.metric} {self.rule.sign} {self.rule.number:.12g}",
            "against": AS_IS if self.rule.difference else None,
            "worlds": self.worlds,
            "asked": len(self.outcome),
            "unknowns": len(self.unknowns),
            "failing": self.base._asdict(),
            "box": self.rows,
            "why_none": self.why_none,
            "density": density._asdict() if density else None,
            "coverage": coverage._asdict() if coverage else None,
            "unseen": {"density": tried.density, "coverage": tried.coverage} if density and tried else None,
            "luck": self._standing.luck if density else None,
            "trajectory": [step._asdict() for step in self.trajectory],
            "counterexample": example._asdict() if example else None,
            "seed": self.seed,
            "replications": self.replications,
            "failures": [{"plan": each.wanted.plan, "why": each.why} for each in self.failures],
        }

    @property
    def _known(self) -> Bools:
        """Which worlds can be judged."""
        return np.asarray(np.isfinite(self.outcome))

    @cached_property
    def _standing(self) -> Standing:
        if min(self.base.worlds, self.worlds - self.base.worlds) < FEW:
            return Standing(None, (), None, 1.0)
        return stand_out(self.values[self._known], self.failing[self._known], self.seed)

    def _row(self, place: int, limits: Floats, p: float, again: float) -> Row:
        each = self.unknowns[place]
        low, high = (float(limits[end]) if np.isfinite(limits[end]) else None for end in (LOW, HIGH))
        return Row(each.path, each.name, low, high, (each.low, each.high), each.value, p, again)


def _outcome(figures: Mapping[Key, Figures], number: int, plan: str, rule: Rule) -> float:
    """What a world is judged by; nan where one of its runs is not there."""
    mine, theirs = figures.get((number, plan)), figures.get((number, AS_IS))
    if mine is None or (rule.difference and theirs is None):
        return float("nan")
    if not rule.difference or theirs is None:
        return float(mine[rule.metric].mean())
    return float((mine[rule.metric] - theirs[rule.metric]).mean())


def _share(count: int, of: int) -> Share:
    if not of:
        return Share(0, 0, 0.0, 0.0, 1.0)
    return Share(count, of, count / of, *wilson(count / of, of))


def _share_of(unknown: Unknown, values: Floats) -> Floats:
    """Where values lie in the range of an unknown: 0 at its low end, a half at what is said, 1 at its high end."""
    below = np.interp(values, [unknown.low, unknown.value], [0.0, 0.5]) if unknown.low < unknown.value else 0.5
    above = np.interp(values, [unknown.value, unknown.high], [0.5, 1.0]) if unknown.value < unknown.high else 0.5
    return np.where(values < unknown.value, below, above)
