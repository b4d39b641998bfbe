"""Companies played one by one, with their people as they end: what tests look at that no table tells."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cxmodel.engine.initial_state import past, start
from cxmodel.engine.inputs.world import World
from cxmodel.engine.replication import Inputs, Replication
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario import Scenario


def inputs_of(scenario: Scenario, plan: str = "as_is", assumptions: Assumptions | None = None) -> Inputs:
    """What a run of a scenario is made from."""
    today = World.of_today(scenario, assumptions)
    return Inputs(World.of(scenario, plan, today=today), start(today))


def companies(inputs: Inputs, seed: int, replications: Iterable[int]) -> list[Replication]:
    """Replications, played."""
    played = []
    for number in replications:
        one = Replication.of(inputs, seed, number, past(inputs.start, seed, number))
        one.play()
        played.append(one)
    return played


def at_start(inputs: Inputs, seed: int, replications: Iterable[int]) -> np.ndarray:
    """Customers of today of these replications, as they stand at time 0."""
    return np.concatenate([past(inputs.start, seed, number).person for number in replications])
