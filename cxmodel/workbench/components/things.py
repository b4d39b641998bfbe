"""The menu of a thing: rename, move up and down, duplicate, insert, remove; and the question before it, with its reach.

What happens is in `session/things`; this draws.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxmodel.scenario.describe.wording import singular
from cxmodel.scenario.editing.mentions import SECTIONS
from cxmodel.scenario.editing.structure import Effect
from cxmodel.scenario.faults import KeyPath
from cxmodel.workbench.drafts.form import Form
from cxmodel.workbench.plain_text import coded, plain
from cxmodel.workbench.session import things
from cxmodel.workbench.session.things import Question, Verb
from cxmodel.workbench.session.widgets import redraw

_ONE: Final = {"journey": "touchpoint", "futures": "external scenario"}
"""What one thing of a section is called, where the section's name does not say it."""
_MENU: Final[dict[Verb, tuple[str, str]]] = {
    "rename": ("Rename …", ":material/edit:"),
    "up": ("Move up", ":material/arrow_upward:"),
    "down": ("Move down", ":material/arrow_downward:"),
    "duplicate": ("Duplicate …", ":material/content_copy:"),
    "insert": ("Insert one below …", ":material/add:"),
    "remove": ("Remove", ":material/delete:"),
}
_DO: Final[dict[Verb, str]] = {
    "rename": "Rename", "up": "Move it up", "down": "Move it down", "duplicate": "Duplicate", "insert": "Insert",
    "remove": "Remove",
}  # fmt: skip
_ACROSS: Final[dict[Verb, str]] = {"up": "Move it left", "down": "Move it right", "insert": "Insert after"}
"""The same where things stand side by side."""
MOST: Final = 12
"""Places that a preview shows in full."""


def has_menu(path: KeyPath) -> bool:
    """Whether what lies at a path is a thing with an id."""
    return len(path) == 2 and path[0] in SECTIONS


def menu(form: Form, path: KeyPath) -> None:
    """Everything that can be done with a thing as a whole."""
    section, id = path
    dotted, names = ".".join(path), form.keys((section,))
    idle = {"up": id == names[0], "down": id == names[-1]}
    opens = st.popover(
        "Rename, move, copy, remove",
        icon=":material/more_vert:",
        key=f"menu {dotted}",
        type="tertiary",
        on_change="rerun",
    )
    with opens, st.container(key=f"cxmenu {dotted}", gap=None):
        for verb, (words, icon) in _MENU.items():
            st.button(
                words,
                icon=icon,
                key=f"{verb} {dotted}",
                type="tertiary",
                width="stretch",
                disabled=idle.get(verb, False),
                on_click=things.ask,
                args=(things.of(form, Question(verb, section, id)),),
            )


def question(form: Form) -> None:
    """What is asked before a thing is changed, if anything is."""
    asked = things.asked()
    if asked is None:
        return
    if asked.id not in form.keys((asked.section,)):
        things.leave()
        return
    name = form.scenario.label(asked.section, asked.id)
    below = _ACROSS["insert"] if asked.among else "Insert below"
    said = f"{below} {plain(name)}" if asked.verb == "insert" else f"{_does(asked)}: {plain(name)}"
    st.dialog(said, on_dismiss=things.leave)(_asked)(form, asked, name)


def _asked(form: Form, asked: Question, name: str) -> None:
    """The name and id it is to have, what else changes, and the button."""
    if things.asked() != asked:  # answered: the page is drawn anew, and the question goes
        redraw()
    one = _ONE.get(asked.section, singular(asked.section))
    given, id = "", ""
    if asked.verb in ("rename", "duplicate", "insert"):
        first = {"rename": name, "duplicate": _free_name(form, asked.section, name)}.get(asked.verb, "")
        given = st.text_input(
            f"Name of the {one}",
            first,
            key=f"name of {asked.verb} {asked.section}.{asked.id}",
            placeholder="In any words",
        )
        if asked.verb == "rename" and asked.section != "plans":
            id = st.text_input(
                "Id in the file", asked.id, key=f"id of {asked.section}.{asked.id}",
                help="What the YAML file, JSON and the command line call it: small letters, digits and `_`.",
            )  # fmt: skip
    change = things.of(form, asked, given, id)
    effects, wrong = things.preview(change) if change.new or asked.verb in ("up", "down", "remove") else ((), "")
    if wrong:
        st.html(f'<div class="cx-wrong" role="alert">{coded(wrong)}</div>')
    reach(effects)
    with st.container(horizontal=True, gap="small"):
        ready = not wrong and (bool(change.new) or asked.verb in ("up", "down", "remove"))
        st.button(_does(asked), key="do it", type="primary", disabled=not ready, on_click=things.do, args=(change,))
        st.button("Leave it as it is", key="leave it", on_click=things.leave)


def _does(asked: Question) -> str:
    """What the button does."""
    return _ACROSS[asked.verb] if asked.among and asked.verb in ("up", "down") else _DO[asked.verb]


def reach(effects: tuple[Effect, ...]) -> None:
    """What else changes, place by place."""
    if not effects:
        return
    rows = "".join(
        f"<li>{coded(_capital(effect.words))}"
        + (f' <span class="cx-note">line {effect.line}</span>' if effect.line else "")
        + "</li>"
        for effect in effects[:MOST]
    )
    more = f"<li>and {len(effects) - MOST} more</li>" if len(effects) > MOST else ""
    count = f"{len(effects)} other place{'s' if len(effects) != 1 else ''}"
    st.html(f'<div id="reach">This also changes {count}:<ul>{rows}{more}</ul></div>')


def _capital(words: str) -> str:
    """Words with a capital letter at the beginning."""
    return words[:1].upper() + words[1:]


def _free_name(form: Form, section: str, name: str) -> str:
    """A name for a copy that is not taken."""
    number = 2
    while things.of(form, Question("rename", section, ""), f"{name} {number}").new in form.keys((section,)):
        number += 1
    return f"{name} {number}"
