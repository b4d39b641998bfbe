"""Units: what is written comes out in days, per day, shares of one, or is refused with the right spelling."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.notation import MONTH, UNITS, YEAR, Misread

CHANGES = ["+10", "-30 %", "x 1.2", "\u2212 5", "+5 minutes", "-2 per month", "\u00d72", " x .5 ", "+1e3"]
READERS = [
    notation.number,
    notation.share,
    notation.duration,
    notation.moment,
    notation.rate,
    notation.share_rate,
    notation.yearly,
    notation.price,
    notation.hours,
    notation.cadence,
]


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (notation.duration, "3 months", 3 * MONTH),
        (notation.duration, "1 day", 1),
        (notation.duration, "5 minutes", 5 / 1440),
        (notation.duration, "2 weeks", 14),
        (notation.duration, ".5 years", YEAR / 2),
        (notation.moment, "month 3", 3 * MONTH),
        (notation.moment, "day 0", 0),
        (notation.rate, "120 per month", 120 / MONTH),
        (notation.rate, "20 per hour", 480),
        (notation.rate, "+2 per year", 2 / YEAR),
        (notation.rate, "-1.5 per week", -1.5 / 7),
        (notation.share_rate, "1.2 % per month", 0.012 / MONTH),
        (notation.share_rate, "0.012 per month", 0.012 / MONTH),
        (notation.share, "20 %", 0.2),
        (notation.share, 0.2, 0.2),
        (notation.yearly, 0.03, 0.03 / YEAR),
        (notation.yearly, "0.03 per year", 0.03 / YEAR),
        (notation.price, 140, (140, None)),
        (notation.price, "12 per month", (12, MONTH)),
        (notation.cadence, "every month", MONTH),
        (notation.cadence, "every 3 months", 3 * MONTH),
        (notation.cadence, "every 2 weeks", 14),
        (notation.hours, "09:00-18:00", (0.375, 0.75)),
        (notation.hours, "9:30 \u2013 24:00", (9.5 / 24, 1)),
    ],
)
def test_a_quantity_comes_out_in_the_models_unit(read, written, value) -> None:  # type: ignore[no-untyped-def]
    """Days, per day, shares of one."""
    assert read(written, "") == pytest.approx(value)


@pytest.mark.parametrize(
    ("read", "expected", "written", "hint"),
    [
        (notation.duration, "such as `30 days`", 5, "5 days"),
        (notation.duration, "such as `5 minutes`", 1, "1 minute"),
        (notation.duration, "such as `5 minutes`", "1", "1 minute"),
        (notation.duration, "", "2 moths", "2 months"),
        (notation.duration, "", "month 2", "2 months"),
        (notation.moment, "", 3, "month 3"),
        (notation.moment, "", "3 months", "month 3"),
        (notation.moment, "", "moth 3", "month 3"),
        (notation.rate, "such as `100 per month`", 20, "20 per month"),
        (notation.rate, "", "20/month", "20 per month"),
        (notation.rate, "", "20 a month", "20 per month"),
        (notation.rate, "", "20 per mnth", "20 per month"),
        (notation.share_rate, "such as `1.2 % per month`", 2, "2 % per month"),
    ],
)
def test_a_wrong_spelling_shows_the_right_one(read, expected, written, hint) -> None:  # type: ignore[no-untyped-def]
    """A bare number where a unit is needed is an error that shows how to write it."""
    with pytest.raises(Misread) as caught:
        read(written, expected)
    assert f"`{hint}`" in caught.value.expected


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "written", [math.inf, -math.inf, math.nan, None, True, [], {}, "", " ", "1e999 days", "1e999 per day"]
)
def test_what_is_no_quantity_is_refused(read, written) -> None:  # type: ignore[no-untyped-def]
    """Infinite numbers, nothing, truths and shapes are no quantities."""
    with pytest.raises(Misread):
        read(written, "")


@pytest.mark.slow
@pytest.mark.parametrize("read", READERS)
@given(written=st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans()))
def test_anything_is_read_as_finite_or_refused(read, written) -> None:  # type: ignore[no-untyped-def]
    """No reader ever crashes or lets an infinite number through."""
    try:
        value = read(written, "such as `3 months`")
    except Misread:
        return
    parts = value if isinstance(value, tuple) else (value,)
    assert all(part is None or math.isfinite(part) for part in parts)


@given(st.floats(0.001, 1e6), st.sampled_from(sorted(UNITS)))
def test_a_length_of_time_keeps_its_size_in_any_unit(amount: float, unit: str) -> None:
    """What is written in one unit is the same length written in days."""
    days = notation.duration(f"{amount!r} {unit}s", "")
    assert notation.duration(f"{days!r} days", "") == pytest.approx(days)
    assert days == pytest.approx(amount * UNITS[unit])


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(UNITS)))
def test_a_rate_is_its_amount_over_its_time(amount: float, unit: str) -> None:
    """`x per unit` is x in the length of that unit."""
    assert notation.rate(f"{amount!r} per {unit}", "") * notation.duration(f"1 {unit}", "") == pytest.approx(amount)


@given(st.floats(0.01, 1e6), st.sampled_from(sorted(UNITS)))
def test_how_often_is_the_length_of_time_between(amount: float, unit: str) -> None:
    """`every 3 months` is three months from one time to the next."""
    assert notation.cadence(f"every {amount!r} {unit}s", "") == notation.duration(f"{amount!r} {unit}s", "")


@pytest.mark.parametrize(
    ("read", "written", "times", "plus"),
    [
        (notation.number, "+10", 1, 10),
        (notation.number, "\u2212 5", 1, -5),
        (notation.number, "x 1.2", 1.2, 0),
        (notation.number, "\u00d72", 2, 0),
        (notation.share, "-30 %", 0.7, 0),
        (notation.share, "+0.1", 1, 0.1),
        (notation.duration, "+5 minutes", 1, 5 / 1440),
        (notation.rate, "-2 per month", 1, -2 / MONTH),
        (notation.share_rate, "+1 % per month", 1, 0.01 / MONTH),
        (notation.yearly, "+0.01", 1, 0.01 / YEAR),
    ],
)
def test_a_change_is_told_by_what_there_is(read, written, times, plus) -> None:  # type: ignore[no-untyped-def]
    """So many times as much, and so much more in the model's unit; a percentage is always of what is there."""
    assert notation.is_relative(written)
    assert notation.relative(written, read, "") == pytest.approx((times, plus))


@given(st.floats(0, 1e6), st.floats(0, 1e3))
def test_less_by_a_percentage_and_times_the_rest_are_the_same(there: float, percent: float) -> None:
    """`-30 %` and `x 0.7` make the same of anything."""
    less = notation.relative(f"-{percent!r} %", notation.number, "")
    rest = notation.relative(f"x {max(0.0, 1 - percent / 100)!r}", notation.number, "")
    assert percent > 100 or there * less.times + less.plus == pytest.approx(there * rest.times + rest.plus)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(sorted(UNITS)))
def test_more_and_as_much_less_leave_what_there_was(there: float, amount: float, unit: str) -> None:
    """`+5 minutes` and then `-5 minutes` is no change, in any unit."""
    more, less = (notation.relative(f"{sign}{amount!r} {unit}s", notation.duration, "") for sign in "+-")
    assert less.times * (more.times * there + more.plus) + less.plus == pytest.approx(there, abs=1e-6)


@given(st.sampled_from(CHANGES), st.text(max_size=4), st.sampled_from(READERS[:-2]))
def test_any_change_is_finite_or_refused(change: str, more: str, read) -> None:  # type: ignore[no-untyped-def]
    """No change lets an infinite number through, whatever follows it."""
    if read is not notation.price and notation.is_relative(change + more):
        try:
            assert all(map(math.isfinite, notation.relative(change + more, read, "")))
        except Misread as misread:
            assert misread.expected


@pytest.mark.parametrize("written", [10, -10, "10", "10 %", "xx", "x", "x fast", "1 x 2", True, None, {}, "month 3"])
def test_a_value_is_no_change(written: object) -> None:
    """Only a text that starts with a sign, or with `x` and a number, is told by what there is."""
    assert not notation.is_relative(written)
