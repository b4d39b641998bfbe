"""Simulate: the one way from a scenario to a result, behind every door."""

from __future__ import annotations

from collections.abc import Sequence

from cxmodel.results.metrics import Run
from cxmodel.results.request import Engine, RunRequest
from cxmodel.results.result import Result
from cxmodel.results.tables import Played
from cxmodel.scenario import Scenario
from cxmodel.simulation.replications import run_all
from cxmodel.vocabulary import AS_IS, Progress


def simulate(
    scenario: Scenario,
    plan: str = AS_IS,
    *,
    replications: int = 30,
    seed: int = 1,
    future: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    engine: Engine = "fast",
) -> Result:
    """Run a scenario under a plan, in as many replications.

    The same scenario and seed give the same bits for any number of `jobs` (threads; None: one a core), and more
    replications begin with the fewer ones. `engine="reference"` plays the same model as plain SimPy, slow and readable.
    A plan is compared against `as_is` for its return on quality, with
    the same luck. Raises UsageError for an unknown plan or future and for counts below 1.
    """

    def report(done: int, total: int) -> None:
        if progress is not None:
            progress(done * replications // total, replications)  # as is, where it is needed, is played as well

    (found,) = simulate_all(
        [RunRequest(scenario, plan, future, replications, seed, engine)], jobs=jobs, progress=report
    )
    return found


def simulate_all(
    wanted: Sequence[RunRequest], *, jobs: int | None = None, progress: Progress | None = None
) -> list[Result]:
    """Run all that is wanted together, what two of them share only once; `progress` counts all replications."""
    runs = run_all(wanted, jobs, progress or (lambda done, total: None))
    return [result_of(each, run) for each, run in zip(wanted, runs, strict=True)]


def result_of(wanted: RunRequest, run: Run) -> Result:
    """The result of a run."""
    tables = Played(run)
    return Result(
        wanted.scenario, wanted.plan, wanted.seed, wanted.replications, wanted.future, tables, engine=wanted.engine
    )
