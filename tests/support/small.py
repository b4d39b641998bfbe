"""Small scenarios that play in a moment: the stories cut down, and a desk with nothing around it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxmodel.engine.inputs.world import World
from cxmodel.scenario import Scenario, load, loads

HERE = Path(__file__).resolve().parents[1]
STORIES = HERE.parent / "scenarios"
APP = {  # one agent for an hour a day, so that the line stays a line
    "segments.style_seekers.customers": 60,
    "segments.style_seekers.prospects": 300,
    "segments.style_seekers.adoption.arrivals": "6 per month",
    "journey.call_us.staffed.agents": 1,
    "journey.call_us.staffed.hours": "11:00-12:00",
    "journey.call_us.staffed.other_calls": "7 per hour",
}
RETAILERS = {
    "segments.quality_seekers.customers": 60,
    "segments.quality_seekers.prospects": 120,
    "segments.quality_seekers.adoption.arrivals": "3 per month",
    "segments.bargain_hunters.customers": 30,
    "segments.bargain_hunters.prospects": 200,
    "segments.bargain_hunters.adoption.arrivals": "3 per month",
}
DESK = """
schema: 1
name: A desk
horizon: {days} days
attributes: {{help: {{kind: performance}}}}
segments: {{people: {{customers: 1, needs: {{help: {{level: 70}}}}}}}}
journey:
  live: {{stage: use, every: 30 days, delivers: {{help: 70}}}}
  ask:
    stage: support
    delivers: {{help: 70}}
    staffed: {{agents: {agents}, handling: {handling} minutes, patience: {patience} minutes,
              hours: {hours}, other_calls: {calls} per hour}}
initiatives:
  roster: {{changes: {{journey.ask.staffed.agents: {later}, journey.ask.staffed.hours: {then}}}, starts: day 2}}
plans: {{roster: [roster]}}
"""


def app(changes: Mapping[str, Any] | None = None) -> Scenario:
    """The pretty app, of sixty customers."""
    return load(STORIES / "pretty_app.yaml").with_changes({**APP, **(changes or {})})


def retailers(changes: Mapping[str, Any] | None = None) -> Scenario:
    """The two retailers, of ninety customers."""
    return load(STORIES / "two_retailers.yaml").with_changes({**RETAILERS, **(changes or {})})


def everything(changes: Mapping[str, Any] | None = None) -> Scenario:
    """Every mechanism at once, of sixty customers and half a year."""
    fewer = {
        "horizon": "200 days",
        "segments.style_seekers.customers": 40,
        "segments.style_seekers.prospects": 300,
        "segments.style_seekers.adoption.arrivals": "8 per month",
        "segments.careful_buyers.customers": 20,
        "segments.careful_buyers.prospects": 100,
        "journey.call_us.staffed.agents": 1,
        "journey.call_us.staffed.hours": "11:00-13:00",
        "journey.call_us.staffed.other_calls": "11 per hour",
    }
    return load(HERE / "fixtures" / "everything.yaml").with_changes({**fewer, **(changes or {})})


def mechanism(name: str) -> Scenario:
    """A scenario that leans on one mechanism."""
    return load(HERE / "fixtures" / "mechanisms" / f"{name}.yaml")


def _spelled(hours: str) -> str:
    """Opening hours as they stand in a file: a table by weekday as it is."""
    return hours if hours.startswith("{") else f'"{hours}"'


def desk_world(
    *,
    days: int,
    agents: int,
    handling: float,
    patience: float,
    calls: float,
    hours: str = "00:00-24:00",
    later: int | None = None,
    then: str | None = None,
    today: bool = False,
) -> World:
    """A desk, minutes and calls per hour; `later` agents and `then` other hours from day 2 on; `today`: of one day."""
    text = DESK.format(
        days=days,
        agents=agents,
        handling=handling,
        patience=patience,
        calls=calls,
        hours=_spelled(hours),
        later=later or agents,
        then=_spelled(then or hours),
    )
    return World.of_today(loads(text)) if today else World.of(loads(text), "roster")
