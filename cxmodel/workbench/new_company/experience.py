"""The grid of a company: touchpoints by attributes, and on top of it what each segment needs, by level and weight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cxmodel.scenario import Scenario
from cxmodel.scenario.defaults import NEEDED
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.ids import label_beside
from cxmodel.scenario.yaml_text.paths import REMOVE, value_at
from cxmodel.vocabulary import STAGES
from cxmodel.workbench.new_company.company_text import CompanyText, plainly, said
from cxmodel.workbench.new_company.table import Adding, Cell, Column, Row, Table, Touch

KINDS: Final = {"must_be": "Must-have", "performance": "Performance", "attractive": "Delighter"}
"""How the presence or absence of an attribute feels, in the words of the page."""
LOW: Final = 50
"""A level below which people complain."""
RHYTHMS: Final = {
    "once": "", "every day": "1 day", "every week": "1 week", "every month": "1 month", "every 3 months": "3 months",
    "every 6 months": "6 months", "every year": "12 months",
}  # fmt: skip
CALLED: Final = "when called"
AT: Final = "a:"
"""Begins the key of an attribute's column."""
SINGLE: Final = ("support", "leave", "return")
"""Stages that come without a rhythm of their own."""
TOOLS: Final = ("insert", "duplicate", "up", "down", "remove")
SCALE: Final = "0–100: 40 people complain · 60 adequate · 75 good · 95 best in class."


def columns(scenario: Scenario) -> list[Column]:
    """The columns of the attributes."""
    return [
        Column(
            f"{AT}{id}",
            scenario.label("attributes", id),
            "level",
            under=KINDS[each.kind],
            unders=tuple(KINDS.values()),
            named=True,
            help=SCALE,
        )
        for id, each in scenario.attributes.items()
    ]


def lived(scenario: Scenario) -> list[str]:
    """The touchpoints in the order in which they are lived."""
    return sorted(scenario.journey, key=lambda id: STAGES.index(scenario.journey[id].stage))


def table(scenario: Scenario) -> Table:
    """The whole grid."""
    plain = scenario.written
    needs = [_need(scenario, plain, id) for id in scenario.segments]
    return Table(
        "Touchpoints by attributes",
        [
            Column("label", "Touchpoint", width="8.6rem"),
            Column("phase", "Phase", "select", tuple(each.capitalize() for each in STAGES), width="5rem"),
            Column("channel", "Channel", width="4.6rem"),
            Column("owner", "Owner", width="5rem", help="The department that answers for it"),
            Column("often", "How often", "select", tuple(RHYTHMS), width="6.2rem"),
            *columns(scenario),
        ],
        [*needs, *(_touchpoint(scenario, plain, id) for id in lived(scenario))],
        [Adding("segments", "+ segment", len(needs)), Adding("journey", "+ touchpoint", -1)],
        add_column="+ attribute",
    )


def _need(scenario: Scenario, plain: Mapping[str, Any], id: str) -> Row:
    name = scenario.label("segments", id)
    needs = plain["segments"][id].get("needs", {})
    cells = {
        "label": Cell(name),
        "phase": Cell(
            said(plain["segments"][id].get("customers")), "number", span=4, hint=f"customers in {name} today"
        ),
    }
    for attribute in scenario.attributes:
        need = needs.get(attribute, {})
        weight = said(need.get("weight", 1)) if need else ""
        cells[f"{AT}{attribute}"] = Cell(said(need.get("level")), "number", weight=weight)
    return Row(f"segments.{id}", f"Needed by {name}", cells, ("duplicate", "remove"), "Needed by", "need")


def _touchpoint(scenario: Scenario, plain: Mapping[str, Any], id: str) -> Row:
    written = plain["journey"][id]
    name = scenario.label("journey", id)
    stage = scenario.journey[id].stage
    often = CALLED if stage == "support" else rhythm(written)
    cells = {
        "label": Cell(name),
        "phase": Cell(stage.capitalize()),
        "channel": Cell(said(written.get("channel"))),
        "owner": Cell(said(written.get("owner"))),
        "often": Cell(often, "static" if stage in SINGLE else "select", tuple(dict.fromkeys([*RHYTHMS, often]))),
    }
    for attribute in scenario.attributes:
        level = plainly(written.get("delivers", {}).get(attribute, REMOVE))
        low = isinstance(level, int | float) and level < LOW
        cells[f"{AT}{attribute}"] = Cell(said(level), low=low)
    return Row(f"journey.{id}", name, cells, TOOLS, drag=True)


def rhythm(touchpoint: Mapping[str, Any]) -> str:
    """How often a touchpoint is lived, in words."""
    every, visits = plainly(touchpoint.get("every")), plainly(touchpoint.get("visits"))
    words = next((words for words, length in RHYTHMS.items() if every and length == every), f"every {every}")
    if every and visits:
        return f"{visits} times, {words}"
    return words if every else f"{visits} times" if visits not in (None, 1) else "once"


def heed(company: CompanyText, touch: Touch) -> dict[str, str] | None:
    """Do what was done in the grid."""
    section, id = touch.thing
    attribute = touch.column.removeprefix(AT)
    match touch.verb:
        case "column":
            _add_attribute(company, touch.value)
        case "rename_column":
            return {f"{AT}{attribute}": f"{AT}{company.call('attributes', attribute, touch.value)}"}
        case "under":
            kinds = {words: kind for kind, words in KINDS.items()}
            company.edit({("attributes", attribute, "kind"): kinds[touch.value]})
        case "remove_column":
            company.remove("attributes", attribute)
        case "add":
            _add(company, section, touch.value)
        case "insert":
            _insert(company, id)
        case "duplicate":
            company.duplicate(section, id)
        case "up" | "down":
            _move(company, id, -1 if touch.verb == "up" else 1)
        case "move":
            _put(company, id, touch.value.partition(".")[2], behind=touch.column == "after")
        case "remove":
            company.remove(section, id)
        case "weigh":
            _weigh(company, id, attribute, touch.value)
        case _ if touch.column == "label":
            return {touch.row: f"{section}.{company.call(section, id, touch.value)}"}
        case _ if section == "segments":
            _set_segment(company, id, touch)
        case _:
            _set(company, id, touch)
    return None


def _add_attribute(company: CompanyText, label: str) -> None:
    """An attribute that counts from the beginning: every segment needs it."""
    id = company.add("attributes", label, {"kind": "performance"})
    company.edit(
        {("segments", each, "needs", id): {"level": NEEDED, "weight": 1} for each in company.plain["segments"]}
    )


def _add(company: CompanyText, section: str, label: str) -> None:
    if section == "segments":
        first = next(iter(company.plain["segments"].values()))
        needs = {
            key: {"level": plainly(need["level"]), "weight": plainly(need.get("weight", 1))}
            for key, need in first["needs"].items()
        }
        company.add("segments", label, {"customers": 1000, "prospects": 1000, "adoption": {"arrivals": "10 per month"},
                                        "needs": needs})  # fmt: skip
        return
    last = lived(company.scenario)[-1]
    stage = company.scenario.journey[last].stage
    kept = stage if stage not in SINGLE else "use"
    company.add("journey", label, _begun(kept))


def _begun(stage: str) -> dict[str, Any]:
    """What a touchpoint of a stage begins with."""
    every = {"use": "1 month", "renew": "12 months"}.get(stage)
    return {"stage": stage, **({"every": every} if every else {}), "delivers": {}}


def _insert(company: CompanyText, above: str) -> None:
    stage = company.scenario.journey[above].stage
    taken = {company.scenario.label("journey", each) for each in company.scenario.journey}
    names = ("New touchpoint", *(f"New touchpoint {number}" for number in range(2, 1000)))
    company.add("journey", next(name for name in names if name not in taken), _begun(stage), after=above)


def _move(company: CompanyText, id: str, way: int) -> None:
    """One place on in the order lived; beside a touchpoint of another phase it comes to be of that phase."""
    scenario = company.scenario
    order = lived(scenario)
    place = order.index(id) + way
    if not 0 <= place < len(order):
        return
    other = order[place]
    crosses = scenario.journey[other].stage != scenario.journey[id].stage
    _put(company, id, other, behind=(way < 0) is crosses)


def _put(company: CompanyText, id: str, other: str, *, behind: bool) -> None:
    """A touchpoint before or behind another one, whose phase it takes."""
    if id == other:
        return
    stage = company.scenario.journey[other].stage
    if stage != company.scenario.journey[id].stage:
        _stage(company, id, stage)
    company.move("journey", id, **({"after": other} if behind else {"before": other}))


def _stage(company: CompanyText, id: str, stage: str) -> None:
    """Another phase, with what has to be said in it and without what cannot be."""
    company.edit(stage_edits(company.plain["journey"][id], ("journey", id), stage))


def stage_edits(touchpoint: Mapping[str, Any], path: KeyPath, stage: str) -> dict[KeyPath, Any]:
    """The edits that put a touchpoint into another phase."""
    edits: dict[KeyPath, Any] = {(*path, "stage"): stage}
    gone = []
    if stage in SINGLE:
        gone = ["every", "visits"]
    elif stage not in ("use", "renew") and "visits" not in touchpoint:
        gone = ["every"]
    elif "every" not in touchpoint and stage in ("use", "renew"):
        edits[(*path, "every")] = "1 month" if stage == "use" else "12 months"
    gone += [key for key, only in (("contact_cost", "support"), ("after", "leave")) if stage != only]
    return edits | {(*path, key): REMOVE for key in gone if key in touchpoint}


def _weigh(company: CompanyText, id: str, attribute: str, raw: str) -> None:
    """How much a need weighs; of what is not needed yet, the usual level is."""
    path = ("segments", id, "needs", attribute)
    if value_at(company.plain, path) is REMOVE:
        company.edit({path: {"level": NEEDED, "weight": 1}})
    company.enter((*path, "weight"), raw or "1")


def _set_segment(company: CompanyText, id: str, touch: Touch) -> None:
    if not touch.column.startswith(AT):
        number_of_customers(company, id, touch.value)
        return
    path = ("segments", id, "needs", touch.column.removeprefix(AT))
    if not touch.value.strip():
        company.drop(path)
        return
    level, weight = need_of(touch.value)
    if value_at(company.plain, path) is REMOVE:
        company.edit({path: {"level": NEEDED, "weight": 1}})
    company.enter((*path, "level"), level)
    if weight:
        company.enter((*path, "weight"), weight)


def number_of_customers(company: CompanyText, id: str, raw: str) -> None:
    """How many customers a segment has; those who may come are in proportion."""
    path = ("segments", id)
    before = company.value(*path, "customers") or 0
    company.enter((*path, "customers"), raw or "0")
    now = company.value(*path, "customers") or 0
    company.edit(in_proportion(company.plain["segments"][id], path, now / before if before and now else 1.0))


def in_proportion(segment: Mapping[str, Any], path: KeyPath, ratio: float) -> dict[KeyPath, Any]:
    """The edits that keep those who may come in proportion to the customers, where both are plain numbers."""
    edits: dict[KeyPath, Any] = {}
    prospects, arrivals = segment.get("prospects"), (segment.get("adoption") or {}).get("arrivals")
    if ratio == 1.0:
        return edits
    if isinstance(prospects, int | float):
        edits[(*path, "prospects")] = max(1, round(prospects * ratio))
    if isinstance(arrivals, str) and (match := re.fullmatch(r"([0-9.]+) (per \w+)", arrivals)):
        edits[(*path, "adoption", "arrivals")] = f"{float(match[1]) * ratio:.6g} {match[2]}"
    return edits


def need_of(raw: str) -> tuple[str, str]:
    """The level and the weight of a need, as in `75 ×3`.

    >>> need_of("75 ×3"), need_of("80 x 2"), need_of("70")
    (('75', '3'), ('80', '2'), ('70', ''))
    """
    level, _, weight = re.sub(r"[xX*]", "×", raw).partition("×")
    return level.strip(), weight.strip()


def _set(company: CompanyText, id: str, touch: Touch) -> None:
    """One cell of a touchpoint."""
    path = ("journey", id)
    if touch.column.startswith(AT):
        company.enter((*path, "delivers", touch.column.removeprefix(AT)), touch.value)
    elif touch.column == "phase":
        _stage(company, id, touch.value.casefold())
    elif touch.column == "often":
        often(company, path, touch.value)
    else:
        company.enter((*path, touch.column), touch.value)


def often(company: CompanyText, path: KeyPath, words: str) -> None:
    """How often a touchpoint is lived, as it was chosen."""
    if words not in RHYTHMS:
        return
    company.drop((*path, "visits"))
    if RHYTHMS[words]:
        company.edit({(*path, "every"): RHYTHMS[words]})
    else:
        company.drop((*path, "every"))


def labelled(id: str, label: str) -> dict[str, str]:
    """The label to write beside an id, where the id does not say it."""
    beside = label_beside(id, label)
    return {"label": beside} if beside else {}
