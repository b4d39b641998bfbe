"""`cxmodel sensitivity, discover, optimise, sweep`: what they say first, JSON, files, exit codes."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cxmodel as cx
from cxmodel.archive import Archive
from cxmodel.cli import main
from cxmodel.cli.studies import values_of
from tests.support.smiles import SMILES

Captured = pytest.CaptureFixture[str]
KINDNESS = "journey.bread.delivers.kindness"
QUICK = ["--jobs", "1", "--replications", "2"]


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive of the test's own."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    return Archive(tmp_path / "archive")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """The shop as a file."""
    file = tmp_path / "shop.yaml"
    file.write_text(SMILES, "utf-8")
    return str(file)


def told(line: list[str], capsys: Captured) -> tuple[dict[str, Any], str]:
    """The document that a command prints, and what it says beside it."""
    assert main([*line, "--json"]) == 0
    said = capsys.readouterr()
    document: dict[str, Any] = json.loads(said.out)
    return document, said.err


@pytest.mark.slow
def test_what_matters_is_told_as_from_python(shop: str, capsys: Captured) -> None:
    """The cost stands first; the figures are those of the function."""
    over = ["--over", "journey", "--over", "economics"]
    document, beside = told(["sensitivity", shop, *over, *QUICK], capsys)
    assert re.search(r"tornado over 2 numbers: 5 cases of 2 simulation runs, about \d+ (second|minute)s? here", beside)
    found = cx.sensitivity(cx.loads(SMILES), over=["journey", "economics"], replications=2, jobs=1)
    assert document == json.loads(json.dumps(found.document()))
    assert {row["path"] for row in document["rows"]} == {KINDNESS, "economics.margin"}
    assert document["rows"][0]["value_said"] == "£9 per month"


@pytest.mark.slow
def test_a_study_of_runs_that_are_kept_takes_no_time(shop: str, capsys: Captured) -> None:
    """And says so before it starts."""
    line = ["sensitivity", shop, "--over", "journey", *QUICK]
    first, _ = told(line, capsys)
    again, beside = told(line, capsys)
    assert "every case is saved already" in beside and again == first


@pytest.mark.slow
def test_when_a_plan_fails_is_told_as_from_python(shop: str, capsys: Captured) -> None:
    """Few worlds, in which nothing can be said; in the same words and figures."""
    document, beside = told(["discover", shop, "--plan", "kinder", "--worlds", "6", *QUICK], capsys)
    assert re.match(r"1[01] cases to simulate, about", beside) or "12 cases to simulate" in beside
    found = cx.discover(cx.loads(SMILES), "kinder", worlds=6, replications=2, jobs=1)
    assert document == json.loads(json.dumps(found.document()))


@pytest.mark.slow
def test_the_best_use_is_told_as_from_python(shop: str, capsys: Captured) -> None:
    """In a sentence with its intervals, and as a document."""
    line = ["optimise", shop, "--budget", "120", "--jobs", "1", "--replications", "4"]
    document, beside = told(line, capsys)
    assert "6 sets of initiatives to try" in beside
    found = cx.optimise(cx.loads(SMILES), 120, replications=4, jobs=1)
    assert document == json.loads(json.dumps(found.document())) and document["chosen"] == ["smile"]
    assert main([*line, "--quiet"]) == 0
    assert "Within £120, choose Smile: cost £100, net value +£" in capsys.readouterr().out


@pytest.mark.slow
def test_a_sweep_has_a_case_for_every_combination(shop: str, capsys: Captured) -> None:
    """Values, plans and futures; what it prints is what Python gives."""
    line = ["sweep", shop, "--vary", f"{KINDNESS}=40,60", "--plan", "as_is", "--plan", "kinder", *QUICK]
    document, beside = told(line, capsys)
    assert re.match(r"[34] cases to simulate, about \d+ seconds?\.", beside)
    asked = [(case["changes"][KINDNESS], case["plan"]) for case in document["cases"]]
    assert asked == [(40, "as_is"), (40, "kinder"), (60, "as_is"), (60, "kinder")]
    found = cx.sweep(cx.loads(SMILES), {KINDNESS: [40, 60]}, plans=["as_is", "kinder"], replications=2, jobs=1)
    assert document == json.loads(json.dumps(found.document()))
    whole = cx.simulate(cx.loads(SMILES).with_changes({KINDNESS: 60}), "kinder", replications=2, jobs=1)
    nps = next(row["value"] for row in document["cases"][3]["metrics"] if row["metric"] == "nps")
    assert nps == whole.metric("nps").value


@pytest.mark.slow
def test_a_sweep_says_a_line_for_each_case(shop: str, capsys: Captured) -> None:
    """With its headline figures and their intervals."""
    assert main(["sweep", shop, "--vary", f"{KINDNESS}=40..60/3", *QUICK]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines if re.match(r"\s+\d ", line)] == [
        ["0", "40", "as_is"],
        ["1", "50", "as_is"],
        ["2", "60", "as_is"],
    ]


@pytest.mark.slow
def test_a_sweep_that_was_interrupted_goes_on_where_it_was(shop: str, archive: Archive) -> None:
    """Runs that are kept are not played again; those to come give the same bits."""
    scenario, done = cx.loads(SMILES), list[tuple[int, int]]()

    def interrupt(played: int, total: int) -> None:
        if played == 2:
            raise KeyboardInterrupt

    asked: dict[str, Any] = {"vary": {KINDNESS: [40, 50, 60, 70]}, "replications": 2, "jobs": 1}
    with pytest.raises(KeyboardInterrupt):
        cx.sweep(scenario, **asked, store=archive, progress=interrupt)
    again = cx.sweep(scenario, **asked, store=archive, progress=lambda *much: done.append(much))
    assert done[0] == (2, 4) and done[-1] == (4, 4)
    assert again.document() == cx.sweep(scenario, **asked).document()


@pytest.mark.slow
def test_figures_of_a_sweep_go_into_a_file(shop: str, tmp_path: Path) -> None:
    """A row per case and metric, as CSV and as Parquet."""
    for name in ("cases.csv", "cases.parquet"):
        assert main(["sweep", shop, "--vary", f"{KINDNESS}=40,60", "--out", str(tmp_path / name), *QUICK, "-q"]) == 0
    plain, typed = pd.read_csv(tmp_path / "cases.csv"), pd.read_parquet(tmp_path / "cases.parquet")
    assert len(plain) == len(typed) and {"case", KINDNESS, "metric", "value", "low", "high"} <= set(typed)


@pytest.mark.slow
def test_worlds_are_drawn_for_a_sample(shop: str, capsys: Captured) -> None:
    """In each something else is otherwise; the same seed draws the same."""
    document, _ = told(["sweep", shop, "--sample", "3", *QUICK], capsys)
    margins = {case["changes"]["economics.margin"] for case in document["cases"]}
    assert len(margins) == 3 and document == told(["sweep", shop, "--sample", "3", *QUICK], capsys)[0]


@pytest.mark.slow
def test_one_run_that_fails_ends_no_sweep(shop: str) -> None:
    """Ten million neighbours do not fit in 3 GB: listed with its cause, exit code 3, and the other case is told."""
    line = ["sweep", shop, "--vary", "segments.neighbours.customers=10000000,40", *QUICK, "--json"]
    limit = 3 * 2**30
    done = subprocess.run(
        [sys.executable, "-m", "cxmodel", *line],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode == 3, done.stderr
    document = json.loads(done.stdout)
    assert [case["changes"] for case in document["cases"]] == [{"segments.neighbours.customers": 40}]
    (failed,) = document["failures"]
    assert (failed["case"], failed["why"]) == (0, "there was not enough memory for it")
    assert "1 of 2 runs failed" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (["sweep"], "nothing to sweep over: give --vary"),
        (["sweep", "--vary", "nonsense"], "write it as PATH=V1,V2"),
        (["sweep", "--vary", f"{KINDNESS}=1..2/1"], "give 2 to 10,000 values"),
        (["sweep", "--vary", "journey.bred.delivers.kindness=1,2"], "bread"),
        (["sweep", "--vary", f"{KINDNESS}=40,400"], "0 to 100"),
        (["sweep", "--sample", "2", "--out", "cases.txt"], "ends in .csv or .parquet"),
        (["sweep", "--sample", "2", "--cluster", "tcp://127.0.0.1:1"], "127.0.0.1:1"),
        (["sensitivity", "--metric", "npss"], "did you mean `nps`"),
        (["sensitivity", "--over", "journey.bred"], "did you mean"),
        (["sensitivity", "--plan", "kindr"], "kinder"),
        (["sensitivity", "--method", "sobol", "--samples", "100"], "power of two; give 128"),
        (["discover", "--plan", "as_is"], "as_is changes nothing"),
        (["discover", "--plan", "kinder", "--fails", "nps is low"], "such as 'nps < 30'"),
        (["optimise", "--budget", "-5"], "give an amount of 0 or more"),
        (["optimise", "--budget", "100", "--maximise", "cost"], "name what the money is to buy"),
    ],
)
def test_what_cannot_be_asked_is_told_with_exit_code_2(line: list[str], hint: str, shop: str, capsys: Captured) -> None:
    """Where, what, and what would be right."""
    assert main([line[0], shop, *line[1:]]) == 2
    assert hint in " ".join(capsys.readouterr().err.split())


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["sensitivity", "discover", "optimise", "sweep"])
def test_help_shows_examples(verb: str, capsys: Captured) -> None:
    """Each verb with commands to copy."""
    assert main([verb, "--help"]) == 0
    assert f"cxmodel {verb} scenarios/" in capsys.readouterr().out


def test_values_are_read_as_in_a_file() -> None:
    """Numbers, texts with units, and a span of values."""
    assert values_of("levers.people.level=0.2, 0.5") == ("levers.people.level", [0.2, 0.5])
    assert values_of("journey.call.every=5 days,'1 month'") == ("journey.call.every", ["5 days", "1 month"])
    assert values_of("levers.people.level=0..1/5")[1] == [0, 0.25, 0.5, 0.75, 1]
