"""Scenarios made from scenarios: values set by dotted path, initiatives added. Checked like a file."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.document import SAID, Document
from cxmodel.scenario.dotted import is_of_changes, steps_of, written_at
from cxmodel.scenario.language import Scenario
from cxmodel.scenario.load import build
from cxmodel.scenario.merging import is_fact, with_value
from cxmodel.scenario.paths import Target, find
from cxmodel.scenario.problems import Fault, Path
from cxmodel.scenario.report import problems_of
from cxmodel.vocabulary import AS_IS


def with_changes(scenario: Scenario, changes: Mapping[str, Any], name: str | None = None) -> Scenario:
    """The scenario with other values by dotted path. A value that came with a source keeps it."""
    document = scenario._document
    plain = copy.deepcopy(document.plain)
    said: list[Path] = []
    faults = []
    for dotted, value in changes.items():
        path = steps_of(dotted, plain)
        target = find(Scenario, plain, ".".join(path[:3]) if is_of_changes(path[:-1]) else dotted)
        if not isinstance(target, Target):
            fault = target or Fault("CXM306", (), "this path leads nowhere", "a path of the scenario")
            faults.append((fault.under((dotted,)), None))
        else:
            said.append(_set(plain, path, value))
    if faults:
        raise ScenarioError(problems_of(faults, document))
    if name is not None:
        plain["name"] = name
        said.append(("name",))
    return build(_said(document, plain, said))


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
    return build(_said(scenario._document, plain, [("initiatives", id), ("plans", plan)]))


def _said(document: Document, plain: dict[str, Any], paths: list[Path]) -> Document:
    """The document with other values; those at `paths`, and all in them, no longer stand where they were written."""
    keys, values = dict(document.keys), dict(document.values)
    for path in paths:
        written, taken = written_at(document.plain, path)
        if taken == len(path) and isinstance(written, dict | list):
            for marks in (keys, values):
                for below in [one for one in marks if one[: len(path)] == path]:
                    del marks[below]
        keys[path] = values[path] = SAID
    return replace(document, plain=plain, keys=keys, values=values)


def _set(plain: dict[str, Any], path: Path, value: Any) -> Path:
    """Put a value where the path leads; of a fact, only the number changes. The path of what changed."""
    at = plain
    for step in path[:-1]:
        if not isinstance(at.get(step), dict):
            at[step] = {}
        at = at[step]
    fact = at.get(path[-1])
    if is_fact(fact) and not isinstance(value, dict):
        at[path[-1]] = with_value(fact, value)
        return (*path, "value")
    at[path[-1]] = value
    return path
