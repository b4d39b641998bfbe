"""`cxmodel compare`: exit codes, the table, JSON for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxmodel.cli import main
from tests.studies.test_comparison import SHOP

Captured = pytest.CaptureFixture[str]
ASKED = ["--replications", "4", "--seed", "5", "--jobs", "1"]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """The corner shop as a file."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, "utf-8")
    return str(file)


@pytest.mark.slow
def test_each_plan_has_a_table_with_directions_in_words(shop: str, capsys: Captured) -> None:
    """Better, worse, costs more, no difference: nothing is told by a sign alone."""
    assert main(["compare", shop, *ASKED]) == 0
    said = capsys.readouterr().out
    titles = [line for line in said.splitlines() if line.startswith("== ")]
    assert titles == [f"== {plan} against as_is: {plan_}" for plan, plan_ in
                      (("friendlier", "Smile"), ("grim", "Frown"), ("same", "Wink"))]  # fmt: skip
    assert all(word in said for word in ("▲", "better", "worse", "costs more", "no difference"))
    assert "Friendlier: net value +£" in said and "not within 3 months" in said
    rows = [line.split("  ")[0] for line in said.splitlines()]
    assert rows.index("Net value") < rows.index("Customer equity") and said.count("no cost given") == 4


@pytest.mark.slow
def test_whatever_is_found_the_exit_code_is_0(shop: str, capsys: Captured) -> None:
    """A plan that is worse is an answer."""
    assert main(["compare", shop, "--plan", "grim", *ASKED, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_json_has_a_row_per_metric_segment_and_plan(shop: str, capsys: Captured) -> None:
    """With the documented keys; verdicts are better, worse or unclear."""
    assert main(["compare", shop, *ASKED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    keys = {"metric", "segment", "plan", "against", "difference", "low", "high", "verdict", "replications_needed"}
    assert all(keys <= set(row) for row in found["differences"])
    assert {row["verdict"] for row in found["differences"]} == {"better", "worse", "unclear"}
    assert (found["seed"], found["replications"]) == (5, 4)
    net = {row["plan"]: row["difference"] for row in found["differences"] if row["metric"] == "net_value"}
    assert net["friendlier"] > 0 and (net["grim"], net["same"]) == (None, None)
    assert [(row["plan"], row["month"]) for row in found["payback"]] == [
        (plan, None) for plan in ("friendlier", "grim", "same")
    ]


@pytest.mark.slow
def test_a_future_and_another_plan_to_compare_with_may_be_named(shop: str, capsys: Captured) -> None:
    """Grim against friendlier, when customers are grumpy."""
    line = ["compare", shop, "--plan", "grim", "--against", "friendlier", "--future", "grumpy", *ASKED]
    assert main(line) == 0
    assert "== grim against friendlier, external scenario grumpy: Frown" in capsys.readouterr().out


@pytest.mark.slow
def test_of_two_files_the_second_is_held_against_the_first(shop: str, tmp_path: Path, capsys: Captured) -> None:
    """Each under its own name."""
    kinder = tmp_path / "kinder.yaml"
    kinder.write_text(SHOP.replace("delivers: {kindness: 60}", "delivers: {kindness: 66}"), "utf-8")
    assert main(["compare", shop, str(kinder), "--plan", "as_is", *ASKED]) == 0
    assert f"== {kinder} against {shop}" in capsys.readouterr().out


@pytest.mark.slow
def test_precision_says_whether_it_is_reached(shop: str, capsys: Captured) -> None:
    """And after how many replications."""
    assert main(["compare", shop, "--plan", "friendlier", "--precision", "2%", "--jobs", "1"]) == 0
    assert "Precise to 2 % after 30 simulation runs." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--plan", "nonsense"], "nonsense"),
        (["--future", "nonsense"], "nonsense"),
        (["--precision", "much"], "for example --precision 2%"),
        (["--precision", "2%", "--replications", "3"], "not both"),
        (["--plan", "as_is"], "no plan to compare"),
    ],
)
def test_what_cannot_be_compared_is_told_in_words(more: list[str], told: str, shop: str, capsys: Captured) -> None:
    """Exit code 2, on stderr."""
    assert main(["compare", shop, *more]) == 2
    assert told in capsys.readouterr().err
