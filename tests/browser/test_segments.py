"""The segment chooser: every figure and the journey follow it, and it lives in the page's address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import PATIENCE, answer, changed, picture

pytestmark = pytest.mark.browser

STORY = "/results?story=two_retailers&runs=6&plan=cheaper"


def figures(page: Page) -> list[str]:
    """What stands large on each of the cards."""
    return page.locator(".cx-card .cx-figure").all_inner_texts()


def journey(page: Page, whose: str) -> Locator:
    """The journey chart of somebody."""
    return page.locator(f"[aria-label*='Journey of Two retailers{whose}, Cheaper']").first


def choose(page: Page, segment: str) -> None:
    """Choose a segment in the header."""
    before = answer(page)
    page.get_by_role("combobox", name="Segment").click()
    page.get_by_role("option", name=segment).click()
    changed(page, before)
    answer(page)


def test_another_segment_changes_every_figure_and_the_journey_and_back_brings_them_again(page: Page) -> None:
    """At once: it is the same run. All customers have their segments side by side below the cards."""
    page.goto(STORY)
    answer(page)
    of_all = figures(page)
    expect(journey(page, "")).to_be_attached(timeout=PATIENCE)
    table = page.locator(".cx-segments table")
    expect(table.get_by_role("columnheader", name="Bargain hunters")).to_be_visible()
    expect(table.get_by_role("row", name="Value for money")).to_contain_text(re.compile(r"\sto\s"))
    picture(page, "segments")
    choose(page, "Bargain hunters")
    theirs = figures(page)
    assert len(theirs) == 4 and all(mine != whole for mine, whole in zip(theirs, of_all, strict=True))
    expect(journey(page, ", Bargain hunters")).to_be_attached(timeout=PATIENCE)
    expect(journey(page, "")).to_have_count(0)
    expect(page.locator("#segment")).to_contain_text("bargain hunters only")
    expect(page.locator(".cx-segments")).to_have_count(0)
    assert "segment=bargain_hunters" in page.url
    picture(page, "segment")
    now = page.locator("#answer").inner_text()
    page.go_back()
    changed(page, now)
    answer(page)
    assert figures(page) == of_all and "segment" not in page.url


def test_a_link_opens_on_the_segment_it_names_and_an_unknown_one_is_told(page: Page) -> None:
    """With the nearest name, as an unknown plan is."""
    page.goto(f"{STORY}&segment=bargain_hunters")
    assert answer(page).startswith("Bargain hunters:")
    page.goto(f"{STORY}&segment=bargain_hunter")
    assert not answer(page).startswith("Bargain hunters:")
    expect(page.locator(".cx-unfinished")).to_contain_text("There is no segment bargain_hunter in this scenario.")
    expect(page.locator(".cx-unfinished a")).to_have_attribute("href", re.compile("segment=bargain_hunters"))


def test_the_other_pages_follow_and_a_single_segment_is_no_choice(page: Page) -> None:
    """Compare and the report tell the segment's figures; Explore says that it is about all customers."""
    page.goto(STORY.replace("results", "compare"))
    expect(page.locator("[data-compared=whole]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".cx-effects td[data-metric=nps]")).to_have_count(3, timeout=PATIENCE)
    of_all = page.locator(".cx-effects td[data-metric=nps]").all_inner_texts()
    page.get_by_role("combobox", name="Segment").click()
    page.get_by_role("option", name="Bargain hunters").click()
    expect(page.locator("#segment")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-compared=whole]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)
    theirs = page.locator(".cx-effects td[data-metric=nps]").all_inner_texts()
    assert len(theirs) == 3 and all(mine != whole for mine, whole in zip(theirs, of_all, strict=True))
    expect(page.locator("#answer")).to_contain_text("All customers:")
    picture(page, "segment-compared")
    page.get_by_role("link", name="Report").click()
    report = page.frame_locator("iframe").first
    expect(report.locator("#segment")).to_contain_text("Figures are of bargain hunters only;", timeout=PATIENCE)
    page.get_by_role("link", name="Explore").click()
    expect(page.locator("#segment")).to_contain_text("Studies are of all customers", timeout=PATIENCE)
    page.goto("/results?story=pretty_app&runs=6&plan=both")
    answer(page)
    expect(page.get_by_role("combobox", name="Segment")).to_have_count(0)
