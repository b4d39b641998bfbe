"""Tables as CSV that a spreadsheet shows as it is: text is never taken for a formula, numbers stay numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""How cells begin that a spreadsheet may work out, or run, when it opens a file (OWASP, CSV injection)."""


def csv_of(table: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8, without its index."""
    safe = table.rename(columns={name: safe_cell(name) for name in table.columns})
    for place, kind in enumerate(safe.dtypes):
        if kind.kind not in "biufcmM":
            safe.isetitem(place, [safe_cell(cell) for cell in safe.iloc[:, place]])
    return safe.to_csv(index=False).encode("utf-8", "replace")


def safe_cell(value: Any) -> Any:
    """A cell that is shown as it is: text that begins like a formula gets an apostrophe, unless it is a number.

    >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell("-12.5"), safe_cell(-12.5), safe_cell("tea - black")
    ("'=1+1", "' @SUM(A1)", '-12.5', -12.5, 'tea - black')
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a bare one ends a line unquoted
    if not value.startswith(FORMULAS) and not text.lstrip().startswith(FORMULAS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
