"""Numbers far from what companies have (warnings): a slipped point, another unit, a scale that is not that of the key.

Bounds are generous (A): the ten examples, and every company that they were thought up after, lie well within them.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Final

from cxmodel.scenario.faults import Fault
from cxmodel.vocabulary import MONTH

if TYPE_CHECKING:
    from cxmodel.scenario.faults import KeyPath
    from cxmodel.scenario.fields.root import Root

HARDLY: Final = 10.0
"""Points below which a level is worse than broken (20)."""
HEAVY: Final = 20.0
"""Times the usual weight of a segment's needs from which on one need is all that counts."""
RARE: Final = 0.0005
"""Share who leave within a month below which a company would lose half its customers in more than a century."""
OFTEN: Final = 0.5
"""Share of visits that fail from which on a touchpoint fails more often than not."""
DEAR: Final = 24.0
"""Months of a customer's margin from which on one contact, or winning one customer, costs more than can be earned."""
FAR: Final = 100.0
"""Points that a level cannot move, as there are no more."""


SCALES: Final = (
    (5.0, "five stars or points: (x − 1) × 25 makes points of them, so 4 is 75"),
    (10.0, "ten points: x × 10 makes points of them, so 7.5 is 75"),
)
"""Rating scales that levels may have been copied from: their top, and how to turn them into points."""
FEW: Final = 4
"""Levels of a file from which on their scale can be told."""


def implausible(scenario: Root) -> Iterator[Fault]:
    """Each number that is far off, with what it would mean; levels that look like ratings."""
    yield from _ratings(scenario)
    for path, message, expected in _found(scenario):
        yield Fault("CXM515", path, message, expected)


def _found(scenario: Root) -> Iterator[tuple[KeyPath, str, str]]:
    yield from _worse_than_broken(scenario)
    yield from _needs(scenario)
    yield from _times(scenario)
    yield from _money(scenario)
    for name, segment in scenario.segments.items():
        leave = segment.leave or scenario.today.leave
        monthly = leave.share * MONTH / leave.days if leave is not None else None
        if monthly is not None and 0 < monthly < RARE:
            message = f"{100 * monthly:.2g} % a month leave: hardly anybody ever does"
            place = ("segments", name, "leave") if segment.leave else ("today", "leave")
            yield place, message, "such as `1.2 % per month`"
            break
    for name, touchpoint in scenario.journey.items():
        if touchpoint.fails and touchpoint.fails.rate >= OFTEN:
            path = ("journey", name, "fails", "rate")
            yield (
                path,
                f"{100 * touchpoint.fails.rate:.0f} % of visits fail: more often than not",
                "a share such as 0.02",
            )
    for name, segment in scenario.segments.items():
        daily = getattr(segment.adoption, "arrivals", None)
        if daily and segment.prospects and daily * MONTH > segment.prospects:
            message = "all prospects of this segment arrive within a month"
            yield ("segments", name, "adoption", "arrivals"), message, "fewer `arrivals`, or more `prospects`"


def _worse_than_broken(scenario: Root) -> Iterator[tuple[KeyPath, str, str]]:
    """Levels that are worse than broken, where others are points."""
    levels = list(_levels(scenario))
    if levels and median(level for _, level in levels) > HARDLY:
        for path, level in levels:
            if 0 < level < HARDLY:
                yield path, f"a level of {level:g} is worse than broken (20)", "points from 0 to 100, such as 60"


def _needs(scenario: Root) -> Iterator[tuple[KeyPath, str, str]]:
    """A need beside which all others count for nothing, or that counts for nothing; needs that run away."""
    for name, segment in scenario.segments.items():
        weights = [need.weight for need in segment.needs.values() if need.weight > 0]
        for attribute, need in segment.needs.items():
            path = ("segments", name, "needs", attribute)
            if len(weights) > 1 and need.weight > 0:
                others = median([*weights[: weights.index(need.weight)], *weights[weights.index(need.weight) + 1 :]])
                if need.weight >= HEAVY * others:
                    yield (
                        (*path, "weight"),
                        f"beside a weight of {need.weight:g} no other need counts",
                        "weights from 0.5 to 5",
                    )
                elif need.weight * HEAVY <= others:
                    yield (
                        (*path, "weight"),
                        f"a weight of {need.weight:g} counts for nothing beside the others",
                        "0, or more",
                    )
            if abs(need.drift) * scenario.horizon >= FAR:
                yield (*path, "drift"), "this need would run off the scale within the horizon", "such as `+2 per year`"
    for name, rival in scenario.rivals.items():
        for attribute, rate in rival.moves.items():
            if abs(rate) * scenario.horizon >= FAR:
                path = ("rivals", name, "moves", attribute)
                yield path, "this level would run off the scale within the horizon", "such as `+2 per year`"


def _times(scenario: Root) -> Iterator[tuple[KeyPath, str, str]]:
    """What comes round later than the run is long; what takes longer than it to be felt."""
    for name, touchpoint in scenario.journey.items():
        if touchpoint.every and touchpoint.every > 2 * scenario.horizon:
            yield ("journey", name, "every"), "this comes round once in twice the horizon, or less", "such as `30 days`"
    for name, act in scenario.initiatives.items():
        if act.half_life and act.half_life > scenario.horizon:
            path = ("initiatives", name, "half_life")
            yield path, "within the horizon not half of this change is felt", "such as `2 months`"


def _money(scenario: Root) -> Iterator[tuple[KeyPath, str, str]]:
    """Money that does not go together: costs above years of margin, margin above what is paid."""
    money = scenario.economics
    if money is None or money.margin <= 0:
        return
    month = money.margin * MONTH
    for key, cost in (("contact_cost", money.contact_cost), ("acquisition_cost", money.acquisition_cost)):
        if cost > DEAR * month:
            what = "one contact" if key == "contact_cost" else "winning a customer"
            message = f"{what} costs {cost:,.0f}, as much as a customer's margin of {cost / month:,.0f} months"
            yield ("economics", key), message, "an amount in the unit of `margin`"
    for bargain in scenario.value_propositions.values():
        if bargain.price and bargain.price.per and money.margin > HEAVY * bargain.price.amount / bargain.price.per:
            message = "the margin is many times what customers pay"
            yield ("economics", "margin"), message, "a margin in the unit of the price"
            return


def _ratings(scenario: Root) -> Iterator[Fault]:
    """All levels of a file between 1 and 5, or 1 and 10."""
    levels = list(_levels(scenario))
    if len(levels) < FEW or min(level for _, level in levels) < 1:
        return
    highest = max(level for _, level in levels)
    scale = next((scale for scale in SCALES if highest <= scale[0]), None)
    if scale:
        message = f"all {len(levels)} levels of this file are between 1 and {scale[0]:g}: they look like ratings"
        yield Fault("CXM509", levels[0][0], message, f"levels are points from 0 to 100; of {scale[1]}")


def _levels(scenario: Root) -> Iterator[tuple[KeyPath, float]]:
    """Every level that a file says, with its place."""
    for name, segment in scenario.segments.items():
        for attribute, need in segment.needs.items():
            yield ("segments", name, "needs", attribute, "level"), need.level
    for name, bargain in scenario.value_propositions.items():
        for attribute, level in bargain.offers.items():
            yield ("value_propositions", name, "offers", attribute), level
    for name, promise in scenario.brand_promises.items():
        yield ("brand_promises", name, "level"), promise.level
    for name, touchpoint in scenario.journey.items():
        for attribute, level in touchpoint.delivers.items():
            yield ("journey", name, "delivers", attribute), level
    for name, rival in scenario.rivals.items():
        for attribute, level in rival.levels.items():
            yield ("rivals", name, "levels", attribute), level
