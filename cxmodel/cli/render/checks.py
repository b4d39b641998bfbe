"""How checks read: a line each for people, one JSON document, JUnit XML for a build server. Computes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree

from cxmodel.report.text.numbers import MINUS, figure, interval
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import EVERYONE, SYMBOLS, JsonDict

VERDICTS: Final = ("pass", "fail", "inconclusive")
_WIDTH: Final = max(map(len, VERDICTS))
_SHOULD: Final = {
    "above": "be above",
    "below": "be below",
    "better_than": "be better than",
    "worse_than": "be worse than",
}


class Checked(NamedTuple):
    """A file, its scenario, and a row for each thing that it expects."""

    file: str
    scenario: Scenario
    rows: Sequence[JsonDict]


def lines(checked: Sequence[Checked]) -> Iterator[str]:
    """A line for each check, under the name of its file where there are several."""
    for file, scenario, rows in checked:
        if not rows:
            yield f"{file}: nothing to check, it has no `expect:`"
        elif len(checked) > 1:
            yield f"{file}: {scenario.name}"
        yield from (f"{row['verdict']:{_WIDTH}}  {sentence(row, scenario)}" for row in rows)


def counts(checked: Sequence[Checked]) -> dict[str, int]:
    """How many checks passed, failed and stay open."""
    said = [row["verdict"] for each in checked for row in each.rows]
    return {verdict: said.count(verdict) for verdict in VERDICTS}


def document(checked: Sequence[Checked], replications: int, seed: int) -> dict[str, Any]:
    """All checks as one JSON document."""
    from importlib.metadata import version

    files = [
        {
            "file": file,
            "scenario": {"name": scenario.name, "hash": scenario.hash},
            "checks": [{**row, "said": sentence(row, scenario)} for row in rows],
        }
        for file, scenario, rows in checked
    ]
    head = {"seed": seed, "replications": replications, "version": version("cxmodel")}
    return {**head, **counts(checked), "files": files}


def junit(checked: Sequence[Checked]) -> bytes:
    """JUnit XML: a suite per file, a case per check; what stays open counts as skipped."""
    root = ElementTree.Element("testsuites", _totals(checked))
    for each in checked:
        about = {"name": _printable(each.scenario.name), "file": _printable(each.file)}
        suite = ElementTree.SubElement(root, "testsuite", about | _totals([each]))
        for row in each.rows:
            names = {"classname": _printable(each.file), "name": expected(row, each.scenario)}
            case = ElementTree.SubElement(suite, "testcase", names)
            told = sentence(row, each.scenario)
            if row["verdict"] == "pass":
                ElementTree.SubElement(case, "system-out").text = told
            else:
                ElementTree.SubElement(case, "failure" if row["verdict"] == "fail" else "skipped", {"message": told})
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _totals(checked: Sequence[Checked]) -> dict[str, str]:
    found = counts(checked)
    totals = {"tests": sum(found.values()), "failures": found["fail"], "errors": 0, "skipped": found["inconclusive"]}
    return {key: str(number) for key, number in totals.items()}


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def expected(row: JsonDict, scenario: Scenario) -> str:
    """What was expected, the same in every run: `fix_the_wait: Advocacy (NPS) should be better than as_is`."""
    row, currency = _called(row, scenario), scenario.currency
    return f"{_who(row)} should {_SHOULD[row['test']]} {_line(row, currency)}"


def sentence(row: JsonDict, scenario: Scenario) -> str:
    """What was expected and what came of it."""
    should, row, currency = expected(row, scenario), _called(row, scenario), scenario.currency
    if row["value"] is None or row["why"]:
        found = f"; it is {_found(row, currency)}" if row["value"] is not None else ""
        return f"{should}{found}; this cannot be judged: {row['why']}"
    if row["verdict"] == "pass" and row["against"] is None:
        return f"{_who(row)} is {row['test']} {_line(row, currency)}: {_found(row, currency)}"
    if row["verdict"] == "pass" and not row["by"]:
        return f"{_who(row)} is {_found(row, currency, row['against'])}"
    if row["verdict"] == "pass":
        return (
            f"{_who(row)} is {_SHOULD[row['test']].removeprefix('be ')} {_line(row, currency)}: {_found(row, currency)}"
        )
    told = f"{should}; it is {_found(row, currency)}"
    if row["verdict"] != "inconclusive":
        return told
    more = row["more_needed"]
    return f"{told}, inconclusive" + (
        f"; about {_rounded(more):,} more simulation runs would settle it" if more else ""
    )


def _called(row: JsonDict, scenario: Scenario) -> JsonDict:
    """A row with its plans and its segment by their labels, where they have one."""
    plans = {key: scenario.label_or_id("plans", row[key]) for key in ("plan", "against") if row[key] is not None}
    return {**row, **plans, "segment": scenario.label_or_id("segments", row["segment"])}


def _who(row: JsonDict) -> str:
    segment = "" if row["segment"] == EVERYONE else f" of {row['segment']}"
    return f"{row['plan']}: {row['label']}{segment}"


def _line(row: JsonDict, currency: str | None) -> str:
    """The line that has to be crossed: a number, or a plan and by how much."""
    unit = _unit(row, currency)
    if row["against"] is None:
        return _given(row["bound"], unit, currency) + _suffix(unit)
    if not row["by"]:
        return str(row["against"])
    size = _given(row["by"], unit, currency).removesuffix(" %")
    return f"{row['against']} by more than {size}{_suffix(unit, difference=True)}"


def _given(number: float, unit: str, currency: str | None) -> str:
    """A number as it was given, with all its figures."""
    symbol = SYMBOLS.get(currency, f"{currency} ") if unit == "money" and currency else ""
    size = f"{abs(100 * number):,.10g} %" if unit == "share" else f"{symbol}{abs(number):,.10g}"
    return f"{MINUS if number < 0 else ''}{size}"


def _found(row: JsonDict, currency: str | None, than: str = "") -> str:
    """The figure with its interval; a difference as so much better or worse."""
    unit, value, low, high = _unit(row, currency), row["value"], row["low"], row["high"]
    certain = low == high and low is not None
    if row["against"] is None:
        span = "the same in every run" if certain else interval(low, high, unit, currency)
        return f"{figure(value, unit, currency)}{_suffix(unit)} ({span})"
    if certain and value == 0:
        return "the same"
    word = "better" if (value > 0) == (row["better"] != "down") else "worse"
    if value < 0:
        value, low, high = -value, None if high is None else -high, None if low is None else -low
    sizes = (figure(value, unit, currency, sign=True, finer=finer).removeprefix("+") for finer in range(4))
    size = next((text for text in sizes if re.search("[1-9]", text)), "next to nothing")
    span = "the same in every run" if certain else interval(low, high, unit, currency, sign=True)
    return f"{word}{f' than {than}' if than else ''} by {size}{_suffix(unit, difference=True)} ({span})"


def _unit(row: JsonDict, currency: str | None) -> str:
    return "money" if row["unit"] == currency else str(row["unit"])


def _suffix(unit: str, difference: bool = False) -> str:
    """What follows a number whose unit is not clear from the metric."""
    if unit == "share":
        return " points" if difference else ""
    return f" {unit}" if unit == "minutes" else ""


def _rounded(number: int) -> int:
    """A guess to one figure, two from 100 on."""
    digits = max(0, len(str(number)) - (1 if number < 100 else 2))
    return int(-(-number // 10**digits) * 10**digits)
