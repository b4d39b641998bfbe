"""A deck of slides: sizes, words that fit their place, and native charts that people can edit. Knows no result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from cxmodel.report.charts.base import COLOURS
from cxmodel.report.export.deterministic_zip import settled
from cxmodel.report.text_fit import deep, fitted, size_for

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
MARGIN: Final = 0.6
INNER: Final = WIDTH - 2 * MARGIN
FONT: Final = "Arial"
COLOUR: Final = COLOURS["light"]
TITLE_ONLY: Final = 5
"""Place of the layout that holds a title and nothing else."""
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies on a slide [inches]."""

    x: float
    y: float
    width: float
    height: float


HEAD: Final = Place(MARGIN, 0.38, INNER, 1.12)
"""Where a slide's message stands."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line or a row of columns of a native chart; None where there is no figure."""

    name: str
    values: Sequence[float | None]
    colour: str
    dashed: bool = False
    words: Sequence[str] | None = None
    """What is written at each point."""
    hidden: bool = False
    """Carries others, or their words, without being seen, as under and over the steps of a waterfall."""
    width: float = 2.75
    """Of a line [points]."""


@dataclass
class Deck:
    """Slides that are added one by one."""

    presentation: Any = field(default_factory=Presentation)

    def __post_init__(self) -> None:
        self.presentation.slide_width, self.presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)

    def slide(self, title: str, notes: str, *, least: float = 18, most: float = 28, place: Place = HEAD) -> Any:
        """A slide whose title is its message; `notes` say where it comes from."""
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[TITLE_ONLY])
        head, said = slide.shapes.title, [clean(title).replace(" %", "\N{NO-BREAK SPACE}%")]
        _put(head, place)
        box = place.width, place.height
        size = size_for(said, *box, most, least)
        _fill(head.text_frame, fitted(said, *box, size), size, bold=True)
        head.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(0), Emu(0), Inches(WIDTH), Inches(0.09))
        band.fill.solid()
        band.fill.fore_color.rgb = rgb("lived")
        band.line.fill.background()
        band.shadow.inherit = False
        slide.notes_slide.notes_text_frame.text = clean(notes)
        return slide

    def save(self) -> bytes:
        """The file, the same bytes for the same slides."""
        out = BytesIO()
        self.presentation.save(out)
        return settled(out.getvalue())


def words(
    slide: Any,
    lines: Sequence[str],
    place: Place,
    *,
    most: float = 20,
    least: float = 10,
    bold: bool = False,
    colour: str = "ink",
    mono: bool = False,
    gap: float = 6,
) -> Any:
    """Paragraphs, as large as fits their place."""
    box = slide.shapes.add_textbox(Emu(0), Emu(0), Emu(0), Emu(0))
    _put(box, place)
    said = [clean(line) for line in lines]
    size = size_for(said, place.width, place.height, most, least, gap, mono)
    _fill(
        box.text_frame,
        fitted(said, place.width, place.height, size, gap, mono),
        size,
        bold=bold,
        colour=colour,
        mono=mono,
        gap=gap,
    )
    return box


def card(
    slide: Any, place: Place, head: str, big: str, small: str, change: str, tone: str, foot: str, lead: str = "ink"
) -> None:
    """One of several numbers side by side: what it is, the figure in the colour `lead`, its interval, what changed."""
    box = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, Emu(0), Emu(0), Emu(0), Emu(0))
    _put(box, place)
    box.adjustments[0] = 0.04
    box.fill.background()
    box.line.color.rgb, box.line.width = rgb("grid"), Pt(1.25)
    box.shadow.inherit = False
    inner, left = place.width - 0.4, place.x + 0.2
    words(slide, [head], Place(left, place.y + 0.15, inner, 0.4), most=15, bold=True, colour="muted")
    words(slide, [big], Place(left, place.y + 0.55, inner, 0.8), most=36, bold=True, colour=lead)
    words(slide, [small], Place(left, place.y + 1.35, inner, 0.4), most=14, colour="muted")
    words(slide, [change], Place(left, place.y + 1.85, inner, 0.75), most=15, bold=bool(tone), colour=tone or "ink")
    words(slide, [foot], Place(left, place.y + 2.6, inner, place.height - 2.75), most=12, colour="muted")


def lines(
    slide: Any,
    place: Place,
    categories: Sequence[str],
    series: Sequence[Series],
    alt: str,
    *,
    size: float = 12,
    span: tuple[float, float] | None = None,
    name: str = "",
) -> Any:
    """A native line chart whose value axis has a `name`; the distance from the first line to the last is shaded."""
    chart = _framed(slide, XL_CHART_TYPE.LINE_MARKERS, place, _categories(categories, series, "0"), alt, size)
    for drawn, own in zip(chart.plots[0].series, series, strict=True):
        _stroke(drawn, own)
        drawn.marker.style = XL_MARKER_STYLE.CIRCLE if own.width > 2 else XL_MARKER_STYLE.NONE
        drawn.marker.size = 8
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = drawn.marker.format.line.color.rgb = rgb(own.colour)
    _axes(chart, size, "0", span)
    _upright(chart.category_axis, size)
    _named(chart.value_axis, name, size)
    _headed(chart, "", True, size)
    _shade(chart)
    return chart


def curves(
    slide: Any,
    place: Place,
    months: Sequence[float],
    series: Sequence[Series],
    alt: str,
    *,
    title: str,
    span: tuple[float, float],
    step: float,
    form: str = "0",
    size: float = 11,
) -> Any:
    """A native chart over time: its axis is one of numbers, so that a label stands at each sixth month or so."""
    held: Any = XyChartData(number_format=form)  # type: ignore[no-untyped-call]
    for own in series:
        drawn = held.add_series(clean(own.name))
        for month, value in zip(months, own.values, strict=True):
            if value is not None and value == value:
                drawn.add_data_point(month, value)
    chart = _framed(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, place, held, alt, size)
    for drawn, own in zip(chart.plots[0].series, series, strict=True):
        _stroke(drawn, own)
    _axes(chart, size, form, span)
    end = max(months)
    across = chart.category_axis
    across.minimum_scale, across.maximum_scale = 0, end
    across.major_unit = _every(end)
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "0", False
    chart.value_axis.major_unit = step
    _named(across, "Month", size)
    _headed(chart, title, False, size)
    return chart


def columns(
    slide: Any,
    place: Place,
    categories: Sequence[str],
    series: Sequence[Series],
    alt: str,
    *,
    colours: Sequence[str] | None = None,
    size: float = 12,
    form: str = "0",
    across: bool = False,
    stacked: bool = False,
    title: str = "",
    legend: bool = False,
) -> Any:
    """A native chart of columns, or of bars `across`; `colours` are those of the last series' columns."""
    kinds = {
        (False, False): XL_CHART_TYPE.COLUMN_CLUSTERED,
        (False, True): XL_CHART_TYPE.COLUMN_STACKED,
        (True, False): XL_CHART_TYPE.BAR_CLUSTERED,
        (True, True): XL_CHART_TYPE.BAR_STACKED,
    }
    chart = _framed(slide, kinds[across, stacked], place, _categories(categories, series, form), alt, size)
    plot = chart.plots[0]
    plot.gap_width = 55
    if stacked:
        plot.overlap = 100
    for drawn, own in zip(plot.series, series, strict=True):
        drawn.invert_if_negative = False
        if own.hidden:
            drawn.format.fill.background()
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = rgb(own.colour)
        for point, colour in enumerate(() if own.hidden else colours or ()):
            drawn.points[point].format.fill.solid()
            drawn.points[point].format.fill.fore_color.rgb = rgb(colour)
        _labels(drawn, own, size, XL_LABEL_POSITION.INSIDE_BASE if stacked else XL_LABEL_POSITION.OUTSIDE_END)
    _axes(chart, size, form, None)
    _upright(chart.category_axis, size)
    known = [each for own in series for each in own.values if each is not None]
    if across:
        chart.category_axis.reverse_order = True
        chart.value_axis.maximum_scale = max([0.0, *known]) * 1.4 or 1.0
        if not stacked and known and min(known) < 0:
            chart.value_axis.minimum_scale = min(known) * 1.4
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    _headed(chart, title, legend, size)
    return chart


def gantt(
    slide: Any,
    place: Place,
    names: Sequence[str],
    bars: Sequence[tuple[float, float]],
    end: float,
    alt: str,
    title: str,
) -> Any:
    """Native bars over the months: when something starts, how long until half of it is there, and that it goes on."""
    upward = [*reversed(bars)]  # the first stands on top, the months below the last
    half = [max(0.0, min(long, end - start)) for start, long in upward]
    rest = [max(0.0, end - start - long) for (start, _), long in zip(upward, half, strict=True)]
    series = [
        Series("Before", [start for start, _ in upward], "grid", hidden=True),
        Series("Until half of the effect is there", half, "lived"),
        Series("From then on", rest, "ghost"),
    ]
    chart = columns(slide, place, [*reversed(names)], series, alt, across=True, stacked=True, size=13, title=title)
    chart.category_axis.reverse_order = False
    chart.value_axis.visible = True
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, end
    chart.value_axis.major_unit = _every(end)
    _named(chart.value_axis, "Month", 13)
    return chart


def table(
    slide: Any,
    place: Place,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: float = 13,
) -> None:
    """A native table; rows that do not fit are left to the notes."""
    height = 0.36
    kept, used = [], height
    for row in rows:
        used += 0.12 + max(deep([clean(cell)], width - 0.2, size) for cell, width in zip(row, widths, strict=True))
        if used > place.height:
            break
        kept.append(row)
    frame = slide.shapes.add_table(
        len(kept) + 1, len(head), Inches(place.x), Inches(place.y), Inches(place.width), Inches(height)
    )
    made = frame.table
    made.horz_banding = False
    for column, width in enumerate(widths):
        made.columns[column].width = Inches(width)
    for number, row in enumerate([head, *kept]):
        made.rows[number].height = Inches(height)
        for column, cell in enumerate(row):
            box = made.cell(number, column)
            box.margin_left = box.margin_right = Inches(0.08)
            box.margin_top = box.margin_bottom = Inches(0.04)
            box.fill.background()
            _fill(
                box.text_frame,
                [clean(cell)],
                size,
                bold=number == 0 or column == 0,
                colour="muted" if number == 0 else "ink",
            )


def clean(text: str) -> str:
    """Text without the signs that no document can hold."""
    return CONTROL.sub(" ", text)


def rgb(name: str) -> Any:
    """A colour of the light look by the name of its style."""
    return RGBColor(*bytes.fromhex(COLOUR[name].removeprefix("#")))  # type: ignore[no-untyped-call]


def _put(shape: Any, place: Place) -> None:
    shape.left, shape.top = Inches(place.x), Inches(place.y)
    shape.width, shape.height = Inches(place.width), Inches(place.height)


def _fill(
    frame: Any,
    lines: Sequence[str],
    size: float,
    *,
    bold: bool = False,
    colour: str = "ink",
    mono: bool = False,
    gap: float = 6,
) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = 1
        paragraph.space_after = Pt(gap)
        run = paragraph.add_run()
        run.text = line
        run.font.name, run.font.size, run.font.bold = ("Courier New" if mono else FONT), Pt(size), bold
        run.font.color.rgb = rgb(colour)


def _categories(categories: Sequence[str], series: Sequence[Series], form: str) -> Any:
    """The data behind a chart of lines, columns or bars."""
    held: Any = CategoryChartData(number_format=form)  # type: ignore[no-untyped-call]
    held.categories = [clean(name) for name in categories]
    for own in series:
        held.add_series(clean(own.name), [None if each is None or each != each else each for each in own.values])
    return held


def _framed(slide: Any, kind: Any, place: Place, held: Any, alt: str, size: float) -> Any:
    """A chart in its place, which can be heard too."""
    box = [Inches(each) for each in (place.x, place.y, place.width, place.height)]
    frame = slide.shapes.add_chart(kind, *box, held)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))
    chart = frame.chart
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(size), FONT, rgb("muted")
    return chart


def _stroke(drawn: Any, own: Series) -> None:
    """How a line is drawn."""
    drawn.smooth = False
    drawn.format.line.color.rgb = rgb(own.colour)
    drawn.format.line.width = Pt(own.width)
    if own.dashed:
        drawn.format.line.dash_style = MSO_LINE.DASH


def _labels(drawn: Any, own: Series, size: float, at: Any) -> None:
    """What is written at the points of a series."""
    for point, said in enumerate(own.words or ()):
        if not said:
            continue
        label = drawn.points[point].data_label
        label.has_text_frame = True
        label.text_frame.text = clean(said)
        font = label.text_frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.name = Pt(size), True, FONT
        font.color.rgb = rgb("ink")
        label.position = at


def _axes(chart: Any, size: float, form: str, span: tuple[float, float] | None) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.has_major_gridlines = True
    value.major_gridlines.format.line.color.rgb = rgb("grid")
    value.format.line.fill.background()
    value.tick_labels.font.size = category.tick_labels.font.size = Pt(size)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = form, False
    category.format.line.color.rgb = rgb("ghost")
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.has_major_gridlines = False
    if span is not None:
        value.minimum_scale, value.maximum_scale = span


def _every(months: float) -> int:
    """Months from one label of an axis to the next."""
    return next((every for every in (1, 3, 6, 12, 24) if months / every <= 8), 60)


def _named(axis: Any, name: str, size: float) -> None:
    """What an axis counts."""
    axis.has_title = True
    axis.axis_title.text_frame.text = name
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.name = Pt(size), False, FONT
    font.color.rgb = rgb("muted")


def _upright(axis: Any, size: float) -> None:
    """Names of categories stay level and wrap, where a program would else turn them."""
    axis.tick_labels.font.size = Pt(size)
    axis._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def _shade(chart: Any) -> None:
    """Bars from the first line to the last: one colour where it falls short, another where it is ahead."""
    bars = "".join(
        f'<c:{name}><c:spPr><a:solidFill><a:srgbClr val="{COLOUR[style][1:].upper()}"><a:alpha val="45000"/>'
        f"</a:srgbClr></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:{name}>"
        for name, style in (("upBars", "ahead"), ("downBars", "short"))
    )
    drawn = parse_xml(f'<c:upDownBars {nsdecls("c", "a")}><c:gapWidth val="260"/>{bars}</c:upDownBars>')
    plot = chart._chartSpace.find(".//" + qn("c:lineChart"))
    plot.find(qn("c:marker")).addprevious(drawn)


def _headed(chart: Any, title: str, legend: bool, size: float) -> None:
    chart.has_title = bool(title)
    if title:
        chart.chart_title.text_frame.text = clean(title)
        font = chart.chart_title.text_frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.name = Pt(size + 1), True, FONT
        font.color.rgb = rgb("ink")
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(size)


__all__ = ["Deck", "Place", "Series", "card", "columns", "curves", "gantt", "lines", "table", "words"]
