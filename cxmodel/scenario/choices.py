"""What moves (levers, rivals, initiatives, futures), what it is worth, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from cxmodel.scenario.fields import Id, Part, Switch, Text, changeable, choice, written
from cxmodel.scenario.names import METRIC_NAMES
from cxmodel.scenario.problems import Fault
from cxmodel.scenario.quantity import refuse
from cxmodel.scenario.units import Figure, HalfLife, Level, LevelRate, Margin, Moment, Money, MoneyRate, Share


class Lever(Part):
    """How far one of the five Ps is developed."""

    level: Share = changeable(0.5)
    """0.2 nobody's job, 0.4 some do it, 0.6 mostly done, 0.8 measured, improved, 0.95 nobody better."""


class Levers(Part):
    """The five Ps: what a company can pull."""

    priorities: Lever = Lever()
    """What comes first when not everything can."""
    policies: Lever = Lever()
    """What people are allowed and asked to do."""
    practices: Lever = Lever()
    """How work is done every day."""
    people: Lever = Lever()
    """Who does it, and how able and willing they are."""
    platforms: Lever = Lever()
    """The systems it runs on."""


class Rival(Part):
    """Another provider customers know."""

    levels: Mapping[Id, Level] = changeable(min_length=1, max_length=200)
    """The level it delivers, by attribute."""
    moves: Mapping[Id, LevelRate] = Field(default_factory=dict, max_length=200)
    """How its levels move, such as `+2 per year`."""
    switch: Switch = True
    """Whether customers can leave for it; false for one that only raises the bar."""


class Economics(Part):
    """What a customer is worth; without it there are no money figures."""

    margin: Margin = changeable()
    """Margin of one customer, such as `9 per month`."""
    contact_cost: Money = changeable(0.0)
    """Cost of one contact."""
    acquisition_cost: Money = changeable(0.0)
    """Cost of winning one customer."""
    discount_rate: Share = changeable(0.0)
    """How much less money is worth a year later, such as 0.1."""


class Cost(Part):
    """What an initiative costs."""

    once: Money = 0.0
    """At the start."""
    running: MoneyRate = written("0 per month")
    """From the start to the horizon, such as `200 per month`."""


class Future(Part):
    """Something that could happen: values that move to new ones at some time."""

    what: Text = ""
    """What it is, in a sentence."""
    changes: Mapping[str, Any] = Field(min_length=1, max_length=1000)
    """New values by dotted path, such as `journey.track_order.delivers.clarity: 80`."""
    starts: Moment = written("month 0")
    """When it starts, such as `month 3`."""
    half_life: HalfLife | None = None
    """Time to get half of the way, such as `2 months`; 1 month where not said, for levers what is usual."""


class Initiative(Future):
    """Something the company could do."""

    cost: Cost | None = None
    """What it costs."""


_BOUNDS = ("better_than", "worse_than", "above", "below")


class Expectation(Part):
    """Something that has to hold of the results."""

    plan: Id = "as_is"
    """The plan it is about."""
    metric: Annotated[str, choice(*METRIC_NAMES, what="metric", code="CXM308")]
    """The metric it is about."""
    segment: Id = "all"
    """The segment it is about; all of them where not said."""
    better_than: Id | None = None
    """The plan it has to beat."""
    worse_than: Id | None = None
    """The plan it has to fall behind."""
    above: Figure | None = None
    """The number it has to be above."""
    below: Figure | None = None
    """The number it has to be below."""
    by: Figure | None = None
    """By how much, at least."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = [bound for bound in _BOUNDS if getattr(self, bound) is not None]
        if len(said) != 1:
            message = "this says nothing to check" if not said else f"`{said[0]}` and `{said[1]}` in one expectation"
            refuse(Fault("CXM405", (), message, "one of `better_than`, `worse_than`, `above` and `below`"))
        return self
