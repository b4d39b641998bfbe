"""Widgets show what the draft or the address says. They keep nothing, and nothing is taken out of a reader's hand.

A widget is also given what it holds as its default: a drawing that is interrupted may never tell the browser what the
session holds, and a widget that then shows some default of its own would be taken at its word.
"""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def hold(key: str, value: T) -> T:
    """Have the widget of this key show a value; gives it back, to be the widget's default too.

    One that shows it already is left alone: whoever moves it on meanwhile would be thrown back to where it was.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value
