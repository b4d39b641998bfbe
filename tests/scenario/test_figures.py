"""Targets and bounds are told in the unit of their metric, and within what it can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario import loads
from cxmodel.studies.discovery.study import rule_from
from cxmodel.vocabulary import METRIC_NAMES, METRICS

SHOP = (Path(__file__).parents[1] / "fixtures" / "wrong" / "target_in_percent.yaml").read_text("utf-8")
SHOP = SHOP.partition("targets:")[0]
WAYS = ["targets: {%s: %s}", "expect: [{metric: %s, above: %s}]", "expect: [{metric: %s, below: %s}]"]


def told(text: str) -> list[str]:
    """The codes of what is refused."""
    try:
        loads(SHOP + text)
    except ScenarioError as error:
        assert all(problem.expected for problem in error.problems)
        return [problem.code for problem in error.problems]
    return []


@given(st.sampled_from(METRIC_NAMES), st.integers(-300, 300), st.sampled_from(WAYS))
def test_a_figure_is_one_that_its_metric_can_have(metric: str, number: int, way: str) -> None:
    """Neither 8,000 % of the customers nor an NPS of 240."""
    facts = METRICS[metric]
    possible = (facts.low is None or number >= facts.low) and (facts.high is None or number <= facts.high)
    assert told(way % (metric, number)) == ([] if possible else ["CXM416"])


@given(st.sampled_from(METRIC_NAMES), st.integers(0, 100), st.sampled_from(WAYS))
def test_only_shares_are_told_in_percent(metric: str, number: int, way: str) -> None:
    """`nps: 60 %` is not the 0.6 points that it would be read as."""
    assert told(way % (metric, f"{number} %")) == ([] if METRICS[metric].unit == "share" else ["CXM416"])


@pytest.mark.parametrize(
    ("by", "codes"),
    [("nps, by: 200", []), ("nps, by: 201", ["CXM416"]), ("retention, by: 5 %", []), ("retention, by: 5", ["CXM416"])],
)
def test_a_difference_is_as_wide_as_its_metric_at_most(by: str, codes: list[str]) -> None:
    """Five points of a share are `5 %`."""
    text = by.replace(",", ", better_than: as_is,", 1)
    assert told(f"expect: [{{plan: speed_up, metric: {text}}}]") == codes


def test_people_are_counted_in_whole_numbers() -> None:
    """A target of `1.000` customers is none of one."""
    with pytest.raises(ScenarioError, match="a thousand is 1000 or 1_000"):
        loads(SHOP + "targets: {acquired: 1.000}")
    assert loads(SHOP + "targets: {acquired: 1_000}").targets["acquired"] == 1000


@pytest.mark.parametrize(
    ("rule", "hint"), [("retention < 80", "`80 %`"), ("nps < 60 %", "`60`"), ("satisfaction > 170", "0 to 100")]
)
def test_what_failing_means_is_checked_too(rule: str, hint: str) -> None:
    """`discover --fails` reads the same figures."""
    with pytest.raises(UsageError, match=hint):
        rule_from(rule)


@given(st.integers(1, 500), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.booleans())
def test_a_share_per_time_stays_below_everybody(percent: int, unit: str, of_all: bool) -> None:
    """Whether all leave or a segment: who leaves in a period is fewer than there are."""
    leave = f"leave: {percent} % per {unit}"
    text = f"today: {{{leave}}}" if of_all else f"set: {{segments.locals: {{{leave}}}}}"
    assert told(text) == ([] if percent < 100 else ["CXM204"])


@given(st.floats(0, 5), st.sampled_from(["", " %", " per year", " % per year"]))
def test_who_becomes_aware_by_himself_within_a_year_is_a_share_too(share: float, unit: str) -> None:
    """As a number, in percent, with or without the year that is meant."""
    amount = f"{share * (100 if '%' in unit else 1):.6f}"
    shop = SHOP.replace("{arrivals: 20 per month}", f"{{p: {amount}{unit}, q: 40 %}}")
    if share < 0.9999:
        adoption = loads(shop).segments["locals"].adoption
        assert getattr(adoption, "p", 0) * 365.25 == pytest.approx(share, abs=1e-6)
    elif share >= 1:
        with pytest.raises(ScenarioError, match="less than 1"):
            loads(shop)
