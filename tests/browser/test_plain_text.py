"""What a scenario says is shown as it is written: no picture from elsewhere, no link, no colour, no formula."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request

from tests.browser.conftest import served

pytestmark = pytest.mark.browser
WILD = "![a](http://elsewhere.example/a.png) **b** :red[c] $x^2$ :smile: [d](http://elsewhere.example) <b>e</b>"
SHOP = f"""\
schema: 1
name: "{WILD}"
question: "{WILD}"
horizon: 3 months
attributes: {{kindness: {{label: "{WILD}", kind: must_be}}}}
segments:
  neighbours: {{label: "{WILD}", customers: 80, needs: {{kindness: {{level: 70}}}}}}
  others: {{label: Ἄλλοι, customers: 80, needs: {{kindness: {{level: 70}}}}}}
journey:
  till: {{stage: buy, delivers: {{kindness: 50}}}}
  bread: {{label: "{WILD}", stage: use, every: 7 days, delivers: {{kindness: 60}}}}
initiatives: {{smile: {{what: "{WILD}", changes: {{journey.bread.delivers.kindness: 80}}, cost: {{once: 10}}}}}}
plans: {{friendlier: {{label: "{WILD}", what: "{WILD}", initiatives: [smile]}}, same: {{label: שלום}}}}
"""


def test_free_text_is_plain_text_on_every_page(browser: Browser, tmp_path: Path) -> None:
    """Nothing is asked of another host, and the words stand there to the letter."""
    (tmp_path / "wild.yaml").write_text(SHOP, "utf-8")
    with served(tmp_path) as (address, _):
        page = browser.new_page(base_url=address)
        asked: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        page.on("request", note)
        page.goto("/")
        link = page.get_by_role("link", name="Open !").first
        link.wait_for(timeout=60_000)
        assert link.inner_text().replace("\u2060", "") == f"Open {WILD}"
        for name in ("results", "scenario", "compare", "explore", "report"):
            page.goto(f"/{name}?story=wild")
            page.locator("h1, .cx-group, [data-testid=stTab]").first.wait_for(timeout=60_000)
            page.wait_for_timeout(2000)
            assert page.locator("img[src*=elsewhere], a[href*=elsewhere]").count() == 0
        page.goto("/results?story=wild")
        page.get_by_text("Smile", exact=True).wait_for(timeout=60_000)
        page.locator(".st-key-initiatives [data-testid=stTooltipHoverTarget]").first.hover()
        told = page.locator("[data-testid=stTooltipContent]").last
        told.wait_for(timeout=10_000)
        assert told.inner_text().replace("\u2060", "").strip() == WILD
        assert [url for url in asked if "elsewhere" in url] == []
