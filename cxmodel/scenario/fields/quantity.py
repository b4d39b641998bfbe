"""One kind of number: its grammar, bounds and unit, its facts with a source, its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cxmodel.scenario.faults import Fault, quote, suggestion
from cxmodel.scenario.fields import colloquial, notation
from cxmodel.scenario.fields.misspelt import refuse_misspelt
from cxmodel.scenario.fields.notation import GROUPED, Misread
from cxmodel.scenario.yaml_text.paths import FACT_KEYS

Written = float | str
"""A bound as one would write it in a scenario: `0`, `1 hour`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its source: how sure one is of it, who says so, since when."""

    value: Any
    """The number, in the model's unit."""
    low: float | None = None
    """It is hardly less than this."""
    high: float | None = None
    """It is hardly more than this."""
    source: str = ""
    """Who says so; the id of an insight source, or free text."""
    as_of: str = ""
    """When it was so, such as 2026-06."""
    note: str = ""
    """Anything else worth knowing about it."""


def refuse(*faults: Fault) -> NoReturn:
    """Tell pydantic that the value is wrong, in our words. Paths are counted from the value."""
    raise PydanticCustomError("fault", "refused", {"faults": faults})


@dataclass(frozen=True)
class Quantity:
    """One kind of number."""

    expected: str
    """What to write, for messages."""
    unit: str
    """What the model holds."""
    read: Callable[[object, str], Any]
    """From what is written to what the model holds."""
    low: Written
    high: Written
    more: bool = False
    """Has to be more than `low`, not just as much."""
    whole: bool = False
    """Only whole numbers."""
    texts: tuple[str, ...] = ()
    """Patterns of the ways to write it as a text."""
    numbers: bool = True
    """May be written as a plain number."""
    entries: tuple[str, str] | None = None
    """Patterns of a key and of its value, where it may be written as a mapping of its own."""
    bounds: tuple[float, float] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bounds", (_size(self.read(self.low, "")), _size(self.read(self.high, ""))))

    def quantity(self, value: object) -> Any:
        """What the model holds for what is written."""
        for written in value.values() if isinstance(value, dict) else (value,):
            refuse_misspelt(written, self.expected, self.whole)
        try:
            read = self.read(value, self.expected)
        except Misread as misread:
            raise self._with_spelling(misread, value) from None
        size = _size(read)
        if self.whole:
            if not size.is_integer():
                raise Misread("CXM213", f"{quote(value)} is not a whole number", self.expected)
            read = int(read)
        low, high = self.bounds
        if size < low or (self.more and size == low):
            raise Misread("CXM204", f"{quote(value)} is too little", self.within)
        if size > high:
            raise Misread("CXM204", f"{quote(value)} is too much", self.within + self.percent(size))
        return read

    def understood(self, text: str) -> str:
        """What somebody has typed, in the spelling of a file; as it is where it has that or cannot be read."""
        ways = self._ways(text)
        return ways[0] if len(ways) == 1 else colloquial.understood(text, self.read, self.unit, self.whole)

    def choices(self, text: str) -> tuple[str, ...]:
        """The spellings of what somebody has typed, where it can mean two things."""
        ways = self._ways(text)
        return ways if len(ways) > 1 else ()

    def _ways(self, text: str) -> tuple[str, ...]:
        """The spellings of what can mean several things, as far as that much can be."""
        ways = colloquial.choices(text, self.read, self.unit, self.whole)
        low, high = self.bounds
        return tuple(way for way in ways if low <= _size(self.read(way, self.expected)) <= high)

    def refuse_foreign(self, text: str, currency: str | None) -> None:
        """Raise `Misread` for what somebody has typed in another currency, or of the calendar."""
        colloquial.refuse_currency(text, self.unit, currency)
        if self.read is notation.moment:
            colloquial.refuse_calendar(text)

    def _with_spelling(self, misread: Misread, value: object) -> Misread:
        """The same with the right spelling of what was meant, where that is known."""
        if not isinstance(value, str) or misread.code not in ("CXM203", "CXM206"):
            return misread
        if self.read is notation.moment:
            try:
                colloquial.refuse_calendar(value)
            except Misread as calendar:
                return calendar
        if ways := self.choices(value):
            both = "minutes or months?" if self.read is notation.duration else "per month or per year?"
            message = f"{quote(value)} can mean two things: {both}"
            return Misread(misread.code, message, " or ".join(f"`{way}`" for way in ways))
        meant = self.understood(value)
        if meant == value:
            return misread
        return Misread(misread.code, misread.message, f"did you mean `{meant}`?")

    @property
    def within(self) -> str:
        """What to write, with the bounds."""
        if self.numbers:
            return self.expected
        return f"{self.expected}, at least {self.low} and at most {self.high}"

    def percent(self, size: float) -> str:
        """What was probably meant by a share above one."""
        return f"; did you mean `{size:.12g} %`?" if self.read is notation.share and 1 < size <= 100 else ""

    def validate(self, value: object, info: ValidationInfo) -> Any:
        """The quantity of a number, a text or a fact; facts are put into the context as they are met."""
        if isinstance(value, dict) and not self.is_table(value):
            fact = self.fact(value)
            if isinstance(info.context, dict):
                info.context[id(value)] = fact
            return fact.value
        try:
            return self.quantity(value)
        except Misread as misread:
            refuse(misread.fault())

    def is_table(self, written: object) -> bool:
        """Whether it is written as a mapping of its own, without a source."""
        return self.entries is not None and isinstance(written, dict) and "value" not in written

    def fact(self, written: Mapping[str, object]) -> Fact:
        """A number with its source."""
        faults: list[Fault] = []
        for key in written:
            if key not in FACT_KEYS:
                hint = suggestion(key, FACT_KEYS, "the keys that can stand here")
                faults.append(Fault("CXM201", (key,), f"unknown key {quote(key)} beside a number", hint, at_key=True))
        if "value" not in written:
            faults.append(Fault("CXM202", (), "`value` is missing", f"add `value: …`, {self.expected}", at_key=True))
        sizes: dict[str, Any] = {}
        for key in ("value", "low", "high"):
            if key in written:
                try:
                    sizes[key] = self.quantity(written[key])
                except Misread as misread:
                    faults.append(misread.fault().under((key,)))
        faults += _order(written, sizes)
        texts = {key: written[key] for key in ("source", "as_of", "note") if key in written}
        for key, text in texts.items():
            if isinstance(text, bool) or not isinstance(text, str | int | float):
                faults.append(Fault("CXM208", (key,), f"{quote(text)} is not a text", "a text"))
        if faults:
            refuse(*faults)
        sizes.update({key: str(text) for key, text in texts.items()})
        return Fact(**sizes)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """What an editor needs to know: the ways to write it, plain or as a fact."""
        plain = self.plain()
        told = {"errorMessage": f"Expected {self.expected}."}
        if self.entries is not None:
            return self._with_entries(plain, told)
        return {
            **plain,
            "type": [*plain["type"], "object"],
            "properties": {
                **{key: {**plain, **told} for key in ("value", "low", "high")},
                **{key: {"type": ["string", "number"]} for key in ("source", "as_of", "note")},
            },
            "required": ["value"],
            "additionalProperties": False,
            **told,
            "unit": self.unit,
        }

    def _with_entries(self, plain: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """The schema of what may be a mapping of its own; so may be the number of one with a source."""
        assert self.entries is not None
        key, value = (rf"^\s*(?:{pattern})\s*$" for pattern in self.entries)
        entries = {"patternProperties": {key: {"type": "string", "pattern": value, **told}}}
        whole = {**plain, "type": [*plain["type"], "object"], **entries, "additionalProperties": False, **told}
        return {
            **whole,
            "properties": {
                **{key: whole for key in ("value", "low", "high")},
                **{key: {"type": ["string", "number"]} for key in ("source", "as_of", "note")},
            },
            "minProperties": 1,
            "unit": self.unit,
        }

    def plain(self) -> dict[str, Any]:
        """The JSON Schema of the number alone; bounds bind numbers only, the pattern binds texts only."""
        known: dict[str, Any] = {"type": []}
        if self.numbers:
            low, high = (self.read(bound, "") if isinstance(bound, str) else bound for bound in (self.low, self.high))
            least = "exclusiveMinimum" if self.more else "minimum"
            known = {"type": ["integer" if self.whole else "number"], least: low, "maximum": high}
        texts = (*self.texts, *((GROUPED,) if self.numbers else ()))
        known["type"].append("string")
        known["pattern"] = rf"^\s*(?:{'|'.join(texts)})\s*$"
        return known


def _size(quantity: Any) -> float:
    """The number in a quantity that may carry more than a number: the first of them."""
    while isinstance(quantity, tuple):
        quantity = next(part for part in quantity if part != ())
    return float(quantity)


def _order(written: Mapping[str, object], sizes: Mapping[str, Any]) -> list[Fault]:
    """Low, value and high come in that order."""
    faults: list[Fault] = []
    for small, big in (("low", "value"), ("value", "high"), ("low", "high")):
        if small in sizes and big in sizes and _size(sizes[small]) > _size(sizes[big]) and not faults:
            message = f"{small} ({quote(written[small])}) is above {big} ({quote(written[big])})"
            faults.append(
                Fault(
                    "CXM210",
                    (small,) if small != "value" else (big,),
                    message,
                    "low, value and high in that order",
                )
            )
    return faults
