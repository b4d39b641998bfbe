"""Uncertainty, in words: in how many assumption scenarios a plan pays, how far its effect spreads, what it hangs on.

Reads what they say (`cxmodel.studies.uncertainty`) as a document; computes nothing.
"""

from __future__ import annotations

from typing import Final

from cxmodel.report.text.numbers import figure, with_interval
from cxmodel.report.text.trust import FIRM, LIKELY, Unknown
from cxmodel.vocabulary import METRICS, JsonDict

ENOUGH: Final = 20
"""Assumption scenarios from which on it is worth saying what stands out."""


def unknown(document: JsonDict, currency: str | None = None) -> Unknown | None:
    """What the confidence card says of uncertainty; None as long as too few assumption scenarios were played."""
    spread = next((each for each in document["spreads"] if each["metric"] == document["metric"]), None)
    if document["worlds"] < ENOUGH or spread is None:
        return None
    return Unknown(
        worlds=document["worlds"],
        pays=document["above"]["worlds"],
        agree=spread["agree"],
        value=spread["value"],
        low=spread["low"],
        high=spread["high"],
        metric=document["metric"],
        hinge=document["hinges"][0]["name"] if document["hinges"] else "",
        words=(pays(document), spreads(document, currency), direction(document), hangs_on(document)),
    )


UNTESTED: Final = "assumptions not yet tested"
"""What is said of money as long as too few assumption scenarios were played."""
_DOES: Final = {
    "net_value": "pays",
    "customer_equity": "adds customer equity (no cost given)",
    "nps": "raises NPS",
}
"""What a plan does where its objective is above zero."""


def pays(document: JsonDict) -> str:
    """In how many assumption scenarios it pays, with the interval of the share.

    >>> pays({"worlds": 100, "metric": "nps", "above": {"worlds": 87, "low": 0.79, "high": 0.92}})
    'It raises NPS in 87 of 100 assumption scenarios (likely 79 to 92 in 100).'
    """
    above = document["above"]
    share = f"likely {100 * above['low']:.0f} to {100 * above['high']:.0f} in 100"
    return (
        f"It {_DOES[document['metric']]} in {above['worlds']} of {document['worlds']} assumption scenarios ({share})."
    )


def paid_back(document: JsonDict, horizon: str) -> str:
    """In how many of them the cost is paid back within the horizon, and by when; empty where there is none.

    >>> paid_back({"payback": {"worlds": 28, "month": 17.0, "low": 9.0, "high": 23.4}}, "24 months")
    'the cost is paid back within 24 months in 28 of them, typically by month 17 (9 to 23)'
    """
    found = document["payback"]
    if found is None:
        return ""
    if not found["worlds"]:
        return f"in none of them is the cost paid back within {horizon}"
    span = f"{found['low']:.0f} to {found['high']:.0f}"
    by = f"typically by month {found['month']:.0f} ({span})"
    return f"the cost is paid back within {horizon} in {found['worlds']} of them, {by}"


def spreads(document: JsonDict, currency: str | None = None) -> str:
    """How far the headline differences spread over assumption scenarios, beside simulation error."""
    said = []
    for each in document["spreads"]:
        unit = METRICS[each["metric"]].unit
        size, span = with_interval(each["value"], each["low"], each["high"], unit, currency, sign=True, brief=True)
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
    """What it hangs on, with its break-even: first of the company's own numbers, then of the model's constants."""
    subject = "The effect" if document["metric"] == "nps" else "The money"
    if not document["hinges"]:
        return f"{subject} hangs on no single assumption that stands out."
    return " ".join(_hangs_on(each, subject, document["metric"]) for each in document["hinges"])


def _hangs_on(hinge: JsonDict, subject: str, metric: str) -> str:
    low, taken, high = hinge["said"]
    kind = "Of the model's constants, it" if hinge["assumed"] else subject
    start = f"{kind} hangs most on {hinge['name']} (taken as {taken})"
    if hinge["break_even"] is None:
        verb = "pays" if metric == "net_value" else "holds"
        across = "across its whole range" if hinge["above"] > 0.5 else "nowhere in its range"
        return f"{start}: on average it {verb} {across}, {low} to {high}."
    side = "above" if hinge["rises"] else "below"
    earliest, even, latest = hinge["break_even_said"]
    return f"{start}: on average it breaks even at {even} (likely {earliest} to {latest}) and pays {side} that."
