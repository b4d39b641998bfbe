"""What the Explore page asks: read from its address, what is usual filled in. Draws nothing."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, get_args

from cxmodel.errors import UsageError
from cxmodel.studies.objective import objective
from cxmodel.vocabulary import HEADLINES, METRICS, MONEY
from cxmodel.workbench.jobs.study_runner import Name, Question

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.workbench.session.view import View

STUDIES: Final[Mapping[str, str]] = {
    "matters": "Sensitivity",
    "fails": "Stress test",
    "best": "Best use of a budget",
}
METHODS: Final[Mapping[str, str]] = {
    "tornado": "One at a time (tornado)",
    "morris": "From many starting points (Morris)",
    "sobol": "Shares of the spread (Sobol)",
}
EACH: Final = (4, 10, 30)
"""Replications of each run of a study that a reader can choose from, the usual one in the middle."""
WORLDS: Final = (60, 200, 500)
"""Worlds in which a plan is tried, the usual number in the middle."""
MOST: Final = 1e12
"""A budget is no larger."""


def question(seen: View, address: Mapping[str, str]) -> Question:
    """What the address asks about a view; what it says wrongly falls back to what is usual."""
    study = _one_of(address.get("ask", ""), get_args(Name))
    return Question(study, seen.scenario, seen.plan, _options[study](seen.scenario, seen.plan, address))


def usual_metric(scenario: Scenario, plan: str | None = None) -> str:
    """What a plan is judged by; without one, what any set of initiatives is."""
    if plan is None:
        return "nps" if scenario.economics is None else "net_value"
    return objective(scenario, plan)


def metrics(scenario: Scenario, plan: str | None = None) -> tuple[str, ...]:
    """The metrics that can be asked about a plan, or about any set of initiatives, the usual one first."""
    usual = usual_metric(scenario, plan)
    rest = (name for name in HEADLINES if scenario.economics is not None or METRICS[name].unit != MONEY)
    return tuple(dict.fromkeys((usual, *rest)))


def usual_budget(scenario: Scenario) -> float:
    """Half of what all initiatives that have a cost would take together, to two figures."""
    from cxmodel.studies.optimisation.budget import Costs

    costs = Costs(scenario, None)
    half = costs.of(tuple(scenario.initiatives)) / 2
    return float(f"{half:.2g}") if half > 0 else 0.0


def command(asked: Question, file: str) -> str:
    """The command line that gives the same figures."""
    verb = {"matters": "sensitivity", "fails": "discover", "best": "optimise"}[asked.study]
    options = dict(asked.options) if asked.study == "best" else {"plan": asked.plan, **asked.options}
    given = (f"--{name} {_shell(value)}" for name, value in options.items() if value is not None)
    return " ".join(["cxmodel", verb, _shell(file), *given])


def _shell(value: Any) -> str:
    """A value as a shell takes it."""
    return f"{value:.12g}" if isinstance(value, float) else shlex.quote(str(value))


def _matters(scenario: Scenario, plan: str, address: Mapping[str, str]) -> dict[str, Any]:
    known = metrics(scenario, plan)
    return {
        "metric": address["metric"] if address.get("metric") in known else known[0],
        "method": _one_of(address.get("method", ""), METHODS),
        "replications": _number(address.get("each", ""), EACH),
    }


def _fails(scenario: Scenario, plan: str, address: Mapping[str, str]) -> dict[str, Any]:
    from cxmodel.studies.discovery.study import rule_of

    fails = address.get("fails") or None
    try:
        rule_of(scenario, fails, plan)
    except UsageError:
        fails = None
    return {"fails": fails, "worlds": _number(address.get("worlds", ""), WORLDS)}


def _best(scenario: Scenario, _: str, address: Mapping[str, str]) -> dict[str, Any]:
    known = metrics(scenario)
    try:
        budget = float(address.get("budget", ""))
    except ValueError:
        budget = math.nan
    return {
        "budget": budget if 0 <= budget <= MOST else usual_budget(scenario),
        "maximise": address["metric"] if address.get("metric") in known else known[0],
    }


_options: Final = {"matters": _matters, "fails": _fails, "best": _best}


def _one_of(word: str, known: Any) -> Any:
    """The word where it is one of these, else the first of them."""
    return word if word in known else next(iter(known))


def _number(word: str, known: tuple[int, ...]) -> int:
    """The number where it is one of these, else the one in the middle."""
    return int(word) if word.isdecimal() and int(word) in known else known[len(known) // 2]
