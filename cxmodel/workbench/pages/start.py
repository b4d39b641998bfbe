"""Start: the stories as cards, a YAML of one's own, what was worked on lately."""

from __future__ import annotations

import streamlit as st


def show() -> None:
    """Draw the page."""
    st.write("Start")
