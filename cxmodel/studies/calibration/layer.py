"""A calibration as a layer: a file that extends the scenario with sourced numbers, and changes nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from cxmodel.scenario.describe.wording import spelled
from cxmodel.scenario.yaml_text.writer import text_of, to_yaml

if TYPE_CHECKING:
    from cxmodel.evidence.fits.fit import Fit
    from cxmodel.scenario import Scenario
    from cxmodel.studies.calibration.study import Calibration, Found

DIGITS: Final = 4
WITH_UNIT: Final = ("handling", "patience", "other_calls", "arrivals")
"""Keys whose numbers are written with a unit."""
_HEAD: Final = "# Calibrated by cxmodel: each number below rests on data; all else is as in the file that it extends.\n"


def layer_text(found: Calibration, base: str) -> str:
    """The YAML of a layer that extends `base`, a path relative to where the layer will lie."""
    numbers = numbers_of(found)
    told = "set:\n" + "".join(f"  {path}: {text_of(fact)}\n" for path, fact in numbers.items()) if numbers else ""
    return _HEAD + to_yaml({"extends": base}) + told


def calibrated(found: Calibration) -> Scenario:
    """The scenario with its calibrated numbers."""
    return found.scenario.with_changes(numbers_of(found))


def numbers_of(found: Calibration) -> dict[str, dict[str, Any]]:
    """Each number with its range, source and date, by dotted path, as it is written."""
    numbers = {".".join(each.path): _fact(each) for each in found.fitted.fits if each.path}
    sources = ", ".join(found.sources)
    return numbers | {
        each.free.path: _free(found.scenario, each, sources, found.as_of) for each in found.found if each.identified
    }


def with_fits(scenario: Scenario, fits: Sequence[Fit]) -> Scenario:
    """The scenario with what the tables of the data say."""
    numbers = {".".join(each.path): _fact(each) for each in fits if each.path}
    return scenario.with_changes(numbers) if numbers else scenario


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


def _free(scenario: Scenario, found: Found, sources: str, as_of: str) -> dict[str, Any]:
    ends = {"value": found.value, "low": found.low, "high": found.high}
    path = found.free.path
    return {
        **{key: spelled(scenario, path, value, DIGITS) for key, value in ends.items()},
        "source": sources,
        **({"as_of": as_of} if as_of else {}),
    }
