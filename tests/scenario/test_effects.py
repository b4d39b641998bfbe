"""What does nothing is told: dead changes, needs that nothing delivers, support that nobody gets to, ratings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import cxmodel
from cxmodel.errors import ScenarioError
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.fields.introspection import (
    Target,
    fields_of,
    find,
    full_kind,
    has_keys,
    is_switch,
    parts_of,
    values_of,
)
from tests.support.small import STORIES

GYM = """
schema: 1
name: A gym
horizon: 12 months
attributes: {ease: {kind: performance}, care: {kind: must_be}}
segments:
  members: {customers: 400, prospects: 2000, adoption: {arrivals: 40 per month},
            needs: {ease: {level: 75, weight: 2}, care: {level: 70}}}
value_propositions: {flat_fee: {for: [members], price: 30 per month, offers: {ease: 70}}}
brand_promises: {easy: {attribute: ease, level: 85, made_at: [website]}}
journey:
  website: {stage: choose, delivers: {ease: 75}}
  join: {stage: buy, delivers: {ease: 70, care: 70}}
  book: {stage: use, delivers: {ease: 55}, every: 7 days, fails: {rate: 0.03, severity: 30, contact: desk}}
  desk: {stage: support, delivers: {care: 65}, staffed: {agents: 1, handling: 6 minutes, patience: 5 minutes,
         hours: "08:00-20:00", other_calls: 4 per hour}}
  goodbye: {stage: leave, delivers: {care: 60}}
economics: {margin: 12 per month, contact_cost: 3, discount_rate: 0.1}
levers: {culture: {level: 0.4}}
initiatives:
  act: {what: Act, changes: {CHANGED}, starts: month 2, cost: {once: 100}}
plans: {acting: [act]}
"""


def gym(changed: str = "journey.book.delivers.ease: 80") -> Scenario:
    """The gym with one initiative that changes something."""
    return loads(GYM.replace("CHANGED", changed))


def codes(scenario: Scenario) -> list[str]:
    """The codes of what looks odd."""
    return [warning.code for warning in scenario.warnings]


def swapped(old: str, new: str) -> Scenario:
    """The gym with a piece of its text changed."""
    assert old in GYM
    return loads(GYM.replace(old, new).replace("CHANGED", "journey.book.delivers.ease: 80"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("economics.discount_rate", "0.5"),
        ("journey.desk.visits", "3"),
        ("journey.desk.every", "2 days"),
        ("journey.goodbye.visits", "2"),
        ("journey.website.contact_cost", "5"),
    ],
)
def test_what_can_never_change_anything_is_refused(path: str, value: str) -> None:
    """Each with the path it is about, and what to do instead."""
    with pytest.raises(ScenarioError) as told:
        gym(f"{path}: {value}")
    (problem,) = told.value.problems
    assert problem.code == "CXM307" and problem.path.endswith(path) and problem.expected


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("journey.desk.staffed.exception_cost", "20", "no exception is made"),
        ("value_propositions.flat_fee.price", '"x 3"', "no customer judges this price"),
        ("levers.culture.level", "0.9", "culture carries changes of the other levers"),
        ("journey.join.every", "3 days", "lived once"),
    ],
)
def test_what_changes_nothing_here_is_told(path: str, value: str, words: str) -> None:
    """A warning at the change; the file stays valid."""
    found = [warning for warning in gym(f"{path}: {value}").warnings if warning.code == "CXM513"]
    assert len(found) == 1 and words in found[0].message and found[0].line > 20


def test_who_contacts_the_company_about_leaving_cannot_be_written() -> None:
    """Whoever is not let go does; a share that is written all the same is told, one that is not is fine."""
    fails = "goodbye: {stage: leave, delivers: {care: 60}, fails: {rate: 0.2, severity: 30CALLS}}"
    for calls, found in ((", calls: 0.6", ["CXM508"]), ("", [])):
        text = swapped("goodbye: {stage: leave, delivers: {care: 60}}", fails.replace("CALLS", calls))
        assert [code for code in codes(text) if code == "CXM508"] == found


def test_what_makes_it_matter_takes_the_warning_away() -> None:
    """Culture with another lever, exceptions with their cost, visits with their interval."""
    assert "CXM513" not in codes(gym("levers.culture.level: 0.9, levers.people.level: 0.9"))
    together = "journey.desk.staffed.exception_cost: 20, journey.desk.staffed.exceptions: 0.3"
    assert "CXM513" not in codes(gym(together))
    assert "CXM513" not in codes(gym("journey.join.every: 3 days, journey.join.visits: 4"))


def test_levels_that_look_like_ratings_are_told_with_the_formula() -> None:
    """Five stars, ten points; one level beyond them and nothing is said."""
    text = GYM.replace("CHANGED", "journey.book.delivers.ease: 80")
    for by, formula in ((20, "(x − 1) × 25"), (10, "x × 10")):
        rated = re.sub(r"\b(75|70|85|55|65|60|80)\b", lambda level, by=by: f"{int(level[1]) / by:g}", text)
        (found,) = [warning for warning in loads(rated).warnings if warning.code == "CXM509"]
        assert formula in found.expected
    assert "CXM509" not in codes(gym())


def test_a_need_that_nothing_delivers_is_told() -> None:
    """At the need; `price` is delivered by prices."""
    kinds = "care: {kind: must_be}, calm: {kind: performance}, price: {kind: performance}"
    text = GYM.replace("CHANGED", "journey.book.delivers.ease: 80").replace("care: {kind: must_be}", kinds)
    text = text.replace("care: {level: 70}}", "care: {level: 70}, calm: {level: 70}, price: {level: 70}}")
    (found,) = [warning for warning in loads(text).warnings if warning.code == "CXM510"]
    assert "`calm`" in found.message


def test_support_that_nothing_leads_to_is_told() -> None:
    """Contacts go where `contact` says, else to the first of stage support."""
    chat = "  chat: {stage: support, delivers: {care: 65}}\n"
    assert codes(swapped("  goodbye:", f"{chat}  goodbye:")).count("CXM511") == 1
    both = GYM.replace("CHANGED", "journey.book.delivers.ease: 80").replace("  goodbye:", f"{chat}  goodbye:")
    both = both.replace("contact: desk}}", "contact: desk}, shortfall: {contact: chat}}")
    assert "CXM511" not in codes(loads(both))


def test_a_start_that_nobody_makes_is_told() -> None:
    """Without prospects nobody becomes a customer, so nobody meets what comes before."""
    alone = swapped("prospects: 2000, adoption: {arrivals: 40 per month},", "")
    assert codes(alone).count("CXM511") == 2  # the website and joining


def test_a_start_after_the_horizon_is_told() -> None:
    """At `starts`; its cost is not said to be missing."""
    late = swapped("starts: month 2", "starts: month 20")
    assert codes(late) == ["CXM512"]
    run = cxmodel.simulate(late, plan="acting", replications=1)
    assert run.metric("cost").value == 0.0


def test_two_initiatives_on_one_path_at_once_are_told_and_the_later_named_counts() -> None:
    """One documented rule, and the numbers keep it."""
    text = GYM.replace("CHANGED", "journey.book.delivers.ease: 90")
    text = text.replace(
        "plans:",
        "  undo: {what: Undo, changes: {journey.book.delivers.ease: 60}, starts: month 2, cost: {once: 1}}\nplans:",
    )
    text = text.replace("{acting: [act]}", "{one: [act, undo], other: [undo, act]}")
    scenario = loads(text)
    assert codes(scenario).count("CXM514") == 2
    ends = []
    for plan in ("one", "other"):
        rows = cxmodel.simulate(scenario, plan=plan, replications=1).rows("touchpoints")
        ends.append(next(row["delivered"] for row in rows if row["touchpoint"] == "book" and row["segment"] == "all"))
    assert ends[0] < 62 < 70 < ends[1]


def paths(plain: dict[str, Any]) -> Iterator[tuple[str, Target]]:
    """Every path of a scenario that initiatives may change, written or left at its default."""

    def walk(kind: Any, written: Any, steps: tuple[str, ...]) -> Iterator[tuple[str, Target]]:
        target = find(Scenario, plain, ".".join(steps)) if steps else None
        if isinstance(target, Target) and target.changeable and (target.quantity or is_switch(target.kind)):
            yield ".".join(steps), target
            return
        if isinstance(written, dict):
            for model in parts_of(kind):
                for name, field in fields_of(model).items():
                    yield from walk(full_kind(field), written.get(name), (*steps, name))
            if has_keys(kind):
                for key in written:
                    yield from walk(values_of(kind), written[key], (*steps, key))

    yield from walk(Scenario, plain, ())


VALUES = ("x 0.5", "x 1.4", "+5", "-5", "+0.2", 0.31, 1, 3, 62, "2 days", "9 days", "50 days", "200 days", "3 minutes",
          "40000 per year", "20 per month", "9 per hour", "09:00-10:30", True, False)  # fmt: skip
"""Values to try, of every kind there is: those that cannot be are refused."""


def figures(result: cxmodel.Result) -> str:
    """All that a run says, less what only a plan has."""
    only = ("return_on_quality", "pays_off", "payback_month", "net_value")
    kept = [row for row in result.rows("metrics") if row["metric"] not in only]
    return json.dumps([kept, *(result.rows(table) for table in ("touchpoints", "timeline", "contacts"))], default=str)


def moves(scenario: Scenario, dotted: str, before: str) -> bool:
    """Whether some change of a path moves a number, is refused as one that never could, or is told to do nothing."""
    accepted = False
    for value in VALUES:
        try:
            turned = scenario.with_initiative("turn", {dotted: value}, plan="turned", starts="month 1")
        except ScenarioError as error:
            if any("changes nothing" in problem.message for problem in error.problems):
                return True
            continue
        accepted = True
        if any(w.code in ("CXM513", "CXM512") and w.path.startswith("initiatives.turn.") for w in turned.warnings):
            return True
        if figures(cxmodel.simulate(turned, plan="turned", replications=1)) != before:
            return True
    return not accepted


@pytest.mark.soak
@pytest.mark.parametrize("story", sorted(path.stem for path in STORIES.glob("*.yaml")))
def test_no_accepted_change_is_a_dead_change(story: str) -> None:
    """Turn every path that may be changed, in every story: some number moves, or a message says why none can."""
    whole = load(STORIES / f"{story}.yaml")
    before = figures(cxmodel.simulate(whole, replications=1))
    assert [dotted for dotted, _ in paths(whole._document.plain) if not moves(whole, dotted, before)] == []


@pytest.mark.slow
def test_no_accepted_change_of_the_pretty_app_is_dead() -> None:
    """The same for every fourth path of one story."""
    whole = load(STORIES / "pretty_app.yaml")
    before = figures(cxmodel.simulate(whole, replications=1))
    some = [dotted for dotted, _ in paths(whole._document.plain)][::4]
    assert [dotted for dotted in some if not moves(whole, dotted, before)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("delivers: {ease: 55}", "delivers: {ease: 5.5}"),
        ("{ease: {level: 75, weight: 2}, care: {level: 70}}", "{ease: {level: 75, weight: 200}, care: {level: 70}}"),
        ("{ease: {level: 75, weight: 2}", "{ease: {level: 75, weight: 2, drift: +9 per day}"),
        ("every: 7 days", "every: 7 years"),
        ("rate: 0.03", "rate: 0.9"),
        ("contact_cost: 3", "contact_cost: 3000"),
        ("arrivals: 40 per month", "arrivals: 40 per hour"),
        ("margin: 12 per month", "margin: 12 per hour"),
    ],
)
def test_a_number_far_from_what_companies_have_is_told(old: str, new: str) -> None:
    """A slipped point, another unit: valid, and probably not meant."""
    assert "CXM515" in codes(swapped(old, new)) and "CXM515" not in codes(gym())


@pytest.mark.parametrize("story", sorted(path.stem for path in STORIES.glob("*.yaml")))
def test_the_examples_are_plausible_and_idle_nowhere(story: str) -> None:
    """None of these warnings in what is shipped."""
    assert not {"CXM508", "CXM509", "CXM510", "CXM511", "CXM512", "CXM513", "CXM514", "CXM515"} & set(
        codes(load(STORIES / f"{story}.yaml"))
    )
