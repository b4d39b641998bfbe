"""A block pasted into a cell: right and down from there, what is new begun, and all of it or none."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cxmodel.errors import UsageError
from cxmodel.scenario import loads
from cxmodel.workbench.new_company import block, experience, figures, ideas, market, paste, starts
from cxmodel.workbench.new_company.company_text import CompanyText, change
from cxmodel.workbench.new_company.paste import Taken
from cxmodel.workbench.new_company.table import Sheet, Touch
from tests.workbench.test_new_company import PASTED

AT = Path("acme.yaml")
UTILITY = starts.industry("utility", "Acme Energy")
SHEETS: tuple[Sheet, ...] = (figures, experience, market, ideas)


def pasted(text: str, sheet: Sheet, cell: str, block: str) -> tuple[str, Taken]:
    """The text after a block was pasted into a cell, named by row and column, and what is said of it."""
    row, _, column = cell.partition(" ")
    taken: list[Taken] = []
    done = change(lambda company: taken.append(paste.take(company, sheet, Touch("paste", row, column, block))))
    after = done(text, "acme.yaml", AT).text
    return after, taken[0]


def written(text: str) -> dict[str, Any]:
    """What a text says."""
    return loads(text).written


def tabs(text: str) -> str:
    """A CSV as a spreadsheet copies it."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def copied(text: str, sheet: Sheet) -> tuple[str, str]:
    """The cells of a table from the first that can be entered, and where that is."""
    shown = sheet.table(loads(text))
    rows = [row for row in shown.rows if shown.fields(row)]
    first = next(at for at, column in enumerate(shown.columns) if column.key in shown.fields(rows[0]))
    keys = [column.key for column in shown.columns[first:]]
    lines = ["\t".join(block.said_of(row.cells[key]) if key in row.cells else "" for key in keys) for row in rows]
    return f"{rows[0].id} {keys[0]}", "\n".join(lines) + "\n"


def test_cells_go_right_and_down() -> None:
    """Numbers, words and choices; what is not asked there is passed over, and an empty cell empties."""
    text, taken = pasted(
        UTILITY, experience, "journey.bill owner", "Finance\tmonthly\t55\t66\nMeters\tEvery week\t\t77\n"
    )
    told = written(text)["journey"]
    first, second = list(told)[3:5]
    assert first == "bill" and told[first]["owner"] == "Finance" and told[first]["every"] == "1 month"
    assert loads(text).journey[first].delivers["speed"] == 66 and told[second]["every"] == "1 week"
    assert "clarity" not in told[second]["delivers"] and loads(text).journey[second].delivers["speed"] == 77
    assert taken.cells == 8 and taken.words == "8 cells pasted. Undo brings back what was there."


def test_rows_beyond_the_last_are_new() -> None:
    """With names they begin; each of its own phase, and a line break within a cell is none between rows."""
    block = 'Moving out\tLeave\n"Exit\ninterview"\tLeave\tphone\tService\twhen called\t61\nWin back\tReturn\n'
    text, taken = pasted(UTILITY, experience, "journey.moving_out label", block)
    scenario = loads(text)
    assert list(scenario.journey)[-2:] == ["exit_interview", "win_back"] and taken.begun == 2
    assert scenario.journey["exit_interview"].delivers["clarity"] == 61
    assert (scenario.journey["exit_interview"].stage, scenario.journey["win_back"].stage) == ("leave", "return")
    text, taken = pasted(UTILITY, ideas, "initiatives. label", "One\t\t80\nTwo\t\t\t20k\n")
    assert list(written(text)["initiatives"])[-2:] == ["one", "two"] and taken.words.startswith(
        "7 cells pasted. 2 rows are new."
    )
    assert written(text)["initiatives"]["two"]["cost"] == {"once": 20000}
    assert {"one", "two"} <= set(written(text)["plans"])


def test_promises_begin_among_promises_and_rivals_among_rivals() -> None:
    """Though both stand in one table."""
    text, _ = pasted(
        starts.blank("Acme"), market, "brand_promises. label", "Clear bills\tSign up\t84\nFast help\t\t\t90\n"
    )
    text, _ = pasted(text, market, "rivals. label", "Cheap\tonly raises the bar\t66\n")
    text, taken = pasted(text, market, "brand_promises.fast_help label", "Quick help\nKind people\t\t\t\t77\n")
    told = written(text)
    assert list(told["brand_promises"]) == ["clear_bills", "quick_help", "kind_people"] and taken.begun == 1
    assert told["brand_promises"]["clear_bills"] == {"attribute": "clarity", "level": 84, "made_at": ["sign_up"]}
    assert told["brand_promises"]["quick_help"] == {"attribute": "speed", "level": 90}
    assert list(told["rivals"]) == ["cheap"] and told["rivals"]["cheap"]["levels"]["clarity"] == 66


def test_names_that_change_places_are_taken() -> None:
    """Rows sorted in the spreadsheet and pasted back."""
    text, taken = pasted(starts.blank("Acme"), experience, "journey.compare label", "Sign up\nCompare\n")
    assert list(loads(text).journey)[:2] == ["sign_up", "compare"]
    assert taken.renamed == {"journey.compare": "journey.sign_up", "journey.sign_up": "journey.compare"}


@pytest.mark.parametrize(
    ("sheet", "cell", "block", "why"),
    [
        (experience, "journey.bill a:clarity", "50\tfast", "Bill, Speed: “fast”: "),
        (experience, "journey.bill phase", "Use\nLater", "Meter reading, Phase: “Later” is none of Aware"),
        (experience, "journey.moving_out a:clarity", "50\n60\n70", "rows 2 to 3 of the block have no place"),
        (experience, "journey.bill a:speed", "\t".join("123456789"), "9 columns, and from Speed on there are only"),
        (experience, "journey.bill label", "\t40\n", "Bill, Touchpoint: “”: a name is missing"),
        (figures, "figures.nps value", "12\n1.2%\nmany", "Contacts per customer, Today: “many”"),
        (figures, "figures.margin value", "6\tper month\n7", "has no place, as Margin per customer is the last"),
        (market, "brand_promises. label", "Help\t\t70\t80", "cannot stand beside the other cells"),
        (experience, "journey.bill label", "\n" * 400 + "a", "at most 300 rows"),
        (experience, "journey.bill label", "a" * 200_001, "at most 200,000 letters"),
        (experience, "journey.bill a:clarity", " \t ", "holds no words"),
        (experience, "journey.gone label", "a\tb", "not there any more"),
        (experience, "journey.bill a:gone", "1\t2", "not there any more"),
    ],
)
def test_one_wrong_cell_refuses_the_block(sheet: Sheet, cell: str, block: str, why: str) -> None:
    """And says which, by its row and column."""
    with pytest.raises(UsageError, match=why):
        pasted(UTILITY, sheet, cell, block)


def test_a_range_is_entered_with_its_number() -> None:
    """Whatever order makes it possible."""
    text, _ = pasted(starts.blank("Acme"), figures, "figures.leave value", "1.1\t% per year\t0.9\t1.3\tjudgement\n")
    text, _ = pasted(text, figures, "figures.leave value", "5\t% per year\t4\t6\tjudgement\n")
    assert written(text)["today"]["leave"] == {
        "value": "5 % per year", "low": "4 % per year", "high": "6 % per year", "source": "judgement",
    }  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS, ids=("figures", "experience", "market", "ideas"))
def test_a_table_pasted_onto_itself_is_the_same(sheet: Sheet) -> None:
    """Cell by cell."""
    cell, block = copied(UTILITY, sheet)
    assert written(pasted(UTILITY, sheet, cell, block)[0]) == written(UTILITY)


def grid() -> str:
    """A company whose grid was pasted."""
    take = change(lambda company: block.take(company, PASTED, replacing=True))
    return take(starts.blank("Acme"), "acme.yaml", AT).text


GRID = grid()
LEVELS = st.sampled_from([(row, column) for row in ("meter_reading", "call_centre") for column in ("clarity", "speed")])
QUICK = settings(max_examples=6, deadline=None, phases=[Phase.generate])


@QUICK
@given(st.dictionaries(LEVELS, st.integers(0, 100), min_size=1), st.text("abc é", max_size=6), st.integers(1, 9))
def test_the_grid_as_it_was_comes_back_by_pasting(levels: dict[tuple[str, str], int], name: str, weight: int) -> None:
    """Its CSV, heads and all, pasted into its first cell after other levels, names and weights were entered."""
    company = CompanyText(GRID, "acme.yaml", AT)
    company.enter_all({("journey", row, "delivers", column): str(level) for (row, column), level in levels.items()})
    company.enter(("segments", "households", "needs", "speed", "weight"), str(weight))
    company.enter(("journey", "first_bill", "owner"), name)
    company.call("journey", "first_bill", f"Bill {name}")
    text, _ = pasted(company.text, experience, "segments.households label", tabs(block.written(loads(GRID))))
    assert written(text) == written(GRID)


@QUICK
@given(
    st.lists(
        st.lists(st.sampled_from(["", "50", "70", "many", "101", "–"]), min_size=1, max_size=3), min_size=1, max_size=3
    )
)
def test_a_paste_is_all_or_none(rows: list[list[str]]) -> None:
    """Every cell is there afterwards, or the text is as it was."""
    text = starts.blank("Acme")
    company = CompanyText(text, "acme.yaml", AT)
    touch = Touch("paste", "journey.compare", "a:clarity", "\n".join("\t".join(row) for row in rows))
    wrong = any(cell in ("many", "101") for row in rows for cell in row)
    nothing = not any(cell for row in rows for cell in row)
    try:
        paste.take(company, experience, touch)
    except UsageError:
        assert wrong or nothing
        return
    assert not wrong
    told = written(company.text)["journey"]
    for stop, row in zip(experience.lived(loads(text)), rows, strict=False):
        for attribute, cell in zip(("clarity", "speed", "friendliness"), row, strict=False):
            assert told[stop]["delivers"].get(attribute) == (int(cell) if cell.isdecimal() else None)
