"""The files to choose from: the stories that come with cxmodel, and the scenarios of the workspace, which win."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cxmodel import workspace
from cxmodel.scenario import stories

FIRST: Final = "pretty_app"
"""The story shown to who has not chosen one."""
MOST: Final = 100
"""Files of a workspace that are offered."""


def shelf() -> dict[str, Path]:
    """The files by id, the first story first."""
    found = stories() | own()
    return dict(sorted(found.items(), key=lambda item: (item[0] != FIRST, item[0])))


def own() -> dict[str, Path]:
    """The scenarios of the workspace."""
    if not os.environ.get(workspace.WORKSPACE):
        return {}
    return {file.stem: file for file in sorted(workspace.folder().glob("*.yaml"))[:MOST] if _is_scenario(file)}


def _is_scenario(file: Path) -> bool:
    """Any YAML may lie in a workspace; a scenario says `schema:` at the start of a line."""
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return any(line.startswith("schema:") for line in text.readlines(65536))
    except OSError:
        return False
