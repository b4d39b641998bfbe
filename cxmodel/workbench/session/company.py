"""What happens when something is entered about a new company: its draft follows, or the page says why it cannot.

The draft is written from the first moment; its id and the step stand in the address. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.report.text.numbers import count
from cxmodel.scenario.fields.ids import id_of
from cxmodel.workbench.drafts.draft import Draft
from cxmodel.workbench.drafts.store import Change
from cxmodel.workbench.new_company import starts
from cxmodel.workbench.new_company.company_text import CompanyText, change
from cxmodel.workbench.new_company.table import Heed, Touch
from cxmodel.workbench.session import url, view
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

STEPS: Final = ("Start from", "Today", "Journey and experience", "Promises and rivals", "Ideas", "First answer")
SAID: Final = "said of a new company"
RENAMED: Final = "renamed rows"
MOST_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of what was entered last."""

    words: str
    wrong: bool = False


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


def heard(heed: Heed, touches: Sequence[Touch]) -> None:
    """What was done in a table, each a step to undo."""
    st.session_state.pop(SAID, None)
    for touch in touches:
        _try(lambda draft, touch=touch: _heard(draft, heed, touch))  # type: ignore[misc]


def _heard(draft: Draft | None, heed: Heed, touch: Touch) -> None:
    if draft is None:
        return
    names: dict[str, str] = st.session_state.setdefault(RENAMED, {})
    touch = Touch(touch.verb, _now(touch.row, draft, names), _now(touch.column, draft, names), touch.value)
    reached: list[str] = []

    def act(company: CompanyText) -> None:
        names.update(heed(company, touch) or {})
        reached.extend(effect.words for effect in company.effects if touch.verb in ("remove", "remove_column"))

    view.drafts().change(draft.id, change(act))
    if reached:
        also = "; ".join(reached[:MOST_TOLD])
        more = f"; and {len(reached) - MOST_TOLD} more" if len(reached) > MOST_TOLD else ""
        places = count(len(reached), "other place")
        st.session_state[SAID] = Said(f"Removed; this also changed {places}: {also}{more}. Undo brings it back.")


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
    except ScenarioError as error:
        refuse("; ".join(f"{each.message}: {each.expected}" if each.expected else each.message
                         for each in error.problems[:MOST_TOLD]))  # fmt: skip
        return False
    except CxModelError as error:
        refuse(str(error))
        return False
    return True


def refuse(words: str) -> None:
    """Say why something was not taken."""
    st.session_state[SAID] = Said(words, wrong=True)
    st.session_state[f"{SAID}, refused"] = refusals() + 1
