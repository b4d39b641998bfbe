"""What a run will take, reckoned before it is played: near what it takes, quickly, for whatever a file may ask."""

from __future__ import annotations

import time
from math import inf
from pathlib import Path
from typing import Any

import pytest

import cxmodel as cx
from cxmodel.report.text.effort import refusal, takes, worth_saying
from cxmodel.results.request import RunRequest
from cxmodel.scenario.stories import stories
from cxmodel.simulation.effort import Effort, Limits, effort_of
from cxmodel.simulation.replications import part_of
from tests.support import small

HUGE = {
    "segments.style_seekers.customers": 9_000_000,
    "journey.wear_them.every": "1 hour",
    "horizon": "50 years",
}
SMALL = Effort(2400, 1_300_000, 2.0, 2.2e8, 30, "wear_them", 7.0)


def visits_of(scenario: cx.Scenario, plan: str = "as_is", replications: int = 2) -> tuple[float, float]:
    """Visits as reckoned and as they come when a run is played."""
    wanted = RunRequest(scenario, plan, replications=replications)
    played = float(part_of(wanted, range(replications)).outcome.visits.sum())
    baselines = 1 + (wanted.baseline is not None)
    return effort_of([wanted]).visits / baselines, played


@pytest.mark.slow
@pytest.mark.parametrize("story", sorted(stories()))
def test_visits_of_a_story_are_reckoned_within_a_factor_of_three(story: str) -> None:
    """Each of the ten, as is and under its last plan; in truth within a fifth."""
    scenario = cx.load(stories()[story])
    for plan in ("as_is", [*scenario.plans][-1]):
        reckoned, played = visits_of(scenario, plan)
        assert 1 / 3 < reckoned / played < 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"horizon": "10 days"},
        {"horizon": "20 years"},
        {"segments.style_seekers.customers": 1, "segments.style_seekers.prospects": 200_000},
        {"segments.style_seekers.customers": 30_000, "segments.style_seekers.prospects": 0},
        {"segments.style_seekers.prospects": 20_000, "segments.style_seekers.adoption": {"p": "0.03 per year", "q": 0}},
        {"today.leave": "40 % per year"},
    ],
)
def test_visits_are_reckoned_whatever_a_file_says(changes: dict[str, Any], stories: Path) -> None:
    """Other horizons, sizes, ways to grow and rates of leaving."""
    try:
        scenario = cx.load(stories / "pretty_app.yaml").with_changes(changes)
    except cx.ScenarioError as error:
        pytest.fail(str(error))
    reckoned, played = visits_of(scenario)
    assert 1 / 3 < reckoned / played < 3


@pytest.mark.slow
def test_seconds_and_memory_grow_with_what_makes_them_grow() -> None:
    """More people, more time, more visits and more runs take more; more threads take less time and more memory."""
    plain = effort_of([RunRequest(small.app(), replications=10)], threads=1)
    grown = {"segments.style_seekers.customers": 60_000, "horizon": "20 years", "journey.wear_them.every": "1 day"}
    for changes in ({path: value} for path, value in grown.items()):
        more = effort_of([RunRequest(small.app().with_changes(changes), replications=10)], threads=1)
        assert more.visits > plain.visits and more.seconds > plain.seconds and more.memory >= plain.memory
    several = effort_of([RunRequest(small.app(), replications=10)], threads=8)
    assert several.memory > plain.memory and several.seconds <= plain.seconds
    assert effort_of([RunRequest(small.app(), replications=20)], threads=1).visits == pytest.approx(2 * plain.visits)


def test_what_is_far_too_much_is_known_at_once() -> None:
    """Nine million who come every hour for fifty years: within a moment, in words that name what to change."""
    began = time.monotonic()
    scenario = small.app().with_changes(HUGE)
    effort = effort_of([RunRequest(scenario)])
    assert time.monotonic() - began < 5
    assert effort.visits > 1e12 and effort.memory > 2e9 and effort.people >= 9_000_000
    words = refusal(effort, Limits(seconds=600, memory=2e9), "allow it with --limit {0}")
    assert words.startswith("This was not started: it would take about ") and "GB of memory" in words
    assert "10 minutes and 2.0 GB of memory are allowed" in words and "fewer customers" in words
    allowed = Limits().but(words.partition("--limit ")[2].rstrip("."), "")
    assert not allowed.beyond(effort)


@pytest.mark.parametrize(
    ("text", "name", "amount"),
    [
        ("seconds=600", "seconds", 600),
        ("seconds=10min", "seconds", 600),
        ("seconds=1.5 h", "seconds", 5400),
        ("memory=2GB", "memory", 2e9),
        ("memory=512 MiB", "memory", 512 * 2**20),
        ("memory=3_000_000", "memory", 3e6),
        ("visits=1e9", "visits", 1e9),
        ("people=1000000, replications=1000", "replications", 1000),
        ("seconds=none", "seconds", inf),
        ("", "seconds", 60),
    ],
)
def test_limits_are_read_as_they_are_written(text: str, name: str, amount: float) -> None:
    """In usual units; what is not named stays."""
    assert getattr(Limits(seconds=60).but(text, "--limit "), name) == amount


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("seconds", "write it as seconds=600,memory=2GB"),
        ("sconds=5", "people, replications, seconds, visits"),
        ("memory=2 potatoes", "memory=2GB"),
        ("memory=-1", "memory=2GB"),
        ("seconds=soon", "seconds=10min"),
        ("visits=0", "visits=none"),
        ("people=1..2", "people=1000000"),
    ],
)
def test_a_limit_that_is_none_is_told_with_what_would_be_right(text: str, right: str) -> None:
    """In the words that one writes."""
    with pytest.raises(cx.UsageError) as told:
        Limits().but(text, "--limit ")
    assert right in str(told.value) and "--limit" in str(told.value)


def test_what_is_exceeded_is_named_alone() -> None:
    """Nothing is refused within its limits, and what takes little is not worth saying."""
    assert refusal(SMALL, Limits(), "{0}") == "" and not worth_saying(SMALL)
    assert "at most 10 simulation runs are allowed" in refusal(SMALL, Limits(replications=10), "{0}")
    assert "at most 1,000 customers and prospects are allowed" in refusal(SMALL, Limits(people=1000), "{0}")
    assert takes(SMALL) == "about 1,300,000 visits, 2 seconds and 0.2 GB of memory"
    assert worth_saying(SMALL._replace(seconds=61)) and worth_saying(SMALL._replace(memory=2.1e9))
