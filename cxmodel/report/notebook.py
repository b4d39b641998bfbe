"""Answers as a notebook shows them: the sentences, a small table with intervals, one chart; and their charts by name.

Each kind of answer, by the name of its class, says what is told of it (`TOLD`) and which charts it has (`CHARTED`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from cxmodel.errors import UsageError
from cxmodel.report.charts import comparison as over_time
from cxmodel.report.charts import discovery as failing
from cxmodel.report.charts.base import Drawing, nothing
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.charts.pareto import front
from cxmodel.report.charts.tornado import tornado
from cxmodel.report.export.account import Account, initiatives_table, mend_table, metrics_table
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.catalogue import MAPS
from cxmodel.report.maps.sheet import Sheet
from cxmodel.report.picture import MapPicture, Picture, card
from cxmodel.report.text import calibration as calibrated
from cxmodel.report.text import comparison as compared
from cxmodel.report.text import discovery as discovered
from cxmodel.report.text import optimisation as optimised
from cxmodel.report.text import sensitivity as weighed
from cxmodel.report.text import uncertainty as tested
from cxmodel.report.text.captions import future_within, plan_name
from cxmodel.report.text.numbers import count, figure, interval
from cxmodel.report.text.shortfalls import sentence, shortfalls
from cxmodel.studies.verdict import ranked
from cxmodel.vocabulary import HEADLINES, METRICS

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.studies.calibration.study import Calibration
    from cxmodel.studies.comparison import Comparison
    from cxmodel.studies.discovery.study import Discovery
    from cxmodel.studies.explanation import Explanation
    from cxmodel.studies.optimisation.optimum import Optimum
    from cxmodel.studies.sensitivity.study import Sensitivity
    from cxmodel.studies.sweep import Sweep
    from cxmodel.studies.uncertainty import Uncertainty

MOST: Final = 12
"""Rows of a table that are shown; the answer's own tables have them all."""
REASONS: Final = 3
"""Shortfalls that are told in words."""
FEW: Final = 3
"""Paths of a sweep that are shown as columns."""
EMPTY: Final = 40
"""Pixels of a chart of which there is nothing to draw."""


class Told(NamedTuple):
    """What is told of an answer."""

    about: Sequence[str]
    """What it is an answer about: the company, the plan, the external scenario."""
    made: str
    """How its figures came about."""
    sentences: Sequence[str]
    tables: Mapping[str, pd.DataFrame]
    """By what is said over them; each row is headed by its first column."""
    chart: str = ""
    """The name of the chart that is shown; empty for none."""


class Offer(NamedTuple):
    """A chart that an answer has: what it is of, and how it is drawn."""

    title: str
    draw: Callable[..., Drawing | Sheet]


def html(answer: Any) -> str:
    """An answer as HTML that stands by itself; whatever a scenario says in it is text."""
    told = TOLD[type(answer).__name__](answer)
    parts = [f"<p><strong>{' · '.join(text(one) for one in told.about)}</strong></p>"]
    parts += [f"<p>{text(one)}</p>" for one in told.sentences]
    parts += [_table(caption, table) for caption, table in told.tables.items() if len(table)]
    parts += [picture(answer, told.chart).figure()] if told.chart else []
    return card(f"{''.join(parts)}<p><small>{text(told.made)}. Intervals: 95 %, simulation error.</small></p>")


def picture(answer: Any, name: str, **more: Any) -> Picture | MapPicture:
    """A chart of an answer by name. Raises UsageError, which lists the names, for one that there is not."""
    offers = CHARTED[type(answer).__name__](answer)
    if name not in offers:
        raise UsageError(f"there is no chart named {name!r}; there is: {', '.join(offers)}")
    title, drawn = offers[name].title, offers[name].draw(**more)
    return MapPicture(name, title, drawn) if isinstance(drawn, Sheet) else Picture(name, title, drawn)


def _result(found: Result) -> Told:
    account = Account(found)
    table = metrics_table(account)
    heads = [METRICS[metric].label for metric in HEADLINES]
    table = table[table["Metric"].isin(heads)] if len(table) else table
    return Told(
        about=[found.scenario.name, account.plan, *_future(found)],
        made=account.made,
        sentences=[one for one in account.answer if one],
        tables={"": table[["Metric", "Value", "95 %", "Unit"]]} if len(table) else {},
        chart="journey",
    )


def _result_charts(found: Result) -> dict[str, Offer]:
    def drawn(name: str, against: Result | None = None) -> Drawing:
        return CHARTS[name](found, against)

    def laid(name: str, against: Result | None = None) -> Sheet:
        return MAPS[name].draw(found, against)

    charts = {name: Offer(chart.title, partial(drawn, name)) for name, chart in CHARTS.items()}
    return charts | {name: Offer(each.title, partial(laid, name)) for name, each in MAPS.items()}


def _comparison(found: Comparison) -> Told:
    first = next(iter(found.results.values()))
    lines = compared.lines(found)
    rows = [
        {
            "What": f"{line.name}, if {future_within(first.scenario, pair.run.future)}"
            if pair.run.future
            else line.name,
            "Against": compared.name_of(pair.against, found),
            **{METRICS[one.metric].label: f"{one.head} ({one.span})" if one.span else one.head for one in line.effects},
            "Paid back": line.payback,
            "Costs more": line.cost,
        }
        for pair, line in zip(ranked(found), lines, strict=True)
    ]
    verdict = compared.sentence(found)
    return Told(
        about=list(dict.fromkeys(result.scenario.name for result in found.results.values())),
        made=f"{_each(first)}, the same luck",
        sentences=[verdict] if verdict else [],
        tables={"": pd.DataFrame(rows).fillna("–")},
        chart="expectation_gap",
    )


def _comparison_charts(found: Comparison) -> dict[str, Offer]:
    return {
        metric: Offer(f"Difference in {title}", partial(over_time.bands, found, metric))
        for metric, title in over_time.FOLLOWED.items()
    }


def _explanation(found: Explanation) -> Told:
    account = Account(found.result, explained=found.document())
    return Told(
        about=[found.scenario.name, account.plan],
        made=account.made,
        sentences=[sentence(each) for each in shortfalls(found.result, REASONS)],
        tables={
            "Value at stake: what lifting each touchpoint to the need would change": mend_table(account),
            "Contributions of the initiatives": initiatives_table(account),
        },
        chart="why",
    )


def _explanation_charts(found: Explanation) -> dict[str, Offer]:
    """Those of the run that say why; the journey tells the value at stake at each touchpoint too."""

    def journey() -> Drawing:
        return CHARTS["journey"](found.result, mending=Account(found.result, explained=found.document()).mending)

    why = {
        name: Offer(CHARTS[name].title, partial(CHARTS[name], found.result)) for name in ("why", "waterfall", "causes")
    }
    return {**why, "journey": Offer(CHARTS["journey"].title, journey)}


def _sensitivity(found: Sensitivity) -> Told:
    document = found.document()
    return Told(
        about=_about(found),
        made=f"{found.method.capitalize()}, {count(found.runs, 'run')}, {_each(found)}",
        sentences=[weighed.sentence(document, found.scenario)],
        tables={"": weighed.matters_table(document)},
        chart=found.method,
    )


def _sensitivity_charts(found: Sensitivity) -> dict[str, Offer]:
    """One, called as its method is."""
    return {found.method: Offer("What matters most", lambda: tornado(found.document(), found.scenario))}


def _optimum(found: Optimum) -> Told:
    document = found.document()
    return Told(
        about=[found.scenario.name, *_future(found)],
        made=f"{count(found.evaluated, 'set')} tried, {_each(found)}",
        sentences=[optimised.sentence(document, found.scenario)],
        tables={"": _headed(optimised.front_table(document, found.scenario), "Initiatives")},
        chart=found.maximise,
    )


def _optimum_charts(found: Optimum) -> dict[str, Offer]:
    """What money buys of each metric that the front is told in, what is maximised first."""
    document = found.document()
    return {
        metric: Offer(METRICS[metric].label, partial(front, document, metric, found.scenario))
        for metric in optimised.metrics_of(document)
    }


def _discovery(found: Discovery) -> Told:
    document = found.document()
    return Told(
        about=_about(found),
        made=f"{count(found.worlds, 'assumption scenario')}, {_each(found)}",
        sentences=[discovered.sentence(document)],
        tables={"": discovered.box_table(document)},
        chart="box" if document["box"] else "",
    )


def _discovery_charts(found: Discovery) -> dict[str, Offer]:
    """The box, and those there were to choose from; words where none stands out."""

    def drawn(draw: Callable[..., Drawing]) -> Drawing:
        document = found.document()
        return draw(document) if document["box"] else nothing(discovered.sentence(document), EMPTY)

    return {
        "box": Offer("Conditions under which it fails", partial(drawn, failing.box)),
        "trade": Offer("Boxes to choose from", partial(drawn, failing.trade)),
    }


def _sweep(found: Sweep) -> Told:
    document = found.document()
    paths = list(dict.fromkeys(path for case in found.cases for path in case.changes))
    paths = paths if len(paths) <= FEW else []  # a world drawn at random is otherwise in everything
    lost = len(found.failures)
    return Told(
        about=[found.scenario.name],
        made=f"{count(len(found.cases), 'case')}, {_each(found)}",
        sentences=[f"{lost} of {count(len(found.cases), 'case')} could not be simulated."] if lost else [],
        tables={"": pd.DataFrame([_case(case, paths, found.scenario) for case in document["cases"]])},
    )


def _case(case: Mapping[str, Any], paths: Sequence[str], scenario: Scenario) -> dict[str, str]:
    """A case of a sweep: what is otherwise in it, and its headline figures."""
    plan = plan_name(scenario, case["plan"])
    plan += f", if {future_within(scenario, case['future'])}" if case["future"] else ""
    rows = {row["metric"]: row for row in case["metrics"]}
    figures = {METRICS[metric].label: _figure(rows.get(metric), metric, scenario.currency) for metric in HEADLINES}
    return {"Case": str(case["case"]), **{path: str(case["changes"][path]) for path in paths}, "Plan": plan, **figures}


def _figure(row: Mapping[str, Any] | None, metric: str, currency: str | None) -> str:
    if row is None:
        return "–"
    unit = METRICS[metric].unit
    return f"{figure(row['value'], unit, currency)} ({interval(row['low'], row['high'], unit, currency)})"


def _about(found: Sensitivity | Discovery) -> list[str]:
    return [found.scenario.name, plan_name(found.scenario, found.plan), *_future(found)]


def _each(found: Result | Sensitivity | Discovery | Optimum | Sweep) -> str:
    return f"{count(found.replications, 'simulation run')} each, seed {found.seed}"


def _future(found: Result | Sensitivity | Discovery | Optimum) -> list[str]:
    return [f"if {future_within(found.scenario, found.future)}"] if found.future else []


def _headed(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """A table whose rows are headed by one of its columns."""
    return table[[column, *(name for name in table.columns if name != column)]] if column in table else table


def _table(caption: str, frame: pd.DataFrame) -> str:
    """The first rows of a table, each headed by its first column; how many more there are is said."""
    said = f"<caption>{text(caption)}</caption>" if caption else ""
    heads = "".join(f'<th scope="col">{text(str(name))}</th>' for name in frame.columns)
    rows = "".join(
        f'<tr><th scope="row">{text(str(first))}</th>{"".join(f"<td>{text(str(cell))}</td>" for cell in rest)}</tr>'
        for first, *rest in frame.head(MOST).itertuples(index=False, name=None)
    )
    more = f"<p><small>and {len(frame) - MOST:,} more</small></p>" if len(frame) > MOST else ""
    return f"<table>{said}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _uncertainty(found: Uncertainty) -> Told:
    document, currency = found.document(), found.scenario.currency
    said = tested.unknown(document, currency)
    rows = [
        {
            "Metric": METRICS[each["metric"]].label,
            "Change": figure(each["value"], METRICS[each["metric"]].unit, currency, sign=True),
            "Over assumption scenarios": interval(
                each["low"], each["high"], METRICS[each["metric"]].unit, currency, sign=True
            ),
        }
        for each in document["spreads"]
    ]
    return Told(
        about=[found.scenario.name, plan_name(found.scenario, found.plan)],
        made=count(found.worlds, "assumption scenario"),
        sentences=[tested.pays(document) if said is None else " ".join((said.words[0], said.words[-1]))],
        tables={"": pd.DataFrame(rows)},
    )


def _calibration(found: Calibration) -> Told:
    rows = [{"Number": each.name, "From the data": each.sentence, "Source": each.source} for each in found.fitted.fits]
    fitted = [calibrated.parameter(found, each) for each in found.found]
    judged = [calibrated.held_out(each) for each in found.held_out]
    return Told(
        about=[found.scenario.name],
        made=calibrated.caveats(found),
        sentences=[*fitted, *calibrated.trade_offs(found), *judged],
        tables={"What the tables of the data say": pd.DataFrame(rows[:MOST])},
    )


TOLD: Final[Mapping[str, Callable[[Any], Told]]] = {
    "Result": _result,
    "Comparison": _comparison,
    "Explanation": _explanation,
    "Sensitivity": _sensitivity,
    "Optimum": _optimum,
    "Discovery": _discovery,
    "Sweep": _sweep,
    "Uncertainty": _uncertainty,
    "Calibration": _calibration,
}
"""What is told of an answer, by the name of its class."""

CHARTED: Final[Mapping[str, Callable[[Any], dict[str, Offer]]]] = {
    "Result": _result_charts,
    "Comparison": _comparison_charts,
    "Explanation": _explanation_charts,
    "Sensitivity": _sensitivity_charts,
    "Optimum": _optimum_charts,
    "Discovery": _discovery_charts,
}
"""The charts that an answer has, by the name of its class."""
