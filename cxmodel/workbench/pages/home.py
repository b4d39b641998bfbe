"""Home: what this is, two ways to begin, recent work, a first picture at once, the examples with their verdicts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.report.charts.sparkline import image
from cxmodel.report.html_fragments import text
from cxmodel.report.text import verdict
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.headline import answer
from cxmodel.results.request import RunRequest
from cxmodel.scenario import stories
from cxmodel.vocabulary import AS_IS, humanise
from cxmodel.workbench.components import uploads
from cxmodel.workbench.components.charts import chart
from cxmodel.workbench.components.style import look
from cxmodel.workbench.drafts.draft import Draft
from cxmodel.workbench.drafts.library import shelf
from cxmodel.workbench.jobs import live_results, verdicts
from cxmodel.workbench.jobs.queue import CARD
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import hold, redraw, uninterrupted

COLUMNS: Final = 3
RECENT: Final = 6
GONE: Final = "draft deleted"
"""Where the draft that was deleted last is kept."""
TOUR: Final = (
    ("Open an example", "Each is a company with a question, already simulated."),
    (
        "Look at the journey",
        "The dashed line is what customers expect, the solid one what they experience.",
    ),
    (
        "Move a lever or switch on an initiative",
        "The page answers in about a second. If nothing changes, it says what the constraint is.",
    ),
    ("Compare plans", "Side by side in matched simulation runs, so that small differences show, with intervals."),
    (
        "Save and share",
        "Save the YAML, download it, or send the link. A report tells the board, and how to reproduce it.",
    ),
)
"""The five steps of the tour."""


def show() -> None:
    """Draw the page."""
    _choices()
    first, views = _views()
    if first is not None:
        first = _on_its_best_plan(first)
        _hero(first)
    uploads.complaints("home")
    _recent()
    left, right = st.columns([0.7, 0.3], gap="large")
    with left:
        st.html('<h2 class="cx-section">Examples</h2>')
        _cards(views)
    with right:
        st.html('<h2 class="cx-section">Your own scenarios</h2>')
        uploads.show("home", _turn_to_results)
        _tour()
    if first is not None:
        _follow(first, views)


def _choices() -> None:
    """What this is, and the two ways to begin."""
    st.html(
        '<p class="cx-intro">Write down how customers meet your company and what they need, and see, simulated, what '
        "would make them stay and what it is worth.</p>"
    )
    with st.container(key="choices_home", horizontal=True, gap="small"):
        st.page_link(_page("results"), label="See an example", icon=":material/play_circle:")
        st.page_link(_page("new_company"), label="Model my company", icon=":material/edit_note:", query_params={})


def _views() -> tuple[View | None, dict[str, View | None]]:
    """What there is to open, by id, each under its first plan; None for a file that is no scenario."""
    found: dict[str, View | None] = {}
    for story in shelf():
        try:
            found[story] = view.find({"story": story})
        except (CxModelError, OSError):
            found[story] = None
    return next((each for each in found.values() if each is not None), None), found


def _on_its_best_plan(first: View) -> View:
    """A story on the plan that is worth most, once that is known."""
    known = verdicts.found(first)
    return first if known is None else first.on_plan(known.best)


def _hero(first: View) -> None:
    """The first story, already run."""
    waiting = bool(verdicts.runs(first)) and verdicts.found(first) is None
    shown = None if waiting else live_results.picture(first)
    with st.container(key="hero"):
        left, right = st.columns([0.34, 0.66], gap="large", vertical_alignment="center")
        with left:
            scenario = first.scenario
            st.html(
                f'<div class="cx-group">{text(scenario.name)}</div>'
                f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>'
                f'<p class="cx-doing">{text(scenario.summary)}</p>'
            )
            if shown is not None:
                said = answer(shown.result, shown.baseline)[0]
                name = plan_name(scenario, first.plan)
                st.html(f'<p class="cx-answer" id="answer"><strong>{text(name)}.</strong> {text(said)}</p>')
            st.page_link(
                _page("results"), label="See the results", query_params=first.address(), icon=":material/arrow_forward:"
            )
        with right:
            if shown is not None:
                chart("journey", shown.result, shown.baseline)
            else:
                st.skeleton(height=300)


def _cards(views: dict[str, View | None]) -> None:
    names = list(views)
    for begin in range(0, len(names), COLUMNS):
        for column, name in zip(st.columns(COLUMNS, gap="small"), names[begin : begin + COLUMNS], strict=False):
            with column, st.container(border=True, key=f"card {name}", gap="small", height="stretch"):
                _card(name, views[name])


def _card(name: str, seen: View | None) -> None:
    if seen is None:
        st.html(f'<h3 class="cx-card-name">{text(humanise(name))}</h3>')
        st.page_link(_page("results"), label="See what is wrong with it", query_params={"story": name})
        return
    scenario = seen.scenario
    shown = live_results.result(_standing(seen))
    spark = image(shown, look()) if shown is not None else '<div class="cx-spark waiting"></div>'
    whose = "" if name in stories() else '<span class="cx-badge">yours</span>'
    st.html(
        f'<h3 class="cx-card-name">{text(scenario.name)}{whose}</h3>'
        f'<p class="cx-card-says">{text(scenario.question or _sentence(scenario.summary))}</p>{spark}'
    )
    known = verdicts.found(seen)
    if known is not None and (says := verdict.sentence(known, scenario)):
        st.html(f'<p class="cx-card-verdict">{text(says)}</p>')
    st.page_link(_page("results"), label=f"Open {plain(scenario.name)}", query_params={"story": name})


def _standing(seen: View) -> RunRequest:
    """A story as it is: what its card shows, and what its results are told against."""
    return RunRequest(seen.scenario, AS_IS, replications=seen.replications)


def _follow(first: View, views: dict[str, View | None]) -> None:
    """Have the first story played, then each as it is, and draw them as they come."""
    mine = verdicts.runs(first) or live_results.runs(first)
    runs = [*mine, *(_standing(seen) for seen in views.values() if seen is not None)]
    live_results.want("looks", [live_results.job(run) for run in mine if live_results.result(run) is None])
    drawn = _settled(runs)
    st.fragment(_watch, run_every=None if drawn == len(runs) else 0.5)(runs, drawn)
    if drawn == len(runs):
        judged = [seen for seen in views.values() if seen is not None and verdicts.runs(seen)]
        found = _judged(judged)
        st.fragment(_judge, run_every=None if found == len(judged) else 2.0)(judged, found)


def _judged(views: list[View]) -> int:
    """How many have their verdict, or will never have one."""
    return sum(verdicts.found(seen) is not None or not verdicts.left(seen, CARD) for seen in views)


def _judge(views: list[View], found: int) -> None:
    """Have the plans of the examples played, one example after the other, and draw each verdict as it comes."""
    now = _judged(views)
    left = next((jobs for seen in views if verdicts.found(seen) is None and (jobs := verdicts.left(seen, CARD))), [])
    live_results.want("verdicts", left)
    if now != found:
        redraw()


def _settled(runs: list[RunRequest]) -> int:
    """How many there are, or will never be."""
    return sum(live_results.result(run) is not None or live_results.job(run, CARD).state == "failed" for run in runs)


def _watch(runs: list[RunRequest], drawn: int) -> None:
    left = [live_results.job(run, CARD) for run in runs if live_results.result(run) is None]
    live_results.want("cards", left)
    if _settled(runs) != drawn:
        redraw()
    kind, words = ("fresh", "Ready") if drawn == len(runs) else ("running", "Simulating the examples")
    st.html(f'<div class="cx-state {kind}" role="status" data-state="{kind}"><i></i>{words}</div>')


def _recent() -> None:
    """Drafts worked on lately, and the one that was deleted last."""
    gone = st.session_state.get(GONE)
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<div class="cx-note" role="status">{text(gone.title)} was deleted.</div>', width="content")
            st.button("Bring it back", key="bring back", type="tertiary", on_click=_bring_back)
    found = view.drafts().recent(RECENT)
    if not found:
        return
    st.html('<h2 class="cx-section">Recent work</h2>')
    with st.container(key="recent_work"):
        for draft in found:
            with st.container(horizontal=True, vertical_alignment="center", key=f"recent {draft.id}", gap="small"):
                _piece(draft)


def _piece(draft: Draft) -> None:
    """A draft: it is opened, gone on with in steps, renamed or deleted."""
    when = datetime.fromtimestamp(draft.changed).strftime("%d %b, %H:%M")
    st.page_link(_page("results"), label=f"{plain(draft.title)} · {when}", query_params={"draft": draft.id})
    with st.popover(
        f"Rename or delete {plain(draft.title)}",
        icon=":material/more_vert:",
        key=f"recent menu {draft.id}",
        type="tertiary",
    ):
        held = hold(f"recent name {draft.id}", draft.title)
        st.text_input("Name", held.value, key=held.name, on_change=held.touched, args=(_rename, draft.id))
        st.page_link(_page("new_company"), label="Go on in steps", query_params={"draft": draft.id, "step": "3"})
        st.button(
            "Delete this draft",
            icon=":material/delete:",
            key=f"recent gone {draft.id}",
            on_click=_delete,
            args=(draft.id,),
            help="A file that it was saved to stays as it is.",
        )


def _rename(name: str, id: str) -> None:
    """Another name for a draft."""
    try:
        view.drafts().call(id, name)
    except CxModelError as error:
        st.toast(plain(str(error)), icon=":material/error:")


@uninterrupted
def _delete(id: str) -> None:
    """Take a draft away; it can be had back."""
    try:
        st.session_state[GONE] = view.drafts().get(id)
        view.drafts().discard(id)
    except CxModelError as error:
        st.toast(plain(str(error)), icon=":material/error:")


@uninterrupted
def _bring_back() -> None:
    """The draft that was deleted last."""
    gone = st.session_state.pop(GONE, None)
    if gone is not None:
        view.drafts().restore(gone)


def _tour() -> None:
    st.html('<h2 class="cx-section">In five steps</h2>')
    steps = "".join(f"<li><strong>{text(name)}.</strong> {text(says)}</li>" for name, says in TOUR)
    st.html(f'<ol class="cx-tour">{steps}</ol>')


def _turn_to_results(seen: View) -> None:
    st.session_state["opened"] = seen.undecided


def _page(name: str) -> st.Page:
    found: dict[str, st.Page] = st.session_state["pages"]
    return found[name]


def _sentence(words: str) -> str:
    """The first sentence."""
    head, dot, _ = words.partition(". ")
    return head + ("." if dot else "")
