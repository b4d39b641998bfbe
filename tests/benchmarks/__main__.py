"""Speed as ratios taken in one run: `python -m tests.benchmarks [--rounds 3] [--million]`, or `make benchmark`.

The ruler (`yardstick.py 5000`: one SimPy process per customer) and the engine are timed in turns in this process;
each line gives the median over rounds and the range, in processor time, which other work on the machine hardly
touches, and the ratio by the clock on the wall beside it. Engine time is everything from the scenario to the sums that
metrics are made of: the world, today's start, people, visits, desks, months; no reading, no tables.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from cxmodel.engine.outcome import outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import start
from cxmodel.engine.world import World
from cxmodel.scenario import Scenario, load
from tests.benchmarks import yardstick
from tests.benchmarks.stopwatch import Stopwatch

STORY = Path(__file__).resolve().parents[2] / "scenarios" / "pretty_app.yaml"
EVERYTHING = Path(__file__).resolve().parents[1] / "fixtures" / "everything.yaml"
RULER = 5000
REPLICATIONS = 30
LARGE, MILLION = 200_000, 1_000_000


def scaled(customers: int) -> Scenario:
    """The story with customers, prospects, arrivals and agents by one factor."""
    story, segment = load(STORY), "segments.style_seekers"
    people = story.segments["style_seekers"]
    factor = customers / people.customers
    return story.with_changes(
        {
            f"{segment}.customers": customers,
            f"{segment}.prospects": round(people.prospects * factor),
            f"{segment}.adoption.arrivals": f"{100 * factor:g} per month",
            "journey.call_us.staffed.agents": round(story.journey["call_us"].staffed.agents * factor),
        }
    )


class Taken(NamedTuple):
    """Seconds on the wall and of the processor, and visits."""

    wall: float
    processor: float
    visits: int


def timed(run: Callable[[], int]) -> Taken:
    """What a run took that returns its visits."""
    began, busy = time.perf_counter(), time.process_time()
    visits = run()
    return Taken(time.perf_counter() - began, time.process_time() - busy, visits)


def engine(scenario: Scenario, replications: int, plan: str = "as_is") -> int:
    """Visits of a run."""
    world = World.of(scenario, plan)
    return int(outcome(play(world, start(World.of(scenario)), 1, range(replications))).visits.sum())


def whole_process() -> int:
    """The command line, from nothing to its JSON; visits are not told."""
    command = [sys.executable, "-m", "cxmodel", "run", str(STORY), "--replications", str(REPLICATIONS)]
    subprocess.run([*command, "--json", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return 0


def shares() -> dict[str, float]:
    """Shares of a run's time spent in the model's functions, in drawing luck, and around them."""
    scenario, watch = scaled(1000), Stopwatch()
    engine(scenario, REPLICATIONS)
    with watch.watching():
        took = timed(lambda: engine(scenario, REPLICATIONS))
    found = {kind: spent / took.processor for kind, spent in watch.seconds.items()}
    return {**found, "the rest": 1 - sum(found.values())}


def million() -> dict[str, float]:
    """A run of a million customers, in a process of its own for its memory."""
    command = [sys.executable, "-m", "tests.benchmarks", "--customers", str(MILLION)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def report(name: str, runs: list[Taken], rulers: list[Taken]) -> None:
    """A line: nanoseconds per visit, and how many times less than the ruler in the same round."""
    nanoseconds = [1e9 * run.processor / run.visits for run in runs]
    faster, on_the_wall = (
        [getattr(r, clock) / r.visits / (getattr(run, clock) / run.visits) for run, r in zip(runs, rulers, strict=True)]
        for clock in ("processor", "wall")
    )
    print(
        f"{name:<34}{median(nanoseconds):>8,.0f} ns a visit ({min(nanoseconds):,.0f} to {max(nanoseconds):,.0f})"
        f"   1/{median(faster):.1f} of the ruler's (1/{min(faster):.1f} to 1/{max(faster):.1f};"
        f" on the wall 1/{median(on_the_wall):.1f})",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("--rounds", type=int, default=3, help="times that each is measured")
    asked.add_argument("--million", action="store_true", help="a million customers as well, in their own process")
    asked.add_argument("--customers", type=int, help="only a run of so many customers, as JSON")
    options = asked.parse_args()
    if options.customers:
        took = timed(lambda: engine(scaled(options.customers), 1))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps({**took._asdict(), "gigabytes": peak}))
        return
    small, large = scaled(1000), scaled(LARGE)
    ways: dict[str, Callable[[], int]] = {
        "ruler": lambda: yardstick.run(RULER),
        "pooled": lambda: engine(small, REPLICATIONS),
        "everything": lambda: engine(load(EVERYTHING), REPLICATIONS, "all_of_it"),
        "large": lambda: engine(large, 1),
        "process": whole_process,
    }
    engine(small, 1)  # what is imported and made once is nobody's to pay
    taken: dict[str, list[Taken]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, run in ways.items():
            taken[way].append(timed(run))
    rulers = taken["ruler"]
    report(f"ruler, {RULER:,} customers", rulers, rulers)
    report(f"engine, {REPLICATIONS} replications of 1,000", taken["pooled"], rulers)
    report("the same, every mechanism on", taken["everything"], rulers)
    report(f"engine, {LARGE:,} customers", taken["large"], rulers)
    dearer = [
        one.processor / one.visits / (two.processor / two.visits)
        for one, two in zip(taken["everything"], taken["pooled"], strict=True)
    ]
    span = f"({min(dearer):.2f} to {max(dearer):.2f})"
    print(f"{'every mechanism on, a visit costs':<34}{median(dearer):>8.2f} times that of the story {span}")
    if options.million:
        found = million()
        cost = found["processor"] / found["visits"]
        usual = median(run.processor / run.visits for run in taken["large"])
        print(
            f"{f'engine, {MILLION:,} customers':<34}{1e9 * cost:>8,.0f} ns a visit, {cost / usual:.2f} times that"
            f" at {LARGE:,}; {found['wall']:.0f} s, {found['gigabytes']:.2f} GB at most"
        )
    times = [run.wall / r.wall for run, r in zip(taken["process"], rulers, strict=True)]
    print(
        f"{'cxmodel run, whole process':<34}{median(run.wall for run in taken['process']):>8.2f} s on the wall,"
        f" {median(times):.2f} times the ruler's run ({min(times):.2f} to {max(times):.2f})"
    )
    parts = ", ".join(f"{share:.0%} {name}" for name, share in shares().items())
    print(f"{'where the engine spends its time':<34}{parts}")
    print("  (model: inside functions of cxmodel.model; luck: drawing; the rest is not the model's arithmetic)")


if __name__ == "__main__":
    main()
