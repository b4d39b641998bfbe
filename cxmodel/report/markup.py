"""Text on its way into a page or a report: escaped, and kept from breaking within a figure."""

from __future__ import annotations

import re
from html import escape


def text(words: str) -> str:
    """Words as HTML that nobody can inject into; `+£3.4k`, `1 to 2` and `95 %` stay on one line.

    >>> text("+£3.4k & 1 to 95 %")
    '+&#8288;£3.4k &amp; 1&nbsp;to&nbsp;95&nbsp;%'
    """
    kept = re.sub(r"([+−])(?=[^\d\s])", r"\1&#8288;", escape(words))
    kept = re.sub(r"(?<=[\d%km]) to (?=\S*\d)", "&nbsp;to&nbsp;", kept)
    return kept.replace(" %", "&nbsp;%")
