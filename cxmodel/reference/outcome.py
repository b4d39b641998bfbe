"""What a replication comes to, from its ledger and from how its people ended: the arrays that metrics are made of.

Shapes: M months, S segments, n times that somebody was a customer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from cxmodel.engine.outcome import Outcome
from cxmodel.model import economics, strain
from cxmodel.reference.company import Company
from cxmodel.reference.journeys import hazard
from cxmodel.reference.person import OVERALL, Person
from cxmodel.vocabulary import MONTH, YEAR, Floats


class Spell(NamedTuple):
    """A time as a customer."""

    person: Person
    first: bool  # whether it is the first of this person
    since: float
    until: float


def outcome(c: Company) -> Outcome:
    """The outcome of one replication, as it ended."""
    ledger = c.ledger
    customers, former = np.moveaxis(ledger.states, 2, 0)
    money = earned(c)
    calls, given_up, waiting = by_month_of_day(c, ledger.desk[:, :, :3].sum(0)).T
    whole = {
        "visits": ledger.visits,
        "felt": np.moveaxis(np.array(ledger.felt), -1, 1),
        "customers": customers[..., 0],
        "satisfaction": customers[..., 1],
        "promoters": customers[..., 2],
        "detractors": customers[..., 3],
        "former": former[..., 0],
        "former_promoters": former[..., 2],
        "former_detractors": former[..., 3],
        "surveyed": ledger.surveyed,
        "days": ledger.days,
        **counts(c),
        "contacts": ledger.contacts,
        "queued": ledger.queued,
        "waited": ledger.waited,
        "abandoned": ledger.abandoned,
        "causes": ledger.causes,
        "calls": calls,
        "waiting": waiting,
        "given_up": given_up,
        "strain": agent_strain(c),
        "revenue": ledger.paid + (ledger.days * c.world.prices.fee[middles(c)[0]]).sum(0),
        "earned": money,
        "equity": money.sum(0) + still_to_come(c),
    }
    return Outcome(**{name: np.asarray(values)[None] for name, values in whole.items()})


def counts(c: Company) -> dict[str, Floats]:
    """Who came, left and came back by month, and who was there over the last 12 months."""
    spells = [Spell(person, n == 0, *times) for person in c.people for n, times in enumerate(person.spells)]
    then = max(0.0, c.end - YEAR)
    there = [spell for spell in spells if spell.since <= then < spell.until]
    won = [spell for spell in spells if spell.first and 0 <= spell.since < c.end]
    days = by_segment(c, spells, lambda spell: max(0.0, min(spell.until, c.end) - max(spell.since, then)))
    gone = by_segment(c, spells, lambda spell: then < spell.until <= c.end)
    return {
        "joined": by_month(c, [(spell.person, spell.since) for spell in won]),
        "left": by_month(c, [(spell.person, spell.until) for spell in spells]),
        "returned": by_month(c, [(spell.person, spell.since) for spell in spells if not spell.first]),
        "cohort": np.stack([by_segment(c, there), by_segment(c, there, is_customer)], axis=-1),
        "last_year": np.stack([gone, days / MONTH], axis=-1),
        "referrals": by_segment(c, won, lambda spell: spell.person.referred),
    }


def is_customer(spell: Spell) -> bool:
    """Whether he is a customer at the end."""
    return spell.person.status == "customer"


def by_segment(c: Company, spells: Sequence[Spell], value: Callable[[Spell], float] = lambda spell: 1.0) -> Floats:
    """Sum of a value of spells (S,)."""
    found = np.zeros(len(c.world.route.segments))
    for spell in spells:
        found[spell.person.segment] += value(spell)
    return found


def by_month(c: Company, events: Sequence[tuple[Person, float]]) -> Floats:
    """How often something happened to people within the horizon (M, S); what falls on a month's end belongs to it."""
    found = np.zeros_like(c.ledger.days)
    for person, time in events:
        if 0 <= time <= c.end:
            found[min(max(int(np.ceil(time / MONTH - 1e-9)) - 1, 0), len(found) - 1), person.segment] += 1
    return found


def by_month_of_day(c: Company, days: Floats) -> Floats:
    """Sums of days (D, …) by the month in which they begin (M, …)."""
    found = np.zeros((len(c.ledger.days), *days.shape[1:]))
    np.add.at(found, np.minimum((np.arange(len(days)) / MONTH).astype(int), len(found) - 1), days)
    return found


def agent_strain(c: Company) -> float:
    """Mean over whole days on which they are open, and over desks, of how much busier agents are than they can bear."""
    found = []
    for desk, staffing in zip(c.ledger.desk, c.world.staffing, strict=True):
        open_time = (staffing.agents * staffing.open)[: int(c.end)]
        days = np.flatnonzero(open_time)
        loads = 100 * desk[days, 3] / open_time[days]
        found.append(strain.strain(loads, c.assumptions.strain_from).mean() if len(days) else 0.0)
    return float(np.mean(found)) if found else np.nan


def middles(c: Company) -> tuple[list[int], Floats]:
    """The day in the middle of each month, and its time (M,)."""
    since = np.arange(len(c.ledger.days)) * MONTH
    middle = (since + np.minimum(since + MONTH, c.end)) / 2
    return [c.day(time) for time in middle.tolist()], middle


def earned(c: Company) -> Floats:
    """Margin less the cost of contacts and of winning customers, discounted (M, S); nan without economics.

    Margin is that of the middle of the month, contacts are paid for there too, acquisition when somebody buys.
    """
    ledger, money = c.ledger, c.world.scenario.economics
    if money is None:
        return np.full_like(ledger.days, np.nan)
    days, middle = middles(c)
    worth = economics.discounted(middle, money.discount_rate)[:, None]
    paid = economics.discounted(np.minimum((np.arange(len(days)) + 0.5) * MONTH, c.end), money.discount_rate)
    found = ledger.spending * c.world.margin[days] * worth - ledger.service * paid[:, None]
    for person in c.people:
        if person.spells and 0 <= (time := person.spells[0][0]) < c.end:
            cost = c.world.acquisition_cost[c.day(time)] * economics.discounted(time, money.discount_rate)
            found[min(int(time / MONTH), len(found) - 1), person.segment] -= cost
    return np.asarray(found)


def still_to_come(c: Company) -> Floats:
    """Margin expected after the horizon of each customer at the end, at his own hazard, discounted (S,)."""
    money, a = c.world.scenario.economics, c.assumptions
    found = np.zeros(len(c.world.route.segments))
    if money is None:
        return found + np.nan
    for person in c.people:
        if person.status == "customer":
            margin = c.world.margin[-1, person.segment] * MONTH * economics.discounted(c.end, money.discount_rate)
            margin = margin * economics.spending(person.satisfaction[OVERALL], a.spending_slope, a.market_standard)
            found[person.segment] += margin * economics.afterlife(
                hazard(c, person), money.discount_rate, a.afterlife_months
            )
    return found
