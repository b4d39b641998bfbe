"""The Company page without a browser: every field of the language is there, and what is entered reaches the draft."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cxmodel.scenario import Scenario, load, stories
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.ids import id_of
from cxmodel.scenario.fields.introspection import fields_of
from cxmodel.scenario.provenance import origins
from cxmodel.scenario.yaml_text.paths import REMOVE
from cxmodel.workbench.drafts import form as fields
from cxmodel.workbench.drafts.form import Form
from cxmodel.workbench.drafts.store import Drafts

SECTIONS = {
    "Proposition & promises": {"name", "question", "summary", "horizon", "currency", "value_propositions",
                               "brand_promises", "rivals"},
    "Insight": {"insight_sources", "survey", "closed_loop"},
    "Five Ps": {"levers"},
    "Journey": {"journey"},
    "Customers": {"today", "segments", "attributes", "economics", "assumptions"},
    "Initiatives & plans": {"initiatives", "plans", "futures", "targets", "expect"},
}  # fmt: skip


def script() -> None:
    """The page, without the frame around it."""
    import streamlit as st

    from cxmodel.errors import CxModelError
    from cxmodel.workbench.pages import company
    from cxmodel.workbench.session import view

    try:
        company.show(view.find(st.query_params.to_dict()))
    except CxModelError as error:
        st.error(str(error))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of the pretty app in a workspace of its own."""
    monkeypatch.setenv("CXMODEL_WORKSPACE", str(tmp_path))
    # AppTest leaves its script as the main module, which processes started by later tests would run
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    page = AppTest.from_function(script, default_timeout=60)
    page.query_params["story"] = "pretty_app"
    page.query_params["plan"] = "both"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AppTest's own
        yield page


def turn(page: AppTest, tab: str, *opened: str) -> AppTest:
    """Turn to a tab and open entries."""
    page.session_state["company tab"] = tab
    for dotted in opened:
        page.session_state[f"open {dotted}"] = True
    page.run()
    assert not page.exception
    return page


def path_of(widget: Any) -> str:
    """The path of the field that a widget is, however often it was made anew; nothing for another widget."""
    name = str(widget.key).partition(" · ")[0]
    return name.removeprefix("field ") if name.startswith("field ") else ""


def widget(page: AppTest, dotted: str) -> Any:
    """The widget of a field."""
    for kind in ("number_input", "text_input", "text_area", "selectbox", "multiselect", "slider", "toggle"):
        for each in page.get(kind):
            if path_of(each) == dotted:
                return each
    raise AssertionError(f"no field {dotted}")


def keys(page: AppTest) -> set[str]:
    """The paths of the fields that are drawn."""
    kinds = ("number_input", "text_input", "text_area", "selectbox", "multiselect", "slider", "toggle")
    return {path for kind in kinds for each in page.get(kind) if (path := path_of(each))}


def told(page: AppTest) -> str:
    """All that stands beside the fields."""
    words = unescape("\n".join(str(each.proto.body) for each in page.get("html")))
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("<code>", "`").replace("</code>", "`")


def draft_of(page: AppTest, workspace: Path) -> tuple[Drafts, Any]:
    """The draft that the page's address names now."""
    store = Drafts(workspace)
    id = page.query_params["draft"]
    return store, store.get(id if isinstance(id, str) else id[-1])


def test_every_section_of_the_language_has_its_tab() -> None:
    """A new section has to be given a place; the version and free keys are for the YAML tab."""
    assert set().union(*SECTIONS.values()) | {"schema", "meta"} == set(fields_of(Scenario))


@pytest.mark.slow
@pytest.mark.parametrize("story", stories())
def test_every_number_and_word_of_a_story_can_be_edited(page: AppTest, story: str) -> None:
    """Whatever a story says, in whatever section, there is a field for it on the page."""
    page.query_params["story"] = story
    scenario = load(stories()[story])
    drawn: set[str] = set()
    for tab, sections in SECTIONS.items():
        opened = [f"{section}.{key}" for section in sections for key in _keys(scenario, section)]
        turn(page, tab, "about", "assumptions", *opened)
        drawn |= keys(page)
    written = {each.path for each in origins(scenario) if each.file}
    missing = {path for path in written if path not in drawn and not path.startswith(("meta", "schema", "expect"))}
    expected = {f"expect.{place}.{key}" for place, each in enumerate(scenario.written["expect"]) for key in each}
    assert missing == set() and expected <= drawn


def _keys(scenario: Scenario, section: str) -> list[str]:
    entries = scenario.written.get(section) or ()
    return [str(each) for each in (range(len(entries)) if isinstance(entries, list) else entries)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "opened", "dotted", "entered", "meant"),
    [
        ("Proposition & promises", "about", "question", "What now?", "What now?"),
        ("Proposition & promises", "about", "horizon", "36 months", "36 months"),
        ("Proposition & promises", "brand_promises.on_your_face", "brand_promises.on_your_face.level", "90", 90),
        ("Proposition & promises", "rivals.pizza_chain", "rivals.pizza_chain.switch", True, True),
        ("Insight", "insight_sources.rival_watch", "insight_sources.rival_watch.sees", ["speed"], ["speed"]),
        ("Insight", "insight_sources.rival_watch", "insight_sources.rival_watch.lag", "2 weeks", "2 weeks"),
        ("Five Ps", "", "levers.people.level", 0.8, 0.8),
        ("Five Ps", "", "levers.people.cost", "1000 per month", "1000 per month"),
        ("Journey", "journey.track_order", "journey.track_order.delivers.clarity", "61.5", 61.5),
        ("Journey", "journey.track_order", "journey.track_order.stage", "use", "use"),
        ("Journey", "journey.call_us", "journey.call_us.staffed.hours", "08:00-20:00", "08:00-20:00"),
        ("Customers", "", "today.nps", "40", 40),
        ("Customers", "segments.style_seekers", "segments.style_seekers.needs.ease.weight", "3", 3),
        ("Customers", "assumptions", "assumptions.recency", "0.8", None),
        ("Initiatives & plans", "plans.both", "plans.both", ["promise_less"], ["promise_less"]),
        ("Initiatives & plans", "", "targets.nps", "40", 40),
        (
            "Initiatives & plans",
            "initiatives.real_tracking",
            "initiatives.real_tracking.changes.journey.track_order.delivers.clarity",
            "+10 %",
            "+10 %",
        ),
    ],
)
def test_what_is_entered_gets_into_the_draft(
    page: AppTest, tmp_path: Path, tab: str, opened: str, dotted: str, entered: Any, meant: Any
) -> None:
    """One edit of one field: the draft says so, the field says what the file says, and it can be put back."""
    if dotted.startswith("assumptions"):
        dotted = f"assumptions.{next(iter(fields_of(type(load(stories()['pretty_app']).assumptions))))}"
        entered, meant = "0.5", 0.5
    turn(page, tab, *filter(None, [opened]))
    widget(page, dotted).set_value(entered).run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    rows = store.rows(draft)
    assert [row.path for row in rows] in ([dotted], [dotted + ".0"])
    assert fields.number(_at(store.scenario(draft), dotted)) == meant
    (back,) = [each for each in page.button if each.key == f"back {dotted}"]
    assert "changed" in back.label
    back.click().run()
    assert not page.exception
    assert draft_of(page, tmp_path)[1].text == draft.base


def _at(scenario: Scenario, dotted: str) -> Any:
    form = Form(scenario, scenario, frozenset())
    head, _, tail = dotted.partition(".changes.")
    return form.at((*head.split("."), *(["changes", tail] if tail else [])))


@pytest.mark.slow
def test_a_number_of_ones_own_may_take_the_place_of_a_sourced_one(page: AppTest, tmp_path: Path) -> None:
    """Outside the source's range it is not refused for good: without range and source it can be."""
    turn(page, "Customers")
    widget(page, "today.nps").set_value("50").run()
    assert "is above its high" in told(page)
    (plainly,) = [each for each in page.button if each.key == "plainly today.nps"]
    plainly.click().run()
    assert not page.exception and "is above its high" not in told(page)
    store, draft = draft_of(page, tmp_path)
    assert "nps:   {value: 50}" in draft.text and _at(store.scenario(draft), "today.nps") == {"value": 50}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "opened", "dotted", "entered", "code"),
    [
        ("Journey", "journey.track_order", "journey.track_order.delivers.clarity", "140", "CXM204"),
        ("Journey", "journey.track_order", "journey.track_order.visits", "0.5", "CXM213"),
        ("Journey", "journey.track_order", "journey.track_order.every", "5", "CXM205"),
        ("Journey", "journey.track_order", "journey.track_order.every", "soon", "CXM206"),
        ("Journey", "journey.new_frames", "journey.new_frames.every", "", "CXM401"),
        ("Customers", "", "today.leave", "-3 % per month", "CXM204"),
        ("Proposition & promises", "about", "name", "", "CXM202"),
        ("Insight", "insight_sources.rival_watch", "insight_sources.rival_watch.sees", [], "CXM202"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    page: AppTest, tmp_path: Path, tab: str, opened: str, dotted: str, entered: Any, code: str
) -> None:
    """As `validate` says it; what was entered stays in the field, on another tab and back, and no draft is begun."""
    turn(page, tab, *filter(None, [opened]))
    widget(page, dotted).set_value(entered).run()
    assert code in told(page) and 'role="alert"' in told(page)
    turn(page, "YAML")
    turn(page, tab, *filter(None, [opened]))
    assert widget(page, dotted).value == entered and code in told(page)
    assert "draft" not in page.query_params and Drafts(tmp_path).recent() == []
    (back,) = [each for each in page.button if each.key == f"back {dotted}"]
    back.click().run()
    assert widget(page, dotted).value != entered and code not in told(page)


@pytest.mark.slow
def test_units_as_people_write_them_are_understood_and_what_can_be_two_things_is_asked(
    page: AppTest, tmp_path: Path
) -> None:
    """The text gets the one spelling of the language."""
    turn(page, "Customers")
    widget(page, "today.leave").set_value("1.5%").run()
    assert "per month or per year?" in told(page) and "draft" not in page.query_params
    page.button(key="plainly 1.5 % per year today.leave").click().run()
    store, draft = draft_of(page, tmp_path)
    assert "1.5 % per year" in draft.text and "per month or per year?" not in told(page)
    widget(page, "economics.margin").set_value("£9.50 a month").run()
    assert "margin: 9.50 per month" in draft_of(page, tmp_path)[1].text
    widget(page, "economics.margin").set_value("€9 a month").run()
    assert "every amount of this scenario is in GBP" in told(page)
    turn(page, "Initiatives & plans", "initiatives.real_tracking")
    widget(page, "initiatives.real_tracking.starts").set_value("Q3 2026").run()
    assert "`month 0` is the start" in told(page)
    widget(page, "initiatives.real_tracking.half_life").set_value("3 mths").run()
    assert "half_life: 3 months" in draft_of(page, tmp_path)[1].text
    assert store.get(draft.id)


@pytest.mark.slow
def test_a_number_within_its_range_keeps_its_source_and_one_beyond_is_told(page: AppTest, tmp_path: Path) -> None:
    """`platforms` was seen between .3 and .5: .8 needs another range first."""
    turn(page, "Five Ps")
    assert "it_review" in told(page) and "0.3 to 0.5" in told(page)
    widget(page, "levers.platforms.level").set_value(0.8).run()
    assert "above its high" in told(page)
    turn(page, "Five Ps", "sources levers")
    widget(page, "levers.platforms.level.high").set_value("0.9").run()
    widget(page, "levers.platforms.level").set_value(0.75).run()
    store, draft = draft_of(page, tmp_path)
    assert store.scenario(draft).facts["levers.platforms.level"].source == "it_review"
    assert {row.path for row in store.rows(draft)} == {"levers.platforms.level", "levers.platforms.level.high"}


@pytest.mark.slow
def test_a_number_can_be_given_a_source(page: AppTest, tmp_path: Path) -> None:
    """It is then a number with a source, its value as before."""
    turn(page, "Five Ps", "sources levers")
    widget(page, "levers.people.level.source").set_value("staff survey").run()
    store, draft = draft_of(page, tmp_path)
    fact = store.scenario(draft).facts["levers.people.level"]
    assert (fact.value, fact.source) == (0.7, "staff survey") and "staff survey" in told(page)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "path", "name"),
    [
        ("Proposition & promises", ("brand_promises",), "Same-day delivery"),
        ("Proposition & promises", ("rivals",), "Corner shop"),
        ("Insight", ("insight_sources",), "Mystery shoppers"),
        ("Journey", ("journey",), "Returns desk"),
        ("Customers", ("segments",), "Bargain hunters"),
        ("Customers", ("attributes",), "Warmth"),
        ("Initiatives & plans", ("initiatives",), "Train people"),
        ("Initiatives & plans", ("futures",), "Recession"),
        ("Initiatives & plans", ("plans",), "Bold"),
    ],
)
def test_an_entry_can_be_added_and_removed(page: AppTest, tmp_path: Path, tab: str, path: KeyPath, name: str) -> None:
    """It begins valid, open and marked as new; removed, the text is as before."""
    (section,) = path
    turn(page, tab)
    page.text_input(key=f"new {section}").set_value(name)
    page.button(key=f"add {section}").click().run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    id = id_of(name)
    assert [row.path for row in store.rows(draft)] == [f"{section}.{id}"]
    assert '<b class="cx-mark">new</b>' in told(page)
    page.button(key=f"remove {section}.{id}").click().run()
    assert draft_of(page, tmp_path)[1].text == draft.base


@pytest.mark.slow
def test_a_new_bargain_is_for_a_segment_that_has_none(page: AppTest, tmp_path: Path) -> None:
    """Where each has one, that is told; with a new segment, it is for that one."""
    turn(page, "Proposition & promises")
    page.text_input(key="new value_propositions").set_value("Gold card")
    page.button(key="add value_propositions").click().run()
    assert "already has a bargain" in told(page) and "draft" not in page.query_params
    turn(page, "Customers")
    page.text_input(key="new segments").set_value("Hunters")
    page.button(key="add segments").click().run()
    turn(page, "Proposition & promises")
    page.text_input(key="new value_propositions").set_value("Gold card")
    page.button(key="add value_propositions").click().run()
    store, draft = draft_of(page, tmp_path)
    assert store.scenario(draft).value_propositions["gold_card"].segments == ("hunters",)


@pytest.mark.slow
def test_a_name_that_is_taken_or_missing_is_told(page: AppTest) -> None:
    """Nothing is added."""
    turn(page, "Journey")
    page.button(key="add journey").click().run()
    assert "Give it a name first" in told(page)
    page.text_input(key="new journey").set_value("Track order")
    page.button(key="add journey").click().run()
    assert "There is one of that name already" in told(page)


@pytest.mark.slow
def test_what_goes_with_a_thing_is_asked_about_first(page: AppTest, tmp_path: Path) -> None:
    """Nothing happens before the answer; undo brings all of it back."""
    turn(page, "Initiatives & plans", "initiatives.real_tracking")
    page.button(key="remove initiatives.real_tracking").click().run()
    assert "This also changes 2 other places" in told(page) and "Plan both: goes on without it" in told(page)
    assert "draft" not in page.query_params
    page.button(key="leave it").click().run()
    assert "This also changes" not in told(page)
    page.button(key="remove initiatives.real_tracking").click().run()
    page.button(key="do it").click().run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    assert store.scenario(draft).plans["both"] == ("promise_less",)
    assert store.undo(draft.id).text == draft.base


@pytest.mark.slow
def test_the_only_one_cannot_be_removed(page: AppTest) -> None:
    turn(page, "Customers", "segments.style_seekers")
    page.button(key="remove segments.style_seekers").click().run()
    assert "it is the only segment" in told(page) and "draft" not in page.query_params


@pytest.mark.slow
def test_a_thing_is_called_otherwise_and_its_id_changes_where_it_is_named(page: AppTest, tmp_path: Path) -> None:
    """A name is its label; the id changes only when asked for, with everything that names it."""
    turn(page, "Journey", "journey.track_order")
    page.button(key="rename journey.track_order").click().run()
    page.text_input(key="name of rename journey.track_order").set_value("Wo bleibt’s?").run()
    assert "This also changes" not in told(page)
    page.text_input(key="id of journey.track_order").set_value("unboxing").run()
    assert "there is a touchpoint `unboxing` already" in told(page) and page.button(key="do it").disabled
    page.text_input(key="id of journey.track_order").set_value("where_is_it").run()
    assert "This also changes 2 other places" in told(page)
    page.button(key="do it").click().run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    scenario = store.scenario(draft)
    assert scenario.label("journey", "where_is_it") == "Wo bleibt’s?"
    assert "journey.where_is_it.delivers.clarity" in scenario.initiatives["real_tracking"].changes
    assert store.reset(draft.id, "journey.where_is_it").text == draft.base


@pytest.mark.slow
def test_the_plan_that_is_shown_keeps_being_shown_by_its_new_name(page: AppTest, tmp_path: Path) -> None:
    turn(page, "Initiatives & plans", "plans.both")
    page.button(key="rename plans.both").click().run()
    page.text_input(key="name of rename plans.both").set_value("All we have").run()
    page.button(key="do it").click().run()
    assert page.query_params["plan"] in ("all_we_have", ["all_we_have"])
    store, draft = draft_of(page, tmp_path)
    assert "all_we_have" in store.scenario(draft).plans


@pytest.mark.slow
def test_things_move_are_copied_and_put_between(page: AppTest, tmp_path: Path) -> None:
    turn(page, "Journey", "journey.track_order")
    order = list(load(stories()["pretty_app"]).journey)
    place = order.index("track_order")
    page.button(key="down journey.track_order").click().run()
    store, draft = draft_of(page, tmp_path)
    assert list(store.scenario(draft).journey)[place + 1] == "track_order"
    page.button(key="up journey.track_order").click().run()
    assert draft_of(page, tmp_path)[1].text == draft.base
    page.button(key="duplicate journey.track_order").click().run()
    page.button(key="do it").click().run()
    store, draft = draft_of(page, tmp_path)
    assert list(store.scenario(draft).journey) == [*order[: place + 1], "track_order_2", *order[place + 1 :]]
    page.button(key="insert journey.track_order").click().run()
    assert page.button(key="do it").disabled
    page.text_input(key="name of insert journey.track_order").set_value("Tell me: when?").run()
    page.button(key="do it").click().run()
    store, draft = draft_of(page, tmp_path)
    assert list(store.scenario(draft).journey)[place + 1] == "tell_me_when"
    assert store.scenario(draft).label("journey", "tell_me_when") == "Tell me: when?"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "opened", "dotted"),
    [
        ("Journey", "journey.unboxing", "journey.unboxing.fails"),
        ("Journey", "journey.unboxing", "journey.unboxing.shortfall"),
        ("Journey", "journey.call_us", "journey.call_us.fails"),
        ("Insight", "", "closed_loop"),
        ("Five Ps", "", "levers.culture"),
        ("Five Ps", "", "levers.single_view"),
        ("Initiatives & plans", "initiatives.promise_less", "initiatives.promise_less.cost"),
    ],
)
def test_a_part_that_may_be_left_out_can_be_begun_and_removed(
    page: AppTest, tmp_path: Path, tab: str, opened: str, dotted: str
) -> None:
    """The text is then as before."""
    turn(page, tab, *filter(None, [opened]))
    (add,) = [each for each in page.button if str(each.key).startswith(f"add {dotted} ")]
    add.click().run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    assert [row.path for row in store.rows(draft)] == [dotted]
    page.button(key=f"remove {dotted}").click().run()
    assert draft_of(page, tmp_path)[1].text == draft.base


@pytest.mark.slow
def test_adoption_has_two_ways(page: AppTest, tmp_path: Path) -> None:
    """Taken out, either way can be begun."""
    turn(page, "Customers", "segments.style_seekers")
    page.button(key="remove segments.style_seekers.adoption").click().run()
    page.button(key="add segments.style_seekers.adoption Bass").click().run()
    store, draft = draft_of(page, tmp_path)
    assert set(store.scenario(draft).written["segments"]["style_seekers"]["adoption"]) == {"p", "q"}


@pytest.mark.slow
def test_an_initiative_gets_one_more_change_by_choosing_it(page: AppTest, tmp_path: Path) -> None:
    """It begins at today's value."""
    turn(page, "Initiatives & plans", "initiatives.real_tracking")
    page.selectbox(key="another initiatives.real_tracking.changes").set_value("journey.call_us.staffed.agents").run()
    assert not page.exception
    store, draft = draft_of(page, tmp_path)
    changes = store.scenario(draft).written["initiatives"]["real_tracking"]["changes"]
    assert changes["journey.call_us.staffed.agents"] == 2


@pytest.mark.slow
def test_what_few_say_of_a_touchpoint_is_one_click_away(page: AppTest, tmp_path: Path) -> None:
    """Said, it is with the rest."""
    turn(page, "Journey", "journey.unboxing")
    assert "journey.unboxing.spend" not in keys(page)
    turn(page, "Journey", "journey.unboxing", "more journey.unboxing")
    widget(page, "journey.unboxing.spend").set_value("100 per month").run()
    turn(page, "Journey", "journey.unboxing")
    page.session_state["open more journey.unboxing"] = False
    page.run()
    assert widget(page, "journey.unboxing.spend").value == "100 per month"


@pytest.mark.slow
def test_the_address_names_the_tab(page: AppTest) -> None:
    """A refresh, or a link, opens it; what is no tab is the first one."""
    page.query_params["tab"] = "Five Ps"
    page.run()
    assert "levers.people.level" in keys(page)
    widget(page, "levers.people.level").set_value(0.8).run()
    assert "tab" in page.query_params and not page.exception


@pytest.mark.slow
def test_two_quick_edits_of_a_file_land_in_one_draft(page: AppTest, tmp_path: Path) -> None:
    """Both callbacks run before the page is drawn anew."""
    turn(page, "Five Ps")
    widget(page, "levers.people.level").set_value(0.8)
    widget(page, "levers.practices.level").set_value(0.9)
    page.run()
    store, draft = draft_of(page, tmp_path)
    assert len(store.rows(draft)) == 2 and len(store.recent()) == 1


@pytest.mark.slow
def test_a_source_is_taken_out_with_the_rest_staying(page: AppTest, tmp_path: Path) -> None:
    """The number and its range stay."""
    turn(page, "Customers", "sources today")
    widget(page, "today.nps.source").set_value("").run()
    store, draft = draft_of(page, tmp_path)
    fact = store.scenario(draft).facts["today.nps"]
    assert (fact.value, fact.low, fact.source) == (39, 35, "")


@pytest.mark.slow
@pytest.mark.parametrize("story", stories())
def test_every_new_entry_begins_valid_in_every_story(tmp_path: Path, story: str) -> None:
    """Whatever the story has or has not."""
    store = Drafts(tmp_path)
    draft = store.open(stories()[story])
    scenario = store.scenario(draft)
    form = Form(scenario, scenario, frozenset())
    for section in set().union(*SECTIONS.values()) - {"value_propositions"}:
        if fields.shape_of(fields_of(Scenario)[section]) == "entries":
            store.edit(draft.id, {(section, "brand_new"): form.starter((section, "brand_new"))})
            store.edit(draft.id, {(section, "brand_new"): REMOVE})
            store.undo(draft.id)
