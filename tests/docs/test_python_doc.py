"""The guide for people who script stays true: its code runs and prints what stands there, its notebook runs too."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.docs.python_doc import NOTEBOOK, PAGE, blocks, cells, run

TEXT = PAGE.read_text("utf-8")


@pytest.mark.slow
def test_the_guide_prints_what_stands_in_it(tmp_path: Path) -> None:
    """Every block runs after those above it; `python -m tests.docs.python_doc` writes its outputs anew."""
    found = blocks(TEXT)
    for (code, said), ran in zip_longest(found, run([code for code, _ in found], tmp_path)):
        assert ran.printed == said, code


@pytest.mark.slow
@pytest.mark.parametrize("where", [".", "docs"])
def test_the_notebook_runs(where: str, tmp_path: Path) -> None:
    """Every cell, from the top of a checkout or from its docs; what ends a cell has HTML to show."""
    folder = tmp_path / where
    folder.mkdir(exist_ok=True)
    pieces = cells() if where == "." else cells()[:1]
    shown = [ran.shown for ran in run(pieces, folder, tmp_path)]
    assert all("<table" in each._repr_html_() or "<svg" in each._repr_html_() for each in shown[1:])


def test_the_notebook_is_kept_without_outputs() -> None:
    """Whoever runs it makes them; nothing of anybody's machine is in it."""
    book: dict[str, Any] = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) == 8 and not any(cell["outputs"] or cell["execution_count"] or cell["metadata"] for cell in code)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_every_block_of_the_guide_is_python_or_its_output() -> None:
    """So that nothing is left unrun."""
    assert set(re.findall(r"^```(\w+)", TEXT, flags=re.MULTILINE)) == {"python", "text"}
    assert len(re.findall(r"^```$", TEXT, flags=re.MULTILINE)) == sum(1 + bool(said) for _, said in blocks(TEXT))


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT))
def test_links_lead_somewhere(target: str) -> None:
    """Every file that the guide points at is there."""
    assert (PAGE.parent / target).exists()
