"""The command line as a tool: help, exit codes, streams. What each verb answers is tested beside it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cxmodel.cli import main

VERBS = [
    "new",
    "import",
    "validate",
    "show",
    "set",
    "diff",
    "migrate",
    "schema",
    "run",
    "check",
    "compare",
    "explain",
    "sensitivity",
    "discover",
    "optimise",
    "sweep",
    "calibrate",
    "report",
    "map",
    "runs",
    "verify",
    "app",
    "doctor",
]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_shows_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader learns a verb by its examples."""
    assert main([verb, "--help"]) == 0
    assert f"  cxmodel {verb}" in capsys.readouterr().out.partition("Example")[2]


def test_help_lists_the_verbs_that_work_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    """No verb is listed before it does something."""
    main(["--help"])
    commands = capsys.readouterr().out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in commands.splitlines()] == VERBS


@pytest.mark.parametrize(
    "line",
    [
        "",
        "frobnicate",
        "run",
        "run a.yaml --replications 0",
        "run a.yaml --replications many",
        "run a.yaml --frob",
        "check",
        "check a.yaml --replications 0",
    ],
)
def test_wrong_usage_is_exit_code_2_and_goes_to_stderr(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that makes no sense is refused with words on stderr and nothing on stdout."""
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert (said.out, "Usage: cxmodel" in said.err) == ("", True)


def test_the_version_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """`cxmodel --version` names the program and the version."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cxmodel 0.")


@pytest.mark.slow
def test_a_reader_that_stops_early_is_no_error() -> None:
    """`cxmodel schema | head -1` ends quietly."""
    line = f"set -o pipefail; {sys.executable} -m cxmodel schema | head -c 1"
    run = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "{", "")
