"""Ids for what people call things: Latin letters for those of any script, unlike the ids that are taken."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count
from typing import Final

from cxmodel.vocabulary import humanise

MOST_LETTERS: Final = 64
"""The longest id."""


def id_of(label: str, taken: Container[str] = (), otherwise: str = "thing") -> str:
    """An id for what somebody calls a thing, unlike the `taken` ones; made of `otherwise` where it has no letters.

    >>> id_of("Same-day delivery!"), id_of("Müller Café"), id_of("Λογαριασμός"), id_of("123")
    ('same_day_delivery', 'muller_cafe', 'logariasmos', 'n_123')
    >>> id_of("?!", otherwise="touchpoint"), id_of("Shop", taken=["shop", "shop_2"])
    ('touchpoint', 'shop_3')
    """
    near = in_latin_letters(label) or in_latin_letters(otherwise) or "thing"
    if not near[0].isalpha():
        near = f"n_{near}"
    endings = ("" if number == 1 else f"_{number}" for number in count(1))
    tried = (near[: MOST_LETTERS - len(ending)].rstrip("_") + ending for ending in endings)
    return next(id for id in tried if id not in taken)


def label_beside(id: str, label: str) -> str:
    """The label that has to be written beside an id; nothing where the id in words says the same.

    >>> label_beside("muller_cafe", "Müller Café"), label_beside("same_day_delivery", "Same day delivery")
    ('Müller Café', '')
    """
    plainly = " ".join(label.split())
    return "" if plainly in (humanise(id), humanise(id, capital=False)) else plainly


def in_latin_letters(words: str) -> str:
    """Words in small Latin letters and digits, joined by `_`."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]+", "_", anyascii(words).casefold()).strip("_")
