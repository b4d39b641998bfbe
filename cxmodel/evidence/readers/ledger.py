"""The account of a table while it is being read: what was understood, dropped and put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxmodel.errors import EvidenceError
from cxmodel.evidence.readers.mapping import FileMapping
from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.scales import likely_scale, scale_named
from cxmodel.evidence.readers.table import Column, Numbers, Table, counted, numbers
from cxmodel.evidence.tables import Dropped, FileAccount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.evidence.readers.times import Moments
    from cxmodel.vocabulary import Floats

MISSING_WORDS: Final = frozenset(
    ("", "-", "--", ".", "?", "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "missing", "not applicable",
     "don't know", "dont know", "dk", "refused", "no answer", "keine angabe", "k.a.", "k. a.", "ka", "weiß nicht",
     "weiss nicht", "nicht zutreffend")
)  # fmt: skip
"""Words that stand for a missing answer in any file."""


class Ledger:
    """What is noted of a table and of its columns as they become numbers."""

    def __init__(self, table: Table, mapping: FileMapping) -> None:
        self.table = table
        self.mapping = mapping
        self.columns: dict[str, str] = {}
        self.coded: dict[str, int] = {}
        """How many cells of a column hold a number that stands for a missing answer."""
        self.dropped: list[Dropped] = list(table.dropped)
        self.repaired: list[str] = list(table.repaired)
        self._words = MISSING_WORDS | {code.casefold() for code in mapping.missing}
        self._codes = _numbers_of(mapping.missing)

    def column(self, name: str) -> Column:
        """A column of the table."""
        return self.table.columns[name]

    def understood(self, name: str, words: str) -> None:
        """Note what a column was understood to be."""
        self.columns[name] = words

    def drop(self, why: str, rows: NDArray[np.bool_], column: str = "") -> None:
        """Note the rows, or cells of a column, that could not be used."""
        if count := int(rows.sum()):
            examples = self.table.examples(rows, self.table.columns[column] if column else None)
            self.dropped.append(Dropped(why, count, examples))

    def repair(self, sentence: str) -> None:
        """Note what was put right."""
        if sentence not in self.repaired:
            self.repaired.append(sentence)

    def missing(self, name: str) -> NDArray[np.bool_]:
        """The rows in which a word for a missing answer stands."""
        words = self._words | {code.casefold() for code in self.mapping.columns[name].missing}
        made: NDArray[np.bool_] = self._few(self.column(name), words)
        return made

    def _few(self, column: Column, words: frozenset[str] | set[str]) -> NDArray[np.bool_]:
        """The rows in which one of a few words stands."""
        found = pc.is_in(pc.utf8_lower(column.values), value_set=pa.array(sorted(words), pa.string()))
        made: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False).astype(bool)[column.codes]
        return made

    def numbers(self, name: str, what: str = "no number") -> Numbers:
        """The numbers of a column; cells in which something else stands are noted as dropped."""
        found = numbers(self.column(name), self.table.comma)
        for sentence in found.repaired:
            self.repair(sentence)
        own = _numbers_of(self.mapping.columns[name].missing)
        if own:
            found.value[np.isin(found.value, own)] = np.nan
        self.drop(f"{what} in column {name}", found.unreadable & ~self.missing(name), name)
        return found

    def points(self, name: str) -> tuple[Floats, str]:
        """The answers of a column as points from 0 to 100, and its scale; what lies outside is noted as dropped.

        Raises EvidenceError where most answers lie outside.
        """
        said = self.mapping.columns[name]
        found = self.numbers(name)
        value = found.value
        named = scale_named(said.scale)
        if named is None:
            likely = likely_scale(*_counted(value), recommend=said.role == "recommend")
            named = (
                scale_named(likely[0])
                if likely
                else scale_named("0 to 10" if said.role == "recommend" else "five stars")
            )
        assert named is not None
        scale, turned = named
        good = scale.holds(value)
        coded = ~good & (np.isin(value, self._codes) | np.isin(value, _numbers_of(said.missing)))
        self.coded[name] = int(coded.sum())
        outside = ~good & ~coded & np.isfinite(value)
        wrong, right = int(outside.sum()), int(good.sum())
        if wrong > right:
            likely = likely_scale(*_counted(value[~coded]), recommend=said.role == "recommend")
            hint = f"`scale: {likely[0]}`" if likely and likely[0] != scale.name else "the right scale, or another role"
            message = f"most answers of column {name} ({wrong:,} of {wrong + right:,}) lie outside {scale.name}"
            line = int(self.table.lines[np.flatnonzero(outside)[0]])
            raise refusal("CXM605", self.table.file, message, f"they look like another scale: {hint}", line)
        self.drop(f"outside {scale.name} in column {name}", outside, name)
        value = np.where(good, value, np.nan)
        if turned:
            value = scale.low + scale.high - value
        return scale.points(value), scale.name + (" reversed" if turned else "")

    def refuse_ambiguous(self, name: str, found: Moments) -> None:
        """Dates of which nobody can tell day from month are asked for. Raises EvidenceError."""
        if found.ambiguous < 0:
            return
        cell = self.column(name).shown(found.ambiguous)
        message = f"column {name} holds dates such as `{cell}`, of which nobody can tell day from month"
        hint = f"under {self.table.name} in the mapping, `dates: day first` or `dates: month first`"
        raise refusal("CXM606", self.table.file, message, hint, int(self.table.lines[found.ambiguous]))

    def nothing(self, what: str) -> EvidenceError:
        """The error of a table of which no row can be used."""
        reasons = "; ".join(f"{each.why}: {each.rows:,}" for each in self.dropped[:6]) or "every cell is empty"
        return refusal(
            "CXM608", self.table.file, f"no row of {self.table.name} can be used: {what}", f"dropped: {reasons}"
        )

    def lacks(self, what: str) -> EvidenceError:
        """The error of a table without a column that it needs."""
        message = f"{self.table.name} was understood as {self.mapping.kind}, and no column tells {what}"
        hint = f"say in the mapping which of its columns does: {', '.join(list(self.table.columns)[:12])}"
        return refusal("CXM603", self.table.file, message, hint)

    def account(self, used: int) -> FileAccount:
        """What was understood of the table."""
        said = self.mapping.columns
        columns = [
            (name, self.columns.get(name, "left out"))
            for name in [*said, *(name for name in self.table.columns if name not in said)]
        ]
        rows = self.table.rows + self.table.skipped
        return FileAccount(
            self.table.name, self.mapping.kind, rows, used, tuple(columns), tuple(self.dropped), tuple(self.repaired)
        )


def _numbers_of(codes: tuple[str, ...]) -> list[float]:
    """The codes that are numbers."""
    found = []
    for code in codes:
        try:
            found.append(float(code))
        except ValueError:
            continue
    return found


def _counted(value: Floats) -> tuple[Floats, Floats]:
    """Different numbers, and how often each stands."""
    different, counts = np.unique(value[np.isfinite(value)], return_counts=True)
    return different, counts.astype(float)


def once(ledger: Ledger, name: str | None) -> NDArray[np.bool_]:
    """The rows to keep where one id stands in several: the first of each; repeated whole rows are told only."""
    table = ledger.table
    keep = np.ones(table.rows, bool)
    if name is not None:
        _, first = np.unique(ledger.column(name).codes, return_index=True)
        keep = ledger.missing(name)
        keep[first] = True
        ledger.drop(f"an id that an earlier row has, in column {name}", ~keep)
        return keep
    mixed = np.zeros(table.rows, np.uint64)
    for column in table.columns.values():
        mixed = (mixed ^ column.codes.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    again = table.rows - np.unique(mixed).size
    if again and again < table.rows * 0.5:
        ledger.repair(
            f"{counted(int(again), 'row')} said the same as an earlier one; without a column of ids nobody can tell "
            "repeats from equal answers, so all were kept."
        )
    return keep
