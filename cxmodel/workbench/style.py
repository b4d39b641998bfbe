"""The page's style sheet, in the colours of the reader's look. The rules themselves are in `page.css`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cxmodel.report.drawing import COLOURS, Look

ICON: Final = str(Path(__file__).with_name("page.svg"))
"""The page's sign. It comes with the package, so that nothing is fetched from elsewhere."""
RULES: Final = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def sheet(look: Look, *, stale: bool = False) -> str:
    """The style sheet; numbers that are out of date are shown faded."""
    names = "".join(f"--cx-{name}: {colour};" for name, colour in COLOURS[look].items())
    faded = ".st-key-picture {opacity: .38; filter: grayscale(.8);}" if stale else ""
    return f"<style>.stApp {{{names}}}{RULES}{faded}</style>"
