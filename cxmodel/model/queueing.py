"""Closed forms of waiting lines, which the desks must reproduce: Erlang B and A (equation 8).

`load` is arrivals times mean handling time [erlang]; times in one unit.
"""

from scipy.special import hyp1f1


def erlang_b(load: float, agents: int) -> float:
    """Share of calls lost where nobody waits [0-1] (equation 8)."""
    blocked = 1.0
    for agent in range(1, agents + 1):
        blocked = load * blocked / (agent + load * blocked)
    return blocked


def erlang_a(load: float, agents: int, handling: float, patience: float) -> tuple[float, float, float]:
    """P(wait), P(abandon) and mean wait of all calls [unit of `handling`] where patience is exponential (equation 8).

    M/M/c+M: Palm's formula (Mandelbaum & Zeltyn 2007). What they write with an incomplete gamma function is
    1F1(1; x + 1; y), which neither overflows nor vanishes where the load is small or patience long.
    """
    if load <= 0:
        return 0.0, 0.0, 0.0
    served, offered = agents * patience / handling, load * patience / handling  # per mean patience
    queue = float(hyp1f1(1.0, served + 1, offered))  # chance of a queue of any length over that of none
    blocked = erlang_b(load, agents)
    waiting = blocked / (blocked + (1 - blocked) / queue)
    rho = load / agents
    abandoned = (1 / (rho * queue) + 1 - 1 / rho) * waiting
    return waiting, abandoned, abandoned * patience
