"""How numbers, times and intervals read in the sentence of a fit."""

from __future__ import annotations

from collections.abc import Callable

from cxmodel.evidence.tables import Item
from cxmodel.vocabulary import humanise


def decimal(value: float) -> str:
    """A number to about three figures, thousands apart.

    >>> decimal(12345.6), decimal(74.66), decimal(0.0381)
    ('12,346', '74.7', '0.038')
    """
    size = abs(value)
    places = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{places}f}"


def percent(share: float) -> str:
    """A share in percent.

    >>> percent(0.0912), percent(0.57)
    ('9.1 %', '57 %')
    """
    value = 100 * share
    places = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:.{places}f} %"


def duration(seconds: float) -> str:
    """A length of time in words.

    >>> duration(232), duration(45.2), duration(7260)
    ('3 min 52 s', '45 s', '2 h 1 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    minutes = round(whole / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def span(low: float, high: float, write: Callable[[float], str]) -> str:
    """An interval in words.

    >>> span(221, 244, duration)
    '3 min 41 s to 4 min 4 s'
    """
    return f"{write(low)} to {write(high)}"


def of_item(item: Item) -> str:
    """What a rating is of, in words.

    >>> of_item(Item("track_order", "speed")), of_item(Item("checkout")), of_item(Item(attribute="speed"))
    ('Track order: speed', 'Checkout', 'Speed')
    """
    touchpoint, attribute = humanise(item.touchpoint), humanise(item.attribute)
    if item.touchpoint and item.attribute:
        return f"{touchpoint}: {humanise(item.attribute, capital=False)}"
    return touchpoint or attribute
