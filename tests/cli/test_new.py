"""`cxmodel new`: a folder to start from that works at once, and that never costs anybody a file."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import jsonschema
import pytest

from cxmodel.cli import main
from cxmodel.scenario import load, stories
from cxmodel.scenario.yaml_text.parser import read

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_a_workspace_has_what_one_starts_with(here: Path, capsys: Captured) -> None:
    """A scenario, its schema, and what git should know; stdout names each file."""
    assert main(["new", "our company"]) == 0
    made = {file.name for file in (here / "our company").iterdir()}
    assert made == {"scenario.yaml", "scenario.schema.json", ".gitignore", ".gitattributes"}
    assert {Path(line).name for line in capsys.readouterr().out.splitlines()} == made


@pytest.mark.slow
def test_the_starter_is_valid_without_warnings(here: Path) -> None:
    """A first scenario has nothing odd in it, and the schema beside it agrees."""
    main(["new", "ours"])
    assert load("ours/scenario.yaml").warnings == ()
    text = (here / "ours" / "scenario.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=./scenario.schema.json\n")
    jsonschema.validate(read(text, "").plain, json.loads((here / "ours" / "scenario.schema.json").read_text("utf-8")))


@pytest.mark.slow
def test_the_commands_it_prints_work(here: Path, capsys: Captured) -> None:
    """The next two commands can be copied as they stand."""
    main(["new", "our company"])
    commands = [line.strip() for line in capsys.readouterr().err.splitlines() if line.startswith("  cxmodel ")]
    assert len(commands) == 2
    assert [main([*shlex.split(command)[1:], "--quiet"]) for command in commands] == [0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("story", stories())
def test_every_story_can_be_started_from(story: str, here: Path, capsys: Captured) -> None:
    """The story is copied as it is, and the plan that is offered is one of it."""
    assert main(["new", "ours", "--from", story]) == 0
    assert (here / "ours" / f"{story}.yaml").read_bytes() == stories()[story].read_bytes()
    plan = capsys.readouterr().err.split("--plan ")[-1].strip()
    assert plan in load(f"ours/{story}.yaml").plans


def test_an_unknown_story_is_told_with_the_one_that_may_be_meant(here: Path, capsys: Captured) -> None:
    """Exit code 2, and no folder is made."""
    assert main(["new", "ours", "--from", "prety_app"]) == 2
    assert "did you mean `pretty_app`?" in capsys.readouterr().err
    assert list(here.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["scenario.yaml", "scenario.schema.json", ".gitignore", ".gitattributes"])
def test_nothing_is_overwritten_and_nothing_half_written(name: str, here: Path, capsys: Captured) -> None:
    """What is in the way is named, and stays; the folder is as it was."""
    (here / "ours").mkdir()
    (here / "ours" / name).write_text("mine", "utf-8")
    assert main(["new", "ours"]) == 2
    assert f"{name} is in ours already" in capsys.readouterr().err
    assert {file.name: file.read_text("utf-8") for file in (here / "ours").iterdir()} == {name: "mine"}


@pytest.mark.slow
def test_a_link_that_leads_nowhere_is_in_the_way_too(here: Path) -> None:
    """Nothing is written through a link."""
    (here / "ours").mkdir()
    (here / "ours" / "scenario.yaml").symlink_to(here / "elsewhere.yaml")
    assert main(["new", "ours"]) == 2
    assert not (here / "elsewhere.yaml").exists()


@pytest.mark.slow
def test_a_folder_with_other_things_in_it_may_be_used(here: Path) -> None:
    """An empty repository, or a folder with notes, is a good place to start."""
    (here / "notes.txt").write_text("mine", "utf-8")
    assert main(["new", "."]) == 0
    assert (here / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.slow
def test_a_file_in_the_place_of_the_folder_is_told(here: Path, capsys: Captured) -> None:
    """A folder cannot be made where a file is, nor below one."""
    (here / "ours").write_text("mine", "utf-8")
    assert [main(["new", "ours"]), main(["new", "ours/below"])] == [2, 2]
    assert "ours is in the way" in capsys.readouterr().err
    assert (here / "ours").read_text("utf-8") == "mine"
