"""The journey: what customers live, where it fails, and who answers when they call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cxmodel.scenario.faults import Fault, quote, suggestion
from cxmodel.scenario.fields.base import FieldGroup, Id, Labelled, Switch, Text, changeable, choice
from cxmodel.scenario.fields.quantity import refuse
from cxmodel.scenario.fields.units import (
    Agents,
    CallRate,
    Delay,
    Effort,
    Handling,
    Hours,
    Interval,
    Level,
    Money,
    MoneyRate,
    Offset,
    PartWeight,
    Share,
    Visits,
    Weight,
)
from cxmodel.vocabulary import DELIVERY_LEVERS, LEVERS, STAGES, Stage


class Fails(FieldGroup):
    """How often a visit fails, how much it then loses, and where people turn."""

    rate: Share = changeable()
    """Share of visits that fail."""
    severity: Level = changeable(30.0)
    """Points every attribute loses in a failed visit."""
    contact: Id | None = None
    """The support touchpoint people turn to; the first one of the journey where not set."""
    calls: Share | None = changeable(None)
    """Share of those it happens to who call; 0.5 where not set."""


class Shortfall(FieldGroup):
    """When a visit that did not fail still makes people call."""

    beyond: Level | None = changeable(None)
    """Points short of expectation from which on they may call; 20 where not set."""
    contact: Id | None = None
    """The support touchpoint people turn to; that of `fails` where not set."""
    calls: Share | None = changeable(None)
    """Share of those it happens to who call; 0.1 where not set."""


class Channel(FieldGroup):
    """One way to live a touchpoint."""

    share: Weight = changeable(1.0)
    """How many prefer it, beside the others."""
    offered: Switch = changeable(True)
    """Whether there is such a channel; who prefers one that is not offered falls back on another, at an effort."""


class Staffed(FieldGroup):
    """A desk where people answer, and others may have to wait."""

    agents: Agents = changeable()
    """How many answer at the same time."""
    handling: Handling = changeable()
    """Mean time to handle one contact, such as `5 minutes`."""
    patience: Handling = changeable("232 seconds")
    """Mean time people wait before they give up, such as `4 minutes`; 232 seconds where not set."""
    hours: Hours = changeable("00:00-24:00")
    """When it is open, such as `"09:00-18:00"` or `{mon-fri: "08:00-20:00", sat: "22:00-04:00"}`; else all day."""
    other_calls: CallRate = changeable("0 per hour")
    """Calls from outside the model while it is open, such as `20 per hour`."""
    resolves: Share = changeable(0.7)
    """Share of contacts that settle the matter at once."""
    exceptions: Share = changeable(0.0)
    """Share of contacts in which people make an exception and set everything right."""
    exception_cost: Money = changeable(0.0)
    """What one exception costs."""


def _levers(value: object) -> object:
    """Levers by name, with a did-you-mean for each that is none."""
    if isinstance(value, dict):
        unknown = [key for key in value if key not in LEVERS]
        faults = [
            Fault("CXM201", (key,), f"{quote(key)} is not a lever", suggestion(key, LEVERS, "the levers"), at_key=True)
            for key in unknown
        ]
        if faults:
            refuse(*faults)
    return value


def _parts_of_one(parts: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(parts.values())
    return {lever: part / total for lever, part in parts.items()}


def _thirds() -> dict[str, float]:
    return {lever: 1.0 for lever in DELIVERY_LEVERS}


class Touchpoint(Labelled):
    """One place where customers meet the company."""

    stage: Annotated[Stage, choice(*STAGES, what="stage")]
    """Where in the journey it lies: aware, choose, buy, receive, use, support, renew, leave or return."""
    channel: Text | None = None
    """Where it happens: app, web, phone, shop …"""
    channels: Mapping[Id, Channel] = Field(default_factory=dict, max_length=100, title="channel")
    """The channels people would choose, where there are several."""
    offsets: Mapping[Id, Mapping[Id, Offset]] = changeable(default_factory=dict, max_length=100)
    """Points that a channel delivers more or less, by channel and attribute, as long as no single view levels them."""
    owner: Text | None = None
    """The department that answers for it."""
    doing: Text | None = None
    """What customers do here."""
    thinking: Text | None = None
    """What they think."""
    feeling: Text | None = None
    """What they feel."""
    role: Annotated[Literal["customer", "user"], choice("customer", "user", what="role")] = Field(
        "customer", alias="as"
    )
    """In which role it is lived: the one who buys or the one who uses."""
    delivers: Mapping[Id, Level] = changeable(default_factory=dict, max_length=200, title="delivered")
    """The level delivered today, by attribute."""
    designed: Mapping[Id, Level] = Field(default_factory=dict, max_length=200, title="designed")
    """The standard it is designed to today, by attribute, where that is known."""
    visits: Visits | None = changeable(None)
    """How many times it is lived; once, or as long as they stay where only `every` is given."""
    every: Interval | None = changeable(None)
    """Time from one visit to the next, such as `2 days`."""
    after: Delay | None = None
    """Of stage leave: how long after leaving it is lived, such as `12 months`."""
    importance: Weight = changeable(1.0)
    """How much one visit weighs in memory."""
    relies_on: Annotated[
        Mapping[str, PartWeight],
        Field(min_length=1),
        BeforeValidator(_levers),
        AfterValidator(_parts_of_one),
    ] = Field(default_factory=_thirds, title="relied on", json_schema_extra={"propertyNames": {"enum": list(LEVERS)}})
    """The levers it rests on, and their parts; practices, people and platforms alike where not set."""
    fails: Fails | None = None
    """How often it fails, and what then."""
    shortfall: Shortfall | None = None
    """When falling short of expectation makes people call."""
    effort: Effort = changeable(0.0)
    """Points the trouble it takes costs."""
    staffed: Staffed | None = None
    """The desk that serves it, if people have to answer."""
    contact_cost: Money | None = changeable(None)
    """Of stage support: cost of one contact here; what `economics` says where not set."""
    spend: MoneyRate = changeable("0 per year")
    """What the company spends on it, such as `20000 per year`; spending more counts as cost of a plan."""

    @model_validator(mode="after")
    def _has_a_rhythm_where_it_needs_one(self) -> Self:
        if self.stage == "renew" and self.every is None:
            refuse(
                Fault(
                    "CXM401",
                    (),
                    "a renewal needs to say how often it comes",
                    "for example `every: 12 months`",
                    True,
                )
            )
        if self.stage in ("support", "leave", "return"):
            reason = "only when somebody contacts it" if self.stage == "support" else f"once, when people {self.stage}"
            message = f"stage `{self.stage}` is lived {reason}; this would do nothing"
            told = [("visits", self.visits), ("every", self.every)]
            faults = [
                Fault("CXM402", (key,), message, f"leave out `{key}`", True) for key, value in told if value is not None
            ]
            if faults:
                refuse(*faults)
        return self

    @model_validator(mode="after")
    def _keeps_to_its_stage(self) -> Self:
        bound = (("after", self.after, "leave"), ("contact_cost", self.contact_cost, "support"))
        faults = [
            Fault("CXM412", (key,), f"`{key}` goes with stage `{stage}`, and this is `{self.stage}`", hint, True)
            for key, value, stage in bound
            if value is not None and self.stage != stage
            for hint in (f"leave out `{key}`, or put it at a touchpoint of stage `{stage}`",)
        ]
        if faults:
            refuse(*faults)
        return self
