"""What a value of a scenario is called, and how it is said: in words, with its unit. Knows no particular field.

Names come from the fields: a field's title, where it has one, follows what it is said of (`people lever`,
`clarity delivered`); else the words of its key do. Units come from the quantity, so that a new field is
named and counted without a line here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from cxmodel.model.assumptions import parameters
from cxmodel.scenario.faults import KeyPath, shorten
from cxmodel.scenario.fields import notation
from cxmodel.scenario.fields.introspection import (
    fields_of,
    full_kind,
    is_list,
    kind_at,
    parts_of,
    quantity_of,
    values_of,
)
from cxmodel.scenario.fields.names import key_in_words, value_in_words
from cxmodel.scenario.fields.notation import NUMBER, Misread, Price
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.scenario import Scenario
from cxmodel.scenario.yaml_text.paths import initiatives_in, is_of_plan, keys_of, written_at
from cxmodel.vocabulary import SYMBOLS, humanise, unit_of

MINUS: Final = "−"
AS_METRIC: Final = "as the metric"
"""Unit of a quantity that is counted as the metric it goes with."""
_AMOUNT = re.compile(rf"\s*({NUMBER})\s*(%?)\s*(.*?)\s*", re.DOTALL)


NOWHERE: Final[Mapping[str, Any]] = MappingProxyType({})
"""No scenario: things are called by their ids in words."""


def label(path: KeyPath, plain: Mapping[str, Any] = NOWHERE) -> str:
    """What the value at a path of a scenario as written is called.

    >>> label(("levers", "people", "level")), label(("targets", "retention"))
    ('people lever', 'retention target')
    >>> label(("journey", "track_order", "delivers", "clarity")), label(("economics", "margin"))
    ('track order, clarity delivered', 'margin')
    """
    if len(path) == 1:
        return humanise(path[0], capital=False)
    kind: Any = kind_at(Scenario, path[:1])
    if len(path) == 2 and is_list(values_of(kind)):
        return f"{singular(path[0])} {key_in_words(plain, path, capital=False)}"
    words: list[str] = []
    dotted = False
    after = singular(path[0]) if values_of(kind) is not None and quantity_of(values_of(kind)) else ""
    for place, step in enumerate(path[1:], 1):
        field = next((fields_of(part)[step] for part in parts_of(kind) if step in fields_of(part)), None)
        if field is not None:
            kind = full_kind(field)
            if field.title and values_of(kind) is not None:
                after = field.title
            elif words and (field.title or values_of(kind) is Any):
                words[-1] += f" {field.title or humanise(step, capital=False)}"
                dotted = values_of(kind) is Any
            else:
                words.append(field.title or humanise(step, capital=False))
        else:
            kind = values_of(kind)
            if dotted:
                words[-1] += f" {label(tuple(step.split('.')), plain)}"
            else:
                words.append(f"{key_in_words(plain, path[: place + 1], capital=False)} {after}".strip())
            after = ""
    return ", ".join(words)


def entry(path: KeyPath, written: Any, plain: Mapping[str, Any] = NOWHERE) -> str:
    """What a whole part is called, with what it cannot do without: `touchpoint goodbye (leave)`."""
    kind = kind_at(Scenario, path)
    of_section = len(path) == 2 and values_of(kind_at(Scenario, path[:1])) is not None
    if not of_section:
        name = label(path, plain)
    elif parts_of(kind) and not is_of_plan(path):
        name = f"{_class_words(parts_of(kind)[0].__name__)} {key_in_words(plain, path, capital=False)}"
    else:
        name = f"{singular(path[0])} {key_in_words(plain, path, capital=False)}"
    if is_of_plan(path):
        written = initiatives_in(written)
    if isinstance(written, list):
        told = listed([value_in_words(plain, "initiatives", str(each), capital=False) for each in written])
    else:
        told = _essence(path, written, plain)
    return f"{name} ({told})" if told else name


def _essence(path: KeyPath, written: Any, plain: Mapping[str, Any]) -> str:
    """The words and numbers that a part has to have."""
    told = []
    for part in parts_of(kind_at(Scenario, path))[:1] if isinstance(written, dict) else ():
        for key, info in fields_of(part).items():
            if info.is_required() and key in written and not isinstance(written[key], list):
                value = Value.of(full_kind(info), written[key], called=naming(plain, key))
                if value.quantity is not None:
                    told.append(f"{humanise(key, capital=False)} {value.said()}")
                elif isinstance(value.written, str):
                    told.append(value.said())
    return ", ".join(told)


def singular(section: str) -> str:
    """One of a section's entries.

    >>> singular("plans")
    'plan'
    """
    return humanise(section, capital=False).removesuffix("s")


def _class_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def listed(names: Iterable[str]) -> str:
    """Names one after another; `nothing` for none."""
    return ", ".join(names) or "nothing"


def naming(plain: Mapping[str, Any], key: str) -> Callable[[str], str]:
    """How the things are called that a value names which stands at a key."""
    return lambda word: value_in_words(plain, key, word, capital=False)


_IN_WORDS: Final = naming(NOWHERE, "")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written, without its source; what it means; what it is counted in."""

    written: Any
    meaning: Any
    """Equal where the values mean the same, however they are spelled."""
    quantity: Quantity | None
    unit: str
    currency: str | None = None
    text: bool = False
    """Free text, to be said in quotation marks."""
    spoken: bool = True
    """An id or a word of a few, to be said as people say it."""
    called: Callable[[str], str] = field(default=_IN_WORDS, compare=False)
    """How people say such a word."""

    @classmethod
    def of(
        cls,
        kind: Any,
        written: Any,
        currency: str | None = None,
        metric: str = "",
        called: Callable[[str], str] = _IN_WORDS,
    ) -> Value:
        """The value of a field; of a number that is counted as a metric is, the metric says in what."""
        quantity = quantity_of(kind)
        if quantity is None:
            plain = is_list(kind) or isinstance(written, bool | list | dict | None)
            free = not plain and _free(written)
            return cls(written, written if plain else str(written), None, "", currency, free, called=called)
        unit = unit_of(metric) if quantity.unit == AS_METRIC else quantity.unit
        return cls(written, _meaning(quantity, written), quantity, unit.partition(",")[0], currency)

    @classmethod
    def as_is(cls, written: Any) -> Value:
        """A word that is said as it is written, such as a source."""
        return cls(written, None if written is None else str(written), None, "", spoken=False)

    @property
    def is_money(self) -> bool:
        return self.unit.startswith("money")

    @property
    def is_share(self) -> bool:
        """Whether it is said as a share: a rate of a share, or a share that is not counted as a metric is."""
        plain = self.quantity is not None and self.quantity.read is notation.share
        return self.unit.startswith("share") or (plain and not self.of_metric)

    @property
    def of_metric(self) -> bool:
        return self.quantity is not None and self.quantity.unit == AS_METRIC

    def in_percent(self) -> bool:
        """Whether it is to be said in percent: rates and metrics always, other shares where they are written so."""
        assert self.quantity is not None
        return self.of_metric or self.quantity.read is notation.share_rate or "%" in str(self.written)

    def amount(self, percent: bool) -> tuple[float, str] | None:
        """The number, in percent where asked for, and the words of its unit; None for what is no such amount."""
        if isinstance(self.written, int | float) and not isinstance(self.written, bool):
            return float(self.written) * (100 if percent else 1), ""
        match = _AMOUNT.fullmatch(self.written) if isinstance(self.written, str) and self.quantity else None
        if match is None or (match[3] and not re.fullmatch(r"(per )?[a-z]+", words := " ".join(match[3].split()))):
            return None
        scale = (1 if match[2] else 100) if percent else (0.01 if match[2] else 1)
        return float(f"{float(match[1]) * scale:.12g}"), words if match[3] else ""

    def said(self, percent: bool | None = None, with_unit: bool = True) -> str:
        """The value in words."""
        if self.written is None:
            return "not set"
        if isinstance(self.written, bool):
            return "yes" if self.written else "no"
        if isinstance(self.written, list):
            return listed(map(self.called, map(str, self.written)))
        if self.quantity is not None and self.quantity.is_table(self.written):
            return ", ".join(f"{key} {shorten(item)}" for key, item in self.written.items())
        if self.quantity is None or isinstance(self.written, dict):
            said = shorten(self.written)
            return f"“{said}”" if self.text else self.called(said) if self.spoken else said
        percent = (self.is_share and self.in_percent()) if percent is None else percent
        amount = self.amount(percent)
        if amount is None:
            return shorten(self.written)
        number, unit = amount
        return " ".join(filter(None, (self._number(number, percent), unit if with_unit else "")))

    def _number(self, number: float, percent: bool) -> str:
        size = f"{abs(number):,.12g}"
        if percent:
            size += " %"
        elif self.is_share:
            size = f"{abs(number):.2f}" if round(number, 2) == number else size
        elif self.is_money:
            size = f"{SYMBOLS.get(self.currency, f'{self.currency} ')}{size}" if self.currency else size
        return f"{MINUS}{size}" if number < 0 else size


def _free(written: Any) -> bool:
    """Whether a text is more than one word of a few."""
    return not re.fullmatch(r"\w+", str(written))


def _meaning(quantity: Quantity, written: Any) -> Any:
    """What a number means, to twelve digits; a price over time is so much a day."""
    if written is None:
        return None
    try:
        if notation.is_relative(written):
            return _relative(quantity, str(written))
        read = quantity.quantity(written)
    except Misread:
        return " ".join(str(written).split())
    if isinstance(read, Price):
        return _digits(read.amount / (read.per or 1)), read.per is not None
    return _all_digits(read)


def _relative(quantity: Quantity, written: str) -> Any:
    """What a change means that is told by what there is."""
    try:
        return _meaning_of_sign(quantity, written)
    except Misread:
        return " ".join(written.split())


def _meaning_of_sign(quantity: Quantity, written: str) -> Any:
    def size(added: object, expected: str) -> float:
        read = quantity.read(added, expected)
        return read.amount / (read.per or 1) if isinstance(read, Price) else float(read)

    change = notation.relative(written, size, quantity.expected)
    return "changed", _digits(change.times), _digits(change.plus)


def _all_digits(read: Any) -> Any:
    """The numbers of a quantity that may have several."""
    return tuple(map(_all_digits, read)) if isinstance(read, tuple) else _digits(read)


def _digits(number: float) -> str:
    return f"{float(number) + 0.0:.12g}"


def without_source(kind: Any, written: Any) -> tuple[Any, Mapping[str, Any]]:
    """A number without its source, and all that is written with it."""
    quantity = quantity_of(kind)
    if isinstance(written, dict) and quantity and not quantity.is_table(written):
        return written.get("value"), written
    return written, {}


def same(a: Any, b: Any) -> bool:
    """Whether two values are written the same; true is not 1."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return math.isnan(b)
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


DIGITS: Final = 3
"""Digits that are said; a limit that was found is known no better."""
BARE: Final = ("share", "0-1", "power", "ratio", "variance", "log-odds", "percent")
"""Units of assumptions that are not said: the number stands for itself."""
_SHORTER: Final = ((1 / 24, 1440, "minutes"), (1, 24, "hours"))


def spelled(scenario: Scenario, path: str, value: float, digits: int = 12) -> float | str:
    """What to write at a path for a number that has a range there, or for an assumption, in the model's own unit.

    In the unit of what stands there: where that is `2 % per month`, 0.000493 per day is `1.5 % per month`.
    """
    steps = keys_of(scenario.written, path)
    fact = scenario.facts.get(path)
    if steps[0] == "assumptions" or fact is None:
        return _rounded(value, digits)
    written, _ = written_at(scenario.written, steps)
    sizes = {"value": fact.value, "low": fact.low, "high": fact.high}
    beside: Mapping[str, Any] = written if isinstance(written, dict) else {}
    for end, size in sizes.items():
        text = beside.get(end)
        if isinstance(text, str) and size and (number := re.search(NUMBER, text)):
            return text.replace(number[0], f"{float(number[0]) * value / size:.{digits}g}", 1)
    whole = isinstance(fact.value, int)
    return round(value) if whole else _rounded(value, digits)


def said(scenario: Scenario, path: str, value: float) -> str:
    """The same in words, with its unit: `1.5 % per month`, `£12`, `34 minutes`."""
    steps = keys_of(scenario.written, path)
    if steps[0] == "assumptions":
        known = parameters().get(".".join(steps[1:]))
        return _with_unit(value, known.unit if known else "")
    return Value.of(kind_at(Scenario, steps), spelled(scenario, path, value, DIGITS), scenario.currency).said()


def _with_unit(value: float, unit: str) -> str:
    """An assumption with its unit.

    >>> _with_unit(0.00347, "days"), _with_unit(12.34, "points"), _with_unit(0.123, "share")
    ('5 minutes', '12.3 points', '0.123')
    """
    for most, times, shorter in _SHORTER if unit == "days" else ():
        if 0 < abs(value) < most:
            return f"{value * times:.{DIGITS}g} {shorter}"
    return f"{value:.{DIGITS}g}" if unit in BARE else f"{value:.{DIGITS}g} {unit}".strip()


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def json_value(value: Any) -> Any:
    """A value as JSON has it; what is no finite number becomes a text."""
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
