"""What one field cannot know: whether the names it uses exist.

Walks the scenario as written, so that one wrong field hides no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cxmodel.scenario.faults import Fault, KeyPath, quote, suggestion
from cxmodel.scenario.yaml_text.paths import initiatives_in
from cxmodel.vocabulary import AS_IS, EVERYONE, METRIC_NAMES

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


def entries(plain: Any, section: str) -> Iterator[tuple[KeyPath, Plain]]:
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
        for key in ("fails", "shortfall"):
            contact = part(touchpoint, key).get("contact")
            yield from _name("touchpoint", (*path, key, "contact"), contact, journey)
        yield from _channels_and_standard(path, touchpoint, attributes)
    for name, initiatives in part(plain, "plans").items():
        path = ("plans", name, *(["initiatives"] if isinstance(initiatives, dict) else []))
        yield from _names("initiative", path, initiatives_in(initiatives), part(plain, "initiatives"))
    yield from _keys("metric", ("targets",), part(plain, "targets"), METRIC_NAMES)
    expectations = plain.get("expect")
    for place, expectation in enumerate(expectations if isinstance(expectations, list) else []):
        path = ("expect", str(place))
        for key in ("plan", "better_than", "worse_than"):
            yield from _name("plan", (*path, key), part(expectation).get(key), plans)
        yield from _name("segment", (*path, "segment"), part(expectation).get("segment"), [*segments, EVERYONE])


def _channels_and_standard(path: KeyPath, touchpoint: Plain, attributes: Plain) -> Iterator[Fault]:
    """Names inside one touchpoint: the channels it has, the attributes it delivers."""
    delivers, channel = part(touchpoint, "delivers"), touchpoint.get("channel")
    channels = [*part(touchpoint, "channels"), *([channel] if isinstance(channel, str) else [])]
    told = [((*path, "designed"), part(touchpoint, "designed"))]
    for name, offsets in part(touchpoint, "offsets").items():
        place = (*path, "offsets", name)
        told.append((place, part({"of": offsets}, "of")))
        if name not in channels:
            hint = (
                suggestion(name, channels, "its channels")
                if channels
                else f"`channel: {name}`, or `channels:` with their shares"
            )
            yield Fault("CXM309", place, f"this touchpoint has no channel {quote(name)}", hint, at_key=True)
    for place, mapping in told:
        yield from _keys("attribute", place, mapping, attributes)
        for name in mapping:
            if name in attributes and name not in delivers:
                hint = suggestion(name, delivers, "it delivers") if delivers else f"`delivers: {{{name}: …}}` beside it"
                message = f"this touchpoint does not deliver {quote(name)}"
                yield Fault("CXM310", (*place, name), message, hint, at_key=True)


_BY_ATTRIBUTE = (
    ("segments", "needs"),
    ("value_propositions", "offers"),
    ("journey", "delivers"),
    ("rivals", "levels"),
    ("rivals", "moves"),
)


def _name(what: str, path: KeyPath, name: object, known: Collection[str]) -> Iterator[Fault]:
    """A fault, if the name stands for nothing. Without a journey, no touchpoint can be unknown."""
    if isinstance(name, str) and name not in known and (known or what in ("initiative", "plan")):
        yield Fault(_CODES[what], path, f"there is no {what} {quote(name)}", suggestion(name, known, f"{what}s"))


def _names(what: str, path: KeyPath, names: object, known: Collection[str]) -> Iterator[Fault]:
    for place, name in enumerate(names if isinstance(names, list) else []):
        yield from _name(what, (*path, str(place)), name, known)


def _keys(what: str, path: KeyPath, mapping: Plain, known: Collection[str]) -> Iterator[Fault]:
    for name in mapping:
        for fault in _name(what, (*path, name), name, known):
            yield replace(fault, at_key=True)
