"""Model my company as somebody new does: from an empty page to a first answer in few steps, and by pasting."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cxmodel.report.text.numbers import figure
from cxmodel.scenario import Scenario, loads
from cxmodel.workbench.drafts.store import Drafts
from tests.browser.steps import PATIENCE, folder_of, picture
from tests.scenario.journeys.drawings import GERMAN_MAP, SHOP
from tests.workbench.test_new_company import PASTED

pytestmark = pytest.mark.browser


class Person:
    """Somebody at the page, whose interactions are counted: a click, a key pressed, a value typed is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, target: Locator) -> None:
        """Click on something."""
        self.count += 1
        target.click(timeout=PATIENCE)
        self.wait()

    def button(self, name: str | re.Pattern[str], **more: Any) -> None:
        """Click on a button by its name."""
        self.click(self.page.get_by_role("button", name=name, **more))

    def type(self, label: str, value: str) -> None:
        """Type a value into a field by its name, and leave it as the next one is reached."""
        self.count += 1
        field = self.page.get_by_role("textbox", name=label, exact=True)
        field.fill(value, timeout=PATIENCE)
        field.blur()
        self.wait()

    def choose(self, label: str, value: str) -> None:
        """Choose from a list by its name."""
        self.count += 1
        self.page.get_by_role("combobox", name=label, exact=True).select_option(value, timeout=PATIENCE)
        self.wait()

    def wait(self) -> None:
        """Until the page has answered."""
        self.page.wait_for_timeout(120)
        self.page.wait_for_selector("[data-test-script-state=notRunning]", timeout=PATIENCE)


@pytest.fixture
def person(page: Page) -> Iterator[Person]:
    """Somebody new, on the first page."""
    page.goto("/")
    expect(page.get_by_role("link", name="Model my company")).to_be_visible(timeout=PATIENCE)
    yield Person(page)
    assert "Traceback" not in (folder_of(page) / "log").read_text(encoding="utf-8")
    assert page.locator("[data-testid=stException]").count() == 0


def draft_text(page: Page) -> str:
    """The YAML of the draft that the address names."""
    found = re.search("draft=([^&]+)", page.url)
    assert found
    return Drafts(folder_of(page)).get(found[1]).text


def drafted(page: Page, there: Callable[[Scenario], bool]) -> Scenario:
    """The scenario of the draft, once what was entered last is in it."""
    until = time.monotonic() + PATIENCE / 1000
    while not there(found := loads(draft_text(page))) and time.monotonic() < until:
        page.wait_for_timeout(200)
    return found


def begin(person: Person, name: str) -> None:
    """From Home to the second step."""
    person.click(person.page.get_by_role("link", name="Model my company"))
    person.type("Company’s name", name)
    person.button("Next: today")
    expect(person.page.get_by_role("heading", name=f"New company: {name}")).to_be_visible(timeout=PATIENCE)


def today(person: Person) -> None:
    """What is known of today, and on."""
    for label, value in (
        ("Customers", "9000"), ("NPS", "12"), ("Churn", "1.1"), ("Contacts per customer", "1.2"),
        ("Margin per customer", "6"),
    ):  # fmt: skip
        person.type(f"{label}: Today", value)
    picture(person.page, "new_company_2_today")
    person.button("Next: journey and experience")


def promise_and_ideas(person: Person) -> None:
    """One promise, two ideas, and on to the answer."""
    page = person.page
    person.type("+ promise", "A bill you understand")
    person.type("Promise A bill you understand: Clarity", "84")
    picture(page, "new_company_4_promises")
    person.button("Next: ideas")
    person.type("+ idea", "A bill to read")
    person.choose("A bill to read: Improves", "First bill: Clarity")
    person.type("A bill to read: To level", "80")
    person.type("A bill to read: Cost once, GBP", "20000")
    person.type("+ idea", "Answer within a minute")
    person.choose("Answer within a minute: Improves", "Call centre: Speed")
    person.type("Answer within a minute: To level", "75")
    person.type("Answer within a minute: Running, GBP", "1500")
    picture(page, "new_company_5_ideas")
    person.button("Next: first answer")


def told(page: Page, tmp_path: Path) -> None:
    """The first answer is there, its YAML is whole, and the command line says the same."""
    expect(page.locator("#answer")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#verdict")).to_contain_text("plans", timeout=PATIENCE)
    expect(page.locator("#next")).to_contain_text("Where the numbers come from", timeout=PATIENCE)
    picture(page, "new_company_6_answer")
    text = draft_text(page)
    scenario = loads(text)
    assert text.count("\n# ") >= 8 and "# What customers judge" in text
    assert len(scenario.segments) == 2 and len(scenario.journey) == 6 and len(scenario.attributes) == 3
    assert len(scenario.brand_promises) == 1 and len(scenario.initiatives) == 2 and len(scenario.plans) == 3
    file = tmp_path / "acme.yaml"
    file.write_text(text, encoding="utf-8")
    said = page.locator("#answer")
    plan = str(said.get_attribute("data-plan"))
    command = [sys.executable, "-m", "cxmodel", "run", str(file), "--plan", plan, "--json", "--quiet"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "HOME": str(tmp_path)})
    document = json.loads(ran.stdout)
    figures = {row["metric"]: row["value"] for row in document["metrics"] if row["segment"] == "all"}
    words = said.inner_text().replace("\u2060", "")
    if plan == "as_is":
        assert f"NPS is {figure(figures['nps'], 'points')} " in words
    assert re.search(rf"\b{re.escape(figure(figures['expectation_gap'], 'points'))}\d? points", words)


def test_from_an_empty_page_to_a_first_answer(person: Person, tmp_path: Path) -> None:
    """A made-up energy supplier, cell by cell, in under sixty interactions."""
    page = person.page
    picture(page, "new_company_0_home")
    begin(person, "Acme Energy")
    today(person)
    grid = page.get_by_role("table", name="Touchpoints by attributes")
    expect(grid).to_be_visible(timeout=PATIENCE)
    person.type("Needed by All customers: Touchpoint", "Households")
    person.type("+ segment", "Small firms")
    person.type("Needed by Small firms: Phase", "600")
    person.type("Needed by Small firms: Speed", "80 ×3")
    for before, now in (
        ("Compare", "Compare tariffs"), ("First delivery", "First bill"), ("Everyday use", "Meter reading"),
        ("Ask for help", "Call centre"), ("Goodbye", "Moving out"),
    ):  # fmt: skip
        person.type(f"{before}: Touchpoint", now)
    for stop, attribute, level in (
        ("Compare tariffs", "Clarity", "72"), ("Compare tariffs", "Speed", "80"), ("Sign up", "Clarity", "65"),
        ("Sign up", "Speed", "70"), ("First bill", "Clarity", "45"), ("First bill", "Speed", ""),
        ("Meter reading", "Speed", "55"), ("Call centre", "Clarity", "62"), ("Call centre", "Speed", "41"),
        ("Call centre", "Friendliness", "70"), ("Moving out", "Clarity", "50"), ("Moving out", "Speed", "50"),
    ):  # fmt: skip
        person.type(f"{stop}: {attribute}", level)
    expect(page.locator("td.low")).to_have_count(2, timeout=PATIENCE)
    expect(page.get_by_text("Biggest expectation gap")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="7 of 9 things a first answer needs")).to_be_visible(timeout=PATIENCE)
    picture(page, "new_company_3_grid")
    at = page.url
    page.reload()
    expect(page.get_by_role("textbox", name="Call centre: Speed", exact=True)).to_have_value("41", timeout=PATIENCE)
    assert page.url == at
    person.button("Next: promises and rivals")
    promise_and_ideas(person)
    told(page, tmp_path)
    print(f"\nFrom Home to a first answer, cell by cell: {person.count} interactions")
    assert person.count < 60


def test_the_same_by_pasting_one_block(person: Person, tmp_path: Path) -> None:
    """Segments, touchpoints, attributes and levels in one go; Undo brings back what was there."""
    page = person.page
    begin(person, "Acme Energy")
    today(person)
    person.button("Paste from Excel")
    person.type(
        "Cells with their heads, copied from a spreadsheet", PASTED.replace("84000", "8400").replace("6,000", "600")
    )
    person.button("Replace the grid")
    expect(page.get_by_role("textbox", name="Call centre: Speed", exact=True)).to_have_value("41", timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Ask for help: Speed", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("textbox", name="Call centre: Speed", exact=True)).to_be_visible(timeout=PATIENCE)
    person.button("Next: promises and rivals")
    promise_and_ideas(person)
    told(page, tmp_path)
    print(f"\nFrom Home to a first answer, by pasting: {person.count} interactions")
    assert person.count < 60


def test_a_drawn_journey_is_pasted_or_uploaded(person: Person, tmp_path: Path) -> None:
    """A Mermaid diagram and a journey map each become the company; what was assumed is said."""
    page = person.page
    person.click(page.get_by_role("link", name="Model my company"))
    person.click(page.get_by_role("radio", name="A spreadsheet"))
    person.type("Or a block of cells with its heads, copied from a spreadsheet, or a Mermaid journey", SHOP)
    person.button("Take this block")
    expect(page.locator("#said")).to_contain_text("9 touchpoints of a Mermaid journey diagram", timeout=PATIENCE)
    assert "pay" in loads(draft_text(page)).journey
    file = tmp_path / "reise.csv"
    file.write_text(GERMAN_MAP, encoding="cp1252")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(file)
    expect(page.locator("#said")).to_contain_text("5 touchpoints of a journey map", timeout=PATIENCE)
    expect(page.locator("#said")).to_contain_text("Columns that were not read: Backstage", timeout=PATIENCE)
    picture(page, "new_company_1_drawn")
    scenario = loads(draft_text(page))
    assert "muller_cafe" in scenario.journey and scenario.warnings == ()


def eight(person: Person) -> None:
    """A company of eight touchpoints, on its grid: an industry's."""
    person.click(person.page.get_by_role("link", name="Model my company"))
    person.click(person.page.get_by_role("radio", name="An industry"))
    person.click(person.page.get_by_text("Utility", exact=True))
    person.page.wait_for_url("**/new?draft=*", timeout=PATIENCE)
    person.click(person.page.get_by_role("button", name="3 Journey and experience"))
    expect(person.page.get_by_role("textbox", name="Call centre: Speed", exact=True)).to_be_visible(timeout=PATIENCE)
    person.count = 0


def test_an_attribute_that_counts_takes_few_steps(person: Person) -> None:
    """Named, needed, and judged at eight touchpoints, in under fifteen interactions."""
    eight(person)
    page = person.page
    stops = [*loads(draft_text(page)).journey]
    person.type("+ attribute", "Fairness")
    person.type("Needed by Households: Fairness", "80 ×2")
    for stop, name in zip(stops, map(loads(draft_text(page)).label, ["journey"] * 8, stops), strict=True):
        assert stop
        person.type(f"{name}: Fairness", "58")
    scenario = drafted(page, lambda now: all("fairness" in each.delivers for each in now.journey.values()))
    assert all(each.delivers["fairness"] == 58 for each in scenario.journey.values()) and len(stops) == 8
    assert scenario.segments["households"].needs["fairness"].weight == 2
    print(f"\nAn attribute that counts: {person.count} interactions")
    assert person.count < 15


def test_a_touchpoint_between_two_others_takes_few_steps(person: Person) -> None:
    """Inserted, named and judged in under eight interactions."""
    eight(person)
    page = person.page
    person.button("Insert below: Bill")
    person.type("New touchpoint: Touchpoint", "Reminder")
    person.type("Reminder: Clarity", "48")
    scenario = drafted(page, lambda now: "reminder" in now.journey and "clarity" in now.journey["reminder"].delivers)
    order = list(scenario.journey)
    assert order[order.index("bill") + 1] == "reminder" and scenario.journey["reminder"].delivers["clarity"] == 48
    print(f"\nA touchpoint between two others: {person.count} interactions")
    assert person.count < 8


def test_what_cannot_be_is_said_and_nothing_is_lost(person: Person) -> None:
    """A wrong cell goes back to what it was; an attribute that nothing delivers is told of."""
    eight(person)
    page = person.page
    person.type("Call centre: Speed", "fast")
    expect(page.locator("#said")).to_contain_text("Not taken", timeout=PATIENCE)
    expect(page.get_by_role("textbox", name="Call centre: Speed", exact=True)).to_have_value("44")
    person.type("+ attribute", "Fairness")
    expect(page.locator("#odd")).to_contain_text("No touchpoint delivers Fairness yet.", timeout=PATIENCE)
    person.button("Remove: Call centre")
    person.button(re.compile("^Remove it and change"))
    expect(page.locator("#said")).to_contain_text("Undo brings it back", timeout=PATIENCE)
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("textbox", name="Bill: Clarity", exact=True)).to_be_visible(timeout=PATIENCE)


def test_a_new_company_on_a_tablet_in_the_dark(browser: Browser, workbench: str) -> None:
    """At 820 pixels, dark: the grid is there, and nothing lies outside the page."""
    context = browser.new_context(viewport={"width": 820, "height": 1180}, color_scheme="dark", base_url=workbench)
    page = context.new_page()
    page.goto("/")
    picture(page, "new_company_home_820_dark")
    person = Person(page)
    eight(person)
    expect(page.get_by_text("Biggest expectation gap")).to_be_visible(timeout=PATIENCE)
    picture(page, "new_company_3_grid_820_dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for number, name in ((1, "Start from"), (2, "Today"), (4, "Promises and rivals"), (5, "Ideas")):
        page.get_by_role("button", name=f"{number} {name}").click()
        page.wait_for_timeout(1500)
        picture(page, f"new_company_{number}_820_dark")
    context.close()
