"""Playing scenarios: replications side by side in threads, kept for a while, with the pasts that they start from.

The same scenario, plan and seed give the same bits for any number of threads, and more replications of a run begin
with the fewer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome, joined
from cxmodel.errors import UsageError
from cxmodel.recent import Recent
from cxmodel.results.metrics import Run
from cxmodel.results.request import Key, RunRequest
from cxmodel.vocabulary import Progress

RUNS_KEPT: Final = 16
WORLDS_KEPT: Final = 8


class Replications(NamedTuple):
    """Some replications of a run, and what today's figures came to at its start."""

    outcome: Outcome
    modelled: Mapping[str, float | None]


_RECENT: Recent[Replications] = Recent(RUNS_KEPT)
_WORLDS: Recent[World] = Recent(WORLDS_KEPT)


def run_all(wanted: Sequence[RunRequest], jobs: int | None, progress: Progress) -> list[Run]:
    """Every run that is wanted, each with its baseline; what was played lately in this process is not played again.

    `progress` counts the replications that are still to be played; `jobs` are threads, None for one a core.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is too few; give 1 or more")
    for each in wanted:
        each.validate()
    most: dict[Key, RunRequest] = {}
    for each in (one for item in wanted for one in (item.baseline, item) if one is not None):
        key = each.key
        if key not in most or most[key].replications < each.replications:
            most[key] = each
    found = {key: part for key in most if (part := _RECENT.find(key)) is not None}
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
    for key, part in found.items():
        _RECENT.put(key, part)
    return [run_of(each, found[each.key], found[each.baseline.key] if each.baseline else None) for each in wanted]


def _shares_of(progress: Progress, done: int, count: int, total: int) -> Callable[[float], None]:
    return lambda share: progress(done + int(share * count + 1e-9), total)


def run_of(wanted: RunRequest, part: Replications, baseline: Replications | None = None) -> Run:
    """A run from its first replications; nothing is played."""
    outcome = part.outcome[: wanted.replications]
    against = None
    if baseline is not None and wanted.baseline is not None:
        against = run_of(wanted.baseline, baseline)
    return Run(world_of(wanted), outcome, part.modelled, wanted.plan, against)


def world_of(wanted: RunRequest, today: World | None = None) -> World:
    """The world of a run; `today` may be handed over where it is known."""
    scenario, plan, future = wanted.scenario, wanted.plan, wanted.future
    world = _WORLDS.get((scenario.hash, plan, future), lambda: World.of(scenario, plan, future, today=today))
    return world if world.scenario is scenario else replace(world, scenario=scenario)  # the hash leaves out `meta`


def together(parts: Sequence[Replications]) -> Replications:
    """Parts of one run, of consecutive replications, as one."""
    return Replications(joined([part.outcome for part in parts]), parts[0].modelled)


def part_of(
    wanted: RunRequest, replications: range, progress: Callable[[float], None] | None = None, jobs: int | None = 1
) -> Replications:
    """Play some replications of a run in this process; `progress` is told the share of it that is done."""
    from cxmodel.engine.initial_state import past_of, start_of

    start = start_of(wanted.scenario)
    world = world_of(wanted, start.world)
    if wanted.engine == "reference":
        from cxmodel import reference

        return Replications(
            reference.play(world, start.today, wanted.seed, replications, progress), start.today.modelled
        )
    from cxmodel.engine.replication import Inputs
    from cxmodel.engine.run import play

    outcome = play(
        Inputs(world, start), wanted.seed, replications, threads=jobs, progress=progress,
        pasts=lambda number: past_of(wanted.scenario, wanted.seed, number),
    )  # fmt: skip
    return Replications(outcome, start.today.modelled)
