"""How much a run behind the pages may take, so that one of them never takes the server from all readers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cxmodel.errors import UsageError
from cxmodel.report.text.effort import NOT_STARTED, refusal
from cxmodel.simulation.effort import LIMITS, Limits, effort_of

if TYPE_CHECKING:
    from cxmodel.results.request import RunRequest

USUAL: Final = Limits(seconds=600.0, memory=2e9)
"""What a run may take where CXMODEL_LIMITS says nothing of it: ten minutes, and 2 GB."""


def permit(wanted: Sequence[RunRequest]) -> None:
    """Raise UsageError, in words for who reads the page, where one of these runs would take more than it may."""
    allowed = USUAL.but(os.environ.get(LIMITS, ""), f"{LIMITS}=")
    for each in wanted:
        if refused := refusal(effort_of([each]), allowed, f"who runs the workbench may allow {LIMITS}={{0}}"):
            raise UsageError(refused)


def told(why: str, what: str = "The run failed") -> str:
    """Why there is no answer, as a sentence; what was not even started has not failed."""
    return why if why.startswith(NOT_STARTED) else f"{what}: {why}."
