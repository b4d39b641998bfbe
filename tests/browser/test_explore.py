"""The Explore page as people meet it: how long it takes, how far it is, what was found, and what to do with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import cxmodel as cx
from cxmodel.archive import Archive
from tests.browser.steps import PATIENCE, answer, explore, folder_of, picture, study
from tests.support.smiles import SMILES

pytestmark = pytest.mark.browser


def found(page: Page) -> str:
    """The sentence that says what was found."""
    study(page, "done")
    expect(page.locator("#answer")).to_be_visible(timeout=PATIENCE)
    return plain(page.locator("#answer").inner_text())


def plain(text: str) -> str:
    """Without the signs that hold a figure together on the page."""
    return text.replace("\u2060", "").replace("\xa0", " ")


def printed(line: list[str], file: Path, archive: Path) -> str:
    """What the command line prints, with an archive of its own."""
    command = [sys.executable, "-m", "cxmodel", line[0], str(file), *line[1:], "--quiet"]
    env = {**os.environ, "CXMODEL_ARCHIVE": str(archive)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout


def test_the_best_use_of_a_budget_is_found_and_loaded(page: Page, tmp_path: Path) -> None:
    """Its time is told first; the sentence is that of the command line; a set that was found becomes a plan."""
    explore(page, "plan=as_is&ask=best&budget=145")
    picture(page, "explore_before")
    assert re.fullmatch(r"At most \d+ cases, about \d+ (seconds?|minutes?)", study(page, "ready"))
    page.get_by_role("button", name="Start").click()
    said = found(page)
    line = ["optimise", "--budget", "145", "--maximise", "net_value"]
    assert said in printed(line, folder_of(page) / "smiles.yaml", tmp_path)
    expect(page.get_by_text("cxmodel optimise smiles.yaml --budget 145")).to_be_visible()
    expect(page.locator("[aria-label^='Cost and benefit']")).to_have_count(4, timeout=PATIENCE)
    picture(page, "explore_best")
    page.locator(".st-key-found-1").get_by_role("button", name="Use as plan").click()
    expect(page.locator(".st-key-found-1").get_by_role("button", name="Shown")).to_be_visible(timeout=PATIENCE)
    assert "plan=my_plan" in page.url and "draft=" in page.url
    assert found(page) == said  # one more plan is no other question
    page.get_by_role("link", name="Results").click()
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    assert answer(page)
    expect(page.locator(".cx-doing")).to_contain_text("Beam", timeout=PATIENCE)


def test_a_study_is_stopped_goes_on_and_outlives_its_page(page: Page) -> None:
    """What was played is kept; who comes back finds it done; the figures are those of Python."""
    explore(page, "plan=as_is&ask=matters&metric=nps&each=4")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-study=running]")).to_contain_text(re.compile(r"[1-9]\d* of \d+ cases"), timeout=PATIENCE)
    picture(page, "explore_running")
    page.get_by_role("button", name="Stop").click()
    assert re.fullmatch(r"Stopped at \d+ of \d+ cases; what was simulated is saved", study(page, "stopped"))
    page.get_by_role("button", name="Continue").click()
    study(page, "running")
    address = page.url
    page.goto("about:blank")
    page.wait_for_timeout(2000)
    page.goto(address)
    said = found(page)
    expect(page.locator("[aria-label^='What matters most']")).to_be_visible(timeout=PATIENCE)
    picture(page, "explore_matters")
    page.get_by_text("Every figure as a table").click()
    expect(page.get_by_text("the 95 % interval of simulation error")).to_be_visible(timeout=PATIENCE)
    kept = [json.loads(file.read_text()) for file in (folder_of(page) / ".cxmodel/studies/explored").glob("*.json")]
    (document,) = (each for each in kept if each.get("metric") == "nps" and "rows" in each)
    alone = cx.sensitivity(cx.loads(SMILES), metric="nps", replications=4, over=["journey", "economics"], jobs=1)
    mine = {row["path"]: row for row in document["rows"]}
    assert all(mine[row["path"]] == row for row in json.loads(json.dumps(alone.rows)))
    assert "What matters most to NPS is" in said and document["rows"][0]["name"] in said


@pytest.mark.slow
def test_where_a_plan_fails_is_told_and_such_a_world_is_loaded(page: Page) -> None:
    """A box in a sentence and a picture; the world opens as a draft, with what is otherwise listed as changes."""
    explore(
        page, "plan=kinder&ask=fails&worlds=60", SMILES.replace("once: 100", "once: {value: 300, low: 50, high: 9000}")
    )
    page.get_by_role("button", name="Start").click()
    said = found(page)
    assert re.search(r"It fails in \d+ of 60 assumption scenarios .*coverage .*density", said), said
    expect(page.locator("[aria-label^='Conditions under which it fails']")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[aria-label^='Boxes to choose from']")).to_be_visible(timeout=PATIENCE)
    picture(page, "explore_fails")
    page.get_by_role("button", name="Use one of these scenarios as draft").click()
    page.wait_for_url(re.compile("/results"), timeout=PATIENCE)
    assert answer(page)
    expect(page.get_by_role("button", name=re.compile(r"\d+ changes vs file"))).to_be_visible(timeout=PATIENCE)


def test_what_cannot_be_asked_is_told(page: Page) -> None:
    """As is cannot fail to pay; without initiatives there is nothing to choose; another way to fail is at hand."""
    page.goto("/guide")
    text: Any = re.sub(r"initiatives:.*", "", SMILES, flags=re.DOTALL)
    (folder_of(page) / "bare.yaml").write_text(text, "utf-8")
    page.goto("/explore?story=bare&ask=best")
    expect(page.get_by_text("There are no initiatives to choose from")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="Stress test").click()
    expect(page.get_by_text("Today (no action) changes nothing, so it cannot fail to pay")).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_role("combobox", name="It fails where").click()
    page.get_by_role("option", name="is below a number").click()
    study(page, "ready")
    assert "fails=customer_equity" in page.url or "fails=nps" in page.url


def test_the_archive_of_the_page_is_that_of_the_command_line(page: Page) -> None:
    """Who has played a study at the command line finds it kept on the page."""
    explore(page, "plan=kinder&ask=fails&worlds=60&fails=nps+%3C+-90")
    store = Archive(folder_of(page) / ".cxmodel")
    cx.discover(cx.loads(SMILES), "kinder", fails="nps < -90", worlds=60, store=store)
    page.get_by_role("button", name="Start").click()
    assert "of 60 assumption scenarios" in found(page)
