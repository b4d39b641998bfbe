"""The oracle's company: what touchpoints deliver, in which channel, and where people turn (equations 1, 2).

Nothing here depends on customers, so one company serves all replications; what overwork and completed actions do
to a replication's own company is told apart (`oracle_back`).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from oracle_market import PRICE, Market
from oracle_numbers import NOW

from cxmodel.arrays import LEVERS
from cxmodel.model import channels, delivery, insight, strain
from cxmodel.scenario import Scenario


class Encounter(NamedTuple):
    """What a touchpoint means to a segment: the needs it touches, and how they weigh."""

    names: tuple[str, ...]
    needs: Any  # their places among the segment's needs
    share: Any  # their weights, summing to 1
    omega: float  # mean weight of what is touched over mean weight of all needs
    gain: Any
    loss: Any
    zone: Any


class Chain(NamedTuple):
    """How a level comes about on a day, redesigns left out."""

    standard: float
    shortfall: float  # 1 - Q0/D0
    level: float
    above: bool  # was it at the need or above it already today?


class Company(Market):
    """A scenario under a plan."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        super().__init__(scenario, plan, future)
        self.levers = cache(self._levers)
        self.commit = cache(self._commit)
        self.able = cache(self._able)
        self.chain = cache(self._chain)
        self.level = cache(self._level)
        self.levels = cache(self._levels_of)
        self.encounter = cache(self._encounter)
        self.fails = cache(self._fails)
        self.offsets = cache(self._offsets)
        self.usual_channel = cache(self._usual_channel)
        self.pictures: dict[tuple[str, str], list[float]] = {}

    # --- insight ------------------------------------------------------------------------------------------

    def aim(self, attribute: str, day: float, today: float) -> tuple[float, float]:
        """(picture aimed at, lag) of the sources that see an attribute."""
        need = self.need(attribute, day)
        assert need is not None
        aims, lags, parts = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute in source.sees:
                best = self.best(attribute, day) if source.kind == "competitive" else None
                seen = need
                if source.kind == "technology":  # docs: N of `ahead` days later
                    seen = self.need(attribute, max(day, -0.5) + source.ahead)
                aims.append(seen if best is None else max(seen, best))
                lags.append(source.lag)
                path = ("insight_sources", name)
                parts.append(self.number((*path, "coverage"), day) * self.number((*path, "reliability"), day))
        if not self.scenario.insight_sources:
            return float(insight.picture_aimed(today, need, 1.0)), 0.0
        heard = [(aim, part) for aim, part in zip(aims, parts, strict=True) if part]
        if not heard:
            return float(insight.picture_aimed(today, need, 1 - self.a.ignorance)), 0.0
        # docs: each point on the way up is seen by the sources that aim as high or higher
        picture, reached = today, today
        for top in sorted(aim for aim, _ in heard):
            understood = insight.understanding(*(part for aim, part in heard if aim >= top), ignorance=self.a.ignorance)
            picture += float(understood) * max(0.0, top - reached)
            reached = max(reached, top)
        return picture, float(np.average(lags, weights=parts))

    def seen(self, attribute: str, day: float) -> bool:
        """Does any source see it?"""
        sources = [
            ("insight_sources", name)
            for name, source in self.scenario.insight_sources.items()
            if attribute in source.sees
        ]
        return any(self.number((*path, "coverage"), day) * self.number((*path, "reliability"), day) for path in sources)

    def picture(self, touchpoint: str, attribute: str, day: int) -> float:
        """U: starts at its aim, or at what the company believes, and follows the aim, a day at a time."""
        today = self.written(("journey", touchpoint, "delivers", attribute))
        # filled from the first day on, so that no long recursion is needed
        days = self.pictures.setdefault((touchpoint, attribute), [])
        heads = self.needing(attribute)
        beliefs = [self.scenario.segments[name].needs[attribute].believes for name in heads]
        believed = any(belief is not None for belief in beliefs)
        for each in range(len(days) - 1, day + 1):
            aimed, lag = self.aim(attribute, each, today)
            if not days:
                # docs: at the mean over segments of that belief, the aim for segments that say nothing
                told = [aimed if belief is None else belief for belief in beliefs]
                days.append(float(np.average(told, weights=list(heads.values()))))
            elif believed and not self.seen(attribute, each):
                days.append(days[-1])  # docs: the belief stands for good
            else:
                days.append(float(insight.followed(days[-1], aimed, 1.0, lag)))
        return days[day + 1]

    # --- the levers ---------------------------------------------------------------------------------------

    def lever(self, name: str, day: int) -> float:
        """How far one of the five Ps is developed, as far as culture lets its change reach people."""
        level, culture = self.number(("levers", name, "level"), day), self.scenario.levers.culture
        if culture is None:
            return level
        today, aware = self.written(("levers", name, "level")), self.number(("levers", "culture", "level"), day)
        return float(delivery.reaching(level, today, aware, culture.threshold, self.a.culture_steepness))

    def _levers(self, day: int) -> dict[str, Any]:
        """The five Ps, held where their logarithms exist."""
        return {name: delivery.held(self.lever(name, day), self.a.lever_floor) for name in LEVERS}

    def _commit(self, day: int) -> float:
        levers = self.levers(day)
        return float(delivery.commitment(levers["priorities"], levers["policies"], self.a.commit_power))

    def _able(self, touchpoint: str, day: int) -> float:
        return float(delivery.capability(self.levers(day), self.scenario.journey[touchpoint].relies_on))

    # --- the delivery chain (equation 2) ------------------------------------------------------------------

    def _chain(self, touchpoint: str, attribute: str, day: int) -> Chain:
        today = self.written(("journey", touchpoint, "delivers", attribute))
        commit, commit0 = self.commit(day), self.commit(NOW)
        able, able0 = self.able(touchpoint, day), self.able(touchpoint, NOW)
        need = self.need(attribute, NOW)
        if need is None or today >= need:
            # docs: the level, until a need that moves passes it
            picture = today if need is None else max(today, self.picture(touchpoint, attribute, day))
            return Chain(picture, 0.0, picture * float(delivery.kept(able, able0, commit, commit0)), True)
        picture0, picture = self.picture(touchpoint, attribute, NOW), self.picture(touchpoint, attribute, day)
        known = self.scenario.journey[touchpoint].designed.get(attribute)
        if known is None:
            standard0 = float(delivery.designed_today(picture0, today, commit0, able0))
        else:
            standard0 = max(1.0, known)
        by_commit, by_able = 1 - standard0 / max(picture0, 1.0), 1 - today / max(standard0, 1.0)
        standard = float(delivery.designed(picture, by_commit, commit, commit0))
        return Chain(standard, by_able, float(delivery.delivered(standard, by_able, able, able0)), False)

    def _level(self, touchpoint: str, attribute: str, day: int) -> float:
        """Q: what a touchpoint delivers."""
        path = ("journey", touchpoint, "delivers", attribute)
        redesigned = self.number(path, day) - self.written(path)
        return float(np.clip(self.chain(touchpoint, attribute, day).level + redesigned, 0.0, 100.0))

    def _levels_of(self, touchpoint: str, segment: str, day: int) -> Any:
        """Q of the needs of a segment that a touchpoint touches."""
        delivers, names = self.scenario.journey[touchpoint].delivers, self.encounter(touchpoint, segment).names
        return np.array(
            [self.level(touchpoint, key, day) if key in delivers else self.charged(segment, day) for key in names]
        )

    def worn(self, touchpoint: str, attribute: str, day: int, kept: float) -> float:
        """Points lost where only `kept` of the people lever is left."""
        share = self.scenario.journey[touchpoint].relies_on.get("people", 0.0)
        chain = self.chain(touchpoint, attribute, day)
        if chain.above:
            return chain.level * (kept**share - 1)
        return float(strain.worn_level(chain.standard, chain.shortfall, share, kept, self.able(touchpoint, NOW)))

    def _fails(self, touchpoint: str, day: int) -> float:
        """docs: what gets done also fails less."""
        if self.scenario.journey[touchpoint].fails is None:
            return 0.0
        rate = self.number(("journey", touchpoint, "fails", "rate"), day)
        left = delivery.closing(self.able(touchpoint, day), self.able(touchpoint, NOW))
        return float(np.clip(rate * left, 0.0, 1.0))

    def worn_fails(self, touchpoint: str, day: int, kept: float) -> float:
        """How much more often it fails where only `kept` of the people lever is left."""
        if self.scenario.journey[touchpoint].fails is None:
            return 0.0
        share = self.scenario.journey[touchpoint].relies_on.get("people", 0.0)
        rate = self.number(("journey", touchpoint, "fails", "rate"), day)
        return float(strain.worn_failing(rate, share, kept, self.able(touchpoint, NOW)))

    def severity(self, touchpoint: str, day: int) -> float:
        fails = self.scenario.journey[touchpoint].fails
        return self.number(("journey", touchpoint, "fails", "severity"), day) if fails else 0.0

    def _encounter(self, touchpoint: str, segment: str) -> Encounter | None:
        """None if nothing is touched that the segment needs."""
        needs, place = list(self.scenario.segments[segment].needs), self.scenario.journey[touchpoint]
        names = tuple(name for name in place.delivers if name in needs)
        if place.stage in ("buy", "renew") and PRICE not in place.delivers and self.charged(segment, NOW) is not None:
            names = (*names, PRICE)
        places = np.array([needs.index(name) for name in names], dtype=int)
        weights = self.weights(segment)
        if not names or not weights[places].sum():
            return None
        kinds = [self.a.kinds[self.scenario.attributes[name].kind] for name in names]
        gain, loss, zone = np.array(kinds).T
        omega = float(weights[places].mean() / weights.mean())
        return Encounter(names, places, weights[places] / weights[places].sum(), omega, gain, loss, zone)

    # --- channels -----------------------------------------------------------------------------------------

    def shares(self, touchpoint: str, day: int) -> tuple[list[str], Any, Any]:
        """The channels people would choose, the share of each, and which are offered."""
        names = list(self.scenario.journey[touchpoint].channels)
        path = ("journey", touchpoint, "channels")
        share = np.array([self.number((*path, name, "share"), day) for name in names], dtype=float)
        share = share / share.sum() if share.sum() else np.full(len(names), 1 / len(names))
        offered = np.array([bool(self.number((*path, name, "offered"), day)) for name in names])
        if not (offered & (share > 0)).any():  # docs: none offered, as if all were
            offered[:] = True
        return names, share, offered

    def channel(self, touchpoint: str, draw: float, day: int) -> tuple[str | None, bool]:
        """Where a customer lives a touchpoint, and whether he had to fall back on it."""
        if not self.scenario.journey[touchpoint].channels:
            return self.scenario.journey[touchpoint].channel, False
        names, share, offered = self.shares(touchpoint, day)
        ends = np.cumsum(share)
        wanted = min(int(np.searchsorted(ends, draw, side="right")), len(names) - 1)
        if offered[wanted]:
            return names[wanted], False
        # docs: replaced by one of those offered, by their shares, the same draw stretched
        stretched = (draw - (ends[wanted] - share[wanted])) / share[wanted]
        left = np.cumsum(np.where(offered, share, 0.0))
        return names[min(int(np.searchsorted(left, stretched * left[-1], side="right")), len(names) - 1)], True

    def _offsets(self, touchpoint: str, segment: str, channel: str | None, day: int) -> Any:
        """Points that a channel delivers more or less, as far as no single view levels them."""
        own = self.scenario.journey[touchpoint].offsets.get(channel, {}) if channel else {}
        path = ("journey", touchpoint, "offsets", channel)
        names = self.encounter(touchpoint, segment).names
        points = np.array([self.number((*path, name), day) if name in own else 0.0 for name in names])
        view = self.number(("levers", "single_view", "level"), day) if self.scenario.levers.single_view else 0.0
        return channels.at_channel(points, view)

    def ways(self, touchpoint: str, segment: str, day: int) -> list[tuple[float, Any]]:
        """The share of customers who live a touchpoint in each channel, and its offsets."""
        if not self.scenario.journey[touchpoint].channels:
            return [(1.0, self._offsets(touchpoint, segment, self.scenario.journey[touchpoint].channel, day))]
        names, share, offered = self.shares(touchpoint, day)
        left = np.where(offered, share, 0.0)
        used = left + share[~offered].sum() * left / left.sum()
        return [(part, self._offsets(touchpoint, segment, name, day)) for part, name in zip(used, names, strict=True)]

    def _usual_channel(self, touchpoint: str, segment: str, day: int) -> tuple[Any, float]:
        """Mean offset and mean fallback effort over channels."""
        fallen = 0.0
        if self.scenario.journey[touchpoint].channels:
            _, share, offered = self.shares(touchpoint, day)
            fallen = float(share[~offered].sum())
        offset = sum(share * points for share, points in self.ways(touchpoint, segment, day))
        return offset, fallen * self.a.fallback_effort

    # --- how often --------------------------------------------------------------------------------------------

    def visits(self, touchpoint: str, day: int) -> float:
        """How many times it is lived: once, or as long as they stay where only `every` is given."""
        most = self.number(("journey", touchpoint, "visits"), day)
        if most is not None:
            return most
        place = self.scenario.journey[touchpoint]
        return math.inf if place.stage == "renew" or (place.stage == "use" and place.every is not None) else 1

    def every(self, touchpoint: str, day: int) -> float:
        """Days from one visit to the next."""
        apart = self.number(("journey", touchpoint, "every"), day)
        return 1.0 if apart is None else apart

    # --- where people turn --------------------------------------------------------------------------------

    def turn_to(self, touchpoint: str, failed: bool) -> str | None:
        """Where those turn whom a visit failed, or fell short for; None is nowhere."""
        place, journey = self.scenario.journey[touchpoint], self.scenario.journey
        if not failed and place.shortfall and place.shortfall.contact:
            return place.shortfall.contact
        if place.fails and place.fails.contact:
            return place.fails.contact
        return next((name for name, other in journey.items() if other.stage == "support"), None)

    def calling(self, touchpoint: str, day: int) -> tuple[float, float, float]:
        """Share who call after a failure and after a shortfall, and beyond which gap it is one."""
        path = ("journey", touchpoint)
        keys = (("fails", "calls"), ("shortfall", "calls"), ("shortfall", "beyond"))
        return tuple(self.number((*path, *key), day) for key in keys)

    def patience(self, touchpoint: str, day: int) -> float:
        return self.number(("journey", touchpoint, "staffed", "patience"), day)

    def solves(self, touchpoint: str, day: int) -> tuple[float, float]:
        """Share of contacts answered that are solved by an exception, and share of the others that are solved."""
        if self.scenario.journey[touchpoint].staffed is None:
            return 0.0, 0.7
        path = ("journey", touchpoint, "staffed")
        return self.number((*path, "exceptions"), day), self.number((*path, "resolves"), day)

    def hours(self, touchpoint: str, day: int) -> tuple[float, float]:
        return self.number(("journey", touchpoint, "staffed", "hours"), day)
