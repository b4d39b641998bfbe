"""Widgets show what the draft or the address says. They keep nothing, and nothing is taken out of a reader's hand.

What a drawing tells the browser may be dropped where the next one begins at once. A widget is therefore told for a
moment what it holds, and given it as its default too: else it would show something of its own, be taken at its word,
and undo what the reader has just done.
"""

from __future__ import annotations

import time
from typing import Final, TypeVar

import streamlit as st

T = TypeVar("T")
TOLD: Final = "widgets told"
AGAIN: Final = 2.0
"""Seconds for which a widget is told again what it was told to show."""


def hold(key: str, value: T) -> T:
    """Have the widget of this key show a value; gives it back, to be the widget's default too.

    One that has shown it for a while is left alone: whoever moves it on meanwhile would be thrown back to where it was.
    """
    told: dict[str, float] = st.session_state.setdefault(TOLD, {})
    if key not in st.session_state or st.session_state[key] != value:
        told[key] = time.monotonic()
        st.session_state[key] = value
    elif time.monotonic() - told.get(key, -AGAIN) < AGAIN:
        st.session_state[key] = value
    return value
