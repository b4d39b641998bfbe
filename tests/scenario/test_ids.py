"""Ids made of what people call things, in any script."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.scenario.fields.base import ID_PATTERN
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.vocabulary import humanise

TEXTS = st.text(max_size=80) | st.text("aA1_ -é店😀", max_size=80)
IDS = st.from_regex(ID_PATTERN, fullmatch=True).map(str.strip)


@pytest.mark.parametrize(
    ("label", "id"),
    [
        ("Müller Café", "muller_cafe"),
        ("Λογαριασμός", "logariasmos"),
        ("日本語 店", "ribenyu_dian"),
        ("Trust & honesty", "trust_honesty"),
        ("123", "n_123"),
        ("🛒", "shopping_cart"),
        ("שלום", "slvm"),
        ("Größe ½", "grosse_1_2"),
        ("…", "touchpoint"),
        ("", "touchpoint"),
        ("\u200f", "touchpoint"),
    ],
)
def test_an_id_is_what_a_reader_would_make_of_the_label(label: str, id: str) -> None:
    """In Latin letters; of what has none, what it is."""
    assert id_of(label, otherwise="touchpoint") == id


@given(TEXTS, st.lists(IDS, max_size=5))
def test_an_id_is_always_one_and_never_taken(label: str, taken: list[str]) -> None:
    """Whatever it is made of, and however often."""
    for _ in range(3):
        id = id_of(label, taken)
        assert re.fullmatch(ID_PATTERN, id) and id not in taken and "\n" not in id
        taken = [*taken, id]


@given(TEXTS, st.lists(IDS, max_size=5))
def test_an_id_is_the_same_each_time(label: str, taken: list[str]) -> None:
    """It hangs on nothing else."""
    assert id_of(label, taken) == id_of(label, taken)


@given(IDS)
def test_an_id_in_words_comes_back(id: str) -> None:
    """Without a label beside it, where its words say enough."""
    plainly = re.sub("_+", "_", id).strip("_")
    assert id_of(humanise(plainly)) == plainly
    assert label_beside(plainly, humanise(plainly)) == ""


def test_what_an_id_does_not_say_is_written_beside_it() -> None:
    """Accents, signs, letters of another script; not a capital."""
    assert label_beside("muller_cafe", " Müller  Café ") == "Müller Café"
    assert label_beside("corner_shop", "corner shop") == label_beside("corner_shop", "Corner shop") == ""
