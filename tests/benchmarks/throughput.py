"""What a second worker adds: `python -m tests.benchmarks.throughput [--rounds 3]`, or `make benchmark`.

The same sweep on one worker and on two, one after the other in each round: threads of this computer, and Dask workers
behind a real scheduler. Told is the ratio of their seconds in each round; two are to be worth 1.7 of one or more.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, Final

import cxmodel as cx
from cxmodel.simulation.cluster import cluster
from tests.support.dask_cluster import started

STORY: Final = Path(__file__).resolve().parents[2] / "scenarios" / "pretty_app.yaml"
VARY: Final = {"journey.virtual_try_on.delivers.ease": [30 + 3 * step for step in range(16)]}
REPLICATIONS: Final = 8


def seconds(**how: Any) -> float:
    """What the sweep takes."""
    scenario = cx.load(STORY)
    began = time.monotonic()
    found = cx.sweep(scenario, VARY, replications=REPLICATIONS, **how)
    assert not found.failures
    return time.monotonic() - began


def here(workers: int) -> float:
    """On so many threads of this computer."""
    return seconds(jobs=workers)


def on_dask(workers: int) -> float:
    """On so many Dask workers, which have played a run already."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        executor = held.enter_context(cluster(held.enter_context(started(workers, folder)).address))
        warm = {"journey.virtual_try_on.delivers.ease": [81, 82, 83, 84]}
        cx.sweep(cx.load(STORY), warm, replications=1, executor=executor)
        return seconds(executor=executor)


def main(rounds: int = 3) -> None:
    """Print the figures."""
    runs = len(VARY["journey.virtual_try_on.delivers.ease"])
    print(f"a sweep of {runs} runs of pretty_app, {REPLICATIONS} replications each, on one worker and on two")
    ways: dict[str, Callable[[int], float]] = {"threads": here, "Dask workers": on_dask}
    for name, play in ways.items():
        pairs = [(play(1), play(2)) for _ in range(rounds)]
        ratios = [one / two for one, two in pairs]
        each = ", ".join(f"{one:.1f} s / {two:.1f} s" for one, two in pairs)
        print(f"{name:<14}{median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f}): {each}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    main(parser.parse_args().rounds)
