"""`cxmodel explain`: sentences for a board, JSON for scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cxmodel.archive import Archive
from cxmodel.cli import main
from tests.studies.test_explanation import MONEY, SHOP

Captured = pytest.CaptureFixture[str]
ASKED = ["--replications", "3", "--seed", "5", "--jobs", "1"]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """The corner shop as a file."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP.replace("MONEY", MONEY), "utf-8")
    return str(file)


@pytest.mark.slow
def test_it_says_what_is_missed_and_why(shop: str, capsys: Captured) -> None:
    """Of so many points missed, what we don't know, decide or do, or say too much."""
    assert main(["explain", shop, *ASKED]) == 0
    said = capsys.readouterr().out
    assert re.search(r"Kindness at Bread falls \d+ points short", said) and "insight gap" in said


@pytest.mark.slow
def test_it_says_what_to_mend_first_and_what_needs_no_mending(shop: str, capsys: Captured) -> None:
    """The bread with its price; milk and help deliver what is needed."""
    main(["explain", shop, *ASKED])
    said = capsys.readouterr().out
    assert said.index("Priorities for improvement") < said.index("\nBread  ", said.index("Priorities for improvement"))
    assert "Nothing at stake, all that is needed is delivered: Milk, Help." in said


def test_it_says_where_contacts_begin(shop: str, capsys: Captured) -> None:
    """At the bread, because something failed."""
    main(["explain", shop, *ASKED])
    assert "something failed" in capsys.readouterr().out.partition("Root causes of contacts")[2]


@pytest.mark.slow
def test_of_a_plan_it_says_what_each_initiative_contributes(shop: str, capsys: Captured) -> None:
    """Under the names that the file gives them."""
    main(["explain", shop, "--plan", "twice", *ASKED])
    table = capsys.readouterr().out.partition("What each initiative contributes")[2]
    assert "\nSmile " in table and "\nBeam " in table


@pytest.mark.slow
def test_json_has_the_documented_tables(shop: str, capsys: Captured) -> None:
    """gaps, contacts, mend_first, and for a plan initiatives, each with its keys."""
    assert main(["explain", shop, "--plan", "twice", *ASKED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    keys = {
        "gaps": {"touchpoint", "attribute", "segment", "needed", "pictured", "designed", "delivered", "expected",
                 "perceived", "gap", "gap1", "gap2", "gap3", "gap4"},
        "contacts": {"touchpoint", "cause", "share"},
        "mend_first": {"touchpoint", "metric", "difference", "low", "high"},
        "initiatives": {"initiative", "metric", "contribution", "low", "high"},
    }  # fmt: skip
    assert all(rows and all(keys[name] <= set(row) for row in rows) for name, rows in found.items() if name in keys)
    assert (found["plan"], found["seed"], found["replications"]) == ("twice", 5, 3) and set(keys) <= set(found)


def test_as_is_has_no_initiatives_in_its_document(shop: str, capsys: Captured) -> None:
    """There are none to tell of."""
    main(["explain", shop, *ASKED, "--json"])
    assert "initiatives" not in json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_the_run_that_is_explained_is_kept_and_what_was_only_tried_out_is_not(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan, and as is that it is told against; no touchpoint mended in thought."""
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    main(["explain", shop, "--plan", "twice", *ASKED, "--quiet"])
    assert {run.plan for run in Archive().find()} == {"twice", "as_is"}


def test_an_unknown_plan_is_exit_code_2(shop: str, capsys: Captured) -> None:
    """With the plans there are."""
    assert main(["explain", shop, "--plan", "twize"]) == 2
    assert "twice" in capsys.readouterr().err
