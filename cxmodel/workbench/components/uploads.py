"""Scenario files that somebody brings along: a place to drop them, and what is wrong with those that cannot be used."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxmodel.errors import CxModelError, Problem, ScenarioError
from cxmodel.report.html_fragments import text
from cxmodel.vocabulary import AS_IS
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

MOST_TOLD = 10
"""Problems shown of a file that cannot be used."""


def show(
    place: str, opened: Callable[[View], None], label: str = "Open a scenario (YAML) or a workbook (XLSX), at most 2 MB"
) -> None:
    """Draw the place to drop a file; a good one is opened as a draft of its own."""
    key = f"upload {place} {st.session_state.get(f'uploads {place}', 0)}"

    @uninterrupted
    def taken() -> None:
        brought = st.session_state.get(key)
        if brought is None:
            return
        st.session_state[f"uploads {place}"] = st.session_state.get(f"uploads {place}", 0) + 1
        store = view.drafts()
        try:
            draft = store.upload(brought.name, brought.getvalue())
        except ScenarioError as error:
            st.session_state[f"refused {place}"] = (brought.name, error.problems)
        except CxModelError as error:
            st.session_state[f"refused {place}"] = (brought.name, (Problem("", brought.name, message=str(error)),))
        else:
            st.session_state.pop(f"refused {place}", None)
            scenario = store.scenario(draft)
            opened(View(scenario, next(iter(scenario.plans), AS_IS), draft=draft))

    st.file_uploader(label, type=["yaml", "yml", "xlsx"], key=key, on_change=taken, max_upload_size=2)


def complaints(place: str) -> None:
    """What is wrong with the file that was brought last, as `validate` says it."""
    name, problems = st.session_state.get(f"refused {place}", ("", ()))
    if not problems:
        return
    count = len(problems)
    st.error(f"{plain(name[:80])} cannot be opened: {count} problem{'s' if count != 1 else ''}. "
             "What you see is as it was.")  # fmt: skip
    for problem in problems[:MOST_TOLD]:
        st.html(f'<pre class="cx-problem">{text(str(problem))}</pre>')
    if count > MOST_TOLD:
        st.html(f'<div class="cx-note">… and {count - MOST_TOLD} more.</div>')
