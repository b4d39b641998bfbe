"""The verbs about this installation: open the workbench, tell how it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxmodel.cli.options import AsJson, say, say_json, verbs


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
    from cxmodel.workbench.server import environment, page_command

    command = page_command(port=port, headless=headless)
    surroundings = environment(folder)
    if os.name == "posix":
        sys.stderr.flush()
        os.execve(command[0], command, surroundings)  # one process: signals reach the server itself
    raise typer.Exit(subprocess.call(command, env=surroundings))


@verbs.command(
    epilog="""\b
Examples:
  cxmodel doctor
  cxmodel doctor --warm                       compile the simulation engine now, not in the first run
"""
)
def doctor(
    warm: Annotated[
        bool, typer.Option("--warm", help="Only compile the simulation engine, where that is not done yet.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show versions, cores, the engine's speed, and risky settings."""
    from cxmodel.simulation import diagnosis

    if warm:
        diagnosis.warm()
        return
    found = diagnosis.diagnose()
    if as_json:
        say_json(found.document())
        return
    from cxmodel.cli.render.doctor import installation

    say(installation(found))
