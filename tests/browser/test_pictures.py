"""The pictures of the README and the docs: each page once, as it is when nothing moves any more."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import PICTURES

pytestmark = [pytest.mark.browser, pytest.mark.soak]

PATIENCE = 240_000
STUDIES = 90_000
"""Milliseconds that the prices of mending may take; a picture without them is one too."""
WHERE = "story=pretty_app&plan=fix_the_wait"
SHOWN = {
    "results": (f"/results?{WHERE}", "#answer"),
    "company": (f"/company?{WHERE}", "[data-testid=stTabs], [role=tablist], [role=radiogroup]"),
    "compare": (f"/compare?{WHERE}", "table.cx-effects td strong"),
    "explore": (f"/explore?{WHERE}&ask=best&budget=20000", "[data-study=ready]"),
    "report": (f"/report?{WHERE}", "iframe"),
}
"""Each page, and what is there once it has something to show."""


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_can_be_pictured(page: Page, name: str) -> None:
    """`make screenshots` leaves its picture in docs/images, the browser tests beside themselves."""
    address, seen = SHOWN[name]
    page.goto(address)
    expect(page.locator(seen).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-state=fresh]").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=PATIENCE)
    if name == "explore":
        page.get_by_role("button", name="Start").click()
        expect(page.locator("[data-study=done]")).to_be_visible(timeout=PATIENCE)
    if name == "results":
        with suppress(TimeoutError):  # the prices of mending come last
            page.wait_for_function("!document.body.innerHTML.includes('>…</text>')", timeout=STUDIES)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)
    page.wait_for_timeout(1500)  # charts are drawn a moment after their numbers
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
