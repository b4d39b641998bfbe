"""The best use of a budget, in words and as a table. Reads what was found as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cxmodel.report.text.numbers import count, figure, listed, money, with_interval
from cxmodel.vocabulary import METRICS, MONEY, JsonDict

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.scenario import Scenario

NOTHING: Final = "no initiative"
"""A set of no initiatives, in words."""


def sentence(document: JsonDict, scenario: Scenario) -> str:
    """What to choose, what it costs and changes, and what cannot be told from it."""
    label = METRICS[document["maximise"]].short
    within = f"Within {spent(document['budget'], document)}"
    if not document["chosen"]:
        said = f"{within}, leave everything as it is: no set of initiatives has a clearly better {label}."
        return f"{said}{_alike(document, scenario)}"
    row = row_of(document, document["chosen"], document["maximise"])
    gain = f"{label} {change(row, document)} against today{_net(document)}"
    return (
        f"{within}, choose {named(document['chosen'], scenario)}: cost {spent(document['cost'], document)}, {gain}."
        f"{_alike(document, scenario)}"
    )


def _net(document: JsonDict) -> str:
    """What is left after the cost, where something else was the objective."""
    if document["maximise"] == "net_value" or "net_value" not in metrics_of(document):
        return ""
    row = row_of(document, document["chosen"], "net_value")
    said = f", net value {change(row, document)}"
    return f"{said}: it costs more than it brings" if row["high"] is not None and row["high"] < 0 else said


def _alike(document: JsonDict, scenario: Scenario) -> str:
    """What cannot be told from the best."""
    others = document["indistinguishable"]
    if not others:
        return ""
    most = f"{len(others):,} other sets" if len(others) > 1 else "another set"
    among = f" ({named(others[0], scenario)})" if len(others) == 1 else ""
    return (
        f" It cannot be distinguished from {most}{among} that would do as well:"
        " the cheapest was chosen, at the same cost the smallest."
    )


def sets_of(document: JsonDict) -> list[tuple[str, ...]]:
    """The sets of the front, the cheapest first and the chosen one last."""
    return list(dict.fromkeys(tuple(row["initiatives"]) for row in document["front"]))


def metrics_of(document: JsonDict) -> list[str]:
    """The metrics that the front is told in, what is maximised first."""
    return list(dict.fromkeys(row["metric"] for row in document["front"]))


def lines(document: JsonDict, scenario: Scenario) -> list[tuple[str, ...]]:
    """A line for each set of the front: its cost, what it changes of each metric, and which it is."""
    metrics = metrics_of(document)
    return [
        (
            spent(row_of(document, some, metrics[0])["cost"], document),
            *(change(row_of(document, some, metric), document) for metric in metrics),
            named(some, scenario),
        )
        for some in sets_of(document)
    ]


def front_table(document: JsonDict, scenario: Scenario) -> pd.DataFrame:
    """The front as a table."""
    import pandas as pd

    columns = ["Cost", *(METRICS[metric].label for metric in metrics_of(document)), "Initiatives"]
    return pd.DataFrame(lines(document, scenario), columns=columns)


def reading(document: JsonDict) -> str:
    """What the figures mean."""
    notes = "".join(f" {note[:1].upper()}{note[1:]}." for note in document["notes"])
    sets = document["sets"]["evaluated"]
    return (
        f"{count(sets, 'set')} of initiatives tried. Changes against today with 95 % intervals, from "
        f"{count(document['replications'], 'simulation run')} that had no part in the choice: the best of many is "
        f"also the luckiest.{notes}"
    )


def row_of(document: JsonDict, some: Sequence[str], metric: str) -> JsonDict:
    return next(row for row in document["front"] if (row["metric"], row["initiatives"]) == (metric, list(some)))


def change(row: JsonDict, document: JsonDict) -> str:
    """A change with its interval: `+£4,620 (£4,100 to £5,130)`."""
    value, low, high = row["value"], row["low"], row["high"]
    currency = document["currency"]
    unit = MONEY if METRICS[row["metric"]].unit == MONEY else row["unit"]
    if value is None:
        return "–"
    if value == 0 and low == high:
        return "="
    said = figure(value, unit, currency, sign=True)
    if low is None:
        return f"{said} (one simulation run has no interval)"
    if low == high:
        return f"{said} (in every run)"
    said, span = with_interval(value, low, high, unit, currency, sign=True)
    said = f"{said} ({span})"
    return f"{said}, unclear" if low <= 0 <= high else said


def named(some: Sequence[str], scenario: Scenario) -> str:
    """The initiatives of a set, as people call them."""
    return listed([scenario.label("initiatives", name) for name in some], most=len(some)) if some else NOTHING


def spent(value: float, document: JsonDict) -> str:
    return money(value, document["currency"])
