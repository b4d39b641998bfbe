"""`cxmodel check`: exit codes, lines for people, JSON for scripts, JUnit XML for a build server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cxmodel
from cxmodel.cli import main

Captured = pytest.CaptureFixture[str]
Shop = Callable[..., str]

SHOP = """\
schema: 1
name: Corner shop
horizon: 2 months
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 60, needs: {kindness: {level: 70}}}}
journey: {bread: {stage: use, every: 7 days, delivers: {kindness: 60}}}
initiatives: {smile: {changes: {journey.bread.delivers.kindness: "+20"}, cost: {once: 10}}}
plans: {friendlier: [smile]}
"""
HOLDS = "{plan: friendlier, metric: satisfaction, better_than: as_is}"
BREAKS = "{plan: friendlier, metric: satisfaction, worse_than: as_is}"
OPEN = "{metric: wait_minutes, below: 3}"
ASKED = ["--replications", "4", "--seed", "5", "--jobs", "1"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Writes the corner shop with what it expects, and gives the file's name."""

    def write(*expectations: str, name: str = "shop.yaml") -> str:
        block = "expect:\n" + "".join(f"  - {text}\n" for text in expectations) if expectations else ""
        (tmp_path / name).write_text(SHOP + block, "utf-8")
        return str(tmp_path / name)

    return write


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expectations", "code"),
    [([HOLDS], 0), ([HOLDS, BREAKS], 1), ([OPEN], 0), ([OPEN, BREAKS], 1), ([], 0)],
)
def test_only_a_failed_check_makes_the_exit_code_1(expectations: list[str], code: int, shop: Shop) -> None:
    """What holds, what stays open and what expects nothing is fine."""
    assert main(["check", shop(*expectations), *ASKED]) == code


def test_each_check_is_a_line_that_begins_with_its_verdict(shop: Shop, capsys: Captured) -> None:
    """Lines go to stdout, the count to stderr."""
    main(["check", shop(HOLDS, BREAKS, OPEN), *ASKED])
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()] == ["pass", "fail", "inconclusive"]
    assert "friendlier: Satisfaction is better than as_is by " in said.out
    assert said.err == "1 passed, 1 failed, 1 inconclusive; 4 simulation runs, seed 5.\n"


def test_quiet_leaves_only_the_lines(shop: Shop, capsys: Captured) -> None:
    """`--quiet` keeps progress and count to itself."""
    main(["check", shop(HOLDS), *ASKED, "--quiet"])
    said = capsys.readouterr()
    assert (len(said.out.splitlines()), said.err) == (1, "")


def test_several_files_are_told_apart(shop: Shop, capsys: Captured) -> None:
    """Each under its own name; one that expects nothing says so."""
    first, second = shop(HOLDS), shop(name="silent.yaml")
    assert main(["check", first, second, *ASKED]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{first}: Corner shop"
    assert said[-1] == f"{second}: nothing to check, it has no `expect:`"


def test_a_wrong_file_is_told_before_anything_is_played(shop: Shop, tmp_path: Path, capsys: Captured) -> None:
    """Exit code 2, every problem of every file, no verdicts and no report."""
    wrong, report = tmp_path / "wrong.yaml", tmp_path / "checks.xml"
    wrong.write_text(SHOP.replace("horizon", "horizonn"), "utf-8")
    assert main(["check", shop(BREAKS), str(wrong), "gone.yaml", *ASKED, "--junit", str(report)]) == 2
    said = capsys.readouterr()
    assert (said.out, report.exists()) == ("", False)
    assert "horizonn" in said.err and "gone.yaml" in said.err and "2 problems" in said.err


def test_json_is_one_document_with_the_rows_of_python(shop: Shop, capsys: Captured) -> None:
    """The same rows as `cxmodel.check` gives, each with its sentence."""
    file = shop(HOLDS, BREAKS, OPEN)
    assert main(["check", file, *ASKED, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [document[verdict] for verdict in ("pass", "fail", "inconclusive")] == [1, 1, 1]
    rows = [{key: item for key, item in row.items() if key != "said"} for row in document["files"][0]["checks"]]
    expected = cxmodel.check(cxmodel.load(file), replications=4, seed=5, jobs=1)
    assert rows == json.loads(json.dumps(expected))


def test_junit_tells_a_build_server(shop: Shop, tmp_path: Path) -> None:
    """A suite per file, a case per check; failed ones as failures, open ones as skipped, each with its sentence."""
    report = tmp_path / "checks.xml"
    main(["check", shop(HOLDS, BREAKS, OPEN), shop(name="silent.yaml"), *ASKED, "--junit", str(report)])
    root = ElementTree.parse(report).getroot()
    assert (root.tag, [suite.get("tests") for suite in root]) == ("testsuites", ["3", "0"])
    totals = {key: int(root.get(key, "")) for key in ("tests", "failures", "errors", "skipped")}
    assert totals == {"tests": 3, "failures": 1, "errors": 0, "skipped": 1}
    held, broken, left = root[0]
    assert (held.find("failure"), held.get("name")) == (None, "friendlier: Satisfaction should be better than as_is")
    assert "it is better by" in broken[0].get("message", "") and broken[0].tag == "failure"
    assert "cannot be judged" in left[0].get("message", "") and left[0].tag == "skipped"


def test_junit_holds_whatever_a_file_is_called(shop: Shop, tmp_path: Path) -> None:
    """Signs that mean something in XML, and some that may not stand in it, do no harm."""
    report = tmp_path / "checks.xml"
    main(["check", shop(HOLDS, name='<a & "b"\x07>.yaml'), *ASKED, "--junit", str(report)])
    assert '<a & "b"' in ElementTree.parse(report).getroot()[0].get("file", "")


def test_junit_into_a_folder_that_is_not_there_is_refused_at_once(shop: Shop, tmp_path: Path, capsys: Captured) -> None:
    """Before anything is played."""
    assert main(["check", shop(HOLDS), *ASKED, "--junit", str(tmp_path / "none" / "checks.xml")]) == 2
    assert "--junit" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_itself_answers(shop: Shop) -> None:
    """`python -m cxmodel check` of a file that fails a check: a line, and exit code 1."""
    line = [sys.executable, "-m", "cxmodel", "check", shop(BREAKS), *ASKED]
    run = subprocess.run(line, capture_output=True, text=True)
    assert (run.returncode, run.stdout.startswith("fail  ")) == (1, True)
