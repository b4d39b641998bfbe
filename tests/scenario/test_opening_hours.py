"""Opening hours over midnight and by weekday: how they are written, told, changed and shown to an editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel import diff
from cxmodel.cli import main
from cxmodel.scenario import Scenario, loads
from cxmodel.scenario.fields.introspection import kind_at, quantity_of
from cxmodel.scenario.fields.touchpoints import Staffed
from cxmodel.workbench.drafts.form import Field, entered
from tests.scenario.test_schema import complaints

SHOP = (Path(__file__).parents[1] / "fixtures" / "wrong" / "hours_at_one_time.yaml").read_text("utf-8")
WEEK = '{mon-fri: "08:00-20:00", sat: "22:00-04:00"}'
GOOD = [
    '"08:00-20:00"',
    '"22:00-06:00"',
    '"22:00-00:00"',
    WEEK,
    "{mon-fri: 08:00-20:00, sun: closed}",
    '{"mon,wed": "08:00-12:00"}',
    '{"mon, wed-fri": "20:00-02:00"}',
    '{fri-mon: "09:00 – 13:00"}',
    '{value: "08:00-20:00", source: roster}',
    f"{{value: {WEEK}, source: roster, as_of: 2026-05}}",
]


def shop(hours: str) -> str:
    return SHOP.replace('"09:00-09:00"', hours)


def desk(hours: str) -> Staffed:
    staffed = loads(shop(hours)).journey["help"].staffed
    assert staffed is not None
    return staffed


@pytest.mark.parametrize("hours", GOOD)
def test_an_editor_accepts_what_the_reader_accepts(hours: str) -> None:
    """Plain, over midnight, by weekday, and each with a source."""
    assert desk(hours)
    assert complaints(shop(hours)) == []


@pytest.mark.parametrize(
    "hours", ['{Mon: "08:00-20:00"}', '{mon: "8-20"}', "{}", "{mon: 8}", '"8-20"', "{sat-weekend: x}"]
)
def test_an_editor_sees_what_cannot_be_hours(hours: str) -> None:
    """Days and times are patterns."""
    assert complaints(shop(hours))


def test_days_follow_each_other_over_the_end_of_the_week() -> None:
    """`fri-mon` is a long weekend; days that are not named are closed."""
    assert desk('{fri-mon: "06:00-18:00"}').hours == ((0.25, 0.75), (), (), (), *[(0.25, 0.75)] * 3)


def test_the_same_hours_in_another_spelling_are_no_difference() -> None:
    """Every day alike is as good as no table at all."""
    plain, table = loads(shop('"22:00-06:00"')), loads(shop('{mon-sat: "22:00-06:00", sun: "22:00-6:00"}'))
    assert plain.hash == table.hash
    assert diff(plain, table) == []


def test_a_table_is_told_in_words() -> None:
    """As one value, whichever of its days has changed."""
    before, after = loads(shop(WEEK)), loads(shop('{mon-fri: "08:00-21:00"}'))
    [row] = diff(before, after)
    assert row.said == "help, staffed, hours: mon-fri 08:00-20:00, sat 22:00-04:00 → mon-fri 08:00-21:00"


def test_a_plan_may_give_a_desk_other_hours() -> None:
    """As a whole: a table for plain hours and the other way round, not by so much more."""
    path = "journey.help.staffed.hours"
    change = "{journey.parcel.delivers.speed: 75}"
    for hours, then in ((WEEK, '"22:00-06:00"'), ('"09:00-18:00"', WEEK)):
        scenario = loads(shop(hours).replace(change, f"{{{path}: {then}}}"))
        assert scenario.initiatives["faster"].changes[path] == desk(then).hours
    with pytest.raises(Exception, match="mon-frx"):
        loads(shop(WEEK).replace(change, f'{{{path}: {{mon-frx: "08:00-09:00"}}}}'))


def test_a_scenario_with_a_table_is_written_out_and_read_again() -> None:
    """`show` gives the same hash; values set for one run count too."""
    scenario = loads(shop(WEEK))
    assert loads(scenario.to_yaml()).hash == scenario.hash
    plain: Scenario = loads(shop('"09:00-18:00"'))
    same = plain.with_changes({"journey.help.staffed.hours": {"mon-fri": "08:00-20:00", "sat": "22:00-04:00"}})
    assert same.hash == scenario.hash


def test_one_day_of_a_file_is_set_on_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest of the table stays as it is written."""
    file = tmp_path / "shop.yaml"
    file.write_text(shop(WEEK), "utf-8")
    assert main(["set", str(file), 'journey.help.staffed.hours.sat="09:00-13:00"']) == 0
    assert file.read_text("utf-8") == shop(WEEK.replace("22:00-04:00", "09:00-13:00"))
    assert capsys.readouterr().out == "journey.help.staffed.hours.sat: 22:00-04:00 → 09:00-13:00\n"


def test_a_table_may_be_typed_into_a_form() -> None:
    """As it stands in a file; what is none stays as it was typed, for `validate` to tell of."""
    path = ("journey", "help", "staffed", "hours")
    field = Field(path, "Hours", "", "amount", None, quantity=quantity_of(kind_at(Scenario, path)))
    assert entered(field, f" {WEEK} ") == {"mon-fri": "08:00-20:00", "sat": "22:00-04:00"}
    assert entered(field, "{mon-fri") == "{mon-fri"
    assert entered(field, "22:00-06:00") == "22:00-06:00"
