"""Closed forms of waiting lines, which the desks of the engine must reproduce: Erlang B, C and A.

`load` is arrivals times mean handling time [erlang]; times in one unit.
"""

import numpy as np
from scipy.special import gammainc, gammaln


def erlang_b(load: float, agents: int) -> float:
    """Share of calls lost where nobody waits."""
    blocked = 1.0
    for agent in range(1, agents + 1):
        blocked = load * blocked / (agent + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Probability of waiting where nobody gives up; 1 at or above full load."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(load, agents)
    return blocked / (1 - load / agents * (1 - blocked))


def erlang_c_wait(load: float, agents: int, handling: float) -> float:
    """Mean wait of all calls where nobody gives up [unit of `handling`]; infinite at full load."""
    return erlang_c(load, agents) * handling / (agents - load) if load < agents else float("inf")


def erlang_a(load: float, agents: int, handling: float, patience: float) -> tuple[float, float, float]:
    """(P(wait), P(abandon), mean wait of all calls) of M/M/c+M: exponential patience (Palm; Mandelbaum & Zeltyn 2007)."""
    arrivals, service, renege = load / handling, 1 / handling, 1 / patience
    x = agents * service / renege
    y = arrivals / renege
    # A = x e^y / y^x * gamma(x, y), the sum over queue lengths, in logarithms against overflow
    queue = np.exp(np.log(x) + y - x * np.log(y) + gammaln(x)) * gammainc(x, y)
    blocked = erlang_b(load, agents)
    waiting = float(queue * blocked / (1 + (queue - 1) * blocked))
    rho = load / agents
    abandoned_of_waiting = 1 / (rho * queue) + 1 - 1 / rho
    abandoned = float(abandoned_of_waiting * waiting)
    return waiting, abandoned, abandoned * patience
