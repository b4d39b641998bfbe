"""Maps as slides: the journey map as a native table with its curve as a native chart; the others likewise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from cxmodel.report.export import pptx
from cxmodel.report.export.pptx import INNER, MARGIN, Deck, Place, Series
from cxmodel.report.export.pptx_grid import Box, Row, Said, fits, grid, marked, strip
from cxmodel.report.maps.canvas import OURS, unpriced
from cxmodel.report.maps.catalogue import JOURNEY
from cxmodel.report.maps.cells import NONE
from cxmodel.report.maps.organisation import BINDING_MARK, group_runs
from cxmodel.report.maps.proposition import bargains, equal_value, value_table
from cxmodel.report.text.numbers import MINUS, percent

if TYPE_CHECKING:
    from cxmodel.report.maps.catalogue import Told
    from cxmodel.report.maps.cells import Cell, Chip, Lane
    from cxmodel.report.maps.curve import Level
    from cxmodel.report.maps.journey_map import JourneyMap, Stop
    from cxmodel.report.maps.organisation import Organisation
    from cxmodel.report.maps.proposition import Bargain

HEAD: Final = Place(0.35, 0.22, pptx.WIDTH - 0.7, 0.42)
"""Where the message of a map stands: a map needs the room."""
LEFT: Final = 0.35
WIDE: Final = pptx.WIDTH - 0.7
FIRST: Final = 1.12
"""Inches of the names of lanes."""
CURVE: Final = 1.25
"""Inches of the curve."""
LOW: Final = 6.98
"""Where a map ends: the foot of the slide is below."""
LONG: Final = 44
"""Signs of a scenario's name in the title of a map."""
MOST: Final = 11.0
LEAST: Final = 7.5
"""Points below which a map is told on two slides rather than one."""
TINY: Final = 5.0
"""Points that nothing is smaller than."""
PAGE: Final = 14
"""Touchpoints on a slide, at most: of more, the journey goes on on the next."""


def map_slides(made: Deck, which: str, told: Told, notes: str, hidden: Collection[str] = ()) -> None:
    """Add a map to a deck."""
    if which == JOURNEY:
        journey_slides(made, told.journey, notes, hidden)
    elif which == "organisation":
        organisation_slide(made, told.organisation, notes)
    elif which == "strategy_canvas":
        for bargain in bargains(told.result):
            canvas_slide(made, bargain, notes)
    else:
        value_slide(made, told, notes)


def deck(names: Sequence[str], told: Told, notes: str, hidden: Collection[str] = ()) -> bytes:
    """Maps as a PowerPoint file of their own."""
    made = Deck()
    for which in names:
        map_slides(made, which, told, notes, hidden)
    return made.save()


def journey_slides(made: Deck, found: JourneyMap, notes: str, hidden: Collection[str] = ()) -> None:
    """The journey map on one slide, or on two where it would be too small to read: front stage and back stage."""
    front, back = found.shown(hidden, back=False), found.shown(hidden, back=True)
    for first in range(0, len(found.stops), PAGE):
        part = slice(first, first + PAGE)
        widths = _widths(len(found.stops[part]))
        head = [_phase(found.stops[part]), _names(found.stops[part])]
        above, below = [_row(found, lane, part) for lane in front], [_row(found, lane, part) for lane in back]
        if below:
            below[0] = Row(below[0].cells, below[0].shaded, below[0].least, heavy=True)
        top = _top(found)
        title = f"{_brief(found.title)}, journey map: {_message(found)}"
        size = fits([*head, *above, *below], widths, LOW - top, MOST, LEAST)
        if size is not None or not below:
            _journey_slide(made, found, part, title, notes, [*head, *above, *below], front, size)
            continue
        _journey_slide(made, found, part, title, notes, [*head, *above], front, None)
        title = f"{_brief(found.title)}, behind the line of visibility: {_blind(back, part)}"
        _journey_slide(made, found, part, title, notes, [*head, *below], [], None)


def _journey_slide(
    made: Deck,
    found: JourneyMap,
    part: slice,
    title: str,
    notes: str,
    rows: Sequence[Row],
    front: Sequence[Lane],
    size: float | None,
) -> None:
    """One slide: message, who and what was promised, the table, and the curve over the row that is left free for it."""
    slide = made.slide(title, f"{notes}\n{found.description}", most=20, least=9, place=HEAD)
    top, widths = _top(found), _widths(len(found.stops[part]))
    who = [f"{each.name} · {each.about}" + (f" “{each.quote}”" if each.quote else "") for each in found.who]
    promised = [line.text for line in found.promises]
    told = [*who, *promised, *([_across(found.across)] if found.across else [])]
    pptx.words(slide, told, Place(LEFT, 0.68, WIDE, top - 0.74), most=11, least=6, gap=1)
    if size is None:
        size = fits(rows, widths, LOW - top, MOST, TINY) or TINY
        rows = _cut(rows, widths, LOW - top, size)
    tops = grid(slide, Place(LEFT, top, WIDE, LOW - top), rows, widths, size)
    place = next((number for number, lane in enumerate(front, start=2) if lane.key == "curve"), None)
    if place is not None and place < len(rows) and any(level.rated for level in found.curve[part]):
        series = _series(found, part)
        where = Place(LEFT + FIRST, tops[place] + 0.02, sum(widths) - FIRST, CURVE - 0.04)
        names = [stop.name for stop in found.stops[part]]
        strip(slide, where, names, series, found.description, size)


def _top(found: JourneyMap) -> float:
    """Where the table begins, under the lines about who and what was promised."""
    return 0.78 + 0.2 * min(6, len(found.who) + len(found.promises) + bool(found.across))


def _message(found: JourneyMap) -> str:
    """What the map says above all."""
    broken = [stop.name for stop in found.stops if stop.broken]
    said = f"the weakest link is {found.weakest.text}" if found.weakest.strong else found.weakest.text
    return f"{said}, and promises are broken at {len(broken)} of {len(found.stops)} touchpoints" if broken else said


def _blind(back: Sequence[Lane], part: slice) -> str:
    """What the back stage says above all: where nobody answers, and where nobody sees."""
    cells = {lane.key: lane.cells[part] for lane in back}
    alone = sum("! Nobody" in cell.words for cell in cells.get("owner", ()))
    unseen = sum("nobody sees" in cell.words for cell in cells.get("insight", ()))
    said = [f"nobody answers for {alone}"] * bool(alone) + [f"nobody sees all that counts at {unseen}"] * bool(unseen)
    return f"{' and '.join(said)} of the touchpoints" if said else "what each touchpoint rests on and what is planned"


def _across(chips: Sequence[Chip]) -> str:
    return f"Across the journey: {', '.join(chip.heard for chip in chips)}"


def _widths(count: int) -> list[float]:
    return [FIRST, *[(WIDE - FIRST) / count] * count]


def _phase(stops: Sequence[Stop]) -> Row:
    """The phases, each over its touchpoints."""
    cells, stages = [Box([Said("Phase", "muted", True)])], [stop.stage for stop in stops]
    for stage in dict.fromkeys(stages):
        cells.append(Box([Said(stage.upper(), "muted", True)], stages.count(stage), centred=True))
    return Row(cells, shaded=True)


def _names(stops: Sequence[Stop]) -> Row:
    """The touchpoints, with their marks."""
    cells = [Box([Said("Touchpoint", "muted", True)])]
    for stop in stops:
        lines = [Said(stop.name, bold=True)]
        lines += [Said(f"★ {stop.truth}", "lived", True)] if stop.truth else []
        lines += [Said("⚠ promise broken", "short", True)] if stop.broken else []
        cells.append(Box(lines))
    return Row(cells)


def _row(found: JourneyMap, lane: Lane, part: slice) -> Row:
    """A lane; that of the curve is one empty cell, over which the chart lies; the gap is told as shortly as can be."""
    title = Box([Said(lane.title, "muted", True)])
    if lane.key == "curve":
        legend = [Said("– – expected", "muted"), Said("— experienced", "lived", True)]
        return Row([Box([*title.lines, *legend]), Box(span=len(lane.cells[part]))], least=CURVE)
    if lane.key == "gap":
        return Row([title, *(_gap_box(found, lane.cells[at], at) for at in range(len(found.stops))[part])])
    return Row([title, *(_box(cell, lane.key) for cell in lane.cells[part])], shaded=lane.back)


def _gap_box(found: JourneyMap, cell: Cell, at: int) -> Box:
    """A gap in words, and the levels that it lies between."""
    level, first = found.curve[at], cell.lines[0]
    lines = [Said(first.text, first.tone, first.strong)]
    if level.rated:
        lines.append(Said(f"{level.expected:.0f} → {level.lived:.0f}", "muted"))
    was = found.behind[at] if found.behind is not None else None
    if was is not None and was.rated and not (level.rated and round(was.lived) == round(level.lived)):
        lines.append(Said(f"today {was.lived:.0f}", "muted"))
    return Box(lines)


def _box(cell: Cell, lane: str = "") -> Box:
    """A cell as lines; parts of a gap on one of them."""
    if lane == "why" and cell.lines:
        most = next((line.text for line in cell.lines if line.strong), "")
        rest = [line.text for line in cell.lines if line.text != most]
        return Box([*([Said(most, bold=True)] if most else []), *([Said(" · ".join(rest))] if rest else [])])
    lines = [Said(line.text, line.tone, line.strong, line.spoken) for line in cell.lines]
    lines += [
        Said(f"▸ {chip.text}", "lived" if chip.strong else "muted", chip.strong, not chip.strong) for chip in cell.chips
    ]
    return Box(lines)


def _series(found: JourneyMap, part: slice) -> list[Series]:
    """Expected, today's and experienced, with the gap in figures over the points."""
    now = found.curve[part]
    series = [Series("Expected", [_known(level, level.expected) for level in now], "expected", dashed=True, width=1.75)]
    if found.behind is not None:
        ghost = [_known(level, level.lived) for level in found.behind[part]]
        series.append(Series("Experienced, today", ghost, "ghost", width=1.25))
    top = [_known(level, max(level.expected, level.lived)) for level in now]
    series.append(Series("Gap", top, "expected", hidden=True, words=[_gap(level) for level in now]))
    series.append(Series("Experienced", [_known(level, level.lived) for level in now], "lived", width=3))
    return series


def _known(level: Level, value: float) -> float | None:
    return round(value, 2) if level.rated else None


def _gap(level: Level) -> str:
    if not level.rated:
        return ""
    size = round(abs(level.gap))
    return "0" if size == 0 else f"{MINUS if level.gap > 0 else '+'}{size}"


def _cut(rows: Sequence[Row], widths: Sequence[float], height: float, size: float) -> list[Row]:
    """The rows that fit; what does not is left to the notes."""
    kept = list(rows)
    while len(kept) > 3 and fits(kept, widths, height, size, size) is None:
        kept.pop()
    return kept


def organisation_slide(made: Deck, found: Organisation, notes: str) -> None:
    """The map of the organisation as a native table."""
    slide = made.slide(
        f"{_brief(found.title)}, organisation: {found.binding[:1].lower()}{found.binding[1:]}",
        notes,
        most=18,
        least=10,
        place=HEAD,
    )
    told = [*found.notes, BINDING_MARK]
    top = 0.8 + 0.2 * len(told)
    pptx.words(slide, told, Place(LEFT, 0.68, WIDE, top - 0.74), most=11, least=6, gap=1)
    widths = [1.25, *[(WIDE - 1.25) / len(found.columns)] * len(found.columns)]
    groups = [Box([Said("")]), *_groups(found)]
    heads = [Box([Said("Touchpoint", bold=True)])]
    for column in found.columns:
        lines = [Said(column.title, bold=True), *([Said(column.note, "muted")] if column.note else [])]
        heads.append(Box(lines))
    rows = [Row(groups, shaded=True), Row(heads)]
    for stop, cells in zip(found.stops, found.rows, strict=True):
        rows.append(Row([Box([Said(stop.name, bold=True)]), *(_box(cell) for cell in cells)]))
    size = fits(rows, widths, LOW - top, 11, TINY) or TINY
    grid(slide, Place(LEFT, top, WIDE, LOW - top), _cut(rows, widths, LOW - top, size), widths, size)


def _groups(found: Organisation) -> list[Box]:
    return [Box([Said(name.upper(), "muted", True)], size, centred=True) for name, size in group_runs(found.columns)]


def canvas_slide(made: Deck, bargain: Bargain, notes: str) -> None:
    """The strategy canvas of a segment as a native chart of lines."""
    slide = made.slide(f"{bargain.name}: {bargain.fit}", notes, most=22, least=12)
    names = [
        "\n".join(each for each in (_capital(one.name), f"weight {percent(one.weight)}", one.verdict) if each)
        for one in bargain.attributes
    ]
    series = []
    for key, name, style, _, dash, width in OURS:
        values = [getattr(each, key) for each in bargain.attributes]
        if any(value is not None for value in values):
            series.append(Series(_capital(name), values, style, dashed=dash != [1, 0], width=width))
    for (id, name), style in zip(bargain.rivals.items(), ("ghost", "fourth", "muted") * 70, strict=False):
        series.append(Series(name, [each.rivals[id] for each in bargain.attributes], style, dashed=True, width=1.5))
    known = [value for own in series for value in own.values if value is not None]
    span = (max(0.0, 10 * (min(known) // 10)), min(100.0, 10 * (max(known) // 10 + 1)))
    told = f"Strategy canvas: {bargain.fit} {bargain.overpromised}"
    place = Place(MARGIN, 1.6, INNER, 4.8)
    drawn = pptx.lines(slide, place, names, series, told, size=12, span=span, name="Level [0–100]")
    marked(drawn)
    if bargain.overpromised:
        pptx.words(slide, [bargain.overpromised], Place(MARGIN, 6.45, INNER, 0.5), most=16)


def value_slide(made: Deck, told: Told, notes: str) -> None:
    """What each provider is worth to each segment: native bars, and a native table with prices."""
    found, said = bargains(told.result), equal_value(told.result.whole)
    slide = made.slide(said or " ".join(f"{one.name}: {one.standing}" for one in found), notes, most=22, least=12)
    pairs = [(one, each) for one in found for each in one.providers if each.value is not None]
    names = [f"{each.name}\n{one.name.lower()}" for one, each in pairs]
    values = [each.value for _, each in pairs]
    colours = ["lived" if each is one.providers[0] else "ghost" for one, each in pairs]
    alt = "; ".join(f"{each.name} to {one.name.lower()} {each.value:.0f}" for one, each in pairs)
    bars = Series("Value for money", values, "lived", words=[f"{value:.0f}" for value in values if value is not None])
    place, title = Place(MARGIN, 1.6, INNER * 0.42, 4.9), "Value for money [0–100]"
    pptx.columns(
        slide, place, names, [bars], f"Value for money: {alt}.", colours=colours, across=True, size=12, title=title
    )
    table = value_table(told.result).drop(columns="Value, 95 %")
    table = table.loc[:, [name for name in table.columns if (table[name] != NONE).any()]]
    widths = [INNER * 0.56 / len(table.columns)] * len(table.columns)
    right = Place(MARGIN + INNER * 0.44, 1.7, INNER * 0.56, 4.6)
    pptx.table(slide, right, list(table.columns), table.to_numpy().tolist(), widths, size=11)
    left_out = unpriced(found[0])
    if left_out:
        pptx.words(slide, [left_out], Place(MARGIN, 6.55, INNER, 0.35), most=13, colour="muted")


def _brief(name: str) -> str:
    """A name as far as the title of a slide has room for it."""
    return name if len(name) <= LONG else f"{name[: LONG - 1].rstrip()}…"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
