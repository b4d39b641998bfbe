"""A native table of a slide whose cells have lines of several styles, and a curve that lies in one of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from cxmodel.report.export.pptx import FONT, Place, Series, clean, lines, rgb
from cxmodel.report.text_fit import deep

SIDE: Final = 0.05
"""Inches left and right of the words of a cell."""
OVER: Final = 0.025
"""Inches above and below them."""


class Said(NamedTuple):
    """Words on a line of their own."""

    text: str
    style: str = "ink"
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell; one that spans several stands for those to its right."""

    lines: Sequence[Said] = ()
    span: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells."""

    cells: Sequence[Box]
    shaded: bool = False
    least: float = 0.0
    """Inches that it is tall at least, such as for a curve."""
    heavy: bool = field(default=False)
    """Whether a heavy line lies above it."""


def tall(row: Row, widths: Sequence[float], size: float) -> float:
    """How tall a row is [inches]."""
    found, column = row.least, 0
    for cell in row.cells:
        width = sum(widths[column : column + cell.span]) - 2 * SIDE - 0.02
        words = sum(deep([clean(line.text)], width, size, gap=0) for line in cell.lines)
        found, column = max(found, words + 2 * OVER), column + cell.span
    return max(found, deep(["x"], 1.0, size, gap=0) + 2 * OVER)


def fits(rows: Sequence[Row], widths: Sequence[float], height: float, most: float, least: float) -> float | None:
    """The largest size at which all rows fit a height [points]; None where none does."""
    size = most
    while size >= least:
        if sum(tall(row, widths, size) for row in rows) <= height:
            return size
        size -= 0.5
    return None


def grid(slide: Any, place: Place, rows: Sequence[Row], widths: Sequence[float], size: float) -> list[float]:
    """A native table; gives where each row begins, from the top of the slide [inches]."""
    heights = [tall(row, widths, size) for row in rows]
    frame = slide.shapes.add_table(
        len(rows), len(widths), Inches(place.x), Inches(place.y), Inches(sum(widths)), Inches(sum(heights))
    )
    made = frame.table
    made.horz_banding, made.first_row = False, False
    made.first_col = True
    for column, width in enumerate(widths):
        made.columns[column].width = Inches(width)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        made.rows[number].height = Inches(height)
        column = 0
        for cell in row.cells:
            box = made.cell(number, column)
            if cell.span > 1:
                box.merge(made.cell(number, column + cell.span - 1))
            _fill(box, cell, size)
            for each in range(column, column + cell.span):
                _edges(made.cell(number, each), row)
            column += cell.span
    return [place.y + sum(heights[:number]) for number in range(len(rows))]


def _fill(box: Any, cell: Box, size: float) -> None:
    """The words of a cell."""
    box.margin_left = box.margin_right = Inches(SIDE)
    box.margin_top = box.margin_bottom = Inches(OVER)
    frame = box.text_frame
    frame.word_wrap = True
    for number, line in enumerate(cell.lines or (Said(""),)):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if cell.centred:
            paragraph.alignment = PP_ALIGN.CENTER
        run = paragraph.add_run()
        run.text = clean(line.text).replace(" %", "\N{NO-BREAK SPACE}%")
        run.font.name, run.font.size, run.font.bold, run.font.italic = FONT, Pt(size), line.bold, line.italic
        run.font.color.rgb = rgb(line.style)


def _edges(box: Any, row: Row) -> None:
    """No ground, or a pale one, and a line above."""
    if row.shaded:
        box.fill.solid()
        box.fill.fore_color.rgb = rgb("grid")
        box.fill.fore_color.brightness = 0.6
    else:
        box.fill.background()
    properties = box._tc.get_or_add_tcPr()
    above = _line("lnT", "ghost", 22225, dash=True) if row.heavy else _line("lnT", "grid", 9525)
    for number, edge in enumerate((above, _line("lnB", "grid", 9525))):
        properties.insert(number, parse_xml(edge))


def _line(side: str, style: str, width: int, *, dash: bool = False) -> str:
    """An edge of a cell; `width` in English metric units."""
    dashes = '<a:prstDash val="dash"/>' if dash else ""
    paint = f'<a:solidFill><a:srgbClr val="{rgb(style)}"/></a:solidFill>'
    return f'<a:{side} {nsdecls("a")} w="{width}">{paint}{dashes}</a:{side}>'


def strip(slide: Any, place: Place, names: Sequence[str], series: Sequence[Series], alt: str, size: float) -> Any:
    """A native line chart without axes: each point over the middle of its column, as wide as the columns together."""
    chart = lines(slide, place, names, series, alt, size=max(9.0, size), name="Level")
    chart.has_legend = False
    known = [value for own in series for value in own.values if value is not None]
    low, high = max(0.0, min(known) - 6), min(104.0, max(known) + 10)
    value, category = chart.value_axis, chart.category_axis
    value.minimum_scale, value.maximum_scale = low, high
    value.has_title = value.has_major_gridlines = False
    value.visible = category.visible = False
    plot = chart._chartSpace.find(".//" + qn("c:plotArea"))
    layout = plot.find(qn("c:layout"))
    if layout is not None:
        plot.remove(layout)
    parts = "".join(f'<c:{name} val="{number}"/>' for name, number in (("x", 0), ("y", 0.04), ("w", 1), ("h", 0.92)))
    inner = f'<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>{parts}'
    plot.insert(0, parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{inner}</c:manualLayout></c:layout>"))
    for drawn, own in zip(chart.plots[0].series, series, strict=True):
        if own.hidden:
            drawn.format.line.fill.background()
            drawn.marker.style = XL_MARKER_STYLE.NONE
        _said(drawn, own, size)
    return chart


MARKS: Final = (
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.X,
    XL_MARKER_STYLE.PLUS,
    XL_MARKER_STYLE.DASH,
)
"""Marks that tell lines apart without their colours."""


def marked(chart: Any) -> None:
    """A line chart in which each line has a mark of its own, and runs on over what is not known."""
    for number, drawn in enumerate(chart.plots[0].series):
        drawn.marker.style = MARKS[number % len(MARKS)]
    blanks = chart._chartSpace.find(".//" + qn("c:dispBlanksAs"))
    if blanks is not None:
        blanks.set("val", "span")
    bars = chart._chartSpace.find(".//" + qn("c:upDownBars"))
    if bars is not None:
        bars.getparent().remove(bars)


def _said(drawn: Any, own: Series, size: float) -> None:
    """What is written over the points of a line."""
    for point, words in enumerate(own.words or ()):
        if words:
            label = drawn.points[point].data_label
            label.has_text_frame = True
            label.text_frame.text = clean(words)
            font = label.text_frame.paragraphs[0].runs[0].font
            font.size, font.bold, font.name = Pt(max(9.0, size)), True, FONT
            font.color.rgb = rgb(own.colour if words == "0" else "short" if words[0] == "−" else "ahead")
            label.position = XL_LABEL_POSITION.ABOVE
