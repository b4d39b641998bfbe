"""The Map page in a real browser: three maps of one company, following the header; to present and to take away."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from tests.browser.conftest import SCREENSHOTS
from tests.browser.steps import PATIENCE

pytestmark = pytest.mark.browser

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
