"""Assumption uncertainty in words: worlds are counted, doubt is said, nothing is found where nothing stands out."""

from __future__ import annotations

from typing import Any

import pytest

from cxmodel.report.text.uncertainty import direction, hangs_on, pays, spreads, unknown

HINGE = {
    "path": "assumptions.calls_after_shortfall", "name": "share who call after a shortfall", "assumed": True,
    "range": [0.0, 1.0], "value": 0.1, "said": ["0", "0.1", "1"],
    "strength": 0.6, "strength_low": 0.4, "strength_high": 0.7,
    "break_even": 0.041, "break_even_low": 0.02, "break_even_high": 0.07, "break_even_said": ["0.02", "0.041", "0.07"],
    "rises": True, "above": 0.87,
}  # fmt: skip


def document(**more: Any) -> dict[str, Any]:
    """What a hundred worlds say."""
    spread = {"value": 12_400.0, "low": -3_000.0, "high": 40_000.0, "noise": 900.0, "agree": 0.87}
    score = {"metric": "nps", "value": 4.2, "low": 0.4, "high": 14.3, "noise": 0.5, "agree": 1.0}
    known = {
        "worlds": 100, "metric": "net_value", "hinges": [HINGE],
        "above": {"worlds": 81, "low": 0.72, "high": 0.88},
        "spreads": [{"metric": "net_value", **spread}, score],
    }  # fmt: skip
    return {**known, **more}


def test_worlds_in_which_it_pays_are_counted() -> None:
    """With the interval of the share."""
    assert pays(document()) == "It pays in 81 of 100 assumption scenarios (likely 72 to 88 in 100)."


def test_without_a_cost_nothing_is_said_to_pay() -> None:
    """Customer equity may rise; whether that pays nobody knows."""
    assert pays(document(metric="customer_equity")).startswith(
        "It adds customer equity (no cost given) in 81 of 100 assumption scenarios"
    )


def test_not_knowing_stands_beside_chance() -> None:
    """Both with their figures."""
    said = spreads(document(), "GBP")
    assert "net value +£12.4k (−£3.00k to +£40.0k; simulation error ±£900)" in said
    assert "NPS +4.2 (0.4 to 14.3; simulation error ±0.5)" in said


@pytest.mark.parametrize(("agree", "word"), [(0.9, "firm"), (0.85, "likely"), (0.6, "open")])
def test_the_direction_is_firm_only_where_worlds_agree(agree: float, word: str) -> None:
    """90 of 100 for firm, 80 for likely."""
    spread = {"metric": "net_value", "value": 1.0, "low": -1.0, "high": 3.0, "noise": 0.1, "agree": agree}
    assert f"The direction is {word}" in direction(document(spreads=[spread]))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "breaks even at 0.041 (likely 0.02 to 0.07) and pays above that."),
        ({"rises": False}, "pays below that."),
        ({"break_even": None}, "it pays across its whole range, 0 to 1."),
        ({"break_even": None, "above": 0.1}, "it pays nowhere in its range, 0 to 1."),
    ],
)
def test_the_assumption_it_hangs_on_is_told_with_its_break_even(more: dict[str, Any], told: str) -> None:
    """Or that there is none inside its range."""
    said = hangs_on(document(hinges=[{**HINGE, **more}]))
    assert "hangs most on share who call after a shortfall (taken as 0.1)" in said and told in said


def test_the_companys_own_number_comes_before_the_models_constant() -> None:
    """What can be found out first; the constants apart."""
    own = {**HINGE, "name": "margin", "assumed": False, "said": ["£5", "£9", "£12"], "break_even": None}
    said = hangs_on(document(hinges=[own, HINGE]))
    assert said.startswith("The money hangs most on margin (taken as £9)")
    assert "Of the model's constants, it hangs most on share who call" in said


def test_where_nothing_stands_out_nothing_is_named() -> None:
    """Noise is no finding."""
    assert hangs_on(document(hinges=[])) == "The money hangs on no single assumption that stands out."


def test_the_trust_card_gets_it_once_there_are_enough_worlds() -> None:
    """Twenty."""
    found = unknown(document(), "GBP")
    assert found is not None and (found.pays, found.agree, found.hinge) == (81, 0.87, HINGE["name"])
    assert unknown(document(worlds=19)) is None
