"""The frame of every page: what pages there are, the way between them, and the header strip of a scenario.

A page's `show` draws it, and may give back what to draw once the run state has been said: what lies below the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib import import_module
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.report.html_fragments import text
from cxmodel.report.text.captions import segment_note
from cxmodel.vocabulary import EVERYONE, humanise
from cxmodel.workbench.components import header, style
from cxmodel.workbench.jobs import live_results, verdicts
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import url, view, widgets
from cxmodel.workbench.session.message_queue import one_at_a_time
from cxmodel.workbench.session.navigation import latest, settle
from cxmodel.workbench.session.view import Misnamed, View

PAGES: Final = ("home", "company", "map", "results", "compare", "explore", "report", "guide")
"""The pages by name, in order; each is a module of `cxmodel.workbench.pages` with a `show`."""
FORMERLY: Final = {"scenario": "company", "method": "guide"}
"""What pages were called before, and are called now: links of old lead there."""
ASIDE: Final = {"new_company": "new"}
"""Pages that another one leads to, with their addresses."""
BARE: Final = ("home", "new_company")
"""Pages that show no scenario of their own."""
EDITS: Final = ("company",)
"""Pages that show a scenario and none of its results: what is worth most need not be known to open them."""
NOTED: Final = ("map", "results", "compare")
"""Pages that show a segment's figures; the report says itself whose they are."""
STUDIES: Final = "Studies are of all customers, whichever segment is chosen."
"""What Explore says where a segment is chosen."""
MISNAMED: Final = "misnamed"
"""Where what a link named wrongly is kept, with the address that is shown instead."""


def run() -> None:
    """Draw the page that the address names."""
    one_at_a_time()
    st.set_page_config(page_title="cxmodel workbench", page_icon=style.ICON, layout="wide")
    st.html(style.sheet(style.look()))
    pages = {
        name: st.Page(_drawn(name), title=humanise(name), url_path=ASIDE.get(name, name), default=name == PAGES[0])
        for name in (*PAGES, *ASIDE)
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    st.session_state["pages"] = pages
    for name, to in (("opened", "results"), ("begun", "new_company")):
        if (opened := st.session_state.pop(name, None)) is not None:
            url.write(opened)
            st.switch_page(pages[to], query_params=opened)
    arrived = url.arrive()
    with st.container(key="head", horizontal=True, gap="small", vertical_alignment="center"):
        st.html('<div class="cx-brand">cxmodel <span>workbench</span></div>', width="content")
        with st.container(key="nav", horizontal=True, gap="small", width="content"):
            for name in PAGES:
                page = pages[name]
                here = chosen.title == page.title
                with st.container(key=f"nav_{name}{'_here' if here else ''}", width="content"):
                    st.page_link(page, query_params=arrived)
    chosen.run()


def _drawn(name: str) -> Callable[[], None]:
    """A page, which imports what it needs when it is opened."""

    def show() -> None:
        page = import_module(f"cxmodel.workbench.pages.{name}")
        widgets.begin()
        if name in BARE:
            page.show()
            widgets.finish()
            live_results.keep()
            return
        try:
            seen = latest()
        except (CxModelError, OSError) as error:
            explain(error)
            return
        live_results.job_queue().drawing()
        word = st.empty()  # always there, so that nothing below it moves, and is there twice for a moment
        if name not in EDITS and view.undecided(url.here()):
            word.html('<div class="cx-note" role="status">Simulating every plan of this scenario …</div>')
            seen = verdicts.opened(seen)
            word.empty()
        missed = view.misnamed(url.here(), seen)
        settle(seen)
        drawn = live_results.picture(seen)
        live_results.want_view(seen if drawn is None else None)
        slot = header.show(seen)
        notes = _misnamed(seen, missed) + _of_segment(name, seen)
        st.html(notes) if notes else st.empty()  # below it nothing moves
        if drawn is None:
            header.outdated(seen, slot)
        below = page.show(seen)
        with slot.container():
            header.freshness(seen, drawn or header.remembered(seen, exactly=True))
        if below is not None:
            below()
        widgets.finish()
        live_results.keep()

    show.__name__ = name
    return show


def _misnamed(seen: View, missed: Misnamed | None) -> str:
    """What a link named that is not there, said until its reader turns to something else; as HTML."""
    if missed is not None:
        st.session_state[MISNAMED] = (seen.address(), missed)
    about, told = st.session_state.get(MISNAMED, (None, None))
    if told is None or about != seen.address():
        return ""
    meant = f' Did you mean <a href="?{escape(urlencode(told.address))}">{text(told.near)}</a>?' if told.near else ""
    return f'<div class="cx-unfinished" role="status">{text(told.words)}{meant}</div>'


def _of_segment(page: str, seen: View) -> str:
    """Which figures are of the chosen segment, as HTML."""
    words = segment_note(seen.scenario, seen.segment) if page in NOTED else STUDIES if page == "explore" else ""
    return f'<div class="cx-note" id="segment">{text(words)}</div>' if words and seen.segment != EVERYONE else ""


def explain(error: Exception) -> None:
    """All that is wrong with a scenario, as the command line would say it."""
    problems = error.problems if isinstance(error, ScenarioError) else ()
    count = len(problems)
    st.error(f"This scenario has {count} problem{'s' if count != 1 else ''}." if count else plain(str(error)))
    for problem in problems:
        st.html(f'<pre class="cx-problem">{text(str(problem))}</pre>')
