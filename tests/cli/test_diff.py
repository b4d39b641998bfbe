"""`cxmodel diff`: what differs between two scenarios, for people, for scripts, and for whoever names a wrong file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cxmodel.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def bolder(tmp_path: Path, stories: Path) -> Path:
    """The pretty app with better people and a better tracking page, and a margin spelled per year."""
    text = (stories / "pretty_app.yaml").read_text("utf-8")
    for old, new in (
        ("people:     {level: 0.7}", "people:     {level: 0.8}   # after the training"),
        ("{clarity: 40,", "{clarity: 80,"),
        ("margin: 9 per month", "margin: 108 per year"),
        ("{client_ref: A-17}", "{client_ref: A-18}"),
    ):
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "bolder.yaml"
    file.write_text(text, "utf-8")
    return file


def test_differences_are_told_by_section(bolder: Path, stories: Path, capsys: Captured) -> None:
    """Each section with what differs in it, in words; what is only spelled otherwise is not told; meta comes last."""
    assert main(["diff", str(stories / "pretty_app.yaml"), str(bolder)]) == 0
    assert capsys.readouterr().out == (
        "levers\n  people lever: 0.70 → 0.80\n\n"
        "journey\n  track order, clarity delivered: 40 → 80\n\n"
        "meta\n  meta client ref: “A-17” → “A-18”\n"
    )


def test_no_difference_is_said(stories: Path, capsys: Captured) -> None:
    """A scenario does not differ from itself."""
    file = str(stories / "pretty_app.yaml")
    assert main(["diff", file, file]) == 0
    assert capsys.readouterr().out == "No difference in what they mean.\n"


def test_json_has_a_row_for_each_difference(bolder: Path, stories: Path, capsys: Captured) -> None:
    """One JSON list, with numbers a script can compute with."""
    assert main(["diff", str(stories / "pretty_app.yaml"), str(bolder), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert first == {
        "section": "levers",
        "path": "levers.people.level",
        "label": "people lever",
        "kind": "changed",
        "before": 0.7,
        "after": 0.8,
        "unit": "share",
        "said": "people lever: 0.70 → 0.80",
    }


def test_free_keys_may_hold_anything(stories: Path, tmp_path: Path, capsys: Captured) -> None:
    """What is infinite or no number is no difference to itself, and a word in JSON."""
    text = (stories / "pretty_app.yaml").read_text("utf-8")
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for file, value in zip(files, ("[.inf, true]", "{deep: -.inf}"), strict=True):
        file.write_text(text.replace("{client_ref: A-17}", f"{{odd: .nan, other: {value}}}"), "utf-8")
    assert main(["diff", *map(str, files), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["path"], row["before"], row["after"]) == ("meta.other", ["inf", True], {"deep": "-inf"})


@pytest.mark.slow
def test_any_two_stories_can_be_compared(stories: Path, capsys: Captured) -> None:
    """However much differs, the exit code is 0."""
    first, *others = sorted(map(str, stories.glob("*.yaml")))
    assert [main(["diff", first, other]) for other in others] == [0] * len(others)
    assert "+ touchpoint" in capsys.readouterr().out


def test_a_wrong_file_is_told_as_validate_tells_it(bolder: Path, tmp_path: Path, capsys: Captured) -> None:
    """Everything wrong with either file, and exit code 2."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(bolder.read_text("utf-8") + "plam: {}\n", "utf-8")
    assert main(["diff", str(wrong), str(tmp_path / "boulder.yaml")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "unknown key `plam`" in said.err and "bolder.yaml?" in said.err


@pytest.mark.parametrize("files", [["a.yaml"], ["a.yaml", "b.yaml", "c.yaml"]])
def test_it_takes_two_files(files: list[str], capsys: Captured) -> None:
    """One file, or three, is wrong usage."""
    assert main(["diff", *files]) == 2
    assert "name two scenarios" in capsys.readouterr().err


@pytest.mark.slow
def test_comparing_loads_no_library_of_numbers(stories: Path) -> None:
    """`diff` reads scenarios and nothing heavier."""
    file = str(stories / "pretty_app.yaml")
    ask = f"from cxmodel.cli import main; import sys; main(['diff', {file!r}, {file!r}]); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "scipy", "streamlit"} & set(run.stdout.split())
