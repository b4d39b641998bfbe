"""Widgets show what the address and the draft say, even where the browser was never told what the session holds."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from cxmodel.workbench import showing, turning


def script() -> None:
    """All that is set beside a picture, the strip's plan, and a page that is a choice."""
    import streamlit as st

    from cxmodel.workbench import controls, strip, view
    from cxmodel.workbench.pages import method

    seen = view.find(st.query_params.to_dict())
    strip._plans(seen)
    controls.show(seen)
    method.show(seen)


def test_what_a_widget_holds_is_its_default_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a drawing that tells the browser nothing new, a widget that has to be made again is made as it is."""
    monkeypatch.setenv("CXMODEL_WORKSPACE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(policies, "_shown_default_value_warning", True)  # as the page is served: see `cxmodel.serving`
    page = AppTest.from_function(script, default_timeout=60)
    page.query_params.update({"story": "pretty_app", "plan": "both", "people": "0.8", "runs": "60", "about": "words"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        page.run()
        assert page.run().selectbox[0].proto.set_value  # told again for a moment
        monkeypatch.setattr(showing, "AGAIN", 0.0)
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


def turning_script() -> None:
    """A choice that lives in the address."""
    import streamlit as st

    from cxmodel.workbench import turning

    st.button("choose", on_click=turning.put, kwargs={"about": "words"})
    st.text(turning.arrived()["about"])


def test_a_browser_that_has_not_heard_of_a_choice_does_not_undo_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the address that was left for a moment; whoever names it later means it; any other counts at once."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    page = AppTest.from_function(turning_script)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        page.query_params["about"] = "figures"
        assert page.run().text[0].value == "figures"
        assert page.button[0].click().run().text[0].value == "words"
        page.query_params["about"] = "figures"
        assert page.run().text[0].value == "words"
        page.query_params["about"] = "equations"
        assert page.run().text[0].value == "equations"
        monkeypatch.setattr(turning, "ECHO", 0.0)
        page.query_params["about"] = "figures"
        assert page.run().text[0].value == "figures"


def method_parts() -> list[str]:
    """The parts of the Method page, in order."""
    from cxmodel.workbench.pages.method import PARTS

    return list(PARTS)
