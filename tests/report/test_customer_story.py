"""Three customers told in words: with the segment's face and the touchpoint's own words where the scenario has them."""

from __future__ import annotations

import pandas as pd
import pytest

import cxmodel as cx
from cxmodel.report.text.customer_story import story
from tests.support import small


def visits(kind: str, *gaps: float) -> pd.DataFrame:
    """So many visits to the tracker of the pretty app, a month apart."""
    rows = [
        {
            "customer": 1, "kind": kind, "segment": "style_seekers", "day": 10 + 30.4 * number,
            "touchpoint": "track_order", "expected": 80.0, "perceived": 80.0 - gap, "gap": gap, "failed": gap > 30,
            "satisfaction": 70.0 - number,
        }
        for number, gap in enumerate(gaps)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def app() -> cx.Scenario:
    """The pretty app in little."""
    return small.app({"horizon": "3 months"})


def test_a_lost_customer_is_told_with_the_worst_and_the_end(app: cx.Scenario) -> None:
    """Counts agree, singular and plural; the worst is named with its month; and that they leave."""
    told = story(visits("lost", 2.0, 35.0, 8.0), app).told
    assert "Of 3 visits two fall short and one fails outright." in told
    assert (
        "The worst is Track order in month 2: 35 points short of expectation." in told and "Leaves in month 3" in told
    )


def test_a_delighted_customer_speaks_of_the_best(app: cx.Scenario) -> None:
    """In words that follow from what happened where the scenario gives none."""
    plain = app.with_changes({"journey.track_order.thinking": None}) if app.journey["track_order"].thinking else app
    found = story(visits("delighted", -3.0, -12.0), plain)
    assert found.quote == "Track order was better than I expected." and "12 points above expectation" in found.told


def test_the_scenarios_own_face_and_words_are_used(app: cx.Scenario) -> None:
    """A persona has a name; the touchpoint says what people think there."""
    own = app.with_changes(
        {"segments.style_seekers.persona": {"name": "Mara"}, "journey.track_order.thinking": "Where is it?"}
    )
    found = story(visits("typical", 20.0), own)
    assert (found.name, found.quote) == ("Mara, a typical customer", "Where is it?")


def test_a_journey_without_a_peak_says_so(app: cx.Scenario) -> None:
    """Nothing is made up."""
    found = story(visits("typical", 1.0, -2.0), app)
    assert found.quote == "It was much as I expected." and "worst" not in found.told
