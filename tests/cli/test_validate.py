"""`cxmodel validate` and `cxmodel schema`: what is wrong with a scenario, for people and for scripts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from cxmodel.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def wrong(tmp_path: Path, stories: Path) -> Path:
    """Pretty App with two mistakes on lines of their own."""
    text = (stories / "pretty_app.yaml").read_text("utf-8")
    file = tmp_path / "wrong.yaml"
    file.write_text(text + "\nhorizonn: 2 years\npaln: {}\n", "utf-8")
    return file


def test_the_bundled_stories_are_valid(stories: Path, capsys: Captured) -> None:
    """Every story passes."""
    assert main(["validate", *map(str, stories.glob("*.yaml"))]) == 0
    assert capsys.readouterr().out.count(": valid") == len(list(stories.glob("*.yaml")))


def test_all_problems_are_told_at_once_with_their_places(wrong: Path, capsys: Captured) -> None:
    """One pass tells every problem, each with `file:line:column`; the exit code is 2."""
    assert main(["validate", str(wrong)]) == 2
    said = capsys.readouterr()
    assert said.out.count(f"{wrong}:") >= 2
    assert "horizonn" in said.out and "paln" in said.out
    assert "in 1 file." in said.err


def test_one_wrong_file_does_not_hide_the_others(wrong: Path, stories: Path, capsys: Captured) -> None:
    """Files are judged one by one."""
    good = stories / "pretty_app.yaml"
    assert main(["validate", str(wrong), str(good)]) == 2
    assert f"{good}: valid" in capsys.readouterr().out


def test_json_tells_the_same_as_text(wrong: Path, capsys: Captured) -> None:
    """`--format json` and `--json` give one document with every problem's code and place."""
    assert main(["validate", str(wrong), "--json"]) == 2
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert file["valid"] is False
    assert all(problem["code"].startswith("CXM") and problem["line"] > 0 for problem in file["problems"])


def test_github_format_marks_the_line(wrong: Path, capsys: Captured) -> None:
    """`--format github` prints one workflow command per problem."""
    main(["validate", str(wrong), "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert lines and all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert any(",line=" in line for line in lines)


def test_quiet_says_nothing_about_a_valid_file(stories: Path, capsys: Captured) -> None:
    """`--quiet` leaves the exit code."""
    assert main(["validate", "--quiet", str(stories / "pretty_app.yaml")]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_problem_not_a_traceback(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """No such file, and a folder instead of a file: told in words, exit code 2."""
    monkeypatch.chdir(tmp_path)
    assert main(["validate", name]) == 2
    said = capsys.readouterr()
    assert name in said.out and "Traceback" not in said.err


def test_a_file_name_that_looks_like_anything_else_is_taken_as_it_is(
    tmp_path: Path, stories: Path, capsys: Captured
) -> None:
    """Spaces and letters beyond ASCII in a name do no harm."""
    file = tmp_path / "größer: 100 % neu.yaml"
    shutil.copy(stories / "pretty_app.yaml", file)
    assert main(["validate", str(file)]) == 0
    assert f"{file}: valid" in capsys.readouterr().out


@pytest.mark.slow
def test_the_schema_is_a_json_schema(capsys: Captured) -> None:
    """`cxmodel schema` prints a valid JSON Schema."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$defs"]["scenario"]["properties"].keys() >= {"journey", "segments", "levers"}
