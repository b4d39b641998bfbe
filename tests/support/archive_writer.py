"""Processes that keep runs as fast as they can, for the tests that kill them: each notes what it was told is kept."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cxmodel.archive import Archive
from cxmodel.errors import ArchiveError
from cxmodel.results.result import Result


def keep_many(folder: str, result: Result, seeds: range, log: str, look_every: int) -> None:
    """Keep a run under many seeds, note each id once it is kept, and look at the list now and then."""
    archive = Archive(folder)
    noted = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for seed in seeds:
        id = archive.keep(replace(result, seed=seed))
        os.write(noted, f"{id}\n".encode())
        if seed % look_every == 0:
            archive.find(limit=5)


def keep_on_a_full_disk(folder: str, result: Result, log: str) -> None:
    """Keep a run where no file may grow beyond a few bytes, and note what was said."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    try:
        Archive(folder).keep(result)
    except ArchiveError as error:
        Path(log).write_text(str(error))


def keep_for_a_team(index: str, folder: str, result: Result, seeds: range, log: str) -> None:
    """The same with an index in a team's database; while that is out of reach nothing is listed, but all is kept."""
    archive = Archive(folder, index)
    for seed in seeds:
        id = archive.keep(replace(result, seed=seed))
        with open(log, "a", encoding="utf-8") as noted:
            noted.write(f"{id}\n")
        with suppress(ArchiveError):
            archive.find(limit=5)
