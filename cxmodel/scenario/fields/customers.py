"""Who the customers are, what they need, what they are offered and told, how well they are understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from cxmodel.model.assumptions import KINDS
from cxmodel.scenario.fields.base import FieldGroup, Id, Ids, Labelled, Switch, Text, changeable, choice, words, written
from cxmodel.scenario.fields.units import (
    Actions,
    ArrivalRate,
    Cadence,
    CallRate,
    Delay,
    ImitationRate,
    InnovationRate,
    Interval,
    LeavingRate,
    Level,
    LevelRate,
    MoneyRate,
    People,
    Points,
    PriceTag,
    Questions,
    Share,
    Weight,
)
from cxmodel.vocabulary import INSIGHT_KINDS


class Attribute(Labelled):
    """Something customers judge, and how its absence or presence feels."""

    kind: Annotated[str, choice(*KINDS, what="kind of attribute"), words(*KINDS)] = "performance"
    """Must have (`must_be`), more is better (`performance`) or delight (`attractive`)."""


class Today(FieldGroup):
    """What was measured today; the model starts from it."""

    nps: Points | None = None
    """Net promoter score of today's customers, -100 to 100."""
    leave: LeavingRate | None = None
    """Share of customers who leave, such as `1.2 % per month`."""
    contacts: CallRate | None = None
    """Contacts that a customer makes, such as `1.2 per year`."""


class Need(FieldGroup):
    """What a segment needs of one attribute."""

    level: Level = changeable()
    """The level that would satisfy, 0 to 100."""
    weight: Weight = 1.0
    """How much it weighs beside the other needs."""
    drift: LevelRate = written("0 per year")
    """How the need itself moves, such as `+2 per year`."""
    believes: Level | None = None
    """The level that the company takes for the need today, where that is known."""


class Persona(FieldGroup):
    """A face for a segment, shown beside its numbers."""

    name: Text = ""
    """What to call them."""
    quote: Text = ""
    """What they would say."""


class Arrivals(FieldGroup):
    """Prospects become aware at a steady rate until they are used up."""

    arrivals: ArrivalRate = changeable()
    """Prospects who become aware, such as `100 per month`."""

    @property
    def rate(self) -> float:
        """Prospects who become aware [per day]."""
        return self.arrivals


class Bass(FieldGroup):
    """Prospects become aware by themselves and from each other (Bass 1969)."""

    p: InnovationRate = changeable()
    """Innovation: share who become aware by themselves, per year."""
    q: ImitationRate = changeable()
    """Imitation: share who become aware from others, per year."""


def _way(adoption: Any) -> str:
    """Which of the two ways of adoption is meant."""
    if isinstance(adoption, dict):
        return "(bass)" if {"p", "q"} & set(adoption) and "arrivals" not in adoption else "(arrivals)"
    return "(bass)" if isinstance(adoption, Bass) else "(arrivals)"


Adoption = Annotated[Annotated[Arrivals, Tag("(arrivals)")] | Annotated[Bass, Tag("(bass)")], Discriminator(_way)]


class Segment(Labelled):
    """People with the same needs."""

    customers: People = 0
    """How many are customers today."""
    prospects: People = 0
    """How many could become customers."""
    adoption: Adoption | None = None
    """How prospects become aware: `{arrivals: 100 per month}` or `{p: 0.03, q: 0.38}` per year."""
    needs: Mapping[Id, Need] = Field(min_length=1, max_length=200, title="need")
    """What they need, by attribute."""
    switching_cost: Share = changeable(0.0)
    """How hard it is to leave: 0 with a click, 0.2 a little trouble, 0.5 a contract, 1 locked in."""
    leave: LeavingRate | None = None
    """Share of this segment's customers who leave, such as `1.2 % per month`; else what `today` says of all."""
    decides: Cadence | None = None
    """When they decide to stay, such as `every month`; at renewals where not set, else every month."""
    response_rate: Share | None = changeable(None)
    """Share who answer the company's survey; what `survey` says where not set."""
    persona: Persona | None = None
    """A face and a voice."""


class ValueProposition(Labelled):
    """The bargain offered to chosen segments."""

    segments: Ids = Field(alias="for", min_length=1, max_length=200)
    """The segments it is for."""
    price: PriceTag | None = changeable(None)
    """What it costs: `140` at buying and each renewal, or `12 per month`."""
    offers: Mapping[Id, Level] = Field(default_factory=dict, max_length=200, title="offered")
    """The level it implies to someone told nothing else, by attribute."""


class BrandPromise(Labelled):
    """Something people are told to expect."""

    attribute: Id
    """The attribute it is about."""
    level: Level = changeable()
    """The level it promises, 0 to 100."""
    reach: Share = changeable(1.0)
    """Share of people it reaches."""
    believed: Share | None = changeable(None)
    """How far it is believed; 0.7 where not set."""
    made_at: Ids = ()
    """Touchpoints that tell it; without any, the brand itself does before the first touchpoint."""


def _each(things: list[str]) -> str:
    return f"{', '.join(things[:-1])}, or {things[-1]}"


class InsightSource(Labelled):
    """How the company learns what customers need."""

    kind: Annotated[str, choice(*INSIGHT_KINDS, what="kind of insight source"), words(*INSIGHT_KINDS)] = Field(
        description=f"What it looks at: {_each([facts.what for facts in INSIGHT_KINDS.values()])}."
    )
    sees: Ids = Field(min_length=1, max_length=200)
    """The attributes it tells about."""
    reliability: Share = changeable()
    """How far it can be relied on, 0 to 1."""
    coverage: Share = changeable(1.0)
    """Share of the customers it covers."""
    lag: Delay = written("0 days")
    """How old its picture is, such as `2 months`."""
    ahead: Delay = written("0 days")
    """How far ahead a technology source sees, such as `6 months`."""
    cost: MoneyRate = written("0 per month")
    """What it costs, such as `120 per month`."""


class Survey(FieldGroup):
    """What the company's own score rests on."""

    questions: Questions = changeable(5)
    """How many questions it asks; each beyond the fifth loses answers."""
    response: Share | None = changeable(None)
    """Share who answer five questions; 0.2 where not set."""
    every: Interval = changeable("3 months")
    """How often it is held, such as `3 months`; at the ends of months."""


class ClosedLoop(FieldGroup):
    """Asking right after, acting on the worst, and telling what came of it, again and again."""

    every: Interval = changeable("1 month")
    """How often, such as `1 month`."""
    questions: Questions = changeable(5)
    """How many questions it asks; each beyond the fifth loses answers."""
    response: Share = changeable(0.2)
    """Share of visits after which five questions are answered."""
    actions: Actions = changeable(1)
    """How many of the worst touchpoints are acted on each time; 0 for none."""
    deadline: Delay = changeable("1 month")
    """Time to complete an action."""
    lift: Level | None = changeable(None)
    """Points that a completed action adds to its touchpoint, up to the need; 4 where not set."""
    share_words: Switch = changeable(False)
    """Whether the team reads what customers said in their own words."""
    tell_customers: Switch = changeable(False)
    """Whether customers hear what was changed."""
    tell_team: Switch = changeable(True)
    """Whether the team hears what came of its actions."""
