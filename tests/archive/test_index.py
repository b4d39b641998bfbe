"""The index: it follows the folders, newest first, whatever happens to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cxmodel.archive import Archive
from cxmodel.errors import ArchiveError
from cxmodel.results.result import Result
from cxmodel.scenario.characters import FORBIDDEN
from cxmodel.simulation.simulate import simulate
from tests.support import small


@pytest.fixture(scope="module")
def played() -> list[Result]:
    """Three runs of a small scenario."""
    scenario = small.app({"horizon": "2 months"})
    return [simulate(scenario, replications=2, seed=seed) for seed in (1, 2, 2**64 - 1)]


@pytest.fixture
def archive(tmp_path: Path, played: list[Result]) -> Archive:
    """An archive with the three runs."""
    archive = Archive(tmp_path / "archive")
    for result in played:
        archive.keep(result)
    return archive


def seeds(archive: Archive) -> list[int]:
    """The seeds of the runs that a fresh look at the archive finds."""
    return [run.seed for run in Archive(archive.folder).find()]


@pytest.mark.slow
def test_runs_are_found_newest_first(archive: Archive) -> None:
    """In the order they were kept, each with what a list tells of it."""
    found = archive.find()
    assert [run.seed for run in found] == [2**64 - 1, 2, 1]
    assert all(abs((datetime.now(UTC) - run.kept).total_seconds()) < 600 for run in found)
    assert found[0].nps == archive.open(found[0].id).metric("nps").value


@pytest.mark.slow
def test_runs_are_found_by_what_is_asked_for(archive: Archive, played: list[Result]) -> None:
    """By scenario, plan, seed, number and model; at most so many."""
    meaning = played[0].scenario.hash
    assert [run.seed for run in archive.find(scenario_hash=meaning, seed=2**64 - 1)] == [2**64 - 1]
    assert [run.seed for run in archive.find(plan="as_is", replications=2, limit=2)] == [2**64 - 1, 2]
    assert archive.find(model="0" * 16) == archive.find(plan="other") == archive.find(scenario_hash="no") == []


def test_a_folder_without_a_row_is_a_run_and_a_row_without_a_folder_is_none(archive: Archive) -> None:
    """What is on disk counts: folders that came or went behind the index's back."""
    assert seeds(archive) == [2**64 - 1, 2, 1]
    away = archive.folder / "runs" / archive.find(seed=2)[0].id
    shutil.move(away, archive.folder / "aside")
    assert seeds(archive) == [2**64 - 1, 1]
    shutil.move(archive.folder / "aside", away)
    assert seeds(archive) == [2**64 - 1, 2, 1]


@pytest.mark.parametrize("content", [None, b"", b"this is no database, however long it is" * 100, b"SQLite format 3\0"])
def test_an_index_that_is_lost_or_broken_is_made_anew(content: bytes | None, archive: Archive) -> None:
    """Deleted, emptied, overwritten or cut short, it costs no run."""
    before, file = archive.find(), archive.folder / "index.sqlite"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    assert Archive(archive.folder).find() == before


def test_an_index_with_other_columns_is_made_anew(archive: Archive) -> None:
    """One that an earlier version laid out otherwise."""
    before = archive.find()
    shuffle = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('alter table runs drop column seconds')"
    subprocess.run([sys.executable, "-c", shuffle, str(archive.folder / "index.sqlite")], check=True)
    assert Archive(archive.folder).find() == before


def test_where_no_index_can_be_written_runs_are_found_all_the_same(archive: Archive) -> None:
    """As on a disk that is read only: a folder stands where the file should be."""
    before, file = archive.find(), archive.folder / "index.sqlite"
    file.unlink()
    file.mkdir()
    assert Archive(archive.folder).find() == before


def test_an_archive_that_is_not_there_is_empty_and_stays_away(tmp_path: Path) -> None:
    """Looking makes no folders."""
    archive = Archive(tmp_path / "none")
    assert archive.find() == [] and not archive.folder.exists()
    with pytest.raises(ArchiveError, match=r"None is kept in .* yet: `cxmodel run FILE` keeps one"):
        archive.open("latest")


def test_an_unreadable_manifest_hides_its_run_only(archive: Archive) -> None:
    """The other runs are listed."""
    (archive.folder / "runs" / archive.find(seed=2)[0].id / "manifest.json").write_text("{")
    (archive.folder / "index.sqlite").unlink()
    assert seeds(archive) == [2**64 - 1, 1]


STORY = Path(small.STORIES) / "pretty_app.yaml"


def test_the_latest_run_of_a_file_is_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    """Comments do not matter; a changed number does, and the error names the run of the older version."""
    archive, file = Archive(tmp_path / "archive"), tmp_path / "shop.yaml"
    small_one = small.app({"horizon": "2 months"})
    file.write_text(small_one.to_yaml(), "utf-8")
    with pytest.raises(ArchiveError, match=rf"has not been run yet\. Run it first: cxmodel run {file}"):
        archive.latest(file)
    id = archive.keep(simulate(small_one, replications=2))
    file.write_text("# a comment\n" + file.read_text("utf-8"), "utf-8")
    assert archive.latest(file).manifest["run"] == id
    file.write_text(file.read_text("utf-8").replace("horizon: 2 months", "horizon: 3 months"), "utf-8")
    with pytest.raises(
        ArchiveError, match=f"has changed since it was run last, on .*run {archive.short(id)}.*plan as_is"
    ):
        archive.latest(file)


def test_an_address_may_name_another_database(archive: Archive, tmp_path: Path) -> None:
    """The index goes where it is told to."""
    address = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    assert [run.seed for run in Archive(archive.folder, address).find()] == [2**64 - 1, 2, 1]
    assert (tmp_path / "elsewhere.sqlite").stat().st_size > 0


@pytest.mark.slow
def test_keeping_and_opening_need_no_database(tmp_path: Path) -> None:
    """`cxmodel run` loads neither SQLAlchemy nor pandas for the archive: that would take longer than a small run."""
    ask = (
        "import sys; from cxmodel.archive import Archive\n"
        "from cxmodel.simulation.simulate import simulate; from tests.support import small\n"
        "result = simulate(small.app({'horizon': '2 months'}), replications=1); archive = Archive(sys.argv[1])\n"
        "archive.open(archive.keep(result)).rows('metrics'); print({'sqlalchemy', 'pandas'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", ask, str(tmp_path)],
        cwd=STORY.parent.parent,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "set()"


NASTY = {
    "a NUL in the name": {"scenario": {"name": "A\0shop"}},
    "an escape in the file": {"file": "a\x1b]0;x.yaml"},
    "half a character in a plan": {"plan": "p\ud800"},
    "a number beyond any column": {"replications": 10**30},
    "a seed that is none": {"seed": "7" * 50},
    "a hash that is too long": {"scenario": {"hash": "f" * 100}},
    "seconds that are none": {"seconds": "long"},
    "a future that is a list": {"future": ["a"]},
    "a time that is none": {"kept": "yesterday"},
}


def spoil(archive: Archive, change: dict[str, Any]) -> None:
    """Let the manifest of one run say something else."""
    file = sorted(archive.folder.glob("runs/*/manifest.json"))[0]
    told = json.loads(file.read_text("utf-8"))
    for key, value in change.items():
        told[key] = {**told[key], **value} if isinstance(value, dict) else value
    file.write_text(json.dumps(told), "utf-8")


def assert_it_stops_no_index(archive: Archive) -> None:
    """A bad row is cleaned or left out: the others are found, again and again, and nothing raw is shown."""
    for _ in range(2):
        found = Archive(archive.folder, archive._address).find()
        assert len(found) >= 2
        assert not any(FORBIDDEN.search(f"{run.scenario}{run.file}{run.plan}{run.future}") for run in found)
        assert len(Archive(archive.folder, archive._address).find(scenario="A\0shop")) <= 1


@pytest.mark.parametrize("change", NASTY.values(), ids=NASTY)
def test_one_bad_row_never_stops_an_index(archive: Archive, change: dict[str, Any]) -> None:
    """Whatever its manifest says."""
    spoil(archive, change)
    assert_it_stops_no_index(archive)
