"""Disks that are full, archives that cannot be written, memory that is short: told in words, nothing half-written."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cxmodel import atomic_files
from cxmodel.archive import Archive
from cxmodel.cli import main, output
from cxmodel.errors import StorageError, UsageError

SHOP = """\
schema: 1
name: Corner shop
horizon: 3 months
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 80, needs: {kindness: {level: 70}}}}
journey:
  till: {stage: buy, delivers: {kindness: 50}}
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}}
initiatives: {smile: {changes: {journey.bread.delivers.kindness: 80}, cost: {once: 10}}}
plans: {friendlier: [smile]}
expect:
  - {metric: nps, above: -100}
"""
FEW = ["--replications", "2", "--quiet"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a run in its archive."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    return tmp_path


def short_of(what: int, most: int) -> Callable[[], None]:
    """A process that gets so much of something and no more."""
    return lambda: resource.setrlimit(what, (most, most))


def cxmodel(*line: str, limit: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    """A command line under a limit of the system."""
    return subprocess.run(
        [sys.executable, "-m", "cxmodel", *line],
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def there(folder: Path) -> dict[str, bytes]:
    """All files of a folder, what is unfinished too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        ["report", "shop.yaml", "-o", "out.html"],
        ["report", "shop.yaml", "-o", "out.xlsx"],
        ["report", "shop.yaml", "-o", "out.zip"],
        ["run", "shop.yaml", *FEW, "--out", "out"],
        ["sweep", "shop.yaml", *FEW, "--vary", "journey.bread.delivers.kindness=60,70", "--out", "out.parquet"],
        ["new", "out", "--from", "pretty_app"],
    ],
)
@pytest.mark.parametrize("before", [False, True], ids=["new", "in place of another"])
def test_a_disk_that_is_full_leaves_what_was_there(shop: Path, line: list[str], before: bool) -> None:
    """No part of a file, no rest of one: what was there is there, byte for byte."""
    assert main(["run", "shop.yaml", *FEW]) == 0
    if before and line[0] != "new":
        assert main(line) == 0
    was = {name: content for name, content in there(shop).items() if not name.startswith("archive")}
    done = cxmodel(*line, limit=short_of(resource.RLIMIT_FSIZE, 1000))
    assert done.returncode == 3 and "File too large" in done.stderr and "Traceback" not in done.stderr
    assert {name: content for name, content in there(shop).items() if not name.startswith("archive")} == was


@pytest.mark.slow
@pytest.mark.parametrize("line", [["run"], ["compare"], ["explain"]])
def test_a_run_that_cannot_be_saved_is_told_even_when_quiet(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: list[str]
) -> None:
    """The answer is given, one line says that it is not saved and what to do, and the exit code is 3."""
    (shop / "taken").write_text("")
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(shop / "taken" / "archive"))
    assert main([*line, "shop.yaml", *FEW]) == 3
    said = capsys.readouterr()
    assert "Corner shop" in said.out
    assert said.err.count("\n") == 1 and "not saved" in said.err and "CXMODEL_ARCHIVE=DIR" in said.err


@pytest.mark.slow
def test_a_study_that_cannot_keep_its_figures_says_so(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with the first of them: what it found would be lost."""
    (shop / "taken").write_text("")
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(shop / "taken" / "archive"))
    assert main(["sweep", "shop.yaml", *FEW, "--vary", "journey.bread.delivers.kindness=60,70"]) == 3
    assert "The archive cannot be written to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["run", "shop.yaml", "--out", "shop.yaml/deeper"], "no folder"),
        (["check", "shop.yaml", "--junit", "nowhere/out.xml"], "there is no folder nowhere"),
        (["sweep", "shop.yaml", "--sample", "2", "--out", "nowhere/out.csv"], "there is no folder nowhere"),
        (["report", "shop.yaml", "-o", "nowhere/out.html"], "there is no folder nowhere"),
        (["report", "shop.yaml", "-o", "folder.html"], "this is a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_simulated(
    shop: Path, capsys: pytest.CaptureFixture[str], line: list[str], words: str
) -> None:
    """Exit code 2, no run in the archive."""
    (shop / "folder.html").mkdir()
    assert main(line) == 2
    assert words in capsys.readouterr().err and not (shop / "archive").exists()


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A device is not replaced by a file, and one that is full is told."""
    output.put(Path("/dev/stdout"), b"<report>", "-o")
    assert capfd.readouterr().out == "<report>"
    with pytest.raises(StorageError, match="No space left on device"):
        output.put(Path("/dev/full"), b"<report>", "-o")
    assert not Path("/dev/full").is_file()


def test_a_link_stays_a_link_and_a_mode_its_mode(tmp_path: Path) -> None:
    """What is written over keeps who may read it, and what led to it."""
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    output.put(link, b"new", "-o")
    assert link.is_symlink() and real.read_bytes() == b"new" and real.stat().st_mode & 0o777 == 0o640


def test_files_of_a_folder_come_all_or_none(tmp_path: Path) -> None:
    """Also in a folder that is there already, where others stay."""
    place = tmp_path / "out"
    output.put_all(place, {"a": b"1", "b": b"1"}, "--out")
    (place / "mine").write_bytes(b"mine")
    (place / "b.d").mkdir()
    output.put_all(place, {"a": b"2", "b": b"2"}, "--out")
    assert there(place) == {"a": b"2", "b": b"2", "mine": b"mine"}
    with pytest.raises(StorageError):
        output.put_all(place, {"a": b"3", "no/such": b"3"}, "--out")
    assert there(place) == {"a": b"2", "b": b"2", "mine": b"mine"}
    with pytest.raises(UsageError):
        output.ready_folder(place / "a", "--out")


@pytest.mark.slow
def test_memory_that_is_short_is_told_as_that(shop: Path) -> None:
    """Not as a fault of cxmodel: words, what to do, exit code 3."""
    large = SHOP.replace("customers: 80", "customers: 3000000")
    (shop / "large.yaml").write_text(large, "utf-8")
    line = ["run", "large.yaml", "--replications", "2", "--jobs", "1"]
    done = cxmodel(*line, limit=short_of(resource.RLIMIT_AS, 700_000_000))
    assert done.returncode == 3 and "There was not enough memory" in done.stderr
    assert "fault in cxmodel" not in done.stderr and "Traceback" not in done.stderr


def test_what_is_scarce_is_no_fault_of_cxmodel() -> None:
    """Whatever a system runs out of is told as that."""
    from cxmodel.cli import _of_the_computer

    for number in atomic_files.SCARCE:
        told = _of_the_computer(OSError(number, os.strerror(number), "/var/tmp/x"))
        assert told is not None and os.strerror(number) in told and "/var/tmp/x" in told
    assert _of_the_computer(RuntimeError("can't start new thread")) is not None
    assert _of_the_computer(OSError(2, "No such file")) is None and _of_the_computer(ValueError("x")) is None


@pytest.mark.slow
def test_a_killed_writer_of_reports_is_cleared_later(shop: Path) -> None:
    """What one left beside a report long ago goes with the next one."""
    assert main(["run", "shop.yaml", *FEW]) == 0
    rest = shop / f"{atomic_files.UNFINISHED}0123"
    rest.write_bytes(b"<html>")
    os.utime(rest, (1, 1))
    assert main(["report", "shop.yaml", "--quiet"]) == 0
    assert not rest.exists() and (shop / "report.html").exists() and Archive(shop / "archive").ids()
