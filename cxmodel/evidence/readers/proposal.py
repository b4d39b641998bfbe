"""A proposal of what each column is, made of names and values, for a person to confirm."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxmodel.evidence.readers.ledger import MISSING_WORDS
from cxmodel.evidence.readers.mapping import LEFT_OUT, ColumnMapping, FileMapping
from cxmodel.evidence.readers.names import measure_named, period_of, plain, role_named, size_named, unit_named
from cxmodel.evidence.readers.personal import personal
from cxmodel.evidence.readers.scales import SCALES, likely_scale
from cxmodel.evidence.readers.survey import MOST_GROUPS, known_segments
from cxmodel.evidence.readers.table import Column, Table, numbers
from cxmodel.evidence.readers.times import moments, month_of, months
from cxmodel.evidence.readers.words import truth
from cxmodel.evidence.tables import Item

if TYPE_CHECKING:
    from cxmodel.scenario.scenario import Scenario
    from cxmodel.vocabulary import Floats

_NEAR: Final = 0.87
"""How alike two names are of which one is probably the other, misspelt."""
_MOST_ITEMS: Final = 3_000
_MOST_DIFFERENT: Final = 120
"""Different numbers of a column of ratings, at most."""
_BEFORE: Final = (
    "rating_of_",
    "rating_",
    "satisfaction_with_",
    "zufriedenheit_mit_",
    "zufriedenheit_",
    "bewertung_",
    "sat_",
)
"""What stands before the name of what is rated."""
_WORDS: Final = pa.array(sorted(MISSING_WORDS), pa.string())
_ASKED: Final = ("satisfaction", "recommend")


def propose(table: Table, scenario: Scenario) -> FileMapping:
    """What the columns of a table probably are; of kind `left out` where it looks like nothing known."""
    hidden = {name for name, column in table.columns.items() if personal(column)}
    open_to_all = {name: column for name, column in table.columns.items() if name not in hidden}
    for kind, proposed in (("calls", _calls), ("cohorts", _cohorts), ("tracker", _tracker), ("survey", _survey)):
        found, missing = proposed(table, open_to_all, scenario)
        if found:
            columns = {name: found.get(name, ColumnMapping(LEFT_OUT)) for name in table.columns}
            period = _period(table) if kind == "cohorts" else ""
            return FileMapping(kind, columns, missing, period=period)
    return FileMapping(LEFT_OUT, {})


Found = tuple[dict[str, ColumnMapping], tuple[str, ...]]
_NOTHING: Final[Found] = ({}, ())


def _by_role(columns: dict[str, Column], kind: str) -> dict[str, str]:
    """The first column of each role, by names."""
    found: dict[str, str] = {}
    for name in columns:
        role = role_named(name, kind)
        if role is not None and role not in found:
            found[role] = name
    return found


def _calls(table: Table, columns: dict[str, Column], scenario: Scenario) -> Found:
    """The columns of a log of calls."""
    roles = _by_role(columns, "calls")
    if "arrival" not in roles or not roles.keys() & {"wait", "handling", "talk"}:
        return _NOTHING
    if not _dated(columns[roles["arrival"]]):
        return _NOTHING
    if roles.keys() & {"talk", "wrap"} and "handling" in roles:
        for part in ("talk", "hold", "wrap"):
            roles.pop(part, None)
    if "answered" in roles:
        roles.pop("abandoned", None)
    times = ("wait", "handling", "talk", "hold", "wrap")
    return {
        name: ColumnMapping(role, unit=unit_named(name) if role in times else "") for role, name in roles.items()
    }, ()


def _dated(column: Column) -> bool:
    """Whether most texts of a column are points in time."""
    some = Column(column.name, np.arange(min(len(column.values), 500), dtype=np.int32), column.values, column.counts)
    at = moments(some).at
    return bool(at.size and (~np.isnat(at)).mean() > 0.5)


def _cohorts(table: Table, columns: dict[str, Column], scenario: Scenario) -> Found:
    """The columns of a table of cohorts: long, a row each, or a column each."""
    roles = _by_role(columns, "cohorts")
    numbered = {name: at for name in columns if (at := period_of(name)) is not None}
    named = roles.get("cohort")
    others = len(columns) - len(numbered) - (named is not None)
    if (
        len(numbered) >= (3 if named is None else 2)
        and others <= 2
        and (min(numbered.values()) == 0 or named is not None)
    ):
        found = {name: ColumnMapping("there", period=at, unit=_percent(name)) for name, at in numbered.items()}
        first = next(iter(columns))
        named = named or (first if first not in numbered else None)
        return ({named: ColumnMapping("cohort")} if named else {}) | found, ()
    period = roles.get("period")
    if period is None or not _numbered(columns[period]):
        return _NOTHING
    if "there" in roles:
        found = {period: ColumnMapping("period"), roles["there"]: ColumnMapping("there", unit=_percent(roles["there"]))}
        return ({named: ColumnMapping("cohort")} if named else {}) | found, ()
    numeric = [name for name in columns if name not in (period, named) and _mostly_numbers(columns[name], table.comma)]
    falling = [name for name in numeric if month_of(name) is not None or _falls(columns[name], table.comma)]
    if not falling or len(falling) < len(numeric) / 2:
        return _NOTHING
    held = {name: ColumnMapping("there", unit=_percent(name)) for name in numeric}
    return {period: ColumnMapping("period")} | held, ()


def _percent(name: str) -> str:
    return "percent" if measure_named(f"churn {name}") is None and "percent" in plain(name).split("_") else ""


def _numbered(column: Column) -> bool:
    return all(period_of(text) is not None for text in column.texts()[:200] if text)


def _falls(column: Column, comma: bool) -> bool:
    value = numbers(column, comma).value
    value = value[np.isfinite(value)]
    return bool(1 < value.size <= 1000 and (np.diff(value) <= 0).all() and value[0] > value[-1])


def _period(table: Table) -> str:
    """How long a period is, by the names of the columns."""
    words = {word for name in table.columns for word in plain(name).split("_")}
    for unit, said in (("year", {"year", "years", "jahr", "jahre"}), ("quarter", {"quarter", "quarters", "quartal"})):
        if words & said:
            return f"1 {unit}"
    return "1 month"


def _tracker(table: Table, columns: dict[str, Column], scenario: Scenario) -> Found:
    """The columns of a tracker, a measure each or one that names it."""
    roles = _by_role(columns, "tracker")
    month = roles.get("month")
    if month is None or not _monthly(columns[month]):
        return _NOTHING
    if "measure" in roles and "value" in roles:
        return {name: ColumnMapping(role) for role, name in roles.items()}, ()
    found: dict[str, ColumnMapping] = {}
    for name, column in columns.items():
        measured = measure_named(name)
        if name != month and measured is not None and _mostly_numbers(column, table.comma):
            found[name] = ColumnMapping("value", measure=measured[0], per=measured[1], unit=measured[2])
    segments = len(columns[roles["segment"]].values) if "segment" in roles else 1
    different = np.unique(months(columns[month])[0]).size
    if not found or table.rows > 1.5 * different * segments:
        return _NOTHING
    for name in columns:
        of = size_named(name)
        if of is not None and name not in found:
            found[name] = ColumnMapping("size", measure=of)
    for role in ("size", "segment"):
        if role in roles and roles[role] not in found:
            found[roles[role]] = ColumnMapping(role)
    return {month: ColumnMapping("month")} | found, ()


def _monthly(column: Column) -> bool:
    texts = [text for text in column.texts()[:500] if text]
    named = sum(month_of(text) is not None for text in texts)
    return bool(texts) and (named > len(texts) * 0.5 or _dated(column))


def _mostly_numbers(column: Column, comma: bool) -> bool:
    found = numbers(column, comma)
    said = ~column.empty
    return bool(np.isfinite(found.value).sum() > 0.5 * max(1, int(said.sum())))


def _different(column: Column, comma: bool) -> tuple[Floats, Floats, float]:
    """The different numbers of a column, how often each stands, and the share of numbers in what is not missing."""
    each = Column(column.name, np.arange(len(column.values), dtype=np.int32), column.values, column.counts)
    value = numbers(each, comma).value
    word = pc.is_in(pc.utf8_lower(column.values), value_set=_WORDS).to_numpy(zero_copy_only=False).astype(bool)
    counts = column.counts.astype(float)
    number = np.isfinite(value)
    said = counts[~word | number].sum()
    return value[number], counts[number], float(counts[number].sum() / said) if said else 0.0


def _survey(table: Table, columns: dict[str, Column], scenario: Scenario) -> Found:
    """The columns of a survey, its ratings by what the scenario calls them."""
    roles = _by_role(columns, "survey")
    role_of = {name: role for role, name in roles.items()}
    known = dict(_items(scenario))
    segments = known_segments(scenario)
    found: dict[str, ColumnMapping] = {}
    codes: set[float] = set()
    for name, column in columns.items():
        role = role_of.get(name) or role_named(name, "survey")
        if role in role_of.values() and name not in role_of:
            continue
        if role in ("segment", "wave", "respondent"):
            if role == "respondent" or len(column.values) <= MOST_GROUPS * 20:
                found[name] = ColumnMapping(role)
        elif role == "problem":
            texts = [text.casefold() for text in column.texts()]
            if any(truth(text, True) == truth(text, True) for text in texts):
                found[name] = ColumnMapping(role)
        elif role == "weight":
            if _mostly_numbers(column, table.comma):
                found[name] = ColumnMapping(role)
        elif _is_segment(column, segments) and "segment" not in roles:
            found[name] = ColumnMapping("segment")
            roles["segment"] = name
        else:
            said = _rating(name, column, table.comma, role, known)
            if said is not None:
                found[name] = said[0]
                codes.update(said[1])
    if not any(said.role in ("rating", *_ASKED) for said in found.values()):
        return _NOTHING
    return found, tuple(f"{code:g}" for code in sorted(codes))


def _is_segment(column: Column, segments: dict[str, str]) -> bool:
    """Whether a column holds the scenario's segments."""
    texts = [text for text in column.texts()[:MOST_GROUPS] if text]
    return bool(texts) and sum(text.casefold() in segments for text in texts) > len(texts) / 2


def _rating(
    name: str, column: Column, comma: bool, role: str | None, known: dict[str, Item]
) -> tuple[ColumnMapping, tuple[float, ...]] | None:
    """The column as a rating, or as one of the two questions about the whole; its codes for a missing answer."""
    if len(column.values) > 2_000:
        return None
    different, counts, share = _different(column, comma)
    if len(different) > _MOST_DIFFERENT or not len(different):
        return None
    likely = likely_scale(different, counts, recommend=role == "recommend")
    item = item_named(name, known)
    sure = role in _ASKED or item is not None
    if likely is None or share < (0.3 if sure else 0.6):
        return None
    scale, codes = likely
    whole = bool((different % 1 == 0).all())
    unlikely = scale in ("0 to 100", "0 to 1") or len(different) - len(codes) < 3
    if not sure and (not whole or unlikely or SCALES[scale].high not in different):
        return None
    if role in _ASKED:
        return ColumnMapping(role or "", scale), codes
    item = item or Item()
    return ColumnMapping("rating", scale, item.touchpoint, item.attribute), codes


def _items(scenario: Scenario) -> Iterator[tuple[str, Item]]:
    """What ratings may be of, by names in small Latin letters."""
    count = 0
    attributes = {id: {id, scenario.label("attributes", id)} for id in scenario.attributes}
    for id, words in attributes.items():
        yield from ((plain(word), Item(attribute=id)) for word in words)
    for id, touchpoint in scenario.journey.items():
        names = {id, scenario.label("journey", id)}
        yield from ((plain(word), Item(id)) for word in names)
        for attribute in touchpoint.delivers:
            for called in attributes.get(attribute, {attribute}):
                for name in names:
                    yield f"{plain(name)}_{plain(called)}", Item(id, attribute)
                    yield f"{plain(called)}_at_{plain(name)}", Item(id, attribute)
                    count += 1
        if count > _MOST_ITEMS:
            return


def item_named(name: str, known: dict[str, Item]) -> Item | None:
    """What a column rates, by its name: as it is, without what stands before it, or the one name that is near."""
    word = plain(name)
    shorter = next((word.removeprefix(before) for before in _BEFORE if word.startswith(before)), word)
    for tried in (word, shorter):
        if tried in known:
            return known[tried]
    near = difflib.get_close_matches(shorter, known, n=1, cutoff=_NEAR) if len(shorter) > 4 else []
    return known[near[0]] if near else None
