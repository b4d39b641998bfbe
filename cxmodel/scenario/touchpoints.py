"""The journey: what customers live, where it fails, and who answers when they call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cxmodel.scenario.fields import Id, Part, Text, changeable, choice
from cxmodel.scenario.names import DELIVERY_LEVERS, LEVERS, STAGES
from cxmodel.scenario.problems import Fault, one_of, quote
from cxmodel.scenario.quantity import refuse
from cxmodel.scenario.units import (
    Agents,
    CallRate,
    Effort,
    Handling,
    Hours,
    Interval,
    Level,
    PartWeight,
    Share,
    Visits,
    Weight,
)

StageName = Literal["aware", "choose", "buy", "receive", "use", "support", "renew", "leave", "return"]
LeverName = Literal["priorities", "policies", "practices", "people", "platforms"]


class Fails(Part):
    """How often a visit fails, how much it then loses, and where people turn."""

    rate: Share = changeable()
    """Share of visits that fail."""
    severity: Level = changeable(30.0)
    """Points every attribute loses in a failed visit."""
    contact: Id | None = None
    """The support touchpoint people turn to; the first one of the journey where not said."""


class Staffed(Part):
    """A desk where people answer, and others may have to wait."""

    agents: Agents = changeable()
    """How many answer at the same time."""
    handling: Handling = changeable()
    """Mean time to handle one contact, such as `5 minutes`."""
    patience: Handling = changeable("232 seconds")
    """Mean time people wait before they give up, such as `4 minutes`; 232 seconds where not said."""
    hours: Hours = changeable("00:00-24:00")
    """When it is open, such as `"09:00-18:00"`; all day where not said."""
    other_calls: CallRate = changeable("0 per hour")
    """Calls from outside the model while it is open, such as `20 per hour`."""
    resolves: Share = changeable(0.7)
    """Share of contacts that settle the matter at once."""


def _levers(value: object) -> object:
    """Levers by name, with a did-you-mean for each that is none."""
    if isinstance(value, dict):
        unknown = [key for key in value if key not in LEVERS]
        faults = [
            Fault("CXM201", (key,), f"{quote(key)} is not a lever", one_of(LEVERS), at_key=True) for key in unknown
        ]
        if faults:
            refuse(*faults)
    return value


def _parts_of_one(parts: Mapping[LeverName, float]) -> Mapping[LeverName, float]:
    total = sum(parts.values())
    return {lever: part / total for lever, part in parts.items()}


def _thirds() -> dict[LeverName, float]:
    return {lever: 1.0 for lever in DELIVERY_LEVERS}


class Touchpoint(Part):
    """One place where customers meet the company."""

    stage: Annotated[StageName, choice(*STAGES, what="stage")]
    """Where in the journey it lies: aware, choose, buy, receive, use, support, renew, leave or return."""
    channel: Text | None = None
    """Where it happens: app, web, phone, shop …"""
    role: Annotated[Literal["customer", "user"], choice("customer", "user", what="role")] = Field(
        "customer", alias="as"
    )
    """In which role it is lived: the one who buys or the one who uses."""
    delivers: Mapping[Id, Level] = changeable(default_factory=dict, max_length=200)
    """The level delivered today, by attribute."""
    visits: Visits | None = None
    """How many times it is lived; once, or as long as they stay where only `every` is given."""
    every: Interval | None = None
    """Time from one visit to the next, such as `2 days`."""
    importance: Weight = changeable(1.0)
    """How much one visit weighs in memory."""
    relies_on: Annotated[
        Mapping[LeverName, PartWeight],
        Field(min_length=1),
        BeforeValidator(_levers),
        AfterValidator(_parts_of_one),
    ] = Field(default_factory=_thirds)
    """The levers it rests on, and their parts; practices, people and platforms alike where not said."""
    fails: Fails | None = None
    """How often it fails, and what then."""
    effort: Effort = changeable(0.0)
    """Points the trouble it takes costs."""
    staffed: Staffed | None = None
    """The desk that serves it, if people have to answer."""

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
