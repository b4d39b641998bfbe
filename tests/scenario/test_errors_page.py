"""docs/errors.md lists every code with its meaning, an example and what to do, and `validate` names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.scenario.advice import ADVICE
from cxmodel.scenario.characters import FORBIDDEN
from cxmodel.scenario.faults import CODES
from tests.support.errors_page import FIXTURES, OF_FILES, example, examples, page

ODD = sorted((FIXTURES / "odd").glob("*.yaml"))


def test_the_page_is_up_to_date(root: Path) -> None:
    """docs/errors.md is what `make errors` writes."""
    assert (root / "docs" / "errors.md").read_text("utf-8") == page()


def test_every_code_has_a_row_of_its_own() -> None:
    """Each once, with four cells that say something."""
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| CXM")]
    assert [row[0].strip("| ") for row in rows] == list(CODES)
    assert all(len(row) == 4 and all(cell.strip("| ") for cell in row) for row in rows)
    assert list(ADVICE) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_example_is_of_its_code(code: str) -> None:
    """Those that a single file can show come from the tests' own files."""
    shown = any(problem.code == code for problems in examples().values() for problem in problems)
    assert shown != (code in OF_FILES)
    assert not FORBIDDEN.search(example(code))


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.stem)
def test_an_odd_scenario_stays_valid(path: Path) -> None:
    """Warnings stop nothing."""
    problems = examples()[path.stem]
    assert problems and {problem.severity for problem in problems} == {"warning"}


def test_validate_names_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there are problems; not where there are none, nor quietly, nor for a script."""
    wrong, odd, good = FIXTURES / "wrong" / "agents_zero.yaml", ODD[0], tmp_path / "good.yaml"
    good.write_text((FIXTURES / "odd" / "idle_desk.yaml").read_text("utf-8").replace("agents: 2", "agents: 1"), "utf-8")
    named = "What each code means and what to do: docs/errors.md"
    for line, code, told in (
        ([str(wrong)], 2, True),
        ([str(odd)], 0, True),
        ([str(good)], 0, False),
        ([str(wrong), "-q"], 2, False),
        ([str(wrong), "--json"], 2, False),
    ):
        assert main(["validate", *line]) == code
        said = capsys.readouterr()
        assert (named in said.err, named in said.out) == (told, False)
