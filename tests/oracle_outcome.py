"""What comes out of one replication of the oracle: the measures of model.md §6, and sums behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle_person import Person

from cxmodel.arrays import MONTH, YEAR
from cxmodel.model import advocacy

if TYPE_CHECKING:
    from oracle import World

MEASURES = (
    "expectation_gap", "satisfaction", "retention", "churn_monthly", "nps", "nps_everyone", "nps_lost", "nps_measured",
    "acquired", "lost", "won_back", "referrals", "visits", "contacts", "contacts_per_customer", "wait_minutes",
    "abandonment", "failure_demand", "agent_strain", "revenue", "customer_days",
)  # fmt: skip


def measured(world: World) -> dict[Any, float]:
    """The measures of a replication; the gap and the level lived also by segment, touchpoint and attribute."""
    then, end = world.since, world.horizon
    people = [person for person in world.people if person.spells]
    customers = [person for person in people if person.state == "customer"]
    lost = [person for person in people if person.state == "former"]
    cohort = [person for person in people if person.was_customer(then)]
    left = [ended for person in people for _, ended in person.spells if ended < math.inf]
    acquired = [person for person in people if person.bought > 0]
    lived = customer_days(people, 0.0, end)
    found = {
        "expectation_gap": ratio(*world.carried.pop("gap", (0.0, 0.0))),
        "satisfaction": ratio(sum(p.satisfaction["all"] for p in customers), len(customers)),
        "retention": ratio(sum(p.state == "customer" for p in cohort), len(cohort)),
        "churn_monthly": ratio(sum(ended > then for ended in left), sum(customer_days(people, then, end)) / MONTH),
        "nps": score(world, customers),
        "nps_everyone": score(world, [*customers, *lost]),
        "nps_lost": score(world, lost),
        "nps_measured": world.measured,
        "acquired": len(acquired),
        "lost": len(left),
        "won_back": sum(len(person.spells) - 1 for person in people),
        "referrals": sum("recommendation" in person.heard for person in acquired),
        "visits": world.visits,
        "contacts": world.own_calls,
        "contacts_per_customer": ratio(world.own_calls, sum(lived) / YEAR),
        "wait_minutes": ratio(world.waited * 1440, world.calls),
        "abandonment": ratio(world.abandoned, world.calls),
        "failure_demand": ratio(world.own_calls, world.own_calls + world.outside),
        "agent_strain": agent_strain(world),
        "revenue": revenue(world, people),
        "customer_days": sum(lived),
    }
    return found | {key: ratio(*sums) for key, sums in world.carried.items()}


def customer_days(people: list[Person], then: float, end: float) -> list[float]:
    """Days that each has been a customer from `then` to the end."""
    return [sum(max(0.0, min(ended, end) - max(begun, then)) for begun, ended in person.spells) for person in people]


def agent_strain(world: World) -> float:
    """Mean over whole days of how far desks are busier than they should be, and over desks."""
    strains = []
    for name in world.lines:
        days = range(int(world.horizon))
        busy = [100 * world.busy[name][day] / world.open_time(name, day) for day in days]
        strains.append(np.maximum(0.0, np.array(busy) - world.a.strain_from).mean())
    return float(np.mean(strains)) if strains else math.nan


def revenue(world: World, people: list[Person]) -> float:
    """Prices paid at buying and renewing, and month by month; none without a price."""
    if not any(bargain.price for bargain in world.scenario.value_propositions.values()):
        return math.nan
    fees, begun = 0.0, 0.0
    while begun < world.horizon - 1e-9:
        end = min(begun + MONTH, world.horizon)
        for person, days in zip(people, customer_days(people, begun, end), strict=True):
            amount, per = world.company.price(person.segment, int((begun + end) / 2)) or (0.0, None)
            fees += 0.0 if per is None else amount / per * days
        begun = end
    return world.paid + fees


def score(world: World, people: list[Person]) -> float:
    """The net promoter score expected of these people's satisfaction; none of nobody."""
    if not people:
        return math.nan
    satisfaction, a = np.array([person.satisfaction["all"] for person in people]), world.a
    promoters = advocacy.promoters(satisfaction, a.promoter_from, a.score_noise)
    return float(advocacy.nps(promoters, advocacy.detractors(satisfaction, a.detractor_to, a.score_noise)).mean())


def ratio(part: float, whole: float) -> float:
    """Part of the whole, not a number where there is no whole."""
    return part / whole if whole else math.nan
