"""How the workbench is started: where its page is, and the safe settings it is served with.

The page is beside the package in a checkout and inside it in an installed wheel. Knows nothing of its doings.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from cxmodel.errors import UsageError
from cxmodel.workspace import WORKSPACE

SETTINGS: Final = {
    "server.address": "127.0.0.1",  # this computer only
    "server.allowedHosts": ("localhost", "127.0.0.1"),  # no other name may lead here (DNS rebinding)
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableAgentApi": "false",
    "server.enableStaticServing": "false",
    "server.maxUploadSize": "2",  # MB
    "server.showEmailPrompt": "false",  # a first start must not wait for an answer in the terminal
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "runner.fastReruns": "false",  # one drawing at a time: else the next touch is answered beside the one before it
    "runner.postScriptGC": "false",  # it took two thirds of the server's time; Python collects when there is need
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
    "theme.light.primaryColor": "#0b5fa5",  # the blue of what was lived, not the red of an alarm
    "theme.dark.primaryColor": "#6cb8f2",  # named for each look: a theme without a look is always light
}
"""Streamlit's settings, given on its command line, where no configuration file can loosen them."""


def page() -> Path:
    """The file of the page."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_app" / "app.py", package.parent / "app.py"):
        if place.is_file():
            return place
    raise UsageError("This installation has no page to show: app.py is missing. Install cxmodel again.")


def page_command(port: int | None = None, headless: bool = False) -> list[str]:
    """The command that serves the page."""
    options = [
        f"--{name}={value}"
        for name, values in SETTINGS.items()
        for value in ((values,) if isinstance(values, str) else values)
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
