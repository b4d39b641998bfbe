"""Closed forms that the model is held against and does not use itself: Erlang C, lifetime value, repeated contacts."""

from __future__ import annotations

import numpy as np

from cxmodel.model.queueing import erlang_b
from cxmodel.vocabulary import Floats, Reals


def erlang_c(load: float, agents: int) -> float:
    """Probability of waiting where nobody gives up [0-1]; 1 at or above full load."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(load, agents)
    return blocked / (1 - load / agents * (1 - blocked))


def erlang_c_wait(load: float, agents: int, handling: float) -> float:
    """Mean wait of all calls where nobody gives up [unit of `handling`]; infinite at full load."""
    return erlang_c(load, agents) * handling / (agents - load) if load < agents else float("inf")


def repeated(base: Reals, again: Reals) -> Floats:
    """Contacts in all [calls] when each leads to another with probability `again`: base / (1 - r)."""
    return base / (1 - np.asarray(again))


def lifetime_value(margin: Reals, retention: Reals, rate: Reals) -> Floats:
    """Value of a customer for ever [money], first margin after one period: m r / (1 + d - r)."""
    return margin * np.asarray(retention) / (1 + np.asarray(rate) - retention)
