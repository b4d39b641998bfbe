"""cxmodel: write a customer experience strategy down, run it, and see what customers would make of it.

The public names and nothing else. They are fetched when first used, so that `import cxmodel` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxmodel.checks import check
    from cxmodel.errors import ArchiveError, CxModelError, RunError, ScenarioError, UsageError
    from cxmodel.metrics import METRICS
    from cxmodel.results import Result, Wanted, simulate, simulate_all
    from cxmodel.scenario import Scenario, load, loads
    from cxmodel.scenario.differences import Difference, diff
    from cxmodel.studies.comparison import Comparison, compare
    from cxmodel.studies.explanation import Explanation, explain
    from cxmodel.studies.optimising import optimise
    from cxmodel.studies.optimum import Optimum

_HOMES = {
    "ArchiveError": "cxmodel.errors",
    "Comparison": "cxmodel.studies.comparison",
    "CxModelError": "cxmodel.errors",
    "Difference": "cxmodel.scenario.differences",
    "Explanation": "cxmodel.studies.explanation",
    "METRICS": "cxmodel.metrics",
    "Optimum": "cxmodel.studies.optimum",
    "Result": "cxmodel.results",
    "RunError": "cxmodel.errors",
    "Scenario": "cxmodel.scenario",
    "ScenarioError": "cxmodel.errors",
    "UsageError": "cxmodel.errors",
    "Wanted": "cxmodel.results",
    "check": "cxmodel.checks",
    "compare": "cxmodel.studies.comparison",
    "diff": "cxmodel.scenario.differences",
    "explain": "cxmodel.studies.explanation",
    "load": "cxmodel.scenario",
    "loads": "cxmodel.scenario",
    "optimise": "cxmodel.studies.optimising",
    "simulate": "cxmodel.results",
    "simulate_all": "cxmodel.results",
}

__all__ = [
    "METRICS",
    "ArchiveError",
    "Comparison",
    "CxModelError",
    "Difference",
    "Explanation",
    "Optimum",
    "Result",
    "RunError",
    "Scenario",
    "ScenarioError",
    "UsageError",
    "Wanted",
    "__version__",
    "check",
    "compare",
    "diff",
    "explain",
    "load",
    "loads",
    "optimise",
    "simulate",
    "simulate_all",
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
