"""Results: question, answer, journey, four numbers, why, and how far to trust them, on one screen; more below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report import html_fragments
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.html_fragments import text
from cxmodel.report.text import uncertainty
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.constraints import held
from cxmodel.report.text.headline import answer, culprit, deed
from cxmodel.report.text.mending import Mending
from cxmodel.report.text.shortfalls import sentence, shortfalls
from cxmodel.report.text.trust import Unknown, trust
from cxmodel.studies.uncertainty import WORLDS
from cxmodel.vocabulary import JsonDict
from cxmodel.workbench.components import controls, run_status, style
from cxmodel.workbench.components.charts import chart, customers, row
from cxmodel.workbench.components.header import remembered
from cxmodel.workbench.jobs import background_studies, limits, live_results
from cxmodel.workbench.jobs.queue import state_of
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from cxmodel.results.result import Result
    from cxmodel.workbench.jobs.live_results import LiveResult
    from cxmodel.workbench.session.view import View

FIRST_ROW: Final = ("gap_over_time", "satisfaction_over_time", "nps_over_time", "leaving_over_time")
SECOND_ROW: Final = ("customers_over_time", "contacts_over_time", "waiting_over_time")
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
        st.html(html_fragments.cards(shown.result, shown.baseline))
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
    st.html(
        f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>'
        f'<div class="cx-doing"><strong>{text(plan_name(seen.plan, levers))}.</strong> {text(doing)}</div>'
    )
    if shown is None:
        return
    left, right = st.columns([0.8, 0.2], gap="small", vertical_alignment="top")
    said, left_over = answer(shown.result, shown.baseline), culprit(shown.result, left=shown.baseline is not None)
    first, *rest = [one for one in said if one != left_over]
    more = [left_over] * (left_over in said)
    if document is not None:
        more = [uncertainty.pays(document), uncertainty.hangs_on(document)]
    left.html(
        f'<div class="cx-answer"><div id="answer"><p>{text(first)}</p> <p>{text(" ".join(rest))}</p></div> '
        f"<p>{text(' '.join(more))}</p></div>"
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
    mending = Mending.of(found) if found is not None else Mending(done=False)
    with journey:
        chart("journey", result, baseline, mending=mending, drawn=found is not None)
    left, right = reasons.columns([0.56, 0.44], gap="medium")
    with left:
        _why(shown, (found is not None, _told(shown, document)))
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
        for drawn in CHARTS.values() if tables.open else ():
            st.markdown(f"**{drawn.title}**")
            st.dataframe(drawn.table(result, baseline), hide_index=True, width="stretch")


def _more(shown: LiveResult) -> None:
    """What is below the first screen: over time, the dashboard and the truth, where calls begin."""
    result, baseline = shown.result, shown.baseline
    st.html('<h2 class="cx-section">Over time</h2>')
    row(FIRST_ROW, result, baseline)
    row(SECOND_ROW, result, baseline)
    left, right = st.columns(2, gap="medium")
    with left:
        st.html('<h2 class="cx-section">Surveyed and actual NPS</h2>')
        chart("dashboard", result, baseline)
    with right:
        st.html('<h2 class="cx-section">Root causes of contacts</h2>')
        chart("causes", result, baseline)


def _holds(shown: LiveResult) -> None:
    """For a raised lever with little to mend: what holds it."""
    if shown.baseline is None:
        return
    levers = view.moved(shown.view.scenario, shown.view.plan)
    for one in held(shown.result, shown.baseline, levers):
        st.html(f'<div class="cx-hold">{text(one)}</div>')


def _why(shown: LiveResult, said: tuple[bool, int | None]) -> None:
    """The largest shortfalls in their four parts, and how far the prices of mending are."""
    missed = shortfalls(shown.result, most=3)
    points = "".join(f"<li>{text(sentence(each))}</li>" for each in missed)
    none = "<p>Nothing that customers experience falls a point short of what they expect.</p>"
    st.html(f'<section class="cx-why"><h2>Causes of the gap</h2>{f"<ul>{points}</ul>" if points else none}</section>')
    over = said[0] and said[1] in (WORLDS, None)
    st.fragment(_watch, run_every=None if over else 5.0)(shown, said)  # draws the page anew as there is more to say


def _told(shown: LiveResult, document: JsonDict | None) -> int | None:
    """How many worlds have been told of; None where there are none to tell of."""
    return None if shown.baseline is None else 0 if document is None else int(document["worlds"])


def _watch(shown: LiveResult, drawn: tuple[bool, int | None]) -> None:
    study = background_studies.go_on(shown)
    now = background_studies.explained(shown) is not None, _told(shown, _document(shown))
    if now != drawn:
        st.rerun()
    words = ""
    if study is not None and not now[0]:
        words = f"Working out the value at stake at each touchpoint: {study.done:.0f} of {study.total} cases."
    elif study is not None:
        words = f"Testing the assumptions: {study.done // 2:.0f} of {WORLDS} assumption scenarios."
    st.html(f'<div class="cx-note" role="status">{text(words)}</div>')


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
        '<section class="cx-trust" id="trust"><h2>Confidence</h2>'
        f"<ul>{''.join(lines[:FIRST_LINES])}</ul>{more}</section>"
    )
