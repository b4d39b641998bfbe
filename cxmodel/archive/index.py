"""The index of kept runs, in SQL that any database understands. The folders are the truth: it only follows them.

Whoever asks lets it catch up first, so that keeping a run needs no database, and an index that is lost, broken or out
of reach costs no run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.pool import NullPool, StaticPool

from cxmodel.archive.entry import Kept
from cxmodel.errors import ArchiveError, StorageError
from cxmodel.scenario.characters import visible
from cxmodel.workspace import INDEX

RUNS: Final = sql.Table(
    "runs",
    sql.MetaData(),
    sql.Column("id", sql.String(64), primary_key=True),
    sql.Column("kept", sql.DateTime, nullable=False, index=True),  # UTC
    sql.Column("scenario", sql.Text, nullable=False),
    sql.Column("scenario_hash", sql.String(64), nullable=False, index=True),
    sql.Column("file", sql.Text, nullable=False),
    sql.Column("plan", sql.Text, nullable=False),
    sql.Column("future", sql.Text),
    sql.Column("seed", sql.String(20), nullable=False),  # up to 2^64 - 1, more than a whole number of SQL holds
    sql.Column("replications", sql.Integer, nullable=False),
    sql.Column("model", sql.String(64), nullable=False),
    sql.Column("engine", sql.String(16), nullable=False),
    sql.Column("version", sql.Text, nullable=False),
    sql.Column("seconds", sql.Float),
    sql.Column("nps", sql.Float),
    sql.Column("nps_low", sql.Float),
    sql.Column("nps_high", sql.Float),
)
MEMORY: Final = "sqlite://"
AT_ONCE: Final = 500
"""Ids in one statement: databases bound how many values it may have."""
PATIENCE: Final = 30
"""Seconds to wait for another process that writes to the same SQLite file."""

_REFUSED: Final = (IntegrityError, DataError, OverflowError, UnicodeError, TypeError, ValueError)
"""What a database or its driver says of a row that it does not take."""

Manifests = Callable[[str], Mapping[str, Any] | None]
"""The manifest of a run by its id; None where it cannot be read."""


class Index:
    """The index at an address such as `sqlite:////folder/index.sqlite`, or `postgresql://team@host/runs`."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)

    def follow(self, ids: Callable[[], set[str]], manifest_of: Manifests) -> None:
        """Take in the runs that are kept and not known, and drop those that are known and not kept.

        A broken SQLite file is made anew; where none can be written, the index is made in memory.
        """
        try:
            self._follow(ids, manifest_of)
        except DBAPIError as error:
            self._refuse(error)
            if not isinstance(error, OperationalError):  # not a database, or not whole
                Path(self.engine.url.database or "").unlink(missing_ok=True)
            else:
                self.engine = _engine(MEMORY)
            self._follow(ids, manifest_of)

    def find(self, limit: int | None, **wanted: Any) -> list[Kept]:
        """Runs by the values of columns, newest first; None is no condition."""
        ask = RUNS.select().order_by(RUNS.c.kept.desc(), RUNS.c.id).limit(limit)
        for name, value in wanted.items():
            if value is not None:
                ask = ask.where(RUNS.c[name] == (visible(value) if isinstance(value, str) else value))
        try:
            with self.engine.connect() as line:
                return [_kept(row._asdict()) for row in line.execute(ask)]
        except DBAPIError as error:
            self._refuse(error)
            why = _why(error)
            raise StorageError(
                f"the index of runs at {self.engine.url} cannot be read: {why}. Delete that file; it is made anew"
            ) from None

    def _refuse(self, error: DBAPIError) -> None:
        """Tell of a database that is away; an SQLite file is for the caller to see to."""
        if self.engine.dialect.name != "sqlite":
            why = _why(error)
            raise StorageError(
                f"the index of runs at {self.engine.url} cannot be used: {why}. No run is lost: give the command "
                f"again when the database answers, or without {INDEX}, which lists the same runs from their folder"
            ) from None

    def _follow(self, ids: Callable[[], set[str]], manifest_of: Manifests) -> None:
        _lay_out(self.engine)
        with self.engine.connect() as line:
            known = set(line.execute(sql.select(RUNS.c.id)).scalars())
        there = ids()  # asked after `known`: what is kept meanwhile is not taken for gone
        fresh = [row for id in sorted(there - known) if (row := _row(id, manifest_of(id))) is not None]
        if fresh:
            self._take_in(fresh)
        for some in _portions(sorted(known - there)):
            with self.engine.begin() as line:
                line.execute(RUNS.delete().where(RUNS.c.id.in_(some)))

    def _take_in(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; what another process was quicker with stays as it is, and what no database takes is left out."""
        try:
            with self.engine.begin() as line:
                line.execute(RUNS.insert(), rows)
        except _REFUSED:
            if len(rows) > 1:
                for row in rows:
                    self._take_in([row])


def _why(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split()).rstrip(".?")


def _engine(address: str) -> sql.Engine:
    """Raises ArchiveError for an address that is none, or of a database there is no driver for."""
    try:
        url = sql.make_url(address)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() != "sqlite":
            return sql.create_engine(url, poolclass=NullPool)  # the server may be started anew between two looks
    except ArgumentError:
        raise ArchiveError(f"{INDEX} is no address of a database: postgresql://user@host/name") from None
    except (ImportError, NoSuchModuleError) as error:
        raise ArchiveError(f"the index of runs needs a driver: pip install 'cxmodel[postgres]' ({error})") from None
    pool = NullPool if url.database else StaticPool  # a file is let go of after each use; memory lives with its line
    return sql.create_engine(url, poolclass=pool, connect_args={"timeout": PATIENCE})


def _lay_out(engine: sql.Engine) -> None:
    """Make the table where it is missing, or is that of another version."""
    found = sql.inspect(engine)
    if found.has_table(RUNS.name):
        if [column["name"] for column in found.get_columns(RUNS.name)] == RUNS.c.keys():
            return
        RUNS.drop(engine, checkfirst=True)
    try:
        with engine.begin() as line:
            line.execute(sql.schema.CreateTable(RUNS, if_not_exists=True))
            for index in RUNS.indexes:
                line.execute(sql.schema.CreateIndex(index, if_not_exists=True))
    except (IntegrityError, ProgrammingError):
        if not sql.inspect(engine).has_table(RUNS.name):  # else another process was quicker
            raise


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _row(id: str, manifest: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A manifest as a row, its texts fit for a database and a terminal; None where it is not one."""
    try:
        assert manifest is not None
        low, value, high = (_number(manifest["nps"][key]) for key in ("low", "value", "high"))
        row = {
            "id": id,
            "kept": datetime.fromisoformat(manifest["kept"]).astimezone(UTC).replace(tzinfo=None),
            "scenario": str(manifest["scenario"]["name"]),
            "scenario_hash": str(manifest["scenario"]["hash"]),
            "file": str(manifest["file"]),
            "plan": str(manifest["plan"]),
            "future": None if manifest["future"] is None else str(manifest["future"]),
            "seed": str(manifest["seed"]),
            "replications": int(manifest["replications"]),
            "model": str(manifest["model"]),
            "engine": str(manifest.get("engine", "fast")),
            "version": str(manifest["version"]),
            "seconds": _number(manifest["seconds"]),
            "nps": value,
            "nps_low": low,
            "nps_high": high,
        }
    except (AssertionError, KeyError, TypeError, ValueError, OverflowError):
        return None
    return {name: visible(value) if isinstance(value, str) else value for name, value in row.items()}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _kept(row: Mapping[str, Any]) -> Kept:
    row = {name: visible(value) if isinstance(value, str) else value for name, value in row.items()}
    return Kept(**{**row, "kept": row["kept"].replace(tzinfo=UTC), "seed": int(row["seed"])})
