"""`cxmodel import` of journeys: a scenario beside the drawing, and on stderr what was assumed, what matters first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.scenario import load
from tests.scenario.journeys.drawings import GERMAN_MAP, SHOP, TOOL

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with drawings."""
    monkeypatch.chdir(tmp_path)
    for file, text in (("shop.mmd", SHOP), ("tool.md", TOOL), ("reise.csv", GERMAN_MAP)):
        (tmp_path / file).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.slow
def test_what_was_assumed_is_told_with_what_matters_first(here: Path, capsys: Captured) -> None:
    """The scenario is named on stdout; the list, the guesses and the columns that were not read on stderr."""
    assert main(["import", "reise.csv"]) == 0
    said = capsys.readouterr()
    assert said.out == "reise.yaml\n" and load("reise.yaml").warnings == ()
    told = said.err
    parts = [
        "5 steps of a journey map",
        "Assumptions to check",
        "at low",
        "Müller Café: time between two visits",
        "Without a range:",
        "customers today: 1,000",
        "“Bewusstsein” → aware",
        "Columns that were not read: Backstage",
        "cxmodel run reise.yaml",
    ]
    places = [told.find(part) for part in parts]
    assert -1 not in places and places == sorted(places)
    assert main(["validate", "reise.yaml"]) == 0
    assert main(["run", "reise.yaml", "--replications", "2", "--quiet"]) == 0
    assert main(["import", "reise.csv"]) == 2


@pytest.mark.slow
def test_the_document_says_the_same_twice(here: Path, capsys: Captured) -> None:
    """Those with the largest effect first, those not tried last; the same whenever it is asked."""
    documents = []
    for file in ("one.yaml", "two.yaml"):
        assert main(["import", "tool.md", "-o", file, "--json", "--quiet"]) == 0
        said = capsys.readouterr()
        assert not said.err
        documents.append(json.loads(said.out) | {"scenario": ""})
    assert documents[0] == documents[1]
    found = documents[0]["assumptions"]
    sizes = [max(abs(each["nps_at_low"]), abs(each["nps_at_high"])) for each in found if each["nps_at_low"] is not None]
    assert len(sizes) > 3 and sizes == sorted(sizes, reverse=True)
    assert [each["nps_at_low"] for each in found[len(sizes) :]] == [None] * (len(found) - len(sizes))
    assert {"words": "First week", "stage": "receive", "by": "its place in the order"} in documents[0]["stages"]


def test_quiet_says_only_what_was_written(here: Path, capsys: Captured) -> None:
    """Nothing is simulated for it."""
    assert main(["import", "shop.mmd", "--quiet"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("shop.yaml\n", "")


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("bad.mmd", "journey\n  Pay: good: Me\n", "bad.mmd:2:1: error CXM123"),
        ("mail.txt", "Dear all\n", "nobody can tell what this is"),
        ("old.yaml", "schema: 1\n", "this is a scenario already"),
    ],
)
def test_what_cannot_be_imported_writes_nothing(file: str, text: str, words: str, here: Path, capsys: Captured) -> None:
    """Exit code 2, where it is wrong, and what would be right."""
    (here / file).write_text(text, "utf-8")
    assert main(["import", file, "-o", "made.yaml"]) == 2
    assert words in capsys.readouterr().err and not (here / "made.yaml").exists()
