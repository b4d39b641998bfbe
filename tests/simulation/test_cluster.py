"""A real Dask cluster on this computer: the same figures, also where a worker is lost in the middle."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.archive import Archive
from cxmodel.cli import main
from cxmodel.simulation.cluster import cluster
from tests.support import small
from tests.support.dask_cluster import Cluster, started
from tests.support.smiles import SMILES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Dask leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
VARY = {"journey.virtual_try_on.delivers.ease": [40, 50, 60, 70, 80, 90]}


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with started(2, tmp_path) as found:
        yield found


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


def test_the_command_line_plays_on_a_cluster(
    dask: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the figures that it has without."""
    file = tmp_path / "smiles.yaml"
    file.write_text(SMILES, "utf-8")
    said = []
    for where in (["--cluster", dask.address], ["--jobs", "1"]):
        monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / where[0]))
        line = ["sweep", str(file), "--vary", "journey.bread.delivers.kindness=40,50,60", "--plan", "kinder", "--json"]
        assert main([*line, "--replications", "2", "--quiet", *where]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_where_there_is_no_cluster_it_is_told() -> None:
    """With what was asked for."""
    with (
        pytest.raises(cx.UsageError, match=r"--cluster tcp://127.0.0.1:9: no Dask scheduler answers there"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
