"""The Method page says what the code computes, and leaves nothing out."""

from __future__ import annotations

import re
from inspect import getdoc
from pathlib import Path

import pytest

from cxmodel.model.assumptions import KINDS, parameters
from cxmodel.report.text.method import EQUATIONS, equation_of, functions, method, modules
from cxmodel.results.metrics import METRICS
from cxmodel.vocabulary import LEVERS, humanise

PAGE = method()
SOURCED = re.compile(r"\d{4}|survey|probit|Olist")
PUBLIC = {f"{module.__name__}.{name}": function for module in modules() for name, function in functions(module).items()}


def row(cell: str) -> list[str]:
    """The cells of the only row of the page's tables that begins with this one."""
    (found,) = [line for line in PAGE.splitlines() if line.startswith(f"| {cell} |")]
    return [part.strip() for part in found.strip("|").split("|")]


def test_the_page_is_up_to_date(root: Path) -> None:
    """docs/method.md is what `make method` writes."""
    assert (root / "docs" / "method.md").read_text("utf-8") == PAGE


@pytest.mark.parametrize("name", PUBLIC)
def test_every_equation_says_its_number_and_its_unit(name: str) -> None:
    """Each public function of the model names one of the fourteen equations, and the unit of what it returns."""
    assert equation_of(PUBLIC[name]) in EQUATIONS
    assert re.search(r"\[[^\]]+\]", getdoc(PUBLIC[name]) or "")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_equation_appears_once(name: str) -> None:
    """Under the heading of the equation that it names first."""
    heading = f"## {equation_of(PUBLIC[name])}. "
    sections = [part for part in PAGE.split("\n## ") if f"- `{name.rpartition('.')[2]}`: " in part]
    assert [f"## {section}".startswith(heading) for section in sections] == [True]


@pytest.mark.parametrize("name", parameters())
def test_every_parameter_appears_with_its_default_range_unit_and_mark(name: str) -> None:
    """An assumption is marked, and nothing else is."""
    own = parameters()[name]
    spread = f"{own.low:.4g} to {own.high:.4g}"
    assert row(f"`{name}`")[1:5] == [f"{own.default:.4g}", spread, own.unit, "**A**" if own.assumed else ""]


def test_every_number_that_is_no_assumption_names_a_source() -> None:
    """A year, a survey or a study that can be looked up."""
    silent = [name for name, own in parameters().items() if not own.assumed and not SOURCED.search(own.what)]
    assert not silent


@pytest.mark.parametrize("name", [*map(humanise, [*LEVERS, *KINDS]), *(metric.label for metric in METRICS.values())])
def test_every_lever_kind_and_metric_has_a_row(name: str) -> None:
    """In the tables at the end of the page."""
    assert len(row(name)) >= 4
