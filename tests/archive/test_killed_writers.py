"""Killed inside the atomic write, before any of its lines or at any byte, what is there is the old or the new."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KINDS = ["archive", "drafts", "reports", "folders"]


def killed(kind: str, folder: Path, kills: int) -> dict[str, Any]:
    """What came of so many kills; in a process of its own, which forks: it has no threads yet."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_writers", kind, str(folder / kind), str(kills)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        check=True,
        timeout=900,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_killed_inside_the_write_damages_nothing(kind: str, tmp_path: Path) -> None:
    """Fifty times each: never a half, the index catches up, and what was said to be kept is there."""
    found = killed(kind, tmp_path, 50)
    assert found["kills"] == 50 and found["wrong"] == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_killed_hundreds_of_times_inside_the_write(kind: str, tmp_path: Path) -> None:
    """The same, three hundred times each."""
    found = killed(kind, tmp_path, 300)
    assert found["kills"] == 300 and found["wrong"] == []
