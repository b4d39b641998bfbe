"""`cxmodel doctor`: what this installation is like, and what would make it slow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.simulation import diagnosis


@pytest.mark.slow
def test_the_doctor_tells_versions_cores_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    """Also as JSON; nothing here is risky."""
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["versions"]["Python"].startswith("3.")
    assert (told["cores"], told["risks"]) == (os.cpu_count(), [])
    assert told["speed"]["visits"] > 1e5
    assert Path(told["cache"]).is_dir()
    assert main(["doctor"]) == 0
    assert "million visits a second" in capsys.readouterr().out


def test_settings_that_make_the_engine_slow_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the variable that says so, and why it matters."""
    monkeypatch.delenv("NUMBA_BOUNDSCHECK", raising=False)
    assert diagnosis.risks(tmp_path) == []
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    (risk,) = diagnosis.risks(tmp_path / "not" / "there")
    assert risk.startswith("NUMBA_BOUNDSCHECK=1: ")


@pytest.mark.slow
def test_warming_up_says_that_it_compiles_and_nothing_the_next_time(tmp_path: Path) -> None:
    """On stderr, once; what was compiled is kept where NUMBA_CACHE_DIR says."""
    surroundings = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "cxmodel", "doctor", "--warm"]
    for word in ("Compiling the simulation engine", ""):
        said = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        assert (said.stdout, said.stderr.startswith(word), bool(said.stderr)) == ("", True, bool(word))
    assert any(tmp_path.rglob("*.nbc"))
