"""How the workbench is started: where its page is, and the safe settings it is served with.

The page and its settings are beside the package in a checkout and inside it in an installed wheel. Knows nothing of its
doings.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from cxmodel.errors import UsageError
from cxmodel.workspace import WORKSPACE


def page() -> Path:
    """The file of the page."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_app" / "app.py", package.parent / "app.py"):
        if place.is_file():
            return place
    raise UsageError("This installation has no page to show: app.py is missing. Install cxmodel again.")


def settings() -> dict[str, Any]:
    """Streamlit's settings by name, from the file beside the page: `streamlit run app.py` reads it too."""
    tables = tomllib.loads((page().parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    tables |= {f"theme.{look}": options for look, options in tables.pop("theme").items()}
    return {f"{table}.{name}": value for table, options in tables.items() for name, value in options.items()}


def page_command(port: int | None = None, headless: bool = False) -> list[str]:
    """The command that serves the page, its settings said where no other configuration file can loosen them."""
    options = [
        f"--{name}={value}"
        for name, values in settings().items()
        for value in (values if isinstance(values, list) else [values])
    ]
    if port is not None:
        options.append(f"--server.port={port}")
    if headless:
        options.append("--server.headless=true")
    return [sys.executable, "-m", "streamlit", "run", str(page()), *options]


def environment(folder: Path | None) -> dict[str, str]:
    """The surroundings of the page: ours, and the folder to work in."""
    workspace = (folder or Path()).resolve()
    if not workspace.is_dir():
        raise UsageError(f"{folder}: there is no such folder to work in")
    return {**os.environ, WORKSPACE: str(workspace)}
