"""Mermaid journeys: diagrams of the usual shapes become scenarios that run, with all that was assumed told."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.errors import ScenarioError
from cxmodel.scenario.defaults import DEFAULT
from cxmodel.scenario.journeys.formats import Imported, read
from cxmodel.scenario.scenario import Scenario
from tests.scenario.journeys.drawings import PATIENT, SHOP, TOOL

DRAWINGS = {"shop.mmd": SHOP, "tool.md": TOOL, "clinic.txt": PATIENT}


def imported(text: str, file: str = "journey.mmd") -> Imported:
    """What is made of a diagram."""
    return read(text.encode(), file)


def scenario(text: str, file: str = "journey.mmd") -> Scenario:
    """The scenario that is made of a diagram."""
    return cx.loads(imported(text, file).text)


def told(text: str, file: str = "journey.mmd") -> str:
    """What is wrong with a diagram, in words."""
    with pytest.raises(ScenarioError) as wrong:
        imported(text, file)
    return "\n".join(map(str, wrong.value.problems))


def stages(made: Scenario) -> dict[str, str]:
    """The stage of each touchpoint."""
    return {id: touchpoint.stage for id, touchpoint in made.journey.items()}


@pytest.mark.slow
@pytest.mark.parametrize("file", DRAWINGS)
def test_a_diagram_becomes_a_scenario_that_runs(file: str) -> None:
    """Valid, without a warning that the import causes, every touchpoint within reach, the same each time."""
    made = scenario(DRAWINGS[file], file)
    assert made.warnings == ()
    assert imported(DRAWINGS[file], file) == imported(DRAWINGS[file], file)
    assert cx.simulate(made, replications=2).metric("nps").value is not None


@pytest.mark.parametrize("file", DRAWINGS)
def test_every_default_is_marked_and_listed(file: str) -> None:
    """What stands in the file with the note `default` is the list of assumptions, and nothing else is."""
    found = imported(DRAWINGS[file], file)
    assert found.company is not None
    marked = {path for path, fact in cx.loads(found.text).facts.items() if fact.note == DEFAULT}
    assert marked == {each.path for each in found.company.assumptions if each.path}


def test_scores_become_levels_and_sections_stages() -> None:
    """One attribute, called Experience; those who take part beside the customer answer for a step."""
    made = scenario(SHOP)
    assert made.name == "Buying a bicycle online" and [*made.segments] == ["rider"]
    assert {id: dict(each.delivers)["experience"] for id, each in made.journey.items()} == {
        "see_an_advert": 75, "open_the_shop": 100, "search_by_size": 50, "read_reviews": 75, "compare_two_models": 50,
        "put_it_in_the_cart": 100, "pay": 25, "track_the_parcel": 75, "unpack_it": 100,
    }  # fmt: skip
    assert [*dict.fromkeys(stages(made).values())] == ["aware", "choose", "buy", "receive"]
    assert (made.journey["pay"].owner, made.label("attributes", "experience")) == ("Payments", "Experience")


def test_journeys_of_one_file_are_laid_end_to_end() -> None:
    """Other diagrams in it are passed over; only one step of support can be reached by contacts, and that is said."""
    found = imported(TOOL, "tool.md")
    made = cx.loads(found.text)
    assert [id for id, stage in stages(made).items() if stage == "support"] == ["look_for_the_contact_page"]
    assert made.journey["send_reminders"].fails is not None and made.journey["wait_for_an_answer"].every
    assert found.company is not None
    said = " ".join(found.company.remarks)
    assert "2 journey diagrams" in said and "a contact leads to one, `Look for the contact page`" in said
    assert ("First week", "receive", "its place in the order") in found.company.guesses


def test_what_only_the_staff_do_is_told_and_labels_are_unlike() -> None:
    """A label that comes twice gets its section beside it."""
    found = imported(PATIENT)
    made = cx.loads(found.text)
    assert [made.label("journey", id) for id in made.journey if id.startswith("wait")] == ["Wait", "Wait (Afterwards)"]
    assert found.company is not None
    assert any("takes no part in `Receive a reminder`" in remark for remark in found.company.remarks)
    assert made.name == "A day at the clinic"


@pytest.mark.parametrize(
    ("scores", "levels"),
    [
        ((1, 3, 5), (0, 50, 100)),
        ((0, 3, 5), (0, 60, 100)),
        ((1, 7.5, 10), (10, 75, 100)),
        ((20, 60, 95), (20, 60, 95)),
        ((-2, 0, 2), (0, 50, 100)),
        ((0.2, 0.6, 1), (20, 60, 100)),
    ],
)
def test_the_scale_is_told_by_the_largest_score(scores: tuple[float, ...], levels: tuple[float, ...]) -> None:
    """Five points, ten, percent, around zero, shares."""
    made = scenario("journey\n" + "\n".join(f"  Step {n}: {score}: Me" for n, score in enumerate(scores)))
    assert tuple(each.delivers["experience"] for each in made.journey.values()) == levels


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["Call support: 2: Me", "Wait: 1: Me"], {"use"}),
        (["Cancel online: 2: Me", "Say goodbye: 1: Me"], {"use", "leave"}),
        (["Make tea: 5: Me", "Go upstairs: 3: Me", "Do work: 1: Me, Cat"], {"choose", "buy", "use"}),
        (["喝茶: 5: 我", "⚡: 3", "Λογαριασμός: 1: 我"], {"choose", "buy", "use"}),
    ],
)
def test_odd_journeys_are_valid_too(steps: list[str], expected: set[str]) -> None:
    """Of support only, of leaving only, of nothing that is known, in any script."""
    made = scenario("journey\n" + "\n".join(steps))
    assert made.warnings == () and {*stages(made).values()} == expected


def test_a_step_without_a_score_is_an_assumption() -> None:
    """It gets the usual level, with a range."""
    found = imported("journey\nsection Use\n  Walk: 4: Me\n  Rest: : Me\n")
    assert found.company is not None
    assert "Rest: level of Experience, not rated" in [each.what for each in found.company.assumptions]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("journey\n  Pay: good: Me\n", "journey.mmd:2:1: error CXM123: the score of `Pay` is no number: `good`"),
        ("journey\n  title X\n  just words\n", "journey.mmd:3:1: error CXM123: `just words` is neither a task"),
        ("journey\n  title X\n", "has no task"),
        ("flowchart LR\n  A --> B\n", "this is a `flowchart`, not a journey diagram"),
        ("journey\n  Pay: 700: Me\n", "a rating of 700 is on no scale that is known"),
        ("journey\n  Pay\a: 3: Me\n", "CXM121: there is"),
        ("journey\n" + "  Pay: 3: Me\n" * 400, "this diagram has 400 tasks"),
        ("", "begins with a line `journey`"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text: str, words: str) -> None:
    """With what would be right."""
    assert words in told(text)
    assert "hint: " in told(text)
