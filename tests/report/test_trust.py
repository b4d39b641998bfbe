"""The trust card says how far a result can be relied on, and derives every word of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import cxmodel as cx
from cxmodel.report.text.scores import scores
from cxmodel.report.text.trust import Trust, Unknown, trust


def line(card: Trust, name: str) -> tuple[str, str]:
    """The words and the state of one line of the card."""
    found = next(each for each in card.lines if each.name == name)
    return found.words, found.state


USUAL = Unknown(100, 93, 0.99, 40_000.0, 10_000.0, 70_000.0, "customer_equity", "margin", ("It pays in 93 of 100.",))
"""A hundred worlds in which a plan mostly pays."""


def worlds(**other: Any) -> Unknown:
    """The same, with something otherwise."""
    return replace(USUAL, **other)


def test_before_any_worlds_the_first_line_says_what_was_not_tested(mended: cx.Result, standing: cx.Result) -> None:
    """Simulation error is not all that one may be wrong about."""
    first = trust(mended, standing).first
    assert first == "Direction clear of simulation error, assumptions not yet tested"


@pytest.mark.parametrize(
    ("other", "first"),
    [
        ({}, "Direction firm, size rough, money hangs on one assumption"),
        ({"agree": 0.85}, "Direction likely, size rough, money hangs on one assumption"),
        ({"agree": 0.6, "low": -90_000.0}, "Direction open, size open, money hangs on one assumption"),
        ({"low": 36_000.0, "high": 44_000.0}, "Direction firm, size known, money hangs on one assumption"),
    ],
)
def test_the_first_line_follows_from_the_worlds(
    mended: cx.Result, standing: cx.Result, other: dict[str, float], first: str
) -> None:
    """Direction from how many worlds agree, size from their spread, money from what stands out."""
    assert trust(mended, standing, worlds(**other)).first == first


def test_money_that_hangs_on_nothing_in_particular_says_so(mended: cx.Result, standing: cx.Result) -> None:
    """That no single assumption stands out is an answer too."""
    assert trust(mended, standing, worlds(hinge="")).first.endswith("money hangs on no single assumption")


def test_what_costs_nothing_known_has_no_verdict_on_money(year: cx.Scenario, standing: cx.Result) -> None:
    """Without a cost there is nothing to hold the gain against."""
    free = cx.simulate(year, "say_less", replications=3, jobs=1)
    assert "no cost given" in trust(free, standing, worlds()).first


def test_it_says_whether_it_starts_where_the_company_measured(standing: cx.Result) -> None:
    """Measured and modelled numbers of today stand side by side."""
    words, state = line(trust(standing, None), "Matches today's figures")
    assert words.startswith("NPS 39.0 measured, 39.0 modelled") and state == "good"


@pytest.mark.slow
def test_nothing_measured_speaks_against_a_result(year: cx.Scenario) -> None:
    """A model that starts from no measured number says so first."""
    text = (line_ for line_ in year.to_yaml().splitlines())
    kept, inside = [], False
    for each in text:
        inside = each.startswith("today:") or (inside and each.startswith(" "))
        if not inside:
            kept.append(each)
    card = trust(cx.simulate(cx.loads("\n".join(kept)), replications=2, jobs=1), None)
    assert (
        card.first.startswith("No figures of today to start from")
        and line(card, "Matches today's figures")[1] == "doubt"
    )


def test_the_books_of_a_run_balance(mended: cx.Result, standing: cx.Result) -> None:
    """Gaps add up and people are conserved, computed from the tables of this very run."""
    card = trust(mended, standing)
    assert [line(card, name)[1] for name in ("Gaps add up", "People are conserved")] == ["good", "good"]


def test_what_cannot_be_checked_again_is_said(standing: cx.Result) -> None:
    """A saved run holds no queue lengths, and the card does not claim to have counted them."""
    assert "no queue lengths" in line(trust(standing, None), "Queues obey Little's law")[0]


@pytest.mark.slow
def test_an_assumption_that_was_set_is_named_with_both_values(year: cx.Scenario) -> None:
    """Who turns a parameter away from its documented value sees it on the card."""
    turned = cx.simulate(year.with_changes({"assumptions.ratchet": 0.5}), replications=2, jobs=1)
    card = trust(turned, None)
    assert "ratchet 0.5 (usually 0.1, A)" in line(card, "Assumptions")[0]
    assert line(card, "Outside the evidence") == ("Ratchet at the edge of its range.", "doubt")


def test_one_replication_tells_nothing_from_chance(year: cx.Scenario) -> None:
    """There is no interval, and the card says so."""
    card = trust(cx.simulate(year, replications=1, jobs=1), None)
    assert line(card, "Simulation error") == (
        "One simulation run has no interval: nothing here can be distinguished from chance.",
        "doubt",
    )


def test_three_scores_are_told_side_by_side(mended: cx.Result, standing: cx.Result) -> None:
    """The customer's gap, the agent's strain and management's targets, each with its interval and in words."""
    found = scores(mended, standing)
    assert [each.who for each in found] == ["Customer", "Agent", "Management"]
    assert (
        all(each.span and each.words and each.change for each in found) and "Advocacy (NPS) 35.0: m" in found[2].words
    )
