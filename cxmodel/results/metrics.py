"""The metrics, each defined once: a function of an outcome; what they are called stands in `vocabulary.METRICS`.

A metric returns one number per replication and column (R, S + 1): the segments, then all of them together; nan
where it cannot be had. A new metric is one function here and one line there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cxmodel import vocabulary
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import LEVEL, PERCEIVED, STANDARD, WEIGHT, Outcome
from cxmodel.model import economics
from cxmodel.vocabulary import AS_IS, MONTH, YEAR, Floats


@dataclass(frozen=True, slots=True)
class Run:
    """What a metric is made from: a world, what its replications came to, and today's figures as the run begins.

    `baseline` is the same replications as they are today, where there is a plan.
    """

    world: World
    outcome: Outcome
    modelled: Mapping[str, float | None]
    plan: str = AS_IS
    baseline: "Run | None" = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that describes a run."""

    name: str
    label: str
    unit: str
    better: Literal["up", "down"] | None
    describe: str
    of: Callable[[Run], Floats]


METRICS: Final[dict[str, Metric]] = {}
OF_A_PLAN: Final = ("net_value", "return_on_quality")
"""Metrics that today has none of."""


def metric(function: Callable[[Run], Floats]) -> Callable[[Run], Floats]:
    """Register the decorated function as the metric of its name, which `vocabulary.METRICS` knows."""
    name = function.__name__
    facts = vocabulary.METRICS[name]
    what = (function.__doc__ or "").split("\n")[0]
    METRICS[name] = Metric(name, facts.label, facts.unit, facts.better, what, function)
    return function


def total(values: Floats) -> Floats:
    """Per segment (..., S) and, as one more column, their sum."""
    return np.concatenate([values, values.sum(-1, keepdims=True)], axis=-1)


def share(part: Floats, whole: Floats) -> Floats:
    """Part of the whole, nan where there is no whole."""
    shares: Floats = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def window(world: World) -> slice:
    """Months of the last twelve, or of the horizon where it is shorter."""
    months = int(np.ceil(world.scenario.horizon / MONTH - 1e-9))
    return slice(max(0, months - 12), months)


def _everywhere(values: Floats, segments: int) -> Floats:
    """One number per replication as columns: unknown per segment, known for all."""
    return np.concatenate([np.full((len(values), segments), np.nan), values[:, None]], axis=1)


@metric
def expectation_gap(run: Run) -> Floats:
    """How far experience falls short of expectation, as it is remembered, over the last 12 months."""
    felt = run.outcome.felt[:, window(run.world)].sum((1, 4, 5))
    return share(total(felt[:, STANDARD] - felt[:, PERCEIVED]), total(felt[:, WEIGHT]))


@metric
def satisfaction(run: Run) -> Floats:
    """Mean satisfaction of current customers at the end."""
    return share(total(run.outcome.satisfaction[:, -1]), total(run.outcome.customers[:, -1]))


@metric
def retention(run: Run) -> Floats:
    """Of the customers 12 months before the end (at the start of a shorter run), the share still there."""
    return share(total(run.outcome.cohort[..., 1]), total(run.outcome.cohort[..., 0]))


@metric
def churn_monthly(run: Run) -> Floats:
    """Leavers per customer-month over the last 12 months."""
    return share(total(run.outcome.last_year[..., 0]), total(run.outcome.last_year[..., 1]))


def _net(promoters: Floats, detractors: Floats, people: Floats) -> Floats:
    return 100 * share(total(promoters - detractors), total(people))


@metric
def nps(run: Run) -> Floats:
    """Net promoter score of current customers at the end, the true one."""
    o = run.outcome
    return _net(o.promoters[:, -1], o.detractors[:, -1], o.customers[:, -1])


@metric
def nps_everyone(run: Run) -> Floats:
    """Net promoter score of everyone who ever was a customer, those lost included."""
    o = run.outcome
    return _net(
        o.promoters[:, -1] + o.former_promoters[:, -1],
        o.detractors[:, -1] + o.former_detractors[:, -1],
        o.customers[:, -1] + o.former[:, -1],
    )


@metric
def nps_lost(run: Run) -> Floats:
    """Net promoter score of former customers."""
    o = run.outcome
    return _net(o.former_promoters[:, -1], o.former_detractors[:, -1], o.former[:, -1])


@metric
def nps_measured(run: Run) -> Floats:
    """What the company's own quarterly survey of current customers shows at its last turn."""
    answers, promoters, detractors = np.moveaxis(last_survey(run), -1, 0)
    return 100 * share(promoters - detractors, answers)


def last_survey(run: Run) -> Floats:
    """Answers, promoters and detractors of the last survey (R, S + 1, 3)."""
    surveyed = run.outcome.surveyed
    held = np.flatnonzero(surveyed.sum((0, 2, 3)))
    return np.moveaxis(total(np.moveaxis(surveyed[:, held[-1] if len(held) else 0], 1, -1)), 1, -1)


@metric
def promoters(run: Run) -> Floats:
    """Share of current customers at the end who would give a promoter's score."""
    return share(total(run.outcome.promoters[:, -1]), total(run.outcome.customers[:, -1]))


@metric
def detractors(run: Run) -> Floats:
    """Share of current customers at the end who would give a detractor's score."""
    return share(total(run.outcome.detractors[:, -1]), total(run.outcome.customers[:, -1]))


@metric
def acquired(run: Run) -> Floats:
    """People who became customers over the horizon."""
    return total(run.outcome.joined.sum(1))


@metric
def lost(run: Run) -> Floats:
    """People who left over the horizon."""
    return total(run.outcome.left.sum(1))


@metric
def referrals(run: Run) -> Floats:
    """People who bought after a recommendation."""
    return total(run.outcome.referrals)


@metric
def contacts_per_customer(run: Run) -> Floats:
    """Contacts that customers made, per customer-year."""
    return share(total(run.outcome.contacts.sum(1)), total(run.outcome.days.sum(1)) / YEAR)


@metric
def failure_demand(run: Run) -> Floats:
    """Share of all contacts that a failure or a shortfall caused; other callers are the rest."""
    own = run.outcome.contacts.sum((1, 2))
    outside = (run.outcome.calls - run.outcome.queued.sum(2)).sum(1)
    return _everywhere(share(own, own + outside), run.outcome.contacts.shape[2])


@metric
def wait_minutes(run: Run) -> Floats:
    """Mean wait at the desks, answered and given up; for all: other callers included."""
    o = run.outcome
    own = share(o.waited.sum(1), o.queued.sum(1))
    everyone = share(o.waiting.sum(1), o.calls.sum(1))
    return 1440 * np.concatenate([own, everyone[:, None]], axis=1)


@metric
def abandonment(run: Run) -> Floats:
    """Share of calls given up; for all: other callers included."""
    o = run.outcome
    own = share(o.abandoned.sum(1), o.queued.sum(1))
    everyone = share(o.given_up.sum(1), o.calls.sum(1))
    return np.concatenate([own, everyone[:, None]], axis=1)


@metric
def value_for_money(run: Run) -> Floats:
    """Levels lived over the last 12 months, weighted by the segment's needs."""
    world = run.world
    felt = run.outcome.felt[:, window(world)].sum(1)
    level, weight = (_by_attribute(felt[:, kind], run) for kind in (LEVEL, WEIGHT))
    lived = share(level, weight)
    needs = np.where(np.isnan(lived), 0.0, world.need_weight)
    value = share((needs * np.nan_to_num(lived)).sum(-1), needs.sum(-1))
    customers = run.outcome.customers[:, -1] * ~np.isnan(value)
    everyone = share((np.nan_to_num(value) * customers).sum(1), customers.sum(1))
    return np.concatenate([value, everyone[:, None]], axis=1)


def _by_attribute(values: Floats, run: Run) -> Floats:
    """Sums per touchpoint and slot (R, S, T, A) as sums per attribute (R, S, K)."""
    route = run.world.route
    found = np.zeros((*values.shape[:2], len(route.attributes) + 1))
    for t in range(len(route.touchpoints)):
        for a in range(route.slots):
            found[..., route.attribute[a, t]] += values[:, :, t, a]
    return found[..., :-1]


@metric
def revenue(run: Run) -> Floats:
    """Prices paid over the horizon, undiscounted."""
    priced = (run.world.prices.once > 0).any(0) | (run.world.prices.fee > 0).any(0)
    paid = np.where(priced, run.outcome.revenue, np.nan)
    everyone = np.nansum(paid, axis=1) if priced.any() else np.full(len(paid), np.nan)
    return np.concatenate([paid, everyone[:, None]], axis=1)


@metric
def customer_equity(run: Run) -> Floats:
    """Customer equity: discounted margin less contacts and acquisition, with what is still to come."""
    return total(run.outcome.equity)


@metric
def clv(run: Run) -> Floats:
    """Customer equity per customer of today or won."""
    start, won = run.outcome.customers[:, 0], run.outcome.joined.sum(1)
    return share(total(run.outcome.equity), total(start + won))


@metric
def cost(run: Run) -> Floats:
    """Cost of initiatives, insight, levers and touchpoints beyond today's, over the horizon, undiscounted."""
    replications, segments = run.outcome.referrals.shape
    known = run.world.scenario.economics is not None
    return _everywhere(np.full(replications, run.world.cost.sum() if known else np.nan), segments)


@metric
def net_value(run: Run) -> Floats:
    """Gain in customer equity less cost, against today; none of a plan whose cost is not given."""
    return _everywhere(_gain(run) - _extra_cost(run), run.outcome.referrals.shape[1])


def _gain(run: Run) -> Floats:
    """Customer equity more than today's, by replication (R,); nan where there is no plan or no money."""
    if run.baseline is None or run.world.scenario.economics is None:
        return np.full(len(run.outcome.referrals), np.nan)
    return np.asarray((run.outcome.equity - run.baseline.outcome.equity).sum(1))


def _extra_cost(run: Run) -> float:
    """What a plan costs more than today; nan where nothing is spent and no initiative says that it is free."""
    scenario = run.world.scenario
    extra = 0.0 if run.baseline is None else float(run.world.cost.sum() - run.baseline.world.cost.sum())
    given = any(scenario.initiatives[name].cost is not None for name in scenario.initiatives_of(run.plan))
    return extra if extra or given else float("nan")


@metric
def targets_met(run: Run) -> Floats:
    """Share of the scenario's targets that are met."""
    replications, segments = run.outcome.referrals.shape
    met = []
    for name, aim in run.world.scenario.targets.items():
        goal = METRICS[name]
        if name == "targets_met":
            continue
        reached = goal.of(run)[:, -1]
        met.append(np.where(np.isnan(reached), np.nan, reached <= aim if goal.better == "down" else reached >= aim))
    known = np.mean(met, axis=0) if met else np.full(replications, np.nan)
    return _everywhere(known, segments)


@metric
def agent_strain(run: Run) -> Floats:
    """Mean over days of how far the desks are busier than 85 %."""
    return _everywhere(run.outcome.strain, run.outcome.referrals.shape[1])


@metric
def return_on_quality(run: Run) -> Floats:
    """Net value over its cost, against today; none where nothing is spent."""
    spent = _extra_cost(run)
    gain = _gain(run)
    known = economics.return_on_quality(gain, spent) if spent > 0 else np.full_like(gain, np.nan)
    return _everywhere(known, run.outcome.referrals.shape[1])


@metric
def pays_off(run: Run) -> Floats:
    """Share of simulation runs with a net value above zero: simulation error only, assumptions as the scenario says."""
    net = _gain(run) - _extra_cost(run)
    return _everywhere(np.where(np.isnan(net), np.nan, net > 0), run.outcome.referrals.shape[1])


@metric
def payback_month(run: Run) -> Floats:
    """Month by whose end what a plan has earned covers what it has cost; none where it does not within the horizon."""
    replications, segments = run.outcome.referrals.shape
    found = np.full(replications, np.nan)
    if run.baseline is not None and run.world.scenario.economics is not None and _extra_cost(run) > 0:
        gain = np.cumsum((run.outcome.earned - run.baseline.outcome.earned).sum(2), axis=1)  # (R, M)
        spent = np.cumsum(run.world.cost - run.baseline.world.cost)
        ends = np.minimum(np.ceil((np.arange(gain.shape[1]) + 1) * MONTH).astype(int), len(spent))
        covered = (gain >= spent[ends - 1]) & (spent[ends - 1] > 0)
        # paid back for good: covered at this month's end and at all later ones
        lasting = np.flip(np.logical_and.accumulate(np.flip(covered, axis=1), axis=1), axis=1)
        found = np.where(lasting.any(1), lasting.argmax(1) + 1.0, np.nan)
    return _everywhere(found, segments)


@metric
def won_back(run: Run) -> Floats:
    """Former customers who came back over the horizon."""
    return total(run.outcome.returned.sum(1))


SEEN: Final[dict[str, Callable[[Run], Floats]]] = {
    "retention": lambda run: total(run.outcome.cohort[..., 0]),
    "churn_monthly": lambda run: total(run.outcome.last_year[..., 1]),
    "nps": lambda run: total(run.outcome.customers[:, -1]),
    "nps_everyone": lambda run: total(run.outcome.customers[:, -1] + run.outcome.former[:, -1]),
    "nps_lost": lambda run: total(run.outcome.former[:, -1]),
    "promoters": lambda run: total(run.outcome.customers[:, -1]),
    "detractors": lambda run: total(run.outcome.customers[:, -1]),
    "acquired": lambda run: _runs(run, _has_prospects(run)),
    "lost": lambda run: _runs(run),
    "referrals": lambda run: _runs(run, _has_prospects(run)),
    "won_back": lambda run: _runs(run),
    "contacts_per_customer": lambda run: total(run.outcome.days.sum(1)) / YEAR,
    "failure_demand": lambda run: _calls(run),
    "abandonment": lambda run: _calls(run),
    "agent_strain": lambda run: _runs(run) * run.world.days * bool(run.world.staffing),
    "targets_met": lambda run: _runs(run),
    "pays_off": lambda run: _runs(run),
}
"""Metrics that are counted: how many people, calls, days or runs stand behind each replication's number (R, S + 1).

What is counted and comes out the same in each of a few runs is not certain. All other metrics are measured: they come
out the same to the last bit only where nothing random enters them.
"""


def _runs(run: Run, counts: float = 1.0) -> Floats:
    """Each replication counts for one."""
    replications, segments = run.outcome.referrals.shape
    return np.full((replications, segments + 1), float(counts))


def _has_prospects(run: Run) -> bool:
    return any(segment.prospects for segment in run.world.scenario.segments.values())


def _calls(run: Run) -> Floats:
    """Contacts of customers; for all: other callers too."""
    own = run.outcome.contacts.sum(1)
    outside = (run.outcome.calls - run.outcome.queued.sum(2)).sum(1)
    return np.concatenate([own, (own.sum(1) + outside)[:, None]], axis=1)


assert METRICS.keys() == vocabulary.METRICS.keys(), "a metric has a name in the vocabulary and a function here"
