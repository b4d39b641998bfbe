"""Segments side by side: each figure is that of the segment's own rows."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.report.cards import by_segment as drawn
from cxmodel.report.text.by_segment import ROWS, by_segment, by_segment_table
from cxmodel.report.text.numbers import figure
from cxmodel.results.paired import change
from cxmodel.vocabulary import unit_of
from tests.support import small


@pytest.fixture(scope="module")
def results() -> dict[str, cx.Result]:
    """The two retailers as they are and under a plan, in little."""
    scenario = small.retailers()
    return {plan: cx.simulate(scenario, plan, replications=3, seed=3, jobs=1) for plan in ("as_is", "cheaper")}


def test_each_segment_has_its_own_figures_and_changes(results: dict[str, cx.Result]) -> None:
    """The four headline metrics and value for money."""
    plan, today = results["cheaper"], results["as_is"]
    found = by_segment(plan, today)
    assert tuple(found) == ROWS and ROWS[-1] == "value_for_money"
    for metric, cells in found.items():
        for segment, cell in zip(plan.scenario.segments, cells, strict=True):
            now = plan.metric(metric, segment).value
            assert cell.figure == figure(now, unit_of(metric), "EUR", brief=True) and cell.span
            assert cell.change == change(plan, today, metric, segment) and cell.words
    assert all(cell.change is None and not cell.words for cells in by_segment(today, None).values() for cell in cells)


def test_the_table_has_a_column_for_each_segment(results: dict[str, cx.Result]) -> None:
    """As a frame and as HTML."""
    plan, today = results["cheaper"], results["as_is"]
    assert list(by_segment_table(plan, today).columns) == ["Metric", "Quality seekers", "Bargain hunters"]
    html = drawn(plan, today)
    assert html.count('<th scope="row">') == len(ROWS) and html.count("cx-change") == 2 * len(ROWS)


def test_there_is_none_of_a_single_segment_or_of_a_chosen_one(results: dict[str, cx.Result]) -> None:
    """Nothing would stand beside it."""
    one = results["cheaper"].of_segment("bargain_hunters")
    assert drawn(one, None) == "" and by_segment_table(one, None).empty
    assert drawn(cx.simulate(small.app(), replications=2, jobs=1), None) == ""
