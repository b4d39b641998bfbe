"""The reference on the command line: it says first how long it takes, is kept apart, and judges what was kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxmodel.archive import Archive, stored_tables
from cxmodel.cli import main
from cxmodel.errors import ArchiveError
from tests.support import small

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario in a folder with an archive of its own."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    file = tmp_path / "promises.yaml"
    file.write_text(small.mechanism("promises").to_yaml(), "utf-8")
    return file


def document(capsys: Captured, *line: object, code: int = 0) -> Any:
    """The JSON document of a command line."""
    assert main([str(word) for word in (*line, "--json")]) == code
    return json.loads(capsys.readouterr().out)


def run(capsys: Captured, shop: Path, *options: object, replications: int = 3) -> str:
    """The id of a run that was just played."""
    return str(document(capsys, "run", shop, "--replications", replications, *options)["run"])


@pytest.mark.slow
def test_the_reference_says_first_how_long_it_takes(shop: Path, capsys: Captured) -> None:
    """On stderr, before anything is played; stdout has the figures, as ever."""
    assert main(["run", str(shop), "--engine", "reference", "--replications", "2"]) == 0
    said = capsys.readouterr()
    assert "The reference simulates one customer after the other: about " in said.err
    assert "2 simulation runs of as_is" in said.err
    assert "Advocacy (NPS)" in said.out and "The reference" not in said.out


@pytest.mark.slow
def test_the_document_says_what_played(shop: Path, capsys: Captured) -> None:
    """`engine` and a fingerprint of its own."""
    fast = document(capsys, "run", shop, "--replications", 2)
    slow = document(capsys, "run", shop, "--replications", 2, "--engine", "reference")
    assert (fast["engine"], slow["engine"]) == ("fast", "reference")
    assert fast["model"] != slow["model"] and fast["run"] != slow["run"]
    assert fast["metrics"] != slow["metrics"]


@pytest.mark.slow
def test_runs_of_the_reference_are_not_taken_for_others(shop: Path, capsys: Captured) -> None:
    """They are listed as what they are, and a file's latest run is one of the fast engine."""
    slow = run(capsys, shop, "--engine", "reference")
    told = document(capsys, "runs")["runs"]
    assert [(each["run"], each["engine"], each["same_model"]) for each in told] == [(slow, "reference", True)]
    with pytest.raises(ArchiveError, match="has not been run yet"):
        Archive().latest(shop)
    fast = run(capsys, shop)
    again = run(capsys, shop, "--engine", "reference")
    assert again == slow and Archive().latest(shop).manifest["run"] == fast
    assert Archive().open(slow).engine == "reference"
    assert main(["runs"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert sorted(line.endswith("this one, reference") for line in said[1:]) == [False, True]


@pytest.mark.slow
def test_a_run_of_the_reference_is_played_again_bit_for_bit(shop: Path, capsys: Captured) -> None:
    """`verify` plays it with the engine that it was made by."""
    id = run(capsys, shop, "--engine", "reference")
    assert document(capsys, "verify", id)["verdict"] == "same"


def test_a_precision_is_not_for_the_reference(shop: Path, capsys: Captured) -> None:
    """It would take too long: exit code 2, and what to give instead."""
    assert main(["run", str(shop), "--engine", "reference", "--precision", "2%"]) == 2
    assert "give --replications" in capsys.readouterr().err


@pytest.mark.slow
def test_the_reference_agrees_with_a_run(shop: Path, capsys: Captured) -> None:
    """Figure by figure: both values, how far they are apart, and how far they may be."""
    id = run(capsys, shop, replications=12)
    told = document(capsys, "verify", id[:10], "--reference", "--replications", 8)
    assert (told["run"], told["verdict"], told["replications"]) == (id, "agree", 12)
    assert (told["reference"]["engine"], told["reference"]["replications"]) == ("reference", 8)
    figures = {each["metric"]: each for each in told["figures"]}
    assert {"nps", "satisfaction", "acquired", "expectation_gap"} < set(figures)
    assert 0 < figures["nps"]["apart"] < figures["nps"]["allowed"] and figures["nps"]["agrees"]
    assert main(["verify", id, "--reference"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("the reference agrees\n") and "Advocacy (NPS)" in said.out
    assert "The reference simulates one customer after the other: about " in said.err


@pytest.mark.slow
def test_a_run_that_the_reference_does_not_bear_out_is_told(shop: Path, capsys: Captured) -> None:
    """Satisfaction is six points off: exit code 1, and which figure it is."""
    id = run(capsys, shop, replications=12)
    opened, folder = Archive().open(id), Archive().folder / "runs" / id
    assert isinstance(opened.tables, stored_tables.Saved)
    opened.tables._samples["satisfaction"] = opened.tables.samples("satisfaction") + np.float64(6)
    files, manifest = stored_tables.files_of(opened), stored_tables.manifest_of(folder)
    assert manifest is not None
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(manifest | {"files": stored_tables.seals_of(files)}))
    told = document(capsys, "verify", id, "--reference", "--replications", 12, code=1)
    assert told["verdict"] == "differ"
    assert [each["metric"] for each in told["figures"] if each["agrees"] is False] == ["satisfaction"]


@pytest.mark.slow
def test_what_cannot_be_compared_is_refused(shop: Path, capsys: Captured) -> None:
    """One replication, a run of the reference itself, a number without the reference: exit code 2."""
    one, slow = run(capsys, shop, replications=1), run(capsys, shop, "--engine", "reference")
    for line in ([one, "--reference"], [slow, "--reference"], [slow, "--replications", "3"]):
        assert main(["verify", *line]) == 2
        assert capsys.readouterr().out == ""
