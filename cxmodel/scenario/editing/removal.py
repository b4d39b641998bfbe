"""What has to go with a thing of a scenario, and what stays though it named it. Works on values as written.

Entries that are keyed by it go, and changes of it; lists go on without it. What cannot be without what goes (a promise
without its attribute, an initiative that changes nothing any more) goes too, and so on; that nothing would be left of
something that a scenario needs is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cxmodel.errors import UsageError
from cxmodel.scenario.editing.mentions import Mention, mentions
from cxmodel.scenario.faults import KeyPath, quote
from cxmodel.scenario.yaml_text.paths import value_at

Thing = tuple[str, str]
"""A section and an id in it."""
_NEVER_EMPTY: Final = {
    "insight_sources.sees": "it sees nothing else",
    "value_propositions.for": "it is for nobody else",
    "rivals.levels": "nothing else is known of it",
    "initiatives.changes": "it changes nothing else",
    "futures.changes": "it changes nothing else",
}
"""Parts of a thing that may not be empty, and why it goes where one would be."""
_NEEDED: Final = {"attributes": "attribute", "segments": "segment", "journey": "touchpoint"}
"""Sections that no scenario is without, and what one of their entries is called."""


class Removal:
    """What goes when one thing does."""

    def __init__(self, plain: Any, section: str, id: str) -> None:
        self.plain = plain
        self.first: Thing = (section, id)
        self.gone: dict[KeyPath, str] = {}
        """Each path that goes, with the reason where it goes because of something else."""
        self.stay: list[Mention] = []
        """What goes on naming it, as a word."""
        self._waiting: list[tuple[Thing, str]] = [(self.first, "")]
        while self._waiting:
            self._take(*self._waiting.pop(0))

    def paths(self) -> list[KeyPath]:
        """The paths that go, none within another; of a list the last entry first."""
        outer = [path for path in self.gone if not any(path[:length] in self.gone for length in range(1, len(path)))]
        return sorted(outer, key=lambda path: -int(path[-1]) if isinstance(self._within(path), list) else 0)

    def emptied(self) -> Iterator[KeyPath]:
        """What stays and holds nothing then."""
        for path in dict.fromkeys(path[:-1] for path in self.paths()):
            if len(path) > 1 and self._is_emptied(path):
                yield path

    def _take(self, thing: Thing, why: str) -> None:
        """One thing goes, with all that mentions it."""
        self.gone.setdefault(thing, why)
        for mention in mentions(self.plain, *thing):
            path = mention.path
            if mention.kind == "source":
                self.stay.append(mention)
            elif mention.kind == "value" and path[0] == "brand_promises":
                self._along((path[0], path[1]), f"it is about {quote(thing[1])}")
            else:
                self.gone.setdefault(path[:2] if path[0] == "expect" else path, "")
                self._check(path[:-1])
        self._check(thing[:1])

    def _check(self, path: KeyPath) -> None:
        """What happens to what has lost an entry."""
        if not self._is_emptied(path):
            return
        if len(path) == 1 and path[0] in _NEEDED:
            raise UsageError(f"{quote(self.first[1])} cannot go: it is the only {_NEEDED[path[0]]}; add another first")
        if len(path) == 3 and path[0] == "segments" and path[2] == "needs":
            raise UsageError(
                f"{quote(self.first[1])} cannot go: {quote(path[1])} needs nothing else; give it another need first"
            )
        why = _NEVER_EMPTY.get(f"{path[0]}.{path[-1]}") if len(path) == 3 else None
        if why is not None:
            self._along((path[0], path[1]), why)

    def _along(self, thing: Thing, why: str) -> None:
        if thing not in self.gone:
            self.gone[thing] = why
            self._waiting.append((thing, why))

    def _is_emptied(self, path: KeyPath) -> bool:
        held = value_at(self.plain, path)
        if isinstance(held, list):
            return bool(held) and all((*path, str(place)) in self.gone for place in range(len(held)))
        return isinstance(held, dict) and bool(held) and all((*path, key) in self.gone for key in held)

    def _within(self, path: KeyPath) -> Any:
        return value_at(self.plain, path[:-1])
