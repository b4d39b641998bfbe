"""The runs behind a picture: what is wanted for a choice, what there is of it, and how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import streamlit as st

from cxmodel.report.captions import run_state
from cxmodel.workbench.choice import AS_IS, Choice, applied
from cxmodel.workbench.html import text
from cxmodel.workbench.jobs import Jobs
from cxmodel.workbench.worker import Request

if TYPE_CHECKING:
    from cxmodel.results import Result
    from cxmodel.scenario import Scenario

FEW: Final = 4
"""Replications of a preview."""
FULL: Final = 30
"""Replications of a result."""
POLL: Final = 0.2
"""Seconds between looks at a running simulation."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the page shows: a result, as is behind it (None where it is as is), and whose choice it is."""

    choice: Choice
    result: Result
    baseline: Result | None


@dataclass(frozen=True, slots=True)
class Wish:
    """The runs that one choice asks for, a preview and a full one of the plan, and of as is."""

    choice: Choice
    mine: tuple[Request, Request]
    theirs: tuple[Request, Request] | None

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request, the most urgent first."""
        if self.theirs is None:
            return self.mine
        return (self.mine[0], self.theirs[0], self.mine[1], self.theirs[1])


def jobs() -> Jobs:
    """The worker processes, one set for all pages of this server."""
    return _jobs(Request)


@st.cache_resource(show_spinner=False, max_entries=1, on_release=Jobs.close)
def _jobs(of: type[Request]) -> Jobs:
    """One set for each life of the code: who edits it while the page is served gets fresh workers."""
    return Jobs()


def wish(scenario: Scenario, choice: Choice) -> Wish:
    """What to run for a choice."""
    changed, plan = applied(scenario, choice)
    mine = (Request(changed, plan, FEW), Request(changed, plan, FULL))
    if plan == AS_IS:
        return Wish(choice, mine, None)
    return Wish(choice, mine, (Request(scenario, AS_IS, FEW), Request(scenario, AS_IS, FULL)))


def picture(wanted: Wish) -> Picture | None:
    """The best picture of a choice that there is by now."""
    mine, theirs = _best(wanted.mine), _best(wanted.theirs) if wanted.theirs else None
    if mine is None or (wanted.theirs is not None and theirs is None):
        return None
    return Picture(wanted.choice, mine, theirs)


def rung(wanted: Wish) -> int:
    """How far the runs of a choice are: 0 nothing to show, 1 a preview, 2 all of it."""
    if all(jobs().look(request).state == "done" for request in wanted.requests if request.replications == FULL):
        return 2
    return 1 if picture(wanted) is not None else 0


def follow(wanted: Wish, drawn: int, stale: bool) -> None:
    """Say how fresh the page is, and draw it anew when there is more to show."""
    over = drawn == 2 or stopped(wanted) or failed(wanted) is not None
    st.fragment(_watch, run_every=None if over else POLL)(wanted, drawn, stale, over)


def stopped(wanted: Wish) -> bool:
    """The reader has stopped the runs of this very choice."""
    return bool(st.session_state.get("stopped") == wanted.choice)


def failed(wanted: Wish) -> str | None:
    """Why a run of this choice failed, if one did."""
    looks = [jobs().look(request) for request in wanted.requests]
    return next((look.why for look in looks if look.state == "failed"), None)


def ask(wanted: Wish) -> None:
    """Tell the workers what this page wants now, and no longer."""
    page = st.session_state.setdefault("page", uuid4().hex)
    if stopped(wanted) or rung(wanted) == 2:
        jobs().cancel(page)
    else:
        previews = [request for request in wanted.requests if request.replications == FULL or rung(wanted) == 0]
        jobs().want(page, previews)


def _best(requests: tuple[Request, Request]) -> Result | None:
    """The full result, else the preview, else nothing."""
    for request in reversed(requests):
        found = jobs().look(request)
        if found.state == "done":
            return found.result
    return None


def _watch(wanted: Wish, drawn: int, stale: bool, over: bool) -> None:
    """The run state, looked at again and again while something runs."""
    ask(wanted)
    why, halted = failed(wanted), stopped(wanted)
    running = drawn < 2 and not halted and why is None
    if rung(wanted) > drawn or over == running:
        st.rerun()
    kind = "failed" if why else "stale" if stale else "stopped" if halted else "running" if running else "fresh"
    bar = f'<u style="width:{100 * _reached(wanted):.0f}%"></u>' if running else ""
    with st.container(key="state", horizontal=True, horizontal_alignment="right", wrap=False, gap="small"):
        words = text(_words(wanted, drawn, stale, running))
        pill = f'<div class="cx-state {kind}" role="status" data-state="{kind}"><i></i>{words}{bar}</div>'
        st.html(pill, width="content")
        if running:
            st.button("Stop", on_click=_stop, args=(wanted,), type="tertiary", key="stop")
        elif halted or why:
            st.button("Run again", on_click=_again, args=(wanted,), type="tertiary", key="again")
        else:
            st.empty()  # takes the button's place at once


def _words(wanted: Wish, drawn: int, stale: bool, running: bool) -> str:
    if failed(wanted):
        return "the run failed"
    if drawn == 0 and not stale:
        return "running the first replications" if running else "stopped before the first result"
    return run_state(FULL if drawn == 2 else FEW, FULL, stale=stale, running=running)


def _reached(wanted: Wish) -> float:
    """The share of this choice's replications that are done."""
    looks = [jobs().look(request) for request in wanted.requests]
    return sum(look.done for look in looks) / sum(request.replications for request in wanted.requests)


def _stop(wanted: Wish) -> None:
    st.session_state["stopped"] = wanted.choice
    jobs().cancel(st.session_state.get("page", ""))


def _again(wanted: Wish) -> None:
    st.session_state.pop("stopped", None)
    for request in wanted.requests:
        jobs().retry(request)
