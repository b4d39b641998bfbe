"""How many of each cohort are still there, from a table and what its columns are, whichever way it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.evidence.readers.ledger import Ledger
from cxmodel.evidence.readers.mapping import FileMapping, column_with, period_months, roles
from cxmodel.evidence.readers.names import period_of
from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.table import Table, counted
from cxmodel.evidence.tables import Cohorts, FileAccount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

MOST_COHORTS: Final = 5_000
MOST_PERIODS: Final = 600


def cohorts(table: Table, mapping: FileMapping) -> tuple[Cohorts, FileAccount]:
    """The cohorts and the account of them. Raises EvidenceError."""
    ledger = Ledger(table, mapping)
    held = [name for name, _ in roles(mapping, "there")]
    if not held:
        raise ledger.lacks("how many are still there")
    period_column = column_with(mapping, "period")
    if period_column is None:
        names, there, rows, percent = _a_row_each(ledger)
        lines = np.repeat(table.lines[rows][:, None], there.shape[1], axis=1)
        used = len(names)
    else:
        names, there, lines, used, percent = _by_period(ledger, period_column, held)
    if there.size == 0 or not np.isfinite(there).any():
        raise ledger.nothing("no cohort has a count")
    if there.shape[1] < 2:
        raise ledger.nothing("there is one period only")
    begun = np.isfinite(there[:, 0]) & (there[:, 0] > 0)
    if not begun.all():
        lost = int((~begun).sum())
        ledger.repair(f"Left out for want of a beginning: {counted(lost, 'cohort')}.")
        names, there, lines = tuple(np.array(names)[begun].tolist()), there[begun], lines[begun]
        if not names:
            raise ledger.nothing("no cohort has a beginning")
    _refuse_growth(ledger, names, there, lines)
    in_numbers, there = _counted(ledger, there, percent)
    return Cohorts(names, _period(ledger), there, in_numbers), ledger.account(used)


def _period(ledger: Ledger) -> float:
    """Months of a period."""
    said = ledger.mapping.period
    found = period_months(said) if said else None
    if found is None:
        ledger.repair("Nothing says how long a period is: it is taken for a month.")
    return found or 1.0


def _a_row_each(ledger: Ledger) -> tuple[tuple[str, ...], Floats, NDArray[np.int64], bool]:
    """Cohorts where each has a row and each period a column."""
    columns = [
        (said.period if said.period is not None else period_of(name), name)
        for name, said in roles(ledger.mapping, "there")
    ]
    if any(period is None for period, _ in columns):
        columns = [(place, name) for place, (_, name) in enumerate(columns)]
    columns.sort(key=lambda pair: pair[0] or 0)
    first = columns[0][0] or 0
    if first:
        ledger.repair(f"Periods are counted from {first}, which is taken for the beginning.")
    last = (columns[-1][0] or 0) - first
    if last > MOST_PERIODS:
        raise refusal("CXM602", ledger.table.file, f"there are {last:,} periods", f"at most {MOST_PERIODS}")
    there = np.full((ledger.table.rows, last + 1), np.nan)
    percent = False
    for period, name in columns:
        found = ledger.numbers(name)
        percent |= found.percent
        there[:, (period or 0) - first] = _not_below_zero(ledger, name, found.value)
        ledger.understood(name, f"still there after {(period or 0) - first} periods")
    named = column_with(ledger.mapping, "cohort")
    rows = np.flatnonzero(np.isfinite(there).any(axis=1))
    ledger.drop("no count", ~np.isfinite(there).any(axis=1))
    if rows.size > MOST_COHORTS:
        raise refusal("CXM602", ledger.table.file, f"there are {rows.size:,} cohorts", f"at most {MOST_COHORTS:,}")
    if named is None:
        names = tuple(f"cohort {at + 1}" for at in range(rows.size))
    else:
        column = ledger.column(named)
        names = tuple(_name(str(column.values[int(column.codes[row])].as_py()), at) for at, row in enumerate(rows))
        ledger.understood(named, "name of the cohort")
    return names, there[rows], rows, percent


def _name(text: str, place: int) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:60]).strip() or f"cohort {place + 1}"


def _by_period(
    ledger: Ledger, period_column: str, held: list[str]
) -> tuple[tuple[str, ...], Floats, NDArray[np.int64], int, bool]:
    """Cohorts where each period has a row: of all cohorts, of one, or of each that a column names."""
    table = ledger.table
    found = ledger.column(period_column).each(lambda text: -1 if (at := period_of(text)) is None else at, np.int64)
    bad = (found < 0) | (found > 100_000)
    ledger.drop(f"no period in column {period_column}", bad, period_column)
    if bad.all():
        raise ledger.nothing("no period could be read")
    first = int(found[~bad].min())
    found = np.where(bad, -1, found - first)
    if first:
        ledger.repair(f"Periods are counted from {first}, which is taken for the beginning.")
    last = int(found.max())
    if last > MOST_PERIODS:
        raise refusal("CXM602", table.file, f"there are {last:,} periods", f"at most {MOST_PERIODS}")
    ledger.understood(period_column, f"period, 0 to {last}")
    named = column_with(ledger.mapping, "cohort")
    if named is None:
        place = np.zeros(table.rows, np.int64)
        names = tuple(held) if len(held) > 1 else ("all",)
    else:
        column = ledger.column(named)
        if len(column.values) > MOST_COHORTS:
            message = f"there are {len(column.values):,} cohorts"
            raise refusal("CXM602", table.file, message, f"at most {MOST_COHORTS:,}")
        place = column.codes.astype(np.int64)
        names = tuple(_name(text, at) for at, text in enumerate(column.texts()))
        held = held[:1]
        ledger.understood(named, "name of the cohort")
    there = np.full((len(names), last + 1), np.nan)
    lines = np.zeros((len(names), last + 1), np.int64)
    percent = False
    good = np.zeros(table.rows, bool)
    for at, name in enumerate(held):
        numbers = ledger.numbers(name)
        percent |= numbers.percent
        value = _not_below_zero(ledger, name, numbers.value)
        row_of = place + at if named is None else place
        rows = np.flatnonzero((found >= 0) & np.isfinite(value))
        keys = row_of[rows] * (last + 1) + found[rows]
        _, one = np.unique(keys, return_index=True)
        again = np.zeros(table.rows, bool)
        again[np.delete(rows, one)] = True
        ledger.drop("a period that an earlier row tells already", again, period_column)
        rows = rows[one]
        there[row_of[rows], found[rows]] = value[rows]
        lines[row_of[rows], found[rows]] = table.lines[rows]
        good[rows] = True
        ledger.understood(name, "still there" if named or len(held) == 1 else f"still there of cohort {name}")
    ledger.drop("no count", ~good & ~bad)
    said = np.isfinite(there).any(axis=1)
    names = tuple(name for name, told in zip(names, said, strict=True) if told)
    return names, there[said], lines[said], int(good.sum()), percent


def _not_below_zero(ledger: Ledger, name: str, value: Floats) -> Floats:
    ledger.drop(f"a count below 0 in column {name}", value < 0, name)
    return np.where(value >= 0, value, np.nan)


def _refuse_growth(ledger: Ledger, names: tuple[str, ...], there: Floats, lines: NDArray[np.int64]) -> None:
    """Whoever is still there was there before: a cohort that grows counts somebody else too."""
    filled = np.where(np.isfinite(there), there, np.inf)
    lowest = np.minimum.accumulate(filled, axis=1)
    grows = np.zeros(there.shape, bool)
    grows[:, 1:] = np.isfinite(there[:, 1:]) & (there[:, 1:] > lowest[:, :-1] * (1 + 1e-9))
    if not grows.any():
        return
    cohort, period = (int(at) for at in np.argwhere(grows)[0])
    before, after = lowest[cohort, period - 1], there[cohort, period]
    more = int(grows.any(axis=1).sum()) - 1
    message = f"cohort {names[cohort]} grows from {before:g} to {after:g} in period {period}"
    message += f"; so do others: {more}" if more else ""
    hint = "of those who were there at the beginning, how many still are: the number never rises"
    raise refusal("CXM609", ledger.table.file, message, hint, int(lines[cohort, period]))


def _counted(ledger: Ledger, there: Floats, percent: bool) -> tuple[bool, Floats]:
    """Whether customers are counted, and the table; shares are of one."""
    first = there[:, 0]
    said = {held.unit for _, held in roles(ledger.mapping, "there")} - {""}
    if percent or "percent" in said or (not said and bool(np.all(first == 100.0))):
        if not percent and "percent" not in said:
            ledger.repair("Every cohort begins with 100: the numbers are taken for percent.")
        return False, there / 100.0
    if "share" in said or bool(np.nanmax(there) <= 1.0):
        return False, there
    return True, there
