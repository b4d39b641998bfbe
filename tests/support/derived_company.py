"""The company, worked out one number at a time: what touchpoints deliver, in which channel, and where people turn.

Equations 1 and 2, and what overwork takes from them (14).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from cxmodel.model import channels, delivery, insight, strain
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import LEVERS
from tests.support.derived_market import PRICE, Market, mean
from tests.support.derived_numbers import NOW


class Chain(NamedTuple):
    """How a level comes about on a day, redesigns left out."""

    picture: float  # U
    standard: float  # D
    level: float  # Q
    lacking: float  # 1 - Q0/D0
    above: bool  # was it at the need or above it already today?


class Company(Market):
    """A scenario under a plan."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        super().__init__(scenario, plan, future)
        self.levers = cache(self._levers)
        self.commit = cache(self._commit)
        self.able = cache(self._able)
        self.chain = cache(self._chain)
        self.aim, self.first_picture = cache(self._aim), cache(self._first_picture)
        self.pictures: dict[tuple[str, float, bool], list[float]] = {}

    # --- insight ------------------------------------------------------------------------------------------

    def _aim(self, attribute: str, day: int, today: float, steady: bool) -> tuple[float, float]:
        """(picture U* that the sources lead to, lag), from a level of `today`.

        `steady`: with the needs, rivals and aims of time 0, coverage and reliability as they are that day.
        """
        then = NOW if steady else day
        need = self.need(attribute, then)
        assert need is not None
        aims, lags, parts = [], [], []
        for name, source in self.scenario.insight_sources.items():
            if attribute in source.sees:
                seen = need
                if source.kind == "competitive":
                    best = self.best(attribute, then)
                    seen = need if best is None else max(need, best)
                elif source.ahead:  # N of `ahead` days later
                    days = int(source.ahead)
                    seen = self.need(attribute, NOW, days) if then == NOW else self.need(attribute, then + days)
                path = ("insight_sources", name)
                aims.append(seen)
                lags.append(self.number((*path, "lag"), day))
                parts.append(self.number((*path, "coverage"), day) * self.number((*path, "reliability"), day))
        if not self.scenario.insight_sources:
            return float(insight.picture_aimed(today, need, 1.0)), 0.0
        heard = [(aim, part) for aim, part in zip(aims, parts, strict=True) if part]
        if not heard:
            return float(insight.picture_aimed(today, need, 1 - self.a.ignorance)), 0.0
        # each point on the way up is seen by the sources that aim as high or higher
        picture, reached = today, today
        for top in sorted(aim for aim, _ in heard):
            understood = insight.understanding(*(part for aim, part in heard if aim >= top), ignorance=self.a.ignorance)
            picture += float(understood) * max(0.0, top - reached)
            reached = max(reached, top)
        return picture, mean(lags, parts)

    def _first_picture(self, attribute: str, today: float) -> float:
        """What the company takes for the need at time 0: what it believes, else what its sources lead to."""
        heads, aimed = self.needing(attribute), self.aim(attribute, NOW, today, steady=True)[0]
        beliefs = [self.scenario.segments[name].needs[attribute].believes for name in heads]
        if all(belief is None for belief in beliefs):
            return aimed
        told = [aimed if belief is None else belief for belief in beliefs]
        return mean(told, [*heads.values()])

    def picture(self, attribute: str, today: float, day: int, steady: bool) -> float:
        """U at noon of a day: from the first one on it follows its aim; a belief that nothing corrects stands."""
        first = self.first_picture(attribute, today)
        beliefs = [self.scenario.segments[name].needs[attribute].believes for name in self.needing(attribute)]
        asked = any(attribute in source.sees for source in self.scenario.insight_sources.values())
        if day == NOW or (not asked and any(belief is not None for belief in beliefs)):
            return first
        # filled from the first day on, so that no long recursion is needed
        days = self.pictures.setdefault((attribute, today, steady), [])
        for each in range(len(days), day + 1):
            aimed, lag = self.aim(attribute, each, today, steady)
            before, passed = (days[-1], 1.0) if days else (first, 0.5)
            lag = self.aim(attribute, each - 1, today, steady)[1] if days else lag  # from noon to noon
            days.append(float(insight.followed(before, aimed, passed, lag)))
        return days[day]

    # --- the levers ---------------------------------------------------------------------------------------

    def lever(self, name: str, day: int) -> float:
        """How far one of the five Ps is developed, as far as culture lets its change reach people."""
        level, culture = self.number(("levers", name, "level"), day), self.scenario.levers.culture
        if culture is None:
            return level
        today, aware = self.written(("levers", name, "level")), self.number(("levers", "culture", "level"), day)
        return float(delivery.reaching(level, today, aware, culture.threshold, self.a.culture_steepness))

    def _levers(self, day: int) -> dict[str, Any]:
        return {name: np.asarray(self.lever(name, day)) for name in LEVERS}

    def _commit(self, day: int) -> float:
        levers = self.levers(day)
        power, floor = self.a.commit_power, self.a.lever_floor
        return float(delivery.commitment(levers["priorities"], levers["policies"], power, floor))

    def _able(self, touchpoint: str, day: int) -> float:
        relies_on = self.scenario.journey[touchpoint].relies_on
        return float(delivery.capability(self.levers(day), relies_on, self.a.lever_floor))

    # --- the delivery chain (equation 2) ------------------------------------------------------------------

    def _chain(self, touchpoint: str, attribute: str, day: int) -> Chain:
        """Levers close the distance to what is aimed at with the needs of time 0; what is seen beyond that is delivered
        only as far as levers have risen."""
        today = self.written(("journey", touchpoint, "delivers", attribute))
        commit, commit0 = self.commit(day), self.commit(NOW)
        able, able0 = self.able(touchpoint, day), self.able(touchpoint, NOW)
        need = self.need(attribute, NOW)
        if need is None or today >= need:
            pictures = (today, today)
            if need is not None:
                pictures = tuple(max(today, self.picture(attribute, today, day, steady)) for steady in (False, True))
            lacking, above = 0.0, True
            standard = level = today * float(delivery.kept(able, able0, commit, commit0))
        else:
            pictures = tuple(max(1.0, self.picture(attribute, today, day, steady)) for steady in (False, True))
            first, held = max(1.0, self.first_picture(attribute, today)), max(1.0, today)
            planned = self.scenario.journey[touchpoint].designed.get(attribute)
            if planned is None:
                planned = float(delivery.designed_today(first, held, commit0, able0))
            planned = max(1.0, planned)
            lacking, above = 1 - held / planned, False
            standard = float(delivery.designed(pictures[1], 1 - planned / first, commit, commit0))
            level = float(delivery.delivered(standard, lacking, able, able0)) + today - held
        more = max(0.0, pictures[0] - pictures[1])
        still = min(1.0, math.log(commit) / math.log(commit0))
        doing = min(1.0, math.log(able) / math.log(able0))
        return Chain(pictures[0], standard + more * (1 - still), level + more * (1 - still * doing), lacking, above)

    def delivered(self, touchpoint: str, attribute: str, day: int) -> tuple[float, float, float]:
        """U, D and Q, with what initiatives redesign."""
        path, chain = ("journey", touchpoint, "delivers", attribute), self.chain(touchpoint, attribute, day)
        moved = self.number(path, day) - self.written(path)
        levels = (chain.picture, chain.standard + moved, chain.level + moved)
        return tuple(min(100.0, max(0.0, level)) for level in levels)  # type: ignore[return-value]

    def worn(self, touchpoint: str, attribute: str, day: int, kept: float) -> float:
        """Points lost where only `kept` of the people lever is left."""
        share = self.scenario.journey[touchpoint].relies_on.get("people", 0.0)
        chain = self.chain(touchpoint, attribute, day)
        if chain.above:
            return chain.level * (kept**share - 1)
        return float(strain.worn_level(chain.standard, chain.lacking, share, kept, self.able(touchpoint, NOW)))

    def fails(self, touchpoint: str, day: int) -> float:
        """What gets done also fails less."""
        if self.scenario.journey[touchpoint].fails is None:
            return 0.0
        rate = self.number(("journey", touchpoint, "fails", "rate"), day)
        left = math.log(self.able(touchpoint, day)) / math.log(self.able(touchpoint, NOW))
        return float(np.clip(rate * left, 0.0, 1.0))

    def severity(self, touchpoint: str, day: int) -> float:
        """Points that a failure costs."""
        fails = self.scenario.journey[touchpoint].fails
        return self.number(("journey", touchpoint, "fails", "severity"), day) if fails else 0.0

    # --- who needs what is touched ------------------------------------------------------------------------

    def needed(self, touchpoint: str, segment: str) -> list[str]:
        """What a segment needs of what a touchpoint touches; its price is touched where it is paid."""
        needs, place = self.scenario.segments[segment].needs, self.scenario.journey[touchpoint]
        names = [name for name in place.delivers if name in needs]
        paid = place.stage in ("buy", "renew") and PRICE not in place.delivers
        return [*names, PRICE] if paid and self.charged(segment, NOW) is not None else names

    def shares(self, touchpoint: str, segment: str) -> tuple[dict[str, float], float]:
        """How they weigh, summing to 1, and their mean weight over that of all needs; empty where nothing does."""
        needs = self.scenario.segments[segment].needs
        weights = {name: needs[name].weight for name in self.needed(touchpoint, segment)}
        total = sum(weights.values())
        if not total:
            return {}, 0.0
        usual = np.mean([need.weight for need in needs.values()])
        return {name: weight / total for name, weight in weights.items()}, float(
            np.mean(list(weights.values())) / usual
        )

    # --- channels -----------------------------------------------------------------------------------------

    def channels(self, touchpoint: str, day: int) -> tuple[list[str], Any, Any]:
        """The channels people would choose, the share of each, and which are offered."""
        names = list(self.scenario.journey[touchpoint].channels)
        path = ("journey", touchpoint, "channels")
        share = np.array([self.number((*path, name, "share"), day) for name in names], dtype=float)
        share = share / share.sum() if share.sum() else np.full(len(names), 1 / len(names))
        offered = np.array([bool(self.number((*path, name, "offered"), day)) for name in names])
        if not (offered & (share > 0)).any():  # none offered: as if all were
            offered[:] = True
        return names, share, offered

    def channel(self, touchpoint: str, draw: float, day: int) -> tuple[str | None, bool]:
        """Where a customer lives a touchpoint, and whether he had to fall back on it."""
        if not self.scenario.journey[touchpoint].channels:
            return self.scenario.journey[touchpoint].channel, False
        names, share, offered = self.channels(touchpoint, day)
        ends = np.cumsum(share)
        wanted = min(int(np.searchsorted(ends, draw, side="right")), len(names) - 1)
        if offered[wanted]:
            return names[wanted], False
        # replaced by one of those offered, by their shares, the same draw stretched
        stretched = (draw - (ends[wanted] - share[wanted])) / share[wanted]
        left = np.cumsum(np.where(offered, share, 0.0))
        return names[min(int(np.searchsorted(left, stretched * left[-1], side="right")), len(names) - 1)], True

    def offset(self, touchpoint: str, attribute: str, channel: str | None, day: int) -> float:
        """Points that a channel delivers more or less, as far as no single view levels them."""
        if channel is None or attribute not in self.scenario.journey[touchpoint].offsets.get(channel, {}):
            return 0.0
        points = self.number(("journey", touchpoint, "offsets", channel, attribute), day)
        view = self.number(("levers", "single_view", "level"), day) if self.scenario.levers.single_view else 0.0
        return float(channels.at_channel(points, view))

    # --- how often, and where people turn -----------------------------------------------------------------

    def visits(self, touchpoint: str, day: int) -> float:
        """How many times it is lived: once, or as long as they stay where only `every` is given."""
        most = self.number(("journey", touchpoint, "visits"), day)
        if most is not None:
            return float(round(most))
        place = self.scenario.journey[touchpoint]
        return math.inf if place.stage == "renew" or (place.stage == "use" and place.every is not None) else 1.0

    def every(self, touchpoint: str, day: int) -> float:
        """Days from one visit to the next; one where no rhythm is given."""
        return self.number(("journey", touchpoint, "every"), day)

    def turn_to(self, touchpoint: str, failed: bool) -> str | None:
        """Where those turn whom a visit failed, or fell short for; None is nowhere."""
        place, journey = self.scenario.journey[touchpoint], self.scenario.journey
        if not failed and place.shortfall and place.shortfall.contact:
            return place.shortfall.contact
        if place.fails and place.fails.contact:
            return place.fails.contact
        return next((name for name, other in journey.items() if other.stage == "support"), None)

    def solved(self, touchpoint: str, day: int) -> float:
        """Share of contacts that settle the matter, exceptions among them."""
        if self.scenario.journey[touchpoint].staffed is None:
            return 0.7
        path = ("journey", touchpoint, "staffed")
        exceptions, resolves = self.number((*path, "exceptions"), day), self.number((*path, "resolves"), day)
        return exceptions + (1 - exceptions) * resolves
