"""What initiatives and futures change: each new value read as its target is, or by what stands there today.

Walks the scenario as written, so that one wrong field hides no other. Knows no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

from cxmodel.scenario.faults import ENOUGH, Fault, KeyPath, quote, shorten
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.base import FieldGroup
from cxmodel.scenario.fields.introspection import Target, adapter, find, has_keys, is_switch, needed_keys
from cxmodel.scenario.fields.misspelt import refuse_misspelt
from cxmodel.scenario.fields.notation import NUMBER, Misread, Price, Relative
from cxmodel.scenario.fields.quantity import Fact, Quantity
from cxmodel.scenario.validation.references import Plain, entries, part
from cxmodel.scenario.yaml_text.document import Document

Read = tuple[Any] | list[Fault]
"""What a value was read as, or why it cannot be read; an empty list where that is told elsewhere."""
_CAN_CHANGE: Final = (
    "levels, levers, promises, failures, desks, channels, importance, effort, prices, insight, surveys, "
    "the closed loop, arrivals, margin and costs can change over time"
)
_NEAR: Final = 1e-9
"""How far beyond a bound, or off a whole number, the last digits of a sum may lie."""


def read_changes(
    root: type[FieldGroup], plain: Plain, facts: dict[int, Fact]
) -> tuple[dict[KeyPath, Any], list[Fault]]:
    """The new values of initiatives and futures, and what cannot be read."""
    values: dict[KeyPath, Any] = {}
    faults: list[Fault] = []
    for place, written in _written(plain):
        target = find(root, plain, place[-1]) if len(faults) < ENOUGH else None
        if target is None:
            continue
        read = _read(target, place[-1], written, facts) if isinstance(target, Target) else [target]
        if isinstance(read, list):
            faults += [fault.under(place) for fault in read]
        else:
            values[place] = read[0]
    return values, faults


def bare_signs(document: Document) -> Iterator[Fault]:
    """New values written as `+10` without quotes: that is the number 10, and probably not what was meant."""
    for place, written in _written(document.plain):
        mark = document.values.get(place)
        if mark is None or isinstance(written, bool) or not isinstance(written, int | float):
            continue
        text = document.text_at(mark)
        if re.fullmatch(NUMBER, text) and text[0] == "+" and float(text) == written:
            message = f"without quotes, `{text}` is the new value {shorten(written)}, not {shorten(written)} more"
            yield Fault("CXM506", place, message, f'`"{text}"` to add to what is there, else `{text[1:]}`')


def _written(plain: Plain) -> Iterator[tuple[KeyPath, Any]]:
    """Every new value as written, with its place; the dotted path it is for comes last."""
    for section in ("initiatives", "futures"):
        for path, entry in entries(plain, section):
            for dotted, written in part(entry, "changes").items():
                yield (*path, "changes", dotted), written


def _read(target: Target, dotted: str, written: Any, facts: dict[int, Fact]) -> Read:
    """The value for a target, or why it cannot be."""
    quantity = target.quantity
    if quantity is None and not is_switch(target.kind):
        inside = _inside(target, dotted) if has_keys(target.kind) or needed_keys(target.kind) else _CAN_CHANGE
        return [Fault("CXM307", (), "this is not one number", inside, at_key=True)]
    if not target.changeable:
        return [Fault("CXM307", (), "initiatives and futures cannot change this", _CAN_CHANGE, at_key=True)]
    if written is None:
        return [Fault("CXM212", (), "this key has no value", quantity.expected if quantity else "`true` or `false`")]
    if quantity is not None and notation.is_relative(written):
        return _relative(target, quantity, dotted, str(written))
    if isinstance(written, dict) and notation.is_relative(written.get("value")):
        message = f"{quote(written['value'])} says how much more or less, which has no source of its own"
        hint = f'`"{written["value"]}"` alone, or the new value itself with its source'
        return [Fault("CXM210", ("value",), message, hint)]
    try:
        read = adapter(target.kind).validate_python(written, context=facts)
    except ValidationError as error:
        faults = [fault for refusal in error.errors() for fault in refusal["ctx"]["faults"]]
        if isinstance(written, int | float) and written < 0:
            less = f'; `"{shorten(written)}"` in quotes for {shorten(-written)} less'
            faults = [Fault(fault.code, fault.path, fault.message, fault.expected + less) for fault in faults]
        return faults
    return _new_price(read, target, dotted) if isinstance(read, Price) else (read,)


def _inside(target: Target, dotted: str) -> str:
    """The path of one value in a part, by what is written there today."""
    today = target.today if isinstance(target.today, dict) else {}
    first = next((key for key, item in today.items() if not isinstance(item, dict)), None)
    return "the path of one value in it" + (f", such as `{dotted}.{first}`" if first else "")


def _relative(target: Target, quantity: Quantity, dotted: str, written: str) -> Read:
    """A change told by what stands there today; what it makes of that has to be possible."""
    if quantity.read is notation.hours:
        message = f"{quote(written)} says how much more or less, and opening hours have no such amount"
        return [Fault("CXM217", (), message, f"the new {quantity.expected}")]
    today = _today(target)
    if today is None:
        message = f"{quote(written)} needs a value to start from, and none is written"
        return [Fault("CXM306", (), message, f"write `{dotted}` in the scenario first, or the new value here")]
    try:
        held = quantity.quantity(today)
    except Misread:
        return []  # a fault of its own

    def amount(added: object, expected: str) -> float:
        read = quantity.read(added, expected)
        return _as_paid(read, held, today) if isinstance(read, Price) else float(read)

    try:
        refuse_misspelt(written, quantity.expected, quantity.whole)
        change = notation.relative(written, amount, quantity.expected)
    except Misread as misread:
        return [Fault(misread.code, (), misread.message, misread.expected)]
    size = float(held[0] if isinstance(held, tuple) else held)
    wrong = _impossible(quantity, change.times * size + change.plus)
    if wrong is None:
        return (change,)
    code, what = wrong
    message = f"{quote(today)} changed by {quote(written)} {_would_be(today, size, change)}{what}"
    return [Fault(code, (), message, f"a change that leaves {quantity.within}")]


def _impossible(quantity: Quantity, size: float) -> tuple[str, str] | None:
    """Why a value cannot be: code and words; None for one that can."""
    low, high = quantity.bounds
    if size < low - _NEAR * abs(low) or (quantity.more and size <= low):
        return "CXM204", "is too little"
    if size > high + _NEAR * abs(high):
        return "CXM204", "is too much"
    if quantity.whole and abs(size - round(size)) > _NEAR * max(1.0, abs(size)):
        return "CXM213", "is not a whole number"
    return None


def _would_be(today: Any, size: float, change: Relative) -> str:
    """What a change would make of today's value, in the unit in which that is written."""
    if size == 0:
        return ""
    ratio = (change.times * size + change.plus) / size
    number = re.search(NUMBER, today) if isinstance(today, str) else None
    if number is None:
        return f"would be {quote(float(f'{float(today) * ratio:.6g}'))}, which "
    made = f"{float(number[0]) * ratio:.6g}"
    return f"would be {quote(str(today).replace(number[0], made, 1))}, which "


def _new_price(price: Price, target: Target, dotted: str) -> Read:
    """A new price as an amount for the period that today's price is paid for."""
    try:
        today = adapter(target.kind).validate_python(target.today, context={})
    except ValidationError:
        return []  # a fault of its own
    if today is None:
        message = "there is no price today that could change"
        return [Fault("CXM306", (), message, f"write `{dotted}` in the scenario first", at_key=True)]
    try:
        return (_as_paid(price, today, _today(target)),)
    except Misread as misread:
        return [Fault(misread.code, (), misread.message, misread.expected)]


def _as_paid(price: Price, today: Price, written: Any) -> float:
    """The amount of a price for the period that today's price, written so, is paid for."""
    if (price.per is None) != (today.per is None):
        way = "at buying" if today.per is None else "over time"
        message = f"today's price, {quote(written)}, is paid {way}; so must the new one be"
        raise Misread("CXM410", message, quote(re.sub(NUMBER, f"{price.amount:.12g}", str(written), count=1)))
    return price.amount * (today.per or 1) / (price.per or 1)


def _today(target: Target) -> Any:
    """What is written today, without its source."""
    today = target.today
    return today["value"] if isinstance(today, dict) and "value" in today else today
