"""The header strip: scenario, plan, segment, changes, undo and redo, saving, and how fresh the numbers are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.report.html_fragments import text
from cxmodel.report.text.captions import plan_name, segment_name
from cxmodel.report.text.numbers import count
from cxmodel.scenario.fields.ids import id_of
from cxmodel.vocabulary import AS_IS, EVERYONE
from cxmodel.workbench.components import run_status
from cxmodel.workbench.drafts.my_plan import MINE, MOVED
from cxmodel.workbench.drafts.store import ForeignFile
from cxmodel.workbench.jobs.live_results import LiveResult
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.navigation import before, latest, settle, turn
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import hold, uninterrupted

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


ASKED: Final = "replacing"
"""Where it is kept that somebody else's file would be replaced: of what, in words, the field with its name."""


def show(seen: View) -> DeltaGenerator:
    """Draw the strip of a view; where its run state goes, which is said when the numbers are drawn."""
    with st.container(key="strip", horizontal=True, gap="small", vertical_alignment="center"):
        st.html(f'<div class="cx-scenario">{text(seen.scenario.name)}</div>', width="content")
        _plans(seen)
        _segments(seen)
        _changes(seen)
        _steps(seen)
        _save(seen)
        _wrong_text(seen)
        with st.container(key="fresh"):
            return st.empty()


def remembered(seen: View, exactly: bool = False) -> LiveResult | None:
    """The last picture that this page has shown, if it was about the same, or `exactly` of this view."""
    found = st.session_state.get("shown")
    if not isinstance(found, LiveResult) or found.view.subject != seen.subject:
        return None
    return found if not exactly or found.view == seen else None


def _wrong_text(seen: View) -> None:
    """That the YAML tab holds text which is not valid yet, and the way there."""
    if seen.draft is None or seen.draft.wrong is None:
        return
    problems = count(len(view.drafts().problems(seen.draft)), "problem")
    where = escape(f"company?{urlencode(seen.address() | {'tab': 'YAML'})}")
    words = text(f"Text has {problems}: showing the last valid version")
    st.html(f'<div class="cx-state stale" role="status"><i></i><a href="{where}">{words}</a></div>', width="content")


def outdated(seen: View, slot: DeltaGenerator) -> None:
    """Say at once that there are no numbers of this view yet, before anything else is drawn."""
    slot.html(run_status.pill("running", seen, stale=remembered(seen) is not None), width="content")


def freshness(seen: View, drawn: LiveResult | None) -> None:
    """Say how fresh the numbers are that were drawn."""
    run_status.follow(seen, fresh=drawn is not None, stale=remembered(seen) is not None)


def _plans(seen: View) -> None:
    plans = [AS_IS, *(plan for plan in seen.scenario.plans if plan != AS_IS)]
    _choice("Plan", seen.plan, plans, partial(plan_name, seen.scenario), _turn_to_plan, seen, width=210)


def _turn_to_plan(plan: str, seen: View) -> None:
    turn(seen, lambda now: now.on_plan(plan))


def _segments(seen: View) -> None:
    """Of whom figures are shown, where there is a choice."""
    if len(seen.scenario.segments) > 1:
        segments = [EVERYONE, *seen.scenario.segments]
        _choice(
            "Segment", seen.segment, segments, partial(segment_name, seen.scenario), _turn_to_segment, seen, width=180
        )


def _turn_to_segment(segment: str, seen: View) -> None:
    turn(seen, lambda now: now.of_segment(segment))


def _choice(
    label: str,
    value: str,
    options: list[str],
    spoken: Callable[[str], str],
    act: Callable[[str, View], None],
    seen: View,
    *,
    width: int,
) -> None:
    """What is seen of the scenario, to be chosen."""
    held = hold(label.lower(), value)
    st.selectbox(
        label,
        options,
        index=options.index(held.value),
        format_func=spoken,
        key=held.name,
        on_change=held.touched,
        args=(act, seen),
        label_visibility="collapsed",
        width=width,
    )


def _changes(seen: View) -> None:
    """How many changes there are against the file; each can be taken back."""
    rows = view.drafts().rows(seen.draft) if seen.draft is not None else []
    words = "No changes" if not rows else "1 change" if len(rows) == 1 else f"{len(rows)} changes"
    with st.popover(f"{words} vs file", disabled=not rows, key="changes", type="tertiary", on_change="rerun") as drawer:
        if not rows or not drawer.open or seen.draft is None:
            return
        for number, row in enumerate(rows):
            with st.container(horizontal=True, key=f"change {number}", vertical_alignment="center"):
                st.html(f'<div class="cx-row">{text(str(row))}</div>')
                st.button(
                    "reset",
                    key=f"reset {number}",
                    type="tertiary",
                    on_click=_reset,
                    args=(seen, row.path),
                    width="content",
                )


@uninterrupted
def _reset(seen: View, path: str) -> None:
    store = view.drafts()

    def put_back(now: View) -> View:
        id = view.begun(now).id
        if path == f"initiatives.{MOVED}":  # the plan of one's own holds it, and goes first
            store.reset(id, f"plans.{MINE}")
        return view.shown(now, store.reset(id, path), instead=before())

    turn(seen, put_back)


def _steps(seen: View) -> None:
    draft = seen.draft
    back, forth = draft is not None and draft.can_undo, draft is not None and draft.can_redo
    st.button(
        "Undo",
        icon=":material/undo:",
        key="undo",
        disabled=not back,
        on_click=_step,
        args=(seen, -1),
        type="tertiary",
        help="Undo the last change",
    )
    st.button(
        "Redo",
        icon=":material/redo:",
        key="redo",
        disabled=not forth,
        on_click=_step,
        args=(seen, 1),
        type="tertiary",
        help="Redo the last change",
    )


@uninterrupted
def _step(seen: View, way: int) -> None:
    step = view.drafts().undo if way < 0 else view.drafts().redo

    def stepped(now: View) -> View:
        """The plan of one's own is shown again where it comes back."""
        after = view.shown(now, step(view.begun(now).id), instead=before())
        came = MINE in after.scenario.plans and MINE not in now.scenario.plans
        return after.on_plan(MINE) if came else after

    turn(seen, stepped)


def _save(seen: View) -> None:
    """The ways to save. What would replace somebody else's file is asked about first."""
    with st.popover("Save", key="save", type="tertiary", icon=":material/save:"):
        name, words = view.text_of(seen)
        target = view.drafts().target(seen.draft) if seen.draft is not None else name
        st.button(
            f"Save to {plain(target)}",
            key="write",
            on_click=_write,
            args=(seen,),
            disabled=seen.draft is None,
            width="stretch",
        )
        key = f"save as {seen.subject}"
        with st.container(key="save_as", horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input("File name", id_of(seen.scenario.name, otherwise="scenario"), key=key)
            st.button("Save as", key="save as", on_click=_write, args=(seen, key))
        _question(seen)
        st.download_button(
            "Download YAML",
            words.encode("utf-8"),
            name,
            "application/yaml",
            key="download",
            on_click="ignore",
            width="stretch",
        )
        st.caption("Link to this page, for whoever reaches this workbench")
        st.code(link(seen), language=None, wrap_lines=True)


def _question(seen: View) -> None:
    """Whether somebody else's file may be replaced, where that was about to happen."""
    subject, words, key = st.session_state.get(ASKED, ("", "", ""))
    if subject != seen.subject:
        return
    st.warning(f"{plain(words)} Replace it, or save under another name?")
    st.button("Replace it", key="replace", on_click=_write, args=(seen, key, True), width="stretch")


def link(seen: View) -> str:
    """The address of this page with this view."""
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(seen.address())}"


@uninterrupted
def _write(seen: View, key: str = "", replacing: bool = False) -> None:
    """Save, or save under the name in the field of a key; ask first where that replaces somebody else's file."""
    store = view.drafts()

    def written(now: View) -> View:
        id = view.begun(now).id
        if key:
            saved = store.save_as(id, str(st.session_state[key] or ""), replacing=replacing)
        else:
            saved = store.save(id, replacing=replacing)
        st.toast(f"Written to {plain(str(saved.source))}", icon=":material/check:")
        return view.shown(now, saved)

    st.session_state.pop(ASKED, None)
    try:
        settle(written(latest()))
    except ForeignFile as error:
        st.session_state[ASKED] = (seen.subject, str(error), key)
    except CxModelError as error:
        st.toast(plain(str(error)), icon=":material/error:", duration="long")
