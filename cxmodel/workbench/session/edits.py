"""What happens when a field is changed: an edit of the draft, or a message beside the field. Draws nothing.

Every edit is made of what the page's address names now, not of what was drawn before: two quick changes of a file that
nobody has edited yet land in one draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.paths import REMOVE, OutOfRange, is_fact, value_at
from cxmodel.workbench.drafts import form
from cxmodel.workbench.drafts.form import Field, Form
from cxmodel.workbench.session import view
from cxmodel.workbench.session.navigation import latest, settle
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was entered and cannot be, and why."""

    entered: Any
    message: str
    beyond: bool = False
    """Whether it is only outside the range of what was there: without that and its source, it can be."""
    choices: tuple[str, ...] = ()
    """What it may mean, as it can be entered."""


def form_of(seen: View) -> Form:
    """The fields of a scenario, beside its file."""
    if seen.draft is None:
        return Form(seen.scenario, seen.scenario, frozenset())
    store = view.drafts()
    return Form(seen.scenario, store.original(seen.draft), frozenset(row.path for row in store.rows(seen.draft)))


def wrong(dotted: str) -> Wrong | None:
    """What was entered in a field and cannot be."""
    return _all_wrong().get(dotted)


def forget(dotted: str = "") -> None:
    """Leave what was entered wrongly in a field, or in all."""
    known = _all_wrong()
    for path in list(known) if not dotted else [dotted]:
        known.pop(path, None)


def complain(dotted: str, message: str) -> None:
    """Say beside a field what is missing."""
    _all_wrong()[dotted] = Wrong(None, message)


def enter(raw: Any, field: Field) -> None:
    """A field was changed: the draft follows, or the field says why it cannot."""
    try:
        value = form.entered(field, raw, latest().scenario.currency)
        if value is REMOVE and field.value is None:
            forget(field.dotted)
            return
        make(_edits(field, value))
    except CxModelError as error:
        why, beyond = told(error, field.path), isinstance(error, OutOfRange)
        _all_wrong()[field.dotted] = Wrong(raw, why, beyond, form.choices(field, raw))
    else:
        forget(field.dotted)


@uninterrupted
def choose(raw: str, field: Field) -> None:
    """One of the things that were meant by what was entered."""
    enter(raw, field)


@uninterrupted
def enter_plainly(raw: Any, field: Field) -> None:
    """A number of one's own in the place of a sourced one, whose range and source go."""
    try:
        value = form.entered(field, raw, latest().scenario.currency)
        make({field.path: {"value": getattr(value, "value", value)}})
    except CxModelError as error:
        _all_wrong()[field.dotted] = Wrong(raw, told(error, field.path))
    else:
        forget(field.dotted)


@uninterrupted
def take_back(field: Field) -> None:
    """Back to what the file says; a wrong entry that changed nothing just goes."""
    was_wrong = wrong(field.dotted) is not None
    forget(field.dotted)
    if not was_wrong:
        reset(field.dotted)


@uninterrupted
def reset(dotted: str) -> None:
    """What lies at a path is as in the file."""
    seen = latest()
    if seen.draft is None:
        return
    try:
        settle(view.shown(seen, view.drafts().reset(seen.draft.id, dotted)))
    except CxModelError as error:
        _all_wrong()[dotted] = Wrong(None, told(error, tuple(dotted.split("."))))


@uninterrupted
def add(path: KeyPath, value: Any, opened: str = "") -> None:
    """Something new at a path; the entry is opened."""
    dotted = ".".join(path)
    try:
        make({path: value})
    except CxModelError as error:
        _all_wrong()[opened or dotted] = Wrong(None, told(error, path))
    else:
        forget(opened or dotted)
        st.session_state[f"open {dotted}"] = True


@uninterrupted
def remove(path: KeyPath) -> None:
    """Take something out; what still needs it is told."""
    dotted = ".".join(path)
    try:
        make({path: REMOVE})
    except CxModelError as error:
        _all_wrong()[dotted] = Wrong(None, told(error, path))
    else:
        forget(dotted)


def make(edits: Mapping[KeyPath, Any]) -> None:
    """Edit the draft, which begins with the first edit that can be. Raises what the draft raises."""
    settle(view.edited(latest(), edits))


def told(error: CxModelError, path: KeyPath) -> str:
    """Why something cannot be, as `validate` says it."""
    return form.message(error.problems, path) if isinstance(error, ScenarioError) else str(error)


def _edits(field: Field, value: Any) -> dict[KeyPath, Any]:
    """The edits that a field's new value is; a number that gets its first source becomes a number with a source."""
    *above, key = field.path
    if key in form.FACT_KEYS[1:]:
        number = value_at(latest().scenario._document.plain, tuple(above))
        if number is not REMOVE and not is_fact(number) and not isinstance(number, dict | list):
            return {tuple(above): {"value": number, key: getattr(value, "value", value)}}
    return {field.path: value}


def _all_wrong() -> dict[str, Wrong]:
    """Everything entered wrongly on this page, by path."""
    known: dict[str, Wrong] = st.session_state.setdefault("wrong", {})
    return known
