"""The oracle's company and market: numbers that change over time, and the delivery chain (equations 1, 2).

Nothing here depends on customers, so one company serves all replications. To be quick enough, a number is
taken once a day, at noon: a visit in the morning sees what holds at noon.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from cxmodel.arrays import LEVERS, MONTH
from cxmodel.assumptions import DEFAULTS, KINDS
from cxmodel.model import delivery, insight, loyalty
from cxmodel.scenario import Scenario

Path = tuple[str, ...]
UNSEEN = 1 - DEFAULTS.ignorance


class Encounter(NamedTuple):
    """What a touchpoint means to a segment: the needs it touches, and how they weigh."""

    names: tuple[str, ...]
    needs: Any  # their places among the segment's needs
    share: Any  # their weights, summing to 1
    omega: float  # mean weight of what is touched over mean weight of all needs
    gain: Any
    loss: Any
    zone: Any


class Told(NamedTuple):
    """A promise as a segment hears it."""

    need: int
    level: float
    believed: float
    reach: float


class Company:
    """A scenario under a plan."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        self.scenario = scenario
        chosen = [scenario.initiatives[name] for name in scenario.initiatives_of(plan)]
        chosen += [scenario.futures[future]] if future else []
        # docs: of two on one path the later start takes over; read: at equal starts the one listed later
        self.changes: dict[Path, list[tuple[float, Any, float]]] = {}
        for initiative in sorted(chosen, key=lambda item: item.starts):
            for dotted, target in initiative.changes.items():
                path = tuple(dotted.split("."))
                half_life = initiative.half_life or usual_half_life(path)
                self.changes.setdefault(path, []).append((initiative.starts, target, half_life))
        self.number = cache(self._number)
        self.picture = cache(self._picture)
        self.level = cache(self._level)
        self.levels = cache(self._levels)
        self.needs = cache(self._needs)
        self.encounter = cache(self._encounter)
        self.best_rival = cache(self._best_rival)
        self.bar = cache(self._bar)
        self.promise = cache(self._promise)
        self.fails = cache(self._fails)
        self.pictures: dict[tuple[str, str], list[float]] = {}

    # --- equation 1 ---------------------------------------------------------------------------------------

    def _number(self, path: Path, day: int) -> Any:
        """Any number of the scenario, at noon of a day; day -1 is today, before anything changes."""
        return self.course(path, day + 0.5 if day >= 0 else -1.0, self.changes.get(path, []))

    def course(self, path: Path, time: float, changes: list[tuple[float, Any, float]]) -> Any:
        begun = [change for change in changes if change[0] <= time]
        if not begun:
            return self.written(path)
        start, target, half_life = begun[-1]
        if isinstance(target, int | tuple) and path[-1] in ("agents", "hours"):
            return target
        return float(delivery.course(time, self.course(path, start, begun[:-1]), target, start, half_life))

    def written(self, path: Path) -> Any:
        """What the scenario says."""
        value: Any = self.scenario
        for step in path:
            value = value[step] if isinstance(value, Mapping) else getattr(value, step)
        return DEFAULTS.believed if value is None and path[-1] == "believed" else value

    def switches(self, path: Path) -> list[tuple[float, Any]]:
        return [(start, target) for start, target, _ in self.changes.get(path, [])]

    # --- the market ---------------------------------------------------------------------------------------

    def weights(self, segment: str) -> Any:
        return np.array([need.weight for need in self.scenario.segments[segment].needs.values()])

    def _needs(self, segment: str, day: int) -> Any:
        names = self.scenario.segments[segment].needs
        return np.array([self.number(("segments", segment, "needs", name, "level"), day) for name in names])

    def rival(self, name: str, attribute: str, day: int) -> float | None:
        """A rival's level; docs: `moves` add up from day 0 and stop at 100."""
        rival = self.scenario.rivals[name]
        if attribute not in rival.levels:
            return None
        moved = rival.moves.get(attribute, 0.0) * max(0.0, day + 0.5)
        return float(np.clip(self.number(("rivals", name, "levels", attribute), day) + moved, 0.0, 100.0))

    def best(self, attribute: str, day: int) -> float | None:
        """B: the best level any rival lists."""
        levels = [self.rival(name, attribute, day) for name in self.scenario.rivals]
        return max((level for level in levels if level is not None), default=None)

    def _bar(self, segment: str, day: int) -> Any:
        """max(B, N), N where no rival lists the attribute."""
        needs = self.needs(segment, day)
        best = [self.best(name, day) for name in self.scenario.segments[segment].needs]
        return np.array([max(need, -1.0 if b is None else b) for need, b in zip(needs, best, strict=True)])

    def _best_rival(self, segment: str, day: int) -> float | None:
        """C: the best offer of a rival one can switch to; what a rival leaves out counts as the need."""
        needs, offers = self.needs(segment, day), []
        for name, rival in self.scenario.rivals.items():
            if rival.switch:
                levels = [self.rival(name, key, day) for key in self.scenario.segments[segment].needs]
                filled = [need if level is None else level for level, need in zip(levels, needs, strict=True)]
                offers.append(float(loyalty.offer(self.weights(segment), np.array(filled))))
        return max(offers, default=None)

    # --- what people are told -----------------------------------------------------------------------------

    def offered(self, segment: str, day: int) -> Any:
        """W of a newcomer: what is offered, else B, else N."""
        bargains = self.scenario.value_propositions.values()
        offers = next((bargain.offers for bargain in bargains if segment in bargain.segments), {})
        levels = []
        for name, need in zip(self.scenario.segments[segment].needs, self.needs(segment, day), strict=True):
            best = self.best(name, day)
            levels.append(offers.get(name, need if best is None else best))
        return np.array(levels, dtype=float)

    @cached_property
    def told_by_brand(self) -> list[str]:
        return [name for name, promise in self.scenario.brand_promises.items() if not promise.made_at]

    def told_at(self, touchpoint: str) -> list[str]:
        return [name for name, item in self.scenario.brand_promises.items() if touchpoint in item.made_at]

    def _promise(self, name: str, segment: str, day: int) -> Told | None:
        """What a segment is told; None of what it has no need for."""
        needs = list(self.scenario.segments[segment].needs)
        attribute = self.scenario.brand_promises[name].attribute
        if attribute not in needs:
            return None
        parts = (self.number(("brand_promises", name, part), day) for part in ("level", "believed", "reach"))
        return Told(needs.index(attribute), *parts)

    # --- the delivery chain (equation 2) ------------------------------------------------------------------

    def need(self, attribute: str, day: int) -> float | None:
        """N the company aims at: over segments that need it, by customers (without any, by prospects)."""
        needing = {name: item for name, item in self.scenario.segments.items() if attribute in item.needs}
        if not needing:
            return None
        levels = [self.number(("segments", name, "needs", attribute, "level"), day) for name in needing]
        heads = [item.customers for item in needing.values()]
        heads = heads if sum(heads) else [item.prospects for item in needing.values()]
        return float(np.average(levels, weights=heads))

    def aim(self, attribute: str, day: int) -> tuple[float, float, float]:
        """(aim, understanding, lag) of the sources that see an attribute."""
        need = self.need(attribute, day)
        assert need is not None
        aims, lags, parts = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute in source.sees:
                best = self.best(attribute, day) if source.kind == "competitive" else None
                aims.append(need if best is None else max(need, best))
                lags.append(source.lag)
                path = ("insight_sources", name)
                parts.append(self.number((*path, "coverage"), day) * self.number((*path, "reliability"), day))
        if not self.scenario.insight_sources:
            return need, 1.0, 0.0
        if not sum(parts):
            return need, UNSEEN, 0.0
        seen = float(insight.understanding(*parts))
        return float(np.average(aims, weights=parts)), seen, float(np.average(lags, weights=parts))

    def _picture(self, touchpoint: str, attribute: str, day: int) -> float:
        """U: starts at what the sources lead to and follows it, a day at a time."""
        today = self.written(("journey", touchpoint, "delivers", attribute))
        # filled from the first day on, so that no long recursion is needed
        days = self.pictures.setdefault((touchpoint, attribute), [])
        for each in range(len(days) - 1, day + 1):
            aim, seen, lag = self.aim(attribute, each)
            aimed = float(insight.picture_aimed(today, aim, seen))
            days.append(float(insight.followed(days[-1], aimed, 1.0, lag)) if days else aimed)
        return days[day + 1]

    def levers(self, day: int) -> dict[str, Any]:
        return {name: np.asarray(self.number(("levers", name, "level"), day)) for name in LEVERS}

    def commit(self, day: int) -> float:
        levers = self.levers(day)
        return float(delivery.commitment(levers["priorities"], levers["policies"]))

    def able(self, touchpoint: str, day: int) -> float:
        return float(delivery.capability(self.levers(day), self.scenario.journey[touchpoint].relies_on))

    def _level(self, touchpoint: str, attribute: str, day: int) -> float:
        """Q: what a touchpoint delivers."""
        path = ("journey", touchpoint, "delivers", attribute)
        today = self.written(path)
        redesigned = self.number(path, day) - today
        commit, commit0 = self.commit(day), self.commit(-1)
        able, able0 = self.able(touchpoint, day), self.able(touchpoint, -1)
        need = self.need(attribute, -1)
        if need is None or today >= need:
            level = today * float(delivery.kept(able, able0, commit, commit0))
        else:
            picture0, picture = (
                self.picture(touchpoint, attribute, -1),
                self.picture(touchpoint, attribute, day),
            )
            standard0 = float(delivery.designed_today(picture0, today, commit0, able0))
            by_commit, by_able = 1 - standard0 / max(picture0, 1.0), 1 - today / max(standard0, 1.0)
            standard = delivery.designed(picture, by_commit, commit, commit0)
            level = float(delivery.delivered(standard, by_able, able, able0))
        return float(np.clip(level + redesigned, 0.0, 100.0))

    def _levels(self, touchpoint: str, segment: str, day: int) -> Any:
        """Q of the needs of a segment that a touchpoint touches."""
        return np.array([self.level(touchpoint, name, day) for name in self.encounter(touchpoint, segment).names])

    def _fails(self, touchpoint: str, day: int) -> float:
        """docs: what gets done also fails less."""
        if self.scenario.journey[touchpoint].fails is None:
            return 0.0
        rate = self.number(("journey", touchpoint, "fails", "rate"), day)
        left = delivery.closing(self.able(touchpoint, day), self.able(touchpoint, -1))
        return float(np.clip(rate * left, 0.0, 1.0))

    def severity(self, touchpoint: str, day: int) -> float:
        fails = self.scenario.journey[touchpoint].fails
        return self.number(("journey", touchpoint, "fails", "severity"), day) if fails else 0.0

    def _encounter(self, touchpoint: str, segment: str) -> Encounter | None:
        """None if nothing is touched that the segment needs."""
        needs = list(self.scenario.segments[segment].needs)
        names = tuple(name for name in self.scenario.journey[touchpoint].delivers if name in needs)
        places = np.array([needs.index(name) for name in names], dtype=int)
        weights = self.weights(segment)
        if not names or not weights[places].sum():
            return None
        kinds = [KINDS[self.scenario.attributes[name].kind] for name in names]
        gain, loss, zone = np.array(kinds).T
        omega = float(weights[places].mean() / weights.mean())
        return Encounter(names, places, weights[places] / weights[places].sum(), omega, gain, loss, zone)

    # --- desks --------------------------------------------------------------------------------------------

    def patience(self, touchpoint: str, day: int) -> float:
        return self.number(("journey", touchpoint, "staffed", "patience"), day)

    def resolves(self, touchpoint: str, day: int) -> float:
        return self.number(("journey", touchpoint, "staffed", "resolves"), day)

    def hours(self, touchpoint: str, day: int) -> tuple[float, float]:
        return self.number(("journey", touchpoint, "staffed", "hours"), day)


def usual_half_life(path: Path) -> float:
    """That of the lever, else a month [days]."""
    return MONTH * (delivery.LEVER_HALF_LIFE[path[1]] if path[0] == "levers" else delivery.OTHER_HALF_LIFE)
