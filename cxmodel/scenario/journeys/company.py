"""A drawn journey as a scenario: its stages guessed, its ratings as levels, and defaults for what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from cxmodel.errors import ScenarioError
from cxmodel.scenario.defaults import CUSTOMERS, DEFAULT, HORIZON, NEEDED, QUESTION, USUAL
from cxmodel.scenario.faults import quote
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.scenario.journeys.ratings import Scale, level_of, scale_of
from cxmodel.scenario.journeys.stages import Guess, stages_of
from cxmodel.scenario.journeys.steps import EXPERIENCE, Drawn, Step, problem
from cxmodel.vocabulary import EVERYONE, ONBOARDING, STAGES, Stage

LONGEST: Final = 120
"""Letters of the longest label."""
MOST_WORDS: Final = 2000
"""Letters of the longest text beside a touchpoint."""
MOST_SEGMENTS: Final = 8
CUSTOMER: Final = "Customers"
NEED: Final = {"value": NEEDED, "low": 65, "high": 85, "note": DEFAULT}
UNRATED: Final = {"value": USUAL, "low": 40, "high": 80, "note": DEFAULT}
USED: Final = {"value": "1 month", "low": "7 days", "high": "3 months", "note": DEFAULT}
ASKED: Final = {"value": "6 months", "low": "2 months", "high": "12 months", "note": DEFAULT}
RENEWED: Final = {"value": "12 months", "low": "6 months", "high": "24 months", "note": DEFAULT}
FAILING: Final = {"value": "2 %", "low": "1 %", "high": "5 %", "note": DEFAULT}
"""Ranges are judgements, as wide as those of the industries' templates (A)."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that the drawing does not say, with the default in its place."""

    path: str
    """Where it stands in the scenario; empty for what is left open."""
    what: str
    said: str
    """The default, as the file says it."""
    low: str = ""
    high: str = ""


@dataclass(slots=True)
class Company:
    """A scenario made of a drawn journey, and all that was assumed on the way."""

    drawn: Drawn
    plain: dict[str, Any] = field(default_factory=dict)
    assumptions: list[Assumption] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def assume(self, path: str, what: str, fact: dict[str, Any]) -> dict[str, Any]:
        """A default that is written into the scenario and listed."""
        ends = (_in_words(fact[end]) if end in fact else "" for end in ("low", "high"))
        self.assumptions.append(Assumption(path, what, _in_words(fact["value"]), *ends))
        return dict(fact)


def _in_words(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def company_of(drawn: Drawn) -> Company:
    """The scenario of a drawn journey. Raises ScenarioError for ratings on no scale that is known."""
    company = Company(drawn, remarks=list(drawn.remarks))
    steps = drawn.steps
    scales = _scales(company)
    stages = _stages(company)
    names = scales or {EXPERIENCE: Scale(1, 5)}
    attributes: dict[str, str] = {}
    for name in names:
        attributes[name] = id_of(name, attributes.values(), "attribute")
    called = _segments(company, attributes, newcomers=any(stage in ONBOARDING for stage in stages))
    journey = _journey(company, stages, attributes, scales)
    beside = _beside(steps, list(journey))
    company.plain = {
        "schema": 1,
        "name": " ".join(drawn.title.split())[:LONGEST] or _name(drawn.file),
        "question": QUESTION,
        "summary": _summary(drawn, scales),
        "horizon": HORIZON,
        "attributes": {id: _labelled(id, name[:LONGEST]) | {"kind": "performance"} for name, id in attributes.items()},
        "segments": called,
        "journey": journey,
        **({"meta": beside} if beside else {}),
    }
    company.assumptions.append(
        Assumption(
            "", "NPS today, and how many leave", "worked out from the journey; what you measured goes under `today:`"
        )
    )
    return company


def _name(file: str) -> str:
    return Path(file).stem.replace("_", " ").strip()[:LONGEST] or "A journey"


def _labelled(id: str, label: str) -> dict[str, Any]:
    beside = label_beside(id, label)
    return {"label": beside} if beside else {}


def _scales(company: Company) -> dict[str, Scale]:
    """The scale of each rating."""
    drawn, found = company.drawn, {}
    for name in dict.fromkeys(name for step in drawn.steps for name in step.ratings):
        rated = [(step, step.ratings[name]) for step in drawn.steps if name in step.ratings]
        wrong = next((step for step, each in rated if each.out_of and not 0 <= each.value <= each.out_of), None)
        scale = scale_of([each for _, each in rated])
        if wrong is not None or scale is None:
            step = wrong or max(rated, key=lambda one: abs(one[1].value))[0]
            message = f"{quote(step.label)}: a rating of {step.ratings[name].value:g} is on no scale that is known"
            hint = "ratings from 1 to 5, from 0 to 10, or in percent"
            raise ScenarioError([problem(drawn.file, message, hint, step.line)])
        found[name] = scale
    return found


def _summary(drawn: Drawn, scales: dict[str, Scale]) -> str:
    words = "; ".join(
        f"{name} rated {scale.words}" if len(scales) > 1 else f"ratings {scale.words}" for name, scale in scales.items()
    )
    return (
        f"Made from a {drawn.kind} ({Path(drawn.file).name[:LONGEST]}), {len(drawn.steps)} "
        f"step{'s' if len(drawn.steps) != 1 else ''}{'; ' + words if words else ''}. Numbers with the note "
        f"`{DEFAULT}` are assumptions to check."
    )


def _stages(company: Company) -> list[Stage]:
    """The stage of each step, in such a way that customers get to each."""
    steps = company.drawn.steps
    phases: dict[str, list[Step]] = {}
    for place, step in enumerate(steps):
        phases.setdefault(step.phase or f"\0{place}", []).append(step)
    named = [(key if not key.startswith("\0") else told[0].label, [each.label for each in told] if not
              key.startswith("\0") else []) for key, told in phases.items()]  # fmt: skip
    guesses = stages_of(named)
    by_key = dict(zip(phases, guesses, strict=True))
    stages = [by_key[step.phase or f"\0{place}"].stage for place, step in enumerate(steps)]
    company.guesses = [guess for guess in guesses if guess.words.casefold() != guess.stage]
    turned = [
        later.label
        for (step, earlier), (later, stage) in pairwise(zip(steps, map(STAGES.index, stages), strict=True))
        if stage < earlier and earlier != STAGES.index("support") and step.phase != later.phase
    ]
    if turned:
        company.remarks.append(
            f"Customers live stages in the model's order ({', '.join(STAGES)}), so these steps come earlier than they "
            f"are drawn: {_some(turned)}."
        )
    return stages


def _some(labels: list[str], most: int = 6) -> str:
    shown = ", ".join(map(quote, labels[:most]))
    return f"{shown} and {len(labels) - most} more" if len(labels) > most else shown


def _segments(company: Company, attributes: dict[str, str], *, newcomers: bool) -> dict[str, Any]:
    """Who the customers are, with defaults for how many and what they need."""
    drawn, segments = company.drawn, dict[str, Any]()
    names = drawn.customers or [CUSTOMER]
    if len(names) > MOST_SEGMENTS:
        company.remarks.append(f"{len(names)} personas are more than {MOST_SEGMENTS}: taken as one segment.")
        names = [CUSTOMER]
    elif len(names) > 1:
        company.remarks.append(f"Each persona is a segment, and all of them live every touchpoint: {_some(names)}.")
    count = CUSTOMERS // len(names)
    for name in names:
        label = " ".join(name.split())[:LONGEST]
        id = id_of(label, [EVERYONE, *segments], "customers")
        segment: dict[str, Any] = {**_labelled(id, label), "customers": 0}
        if drawn.quote and len(names) == 1:
            segment["persona"] = {"name": label, "quote": drawn.quote[:MOST_WORDS]}
        path, whose = f"segments.{id}", f" ({label})" if len(names) > 1 else ""
        segment["customers"] = company.assume(
            f"{path}.customers", f"customers today{whose}", {"value": count, "note": DEFAULT}
        )
        if newcomers:
            segment["prospects"] = company.assume(
                f"{path}.prospects", f"prospects, who might become customers{whose}", {"value": count, "note": DEFAULT}
            )
            month = max(1, count // 100)
            each = {"value": f"{month} per month", "low": f"{month / 2:g} per month", "high": f"{2 * month} per month"}
            arrivals = company.assume(
                f"{path}.adoption.arrivals", f"prospects who become aware{whose}", each | {"note": DEFAULT}
            )
            segment["adoption"] = {"arrivals": arrivals}
        segment["needs"] = {
            id_: {
                "level": company.assume(f"{path}.needs.{id_}.level", f"level of {of} that customers need{whose}", NEED)
            }
            for of, id_ in attributes.items()
        }
        segments[id] = segment
    return segments


def _journey(
    company: Company, stages: list[Stage], attributes: dict[str, str], scales: dict[str, Scale]
) -> dict[str, Any]:
    """The touchpoints, each with its stage, its rhythm and its levels."""
    steps, asking = company.drawn.steps, set[int]()
    support = [place for place, stage in enumerate(stages) if stage == "support"]
    lived = [stage for stage in stages if stage not in ("support", "leave", "return")]
    later = support[1:] if lived else support
    for place in later:
        stages[place] = "use"
        asking.add(place)
    if later:
        labels = _some([steps[place].label for place in later])
        first = quote(steps[support[0]].label)
        company.remarks.append(
            f"Of several steps of support, a contact leads to one, {first}; the others are lived as often as a "
            f"customer asks for help, as stage use: {labels}. Change their `every` together."
            if lived
            else f"The journey tells only of support: its steps are lived as often as a customer asks for help, as "
            f"stage use: {labels}. Change their `every` together."
        )
    journey: dict[str, Any] = {}
    ids: list[str] = []
    if not lived and not support:
        company.remarks.append("The journey tells only of leaving: `Everyday use` stands for what comes before.")
        journey["everyday_use"] = {
            "stage": "use",
            "every": company.assume("journey.everyday_use.every", "Everyday use: time between two visits", USED),
            "delivers": {
                id: company.assume(f"journey.everyday_use.delivers.{id}", f"Everyday use: level of {name}", UNRATED)
                for name, id in attributes.items()
            },
        }
    for place, (step, label) in enumerate(zip(steps, _labels(steps, ["everyday use"] if journey else []), strict=True)):
        id = id_of(label, journey, "touchpoint")
        ids.append(id)
        stage = stages[place]
        touchpoint: dict[str, Any] = {**_labelled(id, label), "stage": stage}
        for key in ("channel", "owner", "doing", "thinking", "feeling"):
            if said := getattr(step, key)[:MOST_WORDS]:
                touchpoint[key] = said
        if stage in ("use", "renew"):
            rhythm = ASKED if place in asking else USED if stage == "use" else RENEWED
            touchpoint["every"] = company.assume(f"journey.{id}.every", f"{label}: time between two visits", rhythm)
        delivers: dict[str, Any] = {
            attributes[name]: level_of(rating, scales[name]) for name, rating in step.ratings.items()
        }
        if not delivers and len(attributes) == 1:
            ((name, attribute),) = attributes.items()
            path = f"journey.{id}.delivers.{attribute}"
            delivers = {attribute: company.assume(path, f"{label}: level of {name}, not rated", UNRATED)}
        if delivers:
            touchpoint["delivers"] = delivers
        journey[id] = touchpoint
    if support and lived:
        _lead_to_support(company, journey, ids, stages, asking)
    if lived and not any(stage in ("use", "renew") for stage in stages):
        company.remarks.append(
            "The journey ends when a customer has become one: those of today live nothing in it, so only newcomers "
            "judge these steps. Add a touchpoint of stage use for what customers do afterwards."
        )
    return journey


def _lead_to_support(
    company: Company, journey: dict[str, Any], ids: list[str], stages: list[Stage], asking: set[int]
) -> None:
    """Let something fail now and then, for support is lived only by those whom a failure leads to it."""
    use = [place for place, stage in enumerate(stages) if stage == "use" and place not in asking]
    before = [place for place, stage in enumerate(stages) if stage in ("renew", *ONBOARDING)]
    for place in use or before[-1:]:
        id, label = ids[place], company.drawn.steps[place].label
        journey[id]["fails"] = {
            "rate": company.assume(f"journey.{id}.fails.rate", f"{label}: share of visits that fail", FAILING)
        }


def _labels(steps: list[Step], taken: list[str]) -> list[str]:
    """What each step is called, on one line and unlike any other."""
    plainly = [" ".join(step.label.split())[:LONGEST] for step in steps]
    found: list[str] = []
    known = {*taken}
    for step, label in zip(steps, plainly, strict=True):
        beside = [label, f"{label[: LONGEST // 2]} ({' '.join(step.phase.split())[: LONGEST // 3]})"]
        tried = [
            *beside[: 2 if step.phase else 1],
            *(f"{label[: LONGEST - 8]} ({n})" for n in range(2, len(steps) + 3)),
        ]
        free = next(each for each in tried if each.casefold() not in known)
        known.add(free.casefold())
        found.append(free)
    return found


def _beside(steps: list[Step], ids: list[str]) -> dict[str, Any]:
    """What the model has no place for, kept by touchpoint."""
    own = ids[len(ids) - len(steps) :]
    found = [
        (what, id, words[:MOST_WORDS])
        for id, step in zip(own, steps, strict=True)
        for what, words in step.beside.items()
    ]
    return {
        what: {id: words for _, id, words in each}
        for what, each in groupby(sorted(found, key=lambda one: one[0]), key=lambda one: one[0])
    }
