"""The journey map with its words to be edited where they stand, and a menu for each column; heard in order, once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import streamlit as st

from cxmodel.report.maps.journey_map import LANES, WRITTEN, JourneyMap
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import STAGES
from cxmodel.workbench.components import things
from cxmodel.workbench.plain_text import coded
from cxmodel.workbench.session import edits
from cxmodel.workbench.session.navigation import latest
from cxmodel.workbench.session.things import Question, Verb, ask, of
from cxmodel.workbench.session.widgets import uninterrupted

KEY: Final = "journey map"
SEEN: Final = "map touches seen"
"""Where the number of the last touch that was heard is kept."""
MENU: Final[dict[Verb, str]] = {
    "up": "Move left", "down": "Move right", "insert": "Insert after …", "duplicate": "Duplicate …", "remove": "Remove",
}  # fmt: skip
"""What can be done with a column, in the words of its menu."""
_HERE: Final = Path(__file__).parent
_component = st.components.v2.component(
    "cxmodel_map",
    html='<div class="cx-mapeditor"></div>',
    css=(_HERE / "map_editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "map_editor.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that was done in the map: words written at a path, or a verb of the menu of a touchpoint."""

    number: int
    verb: str
    at: str
    words: str = ""


def show(drawn: str, found: JourneyMap, scenario: Scenario) -> None:
    """Draw a map, as HTML, to be edited."""
    form = edits.form_of(latest())
    things.question(form)
    for stop in found.stops:
        if wrong := edits.wrong(f"journey.{stop.id}"):
            st.html(f'<div class="cx-wrong" role="alert">{coded(wrong.message)}</div>')

    @uninterrupted
    def listen() -> None:
        said: list[dict[str, Any]] = (st.session_state.get(KEY) or {}).get("touches") or []
        for each in said:
            if each["number"] > st.session_state.get(SEEN, 0):
                st.session_state[SEEN] = each["number"]
                _hear(Touch(**each))

    data = {
        "html": drawn,
        "fields": fields(scenario),
        "columns": columns(found),
        "seen": st.session_state.get(SEEN, 0),
    }
    _component(key=KEY, data=data, default={"touches": []}, on_touches_change=listen)


def fields(scenario: Scenario) -> dict[str, dict[str, str]]:
    """What can be written, by path: what it is, its words as they are, and what was entered and cannot be."""
    found = {}
    for id, place in scenario.journey.items():
        name = scenario.label("journey", id)
        found[f"journey.{id}.label"] = {"called": f"Name of {name}", "words": name}
        for key in WRITTEN:
            found[f"journey.{id}.{key}"] = {"called": f"{LANES[key]}: {name}", "words": getattr(place, key) or ""}
    for id, segment in scenario.segments.items():
        if segment.persona is not None:
            words = {"called": f"Quote of {scenario.label('segments', id)}", "words": segment.persona.quote}
            found[f"segments.{id}.persona.quote"] = words
    for path, field in found.items():
        if wrong := edits.wrong(path):
            field |= {"entered": str(wrong.entered or ""), "wrong": wrong.message}
    return found


def columns(found: JourneyMap) -> dict[str, dict[str, Any]]:
    """The menu of each column: its touchpoint's name, and what can be done with it; it moves within its phase."""
    made = {}
    for _, stops in groupby(found.stops, key=lambda stop: stop.stage):
        phase = list(stops)
        for stop in phase:
            idle = {"up": stop is phase[0], "down": stop is phase[-1]}
            items = [{"verb": verb, "words": words, "idle": idle.get(verb, False)} for verb, words in MENU.items()]
            made[stop.id] = {"name": stop.name, "items": items}
    return made


def _hear(touch: Touch) -> None:
    """Do to the draft what was done in the map; what the map does not offer is not done."""
    now = latest()
    form = edits.form_of(now)
    if touch.verb == "write" and touch.at in fields(now.scenario):
        edits.enter(touch.words, form.leaf(tuple(touch.at.split("."))))
    elif touch.verb == "leave":
        edits.forget(touch.at)
    elif touch.verb in MENU and touch.at in now.scenario.journey:
        verb: Verb = next(each for each in MENU if each == touch.verb)
        edits.forget(f"journey.{touch.at}")
        ask(of(form, Question(verb, "journey", touch.at, _in_phases(now.scenario))))


def _in_phases(scenario: Scenario) -> tuple[str, ...]:
    """The touchpoints in the order of their columns."""
    return tuple(sorted(scenario.journey, key=lambda id: STAGES.index(scenario.journey[id].stage)))
