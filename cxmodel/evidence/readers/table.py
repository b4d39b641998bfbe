"""A table as it was read: columns of texts, the line of each row, and numbers made of texts in one sweep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxmodel.evidence.tables import Dropped
from cxmodel.scenario.faults import shorten

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

EXAMPLES: Final = 5
"""Rows that are listed of all that were dropped for one reason."""
LONGEST: Final = 30
"""Characters shown of a cell."""
LONGEST_NAME: Final = 60
"""Characters kept of a column's name."""
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_LIKE_A_NUMBER: Final = re.compile(r"[^\w\s]{0,3}\d[\d.,:/\-\s%T+]*\w{0,3}")
_LIKE_A_PHONE: Final = re.compile(r"[+(0]?\d[\d\s()/.-]{6,}\d")
_LIKE_A_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.{0,20}")
_OFTEN: Final = 3
"""Rows in which a word stands that is a category rather than what somebody wrote."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a file: its different texts, and which of them stands in each row."""

    name: str
    codes: NDArray[np.integer] = field(repr=False)
    values: Any = field(repr=False)
    """The different texts, without blanks around them, as an Arrow array."""
    counts: NDArray[np.int64] = field(repr=False)
    """In how many rows each text stands."""

    @property
    def empty(self) -> NDArray[np.bool_]:
        """The rows in which nothing stands."""
        found: NDArray[np.bool_] = _bools(pc.equal(self.values, ""))[self.codes]
        return found

    def texts(self) -> list[str]:
        """The different texts that stand in a row."""
        return [str(text) for text in self.values.to_pylist()]

    def each(self, made: Callable[[str], Any], kind: type) -> NDArray[Any]:
        """What is made of the text of each row; for columns with few different texts."""
        every: NDArray[Any] = np.array([made(text) for text in self.texts()], dtype=kind)[self.codes]
        return every

    def shown(self, row: int) -> str:
        """The cell of a row as an example shows it: a number or a category, never what somebody wrote."""
        code = int(self.codes[row])
        text = str(self.values[code].as_py())
        if not text:
            return "nothing"
        phone = _LIKE_A_PHONE.fullmatch(text) and not _LIKE_A_DATE.fullmatch(text)
        number = _LIKE_A_NUMBER.fullmatch(text) and sum(letter.isdigit() for letter in text) < 20 and not phone
        category = self.counts[code] >= _OFTEN and len(text) <= LONGEST and "@" not in text and not phone
        return shorten(text, LONGEST) if number or category else "a text"


@dataclass(slots=True, eq=False)
class Table:
    """A table of a file, with the lines its rows stand in and what was put right on the way."""

    name: str
    """What the mapping calls it: the file's name, and the sheet's where there are several."""
    file: str
    """The file as it was named."""
    columns: Mapping[str, Column] = field(repr=False)
    rows: int
    lines: NDArray[np.int64] = field(repr=False)
    comma: bool = False
    """Whether commas begin decimals, as they do where semicolons part the cells."""
    dropped: list[Dropped] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    skipped: int = 0
    """Rows of the file that are in no column, because their cells did not fit the columns."""

    def examples(self, rows: NDArray[np.bool_], column: Column | None = None) -> tuple[tuple[int, str], ...]:
        """The first rows of some, by line and what stands in a column there."""
        first = np.flatnonzero(rows)[:EXAMPLES]
        return tuple((int(self.lines[row]), column.shown(int(row)) if column else "") for row in first)


def counted(number: int, thing: str) -> str:
    """How many there are of something.

    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def column_of(name: str, texts: Any) -> Column:
    """A column of the texts of its rows, in an Arrow array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    found = texts.fill_null("").dictionary_encode()
    codes = found.indices.to_numpy(zero_copy_only=False)
    trimmed = pc.utf8_trim(found.dictionary, " \t\r\n\u00a0\u202f\ufeff\u200b")
    again = trimmed.dictionary_encode()
    if len(again.dictionary) < len(trimmed):
        codes = again.indices.to_numpy(zero_copy_only=False)[codes]
    values = again.dictionary
    codes = codes.astype(np.int16 if len(values) < 2**15 else np.int32)
    return Column(name, codes, values, np.bincount(codes, minlength=len(values)))


def names_of(said: Iterable[str], repaired: list[str]) -> list[str]:
    """Names of columns, none empty and none twice; what was done is told."""
    names: list[str] = []
    taken: set[str] = set()
    for place, text in enumerate(said, 1):
        plain = shorten(text.strip().strip('"'), LONGEST_NAME) if text.strip() else f"column {place}"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain} ({number})", number + 1
        if name != plain:
            repaired.append(f"A second column is called {plain}: it is read as {name}.")
        taken.add(name)
        names.append(name)
    return names


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The number in each row of a column, nan where none stands."""

    value: Floats = field(repr=False)
    unreadable: NDArray[np.bool_] = field(repr=False)
    """Rows where something stands that is no number."""
    percent: bool
    """Whether percent signs stand behind numbers."""
    repaired: tuple[str, ...] = ()


def numbers(column: Column, comma: bool = False) -> Numbers:
    """The numbers of a column, whichever way they are written: `4.5`, `4,5`, `1.234,5`, `45 %`, `5 - very good`."""
    values = column.values
    plain = pc.replace_substring_regex(values, "[\\s'’\u00a0\u2007\u2009\u202f]", "")
    plain = pc.replace_substring_regex(plain, "[−–]", "-")
    percent = _bools(pc.ends_with(plain, "%"))
    plain = pc.utf8_rtrim(plain, "%")
    said: list[str] = []
    with_comma = _bools(pc.match_substring(plain, ","))
    if with_comma.any():
        decimal = comma or _bools(pc.match_substring_regex(plain, r"^[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+)$")).any()
        if decimal:
            plain = pc.replace_substring_regex(plain, r"\.(\d{3})", r"\1")
            plain = pc.replace_substring(plain, ",", ".")
            if _bools(pc.match_substring_regex(plain, _NUMBER))[with_comma].any():
                said.append(f"Decimal commas in column {column.name} were read as points.")
        else:
            grouped = _bools(pc.match_substring_regex(plain, r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"))
            plain = pc.if_else(pa.array(grouped), pc.replace_substring(plain, ",", ""), plain)
            if grouped.any():
                said.append(f"Commas in column {column.name} were read as marks between thousands.")
    good = _bools(pc.match_substring_regex(plain, _NUMBER))
    led = pc.replace_substring_regex(
        values, r"^\s*(\d{1,3})\s*([-–=:)/]\s*\D.*|[Ss]ter[a-z]*|[Ss]tars?|/\s*10?0?)$", r"\1"
    )
    begins = ~good & _bools(pc.match_substring_regex(led, r"^\d{1,3}$"))
    if begins.any():
        said.append(f"Of cells such as `5 - very good` in column {column.name} the number was taken.")
    plain = pc.if_else(pa.array(begins), led, plain)
    good |= begins
    plain = pc.if_else(pa.array(good), plain, pa.scalar(None, pa.string()))
    found = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    found[~np.isfinite(found)] = np.nan
    unreadable = np.isnan(found) & ~_bools(pc.equal(values, ""))
    has_percent = bool((percent & good).any())
    return Numbers(found[column.codes], unreadable[column.codes], has_percent, tuple(said))


def _bools(found: Any) -> NDArray[np.bool_]:
    """Truths of an Arrow array."""
    made: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False).astype(bool)
    return made
