"""Asking never hurts: what is delivered, and what people say of it, rise or stay (model.md, section 5)."""

from __future__ import annotations

import numpy as np
import pytest

import cxmodel
from cxmodel.engine.inputs.world import World
from cxmodel.scenario import Scenario, load
from cxmodel.vocabulary import LEVERS
from tests.support.small import STORIES

SURVEY = "insight_sources.post_purchase_survey"
WAIT = ["clarity", "speed", "polish"]
"""What the wait for the parcel is judged by."""
ABLE = {f"levers.{lever}.level": 0.9 for lever in LEVERS}
SOURCES = "post_purchase_survey", "rival_watch"


def silent() -> Scenario:
    """The pretty app, with one more plan that raises every lever."""
    return load(STORIES / "pretty_app.yaml").with_initiative("ability", ABLE, plan="able")


def asking() -> Scenario:
    """The same, where the survey also asks about the wait."""
    return silent().with_changes({f"{SURVEY}.sees": ["ease", "product", *WAIT]})


@pytest.mark.parametrize("plan", ["as_is", "fix_the_wait", "say_less", "both", "able"])
def test_asking_from_the_start_lowers_no_level(plan: str) -> None:
    """Under any plan every level delivered, on any day, is what it would be without asking, or higher."""
    assert (World.of(asking(), plan).delivered - World.of(silent(), plan).delivered).min() > -1e-9


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("quality", ["coverage", "reliability"])
def test_asking_better_lowers_no_level(source: str, quality: str) -> None:
    """A source that sees more, or more truly, from month 3 on: no level falls on any day."""
    more = {f"insight_sources.{source}.{quality}": 1}
    scenario = asking().with_initiative("more", more, plan="more", starts=3)
    assert (World.of(scenario, "more").delivered - World.of(scenario).delivered).min() > -1e-9


@pytest.mark.slow
def test_asking_lowers_no_score() -> None:
    """In every replication NPS is what it would be without asking, or higher."""
    asked, not_asked = (cxmodel.simulate(s, replications=8).samples("nps") for s in (asking(), silent()))
    assert np.min(asked - not_asked) > -1e-9
