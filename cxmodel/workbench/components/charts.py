"""Charts on a page: drawn once for each result and look, however often the page is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from cxmodel.report.charts.catalogue import CHARTS, dress
from cxmodel.report.charts.customer_journey import life, life_table, people
from cxmodel.report.html_fragments import text
from cxmodel.report.text.customer_story import story
from cxmodel.workbench.components.style import look

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.results.result import Result


def chart(name: str, result: Result, baseline: Result | None, *, drawn: Any = None, **more: Any) -> None:
    """A chart with its alt text; `drawn` tells one state of what `more` it shows from another."""
    of = (look(), id(result), id(baseline))
    if st.session_state.get("documents of") != of:
        st.session_state["documents of"], st.session_state["documents"] = of, {}
    documents = st.session_state["documents"]
    if (name, drawn) not in documents:
        documents[name, drawn] = dress(CHARTS[name](result, baseline, **more), look())
    st.vega_lite_chart(spec=documents[name, drawn], width="stretch", theme=None, key=name)


def row(names: tuple[str, ...], result: Result, baseline: Result | None) -> None:
    """Charts side by side."""
    with st.container(key=f"row {names[0]}"):
        for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
            with column:
                chart(name, result, baseline)


def customers(result: Result) -> None:
    """A typical customer, a delighted one and one who was lost, each with a table."""
    with st.spinner("Following three customers"):
        visits = _visits(_Known(result))
    for number, each in enumerate(people(visits)):
        told = story(each, result.scenario)
        st.html(
            f'<h3 class="cx-life">{text(told.name)}</h3><blockquote class="cx-quote">{text(told.quote)}</blockquote>'
            f'<p class="cx-note">{text(told.told)}</p>'
        )
        st.vega_lite_chart(
            spec=dress(life(each, result.scenario), look()), width="stretch", theme=None, key=f"life {number}"
        )
        with st.popover("As a table", type="tertiary", key=f"life table {number}"):
            st.dataframe(life_table(each, result.scenario), hide_index=True)


class _Known:
    """A result, equal to another of the same run and segment."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.name = (result.scenario.hash, result.plan, result.future, result.seed, result.segment)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=16)
def _visits(known: _Known) -> pd.DataFrame:
    return known.result.customers(3)
