"""A result of one segment: that segment stands where all customers stood, in every table, sample and sentence."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.report.cards import cards
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.text.headline import answer
from cxmodel.report.text.shortfalls import shortfalls
from cxmodel.report.text.trust import trust
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import change, paired
from cxmodel.results.result import TABLES
from cxmodel.results.segment_view import OF_ALL, OF_ALL_OVER_TIME
from cxmodel.results.timeline import SERIES
from cxmodel.vocabulary import humanise
from tests.support import small

SEGMENTS = ("quality_seekers", "bargain_hunters")
OUTSIDE = ("wait_minutes", "abandonment")
"""Metrics that count other callers too, where they are of all customers."""


@cache
def retailers(plan: str) -> cx.Result:
    """The two retailers under a plan, in little."""
    return cx.simulate(small.retailers(), plan, replications=4, seed=3, jobs=1)


@cache
def app() -> cx.Result:
    """A scenario with one segment."""
    return cx.simulate(small.app(), "both", replications=3, seed=3, jobs=1)


def rows_of_all(result: cx.Result, table: str) -> list[dict[str, object]]:
    return [
        row for row in result.rows(table) if row.get("segment", "all") == "all" and row.get("metric") not in OUTSIDE
    ]


@pytest.mark.parametrize("table", TABLES)
def test_of_a_single_segment_each_table_is_that_of_all(table: str) -> None:
    """There is nobody else; but for waits, where callers who are no customers are not the segment's."""
    view = app().of_segment("style_seekers")
    for mine, row in zip(rows_of_all(view, table), rows_of_all(app(), table), strict=True):
        assert mine.keys() == row.keys()
        for name, value in row.items():
            assert mine[name] == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), (name, row)


@pytest.mark.parametrize("metric", [name for name in METRICS if name not in OUTSIDE])
def test_of_a_single_segment_each_sample_is_that_of_all(metric: str) -> None:
    """Replication by replication."""
    view = app().of_segment("style_seekers")
    assert view.samples(metric) == pytest.approx(app().samples(metric), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("series", SERIES)
def test_of_a_single_segment_each_course_is_that_of_all(series: str) -> None:
    """Month by month."""
    (first, mine), (began, whole) = (each.tables.course(series) for each in (app().of_segment("style_seekers"), app()))
    assert first == began and mine[..., -1] == pytest.approx(whole[..., -1], rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_each_figure_is_that_of_the_segments_own_rows(segment: str) -> None:
    """Metrics, samples, touchpoints and months; what is of all customers only stays so."""
    whole, view = retailers("cheaper"), retailers("cheaper").of_segment(segment)
    assert (view.segment, whole.segment) == (segment, "all")
    for metric in METRICS:
        owner = "all" if metric in OF_ALL else segment
        assert view.metric(metric) == whole.metric(metric, owner)
        np.testing.assert_array_equal(view.samples(metric), whole.samples(metric, owner))
    for table in ("touchpoints", "timeline"):
        own = [row for row in whole.rows(table) if row["segment"] == segment]
        shared = [row for row in whole.rows(table) if row["segment"] == "all" and row.get("metric") in OF_ALL_OVER_TIME]
        found = [{**row, "segment": segment} for row in view.rows(table) if row["segment"] == "all"]
        assert len(found) == len(own) + len(shared) > 0
        assert all(row in found for row in own)
    assert view.rows("contacts") == whole.rows("contacts") and len(view.rows("contacts")) > 0


def test_what_is_said_to_be_of_all_customers_only_is_known_of_no_segment() -> None:
    """And everything else is, where the scenario has it: as every mechanism at once shows."""
    everything = cx.simulate(small.everything(), "all_of_it", replications=2, seed=3, jobs=1)
    columns = list(everything.scenario.segments)
    unknown = {name for name in METRICS if all(np.isnan(everything.samples(name, each)).all() for each in columns)}
    assert unknown == set(OF_ALL)
    series = {name: everything.tables.course(name)[1][..., :-1] for name in SERIES}
    assert {name for name, own in series.items() if np.isnan(own).all()} == set(OF_ALL_OVER_TIME)


def test_the_views_of_a_result_are_made_once_and_lead_back() -> None:
    """So that what was drawn of one is found again."""
    whole = retailers("cheaper")
    view = whole.of_segment("bargain_hunters")
    assert view is whole.of_segment("bargain_hunters") is view.of_segment("bargain_hunters")
    assert whole.of_segment("all") is whole.whole is whole
    assert view.whole == whole and view.of_segment("quality_seekers").segment == "quality_seekers"
    assert view.manifest == whole.manifest | {"segment": "bargain_hunters"}
    with pytest.raises(cx.UsageError, match="no segment named 'nobody'"):
        whole.of_segment("nobody")


def test_a_change_is_the_segments_and_what_money_is_worth_is_of_all() -> None:
    """Net value is what all customers bring less what is spent on all of them."""
    plan, today = retailers("cheaper"), retailers("as_is")
    one, was = (each.of_segment("bargain_hunters") for each in (plan, today))
    for metric in ("nps", "customer_equity", "expectation_gap"):
        assert change(one, was, metric).value == change(plan, today, metric, "bargain_hunters").value
    for metric in ("net_value", "cost"):
        np.testing.assert_array_equal(paired(one, was, metric), paired(plan, today, metric))
        assert change(one, was, metric) == change(plan, today, metric)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_all_that_is_drawn_or_said_of_a_result_is_drawn_and_said_of_a_segment(segment: str) -> None:
    """Charts with their tables, cards, answer, shortfalls and the confidence card."""
    plan, today = (retailers(name) for name in ("cheaper", "as_is"))
    one, was = (each.of_segment(segment) for each in (plan, today))
    for name, chart in CHARTS.items():
        drawn = chart(one, was).to_dict()
        assert (drawn == chart(plan, today).to_dict()) == (name in ("causes", "waiting_over_time")), name
        chart.table(one, was)
    assert cards(one, was) != cards(plan, today)
    assert shortfalls(one) == shortfalls(plan, segment=segment)
    assert all(
        line.state == "good" for line in trust(one, was).lines if line.name in ("Gaps add up", "People are conserved")
    )
    first, *_, last = answer(one, was)
    assert first.startswith(f"{humanise(segment)}: ") and f"that remain for {humanise(segment).lower()}," in last


@pytest.mark.slow
def test_three_customers_are_of_the_segment() -> None:
    """Whoever is chosen is one of theirs."""
    for segment in SEGMENTS:
        assert set(retailers("cheaper").of_segment(segment).customers(3)["segment"]) == {segment}
    assert set(retailers("cheaper").customers(3)["segment"]) <= set(SEGMENTS)
