"""Labels in the terminal: shown as they are given; JSON has the ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxmodel.cli import main
from tests.support.labels import LABELLED, LABELS

Captured = pytest.CaptureFixture[str]
ASKED = ["--replications", "2", "--seed", "5", "--jobs", "1"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The scenario of many scripts."""
    path = tmp_path / "labels.yaml"
    path.write_text(LABELLED, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (["run", "--plan", "zq_both"], ["== Plan Привет мир: Alles zugleich; Lächeln [hier](x); مرحبا", "日本語 店"]),
        (["run", "--future", "zq_war"], ["external scenario eBay kommt", "Trust & honesty"]),
        (["compare"], ["== Привет мир against as_is", "e-Plan against as_is", "Of two plans, "]),
        (["compare", "--future", "zq_war"], ["external scenario eBay kommt"]),
        (["explain", "--plan", "zq_both"], ["under plan Привет мир", "Trust & honesty at Müller Café", "مرحبا"]),
        (["check"], ["Привет мир: ", "of Λογαριασμός", "better than e-Plan"]),
    ],
    ids=lambda each: " ".join(each) if each[0] in ("run", "compare", "explain", "check") else "",
)
def test_things_are_called_by_their_labels(line: list[str], shown: list[str], file: str, capsys: Captured) -> None:
    """In any script, as they are written; no id is shown to whoever did not type it."""
    verb, *more = line
    assert main([verb, file, *more, *ASKED]) in (0, 1)
    said = capsys.readouterr().out
    assert [words for words in shown if words not in said] == [] and "zq" not in said.lower(), said


def test_json_keeps_the_ids(file: str, capsys: Captured) -> None:
    """What a script reads is what it can ask for."""
    assert main(["run", file, "--plan", "zq_both", *ASKED, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["plan"] == "zq_both"
    assert {row["touchpoint"] for row in document["touchpoints"]} <= set(LABELS["journey"])


def test_what_differs_is_called_by_its_label(file: str, tmp_path: Path, capsys: Captured) -> None:
    """Values, plans and things that came or went; the path stays a path."""
    other = tmp_path / "other.yaml"
    other.write_text(
        LABELLED.replace("zq_care: 50", "zq_care: 55")
        .replace("initiatives: [zq_smile]}", "initiatives: [zq_gift]}")
        .replace("made_at: [zq_cafe]", "made_at: [zq_shop]")
        .replace("label: Müller Café", "label: Café Müller"),
        "utf-8",
    )
    assert main(["diff", file, str(other)]) == 0
    said = capsys.readouterr().out
    assert "Café Müller, Trust & honesty delivered: 50 → 55" in said
    assert "Café Müller, label: “Müller Café” → “Café Müller”" in said
    assert "plan e-Plan: Lächeln [hier](x) → مرحبا" in said
    assert "שלום, made at: Café Müller → 日本語 店" in said and "zq" not in said


@pytest.mark.parametrize("sign", ["\\u202e", "\\u0007", "\\u2066"])
def test_a_label_holds_no_sign_that_plays_tricks(sign: str, file: str, capsys: Captured) -> None:
    """The same signs are refused as in any other text."""
    Path(file).write_text(LABELLED.replace("label: e-Plan", f'label: "e{sign}Plan"'), "utf-8")
    assert main(["validate", file]) == 2
    assert "CXM121" in "".join(capsys.readouterr())
