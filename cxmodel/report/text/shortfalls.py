"""Why something falls short: of the points missed, which are an insight, a standards, a delivery or a promise gap.

The four add up to the gap at every touchpoint and attribute. Knows no chart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cxmodel.report.text.numbers import interval, percent
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario

FELT: Final = 2.0
"""Points short of expectation from which on a touchpoint is worth a word."""
LEAST: Final = 1.0
"""Points missed from which on it is worth asking why."""


@dataclass(frozen=True, slots=True)
class PartialGap:
    """One link of the chain from what is needed to what is felt."""

    key: str
    label: str
    column: str
    missing: str
    """What it means that points go missing here."""
    gained: str
    """What it means that points are made up for here."""
    owners: str
    """What it rests on."""


PARTIAL_GAPS: Final = (
    PartialGap("know", "Insight gap", "gap1", "we don't know", "we aim above the need", "insight"),
    PartialGap(
        "decide", "Standards gap", "gap2", "we don't decide", "we decide more than we know", "priorities, policies"
    ),
    PartialGap(
        "do", "Delivery gap", "gap3", "we don't do", "we do more than we decided", "practices, people, platforms"
    ),
    PartialGap(
        "say", "Promise gap", "gap4", "we promise too much", "people expect less than they need", "promises, history"
    ),
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is missed in one attribute at one touchpoint [points], and its four parts in the order of `PARTIAL_GAPS`."""

    touchpoint: str
    attribute: str
    gap: float
    low: float | None
    high: float | None
    share: float
    """Of what is remembered."""
    parts: tuple[float, float, float, float]
    levels: Mapping[str, float]
    """needed, pictured, designed, delivered, expected, perceived."""
    promised_more: bool = True
    """Whether more is promised than is needed; else people expect more than they need for other reasons."""
    name: str = ""
    """What is missed, and where."""

    @property
    def weight(self) -> float:
        """Points that it takes from what customers remember."""
        return self.gap * self.share

    def label(self, part: PartialGap) -> str:
        """What a part of this gap is called."""
        return part.label if part.key != "say" or self.promised_more else "Expectation above need"

    def means(self, part: PartialGap, size: float) -> str:
        """What it means that points go missing, or are made up for, in a part."""
        if size < 0:
            return part.gained
        return part.missing if part.key != "say" or self.promised_more else "people expect more than they need"

    @property
    def whole(self) -> tuple[int, ...]:
        """The parts in whole points that add up to the gap in whole points."""
        return rounded(self.parts, round(self.gap))


def shortfalls(result: Result, most: int | None = None, segment: str = EVERYONE) -> list[Shortfall]:
    """What is missed, first at the touchpoint that takes most from what customers remember."""
    found = _of(result, segment)
    felt = [each for each in found if math.isfinite(each.gap) and each.gap >= LEAST]
    return sorted(felt, key=_heaviest(found))[:most]


def worst_touchpoint(result: Result, segment: str = EVERYONE) -> str | None:
    """The touchpoint that falls so far short, and is so much remembered, that it weighs most; None where none does."""
    found = _of(result, segment)
    weights = _weights(found)
    worst = max(weights, key=weights.__getitem__, default=None)
    return worst if worst is not None and weights[worst] > 0 else None


def sentence(missed: Shortfall) -> str:
    """Why it falls short, in words.

    >>> missed = Shortfall("track_order", "clarity", 34.6, 34, 35.2, 0.05, (17.2, 3.1, 4.3, 10.0), {})
    >>> sentence(missed).partition(": ")[2]
    'insight gap 17, standards gap 3, delivery gap 5, promise gap 10.'
    """
    span = interval(missed.low, missed.high, "points")
    said = [
        f"{missed.label(part).lower()} {size}"
        for part, size in zip(PARTIAL_GAPS, missed.whole, strict=True)
        if size > 0
    ]
    less = [f"{-size} ({part.gained})" for part, size in zip(PARTIAL_GAPS, missed.whole, strict=True) if size < 0]
    words = ", ".join(said) + (f"; offset by {' and '.join(less)}" if less else "")
    return f"{missed.name} falls {round(missed.gap)} points short ({span}): {words}."


def why_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """Every touchpoint and attribute with its gap and the four parts of it, the heaviest first."""
    found = _of(result, EVERYONE)
    rows = sorted(found, key=_heaviest(found))
    return pd.DataFrame(
        [
            {
                "Touchpoint": result.scenario.label("journey", row.touchpoint),
                "Attribute": result.scenario.label("attributes", row.attribute),
                "Needed": round(row.levels["needed"], 1),
                **{part.label: round(size, 1) for part, size in zip(PARTIAL_GAPS, row.parts, strict=True)},
                "Gap": round(row.gap, 1),
                "Gap, 95 %": interval(row.low, row.high, "points"),
                "Share of remembered experience": percent(row.share),
            }
            for row in rows
        ]
    )


def rounded(parts: tuple[float, ...], whole: int) -> tuple[int, ...]:
    """Numbers rounded so that they add up to a whole: what was rounded furthest gives way.

    >>> rounded((17.2, 3.1, 4.3, 10.0), 35)
    (17, 3, 5, 10)
    """
    found = [round(part) for part in parts]
    while (missing := whole - sum(found)) != 0:
        step = 1 if missing > 0 else -1
        at = max(range(len(parts)), key=lambda i: (step * (parts[i] - found[i]), abs(parts[i])))
        found[at] += step
    return tuple(found)


def _shortfall(row: Mapping[str, Any], scenario: Scenario) -> Shortfall:
    know, decide, do, say = (float(row[part.column]) for part in PARTIAL_GAPS)
    levels = ("needed", "pictured", "designed", "delivered", "expected", "perceived")
    return Shortfall(
        row["touchpoint"],
        row["attribute"],
        float(row["gap"]),
        row["gap_low"],
        row["gap_high"],
        float(row["memory_share"] or 0.0),
        (know, decide, do, say),
        {name: float(row[name]) for name in levels},
        row["promised"] is not None and row["promised"] > row["needed"],
        f"{scenario.label('attributes', row['attribute'])} at {scenario.label('journey', row['touchpoint'])}",
    )


def _of(result: Result, segment: str) -> list[Shortfall]:
    return [_shortfall(row, result.scenario) for row in result.rows("touchpoints") if row["segment"] == segment]


def _weights(found: Sequence[Shortfall]) -> dict[str, float]:
    """Points that each touchpoint takes from what customers remember; 0 where it hardly falls short."""
    weights, shares = defaultdict[str, float](float), defaultdict[str, float](float)
    for each in found:
        if math.isfinite(each.gap):
            weights[each.touchpoint] += each.weight
            shares[each.touchpoint] += each.share
    return {name: weight if weight >= FELT * shares[name] else 0.0 for name, weight in weights.items()}


def _heaviest(found: Sequence[Shortfall]) -> Callable[[Shortfall], tuple[float, float, str, str]]:
    """Order by the weight of the touchpoint, then by that of the attribute."""
    weights = _weights(found)
    return lambda each: (-weights.get(each.touchpoint, 0.0), -each.weight, each.touchpoint, each.attribute)
