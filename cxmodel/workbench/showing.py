"""Widgets show what the draft or the address says. They keep nothing, and nothing is taken out of a reader's hand."""

from __future__ import annotations

from typing import Any

import streamlit as st


def hold(key: str, value: Any) -> None:
    """Have the widget of this key show a value.

    One that shows it already is left alone: whoever moves it on meanwhile would be thrown back to where it was.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
