"""The tables of a run that was kept: read from its files when first asked for, never without checking them.

A table is a file of rows. `samples` has a row per replication and segment and a column per metric; `course` one per
replication, month and segment, with a gap where a series does not reach.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from cxmodel.errors import ArchiveError
from cxmodel.results.metrics import METRICS
from cxmodel.results.result import TABLES, Result
from cxmodel.results.timeline import SERIES
from cxmodel.vocabulary import EVERYONE, Floats

MANIFEST: Final = "manifest.json"
SCENARIO: Final = "scenario.yaml"
SAMPLES: Final = "samples.parquet"
COURSE: Final = "course.parquet"


def files_of(result: Result) -> dict[str, bytes]:
    """The files of a result, but for its manifest, by name."""
    from cxmodel.archive.parquet import columns_of, parquet

    files = {f"{table}.parquet": parquet(columns_of(result.tables.rows(table))) for table in TABLES}
    segments = [*result.scenario.segments, EVERYONE]
    files[SAMPLES] = parquet(_samples(result, segments))
    files[COURSE] = parquet(_course(result, segments))
    files[SCENARIO] = result.scenario.to_yaml().encode()
    return files


def seals_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """The fingerprint of each file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of a kept run; None where it is not there or cannot be read."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def damage(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The files that are missing, or not as they were written."""
    return [name for name in manifest["files"] if _content(folder, name, manifest) is None]


@dataclass(frozen=True)
class Saved:
    """The tables of a kept run; implements `cxmodel.results.result.Tables`."""

    folder: Path
    manifest: Mapping[str, Any]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table as rows."""
        return self._rows[table]

    def samples(self, metric: str) -> Floats:
        """One number per replication and segment, then all (R, S + 1); nan where its model knew no such metric."""
        return self._samples.get(metric, np.full((self._replications, len(self.manifest["segments"])), np.nan))

    def course(self, metric: str) -> tuple[int, Floats]:
        """The first month of a series over time, and its values by replication (R, months, S + 1)."""
        return self._courses[metric]

    def content(self, name: str) -> bytes:
        """A file as it was written. Raises ArchiveError where it is not there, or not so any more."""
        found = _content(self.folder, name, self.manifest)
        if found is None:
            raise ArchiveError(
                f"run {self.folder.name[:12]} is damaged: {name} is missing or not as it was written. What it told "
                f"cannot be shown; play it again with `cxmodel run`, and it is kept anew."
            )
        return found

    @cached_property
    def _rows(self) -> _Rows:
        return _Rows(self)

    @cached_property
    def _samples(self) -> dict[str, Floats]:
        from cxmodel.archive.parquet import numbers_of

        columns = numbers_of(self.content(SAMPLES))
        return {name: np.ma.getdata(column).reshape(self._replications, -1) for name, column in columns.items()}

    @cached_property
    def _courses(self) -> dict[str, tuple[int, Floats]]:
        from cxmodel.archive.parquet import numbers_of

        segments = len(self.manifest["segments"])
        found: dict[str, tuple[int, Floats]] = {}
        for name, column in numbers_of(self.content(COURSE)).items():
            whole = column.reshape(self._replications, -1, segments)
            reached = np.flatnonzero(~np.ma.getmaskarray(whole)[0, :, 0])
            first, last = int(reached[0]), int(reached[-1])
            found[name] = first, np.ma.getdata(whole)[:, first : last + 1]
        return found

    @property
    def _replications(self) -> int:
        return int(self.manifest["replications"])


class _Rows(dict[str, list[dict[str, Any]]]):
    """Tables by name, each read when first asked for."""

    def __init__(self, saved: Saved) -> None:
        super().__init__()
        self.saved = saved

    def __missing__(self, table: str) -> list[dict[str, Any]]:
        from cxmodel.archive.parquet import rows_of

        self[table] = rows_of(self.saved.content(f"{table}.parquet"))
        return self[table]


def _content(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes | None:
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == manifest["files"].get(name) else None


def _samples(result: Result, segments: list[str]) -> dict[str, Any]:
    """A row per replication and segment, a column per metric."""
    columns: dict[str, Any] = {
        "replication": np.repeat(np.arange(result.replications), len(segments)),
        "segment": segments * result.replications,
    }
    return columns | {name: result.tables.samples(name).ravel() for name in METRICS}


def _course(result: Result, segments: list[str]) -> dict[str, Any]:
    """A row per replication, month and segment, a column per series."""
    series = {name: result.tables.course(name) for name in SERIES}
    months = max(first + values.shape[1] for first, values in series.values())
    rows = (result.replications, months, len(segments))
    replication, month, _ = np.indices(rows)
    columns: dict[str, Any] = {
        "replication": replication.ravel(),
        "month": month.ravel(),
        "segment": segments * (result.replications * months),
    }
    for name, (first, values) in series.items():
        whole = np.ma.masked_array(np.zeros(rows), True)
        whole[:, first : first + values.shape[1]] = values
        columns[name] = whole.ravel()
    return columns
