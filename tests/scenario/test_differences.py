"""What differs between two scenarios is told by meaning: in words and units, and nothing that means the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cxmodel
from cxmodel.scenario import Scenario, load, loads, stories
from cxmodel.scenario.describe.diff import Difference, diff, differences
from cxmodel.scenario.describe.git_diff import Call

PRETTY_APP = stories()["pretty_app"].read_text("utf-8")


def block(touchpoint: str) -> str:
    """The lines of a touchpoint of the pretty app."""
    found = re.search(rf"^  {touchpoint}:.*\n(    .*\n)*", PRETTY_APP, re.MULTILINE)
    assert found is not None
    return found[0]


EVERYTHING = (Path(__file__).parents[1] / "fixtures" / "everything.yaml").read_text("utf-8")


def edited(*edits: tuple[str, str], text: str = PRETTY_APP) -> Scenario:
    """The pretty app with some of its text replaced."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return loads(text)


def said(*edits: tuple[str, str], text: str = PRETTY_APP) -> list[str]:
    """What is said of the difference that some edits make."""
    return [str(row) for row in diff(loads(text), edited(*edits, text=text))]


def leaves(plain: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every plain number of a scenario as written, by dotted path."""
    for key, value in plain.items() if isinstance(plain, dict) else ():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        elif isinstance(value, int | float) and not isinstance(value, bool) and key != "schema":
            yield ".".join((*path, key)), value


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("people:     {level: 0.7}", "people:     {level: 0.8}", "people lever: 0.70 → 0.80"),
        ("{clarity: 40,", "{clarity: 80,", "track order, clarity delivered: 40 → 80"),
        ("margin: 9 per month", "margin: 11 per month", "margin: £9 → £11 per month"),
        ("leave: 1.2 % per month", "leave: 1.5 % per month", "leave: 1.2 % → 1.5 % per month"),
        ("leave: 1.2 % per month", "leave: 0.015 per month", "leave: 1.2 % → 1.5 % per month"),
        ("retention: 0.8", "retention: 0.85", "retention target: 80 % → 85 %"),
        ("targets: {nps: 35", "targets: {nps: 40", "NPS target: 35 → 40"),
        ("patience: 4 minutes", "patience: 5 minutes", "call us, staffed, patience: 4 → 5 minutes"),
        ("horizon: 24 months", "horizon: 3 years", "horizon: 24 months → 3 years"),
        ("starts: month 3", "starts: month 4", "real tracking, starts: month 3 → month 4"),
        ("once: 10000", "once: 12500", "real tracking, cost, once: £10,000 → £12,500"),
        ("price: 140", "price: 12 per month", "see before you buy, price: £140 → £12 per month"),
        ('"09:00-18:00"', '"08:00-18:00"', "call us, staffed, hours: 09:00-18:00 → 08:00-18:00"),
        ("product: {kind: must_be}", "product: {kind: performance}", "product, kind: must be → performance"),
        ("switch: false", "switch: true", "pizza chain, switch: no → yes"),
        ("name: The pretty app", "name: The app", "name: “The pretty app” → “The app”"),
        ("say_less:     [promise_less]", "say_less: [plainer_app]", "plan say less: promise less → plainer app"),
        (
            "journey.track_order.delivers.clarity: 80",
            "journey.track_order.delivers.clarity: 85",
            "real tracking changes track order, clarity delivered: 80 → 85",
        ),
        ("    importance: 0.5 ", "    importance: 0.7 ", "track order, importance: 0.5 → 0.7"),
        ("reach: 1.0", "reach: 90 %", "pizza style bar, reach: 100 % → 90 %"),
        ("client_ref: A-17", "client_ref: A-18", "meta client ref: “A-17” → “A-18”"),
        ("by: 2}", "by: 3}", "fix the wait, expectation gap: better than as is, by 2 → better than as is, by 3"),
        (
            "{platforms: 0.8, practices: 0.2}",
            "{platforms: 1}",
            "track order, platforms relied on: 0.8 → 1",
        ),
    ],
)
def test_a_changed_value_is_said_in_words_and_units(old: str, new: str, told: str) -> None:
    """A reader who does not know the file understands what changed, from what to what, and in which unit."""
    assert said((old, new))[0] == told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("margin: 9 per month", "margin: 108 per year"),
        ("leave: 1.2 % per month", "leave: 0.012 per month"),
        ("every: 1 day\n", "every: 24 hours\n"),
        ("reach: 1.0", "reach: 100 %"),
        ("{platforms: 0.8, practices: 0.2}", "{platforms: 8, practices: 2}"),
        ("    starts: month 0\n", ""),
        ("reach: 0.8, believed: 0.7", "believed: 0.7, reach: 0.8"),
        ("  practices:  {level: 0.5}\n", ""),
        ("# what the company could do", "# what it could do"),
        (block("new_frames"), ""),
    ],
)
def test_another_spelling_of_the_same_is_no_difference(old: str, new: str) -> None:
    """Units, percent, order of keys, defaults written out, comments; and a renewal moved behind the leaving."""
    edits = [(old, new)]
    if "new_frames" in old:
        edits.append(("\nrivals:", old.rstrip() + "\n\nrivals:"))
    assert said(*edits) == []


def test_what_is_added_and_removed_is_named() -> None:
    """A whole touchpoint or plan is one row with what it is, not a row for each of its values."""
    goodbye = block("goodbye")
    plan = "  both:         [real_tracking, promise_less]\n"
    assert said((goodbye, ""), (plan, "")) == ["− touchpoint goodbye", "− plan both"]
    without = edited((goodbye, ""), (plan, ""))
    assert [str(row) for row in diff(without, loads(PRETTY_APP))] == [
        "+ touchpoint goodbye (leave)",
        "+ plan both (real tracking, promise less)",
    ]


def test_a_value_that_was_not_said_is_added() -> None:
    """Where there is no default to compare with, a new value is an added one."""
    assert said(("    switching_cost: 0.2\n", "    switching_cost: 0.2\n    response_rate: 0.3\n")) == [
        "+ style seekers, response rate: 0.30"
    ]


def test_sources_and_ranges_are_told_apart_from_values() -> None:
    """A number that is known better has not changed."""
    fact = "{value: 0.4, low: 0.3, high: 0.5, source: it_review, as_of: 2026-05}"
    assert said((fact, "{value: 0.4, low: 0.35, high: 0.5, source: audit}")) == [
        "platforms lever, low: 0.30 → 0.35",
        "platforms lever, source: it_review → audit",
        "− platforms lever, as of: 2026-05",
    ]
    assert said((fact, "{value: 0.5, low: 0.3, high: 0.5, source: it_review, as_of: 2026-05}")) == [
        "platforms lever: 0.40 → 0.50"
    ]


def test_a_touchpoint_lived_later_is_a_move() -> None:
    """Within a stage the order of the file is the order of life; the fewest moves are told."""
    unboxing = block("unboxing")
    (row,) = diff(loads(PRETTY_APP), edited((unboxing, ""), ("  track_order:\n", unboxing + "  track_order:\n")))
    assert (row.kind, row.path, row.said) == ("moved", "journey.track_order", "track order: moved, now after unboxing")


def test_sections_come_in_the_order_of_the_file_and_meta_last() -> None:
    """Rows are grouped as the reader finds them in the file."""
    text = PRETTY_APP.replace("meta: {client_ref: A-17}", "").replace("schema: 1\n", "schema: 1\nmeta: {by: me}\n")
    rows = diff(
        loads(text),
        edited(
            ("{by: me}", "{by: you}"),
            ("horizon: 24", "horizon: 30"),
            ("{nps: 35,", "{nps: 30,"),
            ("visits: 9", "visits: 8"),
            text=text,
        ),
    )
    assert [row.section for row in rows] == ["scenario", "journey", "targets", "meta"]


def test_a_script_gets_numbers_in_one_unit() -> None:
    """`before` and `after` can be compared although the file spells them differently."""
    (row,) = diff(loads(PRETTY_APP), edited(("margin: 9 per month", "margin: 120 per year")))
    assert (row.path, row.before, row.after, row.unit) == ("economics.margin", 108, 120, "GBP per year")
    assert row.said == "margin: £9 per month → £120 per year"


@pytest.mark.parametrize("name", stories())
def test_every_number_of_every_story_is_missed_when_it_changes(name: str) -> None:
    """One number turned gives one row, at its path or at that of its fact; nothing else is told."""
    scenario = load(stories()[name])
    for path, value in leaves(scenario._document.plain):
        if ".changes." in path or path.rpartition(".")[2] in ("value", "low", "high") or "relies_on" in path:
            continue
        plain = _with(scenario._document.plain, path.split("."), value / 2 if value else 0.5)
        (row,) = differences(scenario._document.plain, plain)
        assert row.path == path and row.kind == "changed", row
    assert diff(scenario, scenario) == []


def _with(plain: Any, steps: list[str], value: Any) -> Any:
    return {**plain, steps[0]: value if len(steps) == 1 else _with(plain[steps[0]], steps[1:], value)}


NUMBERS = dict(leaves(loads(EVERYTHING)._document.plain))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from([path for path in NUMBERS if "relies_on" not in path and ".changes." not in path])))
def test_there_is_one_row_for_each_change_and_its_mirror_image_on_the_way_back(paths: set[str]) -> None:
    """What was changed is told, all of it and once; from after to before, the same rows with sides swapped."""
    before = loads(EVERYTHING)._document.plain
    after = before
    for path in paths:
        after = _with(after, path.split("."), NUMBERS[path] / 2 if NUMBERS[path] else 0.5)
    there, back = differences(before, after), differences(after, before)
    assert {row.path for row in there} == paths and len(there) == len(paths)
    assert {(row.path, row.before, row.after) for row in there} == {(row.path, row.after, row.before) for row in back}


def test_a_new_field_gets_a_label_by_itself() -> None:
    """No path of the fullest scenario is without words: every label is made of words, none of keys with underscores."""
    whole = loads(EVERYTHING)._document.plain
    rows: list[Difference] = []
    for path in (path for path in NUMBERS if ".changes." not in path):
        rows += differences(whole, _with(whole, path.split("."), NUMBERS[path] / 2 + 0.25))
    assert rows and not [row.label for row in rows if "_" in row.label or not row.label]


def test_equal_fingerprints_have_no_difference_and_others_have_one() -> None:
    """`diff` and the scenario's hash agree on what means the same."""
    same = edited(("margin: 9 per month", "margin: 108 per year"))
    other = edited(("margin: 9 per month", "margin: 109 per year"))
    base = loads(PRETTY_APP)
    assert (same.hash == base.hash, diff(base, same)) == (True, [])
    assert other.hash != base.hash and diff(base, other)


def test_it_can_be_called_from_python() -> None:
    """`cxmodel.diff` gives the rows, each of which reads as a line."""
    (row,) = cxmodel.diff(cxmodel.loads(PRETTY_APP), edited(("visits: 9", "visits: 8")))
    assert str(row) == "track order, visits: 9 → 8"


WRONG = sorted((Path(__file__).parents[1] / "fixtures" / "wrong").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_a_version_with_mistakes_is_compared_as_far_as_it_goes(file: Path) -> None:
    """Whatever is wrong with one side, the reader of a history gets lines, and never a traceback."""
    good = stories()["pretty_app"]
    there, back = (list(Call("app.yaml", *sides).lines()) for sides in ((good, file), (file, good)))
    assert (there[0], back[0]) == ("app.yaml", "app.yaml") and len(there) > 2 and len(back) > 2


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("12 per month"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(NUMBERS)), st.integers(1, 6), JUNK)
def test_any_shape_in_any_place_can_be_compared(path: str, depth: int, junk: Any) -> None:
    """What is compared as written may be of any shape, and comparing it with itself finds nothing."""
    whole = loads(EVERYTHING)._document.plain
    odd = _with(whole, path.partition(".changes.")[0].split(".")[:depth], junk)
    assert differences(odd, odd, whole=False) == []
    for rows in (differences(whole, odd, whole=False), differences(odd, whole, whole=False)):
        assert all(row.said and row.path for row in rows)


def test_layers_are_compared_by_what_they_come_to(tmp_path: Path) -> None:
    """A file that builds on another differs from it by what it changes, wherever that is written."""
    (tmp_path / "base.yaml").write_text(PRETTY_APP, "utf-8")
    branch = "extends: base.yaml\nset:\n  levers.people.level: 0.8\nremove: [journey.goodbye]\n"
    (tmp_path / "branch.yaml").write_text(branch, "utf-8")
    rows = diff(load(tmp_path / "base.yaml"), load(tmp_path / "branch.yaml"))
    assert [str(row) for row in rows] == ["people lever: 0.70 → 0.80", "− touchpoint goodbye"]


def test_scenarios_made_in_python_are_compared_too() -> None:
    """What `with_changes` and `with_initiative` made is told like what was written."""
    base = loads(PRETTY_APP)
    bolder = base.with_changes({"levers.people.level": 0.8}).with_initiative(
        "hire", {"levers.people.level": 0.9}, plan="both"
    )
    assert [str(row) for row in diff(base, bolder)] == [
        "people lever: 0.70 → 0.80",
        "+ initiative hire",
        "plan both: real tracking, promise less → real tracking, promise less, hire",
    ]
