"""Texts read as files, for the tests of the readers."""

from __future__ import annotations

from pathlib import Path

import cxmodel as cx
from cxmodel.evidence.readers import mapping_of, read
from cxmodel.evidence.tables import Evidence

SHOP = cx.load(Path(__file__).resolve().parents[2] / "scenarios" / "pretty_app.yaml")
"""A scenario to read for."""


def read_text(folder: Path, text: str, mapping: str = "") -> Evidence:
    """What a CSV file of this text says; the mapping is that of `data.csv`, without its name."""
    file = folder / "data.csv"
    file.write_text(text, "utf-8")
    indented = "".join(f"  {line}\n" for line in mapping.splitlines())
    return read([file], SHOP, mapping_of(f"data.csv:\n{indented}", "m.yaml") if mapping else None)
