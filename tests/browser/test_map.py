"""The Map page in a real browser: three maps of one company, following the header; to present and to take away."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from tests.browser.conftest import SCREENSHOTS
from tests.browser.steps import PATIENCE

pytestmark = pytest.mark.browser

STOPS = "heads => heads.map(head => head.dataset.stop)"
SEES_RUNS = """() => {
  window.statesSeen = [];
  new MutationObserver(() => document.querySelectorAll('[data-state]:not([data-state=fresh])').forEach(
    state => window.statesSeen.push(state.dataset.state))).observe(
    document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-state']});
}"""
"""Notes every state of the run that the page says, but that it is up to date."""
KIT = "/map?story=kit_car_insurance&plan=a_good_goodbye&runs=4"


def opened(page: Page, address: str) -> None:
    """Open the page and wait for a map."""
    page.goto(address)
    expect(page.locator(".cx-map, [data-testid=stVegaLiteChart]").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)


def taken(page: Page, label: str) -> tuple[str, bytes]:
    """The name and the content of a download."""
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_journey_map_is_there_and_shows_today_or_the_plan(page: Page) -> None:
    """A table with heads; the channel that is wanted and not offered today is offered under the plan."""
    opened(page, KIT)
    table = page.get_by_role("table", name="Journey map of Kit car insurance")
    expect(table.get_by_role("columnheader", name="Wrong renewal")).to_be_visible()
    expect(table.locator("[data-lane=owner]")).to_contain_text("! Nobody")
    expect(table.locator("[data-lane=channel]")).to_contain_text("offered from month 3")
    drawn = "img => img.complete && img.naturalHeight > 0"
    assert page.locator(".cx-curve img").evaluate(drawn)
    page.get_by_text("Today", exact=True).click()
    expect(table.locator("[data-lane=channel]")).to_contain_text("Portal wanted by 80 %, not offered", timeout=PATIENCE)
    expect(table.locator("[data-lane=initiatives]")).to_contain_text("A button to leave · m3")
    assert "show=today" in page.url
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / "map.png")


def test_a_lane_can_be_hidden_and_stays_so(page: Page) -> None:
    """It stands in the address."""
    opened(page, KIT)
    expect(page.locator("[data-lane=doing]")).to_be_visible()
    page.get_by_role("button", name="Lanes").click()
    page.get_by_test_id("stCheckbox").filter(has_text="Doing").locator("label").click()
    expect(page.locator("[data-lane=doing]")).to_have_count(0, timeout=PATIENCE)
    page.reload()
    expect(page.locator("[data-lane=feeling]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-lane=doing]")).to_have_count(0)


def test_the_map_can_be_presented_alone(page: Page) -> None:
    """Nothing of the workbench is seen but the way back."""
    opened(page, KIT)
    page.get_by_role("button", name="Present").click()
    expect(page.locator(".cx-brand")).to_be_hidden(timeout=PATIENCE)
    expect(page.locator(".cx-journey")).to_be_visible()
    expect(page.get_by_role("tab", name="Proposition")).to_be_hidden()
    page.get_by_role("button", name="Close presentation").click()
    expect(page.locator(".cx-brand")).to_be_visible(timeout=PATIENCE)


def test_words_are_edited_where_they_stand_and_no_run_starts(page: Page) -> None:
    """By mouse and by keyboard; each is one change that Undo takes back, and the numbers stay up to date."""
    opened(page, KIT)
    page.evaluate(SEES_RUNS)
    cancel = page.locator("[data-path='journey.cancel.doing']")
    before = cancel.inner_text()
    cancel.click()
    field = page.get_by_role("textbox", name="Doing: Cancel")
    field.fill("leaves <b>&amp; slams</b> the door")
    page.locator("h1").click()  # elsewhere: what was entered is taken
    expect(cancel).to_contain_text("leaves <b>&amp; slams</b> the door", timeout=PATIENCE)
    expect(page.get_by_role("button", name="1 change vs file")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("button", name="Edit Name of Cancel").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Say goodbye")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2 changes vs file")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("columnheader", name="Say goodbye")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Edit Name of Say goodbye")).to_be_focused()
    expect(page.locator(".cx-curve")).to_have_attribute("aria-label", re.compile("Say goodbye falls short by 1;"))

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Edit Doing: Say goodbye")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(" for good")
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Doing: Say goodbye")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="1 change vs file")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="No changes vs file")).to_be_visible(timeout=PATIENCE)
    expect(cancel).to_have_text(before, timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("window.statesSeen") == []


def test_what_cannot_be_is_said_in_its_cell(page: Page) -> None:
    """Two touchpoints of one name: the entry stays with the reason, nothing is changed, and Escape leaves it."""
    opened(page, KIT)
    page.get_by_role("button", name="Edit Name of Cancel").click()
    field = page.get_by_role("textbox", name="Name of Cancel")
    field.fill("Renewal")
    field.press("Enter")
    expect(page.locator(".cx-wrongly")).to_contain_text("CXM417", timeout=PATIENCE)
    expect(field).to_have_value("Renewal")
    field.press("Escape")
    expect(page.locator(".cx-wrongly")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("columnheader", name="Cancel")).to_be_visible()
    expect(page.get_by_role("button", name="No changes vs file")).to_be_visible(timeout=PATIENCE)


def test_columns_are_moved_inserted_and_removed(page: Page) -> None:
    """By the menu in the head of a column; what takes a name, or reaches other places, is asked about first."""
    opened(page, KIT)
    heads = page.locator("th[data-stop]")
    order = heads.evaluate_all(STOPS)
    at = order.index("portal")
    page.get_by_role("button", name="Move, copy or remove Portal").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move left: Portal")).to_be_focused()
    page.keyboard.press("Enter")
    expect(heads.nth(at - 1)).to_have_attribute("data-stop", "portal", timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="1 change vs file")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("button", name="Move, copy or remove Cancel").click()
    page.get_by_role("button", name="Insert after: Cancel").click()
    name = page.get_by_role("dialog").get_by_role("textbox")
    name.fill("Second thoughts")
    name.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Insert", exact=True).click()
    expect(heads.nth(order.index("cancel") + 1)).to_have_attribute("data-stop", "second_thoughts", timeout=PATIENCE)
    page.get_by_role("button", name="Add Feeling: Second thoughts").click(timeout=PATIENCE)
    page.get_by_role("textbox", name="Feeling: Second thoughts").fill("relieved")
    page.keyboard.press("Tab")
    feeling = page.locator("[data-path='journey.second_thoughts.feeling']")
    expect(feeling).to_contain_text("“relieved”", timeout=PATIENCE)

    page.get_by_role("button", name="Move, copy or remove Cancel").click()
    page.get_by_role("button", name="Remove: Cancel").click()
    expect(page.locator("#reach")).to_contain_text("This also changes", timeout=PATIENCE)
    page.get_by_role("button", name="Leave it as it is").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("columnheader", name="Cancel")).to_be_visible()

    page.get_by_role("button", name="Present").click()
    expect(page.locator(".cx-brand")).to_be_hidden(timeout=PATIENCE)
    expect(page.locator(".cx-journey")).to_be_visible()
    expect(page.locator(".cx-edit, .cx-more")).to_have_count(0)


def test_the_proposition_stands_by_segment_and_follows_the_header(page: Page) -> None:
    """Two segments beside one another; of one chosen, that one alone. A reload keeps the tab."""
    opened(page, "/map?story=two_retailers&plan=closer&runs=4")
    page.get_by_role("tab", name="Proposition").click()
    expect(page.get_by_role("heading", name="Quality seekers")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Bargain hunters")).to_be_visible()
    expect(page.get_by_text("Equal value for money by different bargains")).to_be_visible()
    page.get_by_role("combobox", name="Segment").click()
    page.get_by_role("option", name="Bargain hunters").click()
    expect(page.get_by_role("heading", name="Quality seekers")).to_have_count(0, timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("heading", name="Bargain hunters")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Strategy canvas")).to_be_visible()


def test_the_organisation_says_what_binds(page: Page) -> None:
    """And culture below its threshold."""
    opened(page, "/map?story=five_levers&plan=as_is&runs=4&map=Organisation")
    expect(page.locator(".cx-binds")).to_contain_text("The binding constraint is ")
    expect(page.get_by_text("Culture 0.35 lies below its threshold of 0.50")).to_be_visible()
    expect(page.locator(".cx-organisation")).to_contain_text("◆ binds")


def test_a_map_can_be_taken_away(page: Page) -> None:
    """As a picture and as slides, named after file and plan, made when they are asked for."""
    opened(page, KIT)
    name, picture = taken(page, "PNG")
    assert name == "kit_car_insurance-a_good_goodbye-journey_map.png" and picture.startswith(b"\x89PNG")
    name, deck = taken(page, "PPTX")
    slide = Presentation(BytesIO(deck)).slides[0]
    assert name.endswith("journey_map.pptx") and any(shape.has_chart for shape in slide.shapes)
