"""Free text of a scenario where Streamlit reads Markdown: as it is written, never as a picture, a link or a colour.

Whatever a person may have written (names, questions, file names, messages that quote them) goes through `plain` on its
way into a label, a message or a help text; where HTML is drawn, `html_fragments.text` does the same.
"""

from __future__ import annotations

import re
from typing import Final

from cxmodel.report.html_fragments import text

MARKS: Final = frozenset("\\`*_{}[]<>()#+-=.!|~$:&^\"'@/")
"""Signs that Markdown, or what Streamlit adds to it, may take for more than themselves."""
JOINER: Final = "\u2060"
"""Takes no room, and keeps what follows it from being read as one with what is before it."""
_READ_LATE: Final = re.compile(
    r":(?=[\w+/-]+:)|:(?=//)|\bwww(?=\.)|@(?=\w)|-(?=[->])|<(?=[-=])|[>~](?==)", re.IGNORECASE
)
"""Emoji and icons by name, addresses and arrows, which are looked for once escapes are gone."""


def plain(words: str) -> str:
    """Words as they are written, on one line.

    >>> plain("![](http://a.b/c.png)").replace(JOINER, "")
    '\\\\!\\\\[\\\\]\\\\(http\\\\:\\\\/\\\\/a\\\\.b\\\\/c\\\\.png\\\\)'
    """
    held = _READ_LATE.sub(lambda found: found[0] + JOINER, " ".join(words.split()))
    return "".join(f"\\{sign}" if sign in MARKS else sign for sign in held)


def coded(words: str) -> str:
    """Words as HTML, what is in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(words))
