"""Tables as Parquet and back, every float with all its bits. Knows no result.

Columns are built from buffers: pyarrow's own constructors import pandas first, which takes longer than a small run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Values = Sequence[Any] | np.ndarray[Any, Any]


def parquet(columns: Mapping[str, Values]) -> bytes:
    """A table of named columns as the bytes of a Parquet file.

    None in a list and what an array masks are gaps; nan is a number.
    """
    table = pa.Table.from_arrays([_array(values) for values in columns.values()], names=list(columns))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows with the same keys as columns; no columns from no rows."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    return list(_read(content).to_pylist())


def numbers_of(content: bytes) -> dict[str, np.ma.MaskedArray[Any, np.dtype[np.float64]]]:
    """The columns of floats of a Parquet file by name, gaps masked."""
    table = _read(content)
    found = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if column.type == pa.float64():
            values = np.frombuffer(column.buffers()[1], np.float64)[column.offset : column.offset + len(column)]
            gaps = column.is_null().to_pylist() if column.null_count else False
            found[name] = np.ma.masked_array(values, gaps)
    return found


def _read(content: bytes) -> pa.Table:
    return pq.ParquetFile(pa.BufferReader(content)).read()


def _array(values: Values) -> pa.Array:
    """A column of floats, whole numbers, truths or texts, as its values are."""
    if isinstance(values, np.ndarray):
        return _numbers(values, (~np.ma.getmaskarray(values)).tolist() if np.ma.isMaskedArray(values) else None)
    known = [value is not None for value in values]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {str}:
        return _texts(values, known)
    if kinds == {bool}:
        held = np.packbits([bool(value) for value in values], bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [_gaps(known), pa.py_buffer(held)])
    number = np.int64 if kinds == {int} else np.float64
    return _numbers(np.array([0 if value is None else value for value in values], number), known)


def _numbers(values: np.ndarray[Any, Any], known: Sequence[bool] | None) -> pa.Array:
    kind = pa.int64() if values.dtype.kind == "i" else pa.float64()
    held = np.ascontiguousarray(np.ma.getdata(values), np.int64 if values.dtype.kind == "i" else np.float64)
    return pa.Array.from_buffers(kind, len(held), [_gaps(known), pa.py_buffer(held)])


def _texts(values: Sequence[Any], known: Sequence[bool]) -> pa.Array:
    written = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    buffers = [_gaps(known), pa.py_buffer(ends), pa.py_buffer(b"".join(written))]
    return pa.Array.from_buffers(pa.string(), len(written), buffers)


def _gaps(known: Sequence[bool] | None) -> pa.Buffer | None:
    """Arrow's bitmap of what is there; None where everything is."""
    return None if known is None or all(known) else pa.py_buffer(np.packbits(known, bitorder="little"))
