"""Where an edit belongs in a file that builds on others.

What the file says itself is changed there, under `set` if it stands there. A value that it inherits is written as
its own; one that it inherits and that shall go, is named under `remove`. Knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.merge import LAYERING
from cxmodel.scenario.yaml_text.paths import (
    REMOVE,
    Removed,
    is_fact,
    is_word_of_plan,
    keys_of,
    told_plan,
    value_at,
    with_value,
)

Edit = tuple[KeyPath, Any]


def placed(edits: Iterable[tuple[str | KeyPath, Any]], own: dict[str, Any], whole: dict[str, Any]) -> Iterator[Edit]:
    """The edits by the keys of a file that means `own`, and `whole` together with all it extends."""
    if not any(key in own for key in LAYERING):
        for path, value in edits:
            steps = keys_of(own, path)
            yield steps, value
            own = _after(own, steps, value)
        return
    for path, value in edits:
        for steps, new in list(_places(path, value, own, whole)):
            yield steps, new
            own = _after(own, steps, new)


def _places(path: str | KeyPath, value: Any, own: dict[str, Any], whole: dict[str, Any]) -> Iterator[Edit]:
    """The edits that one edit of the scenario is, in a file that builds on others."""
    steps = keys_of(own, path)
    below = own.get("set") if isinstance(own.get("set"), dict) else {}
    within = keys_of(below, path)
    if steps[0] in LAYERING or value_at(own, steps) is not REMOVE:
        yield steps, value
    elif value_at(below, within) is not REMOVE:
        yield ("set", *within), value
    elif is_word_of_plan(whole, keys_of(whole, path)) and isinstance(members := value_at(below, within[:-1]), list):
        yield ("set", *within[:-1]), {within[-1]: value, **told_plan(members)}
    elif value is REMOVE:
        inherited = value_at(whole, keys_of(whole, path)) is not REMOVE
        dotted = path if isinstance(path, str) else ".".join(path)
        gone = own.get("remove")
        if inherited and isinstance(gone, list):
            yield ("remove", str(len(gone))), dotted
        elif inherited:
            yield ("remove",), [dotted]
        else:
            yield steps, value
    else:
        yield from _again(path, own)
        yield _own(keys_of(whole, path), value, whole)


def _again(path: str | KeyPath, own: dict[str, Any]) -> Iterator[Edit]:
    """What is set is no longer removed."""
    dotted, gone = path if isinstance(path, str) else ".".join(path), own.get("remove")
    if isinstance(gone, list) and dotted in gone:
        yield ("remove",) if gone == [dotted] else ("remove", str(gone.index(dotted))), REMOVE


def _own(steps: KeyPath, value: Any, whole: dict[str, Any]) -> Edit:
    """An edit as a key of the file's own; lists do not merge, so an entry brings its whole list."""
    for place in range(1, len(steps)):
        above = value_at(whole, steps[:place])
        if isinstance(above, list) and not is_word_of_plan(whole, steps):
            spelled = getattr(value, "value", value)
            return steps[:place], with_value(above, steps, place, spelled)
    return steps, value


def _after(own: dict[str, Any], steps: KeyPath, value: Any) -> dict[str, Any]:
    """What the file means after an edit, as far as later edits have to know."""
    if value is REMOVE and value_at(own, steps) is REMOVE:
        return own
    new = getattr(value, "value", value)
    if is_fact(value_at(own, steps)) and not isinstance(new, dict | Removed):
        steps = (*steps, "value")
    made: dict[str, Any] = with_value(own, steps, 0, new)
    return made
