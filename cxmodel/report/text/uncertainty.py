"""Uncertainty, in words: in how many assumption scenarios a plan pays, how far its effect spreads, what it hangs on.

Reads what they say (`cxmodel.studies.uncertainty`) as a document; computes nothing.
"""

from __future__ import annotations

from typing import Final

from cxmodel.report.text.numbers import figure, interval
from cxmodel.report.text.trust import FIRM, LIKELY, Unknown
from cxmodel.vocabulary import METRICS, JsonDict

ENOUGH: Final = 20
"""Assumption scenarios from which on it is worth saying what stands out."""


def unknown(document: JsonDict, currency: str | None = None) -> Unknown | None:
    """What the confidence card says of uncertainty; None as long as too few assumption scenarios were played."""
    spread = next((each for each in document["spreads"] if each["metric"] == document["metric"]), None)
    if document["worlds"] < ENOUGH or spread is None:
        return None
    hinge = document["hinge"]
    return Unknown(
        worlds=document["worlds"],
        pays=document["above"]["worlds"] if document["costs"] or document["metric"] == "nps" else None,
        agree=spread["agree"],
        value=spread["value"],
        low=spread["low"],
        high=spread["high"],
        metric=document["metric"],
        hinge=hinge["name"] if hinge else "",
        words=(pays(document), spreads(document, currency), direction(document), hangs_on(document)),
    )


def pays(document: JsonDict) -> str:
    """In how many assumption scenarios it pays, with the interval of the share.

    >>> pays({"worlds": 100, "metric": "nps", "costs": False, "above": {"worlds": 87, "low": 0.79, "high": 0.92}})
    'It raises NPS in 87 of 100 assumption scenarios (likely 79 to 92 in 100).'
    """
    above = document["above"]
    does = (
        "raises NPS"
        if document["metric"] == "nps"
        else "pays"
        if document["costs"]
        else "adds customer equity (no cost given)"
    )
    share = f"likely {100 * above['low']:.0f} to {100 * above['high']:.0f} in 100"
    return f"It {does} in {above['worlds']} of {document['worlds']} assumption scenarios ({share})."


def spreads(document: JsonDict, currency: str | None = None) -> str:
    """How far the headline differences spread over assumption scenarios, beside simulation error."""
    said = []
    for each in document["spreads"]:
        unit = METRICS[each["metric"]].unit
        size = figure(each["value"], unit, currency, sign=True, brief=True)
        span = interval(each["low"], each["high"], unit, currency, sign=True, brief=True)
        noise = figure(each["noise"], unit, currency, sign=True, brief=True).removeprefix("+")
        said.append(f"{METRICS[each['metric']].short} {size} ({span}; simulation error ±{noise})")
    return f"Over assumption scenarios: {'; '.join(said)}."


def direction(document: JsonDict) -> str:
    """Whether all assumption scenarios agree which way it goes."""
    spread = next(each for each in document["spreads"] if each["metric"] == document["metric"])
    share = f"{100 * spread['agree']:.0f} of 100 assumption scenarios"
    if spread["agree"] >= FIRM:
        return f"The direction is firm: {share} agree on it."
    if spread["agree"] >= LIKELY:
        return f"The direction is likely: {share} agree on it."
    return f"The direction is open: no more than {share} agree on it."


def hangs_on(document: JsonDict) -> str:
    """The one assumption it hangs on, with its break-even."""
    hinge = document["hinge"]
    money = document["metric"] != "nps"
    if hinge is None:
        return f"{'The money' if money else 'The effect'} hangs on no single assumption that stands out."
    name = hinge["name"]
    start = f"{'The money' if money else 'The effect'} hangs most on {name} (taken as {_number(hinge['said'])})"
    if hinge["break_even"] is None:
        verb = "pays" if money else "holds"
        across = "across its whole range" if hinge["above"] > 0.5 else "nowhere in its range"
        low, high = hinge["range"]
        return f"{start}: in the mean it {verb} {across}, {_number(low)} to {_number(high)}."
    side = "above" if hinge["rises"] else "below"
    span = f"likely {_number(hinge['break_even_low'])} to {_number(hinge['break_even_high'])}"
    return f"{start}: in the mean it breaks even at {_number(hinge['break_even'])} ({span}) and pays {side} that."


def _number(value: float) -> str:
    """A number to two figures.

    >>> _number(0.0312), _number(72.4)
    ('0.031', '72')
    """
    return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"
