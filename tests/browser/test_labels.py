"""Labels as a browser shows them: in any script, in words, in charts and in what is chosen; a new one is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import served
from tests.browser.steps import PATIENCE
from tests.support.labels import LABELLED, LABELS

pytestmark = pytest.mark.browser


def test_things_are_called_by_their_labels(browser: Browser, tmp_path: Path) -> None:
    """On Results, Compare and Company; no id is to be seen on any of them."""
    (tmp_path / "labels.yaml").write_text(LABELLED, "utf-8")
    with served(tmp_path) as (address, _):
        page = browser.new_page(base_url=address)
        page.goto("/results?story=labels&plan=zq_both&runs=6")
        expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=2 * PATIENCE)
        expect(page.locator(".cx-doing strong")).to_have_text("Привет мир.")
        expect(page.locator(".cx-doing")).to_contain_text("Alles zugleich: Lächeln [hier](x); مرحبا.")
        expect(page.locator("[aria-label^='Journey of Labels']").first).to_have_attribute(
            "aria-label", re.compile("Müller Café .*日本語 店 "), timeout=PATIENCE
        )
        assert "zq" not in page.locator("[data-testid=stMain]").inner_text().lower()
        page.goto("/compare?story=labels&plan=zq_both&runs=6")
        expect(page.locator("[data-compared=whole]")).to_be_visible(timeout=2 * PATIENCE)
        expect(page.get_by_role("rowheader", name="e-Plan")).to_be_visible(timeout=PATIENCE)
        assert "zq" not in page.locator("[data-testid=stMain]").inner_text().lower()
        page.goto("/company?story=labels&tab=Journey")
        for label in LABELS["journey"].values():
            expect(page.get_by_text(label, exact=True).first).to_be_visible(timeout=PATIENCE)


def test_a_new_label_does_not_throw_out_who_goes_on_typing(browser: Browser, tmp_path: Path) -> None:
    """Its drawer stays as it is while it is open, and has the new name once it is opened again."""
    (tmp_path / "labels.yaml").write_text(LABELLED, "utf-8")
    with served(tmp_path) as (address, _):
        page = browser.new_page(base_url=address)
        page.goto("/company?story=labels&tab=Journey")
        page.get_by_text("Müller Café", exact=True).first.click(timeout=PATIENCE)
        field = page.locator(".st-key-cxcell-journey-zq_cafe-label input")
        field.fill("Café Größenwahn", timeout=PATIENCE)
        field.press("Tab")
        expect(page.get_by_text("changed · back to Müller Café").first).to_be_visible(timeout=PATIENCE)
        assert page.evaluate("document.activeElement.closest('[class*=cxcell]') !== null")
        page.get_by_text("Müller Café", exact=True).first.click()
        expect(page.get_by_text("Café Größenwahn", exact=True).first).to_be_visible(timeout=PATIENCE)
