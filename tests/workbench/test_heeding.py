"""What a reader does is done whole, though another message of the browser comes in while it is being done."""

from __future__ import annotations

import ast
import sys
import warnings
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import cxmodel.workbench

ROOMS = Path(cxmodel.workbench.__file__).parent


def script() -> None:
    """Two buttons; each is pressed while the browser looks at what is running. Streamlit breaks the first one off."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from cxmodel.workbench.session.widgets import uninterrupted

    def press(done: str) -> None:
        """Do something in two steps, between which a message comes in."""
        context = get_script_run_ctx()
        assert context is not None and context.script_requests is not None
        context.script_requests.request_rerun(RerunData(query_string=context.query_string))
        st.session_state[done] = "begun"
        st.session_state[done] = "done"

    st.button("broken off", on_click=press, args=("bare",))
    st.button("heeded", on_click=uninterrupted(uninterrupted(press)), args=("whole",))
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
    st.text(f"{st.session_state.get('bare')}, {st.session_state.get('whole')}")


@pytest.mark.slow
def test_nothing_breaks_a_callback_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the message that came in is answered after it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    page = AppTest.from_function(script)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        assert page.run().text[0].value == "None, None"
        assert page.button[0].click().run().text[0].value == "None, None"  # else `uninterrupted` is needed no more
        before = page.session_state["drawn"]
        assert page.button[1].click().run().text[0].value == "None, done"
        assert page.session_state["drawn"] == before + 1  # the message waited, and one drawing answers both
    assert not page.exception


def pages() -> None:
    """Two pages; the second is asked for just when the first is to be drawn anew. Streamlit alone forgets it."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from cxmodel.workbench.session.widgets import redraw

    context = get_script_run_ctx()
    assert context is not None and context.script_requests is not None
    ways = st.session_state.setdefault("ways", [st.rerun, redraw])
    st.text(context.page_script_hash)
    if ways and context.page_script_hash != "second":
        draw = ways.pop(0)
        context.script_requests.request_rerun(RerunData(page_script_hash="second"))
        draw()


@pytest.mark.slow
def test_a_page_that_was_asked_for_comes_before_one_that_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a click in the navigation is lost, now and then, while a run comes in."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    page = AppTest.from_function(pages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        page.run()
        assert page.session_state["ways"] == []
        assert page.text[0].value == "second"
    assert not page.exception


@pytest.mark.slow
def test_every_callback_of_the_page_is_heeded() -> None:
    """Whoever adds a control finds out here: a plain function as callback is one that `uninterrupted` marks."""
    trees = [(file.name, ast.parse(file.read_text("utf-8"))) for file in ROOMS.rglob("*.py")]
    nodes = [(name, node) for name, tree in trees for node in ast.walk(tree)]
    marked = {
        node.name
        for _, node in nodes
        if isinstance(node, ast.FunctionDef) and "uninterrupted" in [ast.unparse(mark) for mark in node.decorator_list]
    }
    given = [
        (name, ast.unparse(keyword.value))
        for name, node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("on_change", "on_click")
    ]
    called = [(name, act) for name, act in given if act not in ("'rerun'", "'ignore'") and ".touched" not in act]
    assert len(given) > 40 and len(called) > 15
    bare = [(name, act) for name, act in called if act.rpartition(".")[2] not in marked]
    assert bare == [("explore.py", "mine.end"), ("explore.py", "mine.start"), ("explore.py", "mine.start")], bare
