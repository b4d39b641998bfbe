"""The Compare page as people meet it: plans, futures and files side by side, each change in words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import PATIENCE, picture

pytestmark = pytest.mark.browser

FEW = "runs=6"
"""Replications are few here: what is shown is tested, not how precise it is."""
CELL = re.compile(r"[▲▼≈=] .*(better|worse|unclear|unchanged|no material difference)|no cost given")


def compared(page: Page, address: str) -> Page:
    """The Compare page, once all that it asks for is there."""
    page.goto(address)
    expect(page.locator("[data-compared=whole]")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.get_by_text("running …")).to_have_count(0, timeout=PATIENCE)
    return page


def test_every_plan_is_held_against_as_is_in_words(page: Page) -> None:
    """A row for each plan; each change has a sign, a word and its interval, and the page says who is ahead."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}")
    cells = page.locator("table.cx-effects td[data-metric]").all_inner_texts()
    assert len(cells) == 3 * 5 and all(CELL.search(text) for text in cells), cells
    assert all(re.search(r"\sto\s", text) for text in cells if not re.search("unchanged|no cost", text)), cells
    expect(page.locator("#answer")).to_contain_text(re.compile("Of two plans, Both is worth most: net value"))
    expect(page.get_by_role("columnheader", name="Net value")).to_be_visible()
    picture(page, "compare_plans")


def test_how_differences_unfold_can_be_seen_and_heard(page: Page) -> None:
    """Four charts of bands with alt text."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}")
    expect(page.locator("[aria-label^='Difference in']")).to_have_count(4, timeout=PATIENCE)


def test_initiatives_are_drawn_by_what_they_bring_and_when_they_come(page: Page) -> None:
    """The opportunity matrix is worked out behind the page; the roadmap is there at once. Both can be heard."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}")
    expect(page.locator("[aria-label^='Roadmap: ']")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("[aria-label^='Opportunity matrix: ']")).to_have_count(1, timeout=2 * PATIENCE)


def test_plans_are_compared_in_every_future(page: Page) -> None:
    """Chosen on the page; it lives in the address, so a reload shows the same."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}&plans=fix_the_wait")
    page.get_by_role("radio", name="Plans in every external scenario").click()
    expect(page.get_by_text("External scenario: Rival leaps").first).to_be_visible(timeout=PATIENCE)
    assert "with=futures" in page.url
    compared(page, page.url)
    heads = page.locator("tr.cx-if").all_inner_texts()
    assert [text.strip() for text in heads] == ["No external scenario", "External scenario: Rival leaps"]
    picture(page, "compare_futures")


def test_another_file_is_held_against_this_one(page: Page) -> None:
    """And what differs between the two is listed in words."""
    compared(page, f"/compare?story=pretty_app&plan=as_is&{FEW}&with=doing_right")
    expect(page.locator("ul.cx-diff li").first).to_be_visible()
    assert page.locator("table.cx-effects tr.cx-was").count() == 1
    picture(page, "compare_file")


def test_a_file_in_another_currency_is_refused_with_what_would_mend_it(page: Page) -> None:
    """Nothing is played for it."""
    page.goto(f"/compare?story=pretty_app&plan=as_is&{FEW}&with=two_retailers")
    expect(page.get_by_text("amounts are Two retailers in EUR and The pretty app in GBP")).to_be_visible(
        timeout=PATIENCE
    )
    assert page.locator("table.cx-effects").count() == 0


def test_an_edited_scenario_is_held_against_its_own_file(page: Page) -> None:
    """A lever moved: the draft differs from the file by that, and by what it does."""
    page.goto(f"/results?story=pretty_app&plan=as_is&platforms=0.45&{FEW}")
    page.wait_for_url(re.compile("platforms=|draft="), timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Compare").click()
    page.wait_for_url(re.compile("compare.*draft="), timeout=PATIENCE)
    page.get_by_role("radio", name="Another file").click()
    expect(page.locator("[data-compared=whole]")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.locator("ul.cx-diff")).to_contain_text("moved levers")
    assert page.locator("table.cx-effects tbody th").all_inner_texts() == ["Today (no action), before", "My plan, now"]
    expect(page.locator("table.cx-effects td.better").first).to_be_visible()
    picture(page, "compare_draft")


def test_a_plan_can_be_compared_with_another_plan(page: Page) -> None:
    """Both against fix the wait."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}&plans=both&against=fix_the_wait")
    rows = page.locator("table.cx-effects tbody th").all_inner_texts()
    assert rows == ["Fix the wait", "Both"]


def test_what_the_address_names_wrongly_falls_back_to_what_is_usual(page: Page) -> None:
    """No fault reaches the reader."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}&with=nonsense&plans=nonsense&against=nonsense")
    expect(page.locator("table.cx-effects td[data-metric]")).to_have_count(15, timeout=PATIENCE)
    assert page.locator("[data-testid=stException]").count() == 0


def test_every_figure_can_be_read_as_a_table(page: Page) -> None:
    """All metrics, the bands, the roadmap, and the opportunity matrix once it is there."""
    compared(page, f"/compare?story=pretty_app&plan=both&{FEW}&plans=both")
    expect(page.locator("[aria-label^='Opportunity matrix: ']")).to_have_count(1, timeout=2 * PATIENCE)
    page.get_by_text("Every figure, and the charts as tables").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_have_count(4, timeout=PATIENCE)
