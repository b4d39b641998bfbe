"""The page docs/errors.md, written by `make errors`: every code, what it means, an example, what to do.

Examples are the tests' own wrong and odd scenarios, told as `cxmodel validate` tells them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario import loads
from cxmodel.scenario.advice import ADVICE
from cxmodel.scenario.faults import CODES

FIXTURES: Final = Path(__file__).resolve().parents[1] / "fixtures"
SECTIONS: Final = {
    "1": "The file as YAML",
    "2": "One field",
    "3": "Names and paths",
    "4": "What the parts mean together",
    "5": "Warnings: what looks odd and stops nothing",
    "6": "A company's own data",
}
"""Sections, by the first digit of their codes."""
OF_FILES: Final = {
    "CXM101": "`cxmodel validate prety_app.yaml`: there is no such file",
    "CXM102": "`cxmodel validate scenarios/`: this is a folder",
    "CXM103": "a call log pasted into the scenario: the file is too big",
    "CXM104": "a file saved by a spreadsheet: this is not a text in UTF-8",
    "CXM109": "ten anchors that each repeat the one before ten times: more than 100,000 values",
    "CXM115": "`extends: ../../other/base.yaml`: lies outside the workspace",
    "CXM116": "`a.yaml` extends `b.yaml`, which extends `a.yaml`",
    "CXM117": "eleven files, each of which extends the next: one file too many",
    "CXM120": "`extends: [base.yaml, bolder.yaml]`, where `base.yaml` builds on `bolder.yaml`",
    "CXM122": "`cxmodel import company.xlsx`: Plans!D2: there is no initiative `smiel` → did you mean `smile`?",
    "CXM123": (
        "`cxmodel import journey.mmd`: the score of `Pay` is no number: `good` → a score from 1 to 5, as in "
        "`Pay: 3: Customer`"
    ),
    "CXM601": "`calls.xls`: this is a workbook of an old Excel → the file saved as .xlsx without a password, or as CSV",
    "CXM602": "`survey.csv`: the file is too big: 5,000 MB → at most 500 MB; split it by month",
    "CXM603": "`sheet.csv`: nothing known is in these columns → say in the mapping what they are",
    "CXM604": "`mapping.yaml:4`: unknown key `scales` → did you mean `scale`?",
    "CXM605": "`survey.csv`: most answers of column Q7 lie outside five stars → they look like `0 to 10`",
    "CXM606": "`calls.csv:2`: `03/04/2026` may be the 3rd of April or the 4th of March → `dates: day first`",
    "CXM607": "`mapping.yaml:9`: column email holds addresses → `{is: left out}`",
    "CXM608": "`survey.csv`: no row of it can be used → what was dropped: no rating that could be used, 200 rows",
    "CXM609": "`cohorts.csv:7`: cohort 2025-01 grows from 410 to 430 in period 3 → counts that never rise",
}
"""What one file alone cannot show."""


def page() -> str:
    """The whole page."""
    parts = [
        "# Codes of problems",
        "",
        "`cxmodel validate FILE` tells every problem of a scenario with its line, a stable code and what would be",
        "right. This page lists the codes: what each means, an example as it is told, and what to do. An error stops",
        "the scenario from being used (exit code 2), a warning does not. The page is written by `make errors`.",
        "",
    ]
    for digit, title in SECTIONS.items():
        parts += [f"## {title}", "", *_table(digit), ""]
    return "\n".join(parts)


def _table(digit: str) -> Iterator[str]:
    """The codes that begin so, one a row."""
    yield "| Code | What it means | Example | What to do |"
    yield "| --- | --- | --- | --- |"
    for code, meaning in CODES.items():
        if code[3] == digit:
            yield f"| {' | '.join(_cell(part) for part in (code, meaning, example(code), ADVICE[code]))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def example(code: str) -> str:
    """A problem of this code as it is told: the line that is wrong, and what is said of it."""
    if code in OF_FILES:
        return OF_FILES[code]
    problem = _simplest(code)
    line = problem.excerpt.strip()
    shown = f"{_code(line)}: " if line else ""
    return f"{shown}{problem.message} → {problem.expected}"


def _code(line: str) -> str:
    """A line as code, whatever signs it holds."""
    fence = "``" if "`" in line else "`"
    return f"{fence}{' ' if '`' in line else ''}{line}{' ' if '`' in line else ''}{fence}"


def _simplest(code: str) -> Problem:
    """Of the problems that have this code, the one of the shortest line in the file that has least else."""
    found = [
        (len(problems), len(problem.excerpt.strip()), name, problem)
        for name, problems in examples().items()
        for problem in problems
        if problem.code == code
    ]
    return min(found, key=lambda each: each[:3])[3]


@cache
def examples() -> dict[str, tuple[Problem, ...]]:
    """The problems of every wrong and odd scenario of the tests, by file."""
    return {
        path.stem: _problems(path) for room in ("wrong", "odd") for path in sorted((FIXTURES / room).glob("*.yaml"))
    }


def _problems(path: Path) -> tuple[Problem, ...]:
    try:
        return loads(path.read_text("utf-8"), path.name).warnings
    except ScenarioError as error:
        return error.problems


if __name__ == "__main__":
    sys.stdout.write(page())
