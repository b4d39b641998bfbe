"""The screen: question, answer, journey, four numbers, curves, tables. It places what is made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.captions import plan_name, starts_from
from cxmodel.report.charts import CHARTS, Look, dress
from cxmodel.report.holds import held
from cxmodel.report.words import answer, deed
from cxmodel.workbench import cards, runs, style
from cxmodel.workbench.html import text
from cxmodel.workbench.runs import Picture, Wish

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from cxmodel.scenario import Scenario
    from cxmodel.workbench.choice import Choice

FIRST_ROW: Final = ("gap_over_time", "satisfaction_over_time", "nps_over_time", "leaving_over_time")
SECOND_ROW: Final = ("customers_over_time", "contacts_over_time", "waiting_over_time")


def open_page() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Set the page up; where the controls go, and where the picture."""
    st.set_page_config(page_title="cxmodel workbench", page_icon=style.ICON, layout="wide")
    st.html(style.sheet(look()))
    with st.container(key="frame"):
        left, right = st.columns([0.19, 0.81], gap="medium")
    return left.container(key="controls"), right


def look() -> Look:
    """Light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show(scenario: Scenario, choice: Choice, aside: DeltaGenerator) -> None:
    """All of one choice: its picture, or the story's last one faded until there is a new one."""
    wanted = runs.wish(scenario, choice)
    runs.ask(wanted)
    drawn, fresh = runs.rung(wanted), runs.picture(wanted)
    shown: Picture | None = fresh or st.session_state.get("shown")
    if shown is not None and shown.choice.story != choice.story:
        shown = None
    stale = fresh is None and shown is not None
    if fresh is not None:
        st.session_state["shown"] = fresh
    if stale:
        st.html(style.FADED)
    _head(scenario, choice, wanted, drawn, stale)
    why = runs.failed(wanted)
    if why:
        st.error(f"The run failed: {why}.")
    if shown is None:
        st.skeleton(height=340)
        st.skeleton(height=130)
        return
    with st.container(key="picture"):
        _picture(shown)
    with aside.container(key="notes", gap="small"):
        for note in (starts_from(shown.result), *_legend(shown)):
            st.html(f'<div class="cx-note">{text(note)}</div>')


def _head(scenario: Scenario, choice: Choice, wanted: Wish, drawn: int, stale: bool) -> None:
    """The question, what is done about it, and how fresh the page is."""
    title, state = st.columns([0.7, 0.3], vertical_alignment="top")
    with title:
        doing = deed(scenario, choice.plan, choice.moved) or "What happens when nothing is changed."
        name = plan_name(choice.plan, choice.moved)
        st.html(
            f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>'
            f'<div class="cx-doing"><strong>{text(name)}.</strong> {text(doing)}</div>'
        )
    with state:
        runs.follow(wanted, drawn, stale)


def _picture(shown: Picture) -> None:
    result, baseline = shown.result, shown.baseline
    first, *rest = answer(result, baseline)
    st.html(f'<div class="cx-answer" id="answer"><p>{text(first)}</p><p>{text(" ".join(rest))}</p></div>')
    _holds(shown)
    _chart("journey", shown)
    st.html(cards.cards(result, baseline))
    _row(FIRST_ROW, shown)
    _row(SECOND_ROW, shown)
    with st.expander("The same as tables", on_change="rerun", key="tables") as tables:
        for chart in CHARTS.values() if tables.open else ():
            st.markdown(f"**{chart.title}**")
            st.dataframe(chart.table(result, baseline), hide_index=True, width="stretch")


def _holds(shown: Picture) -> None:
    """For a raised lever with little to mend: what holds it."""
    if shown.baseline is None:
        return
    for sentence in held(shown.result, shown.baseline, shown.choice.moved):
        st.html(f'<div class="cx-hold">{text(sentence)}</div>')


def _chart(name: str, shown: Picture) -> None:
    """A chart with its alt text; drawn once for each picture and look, however often the page is."""
    of = (look(), id(shown.result), id(shown.baseline))
    if st.session_state.get("documents of") != of:
        st.session_state["documents of"], st.session_state["documents"] = of, {}
    documents = st.session_state["documents"]
    if name not in documents:
        documents[name] = dress(CHARTS[name](shown.result, shown.baseline), look())
    st.vega_lite_chart(spec=documents[name], width="stretch", theme=None, key=name)


def _row(names: tuple[str, ...], shown: Picture) -> None:
    with st.container(key=f"row {names[0]}"):
        for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
            with column:
                _chart(name, shown)


def _legend(shown: Picture) -> list[str]:
    """How to read the charts."""
    noise = "Ranges are 95 % intervals of run noise; what we do not know about people comes on top."
    if shown.baseline is None:
        return [noise]
    name = plan_name(shown.choice.plan, shown.choice.moved)
    return [f"Coloured and solid: {name}. Thin and grey: as is.", noise]
