"""Measurements month by month, from a table and what its columns are: a measure a column, or a measure a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np

from cxmodel.evidence.readers.ledger import Ledger
from cxmodel.evidence.readers.mapping import PERS, RETENTION, ColumnMapping, FileMapping, column_with, roles
from cxmodel.evidence.readers.names import measure_named
from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.scales import likely_scale, scale_named
from cxmodel.evidence.readers.survey import grouped, known_segments
from cxmodel.evidence.readers.table import Table
from cxmodel.evidence.readers.times import months
from cxmodel.evidence.tables import FileAccount, Measure, Tracker, month_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.scenario.scenario import Scenario
    from cxmodel.vocabulary import Floats

MOST_ROWS: Final = 100_000
"""A tracker with more rows is something else."""
_BOUNDS: Final = {
    "nps": (-100.0, 100.0),
    "satisfaction": (0.0, 100.0),
    "churn_monthly": (0.0, 1.0),
    "contacts_per_customer": (0.0, 10_000.0),
    "acquired": (0.0, 1e9),
}
_WHAT: Final = {
    "nps": "NPS",
    "satisfaction": "satisfaction",
    "churn_monthly": "share of customers who leave per month",
    "contacts_per_customer": "contacts per customer and year",
    "acquired": "customers won per month",
}


class _Series:
    """Measurements while they are being put together."""

    def __init__(self) -> None:
        self.month: list[NDArray[np.int32]] = []
        self.measure: list[str] = []
        self.group: list[NDArray[np.int16]] = []
        self.value: list[Floats] = []
        self.size: list[Floats] = []
        self.row: list[NDArray[np.int64]] = []

    def add(
        self, measure: str, month: NDArray[np.int32], group: NDArray[np.int16], value: Floats, size: Floats
    ) -> None:
        """Add the rows of a measure that have a month and a value."""
        good = np.flatnonzero((month >= 0) & np.isfinite(value))
        self.month.append(month[good])
        self.measure += [measure] * good.size
        self.group.append(group[good])
        self.value.append(value[good])
        self.size.append(size[good])
        self.row.append(good)


def tracker(table: Table, mapping: FileMapping, scenario: Scenario) -> tuple[Tracker, FileAccount]:
    """The measurements and the account of them. Raises EvidenceError."""
    ledger = Ledger(table, mapping)
    if table.rows > MOST_ROWS:
        hint = f"at most {MOST_ROWS:,}; if these are answers one by one, say `kind: survey`"
        raise refusal("CXM602", table.file, f"a tracker of {table.rows:,} rows", hint)
    month = _months(ledger)
    groups, group = _groups(ledger, scenario)
    series = _Series()
    named = column_with(mapping, "measure")
    values = list(roles(mapping, "value"))
    if not values:
        raise ledger.lacks("a value")
    if named is not None:
        _long(ledger, series, named, values[0], month, group)
    else:
        _wide(ledger, series, values, month, group)
    made = _once(ledger, series, groups)
    used = np.unique(np.concatenate(series.row)).size if series.row else 0
    if not len(made.measure):
        raise ledger.nothing("no month has a value")
    return made, ledger.account(int(used))


def _months(ledger: Ledger) -> NDArray[np.int32]:
    """The month of each row, -1 where none can be read."""
    name = column_with(ledger.mapping, "month")
    if name is None:
        raise ledger.lacks("the month")
    month, whole = months(ledger.column(name), ledger.mapping.dates)
    ledger.refuse_ambiguous(name, whole)
    ledger.drop(f"no month in column {name}", month < 0, name)
    if not (month >= 0).any():
        raise ledger.nothing("no month could be read")
    first, last = month[month >= 0].min(), month.max()
    if last < 12_000:
        ledger.repair(f"Months in column {name} are counted, without a year.")
    ledger.understood(name, f"month, {month_name(int(first))} to {month_name(int(last))}")
    return month


def _groups(ledger: Ledger, scenario: Scenario) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The segments and the one of each row; `all` where none is said."""
    name = column_with(ledger.mapping, "segment")
    if name is None:
        return ("all",), np.zeros(ledger.table.rows, np.int16)
    every = dict.fromkeys(("all", "total", "gesamt", "alle", "overall", "everyone"), "all")
    groups, group = grouped(ledger, name, "segment", {**every, **known_segments(scenario)})
    if "all" not in groups:
        groups = (*groups, "all")
    if groups != ("all",):
        ledger.understood(name, f"segment: {', '.join(groups[:8])}")
    return groups, np.where(group < 0, groups.index("all"), group).astype(np.int16)


def _wide(
    ledger: Ledger,
    series: _Series,
    values: list[tuple[str, ColumnMapping]],
    month: NDArray[np.int32],
    group: NDArray[np.int16],
) -> None:
    """Add a measure for each column of values."""
    sizes = list(roles(ledger.mapping, "size"))
    for name, said in values:
        if not said.measure:
            message = f"column {name} holds values, and nothing says of what"
            hint = f"`measure:` and one of {', '.join(_WHAT)}"
            raise refusal("CXM603", ledger.table.file, message, hint, 0)
        found = ledger.numbers(name)
        value = _converted(ledger, name, said, found.value, found.percent)
        own = [column for column, size in sizes if size.measure == said.measure]
        every = [column for column, size in sizes if not size.measure]
        size = _size(ledger, next(iter(own or every), None))
        series.add(_measure(said), month, group, value, size)
    for name, size_said in sizes:
        of = f", for {size_said.measure}" if size_said.measure else ""
        ledger.understood(name, f"how many were asked, or are counted{of}")


def _measure(said: ColumnMapping) -> str:
    return "churn_monthly" if said.measure == RETENTION else said.measure


def _size(ledger: Ledger, name: str | None) -> Floats:
    """How many were asked, nan where nothing says it."""
    if name is None:
        return np.full(ledger.table.rows, np.nan)
    value = ledger.numbers(name).value
    ledger.drop(f"a size below 0 in column {name}", value < 0, name)
    return np.where(value >= 0, value, np.nan)


def _long(
    ledger: Ledger,
    series: _Series,
    named: str,
    value_column: tuple[str, ColumnMapping],
    month: NDArray[np.int32],
    group: NDArray[np.int16],
) -> None:
    """Add the measure that each row names."""
    column = ledger.column(named)
    name, said = value_column
    found = ledger.numbers(name)
    size_name = column_with(ledger.mapping, "size")
    size = _size(ledger, size_name)
    if size_name:
        ledger.understood(size_name, "how many were asked or are counted")
    unknown = np.zeros(len(column.values), bool)
    told: list[str] = []
    for code, text in enumerate(column.texts()):
        measured = measure_named(text)
        if measured is None:
            unknown[code] = True
            continue
        measure, per, unit = measured
        rows = column.codes == code
        whole = ColumnMapping("value", said.scale, measure=measure, per=said.per or per, unit=said.unit or unit)
        value = _converted(ledger, name, whole, np.where(rows, found.value, np.nan), found.percent, text)
        series.add(_measure(whole), month, group, value, size)
        told.append(_WHAT[_measure(whole)])
    ledger.drop(f"no measure that is known in column {named}", unknown[column.codes], named)
    ledger.understood(named, f"measure: {', '.join(dict.fromkeys(told)) or 'none that is known'}")
    ledger.understood(name, "value of what each row measures")


def _converted(
    ledger: Ledger, name: str, said: ColumnMapping, value: Floats, percent: bool, called: str = ""
) -> Floats:
    """Values in the measure's own unit; what lies outside what it can be is noted as dropped."""
    measure, where = said.measure, called or name
    finite = value[np.isfinite(value)]
    months_of = PERS[said.per or ("year" if measure == "contacts_per_customer" else "month")]
    unit = ""
    if measure == "nps" and finite.size > 1 and np.abs(finite).max() <= 1 and (finite % 1).any():
        value, unit = value * 100.0, ", shares made points"
    elif measure == "satisfaction":
        value, unit = _satisfaction(said, value, percent)
    elif measure in ("churn_monthly", RETENTION):
        in_percent = said.unit == "percent" or (said.unit != "share" and _percent(finite, percent, measure))
        share = value / 100.0 if in_percent else value
        share = 1.0 - share if measure == RETENTION else share
        share = np.where((share >= 0) & (share <= 1), share, np.nan)
        out = np.isnan(share) & np.isfinite(value)
        ledger.drop(f"no share of customers in {where}", out, name)
        value = 1.0 - (1.0 - share) ** (1.0 / months_of)
        unit = f", told {'in percent' if in_percent else 'as shares'} per {said.per or 'month'}"
    elif measure == "contacts_per_customer":
        value, unit = value * 12.0 / months_of, f", told per {said.per or 'year'}"
    elif measure == "acquired":
        value, unit = value / months_of, f", told per {said.per or 'month'}"
    low, high = _BOUNDS[_measure(said)]
    outside = np.isfinite(value) & ((value < low) | (value > high))
    ledger.drop(f"{where} outside {low:g} to {high:g}", outside, name)
    if not called:
        ledger.understood(name, f"{_WHAT[_measure(said)]}{unit}")
    return np.where(outside, np.nan, value)


def _percent(finite: Floats, signs: bool, measure: str) -> bool:
    """Whether shares are told in percent."""
    if signs or not finite.size:
        return signs
    return bool(finite.max() > 1.0 or (measure == "churn_monthly" and np.median(finite) > 0.2))


def _satisfaction(said: ColumnMapping, value: Floats, percent: bool) -> tuple[Floats, str]:
    """Averages as points, by the scale that is said or that they look like."""
    different, counts = np.unique(np.round(value[np.isfinite(value)]), return_counts=True)
    likely = None if percent else likely_scale(different, counts.astype(float))
    named = scale_named(said.scale) or (scale_named(likely[0]) if likely else None)
    if named is None:
        return value, ", points"
    scale, turned = named
    if scale.name == "0 to 1" and not said.scale:
        scale = scale_named("0 to 100")[0]  # type: ignore[index]
    answers = np.where(scale.holds(value), value, np.nan if said.scale else value)
    answers = scale.low + scale.high - answers if turned else answers
    return scale.points(answers), f", {scale.name}{' reversed' if turned else ''}"


def _once(ledger: Ledger, series: _Series, groups: tuple[str, ...]) -> Tracker:
    """The measurements in the order of time, each month once a measure and segment."""
    month = np.concatenate(series.month) if series.month else np.zeros(0, np.int32)
    group = np.concatenate(series.group) if series.group else np.zeros(0, np.int16)
    value = np.concatenate(series.value) if series.value else np.zeros(0)
    size = np.concatenate(series.size) if series.size else np.zeros(0)
    row = np.concatenate(series.row) if series.row else np.zeros(0, np.int64)
    names = list(dict.fromkeys(series.measure))
    measure = np.array([names.index(name) for name in series.measure], np.int64)
    order = np.lexsort((row, month, group, measure))
    keys = np.stack([measure, group.astype(np.int64), month.astype(np.int64)])[:, order]
    first = np.ones(order.size, bool)
    first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    again = np.zeros(ledger.table.rows, bool)
    again[row[order[~first]]] = True
    ledger.drop("a month that an earlier row tells already", again, column_with(ledger.mapping, "month") or "")
    order = order[first]
    return Tracker(
        month[order],
        cast("tuple[Measure, ...]", tuple(names[at] for at in measure[order])),
        tuple(groups[at] for at in group[order]),
        value[order],
        size[order],
    )
