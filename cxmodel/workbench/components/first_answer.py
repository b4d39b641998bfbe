"""The last step of a new company: what is worth doing, for what reason, and what to find out next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxmodel.report.html_fragments import text
from cxmodel.report.text import uncertainty, verdict
from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.headline import answer
from cxmodel.workbench.components.charts import chart
from cxmodel.workbench.jobs import background_studies, limits, live_results, verdicts
from cxmodel.workbench.jobs.live_results import LiveResult
from cxmodel.workbench.jobs.queue import LOOKED_AT, state_of
from cxmodel.workbench.new_company.checklist import Need, gaps, unsourced
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import redraw

POLL: Final = 0.7


def show(seen: View, told: Sequence[Need]) -> None:
    """The answer once its runs are there, then what to find out."""
    st.html(f'<h2 class="cx-asked">{text(seen.scenario.question or "What is worth doing?")}</h2>')
    seen, shown = _found(seen)
    if shown is None:
        busy = _want(seen) == "running"
        st.fragment(_watch, run_every=POLL if busy else None)(seen)
        _next(seen, told, None)
        return
    best = verdicts.found(seen)
    says = verdict.sentence(best, seen.scenario) if best is not None else ""
    lines = answer(shown.result, shown.baseline)
    name = plan_name(seen.scenario, seen.plan)
    st.html(
        (f'<div class="cx-verdict" id="verdict">{text(says)}</div>' if says else "")
        + f'<div class="cx-answer" id="answer" data-plan="{text(seen.plan)}"><p><strong>{text(name)}.</strong> '
        f"{text(lines[0])}</p> <p>{text(' '.join(lines[1:]))}</p></div>"
        f'<div class="cx-note" data-state="fresh">{seen.replications} replications, the same as '
        f"<code>cxmodel run</code> plays.</div>"
    )
    chart("journey", shown.result, shown.baseline)
    _next(seen, told, shown)


def _found(seen: View) -> tuple[View, LiveResult | None]:
    """The view of the plan that is worth most, and its picture, as far as they are there."""
    if verdicts.runs(seen):
        best = verdicts.found(seen)
        if best is None:
            return seen, None
        seen = seen.on_plan(best.best)
    elif seen.scenario.plans:
        seen = seen.on_plan(next(iter(seen.scenario.plans)))
    return seen, live_results.picture(seen)


def _want(seen: View) -> str:
    """Have the runs played; how they are."""
    jobs = verdicts.left(seen, LOOKED_AT) or [live_results.job(run) for run in live_results.runs(seen)]
    live_results.want("looks", jobs)
    return state_of(jobs)


def _watch(seen: View) -> None:
    """How far the runs are; the page is drawn anew with the answer."""
    _, shown = _found(seen)
    if shown is not None:
        redraw()
    _want(seen)
    if why := live_results.failure(seen):
        st.error(plain(limits.told(why)))
        return
    runs = verdicts.runs(seen) or live_results.runs(seen)
    done = sum(live_results.result(run) is not None for run in runs)
    st.html(
        f'<div class="cx-state running" role="status" data-state="running"><i></i>Simulating today and every plan: '
        f"{done} of {len(runs)}</div>"
    )
    st.skeleton(height=260)


def _next(seen: View, told: Sequence[Need], shown: LiveResult | None) -> None:
    """What to find out, and where to go on."""
    found = background_studies.not_known(shown) if shown is not None and shown.baseline is not None else None
    rows = [f"Still missing: {each.without}." for each in told if not each.there]
    rows += gaps(seen.scenario)
    if found is not None:
        rows.append(uncertainty.hangs_on(found))
    elif shown is not None and shown.baseline is not None:
        rows.append("What the answer hangs on is worked out on the page Results, in a hundred assumption scenarios.")
    rows.append(f"Where the numbers come from: {unsourced(seen.scenario)}")
    items = "".join(f"<li>{text(each)}</li>" for each in rows)
    left, right = st.columns([0.68, 0.32], gap="large")
    left.html(f'<h2 class="cx-section">What to find out next</h2><ul class="cx-next" id="next">{items}</ul>')
    with right:
        st.html('<h2 class="cx-section">Go on</h2>')
        pages = st.session_state["pages"]
        for page, words in (
            ("results", "See the results in full"),
            ("compare", "Compare the plans"),
            ("company", "Change anything on the page Company"),
        ):
            st.page_link(pages[page], label=words, query_params=seen.address(), icon=":material/arrow_forward:")
        if seen.draft is not None:
            st.download_button(
                "Download YAML",
                seen.draft.text.encode("utf-8"),
                seen.draft.name,
                "application/yaml",
                key="company yaml",
                on_click="ignore",
                icon=":material/download:",
            )
