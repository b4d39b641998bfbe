"""Characters that look like nothing or like another: what they are called, and where one stands in a text.

Someone who copies from a web page, a word processor or a chat brings them along and cannot see them; a message that
names one can be acted on. Knows nothing of YAML.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLANKS: Final = {
    "\u00a0": "a no-break space",
    "\u00ad": "a soft hyphen",
    "\u1680": "an Ogham space",
    "\u180e": "a Mongolian vowel separator",
    "\u2000": "an en space",
    "\u2001": "an em space",
    "\u2002": "an en space",
    "\u2003": "an em space",
    "\u2004": "a narrow space",
    "\u2005": "a narrow space",
    "\u2006": "a narrow space",
    "\u2007": "a figure space",
    "\u2008": "a punctuation space",
    "\u2009": "a thin space",
    "\u200a": "a hair space",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u202f": "a narrow no-break space",
    "\u205f": "a mathematical space",
    "\u2060": "a word joiner",
    "\u3000": "an ideographic space",
    "\u3164": "a Hangul filler",
    "\ufeff": "a byte order mark",
}
"""Blanks that YAML takes for letters, and signs that nobody sees."""
_UNSEEN: Final = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff")
"""Those without a width of their own."""
ODD_BLANK: Final = re.compile(f"[{''.join(_BLANKS)}]")
_ODD: Final = ODD_BLANK.pattern
STARTS_ODD: Final = re.compile(rf"^[ \t]*(?P<indent>{_ODD})|[:,{{\[-] *(?P<after>{_ODD})|(?P<before>{_ODD}) *:")
"""An odd blank in an indent, or beside a sign that YAML understands by the blank next to it."""


FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What no text of a scenario holds: what moves a terminal or a database, and what turns the direction of writing.

A tab and the end of a line are none of it.
"""
_ESCAPE: Final = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SHORT: Final = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "r": "\r", "N": "\x85"}
"""Escapes of YAML that stand for control characters."""


def name_of(character: str) -> str:
    r"""What a character is called, with its number, for somebody who cannot see it.

    >>> name_of("\u00a0"), name_of("\x07"), name_of("\u202e")
    ('a no-break space (U+00A0)', 'the control character U+0007 (bell)', 'a right-to-left override (U+202E)')
    """
    number = f"U+{ord(character):04X}"
    if character in _BLANKS:
        return f"{_BLANKS[character]} ({number})"
    if character in _CONTROLS:
        return f"the control character {number} ({_CONTROLS[character]})"
    if unicodedata.category(character) in ("Cc", "Cs", "Cn"):
        return f"the control character {number}"
    called = unicodedata.name(character, "character").lower()
    return f"{'an' if called[0] in 'aeiou' else 'a'} {called} ({number})"


_CONTROLS: Final = {
    "\x00": "null",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
}
"""Control characters that somebody may have heard of."""


def plainly(text: str) -> str:
    r"""The text with ordinary blanks for odd ones, and without what cannot be seen.

    >>> plainly("2\u00a0% per\u200b month")
    '2 % per month'
    """
    return ODD_BLANK.sub(lambda match: "" if match[0] in _UNSEEN else " ", text)


def visible(text: str) -> str:
    r"""The text with a sign of replacement for what no text of a scenario holds, fit for a terminal and a database.

    >>> visible("a bell\x07")
    'a bell\ufffd'
    """
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def forbidden_in(value: object) -> str | None:
    """The first character in a value, its keys included, that no text of a scenario holds."""
    if isinstance(value, dict):
        return next(filter(None, map(forbidden_in, [*value.keys(), *value.values()])), None)
    if isinstance(value, list | tuple):
        return next(filter(None, map(forbidden_in, value)), None)
    found = FORBIDDEN.search(value) if isinstance(value, str) else None
    return found[0] if found else None


def written_as(text: str, character: str) -> tuple[int, int]:
    r"""Where a character stands in a text as YAML has it, and how long it is there: itself, or its escape.

    >>> written_as('"a bell\\x07"', "\x07"), written_as("a\u202eb", "\u202e")
    ((7, 4), (1, 1))
    """
    if character in text:
        return text.index(character), 1
    for escape in _ESCAPE.finditer(text):
        code = escape[0][2:]
        meant = chr(int(code, 16)) if code else _SHORT.get(escape[0][1], "")
        if meant == character:
            return escape.start(), len(escape[0])
    return 0, 1
