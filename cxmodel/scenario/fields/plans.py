"""Plans: initiatives that a company could choose, futures that could happen, and what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from cxmodel.scenario.faults import Fault
from cxmodel.scenario.fields.base import FieldGroup, Id, Ids, Labelled, Text, choice, words, written
from cxmodel.scenario.fields.quantity import refuse
from cxmodel.scenario.fields.units import Figure, HalfLife, Moment, Money, MoneyRate
from cxmodel.vocabulary import AS_IS, EVERYONE, METRIC_NAMES


class Cost(FieldGroup):
    """What an initiative costs."""

    once: Money = 0.0
    """At the start."""
    running: MoneyRate = written("0 per month")
    """From the start to the horizon, such as `200 per month`."""


class Future(Labelled):
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


class ToldPlan(Labelled):
    """Initiatives worth comparing, with words about them."""

    what: Text = ""
    """What it is, in a sentence."""
    initiatives: Ids = ()
    """The initiatives it starts."""


def _form(written: Any) -> str:
    """Which of the two forms of a plan is written, or was read."""
    return "(told)" if isinstance(written, dict | ToldPlan) else "(list)"


def _without_nothing(plan: ToldPlan | tuple[Id, ...]) -> ToldPlan | tuple[Id, ...]:
    """A plan of which nothing is told is its initiatives, in whichever form it is written."""
    return plan.initiatives if isinstance(plan, ToldPlan) and not (plan.label or plan.what) else plan


Plan = Annotated[
    Annotated[ToldPlan, Tag("(told)")] | Annotated[Ids, Tag("(list)")],
    Discriminator(_form),
    AfterValidator(_without_nothing),
]
"""A choice worth comparing: its initiatives alone, or with words about them."""


BOUNDS: Final = ("better_than", "worse_than", "above", "below")
"""The ways to say what is expected; an expectation has one of them."""


class Expectation(FieldGroup):
    """Something that has to hold of the results."""

    plan: Id = AS_IS
    """The plan it is about."""
    metric: Annotated[str, choice(*METRIC_NAMES, what="metric", code="CXM308"), words(*METRIC_NAMES)]
    """The metric it is about."""
    segment: Id = EVERYONE
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
