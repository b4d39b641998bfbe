"""`cxmodel migrate`: what is out of date is brought up, or, with --check, only told."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.scenario.editing.migration import MIGRATIONS
from tests.scenario.test_migrating import NEW, OLD, as_lived

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a version 0, and the migration that knows it."""
    monkeypatch.setitem(MIGRATIONS, 0, as_lived)
    file = tmp_path / "old.yaml"
    file.write_text(OLD, "utf-8")
    return file


def test_an_old_file_is_brought_up(old: Path, capsys: Captured) -> None:
    """The file is written, and what was done is told."""
    assert main(["migrate", str(old)]) == 0
    said = capsys.readouterr().out
    assert old.read_text("utf-8") == NEW
    assert said.startswith(f"{old}: brought from schema 0 to schema 1\n  `touchpoints` is called `journey`")


def test_what_is_brought_up_stays(old: Path, capsys: Captured) -> None:
    """The second time there is nothing to do."""
    main(["migrate", str(old)])
    capsys.readouterr()
    assert main(["migrate", str(old), "--check"]) == 0
    assert capsys.readouterr().out == f"{old}: up to date (schema 1)\n"


def test_check_writes_nothing_and_fails_where_something_is_out_of_date(old: Path, capsys: Captured) -> None:
    """A build server learns it from the exit code, a check that failed."""
    assert main(["migrate", "--check", str(old)]) == 1
    assert "would be brought from schema 0 to schema 1" in capsys.readouterr().out
    assert old.read_text("utf-8") == OLD


def test_the_stories_are_up_to_date(stories: Path, capsys: Captured) -> None:
    """Every story is told to be."""
    files = sorted(map(str, stories.glob("*.yaml")))
    assert main(["migrate", "--check", *files]) == 0
    assert capsys.readouterr().out.count(": up to date (schema 1)") == len(files)


def test_one_file_from_the_future_keeps_all_from_being_written(old: Path, tmp_path: Path, capsys: Captured) -> None:
    """Exit code 2, with the reason; the others stay as they are."""
    future = tmp_path / "future.yaml"
    future.write_text("schema: 7\nname: x\n", "utf-8")
    assert main(["migrate", str(old), str(future)]) == 2
    assert "written for a newer cxmodel" in capsys.readouterr().err
    assert old.read_text("utf-8") == OLD


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: Captured) -> None:
    """Exit code 2, in words."""
    assert main(["migrate", str(tmp_path / "none.yaml")]) == 2
    assert "there is no such file" in capsys.readouterr().err
