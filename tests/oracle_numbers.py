"""The oracle's numbers over time: what is written in a scenario, and what plan and future make of it (equation 1).

Knows dotted paths and days, not what the numbers mean. To be quick enough, a number is taken once a day, at noon: a
visit in the morning sees what holds at noon. Day -1 is today, before anything changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cxmodel.arrays import MONTH
from cxmodel.model import delivery
from cxmodel.scenario import Scenario
from cxmodel.scenario.grammar import Price, Relative

Path = tuple[str, ...]
NOW = -1
WHOLE = ("agents", "visits", "questions", "actions")
SWITCHING = (*WHOLE, "hours", "offered", "share_words", "tell_customers", "tell_team")
UNSAID = {
    ("fails", "calls"): "calls_after_failure",
    ("shortfall", "calls"): "calls_after_shortfall",
    ("shortfall", "beyond"): "shortfall_beyond",
    ("closed_loop", "lift"): "loop_lift",
    ("survey", "response"): "survey_response",
}
"""The parameter that stands in for what a scenario does not say."""


class Change(NamedTuple):
    """A number is heading somewhere from some time on."""

    starts: float
    target: Any
    half_life: float


class Numbers:
    """The numbers of a scenario under a plan and a future."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        self.scenario = scenario
        self.a = scenario.parameters
        chosen = [scenario.initiatives[name] for name in scenario.initiatives_of(plan)]
        chosen += [scenario.futures[future]] if future else []
        # docs: of two on one path the later start takes over; read: at equal starts the one listed later
        self.changes: dict[Path, list[Change]] = {}
        for initiative in sorted(chosen, key=lambda item: item.starts):
            for dotted, target in initiative.changes.items():
                path = tuple(dotted.split("."))
                earlier = self.changes.setdefault(path, [])
                if isinstance(target, Relative):
                    # docs: taken of what the path is heading for when it starts
                    heading = earlier[-1].target if earlier else self.written(path)
                    target = target.times * heading + target.plus
                    if path[-1] in WHOLE:  # read: whole numbers stay whole
                        target = round(target)
                earlier.append(Change(initiative.starts, target, initiative.half_life or self.usual_half_life(path)))
        self.number = cache(self._number)

    def usual_half_life(self, path: Path) -> float:
        """That of the lever, else a month [days]."""
        lever = path[1] if path[0] == "levers" else ""
        return MONTH * self.a.half_lives.get(lever, self.a.half_life_other)

    def _number(self, path: Path, day: float) -> Any:
        return self.course(path, day + 0.5 if day != NOW else -1.0, self.changes.get(path, []))

    def course(self, path: Path, time: float, changes: list[Change]) -> Any:
        """A number at a time, under these changes."""
        begun = [change for change in changes if change.starts <= time]
        if not begun:
            return self.written(path)
        start, target, half_life = begun[-1]
        if path[-1] in SWITCHING or path == ("closed_loop", "every"):
            return target
        return float(delivery.course(time, self.course(path, start, begun[:-1]), target, start, half_life))

    def written(self, path: Path) -> Any:
        """What the scenario says, in a price its amount; else what stands in for it."""
        value: Any = self.scenario
        for step in path:
            if value is not None:
                value = value[step] if isinstance(value, Mapping) else getattr(value, step)
        if value is None:
            if path[-1] in ("visits", "every"):
                return None
            return self.a.believed if path[-1] == "believed" else getattr(self.a, UNSAID[path[-2:]])
        return value.amount if isinstance(value, Price) else value

    def switches(self, path: Path) -> list[tuple[float, Any]]:
        """When a number switches, and to what."""
        return [(change.starts, change.target) for change in self.changes.get(path, [])]
