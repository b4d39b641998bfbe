"""Industry templates: a company to start from, all of whose numbers are marked as assumptions with a range."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.cli import main
from cxmodel.scenario.stories import templates
from cxmodel.studies.verdict import verdict
from cxmodel.vocabulary import AS_IS

NAMES = ("bank", "insurer", "retailer", "software_subscription", "telecom", "utility")
LABELLED = ("attributes", "segments", "value_propositions", "brand_promises", "journey", "rivals", "initiatives")


def test_there_are_six() -> None:
    """By the names of their industries."""
    assert tuple(templates()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_valid_and_says_what_is_assumed(name: str) -> None:
    """No warning; what a company has to know better is a fact with a range, noted as an assumption; all is labelled."""
    text = templates()[name].read_text("utf-8")
    scenario = cx.load(templates()[name])
    assert scenario.warnings == ()
    assert all(fact.note == "assumption" and fact.low < fact.high for fact in scenario.facts.values())
    assert scenario.sources.sourced == 0
    needed = {
        *(f"journey.{one}.delivers.{key}" for one, stop in scenario.journey.items() for key in stop.delivers),
        *(f"segments.{one}.needs.{key}.level" for one, who in scenario.segments.items() for key in who.needs),
        *(f"levers.{one}.level" for one in ("priorities", "policies", "practices", "people", "platforms")),
        *(f"initiatives.{one}.cost.{key}" for one in scenario.initiatives for key in ("once", "running")),
        *("today.nps", "today.leave", "economics.margin"),
    }
    assert needed <= set(scenario.facts)
    assert all(each.label for section in LABELLED for each in getattr(scenario, section).values())
    assert all(stop.owner and stop.doing for stop in scenario.journey.values())
    assert all(line.count("#") for line in text.splitlines() if line in ("attributes:", "segments:", "journey:"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_template_starts_from_its_own_numbers_and_some_plan_pays(name: str) -> None:
    """The modelled NPS of today lies in the range of the measured one; doing something is worth its cost."""
    scenario = cx.load(templates()[name])
    found = {plan: cx.simulate(scenario, plan, replications=4) for plan in (AS_IS, *scenario.plans)}
    today, measured = found[AS_IS], scenario.facts["today.nps"]
    assert measured.low <= today.rows("today")[0]["modelled"] <= measured.high
    assert verdict(found).best != AS_IS


def test_a_folder_may_start_from_a_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`new --from utility`; a name that is neither story nor template is told, with what was probably meant."""
    assert main(["new", str(tmp_path / "acme"), "--from", "utility"]) == 0
    assert cx.load(tmp_path / "acme" / "utility.yaml").name == "A utility"
    assert main(["new", str(tmp_path / "other"), "--from", "utilty"]) == 2
    assert "did you mean `utility`" in capsys.readouterr().err
