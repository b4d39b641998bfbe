"""`cxmodel run`: the same numbers as Python gives, as text for people and as JSON for scripts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import cxmodel
from cxmodel.cli import main

Captured = pytest.CaptureFixture[str]

CORNER_SHOP = """\
schema: 1
name: Corner shop
question: Would a second look at the till be worth it?
horizon: 3 months
attributes: {kindness: {kind: must_be}}
today: {nps: 20}
segments:
  neighbours:
    customers: 80
    prospects: 40
    adoption: {arrivals: 10 per month}
    needs: {kindness: {level: 70}}
value_propositions: {bread: {for: [neighbours], offers: {kindness: 70}}}
journey:
  till: {stage: buy, delivers: {kindness: 50}, fails: {rate: 0.05, contact: counter}}
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}, fails: {rate: 0.05, contact: counter}}
  counter: {stage: support, delivers: {kindness: 65}, staffed: {agents: 1, handling: 5 minutes}}
economics: {margin: 9 per month, contact_cost: 2, acquisition_cost: 5}
initiatives:
  smile: {changes: {journey.till.delivers.kindness: 80}, starts: month 1, cost: {once: 10}}
futures:
  grumpy: {changes: {journey.till.delivers.kindness: 20}, starts: month 0}
plans: {friendlier: [smile]}
"""
ASKED = ["--replications", "3", "--seed", "5"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A scenario small enough to run in a moment."""
    file = tmp_path_factory.mktemp("shop") / "corner_shop.yaml"
    file.write_text(CORNER_SHOP, "utf-8")
    return str(file)


def asked(line: list[str], capsys: Captured) -> Any:
    """The JSON document of a command line that succeeds."""
    assert main([*line, *ASKED, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_text_opens_with_the_question_and_tells_every_figure_with_its_interval(shop: str, capsys: Captured) -> None:
    """A reader sees what was asked, what was played, the headline metrics and where the gaps are."""
    assert main(["run", shop, *ASKED]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Corner shop\nWould a second look at the till be worth it?\n3 simulation runs, seed 5\n")
    assert "likely between" in said and "Till" in said


@pytest.mark.slow
def test_json_has_what_a_script_needs(shop: str, capsys: Captured) -> None:
    """The keys of a document, and an interval beside every value."""
    document = asked(["run", shop], capsys)
    assert document.keys() >= {
        "scenario",
        "plan",
        "seed",
        "replications",
        "version",
        "metrics",
        "touchpoints",
    }
    assert all(row.keys() >= {"metric", "segment", "value", "low", "high", "unit"} for row in document["metrics"])


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_line_gives_the_numbers_of_the_python_api(jobs: str, shop: str, capsys: Captured) -> None:
    """Three doors, one room: the same scenario and seed give the same numbers, for any number of jobs."""
    result = cxmodel.simulate(cxmodel.load(shop), "friendlier", replications=3, seed=5)
    said = asked(["run", shop, "--plan", "friendlier", "--jobs", jobs], capsys)
    expected = json.loads(json.dumps(result.document()))
    assert (said["metrics"], said["touchpoints"]) == (expected["metrics"], expected["touchpoints"])


def test_several_plans_give_one_document_each(shop: str, capsys: Captured) -> None:
    """`--plan` twice gives `{"plans": […]}`, in the order that was asked for."""
    document = asked(["run", shop, "--plan", "friendlier", "--plan", "as_is"], capsys)
    assert [each["plan"] for each in document["plans"]] == ["friendlier", "as_is"]


@pytest.mark.slow
def test_set_changes_the_scenario_for_this_run(shop: str, capsys: Captured) -> None:
    """`--set` gives what the changed scenario gives in Python, with values written as in the file."""
    line = ["run", shop, "--set", "journey.till.delivers.kindness=20", "--set", "horizon=60 days"]
    changed = cxmodel.load(shop).with_changes({"journey.till.delivers.kindness": 20, "horizon": "60 days"})
    document = asked(line, capsys)
    assert document["scenario"]["hash"] == changed.hash
    assert document["metrics"] == json.loads(
        json.dumps(cxmodel.simulate(changed, replications=3, seed=5).document()["metrics"])
    )


def test_a_future_is_played_when_asked_for(shop: str, capsys: Captured) -> None:
    """`--future` changes the numbers."""
    line = ["run", shop]
    assert asked([*line, "--future", "grumpy"], capsys)["metrics"] != asked(line, capsys)["metrics"]


@pytest.mark.slow
def test_out_leaves_tables_and_a_manifest(shop: str, tmp_path: Path) -> None:
    """`--out` writes tables and the manifest that says what made them, a folder for each of several plans."""
    assert main(["run", shop, *ASKED, "--quiet", "--out", str(tmp_path / "one")]) == 0
    assert main(["run", shop, *ASKED, "--plan", "as_is", "--plan", "friendlier", "--out", str(tmp_path / "two")]) == 0
    found = [tmp_path / "one", tmp_path / "two" / "as_is", tmp_path / "two" / "friendlier"]
    assert all(json.loads((folder / "manifest.json").read_text("utf-8")) for folder in found)


def test_out_that_cannot_be_written_is_told(shop: str, tmp_path: Path, capsys: Captured) -> None:
    """A file where the folder should be: words and exit code 2."""
    (tmp_path / "taken").write_text("")
    assert main(["run", shop, *ASKED, "--out", str(tmp_path / "taken" / "deeper")]) == 2
    assert "--out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--plan", "freindlier"], "friendlier"),
        (["--future", "grumpyy"], "grumpy"),
        (["--set", "journey.till.delivers.kindnes=20"], "kindness"),
        (["--set", "journey.till.delivers.kindness=lots"], "lots"),
        (["--set", "journey.till.delivers.kindness"], "PATH=VALUE"),
        (["--set", "name=[1"], "is not a value"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(line: list[str], told: str, shop: str, capsys: Captured) -> None:
    """Unknown plans, futures and paths get a suggestion, exit code 2, and no run."""
    assert main(["run", shop, *ASKED, *line]) == 2
    said = capsys.readouterr()
    assert said.out == "" and told in said.err and "Traceback" not in said.err


def test_an_invalid_scenario_is_told_like_validate_tells_it(tmp_path: Path, capsys: Captured) -> None:
    """`run` of a wrong file: the problems with their places on stderr, exit code 2."""
    file = tmp_path / "wrong.yaml"
    file.write_text(CORNER_SHOP.replace("kindness: 50", "kindnes: 50"), "utf-8")
    assert main(["run", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and f"{file}:" in said.err and "kindness" in said.err


def test_quiet_leaves_only_the_answer(shop: str, capsys: Captured) -> None:
    """`--quiet` keeps warnings and progress to itself."""
    assert main(["run", shop, *ASKED, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_ctrl_c_ends_a_run_without_a_complaint(stories: Path) -> None:
    """Cancelled from the keyboard, a run ends at once: exit code 130, one word, no traceback."""
    line = [
        sys.executable,
        "-m",
        "cxmodel",
        "run",
        str(stories / "pretty_app.yaml"),
        "--replications",
        "5000",
    ]
    run = subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # as at a terminal: what is started in the background would inherit that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(4)
    os.killpg(run.pid, signal.SIGINT)
    out, told = run.communicate(timeout=20)
    assert (run.returncode, out) == (130, "")
    assert told.splitlines()[-1] == "Cancelled." and "Traceback" not in told


@pytest.mark.slow
def test_precision_plays_as_often_as_it_takes_and_says_so(capsys: pytest.CaptureFixture[str], stories: Path) -> None:
    """Within half a point of NPS the pretty app takes more than thirty replications; stderr tells how many."""
    file = str(stories / "pretty_app.yaml")
    small = ["--set", "horizon=3 months", "--set", "segments.style_seekers.customers=100", "--jobs", "1"]
    assert main(["run", file, *small, "--precision", "1.5%", "--json"]) == 0
    said = capsys.readouterr()
    document = json.loads(said.out)
    (nps,) = (row for row in document["metrics"] if (row["metric"], row["segment"]) == ("nps", "all"))
    assert document["replications"] > 30 and nps["high"] - nps["low"] <= 3
    assert f"as_is: Precise to 1.5 % after {document['replications']} simulation runs." in said.err
