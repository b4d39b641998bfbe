"""A few customers' lives, told visit by visit: typical, delighted and lost ones of the first replication.

They are chosen by how they end: nearest the middle, most satisfied, and least satisfied of those who left.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine.population import Population, Status
from cxmodel.engine.run import play
from cxmodel.engine.today import Today
from cxmodel.engine.visits import Lived
from cxmodel.engine.world import World

KINDS: Final = ("typical", "delighted", "lost")
"""How a customer may have ended."""


def lives(world: World, today: Today, seed: int, number: int) -> list[dict[str, Any]]:
    """So many customers, kinds in turn, one row per visit in order of time.

    customer, kind, segment, day, touchpoint, expected, perceived, gap [points; None where nothing was judged],
    failed, satisfaction [points, after the visit].
    """
    people = play(world, today, seed, range(1)).people
    chosen = _chosen(people, number)
    seen: list[dict[str, Any]] = []

    def witness(people: Population) -> Callable[[Lived], None]:
        seen.clear()
        return lambda lived: _see(world, people, [row for row, _ in chosen], lived, seen)

    play(world, today, seed, range(1), witness=witness)
    told = []
    for customer, (row, kind) in enumerate(chosen, start=1):
        own = sorted((visit for visit in seen if visit["row"] == row), key=lambda visit: visit["day"])
        for visit in own:
            rest = {name: value for name, value in visit.items() if name != "row"}
            told.append({"customer": customer, "kind": kind, **rest})
    return told


def _chosen(people: Population, number: int) -> list[tuple[int, str]]:
    """Rows and kinds, of those who became customers within the horizon where there are any."""
    satisfaction = people.mind[people.columns.satisfaction]
    rows = ((people.status == Status.CUSTOMER) | (people.status == Status.FORMER)).nonzero()[0]
    fresh = rows[people.joined[rows] >= 0]
    rows = fresh if len(fresh) else rows
    staying = rows[people.status[rows] == Status.CUSTOMER]
    left = rows[people.status[rows] == Status.FORMER]
    middle = np.median(satisfaction[staying]) if len(staying) else 0.0
    orders = {
        "typical": staying[np.argsort(np.abs(satisfaction[staying] - middle), kind="stable")],
        "delighted": staying[np.argsort(-satisfaction[staying], kind="stable")],
        "lost": left[np.argsort(satisfaction[left], kind="stable")],
    }
    found: list[tuple[int, str]] = []
    for place in range(number):
        kind = KINDS[place % len(KINDS)]
        fitting = [int(row) for row in orders[kind][: number + 1] if (int(row), kind) not in found]
        if fitting:
            found.append((fitting[0], kind))
    return found


def _see(world: World, people: Population, rows: list[int], lived: Lived, seen: list[dict[str, Any]]) -> None:
    """Write down what these people live in a batch."""
    visits = lived.visits
    for place in np.isin(visits.who, rows).nonzero()[0].tolist():
        row, weight = int(visits.who[place]), lived.weight[:, place]
        judged = bool(weight.sum() > 0)

        def mean(levels: Column, weight: Column = weight, place: int = place, judged: bool = judged) -> float | None:
            return float((weight * levels[:, place]).sum()) if judged else None

        seen.append(
            {
                "row": row,
                "segment": world.route.segments[int(people.segment[row])],
                "day": float(visits.time[place]),
                "touchpoint": world.route.touchpoints[int(visits.touchpoint[place])],
                "expected": mean(lived.standard),
                "perceived": mean(lived.perceived),
                "gap": float(lived.gap[place]) if judged else None,
                "failed": bool(lived.failed[place]),
                "satisfaction": float(people.mind[people.columns.satisfaction, row]),
            }
        )
