"""cxmodel: write a customer experience strategy down, run it, and see what customers would make of it.

The public names and nothing else. They are fetched when first used, so that `import cxmodel` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxmodel.errors import ArchiveError, CxModelError, RunError, ScenarioError, UsageError
    from cxmodel.results.metrics import METRICS
    from cxmodel.results.request import RunRequest, Wanted
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario, load, loads
    from cxmodel.scenario.describe.diff import Difference, diff
    from cxmodel.simulation.simulate import simulate, simulate_all
    from cxmodel.studies.calibration.study import Calibration, calibrate
    from cxmodel.studies.checks import check
    from cxmodel.studies.comparison import Comparison, compare
    from cxmodel.studies.discovery.study import Discovery, discover
    from cxmodel.studies.explanation import Explanation, explain
    from cxmodel.studies.optimisation.optimum import Optimum
    from cxmodel.studies.optimisation.study import optimise
    from cxmodel.studies.sensitivity.study import Sensitivity, sensitivity
    from cxmodel.studies.sweep import Sweep, sweep
    from cxmodel.studies.uncertainty import Uncertainty, uncertainty

_HOMES = {
    "ArchiveError": "cxmodel.errors",
    "Calibration": "cxmodel.studies.calibration.study",
    "Comparison": "cxmodel.studies.comparison",
    "CxModelError": "cxmodel.errors",
    "Difference": "cxmodel.scenario.describe.diff",
    "Discovery": "cxmodel.studies.discovery.study",
    "Explanation": "cxmodel.studies.explanation",
    "METRICS": "cxmodel.results.metrics",
    "Optimum": "cxmodel.studies.optimisation.optimum",
    "Result": "cxmodel.results.result",
    "RunRequest": "cxmodel.results.request",
    "RunError": "cxmodel.errors",
    "Scenario": "cxmodel.scenario",
    "ScenarioError": "cxmodel.errors",
    "Sensitivity": "cxmodel.studies.sensitivity.study",
    "Sweep": "cxmodel.studies.sweep",
    "Uncertainty": "cxmodel.studies.uncertainty",
    "UsageError": "cxmodel.errors",
    "Wanted": "cxmodel.results.request",
    "calibrate": "cxmodel.studies.calibration.study",
    "check": "cxmodel.studies.checks",
    "compare": "cxmodel.studies.comparison",
    "diff": "cxmodel.scenario.describe.diff",
    "discover": "cxmodel.studies.discovery.study",
    "explain": "cxmodel.studies.explanation",
    "load": "cxmodel.scenario",
    "loads": "cxmodel.scenario",
    "optimise": "cxmodel.studies.optimisation.study",
    "sensitivity": "cxmodel.studies.sensitivity.study",
    "simulate": "cxmodel.simulation.simulate",
    "simulate_all": "cxmodel.simulation.simulate",
    "sweep": "cxmodel.studies.sweep",
    "uncertainty": "cxmodel.studies.uncertainty",
}

__all__ = [
    "METRICS",
    "ArchiveError",
    "Calibration",
    "Comparison",
    "CxModelError",
    "Difference",
    "Discovery",
    "Explanation",
    "Optimum",
    "Result",
    "RunError",
    "RunRequest",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Sweep",
    "Uncertainty",
    "UsageError",
    "Wanted",
    "__version__",
    "calibrate",
    "check",
    "compare",
    "diff",
    "discover",
    "explain",
    "load",
    "loads",
    "optimise",
    "sensitivity",
    "simulate",
    "simulate_all",
    "sweep",
    "uncertainty",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("cxmodel")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cxmodel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
