"""Constraints: why moving a lever changes little. Reads where things stand, touchpoint by touchpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.numbers import listed, percent
from cxmodel.results.paired import change
from cxmodel.vocabulary import DECISION_LEVERS, LEVERS, humanise

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.results.result import Result

NEARLY: Final = 3.0
"""Points below the need that still count as nearly what is needed."""
LITTLE: Final = 0.5
"""Points of what customers carry away below which a lever has nothing to mend."""
FAINT: Final = 0.01
"""Share of what is remembered below which a touchpoint changes nothing that shows."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What a lever bears on as things stand."""

    lever: str
    stops: pd.DataFrame
    """The touchpoints that rest on it: the columns of `touchpoints`, and `mends` [points it could add]."""

    @property
    def reach(self) -> float:
        """Points of what customers carry away that the lever could mend at most."""
        return float((self.stops["mends"] * self.stops["share"]).sum())


def held(result: Result, standing: Result, moved: Mapping[str, float]) -> list[str]:
    """A sentence for each lever moved that has little to mend, or that made no difference that shows."""
    alone = len(result.scenario.initiatives_of(result.plan)) == 1
    shows = any(change(result, standing, metric).clear for metric in ("expectation_gap", "nps", "retention"))
    idle = alone and not shows
    return [what_holds(standing, lever) for lever in moved if idle or hold(standing, lever).reach < LITTLE]


def binding(standing: Result) -> str:
    """What holds most of what is missing today, in a sentence: insight, or one of the five Ps."""
    stops = touchpoints(standing)
    missing = float(((stops["needed"] - stops["delivered"]).clip(lower=0) * stops["share"]).sum())
    if missing < LITTLE:
        return "Nothing binds: what customers remember is delivered nearly as they need it."
    reaches = {lever: hold(standing, lever).reach for lever in LEVERS}
    reaches["insight"] = float(((stops["needed"] - stops["pictured"]).clip(lower=0) * stops["share"]).sum())
    most = max(reaches, key=reaches.__getitem__)
    does = "it does not see" if most == "insight" else "it could close"
    return (
        f"The binding constraint is {humanise(most, capital=False)}: of the {missing:.1f} points that customers need"
        f" and do not get, weighted by what they remember, {does} {reaches[most]:.1f}."
    )


def hold(standing: Result, lever: str) -> Hold:
    """Where a lever bears: on touchpoints that rely on it for doing, or everywhere for deciding."""
    stops = touchpoints(standing)
    stops = stops[stops["share"] >= FAINT].copy()
    journey = standing.scenario.journey
    leans = [sum(lean for name, lean in journey[stop].relies_on.items() if name == lever) for stop in stops["id"]]
    mends = (stops["designed"] - stops["delivered"]).clip(lower=0) * leans
    rests = [lean > 0 for lean in leans]
    if lever in DECISION_LEVERS:
        missing = (stops["pictured"] - stops["designed"]).clip(lower=0)
        mends, rests = mends + missing, [True] * len(stops)
    return Hold(lever, stops.assign(mends=mends)[rests])


def what_holds(standing: Result, lever: str) -> str:
    """Why raising this lever changes little, in a sentence or two."""
    found, name = hold(standing, lever), humanise(lever)
    stops = found.stops
    if len(stops) == 0:
        return f"{name} is not your constraint: no touchpoint that customers reach rests on it."
    rest = f"only {listed(list(stops['touchpoint']))} {'rests' if len(stops) == 1 else 'rest'} on it"
    if lever in DECISION_LEVERS:
        rest = "it sets the standard for every touchpoint"
    below = stops[(stops["needed"] - stops["delivered"] >= NEARLY)]
    if len(below) == 0:
        those = "it already delivers" if len(stops) == 1 else "all already deliver"
        return f"{name} is not your constraint: {rest}, and {those} nearly what is needed."
    if found.reach < LITTLE:
        weighed = (below["needed"] - below["delivered"]) * below["share"]
        worst = below.iloc[int(weighed.to_numpy().argmax())]
        return f"{name} is not your constraint: {rest}, and what is missing there is {_cause(worst, lever)}."
    return f"{name} moves slowly: {rest}, {percent(float(stops['share'].sum()))} of remembered experience."


def _cause(stop: pd.Series, lever: str) -> str:
    """Which link of the chain the largest shortfall lies in: knowing, deciding or doing."""
    links = {
        "an insight gap (ask customers, and listen)": stop["needed"] - stop["pictured"],
        "a standards gap (priorities and policies set the standard)": stop["pictured"] - stop["designed"],
        "a delivery gap that rests on other levers": stop["designed"] - stop["delivered"],
    }
    cause = max(links, key=lambda name: float(links[name]))
    short = f"{stop['touchpoint']} delivers {stop['delivered']:.0f} where {stop['needed']:.0f} is needed"
    return f"mostly {cause}: {short}"
