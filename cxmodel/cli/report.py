"""Telling a kept run as a report: finds it and what studies said of it in the archive, plays nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxmodel.archive.entry import when
from cxmodel.cli import output
from cxmodel.errors import ArchiveError, UsageError
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.zip import WRITERS
from cxmodel.report.text.numbers import count
from cxmodel.studies import explanation, uncertainty
from cxmodel.studies.verdict import acting_plans
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.archive import Archive
    from cxmodel.results.result import Result


@dataclass(frozen=True, slots=True)
class Chosen:
    """The run that a report tells, and why this one."""

    id: str
    words: str
    """Which run it is, for who asked: its id, plan, time and luck, and how it stands among the file's others."""


def chosen(archive: Archive, run_or_file: str, plan: str | None = None, run: str | None = None) -> Chosen:
    """The run that is meant: the one that is named, else the latest of the file as it is now.

    Raises ArchiveError where there is none, and UsageError where what is asked for does not fit together.
    """
    if not looks_like_a_file(run_or_file):
        if run is not None:
            raise UsageError(f"--run {run}: {run_or_file} is a run already; name a scenario file before --run")
        return _named(archive, archive.whole_id(run_or_file), plan, "")
    if run is not None:
        return _of_the_file(archive, run_or_file, plan, run)
    found = archive.as_it_is(run_or_file, plan)
    latest = found[0]
    if len(found) == 1:
        among = "the only saved run of this file as it is now" if plan is None else f"its only saved run of {plan}"
    else:
        under = "" if plan is None else f" of {plan}"
        among = (
            f"the latest made of {len(found)} saved runs{under}; `cxmodel runs {run_or_file}` lists them, "
            f"--run ID tells another"
        )
    return _named(archive, latest.id, plan, among)


def _of_the_file(archive: Archive, file: str, plan: str | None, run: str) -> Chosen:
    """A run that is named, if it is one of the file, of an older version of it too."""
    from cxmodel.scenario import load

    scenario, id = load(file), archive.whole_id(run)
    if id not in {each.id for each in archive.of_file(file, scenario)}:
        raise UsageError(f"--run {run}: this is no run of {file}; `cxmodel runs {file}` lists those there are")
    changed = archive.manifest(id)["scenario"]["hash"] != scenario.hash
    return _named(archive, id, plan, f"made before {file} was last changed" if changed else f"of {file} as it is now")


def _named(archive: Archive, id: str, plan: str | None, among: str) -> Chosen:
    made = archive.manifest(id)
    if plan not in (None, made["plan"]):
        raise UsageError(
            f"--plan {plan}: run {archive.short(id)} is of plan {made['plan']}; name its file to choose a plan"
        )
    moment = when(datetime.fromisoformat(made["kept"]))
    under = f" in {made['future']}" if made["future"] else ""
    luck = f"{count(made['replications'], 'simulation run')}, seed {made['seed']}"
    told = f"This report tells run {archive.short(id)}: plan {made['plan']}{under}, made {moment}, {luck}"
    return Chosen(id, f"{told} ({among})." if among else f"{told}.")


def account(archive: Archive, id: str) -> Account:
    """All that the archive knows of a run. Raises ArchiveError where it is not whole."""
    result = archive.open(id)
    baseline = archive.beside(result, AS_IS) if result.plan != AS_IS else None
    if result.plan != AS_IS and baseline is None:
        again = f"--replications {result.replications} --seed {result.seed}"
        future = f" --future {result.future}" if result.future else ""
        raise ArchiveError(
            f"there is no saved run of as_is to compare {result.plan} with. "
            f"Run it first: cxmodel run {result.manifest['file']} --plan as_is {again}{future}"
        )
    said, tried = explained(archive, result), _worlds(archive, result)
    return Account(result, baseline, said, tried, _plans(archive, result))


def _plans(archive: Archive, result: Result) -> Mapping[str, Result]:
    """The saved runs of today and of every plan, all else being the same as in this one."""
    others = (plan for plan in (AS_IS, *acting_plans(result.scenario)) if plan != result.plan)
    found = {plan: archive.beside(result, plan) for plan in others}
    there = {plan: each for plan, each in found.items() if each is not None}
    return there | {result.plan: result}


def looks_like_a_file(name: str) -> bool:
    """Whether a file is meant, there or not, rather than a run's id."""
    return Path(name).exists() or name.endswith((".yaml", ".yml")) or "/" in name


def write(told: Account, file: Path, sections: Collection[str] | None = None) -> None:
    """Write a report; what it becomes follows from the ending. Raises UsageError for an ending there is not."""
    chosen = tuple(SECTIONS) if sections is None else tuple(sections)
    for name in chosen:
        if name not in SECTIONS:
            raise UsageError(f"--section {name}: there is no such section; there is: {', '.join(SECTIONS)}")
    output.put(file, writer_of(file)(told, chosen), "--output")


def writer_of(file: Path) -> Any:
    """What writes a file of this ending."""
    if file.suffix.lower() not in WRITERS:
        raise UsageError(f"--output {file}: end it with one of {', '.join(WRITERS)}, to say what it should become")
    return WRITERS[file.suffix.lower()]


def keep_explanation(archive: Archive, result: Result, document: Mapping[str, Any]) -> None:
    """Keep what an explanation says, for the reports to come."""
    archive.keep_study(explanation.KEPT, _key(result), dict(document))


def _key(result: Result) -> dict[str, Any]:
    """What tells the explanation of a run from others, besides the model."""
    count, seed, future = result.replications, result.seed, result.future
    return explanation.made_from(result.scenario, result.plan, replications=count, seed=seed, future=future)


def explained(archive: Archive, result: Result) -> Mapping[str, Any] | None:
    """What `cxmodel explain` said of this very run; else of as many replications as it plays by itself; else what
    the page worked out."""
    named = result.scenario, result.plan
    usual = explanation.made_from(*named, future=result.future)
    few = explanation.made_from(*named, replications=explanation.FEW, future=result.future)
    tries = [(explanation.KEPT, _key(result)), (explanation.KEPT, usual), (explanation.PRICES, few)]
    return next((found for kind, of in tries if (found := archive.study(kind, of)) is not None), None)


def _worlds(archive: Archive, result: Result) -> Mapping[str, Any] | None:
    """What the hundred worlds say of this plan, where they were played."""
    if result.plan == AS_IS:
        return None
    key = uncertainty.made_from(result.scenario, result.plan, future=result.future)
    found: Mapping[str, Any] | None = archive.study(uncertainty.KEPT, key)
    return found
