"""What happens at each month's end: bars drift, people talk, money is counted, scores are noted.

Word of mouth crosses between customers here and only here, so that it reaches a choice at most a month late and
the length of a period changes nothing.
"""

import numpy as np

from cxmodel.arrays import MONTH, Column
from cxmodel.engine import luck
from cxmodel.engine.journeys import Journeys
from cxmodel.engine.ledger import summed
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Status
from cxmodel.engine.survey import Survey, falls_due
from cxmodel.model import adoption, advocacy, economics, expectation

_STEPS = 33
"""Moments of a month at which the spread of awareness is evaluated."""


class Months:
    """The monthly side of a run; sums are (months + 1, G) where a state is noted, (months, G) where it flows."""

    def __init__(self, journeys: Journeys, months: int) -> None:
        self.journeys, self.world, self.people = journeys, journeys.world, journeys.people
        groups = self.people.replications * self.people.segments
        self.groups = groups
        noted = (months + 1, groups)
        self.customers, self.satisfaction = np.zeros(noted), np.zeros(noted)
        self.promoters, self.detractors = np.zeros(noted), np.zeros(noted)
        self.former, self.former_promoters, self.former_detractors = (
            np.zeros(noted),
            np.zeros(noted),
            np.zeros(noted),
        )
        self.survey = Survey(self.world, self.people, months)
        self.days = np.zeros((months, groups))  # lived as a customer
        self.fees = np.zeros(groups)
        self.margin = np.zeros((months, groups))  # discounted
        self.exposure = np.zeros(groups)  # to Bass adoption so far
        self.net_talk = np.zeros(self.people.replications)
        self.rows_of = np.searchsorted(self.people.group, np.arange(groups + 1))

    def begin(self) -> None:
        """Month 0 is noted, the first to hear of us are known."""
        self._note(0)
        self._spread(0)

    def end(self, month: int, time: float) -> None:
        """The end of `month`, counted from 0, at `time`."""
        days = time - month * MONTH
        self._drift(days / MONTH, time)
        self._decide(month, time - days, time)
        self._talk(month)
        self._earn(month, time - days, time)
        if self.world.route.comes_back:
            self.journeys.returns.end(month, time - days, time)
        self.people.mind[self.people.columns.strongest] = 0.0
        self._note(month + 1)
        self.survey.hold(month + 1, time - days, time)
        self._spread(month + 1)

    def _decide(self, month: int, since: float, time: float) -> None:
        """Those who decide at months' ends do so when it is their time, which a last month that is short ends too."""
        every = self.world.route.decides
        due = (every > 0) & ((every <= MONTH) | falls_due(np.maximum(every, 1.0), since, time))
        if due.any():
            people = self.people
            rows = np.flatnonzero((people.status == Status.CUSTOMER) & due[people.segment])
            self.journeys.decide(rows, np.full(len(rows), time), people.key[rows], np.full(len(rows), month))

    def _drift(self, months: float, time: float) -> None:
        """Liquid expectations: the bar of everyone moves to the best in class (equation 7)."""
        world, people, columns = self.world, self.people, self.people.columns
        if not world.rivals:
            return
        day = min(int(time), world.days - 1)
        bar = np.nan_to_num(world.bar[day])
        liquid = world.assumptions.liquid
        self.journeys.bar = np.asarray(expectation.liquid_should(self.journeys.bar, bar, months, liquid))
        for group in range(self.groups):
            rows = slice(self.rows_of[group], self.rows_of[group + 1])
            for attribute, aim in enumerate(bar[group % people.segments].tolist()):
                should = people.mind[columns.should + attribute, rows]
                should[:] = expectation.liquid_should(should, aim, months, liquid)

    def _talk(self, month: int) -> None:
        """Stories told to people who have not chosen yet (equation 10)."""
        people, a, columns = self.people, self.world.assumptions, self.people.columns
        active = np.flatnonzero((people.status >= Status.CHOOSING) & (people.status <= Status.FORMER))
        drawn = luck.uniform(people.key[active], Purpose.TALK, month)
        satisfaction, strongest = (
            people.mind[columns.satisfaction, active],
            people.mind[columns.strongest, active],
        )
        chance = advocacy.talking(
            satisfaction, strongest, a.talk_base, a.talk_extreme, a.talk_surprise, a.market_standard
        )
        talkers = active[drawn < chance]
        score = people.mind[columns.satisfaction, talkers] + a.score_noise * luck.normal(
            people.key[talkers], Purpose.SCORE, month
        )
        good, bad = score >= a.promoter_from, score <= a.detractor_to
        replication = people.replication[talkers]
        told = np.bincount(replication, minlength=people.replications)
        net = np.bincount(replication, weights=good.astype(float) - bad, minlength=people.replications)
        self.net_talk = np.divide(net, told, out=np.zeros(len(net)), where=told > 0)
        hearer = self._hearers(talkers, replication, luck.uniform(people.key[talkers], Purpose.HEARER, month))
        self._heard(hearer[bad & (hearer >= 0)], hearer[good & (hearer >= 0)])

    def _hearers(self, talkers: Column, replication: Column, drawn: Column) -> Column:
        """Row of the prospect whom each talks to, -1 for one who will not enter within the horizon."""
        people = self.people
        open_rows = np.flatnonzero(people.status <= Status.CHOOSING)
        starts = np.searchsorted(people.replication[open_rows], np.arange(people.replications + 1))
        inside = np.diff(starts)
        place = (drawn * (inside + people.outside)[replication]).astype(np.int64)
        known = place < inside[replication]
        row = np.full(len(talkers), -1)
        row[known] = open_rows[starts[replication[known]] + place[known]]
        return row

    def _heard(self, warned: Column, recommended: Column) -> None:
        """Warnings, then recommendations, of one month move what room there is."""
        people, k = self.people, self.world.assumptions.headroom
        rows, times = np.unique(warned, return_counts=True)
        keep = ((1 - k) ** times).astype(np.float32)
        people.chance_scale[rows] *= keep
        people.chance_shift[rows] *= keep
        rows, times = np.unique(recommended, return_counts=True)
        keep = ((1 - k) ** times).astype(np.float32)
        people.chance_scale[rows] *= keep
        people.chance_shift[rows] = 1 - (1 - people.chance_shift[rows]) * keep
        people.recommendations[rows] = True

    def _earn(self, month: int, since: float, until: float) -> None:
        """Fees, and the margin of the month, discounted (equation 12)."""
        world, people = self.world, self.people
        money, noon = world.scenario.economics, min(int((since + until) / 2), world.days - 1)
        rows = np.flatnonzero((people.joined < until) & (people.left > since))
        days = np.minimum(people.left[rows], until) - np.maximum(people.joined[rows], since)
        self.days[month] = self._sum(people.group[rows], days)
        self.fees += self.days[month] * np.tile(world.prices.fee[noon], people.replications)
        if money is None:
            return
        satisfaction = people.mind[people.columns.satisfaction, rows]
        a = world.assumptions
        factor = economics.spending(satisfaction, a.spending_slope, a.market_standard)
        worth = world.margin[noon] * float(economics.discounted((since + until) / 2, money.discount_rate))
        self.margin[month] = self._sum(people.group[rows], days * factor) * np.tile(worth, people.replications)

    def _note(self, month: int) -> None:
        """Customers and former customers as they stand."""
        people, a = self.people, self.world.assumptions
        satisfaction = people.mind[people.columns.satisfaction]
        for status, totals in (
            (Status.CUSTOMER, (self.customers, self.promoters, self.detractors)),
            (Status.FORMER, (self.former, self.former_promoters, self.former_detractors)),
        ):
            rows = np.flatnonzero(people.status == status)
            group, score = people.group[rows], satisfaction[rows]
            totals[0][month] = np.bincount(group, minlength=self.groups)
            shares = (
                advocacy.promoters(score, a.promoter_from, a.score_noise),
                advocacy.detractors(score, a.detractor_to, a.score_noise),
            )
            for total, share in zip(totals[1:], shares, strict=True):
                total[month] = self._sum(group, share)
            if status == Status.CUSTOMER:
                self.satisfaction[month] = self._sum(group, score)

    def _sum(self, group: Column, values: Column) -> Column:
        return summed(group, values, self.groups)

    def _spread(self, month: int) -> None:
        """Who becomes aware in the coming month, by themselves and from others (equation 11, Bass)."""
        people, begins = self.people, month * MONTH
        if begins >= self.world.scenario.horizon:
            return
        moments = np.linspace(0.0, MONTH, _STEPS)
        segments = list(self.world.scenario.segments.values())
        for group in range(self.groups):
            bass = self.world.bass[group % people.segments]
            if bass is None:
                continue
            prospects = segments[group % people.segments].prospects
            rows = np.arange(self.rows_of[group], self.rows_of[group + 1])
            rows = rows[people.threshold[rows] < NEVER]
            aware = (people.status[rows] != Status.UNAWARE).sum() / max(prospects, 1)
            p, q = bass[:, min(int(begins), self.world.days - 1)]
            imitation = q * (1 + self.net_talk[group // people.segments])
            growth = adoption.bass_exposure(moments, aware, p, imitation) + self.exposure[group]
            unaware = rows[people.status[rows] == Status.UNAWARE]
            due = unaware[people.threshold[unaware] < growth[-1]]
            times = begins + np.interp(people.threshold[due], growth, moments)
            people.due[0, due] = people.next[due] = times
            self.exposure[group] = growth[-1]
