"""The ledger: what a replication writes down as it is played. Adds, and knows no meaning.

Shapes: M months, S segments, T touchpoints, A slots, L desks, D days.
"""

from __future__ import annotations

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.vocabulary import Floats

Sums = list[list[list[list[list[float]]]]]


class Ledger:
    """Sums of one replication, empty at first."""

    def __init__(self, world: World, months: int) -> None:
        segments, touchpoints, slots = (len(world.route.segments), len(world.route.touchpoints), world.route.slots)

        def zeros(*shape: int) -> Floats:
            return np.zeros(shape)

        self.visits = zeros(months, segments, touchpoints)
        # sums of alpha x weight, and of it times level, P and R, by month, segment, touchpoint and slot
        self.felt: Sums = zeros(months, segments, touchpoints, slots, 4).tolist()
        self.contacts = zeros(months, segments)
        self.causes = zeros(segments, touchpoints, 2)  # by the touchpoint that began them: a shortfall, a failure
        self.service = zeros(months, segments)  # money that contacts cost
        self.queued = zeros(months, segments)  # calls of customers to desks, days they waited, those given up
        self.waited = zeros(months, segments)
        self.abandoned = zeros(months, segments)
        self.days = zeros(months, segments)  # lived as customers, and these times how spending follows satisfaction
        self.spending = zeros(months, segments)
        self.paid = zeros(segments)  # prices at buying, renewing and coming back
        self.states = zeros(months + 1, segments, 2, 4)  # customers and former ones: count, S, promoters, detractors
        self.surveyed = zeros(months + 1, segments, 3)  # answers, promoters, detractors
        self.desk = zeros(len(world.staffing), world.days, 4)  # calls, given up, days waited, days busy
        self.heard: list[list[float]] = [[] for _ in range(touchpoints)]  # gaps told to the closed loop
