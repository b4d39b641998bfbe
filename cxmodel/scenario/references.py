"""What one field cannot know: whether the names it uses exist.

Walks the scenario as written, so that one wrong field hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from cxmodel.scenario.fields import Part
from cxmodel.scenario.grammar import Price
from cxmodel.scenario.names import AS_IS, METRIC_NAMES
from cxmodel.scenario.paths import Target, adapter, find, has_keys, needed_keys
from cxmodel.scenario.problems import ENOUGH, Fault, Path, quote, suggestion
from cxmodel.scenario.quantity import Fact
from cxmodel.scenario.units import PriceTag

Plain = Mapping[str, Any]
_CODES = {
    "attribute": "CXM301",
    "segment": "CXM302",
    "touchpoint": "CXM303",
    "initiative": "CXM304",
    "plan": "CXM305",
    "metric": "CXM308",
}


def part(plain: Any, *path: str) -> Plain:
    """The mapping at a path of the scenario as written; empty where there is none."""
    for step in path:
        plain = plain.get(step) if isinstance(plain, dict) else None
    return plain if isinstance(plain, dict) else {}


def entries(plain: Any, section: str) -> Iterator[tuple[Path, Plain]]:
    """Each entry of a section that is a mapping, with its path."""
    for name, entry in part(plain, section).items():
        if isinstance(entry, dict):
            yield (section, name), entry


def references(plain: Plain) -> Iterator[Fault]:
    """Every name that stands for nothing."""
    attributes, journey = part(plain, "attributes"), part(plain, "journey")
    segments, plans = (
        part(plain, "segments"),
        [AS_IS, *(name for name in part(plain, "plans") if name != AS_IS)],
    )
    for section, key in _BY_ATTRIBUTE:
        for path, entry in entries(plain, section):
            yield from _keys("attribute", (*path, key), part(entry, key), attributes)
    for path, promise in entries(plain, "brand_promises"):
        yield from _name("attribute", (*path, "attribute"), promise.get("attribute"), attributes)
        yield from _names("touchpoint", (*path, "made_at"), promise.get("made_at"), journey)
    for path, source in entries(plain, "insight_sources"):
        yield from _names("attribute", (*path, "sees"), source.get("sees"), attributes)
    for path, bargain in entries(plain, "value_propositions"):
        yield from _names("segment", (*path, "for"), bargain.get("for"), segments)
    for path, touchpoint in entries(plain, "journey"):
        contact = part(touchpoint, "fails").get("contact")
        yield from _name("touchpoint", (*path, "fails", "contact"), contact, journey)
    for name, initiatives in part(plain, "plans").items():
        yield from _names("initiative", ("plans", name), initiatives, part(plain, "initiatives"))
    yield from _keys("metric", ("targets",), part(plain, "targets"), METRIC_NAMES)
    expectations = plain.get("expect")
    for place, expectation in enumerate(expectations if isinstance(expectations, list) else []):
        path = ("expect", str(place))
        for key in ("plan", "better_than", "worse_than"):
            yield from _name("plan", (*path, key), part(expectation).get(key), plans)
        yield from _name("segment", (*path, "segment"), part(expectation).get("segment"), [*segments, "all"])


_BY_ATTRIBUTE = (
    ("segments", "needs"),
    ("value_propositions", "offers"),
    ("journey", "delivers"),
    ("rivals", "levels"),
    ("rivals", "moves"),
)


def _name(what: str, path: Path, name: object, known: Collection[str]) -> Iterator[Fault]:
    """A fault, if the name stands for nothing. Without a journey, no touchpoint can be unknown."""
    if isinstance(name, str) and name not in known and (known or what in ("initiative", "plan")):
        yield Fault(_CODES[what], path, f"there is no {what} {quote(name)}", suggestion(name, known, f"{what}s"))


def _names(what: str, path: Path, names: object, known: Collection[str]) -> Iterator[Fault]:
    for place, name in enumerate(names if isinstance(names, list) else []):
        yield from _name(what, (*path, str(place)), name, known)


def _keys(what: str, path: Path, mapping: Plain, known: Collection[str]) -> Iterator[Fault]:
    for name in mapping:
        for fault in _name(what, (*path, name), name, known):
            yield replace(fault, at_key=True)


def read_changes(root: type[Part], plain: Plain, facts: dict[int, Fact]) -> tuple[dict[Path, Any], list[Fault]]:
    """The new values of initiatives and futures, read as their targets are, and what cannot be read."""
    values: dict[Path, Any] = {}
    faults: list[Fault] = []
    for section in ("initiatives", "futures"):
        for path, entry in entries(plain, section):
            for dotted, written in part(entry, "changes").items():
                place = (*path, "changes", dotted)
                target = find(root, plain, dotted) if len(faults) < ENOUGH else None
                if target is None:
                    continue
                read = _read(target, written, facts) if isinstance(target, Target) else [target]
                if isinstance(read, tuple) and isinstance(read[0], Price):
                    read = _new_price(read[0], plain, dotted)
                if isinstance(read, list):
                    faults += [fault.under(place) for fault in read]
                else:
                    values[place] = read[0]
    return values, faults


def _read(target: Target, written: Any, facts: dict[int, Fact]) -> tuple[Any] | list[Fault]:
    """The value for a target, or why it cannot be."""
    if target.quantity is None:
        inside = "the path of one value in it" if has_keys(target.kind) or needed_keys(target.kind) else _CAN_CHANGE
        return [Fault("CXM307", (), "this is not one number", inside, at_key=True)]
    if not target.changeable:
        return [Fault("CXM307", (), "initiatives and futures cannot change this", _CAN_CHANGE, at_key=True)]
    if written is None:
        return [Fault("CXM212", (), "this key has no value", target.quantity.expected)]
    if isinstance(written, str) and _RELATIVE.fullmatch(written):
        message = f"{quote(written)} is a relative change, which cannot be read here"
        return [Fault("CXM206", (), message, f"the new value itself: {target.quantity.expected}")]
    try:
        return (adapter(target.kind).validate_python(written, context=facts),)
    except ValidationError as error:
        return [fault for refusal in error.errors() for fault in refusal["ctx"]["faults"]]


def _new_price(price: Price, plain: Plain, dotted: str) -> tuple[float] | list[Fault]:
    """A new price as an amount for the period that today's price is paid for."""
    *before, last = dotted.split(".")
    written = part(plain, *before).get(last)
    today = adapter(PriceTag).validate_python(written, context={}) if _is_price(written) else None
    if today is None:
        message = "there is no price today that could change"
        return [Fault("CXM306", (), message, f"write `{dotted}` in the scenario first", at_key=True)]
    if (price.per is None) != (today.per is None):
        way = "at buying" if today.per is None else "over time"
        return [
            Fault(
                "CXM410",
                (),
                f"today's price, {quote(written)}, is paid {way}; so must the new one be",
                quote(written),
            )
        ]
    return (price.amount * (today.per or 1) / (price.per or 1),)


def _is_price(written: Any) -> bool:
    """Whether today's price can be read; if not, that is a fault of its own."""
    try:
        adapter(PriceTag).validate_python(written, context={})
    except ValidationError:
        return False
    return True


_CAN_CHANGE = (
    "levels, levers, promises, failures, desks, importance, effort, prices, insight, arrivals and economics "
    "can change over time"
)
_RELATIVE = re.compile(r"\s*([+-]\s*[0-9.]+\s*%?|x\s*[0-9.]+)\s*")
