"""What can be edited in the journey map, and that words which were changed there need no run."""

from __future__ import annotations

from typing import Any

import pytest

import cxmodel as cx
from cxmodel.report.maps.html import journey_html
from cxmodel.report.maps.journey_map import WRITTEN, journey_map
from cxmodel.results.request import RunRequest
from cxmodel.scenario import load
from cxmodel.workbench.components.map_editor import columns, fields
from cxmodel.workbench.jobs import live_results
from tests.support.small import STORIES

KIT = STORIES / "kit_car_insurance.yaml"


def test_every_word_of_the_map_has_its_path() -> None:
    """What is offered to be written is a cell of the map, and says what the scenario says, as it is written."""
    scenario = load(KIT)
    found = fields(scenario)
    page = journey_html(journey_map(cx.simulate(scenario, replications=1, jobs=1)), empty=WRITTEN)
    assert len(found) > 5 * len(scenario.journey)
    for path, field in found.items():
        assert f'data-path="{path}"' in page or path.endswith("quote"), path
        assert set(field) == {"called", "words"}
    assert found["journey.cancel.owner"]["words"] == scenario.journey["cancel"].owner
    assert found["journey.cancel.label"]["words"] == "Cancel"


def test_lanes_without_words_are_there_to_be_written_into() -> None:
    """On the page; not in what is taken away."""
    bare = load(KIT).with_changes({f"journey.{id}.doing": None for id in load(KIT).journey})
    found = journey_map(cx.simulate(bare, replications=1, jobs=1))
    assert 'data-lane="doing"' not in journey_html(found)
    assert 'data-lane="doing"' in journey_html(found, empty=WRITTEN)
    assert 'data-lane="doing"' not in journey_html(found, hidden=("doing",), empty=WRITTEN)


def test_a_column_moves_within_its_phase() -> None:
    """The first of a phase has nowhere to go on the left, the last nowhere on the right."""
    scenario = load(KIT)
    found = columns(journey_map(cx.simulate(scenario, replications=1, jobs=1)))
    idle = {id: [item["verb"] for item in column["items"] if item["idle"]] for id, column in found.items()}
    assert idle["drive"] == ["up"] and idle["portal"] == ["down"] and idle["renewal"] == ["up", "down"]
    assert set(found) == {*scenario.journey}


def test_changed_words_are_told_of_the_numbers_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run that was found in the archive too, and is kept under its new words; another number is not."""
    scenario = load(KIT)
    kept = cx.simulate(scenario, replications=1, jobs=1)
    run = RunRequest(scenario, replications=1)
    monkeypatch.setattr(live_results, "_kept", lambda wanted: kept if wanted == run else None)
    monkeypatch.setattr(live_results, "_played", lambda run: None)
    written: list[Any] = []
    monkeypatch.setattr(live_results, "_UNWRITTEN", written)
    assert live_results.result(run) is kept
    written.clear()
    other = scenario.with_changes({"journey.cancel.owner": "Somebody"})
    found = live_results.result(RunRequest(other, replications=1))
    assert found is not None and found.scenario is other and found.rows("metrics") == kept.rows("metrics")
    assert found.manifest["scenario"]["hash"] == other.hash and written == [found]
    number = scenario.with_changes({"journey.cancel.delivers.clarity": 54})
    assert live_results.result(RunRequest(number, replications=1)) is None
    assert live_results.result(RunRequest(scenario, replications=2)) is None
