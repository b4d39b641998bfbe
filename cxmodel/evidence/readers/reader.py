"""A company's files to evidence: found, understood by a mapping or a proposal of one, read, and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxmodel.errors import EvidenceError, Problem
from cxmodel.evidence.readers.calls import calls
from cxmodel.evidence.readers.cohorts import cohorts
from cxmodel.evidence.readers.files import all_tables
from cxmodel.evidence.readers.mapping import LEFT_OUT, FileMapping, Mapping
from cxmodel.evidence.readers.personal import personal
from cxmodel.evidence.readers.problems import problem, refusal
from cxmodel.evidence.readers.proposal import propose as propose_table
from cxmodel.evidence.readers.survey import survey
from cxmodel.evidence.readers.table import Table, counted
from cxmodel.evidence.readers.tracker import tracker
from cxmodel.evidence.tables import CallLog, Cohorts, Evidence, FileAccount, Survey, Tracker
from cxmodel.scenario.faults import shorten, suggestion

if TYPE_CHECKING:
    from cxmodel.scenario.scenario import Scenario

_KINDS: Final = {"survey": "survey", "tracker": "tracker", "cohorts": "cohorts", "calls": "call log"}


def propose(paths: Sequence[Path], scenario: Scenario) -> Mapping:
    """What the columns of files, or of all files of a folder, probably are. Raises EvidenceError."""
    tables, _ = all_tables(paths)
    return Mapping({table.name: propose_table(table, scenario) for table in tables})


def read(paths: Sequence[Path], scenario: Scenario, mapping: Mapping | None = None) -> Evidence:
    """What files, or all files of a folder, say; what a mapping does not tell is proposed. Raises EvidenceError."""
    tables, left = all_tables(paths)
    if mapping is not None:
        _check(tables, mapping, scenario)
    surveys: list[tuple[str, Survey]] = []
    trackers: list[tuple[str, Tracker]] = []
    held: list[tuple[str, Cohorts]] = []
    logs: list[tuple[str, CallLog]] = []
    accounts: list[FileAccount] = []
    wrong: list[Problem] = []
    while tables:
        table = tables.pop(0)
        said = mapping.files.get(table.name) if mapping is not None else None
        said = said or propose_table(table, scenario)
        try:
            if said.kind == "survey":
                answers, account = survey(table, said, scenario)
                surveys.append((table.name, answers))
            elif said.kind == "tracker":
                series, account = tracker(table, said, scenario)
                trackers.append((table.name, series))
            elif said.kind == "cohorts":
                curves, account = cohorts(table, said)
                held.append((table.name, curves))
            elif said.kind == "calls":
                log, account = calls(table, said, scenario)
                logs.append((table.name, log))
            else:
                account = _left_out(table, mapping is not None and table.name in mapping.files)
            accounts.append(account)
        except EvidenceError as error:
            wrong += error.problems
    if wrong:
        raise EvidenceError(wrong)
    accounts += [FileAccount(file.name, LEFT_OUT, 0, 0, (), (), (f"Left out: {why}.",)) for file, why in left]
    if not (surveys or trackers or held or logs):
        first = accounts[0]
        columns = ", ".join(name for name, _ in first.columns[:12])
        message = f"nothing known is in the columns of {first.file}: {columns}"
        hint = "a survey, a tracker, cohorts or a call log; say in a mapping what the columns are"
        raise refusal("CXM603", str(paths[0]) if paths else "", message, hint)
    return Evidence(tuple(surveys), tuple(trackers), tuple(held), tuple(logs), tuple(accounts))


def _left_out(table: Table, said: bool) -> FileAccount:
    why = "the mapping says so" if said else "it looks like no survey, tracker, cohorts or call log"
    columns = tuple((name, "left out") for name in table.columns)
    return FileAccount(table.name, LEFT_OUT, table.rows, 0, columns, (), (f"Left out: {why}.",))


def _check(tables: Sequence[Table], mapping: Mapping, scenario: Scenario) -> None:
    """A mapping names files, columns and places that are there, and none that is never read. Raises EvidenceError."""
    by_name = {table.name: table for table in tables}
    wrong = []
    unmapped = [name for name in by_name if name not in mapping.files]
    for name, said in mapping.files.items():
        if name in by_name:
            wrong += list(_wrong_columns(by_name[name], said, mapping.file, scenario))
        elif unmapped:
            hint = suggestion(name, unmapped)
            wrong.append(problem("CXM604", mapping.file, f"there is no file {name} among those read", hint, said.line))
    if wrong:
        raise EvidenceError(wrong)


def _wrong_columns(table: Table, said: FileMapping, file: str, scenario: Scenario) -> Iterator[Problem]:
    """Columns of a mapping that are not there or never read, or rate what the scenario does not have."""
    for name, column in said.columns.items():
        for key, written, known in (
            ("touchpoint", column.touchpoint, scenario.journey),
            ("attribute", column.attribute, scenario.attributes),
        ):
            if written and written not in known:
                message = f"column {name}: there is no {key} `{shorten(written)}`"
                yield problem("CXM604", file, message, suggestion(written, list(known)), column.line)
        if name not in table.columns:
            message = f"{table.name} has no column {name}"
            yield problem("CXM604", file, message, suggestion(name, list(table.columns)), column.line)
        elif column.role != LEFT_OUT and (what := personal(table.columns[name])):
            message = f"column {name} of {table.name} holds {what}, which are never read"
            message = message.replace("what people wrote, which are", "what people wrote, which is")
            yield problem("CXM607", file, message, f"`{name}: {{is: left out}}`", column.line)


def preview(evidence: Evidence) -> str:
    """What was understood of each file, what was dropped, how many rows and why, as text."""
    return "\n\n".join("\n".join(_told(account)) for account in evidence.account)


def _told(account: FileAccount) -> Iterator[str]:
    """The lines about a file."""
    if account.kind == LEFT_OUT:
        yield f"{account.file}: left out"
    else:
        yield f"{account.file}: {_KINDS[account.kind]}, {counted(account.rows, 'row')}, {account.used:,} used"
    width = max((len(name) for name, _ in account.columns), default=0)
    yield from (f"  {name:<{width}}  {words}" for name, words in account.columns if words != LEFT_OUT)
    left = [name for name, words in account.columns if words == LEFT_OUT]
    if left and account.kind != LEFT_OUT:
        yield f"  left out: {', '.join(left)}"
    for each in account.dropped:
        yield f"  dropped: {each.why}: {counted(each.rows, 'row')}{_examples(each.examples)}"
    yield from (f"  note: {sentence}" for sentence in account.repaired)


def _examples(examples: Sequence[tuple[int, str]]) -> str:
    """The first lines, with what stands there."""
    shown = ", ".join(f"line {line}{f' ({cell})' if cell else ''}" for line, cell in examples)
    return f", such as {shown}" if shown else ""
