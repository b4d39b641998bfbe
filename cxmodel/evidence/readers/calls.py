"""A log of calls, from a table and what its columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxmodel.evidence.readers.ledger import Ledger, once
from cxmodel.evidence.readers.mapping import FileMapping, column_with
from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.survey import grouped
from cxmodel.evidence.readers.table import Table, counted
from cxmodel.evidence.readers.times import moments, seconds
from cxmodel.evidence.readers.words import answered, solved
from cxmodel.evidence.tables import CallLog, FileAccount

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cxmodel.scenario.scenario import Scenario
    from cxmodel.vocabulary import Floats

_LONGEST = 86_400.0
"""Seconds of the longest wait and the longest call that are believed."""


def calls(table: Table, mapping: FileMapping, scenario: Scenario) -> tuple[CallLog, FileAccount]:
    """The calls and the account of them. Raises EvidenceError."""
    ledger = Ledger(table, mapping)
    id = column_with(mapping, "call")
    keep = once(ledger, id)
    if id is not None:
        ledger.understood(id, "id of the call, to tell repeats; not kept")
    arrival = _arrival(ledger)
    keep &= ~np.isnat(arrival)
    handling = _handling(ledger)
    got = _answered(ledger, handling)
    keep &= np.isfinite(got)
    wait = _durations(ledger, "wait")
    if column_with(mapping, "wait") is None:
        raise ledger.lacks("how long each caller waited")
    none = keep & np.isnan(wait)
    ledger.drop("no waiting time", none)
    keep &= ~none
    if not keep.any():
        raise ledger.nothing("no call has an arrival, a wait and an end")
    without = keep & (got == 1) & ~(handling > 0)
    if without.any() and np.isfinite(handling).any():
        ledger.drop("answered, but without a handling time; the call itself was kept", without)
    handling = np.where((got == 1) & (handling > 0), handling, np.nan)
    desks, which = _desks(ledger, scenario)
    finished = _words(ledger, "solved", solved, "whether it was solved")
    made = CallLog(
        desks, which[keep], arrival[keep], wait[keep], got[keep] == 1, handling[keep],
        np.where(got == 1, finished, np.nan)[keep],
    )  # fmt: skip
    return made, ledger.account(int(keep.sum()))


def _arrival(ledger: Ledger) -> NDArray[np.datetime64]:
    """When each call came in."""
    name = column_with(ledger.mapping, "arrival")
    if name is None:
        raise ledger.lacks("when each call came in")
    found = moments(ledger.column(name), ledger.mapping.dates)
    ledger.refuse_ambiguous(name, found)
    ledger.drop(f"no date in column {name}", np.isnat(found.at), name)
    if found.zones:
        ledger.repair(f"Zones of time in column {name} were passed over: the clock is taken as it is written.")
    ledger.understood(name, f"arrival{', ' if found.said else ''}{found.said}")
    return found.at


def _durations(ledger: Ledger, role: str) -> Floats:
    """The seconds of the column of a role; nan where there is none."""
    name = column_with(ledger.mapping, role)
    if name is None:
        return np.full(ledger.table.rows, np.nan)
    unit = ledger.mapping.columns[name].unit or "seconds"
    column = ledger.column(name)
    value = seconds(column, unit, ledger.table.comma)
    strange = np.isfinite(value) & ((value < 0) | (value > _LONGEST))
    ledger.drop(f"no time that a call can take in column {name}", strange, name)
    ledger.drop(f"no duration in column {name}", np.isnan(value) & ~ledger.missing(name), name)
    what = {"wait": "wait", "handling": "handling time"}.get(role, f"{role} time, a part of the handling time")
    ledger.understood(name, f"{what} in {unit}")
    return np.where(strange, np.nan, value)


def _handling(ledger: Ledger) -> Floats:
    """The handling time: as it is told, or talking, holding and wrapping up together."""
    whole = _durations(ledger, "handling")
    parts = [_durations(ledger, role) for role in ("talk", "hold", "wrap") if column_with(ledger.mapping, role)]
    if not parts or column_with(ledger.mapping, "handling"):
        return whole
    told = np.array([np.isfinite(part) for part in parts]).any(axis=0)
    return np.where(told, np.nansum(np.array(parts), axis=0), np.nan)


def _words(ledger: Ledger, role: str, meaning: Callable[[str], float], what: str) -> Floats:
    """Yes and no of the column of a role; nan where there is none."""
    name = column_with(ledger.mapping, role)
    if name is None:
        return np.full(ledger.table.rows, np.nan)
    column = ledger.column(name)
    if len(column.values) > 1000:
        raise refusal(
            "CXM603", ledger.table.file, f"column {name} has {len(column.values):,} different values",
            f"words that tell {what}, such as yes and no",
        )  # fmt: skip
    value: Floats = column.each(meaning, np.float64)
    ledger.drop(f"neither yes nor no in column {name}", np.isnan(value) & ~ledger.missing(name), name)
    ledger.understood(name, what)
    return value


def _answered(ledger: Ledger, handling: Floats) -> Floats:
    """Which calls were answered: 1 or 0, nan where nothing tells it."""
    if column_with(ledger.mapping, "answered"):
        value = _words(ledger, "answered", answered, "whether it was answered")
        ledger.drop("nothing says whether the call was answered", np.isnan(value))
        return value
    name = column_with(ledger.mapping, "abandoned")
    if name is not None:
        texts = {text.casefold() for text in ledger.column(name).texts()}
        named = texts & {"abandoned", "answered", "handled", "aufgelegt", "angenommen"}
        value = _words(ledger, "abandoned", answered, "whether it was given up")
        ledger.drop("nothing says whether the call was answered", np.isnan(value))
        return value if named else 1 - value
    if np.isfinite(handling).any():
        ledger.repair("No column says which calls were answered: those with a handling time were.")
        return (handling > 0).astype(float)
    ledger.repair("No column says which calls were answered: all were taken to be.")
    return np.ones(ledger.table.rows)


def _desks(ledger: Ledger, scenario: Scenario) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The desks by the scenario's ids where it has them, and the one of each call."""
    staffed = [id for id, touchpoint in scenario.journey.items() if touchpoint.staffed is not None]
    name = column_with(ledger.mapping, "desk")
    rows = ledger.table.rows
    if name is None:
        desk = staffed[0] if len(staffed) == 1 else "calls"
        if len(staffed) > 1:
            ledger.repair("No column says which desk took a call, and the scenario has several: all are of one desk.")
        return (desk,), np.zeros(rows, np.int16)
    known = {word.casefold(): id for id in staffed for word in (id, scenario.label("journey", id))}
    desks, which = grouped(ledger, name, "desk", known)
    if not desks:
        return (staffed[0] if len(staffed) == 1 else "calls",), np.zeros(rows, np.int16)
    if (which < 0).any():
        ledger.repair(
            f"{counted(int((which < 0).sum()), 'call')} had no desk in column {name} and went to one called unknown."
        )
        desks, which = (*desks, "unknown"), np.where(which < 0, len(desks), which).astype(np.int16)
    ledger.understood(name, f"desk: {', '.join(desks[:8])}{' …' if len(desks) > 8 else ''}")
    return desks, which
