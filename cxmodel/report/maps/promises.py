"""What customers were promised and what they get: brand promises kept or broken, and the bargain missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxmodel.report.maps.plan_numbers import Standing
from cxmodel.report.text.numbers import listed
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario

TOLERANCE: Final = 5.0
"""Points below a promise within which it is kept: the widest zone of tolerance of the model."""
STEP: Final = 15.0
"""Points below it from which on it is broken: one word of the scale, as from *good* to *adequate*."""
RULE: Final = (
    f"A brand promise, or what the value proposition offers, is kept where experience comes within {TOLERANCE:.0f} "
    f"points of it and broken from {STEP:.0f} points below it, which is one word of the scale."
)
"""How promises are judged, for who reads a map."""


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """A brand promise, and where it is kept or broken."""

    id: str
    name: str
    level: float
    kept: tuple[str, ...]
    """Ids of touchpoints."""
    nearly: tuple[tuple[str, float], ...]
    broken: tuple[tuple[str, float], ...]
    """Ids of touchpoints with the level experienced there, the lowest first."""
    words: str

    @property
    def whole(self) -> bool:
        """Whether it is kept wherever it is lived."""
        return bool(self.kept) and not self.broken and not self.nearly


def promises(result: Result) -> list[PromiseKept]:
    """Every brand promise: where customers experience its attribute as promised, and where not."""
    scenario, standing = result.scenario, Standing.of(result)
    found = []
    for id, promise in scenario.brand_promises.items():
        level = standing.level(f"brand_promises.{id}.level", promise.level)
        lived = {row["touchpoint"]: row["perceived"] for row in _lived(result) if row["attribute"] == promise.attribute}
        order = sorted(lived.items(), key=lambda pair: pair[1])
        kept = tuple(name for name, perceived in lived.items() if level - perceived <= TOLERANCE)
        nearly = tuple(pair for pair in order if TOLERANCE < level - pair[1] < STEP)
        broken = tuple(pair for pair in order if level - pair[1] >= STEP)
        name = scenario.label("brand_promises", id)
        found.append(PromiseKept(id, name, level, kept, nearly, broken, _words(scenario, kept, nearly, broken)))
    return found


def _words(
    scenario: Scenario,
    kept: Sequence[str],
    nearly: Sequence[tuple[str, float]],
    broken: Sequence[tuple[str, float]],
) -> str:
    """Where a promise is broken, and where it is kept."""
    parts = []
    for word, places in (("broken at", broken), ("nearly kept at", nearly)):
        if places:
            told = [f"{scenario.label('journey', name)} ({each:.0f})" for name, each in places]
            parts.append(f"{word} {listed(told)}")
    if kept:
        parts.append(f"kept at {listed([scenario.label('journey', name) for name in kept])}")
    return "; ".join(parts) or "nobody has lived it yet"


def broken_at(result: Result) -> dict[str, str]:
    """Touchpoints at which a promise is broken, with what is missed there in words."""
    scenario = result.scenario
    found: dict[str, str] = {}
    for promise in promises(result):
        for name, lived in promise.broken:
            found.setdefault(name, f"{promise.name} promises {promise.level:.0f}, experienced {lived:.0f}")
    for name in scenario.journey:
        rows = [row for row in _lived(result) if row["touchpoint"] == name]
        missed = offer_missed(result, rows)
        if name not in found and missed >= STEP:
            found[name] = f"{missed:.0f} points below what the value proposition offers"
    return found


def offer_missed(result: Result, rows: Sequence[Mapping[str, Any]]) -> float:
    """Points that experience lies below the value proposition's offer, on the average of what is remembered."""
    offered = offers(result)
    known = [(row, offered[row["attribute"]]) for row in rows if row["attribute"] in offered]
    shares = np.array([row["memory_share"] or 0.0 for row, _ in known])
    if not shares.sum():
        return 0.0
    missing = np.array([level - row["perceived"] for row, level in known])
    return float(shares @ missing / shares.sum())


def offers(result: Result) -> dict[str, float]:
    """The level that the value propositions offer, by attribute, to the customers that a result is of.

    Of several segments the mean, each counted with its customers.
    """
    scenario = result.scenario
    chosen = [result.segment] if result.segment != EVERYONE else list(scenario.segments)
    levels, people = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for segment in chosen:
        facts = scenario.segments[segment]
        for attribute, level in offer_to(scenario, segment).items():
            levels[attribute].append(level)
            people[attribute].append(float(facts.customers or facts.prospects or 1))
    return {name: float(np.average(levels[name], weights=people[name])) for name in levels}


def offer_to(scenario: Scenario, segment: str) -> dict[str, float]:
    """The level offered to a segment, by attribute; of two propositions the first that speaks counts."""
    found: dict[str, float] = {}
    for proposition in scenario.value_propositions.values():
        if segment in proposition.segments:
            for attribute, level in proposition.offers.items():
                found.setdefault(attribute, level)
    return found


def _lived(result: Result) -> list[dict[str, Any]]:
    """The rows of touchpoints that anybody judged, of the customers that a result is of."""
    rows = result.rows("touchpoints")
    return [row for row in rows if row["segment"] == EVERYONE and row["perceived"] is not None]
