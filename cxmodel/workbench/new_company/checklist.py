"""What a first answer needs, and what of it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cxmodel.report.text.numbers import count
from cxmodel.scenario import Scenario
from cxmodel.scenario.defaults import DEFAULT, USUAL
from cxmodel.scenario.yaml_text.paths import is_fact
from cxmodel.workbench.new_company.company_text import plainly
from cxmodel.workbench.new_company.starts import BLANK, NAME


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a first answer needs."""

    words: str
    there: bool
    step: int
    """Where it is entered."""
    without: str
    """What is said as long as it is missing."""


MOST_WRONG: Final = 4


def needs(scenario: Scenario) -> tuple[Need, ...]:
    """The nine things, in the order in which they are asked for."""
    plain: dict[str, Any] = scenario.written
    today, economics = plain.get("today", {}), plain.get("economics", {})
    segments = plain["segments"].values()
    touchpoints = plain["journey"]
    levels = [plainly(level) for each in touchpoints.values() for level in each.get("delivers", {}).values()]
    return (
        Need("a name", scenario.name != NAME, 1, "a name of its own"),
        Need("customers", not any(_default(each.get("customers")) for each in segments), 2, "how many customers"),
        Need("NPS", "nps" in today, 2, "for trust: one measured number, such as the NPS"),
        Need("churn", "leave" in today, 2, "churn"),
        Need("margin", "margin" in economics, 2, "for money: margin"),
        Need("touchpoints", list(touchpoints) != list(BLANK), 3, "touchpoints of your own"),
        Need("levels", any(level != USUAL for level in levels), 3, "how good each touchpoint is"),
        Need("a promise", bool(plain.get("brand_promises")), 4, "what people are promised"),
        Need("an idea", bool(plain.get("initiatives")), 5, "an idea to try"),
    )


def gaps(scenario: Scenario) -> list[str]:
    """What can be played and cannot be meant: attributes that nobody needs or no touchpoint delivers, and the like."""
    delivered = {each for touchpoint in scenario.journey.values() for each in touchpoint.delivers}
    asked = {each for segment in scenario.segments.values() for each in segment.needs}
    name = scenario.label
    found = [f"No touchpoint delivers {name('attributes', each)} yet." for each in asked if each not in delivered]
    found += [f"No segment needs {name('attributes', each)} yet." for each in scenario.attributes if each not in asked]
    found += [f"{name('journey', id)} has no level yet." for id, each in scenario.journey.items() if not each.delivers]
    if not any(each.stage in ("use", "renew") for each in scenario.journey.values()):
        found.append("Customers of today meet no touchpoint: none is of phase Use or Renew.")
    more = len(found) - MOST_WRONG
    return found[:MOST_WRONG] + ([f"And {more} more."] if more > 0 else [])


def essence(scenario: Scenario) -> tuple[str, ...]:
    """What each step holds, in a few words."""
    plain = scenario.written
    today = []
    if not any(_default(each.get("customers")) for each in plain["segments"].values()):
        today.append(f"{sum(each.customers for each in scenario.segments.values()):,} customers")
    if scenario.today.nps is not None:
        today.append(f"NPS {scenario.today.nps:.0f}")
    stops, attributes = len(scenario.journey), len(scenario.attributes)
    promises, rivals = len(scenario.brand_promises), len(scenario.rivals)
    market = [count(promises, "promise") if promises else "", count(rivals, "rival") if rivals else ""]
    ideas = len(scenario.initiatives)
    return (
        count(len(scenario.segments), "segment"),
        " · ".join(today),
        f"{count(stops, 'touchpoint')} × {count(attributes, 'attribute')}",
        " · ".join(filter(None, market)),
        count(ideas, "idea") if ideas else "",
        "",
    )


def unsourced(scenario: Scenario) -> str:
    """How many numbers have a source, in words."""
    return f"{scenario.sources}."


def _default(value: Any) -> bool:
    return is_fact(value) and value.get("note") == DEFAULT
