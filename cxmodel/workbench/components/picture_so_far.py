"""A live first picture beside what is entered: the journey in few replications, the biggest gap, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from cxmodel.report.charts.first_look import first_look
from cxmodel.report.html_fragments import text
from cxmodel.report.text.headline import against_expectation
from cxmodel.report.text.shortfalls import shortfalls
from cxmodel.results.request import RunRequest
from cxmodel.results.result import Result
from cxmodel.vocabulary import AS_IS
from cxmodel.workbench.components.style import look
from cxmodel.workbench.jobs import limits, live_results
from cxmodel.workbench.new_company.checklist import Need, gaps
from cxmodel.workbench.session.view import View

FEW: Final = 4
"""Replications of a first picture: it is there at once, and rough."""
POLL: Final = 0.4
LAST: Final = "first look"


def show(seen: View, told: Sequence[Need]) -> None:
    """The picture, in words too."""
    run = RunRequest(seen.scenario, AS_IS, replications=FEW)
    live_results.want("looks", [live_results.job(run)])
    live_results.job_queue().wait([live_results.job(run)], 0.6)
    ready = live_results.result(run) is not None
    with st.container(border=True, key="first_look", gap="small"):
        st.html(f'<h2 class="cx-card-name">First look</h2><div class="cx-note">live, {FEW} replications, rough</div>')
        st.fragment(_watch, run_every=None if ready else POLL)(run, seen)
        if words := _missing(seen, told):
            st.html(words)
    _list(told)


def _watch(run: RunRequest, seen: View) -> None:
    """The picture, or the last one until it is there."""
    found = live_results.result(run)
    job = live_results.job(run)
    if found is not None:
        st.session_state[LAST] = (seen.subject, replace(run), found)
        st.html(_drawn(found))
        return
    subject, _, last = st.session_state.get(LAST, ("", None, None))
    if job.state == "failed":
        st.html(f'<div class="cx-wrong">{text(limits.told(job.why))}</div>')
    elif subject == seen.subject and last is not None:
        st.html(f'<div class="cx-older">{_drawn(last)}</div>')
    else:
        st.html('<div class="cx-note" role="status">Simulating a first picture …</div>')


def _drawn(result: Result) -> str:
    """The journey and its biggest gap."""
    worst = max(shortfalls(result), key=lambda each: each.gap, default=None)
    whole = result.metric("expectation_gap").value
    if worst is None:
        words = "No touchpoint falls short of what customers expect."
    else:
        where = result.scenario.label("journey", worst.touchpoint)
        what = result.scenario.label("attributes", worst.attribute)
        words = f"<strong>Biggest expectation gap:</strong> {text(where)}, {text(what)} {worst.gap:.0f} short."
    all_in_all = f"What customers remember {against_expectation(whole)}." if whole is not None else ""
    return f'{first_look(result, look())}<p class="cx-look">{words}</p><p class="cx-note">{text(all_in_all)}</p>'


def _missing(seen: View, told: Sequence[Need]) -> str:
    """What is still missing, and what cannot be meant."""
    missing = [each.without for each in told if not each.there]
    words = f'<p class="cx-note">Still missing: {text("; ".join(missing))}.</p>' if missing else ""
    odd = "".join(f"<li>{text(each)}</li>" for each in gaps(seen.scenario))
    return words + (f'<ul class="cx-odd" id="odd">{odd}</ul>' if odd else "")


def _list(told: Sequence[Need]) -> None:
    """The things that a first answer needs."""
    there = sum(each.there for each in told)
    rows = "".join(
        f'<li class="{"there" if each.there else "missing"}"><i aria-hidden="true">{"✓" if each.there else "○"}</i>'
        f'{text(each.words)}<span class="cx-hidden"> {"is there" if each.there else "is missing"}</span></li>'
        for each in told
    )
    with st.container(border=True, key="things_needed"):
        st.html(
            f'<h2 class="cx-card-name">{there} of {len(told)} things a first answer needs</h2>'
            f'<ul class="cx-needs">{rows}</ul>'
        )
