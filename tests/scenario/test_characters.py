"""What no text holds: control characters and those that turn the direction of writing, however they are written."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.cli import main
from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.scenario import Scenario, loads
from cxmodel.scenario.characters import FORBIDDEN, forbidden_in, visible, written_as

SHOP = (Path(__file__).parents[1] / "fixtures" / "wrong" / "control_characters.yaml").read_text("utf-8")
SHOP = SHOP.replace("\\x07", "").replace("\\e]0;now\\a", "now").replace("ends \\0", "ends")
CONTROLS = sorted({chr(code) for code in range(0x20)} - {"\t", "\n"} | {chr(code) for code in range(0x7F, 0xA0)})
TURNING = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
SHORT = {"\0": "\\0", "\a": "\\a", "\b": "\\b", "\x1b": "\\e", "\f": "\\f", "\v": "\\v", "\r": "\\r", "\x85": "\\N"}
PLACES = [
    ('name: "A small shop"', 'name: "A {} small shop"'),
    ("schema: 1", 'schema: 1\nsummary: "one\n  two {}"'),
    ("schema: 1", 'schema: 1\nmeta: {{note: ["{}"]}}'),
    ("schema: 1", 'schema: 1\nmeta: {{"a {} key": 1}}'),
    ("level: 80", 'level: {{value: 80, source: "{}"}}'),
    ("    customers: 200", '    customers: 200\n    persona: {{name: Jo, quote: "{}"}}'),
    ("[poster]", '["poster{}"]'),
    ("  fast: {attribute", '  "fast{}": {{attribute'),
]


@given(st.sampled_from([*CONTROLS, *TURNING]), st.sampled_from(PLACES), st.sampled_from(["short", "x", "u", "U"]))
def test_no_text_and_no_key_holds_one(character: str, place: tuple[str, str], spelling: str) -> None:
    """Whatever escape it is written with; the message names it, at its place, and never holds it."""
    code = ord(character)
    wide = f"\\u{code:04x}" if spelling != "U" else f"\\U{code:08x}"
    escape = wide if code > 0xFF or spelling in "uU" else f"\\x{code:02x}"
    escape = SHORT.get(character, escape) if spelling == "short" else escape
    old, new = place
    assert old in SHOP
    text = SHOP.replace(old, new.format(escape), 1)
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    [problem] = [problem for problem in caught.value.problems if problem.code == "CXM121"]
    assert f"U+{code:04X}" in problem.message
    assert (problem.line, problem.column) == (text[: text.index(escape)].count("\n") + 1, problem.column)
    assert text.split("\n")[problem.line - 1][problem.column - 1 :].startswith(escape)
    assert not FORBIDDEN.search(str(caught.value))


@given(st.sampled_from(TURNING), st.sampled_from(PLACES))
def test_nor_as_it_is(character: str, place: tuple[str, str]) -> None:
    """Unicode's overrides need no escape to deceive."""
    old, new = place
    with pytest.raises(ScenarioError) as caught:
        loads(SHOP.replace(old, new.format(character), 1))
    assert unicodedata.name(character).lower() in str(caught.value)
    assert not FORBIDDEN.search(str(caught.value))


def test_tabs_and_the_ends_of_lines_are_no_such_characters() -> None:
    """Texts of several lines stay what they are; so do marks of scripts that run from right to left."""
    text = 'schema: 1\nsummary: |\n  one\n  \ttwo\nquestion: "a\\tb\\nc \u200f\u05e9"'
    assert loads(SHOP.replace("schema: 1", text, 1).replace('question: "Why now?"\n', "")).summary == "one\n\ttwo\n"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\u202e"])
def test_values_that_are_set_for_one_run_hold_none_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], character: str
) -> None:
    """In Python, by `--set` and by `cxmodel set`; raw or in an escape."""
    scenario: Scenario = loads(SHOP)
    named = f"U\\+{ord(character):04X}"
    for say in (
        lambda: scenario.with_changes({"name": f"A{character}"}),
        lambda: scenario.with_changes({}, name=f"A{character}"),
        lambda: scenario.with_changes({"meta": {"a": [{character: 1}]}}),
        lambda: scenario.with_initiative("more", {"levers.people.level": f"{character}1"}, plan="now"),
    ):
        with pytest.raises(CxModelError, match=named):
            say()
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, "utf-8")
    escape = f'"A \\U{ord(character):08x}"'
    for change in (f"name={escape}", f"question=A{character}", f"meta.a{character}=1"):
        assert main(["set", str(file), change]) == main(["run", str(file), "--set", change]) == 2
        assert not FORBIDDEN.search(capsys.readouterr().err)
    assert file.read_text("utf-8") == SHOP


def test_what_is_shown_of_a_wrong_text_is_fit_for_a_terminal() -> None:
    """Names that other problems repeat, too."""
    text = SHOP.replace("parcel:", '"par\\x1b]0;cel":', 1).replace("[poster]", "[parcel]")
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert len(caught.value.problems) > 1
    assert not FORBIDDEN.search(str(caught.value))


@given(st.text())
def test_a_visible_text_holds_none(text: str) -> None:
    """And is otherwise the same."""
    assert forbidden_in({"a": [visible(text)]}) is None
    assert len(visible(text)) == len(text)
    assert (forbidden_in((text,)) is None) == (visible(text) == text)


def test_an_escaped_backslash_is_no_escape() -> None:
    """The place is that of the escape, not of what looks like one."""
    assert written_as(r'"\\x07 \x07"', "\x07") == (7, 4)
