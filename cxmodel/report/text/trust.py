"""The confidence card: how far a result can be relied on, and what speaks against it. Derived from what was run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cxmodel.model.assumptions import parameters
from cxmodel.report.text.captions import starts_from, uncosted
from cxmodel.report.text.numbers import count, figure, listed
from cxmodel.results.paired import change
from cxmodel.vocabulary import EVERYONE, HEADLINES, METRICS, humanise

if TYPE_CHECKING:
    from cxmodel.results.result import Result

State = Literal["good", "note", "doubt"]
"""*good* speaks for the result, *note* has to be known, *doubt* speaks against it; always told in words too."""
FIRM: Final = 0.9
"""Share of assumption scenarios that must agree on the direction before it is called firm."""
LIKELY: Final = 0.8
"""The same before it is called likely."""
SHARP: Final = 0.25
"""Half the spread over the size of a difference, up to which its size is called known."""
ROUGH: Final = 1.0
"""The same up to which its size is called rough; beyond it is open."""
CLOSE: Final = {"nps": 1.0, "leave": 0.001, "contacts": 0.05}
"""How far a modelled number of today may lie from the measured one and still start from it."""
BEST: Final = 95.0
"""Level that no company is known to deliver above."""
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that speaks for or against a result."""

    name: str
    words: str
    state: State


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the assumption scenarios say; see `cxmodel.studies.uncertainty`."""

    worlds: int
    pays: int | None
    """Assumption scenarios in which the plan pays (without economics: raises NPS); None where it cannot be said."""
    agree: float
    """Share of assumption scenarios in which the difference has the sign it mostly has."""
    value: float
    low: float
    high: float
    """The difference over the assumption scenarios, and the middle 95 % of it [unit of the metric]."""
    metric: str
    hinge: str = ""
    """The one assumption it hangs on; empty where none stands out."""
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """The card: one line for those in a hurry, and what it rests on."""

    first: str
    lines: tuple[Line, ...]


def trust(result: Result, baseline: Result | None, unknown: Unknown | None = None) -> Trust:
    """How far a result can be relied on."""
    lines = [
        _start(result),
        _noise(result, baseline),
        _unknown(unknown),
        _sources(result),
        *_outside(result),
        *_checks(result),
    ]
    parts = [_direction(result, baseline, unknown), _size(result, baseline, unknown), _money(result, baseline, unknown)]
    text = ", ".join(part for part in parts if part)
    return Trust(text[:1].upper() + text[1:], tuple(lines))


def _direction(result: Result, baseline: Result | None, unknown: Unknown | None) -> str:
    if baseline is None:
        close = _missed(result)
        if close is None:
            return "no figures of today to start from"
        return "does not match today's figures" if close else "matches today's figures"
    if unknown is not None:
        return f"direction {'firm' if unknown.agree >= FIRM else 'likely' if unknown.agree >= LIKELY else 'open'}"
    clear = [change(result, baseline, metric) for metric in ("expectation_gap", "nps", "retention")]
    if all(each.verdict in ("none", "slight") for each in clear):
        return "no material difference"
    return "direction clear of simulation error" if any(each.clear for each in clear) else "direction open"


def _size(result: Result, baseline: Result | None, unknown: Unknown | None) -> str:
    if unknown is None:
        return "assumptions not yet tested"
    if baseline is None:
        return ""
    half = (unknown.high - unknown.low) / 2
    relative = half / abs(unknown.value) if unknown.value else math.inf
    return f"size {'known' if relative <= SHARP else 'rough' if relative <= ROUGH else 'open'}"


def _money(result: Result, baseline: Result | None, unknown: Unknown | None) -> str:
    if result.scenario.economics is None:
        return "no money figures"
    if baseline is None:
        return ""
    if uncosted(result.scenario, result.plan) or not _spent(result, baseline):
        return "no cost given" if not _spent(result, baseline) else "part of the cost not given"
    if unknown is None:
        return ""
    if unknown.hinge:
        return "money hangs on one assumption"
    return "money hangs on no single assumption"


def _spent(result: Result, baseline: Result) -> bool:
    spent = change(result, baseline, "cost").value
    return math.isfinite(spent) and spent > 0


def _start(result: Result) -> Line:
    missed = _missed(result)
    if missed is None:
        return Line("Matches today's figures", starts_from(result), "doubt")
    words = starts_from(result).removeprefix("Starts from today's figures: ")
    words = words[:1].upper() + words[1:]
    return Line("Matches today's figures", words, "doubt" if missed else "good")


def _missed(result: Result) -> int | None:
    """How many of the numbers measured today the model does not start from; None where none was measured."""
    rows = [row for row in result.rows("today") if row["measured"] is not None]
    if not rows:
        return None
    far = [abs(row["measured"] - (row["modelled"] or math.nan)) for row in rows]
    return sum(not distance <= CLOSE.get(row["measure"], 0.05) for row, distance in zip(rows, far, strict=True))


def _noise(result: Result, baseline: Result | None) -> Line:
    """What chance does to the figures, from one replication to the next."""
    if result.replications == 1:
        return Line(
            "Simulation error",
            "One simulation run has no interval: nothing here can be distinguished from chance.",
            "doubt",
        )
    shown = []
    for metric in HEADLINES:
        now = result.metric(metric)
        if now.value is None or now.low is None or now.high is None:
            continue
        unit = "points" if metric != "customer_equity" else "money"
        scale = 100.0 if metric == "retention" else 1.0
        half = scale * (now.high - now.low) / 2
        shown.append(f"{METRICS[metric].short} ±{figure(half, unit, result.scenario.currency, brief=True)}")
    open_ones = []
    if baseline is not None:
        found = {metric: change(result, baseline, metric) for metric in HEADLINES}
        open_ones = [METRICS[metric].short for metric, each in found.items() if each.verdict == "unclear" and each.runs]
    words = f"{count(result.replications, 'simulation run')}: {', '.join(shown)}."
    if open_ones:
        words += f" No clear difference in {listed(open_ones)}."
    return Line("Simulation error", words, "doubt" if open_ones else "good")


def _unknown(unknown: Unknown | None) -> Line:
    if unknown is None:
        words = (
            "Not counted here: the intervals are simulation error only. The uncertainty of assumptions comes on top."
        )
        return Line("Assumption uncertainty", words, "note")
    words = " ".join(unknown.words) or f"Tried in {unknown.worlds} assumption scenarios."
    return Line("Assumption uncertainty", words, "good" if unknown.agree >= FIRM else "doubt")


def _sources(result: Result) -> Line:
    sources = result.scenario.sources
    share = sources.sourced / sources.numbers if sources.numbers else 0.0
    return Line("Numbers with a source", f"{sources}.", "good" if share >= 0.5 else "note")


def _outside(result: Result) -> list[Line]:
    """What the evidence does not reach: assumptions, and levels that nobody is known to deliver."""
    known = parameters()
    assumed = [name for name, each in known.items() if each.assumed]
    moved = _moved(result, known)
    words = f"{len(assumed)} of the model's {len(known)} parameters are assumptions (A)"
    if moved:
        words += f"; this scenario sets {listed(moved, most=6)}"
    lines = [Line("Assumptions", f"{words}.", "note")]
    label = result.scenario.label
    beyond = sorted(
        {
            f"{label('journey', row['touchpoint'])} ({label('attributes', row['attribute'], capital=False)}"
            f" {row['delivered']:.0f})"
            for row in result.rows("touchpoints")
            if row["segment"] == EVERYONE and row["delivered"] > BEST
        }
    )
    edges = [f"{humanise(name)} at the edge of its range" for name in _edges(result)]
    found = [*edges, *(f"{each}, more than anyone is known to deliver" for each in beyond)]
    if found:
        lines.append(Line("Outside the evidence", f"{listed(found)}.", "doubt"))
    else:
        lines.append(Line("Outside the evidence", "Nothing that this scenario sets lies outside it.", "good"))
    return lines


def _moved(result: Result, known: Mapping[str, object]) -> list[str]:
    """The parameters that the scenario sets otherwise than documented, with both values."""
    usual = parameters()
    own = result.scenario.assumptions.model_dump(exclude_unset=True)
    return [
        f"{humanise(name).lower()} {value:g} (usually {usual[name].default:g}{', A' if usual[name].assumed else ''})"
        for name, value in own.items()
        if name in known and value is not None and value != usual[name].default
    ]


def _edges(result: Result) -> list[str]:
    """The parameters that the scenario sets to the end of their published or assumed range."""
    known = parameters()
    own = result.scenario.assumptions.model_dump(exclude_unset=True)
    return [name for name, value in own.items() if name in known and value in (known[name].low, known[name].high)]


def _checks(result: Result) -> list[Line]:
    """The books of the run: what has to add up does, or is said not to."""
    rows = result.rows("touchpoints")
    places = len({(row["touchpoint"], row["attribute"]) for row in rows})
    residual = max((abs(sum(row[f"gap{part}"] for part in (1, 2, 3, 4)) - row["gap"]) for row in rows), default=0.0)
    gaps = Line(
        "Gaps add up",
        f"Insight, standards, delivery and promise gaps add up to the gap at each of {places} places"
        if residual <= EXACT
        else f"Insight, standards, delivery and promise gaps miss the gap by up to {residual:.2g} points",
        "good" if residual <= EXACT else "doubt",
    )
    queues = Line(
        "Queues obey Little's law",
        "Checked by the tests at every desk; a saved run holds no queue lengths to check it by again.",
        "note",
    )
    return [Line(gaps.name, f"{gaps.words}.", gaps.state), _people(result), queues]


def _people(result: Result) -> Line:
    """Customers of today, won and won back are those who are there and those who left, in every replication."""
    first, course = result.tables.course("customers")
    start, end = course[:, 0, -1], course[:, -1, -1]
    won, back, lost = (result.samples(name) for name in ("acquired", "won_back", "lost"))
    off = np.abs(start + won + back - end - lost)
    if first == 0 and float(off.max()) <= EXACT:
        words = "Customers of today, acquired and won back equal those still there and those lost, to the last person."
        return Line("People are conserved", words, "good")
    return Line("People are conserved", f"Out by up to {float(off.max()):.3g} people in a replication.", "doubt")
