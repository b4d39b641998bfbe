"""Maps as HTML: real tables with scoped heads, readable by a screen reader, in the colours of the page they stand in.

The rules of how they look are in `maps.css`; colours are the page's variables (`--cx-ink`, `--cx-short` and so on).
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from cxmodel.report.charts.base import COLOURS
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.curve import curve
from cxmodel.report.maps.journey_map import LINE_OF_VISIBILITY
from cxmodel.report.maps.organisation import BINDING_MARK, group_runs
from cxmodel.report.maps.promises import RULE

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.report.charts.base import Look
    from cxmodel.report.maps.cells import Cell, Chip, Lane, Line
    from cxmodel.report.maps.curve import Curve
    from cxmodel.report.maps.journey_map import JourneyMap, Stop, Who
    from cxmodel.report.maps.organisation import Column, Organisation
    from cxmodel.vocabulary import Floats

HEIGHT: Final = 132
"""Pixels of the curve."""
NARROW: Final = 6.1
"""Rem that a touchpoint takes at least."""
LARGEST: Final = 22.0
"""Pixels of the dot of a touchpoint that is half of what is remembered, or more."""
ELSEWHERE: Final = '<span class="cx-hidden">, not in this plan</span>'
"""What is heard of a chip that is pale."""
LEGEND: Final = (
    "★ moment of truth: much remembered, or just before a decision.",
    f"⚠ promise broken. {RULE}",
    "Why it falls short: know = insight gap, decide = standards gap, do = delivery gap, say = promise gap [points].",
)
"""What the signs of a journey map mean."""


@cache
def rules() -> str:
    """The style rules of maps."""
    return files("cxmodel.report").joinpath("templates", "maps.css").read_text(encoding="utf-8")


def journey_html(
    found: JourneyMap,
    hidden: Collection[str] = (),
    *,
    legend: bool = True,
    look: Look | None = None,
    empty: Collection[str] = (),
) -> str:
    """A journey map: its head, and the table without the lanes that are hidden.

    With a `look`, the curve is an image in its colours, for a page that lets no SVG element in. Lanes in `empty` are
    there though they say nothing yet, so that it can be written into them.
    """
    front, back = (found.shown(hidden, back=side, empty=empty) for side in (False, True))
    width = len(found.stops)
    groups = "".join(f'<colgroup span="{size}"></colgroup>' for _, size in found.stages)
    stages = "".join(f'<th scope="colgroup" colspan="{size}">{text(name)}</th>' for name, size in found.stages)
    heads = "".join(_stop(stop) for stop in found.stops)
    line = (
        f'<tr class="cx-line"><th scope="rowgroup" colspan="{width + 1}"><span>{LINE_OF_VISIBILITY}'
        '<span class="cx-hidden">: what follows lies behind it</span></span></th></tr>'
    )
    bodies = f"<tbody>{''.join(_lane(lane, found, look) for lane in front)}</tbody>" if front else ""
    if back:
        bodies += f'<tbody class="cx-back">{line}{"".join(_lane(lane, found, look) for lane in back)}</tbody>'
    told = f'<p class="cx-legend">{text(" ".join(LEGEND))}</p>' if legend else ""
    return (
        f'<div class="cx-map" data-map="journey_map">{_head(found)}'
        f'<div class="cx-scroll" tabindex="0" role="region" aria-label="Journey map">'
        f'<table class="cx-journey" style="min-width:{8 + NARROW * width:.1f}rem">'
        f'<caption class="cx-hidden">Journey map of {text(found.title)}, {text(found.plan)}: touchpoints by phase'
        f'</caption><colgroup><col class="cx-lane"></colgroup>{groups}'
        f'<thead><tr class="cx-phase"><th scope="row">Phase</th>{stages}</tr>'
        f'<tr class="cx-stops"><th scope="row">Touchpoint</th>{heads}</tr></thead>{bodies}</table></div>'
        f"{told}</div>"
    )


def _head(found: JourneyMap) -> str:
    """Who lives it, what was promised, where it is weakest, and what reaches all of it."""
    who = "".join(_who(each) for each in found.who)
    promised = "".join(f"<li>{_line(each)}</li>" for each in found.promises)
    said = f'<p class="cx-named">Brand promises</p><ul>{promised}</ul>' if promised else ""
    across = f"<p>Across the journey: {_chips(found.across)}</p>" if found.across else ""
    return (
        f'<div class="cx-maphead"><div class="cx-people">{who}</div><div class="cx-sum">{said}'
        f"<p>Weakest link: {_line(found.weakest)}</p>{across}</div></div>"
    )


def _who(each: Who) -> str:
    quote = f'<q data-path="{text(each.path)}">{text(each.quote)}</q>' if each.quote else ""
    return (
        f'<div class="cx-who"><i aria-hidden="true">{text(each.name[:1].upper())}</i>'
        f"<p><strong>{text(each.name)}</strong> · {text(each.about)}{quote}</p></div>"
    )


def _stop(stop: Stop) -> str:
    """The head of a column."""
    truth = f'<small class="cx-lived">★ moment of truth: {text(stop.truth)}</small>' if stop.truth else ""
    broken = (
        f'<small class="cx-short" title="{text(stop.broken)}">⚠ promise broken'
        f'<span class="cx-hidden">: {text(stop.broken)}</span></small>'
        if stop.broken
        else ""
    )
    name = f'<span data-path="{text(stop.path)}">{text(stop.name)}</span>'
    return f'<th scope="col" data-stop="{text(stop.id)}">{name}{truth}{broken}</th>'


def _lane(lane: Lane, found: JourneyMap, look: Look | None) -> str:
    """A row; that of the curve has one picture across all columns."""
    if lane.key == "curve":
        return _curve_row(lane, found, look)
    cells = "".join(_cell(cell) for cell in lane.cells)
    return f'<tr data-lane="{lane.key}"><th scope="row">{text(lane.title)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    """A cell, which knows where the scenario says what it says."""
    path = f' data-path="{text(cell.path)}"' if cell.path else ""
    return f"<td{path}>{_bar(cell)}{''.join(f'<p>{_line(line)}</p>' for line in cell.lines)}{_chips(cell.chips)}</td>"


def _line(line: Line) -> str:
    words = text(line.text)
    words = f"<strong>{words}</strong>" if line.strong else words
    words = f"<em>{words}</em>" if line.spoken else words
    return words if line.tone == "ink" else f'<span class="cx-{line.tone}">{words}</span>'


def _chips(chips: Collection[Chip]) -> str:
    return "".join(
        f'<span class="cx-chip{"" if chip.strong else " cx-pale"}" title="{text(chip.what)}">{text(chip.text)}'
        f"{'' if chip.strong else ELSEWHERE}</span>"
        for chip in chips
    )


def _bar(cell: Cell) -> str:
    """A small stacked bar; the words beside it say the same."""
    total = sum(part.size for part in cell.bar)
    if not total:
        return ""
    parts = "".join(
        f'<i style="width:{100 * part.size / total:.1f}%;background:var(--cx-{part.style})"></i>' for part in cell.bar
    )
    return f'<span class="cx-stack" aria-hidden="true">{parts}</span>'


def _curve_row(lane: Lane, found: JourneyMap, look: Look | None) -> str:
    drawn = curve(found.curve, found.behind)
    keys = [("cx-k-expected", "expected"), ("cx-k-lived", "experienced")]
    keys += [("cx-k-today", "experienced today")] if found.behind is not None else []
    legend = "".join(f'<small class="{key}">{words}</small>' for key, words in keys)
    legend += '<small class="cx-k-dot">share of memory</small>'
    inside = "not rated" if drawn is None else _drawn(drawn, look)
    return (
        f'<tr data-lane="{lane.key}"><th scope="row">{text(lane.title)}<span aria-hidden="true">{legend}</span></th>'
        f'<td colspan="{len(found.stops)}" class="cx-curvecell">'
        f'<div class="cx-curve" role="img" aria-label="{text(found.description)}" style="height:{HEIGHT}px">{inside}'
        "</div></td></tr>"
    )


def _drawn(found: Curve, look: Look | None) -> str:
    """Lines that stretch with the table, and dots and figures that do not."""
    marks = ""
    for mark in found.marks:
        size = dot(mark.share)
        left = f"left:{100 * mark.at:.2f}%"
        marks += f'<i style="{left};top:{100 * mark.lived:.1f}%;width:{size:.0f}px;height:{size:.0f}px"></i>'
        above = 100 * mark.top
        marks += f'<b class="cx-{mark.tone}" style="{left};top:{above:.1f}%">{text(mark.words)}</b>'
    box = 'viewBox="0 0 1000 1000" preserveAspectRatio="none"'
    if look is None:
        lines = f'<svg {box} aria-hidden="true" focusable="false">{_lines(found)}</svg>'
    else:
        inside = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{_painted(_lines(found), look)}</svg>'
        lines = f'<img alt="" src="data:image/svg+xml;base64,{b64encode(inside.encode()).decode()}">'
    return f'{lines}<div aria-hidden="true">{marks}</div>'


def _lines(found: Curve) -> str:
    """The shade and the lines; how they are painted is said by their classes."""
    today = "" if found.today is None else f'<path class="cx-today" d="{_path(found.today)}"/>'
    return (
        f'<path class="cx-shade" d="{_path(found.shade)}Z"/>{today}'
        f'<path class="cx-expected" d="{_path(found.expected)}"/><path class="cx-livedline" d="{_path(found.lived)}"/>'
    )


def _painted(lines: str, look: Look) -> str:
    """The lines with the rules of a look, which reach into no image from outside."""
    colours = COLOURS[look]
    rules_of = {
        "path": "fill:none;vector-effect:non-scaling-stroke",
        ".cx-shade": f"fill:{colours['short']};opacity:.17",
        ".cx-today": f"stroke:{colours['ghost']};stroke-width:1.6px",
        ".cx-expected": f"stroke:{colours['expected']};stroke-width:1.8px;stroke-dasharray:6 4",
        ".cx-livedline": f"stroke:{colours['lived']};stroke-width:3px",
    }
    return f"<style>{''.join(f'{name}{{{rule}}}' for name, rule in rules_of.items())}</style>{lines}"


def dot(share: float) -> float:
    """How wide the dot of a touchpoint is [pixels]: its area goes with its share of memory."""
    return max(8.0, LARGEST * math.sqrt(min(1.0, share / 0.5)))


def _path(points: Floats) -> str:
    return "M" + "L".join(f"{1000 * x:.0f} {1000 * y:.0f}" for x, y in points)


def organisation_html(found: Organisation) -> str:
    """The map of the organisation: what binds in a sentence, and the table."""
    groups = "".join(
        f'<th scope="colgroup" colspan="{size}">{text(name)}</th>' if name else f'<td colspan="{size}"></td>'
        for name, size in group_runs(found.columns)
    )
    spans = "".join(f'<colgroup span="{size}"></colgroup>' for _, size in group_runs(found.columns))
    heads = "".join(_column(column) for column in found.columns)
    rows = "".join(
        f'<tr><th scope="row">{text(stop.name)}</th>{"".join(_cell(cell) for cell in cells)}</tr>'
        for stop, cells in zip(found.stops, found.rows, strict=True)
    )
    notes = "".join(f"<li>{text(note)}</li>" for note in found.notes)
    notes = f'<ul class="cx-notes">{notes}</ul>' if notes else ""
    return (
        f'<div class="cx-map" data-map="organisation"><p class="cx-binds"><strong>{text(found.binding)}</strong></p>'
        f"{notes}"
        '<div class="cx-scroll" tabindex="0" role="region" aria-label="Organisation">'
        f'<table class="cx-organisation"><caption class="cx-hidden">Organisation of {text(found.title)}, '
        f"{text(found.plan)}: what each touchpoint rests on, who sees what there, and where attention and money go"
        f'</caption><colgroup><col class="cx-lane"></colgroup>{spans}<thead><tr class="cx-phase"><td></td>{groups}</tr>'
        f'<tr class="cx-stops"><th scope="col">Touchpoint</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<p class="cx-legend">{text(BINDING_MARK)}</p></div>'
    )


def _column(column: Column) -> str:
    note = f"<small>{text(column.note)}</small>" if column.note else ""
    level = column.strength
    meter = ""
    if level is not None:
        meter = f'<span class="cx-meter" aria-hidden="true"><i style="width:{100 * level:.0f}%"></i></span>'
    return f'<th scope="col">{text(column.title)}{meter}{note}</th>'


def table_html(frame: pd.DataFrame, caption: str) -> str:
    """A table whose rows are headed by their first column."""
    heads = "".join(f'<th scope="col">{text(str(name))}</th>' for name in frame.columns)
    rows = "".join(
        f'<tr><th scope="row">{text(str(first))}</th>{"".join(f"<td>{text(str(cell))}</td>" for cell in rest)}</tr>'
        for first, *rest in frame.itertuples(index=False, name=None)
    )
    return (
        f'<div class="cx-map cx-scroll" tabindex="0" role="region" aria-label="{text(caption)}"><table>'
        f"<caption>{text(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
