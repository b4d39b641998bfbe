"""Comparisons as people read them: effects with direction and doubt in words, differences over time as bands.

Reads a comparison (`cxmodel.studies.comparison`); computes no difference of its own but who is ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from cxmodel.report.charts.base import Drawing, compose, nothing
from cxmodel.report.charts.layout import apart
from cxmodel.report.text.captions import HEADLINES, change_words, price, unit_of
from cxmodel.report.text.numbers import figure, humanise, interval, listed
from cxmodel.results.estimates import ALL
from cxmodel.results.metrics import METRICS
from cxmodel.results.paired import Change, change, judge, paired
from cxmodel.scenario.describe.wording import label
from cxmodel.vocabulary import AS_IS, MONTH

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.studies.comparison import Cell, Comparison, Pair

HEIGHT: Final = 190
STYLES: Final = (("lived", [1, 0]), ("second", [6, 3]), ("third", [2, 2]), ("ahead", [8, 2, 2, 2]), ("short", [4, 4]))
"""Colour and dash of each line; after the last they begin again."""
FOLLOWED: Final = {
    "expectation_gap": "Short of expectation [points]",
    "satisfaction": "Satisfaction [points]",
    "nps": "Recommend (NPS) [points]",
    "churn_monthly": "Leave in a month [hundredths]",
}
"""The differences that are followed over time, and how their chart is called."""
COSTED: Final = "cost"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one run changes against another in one metric, ready to be shown."""

    metric: str
    change: Change
    head: str
    """Arrow, size and word."""
    span: str
    """The interval, or what more runs would tell."""

    @property
    def tone(self) -> str:
        """better, worse, unclear: how the cell is coloured, which the words say too."""
        return self.change.verdict if self.change.verdict in ("better", "worse") else "unclear"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a pair, and its effects."""

    name: str
    future: str
    effects: tuple[Effect, ...]
    cost: str
    """What it costs more, or that nobody has said."""


def lines(found: Comparison) -> list[Line]:
    """Every pair with its effects on the four headline figures."""
    return [_line(found, pair) for pair in found.pairs]


def name_of(cell: Cell, found: Comparison) -> str:
    """What a run of a comparison is called; of two scenarios of one name, the first is what was before."""
    plan = "As is" if cell.plan == AS_IS else humanise(cell.plan)
    names = {each.scenario: result.scenario.name for each, result in found.results.items()}
    if len(names) == 1:
        return plan
    if len(set(names.values())) == 1:
        return f"{plan}, {'now' if cell.scenario else 'before'}"
    return f"{names[cell.scenario]}: {plan}"


def effect(found: Change, currency: str | None = None) -> Effect:
    """A change as a head and what follows it.

    >>> effect(Change("nps", 9.5, 9.4, 9.7, 30, "better", None, 30)).head
    '▲ +9.5 better'
    >>> effect(Change("nps", 0.3, -1.1, 1.7, 30, "unclear", 40, 17)).span
    '−1.1 to +1.7; about 40 more runs needed'
    """
    unit = unit_of(found.metric)
    words = change_words(found, currency)
    head, _, rest = words.partition(" (")
    span = rest.partition(")")[0]
    if found.verdict == "unclear" and found.runs:
        size = figure(found.value, unit, currency, sign=True, brief=True)
        more = rest.partition("; ")[2].replace("would tell", "needed")
        return Effect(found.metric, found, f"≈ {size} unclear", f"{span}; {more}" if more else span)
    return Effect(found.metric, found, head, span)


def leader(found: Comparison) -> str:
    """Which plan is ahead after the costs given (in NPS without economics), and how far the next is behind.

    Nothing where there is only one, or where they are not held against the same run.
    """
    against = {pair.against for pair in found.pairs}
    if len(found.pairs) < 2 or len(against) != 1:
        return ""
    standing = found.results[against.pop()]
    money = standing.scenario.economics is not None
    metric, unit = ("customer_equity", "money") if money else ("nps", "points")
    currency, what = standing.scenario.currency, "worth, after the costs given" if money else "recommendation"
    gains = {pair.run: _gain(found.results[pair.run], standing, money) for pair in found.pairs}
    best, second, *_ = sorted(gains, key=lambda cell: -float(gains[cell].mean()))
    own = judge(metric, gains[best])
    if not own.clear or own.value <= 0:
        return f"No plan clearly adds {what}."
    size, span = figure(own.value, unit, currency, sign=True), interval(own.low, own.high, unit, currency, sign=True)
    said = f"{name_of(best, found)} adds most {what}: {size} ({span})"
    runs = min(len(gains[best]), len(gains[second]))
    behind = judge(metric, gains[best][:runs] - gains[second][:runs])
    span = interval(behind.low, behind.high, unit, currency, sign=True)
    if behind.verdict == "none":
        return f"{said}, and {name_of(second, found)} exactly as much."
    if not behind.clear:
        return f"{said}. Whether it is ahead of {name_of(second, found)} is open ({span})."
    return f"{said}. {name_of(second, found)} is {figure(behind.value, unit, currency)} behind ({span})."


def effects_table(found: Comparison) -> pd.DataFrame:
    """Every metric of every pair, all segments together: the difference, its interval, the verdict in words."""
    rows = []
    for pair in found.pairs:
        result, baseline = (found.results[cell] for cell in pair)
        for item in METRICS.values():
            if not found.comparable(pair, item.name):
                continue
            told = change(result, baseline, item.name)
            if told.runs == 0:
                continue
            currency = result.scenario.currency
            shown = effect(told, currency)
            rows.append(
                {
                    "What": name_of(pair.run, found),
                    "Against": name_of(pair.against, found),
                    "If": humanise(pair.run.future) if pair.run.future else "things stay as they are",
                    "Figure": item.label,
                    "Change": figure(told.value, item.unit, currency, sign=True),
                    "Change, 95 %": interval(told.low, told.high, item.unit, currency, sign=True),
                    "Verdict": shown.head.rpartition(" ")[2] if told.clear else shown.head.partition(" ")[2],
                }
            )
    return pd.DataFrame(rows)


def bands(found: Comparison, metric: str) -> Drawing:
    """How the difference in one metric unfolds over time, a line and its interval for each pair."""
    title, rows = FOLLOWED[metric], bands_rows(found, metric)
    if len(rows) == 0:
        return nothing(f"{title}: no such figures here.", HEIGHT)
    names = list(dict.fromkeys(rows["line"]))
    span = float(rows["month"].max())
    step = next((step for step in (1, 2, 3, 6, 12, 24) if span / step <= 6), 60)
    ticks = list(range(0, int(span) + 1, step))
    words = f"datum.value == {ticks[-1]} ? 'month ' + datum.value : datum.value"
    x = alt.X(
        "month:Q",
        title=None,
        scale=alt.Scale(domain=[0, max(span, 1.0) * 1.42], nice=False),
        axis=alt.Axis(values=ticks, grid=False, labelExpr=words),
    )
    low, high = _domain(rows)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    words = "datum.value == 0 ? '0' : datum.label"
    axis = alt.Axis(tickCount=4, format="+,.3~g", labelPadding=4, labelExpr=words)
    y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
    zero = alt.Chart(pd.DataFrame({"month": [0.0, span], "value": [0.0, 0.0]}))
    layers: list[alt.Chart] = [zero.mark_line(style="ghost", strokeWidth=1.2).encode(x=x, y=y)]
    for place, name in enumerate(names):
        style, dash = STYLES[place % len(STYLES)]
        mine = alt.Chart(rows[rows["line"] == name])
        lower = y.copy()
        lower.shorthand = "low:Q"
        area = mine.mark_area(style=style, opacity=0.18, line=False, clip=True)
        line = mine.mark_line(style=style, strokeWidth=2.2, strokeDash=dash)
        layers += [area.encode(x=x, y=lower, y2=alt.Y2("high:Q")), line.encode(x=x, y=y)]
    layers += [_hover(rows, x, y), *_ends(rows, names, x, y, (low, high))]
    return compose(layers, _alt(title, rows, names), title=title, height=HEIGHT)


def bands_rows(found: Comparison, metric: str) -> pd.DataFrame:
    """month, line, value, low, high, words: the course of the difference of every pair, all segments together."""
    scale = 100.0 if unit_of(metric) == "share" else 1.0
    several = len({pair.run.future for pair in found.pairs}) > 1
    rows = []
    for row in found.courses:
        if row["metric"] != metric or row["segment"] != ALL:
            continue
        name = "As is" if row["plan"] == AS_IS else humanise(row["plan"])
        if several:
            name += f", if {humanise(row['future']).lower()}" if row["future"] else ", as things are"
        value, low, high = (None if row[end] is None else scale * row[end] for end in ("difference", "low", "high"))
        low, high = (value if end is None else end for end in (low, high))
        words = f"{figure(value, 'points', sign=True)} ({interval(low, high, 'points', sign=True)})"
        rows.append({"month": row["month"], "line": name, "value": value, "low": low, "high": high, "words": words})
    return pd.DataFrame(rows, columns=["month", "line", "value", "low", "high", "words"]).round(6)


def bands_table(found: Comparison) -> pd.DataFrame:
    """The differences over time as rows, a column for each pair."""
    parts = []
    for metric, title in FOLLOWED.items():
        rows = bands_rows(found, metric)
        if len(rows):
            wide = rows.pivot(index="month", columns="line", values="words").reset_index()
            parts.append(wide.assign(Figure=title))
    if not parts:
        return pd.DataFrame()
    whole = pd.concat(parts)
    return whole[["Figure", "month", *(name for name in whole.columns if name not in ("Figure", "month"))]].rename(
        columns={"month": "Month"}
    )


def doing(scenario: Scenario, plan: str) -> list[tuple[str, str]]:
    """What a plan does: each initiative in its own words, and what is said of its cost."""
    found = []
    for name in scenario.initiatives_of(plan):
        act = scenario.initiatives[name]
        once = act.cost.once if act.cost is not None else None
        running = act.cost.running * MONTH if act.cost is not None else None
        said = "no cost given"
        if once is not None and running is not None:
            parts = [figure(once, "money", scenario.currency) + " once"] if once or not running else []
            parts += [figure(running, "money", scenario.currency) + " a month"] if running else []
            said = listed(parts)
        found.append((act.what.rstrip(". ") or _changed(name, act.changes), said))
    return found


def _changed(name: str, changes: Mapping[str, Any]) -> str:
    """What an initiative without words of its own does: `Moved levers: platforms lever to 0.45`."""
    to = [f"{label(tuple(path.split('.')))} to {value:g}" for path, value in changes.items() if _is_number(value)]
    return f"{humanise(name)}: {listed(to)}" if to else humanise(name)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(found: Comparison, pair: Pair) -> Line:
    result, baseline = (found.results[cell] for cell in pair)
    currency = result.scenario.currency
    effects = tuple(
        effect(change(result, baseline, metric), currency) for metric in HEADLINES if found.comparable(pair, metric)
    )
    future = humanise(pair.run.future) if pair.run.future else ""
    cost = _cost(result, baseline) if found.comparable(pair, COSTED) else "–"
    return Line(name_of(pair.run, found), future, effects, cost)


def _cost(result: Result, baseline: Result) -> str:
    """What it costs beyond the other, or that nobody has said."""
    if not result.scenario.initiatives_of(result.plan):
        return "nothing more"
    return price(result, baseline).removeprefix("for ")


def _gain(result: Result, baseline: Result, money: bool) -> Any:
    """What a plan gains in each replication: worth less cost, or NPS."""
    if not money:
        return paired(result, baseline, "nps")
    return paired(result, baseline, "customer_equity") - float(np.mean(paired(result, baseline, COSTED)))


def _domain(rows: pd.DataFrame) -> tuple[float, float]:
    """The range of the lines and of most of their intervals, zero always within."""
    low = min(0.0, float(rows["value"].min()), float(rows["low"].quantile(0.1)))
    high = max(0.0, float(rows["value"].max()), float(rows["high"].quantile(0.9)))
    air = max(high - low, 0.05) * 0.08
    return low - air, high + air


def _hover(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Invisible points that tell the figure under the pointer."""
    tips = [
        alt.Tooltip("line:N", title="Line"),
        alt.Tooltip("month:Q", title="Month", format=".0f"),
        alt.Tooltip("words:N", title="Difference"),
    ]
    hover: alt.Chart = alt.Chart(rows).mark_point(style="lived", opacity=0, size=120, filled=True)
    return hover.encode(x=x, y=y, tooltip=tips)


def _ends(rows: pd.DataFrame, names: Sequence[str], x: alt.X, y: alt.Y, domain: tuple[float, float]) -> list[alt.Chart]:
    """The name of each line at its end, in its colour."""
    last: Mapping[str, Any] = {name: rows[rows["line"] == name].sort_values("month").iloc[-1] for name in names}
    heights = apart([float(last[name]["value"]) for name in names], 14 * (domain[1] - domain[0]) / HEIGHT)
    marks = []
    for place, (name, height) in enumerate(zip(names, heights, strict=True)):
        style = STYLES[place % len(STYLES)][0]
        row = pd.DataFrame({"month": [last[name]["month"]], "value": [height], "words": [name]})
        mark: Any = alt.Chart(row).mark_text(style=style, align="left", dx=5, fontWeight=600, fontSize=11, limit=120)
        marks.append(mark.encode(x=x, y=y, text=alt.Text("words:N")))
    return marks


def _alt(title: str, rows: pd.DataFrame, names: Sequence[str]) -> str:
    """The bands for those who hear them read."""
    parts = []
    for name in names:
        end = rows[rows["line"] == name].sort_values("month").iloc[-1]
        parts.append(f"{name} ends at {end['words']} in month {end['month']:.0f}")
    return f"Difference in {title}: {'; '.join(parts)}."
