"""The YAML tab: the text of a scenario, what is wrong with it, and how it comes in and goes out as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from cxmodel.errors import CxModelError, Problem, ScenarioError
from cxmodel.report.html_fragments import text
from cxmodel.workbench.components import uploads
from cxmodel.workbench.drafts import text_merge
from cxmodel.workbench.session import edits, view
from cxmodel.workbench.session.navigation import latest, settle
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

KEY = "yaml"


def show(seen: View) -> None:
    """Draw the tab."""
    name, counts = view.text_of(seen)
    draft = seen.draft
    wrong = draft.wrong if draft is not None else None
    problems = view.drafts().problems(draft) if draft is not None else seen.scenario.warnings
    refused = st.session_state.pop("yaml refused", ())
    with st.container(key="cxyaml", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<div class="cx-note">{text(_state(name, wrong, problems))}</div>')
        if wrong is not None:
            st.button(
                "Back to the last valid text", key="give up", icon=":material/undo:", on_click=_give_up, type="tertiary"
            )
        st.download_button(
            "Download YAML",
            counts.encode("utf-8"),
            name,
            "application/yaml",
            key="download here",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("Open a file", icon=":material/upload:", key="open a file"):
            uploads.show("here", _opened)
    uploads.complaints("here")
    edit_text(text_merge.shown(counts) if wrong is None else wrong, (*refused, *problems), KEY, _typed)


def _state(name: str, wrong: str | None, problems: tuple[Problem, ...]) -> str:
    """How the text stands."""
    count = len(problems)
    many = f"{count} problem{'s' if count != 1 else ''}"
    if wrong is not None:
        return f"{name}: {many}. The text is kept as it is; the last valid one counts until it is mended."
    return f"{name}: valid" + (f", {many.replace('problem', 'warning')}" if count else "") + "."


@uninterrupted
def _typed() -> None:
    """Something was written: it becomes the draft's text, or is kept with its problems."""
    said = typed_text(KEY)
    if said is None:
        return
    written, before = said
    seen = latest()
    name, counts = view.text_of(seen)
    if seen.draft is None and written == text_merge.shown(counts):
        return
    draft = view.begun(seen)
    try:
        after = view.drafts().write(draft.id, written, draft.wrong_from if draft.wrong is not None else before)
    except ScenarioError as error:
        st.session_state["yaml refused"] = error.problems
        return
    except CxModelError as error:
        st.session_state["yaml refused"] = (Problem("", name, message=str(error)),)
        return
    edits.forget()
    settle(view.shown(seen, after))


@uninterrupted
def _give_up() -> None:
    seen = latest()
    if seen.draft is not None:
        settle(view.shown(seen, view.drafts().give_up_wrong(seen.draft.id)))


def _opened(seen: View) -> None:
    """A file was brought along: it is shown instead."""
    edits.forget()
    settle(seen)


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
