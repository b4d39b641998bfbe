"""Map: three pictures of one company, today, under the plan or both; to look at, to present, to take away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.report.charts.base import dress
from cxmodel.report.export.map_files import png_bytes, slides_of
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.canvas import canvas, unpriced, value_map
from cxmodel.report.maps.catalogue import JOURNEY, VIEWS, Told, View, shown
from cxmodel.report.maps.html import journey_html, organisation_html
from cxmodel.report.maps.journey_map import LANES, WRITTEN
from cxmodel.report.maps.proposition import bargains, canvas_table, equal_value, value_table
from cxmodel.report.text.captions import plan_name
from cxmodel.vocabulary import AS_IS, EVERYONE
from cxmodel.workbench.components import map_editor, run_status, style
from cxmodel.workbench.components.header import remembered
from cxmodel.workbench.jobs import background_studies, limits, live_results
from cxmodel.workbench.jobs.live_results import LiveResult
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.widgets import hold, redraw, said, uninterrupted

if TYPE_CHECKING:
    from cxmodel.report.charts.base import Drawing
    from cxmodel.report.maps.proposition import Bargain
    from cxmodel.workbench.session.view import View as Seen

TAB: Final = "map tab"
MAP: Final = "map"
"""The parameter of the address that names the open tab."""
SHOW: Final = "show"
"""The one that says whether today, the plan or both is shown."""
HIDE: Final = "hide"
"""The one that names the lanes that are hidden."""
PRESENT: Final = "present"
"""The one that has the map alone on the page."""
SOON: Final = 6.0
"""Seconds that a run is waited for while the map before it is shown."""
NAMES: Final[dict[View, str]] = {"today": "Today", "plan": "With the plan", "both": "Both"}
ALONE: Final = (
    "<style>.st-key-head, .st-key-strip, .st-key-mapbar, .cx-note, [data-testid=stHeader], "
    "[data-testid=stTabs] [role=tablist] {display: none !important;} "
    ".stApp .block-container {max-width: none; padding: .9rem 1.6rem;} "
    ".st-key-close_presentation {position: fixed; top: .5rem; right: 1.2rem; width: auto; z-index: 100;}"
    "</style><i hidden></i>"
)
"""Nothing but the map, and the way back."""
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def show(seen: Seen) -> None:
    """The bar, and the open tab of the three."""
    wanted = _view_of(here().get(SHOW, ""))
    if here().get(PRESENT):
        st.html(ALONE)
        st.button("Close presentation", key="close presentation", type="tertiary", on_click=_present, args=("",))
    slot = st.container(key="mapbar", horizontal=True, gap="small", vertical_alignment="center")
    drawn = live_results.picture(seen) or run_status.soon(seen, SOON)
    shown_now = drawn or remembered(seen)
    if drawn is not None:
        st.session_state["shown"] = drawn
    if shown_now is None:
        _wait(seen)
        return
    if drawn is None:
        st.html(style.FADED)
    told, about = _told(shown_now, wanted)
    hidden = _hidden()
    with st.container(key="picture"):
        tab = _tabs(told, hidden)
    with slot:
        _bar(told, wanted, shown_now, tab, hidden)
    known = _known(about)
    over = background_studies.go_on(about) is None
    st.fragment(_watch, run_every=None if over else 5.0)(about, known)  # draws the page anew as more is at stake


def _view_of(word: str) -> View:
    return next((each for each in VIEWS if each == word), "both")


def _hidden() -> tuple[str, ...]:
    """The lanes that the address hides."""
    return tuple(name for name in here().get(HIDE, "").split(",") if name in LANES)


def _wait(seen: Seen) -> None:
    if why := live_results.failure(seen):
        st.error(plain(limits.told(why)))
        return
    st.html('<p class="cx-note" role="status">The map is drawn when all simulation runs are there.</p>')
    st.skeleton(height=480)


def _told(drawn: LiveResult, wanted: View) -> tuple[Told, LiveResult]:
    """What the maps tell, and the picture whose studies say what is at stake."""
    about = drawn
    if wanted == "today" and drawn.baseline is not None:
        about = LiveResult(drawn.view.on_plan(AS_IS), drawn.baseline)
    made = shown(drawn.result, drawn.baseline, wanted)
    return Told(made.result, made.behind, background_studies.mending(about), made.plan), about


def _known(about: LiveResult) -> bool:
    return background_studies.explained(about) is not None


def _watch(about: LiveResult, known: bool) -> None:
    step = background_studies.go_on(about)
    if _known(about) != known:
        redraw()
    st.html(f'<div class="cx-note" role="status">{text("" if step is None else step.words)}</div>')


def _tabs(told: Told, hidden: tuple[str, ...]) -> str:
    """The three maps; only the open one is drawn. Gives its name."""
    asked = here().get(MAP)
    if TAB not in st.session_state and asked in _TABS:
        st.session_state[TAB] = asked
    opened = next(iter(_TABS))
    for tab, (name, draw) in zip(st.tabs(list(_TABS), key=TAB, on_change=_turned), _TABS.items(), strict=True):
        if tab.open:
            opened = name
            with tab:
                draw(told, hidden)
    return opened


@uninterrupted
def _turned() -> None:
    """Another tab: the address names it, so that a refresh finds it."""
    put(**{MAP: st.session_state[TAB]})


@uninterrupted
def _present(alone: str) -> None:
    """The map alone on the page, or with everything again."""
    put(**{PRESENT: alone})


def _bar(told: Told, wanted: View, drawn: LiveResult, tab: str, hidden: tuple[str, ...]) -> None:
    """What is shown, which lanes, and the ways to present it and to take it away."""
    if drawn.baseline is not None:
        held = hold("map shows", wanted)
        st.segmented_control(
            "Show",
            list(VIEWS),
            default=held.value,
            format_func=lambda each: NAMES[each],
            key=held.name,
            on_change=held.touched,
            args=(_show,),
            width="content",
            required=True,
            label_visibility="collapsed",
        )
    if tab == "Journey":
        _lanes(told)
    st.button("Present", key="present", icon=":material/slideshow:", on_click=_present, args=("yes",))
    for label, name, make, media in _DOWNLOADS[tab]:
        ending = ".pptx" if media == PPTX else ".png"
        st.download_button(
            label,
            partial(make, told, hidden),
            file_name=f"{_file(told)}-{name}{ending}",
            mime=media,
            key=f"take {name} {ending}",
            on_click="ignore",
        )


def _show(wanted: View) -> None:
    put(**{SHOW: "" if wanted == "both" else wanted})


def _lanes(told: Told) -> None:
    """Which lanes are seen; what is hidden stands in the address."""
    there = [lane.key for lane in told.journey.shown(empty=WRITTEN)]
    with st.popover("Lanes", key="lanes"):
        for name in there:
            held = hold(f"lane {name}", name not in _hidden())
            st.checkbox(LANES[name], held.value, key=held.name, on_change=held.touched, args=(_choose, there))


def _choose(_: bool, there: list[str]) -> None:
    put(**{HIDE: ",".join(name for name in there if not said(f"lane {name}", True))})


def _file(told: Told) -> str:
    """What a download is called: after the scenario's file, the plan and the segment."""
    result = told.result
    whom = "" if result.segment == EVERYONE else f"-{result.segment}"
    stem = PurePath(result.scenario.files[0]).stem
    return re.sub(r"[^A-Za-z0-9_-]+", "_", f"{stem}-{result.plan}{whom}").strip("_") or "map"


def _journey(told: Told, hidden: tuple[str, ...]) -> None:
    _heading(told)
    if here().get(PRESENT):
        st.html(journey_html(told.journey, hidden, look=style.look()))
        return
    drawn = journey_html(told.journey, hidden, look=style.look(), empty=WRITTEN)
    map_editor.show(drawn, told.journey, told.result.scenario)


def _heading(told: Told) -> None:
    """Whose map it is, for who sees nothing else."""
    result = told.result
    plan = plan_name(result.scenario, result.plan, view.moved(result.scenario, result.plan))
    behind = ", with today behind it" if told.behind is not None else ""
    st.html(f'<h1 class="cx-maptitle">{text(result.scenario.name)} <span>· {text(plan)}{behind}</span></h1>')


def _proposition(told: Told, _: tuple[str, ...]) -> None:
    """The canvas and the value map of each segment, two segments beside one another."""
    _heading(told)
    found = bargains(told.result)
    was = {} if told.behind is None else {one.segment: one for one in bargains(told.behind)}
    if equal := equal_value(told.result.whole):
        st.html(f'<div class="cx-answer"><p>{text(equal)}</p></div>')
    if len(found) == 1:
        left, right = st.columns([0.58, 0.42], gap="medium")
        with left:
            _canvas(found[0], was, 0)
        with right:
            _value(found[0], 0)
    for first in range(0, len(found) if len(found) > 1 else 0, 2):
        pair = found[first : first + 2]
        for column, (place, one) in zip(st.columns(2, gap="medium"), enumerate(pair, start=first), strict=False):
            with column:
                _canvas(one, was, place)
                _value(one, place)
    with st.expander("The same as tables", on_change="rerun", key="map tables") as tables:
        if tables.open:
            for table in (canvas_table, value_table):
                st.dataframe(table(told.result), hide_index=True, width="stretch")


def _canvas(one: Bargain, was: Mapping[str, Bargain], place: int) -> None:
    price = f' <span class="cx-note">{text(one.price)}</span>' if one.price else ""
    st.html(f'<h2 class="cx-part">{text(one.name)}{price}</h2><h3 class="cx-sub">Strategy canvas</h3>')
    st.vega_lite_chart(
        spec=dress(canvas(one, was.get(one.segment)), style.look()), width="stretch", theme=None, key=f"canvas {place}"
    )
    _say(one.fit, one.overpromised)


def _value(one: Bargain, place: int) -> None:
    st.html('<h3 class="cx-sub">Value map</h3>')
    _chart(value_map(one), f"value {place}")
    _say(one.standing, unpriced(one))


def _chart(drawing: Drawing, key: str) -> None:
    st.vega_lite_chart(spec=dress(drawing, style.look()), width="stretch", theme=None, key=key)


def _say(*sentences: str) -> None:
    st.html("".join(f'<p class="cx-note">{text(one)}</p>' for one in sentences if one))


def _organisation(told: Told, _: tuple[str, ...]) -> None:
    _heading(told)
    st.html(organisation_html(told.organisation))


_TABS: Final[dict[str, Callable[[Told, tuple[str, ...]], None]]] = {
    "Journey": _journey,
    "Proposition": _proposition,
    "Organisation": _organisation,
}
_Take = tuple[str, str, Callable[[Told, tuple[str, ...]], bytes], str]
_DOWNLOADS: Final[dict[str, tuple[_Take, ...]]] = {
    "Journey": (
        ("PNG", "journey_map", partial(png_bytes, JOURNEY), "image/png"),
        ("PPTX", "journey_map", partial(slides_of, (JOURNEY,)), PPTX),
    ),
    "Proposition": (
        ("PNG: canvas", "strategy_canvas", partial(png_bytes, "strategy_canvas"), "image/png"),
        ("PNG: value map", "value_map", partial(png_bytes, "value_map"), "image/png"),
        ("PPTX", "proposition", partial(slides_of, ("strategy_canvas", "value_map")), PPTX),
    ),
    "Organisation": (
        ("PNG", "organisation", partial(png_bytes, "organisation"), "image/png"),
        ("PPTX", "organisation", partial(slides_of, ("organisation",)), PPTX),
    ),
}
"""What can be taken away of each: label, name of the file, how it is made, and its media type."""
