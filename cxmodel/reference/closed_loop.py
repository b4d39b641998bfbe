"""The closed loop: what is heard of the worst touchpoints, done about it, and told (equation 13). Knows no journeys."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cxmodel.engine.inputs import closed_loop as settings
from cxmodel.model import closed_loop
from cxmodel.reference.company import Company
from cxmodel.vocabulary import MONTH, Floats


@dataclass(frozen=True, slots=True)
class Action:
    """What is being done about a touchpoint, to be completed, or not, at a time."""

    time: float
    touchpoint: int
    completed: bool
    lift: float  # points
    told: bool  # to customers


@dataclass
class ClosedLoop:
    """The closed loop of one company: its settings over time (D, 9), the times of its turns, what is under way."""

    settings: Floats
    turns: list[float]
    begun: float = np.inf  # time of the first turn that had actions
    actions: list[Action] = field(default_factory=list)

    @property
    def next(self) -> float:
        """When something happens next."""
        return min([*self.turns[:1], *(action.time for action in self.actions)], default=np.inf)


def closed_loop_of(c: Company) -> ClosedLoop | None:
    """The closed loop of a company that has one."""
    found = settings.settings_of(c.world)
    return None if found is None else ClosedLoop(found, settings.turns_at(found[:, settings.EVERY], c.end))


def happen(c: Company, loop: ClosedLoop) -> None:
    """At one moment come first the actions that are completed, then the turn of the loop."""
    done = [action for action in loop.actions if action.time <= c.now]
    loop.actions = [action for action in loop.actions if action.time > c.now]
    for action in done:
        if action.completed:
            complete(c, action)
    if loop.turns and loop.turns[0] <= c.now:
        loop.turns.pop(0)
        turn(c, loop)


def turn(c: Company, loop: ClosedLoop) -> None:
    """Of the touchpoints heard of since the last turn those with the largest mean gap get an action each.

    As many as `actions`, only gaps above 0, and none where an action is under way already.
    """
    now, heard = loop.settings[c.day()], c.ledger.heard
    busy = {action.touchpoint for action in loop.actions}
    gaps = {t: float(np.mean(gaps)) for t, gaps in enumerate(heard) if gaps and t not in busy}
    for gap in heard:
        gap.clear()
    most = round(float(now[settings.ACTIONS]))
    if most:
        loop.begun = min(loop.begun, c.now)
    for touchpoint in sorted((t for t, gap in gaps.items() if gap > 0), key=lambda t: -gaps[t])[:most]:
        completed, told = c.happens(completing(c, loop, now)), bool(now[settings.TELL_CUSTOMERS])
        lift = float(now[settings.LIFT])
        loop.actions.append(Action(c.now + float(now[settings.DEADLINE]), touchpoint, completed, lift, told))


def completing(c: Company, loop: ClosedLoop, now: Floats) -> float:
    """Probability that an action is completed; zeal fades since the first one in a team that is told nothing."""
    a, untold = c.assumptions, 0.0 if now[settings.TELL_TEAM] else (c.now - loop.begun) / MONTH
    practices = c.world.levers["practices"][c.day()]
    return float(closed_loop.completing(practices, now[settings.WORDS], untold, a.loop_words, a.loop_fading))


def complete(c: Company, action: Action) -> None:
    """The touchpoint gains, on top of earlier lifts; customers may be told, and foresee more of what it touches."""
    c.lifts[action.touchpoint] += action.lift
    if action.told:
        for person in c.people:
            if person.status == "customer":
                for column in c.world.route.touched[action.touchpoint]:
                    person.will[column] = min(100.0, person.will[column] + c.assumptions.loop_told)
