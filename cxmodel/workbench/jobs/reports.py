"""Reports behind a page: made once for what they tell, however often the page is drawn. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from cxmodel.archive import Archive
from cxmodel.recent import Recent
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.zip import WRITERS
from cxmodel.studies import explanation
from cxmodel.vocabulary import EVERYONE
from cxmodel.workbench.jobs import background_studies, verdicts

if TYPE_CHECKING:
    from cxmodel.workbench.jobs.live_results import LiveResult

KINDS: Final = {
    ".html": ("Page (HTML)", "text/html"),
    ".pptx": ("Slides (PPTX)", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("Workbook (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".zip": ("Everything (ZIP)", "application/zip"),
}
"""What a report can be, what it is called, and its media type."""
LEFT_OUT: Final = "without"
"""The parameter of the address that names the sections left out."""
_MADE: Final[Recent[bytes]] = Recent(24)


def sections(address: Mapping[str, str]) -> tuple[str, ...]:
    """The sections that an address asks for: all but those it leaves out."""
    without = address.get(LEFT_OUT, "").split(",")
    return tuple(name for name in SECTIONS if name not in without)


def account(shown: LiveResult) -> Account:
    """What there is to tell of a picture: the run, as is, and what its studies have found by now."""
    document = background_studies.not_known(shown)
    return Account(shown.result, shown.baseline, _explained(shown), document, verdicts.results(shown.view))


def _explained(shown: LiveResult) -> Mapping[str, Any] | None:
    """What `cxmodel explain` has saved of this run; else what lifting each touchpoint is worth, once it is found."""
    result = shown.result
    key = explanation.made_from(result.scenario, result.plan, replications=result.replications, seed=result.seed)
    if (kept := Archive().study(explanation.KEPT, key)) is not None:
        found: Mapping[str, Any] = kept
        return found
    rows, added = background_studies.explained(shown), background_studies.contributions(shown)
    found = {"mend_first": rows, "initiatives": added}
    return {name: each for name, each in found.items() if each is not None} or None


def made(told: Account, ending: str, chosen: Sequence[str]) -> bytes:
    """The report in one of its forms."""
    return _MADE.get((_meaning(told), ending, tuple(chosen)), lambda: WRITERS[ending](told, chosen))


def file_name(told: Account, ending: str) -> str:
    """What the download is called: after the scenario's file, the plan and the segment."""
    whom = "" if told.result.segment == EVERYONE else f"-{told.result.segment}"
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", f"{PurePath(told.file).stem}-{told.result.plan}{whom}").strip("_")
    return f"{plain or 'report'}{ending}"


def _meaning(told: Account) -> tuple[Any, ...]:
    """What tells one account from another."""
    result = told.result
    run = (result.scenario.hash, result.plan, result.segment, result.future, result.seed, result.replications)
    known = tuple(told.explained or ()), told.unknown.worlds if told.unknown is not None else 0, tuple(told.plans)
    return (*run, result.scenario.files, told.file, *known)
