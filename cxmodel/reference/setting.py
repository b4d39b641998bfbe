"""The setting of a run: the world as those who live in it meet it, looked up once for all replications.

What a touchpoint means to a segment, what is promised where, in which order newcomers live what. Knows no people.
Shapes: D days, T touchpoints, K attributes, S segments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from cxmodel.engine.inputs.closed_loop import response_of, room_of
from cxmodel.engine.inputs.company import Staffing
from cxmodel.engine.inputs.survey import survey_every, survey_response
from cxmodel.engine.inputs.today import Today
from cxmodel.engine.inputs.world import World
from cxmodel.model import contacts
from cxmodel.vocabulary import Floats


class Touched(NamedTuple):
    """An attribute that a touchpoint touches and a segment needs."""

    slot: int  # of the touchpoint
    column: int  # of the attribute
    weight: float  # need weight; those of a touchpoint sum to 1
    gain: float  # of the attribute's kind (equation 5), likewise loss and zone
    loss: float
    zone: float
    levels: list[float]  # (D) delivered, by the price paid where that is what delivers it
    room: list[float]  # (D) how far completed actions may lift it


@dataclass(frozen=True, eq=False)
class Setting:
    """A world and the numbers that were solved for it."""

    world: World
    today: Today
    touched: list[list[list[Touched]]] = field(init=False)  # by segment and touchpoint; nothing: lived, not judged
    emphasis: list[list[float]] = field(init=False)  # (S, T) mean need weight touched / of all needs (equation 6)
    onboarding: list[int] = field(init=False)  # its touchpoints, in order
    choice: int = field(init=False)  # place in it before which the choice falls; its length: after all
    told: list[list[int]] = field(init=False)  # by touchpoint, the promises made there
    brand: list[int] = field(init=False)  # promises that the brand itself tells
    staffing: dict[int, Staffing] = field(init=False)  # by touchpoint
    exits: set[int] = field(init=False)  # touchpoints of stage leave
    asked: list[Floats | None] = field(init=False)  # by touchpoint, share (D,) of visits the closed loop hears of
    calls: Floats = field(init=False)  # (2, D, T) share who call after a shortfall and after a failure
    returned: Floats = field(init=False)  # (D,) rho, share of what was lost that a solved contact gives back
    need_weight: list[list[float]] = field(init=False)  # (S, K) summing to 1
    survey_every: Floats = field(init=False)  # (D,) days from one survey of the company to the next
    survey_response: Floats = field(init=False)  # (D, S)

    def __post_init__(self) -> None:
        world, route, a = self.world, self.world.route, self.world.assumptions
        stages = [world.scenario.journey[name].stage for name in route.touchpoints]
        onboarding = list(dict.fromkeys(route.onboarding.tolist()))
        chosen = (place for place, t in enumerate(onboarding) if stages[t] in ("buy", "receive"))
        promises, asked = list(enumerate(world.promises)), response_of(world)
        values = {
            "touched": touched(world),
            "emphasis": route.emphasis.reshape(len(route.segments), -1).tolist(),
            "onboarding": onboarding,
            "choice": next(chosen, len(onboarding)),
            "told": [[number for number, each in promises if t in each.made_at] for t in range(len(stages))],
            "brand": [number for number, each in promises if not each.made_at],
            "staffing": {desk.touchpoint: desk for desk in world.staffing},
            "exits": {t for t, stage in enumerate(stages) if stage == "leave"},
            "asked": [None if stage in ("leave", "return") else asked for stage in stages],
            "calls": np.minimum(1.0, self.today.calling * world.calls),
            "returned": contacts.returned(world.levers["policies"], a.recovery, a.recovery_by_policy),
            "need_weight": (world.need_weight / np.maximum(world.need_weight.sum(1, keepdims=True), 1e-300)).tolist(),
            "survey_every": survey_every(world),
            "survey_response": survey_response(world),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)


def touched(world: World) -> list[list[list[Touched]]]:
    """What each segment needs of what each touchpoint touches."""
    route, room = world.route, room_of(world)
    weight = route.weight.reshape(route.slots, len(route.segments), -1)

    def one(s: int, t: int, slot: int) -> Touched:
        paid = slot == route.priced[t]
        levels = world.prices.level[:, s] if paid else world.delivered[:, t, slot]
        gain, loss, zone = (float(kind[slot, t]) for kind in (route.gain, route.loss, route.zone))
        column, share = int(route.attribute[slot, t]), float(weight[slot, s, t])
        return Touched(slot, column, share, gain, loss, zone, levels.tolist(), room[:, t, slot].tolist())

    return [
        [[one(s, t, slot) for slot in range(route.slots) if weight[slot, s, t] > 0] for t in range(weight.shape[2])]
        for s in range(weight.shape[1])
    ]
