"""Insight by touchpoint: which source sees which attribute there, how late, and what nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxmodel.report.text.numbers import length, percent

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source sees at a touchpoint."""

    source: str
    name: str
    attributes: tuple[str, ...]
    """What it sees there, as people call it."""


def seen_at(scenario: Scenario, touchpoint: str) -> list[Seen]:
    """The sources that see anything there."""
    touched = scenario.journey[touchpoint].delivers
    found = []
    for id, source in scenario.insight_sources.items():
        names = tuple(scenario.label("attributes", one, capital=False) for one in touched if one in source.sees)
        if names:
            found.append(Seen(id, scenario.label("insight_sources", id), names))
    return found


def unseen_at(scenario: Scenario, touchpoint: str) -> list[str]:
    """The attributes that customers judge there and no source sees, as people call them.

    None where the scenario has no sources at all: then the company knows all.
    """
    if not scenario.insight_sources:
        return []
    seen = {attribute for source in scenario.insight_sources.values() for attribute in source.sees}
    touched = scenario.journey[touchpoint].delivers
    return [scenario.label("attributes", one, capital=False) for one in touched if one not in seen]


def how(scenario: Scenario, source: str) -> str:
    """How far a source can be relied on, how much it covers, and how late or how far ahead it sees."""
    facts = scenario.insight_sources[source]
    when = f"{length(facts.ahead)} ahead" if facts.ahead else f"{length(facts.lag)} late" if facts.lag else "at once"
    return f"reliability {percent(facts.reliability)}, covers {percent(facts.coverage)}, {when}"
