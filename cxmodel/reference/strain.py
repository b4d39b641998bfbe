"""Strain: overwork at the desks wears the people lever, and with it what rests on people (equation 14)."""

from __future__ import annotations

import numpy as np

from cxmodel.engine.inputs.delivery import Delivery
from cxmodel.model import queueing, strain
from cxmodel.reference.company import Company
from cxmodel.reference.setting import Setting
from cxmodel.vocabulary import Floats


def usual_strain(setting: Setting) -> float:
    """Strain of the desks of today [points], which the company makes good every month, so that nothing drifts.

    By closed form: Erlang A with the callers from outside and the contacts of customers of today.
    """
    found = []
    for desk in setting.world.base.staffing:
        calls = float(desk.callers[0]) + float(setting.today.contacts[desk.touchpoint]) / desk.open_today
        agents, handling, patience = int(desk.agents[0]), float(desk.handling[0]), float(desk.patience[0])
        abandoned = queueing.erlang_a(calls * handling, agents, handling, patience)[1]
        load = 100 * calls * handling * (1 - abandoned) / agents
        found.append(strain.strain(load, setting.world.assumptions.strain_from))
    return float(np.mean(found))


def end_month(c: Company, usual: float, since: int, until: int) -> None:
    """At a month's end: the strain of the days that ended since the last one, and what it leaves of the people lever.

    A call's handling belongs to the day on which it came.
    """
    days, loads = slice(since, until), []
    for desk, staffing in zip(c.ledger.desk, c.world.staffing, strict=True):
        open_time = (staffing.agents * staffing.open)[days].sum()
        loads.append(100 * desk[days, 3].sum() / open_time if open_time else 0.0)
    strained = float(np.mean(strain.strain(np.array(loads), c.assumptions.strain_from)))
    c.lever_left = float(strain.worn(c.lever_left, strained, usual, c.assumptions.strain_wear))
    if c.lever_left < 1:
        wear(c)
    else:
        c.worn[:], c.worn_failing[:] = 0.0, 0.0


def wear(c: Company) -> None:
    """What a worn people lever takes from levels and adds to failures, as of today, for the month that begins."""
    chain, journey = c.world.delivery, c.world.scenario.journey
    day, left = c.day(), c.lever_left
    for t, name in enumerate(c.world.route.touchpoints):
        place = journey[name]
        share, able_today = place.relies_on.get("people", 0.0), float(chain.base.able(name)[0])
        for slot, (attribute, level) in enumerate(place.delivers.items()):
            c.worn[t, slot] = worn(chain, name, attribute, level, share, left, able_today)[day]
        if place.fails is not None:
            rate = chain.trajectories.smooth(f"journey.{name}.fails.rate", place.fails.rate)[day]
            c.worn_failing[t] = strain.worn_failing(rate, share, left, able_today)


def worn(
    chain: Delivery, touchpoint: str, attribute: str, level: float, share: float, left: float, able_today: float
) -> Floats:
    """Points (D,) that a level of today loses: by equation 2 with capability x left^share.

    Where it is at the need or above it today, it keeps left^share of itself.
    """
    base = chain.base
    _, standard, reached = chain.links(touchpoint, attribute, level)
    if not level < base.mean_need(attribute)[0]:
        return np.asarray(reached * (left**share - 1))
    first = base.links(touchpoint, attribute, level)[1][0]
    return strain.worn_level(standard, 1 - max(level, 1.0) / first, share, left, able_today)
