"""How fresh a page's numbers are: said in its strip, and looked at again and again while something runs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.html_fragments import text
from cxmodel.report.text.captions import run_state
from cxmodel.workbench.jobs import live_results
from cxmodel.workbench.jobs.queue import state_of
from cxmodel.workbench.session.widgets import redraw, uninterrupted

if TYPE_CHECKING:
    from cxmodel.simulation.replications import Replications
    from cxmodel.workbench.jobs.live_results import LiveResult
    from cxmodel.workbench.jobs.queue import Job
    from cxmodel.workbench.session.view import View

POLL: Final = 1.0
"""Seconds between looks at what is running: each draws a part of the page anew, in the browser too."""
IN_LINE: Final = 60.0
"""Seconds that a page waits for its turn where many readers have runs played, before it draws the old numbers again."""


def soon(seen: View, seconds: float) -> LiveResult | None:
    """The picture of a view, waited for where it is near: drawing a page twice takes longer than so many seconds."""
    jobs, until = live_results.want_view(seen), time.monotonic() + IN_LINE
    while state_of(jobs) == "running" and time.monotonic() < until:
        if any(_far(each, seconds) for each in jobs):
            break
        live_results.job_queue().wait(jobs, 0.1)
        st.session_state.get("shown")  # asking the session heeds whatever the reader does now
    return live_results.picture(seen)


def _far(job: Job[Replications], seconds: float) -> bool:
    """Whether a run has been played for so long, and will be for so long again."""
    gone, played = time.monotonic() - job.began, job.done - job.before
    left = gone / max(played, 1e-9) * (job.total - job.done)
    return bool(job.total and job.state == "running" and gone > seconds and left > seconds)


def follow(seen: View, *, fresh: bool, stale: bool) -> None:
    """Say how fresh the page is, and draw it anew when there is something else to show."""
    busy = not fresh and state_of(live_results.want_view(seen)) == "running"
    st.fragment(_watch, run_every=POLL if busy else None)(seen, fresh, stale, busy)


def _watch(seen: View, fresh: bool, stale: bool, busy: bool) -> None:
    jobs = [] if fresh else live_results.want_view(seen)
    kind = "fresh" if fresh else state_of(jobs)
    if kind == "done" or (kind == "running") != busy:
        redraw()
    share = sum(each.done for each in jobs) / max(1, len(jobs) * seen.replications)
    with st.container(key="state", horizontal=True, horizontal_alignment="right", wrap=False, gap="small"):
        st.html(pill(kind, seen, stale, share), width="content")
        if busy:
            st.button("Stop", on_click=stop, args=(jobs,), type="tertiary", key="stop")
        elif not fresh:
            st.button("Run again", on_click=go_on, args=(jobs,), type="tertiary", key="again")
        else:
            st.empty()  # takes the button's place at once


def pill(kind: str, seen: View, stale: bool, share: float = 0.0) -> str:
    """The run state in a pill; while something runs, with the share that is done."""
    compiling = getattr(sys.modules.get("cxmodel.engine.compilation"), "compiling", bool)  # imported with the first run
    done = int(share * seen.replications)
    done -= done % live_results.PIECE if kind == "stopped" else 0  # what is kept
    words = run_state(kind, done, seen.replications, stale=stale, preparing=compiling())
    bar = f'<u style="width:{100 * share:.0f}%"></u>' if kind == "running" else ""
    kind = "stale" if stale and kind == "running" else kind
    return f'<div class="cx-state {kind}" role="status" data-state="{kind}"><i></i>{text(words)}{bar}</div>'


@uninterrupted
def stop(jobs: list[Job[Replications]]) -> None:
    """End runs; the pieces that are done stay."""
    for each in jobs:
        each.end("stopped")


@uninterrupted
def go_on(jobs: list[Job[Replications]]) -> None:
    """Have runs that were stopped, or have failed, played."""
    for each in jobs:
        each.start()
