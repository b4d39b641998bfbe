"""The reference: the model as plain SimPy, one process per customer, desks as resources; the definition of a run.

Slow and readable. It shares the equations (`cxmodel.model`) and the tables of the world (`cxmodel.engine.inputs`) with
the compiled event loop, and nothing of the loop; its luck is NumPy's own. What the loop gives must agree with it
within Monte-Carlo error. To read from top to bottom: `person` and `setting` (what there is), `visits`, `contacts`,
`desks`, `journeys` (what people live), `months`, `closed_loop`, `strain` (what the company does at its own times),
`past` (who the customers of today are), `replication`, `outcome`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cxmodel.engine.inputs.today import Today
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome, joined
from cxmodel.reference.duration import after, before, timed
from cxmodel.reference.outcome import outcome
from cxmodel.reference.past import Past
from cxmodel.reference.replication import play_one
from cxmodel.reference.setting import Setting

_LATEST: list[Past] = []
"""The past of the world that was played last: plans and futures of one world share it."""


def play(
    world: World,
    today: Today,
    seed: int,
    replications: range,
    progress: Callable[[float], None] | None = None,
) -> Outcome:
    """Play these replications of a world; `today` are the numbers solved for it.

    `progress` is told the share of the work that is done; what it raises ends the run.
    """
    past, setting = past_of(world.base, today), Setting(world, today)
    done: list[Outcome] = []

    def note(share: float) -> None:
        if progress is not None:
            progress((len(done) + share) / len(replications))

    for replication in replications:
        customers = past.customers(seed, replication)
        done.append(outcome(play_one(setting, customers, [seed, replication, 1], note)))
    return joined(done)


def past_of(world: World, today: Today) -> Past:
    """The past of a world as it stands today."""
    if not (_LATEST and _LATEST[0].world is world and _LATEST[0].today is today):
        _LATEST[:] = [Past(world, today)]
    return _LATEST[0]


def seconds(worlds: Sequence[World], today: Today) -> float:
    """About how many seconds a replication of each of these takes here, which share a past; a few lives are timed."""
    lives = timed(past_of(worlds[0].base, today))
    return before(lives, worlds[0]) + sum(after(lives, world) for world in worlds)


__all__ = ["play", "seconds"]
