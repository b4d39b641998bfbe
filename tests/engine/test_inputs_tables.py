"""The tables of a world are what the texts say: worked out a second time, one number at a time, and compared.

Every story, the scenario with every mechanism and every mechanism's own, under every plan and in every future, on a
sample of days and as they stand today.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxmodel.engine.inputs import closed_loop
from cxmodel.engine.inputs.journey_tables import UNLIMITED
from cxmodel.engine.inputs.survey import survey_every, survey_response
from cxmodel.engine.inputs.world import World
from cxmodel.model import economics
from cxmodel.reference.strain import worn
from cxmodel.scenario import Scenario, load
from cxmodel.vocabulary import LEVERS, MONTH
from tests.support.derived_company import Company
from tests.support.derived_market import PRICE
from tests.support.derived_numbers import NOW

HERE = Path(__file__).resolve().parents[1]
FILES = {
    file.stem: file
    for folder in (HERE.parent / "scenarios", HERE / "fixtures" / "mechanisms")
    for file in sorted(folder.glob("*.yaml"))
} | {"everything": HERE / "fixtures" / "everything.yaml"}
DAYS, UP_TO = 6, 500
"""Days that are looked at, beside today, and the last one at most."""
Number = tuple[Any, float | None, float]
"""What it is, what it is worked out to (None: nothing, not a number), what the table says."""


def cases() -> Iterator[Any]:
    """Every scenario under every plan and in every future; the mechanisms under their plans are looked at soonest."""
    for name, file in FILES.items():
        scenario = load(file)
        for plan in dict.fromkeys(["as_is", *scenario.plans]):
            for future in (None, *scenario.futures):
                soon = file.parent.name == "mechanisms" and plan != "as_is"
                yield pytest.param(name, plan, future, marks=[] if soon else pytest.mark.slow)


@cache
def scenario_of(name: str) -> Scenario:
    return load(FILES[name])


def days_of(world: World) -> list[int]:
    """A sample of days, the first one among them."""
    return sorted({int(day) for day in np.linspace(0, min(world.days - 1, UP_TO), DAYS)})


def of_levers(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """The five Ps, and what customers of today weigh."""
    for name in LEVERS:
        yield name, c.lever(name, day), world.levers[name][at]
    if c.scenario.economics:
        yield "acquisition", c.number(("economics", "acquisition_cost"), day), world.acquisition_cost[at]


def of_segments(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """Needs, bars, rivals and prices."""
    route, a = world.route, world.assumptions
    for s, (name, segment) in enumerate(c.scenario.segments.items()):
        for k, attribute in enumerate(route.attributes):
            needed = attribute in segment.needs
            yield (name, attribute, "N"), c.need_of(name, attribute, day) if needed else None, world.need[at, s, k]
            yield (
                (name, attribute, "bar"),
                c.bar(name, attribute, day) if needed else None,
                (world.bar[at, s, k] if needed else np.nan),
            )
            yield (
                (name, attribute, "weight"),
                segment.needs[attribute].weight if needed else 0.0,
                world.need_weight[s, k],
            )
            if needed:
                yield (name, attribute, "W"), c.foreseen(name, attribute), world.foreseen[s, k]
        best = c.best_rival(name, day)
        yield (name, "C"), a.market_standard if best is None else best, world.standard[at, s]
        yield (name, "C of the choice"), a.choice_standard if best is None else best, world.choice_standard[at, s]
        yield (name, "switching"), c.number(("segments", name, "switching_cost"), day), world.switching_cost[at, s]
        yield (name, "price felt"), c.charged(name, day), world.prices.level[at, s]
        amount, per = c.price(name, day) or (0.0, None)
        yield (name, "paid once"), 0.0 if per else amount, world.prices.once[at, s]
        yield (name, "paid per day"), amount / per if per else 0.0, world.prices.fee[at, s]
        yield (name, "margin"), margin(c, name, day), world.margin[at, s]
        for rate in "pq" if hasattr(segment.adoption, "p") else ():
            bass = world.bass[s]
            assert bass is not None
            yield (name, rate), c.number(("segments", name, "adoption", rate), day), bass["pq".index(rate), at]
        if hasattr(segment.adoption, "arrivals"):
            arrivals = world.arrivals[s]
            assert arrivals is not None
            yield (name, "arrivals"), c.number(("segments", name, "adoption", "arrivals"), day), arrivals[at]


def margin(c: Company, segment: str, day: int) -> float:
    """Margin per customer and day: what a price is more than today's is margin."""
    usual = c.number(("economics", "margin"), day) if c.scenario.economics else 0.0
    now, then = c.price(segment, NOW), c.price(segment, day)
    if now is None or then is None:
        return usual
    monthly = [float(economics.per_month(*price, c.months_between)) for price in (then, now)]
    return usual + (monthly[0] - monthly[1]) / MONTH


def of_promises(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """What is promised, to how many, and how far it is believed."""
    for promise, name in zip(world.promises, c.scenario.brand_promises, strict=True):
        told = {world.route.touchpoints[t] for t in promise.made_at}
        yield (name, "where"), 0.0, float(len(told ^ set(c.scenario.brand_promises[name].made_at)))
        for part in ("level", "reach", "believed"):
            yield (name, part), c.number(("brand_promises", name, part), day), getattr(promise, part)[at]


def of_touchpoints(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """What touchpoints deliver, how often they fail and are lived, where they lead."""
    route = world.route
    for t, name in enumerate(route.touchpoints):
        place = c.scenario.journey[name]
        for slot, attribute in enumerate(place.delivers):
            tables = (world.pictured, world.designed, world.delivered)
            for what, worked, table in zip("UDQ", c.delivered(name, attribute, day), tables, strict=True):
                yield (name, attribute, what), worked, table[at, t, slot]
        yield (name, "fails"), c.fails(name, day), world.failing[at, t]
        yield (name, "severity"), c.severity(name, day), world.severity[at, t]
        visits = c.visits(name, day)
        yield (name, "visits"), UNLIMITED if math.isinf(visits) else visits, world.visits[at, t]
        yield (name, "every"), c.every(name, day), world.every[at, t]
        for part in ("effort", "importance"):
            yield (name, part), c.number(("journey", name, part), day), getattr(world, part)[at, t]
        for kind, held in enumerate(("shortfall", "fails")):
            worked = c.number(("journey", name, held, "calls"), day)
            yield (name, held, "calls"), worked, world.calls[kind, at, t]
            there = c.turn_to(name, failed=bool(kind))
            yield (
                (name, held, "contact"),
                -1 if there is None else route.touchpoints.index(there),
                route.contact[kind, t],
            )
        yield (name, "beyond"), c.number(("journey", name, "shortfall", "beyond"), day), world.beyond[at, t]
        yield (name, "solves"), c.solved(name, day), world.solves[at, t]
        yield (name, "contact cost"), contact_cost(c, name, day), world.contact_cost[at, t]


def contact_cost(c: Company, touchpoint: str, day: int) -> float:
    """What a contact costs: the touchpoint's own, else that of the economics."""
    own = c.number(("journey", touchpoint, "contact_cost"), day)
    if own is not None:
        return own
    return c.number(("economics", "contact_cost"), day) if c.scenario.economics else 0.0


def of_encounters(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """How what is touched weighs; where a price is felt."""
    route, segments = world.route, list(c.scenario.segments)
    for t, name in enumerate(route.touchpoints):
        for s, segment in enumerate(segments):
            shares, emphasis = c.shares(name, segment)
            row = s * len(route.touchpoints) + t
            yield (name, segment, "judged"), float(bool(shares)), float(route.judged[row])
            yield (name, segment, "emphasis"), emphasis, route.emphasis[row]
            for slot, column in enumerate(route.touched[t]):
                attribute = route.attributes[column]
                yield (name, segment, attribute), shares.get(attribute, 0.0), route.weight[slot, row]
            priced = shares.get(PRICE, 0.0) > 0 and PRICE not in c.scenario.journey[name].delivers
            if priced:
                yield (name, segment, "priced"), route.attributes.index(PRICE), route.attribute[route.priced[t], t]


def of_channels(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """In which channel somebody lives a touchpoint, and what that changes."""
    for t, name in enumerate(world.route.touchpoints):
        for draw in np.linspace(0.01, 0.99, 9):
            channel, fallen = c.channel(name, float(draw), day)
            points, fell = np.zeros(world.route.slots), False
            if t in world.channels:
                used, back = world.channels[t].used(np.array([draw]), np.array([at]))
                points, fell = used[:, 0], bool(back[0])
            yield (name, draw, "fallen"), float(fallen), float(fell)
            for slot, attribute in enumerate(c.scenario.journey[name].delivers):
                yield (name, draw, attribute), c.offset(name, attribute, channel, day), points[slot]


def of_desks(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """Who answers, when, how long it takes and who calls."""
    for desk in world.staffing:
        name = world.route.touchpoints[desk.touchpoint]
        path = ("journey", name, "staffed")
        for part, expected in zip(("until", "opens", "closes"), of_a_day(c, (*path, "hours"), day), strict=True):
            yield (name, part), expected, getattr(desk, part)[at]
        yield (name, "agents"), max(1, round(c.number((*path, "agents"), day))), desk.agents[at]
        for part, table in (("handling", desk.handling), ("patience", desk.patience), ("other_calls", desk.callers)):
            yield (name, part), c.number((*path, part), day), table[at]
        for part in ("exceptions", "exception_cost"):
            yield (name, part), c.number((*path, part), day), getattr(world, part)[at, desk.touchpoint]


def of_a_day(c: Company, path: tuple[str, ...], day: int) -> tuple[float, float, float]:
    """Until when the opening of the day before lasts, when a day opens, and when it closes by midnight; 1 for never."""

    def own(day: int, said: int) -> tuple[float, ...]:
        """The hours of a day of the week, as they stand on a day; nothing where it is closed."""
        hours: tuple[Any, ...] = c.number(path, said)
        return hours[day % 7] if len(hours) == 7 else hours  # type: ignore[no-any-return]

    first = max(day, 0)
    before, today = own(first - 1, day - 1 if day > 0 else NOW), own(first, day)
    late = max(0.0, before[1] - 1) if before else 0.0
    if not today:
        return late, 1.0, 1.0
    if late > today[0]:
        return today[0], today[0], min(1.0, max(late, today[1]))
    return late, today[0], min(1.0, today[1])


def of_asking(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """The company's own survey, and the settings of the closed loop."""
    long = (1 - world.assumptions.survey_length) ** max(0, c.number(("survey", "questions"), day) - 5)
    yield "survey every", c.number(("survey", "every"), day), survey_every(world)[at]
    for s, (name, segment) in enumerate(c.scenario.segments.items()):
        path = ("segments", name, "response_rate") if segment.response_rate is not None else ("survey", "response")
        own = c.number(("segments", name, "response_rate"), day)
        worked = c.number(path, day) if own is None else own
        yield (name, "answers"), worked * long, survey_response(world)[at, s]
    settings = closed_loop.settings_of(world)
    for column, name in enumerate(closed_loop.SETTINGS if settings is not None else ()):
        assert settings is not None
        yield ("closed loop", name), float(c.number(("closed_loop", name), day)), settings[at, column]


def of_strain(c: Company, world: World, day: int, at: int) -> Iterator[Number]:
    """What levels lose where seven tenths of the people lever are left; on the first days only, as it takes long."""
    for name, place in c.scenario.journey.items() if world.staffing and day < 100 else ():
        share, able = place.relies_on.get("people", 0.0), float(world.base.delivery.able(name)[0])
        for attribute, level in place.delivers.items():
            table = worn(world.delivery, name, attribute, level, share, 0.7, able)[at]
            yield (name, attribute, "worn"), c.worn(name, attribute, day, 0.7), table


PARTS = (
    of_levers, of_segments, of_promises, of_touchpoints, of_encounters, of_channels, of_desks, of_asking, of_strain,
)  # fmt: skip


def differences(company: Company, world: World, day: int, at: int) -> list[Any]:
    """What a day's tables say otherwise than it is worked out."""
    found = []
    for part in PARTS:
        for what, worked, table in part(company, world, day, at):
            same = np.isnan(table) if worked is None else abs(table - worked) <= 1e-9 * max(1.0, abs(worked))
            if part is of_encounters and worked is not None:  # held in half as many bits
                same = abs(table - worked) <= 1e-6
            if not same:
                found.append((what, worked, float(table), day))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "plan", "future"), list(cases()))
def test_the_tables_are_what_the_texts_say(name: str, plan: str, future: str | None) -> None:
    """Levers, needs, rivals, prices, promises, levels, failures, rhythms, channels and desks, day by day and today."""
    scenario = scenario_of(name)
    world, company = World.of(scenario, plan, future), Company(scenario, plan, future)
    assert [found for day in days_of(world) for found in differences(company, world, day, day)] == []
    assert differences(company, world.base, NOW, 0) == []
