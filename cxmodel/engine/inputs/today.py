"""What a run starts from: the numbers solved so that month 0 shows what was measured. Knows not how they are solved.

Shapes: S segments, T touchpoints, A months of tenure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cxmodel.vocabulary import Floats

LONGEST: Final = 120
"""Months of tenure that are told apart; who has been here longer is counted with those."""


@dataclass(frozen=True)
class Today:
    """The company's customers of today, as numbers; with its world and a seed they make the people of month 0."""

    leniency: float  # mean of u [points]
    leave: Floats  # (S,) h0 [share per month]
    calling: float  # factor on the share who call
    contacts: Floats  # (T,) contacts a day of customers of today at each touchpoint
    inflow: Floats  # (S, A) how many became customers so many months ago, relatively
    modelled: Mapping[str, float | None] = field(default_factory=dict)
    """What month 0 shows: `nps`, `contacts` (per customer-year), `leave` and `leave SEGMENT` (share of the period)."""
