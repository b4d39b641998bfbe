"""The schema for editors accepts what the reader accepts, whole files and layers, and refuses what it can see."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError
from cxmodel.scenario import Scenario, json_schema, loads, stories
from cxmodel.scenario.faults import CODES
from cxmodel.scenario.yaml_text.parser import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
WRONG = sorted((FIXTURES / "wrong").glob("*.yaml"))
BASE = "extends: base.yaml\n"

LEFT_TO_THE_READER: Final = {
    "CXM1": "YAML itself: the editor's own parser tells",
    "CXM219": "what looks like a blank, to an editor's pattern too",
    "CXM210": "whether low, value and high come in order",
    "CXM3": "what a name or a path stands for",
    "CXM4": "what the parts of a scenario mean together",
    "CXM5": "what is only odd",
}
"""Codes, or how they begin, and what of it a schema cannot know. It sees all others, and of these CXM308, CXM406."""
SEEN_ALL_THE_SAME: Final = {"CXM308", "CXM406"}
BOUNDS_OF_TEXTS: Final = {
    "decides_too_often": "at least every month",
    "leave_more_than_all": "less than 100 % in the period",
    "horizon_too_long": "at most 50 years",
    "horizon_zero": "at least 1 day",
    "hours_after_the_day": "open before the day is over",
    "hours_at_one_time": "close at another time",
    "hours_of_a_day_twice": "each day once",
    "hours_that_never_open": "one day at least",
    "hours_beyond_a_day": "within one day",
    "number_nan": "not-a-number lies within any bounds",
    "unit_every_too_short": "at least 1 hour",
    "unit_zero_handling": "at least 1 second",
}
"""A pattern knows how a quantity with a unit is spelt, but not how much it is."""
VALUES_OF_PATHS: Final = {"path_not_a_number_of_a_loop", "path_switch_word", "path_value_unit"} | {
    path.stem for path in WRONG if path.stem.startswith("relative_")
}
"""A new value under `changes` is judged by where its path leads, which a schema cannot follow."""

WHAT_LAYERS_COME_TO: Final = {"remove_what_is_needed", "set_path_typo"}
"""What is missing once everything is set and removed is not seen in what is written."""


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def plain(text: str) -> dict[str, Any]:
    return read(text, "a file").plain


def complaints(text: str) -> list[str]:
    """What the schema has to say of a file, innermost reasons."""
    found = jsonschema.exceptions.best_match(validator().iter_errors(plain(text)))
    return [] if found is None else [found.message]


def codes(path: Path) -> set[str]:
    """The codes of what the reader refuses."""
    with pytest.raises(ScenarioError) as caught:
        loads(path.read_text("utf-8"), path.name)
    return {problem.code for problem in caught.value.problems}


def is_seen(path: Path) -> bool:
    """Whether the tables above say that a schema sees what is wrong."""
    if path.stem in {*BOUNDS_OF_TEXTS, *VALUES_OF_PATHS, *WHAT_LAYERS_COME_TO}:
        return False
    return any(code in SEEN_ALL_THE_SAME or not code.startswith(tuple(LEFT_TO_THE_READER)) for code in codes(path))


@pytest.mark.slow
def test_it_is_a_schema_of_2020_12() -> None:
    """The document keeps to the dialect that it names."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", stories().values(), ids=lambda path: path.stem)
def test_every_story_fits(path: Path) -> None:
    """What the reader accepts, an editor accepts."""
    assert complaints(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [path for path in WRONG if is_seen(path)], ids=lambda path: path.stem)
def test_what_a_schema_can_see_it_refuses(path: Path) -> None:
    """An editor underlines what `validate` would refuse, wherever a schema can know."""
    assert complaints(path.read_text("utf-8"))


@pytest.mark.parametrize("path", [path for path in WRONG if not is_seen(path)], ids=lambda path: path.stem)
def test_the_tables_do_not_excuse_what_is_seen(path: Path) -> None:
    """What the tables leave to the reader is not refused by the schema: they say no more than they must."""
    document = read(path.read_text("utf-8"), path.name)
    stopped = bool(document.faults)
    assert stopped or not complaints(path.read_text("utf-8"))


def test_every_code_in_the_tables_is_a_code() -> None:
    """The table names codes of problems.py, or how several of them begin."""
    assert all(any(code.startswith(start) for code in CODES) for start in (*LEFT_TO_THE_READER, *SEEN_ALL_THE_SAME))


def parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a scenario, by name."""
    return (
        (name, part) for name, part in json_schema()["$defs"].items() if "properties" in part and "unit" not in part
    )


@pytest.mark.slow
def test_every_key_is_described() -> None:
    """One field, one docstring; the editor shows it."""
    bare = {
        f"{name}.{key}"
        for name, part in parts()
        for key, field in part["properties"].items()
        if not field.get("description") and not name.startswith(("part_of_Assumed", "Assumed"))
    }
    assert bare == set()


@pytest.mark.slow
def test_reading_a_scenario_reads_no_docstrings() -> None:
    """What fields mean is looked up in the source for editors and messages only: it takes a sixth of `validate`."""
    ask = (
        "from cxmodel.scenario import load, stories\nfrom cxmodel.scenario.fields import introspection\n"
        "load(stories()['pretty_app']); print(introspection.docstrings_of.cache_info().misses)"
    )
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0"]
    assert not Scenario.model_config.get("use_attribute_docstrings")


def test_every_number_has_a_unit_and_bounds() -> None:
    """One kind of number for each field, with what it is counted in, its bounds and what an editor says of it."""
    kinds = {name: kind for name, kind in json_schema()["$defs"].items() if "unit" in kind}
    assert len(kinds) > 15
    for kind in kinds.values():
        assert kind["unit"]
        assert kind["errorMessage"].startswith("Expected ")
        assert "maximum" in kind or not {"number", "integer"} & set(kind["type"])
        assert "pattern" in kind or "string" not in kind["type"]


@pytest.mark.parametrize(
    "sourced", ["{value: 70 %, low: 0.6, high: 80 %, source: survey, as_of: 2026-05, note: a few}", "0.7"]
)
def test_a_number_may_come_with_a_source(sourced: str) -> None:
    """A number stands alone, or with its range, its source and its date."""
    assert complaints(f"{BASE}levers: {{people: {{level: {sourced}}}}}") == []


@pytest.mark.parametrize(
    "layer",
    [
        "",
        "name: The same, with two agents more\n",
        "journey: {call_us: {staffed: {agents: 4}}}\n",
        "set: {journey.call_us.staffed.agents: 4, levers: {people: {level: 0.8}}}\n",
        "set:\nremove:\n",
        "name:\njourney:\n",
        "remove: [journey.goodbye, currency]\n",
        "remove: journey.goodbye\n",
        "segments: {newcomers: {prospects: 100, needs: {ease: {level: 70}}}}\nset: {horizon: 12 months}\n",
        "levers: {people: {level: {source: survey}}}\n",
    ],
    ids=lambda layer: layer.strip() or "nothing",
)
def test_a_layer_needs_nothing_but_what_it_extends(layer: str) -> None:
    """A layer is a scenario of which everything may be left out."""
    assert complaints(BASE + layer) == []
    assert complaints(f"extends: [base.yaml, ../market.yaml]\n{layer}") == []


@pytest.mark.parametrize(
    "layer",
    [
        "jurney: {}\n",
        "journey: {call_us: {stafed: {agents: 4}}}\n",
        "journey: {call_us: {staffed: {agents: 4, handling: 5}}}\n",
        "set: {levers: {peeple: {level: 0.8}}}\n",
        "set: {levers: {people: {level: 80}}}\n",
        "set: [levers.people.level]\n",
        "set: {Levers.people.level: 0.8}\n",
        "remove: journey goodbye\n",
        "remove: [journey goodbye]\n",
        "remove: {journey: goodbye}\n",
        "set: {extends: other.yaml}\n",
    ],
    ids=str.strip,
)
def test_a_layer_is_checked_like_a_scenario(layer: str) -> None:
    """What a layer does write has the keys, the units and the bounds of a scenario."""
    assert complaints(BASE + layer)


@pytest.mark.parametrize(
    "extends", ["extends: []", "extends: [a, a]", "extends: 3", "extends: {base: yaml}", 'extends: ""']
)
def test_a_layer_extends_a_file_or_a_list_of_files(extends: str) -> None:
    """There is no other way to say what a layer builds on."""
    assert complaints(extends)


@pytest.mark.parametrize("layering", ["extends:\n", "set: {levers.people.level: 0.8}\n", "remove: [meta]\n"])
def test_a_whole_scenario_may_be_laid_over_nothing(layering: str) -> None:
    """A file that extends nothing may set and remove all the same, but is whole."""
    assert complaints(stories()["pretty_app"].read_text("utf-8") + layering) == []
    assert complaints(layering)


LAYERS = sorted((FIXTURES / "layers").glob("*.yaml"))


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_files_that_build_on_each_other_fit(path: Path) -> None:
    """What the reader accepts through layers, an editor accepts in each of them."""
    assert complaints(path.read_text("utf-8")) == []


@pytest.mark.slow
@given(st.sampled_from(sorted(stories())), st.data())
def test_whatever_a_layer_leaves_out_it_fits(story: str, data: st.DataObject) -> None:
    """A story without any of its keys, at any depth, is a layer."""
    whole = plain(stories()[story].read_text("utf-8"))
    assert validator().is_valid({"extends": "base.yaml", **thinned(whole, data.draw(st.randoms()))})


def thinned(value: Any, luck: Any) -> Any:
    """The value without some of its keys."""
    if not isinstance(value, dict):
        return value
    return {key: thinned(item, luck) for key, item in value.items() if luck.random() < 0.6}
