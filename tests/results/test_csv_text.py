"""Tables as CSV: what a person wrote is shown by a spreadsheet, never worked out."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from cxmodel.results.csv_text import csv_of, safe_cell

FORMULAS = ["=1+1", '=HYPERLINK("http://a.b","x")', "+1-1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "|x"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_and_no_heading_begins_like_a_formula(formula: str) -> None:
    """Wherever it stands; an apostrophe is what a spreadsheet takes for text."""
    made = csv_of(pd.DataFrame({"plain": ["tea", formula, None], formula: [1.5, -2.0, np.nan]}))
    rows = list(csv.reader(io.StringIO(made.decode(), newline="")))
    assert all(not cell.lstrip().startswith(("=", "+", "@")) for row in rows for cell in row)
    shown = "'" + formula.replace("\r", "\n")
    assert rows[2][0] == rows[0][1] == shown and rows[2][1] == "-2.0" and len(rows) == 4


def test_numbers_stay_numbers() -> None:
    """In columns of numbers, of objects and of text; what is not there stays so."""
    table = pd.DataFrame({"number": [-1.5, 2.0], "mixed": [-1, "a - b"], "text": ["-3", "+4.5e2"]})
    again = pd.read_csv(io.BytesIO(csv_of(table)))
    assert again["number"].tolist() == [-1.5, 2.0] and again["text"].tolist() == [-3, 450]
    assert again["mixed"].tolist() == ["-1", "a - b"]
    assert safe_cell(None) is None and safe_cell(-5) == -5
