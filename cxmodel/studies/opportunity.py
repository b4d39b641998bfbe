"""Opportunities: what each initiative brings when it is done alone, and what it costs. Knows no words for people."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cxmodel.results.paired import judge
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.simulation.batch import Failed, Store, play_many
from cxmodel.simulation.precision import FIRST
from cxmodel.studies.explanation import acting, named
from cxmodel.studies.objective import costed
from cxmodel.studies.optimisation.budget import Costs, bare
from cxmodel.vocabulary import AS_IS, JsonDict, Progress

KEPT: Final = "opportunities"
"""The kind of study under which an archive keeps them."""
GAINED: Final = "customer_equity"
"""What an initiative brings is told in."""


def made_from(scenario: Scenario, *, replications: int = FIRST, seed: int = 1) -> dict[str, Any]:
    """What tells one answer from another: the key under which an archive keeps it; plans are no part of it."""
    return {"scenario": bare(scenario).numbers_hash, "seed": seed, "replications": replications}


def opportunities(
    scenario: Scenario,
    *,
    replications: int = FIRST,
    seed: int = 1,
    jobs: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[JsonDict]:
    """initiative, cost, value, low, high of each: its cost over the horizon, and customer equity gained against today.

    `cost` is None where it is not given; the others are None where they cannot be had.
    """
    scenario, costs = bare(scenario), Costs(bare(scenario))
    alone = {name: acting(scenario, (name,)) for name in scenario.initiatives}
    runs = [RunRequest(each, named((name,)), None, replications, seed) for name, each in alone.items()]
    today, *came = play_many(
        [RunRequest(scenario, AS_IS, None, replications, seed), *runs], jobs=jobs, store=store, progress=progress
    )
    rows: list[JsonDict] = []
    for (name, each), figures in zip(alone.items(), came, strict=True):
        gained = np.empty(0)
        if not isinstance(figures, Failed) and not isinstance(today, Failed):
            gained = figures[GAINED] - today[GAINED]
        found = judge(GAINED, gained[np.isfinite(gained)])
        rows.append(
            {
                "initiative": name,
                "cost": costs.of((name,)) if costed(each, named((name,))) else None,
                "value": found.value if found.runs else None,
                "low": found.low if np.isfinite(found.low) else None,
                "high": found.high if np.isfinite(found.high) else None,
            }
        )
    return rows
