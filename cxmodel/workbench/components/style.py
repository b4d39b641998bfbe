"""The page's style sheet, in the colours of the reader's look. The rules themselves are in `page.css`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from cxmodel.report.charts.base import COLOURS, Look
from cxmodel.report.maps.html import rules

ICON: Final = str(Path(__file__).with_name("page.svg"))
"""The page's sign. It comes with the package, so that nothing is fetched from elsewhere."""
RULES: Final = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


FADED: Final = "<style>.st-key-picture, .st-key-below {opacity: .38; filter: grayscale(.8);}</style><i hidden></i>"
"""Numbers that are out of date are seen to be. Not a style alone: Streamlit would keep that for the whole run."""
FADED_CHARTS: Final = "<style>.st-key-journey, .st-key-reasons, .st-key-below {opacity: .38;}</style><i hidden></i>"
"""The answer is new, and the charts are still to be drawn."""


def sheet(look: Look) -> str:
    """The style sheet; dialogs and menus lie outside the app's own element, so the colours are the root's."""
    names = "".join(f"--cx-{name}: {colour};" for name, colour in COLOURS[look].items())
    return f"<style>:root {{{names}}}{RULES}{rules()}</style>"


def look() -> Look:
    """Light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"
