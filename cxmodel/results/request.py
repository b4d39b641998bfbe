"""A request for a run: scenario, plan, future, replications, seed and engine; and the key that tells runs apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from cxmodel.engine.inputs.trajectories import TrajectoryChange, changes_of
from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import AS_IS

Engine = Literal["fast", "reference"]
"""What plays a run: the compiled event loop, or the same model as plain SimPy, slow and readable."""


class Key(NamedTuple):
    """What tells runs apart, however many replications: the world as it stands, what happens to it, and the luck."""

    world: str
    changes: tuple[TrajectoryChange, ...]
    seed: int
    engine: Engine = "fast"


@dataclass(frozen=True)
class RunRequest:
    """A run that somebody wants: a scenario under a plan, in a future, in so many replications."""

    scenario: Scenario
    plan: str = AS_IS
    future: str | None = None
    replications: int = 30
    seed: int = 1
    engine: Engine = "fast"

    @cached_property
    def key(self) -> Key:
        """What tells this run apart from others."""
        changes = tuple(changes_of(self.scenario, self.plan, self.future))
        return Key(self.scenario.standing_hash, changes, self.seed, self.engine)

    @property
    def baseline(self) -> RunRequest | None:
        """The run that a plan's return is told against: as is, with the same luck; None without money or change."""
        compares = self.scenario.economics is not None and bool(self.scenario.initiatives_of(self.plan))
        return replace(self, plan=AS_IS) if compares else None

    def validate(self) -> None:
        """Raise UsageError for an unknown plan or future, and for counts that make no run."""
        if self.replications < 1:
            raise UsageError(f"replications: {self.replications} is too few; give 1 or more")
        if not 0 <= self.seed < 2**64:
            raise UsageError(f"seed: {self.seed} is outside 0 to 2^64 - 1")
        if self.engine not in ("fast", "reference"):
            raise UsageError(f"there is no engine named {self.engine!r}; there is: fast, reference")
        self.scenario.initiatives_of(self.plan)
        if self.future is not None and self.future not in self.scenario.futures:
            known = ", ".join(self.scenario.futures) or "none in this scenario"
            raise UsageError(f"there is no future named {self.future!r}; there is: {known}")


Wanted = RunRequest
"""The name up to version 0.1; it goes with 0.2."""
