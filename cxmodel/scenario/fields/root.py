"""The root of the fields: a whole scenario, the single source for parsing, validation, JSON Schema and defaults.

Everything in it is normalised: days, per day, shares of one, points.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import Field, PrivateAttr

from cxmodel.errors import Problem, UsageError
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario.faults import suggestion
from cxmodel.scenario.fields.base import FieldGroup, Id, SchemaVersion, Text, written
from cxmodel.scenario.fields.customers import (
    Attribute,
    BrandPromise,
    ClosedLoop,
    InsightSource,
    Segment,
    Survey,
    Today,
    ValueProposition,
)
from cxmodel.scenario.fields.levers import Levers
from cxmodel.scenario.fields.market import Economics, Rival
from cxmodel.scenario.fields.parameters import Assumed
from cxmodel.scenario.fields.plans import Expectation, Future, Initiative, Plan, ToldPlan
from cxmodel.scenario.fields.quantity import Fact
from cxmodel.scenario.fields.touchpoints import Touchpoint
from cxmodel.scenario.fields.units import Figure, Horizon
from cxmodel.scenario.yaml_text.document import Document
from cxmodel.vocabulary import AS_IS, humanise

WORDS: Final = frozenset({"label", "what", "persona", "owner", "doing", "thinking", "feeling"})
"""Fields of the things of a scenario that only people read: nothing that is simulated depends on them."""
OF_ALL: Final = frozenset({"meta", "name", "question", "summary"})
"""The same of the scenario as a whole."""


class Root(FieldGroup):
    """One world, and the things the company could do about it."""

    schema_version: SchemaVersion = Field(alias="schema")
    """The version of the scenario language, `schema: 1`."""
    name: Text = Field(min_length=1)
    """What it is called."""
    question: Text = ""
    """The question it answers; printed over every result."""
    summary: Text = ""
    """The story in a sentence or two."""
    horizon: Horizon = written("24 months")
    """How far to look ahead, such as `24 months`."""
    currency: Text | None = None
    """Currency of every amount of money, such as GBP."""
    attributes: Mapping[Id, Attribute] = Field(min_length=1, max_length=200)
    """What customers judge, by id."""
    today: Today = Today()
    """What was measured today."""
    segments: Mapping[Id, Segment] = Field(min_length=1, max_length=200)
    """Who the customers are, by id."""
    value_propositions: Mapping[Id, ValueProposition] = Field(default_factory=dict, max_length=200)
    """The bargains offered, by id."""
    brand_promises: Mapping[Id, BrandPromise] = Field(default_factory=dict, max_length=500)
    """What people are told to expect, by id."""
    insight_sources: Mapping[Id, InsightSource] = Field(default_factory=dict, max_length=500)
    """How the company learns what is needed, by id; without any it knows all."""
    levers: Levers = Levers()
    """The five Ps as they stand today."""
    journey: Mapping[Id, Touchpoint] = Field(min_length=1, max_length=1000)
    """The touchpoints in the order customers live them, by id."""
    rivals: Mapping[Id, Rival] = Field(default_factory=dict, max_length=200)
    """Other providers, by id."""
    economics: Economics | None = None
    """What a customer is worth."""
    closed_loop: ClosedLoop | None = None
    """Asking right after, acting on the worst, telling what came of it."""
    survey: Survey = Survey()
    """The survey that the company holds of its own customers."""
    assumptions: Assumed = Assumed()
    """Parameters of the model, by name; as documented where not set."""
    initiatives: Mapping[Id, Initiative] = Field(default_factory=dict, max_length=1000)
    """What the company could do, by id."""
    futures: Mapping[Id, Future] = Field(default_factory=dict, max_length=1000)
    """What could happen to the company, by id."""
    plans: Mapping[Id, Plan] = Field(default_factory=dict, max_length=1000)
    """Choices worth comparing: initiatives, by plan, alone or with words about it. `as_is` (none) always exists."""
    targets: Mapping[Id, Figure] = Field(default_factory=dict)
    """What management expects, by metric."""
    expect: tuple[Expectation, ...] = Field((), max_length=1000)
    """What has to hold of the results."""
    meta: Mapping[str, Any] = Field(default_factory=dict)
    """Free keys of your own."""

    _document: Document = PrivateAttr(default_factory=lambda: Document("<none>"))
    _facts: dict[str, Fact] = PrivateAttr(default_factory=dict)
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())
    _hash: str = PrivateAttr(default="")
    _standing_hash: str = PrivateAttr(default="")
    _numbers_hash: str = PrivateAttr(default="")

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The numbers that came with a source or a range, by dotted path."""
        return MappingProxyType(self._facts)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What looks odd but does not stop anything."""
        return self._warnings

    @property
    def hash(self) -> str:
        """Fingerprint of what the scenario means: equal hashes give equal results.

        Comments, layout, spelling of units and `meta` do not change it; the order of entries does, because
        a journey is lived in that order.
        """
        if not self._hash:
            ranges = {
                path: (fact.low, fact.high, fact.source, fact.as_of, fact.note)
                for path, fact in sorted(self._facts.items())
            }
            self._hash = _fingerprint([self.model_dump(mode="python", by_alias=True, exclude={"meta"}), ranges])
        return self._hash

    @property
    def standing_hash(self) -> str:
        """Fingerprint of the world as it stands: without what it could do, expects or aims at, and words."""
        if not self._standing_hash:
            self._standing_hash = _fingerprint(
                self._without_words("initiatives", "futures", "plans", "targets", "expect")
            )
        return self._standing_hash

    @property
    def numbers_hash(self) -> str:
        """Fingerprint of all but the words: scenarios that share it give the same numbers, bit for bit.

        Names, labels, personas and sources do not change it; ids, their order, numbers, ranges and switches do.
        """
        if not self._numbers_hash:
            plans = {name: self.initiatives_of(name) for name in self.plans}
            ranges = {path: (fact.low, fact.high) for path, fact in sorted(self._facts.items())}
            ranges = {path: span for path, span in ranges.items() if span != (None, None)}
            self._numbers_hash = _fingerprint([self._without_words("plans"), plans, ranges])
        return self._numbers_hash

    def _without_words(self, *beside: str) -> dict[str, Any]:
        """Everything but these sections, and the words of all others."""
        left = [name for name in type(self).model_fields if name not in (*OF_ALL, *beside)]
        things: Any = {name: {"__all__": WORDS} for name in left if isinstance(getattr(self, name), Mapping)}
        return self.model_dump(mode="python", by_alias=True, include=set(left), exclude=things)

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def files(self) -> tuple[str, ...]:
        """The files it is made of: its own, then those it extends, what wins over the others first."""
        return self._document.files or (self._document.name,)

    @property
    def written(self) -> dict[str, Any]:
        """The whole scenario as written, its layers laid over one another; a copy."""
        return copy.deepcopy(self._document.plain)

    @property
    def parameters(self) -> Assumptions:
        """The parameters of the model, as this scenario sets them."""
        return Assumptions.of(self.assumptions.model_dump())

    def label(self, section: str, id: str, *, capital: bool = True) -> str:
        """What people call a thing of a section, such as `("journey", "track_order")`: its label, or its id in words.

        A label stands as it is written, whatever `capital` says.
        """
        given: str = getattr(getattr(self, section).get(id), "label", "")
        return given or humanise(id, capital=capital)

    def label_or_id(self, section: str, id: str) -> str:
        """A thing of a section by its label, or by its id as a command takes it where it has none."""
        given: str = getattr(getattr(self, section).get(id), "label", "")
        return given or id

    def what_of(self, plan: str) -> str:
        """What a plan says that it is; empty for one that says nothing."""
        held = self.plans.get(plan)
        return held.what if isinstance(held, ToldPlan) else ""

    def initiatives_of(self, plan: str) -> tuple[str, ...]:
        """The initiatives of a plan; none for `as_is`."""
        if plan in self.plans:
            held = self.plans[plan]
            return held.initiatives if isinstance(held, ToldPlan) else held
        if plan == AS_IS:
            return ()
        raise UsageError(f"there is no plan `{plan}`: {suggestion(plan, [AS_IS, *self.plans])}")


def _fingerprint(meaning: Any) -> str:
    text = json.dumps(_normal(meaning), separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _normal(value: Any) -> Any:
    """The value with its numbers to twelve digits, so that `12 per month` and `144 per year` are the same.

    What has no label of its own is what it always was.
    """
    if isinstance(value, dict):
        return [[key, _normal(item)] for key, item in value.items() if (key, item) != ("label", "")]
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value) + 0.0:.12g}"
    return value
