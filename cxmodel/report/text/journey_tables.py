"""The tables behind the charts: one row per thing that is drawn. Draws nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxmodel.report.text.numbers import interval, percent, short_or_ahead, tone
from cxmodel.vocabulary import EVERYONE, METRICS, STAGES, humanise

if TYPE_CHECKING:
    from cxmodel.report.text.mending import Mending
    from cxmodel.results.result import Result

AVERAGED = {
    "needed": "needed",
    "pictured": "pictured",
    "designed": "designed",
    "delivered": "delivered",
    "expected": "expected",
    "perceived": "lived",
    "gap": "gap",
    "gap_low": "low",
    "gap_high": "high",
}
"""Columns of the touchpoint table, and what they are called when averaged over attributes."""


def touchpoints(result: Result) -> pd.DataFrame:
    """One row per touchpoint in journey order: attributes averaged by their weight in memory.

    Columns x, id, touchpoint, stage, visits, share, needed, pictured, designed, delivered, expected, lived,
    gap, low, high, words, tone, interval, memory.
    The interval of an average is the average of the intervals, which is never narrower than the true one.
    """
    journey = result.scenario.journey
    order = sorted(journey, key=lambda name: STAGES.index(journey[name].stage))
    rows = [row for row in result.tables.rows("touchpoints") if row["segment"] == EVERYONE]
    stops = []
    for x, name in enumerate(order):
        mine = [row for row in rows if row["touchpoint"] == name]
        said = result.scenario.label("journey", name)
        stops.append({"x": float(x), "id": name, "touchpoint": said, "stage": journey[name].stage} | _mean(mine))
    table = pd.DataFrame(stops)
    table["words"] = [short_or_ahead(gap) for gap in table["gap"]]
    table["tone"] = [tone(gap) for gap in table["gap"]]
    table["interval"] = [interval(low, high, "points") for low, high in zip(table["low"], table["high"], strict=True)]
    table["memory"] = [percent(share) if share > 0 else "not rated" for share in table["share"]]
    return table


def _mean(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """One touchpoint's columns, averaged over its rows."""
    lived = [row for row in rows if row["expected"] is not None and row["perceived"] is not None]
    if not lived:
        return {"visits": 0.0, "share": 0.0} | dict.fromkeys(AVERAGED.values(), np.nan)
    shares = [row["memory_share"] or 0.0 for row in lived]
    share = math.fsum(shares)
    weights = np.array(shares if share > 0 else [1.0] * len(lived))

    def mean(name: str) -> float:
        levels = np.array([np.nan if row[name] is None else row[name] for row in lived], dtype=float)
        return float(weights @ levels / weights.sum())

    return {
        "visits": float(max(row["visits"] for row in lived)),
        "share": share,
        **{column: mean(name) for name, column in AVERAGED.items()},
    }


def journey_table(result: Result, baseline: Result | None, mending: Mending | None = None) -> pd.DataFrame:
    """The journey chart as a table."""
    stops = touchpoints(result)
    table = pd.DataFrame(
        {
            "Touchpoint": stops["touchpoint"],
            "Stage": [humanise(stage) for stage in stops["stage"]],
            "Expected": stops["expected"].round(1),
            "Experienced": stops["lived"].round(1),
            "Gap": stops["words"],
            "Gap, 95 %": stops["interval"],
            "Share of remembered experience": [percent(share) for share in stops["share"]],
        }
    )
    if baseline is not None:
        ghosts = touchpoints(baseline)
        table["Expected, today"] = ghosts["expected"].round(1)
        table["Experienced, today"] = ghosts["lived"].round(1)
        table["Gap, today"] = ghosts["words"]
    if mending is not None:
        said = [mending.words(name, result.scenario.currency) for name in stops["id"]]
        table[mending.title] = [words for words, _ in said]
        table[f"{mending.title}, 95 %"] = [span for _, span in said]
    return table


def timeline_table(result: Result, baseline: Result | None, metrics: list[str]) -> pd.DataFrame:
    """Curves as a table: a row per month, a column per metric with its interval."""
    columns = {}
    for name, source in (("", result), (", today", baseline)):
        if source is None:
            continue
        rows = source.timeline
        for metric in metrics:
            mine = rows[(rows["segment"] == EVERYONE) & (rows["metric"] == metric)].set_index("month")
            label = METRICS[metric].label if metric in METRICS else humanise(metric)
            columns[f"{label}{name}"] = mine["value"]
            if source is result:
                columns[f"{label}, 95 %"] = pd.Series(
                    [
                        interval(low, high, unit)
                        for low, high, unit in zip(mine["low"], mine["high"], mine["unit"], strict=True)
                    ],
                    index=mine.index,
                )
    return pd.DataFrame(columns).rename_axis("Month").reset_index()
