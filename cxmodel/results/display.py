"""How answers show themselves in scripts and notebooks: a chart by its name, and HTML at the end of a cell.

The report draws them. It stands above the rooms whose answers it draws and takes a moment to load, so it is fetched by
name when first asked for, as the public names of `cxmodel` are. Draws nothing itself.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, Final, Protocol

REPORT: Final = "cxmodel.report.notebook"
"""What draws an answer: `html(answer)` and `picture(answer, name, **more)`."""


class Chart(Protocol):
    """A chart of an answer. At the end of a notebook's cell it shows itself."""

    @property
    def name(self) -> str:
        """What it was asked for by."""

    @property
    def title(self) -> str:
        """What it is of."""

    @property
    def description(self) -> str:
        """What is to be seen, in words with figures: the alt text."""

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write it to a file, in place of what is there: by its ending .svg or .png; a chart also .json (Vega-Lite).

        960 pixels wide (a map 1280 or more) on white ground, a PNG twice as fine. Raises UsageError for another
        ending, and OSError, leaving nothing half-written, where it cannot be written.
        """

    def _repr_html_(self) -> str: ...


class Shown:
    """An answer that a notebook shows as HTML: its sentences, a small table with intervals, and a chart."""

    def _repr_html_(self) -> str:
        return str(import_module(REPORT).html(self))


class Charted(Shown):
    """An answer that has charts."""

    def chart(self, name: str) -> Chart:
        """One of its charts by name. Raises UsageError, which lists the names, for one that there is not."""
        return picture_of(self, name)


def picture_of(answer: Charted, name: str, **more: Any) -> Chart:
    """A chart of an answer; what else it may show is for the answer to say."""
    found: Chart = import_module(REPORT).picture(answer, name, **more)
    return found
