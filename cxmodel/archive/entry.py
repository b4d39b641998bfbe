"""What is known of a saved run without opening it. Apart from the index, so that saving a run loads no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxmodel.results.request import Engine


@dataclass(frozen=True, slots=True)
class Kept:
    """A run of the archive in a line."""

    id: str
    kept: datetime
    """When, in UTC."""
    scenario: str
    """The scenario's name."""
    scenario_hash: str
    file: str
    """The name of the scenario's file, or what it was called."""
    plan: str
    future: str | None
    seed: int
    replications: int
    model: str
    """Fingerprint of the model that made it."""
    engine: Engine
    """What played it."""
    version: str
    seconds: float | None
    """How long it took to play; None where nobody looked."""
    nps: float | None
    nps_low: float | None
    nps_high: float | None


def when(moment: datetime) -> str:
    """A moment as people here read it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
