"""One layer laid over others: mappings merge by key, everything else replaces, and every value keeps its place.

Works on values as written. Knows nothing of files, and of fields only what a number with a source looks like.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cxmodel.scenario.faults import ENOUGH, Fault, KeyPath, quote, shorten, suggestion
from cxmodel.scenario.yaml_text.document import SET, Document, Mark, Source
from cxmodel.scenario.yaml_text.paths import (
    FACT_KEYS,
    is_fact,
    is_of_plan,
    is_word_of_plan,
    keys_of,
    told_plan,
    with_number,
    written_at,
)

LAYERING: Final = ("extends", "set", "remove")
"""The keys that lay a file over others; no part of the scenario itself."""
MOST_STEPS: Final = 40
"""Most steps of a dotted path."""

Faults = list[tuple[Fault, Mark | None]]


def lay(layer: Document, over: Document, removed: set[KeyPath], is_own: bool) -> Faults:
    """Lay a file's own keys, then its `set`, over what is there already; then `remove`. What cannot be, is told."""
    own = {key: value for key, value in layer.plain.items() if key not in LAYERING}
    if not over.plain:
        over.plain, over.keys, over.values = dict(own), dict(layer.keys), dict(layer.values)
    else:
        for key, value in own.items():
            if value is not None or over.plain.get(key) is None:
                _put(over.plain, key, (key,), value, _Places(layer, over, (key,), None))
    faults: Faults = []
    source = Source(layer.name, layer.text, SET) if is_own else None
    said = _outline({key: value for key, value in own.items() if value is not None})
    for key, value in _mapping(layer, "set", faults).items():
        places = _Places(layer, over, ("set", key), source)
        wrong = _badly_written(key)
        path = () if wrong else keys_of(over.plain, key)
        if wrong is None and path[0] in LAYERING:
            hint = "write it at the start of a line of its own, not under `set`"
            wrong = Fault("CXM201", ("set", key), f"`{path[0]}` is no part of a scenario", hint, True)
        entry = isinstance(written_at(over.plain, path[:-1])[0], list) and not is_word_of_plan(over.plain, path)
        if wrong is None and entry:
            message = "an entry of a list cannot be set alone"
            wrong = Fault("CXM306", ("set", key), message, "the whole list as it shall be", at_key=True)
        faults += [(wrong, places.key(()))] if wrong else _clashes(said, path, value, places)
        if wrong is None and not (len(path) == 1 and value is None):
            _put_deep(over, path, value, places)
    faults += _remove(layer, over, removed)
    return faults


class _Places:
    """Where the values of one entry of a layer are written, and where they go."""

    def __init__(self, layer: Document, over: Document, at: KeyPath, source: Source | None) -> None:
        self.layer, self.over, self.at, self.source = layer, over, at, source

    def key(self, below: KeyPath) -> Mark | None:
        """The place of the key of a value below the entry."""
        return self.layer.keys.get(self.at + below)

    def stamp(self, path: KeyPath, below: KeyPath) -> None:
        """From now on, the value at `path` is the one written here."""
        for theirs, ours in ((self.layer.keys, self.over.keys), (self.layer.values, self.over.values)):
            mark = theirs.get(self.at + below)
            if mark is None:
                ours.pop(path, None)
            else:
                ours[path] = mark._replace(source=self.source) if self.source else mark

    def stamp_all(self, path: KeyPath, below: KeyPath, value: Any) -> None:
        """The same for a value and all that lies in it."""
        self.stamp(path, below)
        for step, item in _below(value):
            self.stamp_all((*path, step), (*below, step), item)

    def forget(self, path: KeyPath, value: Any) -> None:
        """What lay in the value at `path` is gone."""
        for step, item in _below(value):
            self.forget((*path, step), item)
            self.over.keys.pop((*path, step), None)
            self.over.values.pop((*path, step), None)

    def told(self, path: KeyPath, members: list[Any]) -> dict[str, Any]:
        """The plan at `path` with room for words beside its initiatives, which stay where they are written."""
        plan = told_plan(members)
        for marks in (self.over.keys, self.over.values):
            for step in [one for one in marks if one[: len(path)] == path]:
                marks[*path, "initiatives", *step[len(path) :]] = marks[step]
        return plan


def _put(parent: dict[str, Any], key: str, path: KeyPath, value: Any, places: _Places, below: KeyPath = ()) -> None:
    """Put a value where the path leads; of a number with a source, only the number changes."""
    old = parent.get(key)
    if is_of_plan(path) and isinstance(old, list) and isinstance(value, dict):
        old = parent[key] = places.told(path, old)
    if isinstance(old, dict) and isinstance(value, dict):
        places.stamp(path, below)
        for step, item in value.items():
            _put(old, step, (*path, step), item, places, (*below, step))
    elif is_of_plan(path) and isinstance(old, dict) and isinstance(value, list):
        _put(old, "initiatives", (*path, "initiatives"), value, places, below)
    elif is_fact(old) and not isinstance(value, dict):
        places.forget(path, {step: old[step] for step in ("low", "high") if step in old})
        parent[key] = with_number(old, value)
        places.stamp(path, below)
        places.stamp((*path, "value"), below)
    elif _is_about_a_number(old, value):
        for marks in (places.over.keys, places.over.values):
            if path in marks:
                marks[*path, "value"] = marks[path]
        parent[key] = {"value": old}
        _put(parent, key, path, value, places, below)
    else:
        places.forget(path, old)
        parent[key] = value
        places.stamp_all(path, below, value)


def _put_deep(over: Document, path: KeyPath, value: Any, places: _Places) -> None:
    """Put a value where a path of several steps leads; parts that are missing on the way are made."""
    parent = over.plain
    for length in range(1, len(path)):
        step, here = path[length - 1], path[:length]
        old = parent.get(step)
        if is_of_plan(here) and isinstance(old, list):
            parent[step] = places.told(here, old)
        elif not isinstance(old, dict):
            parent[step] = {}
            if length == len(path) - 1 and _is_about_a_number(old, {path[-1]: value}):
                parent[step] = {"value": old}
                for marks in (over.keys, over.values):
                    if here in marks:
                        marks[*here, "value"] = marks[here]
            else:
                places.forget(here, old)
            places.stamp(here, ())
            over.values.pop(here, None)
        parent = parent[step]
    _put(parent, path[-1], path, value, places)


def _is_about_a_number(old: Any, value: Any) -> bool:
    """Whether this tells the source or the range of a number that is there already."""
    is_number = isinstance(old, int | float | str) and not isinstance(old, bool)
    return is_number and isinstance(value, dict) and bool(value) and set(value) <= set(FACT_KEYS) - {"value"}


def _clashes(said: dict[str, Any], path: KeyPath, value: Any, places: _Places) -> Faults:
    """Paths that a file sets twice: as its own key and under `set`, or twice under `set`."""
    at = said
    for length in range(1, len(path)):
        at = at.setdefault(path[length - 1], {})
        if not isinstance(at, dict):
            return [(_twice(path[:length]), places.key(()))]
    faults: Faults = []
    for twice, below in _meet(at, path[-1], value, path, ()):
        faults.append((_twice(twice), places.key(below)))
    return faults


def _meet(at: dict[str, Any], key: str, value: Any, path: KeyPath, below: KeyPath) -> Iterator[tuple[KeyPath, KeyPath]]:
    """Where a value meets one that is there already; it is added to the outline where it meets none."""
    if key not in at:
        at[key] = _outline(value)
    elif isinstance(at[key], dict) and isinstance(value, dict):
        for step, item in value.items():
            yield from _meet(at[key], step, item, (*path, step), (*below, step))
    else:
        yield path, below


def _twice(path: KeyPath) -> Fault:
    message = f"`{shorten('.'.join(path))}` is set twice in this file"
    return Fault("CXM118", path, message, "keep one of the two, as a key of its own or under `set`", at_key=True)


def _outline(value: Any) -> Any:
    """The keys of a value without what they hold."""
    return {key: _outline(item) for key, item in value.items()} if isinstance(value, dict) else True


def _remove(layer: Document, over: Document, removed: set[KeyPath]) -> Faults:
    """Take out what a layer removes; what is not there, and was not removed by another layer, is told."""
    faults: Faults = []
    gone: set[KeyPath] = set()
    entries = layer.plain.get("remove")
    if isinstance(entries, str):
        entries = [entries]
    if entries is not None and not isinstance(entries, list):
        expected = "a list of paths: `remove: [journey.goodbye]`"
        fault = Fault("CXM208", ("remove",), f"{quote(entries)} where a list should be", expected)
        return [(fault, layer.mark(("remove",)))]
    for place, dotted in enumerate(entries or ()):
        if len(faults) > ENOUGH:
            break
        at = ("remove", str(place))
        mark = layer.mark(at)
        wrong = _badly_written(dotted, at)
        path = () if wrong else keys_of(over.plain, dotted)
        parent, taken = written_at(over.plain, path[:-1])
        if wrong is None and (taken < len(path) - 1 or not isinstance(parent, dict) or path[-1] not in parent):
            wrong = None if path in removed else _not_there(over.plain, path, at)
        elif wrong is None:
            places = _Places(layer, over, at, None)
            places.forget(path, parent.pop(path[-1]))
            over.values.pop(path, None)
            if mark is not None:
                over.keys[path] = mark  # what is missing because of this is told here
            gone.add(path)
        if wrong is not None:
            faults.append((wrong, mark))
    removed |= gone
    return faults


def _not_there(plain: dict[str, Any], path: KeyPath, at: KeyPath) -> Fault:
    """A path to nothing, from the step that cannot be taken."""
    written, taken = written_at(plain, path)
    if taken == len(path) or isinstance(written, list):
        message = "an entry of a list cannot be removed alone"
        return Fault("CXM119", at, message, "under `set`, the whole list as it shall be")
    before = f"{'.'.join(path[:taken])}." if taken else ""
    options = [f"{before}{key}" for key in written] if isinstance(written, dict) else []
    wanted = f"{before}{path[taken]}"
    hint = suggestion(wanted, options) or f"`{before[:-1]}` is one value; nothing lies in it"
    if hint.startswith("did you mean") and taken + 1 < len(path):
        hint = hint.removesuffix("`?") + "." + ".".join(path[taken + 1 :]) + "`?"
    return Fault("CXM119", at, f"there is no `{shorten(wanted)}` that could be removed", hint)


def _badly_written(dotted: Any, at: KeyPath = ()) -> Fault | None:
    """Why this is no dotted path."""
    where = at or ("set", str(dotted))
    expected = "a path such as `journey.goodbye`"
    if not isinstance(dotted, str):
        return Fault("CXM208", where, f"{quote(dotted)} where a path should be", expected)
    if not all(dotted.split(".")):
        return Fault("CXM306", where, f"{quote(dotted)} leads nowhere", expected, at_key=not at)
    if dotted.count(".") >= MOST_STEPS:
        return Fault("CXM109", where, f"a path of more than {MOST_STEPS} steps", expected, at_key=not at)
    return None


def _mapping(layer: Document, key: str, faults: Faults) -> dict[str, Any]:
    """What is under a key that has to be a mapping; empty, with a fault, for anything else."""
    value = layer.plain.get(key)
    if value is None or isinstance(value, dict):
        return value or {}
    expected = "keys and values as in a scenario, or `levers.people.level: 0.8`"
    faults.append((Fault("CXM208", (key,), f"{quote(value)} where a mapping should be", expected), layer.mark((key,))))
    return {}


def _below(value: Any) -> Iterator[tuple[str, Any]]:
    """The values in a mapping or a list, by step."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield str(place), item
