"""How fresh a page's numbers are: the run state, looked at again and again while something runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.captions import run_state
from cxmodel.workbench import pictures
from cxmodel.workbench.heeding import heeded
from cxmodel.workbench.html import text
from cxmodel.workbench.pictures import Picture, Wish

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

POLL: Final = 0.2
"""Seconds between looks at a running simulation."""


def follow(wanted: Wish, drawn: Picture | None, stale: bool) -> None:
    """Say how fresh the page is, and draw it anew when there is more to show."""
    whole = drawn is not None and not stale and drawn.complete
    over = whole or stopped(wanted) or pictures.failed(wanted) is not None
    st.fragment(_watch, run_every=None if over else POLL)(wanted, drawn, stale, over)


def ask(wanted: Wish) -> None:
    """Tell the workers what this page wants, unless its reader has stopped that."""
    if stopped(wanted):
        pictures.jobs().cancel(wanted.view.owner)
    else:
        pictures.ask(wanted)


def stopped(wanted: Wish) -> bool:
    """The reader has stopped the runs of this very view."""
    return bool(st.session_state.get("stopped") == wanted.mine)


def _watch(wanted: Wish, drawn: Picture | None, stale: bool, over: bool) -> None:
    ask(wanted)
    why, halted = pictures.failed(wanted), stopped(wanted)
    shown = drawn.result.replications if drawn is not None and not stale else 0
    running = shown < wanted.view.replications and not halted and why is None
    if over == running or _is_more(wanted, shown):
        st.rerun()
    kind = "failed" if why else "stale" if stale else "stopped" if halted else "running" if running else "fresh"
    done = pictures.reached(wanted)
    bar = f'<u style="width:{100 * done:.0f}%"></u>' if running else ""
    with st.container(key="state", horizontal=True, horizontal_alignment="right", wrap=False, gap="small"):
        st.html(_pill(kind, _words(wanted, shown, done, stale, running, why), bar), width="content")
        if running:
            st.button("Stop", on_click=_stop, args=(wanted,), type="tertiary", key="stop")
        elif halted or why:
            st.button("Run again", on_click=_again, args=(wanted,), type="tertiary", key="again")
        else:
            st.empty()  # takes the button's place at once


def outdated(wanted: Wish, slot: DeltaGenerator, stale: bool) -> None:
    """Say that there is nothing to show of this yet, and whether something older is shown meanwhile."""
    kind, running = "stale" if stale else "running", not stopped(wanted)
    slot.html(_pill(kind, _words(wanted, 0, 0.0, stale, running, None)), width="content")


def soon(wanted: Wish, seconds: float) -> Picture | None:
    """The first picture of a view, waited for a moment where it is on its way: sooner than a page drawn twice."""
    until = time.monotonic() + seconds
    while (found := pictures.picture(wanted)) is None and time.monotonic() < until:
        if stopped(wanted) or pictures.failed(wanted):  # asking the session also heeds whatever the reader does now
            break
        pictures.jobs().pause(0.1)
    return found


def _pill(kind: str, words: str, bar: str = "") -> str:
    return f'<div class="cx-state {kind}" role="status" data-state="{kind}"><i></i>{text(words)}{bar}</div>'


def _is_more(wanted: Wish, shown: int) -> bool:
    """Whether there is a better picture than the one shown: the first, all of it, or what a stop has left."""
    have = pictures.replications(wanted)
    return have > shown and (shown == 0 or have >= wanted.view.replications or stopped(wanted))


def _words(wanted: Wish, shown: int, done: float, stale: bool, running: bool, why: str | None) -> str:
    total = wanted.view.replications
    if why:
        return "the run failed"
    if not stale and not shown:
        return "running the first replications" if running else "stopped before the first result"
    if not running and not stale and shown < total:
        return f"stopped at {shown} of {total} replications"
    if running and total > 30 and not stale:
        return f"{int(done * total)} of {total} replications"
    return run_state(shown, total, stale=stale, running=running)


@heeded
def _stop(wanted: Wish) -> None:
    st.session_state["stopped"] = wanted.mine
    pictures.jobs().cancel(wanted.view.owner)


@heeded
def _again(wanted: Wish) -> None:
    st.session_state.pop("stopped", None)
    for run in wanted.runs:
        pictures.jobs().retry(run)
