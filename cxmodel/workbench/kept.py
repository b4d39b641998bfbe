"""The archive behind the page: finished results are kept there, and found again after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxmodel.results import Result
    from cxmodel.runs import Wanted


def find(run: Wanted) -> Result | None:
    """A run that was kept, by this model and of the same meaning."""
    return None


def keep(result: Result) -> None:
    """Keep a finished result; the page does not wait for it."""
