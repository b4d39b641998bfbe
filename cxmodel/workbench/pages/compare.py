"""Compare: plans against as is, plans in every future, or another file; each change with its interval and a verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.report.charts.base import Drawing, dress
from cxmodel.report.charts.comparison import FOLLOWED, bands, bands_table
from cxmodel.report.charts.opportunity import left_out, opportunity, opportunity_table
from cxmodel.report.charts.roadmap import roadmap, roadmap_table
from cxmodel.report.html_fragments import effects, text
from cxmodel.report.text import comparison as told
from cxmodel.report.text.captions import future_name, horizon, plan_name
from cxmodel.report.text.numbers import count
from cxmodel.scenario.describe.diff import diff
from cxmodel.vocabulary import AS_IS, JsonDict
from cxmodel.workbench.components.run_status import go_on, stop
from cxmodel.workbench.components.style import look
from cxmodel.workbench.jobs import comparison, limits, live_results
from cxmodel.workbench.jobs.comparison import FUTURES, PLANS, Choice, Contrast
from cxmodel.workbench.jobs.queue import Job, state_of
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.widgets import hold, redraw, said

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.studies.comparison import Comparison
    from cxmodel.workbench.session.view import View

POLL: Final = 0.5
"""Seconds between looks at what is running."""
FILE: Final = "file"
KINDS: Final = {PLANS: "Plans", FUTURES: "Plans in every external scenario", FILE: "Another file"}
MATRIX: Final = (
    "Each initiative done alone, against today, with its 95 % interval; what several do together may be more or less."
    " Above the dashed line it gains more than it costs."
)
ROADMAP: Final = "A bar ends when 90 % of the change is felt; costs once, and for each year that it runs."
MOST_DRAWN: Final = 40
"""Charts that are kept drawn for a reader."""
MOST_LINES: Final = 40
"""Differences between two files that are listed."""


def show(seen: View) -> None:
    """What is compared, what came of it, and what differs."""
    chosen = comparison.choice(seen, here())
    scenario = seen.scenario
    st.html(f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>')
    _controls(seen, chosen)
    try:
        asked = comparison.contrast(seen, chosen)
    except (CxModelError, OSError) as error:
        st.error(f"The other file cannot be compared: {plain(str(error))}")
        return
    if not asked.pairs:
        st.info("There is nothing to compare yet: choose a plan, or add one under *Initiatives & plans*.")
        return
    found = asked.comparison()
    _follow(asked, found)
    if why := next((each.why for each in asked.jobs if each.state == "failed"), ""):
        st.error(plain(limits.told(why, "A run failed")))
    with st.container(key="contrast"):
        if found is not None and len(found.pairs) == len(asked.pairs) and (ahead := told.sentence(found)):
            st.html(f'<div class="cx-answer" id="answer"><p>{text(ahead)}</p></div>')
        st.html(effects(asked.pairs, found, horizon(seen.scenario), seen.scenario))
        if found is not None:
            _over_time(found)
        _initiatives(seen, asked, found)
        _differs(seen, chosen, asked)
        if found is not None:
            _tables(seen, asked, found)


def _controls(seen: View, chosen: Choice) -> None:
    """What to compare with what."""
    kinds = [kind for kind in KINDS if kind != FUTURES or seen.scenario.futures]
    others = comparison.files(seen)
    kind = hold("compared", chosen.kind if chosen.kind in KINDS else FILE)
    with st.container(key="choices", horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Compare",
            kinds,
            default=kind.value,
            format_func=lambda kind: KINDS[kind],
            key=kind.name,
            on_change=kind.touched,
            args=(_choose, seen, chosen),
            width="content",
            required=True,
        )
        if chosen.kind in KINDS:
            plans = [AS_IS, *comparison.usual_plans(seen)]
            held = hold("compared plans", [plan for plan in chosen.plans if plan != chosen.against])
            against = hold("compared against", chosen.against)
            st.multiselect(
                "Plans",
                [plan for plan in plans if plan != chosen.against],
                default=held.value,
                format_func=partial(plan_name, seen.scenario),
                key=held.name,
                on_change=held.touched,
                args=(_choose, seen, chosen),
                width=460,
            )
            st.selectbox(
                "Against",
                plans,
                index=plans.index(against.value),
                format_func=partial(plan_name, seen.scenario),
                key=against.name,
                on_change=against.touched,
                args=(_choose, seen, chosen),
                width=190,
            )
        else:
            file = hold("compared file", chosen.kind)
            st.selectbox(
                "Against the file",
                list(others),
                index=list(others).index(file.value),
                format_func=lambda name: others[name],
                key=file.name,
                on_change=file.touched,
                args=(_choose, seen, chosen),
                width=320,
            )


def _choose(_: object, seen: View, was: Choice) -> None:
    """Write what is chosen into the address."""
    kind = said("compared", None) or was.kind
    if kind == FILE:
        others = list(comparison.files(seen))
        kind = said("compared file", was.kind if was.kind not in KINDS else others[0])
    plans = tuple(said("compared plans", was.plans)) or was.plans
    against = said("compared against", was.against)
    if against != was.against and was.against != AS_IS and was.against not in plans:
        plans = (*plans, was.against)
    usual = [plan for plan in (AS_IS, *comparison.usual_plans(seen)) if plan in plans and plan != against]
    put(**Choice(kind, tuple(usual), against).address(seen))


def _follow(asked: Contrast, found: Comparison | None) -> None:
    """Have the runs played, and draw the page anew when there is more to show."""
    ready = len(found.pairs) if found is not None else 0
    busy = ready < len(asked.pairs) and _state(asked) == "running"
    st.fragment(_watch, run_every=POLL if busy else None)(asked, ready, busy)


def _state(asked: Contrast) -> str:
    live_results.want("compares", asked.jobs)
    return state_of(asked.jobs)


def _watch(asked: Contrast, ready: int, busy: bool) -> None:
    whole, total = ready == len(asked.pairs), sum(run.replications for run in asked.runs.values())
    state, jobs = "whole" if whole else _state(asked), asked.jobs
    found = asked.comparison()
    if (state == "running") != busy or (found is not None and len(found.pairs) > ready):
        redraw()
    done = int(sum(each.done for each in jobs))
    words = {
        "whole": f"Up to date ({count(total // len(asked.runs), 'matched run')} each)",
        "running": f"Running: {done:,} of {total:,} runs",
    }.get(state, f"Stopped at {done:,} of {total:,} runs")
    with st.container(key="compared state", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<div class="cx-note" role="status" data-compared="{state}">{text(words)}</div>', width="content")
        if whole:
            st.empty()  # takes the button's place at once
        elif busy:
            st.button("Stop", key="compare stop", on_click=stop, args=(jobs,), type="tertiary")
        else:
            st.button("Continue", key="compare again", on_click=go_on, args=(jobs,), type="tertiary")


def _over_time(found: Comparison) -> None:
    """The differences month by month."""
    st.html('<h2 class="cx-section">Difference over time</h2>')
    crowded = len(found.pairs) > 3  # names at the ends of many lines need room
    wide = 2 if crowded else 4
    with st.container(key="row bands"):
        for begin in range(0, len(FOLLOWED), wide):
            for column, metric in zip(st.columns(wide, gap="small"), list(FOLLOWED)[begin:], strict=False):
                with column:
                    _draw(f"bands {metric}", found, partial(bands, found, metric))


def _draw(key: str, of: object, draw: Callable[[], Drawing], *more: str) -> None:
    """A chart of something, drawn once for each look, however often the page is; `more` tells it from another of it."""
    drawn = st.session_state.setdefault("compared charts", {})
    if len(drawn) > MOST_DRAWN:
        drawn.clear()
    name = (look(), key, id(of), *more)
    if name not in drawn:
        drawn[name] = of, dress(draw(), look())  # what it is of is kept too: no other has its id
    st.vega_lite_chart(spec=drawn[name][1], width="stretch", theme=None, key=key)


def _initiatives(seen: View, asked: Contrast, found: Comparison | None) -> None:
    """What each initiative brings alone against what it costs, and when it comes."""
    plans = _plans(asked)
    if not any(seen.scenario.initiatives_of(plan) for plan in plans):
        return
    with st.container(key="row initiatives"):
        matrix, road = st.columns(2, gap="medium")
        with road:
            st.html('<h2 class="cx-section">Roadmap</h2>')
            _draw("roadmap", seen.scenario, partial(roadmap, seen.scenario, plans), *plans)
            st.html(f'<div class="cx-note">{text(ROADMAP)}</div>')
        if seen.scenario.economics is not None:
            with matrix:
                st.html('<h2 class="cx-section">Opportunity matrix</h2>')
                job = comparison.opportunities(seen.scenario)
                if found is not None and len(found.pairs) == len(asked.pairs):  # what is asked for comes first
                    live_results.want("explains", [job])
                busy = job.state == "running"
                st.fragment(_matrix, run_every=POLL if busy else None)(seen.scenario, job, busy)


def _matrix(scenario: Scenario, job: Job[JsonDict], busy: bool) -> None:
    """The opportunity matrix, once its runs are there."""
    if busy and job.state != "running":
        redraw()
    if job.found is not None:
        _draw("opportunity", job.found, partial(opportunity, job.found["rows"], scenario))
        words = f"{MATRIX} {left_out(job.found['rows'], scenario)}"
        st.html(f'<div class="cx-note">{text(words)}</div>')
        return
    words = f"Running: {int(job.done):,} of {job.total:,} cases" if job.total else "Waiting for its turn"
    if job.state == "failed":
        words = limits.told(job.why, "A run failed")
    st.html(f'<div class="cx-note" role="status" data-opportunity="{job.state}">{text(words)}</div>')


def _plans(asked: Contrast) -> list[str]:
    """The plans that are compared, those held against among them."""
    own = max(cell.scenario for pair in asked.pairs for cell in pair)
    cells = (cell for pair in asked.pairs for cell in pair if cell.plan != AS_IS and cell.scenario == own)
    return list(dict.fromkeys(cell.plan for cell in cells))


def _differs(seen: View, chosen: Choice, asked: Contrast) -> None:
    """What the plans do, or what differs between the files."""
    st.html('<h2 class="cx-section">What differs</h2>')
    held = comparison.other(seen, chosen)
    if held is not None:
        _files(held, seen.scenario)
    cards = ""
    for plan in _plans(asked):
        acts = "".join(
            f"<li>{text(what)}<small>{text(cost)}</small></li>" for what, cost in told.doing(seen.scenario, plan)
        )
        acts = acts or "<li>No action.</li>"
        own = f'<p class="cx-note">{text(what)}</p>' if (what := seen.scenario.what_of(plan)) else ""
        cards += (
            f'<section class="cx-does"><h3>{text(plan_name(seen.scenario, plan))}</h3>{own}<ul>{acts}</ul></section>'
        )
    if chosen.kind == FUTURES:
        for name, future in seen.scenario.futures.items():
            words = future.what or ", ".join(future.changes)
            title = f"External scenario: {future_name(seen.scenario, name)}"
            cards += f'<section class="cx-does"><h3>{text(title)}</h3><ul><li>{text(words)}</li></ul></section>'
    st.html(f'<div class="cx-doings">{cards}</div>')


def _files(held: Scenario, mine: Scenario) -> None:
    rows = [str(row) for row in diff(held, mine)]
    if not rows:
        st.html('<div class="cx-note">The two scenarios are the same.</div>')
        return
    more = f"<li>and {len(rows) - MOST_LINES} more</li>" if len(rows) > MOST_LINES else ""
    st.html(f'<ul class="cx-diff">{"".join(f"<li>{text(row)}</li>" for row in rows[:MOST_LINES])}{more}</ul>')


def _tables(seen: View, asked: Contrast, found: Comparison) -> None:
    """Every figure, and the charts as tables."""
    with st.expander("Every figure, and the charts as tables", on_change="rerun", key="compared tables") as tables:
        if tables.open:
            st.dataframe(told.effects_table(found), hide_index=True, width="stretch")
            st.dataframe(bands_table(found), hide_index=True, width="stretch")
            st.dataframe(roadmap_table(seen.scenario, _plans(asked)), hide_index=True, width="stretch")
            if seen.scenario.economics is not None and (rows := comparison.opportunities(seen.scenario).found):
                st.dataframe(opportunity_table(rows["rows"], seen.scenario), hide_index=True, width="stretch")
