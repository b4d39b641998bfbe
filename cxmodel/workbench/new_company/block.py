"""A block of cells from a spreadsheet, with its heads, taken into the grid in one step: all of it, or none."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario import Scenario
from cxmodel.scenario.defaults import NEEDED
from cxmodel.scenario.fields.ids import id_of
from cxmodel.scenario.yaml_text.paths import REMOVE, value_at
from cxmodel.vocabulary import STAGES, humanise
from cxmodel.workbench.new_company.company_text import CompanyText
from cxmodel.workbench.new_company.experience import RHYTHMS, labelled, need_of, stage_edits, table
from cxmodel.workbench.new_company.table import Cell

MOST_LETTERS: Final = 200_000
MOST_ROWS: Final = 300
MOST_COLUMNS: Final = 60
MOST_TOLD: Final = 6
WORDS: Final = {
    "touchpoint": "label", "name": "label", "step": "label", "journey step": "label", "phase": "phase",
    "stage": "phase", "channel": "channel", "owner": "owner", "department": "owner", "how often": "often",
    "often": "often", "frequency": "often",
}  # fmt: skip
"""Heads of the columns that hold words."""
PHASES: Final = {
    "awareness": "aware", "learn": "aware", "consider": "choose", "compare": "choose", "purchase": "buy",
    "order": "buy", "onboarding": "receive", "delivery": "receive", "service": "support", "help": "support",
    "renewal": "renew", "exit": "leave", "cancel": "leave",
}  # fmt: skip
"""Other names of phases."""
NEEDED_BY: Final = re.compile(r"need(?:ed|s)?(?: by| of)?[: ]+(?P<who>.+)", re.IGNORECASE)
EXAMPLE: Final = (
    "Touchpoint\tPhase\tChannel\tOwner\tHow often\tClarity\tSpeed\n"
    "Needed by Households\t84000\t\t\t\t75 ×3\t70 ×2\n"
    "Compare tariffs\tChoose\tWeb\tMarketing\tonce\t72\t80\n"
    "First bill\tReceive\tE-mail\tBilling\tonce\t45\t\n"
)
"""How a block looks."""


@dataclass
class _Block:
    """A block that was read, and what is wrong with it."""

    heads: list[str]
    rows: list[list[str]]
    wrong: list[str] = field(default_factory=list)

    def cells(self, row: list[str], number: int) -> Iterator[tuple[str, str, str]]:
        """What stands under each head, and where."""
        for head, cell in zip(self.heads, row, strict=False):
            yield head, cell.strip(), f"row {number}, {head or 'a column without a head'}"


def read(text: str) -> _Block:
    """The heads and rows of a block; cells lie apart by tabs, else by semicolons or commas."""
    if len(text) > MOST_LETTERS:
        raise UsageError(f"This block is too big: at most {MOST_LETTERS:,} letters.")
    lines = text.strip("\r\n").splitlines()
    if not lines:
        raise UsageError("Nothing was pasted.")
    mark = next((mark for mark in "\t;," if mark in lines[0]), "\t")
    rows = [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark) if any(map(str.strip, row))]
    heads = [head.strip() for head in rows[0]]
    if WORDS.get(heads[0].casefold()) != "label" or len(heads) < 2:
        raise UsageError("The first row has to hold the heads: Touchpoint, Phase, Channel, …, then one for each "
                         "attribute.")  # fmt: skip
    if len(rows) > MOST_ROWS or len(heads) > MOST_COLUMNS:
        raise UsageError(f"This block is too big: at most {MOST_ROWS} rows and {MOST_COLUMNS} columns.")
    return _Block(heads, rows[1:])


def take(company: CompanyText, text: str, *, replacing: bool) -> None:
    """Put a block into the grid; `replacing`, what is not in it goes. Raises `UsageError` with every wrong cell."""
    block = read(text)
    attributes = _attributes(company, block)
    needs = [(number, row) for number, row in enumerate(block.rows, 2) if NEEDED_BY.fullmatch(row[0].strip())]
    stops = [(number, row) for number, row in enumerate(block.rows, 2) if not NEEDED_BY.fullmatch(row[0].strip())]
    edits: dict[tuple[str, ...], Any] = {}
    plain = company.plain
    for id, label in attributes.values():
        if id not in plain["attributes"]:
            edits["attributes", id] = {**labelled(id, label), "kind": "performance"}
    segments = [_segment(company, block, row, number, attributes, edits) for number, row in needs]
    for segment in segments or plain["segments"]:
        for id, _ in attributes.values():
            asked = edits.get(("segments", segment), {}).get("needs", {})
            path = ("segments", segment, "needs", id)
            if not needs and value_at(plain, path) is REMOVE and id not in asked:
                edits[path] = {"level": NEEDED, "weight": 1}
    journey = [_touchpoint(company, block, row, number, attributes, edits) for number, row in stops]
    if block.wrong:
        more = f" And {len(block.wrong) - MOST_TOLD} more." if len(block.wrong) > MOST_TOLD else ""
        raise UsageError("Nothing was taken: " + "; ".join(block.wrong[:MOST_TOLD]) + "." + more)
    company.edit(edits)
    if replacing:
        _clear(company, {id for id, _ in attributes.values()}, segments, journey)


def _clear(company: CompanyText, attributes: set[str], segments: list[str], journey: list[str]) -> None:
    """Take out what the block does not hold."""
    kept = {"journey": journey, "segments": segments, "attributes": attributes}
    for section, ids in kept.items():
        for id in [each for each in company.plain[section] if ids and each not in ids]:
            company.remove(section, id)
    for before, after in pairwise(dict.fromkeys(journey)):
        if list(company.plain["journey"]).index(before) > list(company.plain["journey"]).index(after):
            company.move("journey", after, after=before)


def _known(company: CompanyText, section: str, label: str) -> str:
    """The id of what is called so; empty for nothing."""
    words = " ".join(label.split()).casefold()
    scenario = company.scenario
    for id in getattr(scenario, section):
        if words in (id.casefold(), humanise(id).casefold(), scenario.label(section, id).casefold()):
            return str(id)
    return ""


def _attributes(company: CompanyText, block: _Block) -> dict[str, tuple[str, str]]:
    """The attributes that are heads: id and label by head."""
    found: dict[str, tuple[str, str]] = {}
    taken = [*company.plain["attributes"]]
    for head in block.heads:
        if head.casefold() in WORDS or not head or head in found:
            continue
        known = _known(company, "attributes", head)
        id = known or id_of(head, taken, "attribute")
        taken.append(id)
        found[head] = (id, head)
    if not found:
        block.wrong.append("there is no column of an attribute")
    return found


def _number(block: _Block, cell: str, where: str, most: float = 100) -> float | int | None:
    """The number in a cell; what is none is told."""
    plain = cell.replace(" ", "").replace("\u00a0", "").replace("%", "")
    plain = re.sub(r"(?<=\d)[,.'](?=\d{3}\b)", "", plain) if most > 100 else plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        block.wrong.append(f"{where}: “{cell[:30]}” is no number from 0 to {most:,.0f}")
        return None
    return int(number) if number.is_integer() else number


def _segment(
    company: CompanyText, block: _Block, row: list[str], number: int, attributes: dict[str, tuple[str, str]],
    edits: dict[tuple[str, ...], Any],
) -> str:  # fmt: skip
    """A row of needs: the segment's id."""
    match = NEEDED_BY.fullmatch(row[0].strip())
    label = match["who"].strip() if match else ""
    needs: dict[str, Any] = {}
    people: Any = None
    for head, cell, where in block.cells(row[1:] and ["", *row[1:]], number):
        if not cell:
            continue
        if head in attributes:
            level, weight = need_of(cell)
            needs[attributes[head][0]] = {
                "level": _number(block, level, where),
                "weight": _number(block, weight or "1", where, 1000),
            }
        elif people is None and re.match(r"[0-9]", cell):
            people = _number(block, cell.removesuffix("customers"), where, 10_000_000)
    known = _known(company, "segments", label)
    taken = [*company.plain["segments"], *(path[1] for path in edits if path[0] == "segments")]
    id = known or id_of(label, taken, "segment")
    if not needs:
        block.wrong.append(f"row {number}: {label} needs nothing")
    if known:
        edits |= {("segments", id, "needs", each): need for each, need in needs.items()}
        if people is not None:
            edits["segments", id, "customers"] = {"value": people}
        return id
    customers = 1000 if people is None else people
    edits["segments", id] = {
        **labelled(id, label),
        "customers": customers,
        "prospects": max(1, int(customers)),
        "adoption": {"arrivals": f"{max(1, round(customers / 100))} per month"},
        "needs": needs,
    }
    return id


def _touchpoint(
    company: CompanyText, block: _Block, row: list[str], number: int, attributes: dict[str, tuple[str, str]],
    edits: dict[tuple[str, ...], Any],
) -> str:  # fmt: skip
    """A row of the journey: the touchpoint's id."""
    told: dict[str, str] = {}
    delivers: dict[str, Any] = {}
    for head, cell, where in block.cells(row, number):
        if head in attributes and cell not in ("", "-", "–"):
            delivers[attributes[head][0]] = _number(block, cell, where)
        elif cell and head.casefold() in WORDS:
            told[WORDS[head.casefold()]] = cell
    label = told.get("label", "")
    if not label:
        block.wrong.append(f"row {number}: the touchpoint has no name")
        return ""
    phase = told.get("phase", "").casefold()
    stage = PHASES.get(phase, phase) or ("use" if "phase" not in told else "")
    if stage not in STAGES:
        block.wrong.append(f"row {number}: “{told['phase'][:30]}” is no phase; phases are {', '.join(STAGES)}")
        return ""
    known = _known(company, "journey", label)
    taken = [*company.plain["journey"], *(path[1] for path in edits if path[0] == "journey")]
    id = known or id_of(label, taken, "touchpoint")
    written: dict[str, Any] = {**labelled(id, label), "stage": stage}
    written |= {key: told[key] for key in ("channel", "owner") if key in told}
    often = length_between(told.get("often", ""))
    if often is None:
        block.wrong.append(f"row {number}: “{told['often'][:30]}” does not say how often; such as “every month”")
    if known:
        path = ("journey", id)
        before = company.plain["journey"][id]
        edits |= stage_edits(before, path, stage)
        edits |= {(*path, key): value for key, value in written.items() if key in ("channel", "owner")}
        edits |= {(*path, "delivers", each): {"value": level} for each, level in delivers.items()}
        if often and stage not in ("support", "leave", "return"):
            edits[(*path, "every")] = often
        return id
    every = often or {"use": "1 month", "renew": "12 months"}.get(stage, "")
    if every and stage not in ("support", "leave", "return"):
        written["every"] = every
    edits["journey", id] = {**written, "delivers": delivers}
    return id


def length_between(words: str) -> str | None:
    """The length between visits of what is said; empty for once, None for what is not understood.

    >>> [length_between(words) for words in ("every month", "1 a month", "monthly", "once", "2 a year")]
    ['1 month', '1 month', '1 month', '', '6 months']
    """
    plain = " ".join(words.casefold().split())
    if plain in ("", "-", "–", "once", "when called", "when needed"):
        return ""
    if plain in RHYTHMS:
        return RHYTHMS[plain]
    short = {"daily": "1 day", "weekly": "1 week", "monthly": "1 month", "quarterly": "3 months", "yearly": "12 months",
             "annually": "12 months"}  # fmt: skip
    if plain in short:
        return short[plain]
    if match := re.fullmatch(r"every (\d+) (day|week|month|year)s?", plain):
        return f"{match[1]} {match[2]}{'s' if match[1] != '1' else ''}"
    if match := re.fullmatch(r"(\d+)(?: times)?(?: x)? ?(?:a|per|/) ?(day|week|month|year)", plain):
        count, unit = int(match[1]), match[2]
        if count == 1:
            return "12 months" if unit == "year" else f"1 {unit}"
        days = {"day": 1, "week": 7, "month": 30, "year": 360}[unit] / max(1, count)
        return f"{days / 30:.6g} months" if days % 30 == 0 else f"{days:.6g} days"
    return None


def written(scenario: Scenario) -> str:
    """The grid as a block that can be taken in again."""
    out = io.StringIO()
    put = csv.writer(out, lineterminator="\n")
    shown = table(scenario)
    put.writerow([column.head for column in shown.columns])
    for row in shown.rows:
        lead, *rest = (said_of(row.cells.get(column.key, Cell())) for column in shown.columns)
        put.writerow([f"Needed by {lead}" if row.lead else lead, *rest])
    return out.getvalue()


def said_of(cell: Cell) -> str:
    """A cell as it is written in a spreadsheet, a need with its weight."""
    return cell.value + (f" ×{cell.weight}" if cell.weight and cell.value else "")
