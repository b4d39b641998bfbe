"""Numbers as other countries, programs and keyboards write them: refused, with the right spelling, at their place."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.cli import main
from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario import loads
from cxmodel.scenario.characters import _BLANKS, name_of
from cxmodel.scenario.decimals import WithDecimals

FIXTURE = Path(__file__).parents[1] / "fixtures" / "wrong" / "count_thousand_dot.yaml"
SHOP = FIXTURE.read_text("utf-8").replace("1.000", "200").replace("12.500", "400")
COUNTS = {
    "customers: 200": "customers",
    "prospects: 400": "prospects",
    "visits: 3": "visits",
    "agents: 2": "agents",
}
BLANKS = sorted(_BLANKS)
"""The byte order mark is the last of them."""


def problems(old: str, new: str) -> tuple[Problem, ...]:
    assert old in SHOP
    with pytest.raises(ScenarioError) as caught:
        loads(SHOP.replace(old, new, 1), "shop.yaml")
    return caught.value.problems


def place(old: str) -> tuple[int, int]:
    """Line and column where a piece of the shop's text begins."""
    before = SHOP[: SHOP.index(old)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@given(st.sampled_from(sorted(COUNTS)), st.integers(1, 999), st.integers(0, 999))
def test_a_count_with_a_point_for_thousands_is_refused_with_both_spellings(key: str, first: int, rest: int) -> None:
    """To YAML `1.000` is one; whoever writes it of people means a thousand."""
    found = problems(key, f"{COUNTS[key]}: {first}.{rest:03}")
    assert len(found) == 1
    assert found[0].code == "CXM213"
    assert f"{first}{rest:03} or {first}_{rest:03}" in found[0].message


@given(st.sampled_from(sorted(COUNTS)), st.integers(1, 50), st.integers(0, 99))
def test_no_count_has_decimals(key: str, whole: int, part: int) -> None:
    """`2.0` agents are not refused for what they are, but nobody counts so."""
    assert [problem.code for problem in problems(key, f"{COUNTS[key]}: {whole}.{part:02}")] == ["CXM213"]


@given(st.integers(1, 9_000_000), st.sampled_from("_,.' "))
def test_thousands_are_told_apart_by_nothing_or_a_line(number: int, mark: str) -> None:
    """`1_000` is a thousand; with any other mark the digits are shown without it."""
    written = f"{number:,}".replace(",", mark)
    if mark == "_" or number < 1000:
        assert loads(SHOP.replace("prospects: 400", f"prospects: {written}")).segments["locals"].prospects == number
    else:
        [problem] = problems("prospects: 400", f"prospects: {written}")
        assert str(number) in problem.message + problem.expected
        assert (problem.line, problem.column) == place("400")


@pytest.mark.parametrize("text", ["{arrivals: 1_000 per month}", "{p: 0.03, q: 0.38}"])
def test_thousands_may_be_marked_in_amounts_too(text: str) -> None:
    """`1_000 per month` is as good as `1000 per month`."""
    plain = text.replace("_", "")
    written = "{arrivals: 20 per month}"
    assert loads(SHOP.replace(written, text)).hash == loads(SHOP.replace(written, plain)).hash


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["{level: %s, weight: 1}", "{weight: 1, level: %s}"]))
def test_a_decimal_comma_in_brackets_is_one_problem_with_the_number_meant(whole: int, part: int, need: str) -> None:
    """Not an unknown key `4`, and no other problem that follows from it."""
    [problem] = problems("speed: {level: 70, weight: 1}", f"speed: {need % f'{whole},{part:02}'}")
    assert problem.code == "CXM218"
    assert problem.expected == f"`{whole}.{part:02}`"
    assert problem.path == "segments.locals.needs.speed.level"


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("level: 80", "level: 80,5", "`80.5`"),
        ("{rate: 0.02, contact: help}", "{rate: 0,02, contact: help}", "`0.02`"),
        ("{rate: 0.02, contact: help}", "{rate: '1,5 %', contact: help}", "`1.5 %`"),
        ("{rate: 0.02, contact: help}", "{contact: help, rate: 1,5 %}", "`1.5 %`"),
        ("horizon: 12 months", "horizon: 1,5 years", "`1.5 years`"),
        ("delivers.speed: 75", "delivers.speed: 75,5", "`75.5`"),
        ("delivers.speed: 75", "delivers.speed: '+0,5'", "`+0.5`"),
        ("delivers.speed: 75", "delivers.speed: 'x 1,2'", "`x 1.2`"),
        ("delivers.speed: 75", "delivers.speed: '-12,5 %'", "`-12.5 %`"),
        ("starts: month 3", "starts: month 2,5", "`month 2.5`"),
        ("level: 80", "level: [80,5]", "`80.5`"),
        ("level: 80", "level: {value: 80,5, source: survey}", "`80.5`"),
    ],
)
def test_a_decimal_comma_is_told_wherever_a_number_stands(old: str, new: str, meant: str) -> None:
    """In values, rates, lengths of time, points in time, facts and changes."""
    [problem] = problems(old, new)
    assert (problem.code, problem.expected) == ("CXM218", meant)


def test_what_has_a_comma_and_is_no_number_stays_as_it_is() -> None:
    """Texts, lists and free keys."""
    more = "\nmeta: {versions: [1,2], both: [0,4], set: {1,2,3}, list: {a,b}}"
    assert loads(SHOP.replace("schema: 1", "schema: 1" + more).replace("A small shop", "A small shop, 0,4")).name


@given(st.sampled_from(BLANKS), st.integers(1, len("20 per month") - 1))
def test_an_odd_blank_in_a_number_is_named_at_its_own_place(blank: str, at: int) -> None:
    """Nobody can see it: its name, line and column are all there is to go by."""
    text = "20 per month"
    [problem] = problems(text, text[:at] + blank + text[at:])
    line, column = place(text)
    assert (problem.code, problem.line, problem.column) == ("CXM219", line, column + at)
    assert name_of(blank) in problem.message


@given(st.sampled_from(BLANKS[:-1]), st.sampled_from(["    visits: 3", "horizon: 12", "    stage: receive"]), st.data())
def test_an_odd_blank_in_an_indent_or_beside_a_colon_is_named(blank: str, line: str, data: st.DataObject) -> None:
    """YAML takes it for a letter, and complains of something else, lines later; a byte order mark it skips."""
    indent = len(line) - len(line.lstrip(" "))
    colon = line.index(":")
    at = data.draw(st.sampled_from([*range(indent), colon, colon + 1]))
    found = problems(line, line[:at] + blank + (line[at + 1 :] if line[at] == " " else line[at:]))
    first, column = place(line)
    odd = [problem for problem in found if problem.code == "CXM219"]
    assert [(problem.line, problem.column) for problem in odd] == [(first, column + at)]
    assert name_of(blank) in odd[0].message


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("level: 80", "level: −80", "`-80`"),
        ("level: 80", "level: “80”", '`"80"`'),
        ("horizon: 12 months", "horizon: ‘12 months’", '`"12 months"`'),
        ("customers: 200", "customers: ２００", "`200`"),
    ],
)
def test_other_signs_that_look_alike_are_named(old: str, new: str, meant: str) -> None:
    """Dashes, curly quotation marks and digits of other scripts."""
    [problem] = problems(old, new)
    assert problem.code == "CXM219"
    assert meant in problem.expected


def test_an_amount_with_three_decimals_is_wondered_at() -> None:
    """Money may have decimals, but hardly three of them."""
    scenario = loads(SHOP.replace("once: 5000", "once: 5.000").replace("running: 100", "running: 1.250"))
    assert [(odd.code, odd.expected) for odd in scenario.warnings] == [
        ("CXM520", "`5000` or `5_000`, where thousands are meant"),
        ("CXM520", "`1250 per month` or `1_250 per month`, where thousands are meant"),
    ]
    assert not loads(SHOP.replace("once: 5000", "once: 0.125")).warnings


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("segments.locals.customers=1.000", "a thousand is 1000 or 1_000"),
        ("initiatives.faster.cost.once=1,234", "`1234` for thousands"),
        ("brand_promises.fast.level=80,5", "`80.5`"),
        ("brand_promises.fast={attribute: speed, level: 80,5}", "`80.5`"),
        ("brand_promises.fast.level=\u00a080", "a no-break space (U+00A0)"),
        ("brand_promises.fa\u200bst.level=80", "a zero-width space (U+200B)"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "set"])
def test_the_command_line_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str, change: str, told: str
) -> None:
    """What a file may not say, `--set` and `cxmodel set` may not either."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, "utf-8")
    assert main(["set", str(file), change] if verb == "set" else ["run", str(file), "--set", change]) == 2
    assert told in capsys.readouterr().err
    assert file.read_text("utf-8") == SHOP


def test_a_number_that_remembers_its_decimals_is_that_number() -> None:
    """It is copied, sent to other processes and compared as any other."""
    number = WithDecimals("1.50")
    for same in (copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert (same, same.text, hash(same)) == (1.5, "1.50", hash(1.5))
