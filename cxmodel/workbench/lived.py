"""Three customers on a page: their lives as timelines. Playing them takes a moment, so they wait to be asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cxmodel.report.charts.base import dress
from cxmodel.report.charts.customer_journey import life, life_table, people, title
from cxmodel.report.html_fragments import text
from cxmodel.workbench.style import look

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.results.result import Result


def customers(result: Result) -> None:
    """A typical customer, a delighted one and one who was lost, each with a table."""
    with st.spinner("Following three customers"):
        visits = _visits(_Known(result))
    for number, each in enumerate(people(visits)):
        st.html(f'<h3 class="cx-life">{text(title(each))}</h3>')
        st.vega_lite_chart(spec=dress(life(each), look()), width="stretch", theme=None, key=f"life {number}")
        with st.popover("As a table", type="tertiary", key=f"life table {number}"):
            st.dataframe(life_table(each), hide_index=True)


class _Known:
    """A result, equal to another of the same run."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.name = (result.scenario.hash, result.plan, result.future, result.seed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=16)
def _visits(known: _Known) -> pd.DataFrame:
    return known.result.customers(3)
