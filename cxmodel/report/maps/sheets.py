"""The journey map and the map of the organisation laid out on a sheet: the same cells as in HTML, for SVG and PNG."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from cxmodel.report.maps.curve import curve
from cxmodel.report.maps.html import LEGEND, dot
from cxmodel.report.maps.journey_map import LINE_OF_VISIBILITY
from cxmodel.report.maps.organisation import BINDING_MARK, group_runs
from cxmodel.report.maps.sheet import Run, Sheet, deep

if TYPE_CHECKING:
    from cxmodel.report.maps.cells import Cell, Chip, Lane, Line
    from cxmodel.report.maps.journey_map import JourneyMap, Stop
    from cxmodel.report.maps.organisation import Column, Organisation

PAGE: Final = 1280.0
"""Pixels across, as long as that is enough."""
PAD: Final = 20.0
"""Pixels left free on either side."""
HEADS: Final = 122.0
"""Pixels for the names of lanes."""
NARROW: Final = 112.0
"""Pixels that a touchpoint takes at least."""
CURVE: Final = 130.0
"""Pixels of the curve."""
SIZE: Final = 12.0
SMALL: Final = 10.5
AIR: Final = 7.0
"""Pixels around the words of a cell."""
FOOT: Final = "What if, under stated assumptions; not a forecast."


def journey_sheet(found: JourneyMap, hidden: Collection[str] = ()) -> Sheet:
    """The journey map as a sheet."""
    count = len(found.stops)
    width = max(PAGE, 2 * PAD + HEADS + NARROW * count)
    sheet = Sheet(width, _described(found, hidden))
    column = (width - 2 * PAD - HEADS) / count
    y = _journey_head(sheet, found)
    y = _phases(sheet, found, y, column)
    y = _stops(sheet, found.stops, y, column)
    for lane in found.shown(hidden, back=False):
        y = _curve(sheet, found, lane, y, column) if lane.key == "curve" else _lane(sheet, lane, y, column)
    if back := found.shown(hidden, back=True):
        y = _visibility(sheet, y)
        for lane in back:
            y = _lane(sheet, lane, y, column)
    y += 8
    for line in (*LEGEND, FOOT):
        y += sheet.words(PAD, y, [Run(line, "muted")], width - 2 * PAD, SMALL)
    sheet.height = y + 14
    return sheet


def _described(found: JourneyMap, hidden: Collection[str]) -> str:
    """The map for those who hear it: the curve, then each touchpoint with what is marked there."""
    parts = [f"Journey map of {found.title}."]
    parts += [f"{who.name}, {who.about}." + (f" “{who.quote}”" if who.quote else "") for who in found.who]
    parts += [found.description, f"Weakest link: {found.weakest.text}."]
    parts += [f"{promise.text}." for promise in found.promises]
    for place, stop in enumerate(found.stops):
        said = [f"{lane.title.lower()} {lane.cells[place].words}" for lane in found.shown({*hidden, "curve", "gap"})]
        marks = [f"moment of truth ({stop.truth})"] if stop.truth else []
        marks += [f"promise broken ({stop.broken})"] if stop.broken else []
        told = [each for each in said if not each.endswith(" ")]
        parts.append(f"{stop.name}: {'; '.join([*marks, *told])}.")
    return " ".join(parts)


def _journey_head(sheet: Sheet, found: JourneyMap) -> float:
    """Title, who lives it, what was promised, where it is weakest; gives where the table begins."""
    inner, y = sheet.width - 2 * PAD, 16.0
    y += sheet.words(PAD, y, [Run(found.title, bold=True), Run(f"· {found.plan}", "muted")], inner, 17) + 8
    left, right = y, y
    for who in found.who:
        sheet.dot(PAD + 17, left + 17, 34, "grid")
        sheet.words(PAD + 17, left + 8, [Run(who.name[:1].upper(), "lived", bold=True)], 34, 15, "middle")
        x, across = PAD + 46, 0.56 * inner - 46
        deep = sheet.words(x, left, [Run(who.name, bold=True), Run(f"· {who.about}")], across, 13)
        if who.quote:
            deep += sheet.words(x, left + deep, [Run(f"“{who.quote}”", italic=True)], across, 13)
        left += max(deep, 36) + 6
    x, across = PAD + 0.6 * inner, 0.4 * inner
    if found.promises:
        right += sheet.words(x, right, [Run("Brand promises", "muted")], across, SIZE)
    for promise in found.promises:
        right += sheet.words(x, right, [_run(promise)], across, SIZE + 1)
    right += sheet.words(x, right, [Run("Weakest link:"), _run(found.weakest)], across, SIZE + 1)
    if found.across:
        right += 4 + sheet.words(x, right + 4, [Run("Across the journey:", "muted")], across, SIZE)
        right += _chips(sheet, x, right + 2, across, found.across)
    return max(left, right) + 10


def _phases(sheet: Sheet, found: JourneyMap, y: float, column: float) -> float:
    sheet.words(PAD, y + 5, [Run("PHASE", "muted", bold=True)], HEADS, SMALL)
    x = PAD + HEADS
    for name, size in found.stages:
        sheet.box(x + 2, y, size * column - 4, 22, "grid", opacity=0.6, round=6)
        middle = x + size * column / 2
        sheet.words(middle, y + 5, [Run(name.upper(), "muted", bold=True)], size * column, SMALL, "middle")
        x += size * column
    return y + 26


def _stops(sheet: Sheet, stops: Sequence[Stop], y: float, column: float) -> float:
    """The names of the touchpoints, with their marks."""
    sheet.words(PAD, y + AIR, [Run("TOUCHPOINT", "muted", bold=True)], HEADS - AIR, SMALL)
    deepest = 0.0
    for place, stop in enumerate(stops):
        x, across = PAD + HEADS + place * column + AIR, column - 2 * AIR
        used = sheet.words(x, y + AIR, [Run(stop.name, bold=True)], across, 13)
        if stop.truth:
            truth = [Run(f"★ moment of truth: {stop.truth}", "lived", bold=True)]
            used += sheet.words(x, y + AIR + used, truth, across, SMALL)
        if stop.broken:
            used += sheet.words(x, y + AIR + used, [Run("⚠ promise broken", "short", bold=True)], across, SMALL)
        deepest = max(deepest, used)
    return _ruled(sheet, y + deepest + 2 * AIR, "ghost")


def _lane(sheet: Sheet, lane: Lane, y: float, column: float) -> float:
    across = column - 2 * AIR
    inline = lane.key == "why"
    title = [Run(lane.title.upper(), "muted", bold=True)]
    tall = max(deep(title, HEADS - AIR, SMALL), *(_tall(cell, across, inline) for cell in lane.cells))
    if lane.back:
        sheet.box(PAD, y, sheet.width - 2 * PAD, tall + 2 * AIR, "grid", opacity=0.26)
    sheet.words(PAD + 2, y + AIR, title, HEADS - AIR - 2, SMALL)
    for place, cell in enumerate(lane.cells):
        _cell(sheet, PAD + HEADS + place * column + AIR, y + AIR, across, cell, inline)
    return _ruled(sheet, y + tall + 2 * AIR)


def _ruled(sheet: Sheet, y: float, style: str = "grid") -> float:
    sheet.line([(PAD, y), (sheet.width - PAD, y)], style)
    return y


def _visibility(sheet: Sheet, y: float) -> float:
    """The line of visibility, and its name."""
    sheet.line([(PAD, y + 3), (sheet.width - PAD - 120, y + 3)], "ghost", 2, dash="6 4")
    label = [Run(LINE_OF_VISIBILITY.upper(), "muted", bold=True)]
    sheet.words(sheet.width - PAD - 112, y - 4, label, 140, SMALL)
    return y + 8


def _curve(sheet: Sheet, found: JourneyMap, lane: Lane, y: float, column: float) -> float:
    """Both lines, the gap shaded, and the gap in figures over each touchpoint."""
    top, left, across = y + 22, PAD + HEADS, column * len(found.stops)
    used = AIR + sheet.words(PAD + 2, y + AIR, [Run(lane.title.upper(), "muted", bold=True)], HEADS - AIR, SMALL)
    keys = [("expected", "expected", "6 4", 1.8), ("lived", "experienced", "", 3.0)]
    keys += [("ghost", "experienced today", "", 1.6)] if found.behind is not None else []
    for style, words, dash, thick in keys:
        sheet.line([(PAD + 2, y + used + 8), (PAD + 20, y + used + 8)], style, thick, dash=dash and "4 3")
        used += sheet.words(PAD + 25, y + used + 1, [Run(words, "muted")], HEADS - 25, SMALL) + 1
    sheet.dot(PAD + 11, y + used + 8, 9, "lived")
    sheet.words(PAD + 25, y + used + 1, [Run("share of memory", "muted")], HEADS - 20, SMALL)
    drawn = curve(found.curve, found.behind)
    if drawn is not None:

        def at(points: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
            return [(left + x * across, top + down * CURVE) for x, down in points]

        sheet.line(at(drawn.shade.tolist()), "", close="short")
        if drawn.today is not None:
            sheet.line(at(drawn.today.tolist()), "ghost", 1.6)
        sheet.line(at(drawn.expected.tolist()), "expected", 1.8, dash="6 4")
        sheet.line(at(drawn.lived.tolist()), "lived", 3)
        for mark in drawn.marks:
            x = left + mark.at * across
            sheet.dot(x, top + mark.lived * CURVE, dot(mark.share) + 2, "lived")
            lift = max(20.0, 12 + dot(mark.share) / 2)
            sheet.words(x, top + mark.top * CURVE - lift, [Run(mark.words, mark.tone, bold=True)], 60, 12.5, "middle")
    return _ruled(sheet, max(top + CURVE + 12, y + used + 24))


def organisation_sheet(found: Organisation) -> Sheet:
    """The map of the organisation as a sheet."""
    widths = [_wide(column) for column in found.columns]
    heads = HEADS + 10
    width = max(PAGE, 2 * PAD + heads + sum(widths))
    spare = (width - 2 * PAD - heads - sum(widths)) / len(widths)
    widths = [each + spare for each in widths]
    told = [f"{stop.name}: {_row_words(found, cells)}." for stop, cells in zip(found.stops, found.rows, strict=True)]
    sheet = Sheet(width, " ".join([f"Organisation of {found.title}.", found.binding, *found.notes, *told]))
    inner, y = width - 2 * PAD, 16.0
    y += sheet.words(PAD, y, [Run(found.title, bold=True), Run(f"· {found.plan}", "muted")], inner, 17) + 6
    y += sheet.words(PAD, y, [Run(found.binding, bold=True)], inner, 14) + 3
    for note in found.notes:
        y += sheet.words(PAD, y, [Run(f"• {note}")], inner, SIZE + 1)
    y += 10
    lefts = [PAD + heads + sum(widths[:place]) for place in range(len(widths))]
    place = 0
    for name, size in group_runs(found.columns):
        across = sum(widths[place : place + size])
        if name:
            sheet.box(lefts[place] + 2, y, across - 4, 22, "grid", opacity=0.6, round=6)
            middle = lefts[place] + across / 2
            sheet.words(middle, y + 5, [Run(name.upper(), "muted", bold=True)], across, SMALL, "middle")
        place += size
    y = _column_heads(sheet, found.columns, lefts, widths, y + 26)
    for stop, cells in zip(found.stops, found.rows, strict=True):
        called = [Run(stop.name, bold=True)]
        tall = max(
            deep(called, heads - AIR, SIZE),
            *(_tall(cell, across - 2 * AIR, False) for cell, across in zip(cells, widths, strict=True)),
        )
        sheet.words(PAD, y + AIR, called, heads - AIR, SIZE)
        for x, across, cell in zip(lefts, widths, cells, strict=True):
            _cell(sheet, x + AIR, y + AIR, across - 2 * AIR, cell, False)
        y = _ruled(sheet, y + tall + 2 * AIR)
    y += 8 + sheet.words(PAD, y + 8, [Run(f"{BINDING_MARK} {FOOT}", "muted")], inner, SMALL)
    sheet.height = y + 14
    return sheet


def _column_heads(
    sheet: Sheet, columns: Sequence[Column], lefts: Sequence[float], widths: Sequence[float], y: float
) -> float:
    deepest = 0.0
    for column, x, across in zip(columns, lefts, widths, strict=True):
        used = sheet.words(x + AIR, y + AIR, [Run(column.title, bold=True)], across - 2 * AIR, 12.5)
        if column.strength is not None:
            sheet.box(x + AIR, y + AIR + used + 2, across - 2 * AIR, 5, "grid", round=2.5)
            sheet.box(x + AIR, y + AIR + used + 2, (across - 2 * AIR) * column.strength, 5, "lived", round=2.5)
            used += 10
        if column.note:
            used += sheet.words(x + AIR, y + AIR + used, [Run(column.note, "muted")], across - 2 * AIR, SMALL)
        deepest = max(deepest, used)
    return _ruled(sheet, y + deepest + 2 * AIR, "ghost")


def _wide(column: Column) -> float:
    """How wide a column has to be, at least."""
    return 92.0 if column.key not in ("owner", "binds") else 98.0


def _row_words(found: Organisation, cells: Sequence[Cell]) -> str:
    pairs = zip(found.columns, cells, strict=True)
    return "; ".join(f"{column.title.lower()} {cell.words}" for column, cell in pairs if not cell.empty)


def _run(line: Line) -> Run:
    return Run(line.text, line.tone, line.strong, line.spoken)


def _texts(cell: Cell, inline: bool) -> list[list[Run]]:
    """The paragraphs of a cell: a line each, or all of them in one."""
    if not inline:
        return [[_run(line)] for line in cell.lines]
    runs: list[Run] = []
    for line in cell.lines:
        runs += [Run("·", "muted")] if runs else []
        runs.append(_run(line))
    return [runs] if runs else []


def _tall(cell: Cell, across: float, inline: bool) -> float:
    words = sum(deep(runs, across, SIZE) for runs in _texts(cell, inline))
    return words + (14 if cell.bar else 0) + _chips(None, 0, 0, across, cell.chips)


def _cell(sheet: Sheet, x: float, y: float, across: float, cell: Cell, inline: bool) -> None:
    total = sum(part.size for part in cell.bar)
    left = x
    for part in cell.bar:
        wide = across * part.size / total
        sheet.box(left, y + 2, max(1.0, wide - 1), 8, part.style)
        left += wide
    y += 14 if cell.bar else 0
    for runs in _texts(cell, inline):
        y += sheet.words(x, y, runs, across, SIZE)
    _chips(sheet, x, y, across, cell.chips)


def _chips(sheet: Sheet | None, x: float, y: float, across: float, chips: Sequence[Chip]) -> float:
    """Chips one under the other, or side by side where there is room; gives how deep they are. None draws nothing."""
    used = 0.0
    for chip in chips:
        runs = [Run(chip.text, "lived" if chip.strong else "muted", chip.strong)]
        tall = deep(runs, across - 12, SMALL) + 7
        if sheet is not None:
            fill = "lived" if chip.strong else ""
            edge = "lived" if chip.strong else "ghost"
            sheet.box(x, y + used + 1, across, tall, fill, opacity=0.13, round=4, line=edge, dashed=not chip.strong)
            sheet.words(x + 6, y + used + 4, runs, across - 12, SMALL)
        used += tall + 4
    return used
