"""Explore: what matters most, when a plan fails, the best use of a budget; each says first how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from cxmodel.report.charts.base import Drawing, dress
from cxmodel.report.charts.discovery import box, trade
from cxmodel.report.charts.pareto import front
from cxmodel.report.charts.tornado import tornado
from cxmodel.report.html_fragments import text
from cxmodel.report.text import discovery, optimisation, sensitivity
from cxmodel.report.text.captions import horizon
from cxmodel.report.text.numbers import count, duration
from cxmodel.vocabulary import METRICS, JsonDict
from cxmodel.workbench.components.style import look
from cxmodel.workbench.jobs import limits, live_results, study_questions
from cxmodel.workbench.jobs.study_questions import EACH, METHODS, STUDIES, WORLDS
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import view
from cxmodel.workbench.session.navigation import turn
from cxmodel.workbench.session.url import here, put
from cxmodel.workbench.session.widgets import hold, redraw, said, uninterrupted

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.workbench.jobs.study_runner import Question
    from cxmodel.workbench.session.view import View

POLL: Final = 0.5
"""Seconds between looks at what is running."""
PAYS: Final = "does not pay"
SIGNS: Final[Mapping[str, str]] = {"<": "is below", ">": "is above"}
"""How a figure can lie on the wrong side of a number."""
KINDS: Final = {"running": "running", "timing": "running", "failed": "failed", "stopped": "stopped"}
"""How the pill of a study looks by its state; quiet otherwise."""
EXPLAINED: Final[Mapping[str, str]] = {
    "matters": "Of all uncertain numbers, ranges and assumptions: which one moves the result most?",
    "fails": (
        "The plan is tried in many assumption scenarios, in each of which every uncertain number is "
        "drawn anew: where does it fail?"
    ),
    "best": (
        "Every set of initiatives that the money allows is tried; the figures come from simulation runs of their own."
    ),
}
"""What a study does, in a sentence."""


def show(seen: View) -> None:
    """What is asked, what it takes, and what came of it."""
    question = study_questions.question(seen, here())
    scenario = seen.scenario
    st.html(f'<h1 class="cx-question">{text(scenario.question or scenario.name)}</h1>')
    _controls(seen, question)
    if (missing := _missing(question)) is not None:
        st.info(missing)
        return
    mine = question.job
    _follow(question)
    if _state(question) == "failed":
        st.error(plain(limits.told(mine.why or question.cost.why, "This could not be worked out")))
    if mine.found is not None:
        with st.container(key="explored"):
            _found(seen, mine.found, question)
    name = seen.draft.name if seen.draft is not None else f"{seen.story}.yaml"
    st.html('<p class="cx-note">The same on the command line, with the scenario saved:</p>')
    st.code(study_questions.command(question, name), language=None, wrap_lines=True)


def _missing(question: Question) -> str | None:
    """What the scenario lacks for the question to make sense."""
    scenario = question.scenario
    if question.study == "best" and not scenario.initiatives:
        return "There are no initiatives to choose from: give the scenario some under *Initiatives & plans*."
    if question.study == "fails" and question.options["fails"] is None and not scenario.initiatives_of(question.plan):
        return "Today (no action) changes nothing, so it cannot fail to pay: choose a plan above, or another test."
    return None


def _controls(seen: View, question: Question) -> None:
    """Which study, and how it is asked."""
    with st.container(key="asked", horizontal=True, gap="medium", vertical_alignment="bottom"):
        _choice("Study", "ask", question.study, STUDIES, segmented=True)
        _CONTROLS[question.study](seen, question)
    st.html(f'<p class="cx-note">{text(EXPLAINED[question.study])}</p>')


def _matters_controls(seen: View, question: Question) -> None:
    options = question.options
    _choice("Metric", "metric", options["metric"], _labels(seen, question.plan), width=190)
    _choice("Method", "method", options["method"], METHODS, width=260)
    _choice("Simulation runs per case", "each", options["replications"], _numbers(EACH), width=190)


def _fails_controls(seen: View, question: Question) -> None:
    rule = (question.options["fails"] or "").split()
    objective = study_questions.usual_metric(seen.scenario, question.plan)
    metric, sign, number = rule if len(rule) == 3 else (objective, PAYS, "")
    usual = discovery.NO_GAIN[objective]
    rules = {PAYS: usual} | {name: f"a metric {words} a number" for name, words in SIGNS.items()}
    _choice("It fails where", "sign", sign, rules, act=_rule, width=270)
    if sign != PAYS:
        _choice("Metric", "figure", metric, _labels(seen, question.plan), act=_rule, width=190)
        limit = hold("explore number", float(number))
        st.number_input(
            SIGNS[sign],
            value=limit.value,
            key=limit.name,
            on_change=limit.touched,
            args=(_rule, "number"),
            width=130,
            format="%g",
            step=1.0,
        )
    _choice("Assumption scenarios", "worlds", question.options["worlds"], _numbers(WORLDS), width=170)


def _best_controls(seen: View, question: Question) -> None:
    currency = f" [{plain(seen.scenario.currency)}]" if seen.scenario.currency else ""
    held = hold("explore budget", float(question.options["budget"]))
    st.number_input(
        f"Budget over {horizon(seen.scenario)}{currency}",
        min_value=0.0,
        max_value=study_questions.MOST,
        value=held.value,
        key=held.name,
        on_change=held.touched,
        args=(_budget,),
        width=210,
        format="%g",
        step=1000.0,
    )
    _choice("Objective", "metric", question.options["maximise"], _labels(seen), width=190)


_CONTROLS: Final[Mapping[str, Callable[[View, Question], None]]] = {
    "matters": _matters_controls,
    "fails": _fails_controls,
    "best": _best_controls,
}


def _choose(chosen: object, name: str) -> None:
    """Write what is chosen into the address; a control that is pressed while it is drawn anew says nothing."""
    if chosen is not None:
        put(**{name: str(chosen)})


def _choice(
    label: str,
    name: str,
    value: Any,
    words: Mapping[Any, str],
    *,
    act: Callable[[object, str], None] = _choose,
    segmented: bool = False,
    width: int = 0,
) -> None:
    """A choice that stands in the page's address, by its name or as `act` writes it."""
    held = hold(f"explore {name}", value)
    options = list(words)
    given: dict[str, Any] = {"format_func": words.get, "key": held.name}
    given |= {"on_change": held.touched, "args": (act, name)}
    if segmented:
        st.segmented_control(label, options, default=held.value, **given, width="content", required=True)
    else:
        st.selectbox(label, options, index=options.index(held.value), **given, width=width)


def _rule(_: object, __: str) -> None:
    """Write into the address when the plan fails, of what three controls say together."""
    sign = said("explore sign", PAYS)
    if sign == PAYS:
        put(fails="")
        return
    metric = said("explore figure", "nps")
    number = said("explore number", None)
    put(fails=f"{metric} {sign} {0.0 if number is None else number:.12g}")


def _budget(budget: float | None) -> None:
    put(budget="" if budget is None else f"{budget:.12g}")


def _labels(seen: View, plan: str | None = None) -> dict[str, str]:
    return {name: METRICS[name].label for name in study_questions.metrics(seen.scenario, plan)}


def _numbers(known: tuple[int, ...]) -> dict[int, str]:
    return {number: f"{number:,}" for number in known}


def _follow(question: Question) -> None:
    """How far it is, and the page drawn anew when that is over."""
    state = _state(question)
    st.fragment(_watch, run_every=POLL if state in ("running", "timing") else None)(question, state)


def _state(question: Question) -> str:
    """The state of the study; as long as it is not begun, whether it is known how long it will take."""
    mine, cost = question.job, question.cost
    live_results.want("explores", [cost] if mine.state == "ready" else [])
    return {"running": "timing", "failed": "failed"}.get(cost.state, "ready") if mine.state == "ready" else mine.state


def _watch(question: Question, drawn: str) -> None:
    mine, state = question.job, _state(question)
    if state != drawn:
        redraw()
    share = mine.done / mine.total if mine.total else 0.0
    bar = f'<u style="width:{100 * share:.0f}%"></u>' if state == "running" else ""
    pill = f'<div class="cx-state {KINDS.get(state, "fresh")}" role="status" data-study="{state}"><i></i>'
    with st.container(key="study state", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"{pill}{text(_words(question, state))}{bar}</div>", width="content")
        if state == "running":
            st.button("Stop", key="study stop", on_click=mine.end, args=("stopped",), type="tertiary")
        elif state in ("timing", "ready"):
            st.button("Start", key="study start", on_click=mine.start, type="primary")
        elif state in ("stopped", "failed"):
            st.button("Continue" if state == "stopped" else "Try again", key="study again", on_click=mine.start)
        else:
            st.empty()  # takes the button's place at once


def _words(question: Question, state: str) -> str:
    """How far it is, in words."""
    mine, cost = question.job, question.cost.found
    if mine.found is not None:
        return _COUNTED[question.study](mine.found)
    if state == "running":
        left = question.seconds_left()
        soon = f", about {duration(left)} left" if left is not None else ""
        return f"{mine.done:,.0f} of {_counted(question, mine.total)}{soon}" if mine.total else f"Starting{soon}"
    if state == "stopped":
        return f"Stopped at {mine.done:,.0f} of {_counted(question, mine.total)}; what was simulated is saved"
    if state == "failed":
        return "Not available"
    if cost is None:
        return "Working out how long it takes"
    if not cost.runs:
        return "Every case is saved already: an answer takes a moment"
    soon = f", about {duration(cost.seconds)}" if cost.seconds else ""
    return f"At most {count(cost.runs, 'case')}{soon}"


def _counted(question: Question, number: int) -> str:
    return count(number, "simulation run" if question.study == "best" else "case")


def _found(seen: View, document: JsonDict, question: Question) -> None:
    """What came of it: a sentence, its pictures, and all figures as a table."""
    st.html(
        f'<div class="cx-answer" id="answer"><p>{text(_SENTENCES[question.study](document, seen.scenario))}</p></div>'
    )
    _DRAWN[question.study](seen, document)
    lost = document["failures"]
    if lost:
        st.warning(f"{count(len(lost), 'case')} could not be simulated, the first of them: {plain(lost[0]['why'])}.")
    with st.expander("Every figure as a table, and what it means", on_change="rerun", key="explored tables") as tables:
        if tables.open:
            st.dataframe(_TABLES[question.study](document, seen.scenario), hide_index=True, width="stretch")
            st.html(f'<p class="cx-note">{text(_MEANINGS[question.study](document, seen.scenario))}</p>')


def _draw(drawing: Drawing, name: str) -> None:
    st.vega_lite_chart(spec=dress(drawing, look()), width="stretch", theme=None, key=f"explored {name}")


def _matters(seen: View, document: JsonDict) -> None:
    _draw(tornado(document, seen.scenario), "tornado")


def _fails(seen: View, document: JsonDict) -> None:
    if not document["box"]:
        return
    left, right = st.columns([0.64, 0.36], gap="large")
    with left:
        st.html('<h2 class="cx-section">Conditions under which it fails</h2>')
        _draw(box(document), "box")
        st.html(f'<p class="cx-note">{text(discovery.unseen(document))}</p>')
        example = document["counterexample"]
        st.button(
            "Use one of these scenarios as draft",
            key="load world",
            help=(
                "An assumption scenario that was simulated and fails: every number as it was there, to see "
                "what goes wrong."
            ),
            on_click=_load_world,
            args=(seen, example["changes"]),
        )
    with right:
        st.html('<h2 class="cx-section">Other boxes: denser, or with more of the failures</h2>')
        _draw(trade(document), "trade")


@uninterrupted
def _load_world(seen: View, changes: Mapping[str, Any]) -> None:
    """The world as a draft, shown where its results are."""
    turn(seen, lambda now: view.edited(now, changes))
    st.session_state["opened"] = here()


def _best(seen: View, document: JsonDict) -> None:
    metrics = optimisation.metrics_of(document)
    for column, metric in zip(st.columns(len(metrics), gap="medium"), metrics, strict=True):
        with column:
            _draw(front(document, metric, seen.scenario), f"front {metric}")
    st.html('<h2 class="cx-section">Smaller budgets</h2>')
    bought = reversed(
        list(zip(optimisation.sets_of(document), optimisation.lines(document, seen.scenario), strict=True))
    )
    for number, (some, cells) in enumerate(bought):
        gains = "; ".join(f"{METRICS[metric].label} {cell}" for metric, cell in zip(metrics, cells[1:], strict=False))
        with st.container(key=f"found {number}", horizontal=True, vertical_alignment="center", gap="small"):
            is_shown = set(seen.scenario.initiatives_of(seen.plan)) == set(some)
            st.button(
                "Shown" if is_shown else "Use as plan",
                key=f"load {number}",
                disabled=is_shown,
                type="primary" if not number and not is_shown else "secondary",
                width=130,
                help=f"Show {plain(optimisation.named(some, seen.scenario))} as a plan, in the draft.",
                on_click=turn,
                args=(seen, _taking(some)),
            )
            name = optimisation.named(some, seen.scenario) if some else optimisation.NOTHING.capitalize()
            st.html(
                f'<div class="cx-bought"><strong>{text(name)}</strong> {text(cells[0])}'
                f"<small>{text(gains)}</small></div>"
            )


def _taking(some: tuple[str, ...]) -> Callable[[View], View]:
    return lambda now: view.take(now, some)


_SENTENCES: Final[Mapping[str, Callable[[JsonDict, Scenario], str]]] = {
    "matters": sensitivity.sentence,
    "fails": lambda found, _: discovery.sentence(found),
    "best": optimisation.sentence,
}
_COUNTED: Final[Mapping[str, Callable[[JsonDict], str]]] = {
    "matters": lambda found: (
        f"Found in {count(found['runs'], 'case')} of {count(found['replications'], 'simulation run')}"
    ),
    "fails": lambda found: f"Found in {count(found['worlds'], 'assumption scenario')}",
    "best": lambda found: f"Found among {count(found['sets']['evaluated'], 'set')} of initiatives",
}
"""What a finding rests on."""
_DRAWN: Final[Mapping[str, Callable[[View, JsonDict], None]]] = {"matters": _matters, "fails": _fails, "best": _best}
_TABLES: Final[Mapping[str, Callable[[JsonDict, Scenario], Any]]] = {
    "matters": lambda found, _: sensitivity.matters_table(found),
    "fails": lambda found, _: discovery.box_table(found),
    "best": optimisation.front_table,
}
_MEANINGS: Final[Mapping[str, Callable[[JsonDict, Scenario], str]]] = {
    "matters": sensitivity.meaning,
    "fails": lambda found, _: discovery.reading(found),
    "best": lambda found, _: optimisation.reading(found),
}
