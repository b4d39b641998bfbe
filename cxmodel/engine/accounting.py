"""Accounting: what a replication that was played comes to, from what it wrote down and from how its people ended.

Shapes: M months, S segments, T touchpoints, A slots.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.accumulators import FELT, FLOWS, GRAIN, MONEY, MONEY_GRAIN, STATES
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome
from cxmodel.engine.population import CUSTOMER
from cxmodel.engine.replication import Replication
from cxmodel.model import economics, loyalty, strain
from cxmodel.vocabulary import MONTH, YEAR, Floats


class Spells(NamedTuple):
    """Every time that anybody was a customer, or may still become one (n): each row's last, then ended ones."""

    who: NDArray[np.intp]
    since: Floats
    until: Floats
    first: NDArray[np.bool_]  # whether it is the first of this person


def outcome(replication: Replication) -> Outcome:
    """What one replication comes to."""
    world, sums, person = replication.inputs.world, replication.sums, replication.people.person
    months, segments, horizon = len(sums.visits), len(world.route.segments), world.scenario.horizon
    flow = {name: sums.flow[name] / (MONEY_GRAIN if name in MONEY else GRAIN) for name in FLOWS}
    counts = ("customers", "former", "answers", "answers_promoters", "answers_detractors")
    state = {name: sums.state[name] / (1.0 if name in counts else GRAIN) for name in STATES}
    spells = _spells(replication)
    group = person["segment"].astype(np.intp)

    def by_segment(rows: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        """Counts, or exact sums, of spells (S,)."""
        exact = None if weights is None else np.rint(weights[rows] * GRAIN)
        found = np.bincount(group[spells.who[rows]], weights=exact, minlength=segments)
        return found / (1.0 if weights is None else GRAIN)

    def by_month(times: Floats, which: NDArray[np.bool_] | bool = True) -> Floats:
        """Counts of what happened to spells, by month and segment (M, S)."""
        rows = (times >= 0) & (times <= horizon) & which
        # what falls on a month's end, as decisions without renewals do, belongs to that month
        month = np.clip(np.ceil(times[rows] / MONTH - 1e-9).astype(int) - 1, 0, months - 1)
        place = month * segments + group[spells.who[rows]]
        return np.bincount(place, minlength=months * segments).reshape(months, segments).astype(float)

    year_ago = max(0.0, horizon - YEAR)
    then = (spells.since <= year_ago) & (spells.until > year_ago)
    still = (person["status"] == CUSTOMER)[spells.who]
    present = (spells.since < horizon) & (spells.until > year_ago)
    overlap = np.minimum(spells.until, horizon) - np.maximum(spells.since, year_ago)
    won = spells.first & (spells.since >= 0) & (spells.since < horizon)
    gone = (spells.until > year_ago) & (spells.until <= horizon)
    earned = _earned(world, flow, spells.since[won], group[spells.who[won]])
    calls, waiting, given_up, strained = _desks(replication)
    whole = {
        "visits": sums.visits,
        "felt": np.moveaxis(np.stack([sums.felt[name] for name in FELT]), 0, 1) / GRAIN,
        **{name: state[name] for name in STATES[:7]},
        "surveyed": np.stack([state[name] for name in STATES[7:]], axis=-1),
        "days": flow["days"],
        "joined": by_month(spells.since, spells.first),
        "left": by_month(spells.until),
        "returned": by_month(spells.since, ~spells.first),
        "cohort": np.stack([by_segment(then), by_segment(then & still)], axis=-1),
        "last_year": np.stack([by_segment(gone), by_segment(present, overlap / MONTH)], axis=-1),
        "referrals": by_segment(won & person["referred"][spells.who]),
        "contacts": sums.contacts.sum(2),
        "queued": sums.flow["queued"],
        "waited": flow["waited"],
        "abandoned": sums.flow["abandoned"],
        "causes": np.moveaxis(sums.causes, 0, -1),
        "calls": calls,
        "waiting": waiting,
        "given_up": given_up,
        "strain": np.float64(strained),
        "revenue": flow["paid"].sum(0) + _fees(world, flow["days"]),
        "earned": earned,
        "equity": np.cumsum(earned, axis=0)[-1] + _ahead(replication),
    }
    return Outcome(**{name: np.asarray(values)[None] for name, values in whole.items()})


def _spells(replication: Replication) -> Spells:
    person, ended = replication.people.person, replication.sums.ended
    rows = np.arange(len(person))
    who, since, until = [rows], [person["joined"]], [person["left"]]
    first = [person["spells"] == 0]
    for number in range(int(person["spells"].max(initial=0)) if len(ended) else 0):
        own = np.flatnonzero(person["spells"] > number)
        who.append(own)
        since.append(ended[own, number, 0])
        until.append(ended[own, number, 1])
        first.append(np.full(len(own), number == 0))
    return Spells(*(np.concatenate(column) for column in (who, since, until, first)))


def _desks(replication: Replication) -> tuple[Floats, Floats, Floats, float]:
    """Calls, days waited and calls given up at all desks per month (M,), and the strain of agents."""
    world, desk = replication.inputs.world, replication.sums.desk
    months, whole = len(replication.sums.visits), int(world.scenario.horizon)
    month = np.minimum((np.arange(world.days) / MONTH).astype(int), months - 1)
    spread = (month[:, None] == np.arange(months)).astype(float)
    calls, waiting, given_up = (desk[name].sum(0) @ spread for name in ("calls", "waiting", "abandoned"))
    strains = []
    for line, staffing in enumerate(world.staffing):
        open_time = staffing.agents[:whole] * staffing.open[:whole]
        days = open_time > 0
        load = 100 * desk["busy"][line, :whole][days] / GRAIN / open_time[days]
        strains.append(strain.strain(load, world.assumptions.strain_from).mean() if days.any() else 0.0)
    return calls, waiting / GRAIN, given_up, float(np.mean(strains)) if strains else np.nan


def _noons(world: World, months: int) -> Any:
    """The day in the middle of each month (M,), and its time."""
    since = np.arange(months) * MONTH
    middle = (since + np.minimum(since + MONTH, world.scenario.horizon)) / 2
    return np.minimum(middle.astype(int), world.days - 1), middle


def _fees(world: World, days: Floats) -> Floats:
    """What was paid month by month for being a customer (S,)."""
    noon, _ = _noons(world, len(days))
    return np.asarray((days * world.prices.fee[noon]).sum(0))


def _earned(world: World, flow: Mapping[str, Floats], won: Floats, group: NDArray[np.intp]) -> Floats:
    """Margin less the cost of contacts and of winning customers, per month and segment, discounted (M, S)."""
    money, (months, segments) = world.scenario.economics, flow["margin"].shape
    if money is None:
        return np.full((months, segments), np.nan)
    noon, middle = _noons(world, months)
    rate, horizon = money.discount_rate, world.scenario.horizon
    margin = flow["margin"] * world.margin[noon] * economics.discounted(middle, rate)[:, None]
    worth = economics.discounted(np.minimum((np.arange(months) + 0.5) * MONTH, horizon), rate)
    paid = world.acquisition_cost[won.astype(int)] * economics.discounted(won, rate)
    month = np.minimum((won / MONTH).astype(int), months - 1)
    place = month * segments + group
    acquisition = np.bincount(place, weights=np.rint(paid * GRAIN), minlength=months * segments) / GRAIN
    return np.asarray(margin - flow["service"] * worth[:, None] - acquisition.reshape(months, -1))


def _ahead(replication: Replication) -> Floats:
    """Margin expected after the horizon of each customer at the end, per segment, discounted (S,)."""
    inputs, world = replication.inputs, replication.inputs.world
    money, a, horizon = world.scenario.economics, world.assumptions, world.scenario.horizon
    segments = len(world.route.segments)
    if money is None:
        return np.full(segments, np.nan)
    everyone = replication.people.person
    person = everyone[(everyone["joined"] < horizon) & (everyone["left"] > horizon)]
    s, score = person["segment"].astype(np.intp), person["satisfaction"].astype(float).T
    lived = (person["experiences"] > 0).astype(float).T
    hazard = loyalty.hazard(
        loyalty.lived_roles(score[0], score[1], score[2], lived[1], lived[2], a.customer_share),
        world.standard[-1, s],
        person["frailty"] * np.where(person["referred"], a.referred_hazard, 1.0),
        inputs.start.today.leave[s],
        world.switching_cost[-1, s],
        a.satisfaction_slope,
        a.switching_weight,
    )
    margin = world.margin[-1, s] * MONTH * float(economics.discounted(horizon, money.discount_rate))
    later = margin * economics.spending(score[0], a.spending_slope, a.market_standard)
    later = later * economics.afterlife(hazard, money.discount_rate, a.afterlife_months)
    return np.bincount(s, weights=np.rint(later * GRAIN), minlength=segments) / GRAIN
