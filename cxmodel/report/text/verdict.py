"""The verdict over the plans of a scenario, in a sentence: what is worth most, or that nothing is worth doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxmodel.report.text.captions import plan_name
from cxmodel.report.text.numbers import listed, number_word, with_interval
from cxmodel.vocabulary import METRICS, unit_of

if TYPE_CHECKING:
    from cxmodel.results.paired import Change
    from cxmodel.scenario import Scenario
    from cxmodel.studies.verdict import Verdict

_MOST: Final = {
    "net_value": "is worth most",
    "customer_equity": "adds the most customer equity (no cost given)",
    "nps": "raises NPS most",
}
_NONE: Final = {
    "net_value": "none has a net value above zero",
    "customer_equity": "none adds customer equity",
    "nps": "none raises NPS",
}


def sentence(found: Verdict, scenario: Scenario) -> str:
    """Which plan is worth most, the next best, and what cannot be judged; nothing for a scenario without plans."""
    if not found.ranked:
        return ""
    currency = scenario.currency
    many = len(found.ranked)
    lacking = f" {_lacking(found.uncosted, scenario)}" if found.uncosted else ""
    best, *others = found.ranked
    name = plan_name(scenario, best.plan)
    if not best.gains:
        size = _change(best.change, currency)
        if many == 1:
            return f"{_alone(found, scenario)}: {size}.{lacking}"
        return f"Of {number_word(many)} plans {_NONE[found.metric]}; the best, {name}: {size}.{lacking}"
    if many == 1:
        return f"{name}: {_change(best.change, currency)}.{lacking}"
    next_best = others[0]
    return (
        f"Of {number_word(many)} plans, {name} {_MOST[found.metric]}: {_change(best.change, currency)};"
        f" next is {plan_name(scenario, next_best.plan)} with {_told(next_best.change, currency)[0]}.{lacking}"
    )


def _alone(found: Verdict, scenario: Scenario) -> str:
    """Of the only plan that can be judged."""
    what = {"net_value": "has no net value above zero", "customer_equity": "adds no customer equity"}
    return f"{plan_name(scenario, found.ranked[0].plan)} {what.get(found.metric, 'does not raise NPS')}"


def _lacking(plans: tuple[str, ...], scenario: Scenario) -> str:
    named = listed([plan_name(scenario, plan) for plan in plans])
    return f"No cost is given for {named}, so no net value."


def _change(found: Change, currency: str | None) -> str:
    return "{} {} ({})".format(METRICS[found.metric].short, *_told(found, currency))


def _told(found: Change, currency: str | None) -> tuple[str, str]:
    """A change and its interval."""
    return with_interval(found.value, found.low, found.high, unit_of(found.metric), currency, sign=True, brief=True)
