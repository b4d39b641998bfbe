"""Closed forms of waiting lines meet the published tables and the laws of queues."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from cxmodel.model import contacts, queueing
from tests.support import laws
from tests.support.steady import given

HANDLING, PATIENCE = 180.0, 232.0  # seconds


def load(calls_per_hour: float) -> float:
    return calls_per_hour / 3600 * HANDLING


@pytest.mark.parametrize(
    ("calls", "agents", "waits", "mean"),
    [(100, 6, 0.5875, 105.8), (100, 7, 0.3241, 29.2), (180, 10, 0.6687, 120.4), (360, 20, 0.5508, 49.6)],
)
def test_erlang_c(calls: float, agents: int, waits: float, mean: float) -> None:
    """P(wait) and mean wait in seconds at 180 s a call (model.md, section 5)."""
    assert laws.erlang_c(load(calls), agents) == pytest.approx(waits, abs=0.00005)
    assert laws.erlang_c_wait(load(calls), agents, HANDLING) == pytest.approx(mean, abs=0.05)


@pytest.mark.parametrize(
    ("calls", "agents", "waits", "abandoned", "mean"),
    [(100, 6, 0.4017, 0.0901, 20.90), (180, 10, 0.4335, 0.0789, 18.31), (250, 10, 0.8333, 0.230, 53.36)],
)
def test_erlang_a(calls: float, agents: int, waits: float, abandoned: float, mean: float) -> None:
    """P(wait), P(abandon) and mean wait in seconds with a patience of 232 s."""
    found = queueing.erlang_a(load(calls), agents, HANDLING, PATIENCE)
    assert found == pytest.approx((waits, abandoned, mean), abs=0.005)
    assert found[:2] == pytest.approx((waits, abandoned), abs=0.00005)


@pytest.mark.slow
@given(st.floats(0.1, 30.0), st.integers(1, 25), st.floats(20.0, 2000.0))
def test_erlang_a_is_the_stationary_law_of_its_chain(erlangs: float, agents: int, patience: float) -> None:
    """Waiting, giving up and Little's law, from the birth and death chain written out."""
    arrivals = erlangs / HANDLING
    states = np.arange(1, 4000)
    deaths = np.minimum(states, agents) / HANDLING + np.maximum(0, states - agents) / patience
    logs = np.concatenate([[0.0], np.cumsum(np.log(arrivals) - np.log(deaths))])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    queue = (np.maximum(0, np.arange(4000) - agents) * chance).sum()
    waiting, abandoned, wait = queueing.erlang_a(erlangs, agents, HANDLING, patience)
    assert waiting == pytest.approx(chance[agents:].sum(), rel=1e-6, abs=1e-9)
    assert abandoned == pytest.approx(wait / patience, rel=1e-9)
    assert arrivals * wait == pytest.approx(queue, rel=1e-6, abs=1e-9)


def test_much_patience_is_erlang_c() -> None:
    """Where hardly anybody gives up, A is C."""
    waiting, _, wait = queueing.erlang_a(5.0, 6, HANDLING, 1e6)
    assert waiting == pytest.approx(laws.erlang_c(5.0, 6), rel=2e-3)
    assert wait == pytest.approx(laws.erlang_c_wait(5.0, 6, HANDLING), rel=5e-3)


def test_a_full_load_waits_for_ever() -> None:
    """No steady state without patience at or above full load."""
    assert (laws.erlang_c(6.0, 6), laws.erlang_c_wait(6.0, 6, HANDLING)) == (1.0, np.inf)


def test_repeat_calls() -> None:
    """base / (1 - r): r = .4 makes 1.667 calls of one."""
    assert laws.repeated(1.0, 0.4) == pytest.approx(1.667, abs=0.0005)


def test_who_calls() -> None:
    """Half of those whose visit failed, a tenth of those who fell short by more than 20 points."""
    chance = contacts.calling(np.array([True, False, False]), np.array([0.0, 20.1, 20.0]))
    assert chance.tolist() == [0.5, 0.1, 0.0]


def test_recovery_returns_at_most_what_was_lost() -> None:
    """.7 up to a policy lever of .5, then .6 of what it has more, all of it from 1 on."""
    assert contacts.returned(np.array([0.2, 0.5, 0.75, 1.0])).tolist() == pytest.approx([0.7, 0.7, 0.85, 1.0])
