"""The market, worked out one number at a time: what customers need, are told and are charged, and what rivals offer."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

import numpy as np

from cxmodel.model import economics, loyalty
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.customers import ValueProposition
from cxmodel.vocabulary import MONTH
from tests.support.derived_numbers import NOW, Numbers

PRICE = "price"
"""The need that a price answers."""
FREE = 1e-9
"""A price that others are measured by is held to this."""


def mean(values: list[float], weights: list[float]) -> float:
    """Weighted mean."""
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


class Market(Numbers):
    """Segments, bargains, promises and rivals under a plan."""

    def __init__(self, scenario: Scenario, plan: str = "as_is", future: str | None = None) -> None:
        super().__init__(scenario, plan, future)
        self.need = cache(self._need)
        self.best = cache(self._best)

    # --- needs --------------------------------------------------------------------------------------------

    def weights(self, segment: str) -> Any:
        """The weights of its needs."""
        return np.array([need.weight for need in self.scenario.segments[segment].needs.values()])

    def need_of(self, segment: str, attribute: str, day: float, ahead: int = 0) -> float:
        """N of a segment on a day, or so many days after today as it stands (`day` NOW).

        Drift adds up from time 0, on top of what initiatives do, and stops at 0 and 100.
        """
        passed = float(ahead) if day == NOW else day + 0.5
        drifted = self.scenario.segments[segment].needs[attribute].drift * passed
        level = self.number(("segments", segment, "needs", attribute, "level"), day)
        return float(np.clip(level + drifted, 0.0, 100.0)) if drifted else level

    def needing(self, attribute: str) -> dict[str, float]:
        """The segments that need an attribute, and how they weigh: by customers (without any, by prospects)."""
        known = {name: item for name, item in self.scenario.segments.items() if attribute in item.needs}
        heads = {name: float(item.customers) for name, item in known.items()}
        return heads if sum(heads.values()) else {name: max(item.prospects, 1.0) for name, item in known.items()}

    def _need(self, attribute: str, day: float, ahead: int = 0) -> float | None:
        """N the company aims at; None of what nobody needs."""
        heads = self.needing(attribute)
        if not heads:
            return None
        return mean([self.need_of(name, attribute, day, ahead) for name in heads], [*heads.values()])

    # --- prices -------------------------------------------------------------------------------------------

    def bargain(self, segment: str) -> tuple[str, ValueProposition] | None:
        """The bargain with a price that a segment is offered."""
        bargains = self.scenario.value_propositions.items()
        return next(((name, each) for name, each in bargains if segment in each.segments and each.price), None)

    @cached_property
    def months_between(self) -> float:
        """Months between purchases: the shortest `every` of the renewals, the horizon without any."""
        renewals = [place.every for place in self.scenario.journey.values() if place.stage == "renew"]
        return min(renewals, default=self.scenario.horizon) / MONTH

    def price(self, segment: str, day: float) -> tuple[float, float | None] | None:
        """What a segment is charged, and the days it pays for (None: at buying and each renewal)."""
        found = self.bargain(segment)
        if found is None or found[1].price is None:
            return None
        return self.number(("value_propositions", found[0], "price"), day), found[1].price.per

    def rival_price(self, name: str, day: float) -> float:
        """What a rival charges, per month."""
        per = self.scenario.rivals[name].price.per
        return float(economics.per_month(self.number(("rivals", name, PRICE), day), per, self.months_between))

    def reference(self, day: float) -> float | None:
        """Per month, what prices are measured by: the mean of rivals one can switch to; None without such rivals."""
        rivals = [name for name, rival in self.scenario.rivals.items() if rival.switch and rival.price]
        return float(np.mean([self.rival_price(name, day) for name in rivals])) if rivals else None

    def charged(self, segment: str, day: float) -> float | None:
        """The level of `price` that a segment's price delivers; None where it needs none or there is none."""
        price = self.price(segment, day)
        if price is None or PRICE not in self.scenario.segments[segment].needs:
            return None
        today, reference = self.price(segment, NOW), self.reference(day)
        assert today is not None
        if reference is None:
            reference = float(economics.per_month(*today, self.months_between))
        monthly = economics.per_month(*price, self.months_between)
        return float(economics.price_level(monthly, max(FREE, reference)))

    # --- rivals -------------------------------------------------------------------------------------------

    def rival(self, name: str, attribute: str, day: float) -> float | None:
        """A rival's level: `moves` add up from time 0, held to 0-100; a price delivers `price`.

        It is measured by the price of rivals one can switch to, else by today's of the first bargain that has one, else
        by what the rival itself charges today.
        """
        rival = self.scenario.rivals[name]
        if attribute in rival.levels:
            moved = rival.moves.get(attribute, 0.0) * max(0.0, day + 0.5)
            return float(np.clip(self.number(("rivals", name, "levels", attribute), day) + moved, 0.0, 100.0))
        if attribute != PRICE or rival.price is None:
            return None
        ours = next((each.price for each in self.scenario.value_propositions.values() if each.price), None)
        reference = self.reference(day)
        if reference is None:
            own = self.rival_price(name, NOW)
            reference = own if ours is None else float(economics.per_month(ours.amount, ours.per, self.months_between))
        return float(economics.price_level(self.rival_price(name, day), max(FREE, reference)))

    def _best(self, attribute: str, day: float) -> float | None:
        """B: the best level any rival lists."""
        levels = [self.rival(name, attribute, day) for name in self.scenario.rivals]
        return max((level for level in levels if level is not None), default=None)

    def bar(self, segment: str, attribute: str, day: float) -> float:
        """max(B, N), N where no rival lists the attribute."""
        best = self.best(attribute, day)
        return max(self.need_of(segment, attribute, day), -1.0 if best is None else best)

    def best_rival(self, segment: str, day: float) -> float | None:
        """C: the best offer of a rival one can switch to; what a rival leaves out counts as the need."""
        offers = []
        for name, rival in self.scenario.rivals.items():
            if rival.switch:
                levels = []
                for attribute in self.scenario.segments[segment].needs:
                    level = self.rival(name, attribute, day)
                    levels.append(self.need_of(segment, attribute, day) if level is None else level)
                offers.append(float(loyalty.offer(self.weights(segment), np.array(levels))))
        return max(offers, default=None)

    # --- what people foresee ------------------------------------------------------------------------------

    def foreseen(self, segment: str, attribute: str) -> float:
        """W of a newcomer: what a bargain implies, else today's B, else today's N."""
        bargains = self.scenario.value_propositions.values()
        offers = (each.offers[attribute] for each in bargains if segment in each.segments and attribute in each.offers)
        best = self.best(attribute, NOW)
        return next(offers, self.need_of(segment, attribute, NOW) if best is None else best)
