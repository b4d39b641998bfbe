"""Fitted numbers as a scenario writes them: value, range, source and date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cxmodel.evidence.fits.fit import Fit
    from cxmodel.scenario import Scenario

DIGITS: Final = 4
WITH_UNIT: Final = ("handling", "patience", "other_calls", "arrivals")
"""Keys whose numbers are written with a unit."""


def with_fits(scenario: Scenario, fits: Sequence[Fit]) -> Scenario:
    """The scenario with what the tables of the data say."""
    numbers = facts_of(fits)
    return scenario.with_changes(numbers) if numbers else scenario


def facts_of(fits: Sequence[Fit]) -> dict[str, dict[str, Any]]:
    """The fits that the scenario has a place for, by dotted path, as it holds them."""
    return {".".join(each.path): _fact(each) for each in fits if each.path}


def _fact(fit: Fit) -> dict[str, Any]:
    ends = {"value": fit.value, "low": fit.low, "high": fit.high}
    written = {key: _written(value, fit) for key, value in ends.items()}
    return {**written, "source": fit.source, **({"as_of": fit.as_of} if fit.as_of else {})}


def _written(value: float, fit: Fit) -> float | str:
    """A number as the scenario writes it: a length of time or a rate with its unit, a share that leaves in per cent."""
    leaves = fit.path[-1] == "leave" and fit.path[0] != "assumptions"
    number = float(f"{value * (100 if leaves else 1):.{DIGITS}g}")
    bare = int(number) if number.is_integer() else number
    if leaves:
        return f"{bare} % {fit.unit}"
    return f"{bare} {fit.unit}" if fit.path[-1] in WITH_UNIT else bare
