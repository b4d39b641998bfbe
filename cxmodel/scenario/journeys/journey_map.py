"""Journey maps in a table: a row for each touchpoint, or a column for each, with what customers do, think and feel."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.characters import FORBIDDEN, name_of
from cxmodel.scenario.faults import ENOUGH, quote, shorten
from cxmodel.scenario.fields.ids import in_latin_letters
from cxmodel.scenario.files import MAX_BYTES, too_big
from cxmodel.scenario.journeys.ratings import NOTHING, Rating, rating_of
from cxmodel.scenario.journeys.steps import CODE, EXPERIENCE, MOST_STEPS, Drawn, Step, problem, refuse

KIND: Final = "journey map"
COLUMNS_HINT: Final = (
    "a row of heads such as Stage, Touchpoint, Channel, Doing, Thinking, Feeling, Rating, Owner, then a row for each "
    "touchpoint"
)
Cell = str | int | float | bool | None
MARKS: Final = "\t;,|"
"""What may lie between the cells of a text."""
_RULED: Final = re.compile(r":?-{3,}:?|")
"""A cell of the line below the heads of a Markdown table, or an empty one."""
SEARCHED: Final = 12
"""Rows, or columns, among which the heads are looked for."""
MOST_COLUMNS: Final = 300
MOST_ROWS: Final = 5000
_HEADS: Final = (
    ("rating", "rating ratings rate score scores satisfaction csat stars star grade happiness bewertung bewertungen "
               "zufriedenheit punkte punktzahl satisfaccion puntuacion evaluation valutazione"),
    ("pain_points", "pain pains painpoint painpoints frustration frustrations problem problems issue issues barrier "
                    "barriers schmerzpunkt schmerzpunkte probleme hurden friction"),
    ("ideas", "opportunity opportunities idea ideas improvement improvements solution solutions recommendation "
              "recommendations chancen ideen verbesserung verbesserungen massnahmen"),
    ("quote", "quote quotes verbatim verbatims zitat zitate"),
    ("owner", "owner owners owned department departments responsible responsibility team abteilung verantwortlich "
              "verantwortung zustandig zustandigkeit responsable"),
    ("channel", "channel channels medium media kanal kanale canal canaux canales"),
    ("doing", "doing do does action actions activity activities behaviour behavior behaviours description handlung "
              "handlungen aktivitat aktivitaten tun tut handeln beschreibung acciones actividades faire"),
    ("thinking", "thinking think thinks thought thoughts question questions mindset denken denkt gedanken fragen "
                 "piensa pensamientos pense pensees"),
    ("feeling", "feeling feelings feel feels emotion emotions emotional mood sentiment fuhlen fuhlt gefuhl gefuhle "
                "emotionen stimmung siente emociones ressenti"),
    ("stage", "stage stages phase phases section lifecycle etappe abschnitt etape etapes etapa etapas fase fases "
              "phasen"),
    ("touchpoint", "touchpoint touchpoints touch step steps moment moments interaction interactions task tasks "
                   "kontaktpunkt kontaktpunkte beruhrungspunkt beruhrungspunkte schritt schritte punto contacto"),
)  # fmt: skip
"""What columns hold, and the words that stand over them, in Latin letters; the first that fits counts."""
_WORDS: Final = {word: what for what, words in reversed(_HEADS) for word in words.split()}
_RANKS: Final = [what for what, _ in _HEADS]
_WHOLE: Final = {
    "touch_point": "touchpoint", "touch_points": "touchpoint", "name": "touchpoint", "point_of_contact": "touchpoint",
    "persona": "persona", "personas": "persona", "segment": "persona", "customer": "persona", "customers": "persona",
    "actor": "persona", "actors": "persona", "customer_type": "persona", "customer_segment": "persona",
    "user": "persona", "kunde": "persona", "kunden": "persona", "zielgruppe": "persona", "cliente": "persona",
    "voice_of_customer": "quote", "voice_of_the_customer": "quote", "nps": "rating", "kundenstimme": "quote",
}  # fmt: skip
"""Heads that count as a whole only."""
TEXTS: Final = ("channel", "doing", "thinking", "feeling", "owner")
BESIDE: Final = ("pain_points", "ideas")
"""What the model has no place for; it is kept under `meta`."""
TOLD_BY: Final = frozenset({"rating", "doing", "thinking", "feeling", "quote", "persona", *BESIDE})
"""What only a journey map has a column for."""
_COUNTED: Final = frozenset(
    ("no", "nr", "id", "number", "order", "sequence", "index", "cost", "costs", "price", "time", "duration", "minutes",
     "hours", "days", "seconds", "count", "volume", "importance", "weight", "priority", "priorit", "nummer", "dauer",
     "kosten", "preis", "zeit", "minuten", "anzahl", "wichtigkeit")
)  # fmt: skip
"""What numbers count that rate nothing."""


@dataclass
class Table:
    """The cells of a table as they stand in a file."""

    file: str
    rows: list[list[Cell]]
    lines: list[int]
    """The line, or row, of the file that each begins in."""
    sheet: str = ""
    """The sheet of a workbook; empty for a text."""
    turned: bool = False
    """Whether rows and columns have changed places."""

    def problem(self, row: int, column: int, message: str, expected: str, code: str = CODE) -> Problem:
        """What is wrong with a cell, told by line, or by sheet and cell."""
        row, column = (column, row) if self.turned else (row, column)
        if not self.sheet:
            return problem(self.file, message, expected, self.lines[row], code)
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return problem(self.file, message, expected, code=code, path=f"{self.sheet}!{letters}{self.lines[row]}")

    def turn(self) -> Table:
        """The same with rows for columns."""
        width = max(map(len, self.rows))
        cells: list[list[Cell]] = [
            [row[column] if column < len(row) else None for row in self.rows] for column in range(width)
        ]
        return Table(self.file, cells, self.lines, self.sheet, True)


def text_of(data: bytes, file: str) -> tuple[str, list[str]]:
    """The text of a file's bytes, as Excel or anybody else writes it, and what had to be guessed about it."""
    if len(data) > MAX_BYTES:
        raise ScenarioError([too_big(file, len(data))])
    remarks = []
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise refuse(file, "this is not a text", "a file saved as UTF-8", code="CXM104") from None
        remarks.append(
            "The file is not in UTF-8: it was read as Windows text (cp1252); look at letters such as ü and é."
        )
    odd = next((match for match in FORBIDDEN.finditer(text) if match[0] != "\r"), None)
    if odd is not None:
        line = text.count("\n", 0, odd.start()) + 1
        raise refuse(file, f"there is {name_of(odd[0])} in it", "a text without it", line, "CXM121")
    return text, remarks


def table_of(text: str, file: str) -> Table:
    """The cells of a text; what lies between them is told by which of the usual marks gives heads that are known."""
    tables = [_cells(text, mark, file) for mark in MARKS]
    return max(tables, key=lambda table: (_heads(table)[2], max(map(len, table.rows[:SEARCHED]), default=0)))


def _cells(text: str, mark: str, file: str) -> Table:
    rows: list[list[Cell]] = []
    lines: list[int] = []
    if said := re.match(r"sep=.\r?\n", text):
        text = "\n" + text[said.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    before = 0
    try:
        for row in reader:
            if not all(_RULED.fullmatch(cell.strip()) for cell in row):
                rows.append([cell.strip() or None for cell in row[:MOST_COLUMNS]])
                lines.append(before + 1)
            before = reader.line_num
            if len(rows) > MOST_ROWS:
                raise refuse(file, f"this table has more than {MOST_ROWS:,} rows", f"at most {MOST_STEPS} touchpoints")
    except csv.Error as error:
        raise refuse(file, f"this table cannot be read ({error})", COLUMNS_HINT, reader.line_num) from None
    return Table(file, rows, lines)


def is_map(table: Table) -> bool:
    """Whether a table has the heads of a journey map, and one that a plain grid of touchpoints has not."""
    whole, at, _ = _heads(table)
    found = {what_of(cell) for cell in whole.rows[at]} if whole.rows else set()
    return len(found - {""}) >= 2 and bool(found & TOLD_BY)


def what_of(head: Cell) -> str:
    """What a column holds by what stands over it; empty where nobody knows.

    >>> what_of("Journey stage"), what_of("Customer feelings"), what_of("Satisfaction (1-5)"), what_of("Zuständig")
    ('stage', 'feeling', 'rating', 'owner')
    >>> what_of("Backstage systems"), what_of(None)
    ('', '')
    """
    if not isinstance(head, str) or len(head) > 120:
        return ""
    words = in_latin_letters(re.sub(r"[(\[].*?[)\]]", " ", head))
    if words in _WHOLE:
        return _WHOLE[words]
    found = {_WORDS[word] for word in words.split("_") if word in _WORDS}
    return min(found, key=_RANKS.index) if found else ""


def _heads(table: Table) -> tuple[Table, int, int]:
    """The table with its heads in a row, where that is, and how many of them are known."""
    best, at, most = table, 0, 0
    candidates = [table]
    if table.rows and len(table.rows) <= MOST_COLUMNS:
        candidates.append(table.turn())
    for each in candidates:
        for place, row in enumerate(each.rows[:SEARCHED]):
            known = len({what for cell in row if (what := what_of(cell))})
            if known > most:
                best, at, most = each, place, known
    return best, at, most


@dataclass
class _Columns:
    """What each column of a map holds."""

    of: dict[str, int] = field(default_factory=dict)
    ratings: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read(table: Table, remarks: Sequence[str] = ()) -> Drawn:
    """The journey of a map. Raises ScenarioError."""
    whole, at, known = _heads(table)
    if known < 2:
        raise refuse(table.file, "there is no journey map in it: no row has heads that are known", COLUMNS_HINT)
    drawn = Drawn(KIND, table.file, remarks=list(remarks))
    heads, body = whole.rows[at], range(at + 1, len(whole.rows))
    if whole.turned:
        drawn.remarks.append("The map was read by columns: each is a touchpoint, each row says something about it.")
    columns = _columns(whole, heads, body, drawn)
    problems: list[Problem] = []
    phase, people = "", Counter[str]()
    commas = nameless = 0
    for row in body:
        said = {what: _said(whole, row, column) for what, column in columns.of.items()}
        phase = said.get("stage") or phase
        ratings: dict[str, Rating] = {}
        for name, column in columns.ratings.items():
            cell = _cell(whole, row, column)
            rating = rating_of(cell) if cell is not None else None
            if rating is not None:
                ratings[name] = rating
                commas += isinstance(cell, str) and "," in cell
            elif cell is not None and str(cell).casefold().strip() not in NOTHING and len(problems) < ENOUGH:
                hint = "a number such as 4, 7.5, 80 % or 4/5, or an empty cell"
                problems.append(whole.problem(row, column, f"{name}: {quote(cell)} is no rating", hint))
        if not ratings and not any(said.values()):
            continue
        label = said.get("touchpoint") or said.get("doing") or (phase if ratings or len(said) == 1 else "")
        label = label or (phase if "touchpoint" not in columns.of and "doing" not in columns.of else "")
        if not label:
            nameless += 1
            continue
        people.update(filter(None, [said.get("persona")]))
        drawn.quote = drawn.quote or said.get("quote", "")
        line = whole.lines[0 if whole.turned else row]
        beside = {what: said[what] for what in BESIDE if said.get(what)}
        texts = {what: said.get(what, "") for what in TEXTS}
        drawn.steps.append(Step(label, phase, line, ratings, beside=beside, **texts))
    if problems:
        raise ScenarioError(problems)
    if not drawn.steps:
        raise refuse(table.file, "this journey map has heads and no touchpoint below them", COLUMNS_HINT)
    if len(drawn.steps) > MOST_STEPS:
        raise refuse(table.file, f"this map has {len(drawn.steps):,} touchpoints", f"at most {MOST_STEPS}")
    if commas:
        drawn.remarks.append("Decimal commas were read as decimal points: 3,5 is 3.5.")
    if nameless:
        rows = "column" if whole.turned else "row"
        drawn.remarks.append(f"{nameless} {rows}{'s' if nameless > 1 else ''} without a touchpoint's name left out.")
    drawn.customers = list(people)
    return drawn


def _columns(table: Table, heads: list[Cell], body: range, drawn: Drawn) -> _Columns:
    """What each column holds; those that nothing can be read of are told."""
    found = _Columns()
    unknown: dict[str, int] = {}
    for column, head in enumerate(heads):
        cells = [cell for row in body if (cell := _cell(table, row, column)) is not None]
        name = shorten(head) if head is not None else ""
        what = what_of(head)
        if not name and cells and table.turned and "stage" not in found.of:
            found.of["stage"] = column
        elif what == "feeling" and cells and all(map(rating_of, cells)):
            _rated(found, name, column)
        elif what == "rating":
            if any(map(rating_of, cells)):
                _rated(found, name, column)
            elif cells:
                found.unread.append(f"{name} (no numbers in it)")
        elif what and what not in found.of:
            found.of[what] = column
        elif name and cells:
            unknown[name] = column
    if not found.ratings:
        for name, column in list(unknown.items()):
            ratings = [rating_of(cell) for row in body if (cell := _cell(table, row, column)) is not None]
            counts = _COUNTED & set(in_latin_letters(name).split("_"))
            if len(ratings) > 1 and all(each and 0 <= each.value <= 100 for each in ratings) and not counts:
                found.ratings[name] = column
                del unknown[name]
        if found.ratings:
            names = ", ".join(map(quote, found.ratings))
            drawn.remarks.append(f"Taken for ratings, as there are only numbers in it: {names}.")
    elif len(found.ratings) == 1:
        found.ratings = {EXPERIENCE: next(iter(found.ratings.values()))}
    drawn.unread = [*found.unread, *unknown]
    return found


def _rated(found: _Columns, name: str, column: int) -> None:
    plainly = " ".join(re.sub(r"[(\[].*?[)\]]", " ", name).split()) or EXPERIENCE
    free = plainly if plainly not in found.ratings else f"{plainly} {len(found.ratings) + 1}"
    found.ratings[free] = column


def _cell(table: Table, row: int, column: int) -> Cell:
    cells = table.rows[row]
    return cells[column] if column < len(cells) else None


def _said(table: Table, row: int, column: int) -> str:
    """The words of a cell; nothing for a dash."""
    cell = _cell(table, row, column)
    words = f"{cell:g}" if isinstance(cell, float) else str(cell if cell is not None else "").replace("\r", "").strip()
    return "" if words.casefold() in NOTHING - {"x"} else words
