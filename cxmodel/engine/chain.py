"""The chain from what customers need to what reaches them, day by day (equation 2).

Need, the company's picture of it, the standard it designs to, the level it delivers: each link is owned by levers.
`need` may reach further than the courses, for sources that see ahead.
Knows no customers. Shapes: D days, T touchpoints, A slots, K attributes, S segments; levels in points.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import Floats
from cxmodel.assumptions import Assumptions
from cxmodel.engine.courses import Courses
from cxmodel.engine.route import Route
from cxmodel.model import closed_loop, delivery, insight
from cxmodel.scenario import Scenario

MENDED = "journey.{}.mended"
"""A number that no file can name: 1 while a touchpoint is lifted to the need, to tell what mending it is worth."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Equation 2: from need to picture to standard to delivered level, per touchpoint and attribute."""

    scenario: Scenario
    route: Route
    courses: Courses
    levers: dict[str, Floats]
    need: Floats
    best: Floats
    assumptions: Assumptions

    def levels(self) -> tuple[Floats, Floats, Floats]:
        """Picture U, standard D and delivered level Q, each (D, T, A), 0 in spare slots."""
        shape = (self.courses.days, len(self.route.touchpoints), self.route.slots)
        pictured, designed, delivered = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        commit = self.commitment()
        for t, name in enumerate(self.route.touchpoints):
            able, mended = self.able(name), self.courses.steps(MENDED.format(name), 0.0)
            for a, (attribute, level) in enumerate(self.scenario.journey[name].delivers.items()):
                picture, standard, reached = self.links(name, attribute, level, commit, able)
                moved = self.courses.smooth(f"journey.{name}.delivers.{attribute}", level) - level
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
        able = np.stack([self.able(name) for name in self.route.touchpoints], axis=1)
        return rate * delivery.closing(able, able[0])

    def able(self, touchpoint: str) -> Floats:
        """Capability at a touchpoint (D,)."""
        return delivery.capability(
            self.levers, self.scenario.journey[touchpoint].relies_on, self.assumptions.lever_floor
        )

    def commitment(self) -> Floats:
        """How far the company commits to its standards (D,)."""
        power = self.assumptions.commit_power
        return delivery.commitment(
            self.levers["priorities"], self.levers["policies"], power, self.assumptions.lever_floor
        )

    def links(
        self, touchpoint: str, attribute: str, level: float, commit: Floats, able: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Picture, standard and delivered level (D,) of an attribute whose level today is given."""
        needed = self.mean_need(attribute)
        if not level < needed[0]:
            flat = np.full(self.courses.days, level)
            picture = flat if np.isnan(needed[0]) else np.maximum(level, self._picture(attribute, level, needed))
            return picture, picture, picture * delivery.kept(able, able[0], commit, commit[0])
        today = max(level, 1.0)  # levels in ratios are held to a point or more
        picture = np.maximum(self._picture(attribute, level, needed), 1.0)
        given = self.scenario.journey[touchpoint].designed.get(attribute)
        planned = float(delivery.designed_today(picture[0], today, commit[0], able[0])) if given is None else given
        planned = max(planned, 1.0)
        standard = delivery.designed(picture, 1 - planned / picture[0], commit, commit[0])
        delivered = delivery.delivered(standard, 1 - today / planned, able, able[0])
        return picture, standard, delivered + (level - today)

    def mean_need(self, attribute: str, days: int | None = None) -> Floats:
        """Customer-weighted mean need over so many days (all of the courses'); nan where nobody needs the attribute."""
        needs = self.need[: days or self.courses.days, :, self.route.attributes.index(attribute)]
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

    def _picture(self, attribute: str, level: float, needed: Floats) -> Floats:
        """The company's picture U (D,) as it follows what its sources say; without sources it sees the need."""
        asked = any(attribute in source.sees for source in self.scenario.insight_sources.values())
        target, lag = self._seen(attribute, level, needed)
        believed = self._believed(attribute, float(target[0]))
        if believed is not None and not asked:
            return np.full(self.courses.days, believed)
        if believed is None and (target == target[0]).all():
            return target
        picture = np.empty(self.courses.days)
        picture[0] = now = float(target[0]) if believed is None else believed
        for day in range(1, self.courses.days):
            picture[day] = now = float(insight.followed(now, target[day], 1.0, lag[day]))
        return picture

    def _seen(self, attribute: str, level: float, needed: Floats) -> tuple[Floats, Floats]:
        """Picture that the sources lead to, and their mean lag [days], each (D,); sources by what they see."""
        if not self.scenario.insight_sources:
            return insight.picture_aimed(level, needed, 1.0), np.zeros(self.courses.days)
        best = np.fmax(self.best[:, self.route.attributes.index(attribute)], needed)
        whole = self.mean_need(attribute, len(self.need))
        reliabilities, aims, lags = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute not in source.sees:
                continue
            path = f"insight_sources.{name}"
            coverage = self.courses.smooth(f"{path}.coverage", source.coverage)
            reliabilities.append(coverage * self.courses.smooth(f"{path}.reliability", source.reliability))
            ahead = int(source.ahead)
            aims.append(best if source.kind == "competitive" else whole[ahead : ahead + self.courses.days])
            lags.append(self.courses.smooth(f"{path}.lag", source.lag))
        if not reliabilities:
            known = insight.understanding(ignorance=self.assumptions.ignorance)
            return insight.picture_aimed(level, needed, known), np.zeros(self.courses.days)
        weights = np.array(reliabilities)
        total = weights.sum(0)
        seen = total > 0
        share = np.divide(weights, total, out=np.zeros_like(weights), where=seen)
        led = np.where(weights > 0, np.array(aims), needed)
        picture = insight.picture_led(level, led, weights, self.assumptions.ignorance)
        return picture, (share * np.array(lags)).sum(0)
