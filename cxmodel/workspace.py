"""Where the workspace is, and in it the archive of runs, its index and the drafts. Reads and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

WORKSPACE: Final = "CXMODEL_WORKSPACE"
"""The environment variable that tells the page which folder to work in."""
ASKED_FOR: Final = "CXMODEL_ARCHIVE"
"""The environment variable that names the archive's folder."""
INDEX: Final = "CXMODEL_INDEX"
"""The environment variable that names a team's database, in place of a file of SQLite beside the runs."""
NAME: Final = ".cxmodel"
SHARED: Final = (".git", "scenario.schema.json")
"""What marks the top of a folder of scenarios that is shared: no scenario builds on files outside."""
MARKS: Final = (f"{NAME}/runs", *SHARED)
"""What marks the top of a workspace: not `.cxmodel` alone, which a page opened for a folder below keeps drafts in."""


def folder() -> Path:
    """The folder that is worked in: the one the page was opened for, else the current one."""
    return Path(os.environ.get(WORKSPACE) or Path.cwd())


def top(folder: Path, marks: Sequence[str] = MARKS) -> Path:
    """The nearest folder, from this one upwards, with one of the marks; this one without any."""
    marked = (above for above in (folder, *folder.parents) if any(os.path.exists(above / mark) for mark in marks))
    return next(marked, folder)


def archive() -> Path:
    """The archive's folder, there or not: as asked for, else `.cxmodel` at the top of the workspace."""
    if asked := os.environ.get(ASKED_FOR):
        return Path(asked).expanduser().absolute()
    return top(folder().absolute()) / NAME


def index(runs: Path) -> str:
    """The address of the index of the archive in this folder, for SQLAlchemy."""
    return os.environ.get(INDEX) or f"sqlite:///{runs / 'index.sqlite'}"


def drafts(workspace: Path) -> Path:
    """The folder of the drafts of a workspace."""
    return workspace / NAME / "drafts"
