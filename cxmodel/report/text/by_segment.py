"""Segments side by side: the headline metrics and value for money of each, with what a plan changes. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from cxmodel.report.text.captions import change_words, segment_name
from cxmodel.report.text.numbers import NONE, with_interval
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import EVERYONE, HEADLINES, METRICS, unit_of

if TYPE_CHECKING:
    from cxmodel.results.result import Result

ROWS: Final = (*HEADLINES, "value_for_money")
"""The metrics that are told of each segment."""


class Cell(NamedTuple):
    """A metric of one segment."""

    figure: str
    span: str
    """Its interval; empty where there is no figure."""
    change: Change | None
    """Against today; None without a plan, or where either has no figure."""
    words: str
    """The change in words."""


def by_segment(result: Result, baseline: Result | None) -> dict[str, list[Cell]]:
    """A row of cells per metric, in the order of the segments; none where there is nothing to set side by side."""
    segments = result.scenario.segments
    if len(segments) < 2 or result.segment != EVERYONE:
        return {}
    return {metric: [_cell(metric, result, baseline, segment) for segment in segments] for metric in ROWS}


def by_segment_table(result: Result, baseline: Result | None) -> pd.DataFrame:
    """The same as a table."""
    return pd.DataFrame(
        [
            {"Metric": METRICS[metric].label}
            | {
                segment_name(result.scenario, name): _words(cell)
                for name, cell in zip(result.scenario.segments, cells, strict=True)
            }
            for metric, cells in by_segment(result, baseline).items()
        ]
    )


def _cell(metric: str, result: Result, baseline: Result | None, segment: str) -> Cell:
    now, unit, currency = result.metric(metric, segment), unit_of(metric), result.scenario.currency
    if now.value is None:
        return Cell(NONE, "", None, "")
    size, span = with_interval(now.value, now.low, now.high, unit, currency, brief=True)
    found = None if baseline is None else change(result, baseline, metric, segment)
    if found is not None and not found.runs:
        found = None
    words = "" if found is None else change_words(found, currency)
    return Cell(size, span, found, words)


def _words(cell: Cell) -> str:
    return "; ".join(part for part in (f"{cell.figure} {cell.span}".strip(), cell.words) if part)
