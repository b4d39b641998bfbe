"""What a reader has chosen lives in the page's address and is applied to a frozen scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.workbench.choice import Choice, applied, choose, open_story, shelf


@pytest.fixture
def scenario(stories: Path) -> cx.Scenario:
    """The story shown first."""
    return open_story(stories / "pretty_app.yaml")


def test_an_address_brings_the_same_choice_back(scenario: cx.Scenario) -> None:
    """A refresh or a second tab shows the same picture."""
    choice = Choice("pretty_app", "both", (("people", 0.85), ("platforms", 0.6)))
    assert choose(choice.address(), "pretty_app", scenario) == choice


@pytest.mark.parametrize(
    "address",
    [{}, {"plan": "nonsense"}, {"people": "much"}, {"people": "7"}, {"people": "nan"}, {"people": "0.7"}],
)
def test_what_an_address_names_wrongly_is_left_out(address: dict[str, str], scenario: cx.Scenario) -> None:
    """The page then shows the story's first plan with its levers as they stand."""
    assert choose(address, "pretty_app", scenario) == Choice("pretty_app", "fix_the_wait")


def test_a_lever_moved_back_is_not_moved() -> None:
    """Where it stands today is no change."""
    moved = Choice("pretty_app", "as_is").with_lever("people", 0.9, today=0.7)
    assert moved.with_lever("people", 0.7, today=0.7) == Choice("pretty_app", "as_is")


def test_a_moved_lever_is_one_more_initiative_of_the_plan(scenario: cx.Scenario) -> None:
    """It is decided today and comes on top of what the plan does."""
    changed, plan = applied(scenario, Choice("pretty_app", "fix_the_wait", (("people", 0.9),)))
    assert changed.initiatives_of(plan) == ("real_tracking", "moved_levers")


def test_the_levers_of_the_file_stay_as_they_stand(scenario: cx.Scenario) -> None:
    """Moving a slider is a decision that takes its time, not another past."""
    changed, _ = applied(scenario, Choice("pretty_app", "as_is", (("people", 0.9),)))
    assert changed.levers == scenario.levers


def test_the_workspace_brings_its_own_stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cxmodel app DIR` offers the scenarios of DIR, and no other YAML that lies there."""
    (tmp_path / "ours.yaml").write_text("schema: 1\nname: Ours\n", encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    monkeypatch.setenv("CXMODEL_WORKSPACE", str(tmp_path))
    assert {"ours", "compose"} & set(shelf()) == {"ours"}


def test_an_edited_file_is_read_again(tmp_path: Path, stories: Path) -> None:
    """Who saves in an editor and looks at the page sees what was saved."""
    file = tmp_path / "story.yaml"
    text = (stories / "pretty_app.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    open_story(file)
    file.write_text(text.replace("name: The pretty app", "name: The plain app"), encoding="utf-8")
    assert open_story(file).name == "The plain app"
