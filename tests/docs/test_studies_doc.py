"""docs/studies.md shows what its commands print: every study on both stories, to the letter."""

from __future__ import annotations

import pytest

from tests.docs.studies_doc import PAGE, blocks, output

BLOCKS = blocks(PAGE.read_text("utf-8"))
QUICK = ("optimise scenarios/five_levers", "sweep scenarios/five_levers")
"""What takes seconds; the others are played again by `make soak`."""


def test_every_study_is_shown_on_both_stories() -> None:
    """With an output under each command."""
    shown = {tuple(command.split()[1:3]) for command, said in BLOCKS if said}
    stories = ("scenarios/blamed_service.yaml", "scenarios/five_levers.yaml")
    assert {(verb, file) for verb in ("sensitivity", "discover", "optimise", "sweep") for file in stories} == shown


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param(*block, marks=pytest.mark.slow if any(quick in block[0] for quick in QUICK) else pytest.mark.soak)
        for block in BLOCKS
    ],
)
def test_what_is_shown_is_what_is_printed(
    command: str, said: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an archive of its own: nothing is there but what the command plays."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path_factory.mktemp("archive")))
    assert output(command) == said
