"""Parquet files to tables."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cxmodel.evidence.readers.problems import refusal
from cxmodel.evidence.readers.table import Column, Table, column_of, names_of

MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 100_000_000
UNPACKED: Final = 2_000_000_000
"""Bytes that the columns may be unpacked."""


def parquet_table(name: str, file: str) -> Table:
    """The table of a Parquet file; a row's line is its number, counted from 1."""
    try:
        opened = pq.ParquetFile(file)
        about = opened.metadata
        rows, width = about.num_rows, about.num_columns
        unpacked = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
        if rows > MOST_ROWS or rows * width > MOST_CELLS or unpacked > UNPACKED:
            message = f"there are {rows:,} rows and {width:,} columns, {unpacked / 1e6:,.0f} MB unpacked"
            hint = f"at most {MOST_ROWS:,} rows, {MOST_CELLS:,} cells and {UNPACKED // 1_000_000:,} MB"
            raise refusal("CXM602", file, message, hint)
        repaired: list[str] = []
        said = opened.schema_arrow.names
        columns: dict[str, Column] = {}
        for place, (column, called) in enumerate(zip(names_of(said, repaired), said, strict=True)):
            kind = opened.schema_arrow.field(place).type
            if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
                repaired.append(f"Column {column} holds no plain values and was left out.")
                continue
            columns[column] = column_of(column, _texts(opened.read([called], use_threads=False).column(0)))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        hint = "a Parquet file that its program has saved whole"
        raise refusal("CXM601", file, f"this Parquet file cannot be read ({type(error).__name__})", hint) from None
    if not rows or not columns:
        raise refusal("CXM608", file, "there are no rows in it", "a table with rows")
    lines = np.arange(1, rows + 1, dtype=np.int64)
    return Table(name, file, columns, rows, lines, repaired=repaired)


def _texts(values: Any) -> Any:
    """The values as texts."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    return values.cast(pa.string())
