"""What the Compare page compares: read from its address, wanted of the job queue, and what there is of it by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxmodel.archive import Archive
from cxmodel.errors import UsageError
from cxmodel.recent import Recent
from cxmodel.report.text.captions import segment_within
from cxmodel.results.request import RunRequest
from cxmodel.studies import opportunity
from cxmodel.studies.comparison import Cell, Comparison, Pair, pairs_of, wanted
from cxmodel.vocabulary import AS_IS, EVERYONE, JsonDict
from cxmodel.workbench.drafts.library import shelf
from cxmodel.workbench.jobs import live_results
from cxmodel.workbench.jobs.limits import permit
from cxmodel.workbench.jobs.queue import STUDY, Heed, Job
from cxmodel.workbench.jobs.study_runner import study
from cxmodel.workbench.session import view

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.simulation.replications import Replications
    from cxmodel.workbench.session.view import View

PLANS: Final = "plans"
FUTURES: Final = "futures"
ITSELF: Final = "itself"
"""What a draft can be held against: its own file. Anything else is the id of a file on the shelf."""
MOST: Final = 12
"""Pairs that are played for one page."""
_COMPARED: Final[Recent[Comparison]] = Recent(24)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is compared with what."""

    kind: str
    """`plans`, `futures`, or what else the scenario is held against."""
    plans: tuple[str, ...]
    against: str = AS_IS

    def address(self, seen: View) -> dict[str, str]:
        """How the page's address says it; what is usual is left out."""
        usual = usual_plans(seen)
        return {
            "with": "" if self.kind == PLANS else self.kind,
            "plans": "" if self.plans == usual else ",".join(self.plans),
            "against": "" if self.against == AS_IS else self.against,
        }


def usual_plans(seen: View) -> tuple[str, ...]:
    """Every plan of the scenario."""
    return tuple(plan for plan in seen.scenario.plans if plan != AS_IS)


def choice(seen: View, address: Mapping[str, str]) -> Choice:
    """What the address asks for; what it names wrongly falls back to every plan against as is."""
    known = {AS_IS, *seen.scenario.plans}
    plans = tuple(plan for plan in address.get("plans", "").split(",") if plan in known) or usual_plans(seen)
    against = address.get("against", AS_IS)
    kind = address.get("with", PLANS)
    others = {PLANS, *files(seen), *((FUTURES,) if seen.scenario.futures else ())}
    return Choice(kind if kind in others else PLANS, plans, against if against in known else AS_IS)


def files(seen: View) -> dict[str, str]:
    """What else the scenario can be held against, and what it is called."""
    named = {ITSELF: f"{seen.draft.name} as it was"} if seen.draft is not None else {}
    return named | {name: file.name for name, file in shelf().items() if name != seen.story}


@dataclass(frozen=True, slots=True)
class Contrast:
    """The runs of a comparison."""

    pairs: tuple[Pair, ...]
    runs: Mapping[Cell, RunRequest]
    segment: str = EVERYONE
    """Whose differences they are."""

    @property
    def jobs(self) -> list[Job[Replications]]:
        """The runs on their way."""
        return [live_results.job(run) for run in self.runs.values()]

    def comparison(self) -> Comparison | None:
        """Of every pair whose runs are there; None where there is none yet."""
        found = {cell: live_results.result(run) for cell, run in self.runs.items()}
        results = {cell: each.of_segment(self.segment) for cell, each in found.items() if each is not None}
        ready = tuple(pair for pair in self.pairs if all(cell in results for cell in pair))
        name = ready, tuple(map(id, results.values()))
        return _COMPARED.get(name, lambda: Comparison(ready, results)) if ready else None


def contrast(seen: View, chosen: Choice) -> Contrast:
    """The pairs and runs that a choice asks for.

    Raises ScenarioError where the other file is no scenario, UsageError where it has no such segment.
    """
    scenarios, pairs = _pairs(seen, chosen)
    if seen.segment != EVERYONE and any(seen.segment not in each.segments for each in scenarios):
        raise UsageError(f"it has no segment {segment_within(seen.scenario, seen.segment)}; choose all customers")
    pairs = pairs[:MOST]
    return Contrast(tuple(pairs), wanted(scenarios, pairs, seen.replications), seen.segment)


def opportunities(scenario: Scenario) -> Job[JsonDict]:
    """What each initiative brings alone and what it costs, on its way; kept in the archive."""

    def answer(heed: Heed) -> JsonDict:
        permit([RunRequest(scenario)])
        return {"rows": opportunity.opportunities(scenario, store=Archive(), progress=heed)}

    return study(opportunity.KEPT, opportunity.made_from(scenario), answer, STUDY)


def other(seen: View, chosen: Choice) -> Scenario | None:
    """The scenario that this one is held against, where it is another file."""
    if chosen.kind in (PLANS, FUTURES):
        return None
    if chosen.kind == ITSELF and seen.draft is not None:
        return view.drafts().original(seen.draft)
    return view.open_story(shelf()[chosen.kind])


def _pairs(seen: View, chosen: Choice) -> tuple[list[Scenario], list[Pair]]:
    held = other(seen, chosen)
    if held is not None:
        found = [_against(plan, held) for plan in dict.fromkeys((AS_IS, seen.plan))]
        same = seen.plan != AS_IS and held.standing_hash == seen.scenario.standing_hash
        return [held, seen.scenario], found[1:] if same else found
    futures = [None, *seen.scenario.futures] if chosen.kind == FUTURES else None
    plans = [plan for plan in chosen.plans if plan != chosen.against]
    return [seen.scenario], pairs_of([seen.scenario], plans, chosen.against, futures) if plans else []


def _against(plan: str, held: Scenario) -> Pair:
    """A plan of this scenario against the same plan of the other; against as is where the other has none such."""
    return Pair(Cell(1, plan), Cell(0, plan if plan in held.plans else AS_IS))
