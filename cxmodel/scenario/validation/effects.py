"""What has no effect: numbers and changes that cannot move a result (warnings), and changes that never could (errors).

Whoever writes a number means something by it; where nothing can come of it, the file does not say what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from cxmodel.scenario.faults import Fault, one_of
from cxmodel.vocabulary import LEVERS, ONBOARDING, PRICE

if TYPE_CHECKING:
    from cxmodel.scenario.fields.plans import Future
    from cxmodel.scenario.fields.root import Root

ONCE: Final = ("leave", "return")
"""Stages lived once, whenever they come."""


def never(scenario: Root) -> Iterator[Fault]:
    """Changes of what cannot change anything, in this file or any other."""
    for section, acts in _acts(scenario):
        for name, act in acts.items():
            for dotted in act.changes:
                reason = _never(scenario, dotted.split("."))
                if reason:
                    path = (section, name, "changes", dotted)
                    yield Fault("CXM307", path, f"changing this changes nothing: {reason[0]}", reason[1], at_key=True)


def without_effect(scenario: Root) -> Iterator[Fault]:
    """What is written and does nothing, and what nobody gets to."""
    yield from _undelivered(scenario)
    yield from _unreachable(scenario)
    yield from _written(scenario)
    yield from _late(scenario)
    yield from _idle_changes(scenario)
    yield from _at_once(scenario)


def _acts(scenario: Root) -> tuple[tuple[str, Mapping[str, Future]], ...]:
    """Whatever changes something: initiatives and futures."""
    return ("initiatives", scenario.initiatives), ("futures", scenario.futures)


def _never(scenario: Root, steps: list[str]) -> tuple[str, str] | None:
    """Why a path of a touchpoint can never matter, and what to change instead."""
    if len(steps) < 3 or steps[0] != "journey" or steps[1] not in scenario.journey:
        return None
    key, stage = ".".join(steps[2:]), scenario.journey[steps[1]].stage
    if key in ("fails.calls", "shortfall.calls") and stage == "leave":
        return "whoever is not let go contacts the company in any case", "`fails.rate`, or what the touchpoint delivers"
    if key in ("visits", "every") and stage == "support":
        why = "customers come to a touchpoint of stage `support` when something makes them, not so many times"
        return why, "what leads to it, such as `fails.rate` of another touchpoint"
    if key in ("visits", "every") and stage in ONCE:
        return f"a touchpoint of stage `{stage}` is lived once", "leave it out"
    if key == "contact_cost" and stage != "support":
        return f"contacts are paid for where they are taken, and stage `{stage}` takes none", (
            "`contact_cost` of a touchpoint of stage `support`"
        )
    return None


def _written(scenario: Root) -> Iterator[Fault]:
    """Shares who contact the company about leaving, where everyone who is not let go does."""
    for name, touchpoint in scenario.journey.items():
        for key in ("fails", "shortfall"):
            event = getattr(touchpoint, key)
            reason = _never(scenario, ["journey", name, key, "calls"])
            if reason and event and event.calls is not None:
                path = ("journey", name, key, "calls")
                yield Fault("CXM508", path, f"this does nothing: {reason[0]}", "leave it out", at_key=True)


def _undelivered(scenario: Root) -> Iterator[Fault]:
    """Needs that weigh something and that nothing in the journey delivers."""
    delivered = {attribute for touchpoint in scenario.journey.values() for attribute in touchpoint.delivers}
    for name, segment in scenario.segments.items():
        for attribute, need in segment.needs.items():
            if need.weight and attribute not in delivered and attribute != PRICE:
                message = f"nothing in the journey delivers `{attribute}`, so this need is neither met nor missed"
                expected = f"`{attribute}` under `delivers` of a touchpoint, or leave the need out"
                yield Fault("CXM510", ("segments", name, "needs", attribute), message, expected, at_key=True)


def _unreachable(scenario: Root) -> Iterator[Fault]:
    """Support that nothing leads to, and a start that nobody makes."""
    journey = scenario.journey
    support = [name for name, touchpoint in journey.items() if touchpoint.stage == "support"]
    events = [event for touchpoint in journey.values() for event in (touchpoint.fails, touchpoint.shortfall) if event]
    reached = {*support[:1], *(event.contact for event in events if event.contact)}
    for name in support:
        if name not in reached:
            message = f"nobody gets to `{name}`: contacts go to `{support[0]}`, the first of stage `support`"
            expected = f"`contact: {name}` under `fails` or `shortfall` of the touchpoint that leads to it"
            yield Fault("CXM511", ("journey", name), message, expected, at_key=True)
    if not any(segment.prospects for segment in scenario.segments.values()):
        for name, touchpoint in journey.items():
            if touchpoint.stage in ONBOARDING:
                message = f"nobody gets to `{name}`: no segment has prospects who could become customers"
                yield Fault("CXM511", ("journey", name), message, "`prospects: 5000` in a segment", at_key=True)


def _late(scenario: Root) -> Iterator[Fault]:
    """Initiatives and futures that start when the run is over."""
    for section, acts in _acts(scenario):
        for name, act in acts.items():
            if act.starts >= scenario.horizon:
                message = "this starts after the horizon, so it changes nothing and costs nothing"
                path = (section, name, *(["starts"] if "starts" in act.model_fields_set else []))
                yield Fault("CXM512", path, message, "an earlier start, or a longer `horizon`", at_key=True)


def _idle_changes(scenario: Root) -> Iterator[Fault]:
    """Changes that cannot change anything in this file."""
    changed = {dotted for _, acts in _acts(scenario) for act in acts.values() for dotted in act.changes}
    for section, acts in _acts(scenario):
        for name, act in acts.items():
            for dotted in act.changes:
                reason = _idle(scenario, dotted, changed) or _idle_culture(scenario, name, dotted)
                if reason:
                    yield Fault("CXM513", (section, name, "changes", dotted), *reason, at_key=True)


def _idle(scenario: Root, dotted: str, changed: set[str]) -> tuple[str, str] | None:
    """Why a change does nothing here, and what would make it do something."""
    match dotted.split("."):
        case ["journey", name, "staffed", "exception_cost"]:
            desk = scenario.journey[name].staffed
            if desk and not desk.exceptions and f"journey.{name}.staffed.exceptions" not in changed:
                return "no exception is made at this desk, so none costs anything", "`exceptions: 0.3` under `staffed`"
        case ["journey", name, "fails", ("calls" | "severity")]:
            fails = scenario.journey[name].fails
            if fails and not fails.rate and f"journey.{name}.fails.rate" not in changed:
                return "nothing fails here", "a `rate` above 0 under `fails`"
        case ["closed_loop", key] if key not in ("actions", "every"):
            loop = scenario.closed_loop
            if loop and not loop.actions and "closed_loop.actions" not in changed:
                return (
                    "the closed loop takes no action (`actions: 0`), so nothing comes of it",
                    "`closed_loop.actions: 1`",
                )
        case ["journey", name, "every"]:
            touchpoint = scenario.journey[name]
            several = (touchpoint.visits or 1) > 1 or f"journey.{name}.visits" in changed
            if touchpoint.stage in ONBOARDING and not several:
                return "this touchpoint is lived once", "`visits: 3` to live it more often"
        case ["journey", _, "delivers", attribute] | ["journey", _, "designed", attribute]:
            if not _needed(scenario, attribute, changed):
                return f"nobody needs `{attribute}`", f"`{attribute}` among the needs of a segment"
        case ["value_propositions", name, "price"]:
            judges = [each for each in scenario.value_propositions[name].segments if _judges_price(scenario, each)]
            if not judges:
                return (
                    "no customer judges this price: it changes what is earned, and nobody buys or leaves for it",
                    "`price` among the attributes, and among the needs of the segment",
                )
        case ["rivals", _, "price"]:
            if not any(_judges_price(scenario, name) for name in scenario.segments):
                return "no customer judges prices", "`price` among the attributes and among the needs of a segment"
        case ["rivals", _, "levels", attribute] | ["brand_promises", attribute, "level"]:
            named = scenario.brand_promises[attribute].attribute if dotted.startswith("brand") else attribute
            if not _needed(scenario, named, changed):
                return f"nobody needs `{named}`", f"`{named}` among the needs of a segment"
        case _:
            pass
    return None


def _needed(scenario: Root, attribute: str, changed: set[str]) -> bool:
    """Whether any segment gives an attribute a weight, today or after a change."""
    return any(
        attribute in segment.needs
        and (segment.needs[attribute].weight > 0 or f"segments.{name}.needs.{attribute}.weight" in changed)
        for name, segment in scenario.segments.items()
    )


def _judges_price(scenario: Root, segment: str) -> bool:
    need = scenario.segments[segment].needs.get(PRICE) if segment in scenario.segments else None
    return need is not None and need.weight > 0


def _idle_culture(scenario: Root, name: str, dotted: str) -> tuple[str, str] | None:
    """Culture decides how far changes of levers reach people: alone it changes nothing."""
    if not dotted.startswith("levers.culture.") or name not in scenario.initiatives:
        return None
    plans = [acts for acts in (scenario.initiatives_of(plan) for plan in scenario.plans) if name in acts]
    together = {change.split(".")[1] for acts in plans or [(name,)] for act in acts for change in
                scenario.initiatives[act].changes if change.startswith("levers.")}  # fmt: skip
    if together & set(LEVERS):
        return None
    return "culture carries changes of the other levers, and no plan with this initiative changes one", (
        f"a change of {one_of(list(LEVERS))} in the same plan"
    )


def _at_once(scenario: Root) -> Iterator[Fault]:
    """Two initiatives of a plan that set one path from the same moment on."""
    for plan in scenario.plans:
        first: dict[tuple[str, float], str] = {}
        for name in scenario.initiatives_of(plan):
            act = scenario.initiatives[name]
            for dotted in act.changes:
                other = first.setdefault((dotted, act.starts), name)
                if other != name:
                    message = f"`{other}` and `{name}` both change `{dotted}` from the same moment on"
                    expected = f"one of them; of two, the one named later in the plan counts (`{name}`)"
                    yield Fault("CXM514", ("plans", plan), message, expected, at_key=True)
