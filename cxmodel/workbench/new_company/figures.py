"""What is known of today: customers, NPS, churn, contacts and margin, each with its unit, range and source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.scenario.defaults import DEFAULT
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.paths import REMOVE, is_fact, value_at
from cxmodel.workbench.drafts.form import Form, choices, entered
from cxmodel.workbench.new_company.company_text import CompanyText, Unclear, said
from cxmodel.workbench.new_company.experience import in_proportion, number_of_customers
from cxmodel.workbench.new_company.table import Cell, Column, Row, Table, Touch

CUSTOMERS: Final = "customers"
CURRENCIES: Final = ("GBP", "EUR", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "CAD", "JPY", "INR")
RANGE: Final = ("low", "high")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of today."""

    words: str
    path: KeyPath
    units: tuple[str, ...]
    hint: str
    help: str


FIGURES: Final = {
    CUSTOMERS: Figure("Customers", (), ("people",), "1000", "How many you have today, all segments together"),
    "nps": Figure("NPS", ("today", "nps"), ("points",), "such as 12", "Net promoter score, −100 to 100"),
    "leave": Figure(
        "Churn",
        ("today", "leave"),
        ("% per month", "% per quarter", "% per year"),
        "such as 1.1",
        "Share of customers who leave",
    ),
    "contacts": Figure(
        "Contacts per customer",
        ("today", "contacts"),
        ("per year", "per month"),
        "such as 1.2",
        "How often a customer calls or writes",
    ),
    "margin": Figure(
        "Margin per customer",
        ("economics", "margin"),
        ("per month", "per year"),
        "such as 6",
        "What a customer brings in less what serving him costs; without it there is no money",
    ),
}


def table(scenario: Scenario) -> Table:
    """The numbers, a row each."""
    plain = scenario.written
    return Table(
        "Today’s figures",
        [
            Column("name", "", "static", width="12rem"),
            Column("value", "Today", "number", width="7rem"),
            Column("unit", "Unit", "select", width="9rem"),
            Column("low", "At least", "number", help="Optional: how low it may be", width="6rem"),
            Column("high", "At most", "number", help="Optional: how high it may be", width="6rem"),
            Column("source", "Source", help="Optional: where it comes from; “judgement” is a source too"),
        ],
        [_row(plain, key) for key in FIGURES],
        tools=False,
    )


def _paths(plain: Mapping[str, Any], key: str) -> list[KeyPath]:
    """Where a number stands; customers stand in each segment."""
    if key == CUSTOMERS:
        return [("segments", id, "customers") for id in plain["segments"]]
    return [FIGURES[key].path]


def parts(plain: Mapping[str, Any], key: str) -> tuple[str, str]:
    """A number as it stands today, and its unit; empty where it is not known."""
    paths = _paths(plain, key)
    if len(paths) > 1:
        return said(sum(float(said(value_at(plain, path)) or 0) for path in paths)), "people"
    return _apart(said(value_at(plain, paths[0])), FIGURES[key].units[0])


def _apart(text: str, unit: str) -> tuple[str, str]:
    """The digits of a quantity, and its unit."""
    match = re.fullmatch(r"([+-]?[0-9._]+)\s*(.*)", text)
    return (match[1], match[2] or unit) if match else (text, unit)


def _row(plain: Mapping[str, Any], key: str) -> Row:
    figure = FIGURES[key]
    paths = _paths(plain, key)
    number, unit = parts(plain, key)
    fact = value_at(plain, paths[0])
    beside: Mapping[str, Any] = fact if is_fact(fact) and len(paths) == 1 else {}
    default = beside.get("note") == DEFAULT
    off = len(paths) > 1
    return Row(
        f"figures.{key}",
        figure.words,
        {
            "name": Cell(figure.words, hint=figure.help),
            "value": Cell("" if default else number, hint=figure.hint),
            "unit": Cell(
                unit,
                "select" if len(figure.units) > 1 else "static",
                tuple(dict.fromkeys([*figure.units, unit])),
            ),
            "low": Cell(_apart(said(beside.get("low")), "")[0], "none" if off else None),
            "high": Cell(_apart(said(beside.get("high")), "")[0], "none" if off else None),
            "source": Cell(said(beside.get("source")), "none" if off else None),
        },
    )


def heed(company: CompanyText, touch: Touch) -> None:
    """Do what was done in the table."""
    _, key = touch.thing
    if key == CUSTOMERS and touch.column == "value":
        _customers(company, touch.value)
        return
    figure = FIGURES[key]
    path = _paths(company.plain, key)[0]
    held = value_at(company.plain, path)
    fact: dict[str, Any] = dict(held) if is_fact(held) else {} if held is REMOVE else {"value": held}
    _, unit = parts(company.plain, key)
    if touch.column == "value" and not touch.value.strip():
        _forget(company, key, path)
        return
    if touch.column == "unit":
        fact |= {end: _with(_apart(said(fact[end]), "")[0], touch.value) for end in ("value", *RANGE) if end in fact}
    elif touch.column in ("value", *RANGE):
        known = "value" in fact and fact.get("note") != DEFAULT
        if not known:
            _ask(company, path, touch.value)
        fact[touch.column] = _read(company, path, touch.value, unit if len(figure.units) > 1 else "")
        if touch.column == "value":
            fact.pop("note", None)
    elif touch.value.strip():
        fact["source"] = touch.value.strip()
    else:
        fact.pop("source", None)
    fact = {name: value for name, value in fact.items() if value is not REMOVE}
    if "value" not in fact:
        raise UsageError(f"{figure.words}: the number itself first")
    _write(company, path, {"value": fact.pop("value"), **_ranging(fact, touch.column)})


def _ranging(fact: dict[str, Any], column: str) -> dict[str, Any]:
    """What stands beside a number; a range that was assumed goes with the number that it was about."""
    return fact if column != "value" or "source" in fact else {k: v for k, v in fact.items() if k not in RANGE}


def _write(company: CompanyText, path: KeyPath, fact: dict[str, Any]) -> None:
    value = fact if len(fact) > 1 else fact["value"]
    above = path[:-1]
    if value_at(company.plain, above) is REMOVE:
        company.edit({above: {path[-1]: value}})
    elif is_fact(value_at(company.plain, path)):
        company.edit({path: fact})
    else:
        company.edit({path: value})


def _forget(company: CompanyText, key: str, path: KeyPath) -> None:
    """A number that is not known (any more)."""
    if key == "margin" and len(company.plain.get("economics", {})) <= 1:
        company.drop(("economics",))
    else:
        company.drop(path)


def _ask(company: CompanyText, path: KeyPath, raw: str) -> None:
    """Raise `Unclear` for a share or an amount of money without its period; a number alone is of the unit beside it."""
    scenario = company.scenario
    ways = choices(Form(scenario, scenario, frozenset()).leaf(path), raw.strip())
    if len(ways) > 1 and not re.fullmatch(r"[+\-−]?[0-9][0-9.,'_ ]*", raw.strip()):
        raise Unclear(f"“{raw.strip()}” can mean two things: {' or '.join(period(way) for way in ways)}?", ways)


def period(way: str) -> str:
    """What a quantity is per.

    >>> period("1.2 % per month")
    'per month'
    """
    return f"per {way.rpartition(' per ')[2]}"


def _read(company: CompanyText, path: KeyPath, raw: str, unit: str) -> Any:
    """A number with the unit chosen beside it, unless one was typed."""
    scenario = company.scenario
    field = Form(scenario, scenario, frozenset()).leaf(path)
    text = raw.strip()
    bare = re.fullmatch(r"[^0-9+-]*([+\-−]?[0-9][0-9.,'_ ]*)\s*%?", text)
    value = entered(field, _with(bare[1].strip(), unit) if bare and unit else text, scenario.currency)
    return getattr(value, "value", value)


def _with(number: str, unit: str) -> str:
    return f"{number} {unit}".strip()


def _customers(company: CompanyText, raw: str) -> None:
    """How many there are; of several segments each in its proportion."""
    segments = company.plain["segments"]
    if len(segments) == 1:
        number_of_customers(company, next(iter(segments)), raw)
        return
    held = {id: float(said(segment.get("customers")) or 0) for id, segment in segments.items()}
    wanted = float(re.sub(r"[ ,_']", "", raw) or 0) if re.fullmatch(r"[0-9 ,_']+", raw.strip()) else 0.0
    total = sum(held.values())
    if wanted < len(segments) or not total:
        raise UsageError("how many customers? A whole number, such as 84000")
    edits: dict[KeyPath, Any] = {}
    for id, number in held.items():
        path = ("segments", id)
        edits[(*path, "customers")] = {"value": max(1, round(number / total * wanted))}
        edits |= in_proportion(segments[id], path, wanted / total)
    company.edit(edits)
