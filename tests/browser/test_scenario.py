"""The Company page as people meet it: fields and text of one draft, wrong entries, files that come in and go out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import cxmodel as cx
from cxmodel.scenario import loads, stories
from tests.browser.steps import PATIENCE, folder_of, picture
from tests.workbench.test_drafts import BOMB

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

PRETTY = stories()["pretty_app"]
TABS = ("Proposition & promises", "Insight", "Five Ps", "Journey", "Customers", "Initiatives & plans", "YAML")


def turn(page: Page, tab: str, *entries: str) -> None:
    """Turn to a tab and open entries."""
    page.get_by_role("tab", name=tab).click()
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    settled(page)
    for entry in entries:
        page.locator("summary", has_text=entry).first.click()
        settled(page)


def settled(page: Page) -> None:
    """Wait until the page has been drawn."""
    page.wait_for_timeout(250)
    page.wait_for_selector("[data-test-script-state=notRunning]")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


def cell(page: Page, dotted: str) -> Locator:
    """A field with all that stands beneath it."""
    return page.locator(f"[class*='st-key-cxcell'][class$='{re.sub('[^a-z0-9_-]', '-', dotted)}'], "
                        f"[class*='st-key-cxcell'][class*='-{re.sub('[^a-z0-9_-]', '-', dotted)} ']")  # fmt: skip


def enter(page: Page, dotted: str, value: str) -> None:
    """Type into a field and leave it."""
    field = cell(page, dotted).locator("input, textarea").first
    field.fill(value)
    field.press("Enter" if field.evaluate("each => each.tagName") == "INPUT" else "Control+Enter")


def count(page: Page, changes: int) -> None:
    """Wait until the header tells so many changes."""
    words = "No changes" if not changes else "1 change" if changes == 1 else f"{changes} changes"
    expect(page.get_by_role("button", name=f"{words} vs file")).to_be_visible()
    settled(page)


def area(page: Page) -> Locator:
    """The text field of the YAML tab."""
    return page.get_by_label("The scenario as YAML")


def written(page: Page, old: str, new: str) -> None:
    """Write something else in the YAML tab, as a typist would."""
    text = area(page).input_value()
    assert old in text
    area(page).fill(text.replace(old, new, 1))


def downloaded(page: Page) -> str:
    """The file that the YAML tab gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download YAML").last.click()
    return Path(coming.value.path()).read_bytes().decode("utf-8")


def lines(text: str) -> list[str]:
    """The lines that differ from the story's file."""
    told = unified_diff(PRETTY.read_text("utf-8").splitlines(), text.splitlines(), lineterm="", n=0)
    return [line for line in told if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.fixture
def page(page: Page) -> Page:
    """A fresh tab that waits for a busy machine."""
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture
def other(browser: Browser, workbench: str) -> Iterator[BrowserContext]:
    """Somebody else's browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=workbench)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def test_a_field_in_each_tab_changes_its_line_and_can_be_put_back(page: Page) -> None:
    """From tab to tab by hand; the file that comes out differs in those lines only."""
    page.goto("/company?runs=4&story=pretty_app&plan=both")
    settled(page)
    picture(page, "scenario_proposition")
    enter(page, "brand_promises-on_your_face-level", "90")
    count(page, 1)
    turn(page, "Insight")
    enter(page, "insight_sources-rival_watch-lag", "4 months")
    count(page, 2)
    picture(page, "scenario_insight")
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 3)
    expect(page.get_by_role("button", name="changed · back to 0.7")).to_be_visible()
    picture(page, "scenario_levers")
    turn(page, "Journey", "Track order")
    enter(page, "journey-track_order-delivers-clarity", "55")
    count(page, 4)
    picture(page, "scenario_journey")
    turn(page, "Customers")
    enter(page, "today-nps", "40")
    count(page, 5)
    picture(page, "scenario_customers")
    turn(page, "Initiatives & plans", "Real tracking")
    enter(page, "initiatives-real_tracking-starts", "month 6")
    count(page, 6)
    picture(page, "scenario_plans")
    turn(page, "YAML")
    changed = lines(downloaded(page))
    assert len(changed) == 12, changed
    assert "+  people:     {level: 0.75}" in changed
    turn(page, "Five Ps")
    page.get_by_role("button", name="changed · back to 0.7").click()
    count(page, 5)
    turn(page, "YAML")
    assert len(lines(downloaded(page))) == 10
    picture(page, "scenario_yaml")


def test_a_thing_is_renamed_moved_and_removed_from_its_menu(page: Page) -> None:
    """What else changes is shown first; undo brings it back."""
    page.goto("/company?runs=4&story=pretty_app&plan=both&tab=Journey")
    settled(page)
    page.get_by_text("Track order", exact=True).click()
    settled(page)  # a menu that is opened while the drawer grows stays where it was

    def choose(name: str) -> None:
        page.get_by_role("button", name="Rename, move, copy, remove").first.click()
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=name).click()

    choose("Rename …")
    dialog = page.get_by_role("dialog").filter(has_text="Rename: Track order")
    dialog.get_by_role("textbox", name="Id in the file").fill("where_is_it")
    dialog.get_by_role("textbox", name="Id in the file").press("Enter")
    expect(dialog.locator("#reach li")).to_have_count(2)
    picture(page, "scenario_rename")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog).to_be_hidden()
    turn(page, "YAML")
    assert sum("where_is_it" in line for line in lines(downloaded(page))) == 2
    turn(page, "Journey")
    choose("Remove")
    dialog = page.get_by_role("dialog").filter(has_text="Remove: ")
    expect(dialog.locator("#reach")).to_contain_text("Plan both: goes on without it")
    picture(page, "scenario_remove")
    dialog.get_by_role("button", name="Leave it as it is").click()
    expect(dialog).to_be_hidden()


def test_a_wrong_entry_is_told_beside_its_field_and_changes_nothing(page: Page) -> None:
    """The entry stays to be mended, its message beneath it; mended, the message goes."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Journey", "Track order")
    clarity = "journey-track_order-delivers-clarity"
    enter(page, clarity, "140")
    alert = cell(page, clarity).get_by_role("alert")
    expect(alert).to_contain_text("CXM204: 140 is too much – a level from 0 to 100")
    expect(cell(page, clarity).locator("input")).to_have_value("140")
    count(page, 0)
    picture(page, "scenario_wrong_value")
    enter(page, clarity, "60")
    count(page, 1)
    expect(alert).to_have_count(0)


@pytest.mark.parametrize("field", ["journey-track_order-visits", "journey-track_order-delivers-clarity"])
def test_a_menu_opens_at_the_first_tap_after_typing(browser: Browser, workbench: str, field: str) -> None:
    """On a tablet: what was typed is taken, and the menu stays open though the page is drawn anew."""
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, base_url=workbench)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Journey", "Track order")
    cell(page, field).locator("input").tap()
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    cell(page, "journey-track_order-stage").locator("input").tap()
    page.get_by_role("option").first.wait_for()
    page.wait_for_timeout(2000)  # what was typed has been answered meanwhile
    page.get_by_role("option").first.tap()
    count(page, 2)
    context.close()


def test_a_number_can_be_taken_out(page: Page) -> None:
    """Emptied, what may be left out is not set; what has to be set says what it needs, and nothing changes."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Journey", "Track order")
    visits = cell(page, "journey-track_order-visits").locator("input")
    expect(visits).to_have_value("9")
    enter(page, "journey-track_order-visits", "")
    count(page, 1)
    expect(visits).to_have_value("")
    page.get_by_role("button", name="changed · back to 9").click()
    count(page, 0)
    expect(visits).to_have_value("9")
    turn(page, "Customers")
    level = "segments-style_seekers-needs-clarity-level"
    enter(page, level, "")
    expect(cell(page, level).get_by_role("alert")).to_contain_text("CXM202: `level` is missing".replace("`", ""))
    count(page, 0)


def test_text_and_fields_are_two_views_of_one_draft(page: Page) -> None:
    """A field changes the text, the text changes the field, undo takes back either."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 1)
    turn(page, "YAML")
    expect(area(page)).to_have_value(re.compile(r"people: +\{level: 0\.75\}"))
    written(page, "{level: 0.75}", "{level: 0.85}")
    written(page, "visits: 9", "visits: 7")
    count(page, 2)
    turn(page, "Journey", "Track order")
    expect(cell(page, "journey-track_order-visits").locator("input")).to_have_value("7")
    page.get_by_role("button", name="Undo", exact=True).click()
    count(page, 1)
    expect(cell(page, "journey-track_order-visits").locator("input")).to_have_value("9")


def test_wrong_text_is_explained_line_by_line_and_never_lost(page: Page, other: BrowserContext) -> None:
    """The same messages as `validate`; a click leads to the line; reload, another page and another tab keep it."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "YAML")
    written(page, "clarity: 40", "clarty: 40")
    with pytest.raises(cx.ScenarioError) as refused:
        loads(PRETTY.read_text("utf-8").replace("clarity: 40", "clarty: 40"))
    problems = refused.value.problems
    expect(page.get_by_text(f"{len(problems)} problems.").first).to_be_visible()
    items = page.get_by_role("list", name="Problems").get_by_role("listitem")
    expect(items).to_have_count(len(problems))
    for item, problem in zip(items.all(), problems, strict=True):
        expect(item).to_contain_text(f"line {problem.line}, column {problem.column}")
        expect(item).to_contain_text(f"{problem.code}: {problem.path}: {problem.message}")
        expect(item).to_contain_text(f"hint: {problem.expected}")
    items.first.get_by_role("button").click()
    selected = area(page).evaluate("each => each.value.slice(each.selectionStart, each.selectionEnd)")
    assert selected == "clarty"
    picture(page, "scenario_wrong_text")
    page.reload()
    turn(page, "YAML")
    expect(area(page)).to_have_value(re.compile("clarty: 40"))
    tab = other.new_page()
    tab.goto(page.url.replace("tab=YAML", "tab=Five+Ps"))
    tab.get_by_role("link", name=f"Text has {len(problems)} problems: showing the last valid version").click()
    expect(tab.get_by_role("tab", name="YAML")).to_have_attribute("aria-selected", "true")
    expect(area(tab)).to_have_value(re.compile("clarty: 40"))
    written(tab, "clarty: 40", "clarity: 45")
    count(tab, 1)
    expect(tab.get_by_role("list", name="Problems").get_by_role("listitem")).to_have_count(3)  # the file's warnings
    page.reload()
    count(page, 1)


def test_wrong_text_is_told_on_every_page_and_not_saved(page: Page) -> None:
    """The run state says it and leads to the YAML tab; mended, nothing is said any more."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "YAML")
    written(page, "visits: 9", "visits: nine")
    said = page.get_by_role("link", name="Text has 1 problem: showing the last valid version")
    expect(said).to_be_visible()
    for name in ("Results", "Compare", "Explore", "Report", "Guide"):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(re.compile(f"/{name.lower()}"))
        expect(said).to_be_visible()
    picture(page, "scenario_wrong_text_elsewhere")
    said.click()
    expect(page.get_by_role("tab", name="YAML")).to_have_attribute("aria-selected", "true")
    expect(area(page)).to_have_value(re.compile("visits: nine"))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name=re.compile("^Save to")).click()
    expect(page.get_by_text("The YAML tab holds text with 1 problem, and nothing was written.")).to_be_visible()
    page.keyboard.press("Escape")
    written(page, "visits: nine", "visits: 8")
    count(page, 1)
    expect(said).to_have_count(0)


def test_what_was_typed_a_moment_ago_survives_closing_the_page(page: Page) -> None:
    """Nobody has to leave the field first."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "YAML")
    area(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("# a last thought")
    count(page, 0)
    page.wait_for_url(re.compile("draft="))
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    turn(page, "YAML")
    expect(area(page)).to_have_value(re.compile("# a last thought$"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("wrong", PRETTY.read_bytes().replace(b"journey:", b"journy:"), "did you mean `journey`?"),
        ("deep", b"[" * 50_000, "CXM109"),
        ("bomb", BOMB.encode(), "CXM109"),
        ("tags", b"schema: 1\nname: !!python/object/apply:os.system [true]\n", "CXM107"),
        ("binary", bytes(range(256)) * 20, "CXM104"),
        ("utf16", PRETTY.read_text("utf-8").encode("utf-16"), "CXM104"),
        ("markup", b"schema: 1\nname: <img src=x onerror=alert(1)>\n<script>: 1\n", "CXM"),
    ],
)
def test_a_hostile_upload_gives_the_message_and_leaves_the_workbench_working(
    page: Page, name: str, content: bytes, said: str
) -> None:
    """What was there stays, and the next good file opens."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "YAML")
    bring(page, f"{name}.yaml", content)
    expect(page.get_by_text(f"{name}.yaml cannot be opened")).to_be_visible()
    expect(page.locator(".cx-problem", has_text=said).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    count(page, 0)
    good = PRETTY.read_bytes().replace(b"name: The pretty app", b"name: Brought along")
    bring(page, "good.yaml", good)
    expect(page.locator(".cx-scenario")).to_have_text("Brought along")
    if name == "wrong":
        picture(page, "scenario_uploaded")


def test_a_file_far_too_big_is_not_even_sent(page: Page) -> None:
    """The browser says so."""
    page.goto("/company?runs=4&story=pretty_app&tab=YAML")
    bring(page, "huge.yaml", b"#" * 3_000_000)
    expect(page.get_by_text("File must be 2.0MB or smaller")).to_be_visible()
    count(page, 0)


def bring(page: Page, name: str, content: bytes) -> None:
    """Drop a file, once nothing is drawn anew any more: a browser forgets a file that is dropped in between."""
    expect(page.locator("[data-state=fresh]")).to_be_visible()
    settled(page)
    if not page.locator("input[type=file]").count():
        page.get_by_role("button", name="Open a file").click()
    file = {"name": name, "mimeType": "application/yaml", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]


def test_two_people_with_two_drafts_do_not_see_each_others_changes(page: Page, other: BrowserContext) -> None:
    """Both began with the same story."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 1)
    theirs = other.new_page()
    theirs.goto("/company?runs=4&story=pretty_app")
    count(theirs, 0)
    turn(theirs, "Five Ps")
    theirs.get_by_role("slider", name="Practices, level").press("ArrowLeft")
    count(theirs, 1)
    page.reload()
    count(page, 1)
    turn(page, "Five Ps")
    expect(page.get_by_role("slider", name="Practices, level")).to_have_value("0.5")
    expect(page.get_by_role("slider", name="People, level")).to_have_value("0.75")


def test_two_tabs_of_one_draft_lose_nothing(page: Page, other: BrowserContext) -> None:
    """A tab that was drawn before the other's edit adds its own."""
    page.goto("/company?runs=4&story=pretty_app")
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 1)
    second = other.new_page()
    second.goto(page.url)
    turn(second, "YAML")
    page.get_by_role("slider", name="Practices, level").press("ArrowRight")
    count(page, 2)
    written(second, "visits: 9", "visits: 8")
    count(second, 3)
    page.reload()
    count(page, 3)


def test_saved_and_opened_again_it_gives_the_same_numbers(
    page: Page, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The file in the workspace, the downloaded one and the draft mean the same; only the edited lines differ."""
    page.goto("/company?runs=4&story=pretty_app&plan=both")
    turn(page, "Journey", "Track order")
    enter(page, "journey-track_order-delivers-clarity", "66")
    count(page, 1)
    turn(page, "YAML")
    text = downloaded(page)
    assert lines(text) == [
        "-    delivers: {clarity: 40, speed: 50, polish: 30}",
        "+    delivers: {clarity: 66, speed: 50, polish: 30}",
    ]
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name=re.compile("^Save to")).click()
    count(page, 0)
    saved = max(
        (each for folder in tmp_path_factory.getbasetemp().glob("workspace*") for each in folder.glob("pretty*.yaml")),
        key=lambda each: each.stat().st_mtime,
    )
    assert saved.read_bytes().decode() == text
    (tmp_path / "again.yaml").write_text(text, encoding="utf-8")
    bring(page, "again.yaml", text.encode())
    expect(page.get_by_text("again.yaml: valid")).to_be_visible()
    assert cx.load(saved).hash == cx.load(tmp_path / "again.yaml").hash
    assert downloaded(page) == text
    saved.unlink()


def test_saving_asks_before_it_replaces_a_file_and_can_take_another_name(page: Page) -> None:
    """A story that was renamed leaves its file alone until its reader says otherwise."""
    page.goto("/guide")
    file = folder_of(page) / "cafe.yaml"
    file.write_bytes(PRETTY.read_bytes())
    page.goto("/company?runs=4&story=cafe")
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 1)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save to cafe.yaml").click()
    expect(page.get_by_text("cafe.yaml was there before your draft.")).to_be_visible()
    picture(page, "scenario_replacing")
    assert file.read_bytes() == PRETTY.read_bytes()
    page.get_by_label("File name").fill("Café Müller")
    page.get_by_role("button", name="Save as").click()
    expect(page.get_by_text("Written to")).to_be_visible()
    count(page, 0)
    saved = folder_of(page) / "Café_Müller.yaml"
    assert file.read_bytes() == PRETTY.read_bytes() and "level: 0.75" in saved.read_text("utf-8")
    page.get_by_label("File name").fill("cafe")
    page.get_by_role("button", name="Save as").click()
    page.get_by_role("button", name="Replace it").click()
    expect(page.get_by_role("button", name="Save to cafe.yaml")).to_be_visible()
    assert file.read_bytes() == saved.read_bytes()
    file.unlink()
    saved.unlink()


@pytest.mark.parametrize(
    ("width", "height", "look"),
    [
        pytest.param(1280, 900, "light", marks=pytest.mark.soak),
        pytest.param(1280, 900, "dark", marks=pytest.mark.soak),
        pytest.param(1920, 1080, "light", marks=pytest.mark.soak),
        (820, 1180, "light"),
    ],
)
def test_every_tab_fits_the_screen(
    browser: Browser, workbench: str, width: int, height: int, look: Literal["light", "dark"]
) -> None:
    """Nothing sticks out sideways, whatever is open."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=look, base_url=workbench)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/company?runs=4&story=kit_car_insurance")
    outside = []
    for tab in TABS:
        turn(page, tab)
        if tab in ("Journey", "Initiatives & plans"):
            page.locator("summary").first.click()
            settled(page)
        picture(page, f"scenario_{tab.split()[0].lower()}_{width}_{look}")
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth + 1"):
            outside.append(tab)
    context.close()
    assert outside == []


def test_turning_from_tab_to_tab_in_a_hurry_changes_nothing(page: Page) -> None:
    """No field takes what nobody entered, however often the page is interrupted while it is drawn."""
    page.goto("/company?runs=4&story=pretty_app")
    page.get_by_role("tab").first.wait_for()
    for pause in (30, 150, 400, 900):
        for tab in (*TABS[:6], *reversed(TABS[:6])):
            page.get_by_role("tab", name=tab).click()
            page.wait_for_timeout(pause)
    turn(page, "Five Ps")
    page.get_by_role("slider", name="People, level").press("ArrowRight")
    count(page, 1)
    for tab in (*TABS[:6], *reversed(TABS[:6])):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
    settled(page)
    count(page, 1)
