"""The four cards over a result, on a page or in a report: figure, interval on a fixed scale, target, change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cxmodel.report.html_fragments import scrolling_table, text
from cxmodel.report.text.by_segment import Cell
from cxmodel.report.text.by_segment import by_segment as of_segments
from cxmodel.report.text.captions import change_words, footnote, segment_name, target_words
from cxmodel.report.text.numbers import MINUS, money, with_interval
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import EVERYONE, HEADLINES, METRICS, MONEY

if TYPE_CHECKING:
    from cxmodel.results.estimates import Estimate
    from cxmodel.results.result import Result

SCALES: Final = {"expectation_gap": (-20.0, 40.0), "retention": (0.0, 1.0), "nps": (-100.0, 100.0)}
"""From where to where the strip of a metric goes, whatever the scenario [its unit]."""
ROOM: Final = 1.5
"""How far the strip of money goes, as a multiple of today's customer equity."""


class _Scale(NamedTuple):
    """A strip's two ends."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies [% of the strip]; what lies beyond stands at its end."""
        return 100 * min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def cards(result: Result, baseline: Result | None) -> str:
    """The four cards side by side."""
    body = "".join(_card(metric, result, baseline) for metric in HEADLINES)
    return f'<div class="cx-cards">{body}</div>'


def by_segment(result: Result, baseline: Result | None) -> str:
    """The segments side by side, where there is more than one and none is chosen; else nothing."""
    cells = of_segments(result, baseline)
    if not cells:
        return ""
    heads = "".join(
        f'<th scope="col">{text(segment_name(result.scenario, name))}</th>' for name in result.scenario.segments
    )
    body = "".join(
        f'<tr data-metric="{metric}"><th scope="row">{text(METRICS[metric].label)}</th>'
        f"{''.join(map(_of_segment, mine))}</tr>"
        for metric, mine in cells.items()
    )
    drawn = scrolling_table("Each segment, with 95 % intervals", f"<td></td>{heads}", body, "cx-plain")
    return f'<section class="cx-segments"><h2 class="cx-section">By segment</h2>{drawn}</section>'


def _of_segment(cell: Cell) -> str:
    told = _change(cell.change.verdict, cell.words) if cell.change is not None else ""
    return f"<td><strong>{text(cell.figure)}</strong> <small>{text(cell.span)}</small>{told}</td>"


def _card(metric: str, result: Result, baseline: Result | None) -> str:
    now, currency = result.metric(metric), result.scenario.currency
    parts = [f"<h3>{text(METRICS[metric].label)}</h3>"]
    if now.value is None:
        parts.append('<div class="cx-figure">–</div>')
    else:
        net = None
        if metric == "customer_equity" and baseline is not None and result.segment == EVERYONE:
            net = change(result, baseline, "net_value")  # a segment has no cost of its own
        if net is not None and net.runs:
            parts += [_net(net, currency), _beside(now, currency)]
        else:
            parts.append(_figure(now, METRICS[metric].unit, currency))
        was = baseline.metric(metric) if baseline is not None else None
        parts.append(_strip(metric, now, was, result))
        if baseline is not None:
            found = change(result, baseline, metric)
            tone = "plain" if metric == "customer_equity" else found.verdict
            parts.append(_change(tone, change_words(found, currency)))
        if words := target_words(metric, result):
            parts.append(f'<div class="cx-target">{text(words)}</div>')
    parts.append(f'<div class="cx-foot">{text(footnote(metric, result, baseline))}</div>')
    return f'<section class="cx-card" data-metric="{metric}">{"".join(parts)}</section>'


def _figure(now: Estimate, unit: str, currency: str | None) -> str:
    size, span = with_interval(now.value, now.low, now.high, unit, currency, brief=True)
    return f'<div class="cx-figure">{text(size)}<small>{text(span)}</small></div>'


def _net(net: Change, currency: str | None) -> str:
    """Net value, the first figure of the card of money: green for a gain, and for nothing else."""
    size, span = with_interval(net.value, net.low, net.high, MONEY, currency, sign=True, brief=True)
    return (
        f'<div class="cx-figure {net.verdict}" data-metric="net_value">{text(size)}<small>{text(span)}</small></div>'
        '<div class="cx-beside">net value</div>'
    )


def _beside(now: Estimate, currency: str | None) -> str:
    size, span = with_interval(now.value, now.low, now.high, MONEY, currency, brief=True)
    words = f"customer equity {size} ({span})"
    return f'<div class="cx-beside">{text(words)}</div>'


def _change(tone: str, words: str) -> str:
    head, bracket, tail = words.partition(" (")
    inside, close, rest = tail.partition(")")
    span = f"<small>{text(bracket + inside + close)}</small>{text(rest)}"
    return f'<div class="cx-change {tone}">{text(head)}{span}</div>'


def _strip(metric: str, now: Estimate, was: Estimate | None, result: Result) -> str:
    """The interval now as a dot on a bar, today as a tick on a grey bar, the target as a line; the words say it too."""
    unit, currency = METRICS[metric].unit, result.scenario.currency
    if metric in SCALES:
        scale = _Scale(*SCALES[metric])
    else:
        most = ROOM * max(abs((was or now).value or 0.0), 1e-9)
        scale = _Scale(-most if (now.value or 0.0) < 0 else 0.0, most)

    def mark(each: Estimate, name: str) -> str:
        if each.value is None:
            return ""
        low, high = (scale.at(each.value if end is None else end) for end in (each.low, each.high))
        bar = f'<b style="left:{low:.1f}%;width:{high - low:.1f}%"></b>'
        return f'<span class="{name}">{bar}<s style="left:{scale.at(each.value):.1f}%"></s></span>'

    aim = result.scenario.targets.get(metric)
    marks = "" if aim is None else f'<em style="left:{scale.at(float(aim)):.1f}%"></em>'
    marks += (mark(was, "was") if was is not None else "") + mark(now, "now")
    ends = "".join(f"<i>{text(_end(end, unit, currency))}</i>" for end in scale)
    strip = f'<div class="cx-strip" aria-hidden="true"><u></u>{marks}</div>'
    return f'{strip}<div class="cx-ends" aria-hidden="true">{ends}</div>'


def _end(value: float, unit: str, currency: str | None) -> str:
    """The end of a scale, in whole numbers."""
    if unit == MONEY:
        return money(value, currency, brief=True)
    return f"{100 * value:.0f} %" if unit == "share" else f"{value:.0f}".replace("-", MINUS)
