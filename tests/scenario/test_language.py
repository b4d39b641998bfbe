"""The language: what a file says is what the scenario holds, in the model's units, with stated defaults."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from cxmodel import vocabulary
from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario import Scenario, json_schema, load, loads, stories
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.customers import Arrivals, Bass
from cxmodel.scenario.fields.introspection import Target, find, quantity_of
from cxmodel.scenario.fields.notation import MONTH, YEAR
from cxmodel.scenario.fields.quantity import Fact
from cxmodel.scenario.yaml_text.parser import read

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FIRST = """
schema: 1
name: First useful scenario
attributes: {speed: {}}
segments: {all_of_us: {customers: 10, needs: {speed: {level: 70}}}}
journey: {counter: {stage: buy, delivers: {speed: 60}}}
"""
WHOLE = """
schema: 1
name: Every key of the whole model
attributes: {ease: {kind: attractive}, clarity: {kind: must_be}, price: {}}
today: {nps: 20, leave: 1 % per month, contacts: 1.2 per year}
segments:
  drivers:
    customers: 100
    leave: 1.2 % per month
    decides: every 3 months
    response_rate: 20 %
    persona: {name: Lena, quote: I just want to drive}
    needs: {ease: {level: 80, weight: 2, drift: +2 per year, believes: 70}, clarity: {level: 75}, price: {level: 75}}
value_propositions: {cover: {for: [drivers], price: 300}}
levers: {culture: {level: 0.4, threshold: 0.6}, single_view: {level: 0.3}, people: {level: 0.7, cost: 400000 per year}}
insight_sources: {lab: {kind: technology, sees: [ease], reliability: 0.5, ahead: 6 months}}
journey:
  portal:
    stage: use
    every: 30 days
    owner: Service
    doing: Looks for the policy
    thinking: Where is it?
    feeling: Impatient
    delivers: {clarity: 40, ease: 60}
    designed: {clarity: 60}
    channels: {web: {share: 0.7, offered: false}, phone: {share: 0.3}}
    offsets: {phone: {clarity: -10}}
    spend: 20000 per year
    fails: {rate: 0.01, severity: 30, contact: call_us, calls: 0.6}
    shortfall: {beyond: 15, contact: call_us, calls: 0.2}
  renewal: {stage: renew, every: 12 months, delivers: {clarity: 60}}
  call_us:
    stage: support
    contact_cost: 6
    delivers: {clarity: 60}
    staffed: {agents: 2, handling: 5 minutes, exceptions: 0.3, exception_cost: 15}
  wrong_letter: {stage: leave, after: 12 months, delivers: {clarity: 20}}
rivals: {cheap_cover: {levels: {ease: 70}, price: 20 per month, switch: false}}
closed_loop:
  {every: 1 month, questions: 6, response: 0.3, share_words: true, actions: 2, deadline: 2 months, lift: 5,
   tell_customers: true, tell_team: false}
survey: {questions: 12, response: 0.25, every: 6 months}
assumptions: {satisfaction_slope: 0.4, half_life_people: 10, must_be_loss: 30}
"""


@pytest.fixture(scope="module")
def story() -> Scenario:
    return load(SCENARIOS / "pretty_app.yaml")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", 1),
        ("horizon", 24 * MONTH),
        ("today.nps", 39),
        ("today.leave", 0.012 / MONTH),
        ("segments.style_seekers.adoption.arrivals", 100 / MONTH),
        ("segments.style_seekers.needs.product.weight", 4),
        ("value_propositions.see_before_you_buy.segments", ("style_seekers",)),
        ("value_propositions.see_before_you_buy.price", (140, None)),
        ("brand_promises.on_your_face.made_at", ("virtual_try_on",)),
        ("insight_sources.post_purchase_survey.lag", 2 * MONTH),
        ("insight_sources.post_purchase_survey.cost", 120 / MONTH),
        ("levers.platforms.level", 0.4),
        ("journey.virtual_try_on.role", "customer"),
        ("journey.wear_them.role", "user"),
        ("journey.virtual_try_on.relies_on", {"platforms": 0.7, "people": 0.3}),
        ("journey.track_order.visits", 9),
        ("journey.wear_them.visits", None),
        ("journey.wear_them.every", 30),
        ("journey.call_us.staffed.handling", 5 / 1440),
        ("journey.call_us.staffed.hours", (0.375, 0.75)),
        ("journey.call_us.staffed.other_calls", 480),
        ("rivals.marketplace_giant.moves.speed", 2 / YEAR),
        ("rivals.pizza_chain.switch", False),
        ("economics.margin", 9 / MONTH),
        ("economics.discount_rate", 0.1),
        ("initiatives.real_tracking.starts", 3 * MONTH),
        ("initiatives.real_tracking.half_life", 2 * MONTH),
        ("initiatives.real_tracking.cost.running", 200 / MONTH),
        ("initiatives.real_tracking.changes", {
            "journey.track_order.delivers.clarity": 80, "journey.track_order.delivers.polish": 70,
        }),
        ("futures.rival_leaps.starts", 6 * MONTH),
        ("plans.both", ("real_tracking", "promise_less")),
        ("targets.retention", 0.8),
        ("meta.client_ref", "A-17"),
    ],
)  # fmt: skip
def test_the_first_story_says_what_it_says(story: Scenario, path: str, value: object) -> None:
    """Every kind of value of the language, in the model's units."""
    at: Any = story
    for step in path.split("."):
        at = at[step] if isinstance(at, dict) else getattr(at, step)
    assert at == (pytest.approx(value) if isinstance(value, float | int | dict) else value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("today.contacts", 1.2 / YEAR),
        ("segments.drivers.leave", 0.012 / MONTH),
        ("segments.drivers.decides", 3 * MONTH),
        ("segments.drivers.response_rate", 0.2),
        ("segments.drivers.persona.name", "Lena"),
        ("segments.drivers.needs.ease.drift", 2 / YEAR),
        ("segments.drivers.needs.ease.believes", 70),
        ("segments.drivers.needs.clarity.believes", None),
        ("levers.culture.threshold", 0.6),
        ("levers.single_view.level", 0.3),
        ("levers.people.cost", 400_000 / YEAR),
        ("levers.practices.cost", 0),
        ("insight_sources.lab.ahead", 6 * MONTH),
        ("journey.portal.owner", "Service"),
        ("journey.portal.designed.clarity", 60),
        ("journey.portal.channels.web.offered", False),
        ("journey.portal.channels.phone.offered", True),
        ("journey.portal.offsets.phone.clarity", -10),
        ("journey.portal.spend", 20_000 / YEAR),
        ("journey.portal.fails.calls", 0.6),
        ("journey.portal.shortfall.beyond", 15),
        ("journey.portal.shortfall.contact", "call_us"),
        ("journey.call_us.contact_cost", 6),
        ("journey.call_us.staffed.exceptions", 0.3),
        ("journey.call_us.staffed.exception_cost", 15),
        ("journey.wrong_letter.after", 12 * MONTH),
        ("rivals.cheap_cover.price", (20, MONTH)),
        ("closed_loop.every", MONTH),
        ("closed_loop.lift", 5),
        ("closed_loop.tell_team", False),
        ("survey.every", 6 * MONTH),
        ("assumptions.satisfaction_slope", 0.4),
        ("assumptions.half_life_people", 10),
        ("assumptions.must_be_loss", 30),
        ("assumptions.frailty", 1.4),
    ],
)
def test_every_key_of_the_whole_model_says_what_it_says(path: str, value: object) -> None:
    """Levers with a cost, channels, standards, beliefs, the closed loop, the survey, parameters."""
    at: Any = loads(WHOLE)
    for step in path.split("."):
        at = at[step] if isinstance(at, dict) else getattr(at, step)
    assert at == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.slow
def test_an_editor_knows_every_key_of_the_whole_model() -> None:
    """The schema accepts what the reader accepts, and nothing about it looks odd."""
    jsonschema.validate(read(WHOLE, "whole").plain, json_schema())
    assert loads(WHOLE).warnings == ()


def test_what_is_left_out_has_its_stated_default() -> None:
    """The defaults that the language page states."""
    scenario = loads(FIRST + "brand_promises: {fast: {attribute: speed, level: 90}}")
    touchpoint, promise = scenario.journey["counter"], scenario.brand_promises["fast"]
    assert scenario.attributes["speed"].kind == "performance"
    assert scenario.levers.people.level == 0.5
    assert scenario.horizon == 24 * MONTH
    assert touchpoint.relies_on == {lever: pytest.approx(1 / 3) for lever in ("practices", "people", "platforms")}
    assert (touchpoint.importance, promise.reach, promise.believed) == (1, 1, None)
    assert (scenario.economics, scenario.rivals, scenario.insight_sources) == (None, {}, {})


def test_a_desk_has_stated_defaults() -> None:
    """Patience 232 seconds, open all day, nobody else calls, seven of ten matters settled."""
    desk = (
        loads(FIRST.replace("stage: buy", "stage: buy, staffed: {agents: 1, handling: 1 hour}"))
        .journey["counter"]
        .staffed
    )
    assert desk is not None
    assert desk.patience == pytest.approx(232 / 86400)
    assert (desk.hours, desk.other_calls, desk.resolves) == ((0, 1), 0, 0.7)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("{arrivals: 2 per day}", Arrivals),
        ("{p: 0.03, q: 0.38}", Bass),
        ("{p: 0.03 per year, q: 0.38}", Bass),
    ],
)
def test_adoption_is_a_rate_or_a_spread(written: str, kind: type) -> None:
    """The two ways prospects become aware."""
    text = FIRST.replace("customers: 10", f"customers: 10, prospects: 20, adoption: {written}")
    adoption = loads(text).segments["all_of_us"].adoption
    assert isinstance(adoption, kind)
    assert not isinstance(adoption, Bass) or adoption.p == pytest.approx(0.03 / YEAR)


def test_a_fact_may_stand_wherever_a_number_may(story: Scenario) -> None:
    """The tree holds the number; the fact is kept beside it, by path."""
    assert story.today.nps == 39
    assert story.facts["today.nps"] == Fact(39, 35, 43, "tracker_2026q2", "2026-06", "")
    assert story.facts["levers.platforms.level"].low == 0.3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.2 % per month", "{value: 1.2 % per month, low: 1 % per month}"),
        ("price: 140", "price: {value: 140, source: list}"),
        ("once: 10000", "once: {value: 10000, high: 20000}"),
        ("agents: 2", "agents: {value: 2, source: roster}"),
        (
            "journey.track_order.delivers.clarity: 80",
            "journey.track_order.delivers.clarity: {value: 80, low: 70}",
        ),
        ("nps: 35", "nps: {value: 35, note: the board's wish}"),
        ('"09:00-18:00"', '{value: "09:00-18:00", source: website}'),
    ],
)
def test_facts_are_found_everywhere(old: str, new: str) -> None:
    """Rates, prices, whole numbers, new values, targets, hours: each may have a source."""
    text = (SCENARIOS / "pretty_app.yaml").read_text("utf-8")
    assert len(loads(text.replace(old, new, 1)).facts) == 3


def test_a_scenario_is_a_value(story: Scenario) -> None:
    """It cannot be changed, travels between processes, and equals itself."""
    with pytest.raises(ValidationError):
        story.name = "other"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(story))
    assert (again, again.hash, again.facts) == (story, story.hash, story.facts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# what customers judge", "# what people judge"),
        ("running: 200 per month", "running: 2400 per year"),
        ("stage: receive\n    channel: web", "channel: web\n    stage: receive"),
        ("client_ref: A-17", "client_ref: B-18"),
        ("reach: 1.0", "reach: 100 %"),
        ("horizon: 24 months", "horizon: 2 years"),
        ("visits: 3", "visits:    3   # three"),
    ],
)
def test_what_means_the_same_has_the_same_hash(story: Scenario, old: str, new: str) -> None:
    """Comments, layout, spelling of units and free keys do not change the meaning."""
    text = (SCENARIOS / "pretty_app.yaml").read_text("utf-8")
    assert old in text
    assert loads(text.replace(old, new, 1)).hash == story.hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("visits: 3", "visits: 4"),
        ("reach: 1.0", "reach: 0.99"),
        ("low: 35", "low: 34"),
        ("weight: 4", "weight: 5"),
    ],
)
def test_what_means_something_else_has_another_hash(story: Scenario, old: str, new: str) -> None:
    """Every number counts, ranges included."""
    text = (SCENARIOS / "pretty_app.yaml").read_text("utf-8")
    assert old in text
    assert loads(text.replace(old, new, 1)).hash != story.hash


def test_changes_give_another_scenario_and_leave_the_first(story: Scenario) -> None:
    """Values by dotted path, written as in a file."""
    bolder = story.with_changes(
        {"levers.people.level": 0.8, "journey.call_us.staffed.handling": "4 minutes"}, name="train"
    )
    assert (bolder.levers.people.level, story.levers.people.level) == (0.8, 0.7)
    assert bolder.journey["call_us"].staffed.handling == pytest.approx(4 / 1440)  # type: ignore[union-attr]
    assert (bolder.name, story.name) == ("train", "The pretty app")


def test_no_changes_are_no_change(story: Scenario) -> None:
    """Setting a value to what it is gives the same meaning."""
    assert story.with_changes({"levers.people.level": 0.7}).hash == story.hash == story.with_changes({}).hash


def test_a_changed_fact_keeps_its_source(story: Scenario) -> None:
    """Only the number changes; the range was about the old one."""
    fact = story.with_changes({"levers.platforms.level": 0.9}).facts["levers.platforms.level"]
    assert (fact.value, fact.low, fact.source) == (0.9, None, "it_review")


def test_a_lever_that_is_not_written_can_be_set() -> None:
    """Fields with a default are there to be changed."""
    assert loads(FIRST).with_changes({"levers.people.level": 0.8}).levers.people.level == 0.8


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("levers.peeple.level", 0.8, "levers.people.level"),
        ("levers.people.level", 8, "8 %"),
        ("levers.people", 0.8, "level"),
        ("journey.track_order.every", 3, "3 days"),
        ("nothing", 1, "no `nothing`"),
        ("name.first", "x", "one value"),
    ],
)
def test_a_change_is_checked_like_a_file(story: Scenario, path: str, value: object, words: str) -> None:
    """Unknown paths and wrong values are problems, with what would be right."""
    with pytest.raises(ScenarioError) as caught:
        story.with_changes({path: value})
    assert words in str(caught.value)


def test_an_initiative_joins_a_new_plan(story: Scenario) -> None:
    """What the sliders of the page do: a copy of a plan, with one more initiative."""
    scenario = story.with_initiative("sliders", {"levers.people.level": 0.8}, plan="mine", starts=3, base="both")
    assert scenario.initiatives_of("mine") == ("real_tracking", "promise_less", "sliders")
    assert scenario.initiatives["sliders"].starts == pytest.approx(3 * MONTH)
    assert scenario.initiatives["sliders"].changes == {"levers.people.level": 0.8}


def test_an_initiative_of_the_same_name_is_replaced(story: Scenario) -> None:
    """Moving a slider twice leaves one initiative."""
    once = story.with_initiative("sliders", {"levers.people.level": 0.8}, plan="mine")
    twice = once.with_initiative("sliders", {"levers.people.level": 0.9}, plan="mine")
    assert twice.initiatives_of("mine") == ("sliders",)
    assert twice.initiatives["sliders"].changes == {"levers.people.level": 0.9}


def test_an_initiative_without_changes_is_refused(story: Scenario) -> None:
    """An empty set of changes would be an initiative that does nothing."""
    with pytest.raises(ScenarioError):
        story.with_initiative("sliders", {}, plan="mine")


def test_as_is_always_exists_and_other_plans_must(story: Scenario) -> None:
    """The plan that changes nothing needs no entry; an unknown one gets a did-you-mean."""
    assert story.initiatives_of("as_is") == ()
    with pytest.raises(UsageError, match="did you mean `fix_the_wait`"):
        story.initiatives_of("fix_the_weight")
    with pytest.raises(UsageError, match="as_is"):
        story.with_initiative("sliders", {"levers.people.level": 0.8}, plan="as_is")


@pytest.mark.parametrize("section", ["rivals", "initiatives", "plans", "expect", "economics", "levers", "meta"])
def test_a_heading_with_nothing_under_it_is_nothing(section: str) -> None:
    """People comment entries out and leave the heading."""
    assert loads(FIRST + f"{section}:\n").hash == loads(FIRST).hash


def test_a_plan_may_be_empty() -> None:
    """`as_is` may be written down, as a plan without initiatives."""
    assert loads(FIRST + "plans: {as_is: [], nothing: }").initiatives_of("nothing") == ()


@pytest.mark.parametrize(
    ("path", "changeable"),
    [
        ("levers.people.level", True),
        ("levers.policies.level", True),
        ("journey.track_order.delivers.clarity", True),
        ("journey.track_order.fails.rate", True),
        ("journey.track_order.fails.severity", True),
        ("journey.track_order.importance", True),
        ("journey.track_order.effort", True),
        ("journey.call_us.staffed.agents", True),
        ("journey.call_us.staffed.hours", True),
        ("journey.call_us.staffed.patience", True),
        ("brand_promises.on_your_face.reach", True),
        ("brand_promises.on_your_face.believed", True),
        ("insight_sources.rival_watch.coverage", True),
        ("insight_sources.rival_watch.reliability", True),
        ("rivals.pizza_chain.levels.clarity", True),
        ("segments.style_seekers.needs.ease.level", True),
        ("segments.style_seekers.adoption.arrivals", True),
        ("value_propositions.see_before_you_buy.price", True),
        ("economics.margin", True),
        ("economics.discount_rate", False),
        ("segments.style_seekers.customers", False),
        ("segments.style_seekers.needs.ease.weight", False),
        ("journey.track_order.visits", True),
        ("journey.track_order.every", True),
        ("horizon", False),
        ("today.nps", False),
    ],
)
def test_what_initiatives_may_change_is_marked_in_the_field(story: Scenario, path: str, changeable: bool) -> None:
    """The mark sits on the field and nowhere else."""
    target = find(Scenario, read((SCENARIOS / "pretty_app.yaml").read_text("utf-8"), "x").plain, path)
    assert isinstance(target, Target)
    assert target.changeable is changeable
    assert quantity_of(target.kind) is not None


def test_one_vocabulary_is_shared() -> None:
    """Words and units of time are those of the model; repeated only to spare readers the load of NumPy."""
    assert (vocabulary.STAGES, vocabulary.LEVERS) == (vocabulary.STAGES, vocabulary.LEVERS)
    assert (notation.MONTH, notation.YEAR) == (vocabulary.MONTH, vocabulary.YEAR)


def test_the_stories_come_along() -> None:
    """By id, as files that load without a problem."""
    assert {"pretty_app", "two_retailers"} <= set(stories())


def test_two_retailers_give_equal_value_for_money() -> None:
    """80.0 and 77.2 in the eyes of their own segments; 61.5 and 60.0 crosswise."""
    scenario = load(SCENARIOS / "two_retailers.yaml")
    ours = {attribute: level for point in scenario.journey.values() for attribute, level in point.delivers.items()}
    values = [
        sum(need.weight * levels[attribute] for attribute, need in segment.needs.items())
        for segment in scenario.segments.values()
        for levels in (ours, scenario.rivals["kiepe"].levels)
    ]
    assert values == pytest.approx([80.0, 60.0, 61.5, 77.2], abs=0.06)


@pytest.mark.parametrize(
    ("today", "new", "amount"),
    [("140", "150", 150), ("12 per month", "15 per month", 15), ("12 per month", "180 per year", 15)],
)
def test_a_new_price_is_an_amount_for_todays_period(today: str, new: str, amount: float) -> None:
    """So that a price can move from one number to the other."""
    text = (
        FIRST
        + f"""
value_propositions: {{deal: {{for: [all_of_us], price: {today}}}}}
initiatives: {{dearer: {{changes: {{value_propositions.deal.price: {new}}}}}}}
"""
    )
    assert loads(text).initiatives["dearer"].changes["value_propositions.deal.price"] == pytest.approx(amount)
