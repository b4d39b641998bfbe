"""Steps that people take on the page, and how to wait for what it answers."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.smiles import SMILES

SCREENSHOTS = Path(__file__).parent / "screenshots"
"""Where pictures of the page are left for whoever wants to look."""
FOLDERS: dict[str, Path] = {}
"""The workspace of each workbench, by its port."""

PATIENCE = 120_000
"""Milliseconds that a busy machine may take for an answer."""
INTERVAL = re.compile(r"\([−+]?\u2060?£?[\d.,]+k?(\s%)?\sto\s[−+]?\u2060?£?[\d.,]+k?(\s%)?\)")


def answer(page: Page) -> str:
    """The answer on the page, once its numbers are the final ones."""
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=PATIENCE)
    return page.locator("#answer").inner_text()


def changed(page: Page, before: str) -> None:
    """Wait until the page says something else."""
    page.wait_for_function(
        "before => document.querySelector('#answer')?.innerText !== before", arg=before, timeout=PATIENCE
    )


def picture(page: Page, name: str, folder: Path = SCREENSHOTS) -> None:
    """Leave a picture of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)
    page.wait_for_timeout(900)  # charts are drawn a moment after their numbers
    page.screenshot(path=folder / f"{name}.png")


def set_lever(page: Page, name: str, level: float) -> None:
    """Move a lever by keyboard, step by step, and wait until the page has taken it."""
    slider = page.get_by_role("slider", name=name)
    for _ in range(100):
        now = float(slider.input_value())
        if abs(now - level) < 1e-9:
            break
        slider.press("ArrowRight" if now < level else "ArrowLeft")
    expect(page.locator(".cx-doing")).to_contain_text(f"{name} at {level:.2f}", timeout=PATIENCE)


def folder_of(page: Page) -> Path:
    """The workspace of the workbench that a page shows."""
    return FOLDERS[page.evaluate("location.port")]


def explore(page: Page, asks: str, text: str = SMILES) -> None:
    """The Explore page on the corner shop, or another scenario, once it knows how long the study takes."""
    page.goto("/guide")
    (folder_of(page) / "smiles.yaml").write_text(text, "utf-8")
    page.goto(f"/explore?story=smiles&{asks}")
    study(page, "ready")


def study(page: Page, state: str) -> str:
    """What the page says of the study, once it is at this."""
    found = page.locator(f"[data-study={state}]")
    expect(found).to_be_visible(timeout=PATIENCE)
    return found.inner_text()
