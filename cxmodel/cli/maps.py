"""Finding what a map tells of: a kept run of the file, or one that is simulated now as `cxmodel run` would."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxmodel.cli import report as telling
from cxmodel.cli.options import REPLICATIONS, Keeper, scenario_of, weigh
from cxmodel.cli.run import simulated
from cxmodel.errors import UsageError
from cxmodel.report.export.map_files import WRITERS
from cxmodel.report.maps.catalogue import MAPS, VIEWS, Told, View, shown
from cxmodel.report.text.mending import Mending
from cxmodel.results.request import RunRequest
from cxmodel.vocabulary import AS_IS, EVERYONE

if TYPE_CHECKING:
    from cxmodel.archive import Archive
    from cxmodel.results.result import Result


@dataclass(frozen=True, slots=True)
class Found:
    """A run, today's beside it, and which it is."""

    result: Result
    baseline: Result | None
    run: str | None
    """Its id; None where it could not be kept."""
    words: str
    """Which run it is, for who asked."""


def found(archive: Archive, run_or_file: str, plan: str | None, quiet: bool, keeper: Keeper) -> Found:
    """The run that is meant: the one named, the latest of the file as it is now, else one that is simulated now."""
    if not telling.looks_like_a_file(run_or_file):
        chosen = telling.chosen(archive, run_or_file, plan)
        result = archive.open(chosen.id)
        return Found(result, _today(archive, result, quiet, keeper), chosen.id, _words(chosen.words))
    scenario = scenario_of(Path(run_or_file), [], quiet)
    if plan is not None:
        scenario.initiatives_of(plan)  # raises UsageError, with the nearest name, for a plan that there is not
    if archive.find(scenario_hash=scenario.hash, plan=plan, engine="fast", limit=1):
        chosen = telling.chosen(archive, run_or_file, plan)
        result = archive.open(chosen.id)
        return Found(result, _today(archive, result, quiet, keeper), chosen.id, _words(chosen.words))
    plans = list(dict.fromkeys([AS_IS, plan or AS_IS]))
    weigh([RunRequest(scenario, name, None, REPLICATIONS) for name in plans], None, quiet)
    began = time.monotonic()
    results = simulated(scenario, plans, quiet, replications=REPLICATIONS)
    ids = keeper.keep(results, time.monotonic() - began)
    named = " and ".join(plans)
    done = f"{named} {'was' if len(plans) == 1 else 'were'} simulated now"
    words = f"There is no saved run of {run_or_file} as it is now{f' under {plan}' if plan else ''}: {done}."
    return Found(results[-1], results[0] if len(results) > 1 else None, ids[-1], words)


def _words(words: str) -> str:
    return words.replace("This report tells", "This map tells", 1)


def _today(archive: Archive, result: Result, quiet: bool, keeper: Keeper) -> Result | None:
    """What a plan is held against; simulated where it is not kept; None for today itself."""
    if result.plan == AS_IS:
        return None
    if (kept := archive.beside(result, AS_IS)) is not None:
        return kept
    options: dict[str, Any] = {"replications": result.replications, "seed": result.seed, "future": result.future}
    began = time.monotonic()
    today = simulated(result.scenario, [AS_IS], quiet, **options)
    keeper.keep(today, time.monotonic() - began)
    return today[0]


def told(archive: Archive, seen: Found, segment: str, view: View) -> Told:
    """What the map tells: of one segment if asked, with what is at stake where `cxmodel explain` has saved it."""
    result, baseline = seen.result.of_segment(segment), seen.baseline
    baseline = None if baseline is None else baseline.of_segment(segment)
    made = shown(result, baseline, view)
    explained = telling.explained(archive, made.result.whole) if segment == EVERYONE else None
    mending = None if explained is None else Mending.of(explained.get("mend_first", ()))
    return Told(made.result, made.behind, mending, made.plan)


def which_of(name: str) -> str:
    """A map by its name. Raises UsageError for one that there is not."""
    if name not in MAPS:
        raise UsageError(f"--which {name}: there is no such map; there is: {', '.join(MAPS)}")
    return name


def view_of(name: str) -> View:
    """What a map shows. Raises UsageError for what it cannot."""
    known = next((each for each in VIEWS if each == name), None)
    if known is None:
        raise UsageError(f"--show {name}: a map shows one of {', '.join(VIEWS)}")
    return known


def writer_of(file: Path) -> Any:
    """What writes a map to a file of this ending."""
    if file.suffix.lower() not in WRITERS:
        raise UsageError(f"--output {file}: end it with one of {', '.join(WRITERS)}, to say what it should become")
    return WRITERS[file.suffix.lower()]
