"""The journey as tables: which touchpoints touch what, in which order and rhythm they are lived.

Static over a run. Touchpoints stand in lived order (stage, then file); a touchpoint's attributes fill its slots,
slots left over point to a spare attribute column that nothing reads and weigh nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.touchpoints import Touchpoint
from cxmodel.vocabulary import MONTH, ONBOARDING, PRICE, STAGES

FIRST_VISIT_DAYS = 30.0
"""Days since the last visit that a first visit and a contact count with (equation 6)."""
UNLIMITED = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Recurring:
    """A touchpoint lived again and again: `visits` times, `every` days apart, with or without jitter."""

    touchpoint: int
    every: float
    visits: int
    jitter: float
    renews: bool


@dataclass(frozen=True, slots=True)
class Parting:
    """A touchpoint lived once, so many days after leaving."""

    touchpoint: int
    after: float


@dataclass(frozen=True)
class Route:
    """Shapes: T touchpoints, A slots, K attributes, S segments, V onboarding visits, R visits on returning."""

    touchpoints: tuple[str, ...]
    attributes: tuple[str, ...]
    segments: tuple[str, ...]
    slots: int
    touched: tuple[tuple[int, ...], ...]  # per touchpoint the columns of its attributes, in the order of its slots
    attribute: NDArray[np.intp]  # (A, T) column of each slot's attribute; K where the slot is spare
    column: NDArray[np.intp]  # (A, S*T) the same, spare too where a price reaches this segment not
    priced: NDArray[np.intp]  # (T) slot in which a touchpoint delivers the price paid, -1 none
    weight: NDArray[np.float32]  # (A, S*T) need weight, summing to 1 over the slots, 0 where not needed
    emphasis: NDArray[np.float32]  # (S*T) mean need weight touched / of all needs
    judged: NDArray[np.bool_]  # (S*T) whether the segment needs anything that is touched
    gain: NDArray[np.float32]  # (A, T) of the attribute kind, likewise loss and zone
    loss: NDArray[np.float32]
    zone: NDArray[np.float32]
    role: NDArray[np.intp]  # (T) 0 customer, 1 user
    touches: NDArray[np.int64]  # (S*T) attributes touched, as bits
    contact: NDArray[np.intp]  # (2, T) where a shortfall and a failure lead, -1 nowhere
    onboarding: NDArray[np.intp]  # (V) touchpoint of each onboarding visit, as many as there may ever be
    ordinal: NDArray[np.intp]  # (V) how many visits to it came before
    onward: NDArray[np.intp]  # (V) the first visit to the next touchpoint
    choice: int  # onboarding visit before which the choice falls; V: after all
    recurring: tuple[Recurring, ...]
    partings: tuple[Parting, ...]
    returning: NDArray[np.intp]  # (R) touchpoint of each visit on coming back
    decides: NDArray[np.float64]  # (S) days between decisions to stay at month's ends, 0 where they fall at renewals

    @property
    def comes_back(self) -> bool:
        """Whether former customers may come back."""
        return len(self.returning) > 0

    def slot(self, touchpoint: int, attribute: str) -> int:
        """The slot in which a touchpoint touches an attribute."""
        return self.touched[touchpoint].index(self.attributes.index(attribute))

    @classmethod
    def of(cls, scenario: Scenario, most: Mapping[str, int] | None = None) -> "Route":
        """The tables of a scenario; `most` visits to a touchpoint of onboarding, where they change over time."""
        journey = scenario.journey
        names = tuple(sorted(journey, key=lambda name: STAGES.index(journey[name].stage)))
        index = {name: i for i, name in enumerate(names)}
        attributes, segments = tuple(scenario.attributes), tuple(scenario.segments)
        column = {name: i for i, name in enumerate(attributes)}
        paid = _paid(scenario)
        touched, priced = [], []
        for name in names:
            own = [column[a] for a in journey[name].delivers]
            charges = any(paid) and journey[name].stage in ("buy", "renew") and column[PRICE] not in own
            priced.append(len(own) if charges else -1)
            touched.append([*own, column[PRICE]] if charges else own)
        slots = max(1, *(len(columns) for columns in touched))
        attribute = np.full((slots, len(names)), len(attributes), dtype=np.intp)
        for t, columns in enumerate(touched):
            attribute[: len(columns), t] = columns
        own_column = np.repeat(attribute[:, None, :], len(segments), axis=1)
        for t, slot in enumerate(priced):
            if slot >= 0:
                own_column[slot, np.logical_not(paid), t] = len(attributes)
        own_column = own_column.reshape(slots, -1)
        bits = np.where(own_column < len(attributes), np.int64(1) << own_column.astype(np.int64), 0)
        weight, emphasis = _weights(scenario, own_column, len(names))
        known = scenario.parameters.kinds
        kinds = [known[scenario.attributes[a].kind] for a in attributes] + [known["performance"]]
        gain, loss, zone = (np.array(values, dtype=np.float32)[attribute] for values in zip(*kinds, strict=True))
        support = next((name for name in names if journey[name].stage == "support"), None)
        contact = np.full((2, len(names)), -1, dtype=np.intp)
        for t, name in enumerate(names):
            fails, shortfall = journey[name].fails, journey[name].shortfall
            failed = (fails and fails.contact) or support
            short = (shortfall and shortfall.contact) or failed
            contact[:, t] = [-1 if desk is None else index[desk] for desk in (short, failed)]
        visits, ordinal, onward = _onboarding(scenario, names, most or {})
        chosen = [i for i, t in enumerate(visits) if journey[names[t]].stage in ("buy", "receive")]
        return cls(
            touchpoints=names,
            attributes=attributes,
            segments=segments,
            slots=slots,
            touched=tuple(map(tuple, touched)),
            attribute=attribute,
            column=own_column,
            priced=np.array(priced, dtype=np.intp),
            weight=weight,
            emphasis=emphasis,
            judged=weight.sum(0) > 0,
            gain=gain,
            loss=loss,
            zone=zone,
            role=np.array([int(journey[name].role == "user") for name in names], dtype=np.intp),
            touches=bits.sum(0),
            contact=contact,
            onboarding=np.array(visits, dtype=np.intp),
            ordinal=np.array(ordinal, dtype=np.intp),
            onward=np.array(onward, dtype=np.intp),
            choice=chosen[0] if chosen else len(visits),
            recurring=_recurring(scenario, names),
            partings=tuple(
                Parting(i, journey[name].after or 0.0) for i, name in enumerate(names) if journey[name].stage == "leave"
            ),
            returning=np.array([i for i, name in enumerate(names) if journey[name].stage == "return"], dtype=np.intp),
            decides=_decides(scenario),
        )


def _paid(scenario: Scenario) -> list[bool]:
    """Per segment, whether it needs the price and has a bargain with one."""
    charged = {s for bargain in scenario.value_propositions.values() if bargain.price for s in bargain.segments}
    return [PRICE in segment.needs and name in charged for name, segment in scenario.segments.items()]


def _decides(scenario: Scenario) -> NDArray[np.float64]:
    """Days between decisions at month's ends per segment, 0 where they fall at renewals."""
    usual = 0.0 if any(place.stage == "renew" for place in scenario.journey.values()) else MONTH
    return np.array([usual if s.decides is None else s.decides for s in scenario.segments.values()])


def _weights(
    scenario: Scenario, column: NDArray[np.intp], touchpoints: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Need weights per slot, segment and touchpoint, and the emphasis of each touchpoint (equation 6)."""
    attributes, slots = [*scenario.attributes, ""], len(column)
    column = column.reshape(slots, -1, touchpoints)
    weight = np.zeros((slots, len(scenario.segments), touchpoints))
    emphasis = np.zeros((len(scenario.segments), touchpoints))
    for s, segment in enumerate(scenario.segments.values()):
        needs = segment.needs
        usual = np.mean([need.weight for need in needs.values()])
        for t in range(touchpoints):
            touched = [attributes[c] for c in column[:, s, t]]
            wanted = {a: needs[name].weight for a, name in enumerate(touched) if name in needs}
            total = sum(wanted.values())
            if total <= 0:
                continue
            emphasis[s, t] = np.mean(list(wanted.values())) / usual
            for a, value in wanted.items():
                weight[a, s, t] = value / total
    return weight.reshape(slots, -1).astype(np.float32), emphasis.ravel().astype(np.float32)


def visits_of(touchpoint: Touchpoint) -> int:
    """How many times a touchpoint is lived today, UNLIMITED where only its rhythm is given."""
    recurs = touchpoint.stage in ("use", "renew") and touchpoint.every is not None
    return touchpoint.visits or (UNLIMITED if recurs else 1)


def _onboarding(
    scenario: Scenario, names: tuple[str, ...], most: Mapping[str, int]
) -> tuple[list[int], list[int], list[int]]:
    """Touchpoint of each onboarding visit, its number there, and the visit after the last one there."""
    visits: list[int] = []
    ordinal: list[int] = []
    onward: list[int] = []
    for t, name in enumerate(names):
        touchpoint = scenario.journey[name]
        if touchpoint.stage in ONBOARDING:
            count = max(visits_of(touchpoint), most.get(name, 1))
            visits += [t] * count
            ordinal += range(count)
            onward += [len(visits)] * count
    return visits, ordinal, onward


def _recurring(scenario: Scenario, names: tuple[str, ...]) -> tuple[Recurring, ...]:
    """The streams of use and renewal, use first."""
    streams = []
    for t, name in enumerate(names):
        touchpoint = scenario.journey[name]
        if touchpoint.stage not in ("use", "renew"):
            continue
        jitter = 0.0 if touchpoint.every is None else 0.2
        renews = touchpoint.stage == "renew"
        streams.append(Recurring(t, touchpoint.every or 1.0, visits_of(touchpoint), jitter, renews))
    return tuple(streams)
