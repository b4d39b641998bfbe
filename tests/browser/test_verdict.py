"""A scenario opens on the plan that is worth most, and says so; money is told once, and with what is not yet tested."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import cxmodel as cx
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.verdict import sentence
from cxmodel.studies.verdict import verdict
from tests.browser.steps import PATIENCE, answer
from tests.support.small import STORIES

pytestmark = pytest.mark.browser
RUNS = 6
"""Simulation runs of each plan: few, so that ten stories open quickly."""


@pytest.mark.parametrize("story", sorted(file.stem for file in STORIES.glob("*.yaml")))
def test_each_story_opens_on_the_plan_that_is_worth_most(page: Page, story: str) -> None:
    """Never on its decoy; on today where no plan has a net value above zero; with the verdict over all plans."""
    scenario = cx.load(STORIES / f"{story}.yaml")
    results = {plan: cx.simulate(scenario, plan, replications=RUNS) for plan in ("as_is", *scenario.plans)}
    found = verdict(results)
    page.goto(f"/results?story={story}&runs={RUNS}")
    answer(page)
    expect(page.locator("#verdict")).to_have_text(plainly(sentence(found, scenario)), timeout=PATIENCE)
    expect(page.locator(".cx-doing strong")).to_have_text(f"{plan_name(scenario, found.best)}.")
    assert f"plan={found.best}" in page.url


def test_a_file_of_ones_own_opens_on_its_best_plan_too(page: Page) -> None:
    """When it is uploaded, and when it is opened again from the recent work."""
    page.goto("/")
    page.locator("input[type=file]").set_input_files(STORIES / "two_retailers.yaml")
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    expect(page.locator("#verdict")).to_be_visible(timeout=PATIENCE)
    said, plan = answer(page), page.locator(".cx-doing strong").inner_text()
    page.goto("/")
    page.locator("[class*=st-key-recent-] a").first.click()
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    assert answer(page) == said
    expect(page.locator(".cx-doing strong")).to_have_text(plan)
    assert plan == "Today (no action)."  # the file's first plan is not worth its cost


def test_until_assumptions_are_tested_that_is_said_and_then_how_often_it_pays(page: Page) -> None:
    """One sentence of money: first that the assumptions are not tested, then in how many scenarios it pays."""
    page.goto(f"/results?story=pretty_app&plan=both&runs={RUNS}")
    answer(page)
    worth = page.locator("#worth")
    expect(worth).to_contain_text(re.compile(r"assumptions not yet tested|assumption scenarios"), timeout=PATIENCE)
    expect(worth).to_contain_text(re.compile(r"It pays in \d+ of \d+ assumption scenarios"), timeout=2 * PATIENCE)
    assert "not yet tested" not in worth.inner_text()
    assert not re.search(r"pays in \d+ of \d+ runs", page.locator("body").inner_text())


def plainly(words: str) -> str:
    """As a page shows it: with blanks that do not break, and signs that stay with their amount."""
    from html import unescape

    from cxmodel.report.html_fragments import text

    return unescape(text(words))
