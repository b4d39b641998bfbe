"""A scenario as `show` prints it: where its values come from, and how well its numbers are founded."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cxmodel.errors import ScenarioError

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.provenance import Origin

GIT: Final = "git-blob-"
"""How the folders begin in which git puts an older version of a file, alone, to have it shown."""
MOST_FOLDERS: Final = 2_000
"""Folders looked through for the place that such a file comes from."""


def resolved(file: Path) -> str:
    """The whole scenario as one file; of an older version that git holds out alone, as much as can be had.

    An older version is resolved with its parents as they are today, where it is clear which file it is of.
    What cannot be resolved (today) is given as it was written: a history has to be readable to its end.
    """
    from cxmodel.scenario.scenario import load, load_as

    if not file.absolute().parent.name.startswith(GIT):
        return load(file).to_yaml()
    try:
        places = list(_namesakes(file.name))
        return load_as(file, places[0] if len(places) == 1 else file).to_yaml()
    except ScenarioError as error:
        first = error.problems[0]
        return f"# not resolved: {first.message}\n{file.read_bytes().decode('utf-8', 'replace')}"


def _namesakes(name: str) -> Iterator[Path]:
    """Files of this name in and below the current folder, which for git is the top of the working tree."""
    for number, (folder, folders, files) in enumerate(os.walk(".")):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        if name in files:
            yield Path(folder, name)
        if number >= MOST_FOLDERS:
            return


def summary(scenario: Scenario) -> str:
    """What the scenario is made of, and how many of its numbers have a source."""
    own, *parents = scenario.files
    made = f"{own} extends {', '.join(parents)}; what comes first wins.\n" if parents else ""
    return f"{made}{scenario.sources}."


def origin_lines(path: str, found: Sequence[Origin]) -> Iterator[str]:
    """`file:line: layer: value`, a line for each value; its path stands before it where another was asked for."""
    for origin in found:
        line = str(origin)
        if origin.path != path:
            head = f"{origin.file}:{origin.line}: {origin.layer}: " if origin.line else f"{origin.layer}: "
            line = f"{head}{origin.path}: {line.removeprefix(head)}"
        yield line


def origin_document(origin: Origin) -> dict[str, Any]:
    """An origin for a script; what it does not have is null."""
    from cxmodel.scenario.describe.wording import json_value

    document = {key: json_value(value) for key, value in dataclasses.asdict(origin).items()}
    return {**document, "file": origin.file or None, "line": origin.line or None}


def document(scenario: Scenario) -> dict[str, Any]:
    """The whole scenario for a script, as written but without layers."""
    from cxmodel.scenario.describe.wording import json_value

    return {
        "scenario": {"name": scenario.name, "hash": scenario.hash},
        "files": list(scenario.files),
        "numbers": scenario.sources._asdict(),
        "resolved": json_value(scenario.written),
    }
