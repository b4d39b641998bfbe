"""The stories that come with cxmodel: inside the package in a wheel, under `scenarios/` in a checkout."""

from __future__ import annotations

from pathlib import Path


def stories() -> dict[str, Path]:
    """Story files by id, in alphabetical order."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_stories", package.parent / "scenarios"):
        files = {file.stem: file for file in sorted(folder.glob("*.yaml"))}
        if files:
            return files
    return {}
