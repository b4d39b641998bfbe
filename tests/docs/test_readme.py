"""The README and the page of the command line stay true: commands run, Python runs, links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")
PAGES = {page: (ROOT / page).read_text("utf-8") for page in ("README.md", "docs/command_line.md", "docs/examples.md")}


def blocks(language: str, text: str = TEXT) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


COMMANDS = dict.fromkeys(
    line for text in PAGES.values() for block in blocks("sh", text) for line in block.splitlines() if line.strip()
)
LINKS = [(page, link) for page, text in PAGES.items() for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like the checkout to a reader of the README, and may be written to."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_work_as_written(command: str, folder: Path) -> None:
    """Each line of the tour succeeds when it is typed as it stands."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_the_python_works_as_written(folder: Path) -> None:
    """The Python of the tour runs as a script."""
    (code,) = blocks("python")
    (folder / "tour.py").write_text(code, "utf-8")
    run = subprocess.run([sys.executable, "tour.py"], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_links_lead_somewhere(page: str, target: str) -> None:
    """Every file that a page points at is there."""
    assert ((ROOT / page).parent / target).exists()


def test_set_up_takes_two_commands() -> None:
    """The only commands to set a machine up are `make app` and `make test`."""
    assert re.findall(r"^    (make \w+)", TEXT, flags=re.MULTILINE) == ["make app", "make test"]
