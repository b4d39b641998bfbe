"""The four numbers of a result as cards: figure, interval strip, change in words. All text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxmodel.report.captions import HEADLINES, change_words, footnote
from cxmodel.report.figures import figure, interval
from cxmodel.report.markup import text
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, change

if TYPE_CHECKING:
    from cxmodel.results.estimates import Estimate
    from cxmodel.results.result import Result


def cards(result: Result, baseline: Result | None) -> str:
    """The four cards side by side."""
    body = "".join(_card(metric, label, result, baseline) for metric, label in HEADLINES.items())
    return f'<div class="cx-cards">{body}</div>'


def _card(metric: str, label: str, result: Result, baseline: Result | None) -> str:
    now = result.metric(metric)
    unit, currency = METRICS[metric].unit, result.scenario.currency
    parts = [f"<h3>{text(label)}</h3>"]
    if now.value is None:
        parts.append('<div class="cx-figure">–</div>')
        parts.append(f'<div class="cx-foot">{text(footnote(metric, result, baseline))}</div>')
        return f'<section class="cx-card" data-metric="{metric}">{"".join(parts)}</section>'
    span = interval(now.low, now.high, unit, currency, brief=True)
    size = figure(now.value, unit, currency, brief=True)
    parts.append(f'<div class="cx-figure">{text(size)}<small>{text(span)}</small></div>')
    was = baseline.metric(metric) if baseline is not None else None
    parts.append(_strip(now, was))
    if baseline is not None:
        found = change(result, baseline, metric)
        parts.append(_change(found, change_words(found, currency)))
    parts.append(f'<div class="cx-foot">{text(footnote(metric, result, baseline))}</div>')
    return f'<section class="cx-card" data-metric="{metric}">{"".join(parts)}</section>'


def _change(found: Change, words: str) -> str:
    head, bracket, tail = words.partition(" (")
    inside, close, rest = tail.partition(")")
    span = f"<small>{text(bracket + inside + close)}</small>{text(rest)}"
    return f'<div class="cx-change {found.verdict}">{text(head)}{span}</div>'


def _strip(now: Estimate, was: Estimate | None) -> str:
    """The interval now as a dot on a bar, as is as a tick on a grey bar; a picture of what the words say."""
    seen = [each for each in (was, now) if each is not None and each.value is not None]
    ends = [end for each in seen for end in (each.low, each.value, each.high) if end is not None]
    low, high = min(ends), max(ends)
    air = max((high - low) * 0.18, abs(high) * 0.01, 1e-9)
    low, high = low - air, high + air

    def at(value: float) -> float:
        return 100 * (value - low) / (high - low)

    def mark(each: Estimate, name: str) -> str:
        if each.value is None:
            return ""
        left, right = (
            at(each.low if each.low is not None else each.value),
            at(each.high if each.high is not None else each.value),
        )
        bar = f'<b style="left:{left:.1f}%;width:{right - left:.1f}%"></b>'
        return f'<span class="{name}">{bar}<s style="left:{at(each.value):.1f}%"></s></span>'

    marks = (mark(was, "was") if was is not None else "") + mark(now, "now")
    return f'<div class="cx-strip" aria-hidden="true"><u></u>{marks}</div>'
