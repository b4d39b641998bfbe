"""A folder to start in: a scenario, the schema for the editor, and what git should know. Overwrites nothing."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cxmodel.atomic_files import SCARCE, put_files
from cxmodel.errors import StorageError, UsageError
from cxmodel.scenario.faults import suggestion
from cxmodel.scenario.fields.json_schema import EDITOR_LINE, SCHEMA, json_schema
from cxmodel.scenario.files import text_of
from cxmodel.scenario.scenario import loads
from cxmodel.scenario.stories import stories, templates
from cxmodel.vocabulary import AS_IS

STARTER: Final = Path(__file__).with_name("starter.yaml")
IGNORED: Final = """\
# what a run leaves behind
/runs/
/results/
/.cxmodel/
"""
ATTRIBUTES: Final = """\
# `git diff` in words and units: take the # off the last line, and tell git once on each computer
#   git config diff.cxmodel.command "cxmodel diff"
# *.yaml diff=cxmodel
"""


@dataclass(frozen=True, slots=True)
class Started:
    """What was made, and what to look at."""

    files: tuple[Path, ...]
    scenario: Path
    plan: str
    """A plan worth comparing with as_is."""


def start(folder: Path, story: str | None = None, *, workbook: bool = False) -> Started:
    """Make a workspace, if wanted with its scenario as a workbook too.

    Raises `UsageError`, and leaves nothing behind, where something is in the way.
    """
    source = _source(story)
    text = text_of(source)
    if not text.startswith("# yaml-language-server:"):
        text = EDITOR_LINE + text
    name = "scenario.yaml" if source == STARTER else source.name
    scenario = loads(text, name)
    plan = next((plan for plan in scenario.plans if plan != AS_IS), AS_IS)
    made = {
        folder / name: text.encode(),
        folder / SCHEMA: (json.dumps(json_schema(), indent=2, allow_nan=False) + "\n").encode(),
        folder / ".gitignore": IGNORED.encode(),
        folder / ".gitattributes": ATTRIBUTES.encode(),
    }
    if workbook:
        from cxmodel.scenario.workbook.xlsx import workbook as written

        made[folder / Path(name).with_suffix(".xlsx")] = written(scenario)
    _refuse_what_is_in_the_way(folder, made)
    _write_all(folder, made)
    return Started(tuple(made), folder / name, plan)


def start_workbook(file: Path, story: str | None = None) -> None:
    """Write the starter, a story or a template as a workbook. Raises `UsageError` where a file is there already."""
    from cxmodel.scenario.workbook.xlsx import workbook

    source = _source(story)
    made = {file: workbook(loads(text_of(source), source.name))}
    _refuse_what_is_in_the_way(file.parent, made)
    _write_all(file.parent, made)


def _source(story: str | None) -> Path:
    """The file of a story or an industry's template; the starter where none is named."""
    if story is None:
        return STARTER
    known = stories() | templates()
    name = story.removesuffix(".yaml")
    if name not in known:
        hint = suggestion(name, known, "the stories and templates")
        raise UsageError(f"there is no story or template `{story}`: {hint}")
    return known[name]


def _refuse_what_is_in_the_way(folder: Path, made: dict[Path, bytes]) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder} is in the way: it is no folder; nothing was written")
    there = [file.name for file in made if os.path.lexists(file)]
    if there:
        names = " and ".join(filter(None, [", ".join(there[:-1]), there[-1]]))
        verb = "is" if len(there) == 1 else "are"
        raise UsageError(f"{names} {verb} in {folder} already; nothing was written. Name a new folder.")


def _write_all(folder: Path, made: dict[Path, bytes]) -> None:
    """Write every file, or none."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        put_files(folder, {file.name: content for file, content in made.items()})
    except OSError as error:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        reason = error.strerror or str(error)
        kind = StorageError if error.errno in SCARCE else UsageError
        raise kind(f"{folder}: this cannot be written ({reason}); nothing was left behind") from None
