"""Delivery: the chain from what customers need to what reaches them, day by day (equation 2).

Need, the company's picture of it, the standard it designs to, the level it delivers: each link is owned by levers.
What needs or rivals add after today is seen, and delivered only as far as levers have risen.
Knows no customers. Shapes: D days, T touchpoints, A slots, K attributes, S segments; levels in points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.inputs.journey_tables import Route
from cxmodel.engine.inputs.trajectories import Trajectories
from cxmodel.model import closed_loop, delivery, insight
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import INSIGHT_KINDS, Floats

MENDED = "journey.{}.mended"
"""A number that no file can name: 1 while a touchpoint is lifted to the need, to tell what mending it is worth."""

Method = TypeVar("Method", bound=Callable[..., Any])


def remembered(method: Method) -> Method:
    """A method whose answers are kept by what it was asked: a chain never changes, and the same is asked often."""

    @wraps(method)
    def asked(self: Delivery, *question: Any) -> Any:
        key = (method.__name__, *question)
        if key not in self.answers:
            self.answers[key] = method(self, *question)
        return self.answers[key]

    return asked  # type: ignore[return-value]


@dataclass(frozen=True, eq=False)
class Delivery:
    """Equation 2: from need to picture to standard to delivered level, per touchpoint and attribute.

    `need` may reach further than the trajectories, for sources that see ahead. `today` is the same before anything
    changes; None where this is it.
    """

    scenario: Scenario
    route: Route
    trajectories: Trajectories
    levers: dict[str, Floats]
    need: Floats
    best: Floats
    assumptions: Assumptions
    today: Delivery | None = None
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def base(self) -> Delivery:
        """The chain as it stands today."""
        return self.today or self

    def levels(self) -> tuple[Floats, Floats, Floats]:
        """Picture U, standard D and delivered level Q, each (D, T, A), 0 in spare slots."""
        shape = (self.trajectories.days, len(self.route.touchpoints), self.route.slots)
        pictured, designed, delivered = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for t, name in enumerate(self.route.touchpoints):
            mended = self.trajectories.steps(MENDED.format(name), 0.0)
            for a, (attribute, level) in enumerate(self.scenario.journey[name].delivers.items()):
                picture, standard, reached = self.links(name, attribute, level)
                moved = self.trajectories.smooth(f"journey.{name}.delivers.{attribute}", level) - level
                pictured[:, t, a] = np.clip(picture, 0.0, 100.0)
                designed[:, t, a] = np.clip(standard + moved, 0.0, 100.0)
                delivered[:, t, a] = np.clip(reached + moved, 0.0, 100.0)
                if mended.any():
                    lift = closed_loop.lifted(delivered[:, t, a], np.nan_to_num(self.mean_need(attribute)), np.inf)
                    designed[:, t, a] += mended * lift
                    delivered[:, t, a] += mended * lift
        return pictured, designed, delivered

    def failing(self, rate: Floats) -> Floats:
        """Probability of failure (D, T): what gets done also fails less."""
        able, today = (
            np.stack([chain.able(name) for name in self.route.touchpoints], axis=1) for chain in (self, self.base)
        )
        return rate * delivery.closing(able, today[0])

    @remembered
    def able(self, touchpoint: str) -> Floats:
        """Capability at a touchpoint (D,)."""
        return delivery.capability(
            self.levers, self.scenario.journey[touchpoint].relies_on, self.assumptions.lever_floor
        )

    @remembered
    def commitment(self) -> Floats:
        """How far the company commits to its standards (D,)."""
        power = self.assumptions.commit_power
        return delivery.commitment(
            self.levers["priorities"], self.levers["policies"], power, self.assumptions.lever_floor
        )

    @remembered
    def links(self, touchpoint: str, attribute: str, level: float) -> tuple[Floats, Floats, Floats]:
        """Picture, standard and delivered level (D,) of an attribute whose level today is given."""
        commit, able = self.commitment(), self.able(touchpoint)
        needed, first = float(self.base.mean_need(attribute)[0]), self.base.first_picture(attribute, level)
        commit_today, able_today = float(self.base.commitment()[0]), float(self.base.able(touchpoint)[0])
        picture = self._picture(attribute, level, first, *self._seen(attribute, level, self))
        steady = self._picture(attribute, level, first, *self._seen(attribute, level, self.base))
        if not level < needed:
            picture, steady = np.fmax(level, picture), np.fmax(level, steady)
            standard = reached = level * delivery.kept(able, able_today, commit, commit_today)
        else:
            today = max(level, 1.0)  # levels in ratios are held to a point or more
            first, picture, steady = max(first, 1.0), np.maximum(picture, 1.0), np.maximum(steady, 1.0)
            given = self.scenario.journey[touchpoint].designed.get(attribute)
            planned = float(delivery.designed_today(first, today, commit_today, able_today)) if given is None else given
            planned = max(planned, 1.0)
            standard = delivery.designed(steady, 1 - planned / first, commit, commit_today)
            reached = delivery.delivered(standard, 1 - today / planned, able, able_today) + (level - today)
        gain = np.maximum(0.0, picture - steady)
        standing, doing = (delivery.still_open(now, was) for now, was in ((commit, commit_today), (able, able_today)))
        return picture, standard + gain * (1 - standing), reached + gain * (1 - standing * doing)

    @remembered
    def first_picture(self, attribute: str, level: float) -> float:
        """What the company takes for the need of an attribute today: what it believes, or what its sources say."""
        target = float(self._seen(attribute, level, self)[0][0])
        believed = self._believed(attribute, target)
        return target if believed is None else believed

    @remembered
    def mean_need(self, attribute: str, days: int | None = None) -> Floats:
        """Customer-weighted mean need over so many days (all of the trajectories'); nan where nobody needs it."""
        needs = self.need[: days or self.trajectories.days, :, self.route.attributes.index(attribute)]
        needing = ~np.isnan(needs[0])
        if not needing.any():
            return np.full(len(needs), np.nan)
        people = self._people(needing)
        return np.asarray((needs[:, needing] * people).sum(1) / people.sum())

    def _people(self, needing: NDArray[np.bool_]) -> Floats:
        """How many people each of these segments counts with: its customers, prospects where none of them has any."""
        segments = [s for s, needs in zip(self.scenario.segments.values(), needing, strict=True) if needs]
        people = np.array([segment.customers for segment in segments], dtype=float)
        return people if people.sum() else np.array([max(segment.prospects, 1) for segment in segments], dtype=float)

    def _believed(self, attribute: str, aim: float) -> float | None:
        """What the company takes for the need today, `aim` where a segment does not say; None where none does."""
        needs = [segment.needs.get(attribute) for segment in self.scenario.segments.values()]
        known = [need for need in needs if need is not None]
        if all(need.believes is None for need in known):
            return None
        beliefs = [aim if need.believes is None else need.believes for need in known]
        people = self._people(np.array([need is not None for need in needs]))
        return float(np.average(beliefs, weights=people))

    def _picture(self, attribute: str, level: float, first: float, target: Floats, lag: Floats) -> Floats:
        """The company's picture U (D,), from the first one on, as it follows what its sources say."""
        if self.today is None or (target == first).all():
            return np.full(self.trajectories.days, first)
        asked = any(attribute in source.sees for source in self.scenario.insight_sources.values())
        if not asked and self._believed(attribute, first) is not None:
            return np.full(self.trajectories.days, first)  # nothing tells the company better
        return insight.following(first, target, lag)

    @remembered
    def _seen(self, attribute: str, level: float, world: Delivery) -> tuple[Floats, Floats]:
        """Picture that the sources lead to, and their mean lag [days], each (D,); sources by what they see.

        `world` is whose needs and rivals they see: this one's, or those of today as if they stayed.
        """
        days, column = self.trajectories.days, self.route.attributes.index(attribute)
        needs = world.mean_need(attribute, len(world.need))

        def over_days(values: Floats, ahead: int = 0) -> Floats:
            return values[ahead : ahead + days] if world is self else np.full(days, values[ahead])

        needed = over_days(needs)
        if not self.scenario.insight_sources:
            return insight.picture_aimed(level, needed, 1.0), np.zeros(days)
        rivals = np.fmax(over_days(world.best[:, column]), needed)
        reliabilities, aims, lags = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute not in source.sees:
                continue
            path = f"insight_sources.{name}"
            coverage = self.trajectories.smooth(f"{path}.coverage", source.coverage)
            reliabilities.append(coverage * self.trajectories.smooth(f"{path}.reliability", source.reliability))
            aims.append(rivals if INSIGHT_KINDS[source.kind].sees_rivals else over_days(needs, int(source.ahead)))
            lags.append(self.trajectories.smooth(f"{path}.lag", source.lag))
        if not reliabilities:
            known = insight.understanding(ignorance=self.assumptions.ignorance)
            return insight.picture_aimed(level, needed, known), np.zeros(days)
        weights = np.array(reliabilities)
        total = weights.sum(0)
        seen = total > 0
        share = np.divide(weights, total, out=np.zeros_like(weights), where=seen)
        led = np.where(weights > 0, np.array(aims), needed)
        picture = insight.picture_led(level, led, weights, self.assumptions.ignorance)
        return picture, (share * np.array(lags)).sum(0)
