"""How long a moved lever takes to be answered on the page, in all thirty runs; and what else a reader waits for.

    python -m tests.benchmarks.page [moves]

Taken in a real browser that looks at itself, so that looking costs little. Beside it stands what the engine alone
takes for the same replications in the same minute: the rest is the page's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from cxmodel.results.request import RunRequest
from cxmodel.scenario import load, stories
from cxmodel.simulation.replications import part_of
from tests.browser.conftest import served
from tests.browser.steps import answer
from tests.conftest import system_chromium

os.environ.setdefault("CXMODEL_ARCHIVE", tempfile.mkdtemp())
PAUSE = 2500
"""Milliseconds that a reader looks at an answer before moving the lever on."""
WATCH = """() => {
  const doing = () => document.querySelector('.cx-doing')?.innerText ?? '';
  const answer = () => document.querySelector('#answer');
  window.moved = {};
  document.addEventListener('keydown', () => {
    window.moved = {at: performance.now(), doing: doing(), answer: answer()?.innerText};
  }, true);
  setInterval(() => {
    const moved = window.moved, picture = document.querySelector('.st-key-picture');
    if (!moved.at || !answer() || doing() === moved.doing) return;
    const state = document.querySelector('[data-state]')?.dataset.state;
    const current = getComputedStyle(picture).opacity === '1'
      && answer().closest('[data-stale]')?.dataset.stale !== 'true' && answer().innerText !== moved.answer;
    if (current && state === 'fresh' && !moved.full) moved.full = performance.now() - moved.at;
  }, 20);
}"""


def moved(page: Page) -> float:
    """Seconds until a moved lever is answered."""
    page.wait_for_timeout(PAUSE)
    page.get_by_role("slider", name="Platforms").press("ArrowRight")
    page.wait_for_function("window.moved.full", timeout=120_000, polling=250)
    return float(page.evaluate("window.moved.full")) / 1000


def turned(page: Page) -> dict[str, float]:
    """Seconds from a click on each page's name until that page is whole, medians of five."""
    found: dict[str, list[float]] = {}
    for _ in range(5):
        for name in ("Compare", "Explore", "Report", "Results"):
            page.wait_for_timeout(PAUSE)
            began = time.perf_counter()
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_url(f"**/{name.lower()}*")
            page.wait_for_selector("[data-state=fresh]")
            page.wait_for_selector("[data-test-script-state=notRunning]", timeout=120_000)
            found.setdefault(name, []).append(time.perf_counter() - began)
    return {name: median(times) for name, times in found.items()}


def tested(page: Page) -> tuple[float, float]:
    """Seconds from a whole answer until the page says in how many of 20 assumption scenarios it pays, and of 100."""
    page.goto("/results?story=pretty_app&plan=both")
    answer(page)
    began = time.perf_counter()
    times = []
    for worlds in (r"\d+", "100"):
        said = f"/pays in \\d+ of {worlds} assumption scenarios/"
        page.wait_for_function(
            f"{said}.test(document.querySelector('#worth')?.innerText ?? '')", timeout=300_000, polling=100
        )
        times.append(time.perf_counter() - began)
    return times[0], times[1]


def alone() -> float:
    """Seconds that the engine takes for a lever moved in the pretty app, its past being known."""
    scenario = load(stories()["pretty_app"])
    times = []
    for level in (0.4, 0.45, 0.5, 0.55):
        acting = scenario.with_initiative("moved", {"levers.platforms.level": level}, plan="mine")
        began = time.perf_counter()
        part_of(RunRequest(acting, "mine"), range(30), jobs=None)
        times.append(time.perf_counter() - began)
    return median(times[1:])  # the first has played the past


def main(moves: int = 8) -> None:
    """Print the median."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with served(Path(tempfile.mkdtemp())) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), headless=True, args=quiet)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=address)
        began = time.perf_counter()
        page.goto("/results?story=pretty_app&plan=as_is")
        page.wait_for_selector("#answer", timeout=120_000)
        first = time.perf_counter() - began
        answer(page)
        page.evaluate(WATCH)
        times = [moved(page) for _ in range(moves)]
        pages = turned(page)
        some, every = tested(page)
        browser.close()
    print(f"moved  median {median(times):5.2f} s ({min(times):.2f} to {max(times):.2f}); engine {alone():.2f} s")
    print(f"first         {first:5.2f} s from opening the page of a server that has just started")
    print(f"turned        {', '.join(f'{name} {seconds:.2f} s' for name, seconds in pages.items())}")
    print(f"tested        {some:5.1f} s after the answer in some assumption scenarios, {every:.1f} s in all 100")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
