"""Warnings: what looks odd is said and stops nothing; errors of meaning stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel.scenario import load, loads

SCENARIOS = Path(__file__).parents[2] / "scenarios"
QUIET = """
schema: 1
name: A quiet shop
attributes: {speed: {}, care: {}}
segments:
  locals: {customers: 10, prospects: 10, adoption: {arrivals: 1 per month}, needs: {speed: {level: 70}}}
brand_promises: {fast: {attribute: speed, level: 80, made_at: [poster]}}
journey:
  poster: {stage: aware, delivers: {speed: 60}}
  counter: {stage: buy, delivers: {speed: 60}}
  second_counter: {stage: buy, delivers: {speed: 60}}
  parcel: {stage: receive, delivers: {speed: 60}}
  help:
    stage: support
    delivers: {speed: 60}
    staffed: {agents: 1, handling: 6 minutes, other_calls: 1 per hour}
initiatives: {faster: {changes: {journey.parcel.delivers.speed: 75}, cost: {once: 10}}}
"""
PARCEL = "parcel: {stage: receive, delivers: {speed: 60}"
ACT = "initiatives: {faster: {changes: {journey.parcel.delivers.speed: 75}, cost: {once: 10}}}"
OFFSETS = "offsets: {bike: {speed: 5}}"


def codes(text: str) -> list[str]:
    return [warning.code for warning in loads(text).warnings]


def test_a_sound_scenario_has_no_warnings() -> None:
    """Warnings are for what looks odd."""
    assert codes(QUIET) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("made_at: [poster]", "made_at: [parcel]", "CXM501"),
        ("made_at: [poster]", "made_at: [second_counter, help]", "CXM501"),
        (
            "poster: {stage: aware, delivers: {speed: 60}}",
            "poster: {stage: aware, delivers: {care: 95}}",
            "CXM502",
        ),
        (", cost: {once: 10}", "", "CXM503"),
        ("agents: 1", "agents: 2", "CXM504"),
        ("prospects: 10, ", "", "CXM505"),
        ("delivers.speed: 75", "delivers.speed: +5", "CXM506"),
        (PARCEL, f"{PARCEL}, channels: {{van: {{}}, bike: {{share: 0}}}}, {OFFSETS}", "CXM507"),
        (PARCEL, f"{PARCEL}, channels: {{van: {{}}, bike: {{offered: false}}}}, {OFFSETS}", "CXM507"),
        (PARCEL, f"{PARCEL}, channel: bike, channels: {{van: {{}}}}, {OFFSETS}", "CXM507"),
    ],
)
def test_what_looks_odd_is_said(old: str, new: str, code: str) -> None:
    """One oddity, one warning, with its place and a hint."""
    assert old in QUIET
    told = [
        w for w in loads(QUIET.replace(old, new)).warnings if w.code != "CXM511"
    ]  # who cannot be won meets no start
    assert [(w.code, w.severity, bool(w.line), bool(w.expected)) for w in told] == [(code, "warning", True, True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("made_at: [poster]", "made_at: [parcel, counter]"),
        ("made_at: [poster]", "reach: 0.5"),
        ("delivers: {speed: 60}}\n  counter", "delivers: {care: 95, speed: 95}}\n  counter"),
        (", other_calls: 1 per hour", ""),
        (ACT, "initiatives: {more: {changes: {journey.parcel.spend: +100 per year}}}"),
        (ACT, "levers: {people: {cost: 9 per year}}\ninitiatives: {more: {changes: {levers.people.level: 0.6}}}"),
        ("agents: 1", 'agents: 1, hours: "10:00-11:00"'),
        ("delivers.speed: 75", 'delivers.speed: "+5"'),
        (PARCEL, f"{PARCEL}, channel: bike, {OFFSETS}"),
        (PARCEL, f"{PARCEL}, channels: {{van: {{}}, bike: {{}}}}, {OFFSETS}"),
    ],
)
def test_what_is_in_order_is_not_said(old: str, new: str) -> None:
    """A promise also heard before the choice, a dazzle that is shared, a desk without calls from outside."""
    assert old in QUIET
    assert codes(QUIET.replace(old, new)) == []


def test_the_first_story_has_few_warnings() -> None:
    """Its promise is told to people who have bought already, and two of its initiatives say no cost."""
    warnings = load(SCENARIOS / "pretty_app.yaml").warnings
    assert [(warning.code, warning.path) for warning in warnings] == [
        ("CXM501", "brand_promises.pizza_style_bar.made_at"),
        ("CXM503", "initiatives.promise_less"),
        ("CXM503", "initiatives.plainer_app"),
    ]
    first = "a touchpoint before it: `virtual_try_on` or `checkout`"
    assert warnings[0].expected == first, "in the order of the journey, whatever the seed of Python's hashes"


def test_a_rival_that_dazzles_nobody_is_no_matter_of_ours() -> None:
    """The story of two retailers is sound."""
    assert load(SCENARIOS / "two_retailers.yaml").warnings == ()
