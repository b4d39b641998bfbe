"""Older versions of the language are brought up to the newest, step by step; what a person wrote stays.

There is no older version yet. The one in here never was: in it, the journey was called `touchpoints`, and a
segment had `people: 300 of 1300` where it now has customers and prospects.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError
from cxmodel.scenario import loads, stories
from cxmodel.scenario.editing.migration import migrated, renamed
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import patch

OLD = """\
# what we knew in spring
schema: 0    # an old one
name: "A shop"
attributes: {clarity: {}}
segments:
  shoppers:   # all of them
    people: 300 of 1300   # counted in May
    needs: {clarity: {level: 70}}
  firms: {people: 5 of 10, needs: {clarity: {level: 80}}}

touchpoints:  # as lived
  order: {stage: buy, delivers: {clarity: 75}}  # the page
  # the longest part
  wait:  {stage: receive, delivers: {clarity: 45}}
"""

NEW = """\
# what we knew in spring
schema: 1    # an old one
name: "A shop"
attributes: {clarity: {}}
segments:
  shoppers:   # all of them
    customers: 300   # counted in May
    needs: {clarity: {level: 70}}
    prospects: 1000
  firms: {customers: 5, needs: {clarity: {level: 80}}, prospects: 5}

journey:  # as lived
  order: {stage: buy, delivers: {clarity: 75}}  # the page
  # the longest part
  wait:  {stage: receive, delivers: {clarity: 45}}
"""


def as_lived(text: str) -> str:
    """`touchpoints` is called `journey`; `people: 300 of 1300` is customers and prospects."""
    for name, segment in read(text, "old").plain["segments"].items():
        customers, everyone = map(int, segment["people"].split(" of "))
        text = renamed(text, ("segments", name, "people"), "customers")
        text = patch(
            text, {f"segments.{name}.customers": customers, f"segments.{name}.prospects": everyone - customers}
        )
    return renamed(text, ("touchpoints",), "journey")


def test_a_key_is_renamed_and_one_is_split_and_every_comment_stays() -> None:
    """Version 0 becomes version 1, byte for byte what a careful person would have written; and it is valid."""
    done = migrated(OLD, migrations={0: as_lived})
    assert (done.text, done.version) == (NEW, 0)
    assert done.steps == ("`touchpoints` is called `journey`; `people: 300 of 1300` is customers and prospects.",)
    assert loads(done.text).segments["shoppers"].prospects == 1000


def test_what_is_up_to_date_is_left_alone() -> None:
    """Migrating twice is migrating once."""
    once = migrated(OLD, migrations={0: as_lived})
    again = migrated(once.text, migrations={0: as_lived})
    assert (again.text, again.steps) == (once.text, ())


@pytest.mark.parametrize("name", stories())
def test_every_story_is_up_to_date(name: str) -> None:
    """What ships is written in the newest version."""
    text = stories()[name].read_text("utf-8")
    assert migrated(text).text == text


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    """A file that came from Windows goes back to Windows."""
    windows = "\N{ZERO WIDTH NO-BREAK SPACE}" + OLD.replace("\n", "\r\n")
    done = migrated(windows, migrations={0: as_lived}).text
    assert done == "\N{ZERO WIDTH NO-BREAK SPACE}" + NEW.replace("\n", "\r\n")


@pytest.mark.slow
@given(st.text("#: abö\t-'", max_size=20))
def test_any_comment_survives(remark: str) -> None:
    """Whatever stands behind a hash stays there."""
    old = OLD.replace("# as lived", f"# {remark}")
    assert migrated(old, migrations={0: as_lived}).text == NEW.replace("# as lived", f"# {remark}")


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("schema: 2", "written for a newer cxmodel"),
        ("schema: 0", "there never was a schema 0"),
        ("schema: -1", "there never was a schema -1"),
        ("schema: one", "is not a version"),
        ("schema: true", "is not a version"),
        ("", "`schema` is missing"),
        ("schema: 1\nschema: 1", "given twice"),
    ],
)
def test_a_version_that_is_not_known_is_an_error(schema: str, told: str) -> None:
    """Nobody guesses what a file means."""
    with pytest.raises(ScenarioError, match=re.escape(told)):
        migrated(f"{schema}\nname: A shop\n")


def test_a_file_that_builds_on_others_may_leave_the_version_to_them() -> None:
    """An overlay without a version of its own is up to date when its base is."""
    text = "extends: base.yaml\nset: {horizon: 3 years}\n"
    assert migrated(text).text == text
