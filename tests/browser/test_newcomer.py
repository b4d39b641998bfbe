"""A newcomer's path from the first page to a file of one's own, with a picture at each step."""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cxmodel.report.text.numbers import figure, with_interval
from tests.browser.steps import INTERVAL, PATIENCE, answer, changed, folder_of, picture, set_lever

pytestmark = pytest.mark.browser


def figures(page: Page) -> dict[str, str]:
    """The four numbers on the page."""
    expect(page.locator(".cx-card")).to_have_count(4, timeout=PATIENCE)
    cards = page.locator(".cx-card").all()
    return {str(card.get_attribute("data-metric")): card.locator(".cx-figure").inner_text() for card in cards}


def test_a_newcomer_gets_from_the_first_page_to_a_file_of_their_own(page: Page, stories: Path, tmp_path: Path) -> None:
    """Read, move levers, switch an initiative on, compare, save, download, open again: the same numbers everywhere."""
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("?", timeout=PATIENCE)
    expect(page.locator("#answer")).to_contain_text(INTERVAL, timeout=PATIENCE)
    picture(page, "path_1_home")

    page.get_by_role("link", name="See the results").click()
    before = answer(page)
    page.get_by_role("combobox", name="Plan").click()
    page.get_by_role("option", name="Today (no action)").click()
    changed(page, before)
    before = answer(page)
    picture(page, "path_2_story")

    set_lever(page, "People", 0.8)
    changed(page, before)
    answer(page)
    expect(page.locator(".cx-hold").first).to_contain_text("People is not your constraint")
    picture(page, "path_3_people")

    before = answer(page)
    set_lever(page, "Platforms", 0.8)
    changed(page, before)
    assert INTERVAL.search(answer(page))
    picture(page, "path_4_platforms")

    before = answer(page)
    page.locator("label", has_text="Real tracking").click()
    changed(page, before)
    answer(page)
    seen, link = figures(page), page.url
    picture(page, "path_5_initiative")

    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text(re.compile("better|worse|unclear|no difference")).first).to_be_visible(timeout=PATIENCE)
    picture(page, "path_6_compare")
    page.go_back()
    answer(page)
    assert figures(page) == seen and page.url == link

    page.get_by_role("button", name="Save").click()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download YAML").click()
    file = tmp_path / "downloaded.yaml"
    downloaded.value.save_as(file)
    page.get_by_role("button", name="Save to pretty_app.yaml").click()
    expect(page.get_by_text("Written to")).to_be_visible(timeout=PATIENCE)
    picture(page, "path_7_saved")
    assert (folder_of(page) / "pretty_app.yaml").read_bytes() == file.read_bytes()
    (folder_of(page) / "pretty_app.yaml").unlink()
    told = list(
        difflib.unified_diff(
            (stories / "pretty_app.yaml").read_text(encoding="utf-8").splitlines(),
            file.read_text(encoding="utf-8").splitlines(),
            lineterm="",
            n=0,
        )
    )
    changes = [line for line in told if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changes and all(re.search("my_plan|moved_levers|what|changes|levers|starts", line) for line in changes), told

    page.goto("/")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    before = answer(page)
    page.get_by_role("combobox", name="Plan").click()
    page.get_by_role("option", name="My plan").click()
    page.wait_for_url(re.compile("plan=my_plan"), timeout=PATIENCE)
    changed(page, before)
    answer(page)
    assert figures(page) == seen

    command = [sys.executable, "-m", "cxmodel", "run", str(file), "--plan", "my_plan", "--json", "--quiet"]
    document = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    told_there = {row["metric"]: row for row in document["metrics"] if row["segment"] == "all"}
    nps = figure(told_there["nps"]["value"], "points")
    net = told_there["net_value"]
    worth, _ = with_interval(
        net["value"], net["low"], net["high"], "money", document["currency"], sign=True, brief=True
    )
    assert seen["nps"].startswith(nps) and seen["customer_equity"].replace("\u2060", "").startswith(worth)
