"""What is kept of a run: plain arrays by replication, small enough to send between processes and to join.

Shapes: M months, R replications, S segments, T touchpoints, A slots. States are noted at M + 1 moments.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import MONTH, YEAR, Floats
from cxmodel.engine.ledger import GRAIN, exact, summed
from cxmodel.engine.population import Spell, Status
from cxmodel.engine.run import History
from cxmodel.model import economics, strain


@dataclass(frozen=True)
class Outcome:
    """Sums and counts of replications; the replication is the first axis of every array."""

    visits: Floats  # (R, M, S, T)
    felt: Floats  # (R, M, 4, S, T, A) sums of alpha x weight, and of it times q, P and R
    customers: Floats  # (R, M+1, S), likewise the sums of S and of promoter and detractor shares
    satisfaction: Floats
    promoters: Floats
    detractors: Floats
    former: Floats  # (R, M+1, S)
    former_promoters: Floats
    former_detractors: Floats
    surveyed: Floats  # (R, M+1, S, 3) answers, promoters, detractors of the company's own survey
    days: Floats  # (R, M, S) lived as customers
    joined: Floats  # (R, M, S) people
    left: Floats  # (R, M, S)
    returned: Floats  # (R, M, S) came back
    cohort: Floats  # (R, S, 2) customers 12 months before the end, those still there
    last_year: Floats  # (R, S, 2) leavers and customer-months of the last 12 months
    referrals: Floats  # (R, S)
    contacts: Floats  # (R, M, S)
    queued: Floats  # (R, M, S) contacts through a desk, days waited, given up
    waited: Floats
    abandoned: Floats
    causes: Floats  # (R, S, T, 2) contacts by the touchpoint that began them: shortfall, failure
    calls: Floats  # (R, M) calls at all desks, outside callers included; days waited, given up
    waiting: Floats
    given_up: Floats
    strain: Floats  # (R,) nan without desks
    revenue: Floats  # (R, S)
    earned: Floats  # (R, M, S) margin less contacts and acquisition, discounted
    equity: Floats  # (R, S) discounted, what is still to come included

    @property
    def replications(self) -> int:
        """How many replications it holds."""
        return len(self.visits)

    def __getitem__(self, replications: slice) -> Outcome:
        """The same of some of its replications."""
        return Outcome(*(getattr(self, f.name)[replications] for f in fields(Outcome)))


def joined(parts: list[Outcome]) -> Outcome:
    """Outcomes of consecutive replications as one."""
    return Outcome(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Outcome)))


def outcome(history: History) -> Outcome:
    """The sums of a history."""
    world, people, ledger, months = history.world, history.people, history.ledger, history.months
    r, s = people.replications, people.segments
    horizon, count = world.scenario.horizon, ledger.months

    def by_replication(values: Floats, *before: int) -> Floats:
        """(..., G, ...) with the group on axis len(before) becomes (R, ..., S, ...)."""
        axis = len(before)
        split = values.reshape(*values.shape[:axis], r, s, *values.shape[axis + 1 :])
        return np.moveaxis(split, axis, 0)

    def noted(values: Floats) -> Floats:
        return by_replication(values, 1)

    def per_group(rows: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        if weights is None:
            return np.bincount(group[rows], minlength=r * s).reshape(r, s).astype(float)
        return summed(group[rows], weights, r * s).reshape(r, s)

    spells = people.spells()
    group = people.group[spells.who]

    def by_month(times: Floats, which: NDArray[np.bool_] | bool = True) -> Floats:
        rows = (times >= 0) & (times <= horizon) & which
        # what falls on a month's end, as decisions without renewals do, belongs to that month
        month = np.clip(np.ceil(times[rows] / MONTH - 1e-9).astype(int) - 1, 0, count - 1)
        place = month * r * s + group[rows]
        return noted(np.bincount(place, minlength=count * r * s).reshape(count, -1).astype(float))

    year_ago = max(0.0, horizon - YEAR)
    then = (spells.joined <= year_ago) & (spells.left > year_ago)
    still = (people.status == Status.CUSTOMER)[spells.who]
    present = (spells.joined < horizon) & (spells.left > year_ago)
    overlap = np.minimum(spells.left[present], horizon) - np.maximum(spells.joined[present], year_ago)
    first = _first(spells)
    won = first & (spells.joined >= 0) & (spells.joined < horizon)
    lost = (spells.left > year_ago) & (spells.left <= horizon)
    calls, waiting, given_up, strain = _desks(history, count)
    earned = _earned(history, spells.who[won], spells.joined[won])
    return Outcome(
        visits=noted(ledger.visits),
        felt=by_replication(ledger.felt, 1, 2),
        customers=noted(months.customers),
        satisfaction=noted(months.satisfaction),
        promoters=noted(months.promoters),
        detractors=noted(months.detractors),
        former=noted(months.former),
        former_promoters=noted(months.former_promoters),
        former_detractors=noted(months.former_detractors),
        surveyed=np.moveaxis(by_replication(months.survey.counted, 1, 2), 1, -1),
        days=noted(months.days),
        joined=by_month(spells.joined, first),
        left=by_month(spells.left),
        returned=by_month(spells.joined, ~first),
        cohort=np.stack([per_group(then), per_group(then & still)], axis=-1),
        last_year=np.stack([per_group(lost), per_group(present, overlap / MONTH)], axis=-1),
        referrals=per_group(won & people.referred[spells.who]),
        contacts=noted(ledger.contacts),
        queued=noted(ledger.queued),
        waited=noted(ledger.waited),
        abandoned=noted(ledger.abandoned),
        causes=np.moveaxis(by_replication(ledger.causes, 1), 1, -1),
        calls=calls,
        waiting=waiting,
        given_up=given_up,
        strain=strain,
        revenue=(ledger.paid + months.fees).reshape(r, s),
        earned=noted(earned),
        # added month by month, in the same order for any pooling
        equity=(np.cumsum(earned, axis=0)[-1] + _ahead(history)).reshape(r, s),
    )


def _desks(history: History, months: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Calls, days waited and calls given up at all desks per month (R, M), and the strain of agents (R,)."""
    r, days = len(history.replications), history.world.days
    whole = int(history.world.scenario.horizon)
    month = np.minimum((np.arange(days) / MONTH).astype(int), months - 1)
    spread = (month[:, None] == np.arange(months)).astype(float)
    totals = [np.zeros((r, months)) for _ in range(3)]
    strains = []
    for line in history.lines:
        for total, values in zip(totals, (line.calls, line.waiting, line.abandoned), strict=True):
            total += (exact(values) @ spread) / GRAIN
        staffing = line.staffing
        open_time = staffing.agents[:whole] * (staffing.closes - staffing.opens)[:whole]
        load = 100 * line.busy[:, :whole] / open_time
        strains.append(strain.strain(load, history.world.assumptions.strain_from).mean(1))
    return totals[0], totals[1], totals[2], np.mean(strains, axis=0) if strains else np.full(r, np.nan)


def _first(spells: Spell) -> NDArray[np.bool_]:
    """Whether each is the first time that this person is a customer."""
    first = np.zeros(len(spells.who), dtype=bool)
    first[np.unique(spells.who, return_index=True)[1]] = True
    return first


def _earned(history: History, won: NDArray[np.intp], joined: Floats) -> Floats:
    """Margin less the cost of contacts and of winning customers, per month and group, discounted (M, G)."""
    world, people, months = history.world, history.people, history.months
    money = world.scenario.economics
    if money is None:
        return np.full(months.margin.shape, np.nan)
    horizon, rate = world.scenario.horizon, money.discount_rate
    count = history.ledger.months
    worth = economics.discounted(np.minimum((np.arange(count) + 0.5) * MONTH, horizon), rate)
    paid = world.acquisition_cost[joined.astype(int)] * economics.discounted(joined, rate)
    month = np.minimum((joined / MONTH).astype(int), count - 1)
    acquisition = summed(month * months.groups + people.group[won], paid, count * months.groups)
    return months.margin - history.ledger.service * worth[:, None] - acquisition.reshape(count, -1)


def _ahead(history: History) -> Floats:
    """Margin expected after the horizon of each customer at the end, per group, discounted (G,)."""
    world, people, months = history.world, history.people, history.months
    money, a = world.scenario.economics, world.assumptions
    if money is None:
        return np.full(months.groups, np.nan)
    rows, rate = history.staying, money.discount_rate
    satisfaction = people.mind[people.columns.satisfaction, rows].astype(float)
    margin = world.margin[-1, people.segment[rows]] * MONTH
    margin = margin * float(economics.discounted(world.scenario.horizon, rate))
    later = margin * economics.spending(satisfaction, a.spending_slope, a.market_standard)
    later = later * economics.afterlife(history.hazard, rate, a.afterlife_months)
    return summed(people.group[rows], later, months.groups)
