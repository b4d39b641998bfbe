"""The oracle's market: what customers need, are told and are charged, and what rivals offer.

Knows nobody in person and nothing of how the company delivers, so one market serves all replications.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from oracle_numbers import Numbers

from cxmodel.arrays import MONTH
from cxmodel.model import economics, loyalty
from cxmodel.scenario import Scenario
from cxmodel.scenario.customers import ValueProposition

PRICE = "price"
"""The need that a price answers."""


class Told(NamedTuple):
    """A promise as a segment hears it."""

    need: int
    level: float
    believed: float
    reach: float


class Market(Numbers):
    """Segments, bargains, promises and rivals under a plan."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        super().__init__(scenario, plan, future)
        self.needs = cache(self._needs)
        self.need = cache(self._need)
        self.best_rival = cache(self._best_rival)
        self.bar = cache(self._bar)
        self.promise = cache(self._promise)
        self.charged = cache(self._charged)

    # --- needs --------------------------------------------------------------------------------------------

    def weights(self, segment: str) -> Any:
        return np.array([need.weight for need in self.scenario.segments[segment].needs.values()])

    def need_of(self, segment: str, attribute: str, day: float) -> float:
        """N of a segment; docs: drift adds up from day 0, on top of what initiatives do, and stops at 0 and 100."""
        drifted = self.scenario.segments[segment].needs[attribute].drift * max(0.0, day + 0.5)
        level = self.number(("segments", segment, "needs", attribute, "level"), day)
        return float(np.clip(level + drifted, 0.0, 100.0))

    def _needs(self, segment: str, day: float) -> Any:
        return np.array([self.need_of(segment, name, day) for name in self.scenario.segments[segment].needs])

    def needing(self, attribute: str) -> dict[str, float]:
        """The segments that need an attribute, and how they weigh: by customers (without any, by prospects)."""
        known = {name: item for name, item in self.scenario.segments.items() if attribute in item.needs}
        heads = {name: float(item.customers) for name, item in known.items()}
        return heads if sum(heads.values()) else {name: float(item.prospects) for name, item in known.items()}

    def _need(self, attribute: str, day: float) -> float | None:
        """N the company aims at; None of what nobody needs."""
        heads = self.needing(attribute)
        if not heads:
            return None
        return float(np.average([self.need_of(name, attribute, day) for name in heads], weights=list(heads.values())))

    # --- prices -------------------------------------------------------------------------------------------

    def bargain(self, segment: str) -> tuple[str, ValueProposition] | None:
        """What a segment is offered."""
        bargains = self.scenario.value_propositions.items()
        return next(((name, bargain) for name, bargain in bargains if segment in bargain.segments), None)

    @cached_property
    def months_between(self) -> float:
        """docs: months between purchases, the shortest `every` of the renewals, the horizon without any."""
        renewals = [place.every for place in self.scenario.journey.values() if place.stage == "renew"]
        return min(renewals, default=self.scenario.horizon) / MONTH

    def price(self, segment: str, day: float) -> tuple[float, float | None] | None:
        """What a segment is charged, and the days it pays for (None: at buying and each renewal)."""
        found = self.bargain(segment)
        if found is None or found[1].price is None:
            return None
        return self.number(("value_propositions", found[0], "price"), day), found[1].price.per

    def reference(self, segment: str | None, day: float) -> float | None:
        """Per month, what a price is measured by: the mean of rivals one can switch to, else today's price."""
        rivals = [name for name, rival in self.scenario.rivals.items() if rival.switch and rival.price]
        if rivals:
            return float(np.mean([self.rival_price(name, day) for name in rivals]))
        today = None if segment is None else self.price(segment, -1)
        return None if today is None else float(economics.per_month(*today, self.months_between))

    def rival_price(self, name: str, day: float) -> float:
        """What a rival charges, per month."""
        per = self.scenario.rivals[name].price.per
        return float(economics.per_month(self.number(("rivals", name, PRICE), day), per, self.months_between))

    def _charged(self, segment: str, day: float) -> float | None:
        """The level of `price` that a segment's price delivers; None where it needs none or there is none."""
        price = self.price(segment, day)
        if price is None or PRICE not in self.scenario.segments[segment].needs:
            return None
        monthly = economics.per_month(*price, self.months_between)
        return float(economics.price_level(monthly, self.reference(segment, day)))

    # --- rivals -------------------------------------------------------------------------------------------

    def rival(self, name: str, attribute: str, day: float, segment: str | None = None) -> float | None:
        """A rival's level; docs: `moves` add up from day 0, held to 0-100; a price delivers `price`."""
        rival = self.scenario.rivals[name]
        if attribute in rival.levels:
            moved = rival.moves.get(attribute, 0.0) * max(0.0, day + 0.5)
            return float(np.clip(self.number(("rivals", name, "levels", attribute), day) + moved, 0.0, 100.0))
        reference = self.reference(segment, day) if attribute == PRICE and rival.price else None
        return None if reference is None else float(economics.price_level(self.rival_price(name, day), reference))

    def best(self, attribute: str, day: float, segment: str | None = None) -> float | None:
        """B: the best level any rival lists."""
        levels = [self.rival(name, attribute, day, segment) for name in self.scenario.rivals]
        return max((level for level in levels if level is not None), default=None)

    def _bar(self, segment: str, day: float) -> Any:
        """max(B, N), N where no rival lists the attribute."""
        best = [self.best(name, day, segment) for name in self.scenario.segments[segment].needs]
        needs = self.needs(segment, day)
        return np.array([max(need, -1.0 if b is None else b) for need, b in zip(needs, best, strict=True)])

    def _best_rival(self, segment: str, day: float) -> float | None:
        """C: the best offer of a rival one can switch to; what a rival leaves out counts as the need."""
        needs, offers = self.needs(segment, day), []
        for name, rival in self.scenario.rivals.items():
            if rival.switch:
                levels = [self.rival(name, key, day, segment) for key in self.scenario.segments[segment].needs]
                filled = [need if level is None else level for level, need in zip(levels, needs, strict=True)]
                offers.append(float(loyalty.offer(self.weights(segment), np.array(filled))))
        return max(offers, default=None)

    def standard(self, segment: str, day: float) -> float:
        """C of a decision to stay or to come back."""
        best = self.best_rival(segment, day)
        return self.a.market_standard if best is None else best

    # --- what people are told -----------------------------------------------------------------------------

    def offered(self, segment: str, day: float) -> Any:
        """W of a newcomer: what is offered, else B, else N."""
        found = self.bargain(segment)
        offers = found[1].offers if found else {}
        levels = []
        for name, need in zip(self.scenario.segments[segment].needs, self.needs(segment, day), strict=True):
            best = self.best(name, day, segment)
            levels.append(offers.get(name, need if best is None else best))
        return np.array(levels, dtype=float)

    @cached_property
    def told_by_brand(self) -> list[str]:
        return [name for name, promise in self.scenario.brand_promises.items() if not promise.made_at]

    def told_at(self, touchpoint: str) -> list[str]:
        return [name for name, item in self.scenario.brand_promises.items() if touchpoint in item.made_at]

    def _promise(self, name: str, segment: str, day: float) -> Told | None:
        """What a segment is told; None of what it has no need for."""
        needs = list(self.scenario.segments[segment].needs)
        attribute = self.scenario.brand_promises[name].attribute
        if attribute not in needs:
            return None
        parts = (self.number(("brand_promises", name, part), day) for part in ("level", "believed", "reach"))
        return Told(needs.index(attribute), *parts)
