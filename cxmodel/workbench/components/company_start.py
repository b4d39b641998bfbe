"""The first step of a new company: its name, and what to begin with."""

from __future__ import annotations

import csv
from functools import partial
from typing import Final

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.scenario import load, stories
from cxmodel.scenario.stories import templates
from cxmodel.vocabulary import humanise
from cxmodel.workbench.new_company import block, starts
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import company
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import hold, uninterrupted

WAYS: Final = {
    "blank": "A blank company",
    "industry": "An industry",
    "example": "An example’s structure",
    "spreadsheet": "A spreadsheet",
}
"""What to begin with."""
WAY: Final = "company way"
FILE: Final = "company file"
PASTED: Final = "company pasted"
PASTED_NAME: Final = "journey.txt"
"""What a journey that was pasted is called as a file."""
LARGEST: Final = 5


def show(seen: View | None) -> None:
    """Name and start."""
    left, right = st.columns([0.42, 0.58], gap="large")
    with left:
        st.html('<h2 class="cx-asked">What is it called?</h2>')
        name = seen.scenario.name if seen is not None else ""
        held = hold("company name", "" if name == starts.NAME else name)
        st.text_input(
            "Company’s name",
            held.value,
            key=held.name,
            placeholder="Such as Acme Energy",
            on_change=held.touched,
            args=(company.call,),
            max_chars=80,
        )
    with right:
        st.html('<h2 class="cx-asked">What is it like?</h2>')
        way, _, what = company.start().partition(" ")
        chosen = hold(WAY, way if way in WAYS else "blank")
        st.segmented_control(
            "Start from",
            list(WAYS),
            default=chosen.value,
            format_func=WAYS.__getitem__,
            key=chosen.name,
            on_change=chosen.touched,
            args=(_turn,),
            required=True,
        )
        drawn = {"blank": _blank, "industry": _industry, "example": _example, "spreadsheet": _spreadsheet}
        drawn[chosen.value](what)


def _turn(way: str) -> None:
    """A blank company begins at once where another start was taken before; the others ask which."""
    if way == "blank" and " " in company.start():
        company.restart(starts.blank, "blank")
    else:
        company.begin_with(way)


def _blank(_: str) -> None:
    st.html(
        '<p class="cx-note">One segment, three attributes, a touchpoint of each phase, every level adequate: '
        "replace what you know.</p>"
    )


def _industry(what: str) -> None:
    names = list(templates())
    held = hold("company industry", what if what in names else None)
    st.pills(
        "Industry",
        names,
        default=held.value,
        format_func=_industry_name,
        key=held.name,
        on_change=held.touched,
        args=(_take_industry,),
    )
    st.html('<p class="cx-note">A whole company of that kind; every number is an assumption with a range, to be '
            "replaced by your own.</p>")  # fmt: skip


def _industry_name(id: str) -> str:
    return plain(humanise(id))


def _take_industry(id: str | None) -> None:
    if id:
        company.restart(partial(starts.industry, id), f"industry {id}")


def _example(what: str) -> None:
    names = list(stories())
    held = hold("company example", what if what in names else None)
    st.selectbox(
        "Example",
        names,
        index=names.index(held.value) if held.value in names else None,
        format_func=_example_name,
        key=held.name,
        on_change=held.touched,
        args=(_take_example,),
        placeholder="Choose one",
    )
    st.html('<p class="cx-note">Its segments, attributes, touchpoints and promises, without its numbers.</p>')


def _example_name(id: str) -> str:
    return plain(load(stories()[id]).name)


def _take_example(id: str | None) -> None:
    if id:
        company.restart(partial(starts.example, id), f"example {id}")


def _spreadsheet(_: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button(
            "Download template (XLSX)",
            _template(),
            "company.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="company template",
            on_click="ignore",
        )
        st.html('<div class="cx-note">A sheet for each part, to be filled in.</div>')
    st.file_uploader(
        "A filled-in template or a journey map (XLSX, CSV), a Mermaid journey (MMD, MD), or a scenario (YAML)",
        type=["xlsx", "csv", "tsv", "mmd", "mermaid", "md", "txt", "yaml", "yml"],
        key=f"{FILE} {st.session_state.get(FILE, 0)}",
        on_change=_take_file,
        max_upload_size=LARGEST,
    )
    st.text_area(
        "Or a block of cells with its heads, copied from a spreadsheet, or a Mermaid journey",
        key=PASTED,
        height=150,
        placeholder=block.EXAMPLE,
    )
    st.button("Take this block", key="company take", on_click=_take_block)


@st.cache_data(show_spinner=False)
def _template() -> bytes:
    """The workbook to fill in."""
    return starts.template()


@uninterrupted
def _take_file() -> None:
    """A file that was brought along."""
    key = f"{FILE} {st.session_state.get(FILE, 0)}"
    brought = st.session_state.get(key)
    if brought is None:
        return
    st.session_state[FILE] = st.session_state.get(FILE, 0) + 1
    name, data = str(brought.name), bytes(brought.getvalue())
    if name.lower().endswith(".xlsx") or starts.is_journey(data, name):
        _take_journey(data, name)
    elif name.lower().endswith((".csv", ".tsv")):
        _take(_decoded(data))
    else:
        company.restart(lambda _: _decoded(data), "spreadsheet")


def _take_journey(data: bytes, name: str) -> bool:
    """A workbook or a drawn journey in the place of the whole company."""
    return company.restart(
        lambda called: starts.spreadsheet(data, name, called), "spreadsheet", lambda: starts.assumed(data, name)
    )


def _decoded(data: bytes) -> str:
    """The text of a file, as Excel or anybody else writes it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


@uninterrupted
def _take_block() -> None:
    pasted = str(st.session_state.get(PASTED) or "")
    data = pasted.encode("utf-8", "replace")
    if _take_journey(data, PASTED_NAME) if starts.is_journey(data, PASTED_NAME) else _take(pasted):
        st.session_state[PASTED] = ""


def _take(pasted: str) -> bool:
    """A block in the place of the grid; the page turns to it."""
    try:
        taken = company.act(lambda text: block.take(text, pasted, replacing=True), "The block was taken.")
    except (CxModelError, csv.Error) as error:
        company.refuse(str(error))
        return False
    if taken:
        told = company.said()
        company.turn(3)
        if told is not None:
            st.session_state[company.SAID] = told
    return taken
