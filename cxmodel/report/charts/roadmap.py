"""The roadmap: when each initiative starts, when it is felt, and what it costs. Reads the scenario alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.engine.inputs.trajectories import half_life_of
from cxmodel.report.charts.base import Drawing, at_x, at_y, compose, from_right, nothing
from cxmodel.report.charts.layout import down
from cxmodel.report.text.captions import NO_COST_GIVEN, plan_name
from cxmodel.report.text.numbers import at_month, figure, listed, wrap
from cxmodel.vocabulary import MONTH, YEAR

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.fields.plans import Initiative

FELT: Final = 0.9
"""The share of a change from which on it is as good as there: where a bar ends."""
NAMES: Final = 220
"""Pixels left of the bars, for what each is called."""
LETTERS: Final = 32
"""Of a line of a name."""
LINE: Final = 15
"""Pixels of such a line."""
AIR: Final = 16
"""Pixels between two rows."""
AXIS: Final = 26
"""Pixels under the rows, for the months."""


def roadmap(scenario: Scenario, plans: Sequence[str]) -> Drawing:
    """Each initiative of the plans once: a bar from its start to when 90 % of it is felt, its cost and its plans."""
    rows = roadmap_rows(scenario, plans)
    if not len(rows):
        return nothing("Roadmap: these plans have no initiatives.", 2 * LINE)
    rows = rows.assign(
        name=[wrap(name, LETTERS) for name in rows["initiative"]],
        under=[wrap(words, LETTERS + 4) for words in rows["plans"]],
    )
    lines = [name.count("\n") + under.count("\n") + 2 for name, under in zip(rows["name"], rows["under"], strict=True)]
    tops = [sum(lines[:place]) * LINE + place * AIR for place in range(len(lines))]
    foot = sum(lines) * LINE + len(lines) * AIR
    rows = rows.assign(
        top=tops,
        below=[top + LINE * (name.count("\n") + 1) for top, name in zip(tops, rows["name"], strict=True)],
        middle=[top + 1.5 * LINE + 4 for top in tops],
        end=rows["felt"].clip(upper=rows["horizon"]),
        right=rows["starts"] > 0.5 * rows["horizon"],
    )
    months = float(rows["horizon"].iloc[0])
    scale = alt.Scale(domain=[0, months], range=[NAMES, from_right(28)], nice=False)
    x: Any = alt.X("starts:Q", scale=scale, axis=None)
    hover = [
        alt.Tooltip("initiative:N", title="Initiative"),
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("cost:N", title="Cost"),
        alt.Tooltip("plans:N", title="Plans"),
    ]
    base, y = alt.Chart(rows), down("middle", 1, foot)
    text: dict[str, Any] = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
    layers: list[alt.Chart] = [
        *_months(months, foot, scale),
        base.mark_rule(style="ghost", strokeWidth=2, strokeDash=[2, 3]).encode(x=x, x2=alt.X2("horizon"), y=y),
        base.mark_bar(style="lived", height=10, cornerRadius=3).encode(x=x, x2=alt.X2("end"), y=y, tooltip=hover),
        base.mark_text(style="ink", fontWeight=600, **text).encode(x=at_x(0), y=down("top", 1, foot), text="name:N"),
        base.mark_text(style="muted", fontSize=11, **text).encode(x=at_x(0), y=down("below", 1, foot), text="under:N"),
    ]
    for right, mine in rows.groupby("right"):
        side: dict[str, Any] = {"align": "right" if right else "left", "baseline": "bottom"}
        said = alt.Chart(mine).mark_text(style="ink", fontSize=11.5, dy=-9, **side)
        at = alt.X("horizon:Q" if right else "starts:Q", scale=scale, axis=None)
        layers.append(said.encode(x=at, y=y, text=alt.Text("cost:N")))
    late = alt.Chart(rows[rows["felt"] > rows["horizon"]])
    arrow = late.mark_text(style="lived", text="▶", align="center", fontSize=13)
    layers.append(arrow.encode(x=alt.X("horizon:Q", scale=scale, axis=None), y=y))
    told = "; ".join(f"{row.initiative} ({row.plans}) {row.when}, {row.cost}" for row in rows.itertuples())
    return compose(layers, f"Roadmap: {told}.", height=foot + AXIS)


def roadmap_rows(scenario: Scenario, plans: Sequence[str]) -> pd.DataFrame:
    """initiative, what, plans, starts, felt, horizon [months], when, cost: what it shows, the earliest first."""
    within = {name: [plan for plan in plans if name in scenario.initiatives_of(plan)] for name in scenario.initiatives}
    rows = []
    for name, mine in within.items():
        if not mine:
            continue
        act = scenario.initiatives[name]
        starts, felt = act.starts / MONTH, _felt(act, scenario) / MONTH
        rows.append(
            {
                "initiative": scenario.label("initiatives", name),
                "what": act.what or scenario.label("initiatives", name),
                "plans": f"in {listed([plan_name(scenario, plan) for plan in mine], most=len(mine))}",
                "starts": starts,
                "felt": felt,
                "horizon": scenario.horizon / MONTH,
                "when": f"starts {at_month(starts) if act.starts else 'at once'}, 90 % felt {_by(felt, scenario)}",
                "cost": _cost(act, scenario.currency),
            }
        )
    names = ["initiative", "what", "plans", "starts", "felt", "horizon", "when", "cost"]
    return pd.DataFrame(rows, columns=names).sort_values("starts", kind="stable", ignore_index=True)


def roadmap_table(scenario: Scenario, plans: Sequence[str]) -> pd.DataFrame:
    """The roadmap as a table."""
    rows = roadmap_rows(scenario, plans)
    heads = {"initiative": "Initiative", "what": "What", "when": "When", "cost": "Cost", "plans": "Plans"}
    return rows[list(heads)].rename(columns=heads)


def _felt(act: Initiative, scenario: Scenario) -> float:
    """The day by which so much of an initiative's slowest change is felt."""
    slowest = act.half_life or max(half_life_of(path, scenario.parameters) for path in act.changes)
    return float(act.starts + slowest * math.log2(1 / (1 - FELT)))


def _by(felt: float, scenario: Scenario) -> str:
    end = scenario.horizon / MONTH
    return f"by month {felt:.0f}" if felt <= end else f"after month {end:.0f}"


def _cost(act: Initiative, currency: str | None) -> str:
    """What it costs once, and each year that it runs."""
    if act.cost is None:
        return NO_COST_GIVEN
    once, yearly = act.cost.once, act.cost.running * YEAR
    parts = [f"{figure(once, 'money', currency)} once"] if once or not yearly else []
    parts += [f"{figure(yearly, 'money', currency)} per year"] if yearly else []
    return " and ".join(parts)


def _months(months: float, foot: float, scale: alt.Scale) -> list[alt.Chart]:
    """The months, under the rows."""
    step = next((step for step in (1, 2, 3, 6, 12, 24) if months / step <= 8), 60)
    ticks = list(range(0, int(months) + 1, step))
    marks = pd.DataFrame({"at": ticks, "words": [str(tick) for tick in ticks[:-1]] + [f"month {ticks[-1]}"]})
    x = alt.X("at:Q", scale=scale, axis=None)
    base = alt.Chart(marks)
    end = alt.Y2Value(foot)  # type: ignore[no-untyped-call]
    return [
        base.mark_rule(style="grid").encode(x=x, y=at_y(0), y2=end),
        base.mark_text(style="muted", baseline="top").encode(x=x, y=at_y(foot + 6), text=alt.Text("words:N")),
    ]
