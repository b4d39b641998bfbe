"""A chart that a script saves and a notebook shows; and the card that notebooks show things on, light or dark."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cxmodel.atomic_files import put_file
from cxmodel.errors import UsageError
from cxmodel.report.charts.base import COLOURS, FONT, WIDTH, Drawing, dress, png, svg
from cxmodel.report.charts.svg import dark_rules, inline, own_ids
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.sheet import Sheet


def _svg(drawing: Drawing) -> bytes:
    return own_ids(svg(drawing), "chart").encode()


def _json(drawing: Drawing) -> bytes:
    return (json.dumps(dress(drawing, paper=True, width=WIDTH), indent=2, allow_nan=False) + "\n").encode()


WRITERS: Final[Mapping[str, Callable[[Drawing], bytes]]] = {".svg": _svg, ".png": png, ".json": _json}
"""What a chart is written with, by the ending of its file."""


@dataclass(frozen=True)
class Picture:
    """A chart of an answer, ready to be saved or shown: see `cxmodel.results.display.Chart`."""

    name: str
    title: str
    drawing: Drawing = field(repr=False)

    @property
    def description(self) -> str:
        """The alt text."""
        return self.drawing.description

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write it to a file that ends in .svg, .png or .json (Vega-Lite). Raises UsageError for another ending."""
        write = WRITERS.get(Path(file).suffix.lower())
        if write is None:
            raise UsageError(f"{os.fspath(file)}: a chart is saved to a file that ends in {', '.join(WRITERS)}")
        put_file(Path(os.path.realpath(file)), write(self.drawing))

    def figure(self) -> str:
        """The chart with its title, to put on a card; its ids are those of no other chart of a notebook."""
        own = hashlib.sha256(json.dumps(self.drawing.to_dict()).encode()).hexdigest()[:8]
        drawn = inline(self.drawing, f"{self.name.replace('_', '-')}-{own}", WIDTH)
        title = "" if "title" in self.drawing.properties else f"<figcaption>{text(self.title)}</figcaption>"
        return f"<figure>{title}{drawn}</figure>"

    def _repr_html_(self) -> str:
        return card(self.figure())


SHEETS: Final[Mapping[str, Callable[[Sheet], bytes]]] = {
    ".svg": lambda sheet: sheet.svg().encode(),
    ".png": lambda sheet: sheet.png(),
}
"""What a map is written with, by the ending of its file."""


@dataclass(frozen=True)
class MapPicture:
    """A map of a result, ready to be saved or shown: see `cxmodel.results.display.Chart`."""

    name: str
    title: str
    sheet: Sheet = field(repr=False)

    @property
    def description(self) -> str:
        """The alt text: all that stands on the map."""
        return self.sheet.description

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write it to a file that ends in .svg or .png. Raises UsageError for another ending."""
        write = SHEETS.get(Path(file).suffix.lower())
        if write is None:
            raise UsageError(f"{os.fspath(file)}: a map is saved to a file that ends in {', '.join(SHEETS)}")
        put_file(Path(os.path.realpath(file)), write(self.sheet))

    def figure(self) -> str:
        """The map, to put on a card; its ids are those of no other of a notebook."""
        own = hashlib.sha256(self.sheet.svg().encode()).hexdigest()[:8]
        return f"<figure>{self.sheet.inline(f'{self.name}-{own}')}</figure>"

    def _repr_html_(self) -> str:
        return card(self.figure(), wide=True)


RULES: Final = (
    f".cx-answer{{background:var(--cx-paper);color:var(--cx-ink);font:14px/1.45 {FONT};"
    "padding:.8em 1em;border:1px solid var(--cx-grid);border-radius:.5em;max-width:960px;overflow-x:auto}"
    ".cx-answer p{margin:0 0 .4em}.cx-answer small{color:var(--cx-muted)}"
    ".cx-answer table{border-collapse:collapse;margin:.5em 0;font-size:13px;font-variant-numeric:tabular-nums;"
    "color:inherit;background:none}"
    ".cx-answer tr{background:none}.cx-answer caption{text-align:left;font-weight:600;color:inherit;padding:0 0 .2em}"
    ".cx-answer th,.cx-answer td{text-align:left;vertical-align:top;padding:.2em 1.2em .2em 0;border:0;"
    "border-bottom:1px solid var(--cx-grid);white-space:normal;max-width:none}"
    ".cx-answer thead th{color:var(--cx-muted)}.cx-answer tbody th{font-weight:400}"
    ".cx-answer figure{margin:.6em 0 0}.cx-answer figcaption{font-weight:600}"
    ".cx-answer svg.chart{display:block;width:100%;height:auto}"
)
"""How a card looks. It brings ground and ink, so that it can be read whichever look the notebook has."""


def card(body: str, *, wide: bool = False) -> str:
    """HTML on a card of its own: no script, nothing fetched, and `$` is no mathematics there; `wide` for a map."""
    light, dark = (
        f".cx-answer{{{''.join(f'--cx-{name}:{colour};' for name, colour in COLOURS[look].items())}}}"
        for look in ("light", "dark")
    )
    painted = dark_rules().replace("svg.chart", ".cx-answer svg.chart")
    style = f"<style>{light}{RULES}@media screen and (prefers-color-scheme:dark){{{dark}{painted}}}</style>"
    room = ' style="max-width:1320px"' if wide else ""
    return f'{style}<div class="cx-answer tex2jax_ignore mathjax_ignore"{room}>{body}</div>'
