"""`cxmodel calibrate`: files in, a layer out, and everything that was understood or dropped is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.cli import main

Captured = pytest.CaptureFixture[str]

SHOP = """\
schema: 1
name: A shop
horizon: 12 months
attributes: {kindness: {kind: performance}}
segments: {neighbours: {customers: 100, needs: {kindness: {level: 75}}}}
journey:
  bread: {stage: use, every: 15 days, delivers: {kindness: 60}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario and a survey of it, with a column of names and a wrong row."""
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    luck = np.random.default_rng(1)
    stars = np.clip(np.round(luck.normal(4, 0.8, 400)), 1, 5).astype(int)
    recommend = np.clip(np.round(stars * 2 + luck.normal(0, 1.5, 400)), 0, 10).astype(int)
    rows = [f"Person {n},{a},{a},{b}" for n, (a, b) in enumerate(zip(stars, recommend, strict=True))]
    rows[7] = "Person 7,great,4,9"
    (tmp_path / "survey.csv").write_text("\n".join(["name,bread,overall,nps", *rows]), "utf-8")
    return tmp_path


def calibrate(folder: Path, *more: str) -> int:
    """Run the verb on the survey."""
    return main(["calibrate", str(folder / "shop.yaml"), "--data", str(folder / "survey.csv"), *more])


def test_a_survey_becomes_a_layer_and_the_scenario_stays(folder: Path, capsys: Captured) -> None:
    """What was understood goes to stderr, names are left out, the layer runs."""
    assert calibrate(folder, "-o", str(folder / "layer.yaml")) == 0
    told = capsys.readouterr()
    assert "Person" not in told.out and "great" not in told.err and "1 row, such as line 9" in told.err
    assert (folder / "shop.yaml").read_text("utf-8") == SHOP
    layer = cx.load(folder / "layer.yaml")
    assert layer.facts["journey.bread.delivers.kindness"].source == "survey.csv"
    assert layer.facts["today.nps"].low is not None


def test_as_json_every_number_has_its_range_and_source(folder: Path, capsys: Captured) -> None:
    """One document on stdout."""
    assert calibrate(folder, "--json", "--quiet") == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["path"] for each in found["fits"]} >= {"journey.bread.delivers.kindness", "today.nps"}
    assert all(each["low"] <= each["value"] <= each["high"] and each["source"] for each in found["fits"])


def test_a_map_is_proposed_and_taken(folder: Path, capsys: Captured) -> None:
    """What a person corrects in it is followed."""
    place = folder / "map.yaml"
    assert calibrate(folder, "--write-map", str(place)) == 0
    proposed = place.read_text("utf-8")
    assert "five stars" in proposed
    place.write_text(proposed.replace("nps: {is: recommend, scale: 0 to 10}", "nps: {is: left out}"), "utf-8")
    capsys.readouterr()
    assert calibrate(folder, "--map", str(place), "--json", "--quiet") == 0
    found = json.loads(capsys.readouterr().out)
    assert "today.nps" not in {each["path"] for each in found["fits"]}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--hold-out", "half"), "give months"),
        (("--map", "nowhere.yaml"), "nowhere.yaml"),
        (("--over", "journey.bread.delivers.kindness"), "no series of months"),
    ],
)
def test_what_cannot_be_is_told_with_what_would_be_right(
    folder: Path, more: tuple[str, ...], said: str, capsys: Captured
) -> None:
    """Exit code 2."""
    assert calibrate(folder, *more) == 2
    assert said in capsys.readouterr().err
