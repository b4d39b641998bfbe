"""Studies behind a page: their runs are played in the background, when nobody waits for a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cxmodel.studies import explanation
from cxmodel.workbench import pictures
from cxmodel.workbench.jobs import STUDY, Aim

if TYPE_CHECKING:
    from cxmodel.results import Wanted
    from cxmodel.scenario import Scenario
    from cxmodel.studies.explanation import Explanation
    from cxmodel.workbench.view import View

PRICED: Final = 8
"""Replications that a price of mending rests on: with common luck few are enough."""


@dataclass(frozen=True, slots=True)
class Study:
    """The runs of a study by name, and whose wish they are."""

    owner: str
    runs: Mapping[Any, Wanted]

    @property
    def different(self) -> tuple[Wanted, ...]:
        """Each run once."""
        return tuple({run.key: run for run in self.runs.values()}.values())

    @property
    def done(self) -> tuple[int, int]:
        """How many runs are there, and of how many."""
        there = sum(pictures.count(run) >= run.replications for run in self.different)
        return there, len(self.different)

    @property
    def complete(self) -> bool:
        """Whether all its runs are there."""
        there, total = self.done
        return there == total

    def ask(self) -> None:
        """Have its runs played, when there is time."""
        if self.complete:
            pictures.jobs().cancel(self.owner)
        else:
            pictures.jobs().want(self.owner, tuple(Aim(run, STUDY) for run in self.different))

    def drop(self) -> None:
        """Have them played no longer; those finished stay."""
        pictures.jobs().cancel(self.owner)


def explaining(view: View) -> Study:
    """What the explanation of a view needs."""
    return Study(f"{view.owner} explained", _runs(view.scenario, view.plan))


def explained(view: View) -> Explanation | None:
    """Why a view's numbers are as they are; None until all of its runs are there."""
    study = explaining(view)
    if not study.complete:
        return None
    return _explained(view.scenario, view.plan, study)


@lru_cache(maxsize=64)
def _runs(scenario: Scenario, plan: str) -> Mapping[Any, Wanted]:
    return explanation.wanted(scenario, plan, replications=PRICED)


def _explained(scenario: Scenario, plan: str, study: Study) -> Explanation:
    results = {name: pictures.result(run, run.replications) for name, run in study.runs.items()}
    return explanation.of(scenario, plan, results)
