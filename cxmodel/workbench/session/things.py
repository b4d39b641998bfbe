"""What happens when a thing is renamed, moved, duplicated, added or removed: what else it reaches is asked about first.

A question waits in the session until it is answered or left; the text is changed by `scenario/editing/structure`.
Draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.scenario.describe.wording import singular
from cxmodel.scenario.editing import structure
from cxmodel.scenario.editing.structure import Effect, Outcome
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.workbench.drafts import form
from cxmodel.workbench.drafts.form import Form
from cxmodel.workbench.session import edits, view
from cxmodel.workbench.session.navigation import latest, settle
from cxmodel.workbench.session.widgets import uninterrupted

Verb = Literal["rename", "up", "down", "duplicate", "insert", "remove"]
ASKED: Final = "thing asked about"


@dataclass(frozen=True, slots=True)
class Question:
    """A thing, and what is to be done with it."""

    verb: Verb
    section: str
    id: str
    among: tuple[str, ...] = ()
    """The things beside it in the order in which they are seen, where that is not the order of the file."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done, with the name and the id that were given; implements `drafts.store.Change`."""

    question: Question
    neighbours: tuple[str, ...]
    """The things of its section, in their order."""
    label: str = ""
    """What it is to be called; empty where its id says that."""
    new: str = ""
    """The id that it, or what is added, is to have."""
    value: Any = None
    """What an added thing begins with."""

    def __call__(self, text: str, name: str, at: Path) -> Outcome:
        section, id = self.question.section, self.question.id
        place = self.neighbours.index(id)
        match self.question.verb:
            case "rename":
                done = structure.rename(text, section, id, self.new, name=name, at=at)
                if section == "plans":
                    return done
                return replace(
                    done, text=structure.relabel(done.text, section, self.new, self.label, name=name, at=at).text
                )
            case "up":
                return structure.move(text, section, id, before=self.neighbours[place - 1], name=name, at=at)
            case "down":
                return structure.move(text, section, id, after=self.neighbours[place + 1], name=name, at=at)
            case "duplicate":
                return structure.duplicate(text, section, id, self.new, self.label, name=name, at=at)
            case "insert":
                return structure.insert(text, section, self.new, self.value, after=id, name=name, at=at)
            case _:
                return structure.remove(text, section, id, name=name, at=at)


def asked() -> Question | None:
    """What waits to be answered."""
    question: Question | None = st.session_state.get(ASKED)
    return question


@uninterrupted
def leave() -> None:
    """Ask no more."""
    st.session_state.pop(ASKED, None)


def of(shown: Form, question: Question, name: str = "", id: str = "") -> Change:
    """The change that a question is, with what was entered; without an id, one is made from the name."""
    section = question.section
    taken = [key for key in shown.keys((section,)) if question.verb != "rename" or key != question.id]
    new = id or (id_of(name, taken, singular(section)) if name.strip() else "")
    label = "" if section == "plans" else label_beside(new, name)
    value: Any = None
    if question.verb == "insert":
        value = [] if section == "plans" else shown.starter((section, new or "new"))
        value = {"label": label, **value} if label else value
        if section == "journey":  # it lies in the same phase
            same = ("stage", "every") if shown.at((section, question.id, "stage")) == "renew" else ("stage",)
            value |= {key: form.number(shown.at((section, question.id, key))) for key in same}
    return Change(question, question.among or tuple(shown.keys((section,))), label, new, value)


def beside(change: Change, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What a change reaches besides what was asked for: that a touchpoint moved is lived elsewhere, was."""
    moved = change.question.verb in ("up", "down", "insert")
    return tuple(effect for effect in effects if not (moved and effect.path == "journey"))


def preview(change: Change) -> tuple[tuple[Effect, ...], str]:
    """What else a change would reach, and why it cannot be, if it cannot."""
    try:
        return beside(change, view.foreseen(latest(), change).effects), ""
    except CxModelError as error:
        return (), edits.told(error, (change.question.section, change.new or change.question.id))


@uninterrupted
def ask(change: Change) -> None:
    """Do it at once where it reaches nothing else and needs no name, else ask first."""
    leave()
    question = change.question
    st.session_state[f"menu {question.section}.{question.id}"] = False
    if question.verb not in ("rename", "duplicate", "insert"):
        effects, wrong = preview(change)
        if not effects:
            if wrong:
                edits.complain(f"{question.section}.{question.id}", wrong)
            else:
                do(change)
            return
    st.session_state[ASKED] = question


@uninterrupted
def do(change: Change) -> None:
    """Change the draft, which is seen under the same plan and of the same segment by their new names."""
    question = change.question
    dotted = f"{question.section}.{question.id}"
    try:
        now = latest()
        after = view.changed(now, change)
    except CxModelError as error:
        edits.complain(dotted, edits.told(error, (question.section, question.id)))
        return
    if question.verb == "rename":
        scenario = after.scenario
        if question.section == "plans" and now.plan == question.id:
            after = after.on_plan(change.new)
        if question.section == "segments" and now.segment == question.id and len(scenario.segments) > 1:
            after = after.of_segment(change.new)
    settle(after)
    edits.forget(dotted)
    leave()
    if question.verb in ("rename", "duplicate", "insert"):
        st.session_state[f"open {question.section}.{change.new}"] = True
