"""What can be edited in a scenario: every field with its label, help, unit, bounds, source, and the file's value.

Made from the language's own models, so that a new field is editable without a line here. Knows no Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo

from cxmodel.errors import Problem, UsageError
from cxmodel.scenario import Scenario
from cxmodel.scenario.describe.wording import AS_METRIC, NOWHERE, label, singular
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.scenario.fields.introspection import (
    Target,
    fields_of,
    find,
    full_kind,
    is_list,
    is_switch,
    kind_at,
    model_of,
    parts_of,
    quantity_of,
    told_of,
    values_of,
)
from cxmodel.scenario.fields.names import BY_ATTRIBUTE, NAMED_BY, key_in_words, label_or_text, value_in_words
from cxmodel.scenario.fields.notation import Misread
from cxmodel.scenario.fields.quantity import Quantity
from cxmodel.scenario.yaml_text.parser import read, scalar
from cxmodel.scenario.yaml_text.paths import (
    FACT_KEYS,
    REMOVE,
    initiatives_in,
    is_fact,
    is_of_plan,
    keys_of,
    told_plan,
    value_at,
)
from cxmodel.scenario.yaml_text.writer import Spelled, inline
from cxmodel.vocabulary import AS_IS, EVERYONE, LEVERS, METRIC_NAMES, humanise, unit_of

Kind = Literal["slider", "amount", "choice", "switch", "text", "prose", "names"]
Shape = Literal["leaf", "part", "levels", "entries", "grids", "lists", "changes", "rows"]

WORDS: Final = {
    "as": "Experienced as",
    "for": "For segments",
    "p": "Innovation (p)",
    "q": "Imitation (q)",
    "what": "What it is",
    "every": "How often",
    "once": "Once",
    "by": "By at least",
    "sees": "Covers",
    "ahead": "Foresight",
    "believes": "Company's belief",
    "drift": "Trend in need",
    "decides": "Decision rhythm",
    "made_at": "Communicated at",
}
"""Labels of fields whose key says too little where it stands alone."""
PROSE: Final = ("question", "summary", "what", "quote", "doing", "thinking", "feeling")
"""Texts that may take more than a line."""
STARTS: Final = {"rate": 0.01, "level": 70, "reliability": 0.5, "above": 0}
"""What a new entry begins with, by key, where the language has no example."""
BESIDES: Final = {"expect": {"above": 0}, "segments": {"customers": 1000}}
"""What a new entry needs besides what each of its kind has to have, by section."""
_BESIDE: Final = frozenset({"initiatives", "futures", "plans", "targets", "expect", "meta", "assumptions"})
"""Sections that no initiative changes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that can be edited."""

    path: KeyPath
    label: str
    help: str
    kind: Kind
    value: Any
    """As written, without its source; None for what is not said."""
    default: Any = None
    """What counts where nothing is said; None for nothing, or for what has to be said."""
    before: Any = None
    """The file's value, without its source; None for what the file does not say."""
    changed: bool = False
    """Whether it, its source or its range means something else than in the file."""
    required: bool = False
    unit: str = ""
    quantity: Quantity | None = None
    options: tuple[str, ...] = ()
    fact: Mapping[str, Any] = field(default_factory=dict)
    """What stands beside a number: low, high, source, as_of, note."""
    things: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The scenario as written, in which what it names has its label."""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)

    @property
    def shown(self) -> str:
        """The value as one would write it; empty for what is not said."""
        return written(self.value)

    @property
    def was(self) -> str:
        """The file's value in words."""
        return "nothing" if self.before is None else self.said(self.before)

    def said(self, value: Any) -> str:
        """A value of this field in words, short."""
        return spoken_value(value, _key(self.path), self.things)

    def called(self, word: str) -> str:
        """What people call one of its words or names."""
        return value_in_words(self.things, _key(self.path), word)

    @property
    def source(self) -> str:
        """Where a number comes from and how sure one is of it; that it has no source; nothing for a text."""
        if self.quantity is None:
            return ""
        told = {**self.fact, "source": label_or_text(self.things, "insight_sources", self.fact.get("source"))}
        who = " · ".join(str(told[key]) for key in ("source", "as_of") if told.get(key) not in (None, ""))
        low, high = (self.fact.get(key) for key in ("low", "high"))
        span = f"{written(low) or '…'} to {written(high) or '…'}" if low is not None or high is not None else ""
        if self.value is None:
            return "not set" if self.default is None else ""
        return " · ".join(filter(None, (who or "no source", span)))


class Form:
    """A scenario as it stands beside its file, field by field."""

    def __init__(self, scenario: Scenario, original: Scenario, changed: frozenset[str]) -> None:
        self.scenario = scenario
        self.plain: Mapping[str, Any] = scenario._document.plain
        self.base: Mapping[str, Any] = original._document.plain
        self.changed = changed
        self.currency = scenario.currency

    def leaves(self, path: KeyPath) -> list[Field]:
        """The single values of a part."""
        return [self.leaf((*path, key), info) for key, info in self.fields(path).items() if shape_of(info) == "leaf"]

    def below(self, path: KeyPath) -> list[tuple[str, Shape, str]]:
        """What else a part holds: key, shape, and what it is."""
        told = self.told(path)
        return [
            (key, shape, told.get(key, ""))
            for key, info in self.fields(path).items()
            if (shape := shape_of(info)) != "leaf"
        ]

    def fields(self, path: KeyPath) -> dict[str, FieldInfo]:
        """The fields of the part at a path, by key; of several ways to write it, the way that is written."""
        model = _model(kind_at(Scenario, path) if path else Scenario, self.at(path))
        return fields_of(model) if model is not None else {}

    def told(self, path: KeyPath) -> dict[str, str]:
        """What each field of a part is."""
        model = _model(kind_at(Scenario, path) if path else Scenario, self.at(path))
        return told_of(model) if model is not None else {}

    def at(self, path: KeyPath) -> Any:
        """What is written at a path; None for nothing."""
        value = value_at(self.plain, path)
        return None if value is REMOVE else value

    def keys(self, path: KeyPath) -> list[str]:
        """The keys of what is written at a path."""
        value = self.at(path)
        return list(value) if isinstance(value, dict) else []

    def is_changed(self, path: KeyPath) -> bool:
        """Whether anything at a path, or in it, or it as a whole, is not as in the file."""
        dotted = ".".join(path)
        return any(row == dotted or row.startswith(f"{dotted}.") for row in self.changed)

    def is_new(self, path: KeyPath) -> bool:
        """Whether a whole part is not in the file."""
        return value_at(self.base, path) is REMOVE

    def leaf(self, path: KeyPath, info: FieldInfo | None = None, kind: Any = None, told: str = "") -> Field:
        """One value."""
        if info is not None:
            kind = full_kind(info)
            told = told or self.told(path[:-1]).get(path[-1], "")
        elif kind is None:
            kind = kind_at(Scenario, path)
        quantity = quantity_of(kind)
        value, before = self.at(path), value_at(self.base, path)
        fact: Mapping[str, Any] = value if is_fact(value) else {}
        plain = initiatives_in(value) if is_of_plan(path) else fact.get("value", value)
        before = initiatives_in(before) if is_of_plan(path) else before
        required = info.is_required() if info is not None else False
        default = None if info is None or required else info.get_default(call_default_factory=True)
        return Field(
            path,
            self.label(path),
            _help(told, quantity, default),
            "slider"
            if path[0] == "levers" and _is_number(default if plain is None else plain)
            else _kind(path[-1], kind, quantity),
            plain,
            list(default) if isinstance(default, tuple) else default,
            None if before is REMOVE else number(before),
            self.is_changed(path),
            required,
            unit_of(path[-1]) if path[0] == "targets" else self.unit(quantity),
            quantity,
            self.options(path, kind),
            {key: item for key, item in fact.items() if key != "value"},
            self.plain,
        )

    def levels(self, path: KeyPath) -> list[Field]:
        """The numbers of a mapping, one for each of its keys."""
        kind = values_of(kind_at(Scenario, path))
        return [self.leaf((*path, key), kind=kind) for key in self.keys(path)]

    def changes(self, path: KeyPath) -> list[Field]:
        """The new values of an initiative or a future."""
        return [self.change((*path, dotted)) for dotted in self.keys(path)]

    def change(self, path: KeyPath) -> Field:
        """A new value that is given to another path."""
        target = find(Scenario, self.plain, path[-1])
        value, before = self.at(path), value_at(self.base, path)
        quantity = target.quantity if isinstance(target, Target) else None
        today = target.today if isinstance(target, Target) else None
        today = number(today)
        fact: Mapping[str, Any] = value if is_fact(value) else {}
        told = f"`{path[-1]}`, today {spoken_value(today)}." + (f"\n\nWrite {quantity.expected}." if quantity else "")
        return Field(
            path,
            self.named(path[-1]),
            f"{told} `+10` and `-20 %` are told by what there is. Leave it empty to take the change out.",
            "amount",
            fact.get("value", value),
            before=None if before is REMOVE else number(before),
            changed=self.is_changed(path),
            unit=f"today {spoken_value(today)}",
            quantity=quantity,
            fact={key: item for key, item in fact.items() if key != "value"},
        )

    def name(self, path: KeyPath, *, capital: bool = True) -> str:
        """What people call the key at the end of a path."""
        return key_in_words(self.plain, path, capital=capital)

    def named(self, dotted: str) -> str:
        """What the value at a path is called, such as `Track order, clarity delivered`."""
        path = keys_of(self.plain, dotted)
        words, begun = label(path, self.plain), self.name(path[:2], capital=False)
        if words.startswith(begun):
            return self.name(path[:2]) + words.removeprefix(begun)
        return words[:1].upper() + words[1:]

    def label(self, path: KeyPath) -> str:
        """What a field is called within its part; of a lever, with its name."""
        name = WORDS.get(path[-1]) or self.name(path)
        return f"{humanise(path[1])}, {name.lower()}" if path[0] == "levers" else name

    def spoken(self, key: str, value: Any) -> str:
        """A value that stands at a key in words, short."""
        return spoken_value(value, key, self.plain)

    def called(self, path: KeyPath, name: str) -> str:
        """What the entry of a section is called that has this name already; empty for none."""
        names = (self.name((*path, key)) for key in self.keys(path))
        return next((known for known in names if known.casefold() == " ".join(name.split()).casefold()), "")

    def added(self, path: KeyPath, name: str) -> tuple[KeyPath, Any]:
        """Where something new of a name goes, and what it begins with; its label beside it where its id says less."""
        reserved = {"plans": [AS_IS], "segments": [EVERYONE]}.get(path[-1], [])
        id = id_of(name, [*self.keys(path), *reserved], one_of_section(path))
        at = (*path, id)
        if is_of_plan(at):
            label = label_beside(id, name)
            return at, {"label": label, **told_plan([])} if label else []
        value = self.starter(at)
        label = label_beside(id, name)
        if not label or "label" not in fields_of(_model(kind_at(Scenario, at), None) or Scenario):
            return at, value
        return at, {"label": label, **value}

    def beside(self, field: Field) -> list[Field]:
        """What stands beside a number: how sure one is of it, who says so, since when."""
        told = {"low": "It is hardly less than this.", "high": "It is hardly more than this."}
        told |= {"source": "Who says so: the id of an insight source, or free text.", "as_of": "Such as 2026-06."}
        made = []
        for key in FACT_KEYS[1:]:
            before = value_at(self.base, (*field.path, key))
            made.append(
                Field(
                    (*field.path, key),
                    f"{field.label}: {humanise(key, capital=False)}",
                    told.get(key, "Anything else worth knowing about it."),
                    "amount" if key in ("low", "high") else "text",
                    field.fact.get(key),
                    before=None if before is REMOVE else before,
                    changed=self.is_changed((*field.path, key)),
                    quantity=field.quantity if key in ("low", "high") else None,
                )
            )
        return made

    def domain(self, path: KeyPath) -> list[str]:
        """The keys that a mapping could have and has not; none where they are free."""
        key = path[-1]
        known: list[str] = []
        if key in BY_ATTRIBUTE or (len(path) > 1 and path[-2] == "offsets"):
            known = self.keys(("attributes",))
            if key == "designed" or path[-2] == "offsets":
                known = self.keys((*path[:2], "delivers"))
        elif key == "relies_on":
            known = list(LEVERS)
        elif key == "targets":
            known = list(METRIC_NAMES)
        elif key == "offsets":
            channel = self.at((*path[:2], "channel"))
            known = [*self.keys((*path[:2], "channels")), *([channel] if isinstance(channel, str) else [])]
        return [name for name in known if name not in self.keys(path)]

    def options(self, path: KeyPath, kind: Any) -> tuple[str, ...]:
        """The words or names that a field chooses from."""
        section = NAMED_BY.get(_key(path))
        if section is None or quantity_of(kind) is not None:
            return _words(kind)
        names = self.keys((section,))
        if section == "plans":
            return (AS_IS, *(name for name in names if name != AS_IS))
        if path[-1] == "segment":
            return (EVERYONE, *names)
        if path[-1] == "contact":
            return tuple(name for name in names if self.at(("journey", name, "stage")) == "support")
        return tuple(names)

    def unit(self, quantity: Quantity | None) -> str:
        """What a number is counted in, where it does not say so itself."""
        if quantity is None:
            return ""
        if quantity.unit.startswith("money"):
            return self.currency or "money"
        return quantity.unit if quantity.numbers and quantity.unit != AS_METRIC else ""

    def starter(self, path: KeyPath, kind: Any = None) -> Any:
        """What a new part at a path begins with: what it cannot do without."""
        kind = kind_at(Scenario, path) if kind is None else kind
        if quantity := quantity_of(kind):
            return _example(path[-1], quantity)
        if parts_of(kind):
            needed = {
                key: self.starter((*path, key), full_kind(info))
                for key, info in fields_of(parts_of(kind)[0]).items()
                if info.is_required()
            }
            return BESIDES.get(path[0], {}) | needed if len(path) == 2 else needed
        if values_of(kind) is Any:
            dotted = next(iter(changeable(self.scenario)), "")
            return {dotted: self.today(dotted)}
        if values_of(kind) is not None:
            key = next(iter(self.domain(path)), None)
            return {} if key is None else {key: self.starter((*path, key), values_of(kind))}
        if is_list(kind):
            return self.unserved(list(self.options(path, kind)))[:1]
        if path[-1] == "stage":
            return "use"
        if path[-1] == "metric":
            return "nps"
        return next(iter(self.options(path, kind)), "")

    def unserved(self, names: list[str]) -> list[str]:
        """Names with the segments first that have no bargain yet."""
        bargains = (self.at(("value_propositions", key, "for")) for key in self.keys(("value_propositions",)))
        served = {name for each in bargains if isinstance(each, list) for name in each}
        return sorted(names, key=lambda name: name in served)

    def today(self, dotted: str) -> Any:
        """What stands at a changeable path today, as one would write it."""
        target = find(Scenario, self.plain, dotted)
        value = target.today if isinstance(target, Target) else None
        value = number(value)
        if value is None and isinstance(target, Target) and target.quantity is not None:
            return _example(dotted.rpartition(".")[2], target.quantity)
        return value


def shape_of(info: FieldInfo) -> Shape:
    """How a field is written."""
    return shape(full_kind(info))


def shape(kind: Any) -> Shape:
    """How a type is written."""
    if quantity_of(kind) is not None:
        return "leaf"
    below = values_of(kind)
    if below is Any:
        return "changes"
    if below is not None:
        if quantity_of(below) is not None:
            return "levels"
        if values_of(below) is not None:
            return "grids"
        return "entries" if parts_of(below) else "lists"
    if parts_of(kind):
        return "part"
    inner = next((get_args(item)[0] for item in _items(kind) if get_origin(item) is tuple), None)
    return "rows" if inner is not None and parts_of(inner) else "leaf"


@lru_cache(maxsize=8)
def changeable(scenario: Scenario) -> tuple[str, ...]:
    """Every path that an initiative may change."""
    return tuple(_changeable(Scenario, scenario._document.plain, scenario._document.plain, ()))


def _changeable(kind: Any, written: Any, plain: Mapping[str, Any], path: KeyPath) -> Iterator[str]:
    if path and (path[0] in _BESIDE or any("." in step for step in path)):
        return
    if quantity_of(kind) is not None or is_switch(kind):
        target = find(Scenario, plain, ".".join(path))
        if isinstance(target, Target) and target.changeable:
            yield ".".join(path)
        return
    model = _model(kind, written)
    if model is not None and (written is not None or not path):
        for key, info in fields_of(model).items():
            below = written.get(key) if isinstance(written, dict) else None
            inner = full_kind(info)
            if below is None and not info.is_required() and parts_of(inner):
                below = {} if info.get_default(call_default_factory=True) is not None else None
            yield from _changeable(inner, below, plain, (*path, key))
    elif values_of(kind) is not None and isinstance(written, dict):
        for key, item in written.items():
            yield from _changeable(values_of(kind), item, plain, (*path, key))


def _model(kind: Any, written: Any) -> type[BaseModel] | None:
    """The part that a type is; of several ways to write one, that which is written, else the first."""
    return model_of(kind, written) or next(iter(parts_of(kind)), None)


def entered(field: Field, raw: Any, currency: str | None = None) -> Any:
    """What to write for what was entered in a field, in the spelling of a file; `REMOVE` for nothing.

    Raises `UsageError` for another currency than the scenario's, and for a date.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return [] if is_of_plan(field.path) else REMOVE
    if field.kind == "slider":
        return int(raw) if float(raw).is_integer() and abs(raw) < 1e15 else float(f"{raw:.12g}")
    if field.kind == "amount":
        text = raw.strip()
        if field.quantity is not None and field.quantity.entries and text.startswith("{"):
            return _mapping(text)
        signed = len(field.path) > 2 and field.path[-2] == "changes" and text[0] in "+-"
        if field.quantity is not None and not signed:
            try:
                field.quantity.refuse_foreign(text, currency)
            except Misread as misread:
                raise UsageError(f"{misread.message}; {misread.expected}") from None
            text = field.quantity.understood(text)
        value = scalar(text)
        if isinstance(value, bool) and field.quantity is None:
            return value
        return Spelled(value, text) if _is_number(value) and not signed else text
    if field.path[-1] == "label" and len(field.path) == 3:
        return label_beside(field.path[1], str(raw)) or REMOVE
    return raw.strip() if isinstance(raw, str) else raw


def choices(field: Field, raw: Any) -> tuple[str, ...]:
    """The spellings of what was entered in a field, where it can mean two things."""
    return field.quantity.choices(raw) if field.quantity is not None and isinstance(raw, str) else ()


def _mapping(text: str) -> Any:
    """A mapping as it is written in a file; the text itself, for `validate` to tell of, where it is none."""
    document = read(f"value: {text}", "")
    value = document.plain.get("value")
    return value if isinstance(value, dict) and not document.faults else text


def message(problems: tuple[Problem, ...], path: KeyPath) -> str:
    """What is wrong with what was entered, as `validate` says it; what is wrong elsewhere with its place."""
    dotted = ".".join(path)
    here = [each for each in problems if each.path == dotted or each.path.startswith(f"{dotted}.")]
    told = []
    for problem in (here or problems)[:3]:
        where = "" if problem.path == dotted or not problem.path else f"{problem.path}: "
        told.append(
            f"{problem.code}: {where}{problem.message}" + (f" – {problem.expected}" if problem.expected else "")
        )
    return "\n".join(told)


def written(value: Any) -> str:
    """A value as one would write it; empty for nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else inline(value, False)


def spoken_value(value: Any, key: str = "", things: Mapping[str, Any] = NOWHERE) -> str:
    """A value in words, short; what it names, by its key, is called as it is among the things."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value_in_words(things, key, str(each), capital=False) for each in value) or "none"
    if isinstance(value, str) and key in NAMED_BY:
        return value_in_words(things, key, value, capital=False)
    text = written(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _key(path: KeyPath) -> str:
    """The key by which what a value names is found; a plan that is a list names initiatives."""
    return "initiatives" if is_of_plan(path) else path[-1]


def one_of_section(path: KeyPath) -> str:
    """What one entry of a section is called."""
    return {"journey": "touchpoint", "expect": "expectation"}.get(path[-1]) or singular(path[-1])


def _kind(key: str, kind: Any, quantity: Quantity | None) -> Kind:
    if quantity is not None:
        return "amount"
    if is_switch(kind):
        return "switch"
    if is_list(kind):
        return "names"
    if _words(kind) or key in NAMED_BY:
        return "choice"
    return "prose" if key in PROSE else "text"


def _words(kind: Any) -> tuple[str, ...]:
    """The words that a type is one of."""
    for item in _items(kind):
        if get_origin(item) is Literal:
            return tuple(word for word in get_args(item) if isinstance(word, str))
        if isinstance(item, WithJsonSchema) and isinstance(item.json_schema, dict):
            return tuple(item.json_schema.get("enum", ()))
    return ()


def _items(kind: Any) -> Iterator[Any]:
    """A type and all it is made of, but not what lies in lists and mappings."""
    yield kind
    origin = get_origin(kind)
    if origin is not None and not (isinstance(origin, type) and issubclass(origin, tuple | Mapping)):
        for part in get_args(kind):
            if origin is not Literal:
                yield from _items(part)


def _help(told: str, quantity: Quantity | None, default: Any) -> str:
    lines = [told]
    if quantity is not None:
        lines.append(f"Write {quantity.within}.")
    if isinstance(default, int | float | str) and default != "" and "where not set" not in told:
        lines.append(f"{spoken_value(default)} where not set.")
    return "\n\n".join(filter(None, lines))


def _example(key: str, quantity: Quantity) -> Any:
    """A value to begin with."""
    if key in STARTS and STARTS[key] <= quantity.bounds[1]:
        return STARTS[key]
    such = re.search(r"such as `([^`]+)`", quantity.expected)
    if such is not None and not quantity.numbers:
        return such[1].strip('"')
    low, high = quantity.bounds
    return int(low) if quantity.whole else 0.5 if high == 1 else max(low, 0) if high > 100 else (low + high) / 2


def number(value: Any) -> Any:
    """A value without its source."""
    return value["value"] if isinstance(value, dict) and is_fact(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


__all__ = ["BY_ATTRIBUTE", "FACT_KEYS", "Field", "Form", "Shape", "changeable", "entered", "message"]
