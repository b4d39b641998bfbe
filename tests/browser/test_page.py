"""The workbench as people meet it: a real server, real simulations and a real browser."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.workbench.main import FORMERLY, PAGES
from tests.browser.conftest import PICTURES
from tests.browser.steps import INTERVAL, PATIENCE, answer, changed, folder_of, picture

pytestmark = pytest.mark.browser


def test_the_first_story_has_already_been_run(page: Page) -> None:
    """Who opens the page sees a question, an answer with its interval, and that the results match."""
    page.goto("/results")
    said = answer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("?")
    assert INTERVAL.search(said), said
    picture(page, "results", PICTURES)


@pytest.mark.parametrize("plan", ["as_is", "both"])
def test_each_sentence_of_the_answer_stands_apart(page: Page, plan: str) -> None:
    """A space follows each full stop in the text too, for who copies it or has it read aloud."""
    page.goto(f"/results?story=pretty_app&runs=6&plan={plan}")
    answer(page)
    said = page.locator(".cx-answer").text_content() or ""
    assert not re.search(r"[.?!][A-Z“]", said), said


def test_the_page_has_the_journey_and_four_numbers(page: Page) -> None:
    """The journey is drawn and can be heard; each of the four numbers has its interval."""
    page.goto("/results?story=pretty_app&plan=both")
    answer(page)
    expect(page.locator("[aria-label*='Journey of The pretty app']").first).to_be_attached(timeout=PATIENCE)
    cards = page.locator(".cx-card").all_inner_texts()
    assert [text.split("\n")[0] for text in cards] == [
        "Expectation gap",
        "Loyalty (retention)",
        "Advocacy (NPS)",
        "Customer equity",
    ]
    assert all(re.search(r"\sto\s", text) for text in cards)


def test_a_lever_moved_by_keyboard_changes_the_answer(page: Page) -> None:
    """The old numbers fade at once, and then the results match, in all replications; the interval is there."""
    page.goto("/results?story=pretty_app&plan=as_is")
    before = answer(page)
    page.get_by_role("slider", name="Practices").press("ArrowRight")  # which no other test moves: nothing is known yet
    expect(page.locator("[data-state=stale]")).to_contain_text("Out of date", timeout=PATIENCE)
    changed(page, before)
    after = answer(page)
    assert "draft=" in page.url and after != before and INTERVAL.search(after), after


def test_worth_is_never_shown_without_its_cost(page: Page) -> None:
    """A moved lever has no price tag, and the card says so."""
    page.goto("/results?story=pretty_app&plan=as_is&platforms=0.45")
    answer(page)
    expect(page.locator("[data-metric=customer_equity]")).to_contain_text("no cost given")


def test_a_lever_that_changes_nothing_says_what_holds_it(page: Page) -> None:
    """People is not the constraint of the pretty app."""
    page.goto("/results?story=pretty_app&plan=as_is&people=0.85")
    answer(page)
    expect(page.locator(".cx-hold").first).to_contain_text("People is not your constraint")


def test_another_plan_gives_another_answer_and_a_reload_the_same(page: Page) -> None:
    """The plan is chosen in its list; what is chosen lives in the page's address."""
    page.goto("/results?story=pretty_app&plan=fix_the_wait")
    before = answer(page)
    page.get_by_role("combobox", name="Plan").click()
    page.get_by_role("option", name="Both").click()
    changed(page, before)
    chosen = answer(page)
    page.reload()
    assert "plan=both" in page.url and chosen == answer(page) != before


def test_a_run_can_be_stopped_and_taken_up_again(page: Page) -> None:
    """Stop keeps what is done and says how much; *Run again* goes on; fewer replications are there at once."""
    page.goto("/results?story=pretty_app&plan=as_is&runs=1000")
    page.get_by_role("button", name="Stop").click(timeout=PATIENCE)
    expect(page.locator("[data-state=stopped]")).to_contain_text("of 1,000 runs", timeout=PATIENCE)
    page.get_by_role("button", name="Run again").click(timeout=PATIENCE)
    expect(page.locator("[data-state=running]")).to_be_visible(timeout=PATIENCE)
    page.goto("/results?story=pretty_app&plan=as_is")
    assert INTERVAL.search(answer(page))


def test_the_tables_say_the_same(page: Page) -> None:
    """Every chart can be read as a table, and none of them stands there twice."""
    page.goto("/results?story=pretty_app&plan=both")
    answer(page)
    page.get_by_text("The same as tables").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_have_count(
        len({chart.table for chart in CHARTS.values()}), timeout=PATIENCE
    )


def test_a_wrong_story_is_explained(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A scenario with mistakes is answered with what is wrong and where, not with a traceback."""
    workspace = next(folder for folder in tmp_path_factory.getbasetemp().glob("workspace*"))
    (workspace / "wrong.yaml").write_text("schema: 1\nname: Wrong\njourny: {}\n", encoding="utf-8")
    page.goto("/results?story=wrong")
    expect(page.get_by_text("This scenario has")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("pre", has_text="wrong.yaml:3")).to_contain_text("did you mean `journey`?")


@pytest.mark.parametrize(
    ("width", "height", "look"),
    [(1280, 900, "light"), (1280, 900, "dark"), (1920, 1080, "light"), (820, 1180, "light")],
)
def test_the_page_fits_the_screen(
    browser: Browser, workbench: str, width: int, height: int, look: Literal["light", "dark"]
) -> None:
    """Nothing sticks out sideways, on a board room's screen or on a tablet, light or dark."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=look)
    page = context.new_page()
    page.goto(f"{workbench}/results?story=pretty_app&plan=both")
    answer(page)
    picture(page, f"results_{width}_{look}")
    inside = page.evaluate(
        "[...document.querySelectorAll('.cx-card, .cx-answer, .cx-state, canvas, svg.marks')]"
        ".every(e => e.getBoundingClientRect().right <= innerWidth + 1)"
    )
    context.close()
    assert inside


def test_on_a_tablet_the_opening_chart_has_the_whole_width_and_no_link_is_cut(browser: Browser, workbench: str) -> None:
    """Its labels have the room that they are drawn for."""
    page = browser.new_page(viewport={"width": 820, "height": 1180}, base_url=workbench)
    page.goto("/")
    expect(page.locator("[data-state=fresh]")).to_be_visible(timeout=PATIENCE)
    chart = page.locator(".st-key-hero [aria-label*='Journey of']").first
    expect(chart).to_be_visible(timeout=PATIENCE)
    box = chart.bounding_box()
    cut = page.locator("[class*='st-key-card'] a *").evaluate_all(
        "all => all.some(e => e.scrollWidth > e.clientWidth + 1)"
    )
    picture(page, "start_820_light")
    page.close()
    assert box is not None and box["width"] > 700 and not cut


@pytest.mark.parametrize("plan", ["as_is", "both"])
def test_no_title_is_printed_twice_and_those_of_a_row_are_level(page: Page, plan: str) -> None:
    """Whatever stands side by side begins at the same height."""
    page.goto(f"/results?story=pretty_app&runs=6&plan={plan}")
    answer(page)
    expect(page.get_by_role("heading", name="Root causes of contacts")).to_be_visible(timeout=PATIENCE)
    found = page.locator("main :is(h2, h3)").evaluate_all(
        "all => all.map(e => [e.innerText.trim(), Math.round(e.getBoundingClientRect().y)])"
    )
    names = [name.casefold() for name, _ in found]
    heights = sorted(y for _, y in found)
    assert len(set(names)) == len(names), names
    assert not [(one, two) for one, two in pairwise(heights) if 0 < two - one < 12], found


def test_no_fault_reaches_the_reader(page: Page) -> None:
    """Nothing on the page looks like a program's fault."""
    page.goto("/results?story=nonsense&plan=nonsense&people=nonsense")
    answer(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert not re.search(r"Traceback|Error:|\bnan\b|None\b|undefined", page.locator("body").inner_text())


@pytest.mark.parametrize("name", ["", *PAGES[1:]])
def test_whatever_a_page_asks_for_is_there(page: Page, name: str) -> None:
    """Opened by its own address: no request fails, and the server has nothing to complain of."""
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"/{name}?story=pretty_app&runs=6")
    expect(page.locator(".cx-brand")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=PATIENCE)
    assert failed == []
    assert "Traceback" not in (folder_of(page) / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(("before", "now"), FORMERLY.items())
def test_a_link_of_old_leads_to_the_page_that_is_called_otherwise_now(page: Page, before: str, now: str) -> None:
    """With all that it says."""
    page.goto(f"/{before}?story=two_retailers&runs=6")
    page.wait_for_url(re.compile(f"/{now}[?](?=.*story=two_retailers)(?=.*runs=6)"), timeout=PATIENCE)
    expect(page.locator(".cx-scenario")).to_have_text("Two retailers", timeout=PATIENCE)


def test_a_link_to_a_story_that_is_not_there_says_so(page: Page) -> None:
    """With the nearest name, which leads there; on the story itself nothing is said any more."""
    page.goto("/results?story=two_retailer")
    said = page.get_by_text("There is no scenario two_retailer here. The pretty app is shown instead.")
    expect(said).to_be_visible(timeout=PATIENCE)
    answer(page)
    expect(said).to_be_visible()
    page.get_by_role("link", name="two_retailers").click()
    expect(page.locator(".cx-scenario")).to_have_text("Two retailers", timeout=PATIENCE)
    expect(page.get_by_text("There is no scenario")).to_have_count(0)


def test_nothing_is_there_twice_while_the_page_is_drawn_anew(page: Page) -> None:
    """From a link that leaves the plan open to another plan: one answer and one run state at every moment."""
    page.add_init_script(
        """window.most = {};
        new MutationObserver(() => {
          for (const one of ['#answer', '.st-key-strip .cx-state', '.cx-question'])
            window.most[one] = Math.max(window.most[one] ?? 0, document.querySelectorAll(one).length);
        }).observe(document, {childList: true, subtree: true});"""
    )
    page.goto("/results?story=pretty_app&runs=6")
    before = answer(page)
    page.get_by_role("combobox", name="Plan").click()
    page.get_by_role("option", name="Today (no action)").click()
    changed(page, before)
    answer(page)
    assert page.evaluate("window.most") == {"#answer": 1, ".st-key-strip .cx-state": 1, ".cx-question": 1}
