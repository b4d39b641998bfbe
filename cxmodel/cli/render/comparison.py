"""How a comparison reads in a terminal: a table per pair, direction and doubt in words. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxmodel.cli.render.table import caveat, heading, table
from cxmodel.report.text.captions import NO_COST_GIVEN, future_within, more_runs, paid_back
from cxmodel.report.text.comparison import sentence
from cxmodel.report.text.headline import acts
from cxmodel.report.text.numbers import count, figure, with_interval
from cxmodel.results.expenditure import standing
from cxmodel.results.paired import Change, change
from cxmodel.studies.verdict import ranked
from cxmodel.vocabulary import AS_IS, METRICS, MONEY, shown

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.simulation.precision import Precision
    from cxmodel.studies.comparison import Cell, Comparison, Pair

NEITHER: Final = {"cost": ("costs more", "costs less")}
"""Metrics whose rise is no success and no failure: the words for it instead."""


def comparison(found: Comparison) -> str:
    """All pairs, with what they rest on."""
    first = next(iter(found.results.values()))
    scenario = first.scenario
    head = [heading(scenario, "Paired differences over matched runs: ", first.replications, first.seed)]
    if found.precision is not None:
        head.append(precise(found.precision))
    if told := sentence(found):
        head.append(told)
    blocks = ["\n".join(head), *(_pair(found, pair) for pair in ranked(found))]
    return "\n\n".join([*blocks, caveat(first.replications)])


def precise(came: Precision) -> str:
    """Whether the precision that was asked for is reached.

    >>> from cxmodel.simulation.precision import Precision
    >>> precise(Precision(0.02, True, 30, "nps"))
    'Precise to 2 % after 30 simulation runs.'
    """
    if came.reached:
        return f"Precise to {100 * came.asked:g} % after {count(came.replications, 'simulation run')}."
    widest = METRICS[came.widest].label if came.widest else "a figure"
    return (
        f"Not precise to {100 * came.asked:g} % after {count(came.replications, 'simulation run')}, the most that are"
        f" made: {widest} is still wider."
    )


def _pair(found: Comparison, pair: Pair) -> str:
    """A pair's title and its table."""
    result, baseline = (found.results[cell] for cell in pair)
    currency = result.scenario.currency
    apart = pair.run.scenario != pair.against.scenario
    lines = []
    for metric in sorted(shown("comparison"), key=_money_last):
        unit = METRICS[metric].unit
        was, now = (_level(each, metric, total=apart) for each in (baseline, result))
        if was is None and now is None and not (metric == "net_value" and result.scenario.economics):
            continue
        told = change(result, baseline, metric)
        words = _change(told, unit, currency)
        if told.runs == 0 and metric == "net_value":
            words = ("–", "", NO_COST_GIVEN)
        lines.append((METRICS[metric].label, figure(was, unit, currency), figure(now, unit, currency), *words))
    if result.scenario.economics:
        lines.append(("Paid back, against today", paid_back(baseline), paid_back(result), "", "", ""))
    names = ("before", "after") if apart else tuple(_said(found, cell) for cell in (pair.against, pair.run))
    body = table(("", *names, "change", "likely between", ""), lines, numbers=(1, 2, 3))
    return f"{_title(found, pair)}\n\n{body}"


def _money_last(metric: str) -> int:
    """Net value is the first of the money."""
    return 0 if METRICS[metric].unit != MONEY else 1 if metric == "net_value" else 2


def _level(result: Result, metric: str, *, total: bool) -> float | None:
    """A figure of one run; of its cost all that is spent where it is of another file, with what it takes today."""
    value = result.metric(metric).value
    return value + standing(result.scenario) if total and metric == "cost" and value is not None else value


def _title(found: Comparison, pair: Pair) -> str:
    run, against = pair
    title = f"== {_name(found, run, pair)} against {_name(found, against, pair)}"
    if run.future is not None:
        title += f", external scenario {future_within(found.results[run].scenario, run.future)}"
    does = acts(found.results[run].scenario, run.plan)
    return f"{title}: {'; '.join(does)}" if does and run.scenario == against.scenario else title


def _name(found: Comparison, cell: Cell, pair: Pair) -> str:
    if pair.run.scenario == pair.against.scenario:
        return _said(found, cell)
    file = found.results[cell].scenario.files[0]
    return file if cell.plan == AS_IS else f"{file} ({_said(found, cell)})"


def _said(found: Comparison, cell: Cell) -> str:
    """The plan of a run, as a command takes it or by its label."""
    return found.results[cell].scenario.label_or_id("plans", cell.plan)


def _change(told: Change, unit: str, currency: str | None) -> tuple[str, str, str]:
    """The difference, its interval, and what to make of it."""
    if told.runs == 0:
        return "–", "", "cannot be compared"
    if told.verdict == "none":
        return figure(0.0, unit, currency, sign=True), "", "no difference"
    size, span = with_interval(told.value, told.low, told.high, unit, currency, sign=True)
    span = "the same in every run" if told.low == told.high else span
    if told.verdict == "unclear":
        return size, span, f"no clear difference; {more_runs(told)}"
    if told.verdict == "slight":
        return size, span, "no material difference"
    rises, falls = NEITHER.get(told.metric, (told.verdict, told.verdict))
    word = rises if told.value > 0 else falls
    return f"{'▲' if told.value > 0 else '▼'} {size}", span, word
