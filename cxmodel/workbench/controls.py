"""The controls: story, plan and the five levers. They show the choice and change it; they keep nothing."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxmodel.arrays import LEVERS
from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.report.figures import humanise
from cxmodel.scenario import Scenario
from cxmodel.workbench import choice as choices
from cxmodel.workbench.choice import AS_IS, Choice
from cxmodel.workbench.html import text

SCALE = (
    ".2 nobody's job · .4 some do it · .6 agreed and mostly done · .8 measured and improved · .95 nobody does it better"
)
"""What a level of a lever means."""


def choose(elsewhere: DeltaGenerator) -> tuple[Choice, Scenario] | None:
    """Draw the controls; the choice they stand at and its scenario, or None and what is wrong, elsewhere."""
    shelf = choices.shelf()
    st.html('<div class="cx-brand">cxmodel <span>workbench</span></div>')
    if not shelf:
        elsewhere.warning("There is no story to show: this installation holds no scenarios.")
        return None
    story = st.query_params.get("story", "")
    story = story if story in shelf else next(iter(shelf))
    pick = st.container(key="pick", gap="small")
    st.session_state["story"] = story
    pick.selectbox("Story", list(shelf), format_func=_story_name, key="story", on_change=_turn_to_story)
    try:
        scenario = choices.open_story(shelf[story])
    except (CxModelError, OSError) as error:
        with elsewhere:
            _explain(error)
        return None
    choice = choices.choose(st.query_params.to_dict(), story, scenario)
    _keep(choice)
    with pick:
        _plan(scenario, choice)
    _levers(scenario, choice)
    return choice, scenario


def _plan(scenario: Scenario, choice: Choice) -> None:
    st.session_state[f"plan of {choice.story}"] = choice.plan
    st.selectbox(
        "Plan",
        [AS_IS, *(plan for plan in scenario.plans if plan != AS_IS)],
        format_func=humanise,
        key=f"plan of {choice.story}",
        on_change=_turn_to_plan,
        args=(choice,),
    )


def _levers(scenario: Scenario, choice: Choice) -> None:
    st.html('<div class="cx-group">Levers, moved today</div>')
    with st.container(key="levers", gap="small"):
        for lever in LEVERS:
            today = choices.today(scenario, lever)
            level = choice.moved.get(lever, today)
            key = f"{lever} of {choice.story}"
            st.session_state[key] = level
            even = all(abs(each * 20 - round(each * 20)) < 1e-9 for each in (today, level))
            st.slider(
                f"{humanise(lever)} · today {today:g}" if lever in choice.moved else humanise(lever),
                0.0,
                1.0,
                step=0.05 if even else 0.01,
                format="%.2f",
                key=key,
                help=f"Stands at {today:g} today. {SCALE}",
                on_change=_move_lever,
                args=(choice, lever, today),
            )
    if choice.levers:
        st.button("Levers back to today", on_click=_keep, args=(Choice(choice.story, choice.plan),), type="tertiary")


def _turn_to_story() -> None:
    st.query_params.from_dict({"story": st.session_state["story"]})


def _turn_to_plan(choice: Choice) -> None:
    _keep(Choice(choice.story, st.session_state[f"plan of {choice.story}"], choice.levers))


def _move_lever(choice: Choice, lever: str, today: float) -> None:
    _keep(choice.with_lever(lever, float(st.session_state[f"{lever} of {choice.story}"]), today))


def _keep(choice: Choice) -> None:
    """Write the choice into the page's address, where a refresh and a second tab find it."""
    if st.query_params.to_dict() != choice.address():
        st.query_params.from_dict(choice.address())


def _story_name(story: str) -> str:
    """The story's own name; its id where the file cannot be read."""
    try:
        return choices.open_story(choices.shelf()[story]).name
    except (CxModelError, OSError, KeyError):
        return humanise(story)


def _explain(error: Exception) -> None:
    """All that is wrong with a story, as the command line would say it."""
    problems = error.problems if isinstance(error, ScenarioError) else ()
    count = len(problems)
    st.error(f"This story has {count} problem{'s' if count != 1 else ''}." if count else str(error))
    for problem in problems:
        st.html(f'<pre class="cx-problem">{text(str(problem))}</pre>')
