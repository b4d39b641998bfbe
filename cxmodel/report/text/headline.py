"""The sentences over a result: what was found, how sure it is, what it costs. Plain text, for any door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cxmodel.report.text import uncertainty
from cxmodel.report.text.captions import more_runs, plan_name, segment_name, segment_within, window
from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.numbers import MINUS, figure, interval, percent, with_interval
from cxmodel.report.text.shortfalls import worst_touchpoint
from cxmodel.report.text.worth import of_whom, worth
from cxmodel.results.paired import Change, change
from cxmodel.vocabulary import AS_IS, EVERYONE, METRICS, JsonDict, humanise, unit_of

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario

_FELT: Final = ("expectation_gap", "nps", "retention")
"""What customers feel of a plan."""


def acts(scenario: Scenario, plan: str) -> list[str]:
    """What a plan is, where it says so, and what it does, initiative by initiative in its own words."""
    own, initiatives = scenario.what_of(plan).rstrip(". "), scenario.initiatives
    does = [initiatives[name].what or scenario.label("initiatives", name) for name in scenario.initiatives_of(plan)]
    return [own, *does] if own else does


def deed(scenario: Scenario, plan: str, moved: Mapping[str, float] | None = None) -> str:
    """What is done: what the plan says it is, its initiatives in their own words, and the levers moved."""
    own, deeds = scenario.what_of(plan).rstrip(". "), list[str]()
    for name in scenario.initiatives_of(plan):
        what = scenario.initiatives[name].what.rstrip(". ")
        begins = str.upper if not (deeds or own) else str.lower
        deeds.append(begins(what[:1]) + what[1:] if what else scenario.label("initiatives", name))
    for lever, level in (moved or {}).items():
        today = getattr(scenario.levers, lever).level
        way = "raise" if level > today else "lower"
        way = way if deeds or own else way.capitalize()
        deeds.append(f"{way} {humanise(lever)} from {today:.2f} to {level:.2f}")
    text = ": ".join(filter(None, (own, "; ".join(deeds))))
    return f"{text}." if text else ""


def answer(result: Result, baseline: Result | None, document: JsonDict | None = None) -> list[str]:
    """Up to four sentences: what was found, by how much, for whom, what it is worth and what that hangs on.

    `document`: what the assumption scenarios say (`cxmodel.studies.uncertainty`), once enough of them were played.
    Of one segment the first sentence names it.
    """
    return [*experience(result, baseline), *value(result, baseline, document)]


def experience(result: Result, baseline: Result | None) -> list[str]:
    """What customers experience, or what a plan changes of it; of one segment the first sentence names it."""
    first, *more = _experience(result, baseline)
    return [
        first if result.segment == EVERYONE else of_whom(segment_name(result.scenario, result.segment), first),
        *more,
    ]


def _experience(result: Result, baseline: Result | None) -> list[str]:
    if baseline is None:
        return [_shortfall(result), culprit(result), _standing(result)]
    changes = {metric: change(result, baseline, metric) for metric in _FELT}
    if all(found.verdict == "none" for found in changes.values()):
        return ["This changes nothing: every customer has the same journey as today."]
    if not any(found.verdict in ("better", "worse", "unclear") for found in changes.values()):
        return ["This makes no material difference: less than a tenth of a point in what customers feel."]
    if not any(found.clear for found in changes.values()):
        return [no_difference(changes["nps"])]
    return [
        _movement(result, baseline, changes["expectation_gap"]),
        _loyalty(changes["nps"], changes["retention"], window(result.scenario)),
    ]


def value(result: Result, baseline: Result | None, document: JsonDict | None = None) -> list[str]:
    """What a plan is worth, and what that hangs on, or what remains to be mended; nothing of today."""
    if baseline is None:
        return []
    found = [change(result, baseline, metric) for metric in (*_FELT, "net_value")]
    changes = any(each.runs and each.verdict != "none" for each in found)
    last = culprit(result, left=True) if document is None else uncertainty.hangs_on(document)
    return [sentence for sentence in (worth(result, baseline, document), last) if sentence] if changes else []


def no_difference(found: Change) -> str:
    """The words for a difference that does not show.

    >>> no_difference(Change("nps", 0.3, -1.1, 1.7, 30, "unclear", 40, 17))
    'No clear difference. NPS +0.3 (−1.1 to +1.7); about 40 more runs would settle it.'
    """
    name = METRICS[found.metric].short
    unit = unit_of(found.metric)
    size, span = with_interval(found.value, found.low, found.high, unit, sign=True)
    return f"No clear difference. {name} {size} ({span}); {more_runs(found)}."


def _shortfall(result: Result) -> str:
    gap = result.metric("expectation_gap")
    if gap.value is None:
        return "No customer reached a touchpoint that could be judged."
    size, span = with_interval(gap.value, gap.low, gap.high, "points")
    told = f" ({span})" if span else ""
    lead = "Today" if result.plan == AS_IS else f"Under {plan_name(result.scenario, result.plan)}"
    return f"{lead}, what customers remember {against_expectation(gap.value, size.lstrip(MINUS))}{told}."


def culprit(result: Result, *, left: bool = False) -> str:
    """Where most of what customers carry away is missing; empty for a plan that leaves nothing to speak of."""
    name, stops = worst_touchpoint(result), touchpoints(result)
    if name is None:
        return "" if left else "No touchpoint falls far short of what customers expect."
    worst = stops[stops["id"] == name].iloc[0]
    whom = "" if result.segment == EVERYONE else f" for {segment_within(result.scenario, result.segment)}"
    where = worst["touchpoint"]
    lead = f"Of the shortfalls that remain{whom}, {where}" if left else f"The shortfall{whom} at {where}"
    share = percent(worst["share"])
    return (
        f"{lead} weighs most in what customers remember: it {worst['words']} points ({share} of remembered experience)."
    )


def _standing(result: Result) -> str:
    stay, nps = result.metric("retention"), result.metric("nps")
    parts = []
    if stay.value is not None:
        parts.append(
            f"{percent(stay.value)} of customers are retained over {window(result.scenario)}"
            f" ({interval(stay.low, stay.high, 'share')})"
        )
    if nps.value is not None:
        score, span = with_interval(nps.value, nps.low, nps.high, "points")
        parts.append(f"NPS is {score} ({span})")
    return "; ".join(parts) + "." if parts else ""


def _movement(result: Result, baseline: Result, gap: Change) -> str:
    before, after = baseline.metric("expectation_gap").value, result.metric("expectation_gap").value
    if gap.verdict in ("none", "slight"):
        return "The expectation gap stays as it is."
    if not gap.clear or before is None or after is None:
        span = interval(gap.low, gap.high, "points", sign=True)
        return f"No clear difference in the expectation gap ({span} points)."
    low, high = sorted((abs(gap.low), abs(gap.high)))
    size, span = with_interval(abs(gap.value), low, high, "points")
    was, now = (with_interval(each, low, high, "points")[0] for each in (before, after))
    beyond = " (expectations exceeded)" if after <= -0.05 else ""
    return f"The expectation gap goes from {was} to {now} points{beyond}: {size} points {gap.verdict} ({span})."


def against_expectation(gap: float, size: str | None = None) -> str:
    """What customers remember, against what they expected; `size`: the gap without its sign, where it is finer.

    >>> against_expectation(2.61), against_expectation(-0.32), against_expectation(0.01)
    ('falls 2.6 points short of expectation', 'exceeds expectation by 0.3 points', 'meets expectation')
    """
    if figure(abs(gap), "points") == "0.0":
        return "meets expectation"
    size = size or figure(abs(gap), "points")
    return f"falls {size} points short of expectation" if gap > 0 else f"exceeds expectation by {size} points"


def _loyalty(nps: Change, stay: Change, over: str) -> str:
    """NPS and retention over so long."""
    parts = []
    for found, name, unit in ((nps, "NPS", "points"), (stay, f"retention over {over}", "points")):
        scale = 100.0 if found is stay else 1.0
        value, low, high = found.value * scale, found.low * scale, found.high * scale
        if found.verdict in ("none", "slight") or found.runs == 0:
            parts.append(f"{name} unchanged")
        elif found.clear:
            size, span = with_interval(value, low, high, unit, sign=True)
            parts.append(f"{name} {size}{' points' if found is stay else ''} ({span})")
        else:
            parts.append(f"{name}: no clear difference ({interval(low, high, unit, sign=True)}; {more_runs(found)})")
    text = "; ".join(parts) + "."
    return text[:1].upper() + text[1:]
