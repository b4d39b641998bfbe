"""The tables behind the charts: one row per thing that is drawn. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxmodel.arrays import STAGES
from cxmodel.metrics import METRICS
from cxmodel.report.figures import humanise, interval, percent, short_or_ahead, tone

ALL = "all"
"""The segment that stands for everyone."""

if TYPE_CHECKING:
    from cxmodel.report.mending import Mending
    from cxmodel.results import Result

OF = ("touchpoint", "segment", "visits", "memory_share")
AVERAGED = (
    "needed",
    "pictured",
    "designed",
    "delivered",
    "promised",
    "expected",
    "perceived",
    "gap",
    "gap_low",
    "gap_high",
)


def touchpoints(result: Result) -> pd.DataFrame:
    """One row per touchpoint in journey order: attributes averaged by their weight in memory.

    Columns x, id, touchpoint, stage, visits, share, needed, pictured, designed, delivered, expected, lived,
    gap, low, high, words, tone, interval, memory.
    The interval of an average is the average of the intervals, which is never narrower than the true one.
    """
    journey = result.scenario.journey
    order = sorted(journey, key=lambda name: STAGES.index(journey[name].stage))
    rows = result.touchpoints.reindex(columns=[*OF, *AVERAGED])  # a table without rows has no columns
    rows = rows[rows["segment"] == ALL]
    stops = []
    for x, name in enumerate(order):
        mine = rows[rows["touchpoint"] == name]
        stops.append(
            {"x": float(x), "id": name, "touchpoint": humanise(name), "stage": journey[name].stage} | _mean(mine)
        )
    table = pd.DataFrame(stops)
    table["words"] = [short_or_ahead(gap) for gap in table["gap"]]
    table["tone"] = [tone(gap) for gap in table["gap"]]
    table["interval"] = [interval(low, high, "points") for low, high in zip(table["low"], table["high"], strict=True)]
    table["memory"] = [percent(share) if share > 0 else "not judged" for share in table["share"]]
    return table


def _mean(rows: pd.DataFrame) -> dict[str, float]:
    """One touchpoint's columns, averaged over its rows."""
    lived = rows.dropna(subset=["expected", "perceived"])
    share = float(np.nansum(lived["memory_share"].to_numpy(dtype=float))) if len(lived) else 0.0
    if len(lived) == 0:
        return {"visits": 0.0, "share": 0.0} | dict.fromkeys(
            ("needed", "pictured", "designed", "delivered", "expected", "lived", "gap", "low", "high"), np.nan
        )
    weight = lived["memory_share"].fillna(0).to_numpy(dtype=float) if share > 0 else np.ones(len(lived))
    mean = {name: float(np.average(lived[name].to_numpy(dtype=float), weights=weight)) for name in AVERAGED}
    return {
        "visits": float(lived["visits"].max()),
        "share": share,
        "needed": mean["needed"],
        "pictured": mean["pictured"],
        "designed": mean["designed"],
        "delivered": mean["delivered"],
        "expected": mean["expected"],
        "lived": mean["perceived"],
        "gap": mean["gap"],
        "low": mean["gap_low"],
        "high": mean["gap_high"],
    }


def journey_table(result: Result, baseline: Result | None, mending: Mending | None = None) -> pd.DataFrame:
    """The journey chart as a table."""
    stops = touchpoints(result)
    table = pd.DataFrame(
        {
            "Touchpoint": stops["touchpoint"],
            "Stage": [humanise(stage) for stage in stops["stage"]],
            "Expected": stops["expected"].round(1),
            "Lived": stops["lived"].round(1),
            "Gap": stops["words"],
            "Gap, 95 %": stops["interval"],
            "Share of memory": [percent(share) for share in stops["share"]],
        }
    )
    if baseline is not None:
        ghosts = touchpoints(baseline)
        table["Expected, as is"] = ghosts["expected"].round(1)
        table["Lived, as is"] = ghosts["lived"].round(1)
        table["Gap, as is"] = ghosts["words"]
    if mending is not None:
        said = [mending.words(name, result.scenario.currency) for name in stops["id"]]
        table[mending.title] = [words for words, _ in said]
        table[f"{mending.title}, 95 %"] = [span for _, span in said]
    return table


def timeline_table(result: Result, baseline: Result | None, metrics: list[str]) -> pd.DataFrame:
    """Curves as a table: a row per month, a column per metric with its interval."""
    columns = {}
    for name, source in (("", result), (", as is", baseline)):
        if source is None:
            continue
        rows = source.timeline
        for metric in metrics:
            mine = rows[(rows["segment"] == ALL) & (rows["metric"] == metric)].set_index("month")
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
