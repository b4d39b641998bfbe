"""How often the intervals of fits hold the truth: `python -m tests.benchmarks.recovery [repetitions]`.

600 customers and 24 months, drawn from known numbers of the model's own equations. An interval of 90 % should hold the
truth in 83 to 96 % of 50 repetitions. The number of agents is whole, so that its interval holds the truth more often.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

import numpy as np

from cxmodel.evidence.fits.adoption import fit_adoption
from cxmodel.evidence.fits.advocacy import fit_scores
from cxmodel.evidence.fits.contact_centre import fit_calls
from cxmodel.evidence.fits.fit import Fit
from cxmodel.evidence.fits.kano import fit_kano
from cxmodel.evidence.fits.levels import fit_levels, fit_weights
from cxmodel.evidence.fits.retention import fit_retention
from tests.evidence import generator as truth

CUSTOMERS, MONTHS = 600, 24


def truths() -> Mapping[str, float]:
    """What the data are drawn from, by the name of the fit."""
    items = {f"Desk: a{number}": number for number in range(4)}
    return {
        "Noise of the score": truth.NOISE,
        "Where promoters begin": truth.PROMOTER,
        "Where detractors end": truth.DETRACTOR,
        **{f"Level of {item}": truth.LEVELS[number] for item, number in items.items()},
        **{f"Weight of {item}": truth.WEIGHTS[number] for item, number in items.items()},
        **{f"Penalty of Desk: a{number}": truth.PENALTY[number] for number in range(3)},
        **{f"Reward of Desk: a{number}": truth.REWARD[number] for number in range(3)},
        "Base leaving": truth.LEAVE,
        "Frailty": truth.FRAILTY,
        "Desk: handling time": truth.HANDLING,
        "Desk: spread of handling": truth.CV,
        "Desk: patience": truth.PATIENCE,
        "Desk: share solved": truth.SOLVED,
        "Desk: calls": truth.CALLS,
        "Desk: agents": truth.AGENTS,
        "Customers won, people": truth.RATE,
        "Innovation, people": truth.P,
        "Imitation, people": truth.Q,
        "Market, people": truth.MARKET,
    }


def fits(seed: int) -> Iterable[Fit]:
    """All fits of one repetition."""
    rng = np.random.default_rng([20260601, seed])
    asked = truth.survey(rng, CUSTOMERS)
    for part in (
        fit_scores(asked, "s"),
        fit_levels(asked, "s"),
        fit_weights(asked, "s"),
        fit_kano(truth.contrasts(rng, CUSTOMERS), "s"),
        fit_retention(truth.cohort(rng, CUSTOMERS, MONTHS), "c"),
        fit_calls(truth.calls(rng, 20), "l"),
        fit_adoption(truth.tracker(rng, MONTHS, spreading=False), "t"),
    ):
        yield from part.fits
    spreading = fit_adoption(truth.tracker(rng, MONTHS, spreading=True), "t").fits
    yield from (fit for fit in spreading if fit.name != "Customers won, people")


def coverage(repetitions: int) -> Mapping[str, tuple[int, int, float]]:
    """By the name of the fit: how often it was fitted, how often the interval held the truth, and the mean error."""
    known = truths()
    held: dict[str, list[tuple[bool, float]]] = {name: [] for name in known}
    for seed in range(repetitions):
        for fit in fits(seed):
            if fit.name in known:
                right = known[fit.name]
                held[fit.name].append((fit.low <= right <= fit.high, fit.value - right))
    return {
        name: (len(all_), sum(hit for hit, _ in all_), float(np.mean([error for _, error in all_] or [np.nan])))
        for name, all_ in held.items()
    }


if __name__ == "__main__":
    table = coverage(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
    print(f"{'what':32} {'truth':>9} {'mean error':>11} {'fitted':>7} {'held':>6}")
    for name, (number, hits, error) in table.items():
        print(f"{name:32} {truths()[name]:9.3g} {error:11.3g} {number:7d} {hits / max(number, 1):6.0%}")
