"""Hypothesis with the same examples each time and no stopwatch: what passed yesterday passes today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis

Test = Callable[..., Any]


def given(*strategies: Any, examples: int = 100, **named: Any) -> Callable[[Test], Test]:
    """Like `hypothesis.given`."""
    steady = hypothesis.settings(derandomize=True, deadline=None, database=None, max_examples=examples)
    return lambda test: steady(hypothesis.given(*strategies, **named)(test))
