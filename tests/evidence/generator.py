"""Data drawn from known numbers of the model's own equations, for tests of fits: surveys, cohorts, calls, trackers."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from cxmodel.evidence.tables import CallLog, Cohorts, Item, Survey, Tracker
from cxmodel.model.adoption import bass

LEVELS = (62.0, 70.0, 55.0, 66.0)
WEIGHTS = (0.4, 0.3, 0.2, 0.1)
NOISE, PROMOTER, DETRACTOR = 23.0, 74.7, 43.1
LEAVE, FRAILTY = 0.03, 1.4
AGENTS, HANDLING, CV, PATIENCE, SOLVED, CALLS = 6, 180.0, 1.2, 232.0, 0.7, 100.0
P, Q, MARKET, RATE = 0.08, 1.6, 3000.0, 40.0


def survey_of(satisfaction: np.ndarray, ratings: np.ndarray, recommend: np.ndarray, **more: object) -> Survey:
    """A survey of one wave without segments; every answer counts alike."""
    n = len(satisfaction)
    fields: dict[str, object] = {
        "items": [Item("desk", f"a{number}") for number in range(ratings.shape[1])],
        "ratings": ratings,
        "satisfaction": satisfaction,
        "recommend": recommend,
        "problem": np.full(n, np.nan),
        "segments": (),
        "segment": np.full(n, -1, np.int16),
        "waves": ("2026-05",),
        "wave": np.zeros(n, np.int16),
        "weight": np.ones(n),
    }
    return Survey(**(fields | more))  # type: ignore[arg-type]


def survey(generator: np.random.Generator, n: int, missing: float = 0.1, noise: float = 6.0) -> Survey:
    """Equations 5 and 10: ratings of what was perceived and leniency, their weighted sum satisfaction, then a score."""
    leniency = generator.normal(0, 12, n)
    ratings = np.array(LEVELS) + leniency[:, None] + generator.normal(0, 9, (n, len(LEVELS)))
    satisfaction = ratings @ WEIGHTS + generator.normal(0, noise, n)
    score = satisfaction + generator.normal(0, NOISE, n)
    recommend = np.where(score >= PROMOTER, 9.0, np.where(score <= DETRACTOR, 5.0, 7.0))
    ratings[generator.random(ratings.shape) < missing] = np.nan
    return survey_of(satisfaction, ratings, recommend)


PENALTY, REWARD = (20.0, 8.0, 2.0), (2.0, 7.0, 12.0)


def contrasts(generator: np.random.Generator, n: int) -> Survey:
    """Satisfaction that falls with low ratings of 1 or 2 and rises with 5, by known penalties and rewards."""
    ratings = generator.choice([0.0, 25.0, 50.0, 75.0, 100.0], p=[0.07, 0.13, 0.3, 0.3, 0.2], size=(n, 3))
    pull = (ratings == 100) @ np.array(REWARD) - (ratings <= 25) @ np.array(PENALTY)
    return survey_of(60 + pull + generator.normal(0, 12, n), ratings, np.full(n, np.nan))


def cohort(
    generator: np.random.Generator, n: int, months: int, leave: float = LEAVE, frailty: float = FRAILTY
) -> Cohorts:
    """Equation 9 at constant satisfaction: each decides monthly, at odds that a gamma frailty multiplies."""
    odds = generator.gamma(1 / frailty, frailty, n) * leave / (1 - leave)
    stays = generator.geometric(odds / (1 + odds) + 1e-300)
    there = [(stays > month).sum() for month in range(months + 1)]
    return Cohorts(("2024-05",), 1.0, np.array([there], dtype=float), True)


def calls(
    generator: np.random.Generator,
    days: int,
    cv: float = CV,
    agents: int = AGENTS,
    per_hour: float = CALLS,
    opens: Sequence[int] = (8, 20),
) -> CallLog:
    """A queue of equation 8, open on every day from one hour to another: first come, first served, or given up."""
    arrivals = []
    for day in range(days):
        number = generator.poisson(per_hour * (opens[1] - opens[0]))
        arrivals.append(np.sort(generator.uniform(opens[0] * 3600, opens[1] * 3600, number)) + day * 86_400)
    arrival = np.concatenate(arrivals)
    n = len(arrival)
    sigma = np.sqrt(np.log1p(cv * cv))
    handling = (
        generator.exponential(HANDLING, n)
        if cv == 1
        else generator.lognormal(np.log(HANDLING) - sigma**2 / 2, sigma, n)
    )
    patience = generator.exponential(PATIENCE, n)
    free = [0.0] * agents
    wait, answered = np.empty(n), np.empty(n, dtype=bool)
    for i, (time, patient, takes) in enumerate(
        zip(arrival.tolist(), patience.tolist(), handling.tolist(), strict=True)
    ):
        due = max(0.0, free[0] - time)
        answered[i] = patient >= due
        wait[i] = min(due, patient)
        if answered[i]:
            heapq.heapreplace(free, time + due + takes)
    solved = np.where(answered, generator.random(n) < SOLVED, np.nan)
    came = np.datetime64("2026-01-05") + arrival.astype("timedelta64[s]")
    return CallLog(("desk",), np.zeros(n, np.int16), came, wait, answered, np.where(answered, handling, np.nan), solved)


def tracker(generator: np.random.Generator, months: int, spreading: bool) -> Tracker:
    """Equation 11: customers won month by month, at a steady rate or as Bass's curve has it."""
    expected = MARKET * np.diff(bass(np.arange(months + 1) / 12, P, Q)) if spreading else np.full(months, RATE)
    nothing = np.full(months, np.nan)
    won = generator.poisson(expected).astype(float)
    since = np.arange(12 * 2024, 12 * 2024 + months, dtype=np.int32)
    return Tracker(since, ["acquired"] * months, ["people"] * months, won, nothing)
