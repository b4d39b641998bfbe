"""The hundred worlds: what becomes of a plan if all that nobody knows for sure is otherwise.

Every number that the scenario gives with a range, and every assumption of the model, is drawn anew for each world
(Latin hypercube, as often below what is said as above it); the plan and as is are played in each with the same luck.
The spread over worlds is not knowing; what is left within a world is run noise. Knows no words for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from pydantic import BaseModel
from scipy.stats import qmc, rankdata

from cxmodel.errors import RunError, UsageError
from cxmodel.model.assumptions import parameters
from cxmodel.results.display import Shown
from cxmodel.results.estimates import wilson
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.scenario.describe.wording import label, said
from cxmodel.scenario.fields.notation import ShareRate
from cxmodel.scenario.yaml_text.paths import keys_of
from cxmodel.simulation.batch import Failed, Figures, Store, play_many
from cxmodel.studies.objective import objective
from cxmodel.vocabulary import AS_IS, HEADLINES, Floats, Progress

KEPT: Final = "worlds"
"""The kind of study under which an archive keeps what they say."""
WORLDS: Final = 100
"""Worlds in all; any first part of them is a fair sample too."""
REPLICATIONS: Final = 2
"""Replications in each world: the spread over worlds is wanted, and common luck leaves little noise."""
SURE: Final = 0.05
"""How probable it may be that luck alone makes any assumption stand out as far."""
MOSTLY: Final = 0.75
"""Share of resamples in which the same assumption has to be the strongest."""
BESIDE: Final = ("futures", "plans", "targets", "expect", "meta")
"""Sections whose numbers do not act in a plan."""
DRAWS: Final = 400

Key = tuple[int, str]
"""World and plan."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A number that nobody knows for sure, and how far it may lie from what is said."""

    path: str
    name: str
    low: float
    value: float
    high: float
    assumed: bool
    """An assumption of the model, not a number of the scenario."""

    def at(self, shares: Floats) -> Floats:
        """Values at these shares of the range; half of the shares lie below what is said.

        >>> Unknown("x", "x", 0.0, 2.0, 10.0, False).at(np.array([0.0, 0.25, 0.5, 1.0])).tolist()
        [0.0, 1.0, 2.0, 10.0]
        """
        return np.asarray(np.interp(shares, [0.0, 0.5, 1.0], [self.low, self.value, self.high]))


class Spread(NamedTuple):
    """The difference that a plan makes in a metric, over worlds [its unit]."""

    metric: str
    value: float
    """In the middle world."""
    low: float
    high: float
    """The middle 95 of 100 worlds."""
    noise: float
    """Half the interval that run noise alone leaves at as many replications as were played in a world."""
    agree: float
    """Share of worlds in which the difference has the sign that it mostly has."""


class Count(NamedTuple):
    """In how many worlds something holds, and the 95 % interval of its share (Wilson)."""

    worlds: int
    low: float
    high: float


class Payback(NamedTuple):
    """In how many worlds a plan's cost is covered within the horizon, and by which month."""

    worlds: int
    share_low: float
    share_high: float
    """The 95 % interval of their share (Wilson)."""
    month: float | None
    """In the middle one of these worlds."""
    low: float | None
    high: float | None
    """The middle 95 of 100 of them."""


class Hinge(NamedTuple):
    """The one unknown that the outcome hangs on most."""

    unknown: Unknown
    strength: float
    """Rank correlation with the outcome, with its bootstrap interval."""
    low: float
    high: float
    break_even: float | None
    """Where the fitted outcome is zero; None where it is not inside the range."""
    earliest: float | None
    latest: float | None
    """The bootstrap interval of the break-even."""
    rises: bool
    """Whether more of it is better for the plan."""
    above: float
    """Share of worlds in which the outcome is above zero."""


def unknowns(scenario: Scenario, plan: str) -> tuple[Unknown, ...]:
    """Every number with a range that acts in a plan, then the model's assumptions."""
    acts, found, written = scenario.initiatives_of(plan), [], scenario.written
    ranged = {}
    for path, fact in scenario.facts.items():
        if fact.low is None or fact.high is None or not isinstance(fact.value, int | float):
            continue
        ranged[path] = steps = keys_of(written, path)
        acting = steps[0] not in BESIDE and (steps[0] != "initiatives" or steps[1] in acts)
        if acting and fact.low < fact.high:
            name = label(steps, written)
            name = f"{name} today" if steps[0] == "today" else name
            found.append(Unknown(path, name, fact.low, float(fact.value), fact.high, False))
    given = scenario.assumptions.model_dump()
    for name, known in parameters().items():
        path = f"assumptions.{name}"
        if known.assumed and path not in ranged:
            value = min(max(float(given[name]), known.low), known.high)
            found.append(Unknown(path, _called(name, known.what), known.low, value, known.high, True))
    return tuple(found)


def drawn(found: Sequence[Unknown], worlds: int = WORLDS, seed: int = 1) -> Floats:
    """Values of every unknown in so many worlds (worlds, unknowns), as often below what is said as above it."""
    shares = qmc.LatinHypercube(len(found), rng=np.random.default_rng(seed)).random(worlds)
    return np.stack([each.at(shares[:, place]) for place, each in enumerate(found)], axis=1)


def wanted(
    scenario: Scenario,
    plan: str,
    *,
    worlds: int = WORLDS,
    replications: int = REPLICATIONS,
    seed: int = 1,
    future: str | None = None,
) -> dict[Key, RunRequest]:
    """The runs to play, world by world. Raises UsageError for a plan that changes nothing."""
    if not scenario.initiatives_of(plan):
        raise UsageError(f"{plan} changes nothing: there is no difference that could be otherwise in another world")
    if not 1 <= worlds <= WORLDS:
        raise UsageError(f"worlds: {worlds} cannot be; give 1 to {WORLDS}")
    found = unknowns(scenario, plan)
    runs: dict[Key, RunRequest] = {}
    for number, values in enumerate(drawn(found, seed=seed)[:worlds]):
        other = otherwise(scenario, {each.path: float(value) for each, value in zip(found, values, strict=True)})
        for name in (plan, AS_IS):
            runs[number, name] = RunRequest(other, name, future, replications, seed)
    return runs


def made_from(
    scenario: Scenario, plan: str, *, replications: int = REPLICATIONS, seed: int = 1, future: str | None = None
) -> dict[str, Any]:
    """What tells one hundred worlds from another: the key under which an archive keeps what they say."""
    named = {"scenario": scenario.hash, "plan": plan, "future": future}
    return {**named, "worlds": WORLDS, "replications": replications, "seed": seed}


def uncertainty(
    scenario: Scenario,
    plan: str,
    *,
    worlds: int = WORLDS,
    replications: int = REPLICATIONS,
    seed: int = 1,
    future: str | None = None,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """What becomes of a plan over assumption scenarios; those that cannot be played are left out.

    Raises UsageError for a plan that changes nothing, RunError where none can be played.
    """
    runs = wanted(scenario, plan, worlds=worlds, replications=replications, seed=seed, future=future)
    came = dict(zip(runs, play_many(list(runs.values()), jobs=jobs, store=store, progress=progress), strict=True))
    found = of(scenario, plan, {key: each for key, each in came.items() if not isinstance(each, Failed)}, seed)
    if not found.worlds:
        why = next(each.why for each in came.values() if isinstance(each, Failed))
        raise RunError(f"no assumption scenario could be simulated: {why}")
    return found


def of(scenario: Scenario, plan: str, figures: Mapping[Key, Figures], seed: int = 1) -> Uncertainty:
    """What the worlds say whose two runs are both there."""
    there = sorted(number for number, name in figures if name == plan and (number, AS_IS) in figures)
    found = unknowns(scenario, plan)
    values = drawn(found, seed=seed)[there]
    differences, payback = {}, np.empty((0, 1))
    if there:
        for metric in (*HEADLINES, "net_value"):
            differences[metric] = np.stack([figures[n, plan][metric] - figures[n, AS_IS][metric] for n in there])
        payback = np.stack([figures[number, plan]["payback_month"] for number in there])
    return Uncertainty(scenario, plan, found, values, differences, payback)


@dataclass(frozen=True)
class Uncertainty(Shown):
    """What a plan comes to over worlds."""

    scenario: Scenario
    plan: str
    unknowns: tuple[Unknown, ...] = field(repr=False)
    values: Floats = field(repr=False)
    """(worlds, unknowns)"""
    differences: Mapping[str, Floats] = field(repr=False)
    """Plan less as is by metric (worlds, replications); nan where it cannot be had."""
    paid_back: Floats = field(repr=False)
    """The month by which the plan's cost is covered (worlds, replications); nan where it is not within the horizon."""

    @property
    def worlds(self) -> int:
        """How many worlds there are by now."""
        return len(self.values)

    @cached_property
    def outcome(self) -> Floats:
        """What the plan is judged by in each world (worlds,)."""
        return self._mean(self.metric)

    @cached_property
    def metric(self) -> str:
        """What the plan is judged by: net_value, customer_equity where no cost is given, nps without economics."""
        return objective(self.scenario, self.plan)

    @property
    def above(self) -> Count:
        """In how many worlds the plan pays; without cost or economics: in how many customer equity or NPS rises."""
        known = self.outcome[np.isfinite(self.outcome)]
        holds = int((known > 0).sum())
        if not len(known):
            return Count(0, 0.0, 1.0)
        return Count(holds, *wilson(holds / len(known), len(known)))

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The headline differences over worlds, and that of what the plan is judged by."""
        told = dict.fromkeys((*HEADLINES, self.metric))
        found = ((metric, self.differences.get(metric, np.empty((0, 1)))) for metric in told)
        return tuple(_spread(metric, each) for metric, each in found if np.isfinite(each).any())

    @cached_property
    def payback(self) -> Payback | None:
        """In how many worlds the cost is covered within the horizon, and by when; None where no cost is given."""
        if self.metric != "net_value" or not self.worlds:
            return None
        months = self.paid_back[np.isfinite(self.paid_back).all(axis=1)].mean(axis=1)
        span = np.quantile(months, [0.025, 0.5, 0.975]) if len(months) else [None] * 3
        low, month, high = (None if each is None else float(each) for each in span)
        return Payback(len(months), *wilson(len(months) / self.worlds, self.worlds), month, low, high)

    @cached_property
    def hinges(self) -> tuple[Hinge, ...]:
        """The one number of the scenario's own that the outcome hangs on most, then the one of the model's constants.

        Either is left out where none of its kind stands out.
        """
        found = []
        for assumed in (False, True):
            places = [place for place, each in enumerate(self.unknowns) if each.assumed is assumed]
            some = [self.unknowns[place] for place in places]
            found.append(hinge(some, self.values[:, places], self.outcome) if places else None)
        return tuple(each for each in found if each is not None)

    def document(self) -> dict[str, Any]:
        """What the worlds say as one JSON document."""
        above = self.above
        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "plan": self.plan,
            "worlds": self.worlds,
            "unknowns": len(self.unknowns),
            "metric": self.metric,
            "above": above._asdict(),
            "payback": None if self.payback is None else self.payback._asdict(),
            "spreads": [each._asdict() for each in self.spreads],
            "hinges": [self._hinge(each) for each in self.hinges],
        }

    def _hinge(self, found: Hinge) -> dict[str, Any]:
        """What the outcome hangs on, its numbers as the scenario writes them too."""
        path, ends = found.unknown.path, (found.unknown.low, found.unknown.value, found.unknown.high)
        evens = (found.earliest, found.break_even, found.latest)
        return {
            "path": path,
            "name": found.unknown.name,
            "assumed": found.unknown.assumed,
            "range": [found.unknown.low, found.unknown.high],
            "value": found.unknown.value,
            "said": [said(self.scenario, path, each) for each in ends],
            "strength": found.strength,
            "strength_low": found.low,
            "strength_high": found.high,
            "break_even": found.break_even,
            "break_even_low": found.earliest,
            "break_even_high": found.latest,
            "break_even_said": [None if each is None else said(self.scenario, path, each) for each in evens],
            "rises": found.rises,
            "above": found.above,
        }

    def _mean(self, metric: str) -> Floats:
        found = self.differences.get(metric, np.empty((0, 1)))
        return np.asarray(found.mean(axis=1))


def hinge(found: Sequence[Unknown], values: Floats, outcome: Floats, seed: int = 1) -> Hinge | None:
    """The unknown that the outcome hangs on most; None where luck alone could make one stand out as far.

    It has to be beyond what the strongest of all reaches when outcomes are shuffled (5 in 100), and to be the
    strongest in three of four resamples of the worlds; its break-even is where the line fitted to it is zero.
    """
    known = np.isfinite(outcome)
    values, outcome, luck = values[known], outcome[known], np.random.default_rng(seed)
    if len(outcome) < 10 or not np.ptp(outcome):
        return None
    ranks, order = _standard(rankdata(values, axis=0)), _standard(rankdata(outcome))
    worlds = len(outcome)
    strengths = ranks.T @ order / worlds
    strongest = int(np.abs(strengths).argmax())
    shuffled = np.stack([luck.permutation(order) for _ in range(DRAWS)], axis=1)
    by_luck = np.abs(ranks.T @ shuffled / worlds).max(axis=0)
    if (by_luck >= abs(strengths[strongest])).mean() > SURE:
        return None
    again = luck.integers(0, worlds, (DRAWS, worlds))
    resampled = np.stack([_standard(ranks[rows]).T @ _standard(order[rows]) / worlds for rows in again])
    if (np.abs(resampled).argmax(axis=1) == strongest).mean() < MOSTLY:
        return None
    low, high = np.quantile(resampled[:, strongest], [0.025, 0.975])
    unknown, x = found[strongest], values[:, strongest]
    crossing = _crossing(x, outcome)
    even = earliest = latest = None
    if unknown.low < crossing < unknown.high:
        crossings = [_crossing(x[rows], outcome[rows]) for rows in again]
        ends = np.clip(np.quantile(crossings, [0.025, 0.975]), unknown.low, unknown.high)
        even, earliest, latest = crossing, float(ends[0]), float(ends[1])
    strength = float(strengths[strongest])
    above = float((outcome > 0).mean())
    return Hinge(unknown, strength, float(low), float(high), even, earliest, latest, strength > 0, above)


def otherwise(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other numbers, in the model's own units, at these dotted paths."""
    written = scenario.written
    other = scenario
    for path, value in values.items():
        other = _put(other, keys_of(written, path), value)
    other._hash = other._standing_hash = other._numbers_hash = ""  # it is another scenario than its original
    return other


def _put(holder: Any, steps: Sequence[str], value: float) -> Any:
    """The same with one number changed."""
    if isinstance(holder, ShareRate):
        return ShareRate(value, holder.days)
    if not steps:
        return round(value) if isinstance(holder, int) and not isinstance(holder, bool) else value
    first, *rest = steps
    if isinstance(holder, BaseModel):
        fields = type(holder).model_fields
        name = next((key for key, known in fields.items() if first in (key, known.alias)), first)
        return holder.model_copy(update={name: _put(getattr(holder, name), rest, value)})
    if isinstance(holder, Mapping):
        return {**holder, first: _put(holder[first], rest, value)}
    place = int(first)
    return (*holder[:place], _put(holder[place], rest, value), *holder[place + 1 :])


def _spread(metric: str, differences: Floats) -> Spread:
    means = np.nanmean(differences[np.isfinite(differences).any(axis=1)], axis=1)
    low, middle, high = np.quantile(means, [0.025, 0.5, 0.975])
    replications = differences.shape[1]
    within = float(np.nanmean(np.nanvar(differences, axis=1, ddof=1))) if replications > 1 else 0.0
    positive = float((means > 0).mean())
    negative = float((means < 0).mean())
    noise = 1.96 * np.sqrt(within / replications)  # the variance is pooled over all worlds, so nearly known
    return Spread(metric, float(middle), float(low), float(high), float(noise), max(positive, negative))


def _standard(values: Floats) -> Floats:
    """Columns with mean 0 and variance 1; those that do not vary are 0."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _crossing(x: Floats, y: Floats) -> float:
    """Where the line fitted to points is zero; infinite where it is flat."""
    slope, start = np.polyfit(x, y, 1)
    return float(-start / slope) if slope else float("inf")


def _called(name: str, what: str) -> str:
    """What an assumption is called: its description without letter, mark and source.

    >>> _called("memory_start", "n0, what the first impression is worth (A)")
    'what the first impression is worth'
    >>> _called("attractive_gain", "most points that a surprise gains, Kano 1984 (A)")
    'most points that a surprise gains (attractive)'
    """
    said = what.partition(" (A)")[0].partition(", Kano")[0]
    letter, comma, rest = said.partition(", ")
    if comma and " " not in letter:
        said = rest
    kind, _, part = name.rpartition("_")
    return f"{said} ({kind.replace('_', ' ')})" if part in ("gain", "loss", "zone") else said
