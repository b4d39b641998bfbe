"""What is kept of a run: plain arrays by replication, small enough to send between processes and to join.

Shapes: M months, R replications, S segments, T touchpoints, A slots. States are noted at M + 1 moments.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import MONTH, YEAR, Floats
from cxmodel.engine.ledger import GRAIN, exact, summed
from cxmodel.engine.run import History
from cxmodel.model import economics


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
    equity: Floats  # (R, S) discounted


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
        group = people.group[rows]
        if weights is None:
            return np.bincount(group, minlength=r * s).reshape(r, s).astype(float)
        return summed(group, weights, r * s).reshape(r, s)

    def by_month(times: Floats) -> Floats:
        rows = (times >= 0) & (times <= horizon)
        # what falls on a month's end, as decisions without renewals do, belongs to that month
        month = np.clip(np.ceil(times[rows] / MONTH - 1e-9).astype(int) - 1, 0, count - 1)
        place = month * r * s + people.group[rows]
        return noted(np.bincount(place, minlength=count * r * s).reshape(count, -1).astype(float))

    year_ago = max(0.0, horizon - YEAR)
    then = (people.joined <= year_ago) & (people.left > year_ago)
    present = (people.joined < horizon) & (people.left > year_ago)
    overlap = np.minimum(people.left[present], horizon) - np.maximum(people.joined[present], year_ago)
    won = (people.joined >= 0) & (people.joined < horizon)
    lost = (people.left > year_ago) & (people.left <= horizon)
    calls, waiting, given_up, strain = _desks(history, count)
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
        surveyed=np.moveaxis(by_replication(months.surveyed, 1, 2), 1, -1),
        days=noted(months.days),
        joined=by_month(people.joined),
        left=by_month(people.left),
        cohort=np.stack([per_group(then), per_group(then & (people.left > horizon))], axis=-1),
        last_year=np.stack([per_group(lost), per_group(present, overlap / MONTH)], axis=-1),
        referrals=per_group(won & people.referred),
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
        equity=_equity(history).reshape(r, s),
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
        strains.append(np.maximum(0.0, load - 85).mean(1))
    return totals[0], totals[1], totals[2], np.mean(strains, axis=0) if strains else np.full(r, np.nan)


def _equity(history: History) -> Floats:
    """Customer equity per group, discounted: margin less contacts and acquisition, and what is still to come."""
    world, people, months = history.world, history.people, history.months
    money = world.scenario.economics
    if money is None:
        return np.full(months.groups, np.nan)
    horizon, rate = world.scenario.horizon, money.discount_rate
    middles = np.minimum((np.arange(history.ledger.months) + 0.5) * MONTH, horizon)
    noons = np.minimum(middles.astype(int), world.days - 1)
    worth = economics.discounted(middles, rate)
    contact = (history.ledger.contacts * (world.contact_cost[noons] * worth)[:, None]).sum(0)
    won = np.flatnonzero((people.joined >= 0) & (people.joined < horizon))
    day = people.joined[won].astype(int)
    paid = world.acquisition_cost[day] * economics.discounted(people.joined[won], rate)
    acquisition = summed(people.group[won], paid, months.groups)
    rows = history.staying
    satisfaction = people.mind[people.columns.satisfaction, rows].astype(float)
    margin = world.margin[-1] * MONTH * float(economics.discounted(horizon, rate))
    later = margin * economics.spending(satisfaction, world.assumptions.spending_slope)
    later = later * economics.afterlife(history.hazard, rate, world.assumptions.afterlife_months)
    ahead = summed(people.group[rows], later, months.groups)
    equity: Floats = months.margin - contact - acquisition + ahead
    return equity
