"""The stress test, when a plan fails, in words. Reads what was found as a document; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cxmodel.report.text.numbers import figure, listed, percent
from cxmodel.vocabulary import METRICS, JsonDict

if TYPE_CHECKING:
    import pandas as pd

SIGNS: Final = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}

NO_GAIN: Final = {
    "net_value": "its net value is not above zero",
    "customer_equity": "it adds no customer equity",
    "nps": "it does not raise NPS",
}
"""What failing means unless told, by what the plan is judged by."""


def sentence(document: JsonDict) -> str:
    """In how many worlds it fails, where most of those lie, and how dense they are there; or that nobody can say."""
    failing, worlds = document["failing"], document["worlds"]
    often = f"It fails in {failing['worlds'] or 'none'} of {worlds} assumption scenarios ({meaning(document)})."
    if document["why_none"] is not None:
        return f"{often} {_none(document)}"
    coverage, density = document["coverage"], document["density"]
    most = f"In {coverage['worlds']} of those {coverage['of']} (coverage {_span(coverage)})"
    there = (
        f"of the {density['of']} assumption scenarios there {percent(density['value'])} fail (density, "
        f"{_likely(density)})"
    )
    conditions = listed([condition(row) for row in document["box"]], most=len(document["box"]))
    return f"{often} {most} {conditions}; {there}, of all of them {percent(failing['value'])}."


def meaning(document: JsonDict) -> str:
    """What failing means.

    >>> meaning({"metric": "retention", "fails": "retention < 0.8", "against": None, "currency": None})
    'Loyalty (retention) below 80.0 %'
    """
    metric = METRICS[document["metric"]]
    _, sign, number = document["fails"].split()
    if document["against"] is not None and float(number) == 0 and sign == "<=":
        return NO_GAIN[document["metric"]]
    return f"{metric.label} {SIGNS[sign]} {figure(float(number), metric.unit, document['currency'])}"


def condition(row: Mapping[str, Any]) -> str:
    """One restriction of the box.

    >>> condition({"name": "margin", "low_said": None, "high_said": "£7 per month"})
    'margin is below £7 per month'
    """
    low, high = row["low_said"], row["high_said"]
    if low is not None and high is not None:
        return f"{row['name']} is between {low} and {high}"
    return f"{row['name']} is {f'above {low}' if high is None else f'below {high}'}"


def unseen(document: JsonDict) -> str:
    """How the box does where it was not found: on worlds that it has not seen."""
    found = document["unseen"]
    return (
        f"Boxes like it, found in one half of the assumption scenarios, hold {percent(found['density'])} failures "
        f"in the other half"
        f" and {percent(found['coverage'])} of all that there are."
    )


BOX: Final = ("Where it is", "Taken as", "Drawn from", "Chance (quasi-p)", "Found again in halves")
"""What the box says of a number."""


def box_lines(document: JsonDict) -> list[tuple[str, ...]]:
    """A line for each number of the box: its name, and what the box says of it."""
    return [
        (
            row["name"],
            condition({**row, "name": ""}).removeprefix(" is "),
            row["value_said"],
            " to ".join(row["range_said"]),
            "under 0.001" if row["p"] < 0.001 else f"{row['p']:.3f}",
            percent(row["reproducible"]),
        )
        for row in document["box"]
    ]


def box_table(document: JsonDict) -> pd.DataFrame:
    """The box as a table; empty where none stands out."""
    import pandas as pd

    return pd.DataFrame(box_lines(document), columns=["Number", *BOX])


def reading(document: JsonDict) -> str:
    """What the figures mean."""
    return (
        f"In each of {document['worlds']} assumption scenarios every number with a range and every assumption is drawn "
        "anew, each value within its range as likely as any other. Coverage: how many of all failures lie in the box. "
        "Density: how many of the scenarios in it fail. Chance: how probably a number is in the box by chance alone. "
        "The intervals are sampling error of the scenarios drawn; they do not say how probable such scenarios are."
    )


def _none(document: JsonDict) -> str:
    """Why no box is shown."""
    failing = document["failing"]
    if document["why_none"] == "few":
        most = f"ikely it fails in at most {100 * failing['high']:.0f} of 100 assumption scenarios."
        return f"Those are too few to say where; l{most}" if failing["worlds"] else f"L{most}"
    if document["why_none"] == "few_others":
        return "It fails nearly everywhere, so no numbers tell where it does not."
    return "Failures do not cluster more than they would by chance: no box stands out."


def _span(share: Mapping[str, Any]) -> str:
    return f"{percent(share['value'])}, {_likely(share)}"


def _likely(share: Mapping[str, Any]) -> str:
    return f"likely {100 * share['low']:.0f} to {100 * share['high']:.0f}"
