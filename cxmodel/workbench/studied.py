"""Studies behind a page: their runs are played in the background, when nobody waits for a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cxmodel.arrays import Floats
from cxmodel.metrics import METRICS, Run
from cxmodel.precision import HEADLINES
from cxmodel.report import unknowns
from cxmodel.results import Result, Wanted
from cxmodel.runs import run_of
from cxmodel.scenario.names import AS_IS
from cxmodel.studies import explanation, worlds
from cxmodel.workbench import kept, pictures
from cxmodel.workbench.jobs import STUDY, Aim, Jobs

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.workbench.view import View

STAGES: Final = (worlds.WORLDS, unknowns.ENOUGH)
"""Worlds from which on what they say is shown, and shown again."""


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
        return len(self.different) - len(self.missing), len(self.different)

    @property
    def missing(self) -> list[Wanted]:
        """The runs that are still to be played; the archive does not keep a study's."""
        queue = pictures.jobs()
        return [run for run in self.different if _count(queue, run) < run.replications]

    @property
    def complete(self) -> bool:
        """Whether all its runs are there."""
        return not self.missing

    def ask(self) -> None:
        """Have its runs played, when there is time."""
        pictures.jobs().want(self.owner, [Aim(run, STUDY) for run in self.missing])


def _count(queue: Jobs, run: Wanted) -> int:
    """How many replications of a run are in memory."""
    part = queue.part(run)
    return 0 if part is None else part.outcome.replications


def explaining(view: View) -> Study:
    """What the explanation of a view needs."""
    return Study(f"{view.owner} explained", _explaining(view.scenario, view.plan))


def explained(view: View) -> Sequence[Mapping[str, Any]] | None:
    """What mending each touchpoint is worth; None until all of its runs are there."""
    name = (explanation.PRICES, view.scenario.hash, view.plan)
    key = explanation.made_from(view.scenario, view.plan, replications=explanation.FEW)
    found = _DOCUMENTS.get(name) or kept.study(explanation.PRICES, key)
    if found is None:
        study = explaining(view)
        if not study.complete:
            return None
        results = {of: pictures.result(run, run.replications) for of, run in study.runs.items()}
        found = {"mend_first": explanation.of(view.scenario, view.plan, results).mending_rows}
        kept.keep_study(explanation.PRICES, key, found)
    _remember(name, found)
    rows: Sequence[Mapping[str, Any]] = found["mend_first"]
    return rows


def wondering(view: View) -> Study:
    """What the hundred worlds of a view need."""
    return Study(f"{view.owner} otherwise", _wondering(view.scenario, view.plan))


def not_known(view: View) -> Mapping[str, Any] | None:
    """What the worlds say, as far as they are played; None until there are enough of them to say anything."""
    name = (worlds.KEPT, view.scenario.hash, view.plan)
    key = worlds.made_from(view.scenario, view.plan)
    found = _DOCUMENTS.get(name) or kept.study(worlds.KEPT, key)
    if found is not None and found["worlds"] == worlds.WORLDS:
        _remember(name, found)
        return found
    there = world_results(view)
    count = sum((number, view.plan) in there and (number, AS_IS) in there for number in range(worlds.WORLDS))
    stage = next((stage for stage in STAGES if count >= stage), 0)
    if not stage or (found is not None and found["worlds"] >= stage):
        return found
    fresh = worlds.of(view.scenario, view.plan, there).document()
    if count == worlds.WORLDS:
        kept.keep_study(worlds.KEPT, key, fresh)
    _remember(name, fresh)
    return fresh


def world_results(view: View) -> Mapping[Any, Result]:
    """The runs of the worlds that are there: of each only the samples, for there are many."""
    found = _WORLDS.setdefault((view.scenario.hash, view.plan), {})
    while len(_WORLDS) > SEVERAL:
        _WORLDS.pop(next(iter(_WORLDS)))
    queue = pictures.jobs()
    for name, run in _wondering(view.scenario, view.plan).items():
        part = queue.part(run) if name not in found else None
        if part is not None and part.outcome.replications >= run.replications:
            found[name] = _light(run, run_of(run, part))
    return found


class Few:
    """The samples of a few metrics, and nothing else of a run; implements `cxmodel.results.Tables` that far."""

    def __init__(self, samples: Mapping[str, Floats]) -> None:
        self._samples = samples

    def rows(self, table: str) -> list[dict[str, Any]]:
        """None are kept."""
        raise NotImplementedError

    def samples(self, metric: str) -> Floats:
        """One number per replication and segment, then all of them together (R, S + 1)."""
        return self._samples[metric]

    def course(self, metric: str) -> tuple[int, Floats]:
        """None is kept."""
        raise NotImplementedError


def _light(run: Wanted, played: Run) -> Result:
    samples = {metric: METRICS[metric].of(played) for metric in (*HEADLINES, "cost")}
    return Result(run.scenario, run.plan, run.seed, run.replications, run.future, Few(samples))


SEVERAL: Final = 12
"""Views whose worlds, and whose documents times ten, are kept in memory."""
_DOCUMENTS: dict[tuple[str, str, str], Mapping[str, Any]] = {}
_WORLDS: dict[tuple[str, str], dict[Any, Result]] = {}


def _remember(name: tuple[str, str, str], document: Mapping[str, Any]) -> None:
    _DOCUMENTS.pop(name, None)
    _DOCUMENTS[name] = document
    while len(_DOCUMENTS) > 10 * SEVERAL:
        _DOCUMENTS.pop(next(iter(_DOCUMENTS)))


@lru_cache(maxsize=64)
def _explaining(scenario: Scenario, plan: str) -> Mapping[Any, Wanted]:
    return explanation.wanted(scenario, plan, replications=explanation.FEW)


@lru_cache(maxsize=SEVERAL)
def _wondering(scenario: Scenario, plan: str) -> Mapping[Any, Wanted]:
    return worlds.wanted(scenario, plan)
