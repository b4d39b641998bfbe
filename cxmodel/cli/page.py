"""The verb that opens the workbench."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxmodel.cli.common import verbs


@verbs.command(
    epilog="""\b
Examples:
  cxmodel app
  cxmodel app my_scenarios --port 8600
"""
)
def app(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="The folder to work in. [default: this one]", show_default=False),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="N", help="The port to listen on. [default: 8501]")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser window.")] = False,
) -> None:
    """Open the workbench in the browser. It answers to this computer only; Ctrl-C stops it."""
    from cxmodel.serving import environment, page_command

    command = page_command(port=port, headless=headless)
    surroundings = environment(folder)
    if os.name == "posix":
        sys.stderr.flush()
        os.execve(command[0], command, surroundings)  # one process: signals reach the server itself
    raise typer.Exit(subprocess.call(command, env=surroundings))
