"""Visits one after the other, played with the model's functions alone: one attribute, no chance.

The set-up of the stylised facts: nobody is lenient, nothing fails, W = H = S = 70, no experience yet, and the
attribute is all that the segment needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from cxmodel.model import expectation, memory, perception
from cxmodel.model.assumptions import KINDS, Kind

FIRST = 30.0
"""Days since the last visit that a first visit counts with."""
MONTHLY = 30.4375
"""Days between visits a month apart."""


@dataclass(frozen=True)
class Mind:
    """What a customer carries from visit to visit; numbers, or arrays of customers side by side."""

    will: float | np.ndarray = 70.0
    should: float | np.ndarray = 70.0
    satisfaction: float | np.ndarray = 70.0
    experiences: float = 0.0
    gap: float | np.ndarray = 0.0  # R - P at the last visit
    surprise: float | np.ndarray = 0.0  # v at the last visit

    def visit(self, level: float | np.ndarray, since: float = MONTHLY, kind: Kind = KINDS["performance"]) -> Mind:
        """The mind after a visit at this level (equations 4 to 7)."""
        perceived = perception.perceived(level, self.will)
        gap = perception.standard(self.will, self.should) - perceived
        surprise = perception.surprise(-gap, *kind)
        episode = perception.episode(perceived + surprise, 0.0)
        weight = memory.weight(1.0, since, memory.news(perceived, self.will))
        rate = memory.learning_rate(self.experiences, weight)
        return Mind(
            will=expectation.learned_will(self.will, perceived),
            should=expectation.ratcheted_should(self.should, perceived),
            satisfaction=memory.remembered(self.satisfaction, episode, rate),
            experiences=self.experiences + 1,
            gap=gap,
            surprise=surprise,
        )

    def visits(self, levels: Iterable[float | np.ndarray], apart: float = MONTHLY) -> Mind:
        """The mind after first visits to a touchpoint and visits so many days apart."""
        mind = self
        for number, level in enumerate(levels):
            mind = mind.visit(level, apart if number else FIRST)
        return mind

    def told(self, promised: float, believed: float = 0.7) -> Mind:
        """The mind after a promise heard before the first delivery (equation 3)."""
        return replace(
            self,
            will=expectation.told_will(self.will, promised, believed),
            should=expectation.told_should(self.should, promised, believed),
        )
