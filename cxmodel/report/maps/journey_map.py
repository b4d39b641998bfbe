"""The journey map: who lives the journey, what they live at each touchpoint, and what lies behind it. Draws nothing.

Above the line of visibility is what customers do, think, feel and experience; below it who answers for it, what is
known of it, what it rests on, why it falls short, and what is planned.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from cxmodel.report.maps.cells import NONE, Cell, Chip, Lane, Line, Part, tone_of
from cxmodel.report.maps.curve import Level
from cxmodel.report.maps.insight import seen_at, unseen_at
from cxmodel.report.maps.promises import broken_at, promises
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.mending import EQUITY
from cxmodel.report.text.numbers import listed, money, percent, short_or_ahead
from cxmodel.report.text.shortfalls import FELT, PARTIAL_GAPS, rounded
from cxmodel.vocabulary import AS_IS, DECISION_LEVERS, EVERYONE, MONTH, STAGES, humanise

if TYPE_CHECKING:
    from cxmodel.report.text.mending import Mending
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.fields.plans import Initiative
    from cxmodel.scenario.fields.touchpoints import Touchpoint

LANES: Final = {
    "doing": "Doing",
    "thinking": "Thinking",
    "feeling": "Feeling",
    "curve": "Expected against experienced",
    "gap": "Gap",
    "channel": "Channel",
    "memory": "Share of memory",
    "owner": "Owner",
    "insight": "Insight",
    "levers": "Levers it rests on",
    "why": "Why it falls short",
    "initiatives": "Initiatives",
    "spend": "Spend",
    "stake": "Value at stake",
}
"""The lanes in their order, under the touchpoints."""
BACK: Final = ("owner", "insight", "levers", "why", "initiatives", "spend", "stake")
"""Those behind the line of visibility."""
WRITTEN: Final = ("doing", "thinking", "feeling", "owner")
"""Those whose words stand in the scenario as they are, so that they can be written where they are read."""
LARGE: Final = 1.5
"""Times an even share of memory from which on a touchpoint is a moment of truth."""
STYLES: Final = {"know": "lived", "decide": "fourth", "do": "third", "say": "second"}
"""In which style each part of a gap is drawn; told apart by words and place too."""
FAINT: Final = 0.005
"""Share of memory below which a touchpoint is no weakest link."""
LITTLE: Final = 1.0
"""Money at stake below which it is nothing to speak of."""
LINE_OF_VISIBILITY: Final = "Line of visibility"
NOBODY: Final = "Nobody"
UNRATED: Final = Line("not rated", "muted")


@dataclass(frozen=True, slots=True)
class Who:
    """A segment, with the persona that stands for it."""

    segment: str
    name: str
    """The persona's, else the segment's."""
    about: str
    """Segment, customers, and needs by their weight."""
    quote: str
    path: str = ""
    """Where the scenario has the quote, as a dotted path; empty where there is no persona."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A touchpoint: the head of a column."""

    id: str
    name: str
    stage: str
    truth: str
    """Why it is a moment of truth; empty where it is none."""
    broken: str
    """Which promise is broken; empty where none is."""

    @property
    def path(self) -> str:
        """Where the scenario has its name, as a dotted path."""
        return f"journey.{self.id}.label"


@dataclass(frozen=True)
class JourneyMap:
    """All that a journey map says."""

    title: str
    plan: str
    """The plan it shows, as people call it."""
    who: tuple[Who, ...]
    promises: tuple[Line, ...]
    weakest: Line
    across: tuple[Chip, ...]
    """Initiatives that reach the whole journey, not single touchpoints."""
    stops: tuple[Stop, ...]
    lanes: tuple[Lane, ...]
    curve: tuple[Level, ...]
    """What is expected and experienced at each touchpoint."""
    behind: tuple[Level, ...] | None
    """The same of today, where that is drawn behind it."""
    description: str
    """The curve in words."""

    @property
    def stages(self) -> list[tuple[str, int]]:
        """The phases, each with how many touchpoints it has."""
        return [(humanise(stage), len(list(mine))) for stage, mine in groupby(stop.stage for stop in self.stops)]

    def shown(
        self, hidden: Collection[str] = (), *, back: bool | None = None, empty: Collection[str] = ()
    ) -> list[Lane]:
        """The lanes that say something and are not hidden: all of them, or those on one side of the line.

        Those in `empty` are shown though they say nothing yet.
        """
        return [
            lane
            for lane in self.lanes
            if lane.key not in hidden and (lane.key in empty or not lane.empty) and (back is None or lane.back == back)
        ]


def journey_map(
    result: Result, behind: Result | None = None, mending: Mending | None = None, plan: str | None = None
) -> JourneyMap:
    """The journey map of a result, with today's `behind` it.

    `plan` is whose initiatives are shown strong, that of the result unless told; `mending` is what is at stake.
    """
    return _Writer(result, behind, mending, plan or result.plan).map()


class _Writer:
    """Writes the map of a result, lane by lane."""

    def __init__(self, result: Result, behind: Result | None, mending: Mending | None, plan: str) -> None:
        self.result, self.scenario, self.mending = result, result.scenario, mending
        self.plan = plan
        self.stops = _stood(result)
        self.was = None if behind is None else _stood(behind)
        self.at = {stop.id: stop for stop in self.stops}
        self.rows = [row for row in result.rows("touchpoints") if row["segment"] == EVERYONE]

    def map(self) -> JourneyMap:
        """The whole of it."""
        lanes = {
            name: Lane(name, title, tuple(getattr(self, name)(at) for at in range(len(self.stops))), name in BACK)
            for name, title in LANES.items()
        }
        broken = broken_at(self.result)
        heads = [
            Stop(stop.id, stop.name, stop.stage, self._truth(stop.id), broken.get(stop.id, "")) for stop in self.stops
        ]
        return JourneyMap(
            title=self.scenario.name,
            plan=plan_name(self.result.scenario, self.result.plan),
            who=tuple(self._who()),
            promises=tuple(self._promises()),
            weakest=self._weakest(),
            across=tuple(self._chips(None)),
            stops=tuple(heads),
            lanes=tuple(lanes.values()),
            curve=tuple(stop.level for stop in self.stops),
            behind=None if self.was is None else tuple(stop.level for stop in self.was),
            description=self._described(),
        )

    # The head

    def _who(self) -> Iterator[Who]:
        """The chosen segment, or all of them."""
        for id, segment in self.scenario.segments.items():
            if self.result.segment not in (id, EVERYONE):
                continue
            name, persona = self.scenario.label("segments", id), segment.persona
            total = sum(need.weight for need in segment.needs.values()) or 1.0
            needs = sorted(segment.needs.items(), key=lambda item: -item[1].weight)
            words = ", ".join(
                f"{self.scenario.label('attributes', each, capital=False)} {percent(need.weight / total)}"
                for each, need in needs
            )
            people = (
                f"{segment.customers:,.0f} customers" if segment.customers else f"{segment.prospects:,.0f} prospects"
            )
            called = persona.name if persona is not None and persona.name else name
            about = f"{people}, need {words}"
            quote = "" if persona is None else " ".join(persona.quote.split())
            path = "" if persona is None else f"segments.{id}.persona.quote"
            yield Who(name, called, f"{name}: {about}" if called != name else about, quote, path)

    def _promises(self) -> Iterator[Line]:
        for each in promises(self.result):
            text = f"{each.name} ({each.level:.0f}): {each.words}"
            yield Line(text, "ahead" if each.whole else "short" if each.broken else "ink", strong=True)

    def _weakest(self) -> Line:
        """Where most is missing, of what is remembered at all."""
        worst = self._weakest_id()
        if worst is None:
            return Line("no touchpoint falls noticeably short of what is expected", "ahead")
        return Line(f"{self.at[worst].name}, {self.at[worst].level.gap:.0f} short", "short", strong=True)

    def _weakest_id(self) -> str | None:
        """The touchpoint where most is missing; None where nothing to speak of is."""
        felt = [stop for stop in self.stops if stop.level.share >= FAINT and stop.level.gap >= FELT]
        return max(felt, key=lambda stop: stop.level.gap).id if felt else None

    def _truth(self, id: str) -> str:
        """Why a touchpoint is a moment of truth."""
        share = self.at[id].level.share
        reasons = []
        if share >= LARGE / len(self.stops):
            reasons.append(f"{percent(share)} of memory")
        if self.scenario.journey[id].stage == "renew":
            reasons.append("they decide to stay")
        elif id == self._last_before_buying():
            reasons.append("they decide to buy")
        return ", ".join(reasons)

    def _last_before_buying(self) -> str | None:
        """The touchpoint after which people choose; None where nobody does."""
        if not any(segment.prospects for segment in self.scenario.segments.values()):
            return None
        before = [stop.id for stop in self.stops if STAGES.index(stop.stage) < STAGES.index("buy")]
        return before[-1] if before and any(stop.stage == "buy" for stop in self.stops) else None

    def _described(self) -> str:
        parts = [f"{stop.name} {short_or_ahead(stop.level.gap)}" for stop in self.stops]
        return f"Expected against experienced, {plan_name(self.result.scenario, self.result.plan)}: {'; '.join(parts)}."

    # The lanes, named as in LANES

    def doing(self, at: int) -> Cell:
        """What customers do."""
        return self._said(at, "doing")

    def thinking(self, at: int) -> Cell:
        """What they think."""
        return self._said(at, "thinking", quoted=True)

    def feeling(self, at: int) -> Cell:
        """What they feel."""
        return self._said(at, "feeling", quoted=True)

    def curve(self, at: int) -> Cell:
        """Expected and experienced level, for those who do not see the curve."""
        level = self.stops[at].level
        return Cell((Line(_levels(level)) if level.rated else UNRATED,))

    def gap(self, at: int) -> Cell:
        """What is short or ahead, from which levels, and today's where that is behind it."""
        id, level = self.stops[at].id, self.stops[at].level
        if not level.rated:
            return Cell((UNRATED,))
        words = short_or_ahead(level.gap)
        lines = [Line(words, tone_of(level.gap), strong=id == self._weakest_id()), Line(_levels(level), "muted")]
        if self.was is not None and (was := self.was[at].level).rated:
            before = short_or_ahead(was.gap)
            same = before == words and round(was.lived) == round(level.lived)
            told = f"today {before.replace('falls short by', 'short by')}, {was.lived:.0f} experienced"
            lines.append(Line("as today" if same else told, "muted"))
        return Cell(tuple(lines))

    def channel(self, at: int) -> Cell:
        """Where it is lived, and what is wanted and not offered."""
        id, place = self._place(at)
        if not place.channels:
            words = (Line(_capital(place.channel)),) if place.channel else ()
            return Cell(words, path=f"journey.{id}.channel")
        total = sum(each.share for each in place.channels.values()) or 1.0
        lines: list[Line] = []
        several = sum(1 for each in place.channels.values() if each.offered) > 1
        for name, each in place.channels.items():
            share = percent(each.share / total)
            if each.offered:
                lines.insert(0, Line(f"{humanise(name)} {share}" if several else humanise(name)))
                continue
            opens = self._opened(f"journey.{id}.channels.{name}.offered")
            wanted = f"{humanise(name)} wanted by {share}"
            lines.append(
                Line(f"{wanted}, not offered", "short", strong=True)
                if opens is None or self.result.plan == AS_IS
                else Line(f"{wanted}, offered from {_month(opens.starts)}", "ahead", strong=True)
            )
        return Cell(tuple(lines), path=f"journey.{id}.channels")

    def memory(self, at: int) -> Cell:
        """Its share of what is remembered."""
        share = self.stops[at].level.share
        if share <= 0:
            return Cell((UNRATED,))
        lines = [Line(percent(share))]
        if self.was is not None and percent(was := self.was[at].level.share) != percent(share):
            lines.append(Line(f"today {percent(was)}", "muted"))
        return Cell(tuple(lines))

    def owner(self, at: int) -> Cell:
        """Who answers for it."""
        id, place = self._place(at)
        said = " ".join((place.owner or "").split())
        path = f"journey.{id}.owner"
        if said.casefold() == NOBODY.casefold():
            return Cell((Line(f"! {NOBODY}", "short", strong=True),), path=path)
        return Cell((Line(said) if said else Line("none named", "muted"),), path=path)

    def insight(self, at: int) -> Cell:
        """Which source sees what, and what nobody sees."""
        id, _ = self._place(at)
        lines = [Line(f"{', '.join(each.attributes)}: {each.name}") for each in seen_at(self.scenario, id)]
        if unseen := unseen_at(self.scenario, id):
            lines.append(Line(f"nobody sees {listed(unseen)}", "short", strong=True))
        return Cell(tuple(lines), path="insight_sources")

    def levers(self, at: int) -> Cell:
        """The five Ps that it rests on."""
        id, place = self._place(at)
        leans = sorted(((lever, lean) for lever, lean in place.relies_on.items() if lean), key=lambda one: -one[1])
        words = tuple(Line(f"{humanise(lever)} {percent(lean)}") for lever, lean in leans)
        return Cell(words, path=f"journey.{id}.relies_on")

    def why(self, at: int) -> Cell:
        """The four parts of the gap."""
        id, level = self.stops[at].id, self.stops[at].level
        if not level.rated or level.gap < FELT:
            return Cell()
        mine = [row for row in self.rows if row["touchpoint"] == id and row["perceived"] is not None]
        weights = [row["memory_share"] or 0.0 for row in mine]
        if not sum(weights):
            weights = [1.0] * len(mine)

        def mean(column: str) -> float:
            return math.fsum(w * row[column] for w, row in zip(weights, mine, strict=True)) / math.fsum(weights)

        sizes = rounded(tuple(mean(part.column) for part in PARTIAL_GAPS), round(level.gap))
        most = max(sizes)
        keys = [part.key for part in PARTIAL_GAPS]
        lines = [
            Line(f"{key} {size}".replace("-", "−"), strong=size == most)
            for key, size in zip(keys, sizes, strict=True)
            if size
        ]
        bar = tuple(Part(key, float(size), STYLES[key]) for key, size in zip(keys, sizes, strict=True) if size > 0)
        return Cell(tuple(lines), bar=bar)

    def initiatives(self, at: int) -> Cell:
        """What could be done there."""
        return Cell(chips=tuple(self._chips(self._place(at)[0])), path="initiatives")

    def spend(self, at: int) -> Cell:
        """What it takes in a year."""
        id, _ = self._place(at)
        spent = next((row["spend"] for row in self.rows if row["touchpoint"] == id), 0.0)
        if not any(row["spend"] for row in self.rows):
            return Cell()
        words = money(spent, self.scenario.currency, brief=True) + " a year" if spent else NONE
        return Cell((Line(words),), path=f"journey.{id}.spend")

    def stake(self, at: int) -> Cell:
        """What lifting it to the need would be worth."""
        return at_stake(self.mending, self._place(at)[0], self.scenario.currency)

    # What several lanes need

    def _place(self, at: int) -> tuple[str, Touchpoint]:
        id = self.stops[at].id
        return id, self.scenario.journey[id]

    def _said(self, at: int, key: str, quoted: bool = False) -> Cell:
        """Words that stand in the scenario."""
        id, place = self._place(at)
        words = " ".join((getattr(place, key) or "").split())
        said = (Line(f"“{words}”" if quoted else words, spoken=quoted),) if words else ()
        return Cell(said, path=f"journey.{id}.{key}")

    def _opened(self, path: str) -> Initiative | None:
        """The initiative of the plan shown that changes a path."""
        acts = self.scenario.initiatives_of(self.result.plan)
        return next((act for name in acts if path in (act := self.scenario.initiatives[name]).changes), None)

    def _chips(self, touchpoint: str | None) -> Iterator[Chip]:
        """The initiatives that reach a touchpoint, or, without one, those that reach no single one."""
        mine = self.scenario.initiatives_of(self.plan)
        order = sorted(self.scenario.initiatives.items(), key=lambda item: (item[0] not in mine, item[1].starts))
        for name, act in order:
            reached = reaches(self.scenario, act)
            if touchpoint in reached if touchpoint is not None else not reached:
                called = self.scenario.label("initiatives", name)
                yield Chip(f"{called} · m{act.starts / MONTH:.0f}", name in mine, " ".join(act.what.split()))


def at_stake(mending: Mending | None, touchpoint: str, currency: str | None) -> Cell:
    """What lifting a touchpoint to the need would be worth, with its interval; empty where nobody worked it out."""
    if mending is None or (not mending.prices and mending.done):
        return Cell()
    price = mending.prices.get(touchpoint)
    if price is not None and mending.metric == EQUITY and max(abs(price.value), abs(price.low or 0.0)) < LITTLE:
        return Cell((Line(NONE),))
    words, span = mending.words(touchpoint, currency)
    return Cell((Line(words, strong=words[:1] in "+−"), *((Line(span, "muted"),) if span else ())))


def reaches(scenario: Scenario, act: Initiative) -> list[str]:
    """The touchpoints that an initiative changes: itself, by what is promised there, or by a lever they rest on."""
    found: dict[str, None] = {}
    for path in act.changes:
        room, id, *_ = [*path.split("."), ""]
        if room == "journey":
            found[id] = None
        elif room == "brand_promises":
            found |= dict.fromkeys(scenario.brand_promises[id].made_at)
        elif room == "levers" and id not in DECISION_LEVERS:
            found |= dict.fromkeys(name for name, place in scenario.journey.items() if place.relies_on.get(id))
    return list(found)


class _Stood(NamedTuple):
    """A touchpoint of a result under the name that people call it."""

    id: str
    name: str
    stage: str
    level: Level


def _stood(result: Result) -> list[_Stood]:
    """The touchpoints of a result in the order in which they are lived."""
    rows = touchpoints(result).to_dict("records")
    return [
        _Stood(
            str(row["id"]),
            result.scenario.label("journey", str(row["id"])),
            str(row["stage"]),
            Level(float(row["expected"]), float(row["lived"]), float(row["gap"]), float(row["share"])),
        )
        for row in rows
    ]


def _levels(level: Level) -> str:
    return f"{level.expected:.0f} expected, {level.lived:.0f} experienced"


def _month(days: float) -> str:
    return f"month {days / MONTH:.0f}" if days >= 1 else "the start"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
