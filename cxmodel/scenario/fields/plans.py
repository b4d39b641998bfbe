"""What moves (levers, rivals, initiatives, futures), what it is worth, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field, create_model, model_validator

from cxmodel.model.assumptions import Parameter, parameters
from cxmodel.scenario.faults import Fault
from cxmodel.scenario.fields.base import Id, Part, Switch, Text, changeable, choice, words, written
from cxmodel.scenario.fields.quantity import refuse
from cxmodel.scenario.fields.units import (
    Figure,
    HalfLife,
    Level,
    LevelRate,
    Margin,
    Moment,
    Money,
    MoneyRate,
    PriceTag,
    Share,
    amount,
)
from cxmodel.vocabulary import LEVERS, METRIC_NAMES


def _range(known: Parameter) -> str:
    return f"a number from {known.low:g} to {known.high:g}"


class Lever(Part):
    """How far one of the five Ps is developed."""

    level: Share = changeable(0.5, title="lever")
    """0.2 nobody's job, 0.4 some do it, 0.6 mostly done, 0.8 measured, improved, 0.95 nobody better."""
    cost: MoneyRate = written("0 per year")
    """What a whole point more costs, such as `400000 per year`, from the moment it is asked for."""


class Culture(Part):
    """How far a change of the levers reaches people: below the threshold it hardly does."""

    level: Share = changeable()
    """How conscious of customers the company is, 0 to 1."""
    threshold: Share = 0.5
    """The level at which half of a change gets through."""


class _ByName(Part):
    """The five Ps by name."""

    def level(self, lever: str) -> float:
        """How far one of the five Ps is developed today [0-1]."""
        return float(getattr(self, lever).level)

    def cost(self, lever: str) -> float:
        """What a whole point more of it costs [money per day]."""
        return float(getattr(self, lever).cost)


if TYPE_CHECKING:

    class Levers(_ByName):
        """The five Ps: what a company can pull."""

        culture: Culture | None = None
        single_view: Lever | None = None

else:
    Levers = create_model(
        "Levers",
        __base__=_ByName,
        __doc__="The five Ps: what a company can pull.",
        **{lever: (Lever, Field(Lever(), description=facts.what)) for lever, facts in LEVERS.items()},
        culture=(
            Culture | None,
            Field(None, description="How far changes of levers reach; all the way where it is left out."),
        ),
        single_view=(
            Lever | None,
            Field(None, description="How far all channels see the same customer; not at all where it is left out."),
        ),
    )
    """Made from the table of levers, so that a lever is one entry there."""


if TYPE_CHECKING:

    class Assumed(Part):
        """Parameters of the model that this scenario sets."""

else:
    Assumed = create_model(
        "Assumed",
        __base__=Part,
        __doc__="Parameters of the model that this scenario sets.",
        **{
            name: (
                Annotated[float, amount(known.low, known.high, _range(known), known.unit)],
                Field(known.default, description=f"{known.what}; {known.unit}, {known.default:g} where not set."),
            )
            for name, known in parameters().items()
        },
    )
    """Made from the table of parameters."""


class Rival(Part):
    """Another provider customers know."""

    levels: Mapping[Id, Level] = changeable(min_length=1, max_length=200, title="level")
    """The level it delivers, by attribute."""
    moves: Mapping[Id, LevelRate] = Field(default_factory=dict, max_length=200)
    """How its levels move, such as `+2 per year`."""
    price: PriceTag | None = changeable(None)
    """What it charges: the price that others are measured by."""
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
    """Time to get half of the way, such as `2 months`; 1 month where not set, for levers what is usual."""


class Initiative(Future):
    """Something the company could do."""

    cost: Cost | None = None
    """What it costs."""


BOUNDS: Final = ("better_than", "worse_than", "above", "below")
"""The ways to say what is expected; an expectation has one of them."""


class Expectation(Part):
    """Something that has to hold of the results."""

    plan: Id = "as_is"
    """The plan it is about."""
    metric: Annotated[str, choice(*METRIC_NAMES, what="metric", code="CXM308"), words(*METRIC_NAMES)]
    """The metric it is about."""
    segment: Id = "all"
    """The segment it is about; all of them where not set."""
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
        said = [bound for bound in BOUNDS if getattr(self, bound) is not None]
        if len(said) != 1:
            message = "this says nothing to check" if not said else f"`{said[0]}` and `{said[1]}` in one expectation"
            refuse(
                Fault(
                    "CXM405",
                    (),
                    message,
                    "one of `better_than`, `worse_than`, `above` and `below`, such as `above: 30`",
                )
            )
        return self
