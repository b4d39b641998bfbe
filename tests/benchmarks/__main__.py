"""Speed as ratios taken in one run: `python -m tests.benchmarks [--rounds 3] [--million]`, or `make benchmark`.

The ruler (`yardstick.py 5000`: one SimPy process per customer) and the engine are timed in turns in this process;
each line gives the median over rounds and the range, in processor time, which other work on the machine hardly
touches, and the ratio by the clock on the wall beside it. A run is played from a known start and known pasts; what
these cost, once per world and seed, is told beside it. No reading, no tables.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from cxmodel.engine.initial_state import Start, State, past, start
from cxmodel.engine.inputs.world import World
from cxmodel.engine.replication import Inputs
from cxmodel.engine.run import play
from cxmodel.scenario import Scenario, load
from tests.benchmarks import yardstick

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
    """Seconds on the wall and of the processor, and visits (1 where they are not counted)."""

    wall: float
    processor: float
    visits: int


def timed(run: Callable[[], int]) -> Taken:
    """What a run took that returns its visits."""
    began, busy = time.perf_counter(), time.process_time()
    visits = run()
    return Taken(time.perf_counter() - began, time.process_time() - busy, visits)


class Known:
    """A world under a plan, its start and the pasts of its replications, all known."""

    def __init__(self, scenario: Scenario, replications: int, plan: str = "as_is") -> None:
        self.scenario, self.plan, self.replications = scenario, plan, replications
        self.start: Start = start(World.of_today(scenario))
        self.pasts: Sequence[State] = self.played()

    def played(self) -> list[State]:
        """The pasts of all replications."""
        return [past(self.start, 1, number) for number in range(self.replications)]

    def run(self, threads: int = 1, replications: int | None = None) -> int:
        """Visits of a run."""
        inputs = Inputs(World.of(self.scenario, self.plan, today=self.start.world), self.start)
        played = range(replications or self.replications)
        return int(play(inputs, 1, played, threads=threads, pasts=self.pasts.__getitem__).visits.sum())

    def before(self) -> int:
        """What is made once per world and seed: the numbers solved, and the pasts; visits are not counted."""
        self.start = start(World.of_today(self.scenario))
        self.pasts = self.played()
        return 1


def whole_process() -> int:
    """The command line, from nothing to its JSON; visits are not told."""
    command = [sys.executable, "-m", "cxmodel", "run", str(STORY), "--replications", str(REPLICATIONS)]
    subprocess.run([*command, "--json", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return 1


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


def ratio(name: str, values: list[float], what: str) -> None:
    """A line: the median of some ratios, and their range."""
    print(f"{name:<34}{median(values):>8.2f} {what} ({min(values):.2f} to {max(values):.2f})", flush=True)


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("--rounds", type=int, default=3, help="times that each is measured")
    asked.add_argument("--million", action="store_true", help="a million customers as well, in their own process")
    asked.add_argument("--customers", type=int, help="only a run of so many customers, as JSON")
    options = asked.parse_args()
    if options.customers:
        Known(scaled(1000), 1).run()  # compiled code is loaded
        known = Known(scaled(options.customers), 1)
        took = timed(known.run)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps({**took._asdict(), "gigabytes": peak}))
        return
    small, everything = Known(scaled(1000), REPLICATIONS), Known(load(EVERYTHING), REPLICATIONS, "all_of_it")
    large = Known(scaled(LARGE), 1)
    ways: dict[str, Callable[[], int]] = {
        "ruler": lambda: yardstick.run(RULER),
        "pooled": small.run,
        "threads": lambda: small.run(threads=2),
        "before": small.before,
        "single": lambda: small.run(replications=1),
        "everything": everything.run,
        "large": large.run,
        "process": whole_process,
    }
    small.run()
    everything.run()
    taken: dict[str, list[Taken]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, run in ways.items():
            taken[way].append(timed(run))

    def compared(one: str, two: str, clock: str, each: bool = False) -> list[float]:
        """One way's time over another's, round by round; of a visit `each`."""
        return [
            getattr(a, clock) / getattr(b, clock) * ((b.visits / a.visits) if each else 1)
            for a, b in zip(taken[one], taken[two], strict=True)
        ]

    rulers = taken["ruler"]
    report(f"ruler, {RULER:,} customers", rulers, rulers)
    report(f"{REPLICATIONS} replications of 1,000", taken["pooled"], rulers)
    report("the same on two threads", taken["threads"], rulers)
    report("the same, every mechanism on", taken["everything"], rulers)
    report(f"{LARGE:,} customers", taken["large"], rulers)
    if options.million:
        found = million()
        cost = found["processor"] / found["visits"]
        usual = median(run.processor / run.visits for run in taken["large"])
        print(
            f"{f'{MILLION:,} customers':<34}{1e9 * cost:>8,.0f} ns a visit, {cost / usual:.2f} times that"
            f" at {LARGE:,}; {found['wall']:.0f} s, {found['gigabytes']:.2f} GB at most"
        )
    ratio("every mechanism on", compared("everything", "pooled", "processor", each=True), "times a visit of the story")
    ratio("start and pasts", compared("before", "pooled", "processor"), "times the run, once per world and seed")
    ratio("two threads", compared("pooled", "threads", "wall"), "times as fast as one")
    single = [1000 * run.wall for run in taken["single"]]
    ratio("one replication", single, "ms on the wall")
    ratio("cxmodel run, whole process", compared("process", "ruler", "wall"), "times the ruler's run on the wall")


if __name__ == "__main__":
    main()
