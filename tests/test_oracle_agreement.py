"""Engine and oracle agree: the batched engine gives what one process per customer gives.

Each scenario of `fixtures/mechanisms` leans on one mechanism; `pretty_app.yaml`, scaled, on many of them.
Every metric that both know, and every gap and level lived by segment, touchpoint and attribute, is compared. The bound
follows from the number of comparisons alone: of a right engine, one choice of seeds in a thousand fails this file
(Bonferroni, Welch).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small
from oracle import MEASURES, play
from scipy.stats import t as student

import cxmodel
from cxmodel.engine.ledger import LEVEL, PERCEIVED, STANDARD, WEIGHT
from cxmodel.metrics import METRICS
from cxmodel.scenario import Scenario, load

HERE = Path(__file__).resolve().parent
FAMILYWISE = 0.001
REPLICATIONS = 16
MORE = 4  # replications of the engine per replication of the oracle: it is the cheaper one
CASES: dict[str, tuple[str, str | None]] = {  # plan, future
    "plain": ("as_is", None),
    "promises": ("shout", None),
    "desk": ("save", None),
    "hours": ("close_earlier", None),
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
Samples = dict[Any, np.ndarray]


def scenario_of(case: str) -> Scenario:
    if case == "pretty_app":
        return small.app()
    return load(HERE / "fixtures" / "mechanisms" / f"{case}.yaml")


def rows_of(scenario: Scenario) -> list[tuple[str, str, str]]:
    """Segment, touchpoint and attribute, where somebody needs what is touched; a price is touched where it is paid."""
    return [
        (segment, touchpoint, attribute)
        for segment, people in scenario.segments.items()
        for touchpoint, place in scenario.journey.items()
        for attribute in dict.fromkeys([*place.delivers, *(["price"] if place.stage in ("buy", "renew") else [])])
        if attribute in people.needs
    ]


def keys_of(scenario: Scenario) -> list[Any]:
    """What is compared of a scenario."""
    return [*MEASURES, *((what, *row) for what in ("gap", "level") for row in rows_of(scenario))]


def comparisons() -> int:
    """How many numbers this file compares at most."""
    return sum(len(keys_of(scenario_of(case))) for case in CASES)


def of_engine(scenario: Scenario, plan: str, future: str | None, replications: int) -> Samples:
    """What the engine gives, by replication."""
    result = cxmodel.simulate(scenario, plan, replications=replications, seed=11, future=future, jobs=1)
    outcome, route = result.tables.run.outcome, result.tables.run.world.route
    found: Samples = {name: result.samples(name) for name in MEASURES if name in METRICS}
    found["visits"], found["contacts"] = outcome.visits.sum((1, 2, 3)), outcome.contacts.sum((1, 2))
    found["customer_days"] = outcome.days.sum((1, 2))
    months = outcome.felt.shape[1]
    felt = outcome.felt[:, max(0, months - 12) :].sum(1)
    for segment, touchpoint, attribute in rows_of(scenario):
        place = route.touchpoints.index(touchpoint)
        slot = list(route.touched[place]).index(route.attributes.index(attribute))
        own = felt[:, :, route.segments.index(segment), place, slot]
        weight = np.where(own[:, WEIGHT] > 0, own[:, WEIGHT], np.nan)
        found["gap", segment, touchpoint, attribute] = (own[:, STANDARD] - own[:, PERCEIVED]) / weight
        found["level", segment, touchpoint, attribute] = own[:, LEVEL] / weight
    return found


def of_oracle(scenario: Scenario, plan: str, future: str | None, replications: int) -> Samples:
    """What the oracle gives, by replication."""
    played = play(scenario, plan, replications, seed=5, future=future)
    return {key: np.array([outcome.get(key, np.nan) for outcome in played]) for key in keys_of(scenario)}


def disagreement(engine: np.ndarray, oracle: np.ndarray, error: float) -> str | None:
    """How two samples differ by more than chance allows; None if they do not."""
    engine, oracle = engine[~np.isnan(engine)], oracle[~np.isnan(oracle)]
    if len(engine) < 2 or len(oracle) < 2:
        lone = max(len(engine) / MORE, len(oracle))  # where one never has a number, the other hardly may
        return f"{len(engine)} numbers against {len(oracle)}" if lone > REPLICATIONS / 2 else None
    means, parts = (
        (engine.mean(), oracle.mean()),
        (engine.var(ddof=1) / len(engine), oracle.var(ddof=1) / len(oracle)),
    )
    spread = np.sqrt(sum(parts))
    if spread == 0:
        return None if means[0] == means[1] else f"{means[0]:.6g} against {means[1]:.6g}, without any chance"
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(engine) - 1) + parts[1] ** 2 / (len(oracle) - 1))
    far = abs(means[0] - means[1]) / spread
    if far <= student.ppf(1 - error / 2, freedom):
        return None
    return f"{means[0]:.5g} against {means[1]:.5g}, {far:.1f} standard errors apart"


def disagreements(case: str, replications: int) -> dict[Any, str]:
    """Every number of a scenario in which engine and oracle differ."""
    scenario, (plan, future) = scenario_of(case), CASES[case]
    engine = of_engine(scenario, plan, future, replications * MORE)
    oracle = of_oracle(scenario, plan, future, replications)
    error = FAMILYWISE / comparisons()
    found = {key: disagreement(engine[key], oracle[key], error) for key in oracle}
    return {key: text for key, text in found.items() if text}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_engine_and_oracle_agree(case: str) -> None:
    """Gaps, levels, satisfaction, retention, NPS, contacts, waits and the rest, within Monte-Carlo error."""
    assert disagreements(case, REPLICATIONS) == {}


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES)
def test_engine_and_oracle_agree_more_precisely(case: str) -> None:
    """The same with ten times as many replications, so that a third of the difference shows."""
    assert disagreements(case, 10 * REPLICATIONS) == {}
