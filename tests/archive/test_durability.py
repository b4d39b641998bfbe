"""Killed at any moment, the archive opens, has lost no finished run and shows no half-written one."""

from __future__ import annotations

import os
import random
import time
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from cxmodel import atomic_files
from cxmodel.archive import Archive
from cxmodel.results.result import Result
from cxmodel.simulation.simulate import simulate
from tests.support import small
from tests.support.archive_writer import keep_many, keep_on_a_full_disk

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.support.archive_writer", "cxmodel.archive.parquet", "cxmodel.archive.index"])
MANY = 1_000_000


@pytest.fixture(scope="module")
def played() -> Result:
    """A run with small tables."""
    return simulate(small.app({"horizon": "1 month"}), replications=2)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive(tmp_path / "archive")


def writer(archive: Archive, result: Result, seeds: range, log: Path, look_every: int) -> BaseProcess:
    """A process that keeps runs."""
    process = PROCESSES.Process(target=keep_many, args=(str(archive.folder), result, seeds, str(log), look_every))
    process.start()
    return process


def noted(log: Path) -> list[str]:
    """The ids that a writer was told are kept; the last may be cut short by its end."""
    return [line for line in log.read_text().split("\n") if len(line) == 64] if log.exists() else []


def kill_in_a_loop(archive: Archive, result: Result, folder: Path, times: int, chance: random.Random) -> None:
    """Kill a writer so many times at random moments, and look each time at what is there."""
    log = folder / "kept.log"
    for turn in range(times):
        before = len(noted(log))
        process = writer(archive, result, range(turn * MANY, (turn + 1) * MANY), log, look_every=3)
        deadline = time.monotonic() + 30
        while len(noted(log)) == before and process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.12))
        assert process.is_alive() and process.pid is not None
        os.kill(process.pid, 9)
        process.join()
        opened = Archive(archive.folder)
        listed = {run.id for run in opened.find()}
        assert set(noted(log)) <= listed == opened.ids()
        # at most one more than was noted: whole, but killed before it could say so
        assert len(listed - set(noted(log))) <= turn + 1
        assert [id for id in listed if opened.damage(id)] == []
    rows = result.rows("metrics")
    assert all(Archive(archive.folder).open(id).rows("metrics") == rows for id in chance.sample(sorted(listed), 5))


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_and_shows_nothing_half(
    archive: Archive, played: Result, tmp_path: Path
) -> None:
    """Twenty times kill -9: every run that was said to be kept is there and whole, and there is no other."""
    kill_in_a_loop(archive, played, tmp_path, 20, random.Random(5))


@pytest.mark.soak
def test_a_writer_killed_two_hundred_times(archive: Archive, played: Result, tmp_path: Path) -> None:
    """The same, two hundred times."""
    kill_in_a_loop(archive, played, tmp_path, 200, random.Random(6))


@pytest.mark.slow
def test_writers_at_once_keep_everything_once(archive: Archive, played: Result, tmp_path: Path) -> None:
    """Three processes keep the same runs and list them all the while: none fails, each run is there once, and whole."""
    logs = [tmp_path / f"{number}.log" for number in range(3)]
    writers = [writer(archive, played, range(25), log, look_every=2) for log in logs]
    for process in writers:
        process.join(60)
    assert [process.exitcode for process in writers] == [0, 0, 0]
    found = [run.id for run in archive.find()]
    assert sorted(found) == sorted(archive.ids()) == sorted(set(noted(logs[0])))
    assert len(found) == 25 and not [id for id in found if archive.damage(id)]
    assert sorted(entry.name for entry in (archive.folder / "runs").iterdir()) == sorted(found)


@pytest.mark.slow
def test_a_full_disk_is_told_and_leaves_nothing_behind(archive: Archive, played: Result, tmp_path: Path) -> None:
    """Where a file cannot be written to its end the run is not kept, nobody sees a part of it, and why is told."""
    log = tmp_path / "said"
    process = PROCESSES.Process(target=keep_on_a_full_disk, args=(str(archive.folder), played, str(log)))
    process.start()
    process.join(60)
    assert "cannot be written to" in log.read_text() and "File too large" in log.read_text()
    assert archive.find() == [] and list((archive.folder / "runs").iterdir()) == []


@pytest.mark.parametrize(("age", "stays"), [(0.0, True), (2 * atomic_files.OLD, False)])
def test_what_killed_writers_left_is_cleared_when_it_is_old(
    age: float, stays: bool, archive: Archive, played: Result
) -> None:
    """An unfinished folder may still be written to; after an hour nobody does."""
    rest = archive.folder / "runs" / f"{atomic_files.UNFINISHED}0123"
    rest.mkdir(parents=True)
    (rest / "metrics.parquet").write_bytes(b"PAR1")
    then = time.time() - age
    os.utime(rest, (then, then))
    archive.keep(played)
    assert rest.exists() == stays and len(archive.find()) == 1


def test_a_folder_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever writing fails, the folder is as it was before: none, or the one that was there."""
    files = {"a": b"1", "b": b"2"}
    steps = 0

    def failing(*_: Any, **__: Any) -> None:
        nonlocal steps
        steps -= 1
        if steps < 0:
            raise OSError(28, "No space left on device")

    for instead in (False, True):
        for fails_at in range(4):
            place = tmp_path / f"{instead}{fails_at}"
            if instead:
                atomic_files.put(place, {"a": b"0"})
            steps = fails_at
            with monkeypatch.context() as broken:
                broken.setattr(os, "fsync", failing)
                try:
                    atomic_files.put(place, files, instead=instead)
                except OSError:
                    expected = ["0"] if instead else []
                else:
                    expected = ["1", "2"]
            there = sorted(file.read_text() for file in place.iterdir()) if place.exists() else []
            assert there in (expected, ["1", "2"])
            assert [entry for entry in tmp_path.iterdir() if entry.name.startswith(atomic_files.UNFINISHED)] == []
