"""What each column is: proposed, written, read back, and told where it is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import EvidenceError
from cxmodel.evidence.readers import Mapping, mapping_of, mapping_text, propose, read, read_mapping
from cxmodel.evidence.readers.mapping import KINDS, LEFT_OUT, MEASURES, PERS, ROLES, UNITS, ColumnMapping, FileMapping
from cxmodel.evidence.readers.scales import SCALES
from tests.evidence.texts import SHOP, read_text

ROWS = "".join(
    f"a{at}@b.example,2026-01,{1 + at % 5},{at % 11},{1 + at % 5},{1 + at % 5},{1 + at % 5},red\n" for at in range(60)
)
SURVEY = "email,wave,overall,nps,track_order.clarity,Clarity at track order,traking,colour\n" + ROWS


def proposed(folder: Path, text: str) -> FileMapping:
    """What is proposed for a file of this text."""
    file = folder / "data.csv"
    file.write_text(text, "utf-8")
    return propose([file], SHOP).files["data.csv"]


def test_a_proposal_finds_roles_scales_and_what_is_rated(tmp_path: Path) -> None:
    """By names and values; names and addresses are left out."""
    found = proposed(tmp_path, SURVEY)
    assert found.kind == "survey"
    assert found.columns["email"] == ColumnMapping(LEFT_OUT) == found.columns["colour"]
    assert found.columns["overall"] == ColumnMapping("satisfaction", "five stars")
    assert found.columns["nps"] == ColumnMapping("recommend", "0 to 10")
    for column in ("track_order.clarity", "Clarity at track order"):
        assert found.columns[column] == ColumnMapping("rating", "five stars", "track_order", "clarity")
    assert found.columns["traking"] == ColumnMapping("rating", "five stars")


@pytest.mark.parametrize(
    ("name", "touchpoint", "attribute"),
    [
        ("Track order", "track_order", ""),
        ("track_ordr", "track_order", ""),
        ("Zufriedenheit mit clarity", "", "clarity"),
        ("call_us: clarity", "call_us", "clarity"),
    ],
)
def test_what_is_rated_is_found_by_its_name(name: str, touchpoint: str, attribute: str, tmp_path: Path) -> None:
    """By id, by label, or the one that is near."""
    text = f"overall,{name}\n" + "".join(f"{1 + at % 5},{1 + at % 5}\n" for at in range(40))
    assert proposed(tmp_path, text).columns[name] == ColumnMapping("rating", "five stars", touchpoint, attribute)


def test_a_mapping_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """And reads the same evidence."""
    file = tmp_path / "survey.csv"
    file.write_text(SURVEY, "utf-8")
    mapping = propose([file], SHOP)
    saved = tmp_path / "mapping.yaml"
    saved.write_text(mapping_text(mapping), "utf-8")
    assert read_mapping(saved) == mapping
    assert read([file], SHOP, mapping).account == read([file], SHOP).account


WORDS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn"),
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff",
    ),
    max_size=12,
)
COLUMNS = st.builds(
    ColumnMapping,
    st.sampled_from([*sum(ROLES.values(), ()), LEFT_OUT]),
    st.sampled_from(["", *SCALES]),
    measure=st.sampled_from(["", *MEASURES]),
    per=st.sampled_from(["", *PERS]),
    unit=st.sampled_from(["", *UNITS]),
    period=st.none() | st.integers(0, 999),
    missing=st.lists(st.sampled_from(["", "0", "99", "n/a", "true", "-1", "06"]), max_size=3).map(tuple),
)
NAMES = WORDS.filter(lambda text: text.strip() == text and text != "")


@given(
    st.dictionaries(NAMES, COLUMNS, max_size=4),
    st.lists(st.sampled_from(["0", "99", "x y", "null", "1.0"]), max_size=3),
    NAMES,
)
def test_any_mapping_is_read_back(columns: dict[str, ColumnMapping], missing: list[str], name: str) -> None:
    """Whatever files and columns are called."""
    kinds = [kind for kind in KINDS if all(said.role in (*ROLES.get(kind, ()), LEFT_OUT) for said in columns.values())]
    for kind in kinds:
        mapping = Mapping({name: FileMapping(kind, columns, tuple(missing))})
        assert mapping_of(mapping_text(mapping)) == mapping


WRONG = {
    "an unknown key": (
        "kind: survey\n  columns:\n    a: {is: rating, scales: five stars}",
        "m.yaml:4:1: error CXM604: .*scales`.*\n.*`scale`",
    ),
    "an unknown kind": ("kind: surveys", "m.yaml:2:1: .*`surveys`.*\n.*`survey`"),
    "no kind": ("columns: {}", "there is no `kind`"),
    "an unknown role": ("kind: survey\n  columns: {a: {is: ratng}}", "`ratng`.*\n.*`rating`"),
    "a role of another kind": ("kind: survey\n  columns: {a: {is: arrival}}", "`arrival` is none of the words"),
    "an unknown touchpoint": (
        "kind: survey\n  columns: {a: {is: rating, touchpoint: trak_order}}",
        "there is no touchpoint.*\n.*`track_order`",
    ),
    "an unknown scale": ("kind: survey\n  columns: {a: {is: rating, scale: five star}}", "is no scale\n.*`five stars`"),
    "an unknown column": (
        "kind: survey\n  columns: {overal: {is: satisfaction}}",
        "data.csv has no column overal\n.*`overall`",
    ),
    "dates": ("kind: calls\n  dates: european", "`european`"),
    "a period": ("kind: cohorts\n  period: soon", "`soon` is no length of a period"),
    "not YAML": ('kind: "survey', "quotes are not closed"),
    "a list": ("- a\n", "is no mapping"),
    "codes": ("kind: survey\n  missing: [{a: b}]", "codes for a missing answer are numbers and words"),
    "what a column is": ("kind: survey\n  columns: {a: {scale: five stars}}", "nothing says what this column is"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_mapping_is_told_like_a_wrong_scenario(case: str, tmp_path: Path) -> None:
    """With its line, and what would be right."""
    text, said = WRONG[case]
    with pytest.raises(EvidenceError) as caught:
        read([_file(tmp_path)], SHOP, mapping_of(f"data.csv:\n  {text}\n", "m.yaml"))
    assert re.search(said, str(caught.value)), str(caught.value)


def _file(folder: Path) -> Path:
    file = folder / "data.csv"
    file.write_text("overall,nps\n1,2\n3,10\n", "utf-8")
    return file


def test_a_file_that_is_not_there_and_a_name_that_is_nearly_right(tmp_path: Path) -> None:
    """Of the mapping, and in it."""
    with pytest.raises(EvidenceError, match="there is no such file"):
        read_mapping(tmp_path / "no.yaml")
    with pytest.raises(EvidenceError, match=r"no file dta.csv among those read\n.*`data.csv`"):
        read([_file(tmp_path)], SHOP, mapping_of("dta.csv: {kind: survey}\n"))


def test_a_file_may_be_left_out(tmp_path: Path) -> None:
    """Where another is read."""
    (tmp_path / "b.csv").write_text("month,nps\n2026-01,20\n2026-02,21\n", "utf-8")
    evidence = read([_file(tmp_path), tmp_path / "b.csv"], SHOP, mapping_of("data.csv: {kind: left out}\n"))
    assert [account.kind for account in evidence.account] == ["left out", "tracker"]
    with pytest.raises(EvidenceError, match="nothing known"):
        read_text(tmp_path, "overall,nps\n1,2\n3,10\n", "kind: left out")
