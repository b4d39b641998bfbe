"""Explain: why a run is as it is. The gap in its four parts, where contacts begin, what to mend first, who did what.

What to mend first is told by counterfactual, not by the lowest score: each touchpoint is lifted in turn to what
customers need, where it lies below, from the first day, with the same luck. Knows no words for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxmodel.engine.inputs.delivery import MENDED
from cxmodel.engine.inputs.world import World
from cxmodel.results.display import Charted
from cxmodel.results.paired import judge, paired
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.plans import Initiative
from cxmodel.simulation.precision import FIRST
from cxmodel.simulation.simulate import simulate_all
from cxmodel.studies import shapley
from cxmodel.studies.comparison import verdict_of
from cxmodel.vocabulary import AS_IS, HEADLINES, METRICS, MONEY, Floats, Progress

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, ...]
"""A run of an explanation: `("acts", …)` under these initiatives, `("mended", touchpoint)` with it lifted."""
KEPT: Final = "explain"
"""The kind of study under which an archive keeps an explanation."""
PRICES: Final = "mended"
"""The same for what mending each touchpoint is worth, by itself."""
CONTRIBUTIONS: Final = "contributions"
"""The same for what each initiative contributes."""
FEW: Final = 8
"""Replications that a price of mending may rest on: with common luck few are enough."""
ACTS: Final = "acts"
PRICED: Final = ("customer_equity", "retention", "nps")
"""What mending a touchpoint is told in."""
CONTRIBUTED: Final = (*HEADLINES, "cost", "net_value")
"""What an initiative's contribution is told in."""
PARTS: Final = ("know", "decide", "do", "say")


def wanted(
    scenario: Scenario,
    plan: str = AS_IS,
    *,
    future: str | None = None,
    replications: int = FIRST,
    seed: int = 1,
) -> dict[Key, RunRequest]:
    """The runs to play: the plan itself, as is, each set of its initiatives, and each touchpoint mended under it.

    A touchpoint with nothing to mend wants the run of the plan itself.
    """
    acts = scenario.initiatives_of(plan)

    def run(other: Scenario, under: str) -> RunRequest:
        return RunRequest(other, under, future, replications, seed)

    found: dict[Key, RunRequest] = {(ACTS, *acts): run(scenario, plan)}
    for some in shapley.coalitions_of(acts):
        if some != acts:
            found[(ACTS, *some)] = run(acting(scenario, some), named(some)) if some else run(scenario, AS_IS)
    today = World.of_today(scenario)  # whatever is mended, it is the same
    stands = World.of(scenario, plan, future, today=today).delivered
    for touchpoint in scenario.journey:
        mended = _mending(scenario, acts, touchpoint)
        moved = not np.array_equal(World.of(mended, named((touchpoint,)), future, today=today).delivered, stands)
        found["mended", touchpoint] = run(mended, named((touchpoint,))) if moved else run(scenario, plan)
    return found


def made_from(
    scenario: Scenario, plan: str, *, replications: int = FIRST, seed: int = 1, future: str | None = None
) -> dict[str, Any]:
    """What tells one explanation from another: the key under which an archive keeps what it says."""
    asked = {"scenario": scenario.numbers_hash, "plan": plan, "future": future}
    return {**asked, "seed": seed, "replications": replications}


def explain(
    scenario: Scenario,
    plan: str = AS_IS,
    *,
    future: str | None = None,
    replications: int = FIRST,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Why the plan's results are as they are, and what would change them."""
    runs = wanted(scenario, plan, future=future, replications=replications, seed=seed)
    results = simulate_all(list(runs.values()), jobs=jobs, progress=progress)
    return of(scenario, plan, dict(zip(runs, results, strict=True)))


def of(scenario: Scenario, plan: str, results: Mapping[Key, Result]) -> Explanation:
    """The explanation that these runs give; of those still missing it says nothing."""
    return Explanation(scenario, plan, results)


@dataclass(frozen=True)
class Explanation(Charted):
    """Why a run is as it is: four tables."""

    scenario: Scenario
    plan: str
    results: Mapping[Key, Result] = field(repr=False)

    @property
    def result(self) -> Result:
        """The run that is explained."""
        return self.results[(ACTS, *self._acts)]

    @property
    def gaps(self) -> pd.DataFrame:
        """The waterfall: touchpoint, attribute, segment, needed, pictured, designed, delivered, expected, perceived,
        gap, gap1 to gap4 (as know, decide, do, say too), memory_share [points]; know + decide + do + say = gap."""
        return _frame(self.gap_rows)

    @property
    def contacts(self) -> pd.DataFrame:
        """touchpoint, cause (failure, shortfall), share, low, high: where the contacts of customers begin."""
        return _frame(self.contact_rows)

    @property
    def mend_first(self) -> pd.DataFrame:
        """touchpoint, metric, difference, low, high, verdict, unit: what lifting a touchpoint to the need changes."""
        return _frame(self.mending_rows)

    @property
    def initiatives(self) -> pd.DataFrame:
        """initiative, metric, contribution, low, high, unit: what each adds; together they make the difference."""
        return _frame(self.initiative_rows)

    @cached_property
    def gap_rows(self) -> list[dict[str, Any]]:
        """The waterfall as rows."""
        rows = self.result.rows("touchpoints")
        return [{**row, **{name: row[f"gap{place}"] for place, name in enumerate(PARTS, start=1)}} for row in rows]

    @cached_property
    def contact_rows(self) -> list[dict[str, Any]]:
        """Where contacts begin, most of them first."""
        return sorted(self.result.rows("contacts"), key=lambda row: -row["share"])

    @cached_property
    def mending_rows(self) -> list[dict[str, Any]]:
        """What mending changes, the touchpoint with the largest change in customer equity (or NPS) first."""
        by_touchpoint = {
            name: [self._priced(name, metric) for metric in PRICED]
            for name in self.scenario.journey
            if ("mended", name) in self.results
        }

        def worth(rows: Sequence[Mapping[str, Any]]) -> float:
            known = [row["difference"] for row in (rows[0], rows[2]) if row["difference"] is not None]
            return -float(known[0]) if known else 0.0

        return [row for rows in sorted(by_touchpoint.values(), key=worth) for row in rows]

    @cached_property
    def initiative_rows(self) -> list[dict[str, Any]]:
        """What each initiative contributes; none for `as_is`, or while a run is missing."""
        acts = self._acts
        if not acts or any((ACTS, *some) not in self.results for some in shapley.coalitions_of(acts)):
            return []
        return [row for metric in CONTRIBUTED for row in self._contributed(acts, metric)]

    def document(self) -> dict[str, Any]:
        """The explanation as one JSON document."""
        manifest = self.result.manifest
        kept = ("scenario", "plan", "future", "seed", "replications", "version")
        return {
            **{name: manifest[name] for name in kept},
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "question": self.scenario.question,
            "currency": self.scenario.currency,
            "gaps": self.gap_rows,
            "contacts": self.contact_rows,
            "mend_first": self.mending_rows,
            **({"initiatives": self.initiative_rows} if self._acts else {}),
        }

    @property
    def _acts(self) -> tuple[str, ...]:
        return self.scenario.initiatives_of(self.plan)

    def _unit(self, metric: str) -> str:
        unit = METRICS[metric].unit
        return (self.scenario.currency or MONEY) if unit == MONEY else unit

    def _priced(self, touchpoint: str, metric: str) -> dict[str, Any]:
        found = judge(metric, paired(self.results["mended", touchpoint], self.result, metric))
        width = found.runs > 0 and np.isfinite(found.low)
        return {
            "touchpoint": touchpoint,
            "metric": metric,
            "difference": found.value if found.runs else None,
            "low": found.low if width else None,
            "high": found.high if width else None,
            "verdict": verdict_of(found),
            "replications_needed": found.wanted,
            "unit": self._unit(metric),
        }

    def _level(self, some: Sequence[str], metric: str) -> Floats:
        """A metric under these initiatives, by replication; net value as customer equity less cost."""
        result = self.results[(ACTS, *some)]
        if metric == "net_value":
            return result.samples("customer_equity") - result.samples("cost")
        return result.samples(metric)

    def _contributed(self, acts: tuple[str, ...], metric: str) -> list[dict[str, Any]]:
        shares = shapley.contributions(acts, lambda some: self._level(some, metric))
        return [
            {
                "initiative": name,
                "metric": metric,
                "contribution": share.value,
                "low": share.low,
                "high": share.high,
                "unit": self._unit(metric),
            }
            for name, share in shares.items()
        ]


def acting(scenario: Scenario, acts: Sequence[str], more: Mapping[str, Initiative] | None = None) -> Scenario:
    """The scenario with a plan of these initiatives, named after the last of them."""
    name = named(tuple(more) if more else acts)
    acted = scenario.model_copy(
        update={
            "initiatives": {**scenario.initiatives, **(more or {})},
            "plans": {**scenario.plans, name: (*acts, *(more or ()))},
        }
    )
    acted._hash = acted._numbers_hash = ""  # it is another scenario than the one it is copied from
    return acted


def _mending(scenario: Scenario, acts: Sequence[str], touchpoint: str) -> Scenario:
    """The scenario with a plan under which, besides, a touchpoint is lifted to the need from the first day."""
    lift = Initiative.model_construct(changes={MENDED.format(touchpoint): 1.0}, starts=0.0)
    return acting(scenario, acts, {touchpoint: lift})


def named(acts: Sequence[str]) -> str:
    """The name of a plan that no file can have given."""
    return f"only: {' '.join(acts)}"


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
