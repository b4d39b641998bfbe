"""What a person wrote begins like a formula: no sheet works it out, in workbook, slides, CSV or Parquet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

import cxmodel as cx
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.zip import WRITERS
from cxmodel.studies.explanation import explain

FORMULA = '=HYPERLINK("http://elsewhere.example","x")'
SHOP = f"""\
schema: 1
name: '{FORMULA}'
question: '{FORMULA}'
horizon: 3 months
attributes: {{kindness: {{kind: must_be}}}}
today: {{nps: 20}}
segments:
  neighbours: {{customers: 80, needs: {{kindness: {{level: 70}}}}}}
  others: {{customers: 20, needs: {{kindness: {{level: 60}}}}}}
journey:
  till: {{stage: buy, delivers: {{kindness: 50}}}}
  bread: {{stage: use, every: 7 days, delivers: {{kindness: 60}}}}
economics: {{margin: 9 per month}}
initiatives: {{smile: {{what: '{FORMULA}', changes: {{journey.bread.delivers.kindness: 80}}, cost: {{once: 10}}}}}}
plans: {{friendlier: [smile]}}
"""


@pytest.fixture(scope="module")
def account() -> Account:
    """All there is to tell of it."""
    scenario = cx.loads(SHOP)
    result, baseline = (cx.simulate(scenario, plan, replications=3) for plan in ("friendlier", "as_is"))
    return Account(result, baseline, explain(scenario, "friendlier", replications=3).document())


def formulas(book: bytes) -> list[str]:
    """Cells of a workbook that are worked out, and those that lead elsewhere."""
    found = openpyxl.load_workbook(io.BytesIO(book))
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
    return [f"{cell.coordinate}: {cell.value}" for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.slow
def test_the_workbook_has_text_as_text(account: Account) -> None:
    """The words are there, and nothing is worked out."""
    book = WRITERS[".xlsx"](account, tuple(SECTIONS))
    assert formulas(book) == []
    cells = [
        cell.value for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet.iter_rows() for cell in row
    ]
    assert FORMULA in cells


@pytest.mark.slow
def test_the_sheets_behind_the_charts_of_slides_have_text_as_text(account: Account) -> None:
    """Whoever edits a chart's data opens one."""
    deck = ZipFile(io.BytesIO(WRITERS[".pptx"](account, tuple(SECTIONS))))
    books = [name for name in deck.namelist() if name.endswith(".xlsx")]
    assert books and [each for name in books for each in formulas(deck.read(name))] == []
    assert not [name for name in deck.namelist() if name.endswith(".rels") and b"elsewhere" in deck.read(name)]


@pytest.mark.slow
def test_every_csv_is_safe_and_parquet_is_as_it_is(account: Account, tmp_path: Path) -> None:
    """In the ZIP and in a folder of tables; Parquet knows no formulas, so it keeps the words."""
    account.result.save(tmp_path)
    packed = ZipFile(io.BytesIO(WRITERS[".zip"](account, tuple(SECTIONS))))
    texts = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".csv")]
    texts += [file.read_text("utf-8") for file in tmp_path.glob("*.csv")]
    assert len(texts) == 15
    for text in texts:
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
                    float(cell)
    assert len(pd.read_parquet(tmp_path / "metrics.parquet")) == len(account.result.metrics)
