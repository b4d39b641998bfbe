"""The archive behind the page: finished results are kept there, and found again after a restart.

Nothing on the page waits for it, and where it cannot be written the page works on.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Mapping
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
_KEPT: set[Any] = set()
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
    """Keep a finished result once, in the background."""
    name = (result.scenario.hash, result.plan, result.future, result.seed, result.replications)
    if result.made is not None or name in _KEPT or _QUEUE.full():
        return
    if len(_KEPT) > 10_000:
        _KEPT.clear()
    _KEPT.add(name)
    _writer()
    _QUEUE.put(result)


def study(kind: str, key: Mapping[str, Any]) -> Any:
    """The document of a study that was kept; None where there is none."""
    name = (kind, *key.items())
    if time.monotonic() - _MISSED.get(name, -AGAIN) < AGAIN:
        return None
    found = archive().study(kind, dict(key))
    if found is None:
        _MISSED[name] = time.monotonic()
    return found


def keep_study(kind: str, key: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Keep what a study says."""
    try:
        archive().keep_study(kind, dict(key), document)
    except (ArchiveError, OSError) as error:
        print(f"A study was not kept: {error}", file=sys.stderr)


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
