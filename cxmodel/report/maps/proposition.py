"""The proposition by segment: what is needed, offered, promised, delivered, and what rivals give. Draws nothing.

The strategy canvas shows levels by attribute; the value map what each provider is worth to the segment, and its price.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from cxmodel.engine.inputs.prices import months_between
from cxmodel.model.economics import per_month
from cxmodel.report.maps.cells import NONE
from cxmodel.report.maps.plan_numbers import Standing
from cxmodel.report.maps.promises import offer_to
from cxmodel.report.text.numbers import interval, listed, money, percent
from cxmodel.vocabulary import EVERYONE, PRICE

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.fields.notation import Price

SHORT: Final = 3.0
"""Points below the need from which on a level is marked as a gap: more than nearly what is needed."""
OVER: Final = 5.0
"""Points above it from which on it is marked as over-delivery."""
ALIKE: Final = 5.0
"""Points of value for money within which two bargains are worth the same."""
WE: Final = "(we)"
"""The id of the company among providers: no rival can have it."""
OURS: Final = "We"
"""What it is called there."""
FITS: Final = ((1.0, "fits what they need"), (5.0, "nearly fits what they need"), (10.0, "leaves part of it open"))
"""What a weighted shortfall up to so many points means."""
MISFIT: Final = "is made for somebody else"


@dataclass(frozen=True, slots=True)
class Judged:
    """One attribute in the eyes of a segment; levels [0-100], None where nobody says."""

    id: str
    name: str
    weight: float
    """Its share of all that the segment needs [0-1]."""
    need: float
    offered: float | None
    promised: float | None
    delivered: float | None
    rivals: Mapping[str, float | None]
    paid: float | None
    """The part of the price that goes to this need, by its weight [money]."""

    @property
    def gap(self) -> float:
        """Points delivered below the need; negative above it, nan where nothing was delivered."""
        return math.nan if self.delivered is None else self.need - self.delivered

    @property
    def verdict(self) -> str:
        """Gap or over-delivery in words; empty for neither."""
        return self.mark.replace("over by", "over-delivers")

    @property
    def mark(self) -> str:
        """The same where there is little room."""
        if self.gap >= SHORT:
            return f"gap {self.gap:.0f}"
        return f"over by {-self.gap:.0f}" if self.gap <= -OVER else ""


@dataclass(frozen=True, slots=True)
class Provider:
    """We or a rival, as a segment sees it."""

    id: str
    name: str
    value: float | None
    """Value for money: its levels weighted by the segment's needs [0-100]."""
    span: str
    """The 95 % interval of ours; empty for rivals, whose levels are given."""
    quality: float | None
    """The same without the attribute `price`."""
    price: float | None
    """Per month [money], where it is given."""
    dear: float | None
    """How dear it feels [0-100]: 100 less the level of `price`; None where price is no need."""
    assumed: tuple[str, ...] = ()
    """Attributes that it says nothing of, for which the need is taken."""


@dataclass(frozen=True, slots=True)
class Bargain:
    """The proposition in the eyes of one segment."""

    segment: str
    name: str
    currency: str | None
    attributes: tuple[Judged, ...]
    """The heaviest first."""
    rivals: Mapping[str, str]
    """Names by id."""
    providers: tuple[Provider, ...]
    """We first."""
    price_weight: float
    """The share of the needs that `price` makes up."""
    price: str
    """What is charged, in words; empty where it is not said."""

    @property
    def misfit(self) -> float | None:
        """Weighted points that what is offered stays below what is needed; None where nothing is offered."""
        known = [each for each in self.attributes if each.offered is not None]
        weight = sum(each.weight for each in known)
        if not weight:
            return None
        return sum(each.weight * max(0.0, each.need - (each.offered or 0.0)) for each in known) / weight

    @property
    def fit(self) -> str:
        """Proposition fit in a sentence."""
        misfit = self.misfit
        if misfit is None:
            return "Proposition fit cannot be told: no value proposition offers this segment anything."
        means = next((words for most, words in FITS if misfit < most), MISFIT)
        missing = sorted(
            (each for each in self.attributes if each.offered is not None and each.need - each.offered >= 1.0),
            key=lambda each: -each.weight * (each.need - (each.offered or 0.0)),
        )
        most = "".join(
            f", most of it in {each.name} ({each.offered:.0f} offered, {each.need:.0f} needed)" for each in missing[:1]
        )
        silent = [each.name for each in self.attributes if each.offered is None]
        left = f" It says nothing of {listed(silent)}." if silent else ""
        return f"Proposition fit: {misfit:.1f} points below the need{most}; the offer {means}.{left}"

    @property
    def overpromised(self) -> str:
        """Which promise is above what is delivered, in a sentence; empty where nothing is promised."""
        promised = [each for each in self.attributes if each.promised is not None and each.delivered is not None]
        above = [
            f"{each.name} {each.promised:.0f} against {each.delivered:.0f}"
            for each in promised
            if each.promised is not None and each.delivered is not None and each.promised - each.delivered >= 1.0
        ]
        if above:
            return f"Promised above what is delivered: {listed(above)}."
        return f"What is promised is delivered: {listed([each.name for each in promised])}." if promised else ""

    @property
    def standing(self) -> str:
        """Value for money of each provider, in a sentence."""
        known = [f"{each.name} {each.value:.0f}" for each in self.providers if each.value is not None]
        return f"Value for money: {listed(known)}." if known else "Nothing was delivered to this segment yet."


def bargains(result: Result) -> list[Bargain]:
    """The proposition in the eyes of the segment that a result is of, or of each of them."""
    chosen = [result.segment] if result.segment != EVERYONE else list(result.scenario.segments)
    standing = Standing.of(result)
    return [_bargain(result, standing, segment) for segment in chosen]


def equal_value(result: Result) -> str:
    """Whether providers give the same value for money to different segments, by different bargains; else nothing.

    Each provider is told in the eyes of the segment that it serves best.
    """
    found = [_bargain(result, Standing.of(result), segment) for segment in result.scenario.segments]
    best: dict[str, tuple[float, str, str]] = {}
    for bargain in found:
        for each in bargain.providers:
            if each.value is not None and each.value > best.get(each.id, (-math.inf, "", ""))[0]:
                best[each.id] = (each.value, each.name, bargain.name)
    if WE not in best:
        return ""
    mine = best.pop(WE)
    rivals = [each for each in best.values() if each[2] != mine[2] and abs(each[0] - mine[0]) <= ALIKE]
    told = [f"{name} gives {segment.lower()} {value:.0f}" for value, name, segment in rivals]
    if not told:
        return ""
    return f"Equal value for money by different bargains: we give {mine[2].lower()} {mine[0]:.0f}, and {listed(told)}."


def _bargain(result: Result, standing: Standing, segment: str) -> Bargain:
    scenario = result.scenario
    needs = scenario.segments[segment].needs
    total = sum(need.weight for need in needs.values()) or 1.0
    offered, promised, delivered = offer_to(scenario, segment), _promised(standing), _delivered(result, segment)
    ours, theirs = standing.price_levels
    if PRICE in needs and math.isfinite(ours[segment]):
        offered.setdefault(PRICE, ours[segment])
    price = _price(scenario, segment)
    levels = {name: _levels(standing, name, theirs) for name in scenario.rivals}
    judged = []
    for attribute, need in sorted(needs.items(), key=lambda item: -item[1].weight):
        share = need.weight / total
        judged.append(
            Judged(
                attribute,
                scenario.label("attributes", attribute, capital=False),
                share,
                standing.level(f"segments.{segment}.needs.{attribute}.level", need.level, need.drift),
                offered.get(attribute),
                promised.get(attribute),
                delivered.get(attribute),
                {name: each.get(attribute) for name, each in levels.items()},
                None if price is None else share * price.amount,
            )
        )
    names = {name: scenario.label("rivals", name) for name in scenario.rivals}
    weight = sum(each.weight for each in judged if each.id == PRICE)
    providers = tuple(_providers(result, standing, segment, judged, price, names))
    return Bargain(
        segment,
        scenario.label("segments", segment),
        scenario.currency,
        tuple(judged),
        names,
        providers,
        weight,
        _price_words(price, scenario.currency),
    )


def _providers(
    result: Result,
    standing: Standing,
    segment: str,
    judged: Sequence[Judged],
    price: Price | None,
    names: Mapping[str, str],
) -> Iterator[Provider]:
    """We, with the metric's own interval, and each rival."""
    scenario, between = result.scenario, months_between(result.scenario)
    known = {each.id: each.delivered for each in judged}
    whole = result.whole.metric("value_for_money", segment)
    mine = per_month(_priced_now(standing, segment, price), price.per, between) if price is not None else None
    yield Provider(
        WE,
        OURS,
        whole.value,
        "" if whole.low is None else interval(whole.low, whole.high),
        _weighed(judged, known, without=PRICE),
        None if mine is None else float(mine),
        _dear(judged, known),
    )
    for name, called in names.items():
        rival = scenario.rivals[name]
        levels = {each.id: each.rivals[name] for each in judged}
        filled = {each.id: each.need if levels[each.id] is None else levels[each.id] for each in judged}
        asked = rival.price
        charged = None
        if asked is not None:
            charged = float(per_month(standing.number(f"rivals.{name}.price", asked.amount), asked.per, between))
        yield Provider(
            name,
            called,
            _weighed(judged, filled),
            "",
            _weighed(judged, filled, without=PRICE),
            charged,
            _dear(judged, levels),
            tuple(each.name for each in judged if levels[each.id] is None),
        )


def _weighed(judged: Sequence[Judged], levels: Mapping[str, float | None], without: str = "") -> float | None:
    """Levels weighted by needs; None where there are none."""
    known = [(each.weight, level) for each in judged if each.id != without and (level := levels[each.id]) is not None]
    weight = sum(share for share, _ in known)
    return sum(share * level for share, level in known) / weight if weight else None


def _dear(judged: Sequence[Judged], levels: Mapping[str, float | None]) -> float | None:
    level = levels.get(PRICE)
    return None if level is None or not any(each.id == PRICE for each in judged) else 100.0 - level


def _delivered(result: Result, segment: str) -> dict[str, float]:
    """The level that a segment lived, by attribute, weighted by what is remembered."""
    rows = [row for row in result.whole.rows("touchpoints") if row["segment"] == segment and row["memory_share"]]
    found = {}
    for attribute in dict.fromkeys(row["attribute"] for row in rows):
        mine = [row for row in rows if row["attribute"] == attribute]
        weights = [row["memory_share"] for row in mine]
        found[attribute] = float(np.average([row["delivered"] for row in mine], weights=weights))
    return found


def _promised(standing: Standing) -> dict[str, float]:
    """The level promised, by attribute; of several promises each counts with its reach and how far it is believed."""
    scenario, found = standing.scenario, dict[str, list[tuple[float, float]]]()
    for name, promise in scenario.brand_promises.items():
        path, usual = f"brand_promises.{name}", scenario.parameters.believed
        believed = usual if promise.believed is None else promise.believed
        heard = standing.number(f"{path}.reach", promise.reach) * standing.number(f"{path}.believed", believed)
        level = standing.level(f"{path}.level", promise.level)
        found.setdefault(promise.attribute, []).append((level, heard))
    return {
        attribute: sum(level * heard for level, heard in told) / sum(heard for _, heard in told)
        for attribute, told in found.items()
        if sum(heard for _, heard in told) > 0
    }


def _levels(standing: Standing, rival: str, priced: Mapping[str, float]) -> dict[str, float]:
    """What a rival gives, by attribute; its price as a level where it gives one."""
    facts = standing.scenario.rivals[rival]
    found = {
        name: standing.level(f"rivals.{rival}.levels.{name}", level, facts.moves.get(name, 0.0))
        for name, level in facts.levels.items()
    }
    if rival in priced:
        found.setdefault(PRICE, priced[rival])
    return found


def _price(scenario: Scenario, segment: str) -> Price | None:
    """What a segment is charged: by the first proposition for it that has a price."""
    mine = (each for each in scenario.value_propositions.values() if segment in each.segments)
    return next((each.price for each in mine if each.price is not None), None)


def _priced_now(standing: Standing, segment: str, price: Price) -> float:
    """The amount under the plan."""
    for name, each in standing.scenario.value_propositions.items():
        if segment in each.segments and each.price is not None:
            return standing.number(f"value_propositions.{name}.price", price.amount)
    return price.amount


def _price_words(price: Price | None, currency: str | None) -> str:
    if price is None:
        return ""
    amount = money(price.amount, currency)
    return f"{amount} at buying and each renewal" if price.per is None else f"{amount} every {_days(price.per)}"


def _days(days: float) -> str:
    """A period in words."""
    known = {1: "day", 7: "week", 30: "month", 365: "year"}
    return next((word for size, word in known.items() if abs(days - size) <= 0.03 * size), f"{days:.0f} days")


def canvas_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """The strategy canvas as a table: a row for each segment and attribute."""
    rows = []
    for bargain in bargains(result):
        for each in bargain.attributes:
            rows.append(
                {
                    "Segment": bargain.name,
                    "Attribute": _capital(each.name),
                    "Weight": percent(each.weight),
                    "Needed": _level(each.need),
                    "Offered": _level(each.offered),
                    "Promised": _level(each.promised),
                    "Delivered": _level(each.delivered),
                    **{name: _level(each.rivals[id]) for id, name in bargain.rivals.items()},
                    "Verdict": _capital(each.verdict) or "as needed",
                    "Part of the price": NONE if each.paid is None else money(each.paid, bargain.currency),
                }
            )
    return pd.DataFrame(rows)


def value_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """The value map as a table: a row for each segment and provider."""
    rows = []
    for bargain in bargains(result):
        for each in bargain.providers:
            rows.append(
                {
                    "Segment": bargain.name,
                    "Provider": each.name,
                    "Value for money": NONE if each.value is None else f"{each.value:.1f}",
                    "Value, 95 %": each.span or NONE,
                    "Price per month": NONE if each.price is None else money(each.price, bargain.currency),
                    "How cheap it is": NONE if each.dear is None else f"{100 - each.dear:.0f}",
                    "Not known, taken as needed": listed(each.assumed) if each.assumed else NONE,
                }
            )
    return pd.DataFrame(rows)


def _level(value: float | None) -> str:
    return NONE if value is None else f"{value:.0f}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
