"""Reading: YAML 1.2 scalars, strictness, and limits that hold before anything is built."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError
from cxmodel.scenario import load, loads
from cxmodel.scenario.yaml_text import parser
from cxmodel.scenario.yaml_text.parser import read

STORY = (Path(__file__).parents[2] / "scenarios" / "pretty_app.yaml").read_text("utf-8")


def code_of(text: str) -> str:
    """The code of the first problem of a text."""
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return caught.value.problems[0].code


def peak_of(text: str) -> int:
    """Most bytes that were held while a text was refused."""
    tracemalloc.start()
    with pytest.raises(ScenarioError):
        loads(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("2026-06", "2026-06"),
        ("2026-06-01", "2026-06-01"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("+2", 2),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ('"5"', "5"),
        ("'no'", "no"),
        ("=", "="),
    ],
)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    """`no`, `on`, `12:30` and dates are words; `010` is ten."""
    assert read(f"key: {written}", "x").plain == {"key": value}


@pytest.mark.parametrize("key", ["no", "on", "12", "true", "null", "2026-06"])
def test_keys_stay_the_words_they_are(key: str) -> None:
    """A key is never a number, a truth or nothing."""
    assert read(f"{key}: 1", "x").plain == {key: 1}


@pytest.mark.parametrize("loader", [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader])
def test_both_parsers_read_the_story_alike(loader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, the slower parser gives the same values at the same places."""
    expected = read(STORY, "x")
    monkeypatch.setattr(parser, "_Loader", loader)
    document = read(STORY, "x")
    assert (document.plain, document.keys) == (expected.plain, expected.keys)


def test_an_alias_stands_for_what_it_repeats() -> None:
    """Anchors and aliases are plain YAML and may be used in moderation."""
    assert read("a: &x {b: 1}\nc: *x", "x").plain == {"a": {"b": 1}, "c": {"b": 1}}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
DEEP_ALIASES = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 900))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        DEEP_ALIASES,
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "".join("  " * depth + "a:\n" for depth in range(400)),
        "a: [" + "1, " * 200_000 + "1]",
        "a: &x 1\nb: [" + "*x, " * 2000 + "1]",
        "- " * 400_000,
    ],
    ids=["bomb", "alias depth", "brackets", "braces", "blocks", "values", "aliases", "dashes"],
)
def test_hostile_nesting_is_refused_in_little_memory(text: str) -> None:
    """Depth, number of values and aliases are limited before anything is built."""
    assert code_of(text) == "CXM109"
    assert peak_of(text) < 120e6


def test_a_bomb_costs_next_to_nothing() -> None:
    """Ten to the twelfth values are counted, not built."""
    assert peak_of(BOMB) < 2e6


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    """A file of 100 MB is refused by its size."""
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    tracemalloc.start()
    with pytest.raises(ScenarioError, match="too big: 100,000,000 bytes"):
        load(file)
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_a_huge_text_is_refused() -> None:
    """The limit on bytes holds for texts too."""
    assert code_of("# " + "x" * 2_000_000) == "CXM103"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x01\x02\x7fELF", "CXM104"),
        (b"name: \xff\xfe", "CXM104"),
        ("name: caf\u00e9".encode("utf-16"), "CXM104"),
        (b"name: a\x07b", "CXM104"),
        (b"", "CXM112"),
        (b"\xef\xbb\xbf# only a comment", "CXM112"),
    ],
    ids=["binary", "not utf-8", "utf-16", "bell", "empty", "byte order mark"],
)
def test_a_file_that_is_no_text_says_so(tmp_path: Path, content: bytes, code: str) -> None:
    """Binary junk, other encodings and control characters are named for what they are."""
    file = tmp_path / "junk.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_story_with_windows_line_ends_and_byte_order_mark_reads_the_same(tmp_path: Path) -> None:
    """Editors on other systems may save the file."""
    file = tmp_path / "story.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode())
    assert load(file).hash == loads(STORY).hash


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    """A folder in place of a file is named."""
    with pytest.raises(ScenarioError, match="this is a folder"):
        load(tmp_path)


def test_a_missing_file_suggests_the_one_beside_it(tmp_path: Path) -> None:
    """A typo in a file's name gets a did-you-mean."""
    (tmp_path / "pretty_app.yaml").write_text(STORY)
    with pytest.raises(ScenarioError, match=r"CXM101.*(\n.*)*did you mean .*pretty_app\.yaml"):
        load(tmp_path / "prety_app.yaml")


@pytest.mark.parametrize("name", ["nowhere/at/all.yaml", "bad\x00name.yaml", "x" * 5000, ""])
def test_a_file_that_cannot_be_had_says_so(name: str) -> None:
    """Missing folders and impossible names are problems, not crashes."""
    with pytest.raises(ScenarioError):
        load(name)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Something that is no file is refused at once."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ScenarioError, match="this is no file"):
        load(pipe)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but a `ScenarioError` ever comes out of reading a text."""
    with pytest.raises(ScenarioError):
        loads(text)


@given(st.text(alphabet="ab:-[]{}&*!|>%@`\"'#,?\n \t<1.", max_size=60))
def test_any_punctuation_is_read_or_refused(text: str) -> None:
    """The same for texts made of what YAML is made of."""
    with pytest.raises(ScenarioError):
        loads(text)


@pytest.mark.slow
@given(st.integers(0, len(STORY) - 1), st.integers(1, 40), st.text(alphabet="a1:[]{} \n.%-", max_size=6))
def test_a_damaged_story_is_read_or_refused(start: int, length: int, patch: str) -> None:
    """Cut a piece out of a story, put another in: it is still a scenario or has problems with places."""
    try:
        loads(STORY[:start] + patch + STORY[start + length :])
    except ScenarioError as error:
        assert all(problem.message for problem in error.problems)


MANY = {
    "names": "attributes:\n"
    + "".join(f"  attribute_number_{n}: {{}}\n" for n in range(12_000))
    + "journey:\n"
    + "".join(f"  t{n}: {{stage: buy, delivers: {{atribute_nmber_x{n}: 5}}}}\n" for n in range(6_000)),
    "paths": "initiatives:\n"
    + "".join(f"  i{n}: {{changes: {{jorney.t{n}.effort: 3, levers.peple.level: 9}}}}\n" for n in range(7_000)),
    "units": "journey:\n" + "".join(f"  t{n}: {{stage: by, every: 3 mnths, visits: a}}\n" for n in range(7_000)),
    "one long word": f"summary: {'x' * 900_000}",
    "one long number": f"horizon: {'9' * 900_000}",
    "one long path": f"initiatives: {{i: {{changes: {{{'a.' * 300_000}a: 1}}}}}}",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_a_file_full_of_mistakes_has_a_short_answer(text: str) -> None:
    """However many mistakes, a screenful of problems, in lines of a bearable length."""
    with pytest.raises(ScenarioError) as caught:
        loads("schema: 1\nname: x\n" + text)
    assert len(caught.value.problems) <= 101
    assert max(len(line) for line in str(caught.value).splitlines()) < 700
