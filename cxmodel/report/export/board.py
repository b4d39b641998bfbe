"""What a board decides on: why a plan works, the alternatives, cost and payback, who answers for what. No layout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from cxmodel.engine.inputs.trajectories import half_life_of
from cxmodel.report.text import uncertainty
from cxmodel.report.text.captions import horizon, paid_back, plan_name, price, uncosted, whether_paid_back
from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.numbers import NONE, count, length, listed, money, number_word, percent, with_interval
from cxmodel.report.text.shortfalls import FELT
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import AS_IS, METRICS, MONTH, YEAR, unit_of

if TYPE_CHECKING:
    from cxmodel.report.export.account import Account
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.fields.plans import Cost, Initiative

REASONS: Final = 3
"""Touchpoints that are named where a plan closes the gap."""
WORTH: Final = ("net_value", "customer_equity", "nps")
"""What contributions are told in: the first that is known."""
NOBODY: Final = "! Nobody"
"""Who answers for a touchpoint that has no owner, marked."""
LEAST: Final = 0.005
"""Share of a plan's cost from which on what its initiatives do not name is worth a word."""


class Closed(NamedTuple):
    """A touchpoint at which a plan closes the gap [points], weighted by what customers remember where it is ranked."""

    touchpoint: str
    today: float
    planned: float
    words: str


def closed(account: Account) -> list[Closed]:
    """Where the plan closes the gap, the largest part of what customers remember first."""
    if account.baseline is None:
        return []
    now, was = touchpoints(account.result), touchpoints(account.baseline)
    moved = (was["gap"] * was["share"] - now["gap"] * now["share"]).where(was["gap"] - now["gap"] >= FELT)
    order = moved[moved > 0].sort_values(ascending=False).index[:REASONS]
    return [_closed(now.loc[place], was.loc[place], account.plan) for place in order]


def _closed(now: pd.Series[Any], was: pd.Series[Any], plan: str) -> Closed:
    words = f"{now['touchpoint']} {_is(was['words'])} today; under {plan} it {_is(now['words'])}"
    return Closed(now["touchpoint"], was["gap"], now["gap"], f"{words} ({now['memory']} of remembered experience).")


def _is(words: str) -> str:
    return f"is {words}" if words == "as expected" else words


class Contribution(NamedTuple):
    """What an initiative adds to its plan (Shapley value), with its 95 % interval [unit of the metric]."""

    name: str
    value: float
    low: float | None
    high: float | None
    words: str
    span: str


def contributions(account: Account) -> tuple[str, list[Contribution]]:
    """What each initiative contributes, in the metric that says most, the largest first; none where nobody asked."""
    rows = [row for row in (account.explained or {}).get("initiatives") or () if row["contribution"] is not None]
    metric = next((name for name in WORTH if any(row["metric"] == name for row in rows)), "")
    currency = account.result.scenario.currency
    found = []
    for row in (row for row in rows if row["metric"] == metric):
        value, low, high = (row[key] for key in ("contribution", "low", "high"))
        told = with_interval(value, low, high, unit_of(metric), currency, sign=True, brief=True)
        found.append(
            Contribution(account.result.scenario.label("initiatives", row["initiative"]), value, low, high, *told)
        )
    return metric, sorted(found, key=lambda each: -each.value)


class Alternative(NamedTuple):
    """A plan beside the others, against today."""

    plan: str
    name: str
    change: Change
    """Of what the plans are judged by."""
    worth: str
    span: str
    cost: str
    payback: str
    """By when its cost is covered with the scenario's own numbers; a dash where none is given."""


def alternatives(account: Account) -> list[Alternative]:
    """Every plan of which there is a result, the one worth most first; none where there is nothing to choose from."""
    found = account.standings
    if found is None or len(found.order) < 2:
        return []
    today, currency = account.plans[AS_IS], account.result.scenario.currency
    rows = []
    for plan in found.order:
        result = account.plans[plan]
        worth = change(result, today, found.metric)
        size, span = NONE, NONE
        if worth.runs:
            size, span = with_interval(
                worth.value, worth.low, worth.high, unit_of(found.metric), currency, sign=True, brief=True
            )
        cost = price(result, today).removeprefix("for ")
        rows.append(
            Alternative(
                plan, plan_name(account.result.scenario, plan), worth, size, span, cost, paid_back(result) or NONE
            )
        )
    return rows


def alternatives_table(account: Account) -> pd.DataFrame:
    """The plans beside one another: what each is worth, what it costs, when that is paid back, what customers feel."""
    rows = []
    for each in alternatives(account):
        result, today = account.plans[each.plan], account.plans[AS_IS]
        row = {"Plan": f"{each.name} (this report)" if each.plan == account.result.plan else each.name}
        row |= {METRICS[each.change.metric].label: each.worth, "95 %": each.span}
        row |= {"Cost": each.cost, "Payback": each.payback}
        for metric in ("nps", "retention"):
            if metric != each.change.metric:
                row[METRICS[metric].label] = _felt(change(result, today, metric))
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.loc[:, [name for name in table if name != "Payback" or (table[name] != NONE).any()]]


def _felt(found: Change) -> str:
    """A change in what customers feel, with its interval."""
    if found.verdict in ("none", "slight"):
        return "unchanged"
    size, span = with_interval(found.value, found.low, found.high, unit_of(found.metric), sign=True)
    return f"{size} ({span})"


def payback(account: Account) -> list[str]:
    """What the plan costs and when that is paid back: with the scenario's own numbers, then as assumptions vary."""
    result, baseline = account.result, account.baseline
    if baseline is None or result.scenario.economics is None:
        return []
    back, cost = (
        whether_paid_back(result),
        money(change(result, baseline, "cost").value, result.scenario.currency, brief=True),
    )
    if not back:
        return [f"{account.plan}: {price(result, baseline).removeprefix('for ')}, so there is no payback."]
    cost = money(change(result, baseline, "cost").value, result.scenario.currency, brief=True)
    lacking = uncosted(result.scenario, result.plan)
    unknown = f" (no cost given for {listed(lacking)})" if lacking else ""
    told = [f"{account.plan} costs {cost} more than today{unknown}; with the scenario's own numbers it is {back}."]
    tried = account.uncertainty if account.unknown is not None else None
    if tried is not None and (varied := uncertainty.paid_back(tried, horizon(result.scenario))):
        told.append(f"{count(tried['worlds'], 'assumption scenario')}: {varied}.")
    end = f"month {result.scenario.horizon / MONTH:.0f}"
    told.append(f"Payback counts what is earned until {end}; net value also what customers are still worth then.")
    return told


class Step(NamedTuple):
    """An initiative on the roadmap; times in months."""

    name: str
    what: str
    starts: float
    half_life: float
    """The longest of its changes."""
    cost: Cost | None
    by_year: tuple[float, ...]
    """What it costs in each year up to the horizon; empty where nobody has given a cost."""


def roadmap(account: Account) -> list[Step]:
    """The plan's initiatives by their start; none for today."""
    scenario = account.result.scenario
    steps = [_step(scenario, name) for name in scenario.initiatives_of(account.result.plan)]
    return sorted(steps, key=lambda step: step.starts)


def _step(scenario: Scenario, name: str) -> Step:
    act = scenario.initiatives[name]
    usual = (half_life_of(path, scenario.parameters) for path in act.changes)
    longest = act.half_life or max(usual)
    what = " ".join(act.what.split()).rstrip(".")
    spent = _by_year(act, scenario.horizon)
    return Step(scenario.label("initiatives", name), what, act.starts / MONTH, longest / MONTH, act.cost, spent)


def _by_year(act: Initiative, horizon: float) -> tuple[float, ...]:
    """What an initiative costs in each year, undiscounted [money]."""
    if act.cost is None:
        return ()
    found = []
    for year in range(math.ceil(horizon / YEAR - 1e-6)):
        begin, end = year * YEAR, min((year + 1) * YEAR, horizon)
        once = act.cost.once if begin <= act.starts < end else 0.0
        found.append(once + act.cost.running * max(0.0, end - max(begin, act.starts)))
    return tuple(found)


def roadmap_table(account: Account) -> pd.DataFrame:
    """The initiatives: when each starts, how fast it takes hold, what it costs at its start and in a year."""
    currency, rows = account.result.scenario.currency, []
    for step in roadmap(account):
        rows.append(
            {
                "Initiative": step.name,
                "What": step.what or step.name,
                "Starts": f"month {step.starts:.0f}",
                "Half-life": length(step.half_life * MONTH),
                "Once": "no cost given" if step.cost is None else money(step.cost.once, currency),
                "Per year": NONE if step.cost is None else money(step.cost.running * YEAR, currency),
            }
        )
    return pd.DataFrame(rows)


def years_table(account: Account) -> pd.DataFrame:
    """What the plan costs in each year up to the horizon, initiative by initiative."""
    currency = account.result.scenario.currency
    known = {step.name: step.by_year for step in roadmap(account) if step.by_year}
    if len(known) > 1:
        known["Together"] = tuple(sum(year) for year in zip(*known.values(), strict=True))
    rows = (
        {"Initiative": name} | {f"Year {year}": money(spent, currency) for year, spent in enumerate(by_year, 1)}
        for name, by_year in known.items()
    )
    return pd.DataFrame(rows)


def besides(account: Account) -> str:
    """What the plan costs beyond its initiatives, in a sentence; empty where that is nothing to speak of."""
    if account.baseline is None:
        return ""
    cost = change(account.result, account.baseline, "cost").value
    more = cost - sum(sum(step.by_year) for step in roadmap(account))
    if not math.isfinite(more) or abs(more) <= max(LEAST * abs(cost), 0.5):
        return ""
    size = money(more, account.result.scenario.currency, sign=True, brief=True)
    return f"Beyond its initiatives the plan takes {size} for levers, insight and touchpoints."


def owners_table(account: Account) -> pd.DataFrame:
    """Who answers for each touchpoint, and what is at stake there; empty where the story knows no owner."""
    journey = account.result.scenario.journey
    if not any(touchpoint.owner for touchpoint in journey.values()):
        return pd.DataFrame()
    stops = touchpoints(account.result)
    table = pd.DataFrame(
        {
            "Touchpoint": stops["touchpoint"],
            "Owner": [_owner(journey[name].owner) for name in stops["id"]],
            "Gap": stops["words"],
            "Share of remembered experience": [percent(share) for share in stops["share"]],
        }
    )
    if account.mending is not None:
        currency = account.result.scenario.currency
        table[account.mending.title] = [account.mending.words(name, currency)[0] for name in stops["id"]]
    return table


def owners(account: Account) -> str:
    """Who answers for what, in a sentence; empty where the story knows no owner."""
    table = owners_table(account)
    if len(table) == 0:
        return ""
    stops = touchpoints(account.result)
    worst = int((stops["gap"] * stops["share"]).fillna(-math.inf).to_numpy().argmax())
    who, where = table["Owner"][worst], table["Touchpoint"][worst]
    alone = int((table["Owner"] == NOBODY).sum())
    if not alone:
        return f"Every touchpoint has an owner; {who} answers for {where}, where most is missing."
    told = f"Nobody is named as the owner of {number_word(alone)} of {number_word(len(table))} touchpoints"
    return (
        f"{told}, {where} among them, where most is missing."
        if who == NOBODY
        else (f"{told}; {who} answers for {where}, where most is missing.")
    )


def _owner(name: str | None) -> str:
    said = " ".join((name or "").split())
    return NOBODY if said.casefold() in ("", "nobody") else said
