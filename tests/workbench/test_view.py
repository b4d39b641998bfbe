"""What a page shows lives in its address; what is done on it becomes the text of a draft."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.workbench.session import view
from cxmodel.workspace import WORKSPACE


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.setenv(WORKSPACE, str(tmp_path))
    return tmp_path


def test_who_names_nothing_is_shown_the_first_story() -> None:
    """Its first plan, with the usual replications."""
    seen = view.find({})
    assert seen.address() == {"story": "pretty_app", "plan": "fix_the_wait"}


@pytest.mark.parametrize(
    "address",
    [{"plan": "nonsense"}, {"people": "much"}, {"people": "7"}, {"people": "nan"}, {"people": "0.7"}, {"runs": "-1"}],
)
def test_what_an_address_names_wrongly_is_left_out(address: dict[str, str]) -> None:
    """The page then shows what it shows first."""
    assert view.find(address).address() == view.find({}).address()


def test_what_an_address_names_wrongly_is_told_with_the_nearest_name() -> None:
    """A scenario or a plan that is not there; what is there is not told, nor one's own plan that was taken back."""
    address = {"story": "two_retailer", "plan": "fix_the_wait"}
    missed = view.misnamed(address, view.find(address))
    assert missed is not None and "no scenario two_retailer here. The pretty app is shown" in missed.words
    assert missed.near == "two_retailers" and missed.address == {"story": "two_retailers"}
    address = {"story": "pretty_app", "plan": "fix_the_weight"}
    missed = view.misnamed(address, view.find(address))
    assert missed is not None and missed.address == {"story": "pretty_app", "plan": "fix_the_wait"}
    address = {"story": "two_retailers", "plan": "both", "segment": "bargain_hunter"}
    missed = view.misnamed(address, view.find(address))
    assert missed is not None and "no segment bargain_hunter in this scenario. All customers are" in missed.words
    assert missed.address == address | {"segment": "bargain_hunters"}
    unlike = view.misnamed({"story": "nonsense"}, view.find({"story": "nonsense"}))
    assert unlike is not None and unlike.near == ""
    for told in ({}, {"story": "pretty_app", "plan": "both"}, {"plan": "my_plan"}, {"segment": "all"}):
        assert view.misnamed(told, view.find(told)) is None


def test_a_plan_of_ones_own_that_was_taken_back_gives_way_to_the_one_before_it() -> None:
    """Not to the file's first plan, which nobody chose."""
    moved = view.move(view.find({"plan": "both"}), "people", 0.85)
    assert moved.draft is not None
    view.drafts().undo(moved.draft.id)
    assert (view.find(moved.address(), "both").plan, view.find(moved.address()).plan) == ("both", "as_is")


def test_a_segment_is_part_of_a_view_while_there_is_such_a_segment() -> None:
    """It stays when something is edited; where it is taken out, or is the only one, all customers are shown."""
    address = {"story": "two_retailers", "plan": "both", "segment": "bargain_hunters"}
    seen = view.find(address)
    assert seen.segment == "bargain_hunters" and seen.address() == address and seen != seen.of_segment("all")
    assert "segment" not in seen.of_segment("all").address()
    moved = view.move(seen, "people", 0.85)
    assert moved.segment == "bargain_hunters" and view.find(moved.address()) == moved
    assert view.find({"segment": "style_seekers"}).segment == "all"
    assert moved.draft is not None
    text = moved.draft.text.replace("bargain_hunters", "thrifty_people")
    assert view.shown(moved, view.drafts().write(moved.draft.id, text)).segment == "all"


def test_a_draft_has_an_address_of_its_own() -> None:
    """Who opens it in another browser sees the same scenario under the same plan."""
    seen = view.move(view.find({"plan": "both"}), "people", 0.85)
    again = view.find(seen.address())
    assert "draft" in seen.address() and again == seen and view.moved(again.scenario, again.plan) == {"people": 0.85}


def test_a_lever_in_the_address_begins_a_draft() -> None:
    """A link may say where levers stand."""
    seen = view.find({"story": "pretty_app", "plan": "as_is", "platforms": "0.6"})
    assert seen.draft is not None and view.moved(seen.scenario, seen.plan) == {"platforms": 0.6}


def test_an_edited_file_is_about_the_same() -> None:
    """The page fades the old numbers instead of beginning anew."""
    seen = view.find({})
    assert view.switch(seen, "promise_less", True).subject == seen.subject


def test_a_draft_that_is_not_there_is_said() -> None:
    """A link to what was never here, or was taken away."""
    with pytest.raises(cx.UsageError, match="draft"):
        view.find({"draft": "A" * 22})


def test_a_file_is_offered_and_wins_over_a_story(workspace: Path) -> None:
    """The workspace's own scenarios stand beside the stories; other YAML does not."""
    text = view.text_of(view.find({}))[1]
    (workspace / "pretty_app.yaml").write_text(text.replace("name: The pretty app", "name: Ours"), encoding="utf-8")
    (workspace / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    assert view.find({}).scenario.name == "Ours" and "other" not in view.shelf()


def test_a_change_that_cannot_be_leaves_no_draft_behind(workspace: Path) -> None:
    """A file that nobody has edited yet stays so when the first edit is refused."""
    with pytest.raises(cx.CxModelError):
        view.edited(view.find({}), {"levers.people.level": 7})
    with pytest.raises(cx.CxModelError):
        view.switch(view.find({}), "no_such_initiative", True)
    assert view.drafts().recent() == []
