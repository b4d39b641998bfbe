"""How the best use of a budget reads in a terminal: what to choose, what less money buys. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cxmodel.metrics import METRICS, MONEY
from cxmodel.report.figures import figure, humanise, interval, listed, money
from cxmodel.scenario.problems import shorten
from cxmodel.terminal import caveat, count, table

if TYPE_CHECKING:
    from cxmodel.studies.optimum import Optimum

Row = Mapping[str, Any]
NOTHING: Final = "as it is"
"""A set of no initiatives, in words."""
FAILURES: Final = 3
"""Failures that are told; `--json` has them all."""


def optimum(found: Optimum) -> str:
    """The whole of it: the answer, what less money buys, what to know before it is believed."""
    head = [found.scenario.name]
    if found.scenario.question:
        head.append(" ".join(found.scenario.question.split()))
    at = f", future {found.future}" if found.future else ""
    head.append(f"The best use of {_money(found.budget, found)}: {_made(found)}{at}")
    blocks = ["\n".join(head), sentence(found), _front(found), _notes(found), caveat(found.replications)]
    return "\n\n".join(block for block in blocks if block)


def sentence(found: Optimum) -> str:
    """What to choose, what it costs and changes, and what cannot be told from it."""
    label = METRICS[found.maximise].label
    within = f"Within {_money(found.budget, found)}"
    if not found.chosen:
        said = f"{within} leave everything as it is: no set of initiatives shows a better figure of {label}."
        return f"{said}{_alike(found)}"
    row = _row(found, found.chosen, found.maximise)
    change = f"{label} {_change(row, found)} against as is{_net(row, found)}"
    return f"{within} choose {_set(found.chosen)}: {_money(found.cost, found)}, {change}.{_alike(found)}"


def _net(row: Row, found: Optimum) -> str:
    """What is left after the cost; the same interval, moved."""
    if found.maximise != "customer_equity" or row["value"] is None:
        return ""
    currency, low, high = found.scenario.currency, row["low"], row["high"]
    left = money(row["value"] - found.cost, currency, sign=True)
    if low is None:
        return f", {left} after that cost"
    span = interval(low - found.cost, high - found.cost, MONEY, currency, sign=True)
    said = f", {left} ({span}) after that cost"
    if high < found.cost:
        return f"{said}: it costs more than it brings"
    return said if low > found.cost else f"{said}: whether it earns its cost is unclear"


def _alike(found: Optimum) -> str:
    """What cannot be told from the best."""
    others = found.indistinguishable
    if not others:
        return ""
    most = f"{len(others):,} other sets" if len(others) > 1 else "another set"
    among = f" ({_set(others[0])})" if len(others) == 1 else ""
    return (
        f" It cannot be told apart from {most}{among} that would do as well:"
        " the cheapest was chosen, at the same cost the smallest."
    )


def _front(found: Optimum) -> str:
    """What each smaller budget would buy, the cheapest first."""
    metrics = list(dict.fromkeys(row["metric"] for row in found.rows))
    sets = list(dict.fromkeys(tuple(row["initiatives"]) for row in found.rows))
    lines = [
        (
            _money(_row(found, some, metrics[0])["cost"], found),
            *(_change(_row(found, some, metric), found) for metric in metrics),
            _set(some),
        )
        for some in sets
    ]
    body = table(("cost", *(METRICS[metric].label for metric in metrics), "initiatives"), lines, numbers=(0,))
    return f"What less money buys (change against as is, before the cost)\n{body}"


def _notes(found: Optimum) -> str:
    """What to know before it is believed, and what failed."""
    lines = [f"{note[:1].upper()}{note[1:]}." for note in found.notes]
    for lost in found.failures[:FAILURES]:
        lines.append(f"Could not be played: {_set(lost.initiatives)}: {shorten(lost.why, 200)}")
    if len(found.failures) > FAILURES:
        lines.append(f"{len(found.failures) - FAILURES:,} more could not be played either.")
    return "\n".join(lines)


def _made(found: Optimum) -> str:
    """How it came about."""
    tried = f"{count(found.evaluated, 'set')} of initiatives tried"
    told = f"figures from {count(found.replications, 'replication')} of their own, seed {found.seed}"
    return f"{tried}, {told}"


def _row(found: Optimum, some: Sequence[str], metric: str) -> Row:
    return next(row for row in found.rows if (row["metric"], row["initiatives"]) == (metric, list(some)))


def _change(row: Row, found: Optimum) -> str:
    """A change with its interval: `+£4,620 (£4,100 to £5,130)`."""
    value, low, high = row["value"], row["low"], row["high"]
    currency = found.scenario.currency
    unit = MONEY if METRICS[row["metric"]].unit == MONEY else row["unit"]
    if value is None:
        return "–"
    if value == 0 and low == high:
        return "="
    said = figure(value, unit, currency, sign=True)
    if low is None:
        return f"{said} (one replication has no interval)"
    if low == high:
        return f"{said} (in every run)"
    said = f"{said} ({interval(low, high, unit, currency, sign=True)})"
    return f"{said}, unclear" if low <= 0 <= high else said


def _set(some: Sequence[str]) -> str:
    return listed([humanise(name) for name in some], most=len(some)) if some else NOTHING


def _money(value: float, found: Optimum) -> str:
    return money(value, found.scenario.currency)
