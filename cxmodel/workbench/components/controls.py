"""The controls beside a result: the five levers, moved today, and the initiatives. They keep nothing themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from cxmodel.report.html_fragments import text
from cxmodel.report.text.comparison import terms
from cxmodel.report.text.numbers import money
from cxmodel.vocabulary import LEVERS, YEAR, humanise
from cxmodel.workbench.drafts.my_plan import MOVED
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.navigation import turn
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import hold

SCALE: Final = (
    ".2 nobody's job · .4 done by some · .6 agreed and mostly done · .8 measured and improved · .95 best in class"
)
"""What a level of a lever means."""
COUNTS: Final = (30, 100, 300, 1000)
"""Replications to choose from."""


def show(seen: View) -> None:
    """Draw the controls of a view."""
    _levers(seen)
    _initiatives(seen)
    _replications(seen)


def _levers(seen: View) -> None:
    scenario, moved = seen.scenario, view.moved(seen.scenario, seen.plan)
    st.html(f'<div class="cx-group">Five Ps, from today</div><div class="cx-note">{text(SCALE)}</div>')
    with st.container(key="levers", gap="small"):
        for lever in LEVERS:
            today = view.today(scenario, lever)
            level = moved.get(lever, today)
            held = hold(f"lever {lever}", level)
            even = all(abs(each * 20 - round(each * 20)) < 1e-9 for each in (today, level))
            with st.container(key=f"p {lever}", gap="small"):
                st.slider(
                    f"{humanise(lever)} · today {today:g}" if lever in moved else humanise(lever),
                    0.0,
                    1.0,
                    value=held.value,
                    step=0.05 if even else 0.01,
                    format="%.2f",
                    key=held.name,
                    on_change=held.touched,
                    args=(_move, seen, lever),
                )
                st.html(f'<div class="cx-beneath">{text(_explained(seen, lever))}</div>')
    if moved:
        st.button("Reset to today", on_click=turn, args=(seen, view.levers_back), type="tertiary")


def _explained(seen: View, lever: str) -> str:
    """What one of the five Ps is, in a sentence, and what more of it costs."""
    what, cost = LEVERS[lever].what, seen.scenario.levers.cost(lever) * YEAR / 10
    return f"{what} {money(cost, seen.scenario.currency, brief=True)} a year per 0.1 more." if cost else what


def _initiatives(seen: View) -> None:
    names = [name for name in seen.scenario.initiatives if name != MOVED]
    if not names:
        return
    st.html('<div class="cx-group">Initiatives</div>')
    planned = seen.scenario.initiatives_of(seen.plan)
    with st.container(key="initiatives", gap="small"):
        for name in names:
            held = hold(f"initiative {name}", name in planned)
            with st.container(key=f"switch {name}", gap="small"):
                st.toggle(
                    plain(seen.scenario.label("initiatives", name)),
                    held.value,
                    key=held.name,
                    help=plain(seen.scenario.initiatives[name].what) or None,
                    on_change=held.touched,
                    args=(_switch, seen, name),
                )
                st.html(f'<div class="cx-beneath">{text(terms(seen.scenario, name))}</div>')


def _replications(seen: View) -> None:
    counts = sorted({*COUNTS, seen.replications})
    held = hold("replications", seen.replications)
    with st.container(key="many"):
        st.selectbox(
            "Simulation runs",
            counts,
            index=counts.index(held.value),
            key=held.name,
            help="How many times each plan is simulated: more give narrower intervals and take longer.",
            on_change=held.touched,
            args=(_replicate, seen),
        )


def _replicate(count: int, seen: View) -> None:
    turn(seen, lambda now: replace(now, replications=count))


def _move(level: float, seen: View, lever: str) -> None:
    turn(seen, lambda now: view.move(now, lever, level))


def _switch(on: bool, seen: View, initiative: str) -> None:
    turn(seen, lambda now: view.switch(now, initiative, on))
