"""The stories and industry templates that come with cxmodel."""

from __future__ import annotations

from pathlib import Path


def stories() -> dict[str, Path]:
    """Story files by id, in alphabetical order: inside the package in a wheel, under `scenarios/` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_stories", package.parent / "scenarios"):
        files = {file.stem: file for file in sorted(folder.glob("*.yaml"))}
        if files:
            return files
    return {}


def templates() -> dict[str, Path]:
    """Templates by industry, in alphabetical order: a company to start from, every number of it an assumption."""
    return {file.stem: file for file in sorted(Path(__file__).with_name("templates").glob("*.yaml"))}
