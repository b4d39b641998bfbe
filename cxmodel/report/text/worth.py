"""What a plan is worth after its cost, and how surely: the one sentence about money, for page, report and terminal.

Loads no tables, so that a run in the terminal starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxmodel.report.text import uncertainty
from cxmodel.report.text.captions import ALL_CUSTOMERS, NO_COST, NO_COST_GIVEN, horizon, more_runs, uncosted
from cxmodel.report.text.numbers import listed, money, with_interval
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import EVERYONE, METRICS, MONEY, JsonDict

if TYPE_CHECKING:
    from cxmodel.results.result import Result


def worth(result: Result, baseline: Result, document: JsonDict | None = None) -> str:
    """What a plan is worth after its cost, and how surely; nothing where the scenario gives no economics.

    What is spent is spent on all customers: beside a segment's figures it is told of all of them.
    """
    if result.segment != EVERYONE:
        said = worth(result.whole, baseline.whole, document)
        return said and of_whom(ALL_CUSTOMERS, said)
    scenario = result.scenario
    if scenario.economics is None:
        return "" if document is None else uncertainty.pays(document)
    net, equity = (change(result, baseline, metric) for metric in ("net_value", "customer_equity"))
    over = f"over {horizon(scenario)}"
    tested = "" if document is None else f" {uncertainty.pays(document)}"
    if net.runs == 0:
        return f"No cost given, so no net value; {_grown(equity, scenario.currency)} {over}.{tested}"
    said = f"{METRICS['net_value'].label} {_amount(net, scenario.currency)} {over}"
    parts = f"{_grown(equity, scenario.currency, brief=True)} less an additional cost of {_spent(result, baseline)}"
    if net.verdict == "unclear":
        parts += f"; no clear difference, {more_runs(net)}"
    if document is None:
        return f"With the scenario's own numbers {said[:1].lower()}{said[1:]} ({parts}); {uncertainty.UNTESTED}."
    back = uncertainty.paid_back(document, horizon(scenario))
    return f"{said} with the scenario's own numbers ({parts}).{tested[:-1]}{f'; {back}' if back else ''}."


def _grown(equity: Change, currency: str | None, *, brief: bool = False) -> str:
    """Customer equity more or less than today."""
    if equity.verdict in ("none", "slight"):
        return "customer equity unchanged"
    size = money(equity.value, currency, sign=True, brief=True) if brief else _amount(equity, currency)
    unclear = "" if brief or equity.clear else f", no clear difference; {more_runs(equity)}"
    return f"customer equity {size}{unclear}"


def _amount(found: Change, currency: str | None) -> str:
    """A change of money with its interval."""
    size, span = with_interval(found.value, found.low, found.high, MONEY, currency, sign=True, brief=True)
    return f"{size} ({span})"


def _spent(result: Result, baseline: Result) -> str:
    """What a plan costs, and for which of its initiatives nobody has said."""
    cost = change(result, baseline, "cost").value
    missing = uncosted(result.scenario, result.plan)
    words = money(cost, result.scenario.currency, brief=True) if cost else NO_COST
    return f"{words}; {NO_COST_GIVEN} for {listed(missing)}" if missing else words


def of_whom(who: str, said: str) -> str:
    """A sentence that begins with whom it is about.

    >>> of_whom("Bargain hunters", "The gap stays as it is."), of_whom("All customers", "NPS unchanged.")
    ('Bargain hunters: the gap stays as it is.', 'All customers: NPS unchanged.')
    """
    begun = said if said[1:2].isupper() else f"{said[:1].lower()}{said[1:]}"
    return f"{who}: {begun}"
