"""A Dask cluster as an executor: `--cluster tcp://scheduler:8786`. The only place that knows Dask.

Whoever is named as a cluster runs code there and sends results back: name only one of your own.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from cxmodel.errors import UsageError
from cxmodel.results import fingerprint

PATIENCE = 10
"""Seconds to wait for the cluster's answer."""
AGAIN = 3
"""Times that a run is played again whose worker was lost."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor that plays on a cluster. Raises UsageError where there is none, or one with another model."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs Dask: pip install 'cxmodel[cluster]', here and on the cluster") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"--cluster {address}: no Dask scheduler answers there ({reason})") from None
    with client:
        models = client.run(fingerprint.model)
        if not models:
            raise UsageError(f"--cluster {address}: the scheduler has no worker: dask worker {address}")
        others = [worker for worker, model in models.items() if model != fingerprint.model()]
        if others:
            raise UsageError(f"--cluster {address}: {', '.join(others)} has another version of cxmodel than is here")
        with client.get_executor(pure=False, retries=AGAIN) as executor:  # type: ignore[no-untyped-call]
            yield executor
