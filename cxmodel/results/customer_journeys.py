"""A few customers' journeys, told visit by visit: typical, delighted and lost ones of the first replication.

They are chosen by how they end: nearest the middle, most satisfied, and least satisfied of those who left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.results.request import RunRequest
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.engine.replication import Replication

KINDS: Final = ("typical", "delighted", "lost")
"""How a customer may have ended."""


def lives(wanted: RunRequest, number: int, segment: str = EVERYONE) -> list[dict[str, Any]]:
    """So many customers, of one segment if told, kinds in turn, one row per visit in order of time.

    customer, kind, segment, day, touchpoint, expected, perceived, gap [points; None where nothing was judged],
    failed, satisfaction [points, after the visit].
    """
    from cxmodel.engine.initial_state import past_of, start_of
    from cxmodel.engine.replication import Inputs
    from cxmodel.engine.run import watch

    start = start_of(wanted.scenario)
    world = World.of(wanted.scenario, wanted.plan, wanted.future, today=start.world)
    chosen: list[tuple[int, str]] = []

    def choose(replication: Replication) -> list[int]:
        person = replication.people.person
        meant = segment == EVERYONE or person["segment"] == world.route.segments.index(segment)
        chosen[:] = _chosen(person, number, meant)
        return [row for row, _ in chosen]

    watched = watch(Inputs(world, start), wanted.seed, past_of(wanted.scenario, wanted.seed, 0), choose)
    diary = watched.sums.diary[: int(watched.sums.pages[0])]
    rows = []
    for customer, (row, kind) in enumerate(chosen, start=1):
        belongs = world.route.segments[int(watched.people.person["segment"][row])]
        told = {"customer": customer, "kind": kind, "segment": belongs}
        own = diary[diary["who"] == row]
        rows += [{**told, **_visit(page, world)} for page in own[np.argsort(own["time"], kind="stable")]]
    return rows


def _visit(page: Any, world: World) -> dict[str, Any]:
    judged = bool(page["judged"])
    return {
        "day": float(page["time"]),
        "touchpoint": world.route.touchpoints[int(page["touchpoint"])],
        **{name: float(page[name]) if judged else None for name in ("expected", "perceived", "gap")},
        "failed": bool(page["failed"]),
        "satisfaction": float(page["satisfaction"]),
    }


def _chosen(person: NDArray[Any], number: int, meant: NDArray[np.bool_] | bool) -> list[tuple[int, str]]:
    """Rows and kinds among those meant: of who became a customer within the horizon where there are any."""
    from cxmodel.engine.population import CUSTOMER, FORMER

    satisfaction, status = person["satisfaction"][:, 0], person["status"]
    rows = np.flatnonzero(((status == CUSTOMER) | (status == FORMER)) & meant)
    fresh = rows[person["joined"][rows] >= 0]
    rows = fresh if len(fresh) else rows
    staying, left = rows[status[rows] == CUSTOMER], rows[status[rows] == FORMER]
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
