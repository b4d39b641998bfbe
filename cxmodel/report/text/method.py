"""The method: every equation, parameter, lever, kind of attribute and metric, as Markdown.

Put together from the docstrings of `cxmodel.model` and from the tables that the engine itself reads, so that it says
what is computed. `make method` writes it to docs/method.md. Knows no result.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from inspect import getdoc, isfunction
from pkgutil import iter_modules
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Final

import cxmodel.model
from cxmodel.model.assumptions import KINDS, parameters
from cxmodel.results.metrics import METRICS
from cxmodel.vocabulary import LEVERS, humanise

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.scenario import Scenario

HEAD: Final = """# Method

How cxmodel gets from levers, promises and touchpoints to satisfaction, loyalty, advocacy and customer equity: fourteen
equations in the order in which they follow from one another. *When* each of them is applied stands in
[mechanics.md](mechanics.md). This page is written by `make method` from the code that computes; change that, not this.

Results are "what if, under stated assumptions", never forecasts. An entry marked **A** is an assumption: no usable
published value exists. It stays a parameter that a scenario can set under `assumptions:`, within its range. All others
name their source.

Levels, qualities, expectations and satisfaction are points on a scale of 0 to 100; levers, shares and probabilities lie
between 0 and 1; times are days unless the unit says otherwise; money is in the scenario's currency. Letters: N need,
U the company's picture of it, D the standard it designs to, Q what it delivers, q what one visit was like, M what it
promises, W what a customer thinks *will* happen, H what *should*, P what he perceives, R the standard he compares it
with, S satisfaction, C the best that others offer him, B the best in class.
"""
EQUATIONS: Final = {
    1: ("Change takes time", "Levers and initiatives approach their target by halves, after a delay."),
    2: (
        "Delivery is a chain",
        "What is needed must be understood, decided and done before anybody gets it; each link has its levers.",
    ),
    3: ("Promises set expectations", "What people are told counts before anything is delivered, and less once it is."),
    4: (
        "Perception and the gap",
        "Experience is coloured by what was expected, and judged against what should have been.",
    ),
    5: ("The value of a surprise", "Falling short weighs more than exceeding, and small differences are not felt."),
    6: (
        "Memory learns from surprises",
        "What was foreseen is soon forgotten; first impressions and bad experiences stay.",
    ),
    7: ("Expectations learn", "Experience teaches what to expect, delight raises the bar, and so does the best rival."),
    8: ("Failures become contacts", "What goes wrong upstream turns up as calls, waits and repeats downstream."),
    9: ("Loyalty", "Satisfied customers stay, unless rivals offer better and leaving is easy."),
    10: (
        "Advocacy",
        "Very satisfied customers recommend, dissatisfied ones warn; both talk most about what surprised them.",
    ),
    11: ("Acquisition", "Awareness spreads through the market and by word of mouth; then people choose."),
    12: (
        "Money",
        "Customer equity is the margin that customers will bring, less the cost of acquiring and serving them.",
    ),
    13: ("The closed loop", "Asking customers, acting on the worst, and telling them what came of it."),
    14: (
        "Three scores",
        "Customers, those who serve them and management each expect something; all three are scored.",
    ),
}
"""Title and gist of each equation."""
NUMBERED: Final = re.compile(r"\(equations? (\d+)")


def method() -> str:
    """The whole page, as Markdown."""
    parts = [HEAD, *(_headed(number) for number in EQUATIONS), _levers(), _kinds(), _metrics()]
    return "\n".join(parts)


def assumed(scenario: Scenario) -> pd.DataFrame:
    """Every parameter of the model: as documented, as this scenario has it, its range, unit and source."""
    import pandas as pd

    own = scenario.assumptions.model_dump(exclude_unset=True)
    rows = []
    for name, known in parameters().items():
        value = own.get(name)
        moved = value is not None and value != known.default
        rows.append(
            {
                "Parameter": humanise(name),
                "Here": f"{known.default if value is None else value:.4g}" + (" ◂ set here" if moved else ""),
                "Default": f"{known.default:.4g}",
                "Range": f"{known.low:.4g} to {known.high:.4g}",
                "Unit": known.unit,
                "A": "A" if known.assumed else "",
                "What it is, and its source": _unmarked(known.what),
                "Equation": known.equation,
            }
        )
    return pd.DataFrame(rows)


def metrics_words() -> pd.DataFrame:
    """Every metric, what it is counted in, which way is better, and what it is."""
    import pandas as pd

    better = {"up": "more", "down": "less", None: ""}
    return pd.DataFrame(
        [
            {"Metric": each.label, "Unit": each.unit, "Better": better[each.better], "What it is": each.describe}
            for each in METRICS.values()
        ]
    )


def modules() -> list[ModuleType]:
    """The modules of the model."""
    return [import_module(f"cxmodel.model.{module.name}") for module in iter_modules(cxmodel.model.__path__)]


def functions(module: ModuleType) -> dict[str, FunctionType]:
    """The public functions that a module defines, in its order."""
    return {
        name: function
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }


def equation_of(function: FunctionType) -> int | None:
    """The equation that a function's docstring names first."""
    named = NUMBERED.search(getdoc(function) or "")
    return int(named[1]) if named else None


def _headed(number: int) -> str:
    title, gist = EQUATIONS[number]
    return f"## {number}. {title}\n\n{gist}\n\n{equation(number)}"


def equation(number: int) -> str:
    """What belongs to an equation, as Markdown: the functions that compute it and its parameters."""
    lines: list[str] = []
    for module in modules():
        own = {name: function for name, function in functions(module).items() if equation_of(function) == number}
        if own:
            lines += [_introduced(module, number), ""]
            lines += [f"- `{name}`: {_marked(_prose(function))}" for name, function in own.items()] + [""]
    own_parameters = {name: p for name, p in parameters().items() if p.equation == number}
    if own_parameters:
        lines += _table(
            ("Parameter", "Default", "Range", "Unit", "", "What it is, and its source"),
            (
                (
                    f"`{name}`",
                    f"{p.default:.4g}",
                    f"{p.low:.4g} to {p.high:.4g}",
                    p.unit,
                    "**A**" if p.assumed else "",
                    _unmarked(p.what),
                )
                for name, p in own_parameters.items()
            ),
        )
    return "\n".join(lines)


def _introduced(module: ModuleType, number: int) -> str:
    """What a module is about, where it first comes up."""
    name = humanise(module.__name__.rpartition(".")[2])
    named = [first for function in functions(module).values() if (first := equation_of(function)) is not None]
    return f"**{name}.** {_prose(module)}" if number == min(named) else f"**{name}**, as above."


def _prose(documented: ModuleType | FunctionType) -> str:
    """A docstring as one paragraph, without the numbers of its equations."""
    text = " ".join((getdoc(documented) or "").split())
    return re.sub(r" \(equations? [^)]*\)", "", text)


def _marked(text: str) -> str:
    return f"{_unmarked(text)} **A**" if "(A)" in text else text


def _unmarked(text: str) -> str:
    return re.sub(r" ?\(A\)", "", text)


def _levers() -> str:
    rows = ((humanise(name), facts.what, f"{facts.half_life:g}", "**A**") for name, facts in LEVERS.items())
    table = _table(("Lever", "What it is", "Half-life, months", ""), rows)
    return "\n".join(["## The five levers", "", "How they act: equations 1 and 2.", "", *table])


def _kinds() -> str:
    rows = ((humanise(name), *(f"{part:g}" for part in kind)) for name, kind in KINDS.items())
    table = _table(("Kind", "Most it gains", "Most it loses", "Zone of tolerance"), rows)
    gist = "How far an attribute can please and disappoint [points]; sources under equation 5 (after Kano 1984)."
    return "\n".join(["## The kinds of attribute", "", gist, "", *table])


def _metrics() -> str:
    better = {"up": "more", "down": "less", None: ""}
    rows = (
        (metric.label, f"`{metric.name}`", metric.unit, better[metric.better], metric.describe)
        for metric in METRICS.values()
    )
    table = _table(("Metric", "Name", "Unit", "Better", "What it is"), rows)
    gist = "Each with a 95 % interval over replications; a figure that cannot be had is left out."
    return "\n".join(["## The metrics", "", gist, "", *table])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table in Markdown, with an empty line after it."""
    cells = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in cells] + [""]


if __name__ == "__main__":
    sys.stdout.write(method())
