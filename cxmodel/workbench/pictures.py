"""The results behind a page: what is wanted for a view, what there is of it, and what is worth keeping.

Looks into memory first, then into the archive; asks the job queue for the rest.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from cxmodel.results import Result, Wanted, result_of
from cxmodel.runs import run_of
from cxmodel.scenario.names import AS_IS
from cxmodel.workbench import kept
from cxmodel.workbench.jobs import BEHIND, Aim, Jobs

if TYPE_CHECKING:
    from cxmodel.workbench.view import View

KEPT: Final = 80
"""Results kept in memory, the least recently looked at dropped first."""
_RESULTS: OrderedDict[tuple[Any, ...], Result] = OrderedDict()
_LOCK = threading.Lock()

FEW: Final = 4
"""Replications of a preview, which are played first, together; fewer have no interval to speak of."""
PREVIEW: Final = (FEW,)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the page shows: a result, and as is behind it with as many replications (None where it is as is)."""

    view: View
    result: Result
    baseline: Result | None

    @property
    def complete(self) -> bool:
        """Whether it has all the replications that were asked for."""
        return self.result.replications >= self.view.replications


@dataclass(frozen=True, slots=True)
class Wish:
    """The runs that a view asks for: its plan's, and as is."""

    view: View
    mine: Wanted
    theirs: Wanted | None

    @property
    def runs(self) -> tuple[Wanted, ...]:
        """Every run."""
        return (self.mine,) if self.theirs is None else (self.mine, self.theirs)

    @property
    def aims(self) -> tuple[Aim, ...]:
        """The same for the job queue."""
        return tuple(Aim(run, BEHIND, PREVIEW) for run in self.runs)


def jobs() -> Jobs:
    """The worker processes, one set for all pages of this server."""
    return _jobs(Aim)


@st.cache_resource(show_spinner=False, max_entries=1, on_release=Jobs.close)
def _jobs(of: type[Aim]) -> Jobs:
    """One set for each life of the code: who edits it while the page is served gets fresh workers."""
    return Jobs()


def wish(view: View) -> Wish:
    """What to run for a view."""
    mine = Wanted(view.scenario, view.plan, replications=view.replications)
    changes = bool(view.scenario.initiatives_of(view.plan))
    return Wish(view, mine, replace(mine, plan=AS_IS) if changes else None)


def ask(wanted: Wish) -> None:
    """Tell the job queue what this view wants now, and what its owner wants no longer."""
    if complete(wanted):
        jobs().cancel(wanted.view.owner)
    else:
        jobs().want(wanted.view.owner, wanted.aims)


def complete(wanted: Wish) -> bool:
    """Whether all replications are there."""
    return all(count(run) >= run.replications for run in wanted.runs)


def picture(wanted: Wish) -> Picture | None:
    """The best picture of a view that there is by now: never of fewer replications than a preview has."""
    have = replications(wanted)
    if not have:
        return None
    baseline = result(wanted.theirs, have) if wanted.theirs is not None else None
    found = Picture(wanted.view, result(wanted.mine, have), baseline)
    if found.complete:
        kept.keep(found.result)
        if baseline is not None:
            kept.keep(baseline)
    return found


def replications(wanted: Wish) -> int:
    """How many replications a picture would have by now; 0 where there are too few for one."""
    have = min(count(run) for run in wanted.runs)
    return have if have >= min(FEW, wanted.view.replications) else 0


def count(run: Wanted) -> int:
    """How many replications there are of a run, in memory or in the archive."""
    part = jobs().part(run)
    have = part.outcome.replications if part is not None else 0
    if have < run.replications and kept.find(run) is not None:
        return run.replications
    return min(have, run.replications)


def result(run: Wanted, replications: int) -> Result:
    """The result of a run's first replications, of which there must be as many."""
    run = replace(run, replications=replications)
    name = (run.key, run.scenario.hash, run.plan, run.future, replications)
    with _LOCK:
        if name in _RESULTS:
            _RESULTS.move_to_end(name)
            return _RESULTS[name]
    found = _made(run) or kept.find(run)
    assert found is not None
    with _LOCK:
        _RESULTS[name] = found
        while len(_RESULTS) > KEPT:
            _RESULTS.popitem(last=False)
    return found


def _made(run: Wanted) -> Result | None:
    """A result from the replications in memory, where there are enough."""
    part = jobs().part(run)
    if part is None or part.outcome.replications < run.replications:
        return None
    baseline = jobs().part(run.baseline) if run.baseline is not None else None
    if run.baseline is not None and (baseline is None or baseline.outcome.replications < run.replications):
        return None
    return result_of(run, run_of(run, part, baseline))


def reached(wanted: Wish) -> float:
    """The share of a view's replications that are done."""
    done = sum(run.replications if count(run) >= run.replications else jobs().look(run).done for run in wanted.runs)
    return done / sum(run.replications for run in wanted.runs)


def failed(wanted: Wish) -> str | None:
    """Why a run of this view failed, if one did."""
    looks = [jobs().look(run) for run in wanted.runs]
    return next((look.why for look in looks if look.state == "failed"), None)
