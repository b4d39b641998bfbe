"""Where runs are kept: the folder that was asked for, else that of the workspace. Reads and writes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cxmodel.serving import WORKSPACE

ASKED_FOR: Final = "CXMODEL_ARCHIVE"
"""The environment variable that names the archive's folder."""
NAME: Final = ".cxmodel"
MARKS: Final = (f"{NAME}/runs", ".git", "scenario.schema.json")
"""What marks the top of a workspace: not `.cxmodel` alone, which a page opened for a folder below keeps drafts in."""


def folder() -> Path:
    """The archive's folder, there or not: as asked for, else `.cxmodel` at the top of the workspace.

    That is the nearest folder, from the one worked in upwards, with one of the marks; without any, the one worked in.
    """
    if asked := os.environ.get(ASKED_FOR):
        return Path(asked).expanduser().absolute()
    here = Path(os.environ.get(WORKSPACE) or Path.cwd()).absolute()
    marked = (place for place in (here, *here.parents) if any((place / mark).exists() for mark in MARKS))
    return next(marked, here) / NAME
