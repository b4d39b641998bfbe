"""A number of the model told as the scenario at hand writes it: in its unit, to be read or to be put into a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cxmodel.model.assumptions import parameters
from cxmodel.scenario.dotted import steps_of, written_at
from cxmodel.scenario.grammar import NUMBER
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.paths import kind_at
from cxmodel.scenario.wording import Value

DIGITS: Final = 3
"""Digits that are said; a limit that was found is known no better."""
BARE: Final = ("share", "0-1", "power", "ratio", "variance", "log-odds", "percent")
"""Units of assumptions that are not said: the number stands for itself."""
_SHORTER: Final = ((1 / 24, 1440, "minutes"), (1, 24, "hours"))


def spelled(scenario: Scenario, path: str, value: float, digits: int = 12) -> float | str:
    """What to write at a path for a number that has a range there, or for an assumption, in the model's own unit.

    In the unit of what stands there: where that is `2 % per month`, 0.000493 per day is `1.5 % per month`.
    """
    steps = steps_of(path, scenario.written)
    fact = scenario.facts.get(path)
    if steps[0] == "assumptions" or fact is None:
        return _rounded(value, digits)
    written, _ = written_at(scenario.written, steps)
    sizes = {"value": fact.value, "low": fact.low, "high": fact.high}
    beside: Mapping[str, Any] = written if isinstance(written, dict) else {}
    for end, size in sizes.items():
        text = beside.get(end)
        if isinstance(text, str) and size and (number := re.search(NUMBER, text)):
            return text.replace(number[0], f"{float(number[0]) * value / size:.{digits}g}", 1)
    whole = isinstance(fact.value, int)
    return round(value) if whole else _rounded(value, digits)


def said(scenario: Scenario, path: str, value: float) -> str:
    """The same in words, with its unit: `1.5 % per month`, `£12`, `34 minutes`."""
    steps = steps_of(path, scenario.written)
    if steps[0] == "assumptions":
        known = parameters().get(".".join(steps[1:]))
        return _with_unit(value, known.unit if known else "")
    return Value.of(kind_at(Scenario, steps), spelled(scenario, path, value, DIGITS), scenario.currency).said()


def _with_unit(value: float, unit: str) -> str:
    """An assumption with its unit.

    >>> _with_unit(0.00347, "days"), _with_unit(12.34, "points"), _with_unit(0.123, "share")
    ('5 minutes', '12.3 points', '0.123')
    """
    for most, times, shorter in _SHORTER if unit == "days" else ():
        if 0 < abs(value) < most:
            return f"{value * times:.{DIGITS}g} {shorter}"
    return f"{value:.{DIGITS}g}" if unit in BARE else f"{value:.{DIGITS}g} {unit}".strip()


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
