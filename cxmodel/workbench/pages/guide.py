"""Guide: how the figures come about, what is assumed, and what the words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.html_fragments import scrolling_table, text
from cxmodel.report.text.glossary import GLOSSARY
from cxmodel.report.text.method import EQUATIONS, assumed, equation, metrics_words
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.widgets import hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from cxmodel.workbench.session.view import View

ABOUT: Final = "about"
"""The parameter of the address that names the open part."""
PARTS: Final = {
    "equations": "Equations",
    "assumptions": "Assumptions",
    "words": "Glossary",
    "figures": "Metrics",
}
IDEA: Final = (
    "A company makes a promise; people experience it touchpoint by touchpoint and judge each against what they "
    "were led to "
    "expect. The gap moves satisfaction, satisfaction moves loyalty and recommendation. What the company delivers "
    "follows from how well it knows its customers and from five levers; everything feeds back, and change takes "
    "months. Simulated people live through it: what if, under stated assumptions, never a forecast."
)
"""The model in a few sentences."""


def show(seen: View) -> None:
    """The idea, then one part at a time."""
    st.html(f'<h1 class="cx-question">How the model works</h1><p class="cx-answer">{text(IDEA)}</p>')
    asked = here().get(ABOUT, "")
    held = hold("guide part", asked if asked in PARTS else next(iter(PARTS)))
    st.segmented_control(
        "Part of the guide",
        list(PARTS),
        default=held.value,
        format_func=PARTS.__getitem__,
        key=held.name,
        label_visibility="collapsed",
        on_change=held.touched,
        args=(_turn,),
        required=True,
    )
    with st.container(key="guide"):
        _SHOWN[held.value](seen)


def _turn(part: str | None) -> None:
    if part is not None:
        put(**{ABOUT: part})


def _equations(seen: View) -> None:
    """Each equation with its gist; what computes it, and its parameters, when it is opened."""
    st.html(
        '<p class="cx-note">In the order in which they follow from one another. Marked A: an assumption, for which no '
        "usable published value exists; everything else names its source. Levels are points from 0 to 100.</p>"
    )
    for number, (title, gist) in EQUATIONS.items():
        with st.expander(f"**{number}. {title}.** {gist}", key=f"equation {number}", on_change="rerun") as opened:
            if opened.open:
                st.markdown(equation(number))


def _assumptions(seen: View) -> None:
    """Every parameter, as documented and as this scenario has it."""
    table = assumed(seen.scenario)
    here, marked = int(table["Here"].str.contains("set here").sum()), int((table["A"] == "A").sum())
    sets = (
        f"{text(seen.scenario.name)} sets {here} of them otherwise" if here else "this scenario leaves all as they are"
    )
    st.html(
        f'<p class="cx-note">{marked} of {len(table)} are assumptions (A); {sets}. They can be set under '
        "<em>assumptions</em> in the scenario, within their range; the assumption scenarios behind the "
        "confidence card vary them.</p>"
    )
    _table("Assumptions of the model", table, marked=table["Here"].str.contains("set here").to_list())


def _words(seen: View) -> None:
    """The glossary."""
    rows = "".join(f"<dt>{text(word)}</dt><dd>{text(meaning)}</dd>" for word, meaning in GLOSSARY.items())
    st.html(f'<dl class="cx-glossary">{rows}</dl>')


def _figures(seen: View) -> None:
    """What every metric means."""
    st.html('<p class="cx-note">Each with a 95 % interval over simulation runs; what is not available is left out.</p>')
    _table("Metrics", metrics_words())


def _table(caption: str, frame: pd.DataFrame, marked: Sequence[bool] = ()) -> None:
    """A table to be read as text; marked rows stand out."""
    head = "".join(f'<th scope="col">{text(str(name))}</th>' for name in frame.columns)
    rows = []
    for number, row in enumerate(frame.itertuples(index=False, name=None)):
        first, *rest = (text(str(cell)) for cell in row)
        style = ' class="set"' if number < len(marked) and marked[number] else ""
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        rows.append(f'<tr{style}><th scope="row">{first}</th>{cells}</tr>')
    st.html(scrolling_table(caption, head, "".join(rows), "cx-plain"))


_SHOWN: Final = {
    "equations": _equations,
    "assumptions": _assumptions,
    "words": _words,
    "figures": _figures,
}
