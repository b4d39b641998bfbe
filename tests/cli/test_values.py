"""Values of options that cannot be are told with what would be right, before anything is read or played."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.cli import main
from cxmodel.cli.values import _wrong_amount

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("optimise a.yaml --budget lots", "--budget lots: give an amount such as 20000"),
        ("optimise a.yaml --budget=20,000", "--budget 20,000: give the number alone, such as 20000"),
        ("optimise a.yaml --budget 20.000", "--budget 20.000: is it 20000 or 20? Give it so: a point begins decimals"),
        ("optimise a.yaml --budget 20000,50", "--budget 20000,50: give the number alone, such as 20000.5"),
        ("optimise a.yaml --budget €20k", "--budget €20k: give the number alone, such as 20000"),
        ("optimise a.yaml", "--budget is missing: give an amount such as 20000"),
        ("run a.yaml --replications many", "--replications many: give a whole number of 1 or more, such as 30"),
        ("run a.yaml --replications 0", "--replications 0: give a whole number of 1 or more, such as 30"),
        ("run a.yaml --replications 1.000", "1.000 is one; a thousand is 1000 or 1_000"),
        ("run a.yaml --replications 1,000", "give 1000, without marks between the digits"),
        ("check a.yaml --replications 2.5", "2.5 is not a whole number: give a whole number of 1 or more"),
        ("run a.yaml --seed x", "--seed x: give a whole number of 0 or more, such as 1"),
        ("run a.yaml --seed -1", "--seed -1: give a whole number of 0 or more, such as 1"),
        ("run a.yaml --jobs -1", "--jobs -1: give a whole number of 1 or more, such as 4"),
        ("run a.yaml --jobs=all", "--jobs all: give a whole number of 1 or more, such as 4"),
        ("run a.yaml --engine quick", "--engine quick: give fast or reference"),
        ("validate a.yaml --format xml", "--format xml: give text, json or github"),
        ("sensitivity a.yaml --method magic", "--method magic: give tornado, morris or sobol"),
        ("sensitivity a.yaml --samples few", "--samples few: give a whole number of 8 or more, such as 128"),
        ("discover a.yaml --plan p --worlds some", "--worlds some: give a whole number of 1 or more, such as 200"),
        ("sweep a.yaml --sample x", "--sample x: give a whole number of 1 or more, such as 20"),
        ("runs --limit none", "--limit none: give a whole number of 1 or more, such as 20"),
        ("app --port 99999", "--port 99999: give a whole number from 1 to 65535, such as 8501"),
    ],
)
def test_a_wrong_value_is_told_with_a_right_one(line: str, told: str, capsys: Captured) -> None:
    """Option, value, and what to give; exit code 2, nothing on stdout."""
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


def test_thousands_may_be_marked_with_a_line(tmp_path: Path, capsys: Captured) -> None:
    """`1_000` is a thousand here as in a file: what is wrong is the file."""
    for line in (f"run {tmp_path}/no.yaml --replications 1_000", f"optimise {tmp_path}/no.yaml --budget 20_000"):
        assert main(line.split()) == 2
        assert "there is no such file" in capsys.readouterr().err


def test_what_looks_like_an_option_after_two_dashes_is_none(tmp_path: Path, capsys: Captured) -> None:
    """A file may be called as an option is."""
    assert main(["validate", "--", "--format", "xml"]) == 2
    assert "give text" not in capsys.readouterr().err


@given(st.integers(1, 10**9), st.sampled_from(["{:,}", "€{}", "{} EUR", "£ {:,}", "{:,}.-"]))
def test_an_amount_of_money_is_understood_however_it_is_written(amount: int, way: str) -> None:
    """What is shown to give is the number that was meant."""
    text = way.format(amount)
    if text != str(amount):
        assert _wrong_amount(text) == f"give the number alone, such as {amount}"
    assert _wrong_amount(str(amount)) is None


@given(st.text(max_size=12))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    """A good amount, or words."""
    assert _wrong_amount(text) is None or "give" in str(_wrong_amount(text)).lower()
