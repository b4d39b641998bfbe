"""A real Dask cluster on this computer: the same figures, also where a worker is lost in the middle."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import cxmodel as cx
from cxmodel.archive import Archive
from cxmodel.cluster import cluster
from tests import small

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Dask leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
VARY = {"journey.virtual_try_on.delivers.ease": [40, 50, 60, 70, 80, 90]}


class Cluster(NamedTuple):
    """A scheduler's address, and its two workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers of one thread each, started as a user starts them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address, dask = f"tcp://127.0.0.1:{port}", str(Path(sys.executable).parent / "dask")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    begun = [
        subprocess.Popen([dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)  # type: ignore[call-overload]
    ]
    plain = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    begun += [subprocess.Popen([dask, "worker", address, *plain], **quiet) for _ in range(2)]  # type: ignore[call-overload]
    deadline = time.monotonic() + 60
    while True:
        try:
            with cluster(address):
                break
        except cx.UsageError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    yield Cluster(address, begun[1:])
    for process in reversed(begun):
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_of_a_sweep_loses_nothing(dask: Cluster, tmp_path: Path) -> None:
    """Its run is played again by the other; the figures are those of this computer, to the last bit."""
    scenario, archive = small.app({"horizon": "6 months"}), Archive(tmp_path / "archive")

    def kill_one(done: int, total: int) -> None:
        if done == 2:
            dask.workers[0].send_signal(signal.SIGKILL)

    with cluster(dask.address) as executor:
        found = cx.sweep(scenario, VARY, replications=2, executor=executor, store=archive, progress=kill_one)
    here = cx.sweep(scenario, VARY, replications=2, jobs=1)
    assert found.failures == [] and found.rows == here.rows
    assert dask.workers[0].wait(10) == -signal.SIGKILL


def test_where_there_is_no_cluster_it_is_told() -> None:
    """With what was asked for."""
    with (
        pytest.raises(cx.UsageError, match=r"--cluster tcp://127.0.0.1:9: no Dask scheduler answers there"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
