"""Results: question, answer, journey, four numbers, why, and how far to trust them, on one screen; more below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from cxmodel.report import html_fragments
from cxmodel.report.cards import by_segment, cards
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.html_fragments import text
from cxmodel.report.text import uncertainty, verdict
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.constraints import binding, held
from cxmodel.report.text.headline import deed, experience, value
from cxmodel.report.text.scores import scores
from cxmodel.report.text.shortfalls import sentence, shortfalls
from cxmodel.report.text.trust import Unknown, trust
from cxmodel.vocabulary import JsonDict
from cxmodel.workbench.components import controls, run_status, style
from cxmodel.workbench.components.charts import chart, customers, row
from cxmodel.workbench.components.header import remembered
from cxmodel.workbench.jobs import background_studies, limits, live_results, verdicts
from cxmodel.workbench.jobs.queue import state_of
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.widgets import redraw

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from cxmodel.results.result import Result
    from cxmodel.workbench.jobs.live_results import LiveResult
    from cxmodel.workbench.session.view import View

FIRST_ROW: Final = ("gap_over_time", "satisfaction_over_time", "nps_over_time", "leaving_over_time")
SECOND_ROW: Final = {
    "customers_over_time": "satisfaction",
    "contacts_over_time": "contacts_per_customer",
    "waiting_over_time": "wait_minutes",
}
"""Charts, each with the metric that has to be there for it."""
MARKS: Final = {"good": "✓", "note": "–", "doubt": "!"}
"""The sign beside a line of the trust card, which says the same in words."""
SOON: Final = 6.0
"""Seconds that a run is played, and will be played on, for the page to show the old answer again meanwhile."""
FIRST_LINES: Final = 4
"""Lines of the trust card that are seen at once."""


def show(seen: View) -> Callable[[], None] | None:
    """All of one view: its picture, or the scenario's last one faded until there is a new one."""
    with st.container(key="frame"):
        left, right = st.columns([0.18, 0.82], gap="medium")
    with left.container(key="controls"):
        controls.show(seen)
    with right:
        return _screen(seen)


def _screen(seen: View) -> Callable[[], None] | None:
    veil, fresh = st.empty(), live_results.picture(seen)
    if fresh is None:
        if remembered(seen) is not None:
            veil.html(style.FADED)
        else:
            _wait(seen, veil)
        fresh = run_status.soon(seen, SOON)
        if fresh is None and remembered(seen) is None and live_results.failure(seen):
            _wait(seen, veil)  # it failed while it was waited for: why takes the place of the answer
    shown = fresh or remembered(seen)
    if fresh is not None:
        if remembered(seen, exactly=True) is None:
            veil.html(style.FADED_CHARTS)
        st.session_state["shown"] = fresh
    if shown is None:
        return None
    document = _document(shown)
    with st.container(key="picture"):
        _head(seen, shown, document)
        _failure(seen)
        _holds(shown)
        journey = st.container(key="journey")
        of = shown.result, shown.baseline
        st.html(cards(*of) + by_segment(*of))
        reasons = st.container(key="reasons")
    below = st.container(key="below")

    def rest() -> None:
        """What takes longer to draw than the answer and the four numbers."""
        _picture(shown, document, journey, reasons)
        _below(shown, below)
        if fresh is not None:
            veil.empty()

    return rest


def _wait(seen: View, place: DeltaGenerator) -> None:
    """The question, and where the answer will be."""
    with place.container():
        _head(seen)
        _failure(seen)
        if state_of(live_results.want_view(seen)) == "running":
            st.skeleton(height=340)
            st.skeleton(height=130)


def _failure(seen: View) -> None:
    if why := live_results.failure(seen):
        st.error(plain(limits.told(why)))


def _head(seen: View, shown: LiveResult | None = None, document: JsonDict | None = None) -> None:
    """The question, what is done about it, the answer, and beside it how far to trust it."""
    scenario, levers = seen.scenario, view.moved(seen.scenario, seen.plan)
    doing = deed(scenario, seen.plan) or "What happens when nothing is changed."
    found = verdicts.found(seen)
    told = "" if found is None else verdict.sentence(found, scenario)
    st.html(
        f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>'
        f'{f"""<div class="cx-verdict" id="verdict">{text(told)}</div>""" if told else ""}'
        f'<div class="cx-doing"><strong>{text(plan_name(scenario, seen.plan, levers))}.</strong> {text(doing)}</div>'
    )
    if shown is None:
        return
    left, right = st.columns([0.8, 0.2], gap="small", vertical_alignment="top")
    first, *rest = experience(shown.result, shown.baseline)
    worth = " ".join(value(shown.result, shown.baseline, document))
    left.html(
        f'<div class="cx-answer"><div id="answer"><p>{text(first)}</p> <p>{text(" ".join(rest))}</p></div>'
        f' <p id="worth">{text(worth)}</p></div>'
    )
    trusted = trust(shown.result, shown.baseline, _unknown(shown, document))
    right.html(
        f'<aside class="cx-trusted" aria-label="Confidence"><h2>Confidence</h2><p>{text(trusted.first)}.</p></aside>'
    )


def _document(shown: LiveResult) -> JsonDict | None:
    """What the worlds say of a plan, as far as they are played."""
    return background_studies.not_known(shown) if shown.baseline is not None else None


def _unknown(shown: LiveResult, document: JsonDict | None) -> Unknown | None:
    return uncertainty.unknown(document, shown.result.scenario.currency) if document is not None else None


def _picture(shown: LiveResult, document: JsonDict | None, journey: DeltaGenerator, reasons: DeltaGenerator) -> None:
    """The journey, why, and how far to trust it."""
    result, baseline = shown.result, shown.baseline
    found = background_studies.explained(shown)
    mending = background_studies.mending(shown)
    with journey:
        chart("journey", result, baseline, mending=mending, drawn=found is not None)
    left, right = reasons.columns([0.56, 0.44], gap="medium")
    with left:
        _why(shown, _Known.of(shown))
    with right:
        _trust(shown, document)


def _below(shown: LiveResult, place: DeltaGenerator) -> None:
    """What is below the first screen."""
    with place:
        _more(shown)
        _folded(shown.result, shown.baseline)


def _folded(result: Result, baseline: Result | None) -> None:
    """Three customers, and the charts as tables."""
    with st.expander("Three customers: typical, delighted and lost", on_change="rerun", key="lives") as lives:
        if lives.open:
            customers(result)
    with st.expander("The same as tables", on_change="rerun", key="tables") as tables:
        alone = {drawn.table: drawn for drawn in CHARTS.values()}  # two charts may draw the same table
        for drawn in alone.values() if tables.open else ():
            st.markdown(f"**{drawn.title}**")
            st.dataframe(drawn.table(result, baseline), hide_index=True, width="stretch")


def _more(shown: LiveResult) -> None:
    """What is below the first screen: why the plan works, over time, the survey and the truth, three scores."""
    result, baseline = shown.result, shown.baseline
    left, right = st.columns(2, gap="medium")
    if rows := background_studies.contributions(shown):
        with left:
            st.html('<h2 class="cx-section">What each initiative contributes</h2>')
            st.html(html_fragments.contributions(rows, result.scenario))
    if shortfalls(result, most=1):
        with right if rows else left:
            st.html('<h2 class="cx-section">From need to experience, at the largest shortfall</h2>')
            chart("waterfall", result, baseline)
    st.html('<h2 class="cx-section">Over time</h2>')
    row(FIRST_ROW, result, baseline)
    row(tuple(name for name, metric in SECOND_ROW.items() if result.metric(metric).value), result, baseline)
    left, right = st.columns(2, gap="medium")
    with left:
        st.html('<h2 class="cx-section">Surveyed and actual NPS</h2>')
        chart("dashboard", result, baseline)
    if result.rows("contacts"):
        with right:
            st.html('<h2 class="cx-section">Root causes of contacts</h2>')
            chart("causes", result, baseline)
    st.html('<h2 class="cx-section">Three scores: customer, agent and management</h2>')
    st.html(html_fragments.scores(scores(result, baseline)))


def _holds(shown: LiveResult) -> None:
    """For a raised lever with little to mend: what holds it, and what binds instead."""
    levers = view.moved(shown.view.scenario, shown.view.plan)
    if shown.baseline is None or not levers:
        return
    for one in (*held(shown.result, shown.baseline, levers), binding(shown.baseline)):
        st.html(f'<div class="cx-hold">{text(one)}</div>')


def _why(shown: LiveResult, drawn: _Known) -> None:
    """The largest shortfalls, cut into their four parts; the largest in words; and how far what is worked out is."""
    missed = shortfalls(shown.result, most=3)
    st.html(
        '<section class="cx-why"><h2>Causes of the gap, the largest in what customers remember first</h2></section>'
    )
    if missed:
        chart("why", shown.result, shown.baseline)
        st.html(f'<p class="cx-note">{text(sentence(missed[0]))}</p>')
    else:
        st.html("<p>Nothing that customers experience falls a point short of what they expect.</p>")
    over = background_studies.go_on(shown) is None
    st.fragment(_watch, run_every=None if over else 5.0)(shown, drawn)  # draws the page anew as there is more to say


class _Known(NamedTuple):
    """What is known of a picture beside its figures, so that the page is drawn anew when there is more."""

    verdict: bool
    mending: bool
    contributions: bool
    scenarios: int

    @classmethod
    def of(cls, shown: LiveResult) -> _Known:
        document = _document(shown)
        return cls(
            verdicts.found(shown.view) is not None,
            background_studies.explained(shown) is not None,
            background_studies.contributions(shown) is not None,
            0 if document is None else int(document["worlds"]),
        )


def _watch(shown: LiveResult, drawn: _Known) -> None:
    step = background_studies.go_on(shown)
    if _Known.of(shown) != drawn:
        redraw()
    st.html(f'<div class="cx-note" role="status">{text("" if step is None else step.words)}</div>')


def _trust(shown: LiveResult, document: JsonDict | None) -> None:
    """The trust card: what speaks for the result and what against it; what every result has in common folded away."""
    card = trust(shown.result, shown.baseline, _unknown(shown, document))
    lines = [
        f'<li class="{line.state}"><i aria-hidden="true">{MARKS[line.state]}</i>'
        f"<span><strong>{text(line.name)}.</strong> {text(line.words)}</span></li>"
        for line in card.lines
    ]
    more = (
        f"<details><summary>{len(lines) - FIRST_LINES} more</summary><ul>{''.join(lines[FIRST_LINES:])}</ul></details>"
    )
    st.html(
        '<section class="cx-trust" id="trust"><h2>What the confidence rests on</h2>'
        f"<ul>{''.join(lines[:FIRST_LINES])}</ul>{more}</section>"
    )
