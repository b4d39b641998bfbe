"""The results behind a page: the runs that a view needs, and their results once all replications are there.

They are kept in the archive, and found there after a restart; where it cannot be written the page works on.
"""

from __future__ import annotations

import secrets
import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from cxmodel.archive import Archive
from cxmodel.errors import ArchiveError
from cxmodel.recent import Recent
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.simulation.replications import Replications, part_of, run_of, together
from cxmodel.simulation.simulate import result_of
from cxmodel.vocabulary import AS_IS
from cxmodel.workbench.jobs.limits import permit
from cxmodel.workbench.jobs.queue import CARD, LOOKED_AT, Heed, Job, JobQueue, stand_back

if TYPE_CHECKING:
    from cxmodel.workbench.session.view import View

PIECE: Final = 30
"""Replications played at a time and then kept: between two pieces of a long run others have their turn."""
KEPT: Final = 100
"""Runs, and results, kept in memory, the least recently looked at dropped first."""
_PARTS: Final[Recent[Replications]] = Recent(KEPT)
_RESULTS: Final[Recent[Result]] = Recent(KEPT)
_ALIKE: Final[Recent[Result]] = Recent(KEPT)
"""Results by what their numbers come from, whatever words the scenario is told in."""
_UNWRITTEN: deque[Result] = deque()
_WRITER: Final = ThreadPoolExecutor(1, "cxmodel-archive", initializer=stand_back)


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What the page shows: a result, and as is behind it (None where it is as is)."""

    view: View
    result: Result
    baseline: Result | None = None


@lru_cache(maxsize=1)
def job_queue() -> JobQueue:
    """The jobs of this server."""
    return JobQueue()


def want(part: str, jobs: Sequence[Job[Any]]) -> None:
    """Say all that a part of this page wants now; each page of each reader has its own wishes."""
    job_queue().want(f"{st.session_state.setdefault('owner', secrets.token_hex(8))} {part}", jobs)


def want_view(view: View | None) -> list[Job[Replications]]:
    """The runs of a view, on their way: all that this page wants now, and nothing explained meanwhile."""
    jobs = [] if view is None else [job(run) for run in runs(view)]
    want("looks", jobs)
    if jobs:
        want("explains", [])
    return jobs


def runs(view: View) -> tuple[RunRequest, ...]:
    """The runs that a view needs: its plan's, and as is behind it."""
    mine = RunRequest(view.scenario, view.plan, replications=view.replications)
    return (mine, replace(mine, plan=AS_IS)) if view.scenario.initiatives_of(view.plan) else (mine,)


def job(run: RunRequest, urgency: int = LOOKED_AT) -> Job[Replications]:
    """A run on its way; to look at it is no reason to hurry. Raises UsageError for what cannot be."""
    run.validate()
    return job_queue().job((run.key, run.replications), urgency, partial(_piece, run), lambda: None)


def picture(view: View) -> LiveResult | None:
    """The picture of a view, of its segment; None until all its replications are there."""
    found = [each.of_segment(view.segment) for each in map(result, runs(view)) if each is not None]
    return LiveResult(view, *found) if len(found) == len(runs(view)) else None


def failure(view: View) -> str:
    """Why a run of a view failed; empty where none did."""
    return next((each.why for each in (job(run, CARD) for run in runs(view)) if each.state == "failed"), "")


def result(run: RunRequest) -> Result | None:
    """The result of a run, played or found in the archive; None until all its replications are there.

    That of a scenario of which only words were changed has the numbers of the one before it, and the new words.
    """
    name = (run.key, run.scenario.hash, run.plan, run.future, run.replications)
    if (known := _RESULTS.find(name)) is not None:
        return known
    numbers = (run.key, run.scenario.numbers_hash, run.plan, run.future, run.replications)
    alike = _ALIKE.find(numbers)
    result = _played(run) or _kept(run) if alike is None else alike.told_of(run.scenario)
    if result is not None:
        if result.made is None or alike is not None:
            _UNWRITTEN.append(result)
        _RESULTS.put(name, result)
        _ALIKE.put(numbers, result)
    return result


def keep() -> None:
    """Have what was found written into the archive in the background: not before the page is drawn, it takes time."""
    while _UNWRITTEN:
        _WRITER.submit(write, partial(Archive().keep, _UNWRITTEN.popleft()))


def write(put: Callable[[], object]) -> None:
    """Put something into the archive."""
    try:
        put()
    except (ArchiveError, OSError) as error:
        print(f"What was found is not kept: {error}", file=sys.stderr)


def _kept(run: RunRequest) -> Result | None:
    try:
        return Archive().get(run)
    except (ArchiveError, OSError):
        return None


def _played(run: RunRequest) -> Result | None:
    part = job(run, CARD).found
    baseline = None if run.baseline is None else job(run.baseline, CARD).found
    if part is None or (run.baseline is not None and baseline is None):
        return None
    return result_of(run, run_of(run, part, baseline))


def _piece(run: RunRequest, heed: Heed) -> Replications | None:
    """Play a piece of a run; the run, once it is whole."""
    part = _PARTS.find(run.key)
    if part is None:
        permit([run])
    first = 0 if part is None else part.outcome.replications
    end = min(first + PIECE, run.replications)
    if first < end:
        fresh = part_of(run, range(first, end), lambda s: heed(first + s * (end - first), run.replications), jobs=None)
        part = fresh if part is None else together([part, fresh])
        _PARTS.put(run.key, part)
    heed(end, run.replications)
    return part if end == run.replications else None
