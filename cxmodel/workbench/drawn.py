"""Charts on a page: drawn once for each result and look, however often the page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cxmodel.report.charts import CHARTS, dress
from cxmodel.workbench.style import look

if TYPE_CHECKING:
    from cxmodel.results import Result


def chart(name: str, result: Result, baseline: Result | None) -> None:
    """A chart with its alt text."""
    of = (look(), id(result), id(baseline))
    if st.session_state.get("documents of") != of:
        st.session_state["documents of"], st.session_state["documents"] = of, {}
    documents = st.session_state["documents"]
    if name not in documents:
        documents[name] = dress(CHARTS[name](result, baseline), look())
    st.vega_lite_chart(spec=documents[name], width="stretch", theme=None, key=name)


def row(names: tuple[str, ...], result: Result, baseline: Result | None) -> None:
    """Charts side by side."""
    with st.container(key=f"row {names[0]}"):
        for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
            with column:
                chart(name, result, baseline)
