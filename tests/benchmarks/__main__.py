"""Speed as ratios taken in one run: `python -m tests.benchmarks [--rounds 3] [--million]`, or `make benchmark`.

The ruler (`yardstick.py 5000`: one SimPy process per customer) and the engine are timed in turns in this process;
each line gives the median over rounds and the range. Engine time is everything from the scenario to the sums that
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

from cxmodel.engine.outcome import outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import start
from cxmodel.engine.world import World
from cxmodel.scenario import Scenario, load
from tests.benchmarks import yardstick
from tests.benchmarks.stopwatch import Stopwatch

STORY = Path(__file__).resolve().parents[2] / "scenarios" / "pretty_app.yaml"
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


def engine(scenario: Scenario, replications: int) -> tuple[float, int]:
    """Seconds and visits of a run."""
    began = time.perf_counter()
    world = World.of(scenario)
    found = outcome(play(world, start(world), 1, range(replications)))
    return time.perf_counter() - began, int(found.visits.sum())


def ruler() -> tuple[float, int]:
    """Seconds and visits of the ruler."""
    began = time.perf_counter()
    visits = yardstick.run(RULER)
    return time.perf_counter() - began, visits


def whole_process() -> tuple[float, int]:
    """Seconds of the command line, from nothing to its JSON; visits are not told."""
    command = [sys.executable, "-m", "cxmodel", "run", str(STORY), "--replications", str(REPLICATIONS)]
    began = time.perf_counter()
    subprocess.run([*command, "--json", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, 0


def shares() -> dict[str, float]:
    """Shares of a run's time spent in the model's functions, in drawing luck, and around them."""
    scenario, watch = scaled(1000), Stopwatch()
    engine(scenario, REPLICATIONS)
    with watch.watching():
        seconds, _ = engine(scenario, REPLICATIONS)
    found = {kind: spent / seconds for kind, spent in watch.seconds.items()}
    return {**found, "the rest": 1 - sum(found.values())}


def million() -> dict[str, float]:
    """A run of a million customers, in a process of its own for its memory."""
    command = [sys.executable, "-m", "tests.benchmarks", "--customers", str(MILLION)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def report(name: str, per_visit: list[float], against: list[float]) -> None:
    """A line: nanoseconds per visit, and the ratio to the ruler's of the same round."""
    ratios = [ours / theirs for ours, theirs in zip(per_visit, against, strict=True)]
    nanoseconds = [1e9 * value for value in per_visit]
    print(
        f"{name:<34}{median(nanoseconds):>9,.0f} ns a visit ({min(nanoseconds):,.0f} to {max(nanoseconds):,.0f})"
        f"   1/{1 / median(ratios):.1f} of the ruler's (1/{1 / min(ratios):.1f} to 1/{1 / max(ratios):.1f})",
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
        seconds, visits = engine(scaled(options.customers), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps({"seconds": seconds, "visits": visits, "gigabytes": peak}))
        return
    small, large = scaled(1000), scaled(LARGE)
    ways: dict[str, Callable[[], tuple[float, int]]] = {
        "ruler": ruler,
        "pooled": lambda: engine(small, REPLICATIONS),
        "large": lambda: engine(large, 1),
        "process": whole_process,
    }
    engine(small, 1)  # what is imported and made once is nobody's to pay
    taken: dict[str, list[tuple[float, int]]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, run in ways.items():
            taken[way].append(run())
    per_visit = {way: [s / visits for s, visits in runs if visits] for way, runs in taken.items()}
    against = per_visit["ruler"]
    report(f"ruler, {RULER:,} customers", against, against)
    report(f"engine, {REPLICATIONS} replications of 1,000", per_visit["pooled"], against)
    report(f"engine, {LARGE:,} customers", per_visit["large"], against)
    if options.million:
        run = million()
        cost = run["seconds"] / run["visits"]
        print(
            f"{f'engine, {MILLION:,} customers':<34}{1e9 * cost:>9,.0f} ns a visit,"
            f" {cost / median(per_visit['large']):.2f} times that at {LARGE:,};"
            f" {run['seconds']:.0f} s, {run['gigabytes']:.2f} GB at most"
        )
    times = [ours / theirs for (ours, _), (theirs, _) in zip(taken["process"], taken["ruler"], strict=True)]
    print(
        f"{'cxmodel run, whole process':<34}{median(s for s, _ in taken['process']):>9.2f} s"
        f"   {median(times):.2f} times the ruler's run ({min(times):.2f} to {max(times):.2f})"
    )
    parts = ", ".join(f"{share:.0%} {name}" for name, share in shares().items())
    print(f"{'where the engine spends its time':<34}{parts}")
    print("  (model: inside functions of cxmodel.model; luck: drawing; the rest is not the model's arithmetic)")


if __name__ == "__main__":
    main()
