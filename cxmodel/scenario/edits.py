"""Scenarios made from scenarios: values set by dotted path, initiatives added. Checked like a file."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.load import build
from cxmodel.scenario.names import AS_IS
from cxmodel.scenario.paths import Target, find
from cxmodel.scenario.problems import Fault
from cxmodel.scenario.report import problems_of


def with_changes(scenario: Scenario, changes: Mapping[str, Any], name: str | None = None) -> Scenario:
    """The scenario with other values by dotted path. A value that came with a source keeps it."""
    document = scenario._document
    plain = copy.deepcopy(document.plain)
    faults = []
    for dotted, value in changes.items():
        target = find(Scenario, plain, dotted)
        if not isinstance(target, Target):
            fault = target or Fault("CXM306", (), "this path leads nowhere", "a path of the scenario")
            faults.append((fault.under((dotted,)), None))
        else:
            _set(plain, tuple(dotted.split(".")), value)
    if faults:
        raise ScenarioError(problems_of(faults, document))
    if name is not None:
        plain["name"] = name
    return build(replace(document, plain=plain))


def with_initiative(
    scenario: Scenario,
    id: str,
    changes: Mapping[str, Any],
    *,
    plan: str,
    starts: Any = 0,
    base: str | None = None,
) -> Scenario:
    """The scenario with an initiative added (or replaced) as a plan's last; a new plan starts from `base`."""
    if plan == AS_IS:
        raise UsageError(f"`{AS_IS}` is the plan that changes nothing: name another plan for the initiative")
    start = f"month {starts}" if isinstance(starts, int | float) and not isinstance(starts, bool) else starts
    begun = scenario.initiatives_of(base or (plan if plan in scenario.plans else AS_IS))
    plain = copy.deepcopy(scenario._document.plain)
    for section in ("initiatives", "plans"):
        plain[section] = dict(plain.get(section) or {})
    plain["initiatives"][id] = {"changes": dict(changes), "starts": start}
    plain["plans"][plan] = [*(name for name in begun if name != id), id]
    return build(replace(scenario._document, plain=plain))


def _set(plain: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value where the path leads; of a fact, only the number changes and its range is dropped."""
    at = plain
    for step in path[:-1]:
        if not isinstance(at.get(step), dict):
            at[step] = {}
        at = at[step]
    fact = at.get(path[-1])
    if isinstance(fact, dict) and "value" in fact and not isinstance(value, dict):
        kept = {key: item for key, item in fact.items() if key not in ("low", "high")}
        at[path[-1]] = {**kept, "value": value}
    else:
        at[path[-1]] = value
