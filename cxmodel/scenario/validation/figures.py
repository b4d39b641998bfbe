"""Figures that read well and cannot be meant: bounds of metrics in the wrong scale, amounts in thousands.

Walks the scenario as written, so that one wrong field hides no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cxmodel.scenario.faults import Fault, KeyPath, quote
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.introspection import Target, find, kind_of, quantity_of
from cxmodel.scenario.fields.misspelt import looks_like_thousands, refuse_misspelt
from cxmodel.scenario.fields.notation import Misread
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.validation.references import Plain, part
from cxmodel.scenario.yaml_text.paths import is_of_changes
from cxmodel.vocabulary import METRICS, MONEY, MetricFacts

_IN_THOUSANDS: Final = ("money", "people", "calls")
"""Units that are counted in thousands: an amount of them with three decimals is none that anybody knows so well."""


def figures(plain: Plain) -> Iterator[Fault]:
    """Targets, and bounds of what is expected, that are none of their metric's unit or beyond what it can be."""
    for metric, written in part(plain, "targets").items():
        yield from _of_metric(metric, written, ("targets", metric))
    expected = plain.get("expect")
    for place, each in enumerate(expected if isinstance(expected, list) else []):
        expectation = part({"each": each}, "each")
        for key in ("above", "below", "by"):
            path = ("expect", str(place), key)
            yield from _of_metric(expectation.get("metric"), expectation.get(key), path, key == "by")


def _of_metric(metric: Any, written: Any, path: KeyPath, difference: bool = False) -> Iterator[Fault]:
    """The faults of a figure, or of each number of one that has a source."""
    told = written if isinstance(written, dict) else {"": written}
    for key in ("", "value", "low", "high"):
        wrong = misfit(metric, told.get(key), difference) if metric in METRICS else None
        if wrong is not None:
            yield Fault("CXM416", (*path, key) if key else path, *wrong)


def misfit(metric: str, written: object, difference: bool = False) -> tuple[str, str] | None:
    """Why a figure cannot be one of a metric, or a difference of two, and what would be right; None where it can."""
    facts = METRICS[metric]
    try:
        size = notation.share(written, "")
    except Misread:
        return None  # a fault of its own
    if facts.unit == "people" and (count := _as_count(written)) is not None:
        return count
    percent = isinstance(written, str) and "%" in written
    if percent and facts.unit != "share":
        spelled = f"`{size * (1 if facts.unit == 'ratio' else 100):.12g}`"
        return f"{quote(written)}: {facts.short} is not told in percent", f"{spelled}; {_range(facts)}"
    low, high = facts.low, facts.high
    if difference:
        low, high = (None, None) if low is None or high is None else (low - high, high - low)
    if (low is None or size >= low) and (high is None or size <= high):
        return None
    beyond = f"{'less' if low is not None and size < low else 'more'} than {facts.short} can be"
    if difference:
        beyond += " apart"
    if facts.unit == "share" and 1 < size <= 100:
        return f"{quote(written)} is {beyond}", f"`{size:.12g} %` or `{size / 100:.12g}`; a share from 0 to 1"
    return f"{quote(written)} is {beyond}", _range(facts)


def _as_count(written: object) -> tuple[str, str] | None:
    """Why a number cannot count people: it has decimals."""
    try:
        refuse_misspelt(written, "a whole number of people", whole=True)
    except Misread as misread:
        return misread.message, misread.expected
    return None


def _range(facts: MetricFacts) -> str:
    """What a figure of a metric looks like.

    >>> _range(METRICS["nps"]), _range(METRICS["wait_minutes"]), _range(METRICS["retention"])
    ('points from -100 to 100', 'minutes, 0 or more', 'a share from 0 to 1, such as `0.8` or `80 %`')
    """
    if facts.unit == "share":
        return "a share from 0 to 1, such as `0.8` or `80 %`"
    unit = {MONEY: "an amount of money", "ratio": "a plain number such as `1.5`"}.get(facts.unit, facts.unit)
    if facts.low is not None and facts.high is not None:
        return f"{unit} from {facts.low:g} to {facts.high:g}"
    return unit if facts.low is None else f"{unit}, {facts.low:g} or more"


def thousands(plain: Plain) -> Iterator[Fault]:
    """Amounts written with three decimals, such as `4.000`: to YAML that is four."""
    for path, quantity, written in _figures(plain, Root, plain, ()):
        meant = looks_like_thousands(written)
        if meant is not None and quantity.unit.partition(",")[0].partition(" ")[0] in _IN_THOUSANDS:
            number, unit = meant.partition(" ")[::2]
            spelled = f"{number[:-3]}_{number[-3:]} {unit}".strip()
            message = f"{quote(written)} is read with a decimal point, as three decimals"
            yield Fault("CXM520", path, message, f"`{meant}` or `{spelled}`, where thousands are meant")


def _figures(plain: Plain, kind: Any, value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Quantity, Any]]:
    """Every number that is written, with its path and what kind of number it is."""
    if is_of_changes(path[:-1]):
        target = find(Root, plain, path[-1])
        kind = target.kind if isinstance(target, Target) else None
    quantity = quantity_of(kind)
    if quantity is not None and not isinstance(value, dict):
        yield path, quantity, value
    elif isinstance(value, dict) and path[:1] != ("meta",):
        for key, item in value.items():
            below = kind if quantity is not None and key in ("value", "low", "high") else kind_of(kind, key)
            yield from _figures(plain, below, item, (*path, key))
