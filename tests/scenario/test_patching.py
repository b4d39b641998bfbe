"""Write-back: the bytes of one value change and no others, whatever the text around it looks like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario.characters import visible
from cxmodel.scenario.stories import stories
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import patch, patched
from cxmodel.scenario.yaml_text.paths import REMOVE, same
from tests.support.wild_yaml import Slot, Way, Wild

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12).map(visible)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
WORDS = st.text(st.sampled_from("ab 01-+.:,#'\"{}[]&*!|>%@`~?\n\\ä\t"), max_size=8)
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(WORDS.filter(lambda key: key != "<<"), below, max_size=3)
    ),
    max_leaves=6,
)
SEEDS = st.integers(0, 1_000_000)
PICKS = st.integers(0, 10_000)
OFTEN = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def meaning(text: str) -> Any:
    """What a text means; it has to be in order."""
    document = read(text.removeprefix("\ufeff"), "<text>")
    assert not document.faults, (document.faults, text)
    return document.plain


def kept(value: Any) -> Any:
    """A value as reading gives it back: a whole number of eighteen digits and more is a fraction."""
    if isinstance(value, dict):
        return {key: kept(item) for key, item in value.items()}
    if isinstance(value, list):
        return [kept(item) for item in value]
    long = isinstance(value, int) and not isinstance(value, bool) and len(str(value)) >= 18
    return float(value) if long else value


def changed(plain: Any, path: Way, value: Any) -> Any:
    """Another value at a path, or none, in a plain value; the law that patching is held to."""
    key: Any = int(path[0]) if isinstance(plain, list) else path[0]
    plain = plain.copy()
    if len(path) > 1:
        plain[key] = changed(plain[key], path[1:], value)
    elif value is REMOVE:
        del plain[key]
    else:
        plain[key] = value
    return plain


def apply(root: Slot, path: Way, value: Any) -> None:
    """The same for a text's slots, in which an alias is the slot that it stands for."""
    slot = root
    for place, key in enumerate(path):
        if slot.target is not None:
            slot.become(changed(slot.plain(), path[place:], value))
            return
        above, slot = slot, dict(slot.entries)[key]
    if value is REMOVE:
        rest = [other for _, other in above.entries if other is not slot]
        words = [word for word, other in above.entries if other is not slot]
        above.entries = list(zip(map(str, range(len(rest))) if above.kind == "list" else words, rest, strict=True))
    else:
        slot.become(value)


def places(plain: Any, path: Way = ()) -> Iterator[Way]:
    """Every path below the root of a plain value."""
    below = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in below:
        yield (*path, str(key))
        yield from places(value, (*path, str(key)))


def slot_at(root: Slot, path: Way) -> Slot | None:
    """Where a path is written; None behind an alias."""
    slot = root
    for key in path:
        if slot.target is not None:
            return None
        slot = dict(slot.entries)[key]
    return slot


def held(root: Slot, path: Way, value: Any) -> bool:
    """Whether something that other places repeat would go."""
    slot = slot_at(root, path)
    if slot is None:
        return False
    gone = {id(other) for way, other in slot.below() if way or value is REMOVE}
    inside = {id(other) for _, other in slot.below()}
    return any(id(other.target) in gone and id(other) not in inside for _, other in root.below())


@pytest.mark.slow
@OFTEN
@given(SEEDS, PICKS, VALUES)
def test_what_is_set_is_what_the_text_then_means(seed: int, pick: int, value: Any) -> None:
    """parse(patch(text)) = patch(parse(text)), and what stands before and behind the value stays, byte by byte."""
    wild = Wild(seed)
    paths = list(places(wild.root.plain()))
    path = paths[pick % len(paths)]
    if held(wild.root, path, value):
        with pytest.raises(UsageError, match="write the value there first"):
            patch(wild.mark + wild.text, {path: value})
        return
    new = patch(wild.mark + wild.text, {path: value})
    slot = slot_at(wild.root, path)
    if slot is not None and not (slot.block and isinstance(value, dict | list)):
        assert new.startswith(wild.mark + wild.text[: slot.start]) and new.endswith(
            wild.text[slot.end :].lstrip("\r\n")
        )
    apply(wild.root, path, kept(value))
    assert same(meaning(new), wild.root.plain())


@pytest.mark.slow
@OFTEN
@given(SEEDS, PICKS)
def test_what_is_removed_is_gone_and_nothing_else(seed: int, pick: int) -> None:
    """What is left means what it did; comments stay but for those of the entry itself."""
    wild = Wild(seed)
    paths = list(places(wild.root.plain()))
    path = paths[pick % len(paths)]
    if held(wild.root, path, REMOVE):
        with pytest.raises(UsageError, match="write the value there first"):
            patch(wild.text, {path: REMOVE})
        return
    new = patch(wild.text, {path: REMOVE})
    slot = slot_at(wild.root, path)
    own = {word for _, other in slot.below() for word in other.own} if slot is not None else set()
    inner = wild.text[slot.start : slot.end] if slot is not None else ""
    lost = [word for word in wild.comments if word not in new and word not in own and word not in inner]
    assert not lost
    apply(wild.root, path, REMOVE)
    assert same(meaning(new), wild.root.plain())


@pytest.mark.slow
@OFTEN
@given(SEEDS, PICKS, VALUES)
def test_a_key_that_is_added_and_removed_leaves_no_trace(seed: int, pick: int, value: Any) -> None:
    """Adding is one line, or one entry within brackets; removing it gives the same bytes again."""
    wild = Wild(seed)
    inside = [(way, slot) for way, slot in wild.root.below() if slot.kind == "mapping"]
    way, slot = inside[pick % len(inside)]
    new = patch(wild.mark + wild.text, {(*way, "fresh"): value})
    slot.entries.append(("fresh", Slot("made", kept(value))))
    assert same(meaning(new), wild.root.plain())
    lines = [line.strip() for line in new.splitlines()]
    if slot.block and not isinstance(value, dict):
        assert len(lines) == len(wild.text.splitlines()) + 1
    assert patch(new, {(*way, "fresh"): REMOVE}) == wild.mark + wild.text


@pytest.mark.slow
@OFTEN
@given(SEEDS, PICKS, SCALARS | WORDS)
def test_setting_back_gives_the_same_bytes(seed: int, pick: int, value: Any) -> None:
    """There and back again: a text that was plain may keep the quotes that the other one needed."""
    wild = Wild(seed)
    found = [(way, slot) for way, slot in wild.root.below() if slot.kind == "scalar" and not slot.block]
    found = [(way, slot) for way, slot in found if str(slot.value) == wild.text[slot.start : slot.end]]
    if not found:
        return
    way, slot = found[pick % len(found)]
    assert patch(patch(wild.text, {way: value}), {way: slot.value}) in (
        wild.text,
        wild.text[: slot.start] + json.dumps(slot.value, ensure_ascii=False) + wild.text[slot.end :],
    )


@cache
def story(name: str) -> tuple[str, Any]:
    """A bundled story and what it means."""
    text = stories()[name].read_bytes().decode()
    return text, meaning(text)


def leaves(plain: Any) -> list[Way]:
    """The paths of single values."""
    paths = list(places(plain))
    return [path for path in paths if not any(other[: len(path)] == path and other != path for other in paths)]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(stories()))
def test_every_value_of_the_stories_can_be_set(name: str) -> None:
    """Each of them, one after the other: what stands between the values stays, and each is what it was set to."""
    text, plain = story(name)
    words = {path: f"word {number} of {len(text)}" for number, path in enumerate(leaves(plain))}
    done = patched(text, [(".".join(path), word) for path, word in words.items()])
    between = re.split("|".join(map(re.escape, reversed(words.values()))), done.text)
    assert len(between) == len(words) + 1
    assert re.fullmatch("(.+?)".join(map(re.escape, between)), text, re.DOTALL)
    for path, word in words.items():
        plain = changed(plain, path, word)
    assert same(meaning(done.text), plain)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(stories()))
def test_every_part_of_the_stories_can_be_removed(name: str) -> None:
    """Sections, entries and what lies in them, each third: only lines of it go, or characters of one line."""
    text, plain = story(name)
    for path in [path for path in places(plain) if len(path) < 4][:: 1 if name == "pretty_app" else 3]:
        new = patch(text, {path: REMOVE})
        assert same(meaning(new), changed(plain, path, REMOVE)), path
        before, after = text.splitlines(), new.splitlines()
        above, below = alike(before, after), alike(before[::-1], after[::-1])
        assert len(after) - above - below <= 1, path


def alike(one: list[str], other: list[str]) -> int:
    """How many lines two texts have in common from their start on."""
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(other))


LEVERS = "levers:\n  people: {level: 0.7}\n"
FACT = "today:\n  nps: {value: 39, low: 35, high: 43, source: tracker}  # asked by post\n"
SHARED = "a: &x {n: 1}\nb: *x\nc: [*x, 2]\n"


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ("a: 1   # one\n", {"a": 2}, "a: 2   # one\n"),
        ("a: '5 minutes'\n", {"a": "6 minutes"}, "a: '6 minutes'\n"),
        ('a: "5 minutes"\n', {"a": 6}, "a: 6\n"),
        ("a: 5 minutes\n", {"a": "6 minutes"}, "a: 6 minutes\n"),
        ("a: 5 minutes\n", {"a": "6: minutes"}, 'a: "6: minutes"\n'),
        ("a: word\n", {"a": "0.5"}, 'a: "0.5"\n'),
        ("a: 1\n", {"a": "no"}, "a: no\n"),
        ("a: [1, b]\n", {"a.1": "x, y"}, 'a: [1, "x, y"]\n'),
        ("a: x\n", {"a": "x, y"}, "a: x, y\n"),
        ("a:\nb: 1\n", {"a": 5}, "a: 5\nb: 1\n"),
        ("a:   # c\nb: 1\n", {"a": 5}, "a: 5   # c\nb: 1\n"),
        ("a:   # c\nb: 1\n", {"a.n": 5}, "a:   # c\n  n: 5\nb: 1\n"),
        ("a: >-\n  old\n  text\nb: 1\n", {"a": "new text"}, "a: >-\n  new text\nb: 1\n"),
        ("a: |  # c\n  old\n\nb: 1\n", {"a": "x\ny\n"}, "a: |  # c\n  x\n  y\n\nb: 1\n"),
        ("a: |  # c\n  old\n\nb: 1\n", {"a": 5}, "a: 5  # c\n\nb: 1\n"),
        ("a: {b: 1}\n", {"a.c": 2}, "a: {b: 1, c: 2}\n"),
        ("a: {}\n", {"a.c": 2}, "a: {c: 2}\n"),
        ("a: {\n  b: 1,  # b\n  c: 2   # c\n}\n", {"a.d": 3}, "a: {\n  b: 1,  # b\n  c: 2,   # c\n  d: 3\n}\n"),
        ("a: {\n  b: 1,  # b\n  c: 2   # c\n}\n", {"a.b": REMOVE}, "a: {\n  c: 2   # c\n}\n"),
        (LEVERS, {"levers.culture.level": 0.4}, LEVERS + "  culture: {level: 0.4}\n"),
        (LEVERS, {"targets.nps": 35}, LEVERS + "targets: {nps: 35}\n"),
        (LEVERS, {"levers.people": REMOVE}, "levers: {}\n"),
        (LEVERS, {"levers.people.level": REMOVE}, "levers:\n  people: {}\n"),
        ("a:\n  # of b\n  b: 1  # b\n\n  # of c\n  c: 2\n", {"a.b": REMOVE}, "a:\n\n  # of c\n  c: 2\n"),
        ("a:\n  b: 1\n\n  # afar\n\n  # of c\n  c: 2", {"a.c": REMOVE}, "a:\n  b: 1\n\n  # afar\n"),
        ("# yaml-language-server: $schema=x\na: 1\nb: 2\n", {"a": REMOVE}, "# yaml-language-server: $schema=x\nb: 2\n"),
        ("a:\n- b: 1\n  c: 2\n- d\n", {"a.0.b": REMOVE}, "a:\n- c: 2\n- d\n"),
        ("a:\n- b\n- c  # c\n", {"a.2": "d"}, "a:\n- b\n- c  # c\n- d\n"),
        ("a:\n- b\n- c  # c\n", {"a.1": REMOVE}, "a:\n- b\n"),
        ("a: [b, c]\n", {"a.0": REMOVE}, "a: [c]\n"),
        ("a: [b, c]\n", {"a.2": "d"}, "a: [b, c, d]\n"),
        ("a:  # c\n  b: 1\n  c: 2  # d\n", {"a": 5}, "a: 5  # c\n"),
        ("a:  # c\n  b: 1\n  c: 2  # d\n", {"a": {"e": 5}}, "a:  # c\n  e: 5  # d\n"),
        ("a: {b: 1}\n", {"a": {"e": [5, "x"]}}, "a: {e: [5, x]}\n"),
        (FACT, {"today.nps": 41}, FACT.replace("39", "41")),
        (FACT, {"today.nps": 50, "today.nps.high": 55}, FACT.replace("39", "50").replace("43", "55")),
        (SHARED, {"b": 5}, SHARED.replace("b: *x", "b: 5")),
        (SHARED, {"b.n": 5}, SHARED.replace("b: *x", "b: {n: 5}")),
        (SHARED, {"a.n": 5}, SHARED.replace("n: 1", "n: 5")),
        (SHARED, {"c.0": REMOVE}, SHARED.replace("*x, 2", "2")),
        ('"a b": 1\n', {"a b": 2}, '"a b": 2\n'),
        ("a: 1", {"b": 2}, "a: 1\nb: 2"),
        ("a: 1\r\n", {"b": 2}, "a: 1\r\nb: 2\r\n"),
        ("a: 0.50\n", {"a": 0.5}, "a: 0.50\n"),
    ],
)
def test_a_text_after_an_edit_is_what_a_person_would_have_made_of_it(
    before: str, edits: dict[str, Any], after: str
) -> None:
    """One example of every way to write a value."""
    assert patch(before, edits) == after


CHANGES = "initiatives:\n  app:\n    changes: {journey.a.delivers.b: 1}\n"


@pytest.mark.parametrize(
    ("key", "added"),
    [
        ("journey.a.delivers.b", "{journey.a.delivers.b: 2}"),
        ("journey.a.delivers.c", "{journey.a.delivers.b: 1, journey.a.delivers.c: 2}"),
    ],
)
def test_keys_of_changes_are_dotted_paths_themselves(key: str, added: str) -> None:
    """The longest key that exists is meant; a new one is one key."""
    new = patch(CHANGES, {f"initiatives.app.changes.{key}": 2})
    assert new == CHANGES.replace("{journey.a.delivers.b: 1}", added)


def test_an_initiative_may_begin_with_its_first_change() -> None:
    """Where nothing is written yet, the path of a change is still one key."""
    new = patch("name: x\n", {"initiatives.app.changes.levers.people.level": 1})
    assert new == "name: x\ninitiatives: {app: {changes: {levers.people.level: 1}}}\n"


def test_what_repeats_a_changed_value_is_told() -> None:
    """Who changes `&x` changes every `*x`."""
    (note,) = patched(SHARED, [("a.n", 5)]).notes
    assert note == "`&x` is repeated elsewhere: 2 other places follow (`b`, `c.0`)"


@pytest.mark.parametrize(
    ("text", "edits", "told"),
    [
        (SHARED, {"a": REMOVE}, "`b` repeats as `*x`"),
        ("? a\n: 1\n", {"a": 2}, "is written as `? a`"),
        ("a: [b: 1]\n", {"a.0.c": 2}, "without brackets"),
        ("a: 1\n", {"a.b": 2}, "`a` is one value"),
        ("a: [1]\n", {"a.3": 2}, "`a.1` appends"),
        (LEVERS, {"levers.peple": REMOVE}, "did you mean `people`"),
        (FACT, {"today.nps": 50}, "is above its high, `43`; set `today.nps.low` and `today.nps.high` too"),
        (FACT, {"today.nps.value": 30}, "is below its low, `35`"),
        ("a: 1\n", {"": 2}, "is not a path"),
        ("a: 1\n", {"a": object()}, "cannot stand in a scenario"),
        ("a: 1\n", {"a": "\ud800"}, "half a character"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(text: str, edits: dict[str, Any], told: str) -> None:
    """With words that say what to do about it."""
    with pytest.raises(UsageError, match=re.escape(told)):
        patch(text, edits)


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [\n", "a: !!str 1\n", "", "a: *b\n"])
def test_a_text_that_is_not_in_order_is_not_patched(text: str) -> None:
    """Duplicate keys, tags and what is no YAML are told as everywhere."""
    with pytest.raises(ScenarioError, match="CXM1"):
        patch(text, {"a": 3})
