"""What scenarios expect of their results, side by side: an entry is known by its plan, metric and segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from cxmodel.scenario.language import Scenario
from cxmodel.scenario.paths import kind_at
from cxmodel.scenario.wording import Value, same, spoken, without_source
from cxmodel.vocabulary import AS_IS, EVERYONE

Expected = Mapping[str, Any]
"""One entry of `expect:` as written."""
_KNOWN_BY: Final = ("plan", "metric", "segment")
_ENTRY: Final = ("expect", "0")


def compared_expectations(
    before: Any, after: Any
) -> Iterator[tuple[int, Literal["added", "removed", "changed"], str, Expected | None, Expected | None]]:
    """What differs between two lists: place, kind, name, the entry before and after; their order means nothing."""
    if before == after:
        return
    old, new = ([item for item in side if isinstance(item, dict)] for side in (before, after))
    gone = [item for item in old if not any(same(_meaning(item), _meaning(other)) for other in new)]
    for place, item in enumerate(new):
        if any(same(_meaning(item), _meaning(other)) for other in old):
            continue
        twin = next((other for other in gone if _name(other) == _name(item)), None)
        if twin is not None:
            gone.remove(twin)
        yield place, "added" if twin is None else "changed", _name(item), twin, item
    for item in gone:
        yield old.index(item), "removed", _name(item), item, None


def expectation_text(item: Expected, currency: str | None) -> str:
    """What is expected: `better than as is, by 2`."""
    told = []
    for key in (key for key in item if key not in _KNOWN_BY):
        kind = kind_at(Scenario, (*_ENTRY, key))
        if kind is not None:
            value = Value.of(kind, without_source(kind, item[key])[0], currency, str(item.get("metric")))
            told.append(f"{spoken(key)} {value.said()}")
    return ", ".join(told)


def _name(item: Expected) -> str:
    segment = str(item.get("segment", EVERYONE))
    told = [str(item.get("plan", AS_IS)), str(item.get("metric")), *([segment] if segment != EVERYONE else [])]
    return ", ".join(map(spoken, told))


def _meaning(item: Expected) -> dict[str, Any]:
    """An entry with its numbers as they are meant, and what it leaves out."""
    meant: dict[str, Any] = {"plan": AS_IS, "segment": EVERYONE}
    for key, value in item.items():
        kind = kind_at(Scenario, (*_ENTRY, key))
        meant[key] = Value.of(kind, without_source(kind, value)[0]).meaning
    return meant
