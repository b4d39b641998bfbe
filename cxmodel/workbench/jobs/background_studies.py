"""What explains a picture: studies that a page starts by itself, one after the other, and what they have found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from cxmodel.errors import CxModelError
from cxmodel.recent import Recent
from cxmodel.report.text.mending import Mending
from cxmodel.report.text.uncertainty import ENOUGH
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.simulation.batch import Failed, Figures, play_many
from cxmodel.studies import explanation, uncertainty
from cxmodel.vocabulary import EVERYONE, JsonDict
from cxmodel.workbench.jobs import live_results, verdicts
from cxmodel.workbench.jobs.limits import permit
from cxmodel.workbench.jobs.queue import STUDY, Heed, Job
from cxmodel.workbench.jobs.study_runner import study

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Floats
    from cxmodel.workbench.jobs.live_results import LiveResult

SEVERAL: Final = 5
"""Initiatives up to which the page works out by itself what each contributes: 32 sets of them."""
KEPT: Final = 4000
"""Runs whose figures are kept in memory, those played longest ago dropped first."""


class Step(NamedTuple):
    """What is worked out beside a picture just now."""

    jobs: Sequence[Job[Any]]
    words: str
    """What it is, for who looks at the page."""


def applies(shown: LiveResult) -> bool:
    """Whether there are studies of a picture: they are about all customers, not one segment."""
    return shown.view.segment == EVERYONE


def mending(shown: LiveResult) -> Mending | None:
    """The value at stake, as far as it is found; None where there is none to be found."""
    if not applies(shown):
        return None
    found = explained(shown)
    return Mending(done=False) if found is None else Mending.of(found)


def explained(shown: LiveResult) -> Sequence[Mapping[str, Any]] | None:
    """What mending each touchpoint is worth; None until that is found."""
    found = _mending(shown).found if applies(shown) else None
    return None if found is None else found["mend_first"]


def contributions(shown: LiveResult) -> Sequence[Mapping[str, Any]] | None:
    """What each initiative of the plan contributes; None until that is found, and where there are too many or one."""
    study = _contributing(shown) if applies(shown) else None
    return None if study is None or study.found is None else study.found["initiatives"]


def not_known(shown: LiveResult) -> JsonDict | None:
    """What the worlds say, as far as they are played; None until there are enough of them to say anything."""
    return next((study.found for study in reversed(_tested(shown)) if study.found is not None), None)


def go_on(shown: LiveResult) -> Step | None:
    """Have what is next worked out, until this page shows something else; None where there is nothing left."""
    step = next(_steps(shown), None)
    live_results.want("explains", [] if step is None else step.jobs)
    return step


def _steps(shown: LiveResult) -> Iterator[Step]:
    """What is still to be worked out: the other plans, a few assumption scenarios, what mending and each initiative
    are worth, then all assumption scenarios; of one segment, nothing."""
    if not applies(shown):
        return
    if others := verdicts.left(shown.view):
        yield Step(others, "Simulating the other plans")
    yield from (_testing(each) for each in _tested(shown)[:1] if not _over(each))
    if not _over(priced := _mending(shown)):
        yield Step([priced], _count("Working out the value at stake at each touchpoint", priced, "cases"))
    if (adding := _contributing(shown)) is not None and not _over(adding):
        yield Step([adding], _count("Working out what each initiative contributes", adding, "cases"))
    yield from (_testing(each) for each in _tested(shown)[1:] if not _over(each))


def _testing(worlds: Job[JsonDict]) -> Step:
    return Step([worlds], _count("Testing the assumptions", worlds, "assumption scenarios", uncertainty.WORLDS))


def _over(study: Job[JsonDict]) -> bool:
    return study.state in ("done", "failed")


def _count(what: str, study: Job[JsonDict], noun: str, total: int = 0) -> str:
    """How far a study is; of `total`, where its cases are pairs."""
    if total:
        return f"{what}: {study.done // 2:.0f} of {total} {noun}."
    return f"{what}: {study.done:.0f} of {study.total} {noun}." if study.total else f"{what}."


def _mending(shown: LiveResult) -> Job[JsonDict]:
    scenario, plan = shown.view.scenario, shown.view.plan
    key = explanation.made_from(scenario, plan, replications=explanation.FEW)
    return study(explanation.PRICES, key, partial(_mended, scenario, plan), STUDY)


def _contributing(shown: LiveResult) -> Job[JsonDict] | None:
    scenario, plan = shown.view.scenario, shown.view.plan
    if not 1 < len(scenario.initiatives_of(plan)) <= SEVERAL:
        return None
    key = explanation.made_from(scenario, plan, replications=explanation.FEW)
    return study(explanation.CONTRIBUTIONS, key, partial(_contributed, scenario, plan), STUDY)


def _tested(shown: LiveResult) -> list[Job[JsonDict]]:
    """A few assumption scenarios, then all of them; none for a plan that changes nothing."""
    scenario, plan, found = shown.view.scenario, shown.view.plan, []
    for count in () if shown.baseline is None or not applies(shown) else (ENOUGH, uncertainty.WORLDS):
        key = uncertainty.made_from(scenario, plan) | {"worlds": count}
        found.append(study(uncertainty.KEPT, key, partial(_otherwise, scenario, plan, count), STUDY))
    return found


def _mended(scenario: Scenario, plan: str, heed: Heed) -> JsonDict:
    runs = explanation.wanted(scenario, plan, replications=explanation.FEW)
    some = {
        key: run for key, run in runs.items() if key[0] != explanation.ACTS or key[1:] == scenario.initiatives_of(plan)
    }
    return {"mend_first": explanation.of(scenario, plan, _results(some, heed)).mending_rows}


def _contributed(scenario: Scenario, plan: str, heed: Heed) -> JsonDict:
    runs = explanation.wanted(scenario, plan, replications=explanation.FEW)
    some = {key: run for key, run in runs.items() if key[0] == explanation.ACTS}
    return {"initiatives": explanation.of(scenario, plan, _results(some, heed)).initiative_rows}


def _results(runs: Mapping[explanation.Key, RunRequest], heed: Heed) -> dict[explanation.Key, Result]:
    """The runs, each with its figures only; those that fail are missing."""
    permit(list(runs.values())[:1])
    came = play_many(list(runs.values()), store=_MEMORY, progress=heed)
    found = {
        name: _light(run, figures)
        for (name, run), figures in zip(runs.items(), came, strict=True)
        if not isinstance(figures, Failed)
    }
    if not found:
        raise CxModelError("none of its runs could be simulated")
    return found


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
