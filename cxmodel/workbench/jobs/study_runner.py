"""Studies that a reader starts on the Explore page: what they will take, and what they find, which is kept.

The figures of their runs are kept one by one, so that one that was stopped goes on where it was, whichever door it came
through. Draws nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from cxmodel.archive import Archive
from cxmodel.results.request import RunRequest
from cxmodel.simulation.batch import Cost
from cxmodel.studies.optimisation.budget import bare
from cxmodel.vocabulary import AS_IS, JsonDict
from cxmodel.workbench.jobs import limits, live_results
from cxmodel.workbench.jobs.queue import ASKED, Heed, Job

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

Name = Literal["matters", "fails", "best"]


@dataclass(frozen=True)
class Question:
    """A study, and how it is asked."""

    study: Name
    scenario: Scenario
    plan: str
    options: Mapping[str, Any]

    @cached_property
    def key(self) -> dict[str, Any]:
        """What its answer is kept under; which plans there are is no part of what the best one is."""
        if self.study == "best":
            return {"study": self.study, "scenario": bare(self.scenario).hash, **self.options}
        return {"study": self.study, "scenario": self.scenario.hash, "plan": self.plan, **self.options}

    @property
    def job(self) -> Job[JsonDict]:
        """Its job, shared by everybody who asks the same."""
        return study("explored", self.key, self._answer, ASKED)

    @property
    def cost(self) -> Job[Cost]:
        """What it will take, by timing a run here; fails for what cannot be asked."""
        return live_results.job_queue().job(("cost", *self.key.items()), ASKED, lambda heed: self._cost(), lambda: None)

    def seconds_left(self) -> float | None:
        """Seconds until it is done, at the pace of its runs so far; what was expected until there is a pace."""
        mine, cost = self.job, self.cost.found
        gone, played = time.monotonic() - mine.began, mine.done - mine.before
        if mine.total and played >= min(4, mine.total):
            return gone / played * (mine.total - mine.done)
        return None if cost is None else max(1.0, cost.seconds - gone)

    def _cost(self) -> Cost:
        self._permit()
        from cxmodel.studies.discovery import study as discovery
        from cxmodel.studies.optimisation import study as optimising
        from cxmodel.studies.sensitivity import study as sensitivity

        if self.study == "best":
            effort = optimising.cost_of_study(self.scenario, **self.options)
            return Cost(effort.runs, effort.seconds)
        if self.study == "fails":
            return discovery.cost(self.scenario, self.plan, **self.options, store=Archive())
        options = {name: value for name, value in self.options.items() if name != "metric"}
        cost = sensitivity.cost(self.scenario, self.plan, **options, store=Archive())
        return Cost(cost.runs, cost.seconds)

    def _permit(self) -> None:
        """Raise UsageError where a single run of it would take more than it may."""
        plan = AS_IS if self.study == "best" else self.plan
        limits.permit([RunRequest(self.scenario, plan, replications=self.options.get("replications", 1))])

    def _answer(self, heed: Heed) -> JsonDict:
        self._permit()
        from cxmodel.studies.discovery import study as discovery
        from cxmodel.studies.optimisation import study as optimising
        from cxmodel.studies.sensitivity import study as sensitivity

        how: dict[str, Any] = {**self.options, "store": Archive(), "progress": heed}
        if self.study == "best":
            return optimising.optimise(self.scenario, **how).document()
        if self.study == "fails":
            return discovery.discover(self.scenario, self.plan, **how).document()
        return sensitivity.sensitivity(self.scenario, self.plan, **how).document()


def study(kind: str, key: Mapping[str, Any], answer: Callable[[Heed], JsonDict], urgency: int) -> Job[JsonDict]:
    """The job of a study, whose answer is kept in the archive."""

    def play(heed: Heed) -> JsonDict:
        found = answer(heed)
        live_results.write(lambda: Archive().keep_study(kind, key, found))
        return found

    return live_results.job_queue().job((kind, *key.items()), urgency, play, lambda: Archive().study(kind, key))
