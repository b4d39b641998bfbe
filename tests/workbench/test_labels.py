"""Labels on the pages: shown as they are given, never as Markdown; what is named there gets an id and a label."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cxmodel.scenario import loads
from cxmodel.workbench.drafts.form import Form, entered
from cxmodel.workbench.drafts.store import Drafts
from cxmodel.workbench.plain_text import plain
from tests.support.labels import LABELLED, LABELS

FORM = Form(loads(LABELLED), loads(LABELLED), frozenset())


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace that holds the scenario of many scripts."""
    monkeypatch.setenv("CXMODEL_WORKSPACE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    (tmp_path / "labels.yaml").write_text(LABELLED, "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        yield tmp_path


def scenario_page() -> None:
    """The Company page and the choice of a plan, without the frame around them."""
    import streamlit as st

    from cxmodel.workbench.components import controls, header
    from cxmodel.workbench.pages import company
    from cxmodel.workbench.session import view

    seen = view.find(st.query_params.to_dict())
    header._plans(seen)
    header._segments(seen)
    controls.show(seen)
    company.show(seen)


def page_of(tab: str, *opened: str) -> AppTest:
    """The page at a tab, with entries opened."""
    page = AppTest.from_function(scenario_page, default_timeout=60)
    page.query_params["story"] = "labels"
    page.session_state["company tab"] = tab
    for dotted in opened:
        page.session_state[f"open {dotted}"] = True
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> list[str]:
    """The names of drawers, fields, buttons and switches as Streamlit gets them, and what may be chosen."""
    kinds = ("expander", "text_input", "selectbox", "multiselect", "slider", "toggle", "button", "text_area")
    widgets = [each for kind in kinds for each in page.get(kind)]
    return [str(each.label) for each in widgets] + [
        option for each in widgets for option in getattr(each.proto, "options", ())
    ]


def told(page: AppTest) -> str:
    """All that is drawn as HTML, as a reader sees it."""
    return unescape("\n".join(str(each.proto.body) for each in page.get("html"))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "sections"),
    [
        ("Proposition & promises", ["value_propositions", "brand_promises", "rivals"]),
        ("Journey", ["journey"]),
        ("Customers", ["segments", "attributes"]),
        ("Initiatives & plans", ["initiatives", "plans", "futures"]),
    ],
)
def test_entries_are_called_by_their_labels(workspace: Path, tab: str, sections: list[str]) -> None:
    """Each drawer by its label, to the letter; nowhere by its id but in the help of a change."""
    opened = [f"{section}.{id}" for section in sections for id in LABELS[section]]
    page = page_of(tab, *opened)
    names = [str(each.label) for each in page.get("expander")]
    for section in sections:
        assert [f"**{plain(label)}**" for label in LABELS[section].values() if f"**{plain(label)}**" not in names] == []
    assert [words for words in said(page) if "zq" in words.lower()] == [] and "zq" not in told(page).lower()


@pytest.mark.slow
def test_plans_segments_and_initiatives_are_chosen_by_their_labels(workspace: Path) -> None:
    """In the strip and among the switches."""
    page = page_of("YAML")
    chosen = {str(each.label): list(each.proto.options) for each in page.selectbox}
    assert chosen["Plan"] == ["Today (no action)", *LABELS["plans"].values()]
    assert chosen["Segment"] == ["All customers", *LABELS["segments"].values()]
    assert [str(each.label) for each in page.toggle] == [plain(label) for label in LABELS["initiatives"].values()]


@pytest.mark.parametrize(
    ("name", "id", "label"),
    [
        ("Same day delivery", "same_day_delivery", None),
        ("Café zur Post", "cafe_zur_post", "Café zur Post"),
        ("店", "dian", "店"),
        ("456", "n_456", "456"),
        ("😀", "grinning", "😀"),
        ("?!", "touchpoint", "?!"),
    ],
)
def test_what_is_named_gets_an_id_and_keeps_its_name(name: str, id: str, label: str | None) -> None:
    """The label stands beside the id where the id in words says less."""
    path, value = FORM.added(("journey",), name)
    assert path == ("journey", id) and value.get("label") == label


def test_a_plan_that_is_named_has_its_label_beside_an_empty_list() -> None:
    """And is a list alone where its id says enough."""
    assert FORM.added(("plans",), "Größer!") == (("plans", "grosser"), {"label": "Größer!", "initiatives": []})
    assert FORM.added(("plans",), "Bold") == (("plans", "bold"), [])
    assert FORM.added(("plans",), "As is")[0] == ("plans", "as_is_2")


def test_a_name_that_is_there_is_not_given_twice() -> None:
    """Whatever its capitals."""
    assert FORM.called(("journey",), "müller  café") == "Müller Café" and FORM.called(("journey",), "Muller") == ""


@pytest.mark.parametrize(("raw", "kept"), [("Zq cafe", "REMOVE"), ("Zum Müller", "Zum Müller"), ("", "REMOVE")])
def test_a_label_that_says_no_more_than_its_id_goes(raw: str, kept: Any) -> None:
    """Renaming something back to its id in words leaves no label."""
    field = FORM.leaf(("journey", "zq_cafe", "label"), FORM.fields(("journey", "zq_cafe"))["label"])
    assert str(entered(field, raw)) == kept


@pytest.mark.slow
def test_a_thing_is_added_and_renamed_in_the_browser(workspace: Path) -> None:
    """The draft's text holds the id and the label beside it; the drawer has the new name."""
    page = page_of("Journey")
    page.text_input(key="new journey").set_value("Café zur Post")
    page.button(key="add journey").click().run()
    assert not page.exception
    assert f"**{plain('Café zur Post')}**" in [str(each.label) for each in page.get("expander")]
    field = next(each for each in page.text_input if str(each.key).startswith("field journey.cafe_zur_post.label"))
    field.set_value("日本").run()
    assert not page.exception
    page.session_state["open journey.cafe_zur_post"] = False
    page.run()
    assert f"**{plain('日本')}**" in [str(each.label) for each in page.get("expander")]
    (id,) = [page.query_params["draft"]] if isinstance(page.query_params["draft"], str) else page.query_params["draft"]
    assert "  cafe_zur_post: {label: 日本, " in Drafts(workspace).get(id).text
