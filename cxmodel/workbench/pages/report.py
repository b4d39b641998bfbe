"""Report: tick what it shall tell, look at it, take it away as a page, slides, a workbook or everything together."""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.reproduce import command_lines, python_lines
from cxmodel.report.html_fragments import text
from cxmodel.workbench.jobs import live_results, reports
from cxmodel.workbench.jobs.reports import KINDS, LEFT_OUT
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.widgets import hold, said

if TYPE_CHECKING:
    from cxmodel.report.export.account import Account
    from cxmodel.workbench.session.view import View

HEIGHT: Final = 900
"""Pixels of the preview."""


def show(seen: View) -> None:
    """The choice on the left, the report on the right."""
    chosen = reports.sections(here())
    shown = live_results.picture(seen)
    told = reports.account(shown) if shown is not None else None
    left, right = st.columns([0.24, 0.76], gap="medium")
    with left.container(key="report choice", gap="small"):
        _ticks(chosen)
        _downloads(told, chosen)
    with right:
        if told is None:
            st.html('<p class="cx-note">The report is written when all simulation runs are there.</p>')
            st.skeleton(height=HEIGHT)
            return
        page = reports.made(told, ".html", chosen)
        address = f"data:text/html;charset=utf-8;base64,{b64encode(page).decode()}"
        st.iframe(address, height=HEIGHT, alt=f"Preview of the report: {told.question}")
        _again(told)


def _ticks(chosen: tuple[str, ...]) -> None:
    """The sections; what is left out stands in the address."""
    st.html('<h2 class="cx-group">Contents</h2>')
    for name, section in SECTIONS.items():
        held = hold(f"section {name}", name in chosen)
        st.checkbox(section.title, held.value, key=held.name, on_change=held.touched, args=(_choose,))


def _choose(_: bool) -> None:
    without = [name for name in SECTIONS if not said(f"section {name}", True)]
    put(**{LEFT_OUT: ",".join(without)})


def _downloads(told: Account | None, chosen: tuple[str, ...]) -> None:
    """A button for each form, which is made when it is asked for."""
    st.html('<h2 class="cx-group">Download</h2>')
    for ending, (label, media) in KINDS.items():
        key = f"download {ending}"
        if told is None:
            st.button(label, disabled=True, key=f"{key} later", width="stretch")
            continue
        st.download_button(
            label,
            partial(reports.made, told, ending, chosen),
            file_name=reports.file_name(told, ending),
            mime=media,
            key=key,
            on_click="ignore",
            width="stretch",
        )
    st.html(
        '<p class="cx-note">The page opens offline and prints well. The slides have native charts that can be edited. '
        "The workbook and the ZIP always hold every table.</p>"
    )


def _again(told: Account) -> None:
    """The lines that give the same figures."""
    st.html('<h2 class="cx-section">Reproduce</h2>')
    file = text(told.file)
    st.html(
        f'<p class="cx-note">With the scenario saved as {file}; the ZIP holds it. '
        f"The figures are the same to the last bit.</p>"
    )
    left, right = st.columns(2, gap="medium")
    left.code(command_lines(told), language="shell", wrap_lines=True)
    right.code(python_lines(told), language="python", wrap_lines=True)
