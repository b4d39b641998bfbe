"""Words need no run: a scenario whose words alone were changed has the numbers of the one before it, bit for bit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import cxmodel as cx
from cxmodel.engine import initial_state
from cxmodel.errors import CxModelError, UsageError
from cxmodel.recent import Recent
from cxmodel.report.maps.html import journey_html
from cxmodel.report.maps.journey_map import journey_map
from cxmodel.results.request import RunRequest
from cxmodel.results.result import TABLES
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.editing import structure
from cxmodel.scenario.fields import base
from cxmodel.scenario.fields.introspection import fields_of, full_kind, model_of, quantity_of, values_of
from cxmodel.scenario.fields.names import LABELLED
from cxmodel.scenario.yaml_text.writer import to_yaml
from cxmodel.simulation import replications
from cxmodel.simulation.batch import name_of
from tests.support.small import HERE
from tests.support.small import STORIES as FOLDER

STORIES = [*sorted(FOLDER.glob("*.yaml")), HERE / "fixtures" / "everything.yaml"]
NO_WORDS = ("channel", "currency")
"""Texts that are more than words: a channel is looked up by its name, a currency stands beside amounts."""
each_story = pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)


def texts(kind: Any, written: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every free text that a scenario has or could have, by what the language says."""
    model = model_of(kind, written)
    if model is not None:
        for key, info in fields_of(model).items():
            inner = full_kind(info)
            if is_text(inner):
                yield (*path, key)
            elif key != "meta":
                below = written.get(key) if isinstance(written, Mapping) else None
                yield from texts(inner, {} if below is None and key == "persona" else below, (*path, key))
    elif values_of(kind) is not None and isinstance(written, Mapping):
        for key, value in written.items():
            yield from texts(values_of(kind), value, (*path, key))


def is_text(kind: Any) -> bool:
    """Whether a type is free text."""
    return any(getattr(item, "func", None) is base._text or is_text(item) for item in get_args(kind))


def reworded(scenario: Scenario) -> Scenario:
    """The same with another text wherever one may stand, and other sources of its numbers."""
    plain = scenario.written
    plain["meta"] = {"owner": "somebody else"}
    plans = plain.get("plans", {})
    plain["plans"] = {id: plan if isinstance(plan, dict) else {"initiatives": plan} for id, plan in plans.items()}
    for number, path in enumerate(texts(Scenario, plain)):
        holder: Any = plain
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
        if path[-1] not in NO_WORDS:
            holder[path[-1]] = f"Words {number}"
    for dotted in scenario.facts:
        *above, key = dotted.split(".")
        holder = plain
        for step in above:
            holder = holder[step] if isinstance(holder, Mapping) and step in holder else {}
        if isinstance(holder, dict) and isinstance(holder.get(key), dict):
            holder[key] |= {"source": "hearsay", "note": "so they say"}
    return loads(to_yaml(plain))


def anew(monkeypatch: pytest.MonkeyPatch, run: Callable[[], cx.Result]) -> cx.Result:
    """A result for which everything is played, whatever was played before."""
    for module, name in (
        (replications, "_RECENT"), (replications, "_WORLDS"), (initial_state, "_STARTS"), (initial_state, "_PASTS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, Recent(16))
    return run()


@each_story
def test_words_change_no_key(file: Path) -> None:
    """Another text wherever one may stand: another scenario, and the same numbers, runs and kept figures."""
    scenario = load(file)
    other = reworded(scenario)
    assert other.hash != scenario.hash
    assert other.numbers_hash == scenario.numbers_hash and other.standing_hash == scenario.standing_hash
    for plan in ("as_is", *scenario.plans):
        before, after = RunRequest(scenario, plan), RunRequest(other, plan)
        assert after.key == before.key and name_of(after) == name_of(before)


@each_story
@pytest.mark.slow
def test_the_numbers_are_those_of_a_fresh_run_and_the_words_the_new_ones(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit for bit, in every table; and no old word is left in what is told of it."""
    scenario = load(file)
    other, plan = reworded(scenario), next(iter(scenario.plans), "as_is")
    before = anew(monkeypatch, lambda: cx.simulate(scenario, plan, replications=2, jobs=1))
    fresh = anew(monkeypatch, lambda: cx.simulate(other, plan, replications=2, jobs=1))
    told = before.told_of(other)
    assert told.document() == fresh.document()
    for table in TABLES:
        assert told.rows(table) == fresh.rows(table)
    assert told.samples("nps").tobytes() == fresh.samples("nps").tobytes()
    page = journey_html(journey_map(told))
    assert page == journey_html(journey_map(fresh))
    for id in scenario.journey:
        assert other.journey[id].label in page


@each_story
@pytest.mark.slow
def test_any_number_changes_the_key(file: Path) -> None:
    """And so does a switch, and a range."""
    scenario, found = load(file), 0
    numbers = list(quantities(Scenario, scenario.written))
    random.Random(1).shuffle(numbers)
    for path, value in numbers[:40]:
        for other in (value * 0.9, value + 1, value + 2, max(0, value - 1)):
            plain = scenario.written
            holder: Any = plain
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = int(other) if isinstance(value, int) and float(other).is_integer() else other
            try:
                changed = loads(to_yaml(plain))
            except CxModelError:
                continue
            if changed.hash != scenario.hash:
                assert changed.numbers_hash != scenario.numbers_hash, path
                with pytest.raises(UsageError):
                    cx.simulate(scenario, replications=1, jobs=1).told_of(changed)
                found += 1
                break
    assert found >= 10


def quantities(kind: Any, written: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int | float]]:
    """Every plain number of a scenario as written."""
    if quantity_of(kind) is not None:
        if isinstance(written, int | float) and not isinstance(written, bool):
            yield path, written
    elif isinstance(written, Mapping):
        model: type[BaseModel] | None = model_of(kind, written)
        kinds = {key: full_kind(info) for key, info in fields_of(model).items()} if model is not None else {}
        for key, value in written.items():
            below = kinds.get(key, values_of(kind))
            if below is not None:
                yield from quantities(below, value, (*path, key))


@each_story
@pytest.mark.slow
def test_an_id_or_an_order_changes_the_key(file: Path) -> None:
    """What is called otherwise in the file, and a journey in another order, are played anew."""
    scenario, text = load(file), to_yaml(load(file).written)
    for section in LABELLED:
        for id in list(getattr(scenario, section))[:2]:
            try:
                done = structure.rename(text, section, id, "quite_another", name=file.name, at=file)
            except CxModelError:
                continue
            assert loads(done.text).numbers_hash != scenario.numbers_hash
    plain = scenario.written
    plain["journey"] = dict(reversed(plain["journey"].items()))
    assert loads(to_yaml(plain)).numbers_hash != scenario.numbers_hash or len(plain["journey"]) == 1


def test_a_thing_may_have_an_id_that_is_a_key_of_words() -> None:
    """Touchpoints and attributes called `owner` and `doing` are things, and their numbers count."""
    text = """
schema: 1
name: Odd ids
attributes: {what: {kind: performance}}
segments: {persona: {customers: 10, needs: {what: {level: 70}}}}
journey: {owner: {stage: use, every: 30 days, delivers: {what: 60}}, label: {stage: use, delivers: {what: 50}}}
"""
    scenario = loads(text)
    for before, after in (("60", "61"), ("50", "51"), ("level: 70", "level: 71"), ("customers: 10", "customers: 11")):
        other = loads(text.replace(before, after))
        assert other.numbers_hash != scenario.numbers_hash and other.standing_hash != scenario.standing_hash
