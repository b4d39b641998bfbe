"""What the company could do: what each idea improves and to what level, its cost and start; the plans made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.scenario.defaults import USUAL
from cxmodel.scenario.fields.ids import label_beside
from cxmodel.scenario.yaml_text.paths import REMOVE, initiatives_in, is_fact, value_at
from cxmodel.workbench.new_company.company_text import CompanyText, plainly, said
from cxmodel.workbench.new_company.experience import lived
from cxmodel.workbench.new_company.table import Adding, Cell, Column, Row, Table, Touch

ALL: Final = "all_together"
"""The plan of every idea."""
BETTER: Final = 75
"""The level that an idea brings where nobody has said: good."""
STEP: Final = 10
"""Points that an idea brings where it is good already."""
MONTHS: Final = 36
MOST: Final = 12
"""Ideas of which each is a plan of its own: a verdict is over so many."""


def table(scenario: Scenario) -> Table:
    """The ideas, a row each."""
    plain = scenario.written
    currency = scenario.currency or "money"
    places = tuple(_places(scenario).values())
    months = tuple(f"month {month}" for month in range(MONTHS + 1))
    return Table(
        "Ideas",
        [
            Column("label", "Idea", width="10rem"),
            Column("improves", "Improves", "select", places, width="9.4rem"),
            Column("level", "To level", "level", help="Now, and what it is to be"),
            Column("once", f"Cost once, {currency}", "number", width="5rem"),
            Column("running", f"Running, {currency}", "number", width="5rem"),
            Column("unit", "per", "select", ("month", "year"), width="4.2rem"),
            Column("starts", "Starts", "select", months, width="5.2rem"),
        ],
        [_row(scenario, plain, id) for id in scenario.initiatives],
        [Adding("initiatives", "+ idea", -1)],
    )


def _places(scenario: Scenario) -> dict[str, str]:
    """What can be improved: touchpoint and attribute by path, in the order lived."""
    return {
        f"journey.{id}.delivers.{attribute}": f"{scenario.label('journey', id)}: "
        f"{scenario.label('attributes', attribute)}"
        for id in lived(scenario)
        for attribute in scenario.attributes
        if attribute in scenario.journey[id].delivers
    }


def _row(scenario: Scenario, plain: Mapping[str, Any], id: str) -> Row:
    idea = plain["initiatives"][id]
    name = scenario.label("initiatives", id)
    path, level = next(iter(idea["changes"].items()))
    places = _places(scenario)
    improves = places.get(path, path)
    cost = idea.get("cost") or {}
    running = said(cost.get("running"))
    number, _, unit = running.partition(" per ")
    starts = said(idea.get("starts")) or "month 0"
    months = tuple(f"month {month}" for month in range(MONTHS + 1))
    more = len(idea["changes"]) - 1
    cells = {
        "label": Cell(name),
        "improves": Cell(improves, options=tuple(dict.fromkeys([*places.values(), improves])),
                         hint=f"and {more} more, to be seen on the page Company" if more else ""),
        "level": Cell(said(level)),
        "once": Cell(said(cost.get("once"))),
        "running": Cell(number),
        "unit": Cell(unit or "month", options=tuple(dict.fromkeys(["month", "year", unit or "month"]))),
        "starts": Cell(starts, options=tuple(dict.fromkeys([*months, starts]))),
    }  # fmt: skip
    return Row(f"initiatives.{id}", name, cells, ("duplicate", "up", "down", "remove"))


def heed(company: CompanyText, touch: Touch) -> dict[str, str] | None:
    """Do what was done in the table; the plans follow."""
    _, id = touch.thing
    renamed = None
    match touch.verb:
        case "add":
            _add(company, touch.value)
        case "duplicate":
            company.duplicate("initiatives", id)
        case "remove":
            company.remove("initiatives", id)
            own = (f"plans.{id}", f"plans.{ALL}")  # made of the ideas here, and made anew
            company.effects = [each for each in company.effects if not f"{each.path}.".startswith(tuple(
                f"{path}." for path in own))]  # fmt: skip
        case "up" | "down":
            _move(company, id, -1 if touch.verb == "up" else 1)
        case _ if touch.column == "label":
            new = company.call("initiatives", id, touch.value)
            if id in company.plain.get("plans", {}):
                company.call("plans", id, touch.value)
            renamed = {touch.row: f"initiatives.{new}"}
        case _:
            _set(company, id, touch)
    plans(company)
    return renamed


def _add(company: CompanyText, label: str) -> None:
    """An idea that mends what is worst and has no idea yet."""
    plain, scenario = company.plain, company.scenario
    taken = {path for each in plain.get("initiatives", {}).values() for path in each["changes"]}
    levels = {path: _level(plain, path) for path in _places(scenario)}
    if not levels:
        raise UsageError("an idea improves a touchpoint, and none is judged yet: put a level into the grid of step 3")
    path = min(levels, key=lambda each: (each in taken, levels[each]))
    company.add("initiatives", label, {"changes": {path: _better(levels[path])}, "starts": "month 1"})


def _level(plain: Mapping[str, Any], path: str) -> float:
    level = plainly(value_at(plain, tuple(path.split("."))))
    return float(level) if isinstance(level, int | float) else float(USUAL)


def _better(level: float) -> int:
    return BETTER if level < BETTER - STEP / 2 else min(100, round(level + STEP))


def _move(company: CompanyText, id: str, way: int) -> None:
    order = list(company.plain["initiatives"])
    place = order.index(id) + way
    if 0 <= place < len(order):
        company.move("initiatives", id, **({"before": order[place]} if way < 0 else {"after": order[place]}))


def _set(company: CompanyText, id: str, touch: Touch) -> None:
    """One cell of an idea."""
    path = ("initiatives", id)
    idea = company.plain["initiatives"][id]
    first, level = next(iter(idea["changes"].items()))
    value = touch.value.strip()
    if touch.column == "level":
        company.enter((*path, "changes", first), value or str(BETTER))
    elif touch.column == "improves":
        place = next((each for each, words in _places(company.scenario).items() if words == value), "")
        if place and place != first:
            keeps = {each: new for each, new in idea["changes"].items() if each not in (first, place)}
            now = plainly(level)
            above = isinstance(now, int | float) and now > _level(company.plain, place)
            company.edit(
                {(*path, "changes"): {place: now if above else _better(_level(company.plain, place)), **keeps}}
            )
    elif touch.column == "starts":
        company.edit({(*path, "starts"): value})
    elif touch.column == "unit":
        number, _, _ = said((idea.get("cost") or {}).get("running")).partition(" per ")
        if number:
            _cost(company, id, "running", f"{number} per {value}")
    else:
        unit = said((idea.get("cost") or {}).get("running")).partition(" per ")[2] or "month"
        bare = re.fullmatch(r"[^0-9]{0,4}[0-9][0-9.,'_ ]*k?", value)
        _cost(company, id, touch.column, f"{value} per {unit}" if bare and touch.column == "running" else value)


def _cost(company: CompanyText, id: str, key: str, value: str) -> None:
    """What it costs, once or running; nothing where both are empty."""
    path = ("initiatives", id, "cost")
    if value_at(company.plain, path) is REMOVE:
        if not value:
            return
        company.edit({path: {key: 0 if key == "once" else "0 per month"}})
    written = value_at(company.plain, (*path, key))
    if is_fact(written):
        company.edit({(*path, key): {"value": written["value"]}})
    company.enter((*path, key), value)
    if not company.plain["initiatives"][id].get("cost"):
        company.drop(path)


def plans(company: CompanyText) -> None:
    """A plan of each idea alone, and one of all: made where they lack, and taken away where nothing is left of them."""
    plain, scenario = company.plain, company.scenario
    held = {key: list(initiatives_in(each)) for key, each in plain.get("plans", {}).items()}
    ideas = list(plain.get("initiatives", {}))
    for id in ideas[:MOST]:
        if [id] not in held.values() and id not in held:
            label = label_beside(id, scenario.label("initiatives", id))
            company.edit({("plans", id): {"label": label, "initiatives": [id]} if label else [id]})
    gone = [key for key, members in held.items() if not members or (key == ALL and len(ideas) < 2)]
    company.drop(*(("plans", key) for key in gone))
    if len(ideas) > 1 and held.get(ALL) != ideas and (ALL in held or sorted(ideas) not in map(sorted, held.values())):
        company.edit({("plans", ALL): ideas})
