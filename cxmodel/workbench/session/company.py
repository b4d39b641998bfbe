"""What happens when something is entered about a new company: its draft follows, or the page says why it cannot.

The draft is written from the first moment; its id and the step stand in the address. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.report.text.numbers import count
from cxmodel.scenario.editing.structure import Effect
from cxmodel.scenario.fields.ids import id_of
from cxmodel.workbench.drafts.draft import Draft
from cxmodel.workbench.drafts.store import Change
from cxmodel.workbench.new_company import paste, starts
from cxmodel.workbench.new_company.company_text import MOST_TOLD, CompanyText, Unclear, change, why
from cxmodel.workbench.new_company.table import Sheet, Touch
from cxmodel.workbench.session import url, view
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

STEPS: Final = ("Start from", "Today", "Journey and experience", "Promises and rivals", "Ideas", "First answer")
SAID: Final = "said of a new company"
ASKED: Final = "removal asked about"
RENAMED: Final = "renamed rows"
DONE: Final = {"remove": "Removed", "remove_column": "Removed", "duplicate": "Duplicated"}
"""What is said to be done where it reached other places too."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of what was entered last."""

    words: str
    wrong: bool = False
    meanings: tuple[tuple[str, Sheet, Touch], ...] = ()
    """What was entered, in each way that it can be meant."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Something that is to be removed, and what else changes by that."""

    draft: str
    sheet: Sheet
    touch: Touch
    name: str
    effects: tuple[Effect, ...]


def seen() -> View | None:
    """The company that the address names; None before there is one. Raises what `view.find` raises."""
    address = url.here()
    return view.find({"draft": address["draft"], "plan": "as_is"}) if "draft" in address else None


def step() -> int:
    """The step that the address names, from 1."""
    told = url.here().get("step", "")
    return int(told) if told.isdecimal() and 0 < int(told) <= len(STEPS) and "draft" in url.here() else 1


def start() -> str:
    """What the company began with, as far as the address says."""
    return url.here().get("start", "")


def begin_with(way: str) -> None:
    """The kind of thing to begin with, of which one is still to be chosen."""
    url.put(start=way)


@uninterrupted
def turn(to: int) -> None:
    """Go to a step; whoever goes on without a name has a company all the same."""
    st.session_state.pop(SAID, None)
    keep()
    if "draft" not in url.here():
        begin(starts.NAME, starts.blank(starts.NAME))
    url.put(step=str(to))


def begin(name: str, text: str, start: str = "blank") -> None:
    """A draft of a company, whose address the page has from now on."""
    draft = view.drafts().upload(f"{id_of(name, otherwise='company')}.yaml", text)
    url.write({"draft": draft.id, "start": start, "step": str(step())})


def call(name: str) -> None:
    """The company's name: with it the draft begins."""
    words = " ".join(name.split())

    def named(draft: Draft | None) -> None:
        if draft is None:
            begin(words, starts.blank(words), start() or "blank")
        else:
            view.drafts().call(draft.id, words)

    if words:
        _try(named)


def restart(made: Callable[[str], str], start: str, words: Callable[[], str] = str) -> bool:
    """Begin with something else, under the same name, if it can be read; what was there comes back with Undo.

    `words` say what was taken.
    """

    def begun(draft: Draft | None) -> None:
        text = made(draft.title if draft is not None else starts.NAME)
        if draft is None:
            begin(starts.NAME, text, start)
            return

        def instead(company: CompanyText) -> None:
            company.text = text
            company.edit({("name",): company.scenario.name})

        view.drafts().change(draft.id, _whole(instead))
        url.put(start=start)

    st.session_state.pop(SAID, None)
    done = _try(begun)
    if done and (told := words()):
        st.session_state[SAID] = Said(told)
    return done


def _whole(act: Callable[[CompanyText], None]) -> Change:
    """A change that takes the place of the whole text, comments and all."""
    from cxmodel.scenario.editing.structure import Outcome

    def done(text: str, name: str, at: object) -> Outcome:
        company = CompanyText(text, name, at)  # type: ignore[arg-type]
        act(company)
        return Outcome(company.text)

    return done


def heard(sheet: Sheet, touches: Sequence[Touch]) -> None:
    """What was done in a table, each a step to undo; a removal that reaches more is asked about first."""
    st.session_state.pop(SAID, None)
    keep()
    for touch in touches:
        _try(lambda draft, touch=touch: _heard(draft, sheet, touch, asking=True))  # type: ignore[misc]


@uninterrupted
def mean(sheet: Sheet, touch: Touch) -> None:
    """One of the things that were meant by what was entered."""
    heard(sheet, [touch])


def asked() -> Removal | None:
    """The removal that waits for an answer."""
    removal: Removal | None = st.session_state.get(ASKED)
    return removal if removal is not None and removal.draft == url.here().get("draft") else None


@uninterrupted
def keep() -> None:
    """Remove nothing, and ask no more."""
    st.session_state.pop(ASKED, None)


@uninterrupted
def remove(removal: Removal) -> None:
    """Remove what was asked about, with all that this reaches."""
    keep()
    st.session_state.pop(SAID, None)
    _try(lambda draft: _heard(draft, removal.sheet, removal.touch, asking=False))


def _heard(draft: Draft | None, sheet: Sheet, touch: Touch, *, asking: bool) -> None:
    if draft is None:
        return
    names: dict[str, str] = st.session_state.setdefault(RENAMED, {})
    value = _now(touch.value, draft, names) if touch.verb == "move" else touch.value
    touch = Touch(touch.verb, _now(touch.row, draft, names), _now(touch.column, draft, names), value)
    if asking and touch.verb in ("remove", "remove_column") and (removal := _removal(draft, sheet, touch)).effects:
        st.session_state[ASKED] = removal
        return
    reached: list[str] = []

    def act(company: CompanyText) -> None:
        if touch.verb == "paste":
            taken = paste.take(company, sheet, touch)
            names.update(taken.renamed)
            st.session_state[SAID] = Said(taken.words)
            return
        names.update(sheet.heed(company, touch) or {})
        reached.extend(effect.words for effect in company.effects if touch.verb in DONE)

    try:
        view.drafts().change(draft.id, change(act))
    except Unclear as unclear:
        refuse(str(unclear), tuple((way, sheet, replace(touch, value=way)) for way in unclear.ways))
        return
    if reached:
        also = "; ".join(reached[:MOST_TOLD])
        more = f"; and {len(reached) - MOST_TOLD} more" if len(reached) > MOST_TOLD else ""
        places = count(len(reached), "other place")
        st.session_state[SAID] = Said(
            f"{DONE[touch.verb]}; this also changed {places}: {also}{more}. Undo brings it back."
        )


def _removal(draft: Draft, sheet: Sheet, touch: Touch) -> Removal:
    """What removing a row or an attribute would come to; raises what the removal would."""
    attribute = touch.verb == "remove_column"
    section, id = ("attributes", touch.column.partition(":")[2]) if attribute else touch.thing

    def act(company: CompanyText) -> None:
        sheet.heed(company, touch)

    done = change(act)(draft.text, draft.name, view.drafts().place(draft))
    name = view.drafts().scenario(draft).label(section, id)
    return Removal(draft.id, sheet, touch, name, done.effects)


def _now(name: str, draft: Draft, names: dict[str, str]) -> str:
    """What a row or a column is called now, where it was named otherwise since the page was drawn."""
    for _ in range(len(names)):
        if name not in names or names[name] == name or _is_there(name, draft):
            break
        name = names[name]
    return name


def _is_there(name: str, draft: Draft) -> bool:
    """Whether there is still something of this id."""
    section, _, id = name.partition(":" if name.startswith("a:") else ".")
    held = view.drafts().scenario(draft).written.get("attributes" if section == "a" else section)
    return isinstance(held, dict) and id in held


def act(act: Callable[[CompanyText], None], words: str = "") -> bool:
    """Something done to the text as a whole, such as a block pasted; whether it could be."""
    st.session_state.pop(SAID, None)

    def done(draft: Draft | None) -> None:
        if draft is None:
            begin(starts.NAME, starts.blank(starts.NAME))
            draft = view.drafts().get(url.here()["draft"])
        view.drafts().change(draft.id, change(act))
        if words:
            st.session_state[SAID] = Said(words)

    return _try(done)


@uninterrupted
def undo(way: int) -> None:
    """A step back or forth."""
    st.session_state.pop(SAID, None)
    keep()
    store = view.drafts()
    _try(lambda draft: (store.undo if way < 0 else store.redo)(draft.id) if draft is not None else None)


def said() -> Said | None:
    """What is said of what was entered last."""
    told: Said | None = st.session_state.get(SAID)
    return told


def refusals() -> int:
    """How often something could not be: each has the tables drawn as they were."""
    return int(st.session_state.get(f"{SAID}, refused", 0))


def _try(done: Callable[[Draft | None], object]) -> bool:
    """Do it to the draft as it is now, or say why it cannot be."""
    id = url.here().get("draft")
    try:
        done(view.drafts().get(id) if id else None)
    except CxModelError as error:
        refuse(why(error))
        return False
    return True


def refuse(words: str, meanings: tuple[tuple[str, Sheet, Touch], ...] = ()) -> None:
    """Say why something was not taken, and what may have been meant."""
    st.session_state[SAID] = Said(words, True, meanings)
    st.session_state[f"{SAID}, refused"] = refusals() + 1
