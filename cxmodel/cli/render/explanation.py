"""How an explanation reads in a terminal: what is missed, where calls begin, what to mend first. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cxmodel.cli.render.table import caveat, heading, table
from cxmodel.report.text.numbers import figure, interval, with_interval
from cxmodel.report.text.shortfalls import sentence, shortfalls
from cxmodel.vocabulary import METRICS, JsonDict

if TYPE_CHECKING:
    from cxmodel.studies.explanation import Explanation

MISSED: Final = 5
"""Shortfalls that are told; `--json` has them all."""
CAUSES: Final = {"failure": "something failed", "shortfall": "unmet expectation"}
"""The root cause of a contact, in words."""
FEW: Final = 0.005
"""Share of contacts below which a beginning is not told."""


def explanation(found: Explanation) -> str:
    """The whole of it, from what is missed to who contributes what."""
    result = found.result
    head = heading(
        found.scenario,
        f"Why, under plan {found.scenario.label_or_id('plans', found.plan)}: ",
        result.replications,
        result.seed,
        result.future,
    )
    blocks = [head, _missed(found), _calls(found), *_mending(found), _contributions(found)]
    return "\n\n".join([*(block for block in blocks if block), caveat(result.replications)])


def _missed(found: Explanation) -> str:
    """The heaviest shortfalls, a sentence each."""
    told = [sentence(missed) for missed in shortfalls(found.result, MISSED)]
    if not told:
        return "No touchpoint clearly falls short of what customers expect."
    return "\n".join(["Causes of the expectation gap, the largest in what customers remember first", *told])


def _calls(found: Explanation) -> str:
    """Where contacts begin."""
    lines = [
        (
            found.scenario.label("journey", row["touchpoint"]),
            CAUSES[row["cause"]],
            figure(row["share"], "share"),
            interval(row["low"], row["high"], "share"),
        )
        for row in found.contact_rows
        if row["share"] >= FEW
    ]
    body = table(("touchpoint", "root cause", "of all", "likely between"), lines, numbers=(2,))
    return f"Root causes of contacts\n{body}" if lines else "No contact begins at any touchpoint."


def _mending(found: Explanation) -> Iterator[str]:
    """What lifting each touchpoint to the need would change, in the order in which to mend."""
    by_touchpoint: dict[str, list[JsonDict]] = {}
    for row in found.mending_rows:
        by_touchpoint.setdefault(row["touchpoint"], []).append(row)
    known = [
        metric
        for place, metric in enumerate(row["metric"] for row in next(iter(by_touchpoint.values()), []))
        if any(rows[place]["difference"] is not None for rows in by_touchpoint.values())
    ]
    idle = [name for name, rows in by_touchpoint.items() if all(_nothing(row) for row in rows)]
    lines = [
        (found.scenario.label("journey", name), *(_difference(row, found) for row in rows if row["metric"] in known))
        for name, rows in by_touchpoint.items()
        if name not in idle
    ]
    if lines:
        heads = [METRICS[metric].label for metric in known]
        body = table(("touchpoint", *heads), lines)
        yield (
            f"Priorities for improvement: value at stake if a touchpoint met customers' needs (cost not "
            f"counted)\n{body}"
        )
    reached = {row["touchpoint"] for row in found.result.rows("touchpoints")}
    if unseen := [name for name in idle if name not in reached]:
        yield f"Nobody got to: {', '.join(found.scenario.label('journey', name) for name in unseen)}."
    if idle := [name for name in idle if name in reached]:
        names = ", ".join(found.scenario.label("journey", name) for name in idle)
        yield f"Nothing at stake, all that is needed is delivered: {names}."


def _contributions(found: Explanation) -> str:
    """What each initiative contributes."""
    rows = found.initiative_rows
    metrics = [name for name in dict.fromkeys(row["metric"] for row in rows) if name in METRICS]
    metrics = [name for name in metrics if any(row["contribution"] for row in rows if row["metric"] == name)]
    names = list(dict.fromkeys(row["initiative"] for row in rows))
    at = {(row["initiative"], row["metric"]): row for row in rows}
    lines = [
        (
            found.scenario.label("initiatives", name),
            *(_difference(at[name, metric], found, "contribution") for metric in metrics),
        )
        for name in names
    ]
    if not lines or not metrics:
        return ""
    body = table(("initiative", *(METRICS[metric].label for metric in metrics)), lines)
    return (
        f"What each initiative contributes to the difference against today (Shapley values: they add up to it)\n{body}"
    )


def _difference(row: JsonDict, found: Explanation, name: str = "difference") -> str:
    """A change with its interval: `+£4,620 (£4,100 to £5,130)`."""
    value, low, high = row[name], row["low"], row["high"]
    currency = found.scenario.currency
    unit = "money" if row["unit"] == currency else row["unit"]
    if value is None:
        return "–"
    if value == 0 and low == high:
        return "="
    if low is not None and low == high:
        return f"{figure(value, unit, currency, sign=True)} (in every run)"
    said = "{} ({})".format(*with_interval(value, low, high, unit, currency, sign=True))
    return f"{said}, unclear" if low is not None and low <= 0 <= high else said


def _nothing(row: JsonDict) -> bool:
    return row["difference"] is None or (row["difference"] == 0 and row["low"] == row["high"])
