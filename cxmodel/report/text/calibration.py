"""A calibration in sentences: what the data say and cannot tell, and how wrong the fit was on the months held out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxmodel.report.text.numbers import count, figure, listed
from cxmodel.scenario.describe.wording import said
from cxmodel.vocabulary import EVERYONE, METRICS, unit_of

if TYPE_CHECKING:
    from cxmodel.studies.calibration.study import Calibration, Found, HeldOut

CAVEAT: Final = "Ranges hold 90 %. Not a forecast: what the data say under the model's assumptions."
HOW: Final = (
    "Fitted by approximate Bayesian computation: numbers are drawn from their ranges, each draw is simulated with its "
    "own luck and the error of its surveys, and those that agree with the data are kept."
)


def caveats(found: Calibration) -> str:
    """How the numbers came about, and what they are not."""
    return f"{HOW} {CAVEAT}" if found.found else CAVEAT


def parameter(found: Calibration, one: Found) -> str:
    """A number that was left free, in a sentence."""
    scenario, path = found.scenario, one.free.path
    value, low, high = (said(scenario, path, each) for each in (one.value, one.low, one.high))
    name = one.free.name[:1].upper() + one.free.name[1:]
    if not one.identified:
        return f"{name}: the series do not tell it; it stays {said(scenario, path, one.free.value)}."
    return f"{name}: {value} ({low} to {high})."


def trade_offs(found: Calibration) -> list[str]:
    """Which numbers the series cannot tell apart."""
    names = {each.free.path: each.free.name for each in found.found}
    return [
        f"{names[one]} and {names[other]} trade off: the series tell only "
        f"{'their balance' if size > 0 else 'what they come to together'}."
        for one, other, size in found.trades
    ]


def held_out(one: HeldOut) -> str:
    """How wrong the fit was on the months it did not see, beside "as it was last"."""
    unit = unit_of(one.measure)
    error, naive = (figure(each, unit) for each in (one.error, one.naive))
    whom = "" if one.segment == EVERYONE else f" of {one.segment}"
    better = "nearer than" if one.error < one.naive else "no nearer than"
    return (
        f"{METRICS[one.measure].label}{whom}: off by {error} on average over {count(one.months, 'month')} held out, "
        f"{better} “as it was last” ({naive}); {one.inside} of {one.months} lay in the 90 % interval."
    )


def unfitted(found: Calibration) -> list[str]:
    """What the data cannot tell, and why."""
    flat = [each.free.name for each in found.found if not each.identified]
    told = [f"{each.name}: {each.why}" for each in found.fitted.unfitted]
    return [*told, *([f"The series say nothing of {listed(flat, 8)}."] if flat else [])]
