"""`cxmodel report`: a kept run as a page, slides, a workbook or a ZIP; nothing is played for it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from pptx import Presentation

from cxmodel.cli import main
from cxmodel.recent import Recent

Captured = pytest.CaptureFixture[str]
SHOP = """\
schema: 1
name: Corner shop
question: Would a second look at the till be worth it?
horizon: 3 months
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 80, needs: {kindness: {level: 70}}}}
journey:
  till: {stage: buy, delivers: {kindness: 50}}
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}}
economics: {margin: 9 per month}
initiatives: {smile: {changes: {journey.bread.delivers.kindness: 80}, cost: {once: 10}}}
plans: {friendlier: [smile]}
"""
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
    """The same, with a plan and as is played and kept."""
    assert main(["run", "shop.yaml", "--plan", "as_is", "--plan", "friendlier", *ASKED]) == 0
    capsys.readouterr()
    return shop


def test_a_file_that_was_not_run_is_told_how(shop: Path, capsys: Captured) -> None:
    """Exit code 2 and the command that helps."""
    assert main(["report", "shop.yaml"]) == 2
    assert "Run it first: cxmodel run shop.yaml" in capsys.readouterr().err


def test_a_report_can_be_of_one_segment(played: Path, capsys: Captured) -> None:
    """It says so; a segment that there is not is told, with those there are."""
    assert main(["report", "shop.yaml", "--segment", "neighbours"]) == 0
    assert "Figures are of neighbours only;" in (played / "report.html").read_text("utf-8")
    assert "cxmodel explain" not in capsys.readouterr().err
    assert main(["report", "shop.yaml", "--segment", "strangers"]) == 2
    assert "there is no segment named 'strangers'; there is: neighbours, all" in capsys.readouterr().err


@pytest.mark.slow
def test_the_latest_run_of_a_file_becomes_a_page(played: Path, capsys: Captured) -> None:
    """Without a name it is report.html here; stdout says where."""
    assert main(["report", "shop.yaml"]) == 0
    assert capsys.readouterr().out == "report.html\n"
    text = (played / "report.html").read_text("utf-8")
    assert "Would a second look at the till be worth it?" in text and "Friendlier" in text


@pytest.mark.slow
def test_nothing_is_played_for_a_report(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is not even asked: figures come from the archive alone."""
    monkeypatch.setattr("cxmodel.simulation.replications.part_of", None)
    monkeypatch.setattr("cxmodel.simulation.replications._RECENT", Recent(1))
    assert main(["report", "shop.yaml", "--plan", "friendlier", "-o", "out.html", "--quiet"]) == 0


@pytest.mark.slow
def test_a_run_can_be_told_by_its_id(played: Path, capsys: Captured) -> None:
    """As `cxmodel runs` lists it."""
    main(["runs", "--json"])
    run = next(each for each in json.loads(capsys.readouterr().out)["runs"] if each["plan"] == "as_is")
    assert main(["report", run["run"][:10], "-o", "as_is.html", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == run["run"]


@pytest.mark.slow
def test_the_ending_says_what_it_becomes(played: Path) -> None:
    """Each of them opens."""
    for ending in ("pptx", "xlsx", "zip"):
        assert main(["report", "shop.yaml", "-o", f"out.{ending}", "--quiet"]) == 0
    assert len(Presentation("out.pptx").slides) >= 6
    assert openpyxl.load_workbook("out.xlsx").sheetnames[0] == "About"
    assert "shop.yaml" in ZipFile(BytesIO((played / "out.zip").read_bytes())).namelist()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["shop.yaml", "-o", "out.docx"], "end it with one of .html, .pptx, .xlsx, .zip"),
        (["shop.yaml", "-o", "nowhere/out.html"], "No such file or directory"),
        (["shop.yaml", "--section", "wether"], "there is no such section; there is: verdict, answer, journey"),
        (["shop.yaml", "--plan", "grim"], "grim"),
        (["0123456789"], "there is no kept run '0123456789'"),
    ],
)
def test_what_cannot_be_told_is_said_in_words(played: Path, capsys: Captured, line: list[str], words: str) -> None:
    """Exit code 2, no traceback."""
    assert main(["report", *line]) == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said


@pytest.mark.slow
def test_a_plan_without_as_is_beside_it_says_how_to_get_it(shop: Path, capsys: Captured) -> None:
    """Where a plan has no economics to be told against, as is is not kept with it; it is never made up."""
    text = "\n".join(line for line in SHOP.splitlines() if not line.startswith("economics"))
    Path("poor.yaml").write_text(text + "\n", "utf-8")
    assert main(["run", "poor.yaml", "--plan", "friendlier", *ASKED]) == 0
    capsys.readouterr()
    assert main(["report", "poor.yaml", "--plan", "friendlier"]) == 2
    assert "cxmodel run poor.yaml --plan as_is --replications 3 --seed 5" in capsys.readouterr().err


@pytest.mark.slow
def test_what_explain_found_stands_in_the_report(played: Path, capsys: Captured) -> None:
    """The value at stake is saved by `explain` and told by `report`."""
    assert main(["explain", "shop.yaml", "--plan", "friendlier", *ASKED]) == 0
    assert main(["report", "shop.yaml", "--plan", "friendlier", "-o", "out.html"]) == 0
    assert "Value at stake by touchpoint, the largest first" in Path("out.html").read_text("utf-8")
    assert "Priorities for improvement is not in it" not in capsys.readouterr().err


@pytest.mark.slow
def test_saved_runs_of_the_other_plans_are_the_alternatives(shop: Path, capsys: Captured) -> None:
    """Those with the same seed and replications; until all are saved there is no verdict, and which lack is said."""
    text = SHOP.replace("plans: {friendlier: [smile]}", "plans: {friendlier: [smile], twice: [smile], again: [smile]}")
    (shop / "shop.yaml").write_text(text, "utf-8")
    command = ["report", "shop.yaml", "--plan", "friendlier", "-o", "out.html"]
    said = []
    for plans in (("as_is", "friendlier"), ("twice",), ("again",)):
        assert main(["run", "shop.yaml", *(word for plan in plans for word in ("--plan", plan)), *ASKED]) == 0
        assert main(command) == 0
        said.append((shop / "out.html").read_text("utf-8"))
    assert [('id="alternatives"' in each, 'id="verdict"' in each) for each in said] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert "as no run of it is saved that shares this one's seed and size: Again." in said[1].replace("&#39;", "'")
    assert "not saved" not in said[2] and "Of three plans" in said[2]


@pytest.mark.slow
def test_the_report_of_a_kept_run_is_the_same_every_time(played: Path) -> None:
    """Byte for byte, in every form."""
    for ending in ("html", "pptx", "xlsx", "zip"):
        for name in ("one", "two"):
            assert main(["report", "shop.yaml", "-o", f"{name}.{ending}", "--quiet"]) == 0
        assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes()


def ids_by_plan(capsys: Captured) -> dict[str, str]:
    """The ids of what is kept, the first of each plan."""
    main(["runs", "--json"])
    return {run["plan"]: run["run"] for run in reversed(json.loads(capsys.readouterr().out)["runs"])}


@pytest.mark.slow
def test_which_run_is_told_is_said_and_stands_in_the_report(played: Path, capsys: Captured) -> None:
    """Of several runs of a file the one made last; its id, plan and time are on stderr and in the page."""
    run = ids_by_plan(capsys)["friendlier"]
    assert main(["report", "shop.yaml"]) == 0
    said = capsys.readouterr().err
    assert f"This report tells run {run[:8]}: plan friendlier, made 2" in said
    assert "the latest made of 2 saved runs" in said and "--run ID" in said
    assert f"run {run[:8]} of " in (played / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_another_run_of_a_file_is_told_where_it_is_named(played: Path, capsys: Captured) -> None:
    """`--run` takes an older one, also one from before the file was changed, and says so."""
    run = ids_by_plan(capsys)["as_is"]
    assert main(["report", "shop.yaml", "--run", run[:8], "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["run"] == run and "plan as_is" in said.err
    (played / "shop.yaml").write_text(SHOP.replace("kindness: 60", "kindness: 61"), "utf-8")
    assert main(["report", "shop.yaml", "--run", run[:8]]) == 0
    assert "made before shop.yaml was last changed" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_of_another_file_is_not_told_as_one_of_this(played: Path, capsys: Captured) -> None:
    """`--run` belongs to the file; a run's id beside it, or another plan than the run's, is refused in words."""
    run = ids_by_plan(capsys)["as_is"]
    (played / "other.yaml").write_text(SHOP.replace("Corner shop", "Another"), "utf-8")
    for line, words in (
        (["other.yaml", "--run", run], "this is no run of other.yaml"),
        ([run, "--run", run], "is a run already"),
        (["shop.yaml", "--run", run, "--plan", "friendlier"], "is of plan as_is"),
        (["shop.yaml", "--run", "0123456789"], "there is no kept run"),
    ):
        assert main(["report", *line]) == 2
        assert words in capsys.readouterr().err
