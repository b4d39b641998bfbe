"""What a run will take, in words: said before it starts, or why it is not started and what would be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from cxmodel.report.text.numbers import count, duration

if TYPE_CHECKING:
    from cxmodel.simulation.effort import Effort, Limits

NOT_STARTED: Final = "This was not started"
"""How a refusal begins."""
NOTICED: Final = (60.0, 2e9)
"""Seconds and bytes from which it is said what a run will take."""
DAY: Final = 86400.0
MANY: Final = 50_000
"""Customers and prospects beyond which more of them tell nothing more."""


def worth_saying(effort: Effort) -> bool:
    """Whether somebody who starts it should know."""
    return effort.seconds > NOTICED[0] or effort.memory > NOTICED[1]


def takes(effort: Effort) -> str:
    """What runs take in numbers: `about 3,200,000 visits, 4 minutes and 1.1 GB`."""
    visits, seconds, memory = (_said(name, getattr(effort, name)) for name in ("visits", "seconds", "memory"))
    return f"about {visits}, {seconds} and {memory}"


def refusal(effort: Effort, limits: Limits, how: str, *, jobs: bool = False) -> str:
    """Why runs are not started, and what to change; empty where they may.

    `how` says where limits are set; `jobs`, whether who reads it can have fewer threads.
    """
    beyond = limits.beyond(effort)
    if not beyond:
        return ""
    most = " and ".join(_said(name, getattr(limits, name)) for name in beyond)
    sized = f"{effort.people:,} customers and prospects, {count(effort.replications, 'simulation run')}"
    more = ",".join(f"{name}={_spelled(name, getattr(effort, name))}" for name in beyond)
    are = "are" if len(beyond) > 1 or most[-1] == "s" else "is"
    return (
        f"{NOT_STARTED}: it would take {takes(effort)} ({sized}), and at most {most} {are} allowed. "
        f"What to change: {_change(effort, beyond, jobs)}; or {how.format(more)}."
    )


def _change(effort: Effort, beyond: list[str], jobs: bool) -> str:
    """What makes a run smaller, the most effective first."""
    ways = []
    if effort.people > MANY:
        ways.append("fewer customers and prospects (10,000 customers show the same, one for every so many of yours)")
    elif "people" in beyond:
        ways.append("fewer customers and prospects")
    if effort.every < 1 and {"seconds", "visits"} & set(beyond):
        often = "every hour" if math.isclose(effort.every * 24, 1, rel_tol=0.05) else f"every {effort.every:.2g} days"
        ways.append(f"a longer time between visits ({effort.busiest} is lived {often})")
    if set(beyond) - {"people", "memory"} and effort.replications > 2:
        ways.append(f"fewer simulation runs than {effort.replications}")
    if set(beyond) & {"seconds", "visits"}:
        ways.append("a shorter horizon")
    if "memory" in beyond and (jobs or not ways):
        ways.append("fewer threads at once (--jobs 1)" if jobs else "a shorter horizon")
    return ", ".join(ways)


def _said(name: str, amount: float) -> str:
    if name == "seconds":
        return _long(amount)
    if name == "memory":
        return f"{amount / 1e9:.1f} GB of memory" if amount >= 1e8 else f"{amount / 1e6:.0f} MB of memory"
    nouns = {"visits": "visit", "people": "customers and prospects", "replications": "simulation run"}
    digits = max(0, len(f"{amount:.0f}") - 2)
    rounded = round(amount) if name != "visits" else round(amount / 10**digits) * 10**digits
    return f"{rounded:,} {nouns[name]}" if name == "people" else count(rounded, nouns[name])


def _long(seconds: float) -> str:
    """A time to wait, however long.

    >>> _long(240), _long(3 * 86400), _long(4e8)
    ('4 minutes', '3 days', '13 years')
    """
    if seconds < 2 * DAY:
        return duration(seconds)
    days = round(seconds / DAY)
    return f"{days:,} days" if days < 730 else f"{round(days / 365):,} years"


def _spelled(name: str, amount: float) -> str:
    """A limit that is enough, as it is written.

    >>> _spelled("memory", 3.21e9), _spelled("seconds", 1000), _spelled("visits", 3.2e12), _spelled("people", 9_000)
    ('4GB', '1100', '3.5e+12', '9000')
    """
    if name == "memory":
        return f"{math.ceil(amount * 1.1 / 1e9)}GB"
    if name in ("people", "replications"):
        return f"{amount:.0f}"
    return f"{amount * 1.1:.2g}" if amount > 1e7 else f"{math.ceil(amount * 1.1):.0f}"
