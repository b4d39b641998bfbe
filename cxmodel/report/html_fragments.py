"""Text on its way into a page or a report, escaped and kept from breaking within a figure; the table of effects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from cxmodel.report.charts.plans import look_of
from cxmodel.report.text.captions import future_name, paid_back, plan_name
from cxmodel.report.text.comparison import COLUMNS, Effect, Line, lines, name_of
from cxmodel.report.text.numbers import with_interval
from cxmodel.studies.verdict import ranked
from cxmodel.vocabulary import METRICS, JsonDict, unit_of

if TYPE_CHECKING:
    from cxmodel.report.text.scores import Score
    from cxmodel.scenario import Scenario
    from cxmodel.studies.comparison import Cell, Comparison, Pair


def text(words: str) -> str:
    """Words as HTML that nobody can inject into; `+£3.4k`, `1 to 2` and `95 %` stay on one line.

    >>> text("+£3.4k & 1 to 95 %")
    '+&#8288;£3.4k &amp; 1&nbsp;to&nbsp;95&nbsp;%'
    """
    kept = re.sub(r"([+−])(?=[^\d\s])", r"\1&#8288;", escape(words))
    kept = re.sub(r"(?<=[\d%km]) to (?=\S*\d)", "&nbsp;to&nbsp;", kept)
    return kept.replace(" %", "&nbsp;%")


UNITS: Final = {"expectation_gap": "points", "retention": "percentage points", "nps": "points"}
"""What the changes in a column are counted in; money is told over the horizon."""


def effects(asked: Sequence[Pair], found: Comparison | None, span: str, scenario: Scenario) -> str:
    """The table as HTML: a row for each pair that was asked for, those still to come too; looks `span` ahead.

    What is still to come is called as in `scenario`.
    """
    rows = dict(zip(ranked(found), lines(found), strict=True)) if found is not None else {}
    reach = _reach(list(rows.values()))
    heads = "".join(
        f'<th scope="col">{text(METRICS[metric].label)}<small>{text(UNITS.get(metric, f"over {span}"))}</small></th>'
        for metric in COLUMNS
    )
    wide = len(COLUMNS) + 2
    body = ""
    order = [*rows, *(pair for pair in asked if pair not in rows)]
    futures = list(dict.fromkeys(pair.run.future for pair in asked))
    for future in futures:
        if len(futures) > 1:
            words = f"External scenario: {future_name(scenario, future)}" if future else "No external scenario"
            body += f'<tr class="cx-if"><th colspan="{wide + 1}" scope="colgroup">{text(words)}</th></tr>'
        pairs = [pair for pair in order if pair.run.future == future]
        for against, held in groupby(pairs, key=lambda pair: pair.against):
            body += _standing(against, found)
            for pair in held:
                if found is None or pair not in rows:
                    body += _awaited(pair, wide, scenario)
                else:
                    body += _row(pair, rows[pair], found.results[pair.run].scenario, reach)
    heads = (
        f'<th scope="col"><span class="cx-hidden">What</span></th>{heads}'
        f'<th scope="col">Paid back<small>against today</small></th><th scope="col">Costs more'
        f"<small>{text(f'over {span}')}</small></th>"
    )
    return scrolling_table("What each changes, with its 95 % interval", heads, body)


def scrolling_table(caption: str, heads: str, body: str, kind: str = "cx-effects") -> str:
    """A table by its cells as HTML, which scrolls by mouse, touch and keyboard where it is wider than its place."""
    return (
        f'<div class="cx-scroll" tabindex="0" role="region" aria-label="{text(caption)}"><table class="{kind}">'
        f'<caption class="cx-hidden">{text(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _standing(against: Cell, found: Comparison | None) -> str:
    """The row of what is compared with: its own figures."""
    if found is None or against not in found.results:
        return ""
    result = found.results[against]
    cells = ""
    for metric in COLUMNS:
        now = result.metric(metric)
        unit, currency = unit_of(metric), result.scenario.currency
        if now.value is None:
            cells += "<td>–</td>"
            continue
        size, span = with_interval(now.value, now.low, now.high, unit, currency, brief=True)
        cells += f"<td>{text(size)}<small>{text(span)}</small></td>"
    name = name_of(against, found)
    head = f'<th scope="row">{_named(name, against, result.scenario)}</th>'
    return f'<tr class="cx-was">{head}{cells}<td>{text(paid_back(result))}</td><td></td></tr>'


def _awaited(pair: Pair, wide: int, scenario: Scenario) -> str:
    """A quiet placeholder for a pair whose runs are still to come."""
    name = plan_name(scenario, pair.run.plan)
    return f'<tr><th scope="row">{text(name)}</th><td colspan="{wide}" class="cx-note">running …</td></tr>'


def _row(pair: Pair, line: Line, scenario: Scenario, reach: dict[str, float]) -> str:
    """The row of one pair."""
    cells = "".join(_cell(each, reach) for each in line.effects)
    more = "".join(f'<td class="cx-cost">{text(words)}</td>' for words in (line.payback, line.cost))
    return f'<tr><th scope="row">{_named(line.name, pair.run, scenario)}</th>{cells}{more}</tr>'


def _named(name: str, cell: Cell, scenario: Scenario) -> str:
    """What a run is called, after a dot in the colour of its plan."""
    style = look_of(cell.plan, scenario).style
    return f'<i class="cx-plan" style="background:var(--cx-{style})" aria-hidden="true"></i>{text(name)}'


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


TOLD: Final = ("net_value", "customer_equity", "expectation_gap", "nps")
"""What an initiative's contribution is shown in."""


def contributions(rows: Sequence[JsonDict], scenario: Scenario) -> str:
    """What each initiative of a plan contributes (Shapley values, which add up to the whole difference), as HTML."""
    metrics = [name for name in TOLD if any(_is_told(row, name) for row in rows)]
    heads = "".join(f'<th scope="col">{text(METRICS[name].label)}</th>' for name in metrics)
    body = ""
    for initiative in dict.fromkeys(row["initiative"] for row in rows):
        mine = {row["metric"]: row for row in rows if row["initiative"] == initiative}
        cells = "".join(_contribution(mine.get(name), name, scenario.currency) for name in metrics)
        body += f'<tr><th scope="row">{text(scenario.label("initiatives", initiative))}</th>{cells}</tr>'
    return scrolling_table("What each initiative contributes", f'<th scope="col">Initiative</th>{heads}', body)


def _is_told(row: JsonDict, metric: str) -> bool:
    return bool(row["metric"] == metric and row["contribution"] is not None)


def _contribution(row: JsonDict | None, metric: str, currency: str | None) -> str:
    if row is None or row["contribution"] is None:
        return "<td>–</td>"
    ends = row["contribution"], row["low"], row["high"]
    size, span = with_interval(*ends, unit_of(metric), currency, sign=True, brief=True)
    return f"<td><strong>{text(size)}</strong><small>{text(span if row['low'] is not None else '')}</small></td>"


def scores(found: Sequence[Score]) -> str:
    """How customer, agent and management fare, side by side."""
    body = "".join(
        f'<section class="cx-score"><h3>{text(each.who)}</h3><div class="cx-figure">{text(each.figure)}'
        f'<small>{text(each.span)}</small></div><div class="cx-foot">{text(each.words)}</div>'
        f'<div class="cx-foot">{text(each.change)}</div></section>'
        for each in found
    )
    return f'<div class="cx-cards cx-three">{body}</div>'
