"""Results: question, answer, journey, four numbers, why, and how far to trust them, on one screen; more below."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxmodel.report.captions import plan_name
from cxmodel.report.charts import CHARTS
from cxmodel.report.holds import held
from cxmodel.report.words import answer, deed
from cxmodel.workbench import cards, controls, pictures, style, view
from cxmodel.workbench.drawn import chart, row
from cxmodel.workbench.html import text
from cxmodel.workbench.pictures import Picture
from cxmodel.workbench.strip import remembered
from cxmodel.workbench.view import View

FIRST_ROW: Final = ("gap_over_time", "satisfaction_over_time", "nps_over_time", "leaving_over_time")
SECOND_ROW: Final = ("customers_over_time", "contacts_over_time", "waiting_over_time")


def show(seen: View) -> None:
    """All of one view: its picture, or the scenario's last one faded until there is a new one."""
    with st.container(key="frame"):
        left, right = st.columns([0.18, 0.82], gap="medium")
    with left.container(key="controls"):
        controls.show(seen)
    with right:
        _screen(seen)


def _screen(seen: View) -> None:
    wanted = pictures.wish(seen)
    fresh = pictures.picture(wanted)
    shown = fresh or remembered(seen)
    if fresh is not None:
        st.session_state["shown"] = fresh
    elif shown is not None:
        st.html(style.FADED)
    _head(seen)
    why = pictures.failed(wanted)
    if why:
        st.error(f"The run failed: {why}.")
    if shown is None:
        st.skeleton(height=340)
        st.skeleton(height=130)
        return
    with st.container(key="picture"):
        _picture(shown)


def _head(seen: View) -> None:
    """The question, and what is done about it."""
    scenario, levers = seen.scenario, view.moved(seen.scenario, seen.plan)
    doing = deed(scenario, seen.plan) or "What happens when nothing is changed."
    st.html(
        f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>'
        f'<div class="cx-doing"><strong>{text(plan_name(seen.plan, levers))}.</strong> {text(doing)}</div>'
    )


def _picture(shown: Picture) -> None:
    result, baseline = shown.result, shown.baseline
    first, *rest = answer(result, baseline)
    st.html(f'<div class="cx-answer" id="answer"><p>{text(first)}</p><p>{text(" ".join(rest))}</p></div>')
    _holds(shown)
    chart("journey", result, baseline)
    st.html(cards.cards(result, baseline))
    row(FIRST_ROW, result, baseline)
    row(SECOND_ROW, result, baseline)
    with st.expander("The same as tables", on_change="rerun", key="tables") as tables:
        for drawn in CHARTS.values() if tables.open else ():
            st.markdown(f"**{drawn.title}**")
            st.dataframe(drawn.table(result, baseline), hide_index=True, width="stretch")


def _holds(shown: Picture) -> None:
    """For a raised lever with little to mend: what holds it."""
    if shown.baseline is None:
        return
    levers = view.moved(shown.view.scenario, shown.view.plan)
    for sentence in held(shown.result, shown.baseline, levers):
        st.html(f'<div class="cx-hold">{text(sentence)}</div>')
