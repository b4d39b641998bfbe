"""Where the things of a scenario are mentioned: as a key, as a value, in a list, in the dotted path of a change.

A thing is an entry of a section, known by its id. What it is mentioned as is told by where: one table says which
keys are ids of which section. Works on values as written, in one file or in several laid over one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.paths import is_of_changes

SECTIONS: Final = (
    "attributes", "segments", "value_propositions", "brand_promises", "insight_sources", "journey", "rivals",
    "initiatives", "futures", "plans",
)  # fmt: skip
"""The sections whose entries have an id."""
BY_ATTRIBUTE: Final = (
    "segments.*.needs", "value_propositions.*.offers", "journey.*.delivers", "journey.*.designed",
    "journey.*.offsets.*", "rivals.*.levels", "rivals.*.moves",
)  # fmt: skip
"""Mappings whose keys are attributes."""
LISTS: Final = {
    "attributes": ("insight_sources.*.sees",),
    "segments": ("value_propositions.*.for",),
    "journey": ("brand_promises.*.made_at",),
    "initiatives": ("plans.*", "plans.*.initiatives"),
}
"""Lists whose entries are ids, by the section of these."""
VALUES: Final = {
    "attributes": ("brand_promises.*.attribute",),
    "segments": ("expect.*.segment",),
    "journey": ("journey.*.fails.contact", "journey.*.shortfall.contact"),
    "plans": ("expect.*.plan", "expect.*.better_than", "expect.*.worse_than"),
}
"""Values that are ids, by the section of these."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names a thing."""

    path: KeyPath
    """Its keys in the file; of what stands in a list, the list's and its place there."""
    kind: str
    """`thing` for the thing itself and all that lies in it, `keyed`, `value`, `listed`, `source`, `path` for a value in
    a scenario's dotted path (a key of `changes` or `set`), `removed` for such a path under `remove`."""
    word: int = 0
    """Which of the words of a dotted path it is."""

    @property
    def at_key(self) -> bool:
        """Whether the id stands in a key."""
        return self.kind in ("thing", "keyed", "path")


def mentions(plain: Any, section: str, id: str) -> list[Mention]:
    """Every place in a plain scenario, or in one of its files, that names a thing, in the order of the file."""
    return list(_Search(section, id).within(plain, (), ()))


class _Search:
    """Looks for one thing; `way` is where a value lies in the scenario, which in `set` and `changes` starts anew."""

    def __init__(self, section: str, id: str) -> None:
        self.section, self.id = section, id
        self.keyed = [(section,), *(_steps(each) for each in BY_ATTRIBUTE if section == "attributes")]
        self.lists = [_steps(each) for each in LISTS.get(section, ())]
        self.values = [_steps(each) for each in VALUES.get(section, ())]

    def within(self, value: Any, path: KeyPath, way: KeyPath) -> Iterator[Mention]:
        """The places below a path."""
        if path == ("remove",):
            for place, item in enumerate(value if isinstance(value, list) else ()):
                if isinstance(item, str):
                    yield from self.named((*path, str(place)), item, "removed")[1]
            if isinstance(value, str):
                yield from self.named(path, value, "removed")[1]
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from self.below(key, item, path, way)
        elif isinstance(value, list):
            listed = _matches(self.lists, way)
            for place, item in enumerate(value):
                if listed and item == self.id:
                    yield Mention((*path, str(place)), "listed")
                yield from self.within(item, (*path, str(place)), (*way, str(place)))

    def below(self, key: str, item: Any, path: KeyPath, way: KeyPath) -> Iterator[Mention]:
        """The places in an entry of a mapping."""
        here = (*path, key)
        if here == ("meta",) or here == ("extends",):
            return
        if here in (("set",), ("remove",)):
            yield from self.within(item, here, ())
            return
        if path and not way:
            way, found = self.named(here, key, "path")
            yield from found
        else:
            way = (*way, key)
            if key == self.id and _matches(self.keyed, way[:-1]):
                yield Mention(here, "thing" if len(way) == 2 else "keyed")
            way = () if is_of_changes(way) else way
        if isinstance(item, str) and item == self.id:
            if _matches(self.values, way):
                yield Mention(here, "value")
            elif self.section == "insight_sources" and key.rpartition(".")[2] == "source":
                yield Mention(here, "source")
        yield from self.within(item, here, way)

    def named(self, path: KeyPath, dotted: str, kind: str) -> tuple[KeyPath, list[Mention]]:
        """Where a dotted path leads, and its words that name the thing."""
        way: KeyPath = ()
        found = []
        for place, word in enumerate(dotted.split(".")):
            if word == self.id and _matches(self.keyed, way):
                found.append(Mention(path, kind, place))
            way = (*way, word)
            way = () if is_of_changes(way) else way
        return way, found


def _steps(pattern: str) -> KeyPath:
    return tuple(pattern.split("."))


def _matches(patterns: Sequence[KeyPath], way: KeyPath) -> bool:
    return any(
        len(pattern) == len(way) and all(one in ("*", step) for one, step in zip(pattern, way, strict=True))
        for pattern in patterns
    )


def spelled_anew(word: str, mention: Mention, new: str) -> str:
    """A key or a value that mentions a thing, with another id.

    >>> spelled_anew("journey.pay.visits", Mention(("set", "journey.pay.visits"), "path", 1), "settle")
    'journey.settle.visits'
    """
    if mention.kind not in ("path", "removed"):
        return new
    words = word.split(".")
    return ".".join([*words[: mention.word], new, *words[mention.word + 1 :]])


def renamed(plain: Any, found: Sequence[Mention], new: str) -> Any:
    """A plain value with another id where it is mentioned."""
    keys = {mention.path: mention for mention in found if mention.at_key}
    values = {mention.path: mention for mention in found if not mention.at_key}

    def anew(value: Any, path: KeyPath) -> Any:
        if isinstance(value, dict):
            return {
                spelled_anew(key, keys[*path, key], new) if (*path, key) in keys else key: anew(item, (*path, key))
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [anew(item, (*path, str(place))) for place, item in enumerate(value)]
        return spelled_anew(value, values[path], new) if path in values else value

    return anew(plain, ())
