"""Keeping runs and finding them again: one folder a run, named by the fingerprint of all that makes its numbers.

The same run has the same name wherever it is played, so that it is kept once. Studies are kept likewise.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cxmodel import atomic_files, workspace
from cxmodel.archive.entry import Kept, when
from cxmodel.archive.stored_tables import MANIFEST, SCENARIO, Saved, damage, files_of, manifest_of, seals_of
from cxmodel.errors import ArchiveError, ScenarioError, StorageError
from cxmodel.results import fingerprint
from cxmodel.results.request import Engine, RunRequest
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.characters import visible
from cxmodel.simulation.simulate import simulate_all
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    from cxmodel.archive.index import Index

SHORT: Final = 8
"""Signs of an id that is shown, as long as they tell it apart."""
LATEST: Final = "latest"
"""In place of an id: the run that was kept last."""
LATELY: Final = 3
"""How many runs an error names."""
_ID: Final = re.compile("[0-9a-f]{64}")
_START: Final = re.compile("[0-9a-f]{4,64}")


class Archive:
    """The kept runs of a folder; without one, of the workspace (see `cxmodel.workspace`).

    `index` is the address of the database to look runs up in; without one, an SQLite file in the folder.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, index: str | None = None) -> None:
        self.folder = workspace.archive() if folder is None else Path(folder).absolute()
        self._runs = self.folder / "runs"
        self._address = index

    def keep(self, result: Result, seconds: float | None = None) -> str:
        """Keep a result and give its id; one that is kept already stays. Raises ArchiveError where it cannot be.

        `seconds` is how long it took to play.
        """
        id = self.id_of(result)
        if self._is_whole(id):
            return id
        files = files_of(result)
        told = _manifest(id, result, seconds) | {"files": seals_of(files)}
        files[MANIFEST] = (json.dumps(told, indent=2, allow_nan=False) + "\n").encode()
        try:
            self._begin()
            atomic_files.put(self._runs / id, files)
            if not self._is_whole(id):
                atomic_files.put(self._runs / id, files, instead=True)
        except OSError as error:
            raise _not_kept(error, self.folder) from None
        return id

    def keep_all(self, results: Sequence[Result], seconds: float | None = None) -> list[str]:
        """Keep results, and with each plan's what its return was told against, which was played with it.

        `seconds` is how long playing all of them took.
        """
        each = None if seconds is None else seconds / len(results)
        for result in results:
            baseline = result.wanted.baseline
            if result.made is None and baseline is not None and self.get(baseline) is None:
                self.keep(simulate_all([baseline])[0], each)
        return [self.keep(result, each) for result in results]

    def id_of(self, run: Result | RunRequest) -> str:
        """The id under which a run is kept, there or not, if this model plays it."""
        made = run.made if isinstance(run, Result) else None
        if made is not None:
            return _id(made)
        model = fingerprint.of(run.engine)
        return _id_of(run.scenario.hash, run.plan, run.future, run.seed, run.replications, model)

    def get(self, wanted: RunRequest) -> Result | None:
        """The kept result of a run that somebody wants, made by this model; None where there is none."""
        id = self.id_of(wanted)
        return self.open(id) if self._is_whole(id) else None

    def beside(self, result: Result, plan: str) -> Result | None:
        """The kept result of another plan, all else being the same, the model too; None where there is none."""
        made = None if result.made is None else {**result.made, "plan": plan}
        id = self.id_of(replace(result, plan=plan, made=made))
        return self.open(id) if self._is_whole(id) else None

    def open(self, start: str) -> Result:
        """The result of a run by its id, or by as many signs of its beginning as tell it apart."""
        id = self.whole_id(start)
        manifest = self.manifest(id)
        saved = Saved(self._runs / id, manifest)
        name = f"{visible(str(manifest['file']))} (run {id[:SHORT]})"
        try:
            scenario = loads(saved.content(SCENARIO).decode(), name)
        except ScenarioError as error:
            raise ArchiveError(f"run {id[:SHORT]} was made from a scenario that is none any more:\n{error}") from None
        future, seed, replications = (manifest[key] for key in ("future", "seed", "replications"))
        engine = manifest.get("engine", "fast")
        return Result(scenario, manifest["plan"], seed, replications, future, saved, manifest, engine)

    def manifest(self, id: str) -> dict[str, Any]:
        """What a run's manifest says. Raises ArchiveError where it cannot be read or is not that of the run."""
        found = manifest_of(self._runs / id)
        if found is None or _id(found) != id:
            raise ArchiveError(f"run {id[:SHORT]} is damaged: its {MANIFEST} is missing or not as it was written.")
        return found

    def damage(self, id: str) -> list[str]:
        """The files of a run that are missing or not as they were written."""
        manifest = manifest_of(self._runs / id)
        return [MANIFEST] if manifest is None or _id(manifest) != id else damage(self._runs / id, manifest)

    def whole_id(self, start: str) -> str:
        """The id that begins so; `latest` is the newest. Raises ArchiveError, naming what there is, where none fits."""
        if start == LATEST and (found := self.find(limit=1)):
            return found[0].id
        fitting = sorted(id for id in self.ids() if id.startswith(start)) if _START.fullmatch(start) else []
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            several = ", ".join(id[: len(start) + 4] for id in fitting[: 2 * LATELY])
            raise ArchiveError(f"{len(fitting)} runs begin with {start!r}: {several}. Give more of its signs.")
        raise ArchiveError(f"there is no kept run {start!r}. {self._lately()}")

    def short(self, id: str) -> str:
        """As much of an id as tells it apart here, but not less than one would want to see."""
        ids = self.ids() | {id}
        return next(id[:signs] for signs in range(SHORT, 65) if len({one[:signs] for one in ids}) == len(ids))

    def ids(self) -> set[str]:
        """The ids of all kept runs."""
        try:
            return {entry.name for entry in os.scandir(self._runs) if _ID.fullmatch(entry.name)}
        except OSError:
            return set()

    def find(
        self,
        *,
        scenario_hash: str | None = None,
        file: str | None = None,
        scenario: str | None = None,
        plan: str | None = None,
        future: str | None = None,
        seed: int | None = None,
        replications: int | None = None,
        model: str | None = None,
        engine: Engine | None = None,
        limit: int | None = None,
    ) -> list[Kept]:
        """Kept runs, newest first; what is None is no condition."""
        if not self._runs.is_dir():
            return []
        self._index.follow(self.ids, lambda id: manifest_of(self._runs / id))
        return self._index.find(
            limit,
            scenario_hash=scenario_hash,
            file=file,
            scenario=scenario,
            plan=plan,
            future=future,
            seed=None if seed is None else str(seed),
            replications=replications,
            model=model,
            engine=engine,
        )

    def of_file(self, file: str | os.PathLike[str], scenario: Scenario) -> list[Kept]:
        """The runs of a file, those of its other versions too: by its name, or by its scenario's."""
        runs = {run.id: run for run in [*self.find(file=Path(file).name), *self.find(scenario=scenario.name)]}
        return sorted(runs.values(), key=lambda run: run.kept, reverse=True)

    def latest(self, file: str | os.PathLike[str], plan: str | None = None) -> Result:
        """The latest run of a file's scenario as it is now; runs of the reference are asked for by their id.

        Raises ArchiveError, saying how to get one.
        """
        return self.open(self.as_it_is(file, plan)[0].id)

    def as_it_is(self, file: str | os.PathLike[str], plan: str | None = None) -> list[Kept]:
        """The runs of a file's scenario as it is now, newest first, those of the reference left out.

        Raises ArchiveError, saying how to get one, where there is none.
        """
        scenario = load(file)
        if found := self.find(scenario_hash=scenario.hash, plan=plan, engine="fast"):
            return found
        option = "" if plan is None else f" --plan {plan}"
        how = f"Run it first: cxmodel run {os.fspath(file)}{option}"
        older = [run for run in self.of_file(file, scenario) if plan in (None, run.plan) and run.engine == "fast"]
        if not older:
            raise ArchiveError(f"{os.fspath(file)} has not been run{' under ' + plan if plan else ''} yet. {how}")
        last = older[0]
        raise ArchiveError(
            f"{os.fspath(file)} has changed since it was run last, on {when(last.kept)} (run {self.short(last.id)}, "
            f"plan {last.plan}). {how}"
        )

    def keep_study(self, kind: str, key: Any, document: Any) -> str:
        """Keep a study's document under what it was made from (anything that JSON holds) and the model."""
        file = self._study(kind, key)
        try:
            self._begin()
            atomic_files.put_file(file, (json.dumps(document, allow_nan=False) + "\n").encode())
        except OSError as error:
            raise _not_kept(error, self.folder) from None
        return file.stem

    def study(self, kind: str, key: Any) -> Any:
        """The kept document of a study; None where there is none that can be read."""
        try:
            return json.loads(self._study(kind, key).read_bytes())
        except (OSError, ValueError):
            return None

    def figures(self, name: str) -> Any:
        """The figures of one of many runs, kept under this name; None where there are none that can be read."""
        try:
            return json.loads(self._figures(name).read_bytes())
        except (OSError, ValueError):
            return None

    def keep_figures(self, name: str, figures: Mapping[str, Any]) -> None:
        """Keep the figures of one of many runs; implements `cxmodel.simulation.batch.Store`. Raises ArchiveError."""
        try:
            self._begin()
            atomic_files.put_file(self._figures(name), (json.dumps(figures, allow_nan=False) + "\n").encode())
        except OSError as error:
            raise _not_kept(error, self.folder) from None

    def _figures(self, name: str) -> Path:
        return self.folder / "figures" / name[:2] / f"{name}.json"

    def _study(self, kind: str, key: Any) -> Path:
        made_from = json.dumps([kind, key, fingerprint.model()], sort_keys=True, allow_nan=False)
        return self.folder / "studies" / kind / f"{hashlib.sha256(made_from.encode()).hexdigest()}.json"

    def _is_whole(self, id: str) -> bool:
        return not self.damage(id)

    def _begin(self) -> None:
        """Make the folder, which git need not look at, and take away what killed writers left."""
        self._runs.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            atomic_files.put_file(ignore, b"*\n")
        atomic_files.sweep(self._runs)

    def _lately(self) -> str:
        """The last runs in a sentence, for who named one that is not there."""
        if not (lately := self.find(limit=LATELY)):
            return f"None is kept in {self.folder} yet: `cxmodel run FILE` keeps one."
        told = ", ".join(f"{self.short(run.id)} ({run.scenario}, {run.plan})" for run in lately)
        return f"The latest are {told}; `cxmodel runs` lists them all."

    @cached_property
    def _index(self) -> Index:
        from cxmodel.archive.index import Index  # SQLAlchemy takes its time

        return Index(self._address or workspace.index(self.folder))


def machine() -> str:
    """The kind of machine, as far as it may change the last bit of a number."""
    import numpy as np

    found = np.show_config(mode="dicts")["SIMD Extensions"]
    return " ".join([platform.system(), platform.machine(), *found.get("found", found["baseline"])[-1:]])


def _id(manifest: Mapping[str, Any]) -> str:
    """The id of what a manifest tells of; empty where it is not one."""
    try:
        made_from = (manifest[key] for key in ("plan", "future", "seed", "replications", "model"))
        return _id_of(manifest["scenario"]["hash"], *made_from) if isinstance(manifest["files"], dict) else ""
    except (KeyError, TypeError):
        return ""


def _id_of(*made_from: str | int | None) -> str:
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def _not_kept(error: OSError, folder: Path) -> StorageError:
    return StorageError(
        f"the archive cannot be written to {error.filename or folder}: {error.strerror or error}. Make room there, or "
        f"name another folder with CXMODEL_ARCHIVE=DIR"
    )


def _manifest(id: str, result: Result, seconds: float | None) -> dict[str, Any]:
    """All that is needed to make the numbers again, and where they come from."""
    return {
        "run": id,
        **result.manifest,
        "segments": [*result.scenario.segments, EVERYONE],
        "file": os.path.basename(result.scenario.files[0]),
        "kept": datetime.now(UTC).isoformat(),
        "seconds": None if seconds is None else round(seconds, 3),
        "machine": machine(),
        "nps": result.metric("nps")._asdict(),
    }
