"""Fields drawn as widgets: one cell each, with its unit, source, badge and way back; parts and entries of them.

Widgets show the draft's values and send what is entered to `editing`; they keep nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from cxmodel.report.html_fragments import text
from cxmodel.scenario import Scenario
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.introspection import kind_at, parts_of, values_of
from cxmodel.scenario.yaml_text.paths import initiatives_in, is_of_plan
from cxmodel.vocabulary import LEVERS, humanise
from cxmodel.workbench.components import things
from cxmodel.workbench.drafts import form as fields
from cxmodel.workbench.drafts.form import Field, Form
from cxmodel.workbench.plain_text import coded, plain
from cxmodel.workbench.session import edits
from cxmodel.workbench.session.widgets import hold, uninterrupted

NOT_SAID: Final = "not set"
RARE: Final = ("owner", "doing", "thinking", "feeling", "as", "after", "contact_cost", "spend", "designed", "channels",
               "offsets")  # fmt: skip
"""What few scenarios say of a touchpoint."""
_ADD: Final = {
    "changes": "Change something else",
    "relies_on": "Add a lever",
    "targets": "Add a metric",
    "offsets": "Add a channel",
}
_LABELS: Final = {"as": "experienced as", "designed": "designed levels"}
WAYS: Final = {"Arrivals": "a steady stream", "Bass": "by themselves and from each other (Bass)"}
"""How a part that can be written in several ways is called, by way."""


def cells(drawn: Sequence[Field], key: str, narrow: bool = False) -> None:
    """Fields side by side, as many as fit."""
    if not drawn:
        return
    with st.container(key=f"{'cxlevels' if narrow else 'cxgrid'} {key}"):
        for each in drawn:
            cell(each)


def cell(field: Field) -> None:
    """One field, what is known about it, and the way back to the file's value."""
    wrong = edits.wrong(field.dotted)
    wide = " wide" if field.kind in ("prose", "names") else ""
    with st.container(key=f"cxcell{wide} {field.dotted}", gap=None):
        key = f"field {field.dotted}"
        _WIDGETS[field.kind](field, key, field.value if wrong is None else wrong.entered)
        notes = " · ".join(filter(None, (field.unit, field.source)))
        st.html(
            f'<div class="cx-under">{text(notes)}</div>'
            + (f'<div class="cx-wrong" role="alert">{coded(wrong.message)}</div>' if wrong is not None else "")
        )
        for choice in wrong.choices if wrong is not None else ():
            st.button(
                plain(choice),
                icon=":material/check:",
                key=f"plainly {choice} {field.dotted}",
                type="tertiary",
                on_click=edits.choose,
                args=(choice, field),
            )
        if wrong is not None and wrong.beyond:
            st.button(
                f"Enter {plain(str(wrong.entered))} without range and source",
                icon=":material/check:",
                key=f"plainly {field.dotted}",
                type="tertiary",
                on_click=edits.enter_plainly,
                args=(wrong.entered, field),
            )
        if wrong is not None or field.changed:
            back = "" if wrong is None else field.said(field.value)
            st.button(
                f"{'changed · ' if wrong is None else ''}back to {plain(back or field.was)}",
                icon=":material/undo:",
                key=f"back {field.dotted}",
                type="tertiary",
                on_click=edits.take_back,
                args=(field,),
                help="As in the file" if wrong is None else "As it was before",
            )


def part(form: Form, path: KeyPath) -> None:
    """All of a part: its values, what lies in it, what few say, and (on request) the sources of its numbers."""
    leaves = sorted(form.leaves(path), key=lambda each: each.kind == "prose")
    below = form.below(path)
    rare = RARE if path[0] == "journey" else ()
    plain = [each for each in leaves if each.path[-1] not in rare or _is_said(form, each.path)]
    cells(plain, ".".join(path))
    numbers = [each for each in plain if each.quantity is not None]
    for key, shape, told in below:
        if key not in rare or _is_said(form, (*path, key)):
            numbers += _below(form, (*path, key), shape, told)
    more = [key for key in rare if not _is_said(form, (*path, key))]
    if more:
        with drawer(
            "More", f"more {'.'.join(path)}", ", ".join(_LABELS.get(key, humanise(key, capital=False)) for key in more)
        ) as opens:
            if opens.open:
                cells([each for each in leaves if each.path[-1] in more], f"more {'.'.join(path)}")
                for key, shape, told in below:
                    if key in more:
                        _below(form, (*path, key), shape, told)
    sources(form, numbers, path)


def _is_said(form: Form, path: KeyPath) -> bool:
    """Whether there is anything at a path, or somebody has just tried to say it."""
    return form.at(path) is not None or edits.wrong(".".join(path)) is not None


def sources(form: Form, numbers: Sequence[Field], path: KeyPath) -> None:
    """Where numbers come from and how sure one is of them, to be opened."""
    said = [each for each in numbers if each.value is not None]
    if not said:
        return
    with drawer("Sources and ranges", f"sources {'.'.join(path)}") as opens:
        if not opens.open:
            return
        for each in said:
            cells(form.beside(each), f"beside {each.dotted}")


def entries(form: Form, path: KeyPath, draw: Callable[[KeyPath], None] | None = None, opened: bool = False) -> None:
    """The entries of a section, each to be opened, and a place to add one."""
    for key in form.keys(path):
        entry(form, (*path, key), draw, opened)
    _new(form, path)


def entry(form: Form, path: KeyPath, draw: Callable[[KeyPath], None] | None = None, opened: bool = False) -> None:
    """One entry of a section, drawn when it is open."""
    badge = "" if not form.is_changed(path) else "new" if form.is_new(path) else "changed"
    with drawer(_steady_name(form, path), ".".join(path), told(form, path), badge, opened) as opens:
        if opens.open:
            (draw or (lambda way: part(form, way)))(path)
            _removal(form, path)


def _steady_name(form: Form, path: KeyPath) -> str:
    """What an entry is called; while it is open, as it was when it was opened."""
    dotted, name = ".".join(path), form.name(path)
    names: dict[tuple[str, str], str] = st.session_state.setdefault("drawer names", {})
    key = form.scenario.name, dotted
    names[key] = names.get(key, name) if st.session_state.get(f"open {dotted}") else name
    return names[key]


def drawer(name: str, dotted: str, essence: str = "", badge: str = "", opened: bool = False) -> ExpanderContainer:
    """A part to be opened, with its essence beside its name; it stays open however it is edited, and on other tabs.

    Its label never changes while it is open: that would draw it anew, and who is typing in it would be thrown out.
    """
    key = f"open {dotted}"
    kept: dict[str, bool] = st.session_state.setdefault("drawers", {})
    if key not in st.session_state:
        st.session_state[key] = kept.get(dotted, opened)
    with st.container(key=f"cxentry {dotted}"):
        mark = f'<b class="cx-mark">{badge}</b>' if badge else ""
        st.html(f'<div class="cx-essence">{text(essence)}{mark}</div>')
        made = st.expander(f"**{plain(name)}**", key=key, on_change="rerun")
    kept[dotted] = bool(made.open)
    return made


def optional(form: Form, path: KeyPath) -> None:
    """A part that may be left out: begun, edited, removed."""
    sources(form, _below(form, path, "part", form.told(path[:-1]).get(path[-1], "")), path)


def mapping(form: Form, path: KeyPath) -> None:
    """Numbers by name."""
    drawn = form.levels(path)
    cells(drawn, ".".join(path), narrow=True)
    _another(form, path, form.domain(path))
    sources(form, drawn, path)


def told(form: Form, path: KeyPath) -> str:
    """The essence of an entry on one line."""
    value = form.at(path)
    if is_of_plan(path) and not (isinstance(value, dict) and value.get("what")):
        value = initiatives_in(value)
    if isinstance(value, list):
        return form.spoken("initiatives", value) if value else "nothing"
    if not isinstance(value, dict):
        return ""
    if path[0] == "expect":
        return ", ".join(f"{humanise(key, capital=False)} {form.spoken(key, item)}" for key, item in value.items())
    if isinstance(value.get("what"), str):
        return str(value["what"])
    words = [form.spoken(key, value[key]) for key in ("stage", "channel", "kind", "attribute") if key in value]
    for key in ("level", "customers", "prospects", "price"):
        if key in value:
            words.append(f"{key} {fields.spoken_value(fields.number(value[key]))}")
    if isinstance(value.get("changes"), dict):
        words += [f"{form.named(name)} {fields.spoken_value(to)}" for name, to in value["changes"].items()]
    for key in ("sees", "for", "delivers", "levels"):
        if isinstance(value.get(key), list):
            words.append(f"{key} {form.spoken(key, value[key])}")
        elif isinstance(value.get(key), dict):
            each = (
                f"{form.name((*path, key, name), capital=False)} {fields.spoken_value(fields.number(level))}"
                for name, level in value[key].items()
            )
            words.append(", ".join(each))
    return " · ".join(words)


def heading(words: str, help: str = "") -> None:
    """A heading within a page."""
    st.html(f'<h2 class="cx-part">{text(words)}</h2>' + (f'<div class="cx-note">{coded(help)}</div>' if help else ""))


def subheading(words: str, help: str = "") -> None:
    """A heading within an entry."""
    note = f' <span class="cx-note">{coded(help)}</span>' if help else ""
    st.html(f'<h3 class="cx-sub">{text(words)}{note}</h3>')


def _below(form: Form, path: KeyPath, shape: fields.Shape, told: str) -> list[Field]:
    """What lies in a part; the numbers in it that may carry a source."""
    name, dotted = form.name(path), ".".join(path)
    if shape == "part":
        if form.at(path) is None and _is_optional(path):
            _absent(form, path, name, told)
            return []
        subheading(name, told)
        leaves = form.leaves(path)
        cells(leaves, dotted)
        found = [each for each in leaves if each.quantity is not None]
        for key, below, what in form.below(path):
            found += _below(form, (*path, key), below, what)
        if form.at(path) is not None and _is_optional(path):
            _removal(form, path, f"Remove {form.name(path, capital=False)}")
        return found
    if shape == "levels":
        drawn, missing = form.levels(path), form.domain(path)
        if drawn or missing:
            subheading(name, told)
            cells(drawn, dotted, narrow=True)
            if missing:
                _another(form, path, missing)
        return drawn
    if shape == "changes":
        subheading(name, told)
        drawn = form.changes(path)
        cells(drawn, dotted)
        known = form.keys(path)
        _another(form, path, [each for each in fields.changeable(form.scenario) if each not in known])
        return drawn
    if shape == "grids":
        found = []
        for key in form.keys(path):
            found += _below(form, (*path, key), "levels", told)
        if missing := form.domain(path):
            subheading(name, told)
            _another(form, path, missing)
        return found
    if shape == "entries":
        return _entries_within(form, path, name, told)
    return []


def _entries_within(form: Form, path: KeyPath, name: str, told: str) -> list[Field]:
    """Parts by name within a part, such as needs: a row each."""
    subheading(name, told)
    found: list[Field] = []
    for key in form.keys(path):
        at = (*path, key)
        st.html(f'<div class="cx-rowname">{text(form.name(at))}</div>')
        leaves = form.leaves(at)
        cells(leaves, ".".join(at), narrow=True)
        _removal(form, at, f"Remove {form.name(at, capital=False)}")
        found += [each for each in leaves if each.quantity is not None]
    missing = form.domain(path)
    if missing:
        _another(form, path, missing)
    elif path[-1] not in fields.BY_ATTRIBUTE:
        _new(form, path)
    return found


def _absent(form: Form, path: KeyPath, name: str, told: str) -> None:
    """A part that is not there, and how to begin it."""
    dotted = ".".join(path)
    ways = parts_of(kind_at(Scenario, path))
    with st.container(key=f"cxabsent {dotted}", horizontal=True, vertical_alignment="center", gap="small"):
        for way in ways:
            words = f"Add {humanise(path[-1], capital=False)}" + (
                f": {WAYS.get(way.__name__, way.__name__)}" if len(ways) > 1 else ""
            )
            st.button(
                plain(words),
                icon=":material/add:",
                key=f"add {dotted} {way.__name__}",
                type="tertiary",
                on_click=edits.add,
                args=(path, form.starter(path, way)),
            )
        st.html(f'<div class="cx-note">{coded(told)}</div>')
    _complaint(dotted)


def _another(form: Form, path: KeyPath, missing: Sequence[str]) -> None:
    """A list to choose the next key of a mapping from."""
    dotted = ".".join(path)
    key = f"another {dotted}"
    words = _ADD.get(path[-1], "Add an attribute")

    @uninterrupted
    def chosen() -> None:
        name = st.session_state[key]
        if name is not None:
            value = (
                form.today(name)
                if path[-1] == "changes"
                else form.starter((*path, name), values_of(kind_at(Scenario, path)))
            )
            edits.add((*path, name), value, dotted)
            st.session_state[key] = None

    st.selectbox(
        words,
        missing,
        index=None,
        key=key,
        format_func=form.named if path[-1] == "changes" else lambda name: form.name((*path, name)),
        on_change=chosen,
        placeholder=f"{words} …",
        label_visibility="collapsed",
        width=420 if path[-1] == "changes" else 230,
    )
    _complaint(dotted)


def _new(form: Form, path: KeyPath) -> None:
    """A place to add an entry by name."""
    dotted, one = ".".join(path), fields.one_of_section(path)
    key = f"new {dotted}"

    @uninterrupted
    def added() -> None:
        name = str(st.session_state.get(key) or "").strip()
        if not name:
            edits.complain(dotted, "Give it a name first, such as Same-day delivery.")
        elif known := form.called(path, name):
            edits.complain(dotted, f"There is one of that name already: {known}.")
        else:
            edits.add(*form.added(path, name), dotted)
            st.session_state[key] = ""

    with st.container(key=f"cxnew {dotted}", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            f"New {one}", key=key, placeholder=f"Name of a new {one}", label_visibility="collapsed", width=280
        )
        st.button(f"Add {one}", icon=":material/add:", key=f"add {dotted}", on_click=added)
    _complaint(dotted)


def rows(form: Form, path: KeyPath) -> None:
    """A list of parts, such as expectations."""
    value = form.at(path)
    count = len(value) if isinstance(value, list) else 0
    for place in range(count):
        at = (*path, str(place))
        with drawer(f"{humanise(fields.one_of_section(path))} {place + 1}", ".".join(at), told(form, at)) as opens:
            if opens.open:
                cells(form.leaves(at), ".".join(at))
                _removal(form, at)
    at = (*path, str(count))
    value = form.starter(at) if count else [form.starter(at)]
    target = at if count else path
    st.button(
        f"Add {fields.one_of_section(path)}",
        icon=":material/add:",
        key=f"add {'.'.join(path)}",
        on_click=edits.add,
        args=(target, value, ".".join(path)),
    )
    _complaint(".".join(path))


def _removal(form: Form, path: KeyPath, words: str = "") -> None:
    """Buttons to take an entry out, and to have it as in the file."""
    dotted = ".".join(path)
    with st.container(key=f"cxremove {dotted}", horizontal=True, gap="small"):
        if things.has_menu(path):
            things.menu(form, path)
        else:
            st.button(
                plain(words or f"Remove {form.name(path, capital=False) if not path[-1].isdecimal() else 'it'}"),
                icon=":material/delete:",
                key=f"remove {dotted}",
                type="tertiary",
                on_click=edits.remove,
                args=(path,),
            )
        if len(path) == 2 and isinstance(form.at(path), dict) and form.is_changed(path) and not form.is_new(path):
            st.button(
                "All of it as in the file",
                icon=":material/undo:",
                key=f"back {dotted}",
                type="tertiary",
                on_click=edits.reset,
                args=(dotted,),
            )
    _complaint(dotted)


def _complaint(dotted: str) -> None:
    """Why something could not be added or removed."""
    wrong = edits.wrong(dotted)
    if wrong is not None:
        st.html(f'<div class="cx-wrong" role="alert">{coded(wrong.message)}</div>')


def _slider(field: Field, key: str, value: Any) -> None:
    level = float(field.default if value is None else value)
    even = abs(level * 20 - round(level * 20)) < 1e-9
    held = hold(key, level)
    st.slider(
        plain(field.label), 0.0, 1.0, held.value, step=0.05 if even else 0.01, format="%.2f", key=held.name,
        help=field.help, on_change=held.touched, args=(edits.enter, field),
    )  # fmt: skip


def _amount(field: Field, key: str, value: Any) -> None:
    """A number is text too: Streamlit's field for numbers puts back what was there when it is emptied."""
    held = hold(key, fields.written(value))
    st.text_input(
        plain(field.label), held.value, key=held.name, help=field.help, placeholder=_placeholder(field),
        on_change=held.touched, args=(edits.enter, field),
    )  # fmt: skip


def _prose(field: Field, key: str, value: Any) -> None:
    held = hold(key, fields.written(value))
    st.text_area(
        plain(field.label), held.value, key=held.name, help=field.help, placeholder=_placeholder(field),
        height=68, on_change=held.touched, args=(edits.enter, field),
    )  # fmt: skip


def _choice(field: Field, key: str, value: Any) -> None:
    options = list(field.options)
    if value is not None and value not in options:
        options.append(value)
    held = hold(key, value)
    st.selectbox(
        plain(field.label), options, index=None if held.value is None else options.index(held.value), key=held.name,
        help=field.help, placeholder=_placeholder(field), format_func=field.called,
        on_change=held.touched, args=(edits.enter, field),
    )  # fmt: skip


def _switch(field: Field, key: str, value: Any) -> None:
    held = hold(key, bool(field.default if value is None else value))
    st.toggle(
        plain(field.label), held.value, key=held.name, help=field.help,
        on_change=held.touched, args=(edits.enter, field),
    )  # fmt: skip


def _names(field: Field, key: str, value: Any) -> None:
    held = hold(key, [str(each) for each in value] if isinstance(value, list) else [])
    st.multiselect(
        plain(field.label), list(dict.fromkeys([*field.options, *held.value])), held.value, key=held.name,
        help=field.help, placeholder=_placeholder(field), format_func=field.called, on_change=held.touched,
        args=(edits.enter, field),
    )  # fmt: skip


_WIDGETS: Final[dict[str, Callable[[Field, str, Any], None]]] = {
    "slider": _slider,
    "amount": _amount,
    "text": _amount,
    "prose": _prose,
    "choice": _choice,
    "switch": _switch,
    "names": _names,
}


def _placeholder(field: Field) -> str:
    if field.default not in (None, "", []):
        return field.said(field.default)
    return "has to be set" if field.required else NOT_SAID


def _is_optional(path: KeyPath) -> bool:
    """Whether a part may be left out altogether."""
    return path[-1] not in ("today", "survey", "levers", "assumptions") and not (
        path[0] == "levers" and path[-1] in LEVERS
    )
