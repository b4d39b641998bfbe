"""Hypothesis with the same examples each time and no stopwatch: what passed yesterday passes today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis

Test = Callable[..., Any]


def given(*strategies: Any, examples: int = 100, shrink: bool = True, **named: Any) -> Callable[[Test], Test]:
    """Like `hypothesis.given`; `shrink` is for tests quick enough to be repeated until a failure is small."""
    phases = [phase for phase in hypothesis.Phase if shrink or phase != hypothesis.Phase.shrink]
    steady = hypothesis.settings(derandomize=True, deadline=None, database=None, max_examples=examples, phases=phases)
    return lambda test: steady(hypothesis.given(*strategies, **named)(test))
