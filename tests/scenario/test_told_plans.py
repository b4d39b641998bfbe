"""Plans in two forms: a list of initiatives, and the same with a label and what the plan is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxmodel.errors import ScenarioError
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.describe.diff import diff
from cxmodel.scenario.editing.save import save
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.patch import patch
from cxmodel.scenario.yaml_text.paths import REMOVE

SHOP = """\
schema: 1
name: A shop
attributes: {care: {}}
segments: {locals: {customers: 100, needs: {care: {level: 70, weight: 1}}}}
journey: {counter: {stage: use, every: 7 days, delivers: {care: 60}}}
initiatives:
  smile: {changes: {journey.counter.delivers.care: 70}, cost: {once: 1}}
  gift: {changes: {journey.counter.delivers.care: 80}, starts: month 2, cost: {once: 2}}
"""
BOTH = "{label: Beides!, what: Smile and give, initiatives: [smile, gift]}"


def shop(plans: str) -> Scenario:
    """The shop with plans."""
    return loads(f"{SHOP}plans: {plans}\n")


def test_both_forms_hold_the_same_initiatives() -> None:
    """Whoever asks for them need not know how a plan is written."""
    short, long = shop("{both: [smile, gift]}"), shop(f"{{both: {BOTH}}}")
    assert short.initiatives_of("both") == long.initiatives_of("both") == ("smile", "gift")
    assert (long.label("plans", "both"), long.what_of("both")) == ("Beides!", "Smile and give")
    assert (short.label("plans", "both"), short.what_of("both")) == ("Both", "")


@pytest.mark.parametrize("long", ["{initiatives: [smile, gift]}", '{label: "", what: "", initiatives: [smile, gift]}'])
def test_a_plan_of_which_nothing_is_told_is_its_list(long: str) -> None:
    """Its hash too, whichever way it is written."""
    assert shop(f"{{both: {long}}}").hash == shop("{both: [smile, gift]}").hash
    assert shop(f"{{both: {long}}}").plans == shop("{both: [smile, gift]}").plans


def test_a_plan_may_hold_nothing_and_have_a_label() -> None:
    """As may one that is an empty list; as_is may be called otherwise, and still holds nothing."""
    assert shop("{wait: {label: Abwarten}, as_is: {label: Heute}}").initiatives_of("wait") == ()
    with pytest.raises(ScenarioError, match="CXM404"):
        shop("{as_is: {initiatives: [smile]}}")


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ("[smile, frown]", "plans.both.1"),
        ("{initiatives: [smile, frown]}", "plans.both.initiatives.1"),
        ("[smile, smile]", "plans.both.1"),
        ("{what: Twice, initiatives: [smile, smile]}", "plans.both.initiatives.1"),
        ("{initiatives: [smile], labl: Both}", "plans.both.labl"),
        ("{label: [Both]}", "plans.both.label"),
        ('{label: "a\\u202eb"}', ""),
        ('{label: "a\\u0007b"}', ""),
        ("smile", "plans.both"),
    ],
)
def test_what_is_wrong_is_told_where_it_is_written(plan: str, place: str) -> None:
    """On its line and at its path, in either form."""
    with pytest.raises(ScenarioError) as caught:
        shop(f"\n  both: {plan}")
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (place, 10)


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("{both: [smile]}", "plans.both.label", "Beides", "{both: {label: Beides, initiatives: [smile]}}"),
        ("{both: {what: W, initiatives: [smile]}}", "plans.both", ["gift"], "{both: {what: W, initiatives: [gift]}}"),
        ("{both: {what: W, initiatives: [smile]}}", "plans.both.what", REMOVE, "{both: {initiatives: [smile]}}"),
        ("{both: [smile]}", "plans.both", ["gift"], "{both: [gift]}"),
        ("{both: [smile]}", "plans.both.1", "gift", "{both: [smile, gift]}"),
    ],
)
def test_writing_back_keeps_the_form_unless_there_is_something_to_tell(
    before: str, path: str, value: Any, after: str
) -> None:
    """A first label makes the long form of a list; a new list leaves the words beside it."""
    assert patch(f"{SHOP}plans: {before}\n", {path: value}) == f"{SHOP}plans: {after}\n"


@pytest.mark.parametrize(("path", "value"), [("plans.both.label", "Beides"), ("plans.both", ["gift"])])
@pytest.mark.parametrize("plan", ["[smile]", "{what: W, initiatives: [smile]}"])
def test_python_changes_a_plan_as_the_file_would(plan: str, path: str, value: Any) -> None:
    """`with_changes` and writing back come to the same."""
    text = f"{SHOP}plans: {{both: {plan}}}\n"
    assert loads(text).with_changes({path: value}).hash == loads(patch(text, {path: value})).hash


def test_an_initiative_is_added_beside_the_words() -> None:
    """`with_initiative` leaves what a plan is called."""
    scenario = shop("{both: {label: Beides, initiatives: [smile]}}")
    more = scenario.with_initiative("hug", {"journey.counter.delivers.care": 90}, plan="both")
    assert more.initiatives_of("both") == ("smile", "hug") and more.label("plans", "both") == "Beides"
    assert loads(more.to_yaml()).hash == more.hash


@pytest.mark.parametrize(
    ("layer", "members", "label"),
    [
        ("plans: {both: {label: Beides}}", ("smile",), "Beides"),
        ("set: {plans.both.label: Beides}", ("smile",), "Beides"),
        ("set: {plans: {both: {label: Beides, initiatives: [gift]}}}", ("gift",), "Beides"),
        ("plans: {told: [gift]}", ("gift",), "Told it"),
        ("set: {plans.told: [gift]}", ("gift",), "Told it"),
        ("remove: [plans.told.label]", ("smile",), "Told"),
        ("remove: [plans.told]\nplans: {told: [gift]}", (), ""),
    ],
)
def test_a_layer_tells_of_a_plan_or_changes_its_list(
    layer: str, members: tuple[str, ...], label: str, tmp_path: Path
) -> None:
    """Words and initiatives are laid over one another apart, as a number and its source are."""
    plans = "plans: {both: [smile], told: {label: Told it, initiatives: [smile]}}\n"
    (tmp_path / "base.yaml").write_text(SHOP + plans, "utf-8")
    (tmp_path / "top.yaml").write_text(f"extends: base.yaml\n{layer}\n", "utf-8")
    found = load(tmp_path / "top.yaml")
    name = "told" if "told" in layer else "both"
    if not label:
        assert name not in found.plans
        return
    assert found.initiatives_of(name) == members and found.label("plans", name) == label


def test_an_inherited_plan_keeps_the_place_of_its_initiatives(tmp_path: Path) -> None:
    """A layer that tells of it takes over its words alone."""
    (tmp_path / "base.yaml").write_text(f"{SHOP}plans: {{both: [smile, frown]}}\n", "utf-8")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nplans: {both: {label: Beides}}\n", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "top.yaml")
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.path) == ("base.yaml", 9, "plans.both.initiatives.1")


@pytest.mark.parametrize("own", ["", "plans: {both: [gift]}\n", "set: {plans.both: [gift]}\n"])
def test_a_label_is_saved_in_a_file_that_builds_on_another(own: str, tmp_path: Path) -> None:
    """Whether the plan is inherited, its own, or set."""
    (tmp_path / "base.yaml").write_text(f"{SHOP}plans: {{both: [smile]}}\n", "utf-8")
    top = tmp_path / "top.yaml"
    top.write_text(f"extends: base.yaml\n{own}", "utf-8")
    save(top, {"plans.both.label": "Beides"}.items())
    found = load(top)
    assert found.label("plans", "both") == "Beides" and found.initiatives_of("both") == (
        ("gift",) if own else ("smile",)
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[smile]", "[smile, gift]", ["plan both: smile → smile, gift"]),
        ("[smile]", "{initiatives: [smile]}", []),
        ("[smile]", "{label: Beides, initiatives: [gift]}", ["plan Beides: smile → gift", "+ Beides, label: “Beides”"]),
    ],
)
def test_what_differs_does_not_depend_on_the_form(before: str, after: str, said: list[str]) -> None:
    """Initiatives are compared with initiatives, words with words."""
    assert [str(row) for row in diff(shop(f"{{both: {before}}}"), shop(f"{{both: {after}}}"))] == said


def test_the_whole_scenario_is_written_as_it_was() -> None:
    """In the form it has."""
    text = shop(f"{{both: {BOTH}, one: [smile]}}").to_yaml()
    assert read(text, "")
    assert loads(text).hash == shop(f"{{both: {BOTH}, one: [smile]}}").hash
