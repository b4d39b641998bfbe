"""A team's archive: the index in a real PostgreSQL, two writers at once, a server that ends in the middle."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from cxmodel.archive import Archive
from cxmodel.archive.index import RUNS, Index
from cxmodel.cli import main
from cxmodel.errors import ArchiveError, StorageError
from cxmodel.results.result import Result
from cxmodel.simulation.simulate import simulate
from tests.archive.test_index import NASTY, assert_it_stops_no_index, spoil
from tests.support import small
from tests.support.archive_writer import keep_for_a_team
from tests.support.postgres import Server

pytestmark = pytest.mark.slow
PROCESSES = get_context("spawn")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that ends with the tests; outside pytest's own folders, which only root may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = Server(Path(folder))
        yield found
        found.stop()


@pytest.fixture(scope="module")
def played() -> Result:
    """A run with small tables."""
    return simulate(small.app({"horizon": "1 month"}), replications=2)


@pytest.fixture
def archive(tmp_path: Path, server: Server) -> Archive:
    """An empty archive with an index of its own in the database."""
    with Index(server.address).engine.begin() as line:
        RUNS.drop(line, checkfirst=True)
    return Archive(tmp_path / "archive", server.address)


def writers(archive: Archive, server: Server, played: Result, runs: int) -> list[Path]:
    """Two processes that keep runs of their own and list them all the while; where they note what is kept."""
    logs = [archive.folder.parent / f"{number}.log" for number in range(2)]
    for number, log in enumerate(logs):
        seeds = range(number * 1000, number * 1000 + runs)
        given = (server.address, str(archive.folder), played, seeds, str(log))
        PROCESSES.Process(target=keep_for_a_team, args=given, daemon=True).start()
    return logs


def noted(logs: list[Path], runs: int, seconds: float = 120) -> set[str]:
    """The ids that the writers were told are kept, once there are so many."""
    deadline = time.monotonic() + seconds
    while True:
        found = {line for log in logs if log.exists() for line in log.read_text().split("\n") if len(line) == 64}
        if len(found) >= runs or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def test_runs_are_found_through_the_team_s_database(archive: Archive, played: Result) -> None:
    """The same answers as from SQLite, and no SQLite file is made."""
    id = archive.keep(played)
    assert [run.id for run in archive.find(plan="as_is")] == [id] and archive.whole_id("latest") == id
    assert not (archive.folder / "index.sqlite").exists()


def test_two_writers_at_once_lose_nothing(archive: Archive, server: Server, played: Result) -> None:
    """Each run is there once, for both of them."""
    kept = noted(writers(archive, server, played, 12), 24)
    assert len(kept) == 24 and {run.id for run in archive.find()} == kept


def test_a_server_that_ends_in_the_middle_loses_nothing(archive: Archive, server: Server, played: Result) -> None:
    """What was said to be kept is there when the server is back, also what was kept while it was gone."""
    logs = writers(archive, server, played, 20)
    noted(logs, 6)
    server.stop()
    with pytest.raises(ArchiveError, match=r"the index of runs at postgresql.* cannot be used"):
        archive.find()
    meanwhile = archive.keep(played)
    server.start()
    kept = noted(logs, 40)
    assert len(kept) == 40 and {run.id for run in Archive(archive.folder, server.address).find()} == kept | {meanwhile}
    assert [id for id in kept if archive.damage(id)] == []


def test_what_is_no_address_is_told(tmp_path: Path) -> None:
    """With what one looks like."""
    with pytest.raises(ArchiveError, match="postgresql://user@host/name"):
        Archive(tmp_path, "nonsense").find() if (tmp_path / "runs").mkdir() is None else None


def test_a_server_that_ends_before_a_query_is_told_with_what_to_do(
    archive: Archive,
    server: Server,
    played: Result,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Between catching up and asking, and for the command line: words, exit code 3, and no run is lost."""
    id = archive.keep(played)
    index = Index(server.address)
    index.follow(archive.ids, lambda id: None)
    server.stop()
    try:
        with pytest.raises(StorageError, match=r"cannot be used: .*No run is lost.*without CXMODEL_INDEX"):
            index.find(None)
        monkeypatch.setenv("CXMODEL_ARCHIVE", str(archive.folder))
        monkeypatch.setenv("CXMODEL_INDEX", server.address)
        assert main(["runs"]) == 3
        said = capsys.readouterr().err
        assert "The index of runs at postgresql" in said and "Traceback" not in said
        monkeypatch.delenv("CXMODEL_INDEX")
        assert main(["runs"]) == 0 and id[:8] in capsys.readouterr().out
    finally:
        server.start()


@pytest.mark.parametrize("change", NASTY.values(), ids=NASTY)
def test_one_bad_row_never_stops_a_team_s_index(archive: Archive, played: Result, change: dict[str, Any]) -> None:
    """PostgreSQL holds no NUL, and no number beyond its column: whatever a manifest says, the other runs are found."""
    for seed in (1, 2, 3):
        archive.keep(replace(played, seed=seed))
    spoil(archive, change)
    assert_it_stops_no_index(archive)
