"""What common luck saves: `python -m tests.benchmarks.pairing [--replications 200]`, or `make benchmark`.

The variance of the difference between a plan and as is when each is played with luck of its own (the sum of the two
variances), over the variance when both have the same luck, replication by replication. Five means that a fifth of the
replications tell as much; the range is the 95 % bootstrap interval over replications. A plan that mends most of a gap
leaves little for luck to share: what varies then is the effect itself, with the number of newcomers who live it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.scenario import load
from cxmodel.simulation.simulate import simulate_all
from cxmodel.vocabulary import Floats

STORY: Final = Path(__file__).resolve().parents[2] / "scenarios" / "pretty_app.yaml"
PLANS: Final = ("fix_the_wait", "say_less", "a_lever")
LEVER: Final = {"levers.platforms.level": 0.5}
"""A lever moved a little, as on the page."""
PAIRED: Final = ("expectation_gap", "satisfaction", "nps", "retention", "contacts_per_customer", "customer_equity")


class Saving(NamedTuple):
    """How many times less the variance is, and its bootstrap interval."""

    times: float
    low: float
    high: float


def saving(after: Floats, before: Floats, draws: int = 2_000) -> Saving:
    """Variance of independent differences over that of paired ones."""
    rows = np.random.default_rng(1).integers(0, len(after), (draws, len(after)))

    def times(one: Floats, two: Floats) -> Floats:
        apart, paired = one.var(-1, ddof=1) + two.var(-1, ddof=1), (one - two).var(-1, ddof=1)
        return np.divide(apart, paired, out=np.full(np.shape(apart), np.inf), where=paired > 0)

    low, high = np.quantile(times(after[rows], before[rows]), [0.025, 0.975])
    return Saving(float(times(after, before)), float(low), float(high))


def played(replications: int, seed: int = 1) -> tuple[dict[str, Result], Result]:
    """The plans, and as is."""
    story = load(STORY).with_initiative("lever", LEVER, plan="a_lever")
    *plans, standing = simulate_all([RunRequest(story, name, None, replications, seed) for name in (*PLANS, "as_is")])
    return dict(zip(PLANS, plans, strict=True)), standing


def main(replications: int = 100) -> None:
    """Print the figures."""
    plans, standing = played(replications)
    print(f"common luck against as_is, {replications} replications: the variance of a difference is so many times less")
    print(f"{'':<28}" + "".join(f"{name:>30}" for name in plans))
    for metric in PAIRED:
        found = [saving(plan.samples(metric), standing.samples(metric)) for plan in plans.values()]
        cells = "".join(f"{f'{one.times:,.1f} ({one.low:,.1f} to {one.high:,.1f})':>30}" for one in found)
        print(f"  {metric:<26}{cells}", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks.pairing", description=__doc__)
    asked.add_argument("--replications", type=int, default=100, help="how many of each")
    main(asked.parse_args().replications)
