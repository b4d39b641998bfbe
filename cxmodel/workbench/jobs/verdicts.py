"""The verdict behind a page: the runs of every plan, and which one is worth most once they are there."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.recent import Recent
from cxmodel.results.request import RunRequest
from cxmodel.studies.verdict import Verdict, acting_plans, verdict
from cxmodel.vocabulary import AS_IS
from cxmodel.workbench.jobs import live_results
from cxmodel.workbench.jobs.queue import LOOKED_AT, STUDY, Job, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmodel.results.result import Result
    from cxmodel.simulation.replications import Replications
    from cxmodel.workbench.session.view import View

MOST: Final = 12
"""Plans that a verdict is over; of a scenario that has more there is none."""
LONGEST: Final = 60.0
"""Seconds that a page waits for the verdict before it opens on the first plan of the file."""
_FOUND: Final[Recent[Verdict]] = Recent(100)


def runs(seen: View) -> tuple[RunRequest, ...]:
    """The runs that the verdict is over; none where there is no plan, or too many."""
    every = _every(seen)
    return every if 1 < len(every) <= MOST + 1 else ()


def results(seen: View) -> Mapping[str, Result]:
    """The results of today and of every plan, as far as they are there."""
    return {run.plan: found for run in _every(seen) if (found := live_results.result(run)) is not None}


def _every(seen: View) -> tuple[RunRequest, ...]:
    """The runs of today and of every plan that changes something."""
    today = RunRequest(seen.scenario, AS_IS, replications=seen.replications)
    return (today, *(replace(today, plan=plan) for plan in acting_plans(seen.scenario)))


def found(seen: View) -> Verdict | None:
    """The verdict; None until all results are there."""
    wanted = runs(seen)
    if not wanted:
        return None
    name = (seen.scenario.hash, seen.replications)
    if (known := _FOUND.find(name)) is not None:
        return known
    there = results(seen)
    return _FOUND.get(name, lambda: verdict(there)) if len(there) == len(wanted) else None


def left(seen: View, urgency: int = STUDY) -> list[Job[Replications]]:
    """The runs that the verdict still lacks, on their way; those that failed are no longer waited for."""
    lacking = [run for run in runs(seen) if live_results.result(run) is None]
    return [job for run in lacking if (job := live_results.job(run, urgency)).state != "failed"]


def opened(seen: View) -> View:
    """A view whose address names no plan, on the plan that is worth most: waited for, as somebody waits for it."""
    until = time.monotonic() + LONGEST
    while found(seen) is None and (jobs := left(seen, LOOKED_AT)) and time.monotonic() < until:
        live_results.want("looks", jobs)
        live_results.job_queue().wait(jobs, 0.1)
        st.session_state.get("shown")  # asking the session heeds whatever the reader does now
        if state_of(jobs) in ("failed", "stopped"):
            break
    known = found(seen)
    return seen if known is None else seen.on_plan(known.best)
