"""A real Dask scheduler with its workers on this computer, started as a user starts them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import cxmodel as cx
from cxmodel.simulation.cluster import cluster


class Cluster(NamedTuple):
    """A scheduler's address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def started(workers: int, folder: Path) -> Iterator[Cluster]:
    """A scheduler and so many workers of one thread each, which answer; ended in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address, dask = f"tcp://127.0.0.1:{port}", str(Path(sys.executable).parent / "dask")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    begun = [
        subprocess.Popen([dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)
    ]
    plain = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    begun += [subprocess.Popen([dask, "worker", address, *plain], **quiet) for _ in range(workers)]
    try:
        _wait_for(address, workers)
        yield Cluster(address, begun[1:])
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def _wait_for(address: str, workers: int, seconds: float = 90) -> None:
    """Wait until all workers are there."""
    from distributed import Client

    deadline = time.monotonic() + seconds
    while True:
        try:
            with cluster(address), Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
                if len(client.scheduler_info()["workers"]) >= workers:
                    return
        except cx.UsageError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.5)
