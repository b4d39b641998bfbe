"""git shows scenarios in words: `cxmodel diff` as external diff, `cxmodel show --resolved` as textconv, in a real git.

The lines of configuration are those of docs/git.md, so that the page stays true.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "git.md").read_text("utf-8")
CONFIG = [shlex.split(line) for line in re.findall(r"^git config --global (.+)$", PAGE, flags=re.MULTILINE)]
(ATTRIBUTES,) = re.findall(r"^```gitattributes\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)

Git = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The repository's folder."""
    (tmp_path / "my work").mkdir()
    return tmp_path / "my work"


@pytest.fixture
def git(folder: Path, stories: Path) -> Git:
    """git in a repository with one committed scenario; no configuration of this computer counts."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_PAGER": "cat", "PATH": programs}
    person = {f"GIT_{who}_{what}": "me@here" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*arguments: str) -> str:
        run = subprocess.run(
            ["git", *arguments], cwd=folder, env={**kept, **nothing, **person}, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    git("init", "-q")
    (folder / ".gitattributes").write_text(ATTRIBUTES, "utf-8")
    (folder / "app.yaml").write_bytes((stories / "pretty_app.yaml").read_bytes())
    git("add", ".")
    git("commit", "-q", "-m", "Today")
    return git


@pytest.fixture
def in_words(git: Git) -> Git:
    """The same, once git knows both commands of the page."""
    for line in CONFIG:
        git("config", *line)
    return git


def edit(file: Path, *edits: tuple[str, str]) -> None:
    """Replace some of a file's text."""
    text = file.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


BOLDER = (
    ("people:     {level: 0.7}", "people:     {level: 0.8}  # trained"),
    ("margin: 9 per month", "margin: 108 per year"),
)


def test_the_page_names_both_commands() -> None:
    """What is tried here is what the page tells to type."""
    assert [name for name, _ in CONFIG] == ["diff.cxmodel.command", "diff.cxmodel.textconv"]


@pytest.mark.slow
def test_git_diff_speaks_in_meaning(in_words: Git, folder: Path) -> None:
    """The file's name, the section, the difference; what is only spelled otherwise is not there."""
    edit(folder / "app.yaml", *BOLDER)
    assert in_words("diff") == "app.yaml\n  levers\n    people lever: 0.70 → 0.80\n\n"


@pytest.mark.slow
def test_between_two_commits_too(in_words: Git, folder: Path) -> None:
    """Both versions come from git, in passing."""
    edit(folder / "app.yaml", *BOLDER)
    in_words("commit", "-q", "-a", "-m", "Bolder")
    assert "people lever: 0.70 → 0.80" in in_words("diff", "HEAD~1", "HEAD")
    assert "people lever: 0.80 → 0.70" in in_words("diff", "HEAD", "HEAD~1")
    assert "people lever: 0.70 → 0.80" in in_words("log", "-p", "--ext-diff", "-1")


@pytest.mark.slow
def test_another_spelling_is_no_difference(in_words: Git, folder: Path) -> None:
    """git sees that bytes changed, and the reader that nothing else did."""
    edit(folder / "app.yaml", BOLDER[1])
    assert in_words("diff") == "app.yaml\n  No difference in what they mean.\n\n"


@pytest.mark.slow
def test_new_and_deleted_scenarios_are_named(in_words: Git, folder: Path, stories: Path) -> None:
    """There is nothing to compare them with."""
    (folder / "app.yaml").rename(folder / "gone")
    (folder / "rival.yaml").write_bytes((stories / "rival_leaps.yaml").read_bytes())
    in_words("add", "rival.yaml")
    assert in_words("diff", "HEAD", "--no-renames") == (
        "app.yaml\n  − scenario The pretty app\n\nrival.yaml\n  + scenario A rival leaps\n\n"
    )


@pytest.mark.slow
def test_a_renamed_scenario_is_compared_with_itself(in_words: Git, folder: Path) -> None:
    """git tells the new name, and the difference stays small."""
    in_words("mv", "app.yaml", "our app.yaml")
    edit(folder / "our app.yaml", BOLDER[0])
    said = in_words("diff", "HEAD", "-M")
    assert said == "app.yaml → our app.yaml\n  levers\n    people lever: 0.70 → 0.80\n\n"


@pytest.mark.slow
def test_a_scenario_with_a_mistake_stops_nothing(in_words: Git, folder: Path, stories: Path) -> None:
    """Someone in the middle of an edit still sees what differs, in this file and in the next."""
    (folder / "second.yaml").write_bytes((stories / "rival_leaps.yaml").read_bytes())
    in_words("add", ".")
    in_words("commit", "-q", "-m", "Two")
    edit(folder / "app.yaml", ("people:     {level: 0.7}", "people:     {level: 0.8}"), ("journey:", "jurney:"))
    edit(folder / "second.yaml", ("horizon: ", "horizon: 1"))
    said = in_words("diff")
    assert "one of the two versions has mistakes" in said and "people lever: 0.70 → 0.80" in said
    assert "second.yaml" in said and "horizon: " in said


@pytest.mark.slow
def test_a_file_that_is_no_yaml_is_told(in_words: Git, folder: Path) -> None:
    """Also while it cannot be read at all."""
    (folder / "app.yaml").write_text("name: [\n", "utf-8")
    assert in_words("diff").startswith("app.yaml\n  cannot be compared: ")


@pytest.mark.slow
def test_a_file_that_builds_on_another_is_compared_by_what_it_says_itself(in_words: Git, folder: Path) -> None:
    """Beside an older version from git lies nothing that it builds on; this is told."""
    branch = folder / "branch.yaml"
    branch.write_text("extends: app.yaml\nset:\n  levers.people.level: 0.75\nhorizon: 30 months\n", "utf-8")
    in_words("add", ".")
    in_words("commit", "-q", "-m", "A branch")
    edit(branch, ("0.75", "0.85"), ("30 months", "36 months"))
    branch.write_text(branch.read_text("utf-8") + "remove: [journey.goodbye]\n", "utf-8")
    said = in_words("diff")
    assert "Compared by what this file says itself" in said
    assert "people lever: 0.75 → 0.85" in said and "horizon: 30 → 36 months" in said and "+ remove:" in said


@pytest.mark.slow
def test_a_conflict_is_told(in_words: Git, folder: Path) -> None:
    """The marks of a merge that is not done are shown, and where git gives the name alone, that is told."""
    in_words("checkout", "-q", "-b", "theirs")
    edit(folder / "app.yaml", ("people:     {level: 0.7}", "people:     {level: 0.8}"))
    in_words("commit", "-q", "-a", "-m", "Theirs")
    in_words("checkout", "-q", "-b", "ours", "HEAD~1")
    edit(folder / "app.yaml", ("people:     {level: 0.7}", "people:     {level: 0.6}"))
    in_words("commit", "-q", "-a", "-m", "Ours")
    with pytest.raises(AssertionError):
        in_words("merge", "theirs")
    assert "<<<<<<<" in in_words("diff")
    assert "not merged yet" in in_words("diff", "--cached")


@pytest.mark.slow
@pytest.mark.parametrize("command", [CONFIG[1][1], "cxmodel show --resolved"], ids=["of the page", "alone"])
def test_textconv_shows_the_whole_scenario_without_comments(command: str, in_words: Git, folder: Path) -> None:
    """`git log -p` compares the scenario as YAML: one line out, one line in, and no line for a comment."""
    in_words("config", "diff.cxmodel.textconv", command)
    edit(folder / "app.yaml", ("people:     {level: 0.7}", "people:     {level: 0.8}  # trained"))
    in_words("commit", "-q", "-a", "-m", "Bolder")
    lines = [line for line in in_words("log", "-p", "-1").splitlines() if re.match(r"[-+](?![-+])", line)]
    assert len(lines) == 2 and "0.7" in lines[0] and "0.8" in lines[1]
    assert not [line for line in lines if "#" in line]
