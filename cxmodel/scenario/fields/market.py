"""The market: rivals that customers know, and what a customer is worth (economics)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from cxmodel.scenario.fields.base import FieldGroup, Id, Labelled, Switch, changeable
from cxmodel.scenario.fields.units import Level, LevelRate, Margin, Money, PriceTag, Share


class Rival(Labelled):
    """Another provider customers know."""

    levels: Mapping[Id, Level] = changeable(min_length=1, max_length=200, title="level")
    """The level it delivers, by attribute."""
    moves: Mapping[Id, LevelRate] = Field(default_factory=dict, max_length=200)
    """How its levels move, such as `+2 per year`."""
    price: PriceTag | None = changeable(None)
    """What it charges: the price that others are measured by."""
    switch: Switch = True
    """Whether customers can leave for it; false for one that only raises the bar."""


class Economics(FieldGroup):
    """What a customer is worth; without it there are no money figures."""

    margin: Margin = changeable()
    """Margin of one customer, such as `9 per month`."""
    contact_cost: Money = changeable(0.0)
    """Cost of one contact."""
    acquisition_cost: Money = changeable(0.0)
    """Cost of winning one customer."""
    discount_rate: Share = Field(0.0)
    """How much less money is worth a year later, such as 0.1."""
