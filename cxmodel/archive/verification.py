"""Whether a kept run can be made again here: played once more and compared, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from cxmodel.archive.store import Archive, machine
from cxmodel.results.metrics import METRICS
from cxmodel.results.result import TABLES, Result
from cxmodel.results.timeline import SERIES
from cxmodel.simulation.simulate import simulate
from cxmodel.vocabulary import Floats

Verdict = Literal["same", "different", "damaged"]
CAUSES: Final = ("model", "version", "python", "machine")
"""What of a manifest may explain that numbers differ, beside the libraries."""
NAMES: Final = ("metric", "touchpoint", "attribute", "measure", "cause", "month", "segment")
"""Columns that say what a row is about."""


class Difference(NamedTuple):
    """A figure that is not what it was."""

    table: str
    about: str
    """The row, such as `nps all`, and the column where it is not the value."""
    was: Any
    now: Any

    @property
    def by(self) -> float | None:
        """How much more it is now; None where it is not about a number."""
        numbers = all(isinstance(each, float | int) for each in (self.was, self.now))
        return self.now - self.was if numbers else None


class Cause(NamedTuple):
    """Something that was otherwise when the run was made."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of playing a run again."""

    id: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    """Other versions than when it was made; they need not have changed anything."""
    damaged: tuple[str, ...] = ()
    """Files that are missing or not as they were written."""


def verify(
    archive: Archive, start: str, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Verified:
    """Play a kept run again and compare every table and every replication with what was kept."""
    id = archive.whole_id(start)
    if damaged := archive.damage(id):
        return Verified(id, "damaged", damaged=tuple(damaged))
    kept = archive.open(id)
    fresh = simulate(
        kept.scenario,
        kept.plan,
        future=kept.future,
        replications=kept.replications,
        seed=kept.seed,
        jobs=jobs,
        progress=progress,
        engine=kept.engine,
    )
    found = (*differences(kept, fresh), *_inside(kept, fresh))
    now = fresh.manifest | {"machine": machine()}  # its scenario is read anew, and may mean something else by now
    return Verified(id, "different" if found else "same", found, tuple(_causes(kept.manifest, now)))


def differences(was: Result, now: Result) -> Iterator[Difference]:
    """Where the tables of two results are not the same, bit for bit."""
    for table in TABLES:
        before, after = _by_name(was.rows(table)), _by_name(now.rows(table))
        for name in [*before, *(name for name in after if name not in before)]:
            old, new = before.get(name, {}), after.get(name, {})
            for column in [*old, *(column for column in new if column not in old)]:
                if not _same(old.get(column), new.get(column)):
                    about = name if column == "value" else f"{name} {column}"
                    yield Difference(table, about, old.get(column), new.get(column))


def _inside(was: Result, now: Result) -> Iterator[Difference]:
    """Where single replications are not the same: the first of each metric and each series."""
    for metric in METRICS:
        yield from _unlike("samples", metric, was.tables.samples(metric), now.tables.samples(metric))
    for metric in SERIES:
        (first, before), (begin, after) = was.tables.course(metric), now.tables.course(metric)
        if first != begin:
            yield Difference("course", f"{metric} first month", first, begin)
        yield from _unlike("course", metric, before, after)


def _unlike(table: str, metric: str, was: Floats, now: Floats) -> Iterator[Difference]:
    if was.shape != now.shape:
        yield Difference(table, f"{metric} rows", was.size, now.size)
        return
    places = np.argwhere(_bits(was) != _bits(now))
    if len(places):
        place = tuple(places[0].tolist())
        about = f"{metric} in replication {place[0] + 1}"
        yield Difference(table, about, _plain(was[place]), _plain(now[place]))


def _bits(values: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Floats as their bits, every nan alike."""
    return np.where(np.isnan(values), np.nan, values).astype(np.float64).view(np.int64)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other and repr(one) == repr(other))


def _by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows by what they are about."""
    return {
        " ".join(str(row[name]) for name in NAMES if name in row): {k: v for k, v in row.items() if k not in NAMES}
        for row in rows
    }


def _causes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    """What was otherwise when the run was made."""
    pairs = [("scenario", was["scenario"]["hash"][:16], now["scenario"]["hash"][:16])]
    pairs += [(name, was.get(name), now.get(name)) for name in CAUSES]
    before, after = was.get("libraries", {}), now.get("libraries", {})
    pairs += [(name, before.get(name), after.get(name)) for name in {**before, **after}]
    yield from (Cause(name, str(old), str(new)) for name, old, new in pairs if old != new)
