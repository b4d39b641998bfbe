"""The chain from what customers need to what reaches them, day by day (equation 2).

Need, the company's picture of it, the standard it designs to, the level it delivers: each link is owned by levers.
Knows no customers. Shapes: D days, T touchpoints, A slots, K attributes, S segments; levels in points.
"""

from dataclasses import dataclass

import numpy as np

from cxmodel.arrays import Floats
from cxmodel.assumptions import Assumptions
from cxmodel.engine.courses import Courses
from cxmodel.engine.route import Route
from cxmodel.model import delivery, insight
from cxmodel.scenario import Scenario


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
        commit = delivery.commitment(self.levers["priorities"], self.levers["policies"])
        for t, name in enumerate(self.route.touchpoints):
            able = self.able(name)
            for a, (attribute, level) in enumerate(self.scenario.journey[name].delivers.items()):
                picture, standard, reached = self._links(attribute, level, commit, able)
                moved = self.courses.smooth(f"journey.{name}.delivers.{attribute}", level) - level
                pictured[:, t, a] = np.clip(picture, 0.0, 100.0)
                designed[:, t, a] = np.clip(standard + moved, 0.0, 100.0)
                delivered[:, t, a] = np.clip(reached + moved, 0.0, 100.0)
        return pictured, designed, delivered

    def failing(self, rate: Floats) -> Floats:
        """Probability of failure (D, T): what gets done also fails less."""
        able = np.stack([self.able(name) for name in self.route.touchpoints], axis=1)
        return rate * delivery.closing(able, able[0])

    def able(self, touchpoint: str) -> Floats:
        """Capability at a touchpoint (D,)."""
        return delivery.capability(self.levers, self.scenario.journey[touchpoint].relies_on)

    def _links(self, attribute: str, level: float, commit: Floats, able: Floats) -> tuple[Floats, Floats, Floats]:
        """Picture, standard and delivered level (D,) of an attribute whose level today is given."""
        needed = self._mean_need(attribute)
        if not level < needed[0]:
            flat = np.full(self.courses.days, level)
            return flat, flat, level * delivery.kept(able, able[0], commit, commit[0])
        today = max(level, 1.0)  # levels in ratios are held to a point or more
        picture = np.maximum(self._picture(attribute, level, needed), 1.0)
        planned = float(delivery.designed_today(picture[0], today, commit[0], able[0]))
        standard = delivery.designed(picture, 1 - planned / picture[0], commit, commit[0])
        delivered = delivery.delivered(standard, 1 - today / planned, able, able[0])
        return picture, standard, delivered + (level - today)

    def _mean_need(self, attribute: str) -> Floats:
        """Customer-weighted mean need (D,); nan where nobody needs the attribute."""
        needs = self.need[:, :, self.route.attributes.index(attribute)]
        segments = list(self.scenario.segments.values())
        people = np.array([segment.customers for segment in segments], dtype=float)
        needing = ~np.isnan(needs[0])
        if people[needing].sum() == 0:
            people = np.array([max(segment.prospects, 1) for segment in segments], dtype=float)
        if not needing.any():
            return np.full(self.courses.days, np.nan)
        return np.asarray((needs[:, needing] * people[needing]).sum(1) / people[needing].sum())

    def _picture(self, attribute: str, level: float, needed: Floats) -> Floats:
        """The company's picture U (D,) as it follows what its sources say; without sources it sees the need."""
        if not self.scenario.insight_sources:
            return insight.picture_aimed(level, needed, 1.0)
        target, lag = self._seen(attribute, level, needed)
        if (target == target[0]).all():
            return target
        picture = np.empty(self.courses.days)
        picture[0] = now = target[0]
        for day in range(1, self.courses.days):
            picture[day] = now = float(insight.followed(now, target[day], 1.0, lag[day]))
        return picture

    def _seen(self, attribute: str, level: float, needed: Floats) -> tuple[Floats, Floats]:
        """Picture that the sources lead to, and their mean lag [days], each (D,); sources by what they see."""
        best = np.fmax(self.best[:, self.route.attributes.index(attribute)], needed)
        reliabilities, aims, lags = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute not in source.sees:
                continue
            path = f"insight_sources.{name}"
            coverage = self.courses.smooth(f"{path}.coverage", source.coverage)
            reliabilities.append(coverage * self.courses.smooth(f"{path}.reliability", source.reliability))
            aims.append(best if source.kind == "competitive" else needed)
            lags.append(self.courses.smooth(f"{path}.lag", source.lag))
        known = insight.understanding(*reliabilities, ignorance=self.assumptions.ignorance)
        if not reliabilities:
            return insight.picture_aimed(level, needed, known), np.zeros(self.courses.days)
        weights = np.array(reliabilities)
        total = weights.sum(0)
        seen = total > 0
        share = np.divide(weights, total, out=np.zeros_like(weights), where=seen)
        aim = np.where(seen, (share * np.array(aims)).sum(0), needed)
        return insight.picture_aimed(level, aim, known), (share * np.array(lags)).sum(0)
