"""Which numbers are left free: those of the scenario with a range, else those that each measure is most about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.errors import UsageError
from cxmodel.model.assumptions import parameters
from cxmodel.scenario.describe.wording import label
from cxmodel.scenario.yaml_text.paths import keys_of
from cxmodel.studies.uncertainty import Unknown, unknowns
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Floats

MOST: Final = 8
"""Numbers that are left free at a time: more, and months of a tracker cannot tell them apart."""
ABOUT: Final = {
    "nps": ("assumptions.leniency_sd",),
    "churn_monthly": ("assumptions.leave", "assumptions.satisfaction_slope"),
    "contacts_per_customer": ("assumptions.calls_after_failure",),
}
"""Assumptions that a measure bears on where the scenario has no number with a range that does."""
AROUND: Final = 15.0
"""Points that a delivered level without a range may lie to either side of what is said (A)."""


@dataclass(frozen=True, slots=True)
class Free:
    """A number that is left free, between two bounds, in the model's own unit."""

    path: str
    name: str
    low: float
    high: float
    value: float
    """What the scenario says now."""

    def at(self, shares: Floats) -> Floats:
        """Values at these shares of the way from the lower bound to the upper one."""
        return np.asarray(self.low + (self.high - self.low) * np.asarray(shares))

    def share(self, value: float) -> float:
        """Where a value lies between the bounds [0-1]."""
        return float(np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0))


def free(
    scenario: Scenario, measures: Collection[str], asked: Collection[str] = (), known: Collection[str] = ()
) -> tuple[Free, ...]:
    """The numbers to fit: those `asked` for, else those with a range that are not `known` from a table of the data.

    Where the scenario has none of its own, the assumptions that the `measures` bear on. Raises UsageError for a path
    that has no range, and for more than can be told apart.
    """
    ranged = {each.path: _of(each) for each in unknowns(scenario, AS_IS) if not each.assumed}
    there = _assumptions(scenario) | ranged
    if asked:
        missing = [path for path in asked if path not in there]
        if missing:
            raise UsageError(
                f"{missing[0]} has no range to look in; give it one in the scenario, as "
                "{value: 40, low: 30, high: 50}, or name an assumption"
            )
        found = tuple(there[path] for path in asked)
    else:
        own = [each for path, each in ranged.items() if path not in known]
        found = tuple(own[:MOST]) or tuple(_about(there, measures, known))
    if len(found) > MOST:
        raise UsageError(f"{len(found)} numbers are too many to fit at once; name at most {MOST}")
    return found


def _of(unknown: Unknown) -> Free:
    return Free(unknown.path, unknown.name, unknown.low, unknown.high, unknown.value)


def _assumptions(scenario: Scenario) -> dict[str, Free]:
    """Every parameter of the model, within the range that the method gives it."""
    given = scenario.assumptions.model_dump()
    return {
        f"assumptions.{name}": Free(
            f"assumptions.{name}",
            label(keys_of(scenario.written, f"assumptions.{name}"), scenario.written),
            each.low,
            each.high,
            float(given[name]),
        )
        for name, each in parameters().items()
    }


def _about(there: dict[str, Free], measures: Iterable[str], known: Collection[str]) -> Iterable[Free]:
    paths = dict.fromkeys(path for measure in measures for path in ABOUT.get(measure, ()))
    return (there[path] for path in paths if path not in known)
