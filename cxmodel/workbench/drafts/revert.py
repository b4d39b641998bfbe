"""One thing of an edited scenario text as it was in the file: its very lines where that can be, else its value.

Knows what differs between two texts, and no draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from cxmodel.errors import CxModelError, UsageError
from cxmodel.scenario.describe.diff import Difference, differences
from cxmodel.scenario.editing.mentions import SECTIONS
from cxmodel.scenario.editing.save import edited
from cxmodel.scenario.editing.structure import relabel, remove, rename
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.yaml_text.document import BOM, Document
from cxmodel.scenario.yaml_text.layers import gather
from cxmodel.scenario.yaml_text.paths import REMOVE, keys_of, value_at
from cxmodel.scenario.yaml_text.writer import Spelled
from cxmodel.workbench.drafts.my_plan import emptied
from cxmodel.workbench.drafts.text_merge import Hunk, hunks

MOST_HUNKS: Final = 40
"""Places where two texts differ that are tried one by one."""
MOST_PAIRED: Final = 10
"""Places that are tried two at a time, as something moved needs."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a text is read: what it is called, and where it is as if it lay."""

    name: str
    at: Path

    def document(self, text: str) -> Document:
        return gather(text, self.name, self.at)


def restored(base: str, text: str, path: str, reader: Reader) -> str:
    """The text with what lies at a path as it is in the base. Raises `UsageError` where that cannot be."""
    before, now = reader.document(base), reader.document(text)
    rows = differences(before.plain, now.plain)
    own = [row for row in rows if row.path == path or row.path.startswith(f"{path}.")]
    if not own:
        return text
    wanted = _said(row for row in rows if row not in own)
    for tried in _by_lines(text, base):
        after = reader.document(tried)
        if not after.faults and _said(differences(before.plain, after.plain)) == wanted:
            return tried
    if any(row.kind == "moved" for row in own):
        raise UsageError(f"{own[0].said}: this can be put back with undo, or in the YAML tab")
    thing = keys_of(now.plain, path)
    if len(thing) == 2 and thing[0] in SECTIONS:
        old = _by_old_name(before, now, text, thing, reader)
        if old is not None:
            return old
        if value_at(before.plain, thing) is REMOVE:
            return remove(text, *thing, name=reader.name, at=reader.at).text
    return edited(text, _by_value(before, now.plain, path), reader.name, reader.at).text


def _by_old_name(before: Document, now: Document, text: str, thing: KeyPath, reader: Reader) -> str | None:
    """The text with a thing under the id that it has in the base, where it was only renamed."""
    section, id = thing
    was, there = (document.plain.get(section) or {} for document in (before, now))
    old = [id] if id in was else [name for name in was if name not in there]
    new = [id] if id in there else [name for name in there if name not in was]
    for one, other in ((one, other) for one in old for other in new if one not in there):
        try:
            tried = rename(text, section, other, one, name=reader.name, at=reader.at).text
        except CxModelError:
            continue
        if _unlabelled(value_at(reader.document(tried).plain, (section, one))) == _unlabelled(was[one]):
            label = value_at(before.plain, (section, one, "label"))
            is_as_before = value_at(reader.document(tried).plain, (section, one, "label")) == label
            words = "" if label is REMOVE else str(label)
            return tried if is_as_before else relabel(tried, section, one, words, name=reader.name, at=reader.at).text
    return None


def _unlabelled(thing: Any) -> Any:
    """A thing without what it is called."""
    return {key: item for key, item in thing.items() if key != "label"} if isinstance(thing, dict) else thing


def _said(rows: Iterable[Difference]) -> Counter[tuple[str, str]]:
    """What differs, without where in a list."""
    return Counter((row.section, row.said) for row in rows)


def _by_lines(text: str, base: str) -> Iterator[str]:
    """The text with lines of the base in one place, or in two."""
    found = list(hunks(text, base))
    lines = text.splitlines(keepends=True)
    for hunk in found[:MOST_HUNKS]:
        yield _with(lines, [hunk])
    for pair in combinations(found[:MOST_PAIRED], 2):
        yield _with(lines, pair)


def _with(lines: list[str], changed: Iterable[Hunk]) -> str:
    made = list(lines)
    for hunk in sorted(changed, reverse=True):
        made[hunk.first : hunk.last] = hunk.instead
    return "".join(made)


def _by_value(before: Document, plain: Mapping[str, Any], path: str) -> Iterator[tuple[KeyPath, Any]]:
    """The edits that give a path the value it had."""
    way = keys_of(before.plain, path)
    value = value_at(before.plain, way)
    if value is REMOVE:
        yield emptied(plain, before.plain, keys_of(plain, path)), REMOVE
        return
    there = value_at(plain, way)
    if isinstance(there, dict) and isinstance(value, dict | list) and set(there) - set(value):
        yield way, REMOVE
    mark = before.values.get(way)
    plainly = mark is not None and mark.source is None and isinstance(value, int | float)
    spelled = before.text_at(mark).removeprefix(BOM) if mark is not None and plainly else ""
    yield way, Spelled(value, spelled) if spelled else value
