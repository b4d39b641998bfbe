"""A table that is entered cell by cell, or pasted from a spreadsheet; what is done in it is heard in order, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from cxmodel.workbench.new_company.table import Table, Touch
from cxmodel.workbench.session.widgets import uninterrupted

SEEN: Final = "touches seen"
"""Where the number of the last touch that was heard is kept, by grid."""
_HERE: Final = Path(__file__).parent
_grid = st.components.v2.component(
    "cxmodel_grid",
    html='<div class="grid" tabindex="-1"></div>',
    css=(_HERE / "grid.css").read_text(encoding="utf-8"),
    js=(_HERE / "grid.js").read_text(encoding="utf-8"),
)


def show(table: Table, key: str, heard: Callable[[Sequence[Touch]], None], turn: int = 0) -> None:
    """Draw a table; `heard` is called with what was done in it. Another `turn` draws what was refused as it was."""

    @uninterrupted
    def listen() -> None:
        said: list[dict[str, Any]] = (st.session_state.get(key) or {}).get("touches") or []
        fresh = [Touch(**each) for each in said if each["number"] > _seen().get(key, 0)]
        if fresh:
            _seen()[key] = fresh[-1].number
            heard(fresh)

    data = {"table": table.document(), "seen": _seen().get(key, 0), "turn": turn}
    _grid(key=key, data=data, default={"touches": []}, on_touches_change=listen)


def _seen() -> dict[str, int]:
    """The last touch that was heard of each grid."""
    seen: dict[str, int] = st.session_state.setdefault(SEEN, {})
    return seen
