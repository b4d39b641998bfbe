"""What is kept of a run: plain arrays by replication, small enough to keep many and to join.

Shapes: M months, R replications, S segments, T touchpoints, A slots. States are noted at M + 1 moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from cxmodel.vocabulary import Floats

WEIGHT, LEVEL, PERCEIVED, STANDARD = range(4)
"""Places of the sums in `Outcome.felt`."""


@dataclass(frozen=True)
class Outcome:
    """Sums and counts of replications; the replication is the first axis of every array."""

    visits: Floats  # (R, M, S, T)
    felt: Floats  # (R, M, 4, S, T, A) sums of alpha x weight, and of it times q, P and R
    customers: Floats  # (R, M+1, S), likewise the sums of S and of promoter and detractor shares
    satisfaction: Floats
    promoters: Floats
    detractors: Floats
    former: Floats  # (R, M+1, S)
    former_promoters: Floats
    former_detractors: Floats
    surveyed: Floats  # (R, M+1, S, 3) answers, promoters, detractors of the company's own survey
    days: Floats  # (R, M, S) lived as customers
    joined: Floats  # (R, M, S) people
    left: Floats  # (R, M, S)
    returned: Floats  # (R, M, S) came back
    cohort: Floats  # (R, S, 2) customers 12 months before the end, those still there
    last_year: Floats  # (R, S, 2) leavers and customer-months of the last 12 months
    referrals: Floats  # (R, S)
    contacts: Floats  # (R, M, S)
    queued: Floats  # (R, M, S) contacts through a desk, days waited, given up
    waited: Floats
    abandoned: Floats
    causes: Floats  # (R, S, T, 2) contacts by the touchpoint that began them: shortfall, failure
    calls: Floats  # (R, M) calls at all desks, outside callers included; days waited, given up
    waiting: Floats
    given_up: Floats
    strain: Floats  # (R,) nan without desks
    revenue: Floats  # (R, S)
    earned: Floats  # (R, M, S) margin less contacts and acquisition, discounted
    equity: Floats  # (R, S) discounted, what is still to come included

    @property
    def replications(self) -> int:
        """How many replications it holds."""
        return len(self.visits)

    def __getitem__(self, replications: slice) -> Outcome:
        """The same of some of its replications."""
        return Outcome(**{part.name: getattr(self, part.name)[replications] for part in fields(Outcome)})


def joined(parts: Sequence[Outcome]) -> Outcome:
    """Outcomes of consecutive replications as one."""
    if len(parts) == 1:
        return parts[0]
    return Outcome(
        **{part.name: np.concatenate([getattr(each, part.name) for each in parts]) for part in fields(Outcome)}
    )
