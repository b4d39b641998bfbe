"""Which channel a customer lives a touchpoint in, and what that changes: points, and the effort of falling back.

One `Choice` a touchpoint that has several channels, or whose channel differs from it. Knows no people, only draws.
Shapes: D days, C channels, A slots, n visits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.inputs.journey_tables import Route
from cxmodel.engine.inputs.trajectories import Trajectories
from cxmodel.model.channels import at_channel
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """The channels of one touchpoint over time."""

    share: Floats  # (D, C) of those who prefer each
    offered: NDArray[np.bool_]  # (D, C); where none is, all are
    offset: Floats  # (D, C, A) points that each delivers more or less

    def used(self, chance: Floats, day: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
        """Points (A, n) that the channel used delivers more or less, and who had to fall back on another (n,)."""
        bounds = np.cumsum(self.share[day], axis=1)  # (n, C)
        preferred = _place(bounds, chance)
        fallen = ~self.offered[day, preferred]
        if fallen.any():
            own = fallen.nonzero()[0]
            share = self.share[day[own], preferred[own]]
            stretched = (chance[own] - (bounds[own, preferred[own]] - share)) / share
            left = self.share[day[own]] * self.offered[day[own]]
            bounds = np.cumsum(left, axis=1)
            preferred[own] = _place(bounds, stretched * bounds[:, -1])
        return self.offset[day, preferred].T, fallen

    def ways(self, day: int = 0) -> list[tuple[float, Floats]]:
        """Each channel that is used: the share of customers who do, and its points (A,)."""
        used = self.share[day] * self.offered[day]
        return [(float(share), points) for share, points in zip(used / used.sum(), self.offset[day], strict=True)]

    def usual(self, day: int = 0) -> tuple[Floats, float]:
        """Mean points (A,) over customers, and the share who fall back."""
        points = sum((share * points for share, points in self.ways(day)), np.zeros(self.offset.shape[2]))
        return points, float(self.share[day][~self.offered[day]].sum())


def _place(bounds: Floats, chance: Floats) -> NDArray[np.intp]:
    """The first bound above each chance."""
    return np.asarray(np.minimum((chance[:, None] >= bounds).sum(1), bounds.shape[1] - 1))


def choices(scenario: Scenario, route: Route, trajectories: Trajectories) -> dict[int, Choice]:
    """The touchpoints at which it matters in which channel they are lived."""
    view = scenario.levers.single_view
    single = (
        np.zeros(trajectories.days) if view is None else trajectories.smooth("levers.single_view.level", view.level)
    )
    found = {}
    for t, name in enumerate(route.touchpoints):
        touchpoint = scenario.journey[name]
        if not touchpoint.channels and not touchpoint.offsets:
            continue
        channels = list(touchpoint.channels) or [str(touchpoint.channel)]
        path = f"journey.{name}"
        share, offered = (
            np.ones((trajectories.days, len(channels))),
            np.ones((trajectories.days, len(channels)), dtype=bool),
        )
        offset = np.zeros((trajectories.days, len(channels), route.slots))
        for c, channel in enumerate(channels):
            if channel in touchpoint.channels:
                known = touchpoint.channels[channel]
                share[:, c] = trajectories.smooth(f"{path}.channels.{channel}.share", known.share)
                offered[:, c] = trajectories.steps(f"{path}.channels.{channel}.offered", known.offered) > 0.5
            for attribute, points in touchpoint.offsets.get(channel, {}).items():
                moved = trajectories.smooth(f"{path}.offsets.{channel}.{attribute}", points)
                slot = route.slot(t, attribute)
                offset[:, c, slot] = at_channel(moved, single)
        total = share.sum(1, keepdims=True)
        share = np.where(total > 0, share / np.where(total > 0, total, 1.0), 1 / len(channels))
        offered |= ~(offered & (share > 0)).any(1, keepdims=True)
        found[t] = Choice(share, offered, offset)
    return found
