"""What the Compare page compares: read from its address, wanted of the job queue, and what there is of it by now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxmodel.scenario.names import AS_IS
from cxmodel.studies.comparison import Cell, Comparison, Pair, pairs_of, wanted
from cxmodel.workbench import pictures, view
from cxmodel.workbench.jobs import BEHIND, Aim
from cxmodel.workbench.shelf import shelf

if TYPE_CHECKING:
    from cxmodel.results import Wanted
    from cxmodel.scenario import Scenario
    from cxmodel.workbench.view import View

PLANS: Final = "plans"
FUTURES: Final = "futures"
ITSELF: Final = "itself"
"""What a draft can be held against: its own file. Anything else is the id of a file on the shelf."""
MOST: Final = 12
"""Pairs that are played for one page."""
_DRAWN: OrderedDict[object, Comparison] = OrderedDict()


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
    """The runs of a comparison, and whose wish they are."""

    owner: str
    pairs: tuple[Pair, ...]
    runs: Mapping[Cell, Wanted]

    @property
    def levels(self) -> dict[Cell, int]:
        """With how many replications each run can be shown by now: none, those of a preview, or all."""
        return {cell: _shown(run) for cell, run in self.runs.items()}

    @property
    def complete(self) -> bool:
        """Whether all replications are there."""
        return all(level >= self.runs[cell].replications for cell, level in self.levels.items())

    @property
    def done(self) -> tuple[int, int]:
        """How many replications there are, and of how many."""
        counts = [min(pictures.count(run), run.replications) for run in self.runs.values()]
        return sum(counts), sum(run.replications for run in self.runs.values())

    @property
    def failed(self) -> str | None:
        """Why a run failed, if one did."""
        looks = (pictures.jobs().look(run) for run in self.runs.values())
        return next((look.why for look in looks if look.state == "failed"), None)

    def ask(self) -> None:
        """Have the runs played, a preview of each first."""
        if self.complete:
            pictures.jobs().cancel(self.owner)
        else:
            aims = tuple(Aim(run, BEHIND, pictures.PREVIEW) for run in self.runs.values())
            pictures.jobs().want(self.owner, aims)

    def drop(self) -> None:
        """Have them played no longer; what is finished stays."""
        pictures.jobs().cancel(self.owner)

    def retry(self) -> None:
        """Have runs that failed played again."""
        for run in self.runs.values():
            pictures.jobs().retry(run)

    def comparison(self) -> Comparison | None:
        """Of every pair that can be shown by now; None where there is none yet."""
        levels = self.levels
        ready = tuple(pair for pair in self.pairs if all(levels[cell] for cell in pair))
        if not ready:
            return None
        cells = dict.fromkeys(cell for pair in ready for cell in pair)
        name = (ready, tuple((self.runs[cell].key, self.runs[cell].scenario.hash, levels[cell]) for cell in cells))
        if name not in _DRAWN:
            results = {cell: pictures.result(self.runs[cell], levels[cell]) for cell in cells}
            _DRAWN[name] = Comparison(ready, results)
            while len(_DRAWN) > 24:
                _DRAWN.popitem(last=False)
        return _DRAWN[name]


def contrast(seen: View, chosen: Choice) -> Contrast:
    """The pairs and runs that a choice asks for. Raises ScenarioError where the other file is no scenario."""
    scenarios, pairs = _pairs(seen, chosen)
    pairs = pairs[:MOST]
    return Contrast(f"{seen.owner} compared", tuple(pairs), wanted(scenarios, pairs, seen.replications))


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


def _shown(run: Wanted) -> int:
    have = pictures.count(run)
    return run.replications if have >= run.replications else pictures.FEW if have >= pictures.FEW else 0
