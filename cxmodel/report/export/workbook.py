"""The report as a workbook: a sheet a table with typed numbers, and a first sheet that says what it is.

Every text is written as text, so that none of a scenario's is ever taken for a formula.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from cxmodel.report.export import board
from cxmodel.report.export.account import UNASKED, Account
from cxmodel.report.export.deterministic_zip import settled
from cxmodel.report.export.pptx import clean
from cxmodel.report.export.reproduce import command_lines, manifest_of, python_lines
from cxmodel.report.text.glossary import GLOSSARY
from cxmodel.report.text.trust import trust
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import change
from cxmodel.vocabulary import AS_IS, HEADLINES

if TYPE_CHECKING:
    import pandas as pd
    import xlsxwriter

    from cxmodel.scenario import Scenario

Rows = Iterable[Mapping[str, Any]]
WIDEST: Final = 60
"""Widest a column gets [letters]."""
LONGEST: Final = 32_000
"""Letters that a cell holds at most; there are a few less than Excel's 32,767."""
MADE: Final = datetime(2000, 1, 1)
"""Stands for the moment of writing, so that the same run is the same file."""
UNITS: Final = {
    "share": "0.0%",
    "money": "#,##0",
    "points": "0.0",
    "people": "#,##0",
    "months": "0.0",
    "minutes": "0.00",
    "contacts": "0.00",
    "ratio": "0.00",
}
"""How numbers of a unit are shown; the cells hold them to the last digit."""
CHAIN: Final = ("needed", "pictured", "designed", "delivered", "promised", "expected", "perceived")
GAPS: Final = ("gap", "gap_low", "gap_high", "gap1", "gap2", "gap3", "gap4")
"""Columns of the touchpoints that are points."""
NAMES: Final = {
    "touchpoint": "journey",
    "attribute": "attributes",
    "segment": "segments",
    "initiative": "initiatives",
    "plan": "plans",
}
"""Columns that name things, and the section each thing is of."""


def sheets(account: Account) -> bytes:
    """The workbook as an Excel file."""
    import xlsxwriter

    out = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": clean(account.question), "comments": clean(account.made), "created": MADE})
        _cover(book, account)
        for name, (rows, units) in tables(account).items():
            _sheet(book, name, list(rows), units, account.result.scenario)
    return settled(out.getvalue())


def tables(account: Account) -> dict[str, tuple[Rows, Mapping[str, str]]]:
    """Every table by the name of its sheet, and the unit of its columns where a column has one."""
    account, told = account.whole, account
    result, explained = account.result, account.explained or {}
    points = dict.fromkeys((*CHAIN, *GAPS), "points") | {"memory_share": "share", "visits": "people", "spend": "money"}
    found: dict[str, tuple[Rows, Mapping[str, str]]] = {
        "Metrics": (_metrics(account), {}),
        "Touchpoints": (result.rows("touchpoints"), points),
        "Over time": (result.rows("timeline"), {}),
        "Contacts": (result.rows("contacts"), dict.fromkeys(("share", "low", "high"), "share")),
        "Today": (result.rows("today"), {}),
        "Simulation runs": (_replications(account), {}),
        "Value at stake": (explained.get("mend_first") or (), {}),
        "Initiatives": (explained.get("initiatives") or (), {}),
        "Plans": (_plans(account), {}),
        "Roadmap": (_records(board.roadmap_table(account)), {}),
        "Owners": (_records(board.owners_table(account)), {}),
        "Confidence": (_trust(told), {}),
        "Glossary": (({"word": word, "meaning": meaning} for word, meaning in GLOSSARY.items()), {}),
    }
    return {name: (rows, units) for name, (made, units) in found.items() if (rows := list(made))}


def _metrics(account: Account) -> Iterable[dict[str, Any]]:
    """Every metric and segment; for everyone as is and the difference too."""
    for row in account.result.rows("metrics"):
        if row["metric"] in UNASKED:
            continue
        item = METRICS[row["metric"]]
        told = {**row, "unit": row["unit"], "describe": item.describe}
        if account.baseline is not None:
            found = change(account.result, account.baseline, item.name, row["segment"])
            was = account.baseline.metric(item.name, row["segment"])
            known = found.runs > 0
            told |= {
                "as_is": was.value,
                "difference": found.value if known else None,
                "difference_low": found.low if known else None,
                "difference_high": found.high if known else None,
                "verdict": found.verdict if known else "",
            }
        yield told


def _plans(account: Account) -> Iterable[dict[str, Any]]:
    """What each plan changes against today, the one worth most first."""
    for each in board.alternatives(account):
        result, today = account.plans[each.plan], account.plans[AS_IS]
        for metric in dict.fromkeys((each.change.metric, *HEADLINES, "cost")):
            found = change(result, today, metric)
            if found.runs:
                told = {"plan": each.plan, "metric": metric, "difference": found.value, "low": found.low}
                yield told | {"high": found.high, "verdict": found.verdict}


def _records(table: pd.DataFrame) -> Rows:
    """The rows of a table."""
    return ({str(name): cell for name, cell in row.items()} for row in table.to_dict("records"))


def _replications(account: Account) -> Iterable[dict[str, Any]]:
    """Every metric of everyone in every replication, to count with."""
    samples = {name: account.result.samples(name) for name in METRICS if name not in UNASKED}
    for number in range(account.result.replications):
        yield {"replication": number + 1} | {name: float(each[number]) for name, each in samples.items()}


def _trust(account: Account) -> Iterable[dict[str, Any]]:
    card = trust(account.result, account.baseline, account.unknown)
    yield {"what": "In a line", "how": "", "found": card.first}
    for line in card.lines:
        yield {"what": line.name, "how": line.state, "found": line.words}


def _cover(book: xlsxwriter.Workbook, account: Account) -> None:
    """What the workbook is, how its figures came about and how to make them again."""
    sheet = book.add_worksheet("About")
    head = book.add_format({"bold": True, "font_size": 16, "text_wrap": True, "valign": "top"})
    name = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 1, _text(account.question), head)
    told = [
        ("Scenario", account.name),
        *([("Verdict", account.verdict)] if account.verdict else []),
        ("Plan", f"{account.plan}. {account.doing}"),
        ("Answer", "\n".join(account.answer)),
        ("Confidence", trust(account.result, account.baseline, account.unknown).first),
        ("Made by", account.made),
        *((("Segment", f"{account.note} The tables hold all customers and each segment."),) if account.note else ()),
        ("Intervals", "low and high are the ends of the 95 % interval of simulation error."),
        ("Units", "shares are 0 to 1 (shown as per cent), scores points; money is in the scenario's currency."),
        ("Empty cells", "a figure that is not available."),
        ("What it is not", "a forecast: what if, under stated assumptions."),
        ("Command line", command_lines(account)),
        ("Python", python_lines(account)),
    ]
    told += [(key, value if isinstance(value, str) else _plain(value)) for key, value in manifest_of(account).items()]
    for row, (key, value) in enumerate(told, start=2):
        sheet.write_string(row, 0, _text(key), name)
        sheet.write_string(row, 1, _text(value), text)


def _sheet(
    book: xlsxwriter.Workbook, name: str, rows: list[Mapping[str, Any]], units: Mapping[str, str], scenario: Scenario
) -> None:
    """One table: a frozen head, a filter, widths that fit, numbers as numbers."""
    sheet = book.add_worksheet(name)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    forms = {unit: book.add_format({"num_format": form, "valign": "top"}) for unit, form in UNITS.items()}
    usual = book.add_format({"num_format": "General", "valign": "top"})
    for column, key in enumerate(columns):
        sheet.write_string(0, column, key, head)
        widest = max([len(key) + 3, *(_width(row.get(key)) for row in rows)])
        sheet.set_column(column, column, min(WIDEST, widest + 1))
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(columns):
            value = row.get(key)
            if key in NAMES and isinstance(value, str):
                value = scenario.label_or_id(NAMES[key], value)
            if isinstance(value, bool) or value is None:
                value = None if value is None else str(value).lower()
            if isinstance(value, (int, float)):
                if math.isfinite(value):
                    sheet.write_number(number, column, value, forms.get(_unit(key, row, units), usual))
            elif value is not None:
                sheet.write_string(number, column, _text(str(value)), wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _unit(key: str, row: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """The unit a number is shown in: its column's, else that of the metric its row is about."""
    if key in units:
        return units[key]
    if key in METRICS:
        return METRICS[key].unit
    metric = str(row.get("metric") or row.get("measure") or "")
    unit = METRICS[metric].unit if metric in METRICS else {"leave": "share"}.get(metric, "")
    return unit if key not in ("month", "replication") else ""


def _width(value: Any) -> int:
    """Letters that a value takes."""
    if isinstance(value, float):
        return 10
    return max((len(line) for line in str(value).split("\n")), default=0) if value is not None else 0


def _text(words: str) -> str:
    return clean(words)[:LONGEST]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return "" if value is None else str(value)
