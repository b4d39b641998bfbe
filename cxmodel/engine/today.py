"""Customers of today have lived today's journey: quiet rows by tenure, and the start from measured numbers.

One row per segment is played through the journey as it stands, in expectation: noise and failures are averaged
over a fixed set of nodes. The mean leniency and the leaving rate are then solved so that month 0 shows what
the client measured. No chance in here: the same scenario gives the same start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, roots_genlaguerre, roots_hermitenorm

from cxmodel.arrays import MONTH, YEAR, Floats
from cxmodel.engine.quiet import LONGEST, Calls, QuietRow
from cxmodel.engine.world import World
from cxmodel.model import advocacy, loyalty

CELLS = 64
"""Equal parts of newcomers' leniency within which tenure has one law."""


@dataclass(frozen=True)
class Today:
    """What customers of today bring along; rows are (S, months 0..120, width of a mind)."""

    leniency: float  # mean of u [points]
    leave: Floats  # (S,) h0 [share per month]
    calling: float  # factor on the share who call
    contacts: Floats  # (T,) contacts a day expected at each touchpoint, of customers of today
    rows: Floats
    kinder: (
        Floats  # (S, cells + 1) share of customers of today up to each of so many equal parts of newcomers' leniency
    )
    exposure: Floats  # (S, cells, months + 1) cumulative hazard of leaving at frailty 1
    law: Floats  # (S, cells, months + 1) distribution function of tenure
    lived: int  # attributes that today's journey has shown them, as bits
    modelled: dict[str, float] = field(default_factory=dict)

    def drawn(
        self, segment: NDArray[np.int64], leniency: Floats, tenure: Floats
    ) -> tuple[Floats, Floats, Floats, NDArray[np.float32]]:
        """Leniency [sd from the mean], tenure [days], exposure and mind of customers of these segments.

        At these quantiles of leniency, and of tenure among customers as lenient: who is lenient stays longer.
        """
        quantile, months, exposure = (np.empty(len(segment)) for _ in range(3))
        minds = np.empty((len(segment), self.rows.shape[2]), dtype=np.float32)
        ends = np.arange(LONGEST + 1.0)
        for s in range(len(self.rows)):
            rows = (segment == s).nonzero()[0]
            quantile[rows] = np.interp(leniency[rows], self.kinder[s], np.arange(CELLS + 1.0)) / CELLS
            cell = np.minimum((quantile[rows] * CELLS).astype(int), CELLS - 1)
            for c in np.unique(cell).tolist():
                own = rows[cell == c]
                months[own] = np.interp(tenure[own], self.law[s, c], ends)
                exposure[own] = np.interp(months[own], ends, self.exposure[s, c])
            low = np.minimum(months[rows].astype(int), LONGEST - 1)
            share = (months[rows] - low)[:, None]
            minds[rows] = self.rows[s, low] * (1 - share) + self.rows[s, low + 1] * share
        return ndtri(quantile), months * MONTH, exposure, minds


def start(world: World) -> Today:
    """The start of a scenario: `world` is that of today, without plan."""
    route = world.route
    quiet = [QuietRow(world, s) for s in range(len(route.segments))]
    rows = np.stack([row.play() for row in quiet])
    lived = 0
    for t, name in enumerate(route.touchpoints):
        if world.scenario.journey[name].stage not in ("support", "leave", "return"):
            lived |= int(np.bitwise_or.reduce(route.touches[t :: len(route.touchpoints)]))
    return _Calibration(world, rows, [row.short for row in quiet]).solve(lived)


class _Calibration:
    """Solves the mean leniency and the leaving rate on a grid of tenure, leniency and frailty."""

    def __init__(self, world: World, rows: Floats, short: list[list[Floats]]) -> None:
        self.world, self.rows, self.a = world, rows, world.assumptions
        self.short = np.array(short)  # (S, months, streams)
        self.satisfied = 2 * len(world.route.attributes) + 2
        nodes, weights = roots_hermitenorm(15)
        # S that loyalty answers to, at the ends of months (S, months + 1) and in their middle
        self.loyal = self._loyalty_score(rows)
        self.loyal_between = self._loyalty_score((rows[:, 1:] + rows[:, :-1]) / 2)
        self.u, self.u_share = self.a.leniency_sd * nodes, weights / weights.sum()
        shape = 1 / self.a.frailty
        self.z, weights = roots_genlaguerre(12, shape - 1)
        self.z_share = weights / weights.sum()
        segments = list(world.scenario.segments.values())
        people = np.array([segment.customers for segment in segments], dtype=float)
        self.share = people / people.sum() if people.sum() else np.full(len(people), 1 / len(people))
        self.costs = np.array([segment.switching_cost for segment in segments])
        renewals = [stream.every for stream in world.route.recurring if stream.renews]
        renewing = 1 / sum(MONTH / every for every in renewals) if renewals else 1.0
        decides = world.route.decides / MONTH
        self.between = np.where(decides > 0, np.maximum(decides, 1.0), renewing)[:, None, None, None]

    def solve(self, lived: int) -> Today:
        """The start that shows the measured score and leaving as nearly as can be."""
        measured = self.world.scenario.today
        segments = self.world.scenario.segments
        own = np.array([segment.leave is not None for segment in segments.values()])
        others = ~own & (measured.leave is not None)
        leniency, leave = 0.0, np.full(len(segments), self.a.leave)
        for _ in range(8):
            before = leniency, leave.copy()
            if measured.leave is not None and others.any():
                leave = self._solved(leniency, leave, others, measured.leave * MONTH)
            for s, segment in enumerate(segments.values()):
                if segment.leave is not None:
                    leave = self._solved(leniency, leave, np.arange(len(segments)) == s, segment.leave * MONTH)
            if measured.nps is not None:
                leniency = _crossing(partial(self._nps, leave=leave), measured.nps, -80.0, 80.0)
            if np.allclose(before[0], leniency, rtol=0, atol=1e-7) and np.allclose(before[1], leave, rtol=0, atol=1e-7):
                break
        cells = self.a.leniency_sd * ndtri((np.arange(CELLS) + 0.5) / CELLS)
        exposure, share = self._tenure(leniency, leave, cells, np.full(CELLS, 1 / CELLS))
        kinder = _from_nothing(np.cumsum(share.sum(2), axis=1))
        law = _from_nothing(np.cumsum(share / share.sum(2, keepdims=True), axis=2))
        calls = Calls(self.world, self.short, share.sum(1))
        factor = 1.0
        if measured.contacts is not None:
            factor = _crossing(calls.a_year, measured.contacts * YEAR, 0.0, 1000.0)
        modelled = {"nps": self._nps(leniency, leave), "contacts": calls.a_year(factor)}
        modelled["leave"] = self._leaving(leniency, leave, ~own if (~own).any() else own)
        for s, name in enumerate(segments):
            modelled[f"leave {name}"] = self._leaving(leniency, leave, np.arange(len(segments)) == s)
        return Today(leniency, leave, factor, calls.a_day(factor), self.rows, kinder, exposure, law, lived, modelled)

    def _solved(self, leniency: float, leave: Floats, whose: NDArray[np.bool_], target: float) -> Floats:
        """h0 per segment, with that of these segments such that so many of their customers leave in a month."""

        def at(odds: float) -> Floats:
            return np.where(whose, float(loyalty.logistic(odds)), leave)

        return at(_crossing(lambda odds: self._leaving(leniency, at(odds), whose), target, -14.0, 4.0))

    def _loyalty_score(self, rows: Floats) -> Floats:
        """S that loyalty answers to, before leniency (S, months)."""
        rows = np.moveaxis(rows, -1, 0)
        scores = rows[self.satisfied : self.satisfied + 3]
        lived = rows[self.satisfied + 4 : self.satisfied + 6] > 0
        return loyalty.lived_roles(scores, lived, self.a.customer_share)

    def _hazard(self, score: Floats, frailty: Floats | float, leave: Floats) -> Floats:
        leave = leave.reshape(-1, *[1] * (np.ndim(score) - 1))
        standard = self.world.standard[0].reshape(-1, *[1] * (np.ndim(score) - 1))
        costs = self.costs.reshape(-1, *[1] * (np.ndim(score) - 1))
        return np.asarray(
            loyalty.hazard(
                np.clip(score, 0, 100),
                standard,
                frailty,
                leave,
                costs,
                self.a.satisfaction_slope,
                self.a.switching_weight,
            )
        )

    def _tenure(
        self, leniency: float, leave: Floats, u: Floats | None = None, u_share: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Cumulative hazard (S, U, months + 1) of those as lenient, and shares of today's customers (S, U, months)."""
        u, u_share = (self.u, self.u_share) if u is None or u_share is None else (u, u_share)
        monthly = self._hazard(self.loyal[:, None] + leniency + u[:, None], 1.0, leave)
        exposure = _from_nothing(np.cumsum(_between(monthly), axis=2))
        share = _between(loyalty.survival(exposure, self.a.frailty)) * u_share[:, None]
        return exposure, share / share.sum((1, 2), keepdims=True)

    def _nps(self, leniency: float, leave: Floats) -> float:
        _, share = self._tenure(leniency, leave)
        satisfaction = _between(self.rows[..., self.satisfied])  # (S, months)
        score = np.clip(satisfaction[:, None] + leniency + self.u[:, None], 0, 100)
        pro = advocacy.promoters(score, self.a.promoter_from, self.a.score_noise)
        con = advocacy.detractors(score, self.a.detractor_to, self.a.score_noise)
        return float((self.share[:, None, None] * share * advocacy.nps(pro, con)).sum())

    def _leaving(self, leniency: float, leave: Floats, whose: NDArray[np.bool_]) -> float:
        """Leavers per customer-month at month 0, of these segments' customers."""
        exposure, share = self._tenure(leniency, leave)
        score = self.loyal_between[:, None, :, None] + leniency + self.u[:, None, None]
        frailty = self.z / loyalty.frailty_rate(_between(exposure), self.a.frailty)[..., None]
        gone = loyalty.leaving(self._hazard(score, frailty, leave), self.between) / self.between
        gone = (gone * self.z_share).sum(-1)
        people = np.where(whose, self.share, 0.0)
        people = people / people.sum() if people.sum() else whose / whose.sum()
        return float((people[:, None, None] * share * gone).sum())


def _between(values: Floats) -> Floats:
    """Values at the middle of each month, from those at its ends (last axis)."""
    return (values[..., 1:] + values[..., :-1]) / 2


def _from_nothing(sums: Floats) -> Floats:
    """Running sums with the nothing that they begin from (last axis)."""
    return np.concatenate([np.zeros((*sums.shape[:-1], 1)), sums], axis=-1)


def _crossing(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function meets the target, or the nearer end: bisection, since SciPy's takes 0.2 s to import."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2
