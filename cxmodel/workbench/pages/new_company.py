"""Model my company: from an empty page to a first answer in six short steps, under an own name from the first one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.errors import CxModelError
from cxmodel.report.html_fragments import text
from cxmodel.report.text.numbers import count
from cxmodel.workbench.components import company_start, first_answer, grid, picture_so_far, things
from cxmodel.workbench.new_company import block, experience, figures, ideas, market
from cxmodel.workbench.new_company.checklist import Need, essence, needs
from cxmodel.workbench.plain_text import coded, plain
from cxmodel.workbench.session import company
from cxmodel.workbench.session.company import STEPS, Removal
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import hold, redraw, uninterrupted

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

PASTED: Final = "pasted block"
CURRENCY: Final = "What every amount of money is in"


def show() -> None:
    """The name, the steps, and the one that is open."""
    try:
        seen = company.seen()
    except CxModelError as error:
        st.error(plain(str(error)))
        st.page_link(st.session_state["pages"]["new_company"], label="Begin a new company")
        return
    told = needs(seen.scenario) if seen is not None else ()
    _head(seen, told)
    _steps(seen, told)
    with st.container(key="company_said", horizontal=True, vertical_alignment="center", gap="small"):
        _said()
        _asked()
    at = company.step()
    with st.container(key="company_step"):
        if seen is None or at == 1:
            company_start.show(seen)
        elif at == 6:
            first_answer.show(seen, told)
        else:
            _DRAWN[at](seen, told)
    _ways(at)


def _head(seen: View | None, told: tuple[Need, ...]) -> None:
    """What it is called, where it is kept, and how much of it is there."""
    there = sum(each.there for each in told)
    name = f": {seen.scenario.name}" if seen is not None else ""
    kept = f"Kept as {seen.draft.name}, a draft on this computer · " if seen is not None and seen.draft else ""
    many = f"{there} of {len(told)} things a first answer needs are there · " if told else ""
    with st.container(key="company_head"):
        left, right = st.columns([0.8, 0.2], vertical_alignment="top")
    with left:
        st.html(
            f'<h1 class="cx-question">New company{text(name)}</h1>'
            f'<div class="cx-note" id="needed">{text(kept)}{many}everything has a default that you can correct later'
            "</div>"
        )
    with right.container(horizontal=True, horizontal_alignment="right", gap="small"):
        draft = seen.draft if seen is not None else None
        for words, way, can in (("Undo", -1, draft and draft.can_undo), ("Redo", 1, draft and draft.can_redo)):
            st.button(
                words,
                icon=f":material/{words.lower()}:",
                key=f"company {words}",
                disabled=not can,
                on_click=company.undo,
                args=(way,),
                type="tertiary",
            )


def _steps(seen: View | None, told: tuple[Need, ...]) -> None:
    """The six steps, each with what it holds; any can be opened."""
    at = company.step()
    holds = essence(seen.scenario) if seen is not None else ("",) * len(STEPS)
    with st.container(key="company_steps", horizontal=True, gap="small"):
        for number, words in enumerate(STEPS, 1):
            mine = [each for each in told if each.step == number]
            state = "here" if number == at else "done" if mine and all(each.there for each in mine) else "open"
            with st.container(key=f"cxstep_{state}_{number}"):
                st.button(f"{number} {words}", key=f"step {number}", type="tertiary", on_click=company.turn,
                          args=(number,))  # fmt: skip
                st.html(f'<div class="cx-stepsays">{text(holds[number - 1]) or "&nbsp;"}</div>')


def _said() -> None:
    """What is said of what was entered last."""
    told = company.said()
    if told is not None:
        kind, role = ("cx-wrong", "alert") if told.wrong else ("cx-note", "status")
        lead = "Not taken: " if told.wrong and not told.meanings and not told.words.startswith("Nothing") else ""
        st.html(f'<div class="{kind}" role="{role}" id="said">{lead}{coded(told.words)}</div>', width="content")
        for way, sheet, touch in told.meanings:
            words = figures.period(way)
            st.button(words, key=f"meant {words}", on_click=company.mean, args=(sheet, touch))


def _asked() -> None:
    """What is asked before something is removed, if anything is."""
    removal = company.asked()
    if removal is not None:
        st.dialog(f"Remove {plain(removal.name)}", on_dismiss=company.keep)(_reach)(removal)


def _reach(removal: Removal) -> None:
    """What else changes, and the two answers."""
    if company.asked() != removal:  # answered: the page is drawn anew, and the question goes
        redraw()
    things.reach(removal.effects)
    places = count(len(removal.effects), "other place")
    with st.container(horizontal=True, gap="small"):
        st.button(plain(f"Remove it and change {places}"), key="remove it", type="primary", on_click=company.remove,
                  args=(removal,))  # fmt: skip
        st.button("Keep it", key="keep it", on_click=company.keep)


def _ways(at: int) -> None:
    """Back and Next."""
    with st.container(key="company_ways", horizontal=True, horizontal_alignment="right", gap="small"):
        if at > 1:
            st.button("Back", key="company back", on_click=company.turn, args=(at - 1,))
        if at < len(STEPS):
            st.button(
                f"Next: {STEPS[at].lower()}", key="company next", type="primary", on_click=company.turn, args=(at + 1,)
            )


def _today(seen: View, told: tuple[Need, ...]) -> None:
    st.html(
        '<h2 class="cx-asked">Where does the company stand today?</h2><p class="cx-note">Write what you know, as you '
        "would say it: “84,000”, “1.1”, “£6 a month”. What is left empty has a default; a range and a source can "
        "follow.</p>"
    )
    grid.show(figures.table(seen.scenario), "grid figures", partial(company.heard, figures), company.refusals())
    options = list(dict.fromkeys([*figures.CURRENCIES, *filter(None, [seen.scenario.currency])]))
    held = hold("company currency", seen.scenario.currency or options[0])
    st.selectbox(
        "Currency",
        options,
        index=options.index(held.value),
        key=held.name,
        on_change=held.touched,
        args=(_pay_in,),
        width=180,
        help=CURRENCY,
    )


def _pay_in(currency: str) -> None:
    company.act(lambda text: text.edit({("currency",): currency}))


def _beside(seen: View, told: tuple[Need, ...]) -> DeltaGenerator:
    """A wide place, and beside it the picture so far."""
    with st.container(key="company_frame"):
        left, right = st.columns([0.76, 0.24], gap="medium")
    with right:
        picture_so_far.show(seen, told)
    return left


def _experience(seen: View, told: tuple[Need, ...]) -> None:
    with _beside(seen, told):
        st.html(
            '<h2 class="cx-asked">How good is each touchpoint, and what do customers need?</h2>'
            f'<p class="cx-note">{experience.SCALE} Leave empty what is not judged there. ×3: weighs three times as '
            "much.</p>"
        )
        grid.show(
            experience.table(seen.scenario),
            "grid experience",
            partial(company.heard, experience),
            company.refusals(),
        )
        with st.container(horizontal=True, gap="small"):
            with st.popover("Paste from Excel", icon=":material/content_paste:", key="paste", width="content"):
                paste_block()
            st.download_button(
                "Download as CSV",
                block.written(seen.scenario).encode("utf-8-sig"),
                f"{(seen.draft.name if seen.draft else 'company').removesuffix('.yaml')}.csv",
                "text/csv",
                key="grid csv",
                on_click="ignore",
            )


def paste_block() -> None:
    """A field for a block from a spreadsheet."""
    st.text_area(
        "Cells with their heads, copied from a spreadsheet",
        key=PASTED,
        height=170,
        placeholder=block.EXAMPLE,
        help="The first row holds the heads: Touchpoint, Phase, Channel, Owner, How often, then your attributes. "
        "Rows that begin with “Needed by” hold what a segment needs, as 75 ×3.",
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Replace the grid", key="paste replace", type="primary", on_click=_paste, args=(True,))
        st.button("Add to the grid", key="paste add", on_click=_paste, args=(False,))


@uninterrupted
def _paste(replacing: bool) -> None:
    pasted = str(st.session_state.get(PASTED) or "")
    words = "The block was taken. Undo brings back what was there."
    if company.act(lambda text: block.take(text, pasted, replacing=replacing), words):
        st.session_state[PASTED] = ""
        if company.step() == 1:
            company.turn(3)


def _market(seen: View, told: tuple[Need, ...]) -> None:
    with _beside(seen, told):
        st.html(
            '<h2 class="cx-asked">What are people told, and what do others offer?</h2>'
            '<p class="cx-note">A promise is about one attribute: put the level that it makes people expect under it. '
            "The best rival raises what is expected.</p>"
        )
        grid.show(market.table(seen.scenario), "grid market", partial(company.heard, market), company.refusals())


def _ideas(seen: View, told: tuple[Need, ...]) -> None:
    with _beside(seen, told):
        st.html(
            '<h2 class="cx-asked">What could the company do?</h2><p class="cx-note">Each idea improves one thing to a '
            "level, at a cost. Plans are made of them: each idea alone, and all together; more is to be had on the "
            "page Company.</p>"
        )
        grid.show(ideas.table(seen.scenario), "grid ideas", partial(company.heard, ideas), company.refusals())
        plans = ", ".join(seen.scenario.label("plans", each) for each in seen.scenario.plans)
        st.html(f'<p class="cx-note">Plans: {text(plans or "none yet; today (no action) always is one")}.</p>')


_DRAWN: Final = {2: _today, 3: _experience, 4: _market, 5: _ideas}
