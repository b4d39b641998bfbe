"""What a reader has chosen: a story, a plan, and levers moved on top of it. It lives in the page's address.

The frozen scenario of the file and this short list of edits are the truth; widgets only show them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxmodel.arrays import LEVERS
from cxmodel.scenario import load, stories

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

AS_IS: Final = "as_is"
MOVED: Final = "moved_levers"
"""Id of the initiative, and of the plan, that moved levers make."""
FIRST: Final = "pretty_app"
"""The story shown to who has not chosen one."""
WORKSPACE: Final = "CXMODEL_WORKSPACE"
"""The environment variable that `cxmodel app DIR` leaves."""
MOST: Final = 100
"""Files of a workspace that are offered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A story's id, a plan's id, and the levers that stand elsewhere than in the file."""

    story: str
    plan: str
    levers: tuple[tuple[str, float], ...] = ()

    @property
    def moved(self) -> dict[str, float]:
        """The moved levers and where to."""
        return dict(self.levers)

    def address(self) -> dict[str, str]:
        """The query parameters of the page that shows this choice."""
        return {"story": self.story, "plan": self.plan} | {lever: f"{level:g}" for lever, level in self.levers}

    def with_lever(self, lever: str, level: float, today: float) -> Choice:
        """The same with one lever moved, or back where it stands today."""
        moved = {**self.moved, lever: round(level, 4)}
        if abs(level - today) < 1e-9:
            moved.pop(lever)
        return replace(self, levers=tuple((name, moved[name]) for name in LEVERS if name in moved))


def shelf() -> dict[str, Path]:
    """The stories to choose from: those that come with cxmodel, and those of the workspace, which win."""
    found = stories()
    folder = os.environ.get(WORKSPACE)
    if folder:
        found |= {file.stem: file for file in sorted(Path(folder).glob("*.yaml"))[:MOST] if _is_scenario(file)}
    return dict(sorted(found.items(), key=lambda item: (item[0] != FIRST, item[0])))


def open_story(file: Path) -> Scenario:
    """The scenario of a file, read again when the file has changed; raises ScenarioError."""
    status = file.stat()
    return _open(file, status.st_mtime_ns, status.st_size)


def choose(address: Mapping[str, str], story: str, scenario: Scenario) -> Choice:
    """The choice that an address stands for; what it names wrongly falls back to what is shown first."""
    plan = address.get("plan", "")
    if plan != AS_IS and plan not in scenario.plans:
        plan = next(iter(scenario.plans), AS_IS)
    choice = Choice(story, plan)
    for lever in LEVERS:
        level = _level(address.get(lever, ""))
        if level is not None:
            choice = choice.with_lever(lever, level, today(scenario, lever))
    return choice


def today(scenario: Scenario, lever: str) -> float:
    """Where a lever stands in the file."""
    return float(getattr(scenario.levers, lever).level)


def applied(scenario: Scenario, choice: Choice) -> tuple[Scenario, str]:
    """The scenario and the plan to run: a moved lever is one more initiative, decided today."""
    if not choice.levers:
        return scenario, choice.plan
    return _applied(scenario, choice)


@lru_cache(maxsize=256)
def _applied(scenario: Scenario, choice: Choice) -> tuple[Scenario, str]:
    changes = {f"levers.{lever}.level": level for lever, level in choice.levers}
    return scenario.with_initiative(MOVED, changes, starts=0, plan=MOVED, base=choice.plan), MOVED


@lru_cache(maxsize=32)
def _open(file: Path, modified: int, size: int) -> Scenario:
    return load(file)


def _level(text: str) -> float | None:
    try:
        level = float(text)
    except ValueError:
        return None
    return level if 0.0 <= level <= 1.0 else None


def _is_scenario(file: Path) -> bool:
    """Any YAML may lie in a workspace; a scenario says `schema:` at the start of a line."""
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return any(line.startswith("schema:") for line in text.readlines(65536))
    except OSError:
        return False
