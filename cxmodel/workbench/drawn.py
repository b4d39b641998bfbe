"""Charts on a page: drawn once for each result and look, however often the page is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from cxmodel.report.charts.catalogue import CHARTS, dress
from cxmodel.workbench.style import look

if TYPE_CHECKING:
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
