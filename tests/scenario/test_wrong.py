"""Wrong scenarios: each fixture has beside it the message a user reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel.errors import ScenarioError
from cxmodel.scenario import load, loads, validate
from cxmodel.scenario.faults import CODES

WRONG = sorted((Path(__file__).parents[1] / "fixtures" / "wrong").glob("*.yaml"))


def refused(path: Path) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        loads(path.read_text("utf-8"), path.name)
    return caught.value


def test_there_are_at_least_fifty_wrong_scenarios() -> None:
    """The issue asks for fifty kinds."""
    assert len(WRONG) >= 50


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_scenario_gets_its_message(path: Path) -> None:
    """Every problem at once, each with its place, its line and what would be right."""
    assert str(refused(path)) + "\n" == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_every_problem_has_a_known_code_and_a_hint(path: Path) -> None:
    """Codes are in the table; what would be right is always said."""
    assert all(problem.code in CODES and problem.expected for problem in refused(path).problems)


@pytest.mark.slow
@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_validate_gives_the_same_problems_without_raising(path: Path) -> None:
    """`validate` is `load` for those who want a list."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert validate(path) == caught.value.problems


def test_all_problems_are_told_at_once() -> None:
    """Wrong units, ids, keys, paths and metrics in one file are told together, in file order."""
    problems = refused(next(path for path in WRONG if path.stem == "many_at_once")).problems
    assert len(problems) == 9
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


@pytest.mark.slow
def test_a_file_full_of_problems_shows_a_hundred_of_them() -> None:
    """Thousands of problems neither take long nor fill the screen."""
    with pytest.raises(ScenarioError) as caught:
        loads("schema: 1\n" + "".join(f"key_{place}: 1\n" for place in range(20_000)))
    assert len(caught.value.problems) == 101
    assert "more problems" in caught.value.problems[-1].message
