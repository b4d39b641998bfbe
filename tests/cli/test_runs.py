"""`cxmodel runs` and `cxmodel verify`: every run is kept, listed, and can be played again bit for bit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxmodel.archive import Archive, stored_tables
from cxmodel.cli import main
from cxmodel.results import fingerprint
from cxmodel.results.result import Result
from cxmodel.simulation.simulate import simulate
from tests.support import small

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario in a folder with an archive of its own."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    file = tmp_path / "shop.yaml"
    file.write_text(small.app({"horizon": "3 months"}).to_yaml(), "utf-8")
    return file


def answered(capsys: Captured, *line: object, code: int = 0) -> str:
    """What a command line says on stdout."""
    assert main([str(word) for word in line]) == code
    return capsys.readouterr().out


def document(capsys: Captured, *line: object, code: int = 0) -> Any:
    """The JSON document of a command line."""
    return json.loads(answered(capsys, *line, "--json", code=code))


def played(capsys: Captured, shop: Path, *options: object) -> str:
    """The id of a run that was just played."""
    return str(document(capsys, "run", shop, "--replications", 2, *options)["run"])


@pytest.mark.slow
def test_a_run_is_kept_and_listed(shop: Path, capsys: Captured) -> None:
    """The id that `run --json` tells is the one that `runs` lists first, with what was played."""
    played(capsys, shop)
    id = played(capsys, shop, "--seed", 7)
    told = document(capsys, "runs")
    assert [run["seed"] for run in told["runs"]] == [7, 1]
    first = told["runs"][0]
    assert (first["run"], first["plan"], first["replications"], first["same_model"]) == (id, "as_is", 2, True)
    assert first["nps"]["low"] < first["nps"]["value"] < first["nps"]["high"] and first["seconds"] > 0
    said = answered(capsys, "runs")
    assert id[:8] in said.splitlines()[1] and "The pretty app" in said and " to " in said


@pytest.mark.slow
def test_a_plan_is_kept_with_as_is_where_its_return_is_told(shop: Path, capsys: Captured) -> None:
    """`run --plan` plays as is as well, and keeps it."""
    document(capsys, "run", shop, "--plan", "fix_the_wait", "--replications", 2)
    assert {run["plan"] for run in document(capsys, "runs")["runs"]} == {"as_is", "fix_the_wait"}


@pytest.mark.slow
def test_the_runs_of_a_file_say_whether_it_has_changed_since(shop: Path, capsys: Captured) -> None:
    """`runs FILE` lists those of older versions of the file too, and says so."""
    played(capsys, shop)
    shop.write_text(shop.read_text("utf-8").replace("3 months", "4 months"), "utf-8")
    played(capsys, shop)
    _, newest, oldest = answered(capsys, "runs", shop).splitlines()
    assert newest.endswith("as it is now") and oldest.endswith("changed since")


def test_an_archive_without_runs_says_how_one_gets_there(shop: Path, capsys: Captured) -> None:
    """Nothing to list is no fault."""
    assert main(["runs"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "cxmodel run FILE" in said.err


@pytest.mark.slow
def test_a_long_list_is_cut_and_says_so(shop: Path, capsys: Captured) -> None:
    """`--limit` bounds what is listed; stderr tells what is not shown."""
    for seed in (1, 2, 3):
        played(capsys, shop, "--seed", seed)
    assert main(["runs", "--limit", "2"]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 3 and "1 older" in said.err


@pytest.mark.slow
def test_the_same_run_has_the_same_bits(shop: Path, capsys: Captured) -> None:
    """`verify` plays it again: `same bits`, exit code 0."""
    id = played(capsys, shop, "--plan", "fix_the_wait")
    assert answered(capsys, "verify", id[:10]).startswith("same bits\n")
    told = document(capsys, "verify", id)
    assert told == {"run": id, "verdict": "same", "differences": [], "causes": [], "damaged": []}


def kept_as(id: str, result: Result, **told: Any) -> None:
    """Let a run be kept with what another machine or model made of it."""
    folder = Archive().folder / "runs" / id
    files, manifest = stored_tables.files_of(result), stored_tables.manifest_of(folder)
    assert manifest is not None
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(manifest | told | {"files": stored_tables.seals_of(files)}))


@pytest.mark.slow
def test_a_last_bit_that_differs_is_found(shop: Path, capsys: Captured) -> None:
    """One replication of one metric is off by its last bit: exit code 1, and where."""
    id = played(capsys, shop)
    opened = Archive().open(id)
    samples = opened.tables.samples("nps").copy()
    samples[1, 1] = np.nextafter(samples[1, 1], 0)
    assert isinstance(opened.tables, stored_tables.Saved)
    opened.tables._samples["nps"] = samples
    kept_as(id, opened)
    told = document(capsys, "verify", id, code=1)
    (found,) = told["differences"]
    assert (told["verdict"], told["causes"], found["about"]) == ("different", [], "nps in replication 2")
    assert 0 < abs(found["by"]) < 1e-10


@pytest.mark.slow
def test_another_model_is_named_as_the_likely_cause(
    shop: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of another model: which figures differ, from what to what, by how much, and why that may be."""
    with monkeypatch.context() as before:
        before.setattr(fingerprint, "model", lambda: "0" * 16)
        id = played(capsys, shop)
    scenario = small.app({"horizon": "3 months"})
    other = simulate(scenario.with_changes({"journey.track_order.delivers.clarity": 70}), replications=2)
    kept_as(id, replace(other, scenario=scenario), libraries={"numpy": "1.0"})
    said = answered(capsys, "verify", id, code=1)
    assert said.startswith("not the same bits\n") and "Expectation gap all" in said
    assert f"another model ({'0' * 16} then, {fingerprint.model()} now)" in said and "numpy (1.0 then" in said


@pytest.mark.slow
def test_a_damaged_run_is_told_as_such(shop: Path, capsys: Captured) -> None:
    """A file that is not as it was written: exit code 1 and its name; playing it again mends it."""
    id = played(capsys, shop)
    file = Archive().folder / "runs" / id / "touchpoints.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    said = answered(capsys, "verify", id, code=1)
    assert said.startswith("damaged\n") and "touchpoints.parquet is missing or not as written" in said
    assert document(capsys, "verify", id, code=1)["damaged"] == ["touchpoints.parquet"]
    assert played(capsys, shop) == id
    assert answered(capsys, "verify", id).startswith("same bits")


@pytest.mark.slow
def test_a_run_that_is_not_there_is_told_with_what_is(shop: Path, capsys: Captured) -> None:
    """Exit code 2, and the runs one may have meant."""
    id = played(capsys, shop)
    assert main(["verify", "nonsense"]) == 2
    assert id[:8] in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_cannot_be_kept_is_answered_all_the_same(
    shop: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures come, `run` is null, one line on stderr says why it was not saved, and the exit code is a failure."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(shop / "no folder"))
    assert main(["run", str(shop), "--replications", "2", "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["run"] is None
    (line,) = [line for line in said.err.splitlines() if "was not saved" in line]
    assert "Not a directory" in line and "CXMODEL_ARCHIVE" in line
