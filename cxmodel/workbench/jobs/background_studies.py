"""What explains a picture: studies that a page starts by itself, one after the other, and what they have found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxmodel.errors import CxModelError
from cxmodel.recent import Recent
from cxmodel.report.text.uncertainty import ENOUGH
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.simulation.batch import Failed, Figures, play_many
from cxmodel.studies import explanation, uncertainty
from cxmodel.vocabulary import JsonDict
from cxmodel.workbench.jobs import live_results
from cxmodel.workbench.jobs.limits import permit
from cxmodel.workbench.jobs.queue import STUDY, Heed, Job
from cxmodel.workbench.jobs.study_runner import study

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Floats
    from cxmodel.workbench.jobs.live_results import LiveResult

KEPT: Final = 4000
"""Runs whose figures are kept in memory, those played longest ago dropped first."""


def explained(shown: LiveResult) -> Sequence[Mapping[str, Any]] | None:
    """What mending each touchpoint is worth; None until that is found."""
    found = _studies(shown)[0].found
    return None if found is None else found["mend_first"]


def not_known(shown: LiveResult) -> JsonDict | None:
    """What the worlds say, as far as they are played; None until there are enough of them to say anything."""
    return next((study.found for study in reversed(_studies(shown)[1:]) if study.found is not None), None)


def go_on(shown: LiveResult) -> Job[JsonDict] | None:
    """Have the next study played, until this page shows something else; None where there is none left."""
    left = next((study for study in _studies(shown) if study.state not in ("done", "failed")), None)
    live_results.want("explains", [] if left is None else [left])
    return left


def _studies(shown: LiveResult) -> list[Job[JsonDict]]:
    """What mending is worth; then a few worlds and all of them, but for a plan that changes nothing."""
    scenario, plan = shown.view.scenario, shown.view.plan
    key = explanation.made_from(scenario, plan, replications=explanation.FEW)
    found = [study(explanation.PRICES, key, partial(_mended, scenario, plan), STUDY)]
    for count in () if shown.baseline is None else (ENOUGH, uncertainty.WORLDS):
        key = uncertainty.made_from(scenario, plan) | {"worlds": count}
        found.append(study(uncertainty.KEPT, key, partial(_otherwise, scenario, plan, count), STUDY))
    return found


def _mended(scenario: Scenario, plan: str, heed: Heed) -> JsonDict:
    runs = explanation.wanted(scenario, plan, replications=explanation.FEW)
    permit(list(runs.values())[:1])
    came = play_many(list(runs.values()), store=_MEMORY, progress=heed)
    found = {
        name: _light(run, figures)
        for (name, run), figures in zip(runs.items(), came, strict=True)
        if not isinstance(figures, Failed)
    }
    if not found:
        raise CxModelError("none of its runs could be simulated")
    return {"mend_first": explanation.of(scenario, plan, found).mending_rows}


def _otherwise(scenario: Scenario, plan: str, count: int, heed: Heed) -> JsonDict:
    permit([RunRequest(scenario, plan, replications=uncertainty.REPLICATIONS)])
    return uncertainty.uncertainty(scenario, plan, worlds=count, store=_MEMORY, progress=heed).document()


class _Memory:
    """The figures of the runs that were played lately, by what made them."""

    def __init__(self) -> None:
        self._figures: Recent[Mapping[str, Sequence[float | None]]] = Recent(KEPT)

    def figures(self, name: str) -> Mapping[str, Sequence[float | None]] | None:
        return self._figures.find(name)

    def keep_figures(self, name: str, figures: Mapping[str, Sequence[float | None]]) -> None:
        self._figures.put(name, figures)


_MEMORY: Final = _Memory()


def _light(run: RunRequest, figures: Figures) -> Result:
    """A result that knows one number per replication, the same for each segment as for all of them."""

    def samples(metric: str) -> Floats:
        known = figures[metric][:, None]
        return np.repeat(known, len(run.scenario.segments) + 1, axis=1)

    tables: Any = SimpleNamespace(samples=samples)
    return Result(run.scenario, run.plan, run.seed, run.replications, run.future, tables)
