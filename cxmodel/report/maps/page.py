"""A map as a page of its own: one file that opens offline, needs no script, prints well, and fits light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxmodel.report.charts.base import COLOURS, FONT
from cxmodel.report.charts.svg import dark_rules
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.catalogue import JOURNEY, MAPS
from cxmodel.report.maps.html import journey_html, organisation_html, rules, table_html
from cxmodel.report.maps.proposition import canvas_table, value_table

if TYPE_CHECKING:
    from collections.abc import Collection

    from cxmodel.report.maps.catalogue import Told

TABLES: Final = {"strategy_canvas": canvas_table, "value_map": value_table}
"""What is drawn as a chart, and the same as a table."""


def fragment(which: str, told: Told, hidden: Collection[str] = ()) -> str:
    """A map as a part of a page that brings the colours and the rules."""
    if which == JOURNEY:
        return journey_html(told.journey, hidden)
    if which == "organisation":
        return organisation_html(told.organisation)
    drawn = MAPS[which].lay(told).inline(which)
    twin = table_html(TABLES[which](told.result), MAPS[which].title)
    return f'<figure class="cx-map">{drawn}</figure><details><summary>The same as a table</summary>{twin}</details>'


def page(which: str, told: Told, foot: str = "") -> str:
    """A map as a whole page; `foot` says how its figures came about."""
    light, dark = (
        f":root{{{''.join(f'--cx-{name}:{colour};' for name, colour in COLOURS[look].items())}}}"
        for look in ("light", "dark")
    )
    scenario = told.result.scenario
    look = (
        f"html{{background:var(--cx-paper);color:var(--cx-ink);font:16px/1.5 {FONT}}}body{{margin:1.4rem 1.6rem}}"
        "h1{font-size:1.35rem;margin:0 0 .6rem}figure{margin:0}svg.chart{display:block;width:100%;height:auto}"
        "details{margin:.8rem 0;font-size:.9rem}footer{color:var(--cx-muted);font-size:.8rem;margin-top:.8rem}"
        "summary{cursor:pointer;color:var(--cx-muted)}@media print{@page{size:A4 landscape;margin:9mm}body{margin:0}"
        "summary{display:none}}"
    )
    said = " ".join(part for part in (foot, "What if, under stated assumptions; not a forecast.") if part)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{text(MAPS[which].title)}: {text(scenario.name)}</title>"
        f"<style>{light}@media screen and (prefers-color-scheme:dark){{{dark}{dark_rules()}}}{look}{rules()}</style>"
        f"</head><body><main><h1>{text(MAPS[which].title)}: {text(scenario.name)}</h1>{fragment(which, told)}</main>"
        f"<footer>{text(said)}</footer></body></html>\n"
    )
