"""The report as one HTML file: it opens offline, needs no script, prints well, and fits light and dark."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from cxmodel.report.cards import cards
from cxmodel.report.charts.base import COLOURS
from cxmodel.report.charts.catalogue import CHARTS
from cxmodel.report.charts.roadmap import roadmap
from cxmodel.report.charts.svg import dark_rules, inline
from cxmodel.report.charts.timeline import CURVES
from cxmodel.report.export import account as accounts
from cxmodel.report.export import board
from cxmodel.report.export.account import Account
from cxmodel.report.export.reproduce import command_lines, manifest, python_lines
from cxmodel.report.html_fragments import text
from cxmodel.report.maps.canvas import canvas, unpriced, value_map
from cxmodel.report.maps.html import journey_html, organisation_html, rules
from cxmodel.report.maps.proposition import bargains, canvas_table, equal_value, value_table
from cxmodel.report.text.by_segment import by_segment_table
from cxmodel.report.text.captions import segment_name
from cxmodel.report.text.glossary import GLOSSARY
from cxmodel.report.text.method import EQUATIONS
from cxmodel.report.text.numbers import percent
from cxmodel.report.text.scores import scores, scores_table
from cxmodel.report.text.shortfalls import sentence, shortfalls
from cxmodel.report.text.trust import trust
from cxmodel.vocabulary import EVERYONE

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

WIDE: Final = 980
"""Pixels of a chart as wide as the page."""
HALF: Final = 470
"""Pixels of a chart beside another."""
REASONS: Final = 3
"""Shortfalls that are told in words."""


class Section(NamedTuple):
    """A part of a report: its title, and what the template lays out under its name; left out where that is nothing."""

    title: str
    part: Callable[[Account], dict[str, Any]]


def _verdict(account: Account) -> dict[str, Any]:
    return {"words": account.verdict} if account.verdict else {}


def _answer(account: Account) -> dict[str, Any]:
    return {"sentences": account.answer}


def _journey(account: Account) -> dict[str, Any]:
    return {"chart": _chart("journey", account, WIDE, mending=account.mending)}


def _map(account: Account) -> dict[str, Any]:
    """The journey map under the plan with today behind it."""
    return {"map": Markup(journey_html(account.told.journey))}


def _proposition(account: Account) -> dict[str, Any]:
    """The strategy canvas and the value map of each segment; nothing where nothing is offered and there is no rival."""
    scenario, result = account.result.scenario, account.result
    if not scenario.rivals and not scenario.value_propositions:
        return {}
    was = {} if account.baseline is None else {one.segment: one for one in bargains(account.baseline)}
    levels, values = canvas_table(result), value_table(result)
    found = []
    for number, one in enumerate(bargains(result)):
        mine = [table[table["Segment"] == one.name].drop(columns="Segment") for table in (levels, values)]
        drawn = canvas(one, was.get(one.segment)), value_map(one)
        told = zip(("Strategy canvas", "Value map"), drawn, mine, strict=True)
        charts = [
            {
                "title": f"{title}, {one.name.lower()}",
                "svg": Markup(inline(drawing, f"{title.split()[0].lower()}-{number}", HALF)),
                "table": _table(table),
            }
            for title, drawing, table in told
        ]
        sentences = [said for said in (one.fit, one.overpromised, one.standing, unpriced(one)) if said]
        found.append({"name": one.name, "charts": charts, "sentences": sentences})
    return {"equal": equal_value(result.whole), "segments": found}


def _organisation(account: Account) -> dict[str, Any]:
    """What each touchpoint rests on, who sees it, and where attention and money go."""
    return {"map": Markup(organisation_html(account.told.organisation))}


def _numbers(account: Account) -> dict[str, Any]:
    return {
        "cards": Markup(cards(account.result, account.baseline)),
        "segments": _table(by_segment_table(account.result, account.baseline)),
        "scores": scores(account.result, account.baseline),
        "scores_table": scores_table(account.result, account.baseline),
        "dashboard": _chart("dashboard", account, HALF),
    }


def _works(account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sentences": [each.words for each in board.closed(account)],
        "initiatives": _table(accounts.initiatives_table(account)),
    }
    return told if told["sentences"] or told["initiatives"]["rows"] else {}


def _why(account: Account) -> dict[str, Any]:
    return {
        "sentences": [sentence(each) for each in shortfalls(account.result, REASONS)],
        "waterfall": _chart("waterfall", account, HALF),
        "causes": _chart("causes", account, HALF),
    }


def _mend(account: Account) -> dict[str, Any]:
    table = _table(accounts.mend_table(account))
    return {"touchpoints": table} if table["rows"] else {}


def _alternatives(account: Account) -> dict[str, Any]:
    table = _table(board.alternatives_table(account))
    return {"table": table, "missing": account.missing} if table["rows"] else {}


def _roadmap_chart(account: Account) -> dict[str, Any] | None:
    """When each initiative of the plan starts and is felt, and the same as a table."""
    scenario, plan = account.result.scenario, account.result.plan
    if not scenario.initiatives_of(plan):
        return None
    svg = Markup(inline(roadmap(scenario, [plan]), "roadmap", WIDE))
    return {"title": "Roadmap", "svg": svg, "table": _table(board.roadmap_table(account))}


def _roadmap(account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "payback": board.payback(account),
        "chart": _roadmap_chart(account),
        "years": _table(board.years_table(account)),
        "besides": board.besides(account),
    }
    return told if told["chart"] else {}


def _owners(account: Account) -> dict[str, Any]:
    words = board.owners(account)
    return {"words": words, "table": _table(board.owners_table(account))} if words else {}


def _time(account: Account) -> dict[str, Any]:
    return {"charts": [_chart(name, account, HALF) for name in CURVES]}


def _trust(account: Account) -> dict[str, Any]:
    return {"today": _table(accounts.today_table(account))}


def _tables(account: Account) -> dict[str, Any]:
    return {
        "metrics": _table(accounts.metrics_table(account)),
        "touchpoints": _table(accounts.touchpoints_table(account)),
        "segments": _table(_segments(account)),
    }


def _method(account: Account) -> dict[str, Any]:
    return {"equations": EQUATIONS, "glossary": GLOSSARY}


def _reproduce(account: Account) -> dict[str, Any]:
    return {
        "commands": command_lines(account),
        "python": python_lines(account),
        "manifest": manifest(account),
        "scenario": account.result.scenario.to_yaml(),
    }


SECTIONS: Final = {
    "verdict": Section("Verdict", _verdict),
    "answer": Section("Answer", _answer),
    "journey": Section("Customer journey", _journey),
    "map": Section("Journey map", _map),
    "numbers": Section("Key figures", _numbers),
    "works": Section("What makes the difference", _works),
    "why": Section("Causes of the gap", _why),
    "mend": Section("Priorities for improvement", _mend),
    "proposition": Section("Proposition", _proposition),
    "organisation": Section("Organisation", _organisation),
    "alternatives": Section("Alternatives", _alternatives),
    "roadmap": Section("Payback and roadmap", _roadmap),
    "owners": Section("Owners", _owners),
    "time": Section("Over time", _time),
    "trust": Section("Confidence", _trust),
    "tables": Section("Tables", _tables),
    "method": Section("Method and glossary", _method),
    "reproduce": Section("Reproduce", _reproduce),
}
"""The parts of a report in their order; any may be left out."""


def page(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> str:
    """The whole report, or the sections of it that are wanted; one that has nothing to tell is left out."""
    result, baseline = account.result, account.baseline
    parts = {name: SECTIONS[name].part(account) for name in SECTIONS if name in sections}
    shown = [name for name, part in parts.items() if part]
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            account=account,
            sections={name: SECTIONS[name].title for name in shown},
            language="en",
            trust=trust(result, baseline, account.unknown),
            parts=parts,
            colours=COLOURS,
            dark_rules=Markup(dark_rules()),
            map_rules=Markup(rules()),
        )
    )


def _chart(name: str, account: Account, width: int, **more: Any) -> dict[str, Any]:
    """A chart with its title and its table twin."""
    chart = CHARTS[name]
    table = dict(more) if name == "journey" else {}
    return {
        "title": chart.title,
        "svg": Markup(inline(chart(account.result, account.baseline, **more), name.replace("_", "-"), width)),
        "table": _table(chart.table(account.result, account.baseline, **table)),
    }


def _segments(account: Account) -> pd.DataFrame:
    """How far each segment is from what it expects, and where most, if there are several."""
    import pandas as pd

    table = account.result.touchpoints
    if len(table) == 0 or len(account.result.scenario.segments) < 2:
        return pd.DataFrame()
    own = table[table["segment"] != EVERYONE]
    found = []
    for segment, mine in own.assign(points=own["gap"] * own["memory_share"]).groupby("segment", sort=False):
        worst = mine.sort_values("points", ascending=False).iloc[0]
        found.append(
            {
                "Segment": segment_name(account.result.scenario, str(segment)),
                "Expectation gap [points]": f"{float(mine['points'].sum()):.1f}".replace("-", "−"),
                "Largest part at": account.result.scenario.label("journey", str(worst["touchpoint"])),
                "Share of remembered experience there": percent(float(worst["memory_share"])),
            }
        )
    return pd.DataFrame(found)


def _table(frame: pd.DataFrame) -> Mapping[str, Any]:
    """A table for the template: its columns, which of them hold figures, and its rows as text."""
    figures = [name for name in frame.columns if len(frame) and frame[name].map(_is_figure).all()]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in frame.columns], "figures": [str(name) for name in figures], "rows": rows}


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:g}".replace("-", "−") if isinstance(value, float) else str(value)


def _is_figure(value: Any) -> bool:
    """Whether a cell reads as a number, which stands to the right."""
    return _cell(value).lstrip("+−£$€¥ ")[:1].isdigit() or _cell(value) in ("–", "no interval")


@cache
def _templates() -> jinja2.Environment:
    """The templates; whatever is put into one is escaped."""
    import jinja2

    loader = jinja2.PackageLoader("cxmodel.report", "templates")
    made = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["kept"] = lambda words: Markup(text(str(words)))
    return made
