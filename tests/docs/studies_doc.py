"""The outputs in docs/studies.md: `python -m tests.docs.studies_doc` plays its commands again and writes them down.

With `--check` nothing is written, and what differs is told.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "studies.md"
BLOCK = re.compile(r"```console\n\$ (cxmodel [^\n]*)\n(.*?)```", re.DOTALL)


def blocks(text: str) -> list[tuple[str, str]]:
    """Each command of the page, and the output that stands under it."""
    return [(found[1], found[2]) for found in BLOCK.finditer(text)]


def output(command: str) -> str:
    """What a command prints, without what it says of its progress."""
    line = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        raise SystemExit(f"{command}\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Write the page anew, or with `--check` tell what differs."""
    text, differs = PAGE.read_text("utf-8"), False
    for command, stands in blocks(text):
        began = time.monotonic()
        said = output(command)
        print(f"{time.monotonic() - began:6.0f} s  {command}", flush=True)
        differs |= said != stands
        if "--check" in sys.argv:
            if said != stands:
                print(f"differs:\n{said}")
        else:
            text = text.replace(f"$ {command}\n{stands}```", f"$ {command}\n{said}```")
            PAGE.write_text(text, "utf-8")
    if "--check" in sys.argv and differs:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
