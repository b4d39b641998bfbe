"""The closed loop as numbers over time: its settings, who is asked, how far it may lift a level (equation 13).

Shapes: T touchpoints, A slots, D days.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.model import closed_loop
from cxmodel.vocabulary import Floats

SETTINGS: Final = (
    "every", "questions", "response", "actions", "deadline", "lift", "share_words", "tell_customers", "tell_team",
)  # fmt: skip
"""Settings of the closed loop, in the order of the columns they are held in."""
EVERY, QUESTIONS, RESPONSE, ACTIONS, DEADLINE, LIFT, WORDS, TELL_CUSTOMERS, TELL_TEAM = range(len(SETTINGS))
SMOOTH: Final = ("response", "lift", "deadline")
"""Settings that move by half-lives; the others switch."""


def settings_of(world: World) -> Floats | None:
    """The settings over time (D, 9); None without a loop."""
    loop, trajectories = world.scenario.closed_loop, world.trajectories
    if loop is None:
        return None
    columns = []
    for name in SETTINGS:
        value, path = getattr(loop, name), f"closed_loop.{name}"
        follow = trajectories.smooth if name in SMOOTH else trajectories.steps
        columns.append(follow(path, world.assumptions.loop_lift if value is None else value))
    return np.stack(columns, axis=1)


class LoopPlan(NamedTuple):
    """What every replication's loop goes by: `settings` (D, 9) and the times of its turns."""

    settings: Floats
    turns_at: list[float]


def plan_of(world: World) -> LoopPlan | None:
    """The loop of a world; None without one."""
    settings = settings_of(world)
    return None if settings is None else LoopPlan(settings, turns_at(settings[:, EVERY], world.scenario.horizon))


def response_of(world: World) -> Floats | None:
    """Share of visits that are followed by an answer (D,); None without a loop."""
    settings = settings_of(world)
    if settings is None:
        return None
    return closed_loop.answering(settings[:, RESPONSE], settings[:, QUESTIONS], world.assumptions.survey_length)


def room_of(world: World) -> Floats:
    """How far a lift may take a level (D, T, A): to today's mean need, and a price nowhere; (1, T, A) without a loop.

    Needs that rise later make no action reach further by themselves, those that fall none less far (equation 2).
    """
    route = world.route
    if world.scenario.closed_loop is None:
        return np.zeros((1, len(route.touchpoints), route.slots))
    room = np.zeros_like(world.delivered)
    for t, columns in enumerate(route.touched):
        for a, column in enumerate(columns):
            if a != route.priced[t]:
                need = np.nan_to_num(world.base.delivery.mean_need(route.attributes[column], 1)[0])
                room[:, t, a] = closed_loop.lifted(world.delivered[:, t, a], need, np.inf)
    return room


def turns_at(every: Floats, horizon: float) -> list[float]:
    """When the loop turns: multiples of `every` (D,), as it is that day, after time 0 and up to the horizon."""

    def within(day: int, days: float) -> Iterable[float]:
        first, last = max(1, int(np.ceil(day / days - 1e-9))), int(np.ceil((day + 1) / days - 1e-9))
        return (number * days for number in range(first, last) if number * days <= horizon)

    return [time for day, days in enumerate(every.tolist()) for time in within(day, days)]
