"""How long the reference will take: told before it plays, from a few lives that are played and timed here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.model import adoption
from cxmodel.reference.past import Past
from cxmodel.reference.person import OVERALL

TIMED = 0.5
"""Seconds for which lives of each segment are timed; ten times as many where none of them is a customer until then."""


class Lives(NamedTuple):
    """What the lives of a segment take."""

    customer: float  # seconds until one more is here, those who declined or left included
    visit: float  # seconds
    rate: float  # visits that a customer makes a day


def before(lives: Sequence[Lives], world: World) -> float:
    """Seconds that the past of a replication takes, by the lives of each segment."""
    segments = world.scenario.segments.values()
    return sum(segment.customers * own.customer for segment, own in zip(segments, lives, strict=True))


def after(lives: Sequence[Lives], world: World) -> float:
    """Seconds that a replication takes from time 0 on."""
    visits = 0.0
    for s, (segment, own) in enumerate(zip(world.scenario.segments.values(), lives, strict=True)):
        visits += (segment.customers + newcomers(world, s) / 2) * world.scenario.horizon * own.rate
    calls = sum(float((desk.callers * desk.open).sum()) for desk in world.staffing)
    return (visits + calls) * max(own.visit for own in lives)


def timed(past: Past) -> list[Lives]:
    """Live some lives of the past of each segment."""
    return [_timed(past, s) for s in range(len(past.world.route.segments))]


def _timed(past: Past, segment: int) -> Lives:
    chance, began, here, visits, days, rate = np.random.default_rng(0), time.perf_counter(), 0, 1.0, 1.0, 1.0
    while (spent := time.perf_counter() - began) < TIMED or (not here and spent < 10 * TIMED):
        person = past.newcomer(segment, chance)
        visits += person.experiences[OVERALL]
        if person.status == "customer":
            here, days, rate = here + 1, days - person.spells[-1][0], rate + person.experiences[OVERALL]
    return Lives(spent / max(here, 1), spent / visits, rate / days)


def newcomers(world: World, segment: int) -> float:
    """How many prospects become aware within the horizon, roughly."""
    prospects = list(world.scenario.segments.values())[segment].prospects
    arrivals, bass = world.arrivals[segment], world.bass[segment]
    if arrivals is not None:
        return min(float(prospects), float(arrivals.sum()))
    if bass is None:
        return 0.0
    return prospects * float(adoption.bass(world.scenario.horizon, float(bass[0, 0]), float(bass[1, 0])))
