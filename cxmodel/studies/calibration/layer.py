"""A calibration as a layer: a file that extends the scenario with sourced numbers, and changes nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cxmodel.scenario.describe.wording import spelled
from cxmodel.scenario.yaml_text.writer import text_of, to_yaml
from cxmodel.studies.calibration.facts import DIGITS, facts_of

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.studies.calibration.study import Calibration, Found

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
    sources = ", ".join(found.sources)
    return facts_of(found.fitted.fits) | {
        each.free.path: _free(found.scenario, each, sources, found.as_of) for each in found.found if each.identified
    }


def _free(scenario: Scenario, found: Found, sources: str, as_of: str) -> dict[str, Any]:
    ends = {"value": found.value, "low": found.low, "high": found.high}
    path = found.free.path
    return {
        **{key: spelled(scenario, path, value, DIGITS) for key, value in ends.items()},
        "source": sources,
        **({"as_of": as_of} if as_of else {}),
    }
