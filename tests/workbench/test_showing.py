"""Widgets show what the draft and the address say; what a browser says that has not heard of it undoes nothing."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AppTest's own warnings are not ours, and it leaves a module of its own behind."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def controls_script() -> None:
    """All that is set beside a picture, the strip's plan, and a page that is a choice."""
    import streamlit as st

    from cxmodel.workbench.components import controls, header
    from cxmodel.workbench.pages import guide
    from cxmodel.workbench.session import view

    seen = view.find(st.query_params.to_dict())
    header._plans(seen)
    controls.show(seen)
    guide.show(seen)


@pytest.mark.slow
def test_a_widget_begins_with_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a drawing that tells the browser nothing new, a widget that has to be made again is made as it is."""
    monkeypatch.setenv("CXMODEL_WORKSPACE", str(tmp_path))
    page = AppTest.from_function(controls_script, default_timeout=60)
    page.query_params.update({"story": "pretty_app", "plan": "both", "people": "0.8", "runs": "60", "about": "words"})
    page.run()
    page.run()
    assert not page.exception
    seen: dict[str, Any] = {}
    for box in page.selectbox:
        assert not box.proto.set_value
        seen[str(box.key)] = box.proto.options[box.proto.default]
    for slider in page.slider:
        seen[str(slider.key)] = list(slider.proto.default)
    for toggle in page.toggle:
        seen[str(toggle.key)] = toggle.proto.default
    assert seen["plan"] == "My plan" and seen["replications"] == "60"
    assert seen["lever people"] == [0.8] and seen["initiative real_tracking"] is True
    assert [list(group.proto.default) for group in page.button_group] == [[list(method_parts()).index("words")]]


def lever_script() -> None:
    """A lever, what it stands at, and a way back."""
    import streamlit as st

    from cxmodel.workbench.session import widgets

    def move(level: float) -> None:
        st.session_state["level"] = level
        st.session_state["moves"] = st.session_state.get("moves", 0) + 1

    widgets.begin()
    held = widgets.hold("lever", st.session_state.setdefault("level", 0.5))
    st.slider("Lever", 0.0, 1.0, held.value, key=held.name, on_change=held.touched, args=(move,))
    widgets.finish()
    st.button("back", on_click=st.session_state.__setitem__, args=("level", 0.5))


@pytest.mark.slow
def test_a_widget_that_has_to_show_something_else_is_made_anew() -> None:
    """Whoever moves it is left alone; what the old one still says of itself is no touch."""
    page = AppTest.from_function(lever_script).run()
    first = page.slider[0].key
    page.slider[0].set_value(0.7)
    told_by_the_old = page._tree.get_widget_states()
    page.run()
    assert (page.slider[0].key, page.slider[0].value, page.session_state["level"]) == (first, 0.7, 0.7)
    page.button[0].click().run()
    assert page.slider[0].key != first and page.slider[0].value == 0.5
    page._run(told_by_the_old)
    assert page.session_state["level"] == page.slider[0].value == 0.5 and page.session_state["moves"] == 1
    page.slider[0].set_value(0.9).run()
    assert page.session_state["level"] == page.slider[0].value == 0.9 and not page.exception


def address_script() -> None:
    """A choice that lives in the address."""
    import streamlit as st

    from cxmodel.workbench.session import url

    url.arrive()
    st.button("choose", on_click=url.put, kwargs={"about": "words"})
    st.text(url.here()["about"])


@pytest.mark.slow
def test_a_browser_that_has_not_heard_of_an_address_does_not_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the one that was left until it has heard; from then on, and for whoever goes back, it is meant."""
    page = AppTest.from_function(address_script)

    def shown(named: str, back: bool = False) -> str:
        page.query_params["about"] = named
        with monkeypatch.context() as now:
            if back:
                now.setattr(ScriptRunner, "_run_script", going_back(ScriptRunner._run_script))
            return str(page.run().text[0].value)

    assert shown("figures") == "figures"
    assert page.button[0].click().run().text[0].value == "words"
    assert shown("figures") == "words"  # it has not heard yet
    assert shown("equations") == "equations"  # a link
    assert page.button[0].click().run().text[0].value == "words"
    assert shown("equations", back=True) == "equations"
    assert page.button[0].click().run().text[0].value == "words"
    assert shown("words") == "words"  # it has heard
    assert shown("equations") == "equations"


def going_back(run: Any) -> Any:
    """A run that the browser's back button began."""
    from dataclasses import replace

    def begun(self: ScriptRunner, data: Any) -> None:
        run(self, replace(data, is_history_navigation=True))

    return begun


def method_parts() -> list[str]:
    """The parts of the page Guide, in order."""
    from cxmodel.workbench.pages.guide import PARTS

    return list(PARTS)
