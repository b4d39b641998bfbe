"""Widgets show what the draft or the address says, and keep nothing.

A widget that has to show something else is made anew, under another name. To tell it would not do: what one drawing
tells the browser is dropped where the next begins at once, and what the widget then says of itself, its old value,
would be taken for a touch and undo what the reader has just done. Of the new name an old browser knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, Generic, NoReturn, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")
DESK: Final = "widgets"
_GONE: Final = object()


@dataclass
class _Shown:
    """What the widget of a key shows, and under which name."""

    turn: int
    value: Any


@dataclass
class _Desk:
    """The widgets of a page."""

    shown: dict[str, _Shown] = field(default_factory=dict)
    """By key."""
    there: set[str] = field(default_factory=set)
    """Names of those that the browser may have before it."""
    drawn: set[str] = field(default_factory=set)
    """Names of those that are being drawn."""


def begin() -> None:
    """A page is about to be drawn."""
    desk = _desk()
    desk.there |= desk.drawn
    desk.drawn.clear()


def finish() -> None:
    """A page has been drawn whole: it has no other widgets than these."""
    desk = _desk()
    desk.there = set(desk.drawn)


@dataclass(frozen=True)
class Held(Generic[T]):
    """A widget that shows a value: give it `name` as its key, `value` as its default and `touched` to call."""

    key: str
    name: str
    value: T

    @property
    def touched(self) -> Callable[..., None]:
        """The callback. Its first argument is called with what was entered, and the other arguments."""
        return uninterrupted(self._touched)

    def _touched(self, act: Callable[..., None], *args: Any) -> None:
        desk = _desk()
        shown = desk.shown[self.key]
        if self.name != _name(self.key, shown.turn) or self.name not in desk.there | desk.drawn:
            return  # made anew since, or on its way out, when some say that they are empty
        entered = st.session_state[self.name]
        if entered != shown.value:
            shown.value = entered
            act(entered, *args)


def hold(key: str, value: T) -> Held[T]:
    """Have the widget of this key show a value; the names in a list count, not their order."""
    desk = _desk()
    shown = desk.shown.get(key)
    if shown is None:
        shown = desk.shown[key] = _Shown(0, value)
    else:
        before = st.session_state.get(_name(key, shown.turn), _GONE)
        alike = _same(before, value)
        shown.turn, shown.value = (shown.turn, before) if alike else (shown.turn + 1, value)
    name = _name(key, shown.turn)
    desk.drawn.add(name)
    return Held(key, name, shown.value)


def said(key: str, otherwise: T) -> T:
    """What the widget of a key says; `otherwise` where there is none."""
    shown = _desk().shown.get(key)
    found: T = otherwise if shown is None else st.session_state.get(_name(key, shown.turn), otherwise)
    return found


def _same(shown: Any, value: Any) -> bool:
    if isinstance(shown, list) and isinstance(value, list):
        return sorted(shown) == sorted(value)
    return bool(shown == value)


def _name(key: str, turn: int) -> str:
    return f"{key} · {turn}" if turn else key


def _desk() -> _Desk:
    desk: _Desk = st.session_state.setdefault(DESK, _Desk())
    return desk


P = ParamSpec("P")


def uninterrupted(act: Callable[P, None]) -> Callable[P, None]:
    """A callback that nothing breaks off."""

    @wraps(act)
    def whole(*args: P.args, **kwargs: P.kwargs) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        requests = context.script_requests if context is not None else None
        if requests is None or "on_scriptrunner_yield" in vars(requests):
            act(*args, **kwargs)
            return
        vars(requests)["on_scriptrunner_yield"] = lambda: None
        try:
            act(*args, **kwargs)
        finally:
            del vars(requests)["on_scriptrunner_yield"]

    return whole


def redraw() -> NoReturn:
    """Draw the page anew, unless the reader has asked for something else since: that comes first.

    `st.rerun()` alone would put the page that is being drawn in the place of the one that was just asked for.
    """
    st.session_state.get(DESK)  # to ask the session is to heed the browser
    st.rerun()
