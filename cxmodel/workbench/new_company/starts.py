"""What a new company begins with: a blank, an industry, an example's structure without its numbers, a spreadsheet."""

from __future__ import annotations

from typing import Any, Final

from cxmodel.report.text.numbers import count
from cxmodel.scenario import loads, stories
from cxmodel.scenario.defaults import CUSTOMERS, DEFAULT, HORIZON, NEEDED, QUESTION, USUAL
from cxmodel.scenario.files import text_of
from cxmodel.scenario.stories import templates
from cxmodel.scenario.workbook.comments import commented
from cxmodel.scenario.yaml_text.patch import patched

NAME: Final = "My company"
"""What a company is called before anybody has named it."""
MOST_TOLD: Final = 6
BLANK: Final[dict[str, dict[str, Any]]] = {
    "compare": {"stage": "choose", "channel": "web"},
    "sign_up": {"stage": "buy", "channel": "web"},
    "first_delivery": {"stage": "receive"},
    "everyday_use": {"stage": "use", "every": "1 month"},
    "ask_for_help": {"stage": "support", "channel": "phone"},
    "goodbye": {"stage": "leave"},
}
"""The journey of a blank company: one touchpoint of each phase."""
KEPT: Final = ("label", "stage", "channel", "owner", "doing", "thinking", "feeling", "as", "visits", "every", "after")
"""What is structure in a touchpoint."""


def blank(name: str) -> str:
    """The text of a company of which nothing is known but its name."""
    levels = {"clarity": USUAL, "speed": USUAL}
    plain: dict[str, Any] = {
        "schema": 1,
        "name": name,
        "question": QUESTION,
        "horizon": HORIZON,
        "currency": "GBP",
        "attributes": {
            "clarity": {"kind": "must_be"},
            "speed": {"kind": "performance"},
            "friendliness": {"kind": "attractive"},
        },
        "segments": {"all_customers": _segment({"clarity": 3, "speed": 2, "friendliness": 1})},
        "journey": {
            key: {**touchpoint, "delivers": levels | ({"friendliness": USUAL} if key == "ask_for_help" else {})}
            for key, touchpoint in BLANK.items()
        },
    }
    return commented(plain)


def industry(id: str, name: str) -> str:
    """The text of an industry's template, under another name."""
    return _named(text_of(templates()[id]), name)


def example(id: str, name: str) -> str:
    """The structure of an example: what customers judge, who they are, the journey and the promises; no numbers."""
    file = stories()[id]
    told = loads(text_of(file), file.name, file).written
    journey = {}
    for key, touchpoint in told["journey"].items():
        kept = {one: touchpoint[one] for one in KEPT if one in touchpoint}
        journey[key] = kept | {"delivers": dict.fromkeys(touchpoint.get("delivers", {}), USUAL)}
    promises = {
        key: {one: each[one] for one in ("label", "attribute", "made_at") if one in each} | {"level": NEEDED}
        for key, each in told.get("brand_promises", {}).items()
    }
    plain: dict[str, Any] = {
        "schema": 1,
        "name": name,
        "question": QUESTION,
        "horizon": HORIZON,
        "currency": told.get("currency", "GBP"),
        "attributes": told["attributes"],
        "segments": {
            key: {one: each[one] for one in ("label", "persona") if one in each}
            | _segment(dict.fromkeys(each["needs"], 1))
            for key, each in told["segments"].items()
        },
        **({"brand_promises": promises} if promises else {}),
        "journey": journey,
    }
    return commented(plain)


def spreadsheet(data: bytes, file: str, name: str) -> str:
    """The text of a workbook, a journey map or a Mermaid diagram, under another name if one is said.

    Raises ScenarioError that names cells or lines.
    """
    from cxmodel.scenario.journeys.formats import read

    text = read(data, file).text
    return _named(text, name) if name != NAME else text


def is_journey(data: bytes, file: str) -> bool:
    """Whether a text is a Mermaid diagram or a journey map, and no plain grid."""
    from cxmodel.scenario.journeys import formats

    return formats.is_journey(data, file)


def assumed(data: bytes, file: str) -> str:
    """What was assumed of a drawn journey, in a sentence or two; empty of a workbook, which says everything itself."""
    from cxmodel.scenario.journeys.formats import read

    company = read(data, file).company
    if company is None:
        return ""
    numbers = sum(bool(each.path) for each in company.assumptions)
    words = [f"{count(len(company.drawn.steps), 'touchpoint')} of a {company.drawn.kind} were taken."]
    words.append(f"{count(numbers, 'number')} that it does not say got a default: replace what you know.")
    if company.guesses:
        guessed = ", ".join(f"{guess.words[:40]} → {guess.stage}" for guess in company.guesses[:MOST_TOLD])
        more = f" and {len(company.guesses) - MOST_TOLD} more" if len(company.guesses) > MOST_TOLD else ""
        words.append(f"Phases were guessed: {guessed}{more}.")
    if company.drawn.unread:
        words.append(f"Columns that were not read: {', '.join(company.drawn.unread[:MOST_TOLD])}.")
    return " ".join([*words, *company.remarks])


def template() -> bytes:
    """A workbook to fill in: a blank company with a sheet for each part."""
    from cxmodel.scenario.workbook.xlsx import workbook

    return workbook(loads(blank(NAME), "company.yaml"))


def _named(text: str, name: str) -> str:
    return patched(text, [(("name",), name)], "company.yaml").text


def _segment(weights: dict[str, int]) -> dict[str, Any]:
    return {
        "customers": {"value": CUSTOMERS, "note": DEFAULT},
        "prospects": CUSTOMERS,
        "adoption": {"arrivals": f"{CUSTOMERS // 100} per month"},
        "needs": {each: {"level": NEEDED, "weight": weight} for each, weight in weights.items()},
    }
