"""The Report page in a real browser: tick, preview, take away; and the page Guide, to be read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from pptx import Presentation

import cxmodel as cx
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.html import page as written
from tests.browser.conftest import SCREENSHOTS

pytestmark = pytest.mark.browser

PATIENCE = 120_000
NOT_RUN = ("verdict", "mend", "alternatives")
"""Sections that a run by itself has nothing for."""
WHERE = "story=small_shop&plan=friendlier"
SHOP = """\
schema: 1
name: Small shop
question: Would fresher bread be worth it?
horizon: 6 months
currency: GBP
attributes: {kindness: {kind: must_be}, speed: {kind: performance}}
today: {nps: 20}
segments: {neighbours: {customers: 120, needs: {kindness: {level: 70}, speed: {level: 60}}}}
journey:
  till: {stage: buy, every: 30 days, delivers: {kindness: 50, speed: 70}, fails: {rate: 0.05}}
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}}
  counter: {stage: support, delivers: {kindness: 65}}
economics: {margin: 9 per month}
initiatives: {fresh: {what: Bake it fresh, changes: {journey.bread.delivers.kindness: 80}, cost: {once: 10}}}
plans: {friendlier: [fresh]}
"""


@pytest.fixture(autouse=True)
def shop(workbench: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A scenario in the workspace that is played in a moment."""
    for workspace in tmp_path_factory.getbasetemp().glob("workspace*"):
        (workspace / "small_shop.yaml").write_text(SHOP, "utf-8")


def opened(page: Page, more: str = "") -> None:
    """Open the Report page and wait for the preview."""
    page.goto(f"/report?{WHERE}{more}")
    expect(page.locator("iframe[title], iframe[src^='data:']").first).to_be_visible(timeout=PATIENCE)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)


def taken(page: Page, label: str) -> tuple[str, bytes]:
    """The name and the content of a download."""
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=label).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_report_is_there_to_be_looked_at_and_taken_away(page: Page) -> None:
    """Page, slides, workbook and ZIP are named after file and plan, open, and hold the same run."""
    opened(page)
    expect(page.frame_locator("iframe").first.get_by_role("heading", level=1)).to_contain_text("fresher bread")
    page.screenshot(path=SCREENSHOTS / "report.png")
    names, files = zip(*(taken(page, label) for label in ("Page", "Slides", "Workbook", "Everything")), strict=True)
    assert names == tuple(f"small_shop-friendlier.{ending}" for ending in ("html", "pptx", "xlsx", "zip"))
    html, slides, book, everything = files
    assert b"<!doctype html>" in html and len(Presentation(BytesIO(slides)).slides) >= 8
    assert openpyxl.load_workbook(BytesIO(book)).sheetnames[0] == "About"
    assert ZipFile(BytesIO(everything)).testzip() is None


def test_what_is_not_ticked_is_not_told_and_a_reload_keeps_it_so(page: Page) -> None:
    """The ticks live in the address."""
    opened(page)
    page.get_by_text("Over time", exact=True).first.click()
    expect(page.frame_locator("iframe").first.locator("#time")).to_have_count(0, timeout=PATIENCE)
    assert "without=time" in page.url
    page.reload()
    expect(page.frame_locator("iframe").first.locator("#trust")).to_have_count(1, timeout=PATIENCE)
    expect(page.frame_locator("iframe").first.locator("#time")).to_have_count(0)


def test_the_page_says_how_to_make_the_figures_again(page: Page) -> None:
    """The exact command line and Python lines."""
    opened(page)
    expect(page.get_by_text("--plan as_is --plan friendlier --replications 30 --seed 1")).to_be_visible()
    expect(page.get_by_text("cx.simulate(scenario, plan='friendlier', replications=30, seed=1)")).to_be_visible()


@pytest.mark.parametrize("part", ["equations", "assumptions", "words", "figures"])
def test_the_method_can_be_read(page: Page, part: str) -> None:
    """Each part opens from its address, and nothing sticks out sideways."""
    page.goto(f"/guide?{WHERE}&about={part}")
    expect(page.get_by_role("heading", name="How the model works")).to_be_visible(timeout=PATIENCE)
    said = {"equations": "Perception and the gap", "assumptions": "are assumptions", "words": "Failure demand"}
    expect(page.get_by_text(said.get(part, "Each with a 95 % interval")).first).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(800)
    page.screenshot(path=SCREENSHOTS / f"method_{part}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_report_opens_offline_without_script(browser: Browser, stories: Path, tmp_path: Path, look: str) -> None:
    """A file on disk, no network, scripting off: every section that has something to tell is drawn and fits."""
    scenario = cx.load(stories / "pretty_app.yaml").with_changes({"horizon": "12 months"})
    runs = [cx.simulate(scenario, plan, replications=3) for plan in ("fix_the_wait", "as_is")]
    file = tmp_path / "report.html"
    file.write_text(written(Account(runs[0], runs[1])), "utf-8")
    scheme = "dark" if look == "dark" else "light"
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, offline=True, java_script_enabled=False, color_scheme=scheme
    )
    tab = context.new_page()
    tab.goto(file.as_uri())
    expect(tab.locator("main > section")).to_have_count(len(SECTIONS) - len(NOT_RUN))
    boxes = [chart.bounding_box() for chart in tab.locator("svg.chart").all()]
    tab.screenshot(path=SCREENSHOTS / f"report_file_{look}.png", full_page=True)
    context.close()
    assert len(boxes) >= 11
    assert all(box and box["height"] > 20 and box["x"] >= 0 and box["x"] + box["width"] <= 1280 for box in boxes)
