"""What is paid, and how it feels: prices, the level they deliver where customers need `price`, margin (equation 12).

Knows no customers. Shapes: D days, S segments.
"""

from dataclasses import dataclass

import numpy as np

from cxmodel.engine.inputs.trajectories import Trajectories
from cxmodel.model import economics
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.notation import Price
from cxmodel.vocabulary import MONTH, PRICE, Floats

FREE = 1e-9
"""A reference price is held to this, so that one can be cheaper than it."""


@dataclass(frozen=True)
class Prices:
    """Prices over time, from the bargain of each segment."""

    once: Floats  # (D, S) paid at buying and at each renewal
    fee: Floats  # (D, S) paid per day while a customer
    level: Floats  # (D, S) of `price` that it delivers, nan where it is no need or there is no price
    rivals: dict[str, Floats]  # per rival with a price, the level of `price` that it delivers (D,)
    extra: Floats  # (D, S) margin per day more than at today's price

    @classmethod
    def of(cls, scenario: Scenario, trajectories: Trajectories) -> "Prices":
        """The prices of a scenario."""
        segments = list(scenario.segments)
        shape = (trajectories.days, len(segments))
        once, fee, extra = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        level = np.full(shape, np.nan)
        between = months_between(scenario)
        charging = {name: rival.price for name, rival in scenario.rivals.items() if rival.price is not None}
        theirs = {
            name: economics.per_month(trajectories.smooth(f"rivals.{name}.price", price.amount), price.per, between)
            for name, price in charging.items()
        }
        switchable = [price for name, price in theirs.items() if scenario.rivals[name].switch]
        reference = np.mean(switchable, axis=0) if switchable else None
        for name, bargain in reversed(list(scenario.value_propositions.items())):
            if bargain.price is None:
                continue
            amount = trajectories.smooth(f"value_propositions.{name}.price", bargain.price.amount)
            month = economics.per_month(amount, bargain.price.per, between)
            today = economics.per_month(bargain.price.amount, bargain.price.per, between)
            felt = economics.price_level(month, np.maximum(FREE, today if reference is None else reference))
            for segment in bargain.segments:
                s = segments.index(segment)
                once[:, s], fee[:, s] = _paid(amount, bargain.price)
                extra[:, s] = (month - today) / MONTH
                if PRICE in scenario.segments[segment].needs:
                    level[:, s] = felt
        ours = next((bargain.price for bargain in scenario.value_propositions.values() if bargain.price), None)
        if reference is None and ours is not None:
            reference = economics.per_month(ours.amount, ours.per, between)
        rivals = {
            name: economics.price_level(price, np.maximum(FREE, own if reference is None else reference))
            for name, price in theirs.items()
            for own in [economics.per_month(charging[name].amount, charging[name].per, between)]
        }
        return cls(once, fee, level, rivals, extra)


def _paid(amount: Floats, price: Price) -> tuple[Floats | float, Floats | float]:
    """What is paid at buying and renewing, and per day."""
    return (amount, 0.0) if price.per is None else (0.0, amount / price.per)


def months_between(scenario: Scenario) -> float:
    """Months between purchases: the shortest rhythm of renewals, the horizon without any."""
    renewals = [place.every for place in scenario.journey.values() if place.stage == "renew" and place.every]
    return min(renewals, default=scenario.horizon) / MONTH
