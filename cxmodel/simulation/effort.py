"""What a run will take, before it is played: people, visits, seconds and memory, reckoned from the journey.

Rough on purpose, within a factor of three: rates of visits, arrivals and leaving as they stand in the world of the
run, and the bytes of the engine's arrays. And the limits that a run may be held to. Plays nothing.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from cxmodel.engine.accumulators import SPELLS
from cxmodel.engine.initial_state import APART, COHORT, PAST_BYTES, PLAYED
from cxmodel.engine.inputs.today import LONGEST
from cxmodel.engine.inputs.world import World
from cxmodel.engine.population import COMING, PERSON
from cxmodel.engine.replication import CHUNK
from cxmodel.errors import UsageError
from cxmodel.results.request import Key, RunRequest
from cxmodel.simulation.replications import world_of
from cxmodel.vocabulary import MONTH, YEAR

LIMITS: Final = "CXMODEL_LIMITS"
"""The environment variable that limits what the workbench, and the command line, may play."""
PER_VISIT: Final = 3e-7
"""Seconds of one core's work a visit; measured once, on two cores of 2.5 GHz, as what follows. `cxmodel doctor` tells
how fast another computer is."""
PER_MONTH: Final = 1.2e-7
"""Seconds that a person's month's end takes."""
PER_RUN: Final = 0.012
"""Seconds that a simulation run takes whatever happens in it."""
SETTLING: Final = 0.6
"""Seconds to find where a company starts from, for each segment."""
ROUNDS: Final = 4
"""Times that the cohort of a start is played, mostly."""
SLOWER: Final = 300
"""Times as slow as the engine that the reference is."""
HEAVIER: Final = 4000
"""Bytes of a person in the reference."""
BUYING: Final = 0.55
"""Share of newcomers who buy, mostly."""
LEAVING: Final = 0.02
"""Share of customers who leave in a month where nothing is said of it."""
COPIES: Final = 3.7
"""Times that the state of today's customers is held at the most, while their past is played and taken up."""
BASE: Final = 210e6
"""Bytes of a process that has played something small."""
TABLES: Final = 4
"""Times that what is kept of a run is held while its tables are made."""


class Effort(NamedTuple):
    """What runs take together."""

    people: int
    """Customers and prospects of a company."""
    visits: float
    """Those of all simulation runs, within the horizon."""
    seconds: float
    memory: float
    """Bytes at the most."""
    replications: int
    busiest: str
    """What the touchpoint is called that is visited most often, and every how many days: empty where none recurs."""
    every: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How much runs may take; what is infinite is not limited."""

    people: float = math.inf
    visits: float = math.inf
    seconds: float = math.inf
    memory: float = math.inf
    replications: float = math.inf

    def beyond(self, effort: Effort) -> list[str]:
        """The names of what would be exceeded."""
        return [each.name for each in fields(self) if getattr(effort, each.name) > getattr(self, each.name)]

    def but(self, text: str, option: str) -> Limits:
        """The same with others in place of some: `seconds=600,memory=2GB`. Raises UsageError, showing how to write it.

        >>> Limits().but("seconds=10min, memory=2 GB, visits=1e9", "--limit ").memory
        2000000000.0
        """
        found = self
        for part in filter(None, (one.strip() for one in text.split(","))):
            name, equals, value = (one.strip() for one in part.partition("="))
            known = {each.name for each in fields(self)}
            if name not in known or not equals:
                raise UsageError(
                    f"{option}{text}: {part!r} is no limit; write it as seconds=600,memory=2GB, of: "
                    f"{', '.join(sorted(known))}"
                )
            found = replace(found, **{name: _amount(name, value, f"{option}{text}")})
        return found


UNITS: Final[dict[str, dict[str, float]]] = {
    "memory": {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 2**10, "mib": 2**20, "gib": 2**30},
    "seconds": {
        "": 1, "s": 1, "sec": 1, "seconds": 1, "min": 60, "minutes": 60, "h": 3600, "hours": 3600, "days": 86400,
    },
}  # fmt: skip
EXAMPLES: Final = {"memory": "memory=2GB", "seconds": "seconds=600 or seconds=10min"}
_AMOUNT: Final = re.compile(r"([0-9][0-9_.]*(?:e[+-]?[0-9]+)?)\s*([a-z]*)", re.IGNORECASE)


def _amount(name: str, value: str, said: str) -> float:
    if value.lower() in ("none", "inf", "unlimited"):
        return math.inf
    match, units = _AMOUNT.fullmatch(value), UNITS.get(name, {"": 1})
    try:
        amount = float(match[1].replace("_", "")) * units[match[2].lower()] if match else 0.0
    except (KeyError, ValueError):
        amount = 0.0
    if not amount > 0:
        right = EXAMPLES.get(name, f"{name}=1000000")
        raise UsageError(f"{said}: {value!r} is no amount of {name}; write it as {right}, or {name}=none")
    return amount


def effort_of(wanted: Sequence[RunRequest], threads: int | None = None) -> Effort:
    """What these runs take with what they are told against, each once, on so many threads (None: one a core)."""
    runs: dict[Key, RunRequest] = {}
    for each in wanted:
        each.validate()
    for each in (one for run in wanted for one in (run.baseline, run) if one is not None):
        if each.key not in runs or runs[each.key].replications < each.replications:
            runs[each.key] = each
    parts = [_one(each, threads or os.cpu_count() or 1) for each in runs.values()]
    busiest = max(parts, key=lambda part: part.visits)
    return busiest._replace(
        people=max(part.people for part in parts),
        visits=sum(part.visits for part in parts),
        seconds=sum(part.seconds for part in parts),
        memory=max(part.memory for part in parts),
        replications=max(part.replications for part in parts),
    )


def _one(wanted: RunRequest, threads: int) -> Effort:
    world, runs = world_of(wanted), wanted.replications
    segments = list(wanted.scenario.segments.values())
    customers, prospects = (sum(getattr(each, name) for each in segments) for name in ("customers", "prospects"))
    rates = _rates(world)
    entering = [_entering(world, s) for s in range(len(segments))]
    visits = _visits(world, rates, entering)
    past = customers * (PLAYED + APART / 2) * MONTH * float(rates.sum())
    months = world.scenario.horizon / MONTH + PLAYED + APART
    lived = (visits + past) * PER_VISIT + (customers + sum(entering)) * months * PER_MONTH + PER_RUN
    cohort = len(segments) * COHORT * LONGEST * ROUNDS
    settling = len(segments) * SETTLING + cohort * (MONTH * float(rates.sum()) * PER_VISIT + PER_MONTH)
    seconds = runs * lived
    if wanted.engine == "reference":
        seconds, memory = SLOWER * seconds, BASE + HEAVIER * (customers + sum(entering))
    else:
        seconds /= min(threads, os.cpu_count() or 1, runs if customers <= CHUNK else threads)
        memory = _memory(world, runs, threads, customers, prospects, sum(entering))
    place = int(rates.argmax()) if len(rates) else 0
    often = float(rates[place]) if len(rates) else 0.0
    return Effort(
        people=customers + prospects,
        visits=runs * visits,
        seconds=seconds + settling,
        memory=memory,
        replications=runs,
        busiest=world.scenario.label("journey", world.route.touchpoints[place]) if often > 0 else "",
        every=1 / often if often > 0 else math.inf,
    )


def _rates(world: World) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Visits of a customer to each touchpoint, a day (T), contacts among them."""
    route, rates = world.route, np.zeros(len(world.route.touchpoints))
    for stream in route.recurring:
        own = float(np.mean(1 / np.maximum(world.every[:, stream.touchpoint], 1e-6)))
        rates[stream.touchpoint] = min(own, stream.visits / max(world.scenario.horizon, 1.0))
    calls = world.failing.mean(0) * world.calls[1].mean(0) * (route.contact[1] >= 0)
    measured = world.scenario.today.contacts
    contacts = float((rates * calls).sum()) * 1.5 if measured is None else float(measured) / YEAR
    desks = route.contact[route.contact >= 0]
    if len(desks):
        rates[int(desks[0])] += contacts
    return rates


def _entering(world: World, s: int) -> float:
    """Prospects of a segment who become aware within the horizon."""
    prospects = list(world.scenario.segments.values())[s].prospects
    arrivals, bass = world.arrivals[s], world.bass[s]
    if arrivals is not None:
        return float(min(prospects, arrivals[: int(world.scenario.horizon) + 1].sum()))
    if bass is None:
        return 0.0
    p, q = (float(each.mean()) for each in bass)
    spent = math.exp(-min((p + q) * world.scenario.horizon, 700.0))
    return prospects * (1 - spent) / (1 + q / max(p, 1e-9) * spent)


def _visits(world: World, rates: np.ndarray[tuple[int], np.dtype[np.float64]], entering: Sequence[float]) -> float:
    """Visits of one simulation run."""
    horizon, route, visits = world.scenario.horizon, world.route, 0.0
    today = world.scenario.today
    for segment, new in zip(world.scenario.segments.values(), entering, strict=True):
        measured = segment.leave or today.leave
        gone = LEAVING / MONTH if measured is None else -math.log(max(1 - measured.share, 1e-9)) / measured.days
        stays = -math.expm1(-gone * horizon) / gone if gone > 0 else horizon
        bought = BUYING * new
        visits += (segment.customers * stays + bought * min(stays, horizon / 2)) * float(rates.sum())
        visits += new * route.choice + bought * (len(route.onboarding) - route.choice)
        left = (segment.customers + bought) * -math.expm1(-gone * horizon)
        visits += left * len(route.partings)
    return visits


def _memory(world: World, runs: int, threads: int, customers: int, prospects: int, entering: float) -> float:
    """Bytes at the most."""
    route, scenario = world.route, world.scenario
    touchpoints, segments, attributes = len(route.touchpoints), len(route.segments), len(route.attributes)
    streams = 3 + len(route.recurring) + len(route.partings)
    own = PERSON.itemsize + 8 * (attributes + 1) + (8 + COMING.itemsize) * streams
    more = own + 32 + (16 * SPELLS if route.comes_back else 0)
    months, cells = scenario.horizon / MONTH + 1, segments * touchpoints * route.slots
    large = customers > CHUNK
    at_once = 1 if large else min(threads, runs)
    book = months * (32 * cells + 24 * segments * touchpoints) + len(world.staffing) * world.days * 32
    books = book * (math.ceil((customers + entering) / CHUNK) + 1 if large and threads > 1 else 1)
    played = at_once * (COPIES * own * customers + more * entering + 40 * prospects + books)
    pasts = min(runs * own * customers, max(PAST_BYTES, own * customers))
    kept = TABLES * runs * months * 8 * (4 * cells + segments * touchpoints + 20 * segments)
    day = touchpoints * (4 * route.slots + 20) + segments * (5 * attributes + 8)
    return BASE + played + pasts + kept + 3 * world.days * 8 * day


def memory_here() -> float:
    """Bytes of memory of this computer, or of the container; infinite where the system does not tell."""
    found = math.inf
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found = float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found = min(found, float(Path(file).read_text()))
        except (OSError, ValueError):
            continue
    return found
