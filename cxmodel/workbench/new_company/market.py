"""What people are told, and what others offer: promises and rivals in the columns of the attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.workbench.new_company.company_text import CompanyText, said
from cxmodel.workbench.new_company.experience import AT, columns, lived
from cxmodel.workbench.new_company.table import Adding, Cell, Column, Row, Table, Touch

PROMISED: Final = 80
"""The level of a promise that nobody has said yet."""
RIVALS: Final = 70
"""The level of a rival that nobody has said yet."""
BRAND: Final = "the brand itself"
SWITCHES: Final = {"can be chosen instead": True, "only raises the bar": False}


def table(scenario: Scenario) -> Table:
    """Needs to compare with, promises, rivals."""
    plain = scenario.written
    told = [_promise(scenario, plain, id) for id in scenario.brand_promises]
    others = [_rival(scenario, plain, id) for id in scenario.rivals]
    needs = [_need(scenario, id) for id in scenario.segments]
    heads = [
        Column(each.key, each.head, "level", under=each.under, help=each.help, width=each.width)
        for each in columns(scenario)
    ]
    return Table(
        "Promises and rivals by attribute",
        [
            Column("label", "Promise or rival", width="14rem"),
            Column("where", "Told by", "select", width="12rem"),
            *heads,
        ],
        [*needs, _best(scenario), *told, *others],
        [
            Adding("brand_promises", "+ promise", len(needs) + 1 + len(told)),
            Adding("rivals", "+ rival", -1),
        ],
    )


def _need(scenario: Scenario, id: str) -> Row:
    name = scenario.label("segments", id)
    needs = scenario.segments[id].needs
    cells = {f"{AT}{each}": Cell(said(needs[each].level) if each in needs else "–", "static")
             for each in scenario.attributes}  # fmt: skip
    return Row(f"need.{id}", f"Needed by {name}", {"label": Cell(f"Needed by {name}", "static", span=2), **cells},
               tone="need")  # fmt: skip


def _best(scenario: Scenario) -> Row:
    """The best that is delivered anywhere."""
    best = {
        each: [touchpoint.delivers[each] for touchpoint in scenario.journey.values() if each in touchpoint.delivers]
        for each in scenario.attributes
    }
    cells = {f"{AT}{each}": Cell(f"{min(levels):.0f} to {max(levels):.0f}" if levels else "–", "static")
             for each, levels in best.items()}  # fmt: skip
    return Row("best.all", "Delivered today", {"label": Cell("Delivered today", "static", span=2), **cells},
               tone="need")  # fmt: skip


def _promise(scenario: Scenario, plain: Mapping[str, Any], id: str) -> Row:
    promise = plain["brand_promises"][id]
    name = scenario.label("brand_promises", id)
    made = promise.get("made_at") or []
    places = [BRAND, *(scenario.label("journey", each) for each in lived(scenario))]
    where = ", ".join(scenario.label("journey", each) for each in made) or BRAND
    cells = {
        "label": Cell(name),
        "where": Cell(where, options=tuple(dict.fromkeys([*places, where]))),
        f"{AT}{promise['attribute']}": Cell(said(promise.get("level"))),
    }
    return Row(f"brand_promises.{id}", f"Promise {name}", cells, ("duplicate", "remove"), "Promise")


def _rival(scenario: Scenario, plain: Mapping[str, Any], id: str) -> Row:
    rival = plain["rivals"][id]
    name = scenario.label("rivals", id)
    switch = next(words for words, on in SWITCHES.items() if on == scenario.rivals[id].switch)
    cells = {"label": Cell(name), "where": Cell(switch, options=tuple(SWITCHES))}
    cells |= {f"{AT}{each}": Cell(said(level)) for each, level in rival["levels"].items()}
    return Row(f"rivals.{id}", f"Rival {name}", cells, ("duplicate", "remove"), "Rival")


def heed(company: CompanyText, touch: Touch) -> dict[str, str] | None:
    """Do what was done in the table."""
    section, id = touch.thing
    attributes = list(company.plain["attributes"])
    if touch.verb == "add":
        begun = {
            "brand_promises": {"attribute": attributes[0], "level": PROMISED},
            "rivals": {"levels": dict.fromkeys(attributes, RIVALS)},
        }
        company.add(section, touch.value, begun[section])
    elif touch.verb == "duplicate":
        company.duplicate(section, id)
    elif touch.verb == "remove":
        company.remove(section, id)
    elif touch.column == "label":
        return {touch.row: f"{section}.{company.call(section, id, touch.value)}"}
    elif section == "rivals":
        _set_rival(company, id, touch)
    elif section == "brand_promises":
        _set_promise(company, id, touch)
    return None


def _set_promise(company: CompanyText, id: str, touch: Touch) -> None:
    """A promise is about one attribute: a number under another makes it about that one."""
    path = ("brand_promises", id)
    if touch.column == "where":
        scenario = company.scenario
        made = [each for each in scenario.journey if scenario.label("journey", each) == touch.value]
        company.edit({(*path, "made_at"): made[:1]}) if made else company.drop((*path, "made_at"))
        return
    attribute = touch.column.removeprefix(AT)
    if not touch.value.strip():
        if attribute == company.value(*path, "attribute"):
            raise UsageError("a promise needs its level: put it under the attribute that it is about")
        return
    level = company.value(*path, "level")
    company.enter((*path, "level"), touch.value)
    if attribute != company.value(*path, "attribute") and level is not None:
        company.edit({(*path, "attribute"): attribute})


def _set_rival(company: CompanyText, id: str, touch: Touch) -> None:
    path = ("rivals", id)
    if touch.column == "where":
        company.edit({(*path, "switch"): SWITCHES[touch.value]})
    else:
        company.enter((*path, "levels", touch.column.removeprefix(AT)), touch.value)
