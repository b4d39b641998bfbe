"""Value at stake: what lifting one touchpoint to the customers' need would change. Reads, computes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cxmodel.report.text.numbers import NONE, with_interval

EQUITY: Final = "customer_equity"
SAID: Final = {
    "customer_equity": ("value\nat stake", "Value at stake", "money"),
    "nps": ("NPS\nat stake", "NPS at stake", "points"),
    "retention": ("retention\nat stake", "Retention at stake [points]", "share"),
}
"""A metric as the foot of the journey, a table and a figure call it."""


@dataclass(frozen=True, slots=True)
class Price:
    """What lifting one touchpoint to the need changes, with its 95 % interval [unit of the metric]."""

    value: float
    low: float | None
    high: float | None

    @property
    def nothing(self) -> bool:
        """Nothing is at stake: not a bit of any run would change."""
        return self.value == 0 and not self.low and not self.high

    @property
    def clear(self) -> bool:
        """The interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Mending:
    """The value at stake by touchpoint, in one metric; `done` is false while it is still being worked out."""

    metric: str = EQUITY
    prices: Mapping[str, Price] = field(default_factory=dict)
    done: bool = True

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], *, done: bool = True) -> Mending:
        """From the rows `mend_first` of an explanation: in money where there is money, else in NPS."""
        rows = list(rows)
        known = {row["metric"] for row in rows if _known(row["difference"])}
        metric = next((name for name in SAID if name in known), EQUITY)
        mine = [row for row in rows if row["metric"] == metric and _known(row["difference"])]
        return cls(metric, {row["touchpoint"]: Price(row["difference"], row["low"], row["high"]) for row in mine}, done)

    def words(self, touchpoint: str, currency: str | None = None) -> tuple[str, str]:
        """What is at stake at a touchpoint, and its interval; a dash where nothing is.

        >>> Mending("nps", {"bill": Price(4.2, 3.1, 5.3), "order": Price(0, 0, 0)}).words("bill")
        ('+4.2', '3.1 to 5.3')
        """
        unit, price = SAID[self.metric][2], self.prices.get(touchpoint)
        if price is None:
            return (NONE, "") if self.done else ("…", "")
        if price.nothing:
            return NONE, ""
        size, span = with_interval(price.value, price.low, price.high, unit, currency, sign=True, brief=True)
        if not price.clear:
            return "unclear", _once(span)
        return size, _once(span)

    @property
    def foot(self) -> str:
        """What the row under the journey is called."""
        return SAID[self.metric][0]

    @property
    def title(self) -> str:
        """What the column of a table is called."""
        return SAID[self.metric][1]


def _once(span: str) -> str:
    """An interval that names its currency once: there is little room under a touchpoint.

    >>> _once("£7.13k to £8.71k"), _once("−£1.2k to +£3.4k")
    ('£7.13k to 8.71k', '−£1.2k to +£3.4k')
    """
    first, _, last = span.partition(" to ")
    symbol = first.rstrip("0123456789.,kmb n")
    return f"{first} to {last.removeprefix(symbol)}" if symbol and last else span


def _known(value: Any) -> bool:
    return value is not None and math.isfinite(value)
