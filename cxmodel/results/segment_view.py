"""The tables of a result with one segment where all customers stood, so that whatever reads `all` follows it.

What is the company's, and not a segment's, stays that of all customers: money spent and what is reckoned with it, the
desks, which everybody calls, and the targets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from cxmodel.vocabulary import EVERYONE, Floats

OF_ALL: Final = (
    "failure_demand",
    "cost",
    "net_value",
    "targets_met",
    "agent_strain",
    "return_on_quality",
    "pays_off",
    "payback_month",
)
"""Metrics that are known of all customers together only."""
OF_ALL_OVER_TIME: Final = ("wait_minutes",)
"""Series that are; of waiting, the mean over the horizon is known of each segment's own calls."""
_ROW: Final = {
    "metrics": ("metric",),
    "touchpoints": ("touchpoint", "attribute"),
    "timeline": ("month", "metric"),
    "today": ("measure",),
}
"""What a row of a table with segments is about, but for its segment."""


class Tables(Protocol):
    """Where the figures of a result come from: a run, files that were saved of one, or a segment of either."""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """One of `cxmodel.results.result.TABLES` as rows."""

    def samples(self, metric: str) -> Floats:
        """One number per replication and segment, then all of them together (R, S + 1)."""

    def course(self, metric: str) -> tuple[int, Floats]:
        """The first month of a series over time, and its values by replication (R, months, S + 1)."""


@dataclass(frozen=True)
class OfSegment:
    """Tables in which `all` is one segment; implements `Tables`. The rows and columns of each segment stay as well.

    A figure that this segment has none of is None; a row of touchpoints or months that it has none of is not there.
    What was measured today is the segment's where it was measured of it, else that of all customers.
    """

    whole: Tables
    segment: str
    column: int
    """Place of the segment among the scenario's."""
    _made: dict[str, list[dict[str, Any]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table as rows."""
        if table not in self._made:
            self._made[table] = self._rows(table) if table in _ROW else self.whole.rows(table)
        return self._made[table]

    def samples(self, metric: str) -> Floats:
        """One number per replication and segment, then the chosen one's once more (R, S + 1)."""
        values = self.whole.samples(metric)
        return values if metric in OF_ALL else self._last(values)

    def course(self, metric: str) -> tuple[int, Floats]:
        """The first month of a series over time, and its values by replication (R, months, S + 1)."""
        first, values = self.whole.course(metric)
        return first, values if metric in OF_ALL_OVER_TIME else self._last(values)

    def _last(self, values: Floats) -> Floats:
        return np.concatenate([values[..., :-1], values[..., [self.column]]], axis=-1)

    def _rows(self, table: str) -> list[dict[str, Any]]:
        rows = self.whole.rows(table)
        own = {_about(table, row): row for row in rows if row["segment"] == self.segment}
        found = (
            _instead(table, row, own.get(_about(table, row))) if row["segment"] == EVERYONE else row for row in rows
        )
        return [row for row in found if row is not None]


def _about(table: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _ROW[table])


def _instead(table: str, row: dict[str, Any], own: dict[str, Any] | None) -> dict[str, Any] | None:
    """What stands where a row of all customers stood."""
    if own is not None:
        return {**own, "segment": EVERYONE}
    if table == "today" or row.get("metric") in {"metrics": OF_ALL, "timeline": OF_ALL_OVER_TIME}.get(table, ()):
        return row
    return {**row, "value": None, "low": None, "high": None} if table == "metrics" else None
