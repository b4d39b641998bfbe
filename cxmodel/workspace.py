"""Where the workspace is, and in it the archive of runs and its index. Reads and writes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

WORKSPACE: Final = "CXMODEL_WORKSPACE"
"""The environment variable that tells the page which folder to work in."""
ASKED_FOR: Final = "CXMODEL_ARCHIVE"
"""The environment variable that names the archive's folder."""
INDEX: Final = "CXMODEL_INDEX"
"""The environment variable that names a team's database, in place of a file of SQLite beside the runs."""
NAME: Final = ".cxmodel"
MARKS: Final = (f"{NAME}/runs", ".git", "scenario.schema.json")
"""What marks the top of a workspace: not `.cxmodel` alone, which a page opened for a folder below keeps drafts in."""


def index(runs: Path) -> str:
    """The address of the index of the archive in this folder, for SQLAlchemy."""
    return os.environ.get(INDEX) or f"sqlite:///{runs / 'index.sqlite'}"


def folder() -> Path:
    """The archive's folder, there or not: as asked for, else `.cxmodel` at the top of the workspace.

    That is the nearest folder, from the one worked in upwards, with one of the marks; without any, the one worked in.
    """
    if asked := os.environ.get(ASKED_FOR):
        return Path(asked).expanduser().absolute()
    here = Path(os.environ.get(WORKSPACE) or Path.cwd()).absolute()
    marked = (place for place in (here, *here.parents) if any((place / mark).exists() for mark in MARKS))
    return next(marked, here) / NAME
