"""Everyone can use the page: axe-core finds nothing serious on it, light or dark, and the keyboard alone is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import PATIENCE, answer, explore, study
from tests.browser.steps import changed as has_changed

pytestmark = pytest.mark.browser

Look = Literal["light", "dark"]
TABS = ("Insight", "Five Ps", "Journey", "Customers", "Initiatives & plans", "YAML")
STORY = "story=pretty_app&plan=both&runs=6"
PAPER = """look => {
  const paper = getComputedStyle(document.querySelector('.stApp')).backgroundColor;
  const brightness = Math.max(...paper.match(/\\d+/g).slice(0, 3).map(Number));
  return look === 'dark' ? brightness < 60 : brightness > 240;
}"""
WORDS = """() => [...document.querySelectorAll('[role=status]')].reduce(
  (words, status) => words.replace(status.innerText, ''), document.body.innerText)"""


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.soak)])
def tab(request: pytest.FixtureRequest, browser: Browser, workbench: str) -> Iterator[Page]:
    """A fresh tab of a reader who likes it light, and of one who likes it dark."""
    look: Look = request.param
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=look, base_url=workbench, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def settle(page: Page) -> None:
    """Wait until the page has been drawn and its words stay as they are for a moment, but for how far studies are."""
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=PATIENCE)
    before = ""
    for _ in range(30):
        now = page.evaluate(WORDS)
        if now == before and not page.locator("[data-stale=true]").count():  # what is drawn anew is faded meanwhile
            break
        before = now
        page.wait_for_timeout(600)  # charts and editors are drawn a moment after their words


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical: the rule, where, and what is wrong."""
    settle(page)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def open_everything(page: Page) -> None:
    """Open what is folded, the first eight."""
    closed = page.locator("details:not([open]) > summary")
    for _ in range(min(8, closed.count())):
        closed.first.click()
        page.wait_for_timeout(150)
    settle(page)


def results(page: Page) -> None:
    """The results, complete, with the tables open and what each initiative contributes, wider than its place."""
    page.goto(f"/results?{STORY}")
    answer(page)
    expect(page.get_by_role("region", name="What each initiative contributes")).to_be_visible(timeout=PATIENCE)
    open_everything(page)


def changed(page: Page) -> None:
    """A lever moved, and the drawer of changes open."""
    page.goto("/results?story=pretty_app&plan=as_is&runs=6")
    before = answer(page)
    page.get_by_role("slider", name="Platforms").press("ArrowRight")
    has_changed(page, before)
    page.wait_for_selector("[data-state=running], [data-state=fresh]", timeout=PATIENCE)  # what is stale is faded
    page.get_by_role("button", name="vs file").click(timeout=PATIENCE)


def saving(page: Page) -> None:
    """The ways to save."""
    page.goto(f"/results?{STORY}")
    answer(page)
    page.get_by_role("button", name="Save").click()


def compared(page: Page) -> None:
    """A comparison, complete."""
    page.goto(f"/compare?{STORY}")
    page.wait_for_selector("[data-compared=whole]", timeout=PATIENCE)
    open_everything(page)


def explored(page: Page) -> None:
    """A study that was found, with its table open."""
    explore(page, "plan=as_is&ask=best&budget=120")
    page.get_by_role("button", name="Start").click()
    study(page, "done")
    open_everything(page)


def at(address: str) -> Callable[[Page], None]:
    """A page as it opens, and what is folded opened."""

    def visit(page: Page) -> None:
        page.goto(address)
        settle(page)
        open_everything(page)

    return visit


def new_company(step: str) -> Callable[[Page], None]:
    """A step of a new company, begun as an insurer."""

    def visit(page: Page) -> None:
        page.goto("/new")
        page.get_by_role("radio", name="An industry").click(timeout=PATIENCE)
        page.get_by_text("Insurer", exact=True).click(timeout=PATIENCE)
        page.wait_for_url("**/new?draft=*", timeout=PATIENCE)
        page.get_by_role("button", name=step).click(timeout=PATIENCE)
        page.wait_for_timeout(1000)
        settle(page)

    return visit


STATES: dict[str, Callable[[Page], None]] = {
    "home": at("/"),
    "new company, empty": at("/new"),
    **{
        f"new company, {step}": new_company(step)
        for step in (
            "1 Start from",
            "2 Today",
            "3 Journey and experience",
            "4 Promises and rivals",
            "5 Ideas",
            "6 First answer",
        )
    },
    "company": at(f"/company?{STORY}"),
    "map": at(f"/map?{STORY}"),
    "map, proposition": at(f"/map?{STORY}&map=Proposition"),
    "map, organisation": at(f"/map?{STORY}&map=Organisation"),
    "results": results,
    "a change": changed,
    "saving": saving,
    "compare": compared,
    "explore": explored,
    "report": at(f"/report?{STORY}"),
    "guide": at("/guide"),
}


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious_on_any_page(state: str, tab: Page) -> None:
    """Names, roles, contrast, order: each page as it opens and with what is folded opened."""
    STATES[state](tab)
    assert serious(tab) == []


def test_nothing_serious_in_any_section_of_the_scenario(tab: Page) -> None:
    """Each tab of the fields, and the editor of the text."""
    tab.goto(f"/company?{STORY}")
    wrong = []
    for name in TABS:
        settle(tab)
        tab.get_by_role("tab", name=name).click()
        wrong += [f"{name}: {one}" for one in serious(tab)]
    assert wrong == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_who_likes_it_dark_gets_it_dark(browser: Browser, workbench: str, look: Look) -> None:
    """The paper follows the reader's look, not only what is drawn on it."""
    page = browser.new_page(color_scheme=look, base_url=workbench)
    page.goto("/guide")
    settle(page)
    follows = page.evaluate(PAPER, look)
    page.close()
    assert follows


def test_a_lever_is_reached_and_changed_by_the_keyboard_alone(page: Page) -> None:
    """From the top of the page: Tab to a lever, an arrow key, and the answer is another."""
    page.goto("/results?story=pretty_app&plan=as_is&runs=6")
    before = answer(page)
    lever = page.get_by_role("slider", name="Platforms")
    for _ in range(60):
        page.keyboard.press("Tab")
        if lever.evaluate("lever => lever === document.activeElement"):
            break
    expect(lever).to_be_focused()
    page.keyboard.press("ArrowRight")
    has_changed(page, before)
    assert answer(page) != before


def test_whoever_goes_by_keyboard_sees_where_they_are(page: Page) -> None:
    """What Tab reaches first (the pages, the plan, the levers, the switches) is marked while it is reached."""
    page.goto("/results?story=pretty_app&plan=as_is&runs=6")
    answer(page)
    unmarked = []
    for _ in range(26):
        page.keyboard.press("Tab")
        if page.evaluate(MARKED) is False:
            unmarked.append(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
    assert unmarked == []


MARKED = """() => {
  const reached = document.activeElement, blue = 'rgb(11, 95, 165)';
  if (reached.tagName === 'MAIN' || reached === document.body) return null;
  const own = getComputedStyle(reached), frame = getComputedStyle(reached.parentElement);
  return own.outlineStyle !== 'none' || own.boxShadow !== 'none' || frame.borderColor === blue;
}"""
