"""One customer's journey told in words: who it is, what they would say, and what happened to them.

Takes the rows of `Result.customers`, which are of one customer among thousands: a story, not a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from cxmodel.report.text.numbers import count, number_word
from cxmodel.vocabulary import MONTH, humanise

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

FELT: Final = 5.0
"""Points from expectation from which on a customer would speak of a visit."""
KINDS: Final = {"typical": "a typical customer", "delighted": "a delighted customer", "lost": "a customer lost"}


class Story(NamedTuple):
    """A customer's journey, ready to be read."""

    name: str
    quote: str
    told: str


def story(visits: pd.DataFrame, scenario: Scenario) -> Story:
    """The story of one customer's visits, in order of time; of one who was nowhere there is none to tell."""
    first = visits.iloc[0]
    segment = scenario.segments[first["segment"]]
    face = segment.persona.name if segment.persona is not None else ""
    kind = KINDS.get(first["kind"], humanise(first["kind"], capital=False))
    whom = scenario.label("segments", first["segment"], capital=False)
    name = f"{face}, {kind}" if face else f"{kind[:1].upper()}{kind[1:]} ({whom})"
    peak = _peak(visits, good=first["kind"] == "delighted")
    told = [_began(visits, scenario), *_middle(visits, peak, scenario), _ended(visits, scenario)]
    return Story(name, _quote(peak, scenario), " ".join(told))


def _peak(visits: pd.DataFrame, *, good: bool) -> pd.Series[Any] | None:
    """The visit that stands out: the best of a delighted customer, the worst of the others; None where none does."""
    gaps = visits["gap"].astype(float)
    if gaps.isna().all():
        return None
    at = int(gaps.argmin() if good else gaps.argmax())
    return visits.iloc[at] if abs(float(gaps.iloc[at])) >= FELT else None


def _quote(peak: pd.Series[Any] | None, scenario: Scenario) -> str:
    """What the customer thinks there, in the scenario's own words where it has some."""
    if peak is None:
        return "It was much as I expected."
    if words := scenario.journey[peak["touchpoint"]].thinking:
        return words.strip()
    where = scenario.label("journey", peak["touchpoint"])
    return f"{where} was {'not what I had been led to expect' if peak['gap'] > 0 else 'better than I expected'}."


def _began(visits: pd.DataFrame, scenario: Scenario) -> str:
    first = visits.iloc[0]
    where = scenario.label("journey", first["touchpoint"])
    return f"Begins in month {_month(first)} at {where}, {first['satisfaction']:.0f} satisfied."


def _middle(visits: pd.DataFrame, peak: pd.Series[Any] | None, scenario: Scenario) -> list[str]:
    short = int((visits["gap"].astype(float) >= FELT).sum())
    failed = int(visits["failed"].astype(bool).sum())
    said = f"Of {count(len(visits), 'visit')} {number_word(short)} {'falls' if short == 1 else 'fall'} short"
    said += f" and {number_word(failed)} {'fails' if failed == 1 else 'fail'} outright." if failed else "."
    if peak is None:
        return [said]
    size = f"{abs(peak['gap']):.0f} points {'short of' if peak['gap'] > 0 else 'above'} expectation"
    what = "worst" if peak["gap"] > 0 else "best"
    return [said, f"The {what} is {scenario.label('journey', peak['touchpoint'])} in month {_month(peak)}: {size}."]


def _ended(visits: pd.DataFrame, scenario: Scenario) -> str:
    last = visits.iloc[-1]
    leaves = "Leaves" if last["kind"] == "lost" else "Is last seen"
    where = scenario.label("journey", last["touchpoint"])
    return f"{leaves} in month {_month(last)} at {where}, {last['satisfaction']:.0f} satisfied."


def _month(visit: pd.Series[Any]) -> int:
    return int(visit["day"] / MONTH) + 1
