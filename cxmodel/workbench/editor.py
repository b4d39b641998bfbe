"""The text editor of the YAML tab: a plain text field with line numbers, and problems that lead to their lines.

What is typed is sent a moment after, so that closing the page loses nothing. Knows no scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from cxmodel.errors import Problem

_HERE = Path(__file__).parent
_editor = st.components.v2.component(
    "cxmodel_editor",
    html='<div class="editor"></div>',
    css=(_HERE / "editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "editor.js").read_text(encoding="utf-8"),
)


def edit_text(text: str, problems: Sequence[Problem], key: str, typed: Callable[[], None]) -> None:
    """Draw the editor; `typed` is called when something was written."""
    told = [
        {
            "line": problem.line if not problem.inherited else 0,
            "column": problem.column,
            "width": problem.width,
            "place": problem.place,
            "code": problem.code,
            "path": problem.path,
            "message": problem.message,
            "expected": problem.expected,
            "note": problem.inherited,
            "severity": problem.severity,
        }
        for problem in problems
    ]
    _editor(key=key, data={"text": text, "problems": told}, default={"typed": None}, on_typed_change=typed)


def typed_text(key: str) -> tuple[str, str] | None:
    """What was written last, and the text that it was made from."""
    said = st.session_state[key].get("typed") if key in st.session_state else None
    return (str(said["text"]), str(said["seen"])) if said else None
