"""Where labels go when there is not room for all of them where they belong."""

from __future__ import annotations


def apart(heights: list[float], least: float) -> list[float]:
    """The same heights in the same order, moved until they lie `least` apart, their mean unmoved.

    >>> apart([10.0, 10.0, 50.0], least=4.0)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    groups = [[heights[i]] for i in order]
    k = 1
    while k < len(groups):
        below, above = _spread(groups[k - 1], least)[-1], _spread(groups[k], least)[0]
        if above - below < least:
            groups[k - 1 : k + 1] = [groups[k - 1] + groups[k]]
            k = max(1, k - 1)
        else:
            k += 1
    placed = [height for group in groups for height in _spread(group, least)]
    return [placed[order.index(i)] for i in range(len(heights))]


def _spread(group: list[float], least: float) -> list[float]:
    """Heights that are too close, laid out evenly about their mean."""
    mean = sum(group) / len(group)
    return [mean + least * (k - (len(group) - 1) / 2) for k in range(len(group))]
