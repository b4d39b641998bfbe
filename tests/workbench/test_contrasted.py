"""What the Compare page compares is read from its address, and what is named wrongly falls back to what is usual."""

from __future__ import annotations

import pytest

from cxmodel.errors import UsageError
from cxmodel.studies.comparison import Cell, Pair
from cxmodel.workbench.jobs.comparison import Choice, choice, contrast, files
from cxmodel.workbench.session import view
from cxmodel.workbench.session.view import View

SEEN = {"story": "pretty_app", "plan": "both", "runs": "4"}


@pytest.fixture
def seen() -> View:
    """The pretty app under its last plan."""
    return view.find(SEEN)


def test_every_plan_is_compared_with_as_is_unless_the_address_says_otherwise(seen: View) -> None:
    """And what is usual is left out of the address."""
    found = choice(seen, SEEN)
    assert found == Choice("plans", ("fix_the_wait", "say_less", "both"))
    assert not any(found.address(seen).values())


@pytest.mark.parametrize(
    "address",
    [
        {"plans": "both,say_less", "against": "fix_the_wait"},
        {"with": "futures"},
        {"with": "two_retailers"},
    ],
)
def test_a_choice_is_read_as_it_was_written(address: dict[str, str], seen: View) -> None:
    """So that a reload shows the same."""
    found = choice(seen, SEEN | address)
    written = {name: words for name, words in found.address(seen).items() if words}
    assert written == address


def test_what_is_named_wrongly_is_left_aside(seen: View) -> None:
    """Unknown plans, files and kinds."""
    assert choice(seen, {"with": "x", "plans": "x,y", "against": "z"}) == choice(seen, SEEN)


def test_every_plan_is_played_in_every_future(seen: View) -> None:
    """Each against as is in the same future."""
    pairs = contrast(seen, choice(seen, SEEN | {"with": "futures", "plans": "both"})).pairs
    assert pairs == (
        Pair(Cell(0, "both", None), Cell(0, "as_is", None)),
        Pair(Cell(0, "both", "rival_leaps"), Cell(0, "as_is", "rival_leaps")),
    )


def test_a_segment_is_compared_where_both_files_have_it() -> None:
    """A file without it cannot be."""
    seen = view.find({"story": "two_retailers", "segment": "bargain_hunters"})
    assert contrast(seen, choice(seen, {})).segment == "bargain_hunters"
    with pytest.raises(UsageError, match="no segment bargain hunters; choose all customers"):
        contrast(seen, choice(seen, {"with": "pretty_app"}))


def test_another_file_is_held_against_plan_by_plan(seen: View) -> None:
    """Where it has none of that name, against as is."""
    asked = contrast(seen.on_plan("say_less"), choice(seen, SEEN | {"with": "doing_right"}))
    assert asked.pairs == (
        Pair(Cell(1, "as_is"), Cell(0, "as_is")),
        Pair(Cell(1, "say_less"), Cell(0, "as_is")),
    )
    assert {run.replications for run in asked.runs.values()} == {4}


def test_a_file_in_another_currency_is_refused(seen: View) -> None:
    """With what would mend it."""
    with pytest.raises(UsageError, match="in EUR and The pretty app in GBP: convert"):
        contrast(seen, choice(seen, SEEN | {"with": "two_retailers"}))


def test_a_story_is_not_offered_itself(seen: View) -> None:
    """There would be nothing to see."""
    assert "pretty_app" not in files(seen) and "two_retailers" in files(seen)


def test_a_plan_is_not_compared_with_itself(seen: View) -> None:
    """Asked to, there is nothing to compare."""
    assert contrast(seen, choice(seen, SEEN | {"plans": "both", "against": "both"})).pairs == ()
