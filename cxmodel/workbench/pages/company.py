"""Company: every field of it, section by section, and its text; each change shown beside what the file says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from cxmodel.scenario.faults import KeyPath
from cxmodel.vocabulary import LEVERS
from cxmodel.workbench.components import forms, things, yaml_editor
from cxmodel.workbench.components.controls import SCALE
from cxmodel.workbench.drafts.form import Form
from cxmodel.workbench.session import edits
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

TAB: Final = "company tab"


def show(seen: View) -> None:
    """The tabs; only the open one is drawn."""
    form = edits.form_of(seen)
    things.question(form)
    asked = here().get("tab")
    if TAB not in st.session_state and asked in _TABS:
        st.session_state[TAB] = asked
    for tab, (name, draw) in zip(st.tabs(list(_TABS), key=TAB, on_change=_turned), _TABS.items(), strict=True):
        if not tab.open:
            continue
        with tab, st.container(key=f"cxtab {name}", gap="small"):
            if name == "YAML":
                yaml_editor.show(seen)
            else:
                draw(form)


@uninterrupted
def _turned() -> None:
    """Another tab: the address names it, so that a refresh finds it."""
    put(tab=st.session_state[TAB])


def _proposition(form: Form) -> None:
    with forms.drawer("About this scenario", "about", "name, question, horizon, currency") as about:
        if about.open:
            forms.cells([each for each in form.leaves(()) if each.path[0] != "schema"], "about")
    forms.heading("The proposition", "What is offered to chosen segments, at what price.")
    forms.entries(form, ("value_propositions",), opened=True)
    forms.heading("Brand promises", "What people are told to expect.")
    forms.entries(form, ("brand_promises",), opened=len(form.keys(("brand_promises",))) < 4)
    forms.heading("Rivals", "Other providers that people know; the best of them raises what is expected.")
    forms.entries(form, ("rivals",))


def _insight(form: Form) -> None:
    forms.heading("Insight sources", "How the company learns what customers need; without any it knows everything.")
    forms.entries(form, ("insight_sources",), opened=len(form.keys(("insight_sources",))) < 4)
    forms.heading("The survey", "Who is asked for the surveyed NPS, and who answers.")
    forms.part(form, ("survey",))
    forms.heading("Closed loop")
    forms.optional(form, ("closed_loop",))


def _levers(form: Form) -> None:
    forms.heading("The five Ps as they stand today", f"{SCALE}. To see what moving one would do, move it on the "
                  "Results page: there it is a change from today.")  # fmt: skip
    levels = [each for lever in LEVERS for each in form.leaves(("levers", lever)) if each.path[-1] == "level"]
    costs = [each for lever in LEVERS for each in form.leaves(("levers", lever)) if each.path[-1] == "cost"]
    forms.cells(levels, "levers")
    forms.subheading("What raising a lever by one costs")
    forms.cells(costs, "lever costs")
    forms.sources(form, [*levels, *costs], ("levers",))
    for key in ("culture", "single_view"):
        forms.optional(form, ("levers", key))


def _journey(form: Form) -> None:
    forms.heading("The journey", "Touchpoints in the order customers live them; open one to change it.")
    forms.entries(form, ("journey",))


def _customers(form: Form) -> None:
    forms.heading("Today’s figures", "The model starts from it.")
    forms.part(form, ("today",))
    forms.heading("Segments", "Customers with the same needs.")
    forms.entries(form, ("segments",), opened=len(form.keys(("segments",))) < 2)
    forms.heading("Attributes", "What customers judge.")
    forms.entries(form, ("attributes",))
    forms.heading("Economics: what a customer is worth")
    forms.optional(form, ("economics",))
    with forms.drawer("Parameters of the model", "assumptions", "as documented where not set") as drawer:
        if drawer.open:
            forms.part(form, ("assumptions",))


def _plans(form: Form) -> None:
    def plan(path: KeyPath) -> None:
        words = [form.leaf((*path, key), info) for key, info in form.fields(path).items() if key != "initiatives"]
        forms.cells([form.leaf(path), *words], ".".join(path))

    forms.heading("Initiatives", "What the company could do.")
    forms.entries(form, ("initiatives",))
    forms.heading("Plans", "Sets of initiatives worth comparing; today (no action) always exists.")
    forms.entries(form, ("plans",), plan)
    forms.heading("External scenarios", "What could happen to the company.")
    forms.entries(form, ("futures",))
    forms.heading("Targets", "What management expects, by metric.")
    forms.mapping(form, ("targets",))
    forms.heading("Expectations", "What has to hold of the results: `cxmodel check` fails where it does not.")
    forms.rows(form, ("expect",))


def _nothing(form: Form) -> None:
    """The YAML tab draws itself."""


_TABS: Final[dict[str, Callable[[Form], None]]] = {
    "Proposition & promises": _proposition,
    "Insight": _insight,
    "Five Ps": _levers,
    "Journey": _journey,
    "Customers": _customers,
    "Initiatives & plans": _plans,
    "YAML": _nothing,
}
