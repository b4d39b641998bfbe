"""The grid of a new company by clipboard and mouse: paste, drag, duplicate, remove, answer; and Undo after each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cxmodel.scenario import Scenario, loads
from tests.browser.steps import PATIENCE, folder_of, picture
from tests.browser.test_new_company import draft_text

pytestmark = pytest.mark.browser


def field(page: Page, name: str) -> Locator:
    """A field of the grid."""
    return page.get_by_role("textbox", name=name, exact=True)


def company(page: Page) -> Scenario:
    """The company as its draft says it."""
    return loads(draft_text(page))


def undo(page: Page, name: str, value: str) -> None:
    """Take the last step back, which a field shows."""
    page.get_by_role("button", name="Undo").click(timeout=PATIENCE)
    expect(field(page, name)).to_have_value(value, timeout=PATIENCE)


def paste(page: Page, name: str, block: str) -> None:
    """Paste from the clipboard into a field."""
    page.evaluate("block => navigator.clipboard.writeText(block)", block)
    field(page, name).focus()
    page.keyboard.press("ControlOrMeta+V")


def drag(page: Page, name: str, onto: str) -> None:
    """Drag a row by its handle to the lower half of another one."""
    grip = page.locator("tr", has=field(page, f"{name}: Touchpoint")).locator(".grip")
    row = page.locator("tr", has=field(page, f"{onto}: Touchpoint"))
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), row.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] - 5, steps=3)
    page.mouse.move(end["x"] + 60, end["y"] + end["height"] * 0.8, steps=5)
    expect(row).to_have_attribute("data-drop", "after", timeout=PATIENCE)
    picture(page, "grid_dragged")
    page.mouse.up()


def test_the_grid_by_clipboard_and_mouse(page: Page) -> None:
    """Each thing done is in the draft, is said, and is one step to undo."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("link", name="Model my company").click(timeout=PATIENCE)
    page.get_by_role("radio", name="An industry").click(timeout=PATIENCE)
    page.get_by_text("Utility", exact=True).click(timeout=PATIENCE)
    page.wait_for_url("**/new?draft=*", timeout=PATIENCE)
    page.get_by_role("button", name="3 Journey and experience").click(timeout=PATIENCE)
    expect(field(page, "Bill: Clarity")).to_be_visible(timeout=PATIENCE)
    clarity = field(page, "Bill: Clarity").input_value()

    paste(page, "Bill: Clarity", "51\t52\n\t53\n")
    expect(page.locator("#said")).to_contain_text("4 cells pasted", timeout=PATIENCE)
    expect(field(page, "Bill: Clarity")).to_have_value("51")
    expect(field(page, "Meter reading: Speed")).to_have_value("53")
    paste(page, "Bill: Clarity", "54\tfast\n")
    expect(page.locator("#said")).to_contain_text("Bill, Speed: “fast”", timeout=PATIENCE)
    expect(field(page, "Bill: Clarity")).to_have_value("51")
    undo(page, "Bill: Clarity", clarity)
    paste(page, "Moving out: Touchpoint", 'Moving out\n"Win\nback"\tReturn\tphone\n')
    expect(field(page, "Win back: Channel")).to_have_value("phone", timeout=PATIENCE)
    expect(page.locator("#said")).to_contain_text("1 row is new")
    page.get_by_role("button", name="Undo").click()
    expect(field(page, "Win back: Channel")).to_have_count(0, timeout=PATIENCE)

    drag(page, "Bill", "Signing up")
    expect(page.get_by_role("combobox", name="Bill: Phase", exact=True)).to_have_value("Buy", timeout=PATIENCE)
    order = list(company(page).journey)
    assert order.index("bill") == order.index("sign_up") + 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("combobox", name="Bill: Phase", exact=True)).to_have_value("Use", timeout=PATIENCE)

    page.get_by_role("button", name="Duplicate: Call centre").click()
    expect(field(page, "Call centre 2: Clarity")).to_be_visible(timeout=PATIENCE)
    picture(page, "grid_duplicated")
    page.get_by_role("button", name="Remove: Call centre 2").click()  # which nothing mentions
    expect(field(page, "Call centre 2: Clarity")).to_have_count(0, timeout=PATIENCE)
    undo(page, "Call centre 2: Touchpoint", "Call centre 2")
    page.get_by_role("button", name="Undo").click()
    expect(field(page, "Call centre 2: Clarity")).to_have_count(0, timeout=PATIENCE)

    page.get_by_role("button", name="Remove Clarity", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("#reach")).to_contain_text("This also changes", timeout=PATIENCE)
    picture(page, "grid_removal")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    assert "clarity" in company(page).attributes
    page.get_by_role("button", name="Remove Clarity", exact=True).click()
    dialog.get_by_role("button", name=re.compile(r"Remove it and change \d+ other places")).click(timeout=PATIENCE)
    expect(page.locator("#said")).to_contain_text("Undo brings it back", timeout=PATIENCE)
    expect(field(page, "Bill: Clarity")).to_have_count(0, timeout=PATIENCE)
    undo(page, "Bill: Clarity", clarity)
    assert "Traceback" not in (folder_of(page) / "log").read_text(encoding="utf-8")


def test_a_unit_that_is_not_said_is_asked_for(page: Page) -> None:
    """One press enters it."""
    page.goto("/new")
    page.get_by_role("button", name="Next: today").click(timeout=PATIENCE)
    churn = field(page, "Churn: Today")
    churn.fill("1.2%", timeout=PATIENCE)
    churn.blur()
    expect(page.locator("#said")).to_contain_text("“1.2%” can mean two things", timeout=PATIENCE)
    expect(page.get_by_role("button", name="per month", exact=True)).to_be_visible()
    picture(page, "grid_unit")
    page.get_by_role("button", name="per year", exact=True).click()
    expect(churn).to_have_value("1.2", timeout=PATIENCE)
    expect(page.get_by_role("combobox", name="Churn: Unit")).to_have_value("% per year")
    expect(page.locator("#said")).to_have_count(0)
    undo(page, "Churn: Today", "")
    assert "Traceback" not in (folder_of(page) / "log").read_text(encoding="utf-8")
