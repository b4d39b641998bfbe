"""The archive behind the page: finished results are kept there, and found again after a restart.

Nothing on the page waits for it, and where it cannot be written the page works on.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cxmodel.archive import Archive
from cxmodel.errors import ArchiveError

if TYPE_CHECKING:
    from cxmodel.results import Result
    from cxmodel.runs import Wanted

AGAIN: Final = 20.0
"""Seconds after which a run that was not in the archive is looked for again: another door may have kept it."""
_MISSED: dict[Any, float] = {}
_QUEUE: queue.Queue[Result] = queue.Queue(maxsize=200)


@lru_cache(maxsize=1)
def archive() -> Archive:
    """The archive of the workspace."""
    return Archive()


def find(run: Wanted) -> Result | None:
    """A run that was kept, made by this model and of the same meaning."""
    name = (run.key, run.scenario.hash, run.plan, run.future, run.replications)
    if time.monotonic() - _MISSED.get(name, -AGAIN) < AGAIN:
        return None
    try:
        found = archive().get(run)
    except (ArchiveError, OSError):
        found = None
    if found is None:
        if len(_MISSED) > 10_000:
            _MISSED.clear()
        _MISSED[name] = time.monotonic()
    return found


def keep(result: Result) -> None:
    """Keep a finished result, in the background."""
    _writer()
    if not _QUEUE.full():
        _QUEUE.put(result)


@lru_cache(maxsize=1)
def _writer() -> threading.Thread:
    thread = threading.Thread(target=_write, name="cxmodel-archive", daemon=True)
    thread.start()
    return thread


def _write() -> None:
    while True:
        try:
            archive().keep(_QUEUE.get())
        except (ArchiveError, OSError) as error:
            print(f"A result was not kept: {error}", file=sys.stderr)
