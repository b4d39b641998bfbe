"""The event loop and the reference agree: compiled code gives what one process per customer gives.

Each scenario of `fixtures/mechanisms` leans on one mechanism; `pretty_app.yaml`, scaled, on many of them. Every metric,
the state of month 0 and the first three months, and every gap and level lived by segment, touchpoint and attribute are
compared. The bound follows from the number of comparisons alone: of a right engine, one choice of seeds in a thousand
fails this file (Bonferroni, Welch).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cxmodel.engine.outcome import LEVEL, PERCEIVED, STANDARD, WEIGHT
from cxmodel.results.metrics import METRICS, Run
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.simulation.agreement import compared
from cxmodel.simulation.replications import part_of, run_of
from cxmodel.vocabulary import Floats
from tests.support import small

FAMILYWISE = 0.001
REPLICATIONS = 4
MORE = 4  # replications of the loop per replication of the reference: it is the cheaper one
CASES: dict[str, tuple[str, str | None]] = {  # plan, future
    "plain": ("as_is", None),
    "promises": ("shout", None),
    "desk": ("save", None),
    "hours": ("close_earlier", None),
    "night": ("begin_sooner", None),
    "weekdays": ("other_days", None),
    "all_day": ("as_is", None),
    "repeat_calls": ("settle_it", None),
    "prospects_call": ("as_is", None),
    "levers": ("everything", None),
    "culture": ("change", None),
    "insight": ("listen", None),
    "price": ("dearer", "war"),
    "channels": ("rebuild", None),
    "shortfalls": ("ask_them", None),
    "exceptions": ("do_the_right_thing", None),
    "exits": ("as_is", None),
    "leavers": ("as_is", None),
    "strain": ("overrun", None),
    "closed_loop": ("small_steps", None),
    "rhythm": ("another_rhythm", None),
    "futures": ("both_ways", "slump"),
    "rivals": ("push_back", "slump"),
    "renewals": ("as_is", None),
    "word_of_mouth": ("as_is", None),
    "roles": ("as_is", None),
    "pretty_app": ("both", None),
}
Samples = dict[Any, Floats]


def scenario_of(case: str) -> Scenario:
    return small.app() if case == "pretty_app" else small.mechanism(case)


def rows_of(scenario: Scenario) -> list[tuple[str, str, str]]:
    """Segment, touchpoint and attribute, where somebody needs what is touched; a price is touched where it is paid."""
    return [
        (segment, touchpoint, attribute)
        for segment, people in scenario.segments.items()
        for touchpoint, place in scenario.journey.items()
        for attribute in dict.fromkeys([*place.delivers, *(["price"] if place.stage in ("buy", "renew") else [])])
        if attribute in people.needs
    ]


TOTALS = ("visits", "contacts", "days", "calls")
STATES = ("customers", "satisfaction", "promoters", "detractors", "former")
AT_FIRST = ("left", "joined", "contacts")


def keys_of(scenario: Scenario) -> list[Any]:
    """What is compared of a scenario."""
    segments = list(scenario.segments)
    return [
        *METRICS,
        *(("all", name) for name in TOTALS),
        *((name, segment) for name in (*STATES, *AT_FIRST) for segment in segments),
        *((what, *row) for what in ("gap", "level") for row in rows_of(scenario)),
    ]


def comparisons() -> int:
    """How many numbers this file compares at most."""
    return sum(len(keys_of(scenario_of(case))) for case in CASES)


def figures(run: Run) -> Samples:
    """What is compared, by replication."""
    outcome, route, scenario = run.outcome, run.world.route, run.world.scenario
    found: Samples = {name: metric.of(run)[:, -1] for name, metric in METRICS.items()}
    for name in TOTALS:
        found["all", name] = getattr(outcome, name).reshape(outcome.replications, -1).sum(1)
    for s, segment in enumerate(route.segments):
        found |= {(name, segment): getattr(outcome, name)[:, 0, s] for name in STATES}
        found |= {(name, segment): getattr(outcome, name)[:, :3, s].sum(1) for name in AT_FIRST}
    felt = outcome.felt[:, -12:].sum(1)
    for segment, touchpoint, attribute in rows_of(scenario):
        place = route.touchpoints.index(touchpoint)
        slot = list(route.touched[place]).index(route.attributes.index(attribute))
        own = felt[:, :, route.segments.index(segment), place, slot]
        weight = np.where(own[:, WEIGHT] > 0, own[:, WEIGHT], np.nan)
        found["gap", segment, touchpoint, attribute] = (own[:, STANDARD] - own[:, PERCEIVED]) / weight
        found["level", segment, touchpoint, attribute] = own[:, LEVEL] / weight
    return found


def played(wanted: RunRequest) -> Samples:
    """What an engine gives."""
    return figures(run_of(wanted, part_of(wanted, range(wanted.replications))))


def disagreements(case: str, replications: int) -> dict[Any, str]:
    """Every number of a scenario in which the loop and the reference differ by more than chance allows."""
    scenario, (plan, future) = scenario_of(case), CASES[case]
    loop = played(RunRequest(scenario, plan, future, replications * MORE, seed=11))
    reference = played(RunRequest(scenario, plan, future, replications, seed=5, engine="reference"))
    found, error = {}, FAMILYWISE / comparisons()
    for key in reference:
        apart, allowed, agrees = compared(loop[key], reference[key], error)
        if agrees is False:
            found[key] = f"{np.nanmean(loop[key]):.5g} against {np.nanmean(reference[key]):.5g}: {apart} > {allowed}"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_loop_and_the_reference_agree(case: str) -> None:
    """Gaps, levels, satisfaction, retention, NPS, contacts, waits, money and the rest, within Monte-Carlo error."""
    assert disagreements(case, REPLICATIONS) == {}


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES)
def test_the_loop_and_the_reference_agree_more_precisely(case: str) -> None:
    """The same with forty times as many replications, so that a sixth of the difference shows."""
    assert disagreements(case, 40 * REPLICATIONS) == {}
