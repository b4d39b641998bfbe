"""Numbers over time, worked out one at a time: what a scenario says, and what plan and future make of it (equation 1).

The first of three modules that work the tables of a world out a second time, slowly and as the texts say it; the tests
compare them. They share equations, vocabulary and the scenario with the product, and none of its tables. Knows dotted
paths and days, not what the numbers mean. A day has one value, that of its noon. NOW is today, before anything changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cxmodel.model import delivery
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.notation import Price, Relative
from cxmodel.vocabulary import MONTH

Path = tuple[str, ...]
NOW = -1
SWITCHING = (
    "agents", "visits", "questions", "actions", "hours", "offered", "share_words", "tell_customers", "tell_team",
    "spend",
)  # fmt: skip
"""Numbers that switch at once, by the last word of their path."""
ALSO_SWITCHING = (("closed_loop", "every"), ("survey", "every"))
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
        # of two on one path the later start takes over, at equal starts the one listed later
        self.changes: dict[Path, list[Change]] = {}
        for initiative in sorted(chosen, key=lambda item: item.starts):
            for dotted, target in initiative.changes.items():
                path = tuple(dotted.split("."))
                earlier = self.changes.setdefault(path, [])
                if isinstance(target, Relative):  # taken of what the path is heading for when it starts
                    heading = earlier[-1].target if earlier else self.written(path)
                    target = target.times * heading + target.plus
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
        if path[-1] in SWITCHING or path in ALSO_SWITCHING:
            return target
        return float(delivery.course(time, self.course(path, start, begun[:-1]), target, start, half_life))

    def written(self, path: Path) -> Any:
        """What the scenario says, in a price its amount; else what stands in for it; None where nothing does."""
        value: Any = self.scenario
        for step in path:
            if value is not None:
                value = value[step] if isinstance(value, Mapping) else getattr(value, step)
        if value is None:
            if path[-1] in ("believed", "every"):
                return self.a.believed if path[-1] == "believed" else 1.0
            return getattr(self.a, UNSAID[path[-2:]]) if path[-2:] in UNSAID else None
        return value.amount if isinstance(value, Price) else value
