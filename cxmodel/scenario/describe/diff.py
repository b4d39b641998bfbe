"""What differs between two scenarios by what they mean: values, sources, things added, removed and moved.

Walks both as they are written, along the types of the fields, so a new field needs no line here. What is left
out is its default; another spelling of the same is no difference, nor is a comment. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from cxmodel.scenario.describe.wording import MINUS, Value, entry, label, naming, same, without_source
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.introspection import adapter, fields_of, kind_at, parts_of, quantity_of, values_of
from cxmodel.scenario.fields.names import LABELLED, called, value_in_words
from cxmodel.scenario.scenario import Scenario
from cxmodel.scenario.validation.references import part
from cxmodel.scenario.yaml_text.paths import FACT_KEYS, initiatives_in, is_of_plan
from cxmodel.vocabulary import AS_IS, EVERYONE, STAGES, humanise

Kind = Literal["changed", "added", "removed", "moved"]
Plain = Mapping[str, Any]
WHOLE: Final = "scenario"
"""The section of what is said of the scenario as a whole: its name, its horizon."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs."""

    section: str
    path: str
    """Where it is; a source or a range lies one step below its value."""
    label: str
    """What it is called."""
    kind: Kind
    before: Any
    """As written; of two numbers with one unit, the number. None for nothing."""
    after: Any
    unit: str
    said: str
    """The difference in words and units."""

    def __str__(self) -> str:
        return self.said


def diff(before: Scenario, after: Scenario) -> list[Difference]:
    """What differs between two scenarios, section by section in the order of the later one; `meta` comes last."""
    return differences(before._document.plain, after._document.plain)


def differences(before: Plain, after: Plain, *, whole: bool = True) -> list[Difference]:
    """What differs between two scenarios as written; where they are not `whole`, defaults are not filled in."""
    rows = list(_Comparison(before, after, whole).rows())
    sections = [WHOLE, *after, *before]
    return sorted(rows, key=lambda row: (row.section == "meta", sections.index(row.section)))


class _Comparison:
    """Two scenarios side by side, and the currency of each."""

    def __init__(self, before: Plain, after: Plain, whole: bool) -> None:
        self.before, self.after, self.whole = before, after, whole
        self.things = {key: {**part(before, key), **part(after, key)} for key in LABELLED}
        """Everything that has a name, as the later one calls it."""
        self.currencies = tuple(str(plain["currency"]) if plain.get("currency") else None for plain in (before, after))

    def rows(self) -> Iterator[Difference]:
        """Every difference."""
        for key in _together(self.after, self.before):
            a, b = self.before.get(key), self.after.get(key)
            if key == "expect":
                yield from self.expectations(a or [], b or [])
            elif key in fields_of(Scenario):
                yield from self.field((key,), fields_of(Scenario)[key], self.before, self.after)
            else:
                yield from self.free((key,), a, b)
            if key == "journey":
                yield from self.order(part(self.before, key), part(self.after, key))

    def field(self, path: KeyPath, field: FieldInfo, before: Plain, after: Plain) -> Iterator[Difference]:
        """One field of a part that is on both sides."""
        a, b = (self.written(path[-1], field, plain) for plain in (before, after))
        yield from self.value(path, a, b)

    def written(self, key: str, field: FieldInfo, plain: Plain) -> Any:
        """What is written there, or the default as one would write it."""
        if plain.get(key) is not None:
            return plain[key]
        if not self.whole or field.is_required():
            return None
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            return {}
        return list(default) if isinstance(default, tuple) else default

    def value(self, path: KeyPath, a: Any, b: Any) -> Iterator[Difference]:
        """What differs at a path: a part, a mapping by id, or one value."""
        if same(a, b):
            return
        kind = kind_at(Scenario, path)
        parts, below = parts_of(kind), values_of(kind)
        if is_of_plan(path):
            yield from self.plan(path, kind, a, b)
        elif not parts and below is None:
            yield from self.one(path, kind, a, b)
        elif not (isinstance(a, dict | None) and isinstance(b, dict | None)):
            yield from self.free(path, a, b)
        elif below is Any:
            for key in _together(b, a):
                values = ((plain or {}).get(key) for plain in (a, b))
                yield from self.free((*path, key), *values) if len(path) == 1 else self.change((*path, key), *values)
        elif below is not None:
            yield from self.mapping(path, kind, a or {}, b or {})
        elif a is None or b is None:
            yield from self.entry(path, a, b)
        else:
            fields = {key: field for model in parts for key, field in fields_of(model).items()}
            for key in _together(b, a):
                if key in fields:
                    yield from self.field((*path, key), fields[key], a, b)
                else:
                    yield from self.free((*path, key), a.get(key), b.get(key))

    def plan(self, path: KeyPath, kind: Any, a: Any, b: Any) -> Iterator[Difference]:
        """What differs of a plan, in whichever form it is written: its initiatives, then the words about it."""
        yield from self.one(path, kind, initiatives_in(a), initiatives_in(b))
        words = [plan if isinstance(plan, dict) else {} for plan in (a, b)]
        for key in _together(words[1], words[0]):
            if key != "initiatives":
                yield from self.one((*path, key), kind_at(Scenario, (*path, key)), words[0].get(key), words[1].get(key))

    def mapping(self, path: KeyPath, kind: Any, a: Plain, b: Plain) -> Iterator[Difference]:
        """What differs between two mappings: entries by id, or numbers that may count as parts of one another."""
        if quantity_of(values_of(kind)):
            a, b = _parts_of_one(kind, a), _parts_of_one(kind, b)
        for key in _together(b, a):
            at, x, y = (*path, key), a.get(key), b.get(key)
            if (key in a) != (key in b) and not quantity_of(values_of(kind)):
                yield from self.entry(at, a.get(key, None), b.get(key, None), there=(key in a, key in b))
            else:
                yield from self.value(at, x, y)

    def entry(self, path: KeyPath, a: Any, b: Any, there: tuple[bool, bool] | None = None) -> Iterator[Difference]:
        """A whole part that is on one side only."""
        was, stays = there or (a is not None, b is not None)
        if was == stays:
            return
        kind: Kind = "removed" if was else "added"
        name = entry(path, a if was else b, self.things)
        bare = entry(path, None, self.things)
        yield self.row(path, bare, kind, a, b, "", f"{MINUS} {bare}" if was else f"+ {name}")

    def one(self, path: KeyPath, kind: Any, a: Any, b: Any, name: str = "") -> Iterator[Difference]:
        """One value: itself, then where it comes from and how sure it is."""
        name = name or label(path, self.things)
        (x, fact), (y, other) = without_source(kind, a), without_source(kind, b)
        metric = path[-1] if path[0] == "targets" else ""
        said = naming(self.things, "initiatives" if is_of_plan(path) else path[-1])
        values = [
            Value.of(kind, written, currency, metric, said)
            for written, currency in zip((x, y), self.currencies, strict=True)
        ]
        if path[-1] == "label":
            values = [replace(value, text=True) for value in values]
        yield from self.compared(path, name, values[0], values[1])
        if a is None or b is None:
            return
        for key in FACT_KEYS[1:]:
            sides = [
                Value.of(kind, written.get(key), currency, metric)
                if key in ("low", "high")
                else Value.as_is(written.get(key))
                for written, currency in zip((fact, other), self.currencies, strict=True)
            ]
            yield from self.compared((*path, key), f"{name}, {humanise(key, capital=False)}", sides[0], sides[1])

    def compared(self, path: KeyPath, name: str, a: Value, b: Value) -> Iterator[Difference]:
        """Two values, where they do not mean the same."""
        if a.meaning == b.meaning:
            return
        percent = a.is_share and any(value.quantity is not None and value.in_percent() for value in (a, b))
        if a.written is None or b.written is None:
            yield self.appeared(path, name, a, b, percent)
            return
        (x, unit), (y, then) = _figure(a, percent), _figure(b, percent)
        same = _plural(unit) == _plural(then)
        said = f"{name}: {a.said(percent, with_unit=not same)} → {b.said(percent)}"
        if not same:
            x, y, then = _in_one_unit(a, b, x, y, then)
        yield self.row(path, name, "changed", x, y, then, said)

    def appeared(self, path: KeyPath, name: str, a: Value, b: Value, percent: bool) -> Difference:
        """A value that is written on one side only."""
        if a.written is None:
            number, unit = _figure(b, percent)
            return self.row(path, name, "added", None, number, unit, f"+ {name}: {b.said(percent)}")
        number, unit = _figure(a, percent)
        return self.row(path, name, "removed", number, None, unit, f"{MINUS} {name}: {a.said(percent)}")

    def change(self, path: KeyPath, a: Any, b: Any) -> Iterator[Difference]:
        """A new value that an initiative or a future gives to another path."""
        kind = kind_at(Scenario, tuple(path[-1].split(".")))
        yield from self.one(path, kind, a, b)

    def free(self, path: KeyPath, a: Any, b: Any) -> Iterator[Difference]:
        """What differs where anything may be written."""
        if isinstance(a, dict) and isinstance(b, dict):
            for key in _together(b, a):
                yield from self.free((*path, key), a.get(key), b.get(key))
        elif not same(a, b):
            name = " ".join(humanise(step, capital=False) for step in path)
            yield from self.compared(path, name, Value.of(None, a), Value.of(None, b))

    def order(self, a: Plain, b: Plain) -> Iterator[Difference]:
        """Touchpoints that are lived earlier or later than others of their stage."""
        for stage in (*STAGES, None):
            before, after = (
                [key for key, touchpoint in plain.items() if key in a and key in b and _stage(touchpoint) == stage]
                for plain in (a, b)
            )
            both = [key for key in after if key in before]
            for key in _moved([name for name in before if name in both], both):
                place = both.index(key)
                where = (
                    f"after {called(self.things, 'journey', both[place - 1], capital=False)}"
                    if place
                    else f"before {called(self.things, 'journey', both[1], capital=False)}"
                )
                name = label(("journey", key), self.things)
                was = [name for name in before if name in both].index(key)
                said = f"{name}: moved, now {where}"
                yield self.row(("journey", key), name, "moved", was, place, "place in its stage", said)

    def expectations(self, a: Any, b: Any) -> Iterator[Difference]:
        """What has to hold of the results."""
        for place, kind, name, was, now in compared_expectations(a, b, self.things):
            told = [
                expectation_text(item, money, self.things) if item else ""
                for item, money in zip((was, now), self.currencies, strict=True)
            ]
            said = {
                "added": f"+ {name}: {told[1]}",
                "removed": f"{MINUS} {name}: {told[0]}",
                "changed": f"{name}: {told[0]} → {told[1]}",
            }[kind]
            yield self.row(("expect", str(place)), name, kind, was, now, "", said)

    def row(self, path: KeyPath, name: str, kind: Kind, before: Any, after: Any, unit: str, said: str) -> Difference:
        kinds = kind_at(Scenario, path[:1])
        section = path[0] if parts_of(kinds) or values_of(kinds) is not None or path[0] == "expect" else WHOLE
        return Difference(section, ".".join(path), name, kind, before, after, unit, said)


def _together(first: Iterable[str] | None, second: Iterable[str] | None) -> list[str]:
    """The keys of both in order, those of the second alone last."""
    return list(dict.fromkeys([*(first or ()), *(second or ())]))


def _parts_of_one(kind: Any, written: Plain) -> Plain:
    """Numbers that are only parts of one another as such parts; others as they are written."""
    try:
        read = adapter(kind).validate_python(dict(written), context={})
    except ValidationError:
        return written
    plain = {key: without_source(values_of(kind), value)[0] for key, value in written.items()}
    if all(not isinstance(value, int | float) or read[key] == value for key, value in plain.items()):
        return written
    return {key: round(read[key], 3) for key in written}


def _figure(value: Value, percent: bool) -> tuple[Any, str]:
    """A number and its unit, for a script; what is no such number as it is written."""
    amount = value.amount(percent) if value.quantity is not None else None
    if amount is None:
        return value.written, ""
    number, per = amount
    if percent:
        what = "%"
    elif value.is_money:
        what = value.currency or "money"
    else:
        what = "" if per and not per.startswith("per ") else value.unit
    return _plainly(number), " ".join(filter(None, (what.removesuffix(" per day") if per else what, per)))


def _plainly(number: float) -> float:
    return int(number) if number.is_integer() else number


def _plural(unit: str) -> str:
    return unit.removesuffix("s")


def _in_one_unit(a: Value, b: Value, x: Any, y: Any, unit: str) -> tuple[Any, Any, str]:
    """Two numbers of different units, both in that of the second; as written where that cannot be."""
    try:
        ratio = float(a.meaning) / float(b.meaning)
        return _plainly(float(f"{float(y) * ratio:.12g}")), y, unit
    except (TypeError, ValueError, ZeroDivisionError):
        return a.written, b.written, ""


def _stage(touchpoint: Any) -> Any:
    stage = touchpoint.get("stage") if isinstance(touchpoint, dict) else None
    return stage if stage in STAGES else None


def _moved(before: list[str], after: list[str]) -> list[str]:
    """The fewest names that have to move to get from one order to the other."""
    place = {name: at for at, name in enumerate(before)}
    longest: list[list[str]] = []
    for name in after:
        ahead = [run for run in longest if place[run[-1]] < place[name]]
        longest.append([*max(ahead, key=len, default=[]), name])
    stay = max(longest, key=len, default=[])
    return [name for name in after if name not in stay]


Expected = Mapping[str, Any]
"""One entry of `expect:` as written."""
_KNOWN_BY: Final = ("plan", "metric", "segment")
_ENTRY: Final = ("expect", "0")


def compared_expectations(
    before: Any, after: Any, things: Plain
) -> Iterator[tuple[int, Literal["added", "removed", "changed"], str, Expected | None, Expected | None]]:
    """What differs between two lists: place, kind, name, the entry before and after; their order means nothing."""
    if before == after:
        return
    old, new = ([item for item in side if isinstance(item, dict)] for side in (before, after))
    gone = [item for item in old if not any(same(_meaning(item), _meaning(other)) for other in new)]
    for place, item in enumerate(new):
        if any(same(_meaning(item), _meaning(other)) for other in old):
            continue
        twin = next((other for other in gone if _name(other, things) == _name(item, things)), None)
        if twin is not None:
            gone.remove(twin)
        yield place, "added" if twin is None else "changed", _name(item, things), twin, item
    for item in gone:
        yield old.index(item), "removed", _name(item, things), item, None


def expectation_text(item: Expected, currency: str | None, things: Plain) -> str:
    """What is expected: `better than as is, by 2`."""
    told = []
    for key in (key for key in item if key not in _KNOWN_BY):
        kind = kind_at(Scenario, (*_ENTRY, key))
        if kind is not None:
            value = Value.of(
                kind, without_source(kind, item[key])[0], currency, str(item.get("metric")), naming(things, key)
            )
            told.append(f"{humanise(key, capital=False)} {value.said()}")
    return ", ".join(told)


def _name(item: Expected, things: Plain) -> str:
    segment = str(item.get("segment", EVERYONE))
    names = [value_in_words(things, "plan", str(item.get("plan", AS_IS)), capital=False)]
    names.append(humanise(str(item.get("metric")), capital=False))
    names += [value_in_words(things, "segment", segment, capital=False)] if segment != EVERYONE else []
    return ", ".join(names)


def _meaning(item: Expected) -> dict[str, Any]:
    """An entry with its numbers as they are meant, and what it leaves out."""
    meant: dict[str, Any] = {"plan": AS_IS, "segment": EVERYONE}
    for key, value in item.items():
        kind = kind_at(Scenario, (*_ENTRY, key))
        meant[key] = Value.of(kind, without_source(kind, value)[0]).meaning
    return meant
