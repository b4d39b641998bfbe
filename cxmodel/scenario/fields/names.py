"""What people call the things of a scenario: which section a key or a value names, and the label or the id in words.

Works on a scenario as written, which need not be a valid one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxmodel.vocabulary import humanise

Plain = Mapping[str, Any]

LABELLED: Final = (
    "attributes",
    "segments",
    "value_propositions",
    "brand_promises",
    "insight_sources",
    "journey",
    "rivals",
    "initiatives",
    "futures",
    "plans",
)
"""Sections whose things may have a label beside their id."""
BY_ATTRIBUTE: Final = ("delivers", "designed", "offers", "levels", "moves", "needs")
"""Mappings by attribute."""
NAMED_BY: Final = {
    "for": "segments",
    "made_at": "journey",
    "sees": "attributes",
    "attribute": "attributes",
    "contact": "journey",
    "initiatives": "initiatives",
    "plan": "plans",
    "better_than": "plans",
    "worse_than": "plans",
    "segment": "segments",
}
"""The section whose things a value names, by its key."""


def label_or_text(plain: Plain, section: str, written: Any) -> Any:
    """The label of the thing that a text names; the text as it is written where it names none that has a label.

    >>> plain = {"insight_sources": {"tracker": {"label": "Suivi NPS"}, "lab": {}}}
    >>> [label_or_text(plain, "insight_sources", text) for text in ("tracker", "lab", "the board")]
    ['Suivi NPS', 'lab', 'the board']
    """
    return _label(plain, section, written) or written


def called(plain: Plain, section: str, id: str, *, capital: bool = True) -> str:
    """What people call a thing of a scenario as written: its label as it stands, or its id in words.

    >>> called({"journey": {"cafe": {"label": "Müller Café"}}}, "journey", "cafe"), called({}, "journey", "call_us")
    ('Müller Café', 'Call us')
    """
    return _label(plain, section, id) or humanise(id, capital=capital)


def key_in_words(plain: Plain, path: Sequence[str], *, capital: bool = True) -> str:
    """What people call the key at the end of a path: the thing it names, or the key in words.

    >>> key_in_words({"attributes": {"ease": {"label": "Sans effort"}}}, ("journey", "shop", "delivers", "ease"))
    'Sans effort'
    """
    section = _section_of(path)
    return called(plain, section, path[-1], capital=capital) if section else humanise(path[-1], capital=capital)


def value_in_words(plain: Plain, key: str, value: str, *, capital: bool = True) -> str:
    """What people call a word that stands at a key: the thing it names, or the word in words.

    >>> value_in_words({"segments": {"young": {"label": "Under 30"}}}, "for", "young")
    'Under 30'
    """
    return called(plain, NAMED_BY.get(key, ""), value, capital=capital)


def _label(plain: Plain, section: str, id: Any) -> str:
    """The label of a thing on one line; empty where it has none."""
    things = plain.get(section)
    thing = things.get(id) if isinstance(things, Mapping) and isinstance(id, str) else None
    label = thing.get("label") if isinstance(thing, Mapping) else None
    return " ".join(str(label or "").split())


def _section_of(path: Sequence[str]) -> str:
    """The section whose thing the key at the end of a path names; empty for a key of the language."""
    if len(path) == 2:
        return path[0] if path[0] in LABELLED else ""
    by_attribute = (len(path) == 4 and path[2] in BY_ATTRIBUTE) or (len(path) == 5 and path[2] == "offsets")
    return "attributes" if by_attribute else ""
