"""Units as people write them: understood where they mean one thing, asked about where they mean two."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.cli import main
from cxmodel.errors import ScenarioError
from cxmodel.scenario import loads
from cxmodel.scenario.fields import units
from cxmodel.scenario.fields.notation import Misread
from cxmodel.scenario.fields.quantity import Quantity
from tests.support.small import STORIES

STORY = STORIES / "pretty_app.yaml"
NAMES = ["MoneyRate", "LeavingRate", "Handling", "Share", "People", "Cadence", "Moment", "PriceTag", "Money",
         "Horizon", "ImitationRate", "LevelRate", "Margin", "Level", "Figure", "ArrivalRate"]  # fmt: skip


def quantity(name: str) -> Quantity:
    found: Quantity = get_args(getattr(units, name))[1]
    return found


@pytest.mark.parametrize(
    ("name", "typed", "spelling"),
    [
        ("MoneyRate", "£9 a month", "9 per month"),
        ("MoneyRate", "9/month", "9 per month"),
        ("MoneyRate", "9 per mo", "9 per month"),
        ("MoneyRate", "€12 p.a.", "12 per year"),
        ("MoneyRate", "9k annually", "9000 per year"),
        ("LeavingRate", "1.2% a month", "1.2 % per month"),
        ("LeavingRate", "1.2 percent p.a.", "1.2 % per year"),
        ("Handling", "5 min", "5 minutes"),
        ("Handling", "1 hr", "1 hour"),
        ("Handling", "5 m", "5 minutes"),
        ("Horizon", "24m", "24 months"),
        ("Horizon", "3 mths", "3 months"),
        ("Horizon", "2 wks", "2 weeks"),
        ("Share", "80 pct", "80 %"),
        ("People", "1,000", "1000"),
        ("People", "1 000", "1000"),
        ("People", "10k", "10000"),
        ("People", "1.5k", "1500"),
        ("Money", "GBP 1,234.50", "1234.50"),
        ("PriceTag", "12 EUR pcm", "12 per month"),
        ("Cadence", "once a month", "every month"),
        ("Cadence", "every 3 mths", "every 3 months"),
    ],
)
def test_what_means_one_thing_has_one_spelling(name: str, typed: str, spelling: str) -> None:
    """And a file that says so otherwise is told that spelling."""
    assert quantity(name).understood(typed) == spelling
    if not typed.replace(" ", "").replace(",", "").isdecimal():
        with pytest.raises(Misread) as refused:
            quantity(name).quantity(typed)
        assert spelling.split(" ")[0] in refused.value.expected


@pytest.mark.parametrize(
    ("name", "typed", "ways"),
    [
        ("LeavingRate", "1.2%", ("1.2 % per month", "1.2 % per year")),
        ("Margin", "£9", ("9 per month", "9 per year")),
        ("Interval", "3 m", ()),
        ("Delay", "90 m", ("90 minutes", "90 months")),
        ("LeavingRate", "0.012", ()),
        ("Share", "80%", ()),
    ],
)
def test_what_means_two_things_has_both(name: str, typed: str, ways: tuple[str, ...]) -> None:
    """Both are shown by whoever refuses it."""
    assert quantity(name).choices(typed) == ways
    if ways:
        with pytest.raises(Misread) as refused:
            quantity(name).quantity(typed)
        assert refused.value.expected == " or ".join(f"`{way}`" for way in ways)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("People", "1.000"), ("People", "1,5"), ("Money", "1,234"), ("Money", "1,5k"), ("MoneyRate", "9 per m"),
        ("Level", "£9"), ("Handling", "5 moons"), ("Moment", "3 months"), ("Share", "nearly all"), ("People", "10m"),
    ],
)  # fmt: skip
def test_nothing_is_guessed(name: str, typed: str) -> None:
    """It stays as it was typed, and is refused as a file would be."""
    assert quantity(name).understood(typed) == typed
    with pytest.raises(Misread):
        quantity(name).quantity(typed)


TYPED = st.text(st.sampled_from("0123456789.,'_ -+%£€/kKmMyrhdpaeonthsw"), max_size=14)


@given(TYPED, st.sampled_from(NAMES))
def test_understanding_ends_in_what_a_file_may_say_and_is_done_once(typed: str, name: str) -> None:
    """What is understood is read; what is read stays as it is."""
    kind = quantity(name)
    spelling = kind.understood(typed)
    assert kind.understood(spelling) == spelling
    if spelling != typed:
        plain: Any = float(spelling) if spelling.lstrip("+-").replace(".", "", 1).isdecimal() else spelling
        kind.read(plain, kind.expected)


@pytest.mark.parametrize(
    ("typed", "currency", "words"),
    [("€9 a month", "GBP", "every amount of this scenario is in GBP"), ("9 USD", "GBP", "in GBP"),
     ("£9", None, "this scenario has none")],
)  # fmt: skip
def test_another_currency_is_refused(typed: str, currency: str | None, words: str) -> None:
    with pytest.raises(Misread, match=words):
        quantity("MoneyRate").refuse_foreign(typed, currency)
    quantity("Level").refuse_foreign(typed, currency)
    quantity("MoneyRate").refuse_foreign("£9 a month", "GBP")
    quantity("MoneyRate").refuse_foreign("9 EUR a month", "EUR")


@pytest.mark.parametrize("date", ["Q3 2026", "2026-07", "July 2026", "2026 Q1", "2026-07-01"])
def test_a_date_is_told_to_be_a_month_from_the_start(date: str) -> None:
    """Nothing says when month 0 is."""
    text = STORY.read_text("utf-8").replace("starts: month 3", f"starts: {date}", 1)
    with pytest.raises(ScenarioError) as refused:
        loads(text, "x")
    assert "`month 0` is the start" in refused.value.problems[0].expected


@pytest.mark.parametrize("typed", ["1.2%", "'1.2 %'"])
def test_a_share_that_leaves_says_of_which_time(typed: str) -> None:
    text = STORY.read_text("utf-8").replace("leave: ", f"leave: {typed} #", 1)
    with pytest.raises(ScenarioError) as refused:
        loads(text, "x")
    assert refused.value.problems[0].expected == "`1.2 % per month` or `1.2 % per year`"


@pytest.mark.slow
def test_the_command_line_understands_and_writes_the_one_spelling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "app.yaml"
    file.write_text(STORY.read_text("utf-8"), "utf-8")
    said = ["economics.margin=£9.50/month", "segments.style_seekers.customers=1,200", "horizon=2 yrs"]
    said += ["initiatives.real_tracking.changes.journey.call_us.staffed.handling=4 min"]
    assert main(["set", str(file), *said]) == 0
    text = file.read_text("utf-8")
    assert "margin: 9.50 per month" in text and "customers: 1200" in text and "horizon: 2 years" in text
    assert "journey.call_us.staffed.handling: 4 minutes" in text
    assert main(["set", str(file), "economics.margin=€9/month"]) == 2
    assert "every amount of this scenario is in GBP" in capsys.readouterr().err
    assert main(["set", str(file), "today.leave=1.2%"]) == 2
    assert "`1.2 % per month` or `1.2 % per year`" in capsys.readouterr().err
    assert main(["run", str(file), "--set", "today.leave=1.2%", "--replications", "2"]) == 2
    assert "`1.2 % per month` or `1.2 % per year`" in capsys.readouterr().err
