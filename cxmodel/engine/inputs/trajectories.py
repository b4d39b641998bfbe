"""Trajectories: the value over time of every number that initiatives or futures change, day by day (equation 1).

A day has one value, that of its noon. Knows dotted paths, not what they mean.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from cxmodel.model.assumptions import Assumptions
from cxmodel.model.delivery import course
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.notation import Hours, Relative, week_of
from cxmodel.scenario.fields.plans import Future
from cxmodel.vocabulary import MONTH, Floats


class TrajectoryChange(NamedTuple):
    """One number on its way to a target, or to so much more or less than it is heading for; times in days."""

    path: str
    target: float | Relative
    start: float
    half_life: float


def half_life_of(path: str, assumptions: Assumptions) -> float:
    """Half-life [days] of a change that names none: the lever's own, or a month (A)."""
    room, _, rest = path.partition(".")
    lever = rest.partition(".")[0] if room == "levers" else ""
    return assumptions.half_lives.get(lever, assumptions.half_life_other) * MONTH


def changes_of(scenario: Scenario, plan: str, future: str | None) -> list[TrajectoryChange]:
    """What the plan's initiatives, and the future, do to the world, in the order in which they take over."""
    assumptions = scenario.parameters
    acts: list[Future] = [scenario.initiatives[name] for name in scenario.initiatives_of(plan)]
    if future is not None:
        acts.append(scenario.futures[future])
    changes = [
        TrajectoryChange(part, value, act.starts, act.half_life or half_life_of(path, assumptions))
        for act in acts
        for path, target in act.changes.items()
        for part, value in _numbers(path, target)
    ]
    return sorted(changes, key=lambda change: change.start)


def _numbers(path: str, target: object) -> Iterator[tuple[str, float | Relative]]:
    """A target's numbers, each under a path of its own: opening hours are two for each day of the week.

    A word is 1 for true, 0 for false.
    """
    if isinstance(target, Relative):
        yield path, target
    elif isinstance(target, tuple):
        for (day, side), part in np.ndenumerate(week(target)):
            yield f"{path}[{day}][{side}]", float(part)
    elif isinstance(target, int | float):
        yield path, float(target)
    else:
        raise TypeError(f"{path}: a change to {target!r} is not a change of numbers")


def week(hours: Hours) -> Floats:
    """When each day from Monday on opens and closes (7, 2) [shares of a day]; a closed one does both as it ends."""
    return np.array([day or (1.0, 1.0) for day in week_of(hours)])


@dataclass(frozen=True)
class Trajectories:
    """The trajectory of every number of a scenario under a plan; arrays have one entry a day."""

    changes: Mapping[str, tuple[TrajectoryChange, ...]]
    noons: Floats = field(repr=False)

    @classmethod
    def of(cls, days: int, changes: Iterable[TrajectoryChange]) -> "Trajectories":
        """The trajectories over so many days."""
        by_path: dict[str, tuple[TrajectoryChange, ...]] = {}
        for change in changes:
            by_path[change.path] = (*by_path.get(change.path, ()), change)
        return cls(by_path, np.arange(days) + 0.5)

    @classmethod
    def today(cls, ahead: int = 0) -> "Trajectories":
        """One moment before anything changes, and so many days after it in which nothing but time passes."""
        return cls({}, np.arange(1.0 + ahead))

    @property
    def days(self) -> int:
        """How many there are."""
        return len(self.noons)

    def moved(self, path: str) -> bool:
        """Whether anything changes this number."""
        return path in self.changes

    def smooth(self, path: str, today: float) -> Floats:
        """Values, shape (days,), of a number that moves by half-lives."""
        return self._follow(path, today, steps=False)

    def unless(self, otherwise: Floats, path: str, own: float | None, today: float) -> Floats:
        """Values (days,) of a number that may be left out: `otherwise` until something changes it, from `today` on."""
        if own is None and not self.moved(path):
            return otherwise
        return self.smooth(path, today if own is None else own)

    def steps(self, path: str, today: float) -> Floats:
        """Values, shape (days,), of a number that switches at once: agents, hours."""
        return self._follow(path, today, steps=True)

    def _follow(self, path: str, today: float, steps: bool) -> Floats:
        values = np.full(self.days, float(today))
        taken: list[tuple[float, float, TrajectoryChange]] = []  # from where, to where
        for change in self.changes.get(path, ()):
            before = _at(change.start, taken, float(today), steps)
            heading = taken[-1][1] if taken else float(today)
            target = change.target
            goal = target.times * heading + target.plus if isinstance(target, Relative) else target
            taken.append((before, goal, change))
            after = self.noons >= change.start
            values[after] = _moving(self.noons[after], before, goal, change, steps)
        return values


def _moving(time: Floats, before: float, goal: float, change: TrajectoryChange, steps: bool) -> Floats:
    if steps:
        return np.full(len(time), goal)
    return course(time, before, goal, change.start, change.half_life)


def _at(time: float, taken: list[tuple[float, float, TrajectoryChange]], today: float, steps: bool) -> float:
    """Value at `time` under the last change taken."""
    if not taken:
        return today
    before, goal, change = taken[-1]
    return float(_moving(np.array([time]), before, goal, change, steps)[0])
