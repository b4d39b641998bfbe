"""No dead knobs: turn any number of any story, up or down, and the answer is another one.

A number that nothing depends on does not belong in a scenario. Excepted are those that only tell of others
(`low`, `high`, `as_of`), texts, and `expect`, which is asked of results. Each number is turned in a story cut
down to sixty customers and eight months, under a plan and a future that use it: levers, what relies on them and what
the company hears of its customers matter where levers and needs move. Five of six numbers of most stories are turned
by `make soak` only.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

import cxmodel
from cxmodel import ScenarioError
from cxmodel.scenario import Scenario, loads
from cxmodel.vocabulary import LEVERS
from tests.support import small

BUSY = {f"segments.{name}.adoption.arrivals": "15 per month" for name in ("quality_seekers", "bargain_hunters")}
LEADER = {
    "segments.subscribers.customers": 60,
    "segments.subscribers.prospects": 300,
    "segments.subscribers.adoption.arrivals": "20 per month",
    "initiatives.answer_late.starts": "month 3",
}
INSURER = {
    "segments.households.customers": 60,
    "segments.households.prospects": 200,
    "segments.households.adoption.arrivals": "6 per month",
    "journey.claim.every": "2 months",
}
RAILWAY = {  # turns and deadlines within eight months
    "segments.commuters.customers": 60,
    "segments.commuters.prospects": 200,
    "segments.commuters.adoption.arrivals": "6 per month",
    "closed_loop.every": "2 months",
    "closed_loop.deadline": "2 months",
}
BANK = {  # the launch within eight months, and a loop that acts already
    "segments.account_holders.customers": 60,
    "segments.account_holders.prospects": 200,
    "segments.account_holders.adoption.arrivals": "6 per month",
    "closed_loop.actions": 1,
    "initiatives.perfect_launch.starts": "month 3",
    "initiatives.settling_down.starts": "month 4",
}
BROADBAND = {  # one agent for two hours a day, so that the line stays a line
    "segments.households.customers": 60,
    "segments.households.prospects": 200,
    "segments.households.adoption.arrivals": "8 per month",
    "journey.call_centre.staffed.agents": 1,
    "journey.call_centre.staffed.hours": "10:00-12:00",
    "initiatives.another_agent.changes": {"journey.call_centre.staffed.agents": 2},
    "futures.price_round.starts": "month 2",
}
KIT_CARS = {  # renewals, exits and returns within eight months
    "segments.builders.customers": 80,
    "segments.builders.prospects": 200,
    "segments.builders.adoption.arrivals": "8 per month",
    "journey.renewal.every": "3 months",
    "journey.wrong_renewal.after": "2 months",
    "journey.portal.every": "1 month",
    "initiatives.clear_renewal.starts": "month 1",
    "futures.comparer_learns.starts": "month 2",
    "today.leave.value": "4 % per month",
}
GROCER = {
    "segments.families.customers": 60,
    "segments.families.prospects": 100,
    "segments.families.adoption.arrivals": "6 per month",
    "journey.counter.staffed.hours": "09:00-11:00",
    "journey.counter.staffed.exceptions": 0.3,
    "futures.wet_summer.starts": "month 2",
}
CHANNELS = {
    "segments.account_holders.customers": 60,
    "segments.account_holders.prospects": 200,
    "segments.account_holders.adoption.arrivals": "6 per month",
    "journey.advice.every": "2 months",
    "initiatives.close_the_counters.starts": "month 2",
    "futures.new_bank_listens.starts": "month 2",
    "today.leave.value": "3 % per month",
}
STORIES = {
    "pretty_app": small.APP,
    "two_retailers": {**small.RETAILERS, **BUSY},
    "rival_leaps": LEADER,
    "five_levers": INSURER,
    "closing_the_loop": RAILWAY,
    "fail_fast": BANK,
    "blamed_service": BROADBAND,
    "kit_car_insurance": KIT_CARS,
    "doing_right": GROCER,
    "one_view": CHANNELS,
}
TELLING = {"low", "high", "as_of", "source", "schema", "name", "question", "summary", "what", "meta", "expect"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
USED_WHEN_RESTLESS = {"levers", "insight_sources", "relies_on"}
MOVED = (0.9, 0.5, 0.3, 0.5, 0.1)
Path = tuple[str | int, ...]


@cache
def written(story: str) -> Any:
    """The story as it is written, cut down."""
    plain = yaml.safe_load((small.STORIES / f"{story}.yaml").read_text("utf-8"))
    for dotted, value in STORIES[story].items():
        *way, last = dotted.split(".")
        at = plain
        for step in way:
            at = at[step]
        at[last] = value
    del plain["expect"]
    plain["horizon"] = "8 months"
    needs = {
        f"segments.{segment}.needs.{attribute}.level": 100
        for segment, people in plain["segments"].items()
        for attribute in people["needs"]
    }
    levers = {f"levers.{lever}.level": level for lever, level in zip(LEVERS, MOVED, strict=True)}
    plain["initiatives"]["restless"] = {"changes": {**needs, **levers}, "starts": "month 1", "half_life": "2 months"}
    plain["plans"] = {name: [name] for name in plain["initiatives"]}
    return plain


def knobs(at: Any, path: Path = ()) -> Iterator[Path]:
    """Paths of all numbers, a number within a text by its place there."""
    if isinstance(at, dict):
        for key, value in at.items():
            if key not in TELLING:
                yield from knobs(value, (*path, key))
    elif isinstance(at, list):
        for place, value in enumerate(at):
            yield from knobs(value, (*path, place))
    elif isinstance(at, int | float) and not isinstance(at, bool):
        yield path
    elif isinstance(at, str) and (":" in at or re.match(r"[+-]?\d|month ", at)):
        yield from ((*path, match.start()) for match in NUMBER.finditer(at) if not at[: match.start()].endswith(":"))


def turned(number: float, up: bool, whole: bool) -> list[float]:
    """Values to try, a little away first, then at the bounds that a number may have."""
    tries = [number * 1.3, number + 1, 100.0, 1.0] if up else [number * 0.7, number - 1, number * 0.1, 0.0]
    tries = [max(number + 1, round(t)) if up else min(number - 1, round(t)) for t in tries] if whole else tries
    return [t for t in tries if (t > number if up else 0 <= t < number)]


def changed(story: str, path: Path, up: bool) -> Iterator[Scenario]:
    """The story with one number turned; values that no scenario may have are left out."""
    place = path[-1] if isinstance(at_path(written(story), path[:-1]), str) else None
    way = path[:-1] if place is not None else path
    old = at_path(written(story), way)
    found = NUMBER.match(old, place) if place is not None else None
    number = float(found.group()) if found else old
    for value in turned(number, up, isinstance(old, int) or (":" in str(old))):
        text: Any = value
        if found:
            shown = f"{int(value):02d}" if ":" in old else f"{value:g}"
            text = old[: found.start()] + shown + old[found.end() :]
        plain = copy.deepcopy(written(story))
        holder = at_path(plain, way[:-1])
        holder[way[-1]] = text
        if "low" in holder:
            del holder["low"], holder["high"]
        try:
            yield loads(yaml.safe_dump(plain, sort_keys=False))
        except ScenarioError:
            continue


def at_path(plain: Any, path: Path) -> Any:
    for step in path:
        plain = plain[step]
    return plain


@cache
def usual(story: str, plan: str, future: str | None) -> Any:
    return answer(loads(yaml.safe_dump(written(story), sort_keys=False)), plan, future)


def answer(scenario: Scenario, plan: str, future: str | None) -> Any:
    """Every row of every table."""
    result = cxmodel.simulate(scenario, plan, replications=1, seed=3, future=future, jobs=1)
    return [result.rows(table) for table in ("metrics", "touchpoints", "timeline", "today")]


def plan_using(path: Path) -> str:
    """The plan under which a number is turned."""
    if path[0] == "initiatives":
        return str(path[1])
    return "restless" if USED_WHEN_RESTLESS & set(path) else "as_is"


def relative(story: str, path: Path) -> bool:
    """Whether this is the only weight of a touchpoint, which is all of it whatever it is."""
    return "relies_on" in path and len(at_path(written(story), path[:-1])) == 1


CASES = [
    (story, path)
    for story in STORIES
    for path in knobs(written(story))
    if path[0] != "plans" and "restless" not in path and not relative(story, path)
]


def later(number: int, story: str) -> bool:
    """Whether a knob is left to `make soak`: five of six, but of the first two stories none."""
    return story not in ("pretty_app", "two_retailers") and number % 6 > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("story", "path"),
    [
        pytest.param(s, p, id=f"{s}: {'.'.join(map(str, p))}", marks=[pytest.mark.soak] if later(n, s) else [])
        for n, (s, p) in enumerate(CASES)
    ],
)
def test_no_knob_is_dead(story: str, path: Path) -> None:
    """Turned up or down, to its bound if need be, it changes some row of some table."""
    plan = plan_using(path)
    future = str(path[1]) if path[0] == "futures" else None
    scenarios = (scenario for up in (True, False) for scenario in changed(story, path, up))
    assert any(answer(scenario, plan, future) != usual(story, plan, future) for scenario in scenarios)
