"""The report as a ZIP: the scenario, its results as tables, the manifest and how to make it again, in plain files."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Final

from cxmodel.report.export.account import Account
from cxmodel.report.export.deterministic_zip import packed
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.reproduce import command_lines, manifest, python_lines
from cxmodel.results.csv_text import csv_of


def page_bytes(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> bytes:
    """The HTML report."""
    from cxmodel.report.export.html import page

    return page(account, sections).encode("utf-8", "replace")


def slides_bytes(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> bytes:
    """The PowerPoint report."""
    from cxmodel.report.export.slides import slides

    return slides(account, sections)


def sheets_bytes(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> bytes:
    """The Excel report; a workbook always holds every table."""
    from cxmodel.report.export.workbook import sheets

    return sheets(account)


def bundle(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> bytes:
    """Scenario, results and manifest in one ZIP, with the report to read them by."""
    result, whole = account.result, account.whole
    files = {
        "README.txt": _readme(account).encode("utf-8", "replace"),
        account.file: result.scenario.to_yaml().encode("utf-8", "replace"),
        "manifest.json": (manifest(account) + "\n").encode("utf-8", "replace"),
        "results.json": (json.dumps(whole.result.document(), indent=2, allow_nan=False) + "\n").encode(),
        "report.html": page_bytes(account, sections),
    }
    for plan, told in (("", whole.result), ("as_is/", whole.baseline)):
        if told is not None:
            for table in ("metrics", "touchpoints", "timeline", "today", "contacts"):
                files[f"tables/{plan}{table}.csv"] = csv_of(getattr(told, table))
    return packed(files)


def _readme(account: Account) -> str:
    return f"""{account.question}

{account.plan}. {account.doing}
{account.made}

{account.file}: the scenario.
results.json and tables/: every figure with its interval.
report.html: the same to read.
manifest.json: what made the figures.

To make them again:

{command_lines(account)}

or in Python:

{python_lines(account)}
"""


WRITERS: Final[dict[str, Callable[[Account, Collection[str]], bytes]]] = {
    ".html": page_bytes,
    ".pptx": slides_bytes,
    ".xlsx": sheets_bytes,
    ".zip": bundle,
}
"""What a report can be, by the ending of its file."""
