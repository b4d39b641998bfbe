"""Maps as files: SVG, PNG, HTML and PowerPoint, by the ending of the file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from cxmodel.report.export.account import Account
from cxmodel.report.maps.catalogue import JOURNEY, MAPS, journey_sheet_of
from cxmodel.report.maps.page import page

if TYPE_CHECKING:
    from cxmodel.report.maps.catalogue import Told
    from cxmodel.report.maps.sheet import Sheet


def sheet(which: str, told: Told, hidden: Collection[str] = ()) -> Sheet:
    """A map laid out on a sheet."""
    return journey_sheet_of(told, hidden) if which == JOURNEY else MAPS[which].lay(told)


def svg_bytes(which: str, told: Told, hidden: Collection[str] = ()) -> bytes:
    """A map as an SVG file."""
    return sheet(which, told, hidden).svg().encode("utf-8", "replace")


def png_bytes(which: str, told: Told, hidden: Collection[str] = ()) -> bytes:
    """A map as a PNG file."""
    return sheet(which, told, hidden).png()


def html_bytes(which: str, told: Told, hidden: Collection[str] = ()) -> bytes:
    """A map as a page of its own."""
    return page(which, told, _made(told)).encode("utf-8", "replace")


def pptx_bytes(which: str, told: Told, hidden: Collection[str] = ()) -> bytes:
    """A map as slides."""
    return slides_of((which,), told, hidden)


def slides_of(names: Sequence[str], told: Told, hidden: Collection[str] = ()) -> bytes:
    """Several maps as slides of one deck."""
    from cxmodel.report.export.map_slides import deck

    result = told.result
    source = f"Scenario {result.scenario.name} (fingerprint {result.scenario.hash[:12]}), plan {result.plan}."
    return deck(names, told, f"Source: the scenario and table touchpoints. {source} {_made(told)}", hidden)


def _made(told: Told) -> str:
    made = Account(told.result).made
    return f"{made[:1].upper()}{made[1:]}."


WRITERS: Final[dict[str, Callable[..., bytes]]] = {
    ".svg": svg_bytes,
    ".png": png_bytes,
    ".html": html_bytes,
    ".pptx": pptx_bytes,
}
"""What a map can be, by the ending of its file."""
