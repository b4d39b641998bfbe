"""Opening hours over midnight and by weekday: who calls, when, and in both engines the same."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import simpy
from hypothesis import strategies as st

from cxmodel import simulate
from cxmodel.engine.inputs.company import Staffing
from cxmodel.reference import desks as reference
from cxmodel.scenario import loads
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.weekdays import WEEKDAYS, days_of
from tests.engine.test_desks import come, open_at, opened, played
from tests.support import small
from tests.support.steady import given

MINUTES = 24 * 60
NIGHT = "22:00-06:00"
TABLE = '{mon-fri: "08:00-20:00", sat: "22:00-06:00", sun: "05:00-07:00"}'
times = st.integers(0, MINUTES - 1)
openings = st.tuples(times, times).filter(lambda ends: ends[0] != ends[1])
weeks = st.dictionaries(st.integers(0, 6), openings, min_size=1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def written(week: dict[int, tuple[int, int]]) -> str:
    """A table of hours as it stands in a file."""
    hours = [f'{WEEKDAYS[day]}: "{clock(opens)}-{clock(closes)}"' for day, (opens, closes) in week.items()]
    return f"{{{', '.join(hours)}}}"


def is_open(week: dict[int, tuple[int, int]], minute: int) -> bool:
    """Whether a minute of the week lies within the hours of its day, or within those of the day before."""
    day, at = divmod(minute % (7 * MINUTES), MINUTES)
    for told, ends in ((day, week.get(day)), ((day - 1) % 7, week.get((day - 1) % 7))):
        opens, closes = ends or (0, 0)
        if closes < opens and (at >= opens if told == day else at < closes):
            return True
        if told == day and opens <= at < closes:
            return True
    return False


def world(hours: str, **more: object) -> Staffing:
    asked = {"days": 30, "agents": 1, "handling": 1, "patience": 60, "calls": 30, "hours": hours, **more}
    return small.desk_world(**asked).staffing[0]  # type: ignore[arg-type]


@pytest.mark.slow
@given(week=weeks, examples=25)
def test_a_day_is_open_when_its_hours_or_those_of_the_evening_before_say_so(week: dict[int, tuple[int, int]]) -> None:
    """The calendar of both engines, minute by minute; month 0 begins on a Monday."""
    desk = world(written(week))
    until, opens, closes = (np.rint(part * MINUTES).astype(int) for part in (desk.until, desk.opens, desk.closes))
    for minute in range(0, 14 * MINUTES, 7):
        day, at = divmod(minute, MINUTES)
        assert (at < until[day] or opens[day] <= at < closes[day]) == is_open(week, minute)
    assert desk.open[7:14].sum() * MINUTES == pytest.approx(sum(is_open(week, minute) for minute in range(7 * MINUTES)))


@given(week=weeks, minute=st.integers(0, 10 * MINUTES), chance=st.floats(0.001, 0.999), examples=25)
def test_a_call_made_while_a_desk_is_closed_comes_at_its_next_opening(
    week: dict[int, tuple[int, int]], minute: int, chance: float
) -> None:
    """In the engine at an even time of it, in the reference at some time of it; at once while open."""
    asked = small.desk_world(days=30, agents=1, handling=1, patience=60, calls=0, hours=written(week))
    made = (minute + 0.5) / MINUTES
    moments = np.array([made])
    open_at(opened(asked).w, moments, np.array([chance]))
    other = reference.opening(asked.staffing[0], made, np.random.default_rng(minute))
    if is_open(week, minute):
        assert moments[0] == other == made
        return
    first = next(later for later in range(minute, minute + 9 * MINUTES) if is_open(week, later))
    opens, closes = week[first // MINUTES % 7]
    lasts = (closes - opens) % MINUTES
    following = week.get((first // MINUTES + 1) % 7)
    if closes < opens and following:
        lasts = min(lasts, MINUTES - opens + following[0])  # the next opening begins before this one is over
    assert moments[0] * MINUTES == pytest.approx(first + chance * lasts, abs=1e-6)
    assert first - 1e-6 <= other * MINUTES <= first + lasts + 1e-6


@pytest.mark.parametrize("hours", [NIGHT, TABLE, '{wed: "10:00-12:00"}', '{mon-sun: "00:00-24:00"}'])
def test_others_call_evenly_while_a_desk_is_open(hours: str) -> None:
    """As many an hour as the file says, and none while it is closed; from the first moment on."""
    asked = small.desk_world(days=700, agents=1, handling=1, patience=60, calls=3, hours=hours)
    columns = np.empty((3, 700 * 24 * 4))
    found = columns[0][: come(*opened(asked)[:2], *columns)]
    found = found[found < 700]
    desk, day = asked.staffing[0], found.astype(int)
    at = found - day
    assert ((at < desk.until[day]) | ((desk.opens[day] <= at) & (at < desk.closes[day]))).all()
    assert len(found) == pytest.approx(72 * desk.open[:700].sum(), rel=0.06)
    midnight = desk.until[day] > 0
    if midnight.any():
        assert (at < desk.until[day]).sum() == pytest.approx(72 * desk.until[:700].sum(), rel=0.12)


def test_in_the_reference_they_do_so_too() -> None:
    """Also in the past, which has the weeks of today."""
    desk = world(TABLE)
    clock = simpy.Environment()
    line = reference.Desk(clock, desk, 1.2, np.random.default_rng(1))
    for day in (*range(14), -1, -2, 400):
        until, opens, closes = reference.hours_of(desk, day)
        at = np.array(line.evenly(day, 500.0)) - day
        assert ((at < until) | ((opens <= at) & (at < closes))).all()
        assert len(at) > 400
    assert reference.hours_of(desk, -1) == reference.hours_of(desk, 6)


def test_todays_night_lasts_into_the_first_morning() -> None:
    """The evening before month 0 was as it is today: there are calls at three in the first night."""
    asked = small.desk_world(days=3, agents=5, handling=1, patience=60, calls=60, hours=NIGHT)
    desk = opened(asked)
    assert asked.staffing[0].until[0] == 0.25
    assert played(desk, 3)["calls"][0] == pytest.approx(480, rel=0.25)


@pytest.mark.parametrize("hours", [f'"{NIGHT}"', TABLE, '{tue: "10:00-12:00"}'])
@pytest.mark.parametrize("stays", [True, False])
def test_a_desk_that_opens_at_night_or_on_some_days_has_calls_waits_and_strain(hours: str, stays: bool) -> None:
    """Every figure of it is one, with nothing done and after its hours have changed, within short horizons too."""
    text = small.DESK.replace("{days}", "40" if stays else "3").format_map(Spelling(hours))
    scenario = loads(text.replace("delivers: {help: 70}}", "delivers: {help: 70}, fails: {rate: 0.5}}"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = simulate(scenario, "as_is" if stays else "roster", replications=2)
    assert result.metric("wait_minutes").value is not None
    assert result.metric("agent_strain").value >= 0  # type: ignore[operator]


class Spelling(dict[str, str]):
    """What stands in the text of a desk."""

    def __init__(self, hours: str) -> None:
        super().__init__(
            agents="1", handling="9", patience="9", calls="20", later="2", hours=hours, then='"10:00-11:00"'
        )


@given(days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True), comma=st.sampled_from([",", ", "]))
def test_days_may_be_listed(days: list[str], comma: str) -> None:
    """`mon,wed` is Monday and Wednesday."""
    assert days_of(comma.join(days)) == [WEEKDAYS.index(day) for day in days]


def test_a_week_of_equal_days_is_the_same_as_plain_hours() -> None:
    """However they are written, they mean the same."""
    table = {"mon-thu": NIGHT, "fri,sat": NIGHT, "sun": NIGHT}
    assert notation.hours(table, "") == notation.hours(NIGHT, "") == (22 / 24, 1.25)
