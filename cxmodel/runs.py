"""Playing scenarios: replications side by side in threads, kept for a while, with the pasts that they start from.

The same scenario, plan and seed give the same bits for any number of threads, and more replications of a run begin
with the fewer ones.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Generic, Literal, NamedTuple, TypeVar

from cxmodel.engine.inputs.trajectories import TrajectoryChange, changes_of
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome, joined
from cxmodel.errors import UsageError
from cxmodel.metrics import Run
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.engine.initial_state import Start, State

Progress = Callable[[int, int], None]
"""Told how many replications are done, and of how many."""
Engine = Literal["fast", "reference"]
"""What plays a run: the compiled event loop, or the same model as plain SimPy, slow and readable."""
RUNS_KEPT: Final = 16
STARTS_KEPT: Final = 16
WORLDS_KEPT: Final = 8
PAST_BYTES: Final = 400_000_000
"""Bytes of pasts that are kept, those used longest ago dropped first."""


class Key(NamedTuple):
    """What tells runs apart, however many replications: the world as it stands, what happens to it, and the luck."""

    world: str
    changes: tuple[TrajectoryChange, ...]
    seed: int
    engine: Engine = "fast"


@dataclass(frozen=True)
class Wanted:
    """A run that somebody wants: a scenario under a plan, in a future, in so many replications."""

    scenario: Scenario
    plan: str = AS_IS
    future: str | None = None
    replications: int = 30
    seed: int = 1
    engine: Engine = "fast"

    @cached_property
    def key(self) -> Key:
        """What tells this run apart from others."""
        changes = tuple(changes_of(self.scenario, self.plan, self.future))
        return Key(self.scenario.standing_hash, changes, self.seed, self.engine)

    @property
    def baseline(self) -> Wanted | None:
        """The run that a plan's return is told against: as is, with the same luck; None without money or change."""
        compares = self.scenario.economics is not None and bool(self.scenario.initiatives_of(self.plan))
        return replace(self, plan=AS_IS) if compares else None

    def refuse_what_cannot_be(self) -> None:
        """Raise UsageError for an unknown plan or future, and for counts that make no run."""
        if self.replications < 1:
            raise UsageError(f"replications: {self.replications} is too few; give 1 or more")
        if not 0 <= self.seed < 2**64:
            raise UsageError(f"seed: {self.seed} is outside 0 to 2^64 - 1")
        if self.engine not in ("fast", "reference"):
            raise UsageError(f"there is no engine named {self.engine!r}; there is: fast, reference")
        self.scenario.initiatives_of(self.plan)
        if self.future is not None and self.future not in self.scenario.futures:
            known = ", ".join(self.scenario.futures) or "none in this scenario"
            raise UsageError(f"there is no future named {self.future!r}; there is: {known}")


class Part(NamedTuple):
    """Some replications of a run, and what today's figures came to at its start."""

    outcome: Outcome
    modelled: Mapping[str, float | None]


Value = TypeVar("Value")


class Recent(Generic[Value]):
    """What was made lately, by key: made once however many threads ask, the one used longest ago dropped first."""

    def __init__(self, most: int, size: Callable[[Value], int] = lambda value: 1) -> None:
        self.most, self.size, self.held = most, size, 0
        self.values: OrderedDict[Hashable, Value] = OrderedDict()
        self.making: dict[Hashable, threading.Lock] = {}
        self.lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, which is made where it is not there."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
                return self.values[key]
            making = self.making.setdefault(key, threading.Lock())
        with making:
            with self.lock:
                if key in self.values:
                    return self.values[key]
            value = make()
            with self.lock:
                self.values[key] = value
                self.held += self.size(value)
                self.making.pop(key, None)
                while self.held > self.most and len(self.values) > 1:
                    self.held -= self.size(self.values.popitem(last=False)[1])
            return value


_RECENT: OrderedDict[Key, Part] = OrderedDict()
_STARTS: Recent[Start] = Recent(STARTS_KEPT)
_WORLDS: Recent[World] = Recent(WORLDS_KEPT)
_PASTS: Recent[State] = Recent(PAST_BYTES, lambda state: state.nbytes)


def run_all(wanted: Sequence[Wanted], jobs: int | None, progress: Progress) -> list[Run]:
    """Every run that is wanted, each with its baseline; what was played lately in this process is not played again.

    `progress` counts the replications that are still to be played; `jobs` are threads, None for one a core.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is too few; give 1 or more")
    for each in wanted:
        each.refuse_what_cannot_be()
    most: dict[Key, Wanted] = {}
    for each in (one for item in wanted for one in (item.baseline, item) if one is not None):
        key = each.key
        if key not in most or most[key].replications < each.replications:
            most[key] = each
    found = {key: _RECENT.pop(key) for key in most if key in _RECENT}
    tasks = []
    for key, each in most.items():
        known = found[key].outcome.replications if key in found else 0
        if known < each.replications:
            tasks.append((each, range(known, each.replications)))
    total, done = sum(len(replications) for _, replications in tasks), 0
    for each, replications in tasks:
        part = part_of(each, replications, _shares_of(progress, done, len(replications), total), jobs)
        done += len(replications)
        found[each.key] = together([found[each.key], part]) if each.key in found else part
    _RECENT.update(found)
    while len(_RECENT) > RUNS_KEPT:
        _RECENT.popitem(last=False)  # the run used longest ago goes first
    return [run_of(each, found[each.key], found[each.baseline.key] if each.baseline else None) for each in wanted]


def _shares_of(progress: Progress, done: int, count: int, total: int) -> Callable[[float], None]:
    return lambda share: progress(done + int(share * count + 1e-9), total)


def run_of(wanted: Wanted, part: Part, baseline: Part | None = None) -> Run:
    """A run from its first replications; nothing is played."""
    outcome = part.outcome[: wanted.replications]
    against = None
    if baseline is not None and wanted.baseline is not None:
        against = run_of(wanted.baseline, baseline)
    return Run(world_of(wanted), outcome, part.modelled, wanted.plan, against)


def world_of(wanted: Wanted, today: World | None = None) -> World:
    """The world of a run; `today` may be handed over where it is known."""
    scenario, plan, future = wanted.scenario, wanted.plan, wanted.future
    world = _WORLDS.get((scenario.hash, plan, future), lambda: World.of(scenario, plan, future, today=today))
    return world if world.scenario is scenario else replace(world, scenario=scenario)  # the hash leaves out `meta`


def together(parts: Sequence[Part]) -> Part:
    """Parts of one run, of consecutive replications, as one."""
    return Part(joined([part.outcome for part in parts]), parts[0].modelled)


def part_of(
    wanted: Wanted, replications: range, progress: Callable[[float], None] | None = None, jobs: int | None = 1
) -> Part:
    """Play some replications of a run in this process; `progress` is told the share of it that is done."""
    start = start_of(wanted.scenario)
    world = world_of(wanted, start.world)
    if wanted.engine == "reference":
        from cxmodel import reference

        return Part(reference.play(world, start.today, wanted.seed, replications, progress), start.today.modelled)
    from cxmodel.engine.replication import Inputs
    from cxmodel.engine.run import play

    outcome = play(
        Inputs(world, start), wanted.seed, replications, threads=jobs, progress=progress,
        pasts=lambda number: past_of(wanted.scenario, wanted.seed, number),
    )  # fmt: skip
    return Part(outcome, start.today.modelled)


def start_of(scenario: Scenario) -> Start:
    """Where a scenario starts from: solved once in this process for a world as it stands."""
    from cxmodel.engine.initial_state import start

    return _STARTS.get(scenario.standing_hash, lambda: start(World.of_today(scenario)))


def past_of(scenario: Scenario, seed: int, replication: int) -> State:
    """The customers of today of a replication: their past is played once for a world as it stands, and a seed."""
    from cxmodel.engine.initial_state import past

    return _PASTS.get((scenario.standing_hash, seed, replication), lambda: past(start_of(scenario), seed, replication))
