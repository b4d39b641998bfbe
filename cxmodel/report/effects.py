"""The table of a comparison: a row for each pair, a column for each of the four numbers. All text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from cxmodel.report.captions import HEADLINES, unit_of
from cxmodel.report.comparison import Effect, Line, lines, name_of
from cxmodel.report.figures import figure, humanise, interval
from cxmodel.report.markup import text
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.studies.comparison import Cell, Comparison, Pair

UNITS: Final = {"expectation_gap": "points", "retention": "of 100 customers", "nps": "NPS", "customer_equity": ""}
"""What the changes in a column are counted in."""


def effects(asked: Sequence[Pair], found: Comparison | None, span: str) -> str:
    """The table as HTML: a row for each pair that was asked for, those still to come too; looks `span` ahead."""
    rows = dict(zip(found.pairs, lines(found), strict=True)) if found is not None else {}
    reach = _reach(list(rows.values()))
    heads = "".join(
        f'<th scope="col">{text(label)}<small>{text(UNITS[metric] or f"over {span}")}</small></th>'
        for metric, label in HEADLINES.items()
    )
    body = ""
    several = len({pair.run.future for pair in asked}) > 1
    for future, pairs in groupby(asked, key=lambda pair: pair.run.future):
        if several:
            words = f"If {humanise(future).lower()}" if future else "As things are"
            body += f'<tr class="cx-if"><th colspan="6" scope="colgroup">{text(words)}</th></tr>'
        for against, held in groupby(pairs, key=lambda pair: pair.against):
            mine = list(held)
            body += _standing(against, found, mine[0])
            body += "".join(_row(pair, rows.get(pair), reach) for pair in mine)
    return (
        '<div class="cx-scroll"><table class="cx-effects"><caption class="cx-hidden">What each changes, with its '
        f'95 % interval</caption><thead><tr><th scope="col"><span class="cx-hidden">What</span></th>{heads}'
        f'<th scope="col">Costs<small>more</small></th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _standing(against: Cell, found: Comparison | None, pair: Pair) -> str:
    """The row of what is compared with: its own four numbers."""
    if found is None or against not in found.results:
        return ""
    result = found.results[against]
    cells = ""
    for metric in HEADLINES:
        now = result.metric(metric)
        unit, currency = unit_of(metric), result.scenario.currency
        if now.value is None:
            cells += "<td>–</td>"
            continue
        span = interval(now.low, now.high, unit, currency, brief=True)
        cells += f"<td>{text(figure(now.value, unit, currency, brief=True))}<small>{text(span)}</small></td>"
    name = name_of(against, found)
    return f'<tr class="cx-was"><th scope="row">{text(name)}</th>{cells}<td></td></tr>'


def _row(pair: Pair, line: Line | None, reach: dict[str, float]) -> str:
    """The row of one pair; a quiet placeholder until its runs are there."""
    if line is None:
        name = "As is" if pair.run.plan == AS_IS else humanise(pair.run.plan)
        return f'<tr><th scope="row">{text(name)}</th><td colspan="5" class="cx-note">playing …</td></tr>'
    cells = {each.metric: _cell(each, reach) for each in line.effects}
    body = "".join(cells.get(metric, "<td>–</td>") for metric in HEADLINES)
    return f'<tr><th scope="row">{text(line.name)}</th>{body}<td class="cx-cost">{text(line.cost)}</td></tr>'


def _cell(each: Effect, reach: dict[str, float]) -> str:
    """A change: arrow, size and word, its interval, and a strip that shows it beside those of the other rows."""
    span = f"<small>{text(each.span)}</small>" if each.span else ""
    found = each.change
    strip = ""
    if found.runs > 1 and reach.get(each.metric):
        left, right, at = (50 + 50 * end / reach[each.metric] for end in (found.low, found.high, found.value))
        strip = (
            f'<div class="cx-span" aria-hidden="true"><u></u><b style="left:{left:.1f}%;width:{right - left:.1f}%"></b>'
            f'<s style="left:{at:.1f}%"></s></div>'
        )
    return f'<td class="{each.tone}" data-metric="{each.metric}"><strong>{text(each.head)}</strong>{span}{strip}</td>'


def _reach(rows: list[Line]) -> dict[str, float]:
    """How far from zero the strips of each column have to reach."""
    found: dict[str, float] = {}
    for each in (one for row in rows for one in row.effects if one.change.runs > 1):
        found[each.metric] = max(found.get(each.metric, 0.0), abs(each.change.low), abs(each.change.high))
    return {metric: 1.04 * far for metric, far in found.items()}
