"""How a comparison reads in a terminal: a table per pair, direction and doubt in words. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cxmodel.cli.render.table import caveat, table
from cxmodel.report.text.captions import FAR
from cxmodel.report.text.numbers import count, figure, humanise, interval
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.simulation.precision import Precision
    from cxmodel.studies.comparison import Cell, Comparison, Pair

COMPARED: Final = (
    "expectation_gap",
    "satisfaction",
    "retention",
    "nps",
    "nps_everyone",
    "acquired",
    "contacts_per_customer",
    "wait_minutes",
    "customer_equity",
    "cost",
)
"""The metrics a reader sees without asking for more; `--json` has them all."""
NEITHER: Final = {"cost": ("costs more", "costs less")}
"""Metrics whose rise is no success and no failure: the words for it instead."""


def comparison(found: Comparison) -> str:
    """All pairs, with what they rest on."""
    first = next(iter(found.results.values()))
    scenario = first.scenario
    head = [scenario.name]
    if scenario.question:
        head.append(" ".join(scenario.question.split()))
    played = count(first.replications, "replication")
    head.append(f"{played}, seed {first.seed}; the same luck on both sides, compared replication by replication")
    if found.precision is not None:
        head.append(precise(found.precision))
    blocks = ["\n".join(head), *(_pair(found, pair) for pair in found.pairs)]
    return "\n\n".join([*blocks, *_money_apart(found), caveat(first.replications)])


def precise(came: Precision) -> str:
    """Whether the precision that was asked for is reached.

    >>> from cxmodel.simulation.precision import Precision
    >>> precise(Precision(0.02, True, 30, "nps"))
    'Precise to 2 % after 30 replications.'
    """
    if came.reached:
        return f"Precise to {100 * came.asked:g} % after {count(came.replications, 'replication')}."
    widest = METRICS[came.widest].label if came.widest else "a figure"
    return (
        f"Not precise to {100 * came.asked:g} % after {count(came.replications, 'replication')}, the most that are"
        f" played: {widest} is still wider."
    )


def _pair(found: Comparison, pair: Pair) -> str:
    """A pair's title and its table."""
    result, baseline = (found.results[cell] for cell in pair)
    currency = result.scenario.currency
    lines = []
    for metric in COMPARED:
        if not found.comparable(pair, metric):
            continue
        now, was = result.metric(metric).value, baseline.metric(metric).value
        if now is None and was is None:
            continue
        unit = METRICS[metric].unit
        told = change(result, baseline, metric)
        lines.append(
            (
                METRICS[metric].label,
                figure(was, unit, currency),
                figure(now, unit, currency),
                *_change(told, unit, currency),
            )
        )
    names = ("before", "after") if pair.run.scenario != pair.against.scenario else (pair.against.plan, pair.run.plan)
    body = table(("", *names, "change", "likely between", ""), lines, numbers=(1, 2, 3))
    return f"{_title(found, pair)}\n\n{body}"


def _title(found: Comparison, pair: Pair) -> str:
    run, against = pair
    title = f"== {_name(found, run, pair)} against {_name(found, against, pair)}"
    if run.future is not None:
        title += f", if {humanise(run.future).lower()}"
    initiatives = found.results[run].scenario.initiatives
    does = [initiatives[name].what or humanise(name) for name in found.results[run].scenario.initiatives_of(run.plan)]
    return f"{title}: {'; '.join(does)}" if does and run.scenario == against.scenario else title


def _name(found: Comparison, cell: Cell, pair: Pair) -> str:
    if pair.run.scenario == pair.against.scenario:
        return cell.plan
    file = found.results[cell].scenario.files[0]
    return file if cell.plan == AS_IS else f"{file} ({cell.plan})"


def _change(told: Change, unit: str, currency: str | None) -> tuple[str, str, str]:
    """The difference, its interval, and what to make of it."""
    if told.runs == 0:
        return "–", "", "cannot be compared"
    if told.verdict == "none":
        return figure(0.0, unit, currency, sign=True), "", "no difference"
    size = figure(told.value, unit, currency, sign=True)
    span = (
        "the same in every run" if told.low == told.high else interval(told.low, told.high, unit, currency, sign=True)
    )
    if told.verdict == "unclear":
        return size, span, f"no clear difference; {more_replications(told)}"
    if told.verdict == "slight":
        return size, span, "no difference to speak of"
    rises, falls = NEITHER.get(told.metric, (told.verdict, told.verdict))
    word = rises if told.value > 0 else falls
    return f"{'▲' if told.value > 0 else '▼'} {size}", span, word


def more_replications(told: Change) -> str:
    """How many more replications would show a difference of this size.

    >>> more_replications(Change("nps", 0.3, -1.1, 1.7, 30, "unclear", 437, 17))
    'about 440 more replications would tell'
    """
    if told.runs == 1:
        return "a single replication has no interval"
    if told.wanted is None or told.wanted > FAR:
        return "too small for more replications to tell"
    step = 10 ** max(0, len(str(told.wanted)) - 2)
    return f"about {count(round(told.wanted / step) * step, 'more replication')} would tell"


def _money_apart(found: Comparison) -> Iterator[str]:
    """A word where money cannot be compared."""
    if not all(found.comparable(pair, "cost") for pair in found.pairs):
        yield "Money is not compared: the scenarios are in different currencies."
