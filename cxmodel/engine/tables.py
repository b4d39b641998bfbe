"""The world as tables that compiled code reads: rows of records, one type for every scenario, so that it compiles once.

Shapes: D days, M months, T touchpoints, A slots, K attributes, S segments, C streams of events, V visits of onboarding,
P promises, L desks, H touchpoints with channels, W channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine import rng
from cxmodel.engine.bundle import Bundle
from cxmodel.engine.inputs.closed_loop import response_of, room_of
from cxmodel.engine.inputs.survey import survey_response
from cxmodel.engine.inputs.today import Today
from cxmodel.engine.inputs.world import World
from cxmodel.model import contacts, expectation
from cxmodel.vocabulary import MONTH, Floats

ASSUMED: Final = (
    "assimilation", "will_share", "surprise_scale", "wait_scale", "free_wait", "fallback_effort", "memory_start",
    "memory_floor", "memory_ceiling", "quiet_days", "news_scale", "quality_noise", "will_learning", "ratchet",
    "believed_later", "should_from_promise", "satisfaction_slope", "switching_weight", "customer_share",
    "referred_hazard", "calls_again_after", "calls_again_abandoned", "repeat_calls", "handling_cv", "unsolved",
    "leniency_sd", "frailty", "first_impression", "talk_base", "talk_extreme", "talk_surprise", "market_standard",
    "score_noise", "promoter_from", "detractor_to", "headroom", "spending_slope", "won_back", "liquid",
)  # fmt: skip
"""The parameters that compiled code reads."""
COUNTS: Final = (
    "attributes", "segments", "touchpoints", "streams", "first_parting", "coming_back", "contact", "choice", "visits",
    "returning", "promises", "desks", "days",
)  # fmt: skip
f4, f8, i2, i4, i8, b1 = np.float32, np.float64, np.int16, np.int32, np.int64, np.bool_


def record(**columns: Any) -> np.dtype[Any]:
    """A record with these columns."""
    return np.dtype(list(columns.items()), align=True)


FACTS: Final = record(
    **dict.fromkeys(ASSUMED, f8), **dict.fromkeys(COUNTS, i8), horizon=f8, leniency=f8, rest=f8, rivals=b1, past=b1
)
MET: Final = record(
    importance=f4, severity=f4, effort=f4, visits=i8, failing=f8, every=f8, after_shortfall=f8, after_failure=f8,
    beyond=f8, patience=f8, handling=f8, solves=f8, exceptions=f8, exception_cost=f8, contact_cost=f8,
)  # fmt: skip
PLACE: Final = record(
    slots=i8, role=i8, after_shortfall=i8, after_failure=i8, desk=i8, channel=i8, priced=i8, told=b1, exit=b1, asked=b1
)
BROUGHT: Final = record(emphasis=f4, judged=b1, touches=i8)
SLOT: Final = record(column=i8, weight=f4, gain=f4, loss=f4, zone=f4)
STREAM: Final = record(touchpoint=i8, visits=i8, jitter=f8, after=f8, renews=b1)
ONBOARDING: Final = record(touchpoint=i8, ordinal=i8, onward=i8)
PROMISE: Final = record(level=f8, reach=f8, believed=f8)
MARKET: Final = record(
    standard=f8, choice_standard=f8, switching_cost=f8, price=f8, price_level=f8, fee=f8, margin=f8, response=f8
)
SEGMENT: Final = record(decides=f8, leave=f8)
DAY: Final = record(returned=f8, asked=f8)
ROSTER: Final = record(agents=i8, until=f8, opens=f8, closes=f8, gap=f8, handling=f8, patience=f8, memory=f8)
MEMORY: Final = 8.0
"""Mean times of handling and of a line's settling (the relaxation time of M/M/c, patience at most) after which a desk
has forgotten how it began: for so long before a customer of the past calls, callers from outside are answered. A cost
knob."""
Table = NDArray[Any]


@dataclass
class Tables(Bundle):
    """What compiled code reads of the world; it writes none of it."""

    facts: Any  # one record: parameters, counts, whether this is the past
    met: Table  # (D, T) what a visit of a day meets
    level: Table  # (D, T, A) delivered
    room: Table  # (D, T, A) how far a lift may take a level; (1, T, A) without a closed loop
    place: Table  # (T) what does not change over time
    brought: Table  # (S, T) what a segment brings to a touchpoint
    slot: Table  # (S, T, A)
    stream: Table  # (C)
    onboarding: Table  # (V)
    returning: Table  # (R) touchpoints of the visits on coming back
    promise: Table  # (P, D)
    promised: Table  # (P) attribute
    told: Table  # (P, T) whether a promise is made at a touchpoint
    brand: Table  # (P) whether the brand itself tells it
    market: Table  # (D, S)
    foreseen: Table  # (S, K) W of a newcomer
    bars: Table  # (M + 1, S, K) H that newcomers of a month arrive with
    aims: Table  # (M, S, K) what H drifts to at each month's end
    need_weight: Table  # (S, K) summing to 1
    segment: Table  # (S)
    day: Table  # (D)
    roster: Table  # (L, D), in the past (L, 7)
    share: Table  # (H, D, W) of those who prefer each channel
    offered: Table  # (H, D, W)
    offset: Table  # (H, D, W, A) points that a channel delivers more or less
    normal: Table  # (65536) points of the normal law
    handling: Table  # (65536) of the law of handling times, mean 1
    patience: Table  # (65536) of the law of patience, mean 1


def tables(world: World, today: Today, past: bool = False) -> Tables:
    """The tables of a world; `past` where nobody leaves, everybody buys and desks are as busy as they are today."""
    route, a, days = world.route, world.assumptions, world.days
    touchpoints, segments, slots = len(route.touchpoints), len(route.segments), route.slots
    told = np.zeros((len(world.promises), touchpoints), dtype=bool)
    for number, promise in enumerate(world.promises):
        told[number, list(promise.made_at)] = True

    def by_slot(grid: Table) -> Table:
        return np.moveaxis(grid.reshape(slots, segments, touchpoints), 0, 2)

    def by_kind(grid: Table) -> Table:
        return np.broadcast_to(grid.T[None], (segments, touchpoints, slots))

    bars, aims = _bars(world)
    answering = response_of(world)
    returned = contacts.returned(world.levers["policies"], a.recovery, a.recovery_by_policy)
    weight = world.need_weight / np.maximum(world.need_weight.sum(1, keepdims=True), 1e-300)
    share, offered, offset = _channels(world)
    return Tables(
        facts=_facts(world, today, past),
        met=_met(world, today),
        level=np.ascontiguousarray(world.delivered, dtype=f4),
        room=np.ascontiguousarray(room_of(world), dtype=f4),
        place=_places(world, told),
        brought=_filled(
            (segments, touchpoints), BROUGHT, emphasis=route.emphasis.reshape(segments, -1),
            judged=route.judged.reshape(segments, -1), touches=route.touches.reshape(segments, -1),
        ),
        slot=_filled(
            (segments, touchpoints, slots), SLOT, column=by_slot(route.column), weight=by_slot(route.weight),
            gain=by_kind(route.gain), loss=by_kind(route.loss), zone=by_kind(route.zone),
        ),
        stream=_streams(world),
        onboarding=_filled(
            len(route.onboarding), ONBOARDING, touchpoint=route.onboarding, ordinal=route.ordinal, onward=route.onward
        ),
        returning=route.returning.astype(i8),
        promise=_promises(world),
        promised=np.array([promise.attribute for promise in world.promises], dtype=i8),
        told=told,
        brand=np.asarray(~told.any(1)),
        market=_filled(
            (days, segments), MARKET, standard=world.standard, choice_standard=world.choice_standard,
            switching_cost=world.switching_cost, price=world.prices.once, fee=world.prices.fee, margin=world.margin,
            price_level=np.nan_to_num(world.prices.level), response=survey_response(world),
        ),
        foreseen=np.ascontiguousarray(world.foreseen, dtype=f4),
        bars=bars,
        aims=aims,
        need_weight=np.ascontiguousarray(weight),
        segment=_filled(segments, SEGMENT, decides=route.decides, leave=today.leave),
        day=_filled(days, DAY, returned=returned, asked=0.0 if answering is None else answering),
        roster=_roster(world, today if past else None),
        share=share,
        offered=offered,
        offset=offset,
        normal=_normal(),
        handling=_lognormal(a.handling_cv),
        patience=_exponential(),
    )  # fmt: skip


_normal, _lognormal, _exponential = cache(rng.normal_points), cache(rng.lognormal_points), cache(rng.exponential_points)


def _filled(shape: Any, kind: np.dtype[Any], **columns: Any) -> Table:
    table = np.zeros(shape, dtype=kind)
    for name, values in columns.items():
        table[name] = values
    return table


def _facts(world: World, today: Today, past: bool) -> Any:
    route, a = world.route, world.assumptions
    first_parting = 1 + len(route.recurring)
    streams = first_parting + len(route.partings) + route.comes_back + 1
    counts = {
        "attributes": len(route.attributes), "segments": len(route.segments), "touchpoints": len(route.touchpoints),
        "streams": streams, "first_parting": first_parting,
        "coming_back": first_parting + len(route.partings) if route.comes_back else -1, "contact": streams - 1,
        "choice": route.choice, "visits": len(route.onboarding), "returning": len(route.returning),
        "promises": len(world.promises), "desks": len(world.staffing), "days": world.days,
    }  # fmt: skip
    return _filled(
        1, FACTS, **{name: getattr(a, name) for name in ASSUMED}, **counts, horizon=world.scenario.horizon,
        leniency=today.leniency, rest=MONTH / a.unfixed_exit if a.unfixed_exit else np.inf, rivals=world.rivals,
        past=past,
    )[0]  # fmt: skip


def _met(world: World, today: Today) -> Table:
    shape = (world.days, len(world.route.touchpoints))
    patience, handling = np.ones(shape), np.zeros(shape)
    for desk in world.staffing:
        patience[:, desk.touchpoint], handling[:, desk.touchpoint] = desk.patience, desk.handling
    after_shortfall, after_failure = np.minimum(1.0, today.calling * world.calls)
    plain = ("importance", "severity", "effort", "visits", "failing", "every", "beyond", "solves", "exceptions",
             "exception_cost", "contact_cost")  # fmt: skip
    return _filled(
        shape, MET, **{name: getattr(world, name) for name in plain}, patience=patience, handling=handling,
        after_shortfall=after_shortfall, after_failure=after_failure,
    )  # fmt: skip


def _places(world: World, told: Table) -> Table:
    route = world.route
    numbers = np.arange(len(route.touchpoints))
    desk, channel = np.full(len(numbers), -1), np.full(len(numbers), -1)
    desk[[staffing.touchpoint for staffing in world.staffing]] = np.arange(len(world.staffing))
    channel[list(world.channels)] = np.arange(len(world.channels))
    stages = [world.scenario.journey[name].stage for name in route.touchpoints]
    return _filled(
        len(numbers), PLACE, slots=(route.attribute < len(route.attributes)).sum(0), role=route.role,
        after_shortfall=route.contact[0], after_failure=route.contact[1], desk=desk, channel=channel,
        priced=route.priced, told=told.any(0), exit=np.isin(numbers, [part.touchpoint for part in route.partings]),
        asked=[stage not in ("leave", "return") for stage in stages],
    )  # fmt: skip


def _streams(world: World) -> Table:
    """Streams of events: onboarding, the recurring ones, the partings, coming back, the contact."""
    route = world.route
    table = np.zeros(2 + len(route.recurring) + len(route.partings) + route.comes_back, dtype=STREAM)
    for c, recurring in enumerate(route.recurring, start=1):
        table[c] = (recurring.touchpoint, recurring.visits, recurring.jitter, 0.0, recurring.renews)
    for c, parting in enumerate(route.partings, start=1 + len(route.recurring)):
        table[c]["touchpoint"], table[c]["after"] = parting.touchpoint, parting.after
    return table


def _promises(world: World) -> Table:
    table = np.zeros((len(world.promises), world.days), dtype=PROMISE)
    for number, promise in enumerate(world.promises):
        table[number]["level"], table[number]["reach"] = promise.level, promise.reach
        table[number]["believed"] = promise.believed
    return table


def _bars(world: World) -> tuple[Floats, Floats]:
    """H that newcomers of each month arrive with, and what everybody's moves to at its end (equation 7)."""
    months = int(np.ceil(world.scenario.horizon / MONTH - 1e-9)) if world.today is not None else 1
    shape = (len(world.route.segments), len(world.route.attributes))
    bars, aims = np.zeros((months + 1, *shape)), np.zeros((months, *shape))
    bars[0] = np.nan_to_num(world.base.need[0])
    for month in range(months):
        end = min((month + 1) * MONTH, world.scenario.horizon)
        aims[month] = np.nan_to_num(world.bar[min(int(end), world.days - 1)])
        share = (
            expectation.drift_share((end - month * MONTH) / MONTH, world.assumptions.liquid) if world.rivals else 0.0
        )
        bars[month + 1] = expectation.drifted(bars[month], aims[month], share)
    return (bars if world.today is not None else bars[:1]), aims  # in the past everybody arrives with the need


def _roster(world: World, today: Today | None) -> Table:
    """Who answers at each desk: day by day, or in the past by weekday.

    With `today` it is the past, and the contacts of its customers are among the callers from outside.
    """
    table = np.zeros((len(world.staffing), world.days if today is None else 7), dtype=ROSTER)
    for desk, staffing in zip(table, world.staffing, strict=True):
        for name in ("agents", "handling", "patience"):
            desk[name] = getattr(staffing, name)
        hours = np.stack([staffing.until, staffing.opens, staffing.closes]) if today is None else staffing.week.T
        desk["until"], desk["opens"], desk["closes"] = hours
        own = 0.0 if today is None else today.contacts[staffing.touchpoint] / staffing.open_today
        calls = staffing.callers + own
        desk["gap"] = 1 / np.maximum(calls, 1e-300)
        slack = staffing.agents * (1 - np.sqrt(calls * staffing.handling / staffing.agents)) ** 2
        settling = np.minimum(staffing.patience, staffing.handling / np.maximum(slack, 1e-9))
        desk["memory"] = MEMORY * (staffing.handling + settling)
    return table


def _channels(world: World) -> tuple[Table, Table, Table]:
    ways = max((choice.share.shape[1] for choice in world.channels.values()), default=1)
    shape = (len(world.channels), world.days, ways)
    share, offered = np.zeros(shape), np.zeros(shape, dtype=bool)
    offset = np.zeros((*shape, world.route.slots))
    for number, choice in enumerate(world.channels.values()):
        own = slice(choice.share.shape[1])
        share[number, :, own], offered[number, :, own] = choice.share, choice.offered
        offset[number, :, own] = choice.offset
    return share, offered, offset
