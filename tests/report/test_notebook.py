"""Answers in scripts and notebooks: charts by name and by the ending of a file, HTML that nobody can inject into."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pytest

import cxmodel as cx
from cxmodel.report.charts.base import COLOURS
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.charts.comparison import FOLLOWED
from cxmodel.report.maps.catalogue import MAPS
from cxmodel.results.display import Charted
from cxmodel.studies.discovery.study import rule_of
from cxmodel.studies.uncertainty import drawn, unknowns
from cxmodel.vocabulary import Floats

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
QUOTED = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
SHOP = f"""
schema: 1
name: "{QUOTED}"
question: "{QUOTED}"
horizon: 2 months
currency: "{QUOTED}"
attributes: {{kindness: {{kind: must_be}}}}
today: {{leave: {{value: 2 % per month, low: 1 % per month, high: 4 % per month, source: "{QUOTED}"}}}}
segments: {{neighbours: {{customers: 40, needs: {{kindness: {{level: 70}}}}}}}}
journey: {{bread: {{stage: use, every: 20 days, delivers: {{kindness: {{value: 45, low: 35, high: 60}}}}}}}}
economics: {{margin: {{value: 9 per month, low: 6 per month, high: 12 per month}}}}
initiatives:
  smile:
    what: "{QUOTED}"
    changes: {{journey.bread.delivers.kindness: "+20"}}
    cost: {{once: {{value: 200, low: 0, high: 600}}}}
plans: {{friendlier: [smile]}}
futures: {{grumpy: {{changes: {{journey.bread.delivers.kindness: "-5"}}}}}}
"""
BREAD = "journey.bread.delivers.kindness"


@pytest.fixture(scope="module")
def shop() -> cx.Scenario:
    """A small shop that writes markup into every text it may."""
    return cx.loads(SHOP)


@pytest.fixture(scope="module")
def answers(shop: cx.Scenario) -> dict[str, Any]:
    """One answer of each kind, in little."""
    return {
        "result": cx.simulate(shop, "friendlier", future="grumpy", replications=3),
        "comparison": cx.compare(shop, replications=3),
        "explanation": cx.explain(shop, "friendlier", replications=3),
        "sensitivity": cx.sensitivity(shop, "friendlier", over=[BREAD, "economics.margin"], replications=3),
        "optimum": cx.optimise(shop, 1000, "customer_equity", replications=3),
        "discovery": failing(shop, lambda values: values[BREAD] - 55),
        "nowhere": failing(shop, lambda values: values[BREAD]),
        "sweep": cx.sweep(shop, {BREAD: [40, 50]}, plans=["as_is", "friendlier"], replications=3),
    }


def failing(shop: cx.Scenario, outcome: Callable[[Mapping[str, Floats]], Floats]) -> cx.Discovery:
    """A stress test that was not played: the plan fails where an outcome of the numbers drawn is below zero."""
    found = unknowns(shop, "friendlier")
    values = drawn(found, 120, 1)
    came = outcome({each.path: values[:, place] for place, each in enumerate(found)})
    return cx.Discovery(
        shop, "friendlier", None, rule_of(shop, None, "friendlier"), found, values, came, replications=1, seed=1
    )


KINDS = ("result", "comparison", "explanation", "sensitivity", "optimum", "discovery", "nowhere", "sweep")
DRAWN = tuple(kind for kind in KINDS if kind not in ("nowhere", "sweep"))
CHARTS_OF = {
    "result": [*CHARTS, *MAPS],
    "comparison": [*FOLLOWED],
    "explanation": ["why", "waterfall", "causes", "journey"],
    "sensitivity": ["tornado"],
    "optimum": ["customer_equity", "net_value", "retention", "nps"],
    "discovery": ["box", "trade"],
    "nowhere": ["box", "trade"],
}


class Elements(HTMLParser):
    """The elements of a piece of HTML, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_shows_itself_in_a_notebook(kind: str, answers: dict[str, Any]) -> None:
    """What it is about, how it was made, and figures; with a chart where it has one to show."""
    found = Elements(answers[kind]._repr_html_())
    assert HOSTILE in found.words and "seed 1" in found.words and "Intervals: 95" in found.words
    assert ("svg" in found.tags) == (kind in DRAWN)
    assert ("table" in found.tags) == (kind != "nowhere")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("discovery", "nowhere")])
def test_figures_stand_with_their_intervals(kind: str, answers: dict[str, Any]) -> None:
    """In the table of every answer that has figures of runs."""
    cells = re.findall(r"<td>(.*?)</td>", answers[kind]._repr_html_())
    assert any("&nbsp;to&nbsp;" in cell for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_scenario_is_shown_and_not_obeyed(kind: str, answers: dict[str, Any]) -> None:
    """No element, no attribute of its own; nothing is fetched; and a dollar sign is no mathematics."""
    html = answers[kind]._repr_html_()
    found = Elements(html)
    assert not {"script", "img", "iframe", "link", "image"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("src", "href")]
    assert "@import" not in html and ("class", "cx-answer tex2jax_ignore mathjax_ignore") in found.attributes


@pytest.mark.slow
@pytest.mark.parametrize("kind", DRAWN)
def test_an_answer_can_be_read_light_and_dark(kind: str, answers: dict[str, Any]) -> None:
    """It brings its own ground and ink, and each colour that its chart paints with has a rule for the dark look."""
    html = answers[kind]._repr_html_()
    assert all(f"--cx-paper:{COLOURS[look]['paper']};" in html for look in ("light", "dark"))
    painted = set(re.findall(r'<[^>]+(?:fill|stroke)="(#\w+)"', html)) - {"#ffffff"}
    ruled = set(re.findall(r'\.cx-answer svg\.chart \[(?:fill|stroke)="(#\w+)"\]', html))
    assert painted and painted <= ruled


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in CHARTS_OF.items() for name in names])
def test_every_chart_can_be_had_by_name(kind: str, name: str, answers: dict[str, Any]) -> None:
    """With its title and its alt text; in a notebook it shows itself."""
    chart = answers[kind].chart(name)
    assert chart.name == name and chart.title and chart.description
    assert Elements(chart._repr_html_()).tags.count("svg") == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHARTS_OF)
def test_an_unknown_chart_is_answered_with_the_names(kind: str, answers: dict[str, Any]) -> None:
    """As wrong usage."""
    with pytest.raises(cx.UsageError) as told:
        answers[kind].chart("pie")
    assert str(told.value) == f"there is no chart named 'pie'; there is: {', '.join(CHARTS_OF[kind])}"


@pytest.mark.slow
def test_a_chart_is_saved_by_the_ending_of_its_file(mended: cx.Result, standing: cx.Result, tmp_path: Path) -> None:
    """SVG, PNG or Vega-Lite, in place of what was there; capital letters are endings too."""
    chart = mended.chart("journey", against=standing)
    for name in ("chart.svg", "chart.PNG", "chart.json"):
        (tmp_path / name).write_bytes(b"what was there")
        chart.save(tmp_path / name)
    assert ElementTree.fromstring((tmp_path / "chart.svg").read_bytes()).tag.endswith("svg")
    assert (tmp_path / "chart.PNG").read_bytes().startswith(b"\x89PNG")
    document = json.loads((tmp_path / "chart.json").read_bytes())
    alt.LayerChart.from_dict(document, validate=True)
    assert document["description"] == chart.description and "today" in (tmp_path / "chart.svg").read_text("utf-8")


@pytest.mark.slow
def test_a_saved_chart_is_the_same_whatever_was_drawn_before(mended: cx.Result, tmp_path: Path) -> None:
    """Bit for bit, so that it can be kept under version control."""
    for name in ("one.svg", "other.svg"):
        mended.chart("nps_over_time").save(str(tmp_path / name))
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


@pytest.mark.parametrize("name", ["chart.pdf", "chart", "svg"])
def test_another_ending_is_answered_with_those_that_there_are(name: str, mended: cx.Result, tmp_path: Path) -> None:
    """As wrong usage, and nothing is written."""
    with pytest.raises(cx.UsageError, match=r"a file that ends in \.svg, \.png, \.json$"):
        mended.chart("why").save(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_no_two_charts_of_a_notebook_share_an_id(mended: cx.Result, standing: cx.Result) -> None:
    """But those that are the same: else one would be cut by the other's frame."""
    shown = {one.chart(name)._repr_html_() for one in (mended, standing) for name in [*CHARTS, *MAPS]}
    ids = re.findall(r' id="([^"]+)"', "".join(shown))
    assert ids and len(ids) == len(set(ids))


@pytest.mark.slow
def test_one_replication_and_no_economics_are_shown_too(stories: Path) -> None:
    """Where an interval or money cannot be had, that is said."""
    text = (stories / "pretty_app.yaml").read_text(encoding="utf-8")
    poor = cx.loads("\n".join(line for line in text.splitlines() if not line.startswith("economics:")))
    poor = poor.with_changes({"horizon": "3 months"})
    assert "no interval" in cx.simulate(poor, replications=1)._repr_html_()
    assert "Costs more" in cx.compare(poor, replications=1)._repr_html_()


def test_every_answer_that_is_public_shows_itself() -> None:
    """Whatever has a document has a face."""
    answers = [one for name in cx.__all__ if isinstance(one := getattr(cx, name), type) and hasattr(one, "document")]
    assert {one.__name__ for one in answers if not hasattr(one, "_repr_html_")} == set()
    assert {one.__name__ for one in answers if not issubclass(one, Charted)} == {"Calibration", "Sweep", "Uncertainty"}
