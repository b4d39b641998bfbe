"""Answers of a survey, from a table and what its columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.evidence.readers.ledger import Ledger, once
from cxmodel.evidence.readers.mapping import FileMapping, column_with, roles
from cxmodel.evidence.readers.table import Column, Table, counted
from cxmodel.evidence.readers.times import months
from cxmodel.evidence.readers.words import truth
from cxmodel.evidence.tables import FileAccount, Item, Survey, month_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.scenario.scenario import Scenario
    from cxmodel.vocabulary import Floats

MOST_GROUPS: Final = 500
"""Most segments, or waves; a column with more is something else."""
_LEAST: Final = 20
"""Answers of a wave by which its scale is judged."""


def survey(table: Table, mapping: FileMapping, scenario: Scenario) -> tuple[Survey, FileAccount]:
    """The answers and the account of them. Raises EvidenceError."""
    ledger = Ledger(table, mapping)
    keep = once(ledger, column_with(mapping, "respondent"))
    if (name := column_with(mapping, "respondent")) is not None:
        ledger.understood(name, "id of the respondent, to tell repeats; not kept")
    waves, wave = _waves(ledger)
    items: list[Item] = []
    ratings: list[Floats] = []
    for name, said in roles(mapping, "rating"):
        points, scale = ledger.points(name)
        points = _without_other_scale(ledger, name, points, scale, waves, wave)
        item = Item(said.touchpoint, said.attribute or ("" if said.touchpoint else name))
        if item in items:
            ledger.repair(f"Column {name} rates the same as an earlier one; the two were averaged.")
            both = np.array([ratings[items.index(item)], points])
            answered = np.isfinite(both).sum(axis=0)
            ratings[items.index(item)] = np.where(answered, np.nansum(both, axis=0) / np.maximum(answered, 1), np.nan)
        else:
            items.append(item)
            ratings.append(points)
        ledger.understood(name, f"rating{_called(item, name)}, {scale}, {_answers(points)}{_missing(ledger, name)}")
    satisfaction = _overall(ledger, "satisfaction", waves, wave)
    recommend = _overall(ledger, "recommend", waves, wave) / 10.0
    problem = _problem(ledger)
    weight, weighed = _weight(ledger)
    segments, segment = _segments(ledger, scenario)
    if not (ratings or column_with(mapping, "satisfaction") or column_with(mapping, "recommend")):
        raise ledger.lacks("a rating, overall satisfaction or the likelihood to recommend")
    said_any = np.isfinite(satisfaction) | np.isfinite(recommend)
    for points in ratings:
        said_any |= np.isfinite(points)
    ledger.drop("no answer that could be used", keep & weighed & ~said_any)
    keep &= said_any & weighed
    if not keep.any():
        raise ledger.nothing("nobody answered")
    whole = keep.all()
    matrix = np.empty((int(keep.sum()), len(items)), order="F")
    for at in reversed(range(len(ratings))):
        points = ratings.pop()
        matrix[:, at] = points if whole else points[keep]
    weight = weight[keep]
    if weight.sum() <= 0:
        raise ledger.nothing("every weight is 0")
    made = Survey(
        tuple(items), matrix, satisfaction[keep], recommend[keep], problem[keep],
        segments, segment[keep], waves, wave[keep], weight / weight.mean(),
    )  # fmt: skip
    return made, ledger.account(int(keep.sum()))


def _called(item: Item, name: str) -> str:
    if item.touchpoint and item.attribute:
        return f" of {item.attribute} at {item.touchpoint}"
    if item.touchpoint or item.attribute != name:
        return f" of {item.touchpoint or item.attribute}"
    return " under its own name"


def _answers(value: Floats) -> str:
    return counted(int(np.isfinite(value).sum()), "answer")


def _missing(ledger: Ledger, name: str) -> str:
    count = ledger.coded.get(name, 0)
    return f", {count:,} coded as missing" if count else ""


def _overall(ledger: Ledger, role: str, waves: tuple[str, ...], wave: NDArray[np.int16]) -> Floats:
    """The points of the column of a role, nan where there is none."""
    names = [name for name, _ in roles(ledger.mapping, role)]
    if not names:
        return np.full(ledger.table.rows, np.nan)
    points, scale = ledger.points(names[0])
    points = _without_other_scale(ledger, names[0], points, scale, waves, wave)
    what = "overall satisfaction" if role == "satisfaction" else "likelihood to recommend"
    ledger.understood(names[0], f"{what}, {scale}, {_answers(points)}{_missing(ledger, names[0])}")
    for other in names[1:]:
        ledger.understood(other, f"left out: {names[0]} tells {what} already")
    return points


def _without_other_scale(
    ledger: Ledger, name: str, points: Floats, scale: str, waves: tuple[str, ...], wave: NDArray[np.int16]
) -> Floats:
    """The points without those of waves that answered in five stars, where the others answered on up to ten."""
    if scale not in ("0 to 10", "ten points") or len(waves) < 2:
        return points
    said = np.isfinite(points) & (wave >= 0)
    low, high = np.full(len(waves), np.inf), np.full(len(waves), -np.inf)
    np.minimum.at(low, wave[said], points[said])
    np.maximum.at(high, wave[said], points[said])
    many = np.bincount(wave[said], minlength=len(waves)) >= _LEAST
    short = many & (low >= 10.0) & (high <= 50.0)
    if not short.any() or not (many & (high > 50.0)).any():
        return points
    other = said & short[wave]
    names = ", ".join(waves[at] for at in np.flatnonzero(short)[:5])
    ledger.drop(f"two scales in column {name}: wave {names} answers 1 to 5, others up to 10", other, name)
    ledger.repair(f"Column {name} holds two scales: split the file by wave to use wave {names} too.")
    return np.where(other, np.nan, points)


def _problem(ledger: Ledger) -> Floats:
    """Whether there was a problem: yes or no, 1 or 0, or 1 for yes and 2 for no."""
    name = column_with(ledger.mapping, "problem")
    if name is None:
        return np.full(ledger.table.rows, np.nan)
    column = ledger.column(name)
    two = "2" in column.texts()
    value: Floats = column.each(lambda text: truth(text, two), np.float64)
    unread = np.isnan(value) & ~ledger.missing(name) & ~_coded(ledger, column)
    ledger.drop(f"neither yes nor no in column {name}", unread, name)
    coded = ", 1 yes and 2 no" if two else ""
    ledger.understood(name, f"whether there was a problem{coded}, {_answers(value)}")
    return value


def _coded(ledger: Ledger, column: Column) -> NDArray[np.bool_]:
    codes = {code.casefold() for code in ledger.mapping.missing}
    return column.each(lambda text: text.casefold() in codes, np.bool_)


def _weight(ledger: Ledger) -> tuple[Floats, NDArray[np.bool_]]:
    """How much each counts, and the rows whose weight can be one."""
    rows = ledger.table.rows
    name = column_with(ledger.mapping, "weight")
    if name is None:
        return np.ones(rows), np.ones(rows, bool)
    value = ledger.numbers(name).value
    negative = value < 0
    ledger.drop(f"a weight below 0 in column {name}", negative, name)
    good = np.isfinite(value) & ~negative
    none = ~np.isfinite(value)
    if none.any():
        value[none] = value[good].mean() if good.any() else 1.0
        ledger.repair(f"{counted(int(none.sum()), 'row')} had no weight in column {name} and got the average one.")
    ledger.understood(name, "weight, made 1 on average")
    return value, ~negative


def _segments(ledger: Ledger, scenario: Scenario) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The segments by the scenario's ids where it has them, and the one of each row."""
    name = column_with(ledger.mapping, "segment")
    if name is None:
        return (), np.full(ledger.table.rows, -1, np.int16)
    found, place = grouped(ledger, name, "segment", known_segments(scenario))
    if found:
        ledger.understood(name, f"segment: {', '.join(found[:8])}{' …' if len(found) > 8 else ''}")
    return found, place


def known_segments(scenario: Scenario) -> dict[str, str]:
    """The ids of segments, by id and label in small letters."""
    return {word.casefold(): id for id in scenario.segments for word in (id, scenario.label("segments", id))}


def grouped(ledger: Ledger, name: str, what: str, known: dict[str, str]) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The groups of a column in the order of the file, and the one of each row, -1 where none is said."""
    column = ledger.column(name)
    missing = ledger.missing(name) | _coded(ledger, column) if len(column.values) <= MOST_GROUPS * 2 else column.empty
    if len(column.values) > MOST_GROUPS:
        ledger.repair(f"Column {name} has {len(column.values):,} different values: it is no {what} and was left out.")
        ledger.understood(name, f"left out: too many different values for a {what}")
        return (), np.full(ledger.table.rows, -1, np.int16)
    groups: list[str] = []
    place = np.full(len(column.values), -1, np.int16)
    gone = np.ones(len(column.values), bool)
    gone[column.codes[~missing]] = False
    for code, text in enumerate(column.texts()):
        if gone[code]:
            continue
        called = known.get(text.casefold(), _short(text))
        if called not in groups:
            groups.append(called)
        place[code] = groups.index(called)
    return tuple(groups), place[column.codes]


def _short(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:60]).strip()


def _waves(ledger: Ledger) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The names of the waves in the order of time, and the one of each row."""
    name = column_with(ledger.mapping, "wave")
    if name is None:
        return (), np.full(ledger.table.rows, -1, np.int16)
    column = ledger.column(name)
    found, place = grouped(ledger, name, "wave", {}) if len(column.values) <= 40 else ((), np.zeros(0, np.int16))
    if all(_is_year(text) for text in found) and found:
        order = sorted(range(len(found)), key=lambda at: float(found[at]))
    else:
        month, whole = months(column, ledger.mapping.dates)
        if (month >= 0).mean() > 0.5:
            ledger.refuse_ambiguous(name, whole)
            different, place_of = np.unique(month, return_inverse=True)
            ledger.drop(f"no date in column {name}", (month < 0) & ~ledger.missing(name), name)
            none = int((different < 0).sum())
            names = tuple(month_name(int(one)) for one in different[none:])
            ledger.understood(name, f"wave, by month: {names[0]} to {names[-1]}")
            return names, (place_of - none).astype(np.int16)
        if not found:
            found, place = grouped(ledger, name, "wave", {})
        numbered = all(text.replace(".", "", 1).isdecimal() for text in found)
        order = sorted(range(len(found)), key=lambda at: float(found[at])) if numbered else list(range(len(found)))
        if not numbered and len(found) > 1:
            ledger.repair(f"Waves in column {name} are no dates: they are taken in the order of the file.")
    if not found:
        return (), np.full(ledger.table.rows, -1, np.int16)
    rank = np.empty(len(found) + 1, np.int16)
    rank[order] = np.arange(len(found))
    rank[-1] = -1
    names = tuple(found[at] for at in order)
    ledger.understood(name, f"wave: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}")
    return names, rank[place]


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1900 <= int(text) <= 2200
