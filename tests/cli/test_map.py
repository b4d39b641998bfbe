"""`cxmodel map`: a kept run as a map; where there is none, today and the plan are simulated and kept."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pptx import Presentation

from cxmodel.archive import Archive
from cxmodel.cli import main
from cxmodel.recent import Recent
from tests.cli.test_report import SHOP

Captured = pytest.CaptureFixture[str]
ASKED = ["--replications", "3", "--seed", "5", "--quiet"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own with one small scenario in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    return tmp_path


@pytest.fixture
def played(shop: Path, capsys: Captured) -> Path:
    """The same, with today and a plan simulated and kept."""
    assert main(["run", "shop.yaml", "--plan", "as_is", "--plan", "friendlier", *ASKED]) == 0
    capsys.readouterr()
    return shop


def test_without_a_run_today_and_the_plan_are_simulated_and_it_says_so(shop: Path, capsys: Captured) -> None:
    """As `cxmodel run` would, and kept: the next map simulates nothing."""
    assert main(["map", "shop.yaml", "--plan", "friendlier"]) == 0
    told = capsys.readouterr()
    assert told.out == "map.svg\n" and "as_is and friendlier were simulated now" in told.err
    assert {run.plan for run in Archive().find()} == {"as_is", "friendlier"}
    assert main(["map", "shop.yaml", "--plan", "friendlier", "-o", "again.svg"]) == 0
    assert "This map tells run " in capsys.readouterr().err
    assert (shop / "again.svg").read_bytes() == (shop / "map.svg").read_bytes()


def test_of_a_kept_run_nothing_is_simulated(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is not even asked."""
    monkeypatch.setattr("cxmodel.simulation.replications.part_of", None)
    monkeypatch.setattr("cxmodel.simulation.replications._RECENT", Recent(1))
    assert main(["map", "shop.yaml", "--plan", "friendlier", "--quiet"]) == 0


def test_the_ending_says_what_it_becomes(played: Path) -> None:
    """Each of them opens and says what the map is of."""
    for ending in ("svg", "png", "html", "pptx"):
        assert main(["map", "shop.yaml", "--plan", "friendlier", "-o", f"out.{ending}", "--quiet"]) == 0
    root = ElementTree.fromstring(Path("out.svg").read_text("utf-8"))
    assert root.tag.endswith("svg") and "Journey map of Corner shop" in "".join(root.itertext())
    assert Path("out.png").read_bytes().startswith(b"\x89PNG")
    assert '<table class="cx-journey"' in Path("out.html").read_text("utf-8")
    slide = Presentation(BytesIO(Path("out.pptx").read_bytes())).slides[0]
    assert any(shape.has_table for shape in slide.shapes) and any(shape.has_chart for shape in slide.shapes)


@pytest.mark.parametrize("which", ["strategy_canvas", "value_map", "organisation"])
def test_each_map_can_be_had_in_every_form(played: Path, capsys: Captured, which: str) -> None:
    """The answer says which map, of which run and plan."""
    for ending in ("svg", "png", "html", "pptx"):
        assert main(["map", "shop.yaml", "--which", which, "-o", f"{which}.{ending}", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["map"] == which and told["file"] == f"{which}.{ending}" and len(told["run"]) == 64


def test_what_explain_found_stands_on_the_map(played: Path) -> None:
    """The value at stake is saved by `explain`; of one segment there is none."""
    assert main(["explain", "shop.yaml", "--plan", "friendlier", *ASKED]) == 0
    assert main(["map", "shop.yaml", "--plan", "friendlier", "-o", "out.html", "--quiet"]) == 0
    assert "Value at stake" in Path("out.html").read_text("utf-8")
    assert main(["map", "shop.yaml", "--segment", "neighbours", "-o", "one.html", "--quiet"]) == 0
    assert "Value at stake" not in Path("one.html").read_text("utf-8")


def test_a_map_can_show_today_although_a_plan_is_asked_for(played: Path) -> None:
    """With the plan's initiatives on it."""
    for show, words in (("today", "Today (no action)"), ("plan", "Friendlier")):
        assert main(["map", "shop.yaml", "--plan", "friendlier", "--show", show, "-o", "out.html", "--quiet"]) == 0
        page = Path("out.html").read_text("utf-8")
        assert words in page and "Smile · m0" in page and "experienced today" not in page


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["shop.yaml", "-o", "map.pdf"], "end it with one of .svg, .png, .html, .pptx"),
        (["shop.yaml", "-o", "nowhere/map.svg"], "No such file or directory"),
        (["shop.yaml", "--which", "territory"], "there is: journey_map, strategy_canvas, value_map, organisation"),
        (["shop.yaml", "--show", "tomorrow"], "one of today, plan, both"),
        (["shop.yaml", "--plan", "grim"], "there is no plan `grim`"),
        (["shop.yaml", "--segment", "strangers"], "there is no segment named 'strangers'"),
        (["nowhere.yaml"], "nowhere.yaml"),
        (["0123456789"], "there is no kept run '0123456789'"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(played: Path, capsys: Captured, line: list[str], words: str) -> None:
    """Exit code 2, no traceback, and no file is left."""
    assert main(["map", *line]) == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said and not Path("map.svg").exists()
