"""Nothing is lost: refresh, second tab, back button, another browser, a closed page, a cancelled run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import PATIENCE, answer, changed, picture, set_lever

pytestmark = pytest.mark.browser
STORY = "/results?runs=6&story=two_retailers&plan=as_is"


def edited(page: Page) -> str:
    """A page with a lever moved, and what it answers."""
    page.goto(STORY)
    before = answer(page)
    set_lever(page, "Priorities", 0.7)
    changed(page, before)
    return answer(page)


def played(page: Page, state: str, least: int = 0) -> int:
    """How many of a thousand runs the page says are played, once it is in this state and has played so many."""
    said = page.wait_for_function(
        """([state, least]) => {
          const said = document.querySelector('.cx-state')?.innerText ?? '';
          const words = said.match(new RegExp(state + ':? ([0-9]+) of 1,000'));
          return words && Number(words[1]) >= least ? words[1] : null;
        }""",
        arg=[state, least],
        timeout=PATIENCE,
    )
    return int(said.json_value())


def test_refresh_second_tab_and_another_browser_show_the_same(page: Page, browser: Browser, workbench: str) -> None:
    """The draft lives on disk and in the address: whoever opens it sees the same answer."""
    said = edited(page)
    page.reload()
    again = answer(page)
    tab = page.context.new_page()
    tab.goto(page.url)
    second = answer(tab)
    tab.close()
    other = browser.new_context(viewport={"width": 1280, "height": 900})
    guest = other.new_page()
    guest.goto(page.url)
    elsewhere = answer(guest)
    expect(guest.get_by_role("button", name=re.compile(r"\d changes? vs file"))).to_be_visible(timeout=PATIENCE)
    other.close()
    assert said == again == second == elsewhere


def test_the_back_button_goes_back(page: Page) -> None:
    """From page to page, and from plan to plan."""
    page.goto("/results?runs=6&story=two_retailers")
    first = answer(page)
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_role("heading", name="How the model works")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)  # else it still names its address
    page.go_back()
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    assert answer(page) == first
    page.get_by_role("combobox", name="Plan").click()
    page.get_by_role("option", name="Closer").click()
    page.wait_for_url(re.compile("plan=closer"), timeout=PATIENCE)
    changed(page, first)
    page.go_back()  # at once
    expect(page.locator("#answer")).to_have_text(first, timeout=PATIENCE, use_inner_text=True)
    assert answer(page) == first


def test_a_change_can_be_undone_done_again_and_put_back(page: Page) -> None:
    """Undo, redo, and *reset* on the change's own line."""
    page.goto(STORY)
    standing = answer(page)
    set_lever(page, "Priorities", 0.7)
    changed(page, standing)
    moved = answer(page)
    while page.get_by_role("button", name="Undo").is_enabled():  # each step of the lever is one
        page.get_by_role("button", name="Undo").click()
        page.wait_for_timeout(500)
        page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)
    changed(page, moved)
    assert answer(page) == standing
    while page.get_by_role("button", name="Redo").is_enabled():
        page.get_by_role("button", name="Redo").click()
        page.wait_for_timeout(500)
        page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)
    changed(page, standing)
    assert answer(page) == moved and "plan=my_plan" in page.url
    page.get_by_role("button", name=re.compile(r"\d changes? vs file")).click()
    picture(page, "changes")
    page.get_by_role("button", name="reset").first.click()
    expect(page.get_by_role("button", name="No changes vs file")).to_be_visible(timeout=PATIENCE)


def test_going_back_after_undo_shows_the_plan_that_was_chosen(page: Page) -> None:
    """The address before names a plan that undo has taken away: the one it was made from is shown, not the first."""
    page.goto(STORY)
    standing = answer(page)
    page.get_by_role("slider", name="Priorities").press("ArrowRight")
    changed(page, standing)
    page.wait_for_url(re.compile("plan=my_plan"), timeout=PATIENCE)
    moved = answer(page)
    page.get_by_role("button", name="Undo").click()
    changed(page, moved)
    assert answer(page) == standing and "plan=as_is" in page.url
    page.go_back()
    page.wait_for_timeout(2000)
    assert answer(page) == standing and "plan=as_is" in page.url


def test_a_closed_page_does_not_end_its_run(page: Page) -> None:
    """Long work goes on; who comes back finds it further on, and can stop it and keep what is finished."""
    address = "/results?story=two_retailers&plan=as_is&runs=1000"
    page.goto(address)
    done = played(page, "unning")
    context = page.context
    page.close()
    back = context.new_page()
    back.wait_for_timeout(4000)
    back.goto(address)
    later = played(back, "unning", 61)
    back.get_by_role("button", name="Stop").click(timeout=PATIENCE)
    kept = played(back, "topped at")
    picture(back, "stopped")
    assert later > done and kept >= 60
    back.get_by_role("button", name="Run again").click(timeout=PATIENCE)
    assert played(back, "unning", 1) >= kept


def test_looking_elsewhere_simulates_nothing(page: Page) -> None:
    """Another look at the same numbers, tables say, is no reason to run anything."""
    page.goto("/results?runs=6&story=two_retailers")
    answer(page)
    page.get_by_text("The same as tables").click()
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=PATIENCE)
    assert page.locator("[data-state=fresh]").count() == 1
